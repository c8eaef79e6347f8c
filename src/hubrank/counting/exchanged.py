"""Coordinates that are contradicted where they are written, and would not be with latitude and longitude exchanged."""

import pyarrow as pa
import pyarrow.compute as pc

from hubrank.core import countries
from hubrank.core.edition import MOST_CONTRADICTED_PCT
from hubrank.core.errors import DataError
from hubrank.core.sphere import POLE_E7, canonical
from hubrank.core.tables import Engine, Relation
from hubrank.geocoding.evidence.coordinates import OFFSHORE_KM
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.gazetteer.nearest import nearest_places
from hubrank.study.study import Study

# Only what is put where the coordinates are: a place that is named may be answered in their stead.
PUT = "geocoding_evidence LIKE '%coordinates%' AND contradictions LIKE '%coordinates%'"
CONTRADICTED = f"""
SELECT source, CAST(SUM(listings) AS BIGINT) AS listings,
       CAST(COALESCE(SUM(listings) FILTER ({PUT}), 0) AS BIGINT) AS contradicted
FROM addresses GROUP BY source ORDER BY source
"""
SPOTS = f"""
SELECT lat_e7, lon_e7, stated_economy, CAST(SUM(listings) AS BIGINT) AS listings
FROM addresses WHERE source = {{number}} AND {PUT} GROUP BY ALL
"""


def expect_not_exchanged(study: Study, addresses: Relation, engine: Engine) -> None:
    """Raise DataError where most of a source lies where latitude and longitude look exchanged.

    addresses : Relation[counting.addresses.SCHEMA].
    """
    for row in engine.rows(CONTRADICTED, addresses=addresses).to_pylist():
        section = study.sources[row["source"] - 1]
        if section.coordinates == "keep" or not _are_most(row["contradicted"], row["listings"]):
            continue
        spots = engine.rows(SPOTS.format(number=row["source"]), addresses=addresses)
        if look_exchanged(spots):
            raise DataError(f"{section.metric} ({section.reader}): {described(row['contradicted'], row['listings'])}.")


def described(contradicted: int, listings: int) -> str:
    """Say that the coordinates of so many of all listings look exchanged, and what to do."""
    return (
        f"{contradicted:,} of {listings:,} listings lie far from every place or in another country than stated, and "
        f"most would not with latitude and longitude exchanged. Exchange the columns of lat and lon in the study; if "
        f'they are right, coordinates = "keep" under [[sources]] counts them'
    )


def contradicted_in(rows: pa.Table) -> tuple[int, int]:
    """Return how many listings are put by coordinates that look exchanged, else 0; and how many there are.

    rows : Table[ADDRESS_ROW, listings], of one source.
    """
    by_coordinates = pc.match_substring(pc.fill_null(rows["geocoding_evidence"], ""), "coordinates")
    doubted = pc.match_substring(pc.fill_null(rows["contradictions"], ""), "coordinates")
    put = rows.filter(pc.and_(by_coordinates, doubted))
    contradicted, listings = (pc.sum(part["listings"]).as_py() or 0 for part in (put, rows))
    return (contradicted if _are_most(contradicted, listings) and look_exchanged(put) else 0), listings


def look_exchanged(spots: pa.Table) -> bool:
    """Return whether most listings would lie at a place of their stated country with the two degrees exchanged.

    spots : Table[lat_e7, lon_e7, stated_economy, listings].
    """
    fits = spots.filter(pc.less_equal(pc.abs(spots["lon_e7"]), POLE_E7))
    if not len(fits):
        return False
    places = gazetteer.places()
    nearest, gaps = nearest_places(*canonical(fits["lon_e7"].to_numpy(), fits["lat_e7"].to_numpy()))
    rows = zip(
        nearest.tolist(), gaps.tolist(), fits["stated_economy"].to_pylist(), fits["listings"].to_pylist(), strict=True
    )
    agreeing = sum(
        listings
        for row, gap, stated, listings in rows
        if gap <= OFFSHORE_KM
        and (stated is None or stated == (economy := places.economy[row]) or stated in countries.family(economy))
    )
    return bool(2 * agreeing > (pc.sum(spots["listings"]).as_py() or 0))


def _are_most(contradicted: int, listings: int) -> bool:
    return 100 * contradicted > MOST_CONTRADICTED_PCT * listings
