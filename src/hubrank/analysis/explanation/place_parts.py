"""How much of a cluster was located at one place of it: its listings, records and share of each metric (METHOD 8)."""

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hubrank.analysis.explanation.answer import PlacePart
from hubrank.core.edition import Edition
from hubrank.core.units import half_even, shown_count

_COLUMNS = ["metric", "units", "listings", "address_key"]


def place_parts(edition: Edition, geonames_id: int, cluster_id: str) -> tuple[PlacePart, ...]:
    """Return what was located at a place within a cluster, by metric; nothing where no listing was.

    An address is located at one place of the gazetteer: the city of an institution, or the town that it names. What
    lies in villages and quarters with places of their own is theirs.
    """
    tables = edition.folder / "tables"
    of_place = [("gazetteer_id", "==", geonames_id)]
    keys = pc.unique(pq.read_table(tables / "addresses.parquet", columns=["address_key"], filters=of_place)[0])
    if not len(keys):
        return ()
    located = pq.read_table(tables / "located.parquet", columns=_COLUMNS, filters=[("cluster_id", "==", cluster_id)])
    at_place = located.filter(pc.is_in(located["address_key"], keys))
    whole = {row["metric"]: row["units_sum"] for row in _sums(located)}
    return tuple(
        PlacePart(
            row["metric"],
            edition.labels[row["metric"]],
            row["listings_sum"],
            shown_count(row["units_sum"]),
            half_even(100 * row["units_sum"], whole[row["metric"]], 1) if whole[row["metric"]] else None,
        )
        for row in _sums(at_place)
    )


def _sums(located: pa.Table) -> list[dict[str, Any]]:
    """Return units and listings by metric, in the order of their names."""
    sums = located.group_by("metric").aggregate([("units", "sum"), ("listings", "sum")])
    rows: list[dict[str, Any]] = sums.sort_by("metric").to_pylist()
    return rows
