"""clusters → measures: what each cluster produces, per metric (METHOD 5)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hubrank.clustering.dbscan.dbscan import NOISE
from hubrank.clustering.density import Labels
from hubrank.clustering.record_clusters import members_for_labels
from hubrank.core.sphere import Ints
from hubrank.core.tables import Engine, Relation
from hubrank.counting.points import Sites, metric_numbers

FULL_COUNTS = """
SELECT metric, cluster, CAST(SUM(record_units * records) AS BIGINT) AS units
FROM members
GROUP BY metric, cluster
"""


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


def main_sites(sites: Sites, label: Labels) -> Ints:
    """Return int64, shape (clusters,): the row of the site with most listings; ties: the first by (lat, lon)."""
    by_label = np.lexsort((-sites.listings.sum(axis=0), label))
    labels, first = np.unique(label[by_label], return_index=True)
    return np.asarray(by_label[first[labels != NOISE]], np.int64)


@dataclass(frozen=True, slots=True)
class FullCounts:
    """What clusters have under full counting: a record counts wholly in each cluster, for any labels of sites.

    rounded : as of RecordOverlap.
    """

    rounded: Callable[[], Relation]
    engine: Engine

    def for_labels(self, sites: Sites, label: Labels) -> Ints:
        """Return int64, shape (metrics, clusters): all units of each record with a listing in the cluster."""
        count = int(label.max(initial=NOISE)) + 1
        with members_for_labels(self.rounded(), sites, label, self.engine) as belonging:
            return full_counts(belonging, sites.metrics, count, self.engine)


def full_counts(members: Relation, metrics: tuple[str, ...], count: int, engine: Engine) -> Ints:
    """Return int64, shape (metrics, clusters): all units of each record with a listing in the cluster.

    members : Relation[metric, cluster, records, record_units], as record_clusters.members returns it.
    count : number of clusters.
    """
    rows = engine.rows(FULL_COUNTS, members=members)
    rows = rows.filter(pc.is_in(rows["metric"], pa.array(metrics, pa.string())))
    units = np.zeros((len(metrics), count), np.int64)
    units[metric_numbers(rows, metrics), rows["cluster"].to_numpy()] = rows["units"].to_numpy()
    return units
