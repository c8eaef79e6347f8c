"""The whole sequence on small tables: laws, and cases that go wrong."""

import csv
import json
import random
import subprocess
import sys
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubrank import pipeline
from hubrank.analysis.comparison import compare
from hubrank.analysis.verify import verify
from hubrank.cli.screens import editions
from hubrank.core import files
from hubrank.core.errors import CheckFailed, DataError, StudyError
from hubrank.core.processes import InlineExecutor
from hubrank.core.progress import no_progress
from hubrank.study.study_file import read_raw
from proof import PROOF, cases

HEADER = ["id", "no", "year", "lat", "lon"]
STUDY = """
title = "A test"
edition = "1"
{windows}
[[sources]]
metric = "patents"
reader = "table"
files = "patents*.csv"
columns = {{ record = "id", listing = "no", year = "year", lat = "lat", lon = "lon" }}
[geocoding]
use = ["coordinates"]
[clusters]
{threshold}
"""


def write(folder, rows, name="patents.csv", header=HEADER):
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def study(folder, *, threshold="min_listings = 3", windows=""):
    path = folder / "study.toml"
    path.write_text(STUDY.format(threshold=threshold, windows=windows))
    return path


def outputs(edition):
    return {
        path.relative_to(edition.folder).as_posix(): path.read_bytes()
        for path in edition.folder.rglob("*")
        if path.is_file() and path.name != "run.json"
    }


def run(folder, out="out", **choices):
    """Run the study without the pages of its edition and the robustness of its ranks: half of the time."""
    path = study(folder, **choices)
    return pipeline.run_raw(read_raw(path) | {"robustness": {"run": False}}, path, folder / out, site=False)


TOWNS = [(48.85, 2.35), (35.68, 139.69), (-33.87, 151.2), (89.999, 10.0), (-17.5, 179.99)]


@st.composite
def records(draw):
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=30))
    rng = random.Random(draw(st.integers(0, 999)))
    rows = []
    for number, size in enumerate(sizes):
        for listing in range(size):
            lat, lon = rng.choice(TOWNS)
            rows.append(
                [f"r{number}", listing + 1, 2020, round(lat - rng.random() / 20, 4), round(lon - rng.random() / 20, 4)]
            )
    return rows


@settings(max_examples=cases(3, 40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records(), st.randoms(use_true_random=False))
def test_row_order_never_matters(tmp_path_factory, rows, rng):
    one, other = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("other")
    write(one, rows)
    write(other, rng.sample(rows, len(rows)))
    first, second = run(one), run(other)
    assert first.table("ranking") == second.table("ranking")
    for name in ("points", "cluster_records", "links", "partners", "profiles", "fields", "robustness"):
        assert first.table(name) == second.table(name), name
    assert (first.folder / "ranking.csv").read_bytes() == (second.folder / "ranking.csv").read_bytes()
    assert (first.folder / "clusters.geojson").read_bytes() == (second.folder / "clusters.geojson").read_bytes()


def town(count, lat=48.85, lon=2.35, start=0):
    return [[f"t{start + i}", 1, 2020, lat, lon] for i in range(count)]


def test_two_runs_and_any_number_of_threads_give_the_same_bytes(tmp_path, monkeypatch):
    write(tmp_path, town(9) + town(5, 35.68, 139.69, 100))
    editions = []
    for threads in (1, 2, 3):
        monkeypatch.setattr(
            "hubrank.counting.shard_files.shard_folder", lambda threads=threads: tmp_path / f"shards{threads}"
        )
        editions.append(pipeline.run(study(tmp_path), tmp_path / f"out{threads}", threads=threads))
    assert outputs(editions[0]) == outputs(editions[1]) == outputs(editions[2])


def test_how_records_are_spread_over_files_never_matters(tmp_path):
    rows = town(9) + town(5, 35.68, 139.69, 100)
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir(), other.mkdir()
    write(one, rows)
    write(other, rows[6:], "patents-a.csv")
    write(other, rows[:6], "patents-b.csv")
    assert (run(one).folder / "ranking.csv").read_bytes() == (run(other).folder / "ranking.csv").read_bytes()


def test_a_file_given_twice_counts_once(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir(), other.mkdir()
    write(one, town(9))
    write(other, town(9))
    write(other, town(9), "patents-copy.csv")
    assert run(one).table("measures") == run(other).table("measures")


def test_nothing_at_all_is_an_error_that_says_so(tmp_path):
    write(tmp_path, [])
    with pytest.raises(StudyError, match=r"'patents' has no located record.*No file has a row after its header\."):
        run(tmp_path)


def test_a_window_without_rows_is_an_error_that_says_where_their_years_are_shown(tmp_path):
    write(tmp_path, town(3))
    with pytest.raises(StudyError, match=r"3 outside the window\. `hubrank check` says which years its rows have"):
        run(tmp_path, windows="[windows]\npatents = [1990, 1991]")


def test_one_point_is_one_cluster(tmp_path):
    write(tmp_path, town(1))
    (row,) = run(tmp_path, threshold="min_listings = 1").table("ranking").to_pylist()
    assert (row["rank"], row["cluster"], float(row["score_pct"])) == (1, "Paris", 100)


def test_no_cluster_at_all_is_an_empty_ranking(tmp_path):
    write(tmp_path, town(2))
    edition = run(tmp_path)
    assert edition.table("ranking").num_rows == 0
    assert (
        (edition.folder / "ranking.csv")
        .read_text()
        .startswith("rank,cluster_id,cluster,economies,geonames_ids,score_pct,patents,patents_share_pct")
    )
    assert json.loads((edition.folder / "clusters.geojson").read_text())["features"] == []


def test_everything_at_one_place_is_one_cluster_with_everything(tmp_path):
    write(tmp_path, town(5000))
    edition = run(tmp_path)
    assert edition.manifest["metrics"]["patents"]["in_clusters"] == 5000 * 10**9


@pytest.mark.parametrize("lon", [0, 90, -180, 180])
def test_at_a_pole_all_longitudes_are_one_place(tmp_path, lon):
    write(tmp_path, [["a", 1, 2020, 90, lon], ["b", 1, 2020, 90, 17], ["c", 1, 2020, 90, -99]])
    edition = run(tmp_path)
    assert edition.table("points").num_rows == 1
    assert edition.table("ranking").num_rows == 1


def test_a_cluster_may_lie_across_the_date_line(tmp_path):
    write(tmp_path, [["a", 1, 2020, -17.5, 179.99], ["b", 1, 2020, -17.5, -179.99], ["c", 1, 2020, -17.5, 180]])
    edition = run(tmp_path)
    assert edition.table("ranking").num_rows == 1
    (feature,) = json.loads((edition.folder / "clusters.geojson").read_text())["features"]
    assert feature["geometry"]["type"] == "MultiPolygon"


def test_records_that_stand_twice_count_once_and_are_told(tmp_path, capsys):
    write(tmp_path, town(9))
    write(tmp_path, town(12, start=6), "patents2.csv")  # t6, t7 and t8 again
    edition = run(tmp_path)
    (account,) = edition.manifest["sources"]
    assert (account["rows_read"], account["rows_kept"], account["repeated"]) == (21, 21, 3)
    assert account["use"] == edition.manifest["study"]["geocoding"]["use"]
    assert edition.manifest["metrics"]["patents"]["records"] == 18
    editions.edition(edition, 1)
    assert "21 kept, 3 repeated listings left out" in capsys.readouterr().out


def test_rows_outside_the_window_are_counted_and_are_no_fault(tmp_path):
    write(tmp_path, [*town(5), ["old", 1, 1999, 48.85, 2.35]])
    edition = run(tmp_path, windows="[windows]\npatents = [2020, 2024]")
    (account,) = edition.manifest["sources"]
    assert (account["rows_read"], account["rows_kept"], account["out_of_scope"]) == (6, 5, {"outside the window": 1})


def test_unusable_rows_are_set_aside_with_file_line_reason_and_field(tmp_path):
    write(tmp_path, [*town(30), ["bad", 1, 2020, 123.4, 2.35]])
    edition = run(tmp_path)
    (row,) = edition.table("set_aside").to_pylist()
    assert (row["source_file"], row["source_row"]) == ("patents.csv", 32)
    assert "lat" in row["field"]
    assert edition.manifest["sources"][0]["rows_kept"] == 30


def test_too_many_unusable_rows_stop_the_run(tmp_path):
    write(tmp_path, [*town(9), ["bad", 1, 2020, 123.4, 2.35]])
    with pytest.raises(CheckFailed, match=r"1 of 10 rows could not be used, more than the 5 %"):
        run(tmp_path)
    assert not (tmp_path / "out").exists()


def test_a_missing_column_names_what_is_there_and_the_nearest(tmp_path):
    write(tmp_path, town(3), header=["id", "no", "yeer", "lat", "lon"])
    with pytest.raises(DataError, match=r"no column 'year'.*it has: id, no, yeer, lat, lon.*mean 'yeer'"):
        run(tmp_path)


def test_a_missing_file_names_the_pattern(tmp_path):
    with pytest.raises(StudyError, match=r"no file matches 'patents\*.csv'"):
        run(tmp_path)


def test_a_folder_in_place_of_files_is_refused_with_the_pattern_of_what_is_in_it(tmp_path):
    (tmp_path / "patents").mkdir()
    for name in ("a.tsv", "a.toml", "b.toml"):
        (tmp_path / "patents" / name).touch()
    path = study(tmp_path)
    path.write_text(path.read_text().replace("patents*.csv", "patents"))
    with pytest.raises(
        StudyError, match=r"'patents' is a folder\. Name the files in it, such as 'patents/\*\.tsv'"
    ) as raised:
        pipeline.run_raw(read_raw(path), path, tmp_path / "out")
    assert str(raised.value).startswith(f"{path.name}: [[sources]] number 1 (patents, table) files: ")


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "mac_roman"])
def test_line_ends_and_encodings_never_matter(tmp_path, ends, encoding):
    lines = ["id,no,year,lat,lon,name", *(f"r{i},1,2020,48.85,2.35,Société Générale" for i in range(5))]
    (tmp_path / "patents.csv").write_bytes(ends.join(lines).encode(encoding))
    edition = run(tmp_path)
    assert edition.manifest["metrics"]["patents"]["records"] == 5


def test_a_second_run_reuses_finished_shards(tmp_path, monkeypatch):
    write(tmp_path, town(5))
    run(tmp_path)
    monkeypatch.setattr("hubrank.sources.table.read", None)
    run(tmp_path, out="again")


def test_a_shard_is_on_disk_before_it_counts_as_finished(tmp_path, monkeypatch, cache):
    write(tmp_path, town(5))
    synced, sync = set(), files.sync

    def noted(path):
        assert not list(cache.glob("shards/[!.]*")), "it has its name already"
        synced.add(path.name)
        sync(path)

    def stopped(*_):
        raise RuntimeError("all shards are finished")

    monkeypatch.setattr("hubrank.core.files.sync", noted)
    monkeypatch.setattr("hubrank.counting.copies.united", stopped)
    with pytest.raises(RuntimeError, match="finished"):
        run(tmp_path)
    (shard,) = cache.glob("shards/[!.]*")
    assert {file.name for file in shard.iterdir()} <= synced


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.5, 1.5, 2.5, 3.5] if PROOF else [2.5])
def test_a_run_killed_anywhere_leaves_no_partial_file_and_the_next_gives_the_same_bytes(tmp_path, seconds):
    write(tmp_path, [row for i in range(40) for row in town(100, 48 + i / 10, 2.35, 1000 * i)])
    command = [sys.executable, "-m", "hubrank", "run", str(study(tmp_path)), "--out", str(tmp_path / "killed")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(seconds)
    process.kill()
    process.wait()
    if (tmp_path / "killed").exists():
        assert not verify(tmp_path / "killed").faults
    again = outputs(run(tmp_path, out="killed"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["killed", "patents.csv", "study.toml"]
    assert again == outputs(run(tmp_path, out="whole"))


TWO_TOWNS = [*(("s", "p") for _ in range(3)), *(("s",) for _ in range(2)), *(("p",) for _ in range(1))]
WHERE = {"s": (35.68, 139.69), "p": (48.85, 2.35)}


def test_under_full_counting_a_record_counts_one_in_each_cluster_it_touches(tmp_path):
    rows = [[f"r{i}", n, 2020 + i % 3, *WHERE[t]] for i, towns in enumerate(TWO_TOWNS) for n, t in enumerate(towns, 1)]
    write(tmp_path, rows)
    path = study(tmp_path, threshold='min_listings = 3\n[ranking]\ncounting = "full"')
    edition = pipeline.run(path, tmp_path / "full")
    counted = {row["cluster"]: (row["rank"], float(row["patents"])) for row in edition.table("ranking").to_pylist()}
    assert counted == {"Tokyo": (1, 5.0), "Paris": (2, 4.0)}
    assert edition.manifest["metrics"]["patents"]["in_clusters"] == 6 * 10**9, "parts still add up to the world"
    assert not verify(edition.folder).faults
    rows = compare(edition.folder, edition.folder).table.to_pylist()
    assert [(row["cluster"], row["move"], row["data"], row["method"]) for row in rows] == [
        ("Tokyo", 0, 0, 0),
        ("Paris", 0, 0, 0),
    ]
    assert {row["cluster"]: row["score_data_pct"] for row in rows} == {"Tokyo": 0, "Paris": 0}


@pytest.mark.parametrize("compiled", [False, True])
def test_a_second_process_compiles_kernels_while_the_gazetteer_is_compiled_and_is_left_alone_otherwise(
    compiled, monkeypatch
):
    steps = []

    class Worker(InlineExecutor):
        def submit(self, work, /, *args, **kwargs):
            steps.append("kernels")
            return super().submit(work, *args, **kwargs)

    monkeypatch.setattr(pipeline.compile_tables, "prepare", lambda _: steps.append("gazetteer"))
    monkeypatch.setattr(pipeline.rank_sets, "compiled", lambda: compiled)
    for module in (pipeline.dbscan, pipeline.record_sums):
        monkeypatch.setattr(module, "compiled", lambda: True)
    pipeline.prepare(no_progress, Worker())
    assert steps == [*["kernels"] * (not compiled), "gazetteer"]


def test_a_run_that_would_be_compared_with_what_it_writes_is_refused(tmp_path):
    write(tmp_path, town(9))
    run(tmp_path)
    raw = {**read_raw(study(tmp_path)), "compare": {"previous": "out"}}
    with pytest.raises(StudyError, match=r"previous names 'out', the folder that this run writes\. Name another one"):
        pipeline.run_raw(raw, study(tmp_path), tmp_path / "out", site=False)
