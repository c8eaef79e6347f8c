"""What the maps draw, as data files that a page loads by script elements, from a web host as well as from disk.

Every file calls `hubrank(name, content)`. Rings are whole steps of a degree, each the difference to the one before.
"""

import json
import math
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pyarrow as pa
from shapely.geometry import Polygon
from shapely.geometry import shape as from_geojson
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from hubrank.core import countries
from hubrank.core.sphere import E7, Floats, Ints
from hubrank.publishing.json_in_html import json_in_html

CELL_DEGREES = 5
WHOLE = ("land0", "land1", "lakes", "borders")  # of the packaged ground
NEAR_DEGREES = 1.5  # around a cluster: as far as a reader sees who looks at one
LARGE_CITY, TOWN = 400_000, 15_000  # inhabitants: named everywhere, and where clusters are
MOST_SITES = 2_000  # of a cell, the heaviest
OUTLINE_STEP = 2_000
MapRings = tuple[list[list[int]], list[list[int]]]  # of the ground and of the outline of a cluster, in whole steps


def data_script(name: str, content: Any) -> str:  # noqa: ANN401 (anything with a form in JSON)
    """Return a data file."""
    return f"hubrank({json.dumps(name)},{json_in_html(content)})\n"


@cache
def _ground() -> dict[str, bytes]:
    """Return the packaged files, which scripts/compile_basemap.py makes of Natural Earth (public domain)."""
    with (
        files("hubrank.publishing.site").joinpath("static/basemap.zip").open("rb") as file,
        zipfile.ZipFile(file) as archive,
    ):
        return {name.removesuffix(".js"): archive.read(name) for name in archive.namelist()}


def ground(name: str) -> Any:  # noqa: ANN401 (the content of a file)
    """Return the content of a packaged file."""
    text = _ground()[name].decode()
    return json.loads(text[text.index(",") + 1 : text.rindex(")")])


def country_names(named: Callable[[str], str]) -> list[list[Any]]:
    """Return the names of countries on maps, with where they stand and how large they are, in a language.

    named : the name of an economy by its code; where that is its English one, or it has no code, the map's own stays.
    """
    rows = ground("countries")
    codes = [countries.find_stated(name) or "" for name, *_ in rows]
    english = [not code or named(code) == countries.name(code) for code in codes]
    return [
        row if is_english else [named(code), *row[1:]]
        for row, code, is_english in zip(rows, codes, english, strict=True)
    ]


def unpacked(content: Mapping[str, Any]) -> list[Floats]:
    """Return the rings of a file in degrees, float64, shape (n, 2)."""
    return [np.cumsum(np.reshape(ring, (-1, 2)), axis=0) / float(content["step"]) for ring in content["rings"]]


def packed_rings(geometry: BaseGeometry, step: int = OUTLINE_STEP) -> list[list[int]]:
    """Return polygons as rings of whole steps; outer rings run counter-clockwise, holes clockwise."""
    parts = [orient(part) for part in getattr(geometry, "geoms", [geometry]) if isinstance(part, Polygon)]
    rings = (ring for part in parts if not part.is_empty for ring in (part.exterior, *part.interiors))
    return [packed for ring in rings if len(packed := _packed(np.asarray(ring.coords), step)) >= 8]


def _packed(degrees: Floats, step: int) -> list[int]:
    whole = np.rint(degrees * step).astype(np.int64)
    whole = whole[np.r_[True, np.any(np.diff(whole, axis=0) != 0, axis=1)]]
    steps: list[int] = np.diff(whole, axis=0, prepend=[[0, 0]]).ravel().tolist()
    return steps


def outlines(grounds: Mapping[str, Mapping[str, Any]], covering: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the ground and the tight outline of each cluster, both given as GeoJSON geometry in degrees."""
    rings = {key: map_rings(from_geojson(grounds[key]), from_geojson(covering[key])) for key in sorted(grounds)}
    return outlines_of(rings)


def outlines_of(rings: Mapping[str, MapRings]) -> dict[str, Any]:
    """Return the rings of clusters as the pages read them."""
    return {
        "step": OUTLINE_STEP,
        "areas": {key: area for key, (area, _) in rings.items()},
        "outlines": {key: outline for key, (_, outline) in rings.items()},
    }


def map_rings(ground: BaseGeometry, covering: BaseGeometry) -> MapRings:
    """Return the rings of the ground and of the outline of one cluster, both given in degrees."""
    return packed_rings(ground.simplify(0.001)), packed_rings(covering.simplify(0.002))


def cells_near(lon: Floats, lat: Floats) -> list[tuple[int, int]]:
    """Return the cells within sight of places in degrees, in order."""
    wide = NEAR_DEGREES / np.maximum(np.cos(np.radians(lat)), 0.05)
    seen: set[tuple[int, int]] = set()
    for west, east, south, north in zip(lon - wide, lon + wide, lat - NEAR_DEGREES, lat + NEAR_DEGREES, strict=True):
        xs = range(math.floor(west / CELL_DEGREES), math.floor(east / CELL_DEGREES) + 1)
        ys = range(math.floor(south / CELL_DEGREES), math.floor(north / CELL_DEGREES) + 1)
        seen |= {((x + 36) % 72 - 36, y) for x in xs for y in ys}
    return sorted(seen)


def sites(points: pa.Table, metrics: Sequence[str]) -> tuple[Floats, Ints]:
    """Return where sites lie, float64, shape (n, 2), and the listings of each metric, int64, shape (n, metrics).

    The heaviest come first. points : columns metric, lat_e7, lon_e7, listings, in any order.
    """
    spots = np.column_stack([points[name].to_numpy() for name in ("lon_e7", "lat_e7")])
    places, at = np.unique(spots, axis=0, return_inverse=True)
    listings = np.zeros((len(places), len(metrics)), np.int64)
    numbers = {name: number for number, name in enumerate(metrics)}
    metric = np.array([numbers.get(name, -1) for name in points["metric"].to_pylist()], np.int64)
    counted = metric >= 0
    np.add.at(listings, (at.ravel()[counted], metric[counted]), points["listings"].to_numpy()[counted])
    order = np.lexsort((*places.T, -listings.sum(axis=1)))
    return places[order] / E7, listings[order]


Cities = Sequence[tuple[str, float, float, int]]  # name, longitude, latitude, inhabitants


def place_cells(
    spots: Floats, listings: Ints, cities: Cities, near: Sequence[tuple[int, int]]
) -> Iterator[tuple[str, Any]]:
    """Yield, per cell in sight of a cluster, its heaviest sites and the towns in it.

    spots, listings : of `sites`; near : cells, in the order of the answer.
    """
    towns = [city for city in cities if city[3] < LARGE_CITY]  # larger ones are named everywhere
    rounded = np.round(spots, 3)
    of_sites = _numbers_by_cell(spots, near)
    of_towns = _numbers_by_cell(np.array([(lon, lat) for _, lon, lat, _ in towns]).reshape(-1, 2), near)
    for cell in near:
        heaviest, named = of_sites.get(cell, [])[:MOST_SITES], of_towns.get(cell, [])
        rows = zip(rounded[heaviest].tolist(), listings[heaviest].tolist(), strict=True)
        content = {
            "sites": [[*spot, *counts] for spot, counts in rows],
            "towns": [
                [name, round(lon, 3), round(lat, 3), people // 1000]
                for name, lon, lat, people in (towns[number] for number in named)
            ],
        }
        if any(content.values()):
            yield f"places/{cell[0]}_{cell[1]}", content


def _numbers_by_cell(degrees: Floats, near: Sequence[tuple[int, int]]) -> dict[tuple[int, int], list[int]]:
    """Return which places lie in each of some cells, in their order."""
    cells = np.floor(degrees / CELL_DEGREES).astype(np.int64)
    keys = cells @ (1000, 1)  # of a cell's corner, each another: y is within ±18
    wanted = np.array(near, np.int64).reshape(-1, 2) @ (1000, 1)
    inside = np.flatnonzero(np.isin(keys, wanted))
    inside = inside[np.argsort(keys[inside], kind="stable")]
    parts = np.split(inside, np.flatnonzero(np.diff(keys[inside])) + 1)
    return {(int(x), int(y)): part.tolist() for part in parts if len(part) for x, y in (cells[part[0]],)}


def files_of(
    outlined: Mapping[str, Any],
    clusters: pa.Table,
    points: pa.Table,
    cities: Cities,
    *,
    metrics: Sequence[str],
    named: Callable[[str], str],
) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of every data file of the maps of an edition.

    outlined : the `outlines` of its clusters; named : as of `country_names`.
    """
    rows = clusters.to_pylist()
    near = cells_near(*(np.array([float(row[axis]) for row in rows], np.float64) for axis in ("lon", "lat")))
    packaged = _ground()
    coasts = [name for x, y in near if (name := f"coast/{x}_{y}") in packaged]
    yield from ((name, packaged[name]) for name in (*WHOLE, *coasts))
    places = dict(place_cells(*sites(points, metrics), cities, near))
    index = {"coast": [name[6:] for name in coasts], "places": [name[7:] for name in places]}
    large = [
        [name, round(lon, 2), round(lat, 2), people // 1000]
        for name, lon, lat, people in cities
        if people >= LARGE_CITY
    ]
    contents = {"countries": country_names(named), "index": index, "cities": large, "outlines": outlined, **places}
    yield from ((name, data_script(name, content).encode()) for name, content in contents.items())
