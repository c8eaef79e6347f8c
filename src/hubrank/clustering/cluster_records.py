"""located × clusters: what the records of clusters add up to, once for all tables (METHOD 4, 5)."""

from dataclasses import dataclass

from hubrank.core.tables import Engine, Relation

MEMBERS = """
SELECT metric, record_key, cluster, CAST(SUM(units) AS BIGINT) AS units, MAX(count) AS records,
       MAX(record_units) AS record_units
FROM rounded JOIN labels USING (lat_e7, lon_e7)
GROUP BY metric, record_key, cluster
"""

# Few rows, whatever the number of records: what depends on neither record nor place is added up from them.
CELLS = """
SELECT metric, cluster, economy, field, year, CAST(SUM(units) AS BIGINT) AS units
FROM rounded LEFT JOIN labels USING (lat_e7, lon_e7)
GROUP BY metric, cluster, economy, field, year
"""


def members(rounded: Relation, labels: Relation, engine: Engine) -> Relation:
    """Return Relation[metric, record_key, cluster, units, records, record_units]: noise is left out.

    labels : as `labelled` returns it.
    """
    return engine.run(MEMBERS, rounded=rounded, labels=labels)


@dataclass(frozen=True, slots=True)
class ClusterRecords:
    """The records of clusters, as relations.

    rounded : of every located listing, coordinates rounded.
    labels : lat_e7, lon_e7, cluster: the sites that lie in a cluster.
    members : metric, record_key, cluster, units, records, record_units: what each record has in a cluster.
    cells : metric, cluster, economy, field, year, units: sums over records; noise has no cluster.
    """

    rounded: Relation
    labels: Relation
    members: Relation
    cells: Relation

    @classmethod
    def of(cls, rounded: Relation, labels: Relation, engine: Engine) -> "ClusterRecords":
        """Count the records of clusters once, for all tables."""
        cells = engine.run(CELLS, rounded=rounded, labels=labels)
        return cls(rounded, labels, members(rounded, labels, engine), cells)
