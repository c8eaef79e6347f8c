"""Misspelt towns between a street and their region or country: 12 Foo Street, Anmur, Mersin; …, Villeurbane, France."""

from hubrank.geocoding.evidence.candidate import Candidate
from hubrank.geocoding.evidence.inner_names import note_country
from hubrank.geocoding.evidence.names import NameEvidence
from hubrank.geocoding.evidence.reading import Reading
from hubrank.geocoding.evidence.unknown_towns import may_be_name
from hubrank.geocoding.gazetteer.surroundings import Surroundings
from hubrank.geocoding.text.normalise import key
from hubrank.geocoding.text.street_lines import is_street_line

_TOWN = 4.0  # log10 of inhabitants of a town that a short misspelt name means
_LONG = 8  # letters of a misspelt name that means any place: of so many quarters' names 0.6 % are by chance near one's
_AT_MOST = 0.85  # that it has
# Of names of eight letters 0.6 % are by a slip near that of another town of 10,000 of their country, of names of ten
# letters 0.7 % near that of any place there: villages that are not known seldom look like misspelt ones.
_IN_COUNTRY, _VERY_LONG, _BEHIND_STREET = 8, 10, 0.8


def misspelt_in_region(
    evidence: NameEvidence, towns: list[Candidate], reading: Reading, at: int, cities: list[Candidate]
) -> list[Candidate]:
    """Return the towns of a region that a name right before it is by a slip of typing.

    towns : the places that the name itself has; cities : those that are called like the region.
    """
    name = key(reading.text_at(at))
    areas = reading.regions_at(at + 1) if any(c.group == "text" for c in cities) else []
    is_place = any(c.group == "text" and not c.outside_region for c in towns)
    if not areas or is_place or not may_be_name(reading, at):
        return []
    where = Surroundings((areas[0].economy,), tuple(areas), reading.post_area(at))
    mended = [c for c in evidence.misspelt(name, where, "text misspelt") if c.people > _TOWN or len(name) >= _LONG]
    mended = [c for c in mended if c.in_region and evidence.is_slip(name, c.row)]
    for c in mended:
        note_country(c, reading, where.economies)
        c.at_most = min(c.at_most, _AT_MOST)
    return mended


def misspelt_behind_street(
    evidence: NameEvidence, reading: Reading, at: int, name: str, where: Surroundings
) -> list[Candidate]:
    """Return the one place of the country that a long name between a street and the country is by a slip of typing.

    at, name : the number of the segment and its key; where : what the text states around it.
    """
    is_town = at > 0 and at + 1 >= len(reading.segments) - (reading.country_at > 0) and may_be_name(reading, at)
    if not is_town or len(name) < _IN_COUNTRY or where.regions or not is_street_line(reading.segments[at - 1].text):
        return []
    mended = [c for c in evidence.misspelt(name, where, "misspelt") if evidence.is_slip(name, c.row)]
    mended = [c for c in mended if c.people > _TOWN or len(name) >= _VERY_LONG]
    for c in mended:
        note_country(c, reading, where.economies)
        c.at_most = min(c.at_most, _BEHIND_STREET)
    return mended if len(mended) == 1 else []
