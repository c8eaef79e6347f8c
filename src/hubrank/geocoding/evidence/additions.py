"""Towns with what tells them from namesakes behind them: Brühl (Baden), Münster b. Dieburg, Gundelfingen a.d. Donau."""

from hubrank.core.sphere import near_e7
from hubrank.geocoding.evidence.candidate import Candidate, near
from hubrank.geocoding.evidence.names import OWN_NAME, NameEvidence
from hubrank.geocoding.evidence.segments import country_keys, may_be_code
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.abbreviated_names import is_short_for
from hubrank.geocoding.gazetteer.name_variants import is_airport_of_town
from hubrank.geocoding.gazetteer.surroundings import Surroundings
from hubrank.geocoding.text.additions import is_near_another, without_addition
from hubrank.geocoding.text.normalise import key, plain

_BESIDE_KM = 30.0  # a town that is said to be near another is so near
_TIMES = 3  # the people of its next namesake that a town has which is meant whatever stands behind it: Sydney (Kogarah)
_TOWN = 5_000  # inhabitants of a town that others are said to be near
_NEAR_AIRPORT = 0.88  # the share of airports within 15 km of the town that they are named after
_NONE_OF_THEM = 0.5  # the most that a place has where nothing says which of its namesakes is meant


def places_without_addition(
    evidence: NameEvidence, text: str, where: Surroundings, group: str, how: str
) -> list[Candidate]:
    """Return the places of a name without what stands behind it to tell it from its namesakes.

    Of several the one in a region of that word (Brühl (Baden)) or near a town of that name (Münster b. Dieburg), or
    where the post code is. Where nothing tells which, none has more than half, unless it is by far the largest.
    """
    name, addition = without_addition(text)
    if not name or not where.economies or _is_area(addition, where.economies[0]):
        return []
    matches = evidence.named(key(name), where, group, how)
    if where.post_area and (at_code := [c for c in matches if where.post_area.contains(c.lat_e7, c.lon_e7)]):
        return at_code
    by_word = [c for c in matches if _is_by(c, addition, where.economies[0])]
    close = [c for c in by_word if c.name_kind == OWN_NAME]  # of a village the larger town says more
    matches = close if is_near_another(text) else by_word or matches
    _limit_namesakes(matches)
    return matches


def limit_at_airport(text: str, towns: list[Candidate], where: Surroundings) -> None:
    """Limit the towns that an airport is named after: it lies further away, or nothing says which is meant."""
    if not towns or not is_airport_of_town(plain(text)):
        return
    for c in towns:
        c.at_most = min(c.at_most, _NEAR_AIRPORT)
    if not where.regions:
        _limit_namesakes(towns)


def _limit_namesakes(matches: list[Candidate]) -> None:
    """Limit places of one name of which nothing says which is meant, unless one is by far the largest."""
    first, *others = sorted((c for c in matches if c.name_kind == OWN_NAME), key=lambda c: -c.people) or (None,)
    if first and any(10**first.people < _TIMES * 10**c.people and not near(first, c) for c in others):
        for c in matches:
            c.at_most = min(c.at_most, _NONE_OF_THEM)


def _without_digraphs(name: str) -> str:
    """Return a name with plain vowels for those that typists write instead of umlauts: Muenchen."""
    return name.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def _is_area(addition: str, home: str) -> bool:
    """Say whether what stands behind a town is a region of its country, a country or a code."""
    code = may_be_code(addition) and addition.isupper()
    return code or bool(regions.find(addition, home)) or key(addition) in country_keys()


def _is_by(c: Candidate, addition: str, home: str) -> bool:
    """Say whether a place lies in a region with a word that an addition is short for, or near a town of that name."""
    admin1 = gazetteer.home_of(c.row)[1] if c.row < len(gazetteer.places().name) else ""
    words = {word for region in regions.of_codes(home, admin1) for word in plain(region.name).split()}
    short = plain(addition)
    if any(is_short_for(short, word) for word in words if len(short) > 2):
        return True
    places, names = gazetteer.places(), {key(addition), key(_without_digraphs(short))}
    towns = (row for name in names for row in gazetteer.rows_named(name, home))
    spots = (gazetteer.spot_of(row)[:2] for row in towns if places.population[row] >= _TOWN)
    return any(near_e7(c.lat_e7, c.lon_e7, *spot, _BESIDE_KM) for spot in spots)
