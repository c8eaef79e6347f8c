"""Tables as JSON documents: rows with the column names of the CSV, and what they hold under."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from hubrank.publishing import csv, geojson, xlsx
from hubrank.serving.desk import Desk
from hubrank.serving.variants import Choice, Variant

_NOTES = (
    "Ranked from the edition's records under another radius, threshold or weights; not the edition's ranking.",
    "edition_cluster_id and edition_rank name the edition's cluster that holds most of the listings of this one.",
)


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A ranking to be shown, and the choice that it holds under.

    ranking : first rank first. labels : of each row, in `variant`; None where it is the edition's own table.
    """

    ranking: pa.Table
    choice: Choice
    weights: Mapping[str, Decimal]
    variant: Variant | None = None
    labels: Sequence[int] = ()

    def shapes(self) -> dict[str, dict[str, Any]]:
        """Return GeoJSON geometry by cluster_id; drawn when it is asked for first."""
        assert self.variant is not None  # noqa: S101 (the edition's own map is a file)
        ids = self.ranking["cluster_id"].to_pylist()
        drawn = self.variant.shapes
        return {key: drawn[label].__geo_interface__ for key, label in zip(ids, self.labels, strict=True)}


def written(value: object) -> bytes:
    """Return compact JSON in UTF-8; a decimal is a number."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain, allow_nan=False)
    return (text + "\n").encode()


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{type(value).__name__} has no place in JSON")


def head(desk: Desk, view: View) -> dict[str, Any]:
    """Return what every figure is read with: edition, note, choice."""
    return {
        **_edition(desk),
        "radius_km": view.choice.radius_km,
        "min_listings": view.choice.min_listings,
        "weights": dict(view.weights),
        "as_in_the_edition": view.variant is None,
    }


def clusters(desk: Desk, view: View) -> bytes:
    """Return a ranking as JSON."""
    return written({**head(desk, view), "clusters": view.ranking.to_pylist()})


def as_csv(desk: Desk, view: View) -> bytes:
    """Return a ranking as CSV."""
    return csv.written(view.ranking, note=desk.note)


def as_geojson(desk: Desk, view: View) -> bytes:
    """Return a ranking with outlines."""
    return geojson.written(view.ranking, view.shapes(), note=desk.note)


def as_xlsx(desk: Desk, view: View) -> bytes:
    """Return a ranking as a workbook."""
    about = {
        "title": desk.records.study.title,
        "edition": desk.records.study.edition,
        "radius": f"{view.choice.radius_km:g} km",
        "threshold": f"{view.choice.min_listings} listings",
        "weights": ", ".join(f"{metric} {weight}" for metric, weight in view.weights.items()),
        "made with": "hubrank serve",
    }
    metrics = desk.made.metrics
    return xlsx.written({"ranking": view.ranking}, about=about, notes=_NOTES, metrics=metrics, note=desk.note)


def cluster(desk: Desk, cluster_id: str) -> bytes | None:
    """Return the rows that the edition's tables hold of one cluster; None where it has no such cluster."""
    rows = {name: _rows(table, cluster_id) for name, table in of_clusters(desk).items()}
    if not rows["ranking"]:
        return None
    return written({**_edition(desk), "cluster_id": cluster_id, "tables": rows})


def of_clusters(desk: Desk) -> dict[str, pa.Table]:
    """Return the tables that tell of single clusters."""
    return {name: table for name, table in desk.tables.items() if "cluster_id" in table.column_names}


def table(desk: Desk, name: str) -> bytes:
    """Return one table of the edition."""
    return written({**_edition(desk), "rows": desk.tables[name].to_pylist()})


def _edition(desk: Desk) -> dict[str, Any]:
    return {"title": desk.records.study.title, "edition": desk.records.study.edition, "note": desk.note}


def _rows(rows: pa.Table, cluster_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (
        rows.filter(pc.equal(rows["cluster_id"], cluster_id)).drop_columns(["cluster_id"]).to_pylist()
    )
    return found
