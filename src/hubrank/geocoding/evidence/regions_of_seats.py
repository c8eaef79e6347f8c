"""Places with the name of an organisation, or of a region in which one has its seat: Bard College, New York."""

from hubrank.geocoding.evidence.candidate import Candidate, near
from hubrank.geocoding.evidence.institutions import InstitutionEvidence
from hubrank.geocoding.evidence.reading import Reading
from hubrank.geocoding.gazetteer import regions
from hubrank.geocoding.gazetteer.place_lookup import PlaceNames
from hubrank.geocoding.gazetteer.regions import Region
from hubrank.geocoding.gazetteer.surroundings import home_of_seat
from hubrank.geocoding.text.normalise import key
from hubrank.geocoding.text.stated_countries import STATES_OF

WHOLE_NAMES = ("institution: name, whole segment", "institution: another name, whole segment")
ACROSS = ("institution: name, across commas", "institution: another name, across commas")
_SURE = 0.8  # that an organisation is at its seat and not at another site in the city


def without_namesakes(
    reading: Reading, places: list[Candidate], seats: list[Candidate], names: PlaceNames
) -> list[Candidate]:
    """Return places without namesakes of a first-level region in which an organisation has its seat.

    The organisation is one or several whole segments, and none of its seats is at such a namesake (Columbia University,
    New York is in the city). Namesakes stay where the region is named once more (New York, NY), where they may have the
    post code, and where the region is itself a city. Outside of countries whose addresses end in states the name must
    open the text, as behind departments cities are stated.
    """
    named = [seat for seat in seats if seat.features[0].startswith((*WHOLE_NAMES, *ACROSS))]
    for at in range(1, len(reading.segments)) if named and places else ():
        name = key(reading.text_at(at))
        homes = {region.first_level for region in _regions_named(reading, at, name)}
        inside = [seat for seat in named if homes and _may_lack_city(seat, at) and _home(seat) in homes]
        if not inside:
            continue
        rows_named = {row for row, _ in names.rows(name)}
        cities = [c for c in places if c.group == "text" and c.row in rows_named]
        area = reading.post_area(at)
        has_its_code = area is not None and any(area.contains(c.lat_e7, c.lon_e7) for c in cities)
        if cities and not (has_its_code or any(near(seat, c) for seat in named for c in cities)):
            places = [c for c in places if not any(c is city for city in cities)]
            for c in (*inside, *places):
                if c.group != "text" and any(near(c, seat) for seat in inside):
                    c.at_most = min(c.at_most, _SURE)
    return places


def without_organisations(
    reading: Reading, places: list[Candidate], institutions: InstitutionEvidence, names: PlaceNames
) -> list[Candidate]:
    """Return places without those called like a registered organisation that the text names: University of Maryland.

    The part of the text is the organisation's name in whole, and has a word for one.
    """
    keys = {part.key for part in reading.segments if part.organisation and institutions.is_name(part.text)}
    rows = {row for name in keys for row, _ in names.rows(name)}
    return [c for c in places if c.group != "text" or c.row not in rows] if rows else places


def _may_lack_city(seat: Candidate, at: int) -> bool:
    """Say whether a region may stand behind an organisation without its city."""
    return at == 1 or seat.features[0].startswith(ACROSS) or seat.economy in STATES_OF


def _regions_named(reading: Reading, at: int, name: str) -> list[Region]:
    """Return the first-level regions with a segment's name that are no cities and that no other segment names."""
    others = [region for number, region in reading.regions if number != at]
    return [
        region
        for region in reading.states_at(at)
        if region not in others
        and region in regions.named(name, region.economy)
        and region.first_level not in regions.cities()
    ]


def _home(seat: Candidate) -> tuple[str, str]:
    """Return the economy and region of a seat."""
    return home_of_seat(seat.geonames_id, seat.lat_e7, seat.lon_e7)
