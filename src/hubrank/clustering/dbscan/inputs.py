"""What the kernel takes: the first row that it cannot use is named."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hubrank.core.compiled import ThreadTeam, even, kernel
from hubrank.core.sphere import DATE_LINE_E7, POLE_E7, Floats, Ints

_MOST = 2**63 - 1


def whole(values: ArrayLike, name: str) -> Ints:
    """Return one column of whole numbers as int64; raise ValueError where it is none."""
    found = np.asarray(values)
    if found.ndim != 1:
        raise ValueError(f"{name} has the shape {found.shape}; expected one column.")
    if found.dtype.kind not in "iu":
        raise ValueError(f"{name} holds {found.dtype}; expected whole numbers (int64).")
    if found.dtype.kind == "u" and found.max(initial=0) > _MOST:
        row = int(np.argmax(found > _MOST))
        raise ValueError(f"row {row}: {name} is {found[row]}; it does not fit 64 bits.")
    return np.ascontiguousarray(found, np.int64)


def same_length(**columns: NDArray[np.int64] | Floats) -> None:
    """Raise ValueError where one column is shorter than another: naming the first row that it lacks."""
    lengths = {name: len(column) for name, column in columns.items()}
    short, long = min(lengths, key=lambda name: lengths[name]), max(lengths, key=lambda name: lengths[name])
    if lengths[short] < lengths[long]:
        raise ValueError(f"row {lengths[short]}: {short} ends before it; {long} has {lengths[long]} rows.")


@kernel
def _first_bad(lat_e7: Ints, lon_e7: Ints, weight: Ints, first: int, last: int) -> int:
    """Return the first row that is not a place with a weight, or -1."""
    for i in range(first, last):
        if not (-POLE_E7 <= lat_e7[i] <= POLE_E7 and -DATE_LINE_E7 <= lon_e7[i] <= DATE_LINE_E7 and weight[i] >= 0):
            return i
    return -1


def check_sites(lat_e7: Ints, lon_e7: Ints, weight: Ints, crew: ThreadTeam) -> None:
    """Raise ValueError naming the first row that is not a place on the sphere or weighs less than nothing."""
    same_length(lat_e7=lat_e7, lon_e7=lon_e7, weight=weight)
    parts = even(len(weight), crew.threads)
    found = crew.run_parts(lambda i, j: _first_bad(lat_e7, lon_e7, weight, i, j), parts)
    bad = [row for row in found if row >= 0]
    if bad:
        row = bad[0]
        for name, column, limit in (("lat_e7", lat_e7, POLE_E7), ("lon_e7", lon_e7, DATE_LINE_E7)):
            if abs(int(column[row])) > limit:
                raise ValueError(f"row {row}: {name} is {column[row]}; expected -{limit} … {limit} (1e-7 degree).")
    check_weights(weight)


def check_weights(weight: Ints) -> None:
    """Raise ValueError naming the first weight below 0, or where the sum does not fit 64 bits."""
    if weight.min(initial=0) < 0:
        row = int(np.argmax(weight < 0))
        raise ValueError(f"row {row}: weight is {weight[row]}; expected 0 or more.")
    if weight.sum(dtype=np.float64) > _MOST * (1 - 1e-6):
        raise ValueError(f"the weights add up to {sum(map(int, weight))}; expected less than 2**63.")


def check_finite(points: Floats) -> None:
    """Raise ValueError naming the first row that is not finite."""
    if points.ndim != 2:
        raise ValueError(f"points have the shape {points.shape}; expected (rows, axes).")
    bad = ~np.isfinite(points).all(axis=1)
    if bad.any():
        row = int(np.argmax(bad))
        raise ValueError(f"row {row}: {points[row].tolist()} is not finite; expected numbers.")


def check_choices(radius: float, min_weight: int, what: str) -> None:
    """Raise ValueError where the radius is not a positive number or the minimum is not a whole one from 1 up."""
    if isinstance(radius, bool | str) or not 0 < radius < math.inf:
        raise ValueError(f"{what} is {radius!r}; expected a number above 0.")
    if isinstance(min_weight, bool | str) or min_weight != int(min_weight) or not 1 <= min_weight <= _MOST:
        raise ValueError(f"min_weight is {min_weight!r}; expected a whole number from 1 to 2**63 - 1.")
