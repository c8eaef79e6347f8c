"""Units of an organisation that are elsewhere than its seat: Universidade de São Paulo. Faculdade … de Bauru."""

from hubrank.core.sphere import near_e7
from hubrank.geocoding.evidence.candidate import Candidate, near
from hubrank.geocoding.evidence.inner_names import LINKS
from hubrank.geocoding.evidence.institutions import InstitutionEvidence
from hubrank.geocoding.evidence.names import OWN_NAME
from hubrank.geocoding.evidence.reading import Reading
from hubrank.geocoding.evidence.regions_of_seats import ACROSS, WHOLE_NAMES
from hubrank.geocoding.evidence.segments import Segment
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.name_variants import BRANCH
from hubrank.geocoding.gazetteer.place_index import PlaceTable
from hubrank.geocoding.gazetteer.surroundings import home_of_seat
from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.normalise import key, plain
from hubrank.geocoding.text.organisation_words import STANDARD_WORD
from hubrank.geocoding.text.vocabulary import STREETS

_CITY = 5.0  # log10 of inhabitants of a city after which a university's site elsewhere is called
_SITES = frozenset(("institute", "hospital", "campus", "branch"))
_FREQUENT = 100  # names of the register that have a word which may stand between a city's name and one of these
_TOWN = 4.3  # log10 of inhabitants of a town after which a unit is called: Luiz de Queiroz is none
_BESIDE_UNIT = 0.7  # the most that the seat of a scattered organisation has where the text names one of its units
_UNITS = frozenset(vocabulary.words("organisation", "units"))
_ELSEWHERE = 0.5  # the most that a seat has where a campus is called after another region


def at_units(
    reading: Reading,
    places: list[Candidate],
    seats: list[Candidate],
    table: PlaceTable,
    institutions: InstitutionEvidence,
) -> tuple[list[Candidate], list[Candidate]]:
    """Return the places and seats that a text names, at the town of a unit only where it names one.

    A unit's name ends in "of" and a town in the region of the organisation's seat, or in a town where the organisation
    has a registered unit, and the text names no place else.
    """
    inside_only = all(c.group == "inside" for c in places)
    economies = {seat.economy for seat in seats if not seat.is_similar}
    for part in reading.segments if inside_only else ():
        sites = [c for c in places if (not economies or c.economy in economies) and _opens_site(part, c, institutions)]
        if sites:
            at_sites = ([c for c in many if any(near(c, site) for site in sites)] for many in (places, seats))
            return next(at_sites), next(at_sites)
    heads = [seat for seat in seats if seat.features[0].startswith((*WHOLE_NAMES, *ACROSS))]
    if len(reading.segments) == 1 or not heads:
        return places, seats
    if inside_only:
        homes = {home_of_seat(seat.geonames_id, seat.lat_e7, seat.lon_e7) for seat in heads}
        for part in reading.segments:
            for town in places if _may_be_unit(part) else ():
                is_there = (town.economy, table.admin1[town.row]) in homes and not any(near(town, c) for c in heads)
                if is_there and _is_called_after(part, town, linked=not _has_unit_at(town, heads, institutions)):
                    return [c for c in places if near(c, town)], [c for c in seats if near(c, town)]
        _limit_beside_unit(reading, heads, [*places, *seats], institutions)
    _limit_outside_campus(reading, heads, [*places, *seats])
    return places, seats


def _opens_site(part: Segment, town: Candidate, institutions: InstitutionEvidence) -> bool:
    """Say whether a segment is a university's site that is called after a town: Shenzhen Res Inst Nankai Univ.

    The town's own name opens it, and a word for a site stands between it and the university, with none but frequent
    words before it (no Florence Nightingale Hospital). Neither the segment nor its words up to that one are a
    registered name: there are Zhongshan Hospitals in Shanghai and Guangzhou.
    """
    if town.people < _CITY or town.name_kind != OWN_NAME:
        return False
    name = _own_name(town)
    if part.words[: len(name)] != name:
        return False
    behind = [STANDARD_WORD.get(word, word) for word in part.words[len(name) :]]
    site = next((at for at, word in enumerate(behind) if word in _SITES), len(behind))
    if "university" in behind[:site] or "university" not in behind[site + 1 :]:
        return False
    names = (" ".join(part.words[: len(name) + site + 1]), part.text)
    frequent = all(institutions.similar.count(word) >= _FREQUENT for word in behind[:site])
    return frequent and not any(map(institutions.is_name, names))


def _own_name(town: Candidate) -> tuple[str, ...]:
    return tuple(plain(gazetteer.places().name[town.row]).split())


def _may_be_unit(part: Segment) -> bool:
    """Say whether a segment is neither a university nor a street."""
    is_university = any(STANDARD_WORD.get(word, word) == "university" for word in part.words)
    return not (is_university or part.numbered) and STREETS.isdisjoint(part.words)


def _has_unit_at(town: Candidate, heads: list[Candidate], institutions: InstitutionEvidence) -> bool:
    """Say whether one of some organisations has a registered unit in a town."""
    spots = (institutions.spot(row) for head in heads for row in institutions.units_elsewhere(head))
    return any(near_e7(town.lat_e7, town.lon_e7, *spot) for spot in spots)


def _limit_beside_unit(
    reading: Reading, heads: list[Candidate], candidates: list[Candidate], institutions: InstitutionEvidence
) -> None:
    """Limit the seat of an organisation with many units elsewhere where the text names one of its units.

    That is a segment with a word for an organisation beside its name. A registered unit says itself where it is.
    """
    scattered = [head for head in heads if institutions.is_scattered(head)]
    if not scattered or len({head.register_row for head in heads if head.economy == scattered[0].economy}) > 1:
        return
    if sum(part.organisation or not _UNITS.isdisjoint(part.words) for part in reading.segments) > 1:
        for c in candidates:
            if near(c, scattered[0]):
                c.at_most = min(c.at_most, _BESIDE_UNIT)


def _is_called_after(part: Segment, town: Candidate, *, linked: bool = True) -> bool:
    """Say whether a segment of other words ends in "of", if that is needed, and the own name of a town."""
    if town.people < _TOWN or town.name_kind != OWN_NAME:
        return False
    name = _own_name(town)
    front = part.words[: -len(name)]
    return part.words[len(front) :] == name and len(front) > 1 and (not linked or front[-1] in LINKS)


def _limit_outside_campus(reading: Reading, heads: list[Candidate], candidates: list[Candidate]) -> None:
    """Limit what lies outside of the region after which a campus of an organisation is called: K. K. Birla Goa Campus.

    That is a region in which the organisation has no seat.
    """
    for part in reading.segments[1:]:
        *front, last = part.text.split() or [""]
        if not front or plain(last) not in BRANCH:
            continue
        homes = {area.first_level for area in regions.named(key(front[-1]), heads[0].economy) if not area.admin2}
        for c in candidates if homes else ():
            if home_of_seat(c.geonames_id, c.lat_e7, c.lon_e7) not in homes:
                c.at_most = min(c.at_most, _ELSEWHERE)
