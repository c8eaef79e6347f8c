"""Ground that two outlines claim goes to the nearer member (METHOD 10)."""

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import Voronoi
from shapely.geometry.base import BaseGeometry

from hubrank.clustering.outlines.discs import MARGIN_KM, Patch, extent_km, solid
from hubrank.clustering.outlines.laea import Laea
from hubrank.core import sphere
from hubrank.core.sphere import Floats


def _moved(shape: BaseGeometry, start: Laea, end: Laea) -> BaseGeometry:
    """Bring a shape from one local map to another."""
    return solid(shapely.transform(shape, lambda xy: end.forward(start.inverse(xy))))


def _ground(xy: Floats, mine: NDArray[np.bool_], where: BaseGeometry) -> BaseGeometry:
    """Return the part of `where` that lies nearer to one of `mine` than to any other point."""
    west, south, east, north = where.bounds
    far = 10 * max(east - west, north - south, float(np.ptp(xy, axis=0).max()))
    middle = np.array([(west + east) / 2, (south + north) / 2])
    frame = middle + far * np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]])
    diagram = Voronoi(np.vstack([xy, frame]))
    cells = [shapely.Polygon(diagram.vertices[diagram.regions[diagram.point_region[i]]]) for i in np.flatnonzero(mine)]
    return solid(shapely.union_all(cells) & where)


def _shared(a: Patch, b: Patch, reach: float) -> tuple[BaseGeometry, BaseGeometry] | None:
    """Return the ground that b takes from a and a from b, each on the loser's map; None where they are apart."""
    both = solid(a.shape & _moved(b.shape, b.laea, a.laea))
    if both.is_empty:
        return None
    xy = np.vstack([a.laea.forward(a.xyz), a.laea.forward(b.xyz)])
    of_a = np.arange(len(xy)) < len(a.xyz)
    near = shapely.dwithin(shapely.points(xy), both, 1.01 * max(reach, MARGIN_KM))
    lost_by_a = _ground(xy[near], ~of_a[near], both)
    return lost_by_a, _moved(both - lost_by_a, a.laea, b.laea)


def losses(patches: list[Patch], reach: float) -> list[list[BaseGeometry]]:
    """Return, for each cluster, the pieces of ground that lie nearer to another one."""
    lost: list[list[BaseGeometry]] = [[] for _ in patches]
    centre = np.array([p.laea.centre for p in patches])
    extent = np.array([sphere.chord2(extent_km(p)) ** 0.5 for p in patches])
    for a in range(len(patches)):
        apart = np.sqrt(((centre[a + 1 :] - centre[a]) ** 2).sum(axis=1))
        for b in a + 1 + np.flatnonzero(apart <= extent[a] + extent[a + 1 :]):
            if pieces := _shared(patches[a], patches[b], reach):
                lost[a].append(pieces[0])
                lost[b].append(pieces[1])
    return lost
