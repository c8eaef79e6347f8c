"""sites → clusters by HDBSCAN, weighted by listings: density at every scale, instead of one radius (extra `hdbscan`).

Campello, Moulavi & Sander (2013), PAKDD, 160–172; the package fast_hdbscan, on points of the unit sphere.
"""

from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from hubrank.clustering.dbscan.dbscan import NOISE
from hubrank.core.errors import StudyError
from hubrank.core.sphere import Ints, unit_vectors


def expect_installed() -> None:
    """Raise StudyError where the package is not there."""
    if find_spec("fast_hdbscan") is None:
        raise StudyError("HDBSCAN needs the extra `hdbscan`: pip install 'hubrank[hdbscan]'.")


def hdbscan_sites(lat_e7: Ints, lon_e7: Ints, weight: Ints, *, min_weight: int) -> NDArray[np.int32]:
    """Return the most stable clusters of at least `min_weight`: int32, shape (n,), NOISE for none, in no order.

    lat_e7, lon_e7, weight : int64, shape (n,). Listings at each site, not negative; taken in single precision.
    min_weight : the least weight of a cluster, and of the neighbours that decide how dense a site is.
    Raises StudyError where the package is not installed.
    """
    expect_installed()
    from fast_hdbscan import fast_hdbscan  # noqa: PLC0415 (an extra, which compiles when it is imported)

    if weight.sum() < min_weight or len(weight) < 2:
        return np.full(len(weight), NOISE, np.int32)
    points = unit_vectors(lat_e7, lon_e7)
    # Of each site the package looks at 2 * min_samples / mean weight neighbours, and reads what is not there below one.
    more_than_half_the_mean = int(weight.sum()) // (2 * len(weight)) + 1
    label, _ = fast_hdbscan(
        points,
        min_samples=max(min_weight, more_than_half_the_mean),
        min_cluster_size=min_weight,
        sample_weights=weight,
        reproducible=True,
    )
    return np.asarray(label, np.int32)
