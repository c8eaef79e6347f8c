"""Robustness of ranks as every run writes it, and more of it by the command."""

import shutil
import signal
import subprocess
import sys

import pyarrow.parquet as pq
import pytest

from fixtures_editions import run_edition
from hubrank.analysis.robustness.sweep import Sweep
from hubrank.analysis.verify import verify
from hubrank.core import edition
from hubrank.core.errors import StudyError
from hubrank.publishing import robustness_report

TABLES = ("chaining", "leave_one_out", "method_choices", "partitions", "robustness", "variants", "weights")
TOGETHER = ["rank_low_places", "rank_high_places", "simultaneous_low", "simultaneous_high"]
ROBUSTNESS_COLUMNS = [*TOGETHER, "weights_best", "weights_worst", "method_best", "method_worst", "firm"]


def written(folder, out, *, quick):
    return robustness_report.write(folder, out, quick=quick, memory=None, threads=1, progress=lambda *_: None)


def test_a_run_writes_what_the_command_writes_in_quick_form(demo, tmp_path):
    """The command starts from the finished edition, the run from what it has in hand: the same bytes."""
    (tmp_path / "out").mkdir()
    for old in ("robustness.md", "weight_shares.parquet"):  # findings of before are replaced as a whole
        (tmp_path / "out" / old).touch()
    paths = written(demo / "2025", tmp_path / "out", quick=True)
    assert len(paths) == len(TABLES) + 3
    for path in paths:
        original = demo / "2025" / ("tables" if path.suffix == ".parquet" else "") / path.name
        assert original.read_bytes() == path.read_bytes(), path.name


def test_every_row_of_the_ranking_carries_its_robustness(demo):
    published = edition.load(demo / "2025")
    ranking = published.table("ranking")
    assert ranking.column_names[-len(ROBUSTNESS_COLUMNS) :] == ROBUSTNESS_COLUMNS
    sure = {row["cluster_id"]: row for row in published.table("robustness").to_pylist()}
    for row in ranking.to_pylist():
        assert {name: row[name] for name in ROBUSTNESS_COLUMNS} == {
            name: sure[row["cluster_id"]][name] for name in ROBUSTNESS_COLUMNS
        }
        assert row["simultaneous_low"] <= row["rank_low"] <= row["rank"] <= row["rank_high"] <= row["simultaneous_high"]
        assert row["weights_best"] <= row["rank"] <= row["weights_worst"]
        assert row["method_best"] <= row["rank"] <= row["method_worst"]
    assert verify(published.folder).faults == []


def test_the_findings_of_simulated_records_say_so(demo):
    for name in ("robustness.md", "rank-intervals.svg", "rank-radius.svg"):
        assert "SIMULATED" in (demo / "2025" / name).read_text("utf-8")
    for name in TABLES:
        assert b"SIMULATED" in pq.read_schema(demo / "2025" / "tables" / f"{name}.parquet").metadata[b"note"]


def test_an_edition_is_no_place_for_more_findings(demo, tmp_path):
    for out in (demo / "2025", demo / "2025" / "more", demo / "2024", demo):
        with pytest.raises(StudyError, match="name another folder"):
            written(demo / "2025", out, quick=True)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").touch()
    with pytest.raises(StudyError, match=r"no robustness.md of a robustness report"):
        written(demo / "2025", tmp_path / "mine", quick=True)
    with pytest.raises(StudyError, match="no edition"):
        written(tmp_path, tmp_path / "out", quick=True)


def test_a_study_may_leave_the_variants_to_the_command(tmp_path):
    rows = [[f"{town}{n}", 1, 2020, 48 + town, 2, 1] for town in range(2) for n in range(5 - town)]
    published = run_edition(tmp_path, "one", rows, "[clusters]\nmin_listings = 3\n[robustness]\nrun = false")
    assert published.table("ranking").column_names[-len(TOGETHER) :] == TOGETHER
    assert not {"robustness.md", "tables/variants.parquet"} & published.manifest["outputs"].keys()
    assert len(written(published.folder, tmp_path / "out", quick=True)) == len(TABLES) + 3


KILLED = """
import os, sys
from pathlib import Path
from hubrank.publishing import robustness_report as report_module

def report(what, done, of):
    print(what, flush=True)
    if done == int(sys.argv[3]) and what.startswith("variant:"):
        os.kill(os.getpid(), 9)

report_module.write(Path(sys.argv[1]), Path(sys.argv[2]), quick=True, memory=None, threads=1, progress=report)
"""


@pytest.mark.slow
def test_a_killed_sweep_repeats_the_variant_in_flight_at_most_and_leaves_the_same_bytes(tmp_path, monkeypatch, cache):
    """Three kills, each further on; then the rest. What came before is read, not computed."""
    rows = [[f"{town}{n}", 1, 2020, 48 + town, 2, 1] for town in range(3) for n in range(9 - town)]
    published = run_edition(tmp_path, "one", rows, "[clusters]\nmin_listings = 3\n[robustness]\nrun = false")
    variants = cache / "variants"
    shutil.rmtree(variants, ignore_errors=True)
    for done in (0, 3, 7):
        command = [sys.executable, "-c", KILLED, published.folder, tmp_path / "out", str(done)]
        assert subprocess.run(command, capture_output=True, check=False).returncode == -signal.SIGKILL
        assert len(list(variants.glob("*.json"))) == done
        assert not (tmp_path / "out").exists()
    scored, score = [], Sweep.scored
    monkeypatch.setattr(Sweep, "scored", lambda self, method: scored.append(method) or score(self, method))
    resumed = {path.name: path.read_bytes() for path in written(published.folder, tmp_path / "out", quick=True)}
    of = len(list(variants.glob("*.json")))
    assert len(scored) == of - 7 + 1, "the parts at 12 km are clustered each time"
    shutil.rmtree(variants)
    assert {path.name: path.read_bytes() for path in written(published.folder, tmp_path / "new", quick=True)} == resumed
    assert len(scored) == of - 7 + of + 2


NONE = """
[clusters]
min_listings = 1
[ranking]
weights = { patents = 1, deals = WEIGHT }
[windows]
deals = [1900, 1901]
[[sources]]
metric = "deals"
reader = "table"
files = "one.csv"
columns = { record = "id", listing = "no", year = "year", lat = "lat", lon = "lon" }
"""
SETS = ("rank_low", "rank_high", "simultaneous_low", "simultaneous_high", "weights_best", "weights_worst")


def in_towns(*records):
    """Return rows: so many records in each town."""
    return [[f"{town}-{n}", 1, 2020 + n % 4, 48 + town, 2, 1] for town, of in enumerate(records) for n in range(of)]


@pytest.mark.parametrize(
    ("records", "sections", "expected"),
    [
        ((5,), "[clusters]\nmin_listings = 3", [(1, 1, 1, 1, 1, 1)]),  # one cluster only
        ((1,), "[clusters]\nmin_listings = 1", [(1, 1, 1, 1, 1, 1)]),  # of one record
        ((400, 1), "[clusters]\nmin_listings = 1", [(1, 1, 1, 1, 1, 1), (2, 2, 2, 2, 2, 2)]),
        ((6, 6, 6), "[clusters]\nmin_listings = 3", [(1, 3, 1, 3, n, n) for n in (1, 2, 3)]),  # all equal
        ((6, 6), NONE.replace("WEIGHT", "0"), [(1, 2, 1, 2, n, n) for n in (1, 2)]),  # a metric with none
    ],
)
def test_the_smallest_editions_have_documented_answers(tmp_path, records, sections, expected):
    """Warnings are errors in tests, so there are none."""
    published = run_edition(tmp_path, "one", in_towns(*records), sections, charts=True)
    rows = sorted(published.table("robustness").to_pylist(), key=lambda row: row["rank"])
    assert [tuple(row[name] for name in SETS) for row in rows] == expected
    assert [row["tied_until"] for row in rows] == [max(r["rank_high"] for r in rows[: n + 1]) for n in range(len(rows))]
    assert (published.folder / "rank-intervals.svg").stat().st_size > 1000
    more = written(published.folder, tmp_path / "out", quick=False)
    assert len(more) == len(TABLES) + 4


def test_a_metric_with_none_cannot_be_ranked_by(tmp_path):
    with pytest.raises(StudyError, match="'deals' has no located record in its window"):
        run_edition(tmp_path, "one", in_towns(6, 6), NONE.replace("WEIGHT", "1"))


def test_without_a_cluster_there_is_nothing_to_doubt(tmp_path):
    published = run_edition(tmp_path, "one", in_towns(2), "[clusters]\nmin_listings = 3")
    assert published.table("robustness").num_rows == 0
    with pytest.raises(StudyError, match="has no cluster, so there is no rank to examine"):
        written(published.folder, tmp_path / "out", quick=True)
