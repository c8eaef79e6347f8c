"""The ground of clusters, and their outlines, in degrees, ready for a map (METHOD 10)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from hubrank.clustering.outlines import rings
from hubrank.clustering.outlines.discs import Patch, draw_ground, draw_tight, solid
from hubrank.clustering.outlines.overlap import losses
from hubrank.core import sphere
from hubrank.core.processes import cores
from hubrank.core.sphere import Floats, Ints

Draw = Callable[[Floats, float], Patch]

_WIDEST = sphere.chord2(2000.0) ** 0.5  # up to that far from its centre a map shows discs round enough (1 in 80 off)


@dataclass(frozen=True, slots=True, eq=False)
class Outlines:
    """The ground, or the outline, of each cluster 0 … k - 1.

    shape : Polygon or MultiPolygon in degrees (WGS 84, longitude first), outer rings counter-clockwise, valid,
        cut at the antimeridian; coordinates are multiples of 1e-6.
    area_km2 : float64, shape (k,).
    """

    shape: tuple[BaseGeometry, ...]
    area_km2: Floats


def _too_wide(xyz: Floats) -> bool:
    """Say whether members lie too far apart for one map."""
    middle = (xyz.min(axis=0) + xyz.max(axis=0)) / 2
    return bool(((xyz - middle) ** 2).sum(axis=1).max() > _WIDEST**2)


def _pieces(xyz: Floats) -> list[Floats]:
    """Halve members until each part fits on one map."""
    if not _too_wide(xyz):
        return [xyz]
    axis = int(np.ptp(xyz, axis=0).argmax())
    low = xyz[:, axis] < (xyz[:, axis].min() + xyz[:, axis].max()) / 2
    return [*_pieces(xyz[low]), *_pieces(xyz[~low])]


def _outline_wide(xyz: Floats, radius_km: float, draw: Draw) -> tuple[BaseGeometry, float]:
    """Draw a cluster that no map can hold: part by part, each with all members near it.

    More members only ever add ground, so the union of the parts is the whole. Such a cluster shares no ground.
    """
    shapes = []
    for piece in _pieces(xyz):
        middle = (piece.min(axis=0) + piece.max(axis=0)) / 2
        reach = np.sqrt(((piece - middle) ** 2).sum(axis=1).max()) + sphere.chord2(2 * radius_km) ** 0.5
        patch = draw(xyz[((xyz - middle) ** 2).sum(axis=1) <= reach * reach], radius_km)
        shapes.append(rings.to_degrees(patch.shape, patch.laea))
    whole = rings.finished(shapely.union_all(shapes))
    return whole, rings.area_km2(whole)


def _finished(patch: Patch, lost: list[BaseGeometry]) -> tuple[BaseGeometry, float]:
    """Return the outline of a cluster in degrees and its area, less what others take from it."""
    remaining = solid(patch.shape - shapely.union_all(lost)) if lost else patch.shape
    return rings.finished(rings.to_degrees(remaining, patch.laea)), remaining.area


def _distinct(lat_e7: Ints, lon_e7: Ints, label: NDArray[np.int32]) -> tuple[Floats, Ints]:
    """Return the unit vectors of the distinct members, cluster by cluster, and where each cluster starts."""
    lat, lon = sphere.canonical(lat_e7, lon_e7)
    order = np.lexsort((lon, lat, label))[int((label < 0).sum()) :]
    lat, lon, label = lat[order], lon[order], label[order]
    new = (np.diff(label, prepend=-1) != 0) | (np.diff(lat, prepend=0) != 0) | (np.diff(lon, prepend=0) != 0)
    return sphere.exact_unit_vectors(lat[new], lon[new]), np.flatnonzero(np.diff(label[new], prepend=-1))


def grounds(
    lat_e7: Ints, lon_e7: Ints, label: NDArray[np.int32], is_core: NDArray[np.bool_], *, radius_km: float
) -> Outlines:
    """Return the ground of each cluster: discs of half the radius around its dense sites.

    label, is_core : shape (n,). As `outlines` takes them; each label with a dense site.
    Dense sites of two clusters are farther apart than the radius, so that no ground belongs to two.
    """
    return _shapes(lat_e7, lon_e7, np.where(is_core, label, -1), radius_km, draw_ground, None)


def ground(lat_e7: Ints, lon_e7: Ints, *, radius_km: float) -> BaseGeometry:
    """Return the ground of one cluster as if there were no other: where two nearly touch, 22 m may belong to both.

    lat_e7, lon_e7 : int64, shape (n,). Its dense sites, at least one.
    """
    xyz, _ = _distinct(lat_e7, lon_e7, np.zeros(len(lat_e7), np.int32))
    if _too_wide(xyz):
        return _outline_wide(xyz, radius_km, draw_ground)[0]
    return _finished(draw_ground(xyz, radius_km), [])[0]


def outlines(
    lat_e7: Ints, lon_e7: Ints, label: NDArray[np.int32], *, radius_km: float, threads: int | None = None
) -> Outlines:
    """Draw each cluster tight: discs of half the radius around its members, shrunk until 1 km is left around each.

    lat_e7, lon_e7 : int64, shape (n,). 1e-7 degree.
    label : int32, shape (n,). Labels 0 … k - 1, each with a member; negative where none.
    threads : how many; by default one per processor. The result never depends on it.
    Where two outlines overlap the ground goes to the nearer member; not so for a cluster wider than 4,000 km.
    """
    return _shapes(lat_e7, lon_e7, label, radius_km, draw_tight, threads)


def _shapes(
    lat_e7: Ints, lon_e7: Ints, label: NDArray[np.int32], radius_km: float, draw: Draw, threads: int | None
) -> Outlines:
    """Draw the sites of each label, and give what two shapes claim to the nearer site."""
    xyz, starts = _distinct(lat_e7, lon_e7, label)
    if not len(starts):
        return Outlines((), np.empty(0))
    members = np.split(xyz, starts[1:])
    wide = [_too_wide(part) for part in members]
    with ThreadPoolExecutor(threads or cores()) as pool:
        usual = [part for part, is_wide in zip(members, wide, strict=True) if not is_wide]
        patches = list(pool.map(lambda part: draw(part, radius_km), usual))
        finished = pool.map(_finished, patches, losses(patches, radius_km / 2))
        every = [
            _outline_wide(part, radius_km, draw) if is_wide else next(finished)
            for part, is_wide in zip(members, wide, strict=True)
        ]
    shapes, areas = zip(*every, strict=True)
    return Outlines(shapes, np.array(areas, np.float64))
