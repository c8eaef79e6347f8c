"""Names that a country and a city in it share: Tunis; L-1855 Luxembourg; México, D.F."""

from collections.abc import Sequence
from functools import lru_cache

from hubrank.core import countries
from hubrank.geocoding.evidence.segments import Segment
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.surroundings import Surroundings
from hubrank.geocoding.text.affiliations import CITY_PEOPLE


def is_city(segments: Sequence[Segment], at: int, economy: str, stated: Surroundings) -> bool:
    """Say whether a segment that names a country is rather that of a city there; not behind another town there.

    Its last segment is, if the name is the country's in other languages only (Tunis), or if a column has the country
    (L-1855 Luxembourg beside LU), or another one that has the town (Armenia beside CO; Himi beside JP); one before a
    region is the town in that (México, D.F.; Tailândia, Pará beside BR).
    """
    segment, is_usual = segments[at], countries.is_usual(segments[at].text)
    behind = segments[at + 1].text if at < len(segments) - 1 else ""
    if stated.economies and economy not in stated.economies:
        return any(_is_town(segment.key, home, behind, is_usual=is_usual) for home in stated.economies)
    if at and economy in gazetteer.economies_of(segments[at - 1].key):
        return False
    if behind:
        return _is_in(segment.key, behind, economy)
    if not _is_main_city(segment.key, economy):
        return False
    is_alone = len(segments) == 1 and not segment.behind_post_code
    return not is_usual or (economy in stated.economies and not is_alone)


@lru_cache(1024)
def _is_main_city(name: str, economy: str) -> bool:
    """Say whether a city, or the largest town, of an economy has a name as its own."""
    people = gazetteer.places().population
    rows = gazetteer.rows_named(name, economy, (gazetteer.PRIMARY,))
    largest = people[gazetteer.rows_in(economy)].max() if rows else 0
    return any(people[row] >= min(largest, CITY_PEOPLE) for row in rows)


def _is_town(name: str, economy: str, region: str, *, is_usual: bool) -> bool:
    """Say whether a name is that of a town of an economy: if it is a country's usual name, a large one, or in a region.

    region : what stands behind it.
    """
    is_called = not is_usual and bool(gazetteer.rows_named(name, economy, (gazetteer.PRIMARY,)))
    return is_called or _is_main_city(name, economy) or (region != "" and _is_in(name, region, economy))


@lru_cache(1024)
def _is_in(name: str, region: str, economy: str) -> bool:
    """Say whether a region of an economy has a town of its own name, or a city of any."""
    people, by_own_name = gazetteer.places().population, gazetteer.rows_named(name, economy, (gazetteer.PRIMARY,))
    rows = [row for row in gazetteer.rows_named(name, economy) if row in by_own_name or people[row] >= CITY_PEOPLE]
    areas = regions.find(region, economy) if rows else ()
    return any(area.contains(*gazetteer.home_of(row), *gazetteer.spot_of(row)) for row in rows for area in areas)
