"""The ground of clusters as the maps of the pages draw it, drawn once for each radius and set of dense sites.

Under another threshold most clusters keep their dense sites, and so their ground.
"""

from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from hubrank.clustering.outlines.outline import ground
from hubrank.core.processes import cores
from hubrank.core.sphere import Ints
from hubrank.counting.points import Sites
from hubrank.publishing.site.map_data import MapRings, map_rings
from hubrank.serving import limits
from hubrank.serving.variants import Variant

Key = tuple[float, bytes]  # radius in km, and the rows of the dense sites: all variants have the same sites


class DrawnGrounds:
    """The grounds drawn last, at most `limits.GROUNDS`. For one thread."""

    def __init__(self) -> None:
        self._rings: OrderedDict[Key, MapRings] = OrderedDict()

    def of(self, variant: Variant, labels: Sequence[int]) -> list[MapRings]:
        """Return the ground of some clusters of a variant; those that are not in memory are drawn now."""
        clusters, radius_km = variant.clusters, variant.choice.radius_km
        rows = dense_rows(clusters.label, clusters.dense.clustering.is_core, clusters.count)
        keys = [(radius_km, rows[label].tobytes()) for label in labels]
        new = {key: rows[label] for key, label in zip(keys, labels, strict=True) if key not in self._rings}
        with ThreadPoolExecutor(cores()) as threads:
            rings = threads.map(lambda dense: _rings_of(clusters.sites, dense, radius_km), new.values())
            self._rings.update(zip(new, rings, strict=True))
        for key in keys:
            self._rings.move_to_end(key)
        wanted = [self._rings[key] for key in keys]
        while len(self._rings) > limits.GROUNDS:
            self._rings.popitem(last=False)
        return wanted


def dense_rows(label: NDArray[np.int32], is_core: NDArray[np.bool_], clusters: int) -> list[Ints]:
    """Return the rows of the dense sites of each cluster, ascending."""
    rows = np.flatnonzero(is_core & (label >= 0))
    rows = rows[np.argsort(label[rows], kind="stable")]
    return np.split(rows, np.searchsorted(label[rows], np.arange(1, clusters)))


def _rings_of(sites: Sites, dense: Ints, radius_km: float) -> MapRings:
    shape = ground(sites.lat_e7[dense], sites.lon_e7[dense], radius_km=radius_km)
    return map_rings(shape, shape)
