"""Tables as documents: rows with the column names of the CSV, and the choice under which they hold."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from hubrank.publishing import csv, geojson, xlsx
from hubrank.serving.served_edition import ServedEdition
from hubrank.serving.variants import Choice, Variant

_NOTES = (
    "Ranked from the edition's records under another radius, threshold or weights; not the edition's ranking.",
    "edition_cluster_id and edition_rank name the edition's cluster that holds most of the listings of this one.",
)


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A ranking, and the choice under which it holds.

    ranking : first rank first. labels : of each row, in `variant`; None where it is the edition's own table.
    """

    ranking: pa.Table
    choice: Choice
    weights: Mapping[str, Decimal]
    variant: Variant | None = None
    labels: Sequence[int] = ()

    def shapes(self) -> dict[str, dict[str, Any]]:
        """Return GeoJSON geometry by cluster_id."""
        assert self.variant is not None  # noqa: S101 (the edition's own map is a file)
        ids = self.ranking["cluster_id"].to_pylist()
        shapes = self.variant.shapes
        return {key: shapes[label].__geo_interface__ for key, label in zip(ids, self.labels, strict=True)}


def json_bytes(value: object) -> bytes:
    """Return compact JSON in UTF-8; a decimal is a number."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain, allow_nan=False)
    return (text + "\n").encode()


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def as_json(edition: ServedEdition, view: View) -> bytes:
    """Return a ranking as JSON, under edition, note and choice."""
    return json_bytes(
        {
            **_head(edition),
            "radius_km": view.choice.radius_km,
            "min_listings": view.choice.min_listings,
            "weights": dict(view.weights),
            "as_in_the_edition": view.variant is None,
            "clusters": view.ranking.to_pylist(),
        }
    )


def as_csv(edition: ServedEdition, view: View) -> bytes:
    """Return a ranking as CSV."""
    return csv.written(view.ranking, note=edition.note)


def as_geojson(edition: ServedEdition, view: View) -> bytes:
    """Return a ranking with outlines."""
    return geojson.written(view.ranking, view.shapes(), note=edition.note)


def as_xlsx(edition: ServedEdition, view: View) -> bytes:
    """Return a ranking as a workbook."""
    about = {
        "title": edition.records.study.title,
        "edition": edition.records.study.edition,
        "radius": f"{view.choice.radius_km:g} km",
        "threshold": f"{view.choice.min_listings} listings",
        "weights": ", ".join(f"{metric} {weight}" for metric, weight in view.weights.items()),
        "made with": "hubrank serve",
    }
    metrics = edition.edition.labels
    return xlsx.written({"ranking": view.ranking}, about=about, notes=_NOTES, metrics=metrics, note=edition.note)


def cluster(edition: ServedEdition, cluster_id: str) -> bytes | None:
    """Return the rows that the edition's tables hold of one cluster; None where it has no such cluster."""
    rows = {
        name: table.filter(pc.equal(table["cluster_id"], cluster_id)).drop_columns(["cluster_id"]).to_pylist()
        for name, table in cluster_tables(edition).items()
    }
    return json_bytes({**_head(edition), "cluster_id": cluster_id, "tables": rows}) if rows["ranking"] else None


def cluster_tables(edition: ServedEdition) -> dict[str, pa.Table]:
    """Return the tables that have rows of single clusters."""
    return {name: table for name, table in edition.tables.items() if "cluster_id" in table.column_names}


def table(edition: ServedEdition, name: str) -> bytes:
    """Return one table of the edition."""
    return json_bytes({**_head(edition), "rows": edition.tables[name].to_pylist()})


def _head(edition: ServedEdition) -> dict[str, Any]:
    return {"title": edition.records.study.title, "edition": edition.records.study.edition, "note": edition.note}
