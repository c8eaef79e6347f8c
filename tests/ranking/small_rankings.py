"""Small rankings made by hand: a few towns, each a site, some of them clusters."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hubrank.clustering.naming import Name
from hubrank.clustering.record_clusters import LABEL_SCHEMA
from hubrank.core.units import UNIT
from hubrank.counting.points import Sites, sites
from hubrank.engines.duckdb import DuckEngine
from hubrank.ranking.listing_sums import ListingSums
from hubrank.ranking.measures import measures
from hubrank.ranking.scores import Scores, order, ranks, scores
from hubrank.ranking.tables.profiles import fields, profiles

ROUNDED = pa.schema(
    [
        ("metric", pa.string()),
        ("record_key", pa.string()),
        ("listing_no", pa.int32()),
        ("year", pa.int32()),
        ("lat_e7", pa.int64()),
        ("lon_e7", pa.int64()),
        ("units", pa.int64()),
        ("listings", pa.int64()),
        ("count", pa.int64()),
        ("record_units", pa.int64()),
        ("economy", pa.string()),
        ("organisations", pa.list_(pa.string())),
        ("field", pa.string()),
    ]
)


@dataclass(frozen=True)
class RankedTowns:
    """Ranked clusters with the tables that they come from."""

    sites: Sites
    label: np.ndarray
    units: np.ndarray
    scores: Scores
    rank: list
    names: list
    rounded: pa.Table
    labels: pa.Table
    points: pa.Table


def row(metric, record, lat, units, *, listing=1, count=1, record_units=UNIT, **traits):
    """Return one located listing at (lat, 0) in whole degrees. traits : organisations, field, year, economy."""
    return {
        "metric": metric,
        "record_key": record,
        "listing_no": listing,
        "lat_e7": lat * 10_000_000,
        "lon_e7": 0,
        "units": units,
        "listings": count,
        "count": count,
        "record_units": record_units,
        "year": 2020,
        "economy": "FR",
        "organisations": None,
        "field": None,
        **traits,
    }


def rank_towns(rows, clusters, metrics, weights=None):
    """Rank clusters by hand: `clusters` lists (id, economies, latitudes)."""
    rounded = pa.Table.from_pylist(rows, ROUNDED)
    points = rounded.select(["metric", "lat_e7", "lon_e7", "economy", "units", "listings"])
    world = sites(points, metrics)
    label = np.full(len(world.lat_e7), -1, np.int32)
    for number, (_, _, latitudes) in enumerate(clusters):
        label[np.isin(world.lat_e7, np.array(latitudes) * 10_000_000)] = number
    units_of_sites, _ = measures(world, label)
    units = np.zeros((len(metrics), len(clusters)), np.int64)  # a cluster may have no site in a small example
    units[:, : units_of_sites.shape[1]] = units_of_sites
    score = scores(units.tolist(), world.totals, weights or [Fraction(1)] * len(metrics))
    names = [Name(key, key.title(), economies, ()) for key, economies, _ in clusters]
    ranked = ranks(order(score, [int(u) for u in units.sum(axis=0)], [key for key, _, _ in clusters]))
    inside = label >= 0
    labels = pa.table(
        {"lat_e7": world.lat_e7[inside], "lon_e7": world.lon_e7[inside], "cluster": label[inside]}, LABEL_SCHEMA
    )
    return RankedTowns(world, label, units, score, ranked, names, rounded, labels, points)


def on_engine(ranked, query, folder):
    """Return query(rounded, labels, engine) on a fresh engine."""
    with DuckEngine(spill=folder) as engine:
        rounded = engine.load(iter([ranked.rounded]), ROUNDED)
        labels = engine.load(iter([ranked.labels]), LABEL_SCHEMA)
        return query(rounded, labels, engine)


def records_of(ranked, rounded, labels, engine, *, full=False):
    """Return the ClusterRecords of a relation: its rows are taken as those of a shard for each metric."""
    sums = ListingSums(ranked.sites.metrics, len(ranked.names), full=full)
    table = engine.arrow(rounded).sort_by("record_key")
    where = engine.arrow(labels)
    label = dict(zip(where["lat_e7"].to_pylist(), where["cluster"].to_pylist(), strict=True))
    for metric in ranked.sites.metrics:
        rows = table.filter(pc.equal(table["metric"], metric)).combine_chunks()
        cluster = np.array([label.get(lat, len(ranked.names)) for lat in rows["lat_e7"].to_pylist()], np.int64)
        rows = rows.append_column("place", pa.array(np.arange(len(rows))))  # one for each row
        sums.begin(metric, cluster, rows["economy"].combine_chunks(), contiguous=True).add(rows, cluster)
    return sums.finished(rounded, labels, engine)


def profile(ranked, rounded, labels, engine):
    """Return the profiles of clusters."""
    records = records_of(ranked, rounded, labels, engine)
    return profiles(ranked, records, fields(records.cells, engine), engine)
