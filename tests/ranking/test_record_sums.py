"""What records add up to in one pass is what statements over all of them say, however the rows are cut or mixed."""

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from hubrank.clustering.record_clusters import LABEL_SCHEMA, members
from hubrank.core.keyed_sums import KeyedSums
from hubrank.core.units import UNIT
from hubrank.engines.duckdb import DuckEngine
from hubrank.ranking.listing_sums import ListingSums
from hubrank.ranking.rank_sets.rank_covariance import SPLIT, wide_sums
from ranking.small_rankings import ROUNDED

METRICS = ("deals", "patents")
WHOLE = "SELECT * REPLACE (record_units * records AS units) FROM members"
BY_CLUSTER = f"""
SELECT metric, cluster, CAST(SUM(records) AS BIGINT) AS records,
       CAST(SUM(CASE WHEN units < record_units * records THEN records ELSE 0 END) AS BIGINT) AS with_partners,
       CAST(SUM(records * (units // records * (units // records) // {SPLIT})) AS BIGINT) AS high,
       CAST(SUM(records * (units // records * (units // records) % {SPLIT})) AS BIGINT) AS low,
       CAST(SUM(records * (units // records * record_units // {SPLIT})) AS BIGINT) AS crossed_high,
       CAST(SUM(records * (units // records * record_units % {SPLIT})) AS BIGINT) AS crossed_low
FROM members GROUP BY metric, cluster
"""
BY_PAIR = f"""
SELECT a.metric AS metric, a.cluster AS a, b.cluster AS b, CAST(SUM(a.records) AS BIGINT) AS records,
       CAST(SUM(a.records * (a.units // a.records * (b.units // b.records) // {SPLIT})) AS BIGINT) AS high,
       CAST(SUM(a.records * (a.units // a.records * (b.units // b.records) % {SPLIT})) AS BIGINT) AS low
FROM members a JOIN members b ON a.metric = b.metric AND a.record_key = b.record_key AND a.cluster < b.cluster
GROUP BY a.metric, a.cluster, b.cluster ORDER BY a, b
"""
WORLD = f"""
SELECT metric, CAST(SUM(count * (record_units * record_units // {SPLIT})) AS BIGINT) AS high,
       CAST(SUM(count * (record_units * record_units % {SPLIT})) AS BIGINT) AS low
FROM (SELECT DISTINCT metric, record_key, count, record_units FROM rounded) GROUP BY metric
"""
CELLS = """
SELECT metric, CAST(cluster AS BIGINT) AS cluster, economy, field, CAST(year AS BIGINT) AS year,
       CAST(SUM(units) AS BIGINT) AS units
FROM rounded LEFT JOIN labels USING (lat_e7, lon_e7) GROUP BY metric, cluster, economy, field, year
"""


def world(seed, clusters):
    """Return rows of records whose keys are alike, and the clusters of sites; some sites are in none."""
    draw = np.random.default_rng(seed)
    rows = []
    for metric in METRICS:
        for number in draw.permutation(60).tolist():
            count, weight = int(draw.integers(1, 4)), int(draw.choice([UNIT, UNIT // 3, 1, 0]))
            many = int(draw.choice([1, 2, 5, 40], p=[0.4, 0.4, 0.15, 0.05]))
            edges = np.sort(draw.integers(0, weight + 1, many - 1))
            parts = np.diff(edges, prepend=0, append=weight)
            for nth, part in enumerate(parts.tolist()):
                site = int(draw.integers(0, clusters * 5 // 4 + 1))
                rows.append(
                    {
                        "metric": metric,
                        "record_key": "r" * (number % 3) + str(number // 3),
                        "listing_no": nth,
                        "year": draw.choice([2019, 2020, None]),
                        "lat_e7": site,
                        "lon_e7": 0,
                        "units": count * part,
                        "listings": count if nth == 0 or draw.random() < 0.5 else 0,
                        "count": count,
                        "record_units": weight,
                        "economy": [None, "FR", "DE"][site % 3],
                        "organisations": None,
                        "field": draw.choice(["Optics", "Dyes", None]),
                    }
                )
    labels = pa.table([range(clusters), [0] * clusters, range(clusters)], schema=LABEL_SCHEMA)
    return pa.Table.from_pylist(rows, ROUNDED), labels


def taken(table, clusters, sums, draw, contiguous):
    """Give the rows of each metric to the sums, cut anywhere, as those of two shards."""
    for metric in METRICS:
        rows = table.filter(pc.equal(table["metric"], metric)).combine_chunks()
        site = rows["lat_e7"].to_numpy()
        label = np.where(site < clusters, site, clusters)
        rows = rows.append_column("place", pa.array(np.arange(len(rows))))
        keys = rows["record_key"].to_pylist()
        half = next(row for row in range(len(rows) // 2, len(rows)) if keys[row] != keys[row - 1])
        for first, last in ((0, half), (half, len(rows))):
            shard = sums.begin(metric, label, rows["economy"].combine_chunks(), contiguous=contiguous)
            cuts = [first, *np.sort(draw.integers(first, last, 9)).tolist(), last]
            for start, end in pairwise(cuts):
                shard.add(rows.slice(start, end - start), label[start:end])


def in_order(rows):
    return sorted((tuple(row.values()) for row in rows.to_pylist()), key=str)


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("mixed", [False, True])
@pytest.mark.parametrize(("seed", "clusters"), [(1, 1), (2, 4), (3, 12), (4, 60)])
def test_one_pass_adds_up_what_statements_do(tmp_path, seed, clusters, mixed, full):
    table, labels = world(seed, clusters)
    draw = np.random.default_rng(seed)
    table = table.take(draw.permutation(len(table))) if mixed else table
    with DuckEngine(spill=tmp_path) as engine:
        rounded, where = engine.load(iter([table]), ROUNDED), engine.load(iter([labels]), LABEL_SCHEMA)
        sums = ListingSums(METRICS, clusters, full=full)
        taken(table, clusters, sums, draw, contiguous=not mixed)
        records = sums.finished(rounded, where, engine)
        fractions = members(rounded, where, engine)
        counted = engine.plan(WHOLE, members=fractions) if full else fractions
        expected = {
            name: engine.rows(BY_CLUSTER, members=each).to_pylist()
            for name, each in (("fractions", fractions), ("counted", counted))
        }
        pairs, of_world = engine.rows(BY_PAIR, members=counted), engine.rows(WORLD, rounded=rounded)
        assert in_order(engine.arrow(records.cells)) == in_order(engine.rows(CELLS, rounded=rounded, labels=where))
    for metric, got in records.of_metric.items():
        of = {name: {row["cluster"]: row for row in rows if row["metric"] == metric} for name, rows in expected.items()}
        nothing = dict.fromkeys(("records", "with_partners", "high", "low", "crossed_high", "crossed_low"), 0)
        for cluster in range(clusters):
            part, whole = (of[name].get(cluster, nothing) for name in ("fractions", "counted"))
            assert got.records[cluster] == part["records"]
            assert got.with_partners[cluster] == part["with_partners"]
            assert got.parts[cluster] == part["high"] * SPLIT + part["low"]
            assert got.squares[cluster] == whole["high"] * SPLIT + whole["low"]
            assert got.crossed[cluster] == whole["crossed_high"] * SPLIT + whole["crossed_low"]
        shared = pairs.filter(pc.equal(pairs["metric"], metric))
        assert got.pairs == list(zip(shared["a"].to_pylist(), shared["b"].to_pylist(), strict=True))
        assert got.shared == shared["records"].to_pylist()
        assert got.products == wide_sums(shared["high"], shared["low"])
        (row,) = of_world.filter(pc.equal(of_world["metric"], metric)).to_pylist()
        assert got.world == row["high"] * SPLIT + row["low"]


def test_a_table_of_sums_grows_with_the_pairs_that_occur():
    sums = KeyedSums(2, room=1)
    one, other = (each.ravel() for each in np.mgrid[0:40, -20:20])
    for _ in range(3):
        sums.add(one, other, np.stack([one, other], axis=1))
    assert [each.tolist() for each in sums.rows()] == [
        one.tolist(),
        other.tolist(),
        np.stack([3 * one, 3 * other], axis=1).tolist(),
    ]


def test_records_of_two_shards_are_two_though_their_keys_are_equal(tmp_path):
    """Two sources of a metric may have the same ids; their keys get the number of the source later."""
    sums = ListingSums(["patents"], 1, full=False)
    rows = pa.table({"record_key": ["a"], "place": [0], "year": [2020], "units": [UNIT], "listings": [1]})
    rows = rows.append_column("field", pa.nulls(1, pa.string()))
    for _ in range(2):
        label = np.zeros(1, np.int64)
        sums.begin("patents", label, pa.array(["FR"]), contiguous=True).add(rows, label)
    with DuckEngine(spill=tmp_path) as engine:
        none = engine.load(iter([ROUNDED.empty_table()]), ROUNDED)
        assert sums.finished(none, none, engine).of_metric["patents"].records.tolist() == [2]
