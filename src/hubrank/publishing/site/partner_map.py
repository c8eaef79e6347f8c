"""The partners of a cluster as great circles on a world map; wider lines are more shared records."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import sqrt

import numpy as np
import pyarrow as pa

from hubrank.core import coastlines
from hubrank.core.sphere import Floats, Ints
from hubrank.publishing.site.projection import dots, globe, path, polyline, world

STEPS = 48  # points of a line
MOST_LINES = 15
BROADEST = 7.0  # of a line, on the screen
TOLERANCE = 25.0  # units: about 85 km; the coast is a backdrop here
SMALLEST_ISLAND = 1_500.0  # square units
Spot = tuple[float, float]  # longitude and latitude


@dataclass(frozen=True, slots=True)
class Strand:
    """One partner: the data of its line, its width and its name."""

    line: str
    stroke_width: float
    cluster: str
    records: int


@cache
def backdrop() -> tuple[str, str]:
    """Return the data of two paths: the outline of the world, and its land, both coarse."""
    frame = world()
    parts = (frame.shape(part).simplify(TOLERANCE) for part in coastlines.land("110m"))
    return path(globe().simplify(TOLERANCE)), "".join(path(part) for part in parts if part.area >= SMALLEST_ISLAND)


class PartnerLines:
    """The records that clusters share, as lines on the world map.

    links : columns cluster_a, cluster_b, records, one row per pair and metric.
    names : of the clusters, by id.
    """

    def __init__(self, links: pa.Table, clusters: pa.Table, names: Mapping[str, str]) -> None:
        self._at = {row["cluster_id"]: (float(row["lon"]), float(row["lat"])) for row in clusters.to_pylist()}
        self._names = names
        self._shared: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for row in links.to_pylist():
            for one, other in ((row["cluster_a"], row["cluster_b"]), (row["cluster_b"], row["cluster_a"])):
                self._shared[one][other] += row["records"]

    def strands(self, cluster_id: str) -> list[Strand]:
        """Return the lines of a cluster, the broadest last, so that it lies on top; of equal ones the first by id."""
        ordered = sorted(self._shared[cluster_id].items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_LINES]
        most = ordered[0][1] if ordered else 1
        lines = _lines(self._at[cluster_id], [self._at[other] for other, _ in ordered])
        return [
            Strand(line, round(max(1.0, BROADEST * sqrt(records / most)), 1), self._names[other], records)
            for line, (other, records) in reversed(list(zip(lines, ordered, strict=True)))
        ]

    def spot(self, cluster_id: str) -> tuple[float, float]:
        """Return where a cluster lies on the map."""
        ((x, y),) = world().spots([self._at[cluster_id][0]], [self._at[cluster_id][1]]).tolist()
        return round(x), round(y)


def _lines(one: Spot, others: Sequence[Spot]) -> list[str]:
    """Return the shortest ways between a place and others as the data of paths, cut where they leave the map."""
    degrees = great_circles(one, others)
    spots = world().plane(degrees.reshape(-1, 2)).reshape(degrees.shape)
    leaves = np.abs(np.diff(degrees[:, :, 0], axis=1)) > 180
    return [_cut(way, np.flatnonzero(left) + 1) for way, left in zip(spots, leaves, strict=True)]


def _cut(spots: Floats, cuts: Ints) -> str:
    return "".join(polyline(part) for part in np.split(spots, cuts) if len(part) > 1) or dots(spots[:1])


def great_circles(one: Spot, others: Sequence[Spot]) -> Floats:
    """Return float64, shape (others, STEPS, 2): longitudes and latitudes on the way from one place to each other."""
    start, *ends = _upright(np.array([one, *others]))
    end = np.reshape(ends, (-1, 1, 3))
    angle = np.arccos(np.clip(end @ start, -1, 1))[:, :, None]
    part = np.linspace(0, 1, STEPS)[:, None]
    there = np.where(angle, np.sin((1 - part) * angle) * start + np.sin(part * angle) * end, start)
    x, y, z = np.moveaxis(there, -1, 0)
    return np.stack([np.degrees(np.arctan2(y, x)), np.degrees(np.arctan2(z, np.hypot(x, y)))], axis=-1)


def _upright(places: Floats) -> Floats:
    """Return unit vectors of places given in degrees, longitude first."""
    lon, lat = np.radians(places).T
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
