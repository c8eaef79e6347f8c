"""clusters.geoparquet: ground and outline of each cluster with its row of the ranking (GeoParquet 1.1, OGC:CRS84)."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from shapely.geometry import shape

from hubrank.core.files import write_bytes

_SIDES = ("xmin", "ymin", "xmax", "ymax")
_BOX = pa.struct([pa.field(side, pa.float64(), nullable=False) for side in _SIDES])


def publish(
    path: Path,
    ranking: pa.Table,
    shapes: dict[str, dict[str, Any]],
    *,
    outlines: dict[str, dict[str, Any]] | None = None,
    note: str,
) -> None:
    """Write one row per cluster, first rank first.

    The columns are those of the ranking, `bbox` and `geometry` of the ground, and `outline`, a second geometry.

    shapes, outlines : GeoJSON geometry by cluster_id, the ground and the outline drawn tight around all members, where
        there are any: degrees, outer rings counter-clockwise, cut at the antimeridian.
    """
    both = {"geometry": shapes, **({"outline": outlines} if outlines is not None else {})}
    columns = {name: [shape(each[key]) for key in ranking["cluster_id"].to_pylist()] for name, each in both.items()}
    boxes = [dict(zip(_SIDES, ground.bounds, strict=True)) for ground in columns["geometry"]]
    table = ranking.append_column(pa.field("bbox", _BOX, nullable=False), pa.array(boxes, _BOX))
    for column, each in columns.items():
        wkb = pa.array(shapely.to_wkb(each, byte_order=1, output_dimension=2).tolist() if each else [], pa.binary())
        table = table.append_column(pa.field(column, pa.binary(), nullable=False), wkb)
    metadata = {"geo": json.dumps(_geo(columns), sort_keys=True), **({"note": note} if note else {})}
    sink = pa.BufferOutputStream()
    pq.write_table(table.replace_schema_metadata(metadata), sink, compression="zstd", compression_level=3)
    write_bytes(path, sink.getvalue().to_pybytes())


def _geo(columns: dict[str, list[Any]]) -> dict[str, Any]:
    """Return the file's metadata; without `crs` it is OGC:CRS84, longitude and latitude on WGS 84."""
    described = {name: _column(shapes) for name, shapes in columns.items()}
    described["geometry"]["covering"] = {"bbox": {side: ["bbox", side] for side in _SIDES}}
    return {"version": "1.1.0", "primary_column": "geometry", "columns": described}


def _column(shapes: list[Any]) -> dict[str, Any]:
    return {
        "encoding": "WKB",
        "geometry_types": sorted({each.geom_type for each in shapes}),
        "orientation": "counterclockwise",
        "edges": "planar",
        **({"bbox": shapely.total_bounds(shapes).tolist()} if shapes else {}),
    }
