"""located × clusters: which record has how many units in which cluster; and the records that two clusters share.

For any labels, before clusters are final; what the final ones hold is added up as listings are written (METHOD 4, 5).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from hubrank.clustering.dbscan.dbscan import NOISE
from hubrank.clustering.density import Labels
from hubrank.core.tables import Engine, Relation, schema
from hubrank.core.units import UNIT
from hubrank.counting.points import Sites

MEMBERS = """
SELECT metric, record_key, cluster, CAST(SUM(units) AS BIGINT) AS units, MAX(count) AS records,
       MAX(record_units) AS record_units
FROM rounded JOIN labels USING (lat_e7, lon_e7)
GROUP BY metric, record_key, cluster
"""

LINKS = """
SELECT a.metric AS metric, a.cluster AS a, b.cluster AS b, CAST(SUM(a.records) AS BIGINT) AS records
FROM members a JOIN members b ON a.metric = b.metric AND a.record_key = b.record_key AND a.cluster < b.cluster
GROUP BY a.metric, a.cluster, b.cluster
"""

LABEL_SCHEMA = schema("lat_e7 int, lon_e7 int, cluster int32")


def labelled(sites: Sites, label: Labels, engine: Engine) -> Relation:
    """Return Relation[lat_e7, lon_e7, cluster]: the sites that lie in a cluster."""
    inside = label != NOISE
    table = pa.table([sites.lat_e7[inside], sites.lon_e7[inside], label[inside]], schema=LABEL_SCHEMA)
    return engine.load(iter([table]), LABEL_SCHEMA)


def members(rounded: Relation, labels: Relation, engine: Engine) -> Relation:
    """Return Relation[metric, record_key, cluster, units, records, record_units]: noise is left out.

    labels : as `labelled` returns it.
    """
    return engine.run(MEMBERS, rounded=rounded, labels=labels)


@contextmanager
def members_for_labels(rounded: Relation, sites: Sites, label: Labels, engine: Engine) -> Iterator[Relation]:
    """Give the members of clusters as `members` returns them, for as long as they are needed."""
    labels = labelled(sites, label, engine)
    try:
        belonging = members(rounded, labels, engine)
        try:
            yield belonging
        finally:
            engine.drop(belonging)
    finally:
        engine.drop(labels)


@dataclass(frozen=True, slots=True)
class RecordOverlap:
    """The records that two clusters share, for any labels of sites.

    rounded : returns Relation[metric, record_key, lat_e7, lon_e7, units, count, …], one row per located listing,
        rounded as the sites are. It is called for labels only, as it may open the records.
    """

    rounded: Callable[[], Relation]
    engine: Engine

    def for_labels(self, sites: Sites, label: Labels) -> tuple[pa.Table, dict[str, int]]:
        """Return columns metric, a, b, records, as `links` does, and the records of the world by metric.

        Only metrics of `sites` count. label : int32, shape (sites,).
        """
        with members_for_labels(self.rounded(), sites, label, self.engine) as belonging:
            shared = links(belonging, self.engine)
        world = {
            metric: max(1, total // UNIT) for metric, total in zip(sites.metrics, sites.totals, strict=True) if total
        }
        return shared.filter(pc.is_in(shared["metric"], pa.array(sites.metrics, pa.string()))), world


def links(members: Relation, engine: Engine) -> pa.Table:
    """Return columns metric, a, b, records: records with at least one listing in both clusters, a < b."""
    return engine.rows(LINKS, members=members).sort_by([(column, "ascending") for column in ("metric", "a", "b")])
