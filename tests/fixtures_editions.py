"""Small editions written straight from records, for tests that start where an edition ends."""

import csv
import json
import tempfile
from collections import defaultdict
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from hubrank import pipeline
from hubrank.analysis.edition_records import EditionRecords
from hubrank.clustering.cities import City
from hubrank.clustering.naming import renamed
from hubrank.core import edition
from hubrank.core.sphere import DATE_LINE_E7, E7
from hubrank.core.units import UNIT
from hubrank.engines.duckdb import DuckEngine
from hubrank.publishing import rank_charts
from hubrank.ranking.rank_clusters import rank_clusters
from hubrank.study.study_file import read_raw

RUN_STUDY = """
title = "A test"
edition = "{name}"
{head}
[[sources]]
metric = "patents"
reader = "table"
files = "{name}.csv"
columns = {{ record = "id", listing = "no", year = "year", lat = "lat", lon = "lon", count = "count" }}
{source}
[geocoding]
use = ["coordinates"]
{sections}
"""


class Squares:
    """An atlas without a gazetteer: every tenth of a degree is a city of its own."""

    def credit(self, lat_e7, lon_e7):
        return (lat_e7 + DATE_LINE_E7) // (E7 // 10) * 10_000 + (lon_e7 + DATE_LINE_E7) // (E7 // 10)

    def nearest(self, lat_e7, lon_e7):
        return self.credit(lat_e7, lon_e7)

    def cities(self, ids):
        return {number: City(number, f"Square {number}", "FR", "", 200_000) for number in ids}


def rounded(degrees, step_e7):
    return (2 * round(degrees * E7) + step_e7) // (2 * step_e7) * step_e7


def shares(count):
    """Split UNIT over `count` listings: what is left over goes to the first ones."""
    return [UNIT // count + (i < UNIT % count) for i in range(count)]


def located(records):
    """Return the located table of records: (metric, key, [(lat, lon), …]), one listing each, degrees."""
    rows = [
        {"metric": metric, "record_key": key, "lat_e7": round(lat * E7), "lon_e7": round(lon * E7), "units": units}
        for metric, key, places in records
        for (lat, lon), units in zip(places, shares(len(places)), strict=True)
    ]
    schema = pa.schema(
        [("metric", pa.string()), ("record_key", pa.string())]
        + [(name, pa.int64()) for name in ("lat_e7", "lon_e7", "units", "listings")]
        + [("economy", pa.string())]
    )
    return pa.Table.from_pylist([row | {"listings": 1, "economy": "FR"} for row in rows], schema)


def write_listings(tables, listed):
    """Write listings with their places as a run does: the place is that of the address."""
    key = pa.array(range(len(listed)), pa.int64())
    places = ["lat_e7", "lon_e7", "economy"]
    pq.write_table(listed.drop_columns(places).append_column("address_key", key), tables / "located.parquet")
    pq.write_table(listed.select(places).append_column("address_key", key), tables / "addresses.parquet")


def points(table, step_e7):
    sums = defaultdict(lambda: [0, 0])
    for row in table.to_pylist():
        lat, lon = (rounded(row[name] / E7, step_e7) for name in ("lat_e7", "lon_e7"))
        site_sums = sums[row["metric"], lat, lon]
        site_sums[0] += row["units"]
        site_sums[1] += 1
    rows = [
        {"metric": metric, "lat_e7": lat, "lon_e7": lon, "economy": "FR", "units": units, "listings": listings}
        for (metric, lat, lon), (units, listings) in sorted(sums.items())
    ]
    ints = [(name, pa.int64()) for name in ("units", "listings")]
    where = [("metric", pa.string()), ("lat_e7", pa.int64()), ("lon_e7", pa.int64()), ("economy", pa.string())]
    return pa.Table.from_pylist(rows, pa.schema(where + ints))


def study(name="1", *, clusters, metrics=("patents",), **sections):
    """Return a study as edition.json holds it."""
    sources = [{"metric": metric, "reader": "table", "files": "x.csv"} for metric in metrics]
    return {"title": f"Test {name}", "edition": name, "sources": sources, "clusters": clusters, **sections}


def write_edition(folder, manifest, records, engine):
    """Write an edition of records under a study; return its records, opened."""
    tables = folder / "tables"
    tables.mkdir(parents=True)
    (folder / "edition.json").write_text(json.dumps({"format": edition.FORMAT, "study": manifest}))
    step = round(manifest.get("points", {}).get("round_deg", 0.01) * E7)
    listed = located(records)
    write_listings(tables, listed)
    pq.write_table(points(listed, step), tables / "points.parquet")
    opened = EditionRecords(edition.load(folder), engine, Squares())
    overlap, full = opened.overlap(step), opened.full_counts(step)
    ranked = rank_clusters(opened.study, opened.points(step), overlap, full, Squares())
    names = renamed(ranked.names, opened.study.naming.overrides, Squares(), "en")
    write_printed(opened, replace(ranked, names=names))
    return opened


def write_printed(opened, ranked):
    """Write what of an edition's clusters and ranking a comparison reads."""
    ids = [name.cluster_id for name in ranked.names]
    main = [
        max(np.flatnonzero(ranked.label == label), key=lambda site: (ranked.sites.listings[:, site].sum(), -site))
        for label in range(ranked.count)
    ]
    where = {
        axis: pa.array([Decimal(int(values[site])) / E7 for site in main], pa.decimal128(10, 7))
        for axis, values in (("lat", ranked.sites.lat_e7), ("lon", ranked.sites.lon_e7))
    }
    ranking = {
        "rank": pa.array(ranked.rank, pa.int64()),
        "score_pct": pa.array(ranked.scores.shown(), pa.decimal128(38, 6)),
        "cluster": [name.cluster for name in ranked.names],
        "economies": ["/".join(name.economies) for name in ranked.names],
    }
    tables = opened.edition.folder / "tables"
    where["cities"] = pa.array([list(name.cities) for name in ranked.names], pa.list_(pa.int64()))
    pq.write_table(pa.table({"cluster_id": pa.array(ids, pa.string()), **where}), tables / "clusters.parquet")
    pq.write_table(pa.table({"cluster_id": pa.array(ids, pa.string()), **ranking}), tables / "ranking.parquet")


@contextmanager
def _charts(*, wanted):
    """Let the runs inside draw their charts, or none: they take two fifths of the time of a small run."""
    with nullcontext() if wanted else patch.object(rank_charts, "charts", lambda *_, **__: {}):
        yield


def run_edition(folder, name, rows, sections, head="", source="", *, site=False, charts=False):
    """Run a study over rows (id, no, year, lat, lon, count) through the whole pipeline.

    source : more keys of it.
    site, charts : whether pages (and charts) or charts alone are written too, which take half of the time; an edition
        without its charts is not one that `verify` makes again.
    """
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id", "no", "year", "lat", "lon", "count"], *rows])
    path = folder / f"{name}.toml"
    path.write_text(RUN_STUDY.format(name=name, sections=sections, head=head, source=source))
    with _charts(wanted=site or charts):
        return pipeline.run_raw(read_raw(path), path, folder / name, site=site)


def without_pages(path, out):
    """Run a study, but write neither pages nor charts: half of the time of a small run."""
    with _charts(wanted=False):
        return pipeline.run_raw(read_raw(path), path, out, site=False)


class EditionFactory:
    """One engine and a folder for many small editions."""

    def __init__(self, folder):
        self.folder, self.number = folder, 0
        self.engine = DuckEngine(spill=Path(tempfile.mkdtemp(dir=folder)), threads=1)

    def edition(self, records, name="1", **choices):
        self.number += 1
        choices.setdefault("clusters", {"min_listings": 3})
        return write_edition(self.folder / str(self.number), study(name, **choices), records, self.engine)
