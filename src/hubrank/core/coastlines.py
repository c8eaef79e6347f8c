"""Land and borders: Natural Earth (public domain), packaged by scripts/compile_coastlines.py."""

import gzip
import json
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from shapely import STRtree, unary_union
from shapely.geometry import LineString, MultiLineString, Polygon
from shapely.geometry.base import BaseGeometry

from hubrank.core.sphere import Floats


@cache
def _packed() -> dict[str, Any]:
    content = files("hubrank.core").joinpath("coastlines.json.gz").read_bytes()
    packed: dict[str, Any] = json.loads(gzip.decompress(content))
    return packed


@cache
def land(scale: str = "50m") -> tuple[Polygon, ...]:
    """Return the land in degrees, the largest first; scale is "110m" or "50m"."""
    return tuple(Polygon(_line(outer), [_line(hole) for hole in holes]) for outer, *holes in _packed()[f"land_{scale}"])


@cache
def borders(scale: str = "110m") -> BaseGeometry:
    """Return the lines that two economies share, in degrees."""
    return MultiLineString([LineString(_line(line)) for line in _packed()[f"borders_{scale}"]])


def land_near(window: BaseGeometry, scale: str = "50m") -> BaseGeometry:
    """Return the land inside a window; both in degrees."""
    parts = land(scale)
    nearby = sorted(_tree(scale).query(window, predicate="intersects").tolist())
    return unary_union([parts[at].intersection(window) for at in nearby])


@cache
def _tree(scale: str) -> STRtree:
    return STRtree(land(scale))


def _line(differences: list[int]) -> Floats:
    return np.cumsum(np.reshape(differences, (-1, 2)), axis=0) / float(_packed()["step"])
