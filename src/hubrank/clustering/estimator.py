"""The clustering kernel as scikit-learn estimators."""

import logging
from numbers import Real
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils.validation import validate_data

from hubrank.clustering.dbscan.dbscan import cluster_sites, compiled
from hubrank.core import sphere
from hubrank.core.errors import ArgumentError
from hubrank.core.sphere import Floats, Ints

_LOG = logging.getLogger(__name__)


def _weights(sample_weight: ArrayLike | None, rows: int) -> Ints:
    """Return weights as whole numbers, one per row; raise ValueError naming the first that is none."""
    if sample_weight is None:
        return np.ones(rows, np.int64)
    weight = np.asarray(sample_weight)
    if weight.shape != (rows,):
        raise ArgumentError(f"sample_weight has the shape {weight.shape}; expected one weight for each of {rows} rows.")
    if weight.dtype.kind not in "iu":
        weight = _whole(weight)
    if not weight.any():
        raise ArgumentError("sample_weight is zero for every row; expected some weight.")
    return weight.astype(np.int64)


def _whole(weight: NDArray[np.generic]) -> Floats:
    """Return weights that came as floats; raise ValueError naming the first that is not a whole number."""
    numbers = weight.astype(np.float64)
    bad = ~(np.isfinite(numbers) & (numbers == np.floor(numbers)) & (np.abs(numbers) < 2**53))
    if bad.any():
        row = int(np.argmax(bad))
        raise ArgumentError(
            f"row {row}: sample_weight is {numbers[row]}; expected a whole number, so that sums are exact."
        )
    return numbers


def _first(bad: NDArray[np.bool_]) -> int | None:
    """Return the first row that holds anything bad, or None."""
    rows = bad.any(axis=1)
    return int(np.argmax(rows)) if rows.any() else None


def _rows(estimator: BaseEstimator, X: ArrayLike) -> Floats:  # noqa: N803 (scikit-learn's name)
    """Return the rows as float64; raise ValueError naming the first that is not finite."""
    rows: Floats = validate_data(estimator, X, dtype=np.float64, ensure_all_finite=False)
    row = _first(~np.isfinite(rows))
    if row is not None:
        raise ArgumentError(f"row {row}: {rows[row].tolist()}; expected numbers, neither NaN nor inf.")
    return rows


def _expect_choices(radius_km: object, min_weight: object, threads: object) -> None:
    """Raise ArgumentError for a parameter of another type or outside its bounds."""
    if not 0 < _number(radius_km) < float("inf"):
        raise ArgumentError(f"radius_km is {radius_km!r}; expected a number above 0.")
    if not (_number(min_weight).is_integer() and 1 <= _number(min_weight) < 2**63):
        raise ArgumentError(f"min_weight is {min_weight!r}; expected a whole number from 1 to 2**63 - 1.")
    if threads is not None and not (_number(threads).is_integer() and _number(threads) >= 1):
        raise ArgumentError(f"threads is {threads!r}; expected 1 or more, or None: one per processor.")


def _number(value: object) -> float:
    """Return a parameter as a number, NaN where it is none."""
    return float(value) if isinstance(value, Real) and not isinstance(value, bool) else float("nan")


class GeoDBSCAN(ClusterMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn is untyped
    """Density clusters of weighted places on the sphere: exact, the same for any order of the rows.

    Parameters
    ----------
    radius_km : float
        How far a neighbour may be, along the surface of a sphere of 6371.0088 km; the rim counts as inside.
    min_weight : int
        What a place and its neighbours must weigh together for it to be core.
    threads : int or None
        How many run side by side; None: one per processor. The result never depends on it.

    Attributes
    ----------
    labels_ : int64, shape (n,)
        0 is the heaviest cluster, ties by the core of lowest (latitude, longitude); -1 is noise. A place that is not
        core joins its nearest core within the radius, ties to the core of lower (latitude, longitude).
    core_sample_indices_ : int64, shape (n_core,)
        The rows that are core.
    n_features_in_ : int
        2.

    Examples
    --------
    >>> from hubrank import GeoDBSCAN
    >>> basel, mulhouse, paris = [47.56, 7.59], [47.75, 7.34], [48.86, 2.35]
    >>> GeoDBSCAN(radius_km=30, min_weight=9).fit_predict([basel, mulhouse, paris], sample_weight=[5, 4, 8])
    array([ 0,  0, -1])
    """

    def __init__(self, radius_km: float = 15.0, min_weight: int = 5, *, threads: int | None = None) -> None:
        self.radius_km = radius_km
        self.min_weight = min_weight
        self.threads = threads

    def fit(self, X: ArrayLike, y: None = None, sample_weight: ArrayLike | None = None) -> Self:  # noqa: ARG002, N803
        """Cluster places.

        Parameters
        ----------
        X : array-like, shape (n, 2)
            Latitude and longitude in degrees, from -90 to 90 and -180 to 180; taken to 1e-7 degree, about a centimetre.
        y : None
            Not used.
        sample_weight : array-like, shape (n,), optional
            Whole numbers, 0 or more; 1 each by default. Sums are exact.

        Raises
        ------
        ArgumentError (a StudyError and a ValueError)
            Naming the first row that cannot be used.
        """
        rows = _rows(self, X)
        if rows.shape[1] != 2:
            raise ArgumentError(f"X has {rows.shape[1]} feature(s); expected 2, latitude and longitude in degrees.")
        row = _first(np.abs(rows) > [90, 180])
        if row is not None:
            raise ArgumentError(
                f"row {row}: {rows[row].tolist()}; expected latitude in -90 … 90, longitude in -180 … 180."
            )
        weight = _weights(sample_weight, len(rows))
        if not compiled():
            _LOG.warning("Compiling the clustering kernel: once, some seconds.")
        lat, lon = sphere.to_e7(rows.T)
        radius_km, min_weight = self.radius_km, self.min_weight
        _expect_choices(radius_km, min_weight, self.threads)
        clustering = cluster_sites(lat, lon, weight, radius_km=radius_km, min_weight=min_weight, threads=self.threads)
        self.labels_ = clustering.label.astype(np.int64)
        self.core_sample_indices_ = np.flatnonzero(clustering.is_core)
        return self
