"""Points sorted into towers, boxes over the first three axes as wide as the reach, and into cells within these.

Neighbours of a point lie in its tower or in one of the 26 around it. The points of a cell are all within reach of each
other: a cell is an eighth of a tower, got by one sort of numbers of 64 bits; where these have no room, as the reach is
tiny, or where there are more than three axes, cells are cut axis by axis.
"""

import math
from typing import NamedTuple

import numpy as np

from hubrank.core.compiled import in_threads, inlined, kernel
from hubrank.core.sphere import Floats, Ints

_TRIM = 1e-6  # towers are wider than the reach by this share: far above the rounding of a tower's number
_TOWERS = 1 << 20  # along an axis at most: three numbers fit one of 64 bits
_FINEST = 10  # bits of the Z-order curve per axis
_DIGIT = 11  # bits sorted at once


class Grid(NamedTuple):
    """How towers are numbered over the first three axes: from `low`, `rate` per unit, `stride` between them by axis.

    bits : of the highest number. halved : whether an eighth of a tower is a cell; not in more axes or a tiny reach.
    """

    low: Floats
    rate: float
    stride: Ints
    bits: int
    halved: bool


def make_grid(xyz: Floats, reach: float) -> Grid:
    """Lay towers over some points: a little wider than the reach, so that neighbours are at most one tower apart."""
    low, extent = np.array([(axis.min(), axis.max() - axis.min()) for axis in xyz]).T.copy()
    wide = max(reach * (1 + _TRIM), float(extent[:3].max()) / _TOWERS)
    rate = 1 / wide if wide > 0 else 0.0
    x, y, z = (int(width * rate) + 2 for width in extent[:3])  # one more than there are: rows never touch
    return Grid(low, rate, np.array([y * z, z, 1]), (x * y * z).bit_length(), len(xyz) == 3 and wide < 1.1 * reach)


@inlined
def _spaced(bits: int) -> int:
    """Return the lowest 10 bits of a number with two zeros between each and the next (Morton 1966)."""
    bits = (bits | bits << 16) & 0x030000FF
    bits = (bits | bits << 8) & 0x0300F00F
    bits = (bits | bits << 4) & 0x030C30C3
    return (bits | bits << 2) & 0x09249249


@kernel
def _number(xyz: Floats, grid: Grid, fine: int, shift: int, code: Ints, first: int, last: int) -> None:
    """Write the tower of each point, 3 × `fine` bits for its place on a Z-order curve, and `shift` for its row."""
    scale, mask, low = grid.rate * (1 << fine), (1 << fine) - 1, grid.low
    for i in range(first, last):
        x, y, z = (
            int((xyz[0, i] - low[0]) * scale),
            int((xyz[1, i] - low[1]) * scale),
            int((xyz[2, i] - low[2]) * scale),
        )
        tower = (x >> fine) * grid.stride[0] + (y >> fine) * grid.stride[1] + (z >> fine)
        place = tower << 3 * fine | _spaced(x & mask) << 2 | _spaced(y & mask) << 1 | _spaced(z & mask)
        code[i] = place << shift | (i if shift else 0)


@kernel
def _sort(values: Ints, spare: Ints, low: int, high: int, count: Ints) -> bool:
    """Sort by the bits from `low` up to `high`, digit by digit; return whether the result is in `spare`."""
    swapped = False
    for shift in range(low, high, _DIGIT):
        source, target = (spare, values) if swapped else (values, spare)
        mask = (1 << min(_DIGIT, high - shift)) - 1
        for digit in range(mask + 2):
            count[digit] = 0
        for i in range(len(source)):
            count[(source[i] >> shift & mask) + 1] += 1
        for digit in range(mask):
            count[digit + 1] += count[digit]
        for i in range(len(source)):
            digit = source[i] >> shift & mask
            target[count[digit]] = source[i]
            count[digit] += 1
        swapped = not swapped
    return swapped


def _intervals(values: Floats, width: float) -> Ints:
    """Return the number of the interval of each value; none is wider than a width."""
    distinct, place = np.unique(values, return_inverse=True)
    number, begin = np.zeros(len(distinct), np.int64), distinct[0]
    for i in range(1, len(distinct)):
        wide = distinct[i] - begin > width
        number[i], begin = number[i - 1] + wide, distinct[i] if wide else begin
    return number[place]


def sort_points(xyz: Floats, reach: float, grid: Grid, threads: int) -> tuple[Ints, Ints, Ints]:
    """Return the order of points by towers and cells, and in that order the number of the tower and one of the cell.

    xyz : float64, shape (axes, n). Returns int64, each of shape (n,).
    """
    n = xyz.shape[1]
    shift, code, spare = n.bit_length(), np.empty(n, np.int64), np.empty(n, np.int64)
    fine = min((62 - shift - grid.bits) // 3, _FINEST) if grid.halved else 0
    in_threads(threads, lambda i, j: _number(xyz, grid, max(fine, 0), shift * (fine > 0), code, i, j), n)
    if fine <= 0:
        axes = [_intervals(axis, reach / math.sqrt(len(xyz)) * (1 - _TRIM)) for axis in xyz]
        order = np.lexsort((*axes, code))
        opens = np.any([np.diff(values[order], prepend=-1) != 0 for values in (code, *axes)], axis=0)
        return order, code[order], np.cumsum(opens)
    if _sort(code, spare, shift, shift + grid.bits + 3 * fine, np.empty((1 << _DIGIT) + 1, np.int64)):
        code, spare = spare, code
    order = code & ((1 << shift) - 1)
    code >>= shift + 3 * (fine - 1)
    return order, np.right_shift(code, 3, out=spare), code
