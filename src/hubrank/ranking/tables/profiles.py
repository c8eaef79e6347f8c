"""located × clusters → profiles: organisations, fields, years and economies of each cluster (METHOD 8).

The units of a record in a cluster are split equally, in whole units, over the organisations that its listings there
name; what the division leaves goes to the first names in alphabetical order. Field, year and economy take the whole.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hubrank.core import countries
from hubrank.core.errors import CheckFailed
from hubrank.core.tables import Engine, Relation, schema
from hubrank.core.units import SHARE, SHOWN_DECIMALS, half_even
from hubrank.counting.points import metric_numbers
from hubrank.counting.shares import shown_shares_pct
from hubrank.ranking.cluster_records import ClusterRecords
from hubrank.ranking.scores import RankedClusters

NONE = "(none)"  # the name of what has none
INDIVIDUAL = "individual"  # what readers write for natural persons
KINDS = ("economy", "field", "organisation", "year")

# One organisation takes all units of any number of records: only those that share them are kept record by record.
PARTS = """
SELECT metric, shared_record AS record_key, cluster, organisations, CAST(SUM(units) AS BIGINT) AS units
FROM (SELECT *, CASE WHEN len(organisations) > 1 THEN record_key END AS shared_record FROM rounded)
JOIN labels USING (lat_e7, lon_e7)
WHERE organisations IS NOT NULL
GROUP BY metric, shared_record, cluster, organisations
"""

NAMED = """
SELECT DISTINCT metric, record_key, cluster, organisations, units, TRIM(name) AS name
FROM (SELECT metric, record_key, cluster, organisations, units, UNNEST(organisations) AS name FROM parts)
WHERE TRIM(name) <> ''
"""

SPLIT = """
SELECT metric, cluster, name, units // many + CASE WHEN nth <= units % many THEN 1 ELSE 0 END AS units
FROM (
    SELECT metric, cluster, name, units,
           row_number() OVER (PARTITION BY metric, record_key, cluster, organisations ORDER BY name) AS nth,
           COUNT(*) OVER (PARTITION BY metric, record_key, cluster, organisations) AS many
    FROM named
)
"""

# What no organisation took is the rest, so that the parts add up to the cluster.
ORGANISATIONS = f"""
SELECT metric, cluster, name, CAST(SUM(units) AS BIGINT) AS units
FROM (
    SELECT metric, cluster, name, units FROM split
    UNION ALL SELECT metric, cluster, '{NONE}' AS name, -units AS units FROM split
    UNION ALL SELECT metric, cluster, '{NONE}' AS name, units FROM cells WHERE cluster IS NOT NULL
)
GROUP BY metric, cluster, name
HAVING SUM(units) <> 0
"""

TRAITS = " UNION ALL ".join(
    f"""
SELECT metric, cluster, '{kind}' AS kind, name, CAST(SUM(units) AS BIGINT) AS units
FROM (SELECT metric, cluster, units, COALESCE(NULLIF(TRIM(CAST({kind} AS VARCHAR)), ''), '{NONE}') AS name
      FROM cells WHERE cluster IS NOT NULL)
GROUP BY metric, cluster, name
"""
    for kind in ("economy", "field", "year")
)

PLACED = f"""
SELECT metric, cluster, kind, name, units,
       row_number() OVER (PARTITION BY metric, cluster, kind
                          ORDER BY CASE WHEN name IN ('{NONE}', '{INDIVIDUAL}') THEN 1 ELSE 0 END, units DESC, name)
           AS rank_in_cluster
FROM (
    SELECT metric, cluster, kind, name, units FROM traits
    UNION ALL SELECT metric, cluster, 'organisation' AS kind, name, units FROM organisations
)
"""

WORLD_FIELDS = f"""
SELECT metric, name, CAST(SUM(units) AS BIGINT) AS units
FROM (SELECT metric, units, COALESCE(NULLIF(TRIM(field), ''), '{NONE}') AS name FROM cells)
GROUP BY metric, name
"""

SCHEMA = schema("""
    cluster_id text, metric text, kind text, name text, code text?, rank_in_cluster int, units int, share_pct share?,
    specialisation share?
""")
KEY = ("cluster_id", "metric", "kind", "rank_in_cluster")


FIELDS_SCHEMA = schema("metric text, name text, units int")
FIELDS_KEY = ("metric", "name")


def fields(cells: Relation, engine: Engine) -> pa.Table:
    """Return the world's output by field, in clusters and outside; what names none is `(none)`.

    cells : as ClusterRecords has them. The units of a metric add up to those of its located records.
    """
    return engine.rows(WORLD_FIELDS, cells=cells).cast(FIELDS_SCHEMA)


def profiles(ranked: RankedClusters, records: ClusterRecords, world: pa.Table, engine: Engine) -> pa.Table:
    """Return the output of each cluster and metric by organisation, field, year and economy.

    Parameters
    ----------
    records : those of the clusters. `organisations` of a located listing are its own where the source has them by
        listing, else those of the record.
    world : the table that `fields` returns.

    Returns
    -------
    Table of SCHEMA
        One row per cluster, metric, kind and name. `rank_in_cluster` orders them by units within their kind, the
        unnamed last; `code` is that of an economy; `specialisation` is a field's share in the cluster over its share
        in the world.

    Raises
    ------
    CheckFailed
        Where the rows of a kind do not add up to the units of the cluster.
    """
    traits = engine.run(TRAITS, cells=records.cells)
    parts = engine.run(PARTS, rounded=records.rounded, labels=records.labels)
    named = engine.run(NAMED, parts=parts)
    split = engine.run(SPLIT, named=named)
    organisations = engine.run(ORGANISATIONS, split=split, cells=records.cells)
    rows = engine.rows(PLACED, traits=traits, organisations=organisations)
    engine.drop(traits, parts, named, split, organisations)
    _conserved(rows, ranked)
    whole = {(metric, name): units for metric, name, units in _rows(world, "metric", "name", "units")}
    return _described(rows, ranked, whole)


def _rows(table: pa.Table, *names: str) -> Iterator[tuple[Any, ...]]:
    return zip(*(table[name].to_pylist() for name in names), strict=True)


def _conserved(rows: pa.Table, ranked: RankedClusters) -> None:
    """Check that each kind adds up to what the cluster holds."""
    sums = rows.group_by(["metric", "cluster", "kind"]).aggregate([("units", "sum")])
    totals = {key[:3]: key[3] for key in _rows(sums, "metric", "cluster", "kind", "units_sum")}
    for m, metric in enumerate(ranked.sites.metrics):
        for cluster, name in enumerate(ranked.names):
            units = int(ranked.units[m, cluster])
            for kind in KINDS:
                if totals.get((metric, cluster, kind), 0) != units:
                    raise CheckFailed(
                        f"{name.cluster_id}, {metric}: by {kind} the profile has "
                        f"{totals.get((metric, cluster, kind), 0)} units, the cluster {units}. Please report it."
                    )


def _described(rows: pa.Table, ranked: RankedClusters, world: dict[tuple[str, str], int]) -> pa.Table:
    """Add names, shares and specialisation."""
    cluster, metric = rows["cluster"].to_numpy(), metric_numbers(rows, ranked.sites.metrics)
    code = pc.if_else(pc.and_(pc.equal(rows["kind"], "economy"), pc.not_equal(rows["name"], NONE)), rows["name"], None)
    return pa.table(
        {
            "cluster_id": pa.array([name.cluster_id for name in ranked.names], pa.string()).take(rows["cluster"]),
            "metric": rows["metric"],
            "kind": rows["kind"],
            "name": pc.coalesce(_economies(code), rows["name"]),
            "code": code,
            "rank_in_cluster": rows["rank_in_cluster"],
            "units": rows["units"],
            "share_pct": shown_shares_pct(rows["units"].to_numpy(), ranked.units[metric, cluster]),
            "specialisation": _specialisation(rows, ranked, world),
        },
        SCHEMA,
    )


def _economies(code: pa.ChunkedArray) -> pa.Array:
    """Return the names of economies; null where there is no code."""
    codes = code.combine_chunks().dictionary_encode()
    return pa.array([countries.name(iso2) for iso2 in codes.dictionary.to_pylist()], pa.string()).take(codes.indices)


def _specialisation(rows: pa.Table, ranked: RankedClusters, world: dict[tuple[str, str], int]) -> pa.Array:
    """Return a field's share in the cluster over its share in the world; null for what is no field."""
    special = np.full(rows.num_rows, None, object)
    mine = np.flatnonzero(pc.equal(rows["kind"], "field").to_numpy())
    number = {metric: m for m, metric in enumerate(ranked.sites.metrics)}
    fields = rows.take(mine)
    for row, (metric, cluster, name, units) in zip(
        mine.tolist(), _rows(fields, "metric", "cluster", "name", "units"), strict=True
    ):
        m = number[metric]
        whole = int(ranked.units[m, cluster])
        if whole:
            special[row] = half_even(units * ranked.sites.totals[m], whole * world[metric, name], SHOWN_DECIMALS)
    return pa.array(special, SHARE)
