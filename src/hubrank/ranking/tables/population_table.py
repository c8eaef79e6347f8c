"""grounds × table of people → population: the people of the cells that a ground covers, cut cells in part (METHOD 9).

Parts of cells are added up in whole millionths of a person, so that the order of the rows changes nothing.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from hubrank.clustering.people_table import Cells, PeopleTable
from hubrank.core.errors import DataError
from hubrank.core.sphere import Floats, Ints
from hubrank.core.units import half_even

_MILLIONTHS = 1_000_000
_ROUND = 1_000_000_000  # above 360 degrees in millionths
_LEAST_COVERED = 0.1  # of the grounds on which cells lie: less is one point for each region and no grid
_MOST_TWICE = 0.05  # of the cells on grounds: a few are listed by two neighbours who each count their own people


def table_population(
    shapes: Sequence[BaseGeometry], path: Path, cell_deg: float | None = None, *, covering: bool = False
) -> list[int | None]:
    """Return the people on each ground, rounded half to even; None where no cell of the table lies on it.

    shapes : Polygon or MultiPolygon in degrees (WGS 84), longitude first.
    path, cell_deg : the table, and the height and width of its cells; None measures them.
    covering : whether its cells have to cover the grounds, as those of a grid do; the point of an area need not.
    Raises DataError naming the first row of the table that cannot be used, or saying how little its cells cover, or
    that they are listed more than once.
    """
    table = PeopleTable.opened(path, cell_deg)
    sums, covered = np.zeros(len(shapes), np.int64), np.zeros(len(shapes))
    tree, near = shapely.STRtree(list(shapes)), _degrees_near(shapes, table.size_deg)
    shapely.prepare(list(shapes))
    centres: list[Ints] = []
    for cells in table.pieces():
        row = np.clip(np.floor(cells.lat).astype(np.int64) + 90, 0, 179)
        column = (np.floor(cells.lon).astype(np.int64) + 180) % 360
        centres.append(_add(sums, covered, shapes, tree, cells, near[row, column], table.size_deg))
    _expect_once(np.concatenate([np.empty(0, np.int64), *centres]), path)
    is_on = covered > 0
    ground = shapely.area(np.array(list(shapes), object)[is_on]).sum()
    if covering and covered.sum() < _LEAST_COVERED * ground:
        raise DataError(
            f"[population] table {path.name} is no grid of people: its cells of {table.size_deg[0]:g} degrees cover "
            f"{100 * covered.sum() / ground:.1g} % of the clusters in which they lie (in {is_on.sum():,} of "
            f"{len(shapes):,}). Expected cells wherever people live (hubrank get ghs-pop); one "
            f"point for each region serves where the regions are ranked: [areas] rank = true."
        )
    return [
        int(half_even(total, _MILLIONTHS, 0)) if covers else None
        for total, covers in zip(sums.tolist(), is_on.tolist(), strict=True)
    ]


def _degrees_near(shapes: Sequence[BaseGeometry], size_deg: tuple[float, float]) -> NDArray[np.bool_]:
    """Return bool, shape (180, 360): the squares of one degree in which a cell of a ground may have its centre."""
    near = np.zeros((180, 360), np.bool_)
    high, wide = size_deg
    for shape in shapes:
        for part in shapely.get_parts(shape):
            west, south, east, north = part.bounds
            rows = np.arange(np.floor(south - high) + 90, np.floor(north + high) + 91).astype(np.int64)
            columns = np.arange(np.floor(west - wide) + 180, np.floor(east + wide) + 181).astype(np.int64) % 360
            near[np.ix_(rows[(rows >= 0) & (rows < 180)], columns)] = True
    return near


def _add(
    sums: Ints,
    covered: Floats,
    shapes: Sequence[BaseGeometry],
    tree: shapely.STRtree,
    cells: Cells,
    near: NDArray[np.bool_],
    size_deg: tuple[float, float],
) -> Ints:
    """Add the people of some cells to the grounds that cover them, and what these cover of the grounds, in degrees².

    Returns int64, shape (n,): the centre of each cell on a ground, as one number.
    """
    lat, lon, people = cells.lat[near], cells.lon[near], cells.people[near]
    high, wide = (length / 2 for length in size_deg)
    boxes = shapely.box(lon - wide, lat - high, lon + wide, lat + high)
    cell, ground = tree.query(boxes)
    part = _parts(boxes[cell], np.array(list(shapes), object)[ground])
    np.add.at(sums, ground, np.rint(people[cell] * part * _MILLIONTHS).astype(np.int64))
    np.add.at(covered, ground, part * size_deg[0] * size_deg[1])
    on = np.unique(cell[part > 0])
    rows, columns = np.rint((lat[on] + 90) * _MILLIONTHS), np.rint((lon[on] + 180) * _MILLIONTHS)
    centres: Ints = rows.astype(np.int64) * _ROUND + columns.astype(np.int64)
    return centres


def _expect_once(centres: Ints, path: Path) -> None:
    """Raise DataError where many cells are in a table more than once: their people would be added up."""
    values, counts = np.unique(centres, return_counts=True)
    twice = int((counts - 1).sum())
    if twice > _MOST_TWICE * len(values):
        row, column = divmod(int(values[np.argmax(counts > 1)]), _ROUND)
        lat, lon = row / _MILLIONTHS - 90, column / _MILLIONTHS - 180
        raise DataError(
            f"[population] table {path.name} lists cells more than once, as that of lat {lat:.6g}, lon {lon:.6g} "
            f"({twice:,} of {len(centres):,} rows on what is ranked): their people would be added up. Expected one row "
            f"for each cell: leave out copies, keep one year, and add up parts of a population."
        )


def _parts(boxes: NDArray[np.object_], grounds: NDArray[np.object_]) -> Floats:
    """Return float64, shape (n,): which part of each cell lies on the ground, by area in degrees."""
    part: Floats = shapely.intersects(grounds, boxes).astype(np.float64)
    cut = (part > 0) & ~shapely.contains_properly(grounds, boxes)
    part[cut] = shapely.area(shapely.intersection(grounds[cut], boxes[cut])) / shapely.area(boxes[cut])
    return part
