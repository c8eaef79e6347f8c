"""A metric that weighs records by quality stands beside the counts of the same records, and changes none of them."""

import json
from collections import Counter
from pathlib import Path

import pytest

from hubrank import pipeline
from hubrank.core.errors import DataError, StudyError
from hubrank.core.units import UNIT
from hubrank.publishing.verification import verify
from hubrank.ranking import rank_intervals
from hubrank.study.study_file import parse

STUDY = """
title = "Weights"
edition = "1"
geocoding = { use = ["coordinates"] }
clusters = { min_listings = 4 }
[[sources]]
metric = "patents"
reader = "table"
files = "p.csv"
columns = { record = "id", listing = "no", year = "year", lat = "lat", lon = "lon" }
"""
FAMILIES = STUDY.partition("[[sources]]")[2].replace("patents", "families")
WEIGHED = f'[[sources]]{FAMILIES}options = {{ weight_by = "family", weight_cap = 8 }}\n'
TOWNS = [(48.0, 2.0, 12), (50.0, 2.0, 8), (44.0, 9.0, 7), (10.0, 9.0, 2)]
RANKED = "[ranking]\nweights = { patents = 1, families = 1 }\n"


def rows():
    """Return patents of towns with a family of 1 to 12, one in eleven without; some are shared by two towns."""
    number = 0
    for town, (lat, lon, count) in enumerate(TOWNS):
        for _ in range(count):
            family = "" if number % 11 == 10 else str(1 + number * 5 % 12)
            spots = [(lat, lon), *([TOWNS[(town + 1) % 3][:2]] if number % 3 == 0 else [])]
            for no, spot in enumerate(spots, start=1):
                yield f"r{number}", no, 2015 + number % 5, *spot, family
            number += 1


def write(folder, study, lines=None):
    text = "\n".join(",".join(map(str, row)) for row in (lines or list(rows())))
    (folder / "p.csv").write_text(f"id,no,year,lat,lon,family\n{text}\n")
    (folder / "s.toml").write_text(study)
    return folder / "s.toml"


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    folder = tmp_path_factory.mktemp("weighted")
    return pipeline.run(write(folder, STUDY + WEIGHED + RANKED), folder / "e")


def weighed():
    """Return what each record weighs by hand: its family over 8, at most 1."""
    families = {row[0]: row[5] for row in rows() if row[5]}
    return {key: min(int(family), 8) * UNIT // 8 for key, family in families.items()}


def test_each_record_weighs_its_quality_and_nothing_is_lost(edition):
    sums, clusters = Counter(), Counter()
    for row in edition.listings().to_pylist():
        if row["metric"] == "families":
            sums[row["record_key"]] += row["units"]
            clusters[row["cluster_id"]] += row["units"]
    assert sums == weighed()
    measures = {r["cluster_id"]: r["units"] for r in edition.table("measures").to_pylist() if r["metric"] == "families"}
    noise = clusters.pop(None)
    assert measures == clusters
    totals = edition.manifest["metrics"]["families"]
    assert sum(measures.values()) + noise == sum(sums.values()) == totals["units"]
    assert totals["records_located"] == len(sums) == len({row[0] for row in rows() if row[5]})
    assert totals["weighted_by"] == "family"
    assert "weighted_by" not in edition.manifest["metrics"]["patents"]


def test_records_without_a_weight_are_counted_and_stated(edition):
    patents, families = edition.manifest["sources"]
    without = [row for row in rows() if not row[5]]
    assert families["out_of_scope"] == {"states nothing to weigh by": len(without)}
    assert patents["out_of_scope"] == {}
    (note,) = families["notes"]
    assert note == "Each record weighs its family, as a part of 8, at most 1; those that state none are left out."
    assert note in (edition.folder / "site" / "method.html").read_text("utf-8")
    assert note in (edition.folder / "brief.md").read_text("utf-8").replace("\\", "")
    assert verify(edition.folder).faults == []


def test_a_weighed_metric_changes_no_count_no_cluster_and_no_partner_and_no_rank_unless_it_has_a_weight(tmp_path):
    plain = pipeline.run(write(tmp_path, STUDY), tmp_path / "plain")
    both = pipeline.run(write(tmp_path, STUDY + WEIGHED), tmp_path / "beside")
    columns = [name for name in plain.table("ranking").column_names if name != "firm" and "weights" not in name]
    assert both.table("ranking").select(columns).equals(plain.table("ranking").select(columns))
    assert both.table("links").equals(plain.table("links"))
    assert "families" in both.table("ranking").column_names


def test_under_full_counting_a_record_counts_all_that_it_weighs_in_each_cluster(tmp_path):
    study = STUDY + WEIGHED + RANKED + 'counting = "full"\n'
    edition = pipeline.run(write(tmp_path, study), tmp_path / "e")
    expected, weights = Counter(), weighed()
    for key, cluster in {
        (row["record_key"], row["cluster_id"])
        for row in edition.listings().to_pylist()
        if row["metric"] == "families" and row["cluster_id"]
    }:
        expected[cluster] += weights[key]
    measures = {r["cluster_id"]: r["units"] for r in edition.table("measures").to_pylist() if r["metric"] == "families"}
    assert measures == expected
    assert verify(edition.folder).faults == []


def test_the_variance_of_a_weighed_metric_is_that_of_its_weights(tmp_path, monkeypatch):
    seen = []
    plain = rank_intervals.score_covariance
    monkeypatch.setattr(
        rank_intervals, "score_covariance", lambda metrics, w: seen.append(metrics) or plain(metrics, w)
    )
    edition = pipeline.run(write(tmp_path, STUDY + WEIGHED + RANKED), tmp_path / "e")
    ((patents, families),) = seen
    assert (patents.unit, patents.crossed) == (UNIT, None)
    parts, weights = Counter(), weighed()
    for row in edition.listings().to_pylist():
        if row["metric"] == "families" and row["cluster_id"]:
            parts[row["cluster_id"], row["record_key"]] += row["units"]
    ids = edition.table("clusters")["cluster_id"].to_pylist()
    by_cluster = [[(u, weights[key]) for (cluster, key), u in parts.items() if cluster == one] for one in ids]
    expected = [(sum(u * u for u, _ in of), sum(u * w for u, w in of)) for of in by_cluster]
    assert sorted(zip(families.squares, families.crossed, strict=True)) == sorted(expected)
    assert families.unit * families.world == pytest.approx(sum(w * w for w in weights.values()), rel=1e-12)


def test_rows_of_a_record_that_weigh_differently_are_named(tmp_path):
    lines = [("a", 1, 2020, 48, 2, 3), ("b", 1, 2020, 48, 2, 1), ("a", 2, 2020, 44, 9, 4)]
    with pytest.raises(DataError, match=r"record 'a' has rows with different weights of the record, in billionths: .*"):
        pipeline.run(write(tmp_path, STUDY + WEIGHED, lines), tmp_path / "e")


def test_a_metric_weighs_all_of_its_records_in_one_way(tmp_path):
    other = WEIGHED.replace("weight_cap = 8", "weight_cap = 9")
    path = write(tmp_path, STUDY + WEIGHED + other)
    with pytest.raises(StudyError, match="the sources of 'families' differ in weight_by or weight_cap"):
        pipeline.run(path, tmp_path / "e")


def test_weights_and_density_leave_weighed_metrics_out_unless_they_are_named():
    raw = {
        "title": "t",
        "edition": "1",
        "clusters": {"min_listings": 1},
        "sources": [
            {"metric": "publications", "reader": "openalex", "files": "x"},
            {"metric": "cited", "reader": "openalex", "files": "x", "options": {"weight_by": "citation_percentile"}},
        ],
    }
    study = parse(json.loads(json.dumps(raw)), Path("s.toml"), with_files=False)
    assert study.density == study.counts == ("publications",)
    assert {name: int(weight) for name, weight in study.weights.items()} == {"publications": 1, "cited": 0}


def test_counts_with_decimals_are_ranked_exactly_and_verified(tmp_path):
    """Nothing is outside of the clusters: then a variance that took each rest for a whole record was negative."""
    counts = {"4,5": (48.0, 2.0), "5,5": (50.0, 2.0), "6,500": (44.0, 9.0), "0,07": (44.01, 9.0)}
    lines = "".join(f"{count};{lat};{lon};2020\n" for count, (lat, lon) in counts.items())
    (tmp_path / "c.csv").write_text("n;lat;lon;year\n" + lines)
    columns = 'columns = { count = "n", lat = "lat", lon = "lon", year = "year" }'
    study = STUDY.replace('files = "p.csv"', 'files = "c.csv"\noptions = { decimals = "," }').partition("columns =")[0]
    (tmp_path / "s.toml").write_text(study + columns)
    edition = pipeline.run(tmp_path / "s.toml", tmp_path / "e")
    units = [row["units"] for row in edition.table("measures").to_pylist()]
    assert sorted(units) == [4_500_000_000, 5_500_000_000, 6_570_000_000]
    assert edition.manifest["metrics"]["patents"]["units"] == sum(units)
    (account,) = edition.manifest["sources"]
    assert (account["rows_read"], account["rows_kept"]) == (4, 4)
    assert verify(edition.folder).faults == []
