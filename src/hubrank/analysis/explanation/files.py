"""What the files of an edition say of its clusters: rank and name, their sites."""

import numpy as np
import pyarrow.parquet as pq

from hubrank.analysis.explanation.answer import RankingEntry
from hubrank.core.edition import Edition
from hubrank.core.errors import DataError
from hubrank.core.sphere import E7, round_to


def ranked(edition: Edition) -> dict[str, RankingEntry]:
    """Return the clusters by id."""
    columns = ("cluster_id", "cluster", "economies", "rank")
    rows = zip(*(edition.table("ranking")[name].to_pylist() for name in columns), strict=True)
    return {row[0]: RankingEntry(*row) for row in rows}


def cluster_of(edition: Edition, lat_e7: int, lon_e7: int, step_e7: int) -> str:
    """Return the id of the cluster in which a site lies, after merging; the site is given by its rounded coordinates.

    Raises DataError where no listing of a cluster lies there.
    """
    columns = ["lat_e7", "lon_e7", "cluster_id"]
    near = [("lat_e7", ">=", lat_e7 - step_e7), ("lat_e7", "<=", lat_e7 + step_e7)]
    listings = pq.read_table(edition.folder / "tables" / "located.parquet", columns=columns, filters=near)
    rounded = round_to(listings["lat_e7"].to_numpy(), listings["lon_e7"].to_numpy(), step_e7)
    rows = np.flatnonzero((rounded[0] == lat_e7) & (rounded[1] == lon_e7))
    cluster_id: str | None = listings["cluster_id"][int(rows[0])].as_py() if len(rows) else None
    if cluster_id is not None:
        return cluster_id
    raise DataError(
        f"{edition.folder}: located.parquet has no listing of a cluster at {lat_e7 / E7}, {lon_e7 / E7}, where "
        f"points.parquet has a member. The files do not belong together: run the study again."
    )
