"""clusters → measures: what each cluster produces, per metric (METHOD 5)."""

import numpy as np

from hubrank.kernels.dbscan import NOISE
from hubrank.sphere import Ints
from hubrank.stages.clusters import Labels
from hubrank.stages.sites import Sites


def sum_by_cluster(values: Ints, label: Labels) -> Ints:
    """Return int64, shape (rows, clusters): the sum of each row of `values` over the sites of each cluster."""
    count = int(label.max(initial=NOISE)) + 1
    member = label != NOISE
    sums = np.zeros((len(values), count), np.int64)
    for row, line in enumerate(values):
        np.add.at(sums[row], label[member], line[member])
    return sums


def measures(sites: Sites, label: Labels) -> tuple[Ints, Ints]:
    """Return units and listings, each int64, shape (metrics, clusters).

    Whatever lies in no cluster is noise: clusters + noise = world, exactly.
    """
    return sum_by_cluster(sites.units, label), sum_by_cluster(sites.listings, label)
