"""Two runs into one folder: one is refused, whatever its cache and however it calls the folder; no edition is lost."""

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from hubrank.core.atomic_folder import atomic_folder
from hubrank.core.errors import CheckFailed, StudyError
from hubrank.core.files import write_json

WRITING = """
import sys
from pathlib import Path
from hubrank.core.atomic_folder import atomic_folder
from hubrank.core.files import write_json
with atomic_folder(Path(sys.argv[1])) as folder:
    write_json(folder / "edition.json", {"text": "first"})
    print("writing", flush=True)
    sys.stdin.readline()
"""


def make(out, text, *, before="true", after="true"):
    """Write an edition; another program runs a command in its draft before and after the last file is written."""
    with atomic_folder(out) as folder:
        write_json(folder / "edition.json", {"text": text})
        subprocess.run(before.format(folder), shell=True, check=True)
        write_json(folder / "tables/a.json", {"text": text})
        subprocess.run(after.format(folder), shell=True, check=True)


@contextmanager
def writing(out, cache):
    """Write an edition in a process with its own cache, and finish it when the block ends."""
    command = [sys.executable, "-c", WRITING, str(out)]
    environment = os.environ | {"HUBRANK_CACHE": str(cache)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as run:
        assert run.stdout.readline() == b"writing\n"
        yield run
        run.stdin.write(b"\n")
    assert run.returncode == 0


@pytest.mark.parametrize("name", ["out", "sub/../out", "link/out", "linked", "./out/", "out/../sub/../out"])
def test_a_second_run_is_refused_however_it_calls_the_folder_and_whatever_its_cache(tmp_path, name):
    (tmp_path / "sub").mkdir()
    (tmp_path / "link").symlink_to(tmp_path)
    (tmp_path / "linked").symlink_to("out")
    make(tmp_path / "out", "old")
    with writing(tmp_path / "out", tmp_path / "another cache") as first:
        draft = {path.name for path in tmp_path.glob(".out.draft.*")}
        with pytest.raises(StudyError, match=f"process {first.pid}"):
            make(Path(f"{tmp_path}/{name}"), "second")
        assert {path.name for path in tmp_path.glob(".out.draft.*")} == draft
    assert "first" in (tmp_path / "out/edition.json").read_text()


def test_a_draft_is_swept_if_nobody_holds_it_and_only_then(tmp_path):
    for name in (".e[1].draft.dead", ".e1.draft.dead"):
        (tmp_path / name).mkdir()
    with writing(tmp_path / "e[1]", tmp_path / "cache"):
        assert not (tmp_path / ".e[1].draft.dead").exists()
        assert (tmp_path / ".e1.draft.dead").exists(), "it is of another folder"
        (tmp_path / ".e[1].lock").unlink()  # nothing but the lock of the draft protects it then
        make(tmp_path / "e[1]", "second")
        assert len(list(tmp_path.glob(".e*.draft.*"))) == 2
    assert "first" in (tmp_path / "e[1]/edition.json").read_text()


def test_a_writer_whose_draft_disappeared_fails_and_does_not_make_it_again(tmp_path):
    make(tmp_path / "out", "old")
    with pytest.raises(CheckFailed, match="changed by another program"):
        make(tmp_path / "out", "new", before="rm -r {}")
    assert "old" in (tmp_path / "out/edition.json").read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("change", ["rm {}/tables/a.json", "truncate -s 3 {}/tables/a.json", "touch {}/tables/b.json"])
def test_only_what_was_written_takes_the_place_of_an_edition(tmp_path, change):
    make(tmp_path / "out", "old")
    with pytest.raises(CheckFailed, match="changed by another program"):
        make(tmp_path / "out", "new", after=change)
    assert "old" in (tmp_path / "out/edition.json").read_text()


def test_an_edition_that_was_moved_aside_by_a_killed_run_is_given_its_name_back(tmp_path, monkeypatch):
    monkeypatch.setattr("hubrank.core.atomic_folder.exchange", lambda *_: False)
    make(tmp_path / "out", "old")
    rename, killed = Path.rename, OSError("killed")

    def fail(path, target):
        if ".draft." in path.name or ".previous" in path.name:
            raise killed
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(OSError, match="killed"):
        make(tmp_path / "out", "new")
    monkeypatch.undo()
    assert not (tmp_path / "out").exists()
    with pytest.raises(RuntimeError), atomic_folder(tmp_path / "out"):
        raise RuntimeError
    assert "old" in (tmp_path / "out/edition.json").read_text()


def test_a_link_stays_a_link_and_a_long_name_is_a_name(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "linked").symlink_to("real/out")
    make(tmp_path / "linked", "one")
    make(tmp_path / "linked", "two")
    assert (tmp_path / "linked").is_symlink()
    assert "two" in (tmp_path / "real/out/edition.json").read_text()
    make(tmp_path / ("ü" * 120), "long")


def test_an_edition_is_readable_under_any_umask(tmp_path):
    before = os.umask(0o077)
    try:
        make(tmp_path / "out", "old")
    finally:
        os.umask(before)
    paths = [tmp_path / "out", *(tmp_path / "out").rglob("*")]
    assert {path.stat().st_mode & 0o777 for path in paths} == {0o755, 0o644}
