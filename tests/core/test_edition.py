"""An edition is there as a whole or not at all."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hubrank.core import cache, edition, files
from hubrank.core.atomic_folder import atomic_folder, expect_free
from hubrank.core.cache import cache_folder, code_version
from hubrank.core.errors import StudyError
from hubrank.core.files import write_json
from hubrank.core.parquet import write_stream, write_table
from hubrank.core.system import exchange


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def make(out, text):
    with atomic_folder(out) as folder:
        write_json(folder / "edition.json", {"format": edition.FORMAT, "text": text})


def text_of(folder):
    return edition.load(folder).manifest["text"]


def test_a_new_edition_takes_the_place_of_the_old_one_and_leaves_nothing_else(tmp_path):
    make(tmp_path / "e", "old")
    make(tmp_path / "e", "new")
    assert text_of(tmp_path / "e") == "new"
    assert names(tmp_path) == ["e"]


def test_a_run_that_fails_keeps_the_old_edition(tmp_path):
    make(tmp_path / "e", "old")

    def failing_run():
        with atomic_folder(tmp_path / "e") as folder:
            write_json(folder / "edition.json", {"text": "new"})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        failing_run()
    assert text_of(tmp_path / "e") == "old"
    assert names(tmp_path) == ["e"]


def test_where_the_system_cannot_exchange_folders_they_are_renamed(tmp_path, monkeypatch):
    monkeypatch.setattr("hubrank.core.atomic_folder.exchange", lambda *_: False)
    make(tmp_path / "e", "old")
    make(tmp_path / "e", "new")
    assert text_of(tmp_path / "e") == "new"
    assert names(tmp_path) == ["e"]


KILLED = """
import os, signal, sys
from pathlib import Path
from hubrank.core.atomic_folder import atomic_folder
from hubrank.core.files import write_json
with atomic_folder(Path(sys.argv[1])) as folder:
    write_json(folder / "edition.json", {"text": "new"})
    (folder / ".half").write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_run_keeps_the_old_edition_and_the_next_sweeps_up(tmp_path):
    make(tmp_path / "e", "old")
    assert subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "e")], check=False).returncode == -9
    assert text_of(tmp_path / "e") == "old"
    assert len(list(tmp_path.glob(".e.draft.*"))) == 1
    make(tmp_path / "e", "new")
    assert names(tmp_path) == ["e"]


def test_a_folder_that_is_no_edition_is_not_written_over(tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("years of work")
    with pytest.raises(StudyError, match=r"no edition\.json"):
        make(tmp_path / "thesis", "new")
    with pytest.raises(StudyError, match="is a file"):
        make(tmp_path / "thesis" / "chapter.txt", "new")
    assert names(tmp_path / "thesis") == ["chapter.txt"]


@pytest.fixture
def synced(monkeypatch):
    """Return the paths that were synced, as they were called then."""
    paths, sync = [], os.fsync

    def noting(handle):
        paths.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
        sync(handle)

    monkeypatch.setattr("os.fsync", noting)
    return paths


def test_all_of_an_edition_is_on_disk_before_it_takes_the_place_of_the_old_one(tmp_path, synced, monkeypatch):
    make(tmp_path / "e", "old")
    synced.clear()
    seen = []
    monkeypatch.setattr(
        "hubrank.core.atomic_folder.exchange", lambda *folders: seen.extend(synced) or exchange(*folders)
    )
    with atomic_folder(tmp_path / "e") as folder:
        write_json(folder / "edition.json", {})
        write_table(folder / "tables" / "one.parquet", pa.table({"a": [1]}), ["a"])
        batches = pa.RecordBatchReader.from_batches(pa.schema([("a", pa.int64())]), [])
        write_stream(folder / "tables" / "two.parquet", batches, ["a"])
        assert not synced, "one by one the disk is waited for as often as there are files"
    names = ("", "/edition.json", "/tables", "/tables/one.parquet", "/tables/two.parquet")
    assert sorted(seen) == [f"{folder}{name}" for name in names]
    assert synced[-1] == str(tmp_path)


def test_an_edition_that_does_not_reach_the_disk_keeps_the_old_one(tmp_path, monkeypatch):
    make(tmp_path / "e", "old")
    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(OSError, match="No space"):
        make(tmp_path / "e", "new")
    assert text_of(tmp_path / "e") == "old"
    assert names(tmp_path) == ["e"]


def full_disk(_):
    raise OSError(28, "No space left on device")


def test_a_file_of_its_own_is_on_disk_before_it_has_its_name(tmp_path, synced):
    files.write_bytes(tmp_path / "f", b"new")
    assert [name.rpartition("/")[2][:3] for name in synced] == [".f."]


def test_a_file_that_cannot_be_finished_leaves_the_old_one(tmp_path, monkeypatch):
    files.write_bytes(tmp_path / "f", b"old")
    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(OSError, match="No space"):
        files.write_bytes(tmp_path / "f", b"new")
    assert (tmp_path / "f").read_bytes() == b"old"
    assert names(tmp_path) == ["f"]


def test_tables_are_the_same_bytes_in_any_row_order(tmp_path):
    table = pa.table({"a": [2, 1, 3], "b": ["x", "y", "z"]})
    write_table(tmp_path / "one", table, ["a"], note="n")
    write_table(tmp_path / "two", table.take([2, 0, 1]), ["a"], note="n")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert pq.read_schema(tmp_path / "one").metadata[b"note"] == b"n"


def test_what_is_no_edition_is_said_so(tmp_path):
    with pytest.raises(StudyError, match="no edition"):
        edition.load(tmp_path)
    (tmp_path / "edition.json").write_text('{"a": ')
    with pytest.raises(StudyError, match="damaged"):
        edition.load(tmp_path)
    (tmp_path / "edition.json").write_text("[1]")
    with pytest.raises(StudyError, match="damaged"):
        edition.load(tmp_path)
    write_json(tmp_path / "edition.json", {"format": edition.FORMAT, "a": 1})
    assert edition.load(tmp_path / "edition.json").manifest["a"] == 1


@pytest.mark.parametrize("version", [{}, {"format": 1}, {"format": edition.FORMAT + 1}])
def test_an_edition_of_another_format_is_refused_with_the_command_that_makes_it_again(tmp_path, version):
    write_json(tmp_path / "edition.json", {"study": {}, **version})
    refusal = rf"of format {version.get('format', 1)}, .* reads format {edition.FORMAT}: run its study again"
    with pytest.raises(StudyError, match=refusal):
        edition.load(tmp_path)


HOLDING = """
import sys, time
from pathlib import Path
from hubrank.core.atomic_folder import atomic_folder
from hubrank.core.files import write_json
with atomic_folder(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_run_into_one_folder_is_refused_and_the_first_keeps_its_draft(tmp_path):
    with subprocess.Popen([sys.executable, "-c", HOLDING, str(tmp_path / "e")], stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(StudyError, match=rf"another run \(process {holder.pid}\)"):
            make(tmp_path / "e", "second")
        assert len(list(tmp_path.glob(".e.draft.*"))) == 1, "the draft of the first run is gone"
        holder.kill()
    make(tmp_path / "e", "third")
    assert names(tmp_path) == ["e"]


REFUSED = """
import sys
from hubrank import cli
sys.argv = ["hubrank", "run", "study.toml", "--out", sys.argv[1]]
print(cli.run_guarded(), [name for name in ("numba", "duckdb", "scipy") if name in sys.modules])
"""


def test_a_second_run_is_refused_before_anything_slow_is_imported(tmp_path):
    with subprocess.Popen([sys.executable, "-c", HOLDING, str(tmp_path / "e")], stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"held\n"
        command = [sys.executable, "-c", REFUSED, str(tmp_path / "e")]
        seen = subprocess.run(command, capture_output=True, text=True, check=False)
        holder.kill()
    assert f"another run (process {holder.pid})" in seen.stderr
    assert seen.stdout.strip() == "2 []"


def test_the_version_of_the_code_covers_the_data_that_the_package_ships(tmp_path, monkeypatch):
    (tmp_path / "names.csv").write_text("one")
    monkeypatch.setattr(cache, "__file__", str(tmp_path / "core" / "cache.py"))
    first = code_version.__wrapped__()
    (tmp_path / "names.csv").write_text("two")
    assert code_version.__wrapped__() != first


def test_where_batches_end_does_not_show_in_a_streamed_file(tmp_path):
    table = pa.table({"name": [f"record {i * 7_919}" for i in range(150_000)], "units": list(range(150_000))})
    for name, rows in (("one", 150_000), ("many", 777)):
        batches = pa.RecordBatchReader.from_batches(table.schema, table.to_batches(rows))
        write_stream(tmp_path / name, batches, ["units"])
    assert (tmp_path / "one").read_bytes() == (tmp_path / "many").read_bytes()


def test_text_that_streams_by_its_code_is_text_in_the_file_whatever_its_codes_are(tmp_path):
    text = pa.schema([("name", pa.string()), ("row", pa.int64())])
    coded = text.set(0, pa.field("name", pa.dictionary(pa.int32(), pa.string())))
    a, b = pa.array([0, None, 0], pa.int32()), pa.array([1, 0, None], pa.int32())
    pieces = [(a, ["x"], [1, 2, 3]), (b, ["x", "y"], [4, 5, 6])]
    batches = [
        pa.record_batch([pa.DictionaryArray.from_arrays(code, texts), pa.array(row)], schema=coded)
        for code, texts, row in pieces
    ]
    schema = write_stream(tmp_path / "t", pa.RecordBatchReader.from_batches(coded, batches), ["row"], note="some note")
    assert schema == text
    table = pq.read_table(tmp_path / "t")
    assert table.schema == text
    assert table.schema.metadata == {b"note": b"some note"}
    assert table.to_pydict() == {"name": ["x", None, "x", "y", "x", None], "row": [1, 2, 3, 4, 5, 6]}
    group = pq.read_metadata(tmp_path / "t").row_group(0)
    assert [group.column(at).is_stats_set for at in range(2)] == [False, True]


def test_the_cache_lies_where_the_environment_says(monkeypatch, tmp_path):
    monkeypatch.setenv("HUBRANK_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.delenv("HUBRANK_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setattr("sys.platform", "linux")
    assert cache_folder() == tmp_path / "xdg" / "hubrank"
    monkeypatch.setattr("sys.platform", "darwin")
    assert cache_folder() == Path.home() / "Library/Caches/hubrank"


def test_rows_of_raw_files_take_a_byte_and_are_read_by_other_programs(tmp_path):
    count = 100_000
    keys = [f"US{at // 3:08d}" for at in range(count)]
    table = pa.table({"record_key": keys, "source_row": pa.array(range(count), pa.int64()), "n": [1] * count})
    write_table(tmp_path / "t.parquet", table, ["record_key", "source_row"])
    assert (tmp_path / "t.parquet").stat().st_size < count
    read = duckdb.sql(f"SELECT * FROM '{tmp_path / 't.parquet'}'").to_arrow_table()
    assert read.cast(table.schema).equals(table)


@pytest.mark.parametrize(
    ("ppm", "text"),
    [
        (150.0, "39 listings (150 per million listings)"),
        (1234567.8, "39 listings (more than all listings with a place)"),
        (12345.6, "39 listings (12,345.6 per million listings)"),
    ],
)
def test_a_threshold_is_written_with_its_share_of_the_listings(ppm, text):
    assert edition.threshold_text({"threshold_listings": 39, "threshold_ppm": ppm}) == text


def test_a_folder_that_takes_no_files_is_named_not_the_file_of_the_lock(monkeypatch, tmp_path):
    with pytest.raises(StudyError, match=r"^/proc takes no files"):
        expect_free(Path("/proc/e"))

    def read_only(path, *_):
        raise OSError(errno.EROFS, "Read-only file system", str(path))

    monkeypatch.setattr("hubrank.core.locks.os.open", read_only)
    with pytest.raises(OSError, match="Read-only") as raised:
        expect_free(tmp_path / "e")
    assert raised.value.filename == str(tmp_path)
