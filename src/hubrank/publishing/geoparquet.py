"""clusters.geoparquet: the outline of each cluster with its row of the ranking (GeoParquet 1.1, OGC:CRS84)."""

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


def publish(path: Path, ranking: pa.Table, shapes: dict[str, dict[str, Any]], *, note: str) -> None:
    """Write one row per cluster, first rank first: the ranking's columns, `geometry` as WKB, `bbox` as its box.

    shapes : GeoJSON geometry by cluster_id: degrees, outer rings counter-clockwise, cut at the antimeridian.
    """
    outlines = [shape(shapes[key]) for key in ranking["cluster_id"].to_pylist()]
    boxes = [dict(zip(_SIDES, outline.bounds, strict=True)) for outline in outlines]
    table = ranking.append_column(pa.field("bbox", _BOX, nullable=False), pa.array(boxes, _BOX))
    wkb = pa.array(shapely.to_wkb(outlines, byte_order=1, output_dimension=2).tolist() if outlines else [], pa.binary())
    table = table.append_column(pa.field("geometry", pa.binary(), nullable=False), wkb)
    metadata = {"geo": json.dumps(_geo(outlines), sort_keys=True), **({"note": note} if note else {})}
    sink = pa.BufferOutputStream()
    pq.write_table(table.replace_schema_metadata(metadata), sink, compression="zstd", compression_level=3)
    write_bytes(path, sink.getvalue().to_pybytes())


def _geo(outlines: list[Any]) -> dict[str, Any]:
    """Return the file's metadata; without `crs` it is OGC:CRS84, longitude and latitude on WGS 84."""
    column = {
        "encoding": "WKB",
        "geometry_types": sorted({outline.geom_type for outline in outlines}),
        "orientation": "counterclockwise",
        "edges": "planar",
        "covering": {"bbox": {side: ["bbox", side] for side in _SIDES}},
        **({"bbox": shapely.total_bounds(outlines).tolist()} if outlines else {}),
    }
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
