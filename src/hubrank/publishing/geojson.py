"""clusters.geojson: the outline of each cluster with its row of the ranking (RFC 7946)."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from hubrank.core.files import write_bytes


def publish(path: Path, ranking: pa.Table, shapes: dict[str, dict[str, Any]], *, note: str) -> None:
    """Write one feature per cluster, first rank first.

    shapes : GeoJSON geometry by cluster_id: degrees, outer rings counter-clockwise.
    """
    write_bytes(path, written(ranking, shapes, note=note))


def written(ranking: pa.Table, shapes: dict[str, dict[str, Any]], *, note: str) -> bytes:
    """Return what `publish` writes."""
    features = [
        {
            "type": "Feature",
            "id": row["cluster_id"],
            "properties": {key: _number(value) for key, value in row.items()},
            "geometry": shapes[row["cluster_id"]],
        }
        for row in ranking.to_pylist()
    ]
    collection = {"type": "FeatureCollection", **({"note": note} if note else {}), "features": features}
    return (json.dumps(collection, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _number(value: Any) -> Any:  # noqa: ANN401 (a cell)
    return float(value) if isinstance(value, Decimal) else value
