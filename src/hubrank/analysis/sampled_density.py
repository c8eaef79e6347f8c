"""Whether sampled listings are dense anywhere, clustered as a run would."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hubrank.clustering.dbscan.dbscan import NOISE
from hubrank.clustering.density import clusters
from hubrank.core.sphere import Ints
from hubrank.counting.points import rounded_spots, sites
from hubrank.study.study import Study

_AXES = ("lat_e7", "lon_e7")
COLUMNS = ("metric", "lat_e7", "lon_e7", "units", "listings")


class SampledPoints:
    """Collects where sampled listings were put."""

    def __init__(self) -> None:
        self.parts: list[pa.Table] = []

    def add(self, metric: str, answers: pa.Table, listings: list[int]) -> None:
        """Add addresses of one source: ANSWER row by row, and how many listings have each."""
        counts = pa.array(listings, pa.int64())
        columns = [pa.repeat(pa.scalar(metric), len(answers)), answers["lat_e7"], answers["lon_e7"], counts, counts]
        table = pa.table(columns, names=COLUMNS)
        self.parts.append(table.filter(pc.is_valid(table["lat_e7"])))

    def spots(self) -> tuple[Ints, Ints]:
        """Return latitude and longitude of the addresses, int64, shape (addresses,), in 1e-7 degree."""
        lat_e7, lon_e7 = ([part[name].to_numpy() for part in self.parts] for name in _AXES)
        none = np.empty(0, np.int64)
        return np.concatenate([none, *lat_e7]), np.concatenate([none, *lon_e7])

    def threshold_of_no_cluster(self, study: Study) -> int | None:
        """Return how many listings a circle needs of which there is none; None where there is one."""
        points, rounded_axes = pa.concat_tables(self.parts), rounded_spots(*self.spots(), study.points.step_e7)
        for name, rounded in zip(_AXES, rounded_axes, strict=True):
            points = points.set_column(points.column_names.index(name), name, pa.array(rounded))
        dense = clusters(sites(points, study.metrics), study.clusters, study.density)
        return dense.threshold if (dense.clustering.label == NOISE).all() else None
