"""Areas drawn by others (functional urban areas, NUTS, one's own): which site lies in which, and what they rank."""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from hubrank.clustering.dbscan.dbscan import NOISE
from hubrank.clustering.density import Labels
from hubrank.clustering.outlines.outline import Outlines
from hubrank.clustering.outlines.rings import areas_km2, finished
from hubrank.clustering.repaired_areas import Repaired
from hubrank.core.errors import DataError
from hubrank.core.sphere import E7, Floats, Ints
from hubrank.core.tables import schema

Shapes = NDArray[np.object_]
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")  # what may be the name of a file and a part of an address
SHAPES_SCHEMA = schema("area_code text, area text").append(pa.field("shape", pa.binary(), nullable=False))
SHAPES_KEY = ("area_code",)


@dataclass(frozen=True, slots=True, eq=False)
class Areas:
    """Areas by code, ascending.

    code, name : of each. shape : object, shape (n,), valid Polygons or MultiPolygons in degrees, longitude first.
    area_km2 : float64, shape (n,). digest : of codes and shapes: equal areas have the same.
    repaired : those whose shape in the file was not valid, where that changed their area.
    """

    code: tuple[str, ...]
    name: tuple[str, ...]
    shape: Shapes
    area_km2: Floats
    repaired: tuple[Repaired, ...] = ()
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        content = hashlib.sha256("\n".join(self.code).encode())
        for wkb in shapely.to_wkb(self.shape, byte_order=1):
            content.update(wkb)
        object.__setattr__(self, "digest", content.hexdigest())

    @property
    def remarks(self) -> dict[str, Any]:
        """What edition.json says of shapes that were repaired, and of names that several areas have, by code."""
        codes: dict[str, list[str]] = {}
        for code, name in zip(self.code, self.name, strict=True):
            codes.setdefault(name, []).append(code)
        repaired = [
            {
                "area_code": each.code,
                "area": each.name,
                "reason": each.reason,
                "drawn_km2": str(each.drawn_km2),
                "km2": str(each.km2),
            }
            for each in self.repaired
        ]
        same = {name: of_name for name, of_name in sorted(codes.items()) if len(of_name) > 1}
        return ({"repaired": repaired} if repaired else {}) | ({"same_name": same} if same else {})


@dataclass(frozen=True, slots=True, eq=False)
class AreaUnits:
    """The areas that are ranked in place of clusters: those in which something was counted.

    areas : all of the file; row : int64, shape (k,). Which of them each label is.
    """

    areas: Areas
    row: Ints

    @property
    def codes(self) -> list[str]:
        """The code of each label."""
        return [self.areas.code[row] for row in self.row.tolist()]

    @property
    def names(self) -> list[str]:
        """The name of each label."""
        return [self.areas.name[row] for row in self.row.tolist()]

    def labels(self, lat_e7: Ints, lon_e7: Ints) -> Labels:
        """Return the label in whose area each place lies; NOISE where in none, or in one that counts nothing."""
        of_row = np.full(len(self.areas.code) + 1, NOISE, np.int32)  # the last is NOISE's
        of_row[self.row] = np.arange(len(self.row), dtype=np.int32)
        return of_row[area_labels(self.areas, lat_e7, lon_e7)]

    def outlines(self, *, nested: bool) -> Outlines:
        """Return the shape of each label, ready for a map.

        nested : areas may overlap: a shape is without those of smaller areas, which count what lies in both.
        """
        shapes = without_smaller(self.areas)[self.row] if nested else self.areas.shape[self.row]
        km2 = areas_km2(shapes) if nested else self.areas.area_km2[self.row]
        return Outlines(tuple(finished(shape) for shape in shapes), km2)


def without_smaller(areas: Areas) -> Shapes:
    """Return the shapes less the ground of smaller areas that overlap them; of equal ones the first code keeps it."""
    size = np.empty(len(areas.code), np.int64)  # position by size, ties by code
    size[np.argsort(_whole_m2(areas), kind="stable")] = np.arange(len(size))
    one, other = shapely.STRtree(areas.shape).query(areas.shape, predicate="intersects")
    remaining = areas.shape.copy()
    for row in np.unique(one[size[other] < size[one]]).tolist():
        smaller = other[(one == row) & (size[other] < size[row])]
        rest = shapely.difference(areas.shape[row], shapely.union_all(areas.shape[smaller]))
        remaining[row] = areas.shape[row] if rest.is_empty else rest
    return remaining


def _whole_m2(areas: Areas) -> Floats:
    """Return the areas in whole square metres: cells of one size are equal then, whatever was rounded on the way."""
    return np.rint(areas.area_km2 * 1e6)


def expect_ids(areas: Areas) -> None:
    """Raise DataError where a code cannot be an id, which names pages and stands in addresses."""
    faulty = next((code for code in areas.code if not _ID.fullmatch(code)), None)
    if faulty is not None:
        raise DataError(
            f"[areas] the code {faulty!r} cannot be an id: with rank = true a code names a page. Use a column of at "
            f"most 100 letters, digits, '.', '_' and '-', the first a letter or digit."
        )
    often = Counter(code.casefold() for code in areas.code)
    twice = [code for code in areas.code if often[code.casefold()] > 1]
    if twice:
        raise DataError(
            f"[areas] the codes {twice[0]!r} and {twice[1]!r} differ in upper and lower case only: with rank = true a "
            f"code names a page, and some systems take the two for one."
        )


def shapes_table(areas: Areas) -> pa.Table:
    """Return all areas as SHAPES_SCHEMA, from which `of_shapes` returns the same."""
    wkb = pa.array(shapely.to_wkb(areas.shape, byte_order=1).tolist(), pa.binary())
    return pa.table([pa.array(areas.code), pa.array(areas.name), wkb], schema=SHAPES_SCHEMA)


def of_shapes(table: pa.Table) -> Areas:
    """Return the areas that `shapes_table` wrote."""
    shapes = np.array(shapely.from_wkb(table["shape"].to_pylist()), object)
    code, name = (tuple(table[column].to_pylist()) for column in ("area_code", "area"))
    return Areas(code, name, shapes, areas_km2(shapes))


def area_labels(areas: Areas, lat_e7: Ints, lon_e7: Ints) -> Labels:
    """Return int32, shape (sites,): the row of the area in which each site lies, NOISE where in none.

    A site on the border of several, or inside several, belongs to the smallest, ties by code.
    """
    tree = shapely.STRtree(shapely.points(lon_e7 / E7, lat_e7 / E7))
    area, site = tree.query(areas.shape, predicate="intersects")
    smallest_last = np.lexsort((-area, -_whole_m2(areas)[area]))
    label = np.full(len(lat_e7), NOISE, np.int32)
    label[site[smallest_last]] = area[smallest_last]
    return label


def expect_apart(areas: Areas, lat_e7: Ints, lon_e7: Ints) -> None:
    """Raise DataError, naming site and areas, where a site lies inside two areas; a common border is no overlap."""
    lon, lat = lon_e7 / E7, lat_e7 / E7
    inside = shapely.STRtree(shapely.points(lon, lat)).query(areas.shape, predicate="contains")
    area, site = inside[:, np.lexsort(inside)]
    twice = np.flatnonzero(site[1:] == site[:-1])
    if len(twice):
        first, second = (_code_and_name(areas, int(area[row])) for row in (twice[0], twice[0] + 1))
        place = f"{lat[site[twice[0]]]:g}, {lon[site[twice[0]]]:g}"
        sites = len(np.unique(site[twice]))
        raise DataError(
            f"[areas] overlap where listings lie: {place} is inside {first} and {second} ({sites:,} such "
            f'sites). Use areas that do not, or state overlaps = "smaller": the smallest of several counts.'
        )


def _code_and_name(areas: Areas, row: int) -> str:
    code, name = areas.code[row], areas.name[row]
    return repr(code) if name == code else f"{code!r} ({name})"


def expect_listings_inside(areas: Areas, lat_e7: Ints, lon_e7: Ints, file: str) -> None:
    """Raise DataError where no site lies in any area, with the spans of both, and whether degrees are exchanged."""
    if not len(lat_e7) or (area_labels(areas, lat_e7, lon_e7) != NOISE).any():
        return
    west, south, east, north = shapely.total_bounds(areas.shape)
    exchanged = int((area_labels(areas, lon_e7, lat_e7) != NOISE).sum())
    advice = (
        f"With latitude and longitude exchanged {exchanged:,} of {len(lat_e7):,} sites lie in them: exchange the two "
        f"in the file; GeoJSON has the longitude first."
        if exchanged
        else "Name the file of areas in which the records are."
    )
    raise DataError(
        f"[areas] {file}: no listing lies in any of its {len(areas.code):,} areas. They span latitudes {south:.1f} to "
        f"{north:.1f} and longitudes {west:.1f} to {east:.1f}; listings span latitudes {lat_e7.min() / E7:.1f} to "
        f"{lat_e7.max() / E7:.1f} and longitudes {lon_e7.min() / E7:.1f} to {lon_e7.max() / E7:.1f}. {advice}"
    )
