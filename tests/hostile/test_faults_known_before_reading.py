"""Whatever can be known to fail is reported before the first row is read, and nothing is left."""

import os
import subprocess
import sys
import tempfile
from types import SimpleNamespace

import pytest

from hostile.small_worlds import STUDY, contents, run, world
from hubrank import pipeline
from hubrank.analysis.study_check import check
from hubrank.core.errors import DataError, StudyError
from hubrank.core.progress import no_progress
from hubrank.engines.duckdb import DuckEngine

FAULTS = {
    'previous = "gone/edition.json"': r"\[compare\] previous names 'gone/edition.json', which does not exist",
    'previous = "study.toml"': "is not an edition",
    'institutions = "gone.json"': r"\[geocoding\] institutions: no file matches",
    'institutions = "study.toml"': "is not JSON",
    'corrections = "gone.csv"': r"\[geocoding\] corrections: no file matches",
    'raster = "gone.tif"': r"\[population\] raster: no file matches",
    'raster = "study.toml"': "cannot be read",
    'table = "gone.csv"': r"\[population\] table: no file matches",
    'table = "study.toml"': r"\[population\] table study\.toml has no column 'lat'",
    'table = "patents-0.csv"': "has no column 'people'; it has",
    '"x" = [1]': r"\[naming\] x: 1 is no GeoNames id",
}
SECTIONS = {"previous": "compare", "raster": "population", "table": "population", '"x"': "naming"}


def refuse_rows(what, _done, _of):
    assert not what.startswith("reading"), "a row was read"


@pytest.mark.parametrize("line", FAULTS)
def test_what_a_study_names_is_looked_at_before_a_row_is_read(tmp_path, line):
    study = world(tmp_path)
    section = SECTIONS.get(line.partition(" ")[0], "geocoding")
    text = study.read_text()
    text = text.replace("[geocoding]\n", f"[geocoding]\n{line}\n") if section == "geocoding" else text
    study.write_text(text if section == "geocoding" else f"{text}\n[{section}]\n{line}\n")
    if line.startswith("raster"):
        pytest.importorskip("rasterio")
    with pytest.raises((StudyError, DataError), match=FAULTS[line]):
        run(study, tmp_path / "out", refuse_rows)
    assert not list(tmp_path.glob("*out*"))
    if "does not exist" not in FAULTS[line]:  # what only a run needs
        with pytest.raises((StudyError, DataError), match=FAULTS[line]):
            check(study, rows=10, progress=refuse_rows)


def test_a_check_needs_no_previous_edition_and_says_that_a_run_would_stop(tmp_path):
    study = world(tmp_path)
    study.write_text(f'{study.read_text()}\n[compare]\nprevious = "gone/edition.json"\n')
    summary = check(study, rows=10, progress=no_progress)
    assert summary["sources"][0]["rows_kept"]
    assert summary["stops"][0].startswith("[compare] previous names 'gone/edition.json', which does not exist")


def test_a_previous_edition_whose_tables_were_changed_is_refused_before_a_row_is_read(tmp_path):
    study = world(tmp_path)
    before = run(study, tmp_path / "before").folder
    study.write_text(f'{study.read_text()}\n[compare]\nprevious = "before"\n')
    for name in ("tables/located.parquet", "tables/points.parquet", "edition.json"):
        content = (before / name).read_bytes()
        changed = content.replace(b'"clusters": 3,', b'"clusters": 4,') if name == "edition.json" else content[:-1]
        assert changed != content
        (before / name).write_bytes(changed)
        message = f"{name} is not what the run wrote that sealed this edition"
        with pytest.raises(DataError, match=message):
            run(study, tmp_path / "out", refuse_rows)
        with pytest.raises(DataError, match=message):
            check(study, rows=10, progress=refuse_rows)
        (before / name).write_bytes(content)
    path = before / "tables/points.parquet"
    path.rename(tmp_path / "elsewhere.parquet")
    path.symlink_to(tmp_path / "elsewhere.parquet")
    with pytest.raises(DataError, match=r"tables/points.parquet is not what the run wrote"):
        run(study, tmp_path / "out", refuse_rows)


def test_an_extra_that_is_missing_is_named_before_a_row_is_read(tmp_path, monkeypatch):
    study = world(tmp_path)
    (tmp_path / "r.tif").write_bytes(b"")
    study.write_text(f'{study.read_text()}\n[population]\nraster = "r.tif"\n')
    monkeypatch.setitem(sys.modules, "exactextract", None)
    with pytest.raises(StudyError, match="needs exactextract, which is not installed"):
        run(study, tmp_path / "out", refuse_rows)


def test_a_disk_without_room_for_an_edition_is_reported_before_a_row_is_read(tmp_path, monkeypatch):
    study = world(tmp_path)
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=1 << 19))
    with pytest.raises(OSError, match="No space left"):
        run(study, tmp_path / "out", refuse_rows)


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """Return the contents of an edition in folders of plain names."""
    folder = tmp_path_factory.mktemp("plain")
    return contents(run(world(folder), folder / "out").folder)


@pytest.mark.parametrize("folder", ["data [1]", "a*b", "q?", "[x]", "üñ 東京", 'it\'s "quoted"', "-out"])
def test_folders_of_any_name_hold_studies_files_and_editions(tmp_path, plain, folder, monkeypatch):
    place = tmp_path / folder
    study = world(place)
    assert contents(run(study, place / "out").folder) == plain
    monkeypatch.setenv("DATA", str(place))
    elsewhere = tmp_path / "study.toml"
    elsewhere.write_text(STUDY.replace("patents*.csv", "${DATA}/patents*.csv"))
    assert run(elsewhere, tmp_path / "out").manifest["sources"][0]["files"] == 2


def test_a_file_whose_name_looks_like_a_pattern_is_itself(tmp_path):
    study = world(tmp_path)
    (tmp_path / "patents-0.csv").rename(tmp_path / "part[0].csv")
    study.write_text(STUDY.replace("patents*.csv", "part[0].csv"))
    assert run(study, tmp_path / "out").manifest["inputs"][0]["name"] == "part[0].csv"


@pytest.mark.parametrize("where", ["out", "study", "cache", "tmp", "input"])
def test_a_name_that_is_no_utf8_is_refused_in_one_sentence(tmp_path, where, monkeypatch):
    odd = tmp_path / os.fsdecode(b"caf\xe9")
    folder = odd if where == "study" else tmp_path
    study = world(folder)
    if where == "input":
        (folder / "patents-0.csv").rename(folder / os.fsdecode(b"patents-\xe9.csv"))
    if where == "cache":
        monkeypatch.setenv("HUBRANK_CACHE", str(odd))
    if where == "tmp":
        odd.mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(odd))
    with pytest.raises(StudyError, match="bytes that are not UTF-8"):
        run(study, odd if where == "out" else tmp_path / "out", refuse_rows)


@pytest.mark.parametrize("threads", [0, -1, 99_999])
def test_a_number_of_threads_that_cannot_be_is_refused(tmp_path, threads):
    study = world(tmp_path)
    with pytest.raises(StudyError, match=r"threads is .*; give a number from 1 to"):
        pipeline.run(study, tmp_path / "out", threads=threads, progress=refuse_rows)


@pytest.mark.parametrize("memory", ["-1GB", "0GB", "0.0 MB", "", "GB", "many", "4", "4 potatoes", "1e99GB"])
def test_a_memory_that_cannot_be_is_refused(tmp_path, memory):
    with pytest.raises(StudyError, match="give a number with its unit"):
        DuckEngine(spill=tmp_path, memory=memory)


def test_a_mount_point_is_refused_at_once(tmp_path):
    (tmp_path / "disk").mkdir()
    mount = ["mount", "-t", "tmpfs", "tmpfs", str(tmp_path / "disk")]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a disk")
    try:
        with pytest.raises(StudyError, match="is a mount point"):
            run(world(tmp_path), tmp_path / "disk", refuse_rows)
    finally:
        subprocess.run(["umount", str(tmp_path / "disk")], check=True)
