"""Compile the packaged land: Natural Earth 1:110m (public domain) from npm's world-atlas.

    npm pack world-atlas@2 && tar xzf world-atlas-2.*.tgz && python scripts/compile_coastlines.py package

world-atlas joins what the antimeridian cuts; here it is cut again, so that every ring lies in -180 … 180 degrees.
Coordinates become whole thousandths of a degree, each the difference to the one before. The same input gives the same
bytes.
"""

import gzip
import json
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from shapely import affinity
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

TARGET = Path(__file__).parents[1] / "src/hubrank/core/coastlines.json.gz"
STEP = 1000  # units of a degree
Line = list[tuple[float, float]]


def arcs(topology: dict[str, Any]) -> list[Line]:
    """Return the arcs of a quantised TopoJSON in degrees."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    lines = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * sx + tx, y * sy + ty))
        lines.append(line)
    return lines


def ring(numbers: list[int], lines: list[Line]) -> Line:
    """Join arcs; ~n is arc n backwards."""
    joined: Line = []
    for number in numbers:
        line = lines[number] if number >= 0 else lines[~number][::-1]
        joined += line[1:] if joined else line
    return joined


def unrolled(line: Line) -> Line:
    """Let longitudes run on over the antimeridian instead of jumping."""
    out = [line[0]]
    for (before, _), (lon, lat) in pairwise(line):
        out.append((out[-1][0] + (lon - before + 180) % 360 - 180, lat))
    return out


def closed(line: Line) -> Line:
    """Close a ring that runs around a pole along that pole."""
    gap = line[-1][0] - line[0][0]
    if abs(gap) < 180:
        return line
    pole = -90.0 if line[0][1] < 0 else 90.0
    return [*line, (line[-1][0], pole), (line[0][0], pole)]


def cut(shape: BaseGeometry) -> BaseGeometry:
    """Bring what lies beyond ±180 degrees back."""
    parts = [
        affinity.translate(shape.intersection(box(-180 + turn, -90, 180 + turn, 90)), -turn) for turn in (-360, 0, 360)
    ]
    return unary_union([part for part in parts if not part.is_empty])


def land(topology: dict[str, Any]) -> Iterator[Polygon]:
    """Yield the polygons of the object `land`."""
    lines = arcs(topology)
    for geometry in topology["objects"]["land"]["geometries"]:
        for numbers in geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]:
            outer, *holes = [closed(unrolled(ring(part, lines))) for part in numbers]
            shape = cut(Polygon(outer, holes).buffer(0))
            yield from (part for part in getattr(shape, "geoms", [shape]) if isinstance(part, Polygon))


def packed(line: Line) -> list[int]:
    """Return differences of whole units, longitude and latitude in turn."""
    x = y = 0
    out: list[int] = []
    for lon, lat in line:
        nx, ny = round(lon * STEP), round(lat * STEP)
        if not out or (nx, ny) != (x, y):
            out += [nx - x, ny - y]
        x, y = nx, ny
    return out


def compiled(folder: Path) -> bytes:
    """Return the packaged file."""
    shapes = land(json.loads((folder / "land-110m.json").read_text("utf-8")))
    content = {
        "source": "Natural Earth, public domain; world-atlas 2.0.2",
        "step": STEP,
        "land": [
            [packed(list(part.coords)) for part in (shape.exterior, *shape.interiors)]
            for shape in sorted(shapes, key=lambda shape: (-shape.area, shape.bounds))
        ],
    }
    return gzip.compress(json.dumps(content, separators=(",", ":")).encode(), 9, mtime=0)


if __name__ == "__main__":
    TARGET.write_bytes(compiled(Path(sys.argv[1])))
