"""Towns that words beside a state's code or a post code name: EVERSOURCE ENERGY WESTWOOD MA, D-85354 Freising."""

from collections.abc import Iterable

from hubrank.geocoding.evidence.candidate import Candidate
from hubrank.geocoding.evidence.names import BELIEVED, VILLAGE, NameEvidence
from hubrank.geocoding.evidence.reading import Reading
from hubrank.geocoding.gazetteer.post_areas import is_code
from hubrank.geocoding.gazetteer.surroundings import Surroundings
from hubrank.geocoding.text.normalise import key
from hubrank.geocoding.text.separators import TOWN_WORDS
from hubrank.geocoding.text.stated_countries import STATES_OF


def towns_at_code(evidence: NameEvidence, reading: Reading, at: int, where: Surroundings, how: str) -> list[Candidate]:
    """Return the town that the words beside a code in or behind a segment name, the longest first.

    That are the last before a state's code, in that state (Westwood MA), or before a region and its post code (IBM
    Corp. Armonk, New York 10504), and the first behind a post code where a country is stated.

    how : the segment, as features call it.
    """
    part = reading.segments[at]
    text = reading.text_at(at)
    behind = part.behind_post_code and where.economies and not part.organisation
    states = reading.states_at(at + 1)
    area = reading.post_area(at + 1) if states else None
    if not behind and at not in reading.before and area is None:
        return []
    words = text.split()
    sizes = range(min(TOWN_WORDS, len(words) - 1), 0, -1)
    if area is not None:
        inside = Surroundings(where.economies, states, area)
        towns = _first_town(evidence, (words[-size:] for size in sizes), inside, how, villages=True)
        return [c for c in towns if area.contains(c.lat_e7, c.lon_e7)]
    codes = tuple(region for number, region in reading.regions if number == at)
    if at in reading.before and codes and text != part.text:
        inside = Surroundings(where.economies, codes, where.post_area)
        coded = any(is_code(code, region.economy) for code in part.post_codes for region in codes)
        return _first_town(evidence, (words[-size:] for size in sizes), inside, how, villages=coded)
    if behind and not any(economy in STATES_OF for economy in where.economies):  # there a house's number opens it
        return _first_town(evidence, (words[:size] for size in sizes), where, how)
    return []


def _first_town(
    evidence: NameEvidence, spans: Iterable[list[str]], where: Surroundings, how: str, *, villages: bool = False
) -> list[Candidate]:
    """Return the places of the first words that are a place's name, inside the stated region if there is one."""
    kinds = BELIEVED | {VILLAGE} if villages else BELIEVED
    for words in spans:
        more = evidence.named(key(" ".join(words)), where, "text", how)
        if more := [c for c in more if c.name_kind in kinds and not c.outside_region]:
            return more
    return []
