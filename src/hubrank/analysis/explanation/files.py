"""What the files of an edition say of its clusters: rank and name, their sites."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from hubrank.analysis.explanation.answer import RankingEntry
from hubrank.clustering.areas import area_labels, of_shapes
from hubrank.clustering.dbscan.dbscan import NOISE
from hubrank.core.edition import Edition, expect_listings
from hubrank.core.errors import DataError
from hubrank.core.sphere import E7, round_to


def ranked(edition: Edition) -> dict[str, RankingEntry]:
    """Return the clusters by id."""
    columns = ("cluster_id", "cluster", "economies", "rank")
    rows = zip(*(edition.table("ranking")[name].to_pylist() for name in columns), strict=True)
    return {row[0]: RankingEntry(*row) for row in rows}


def area_lookup(edition: Edition) -> Callable[[int, int], RankingEntry | None]:
    """Return what says in which area of an edition that ranks areas a place in 1e-7 degree lies; None: in none."""
    areas, entries = of_shapes(edition.table("area_shapes")), ranked(edition)

    def area_at(lat_e7: int, lon_e7: int) -> RankingEntry | None:
        """Return the area that holds a place, if something was counted in it."""
        (row,) = area_labels(areas, np.array([lat_e7]), np.array([lon_e7])).tolist()
        return None if row == NOISE else entries.get(areas.code[row])

    return area_at


def cluster_of(edition: Edition, lat_e7: int, lon_e7: int, step_e7: int) -> str:
    """Return the id of the cluster in which a site lies, after merging; the site is given by its rounded coordinates.

    Raises DataError where no listing of a cluster lies there, StudyError where this is a copy without listings.
    """
    expect_listings(edition.folder)
    tables = edition.folder / "tables"
    near = [("lat_e7", ">=", lat_e7 - step_e7), ("lat_e7", "<=", lat_e7 + step_e7)]
    places = pq.read_table(tables / "addresses.parquet", columns=["lat_e7", "lon_e7", "address_key"], filters=near)
    rounded = round_to(places["lat_e7"].to_numpy(), places["lon_e7"].to_numpy(), step_e7)
    here = places["address_key"].filter(pa.array((rounded[0] == lat_e7) & (rounded[1] == lon_e7)))
    listed = [("address_key", "in", here.to_pylist()), ("cluster_id", "!=", "")]
    listings = pq.read_table(tables / "located.parquet", columns=["cluster_id"], filters=listed) if len(here) else None
    if listings:
        return str(listings["cluster_id"][0])
    raise DataError(
        f"{edition.folder}: located.parquet has no listing of a cluster at {lat_e7 / E7}, {lon_e7 / E7}, where "
        f"points.parquet has a member. The files do not belong together: run the study again."
    )
