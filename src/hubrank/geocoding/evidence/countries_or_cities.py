"""Names that a country and a city in it share: Tunis; L-1855 Luxembourg; México, D.F."""

from collections.abc import Sequence
from functools import lru_cache

from hubrank.core import countries
from hubrank.geocoding.evidence.segments import Segment
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.spatial_relations import lies_in
from hubrank.geocoding.gazetteer.surroundings import Surroundings
from hubrank.geocoding.text.affiliations import CITY_PEOPLE
from hubrank.geocoding.text.vocabulary import STREETS


def is_city(segments: Sequence[Segment], at: int, economy: str, stated: Surroundings) -> bool:
    """Say whether a segment that names a country is rather that of a city there.

    One before a region is the town in that (México, D.F.; Tailândia, Pará beside BR), unless another town there is
    before it. Otherwise a post code opens it, or nothing but a street is before it, which may be none: an organisation
    or a town says more. So it is if the name is the country's in other languages only (1000 Tunis), or if a column has
    the country (L-1855 Luxembourg beside LU), or another one that has the town (Armenia beside CO; Himi beside JP).
    """
    segment, is_usual = segments[at], countries.is_usual(segments[at].text)
    homes = stated.economies if economy not in stated.economies else ()
    if at and economy in gazetteer.economies_of(segments[at - 1].key):
        return False
    if at < len(segments) - 1:
        return any(_is_in(segment.key, segments[at + 1].text, home) for home in homes or (economy,))
    if not (segment.behind_post_code or all(map(_is_street, segments[:at]))):
        return False
    if homes:
        return any(_is_town(segment.key, home, is_usual=is_usual) for home in homes)
    is_alone = len(segments) == 1 and not segment.behind_post_code
    may_be_city = not is_usual or (economy in stated.economies and not is_alone)
    return may_be_city and _is_main_city(segment.key, economy)


def _is_street(segment: Segment) -> bool:
    """Say whether a segment is a street or a number of a house or box, and no organisation."""
    has_number = any(map(str.isdigit, segment.text))
    return not segment.organisation and (has_number or not STREETS.isdisjoint(segment.words))


@lru_cache(1024)
def _is_main_city(name: str, economy: str) -> bool:
    """Say whether a city, or the largest town, of an economy has a name as its own."""
    people = gazetteer.places().population
    rows = gazetteer.rows_named(name, economy, (gazetteer.PRIMARY,))
    largest = people[gazetteer.rows_in(economy)].max() if rows else 0
    return any(people[row] >= min(largest, CITY_PEOPLE) for row in rows)


def _is_town(name: str, economy: str, *, is_usual: bool) -> bool:
    """Say whether a name is that of a town of an economy, if it is a country's usual name of a large one."""
    is_called = not is_usual and bool(gazetteer.rows_named(name, economy, (gazetteer.PRIMARY,)))
    return is_called or _is_main_city(name, economy)


@lru_cache(1024)
def _is_in(name: str, region: str, economy: str) -> bool:
    """Say whether a region of an economy has a town of its own name, or a city of any."""
    people, by_own_name = gazetteer.places().population, gazetteer.rows_named(name, economy, (gazetteer.PRIMARY,))
    rows = [row for row in gazetteer.rows_named(name, economy) if row in by_own_name or people[row] >= CITY_PEOPLE]
    areas = regions.find(region, economy) if rows else ()
    return any(lies_in(row, area) for row in rows for area in areas)
