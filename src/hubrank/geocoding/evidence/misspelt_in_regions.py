"""Misspelt towns right before their region, which is called like its main city: 12 Foo Street, Anmur, Mersin."""

from hubrank.geocoding.evidence.candidate import Candidate
from hubrank.geocoding.evidence.inner_names import note_country
from hubrank.geocoding.evidence.names import NameEvidence
from hubrank.geocoding.evidence.reading import Reading
from hubrank.geocoding.evidence.unknown_towns import may_be_name
from hubrank.geocoding.gazetteer.surroundings import Surroundings
from hubrank.geocoding.text.normalise import key

_TOWN = 4.0  # log10 of inhabitants of a town that a short misspelt name means
_LONG = 8  # letters of a misspelt name that means any place: of so many quarters' names 0.6 % are by chance near one's
_AT_MOST = 0.85  # that it has


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
