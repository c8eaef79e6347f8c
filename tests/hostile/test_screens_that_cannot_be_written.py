"""A screen that is full, closed or ASCII stops no run; the message and the edition always agree."""

import os
import subprocess
import sys

import pytest

from hostile.small_worlds import contents, run, world


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scene")
    study = world(folder)
    return study, contents(run(study, folder / "expected").folder)


# Where Python does not wait to write, nothing is left at its end that it could fail to write then.
BUFFERED = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}


def shell(study, out, redirections, *options, **environment):
    command = f'"$0" -m hubrank run "$1" --out "$2" {" ".join(options)} {redirections}'
    return subprocess.run(
        ["/bin/sh", "-c", command, sys.executable, str(study), str(out)],
        env=BUFFERED | environment,
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("redirections", "options"),
    [
        (">/dev/full", ()),
        (">&- 2>&- <&-", ()),
        pytest.param(">/dev/full", ("--json",), marks=pytest.mark.slow),
        pytest.param(">/dev/full 2>&1", (), marks=pytest.mark.slow),
    ],
)
def test_a_screen_that_cannot_be_written_leaves_a_finished_edition_and_no_other_message(
    scene, tmp_path, redirections, options
):
    done = shell(scene[0], tmp_path / "out", redirections, *options)
    assert done.returncode == 0, done.stderr
    assert contents(tmp_path / "out") == scene[1]
    assert b"unchanged" not in done.stderr
    if "2>" not in redirections:
        assert b"is complete, but its summary could not be printed" in done.stderr
        assert b"Exception ignored" not in done.stderr


def test_an_ascii_screen_shows_escapes(scene, tmp_path):
    done = shell(scene[0], tmp_path / "out", "", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert done.returncode == 0, done.stderr
    assert done.stdout.isascii()
    assert contents(tmp_path / "out") == scene[1]


def test_other_commands_fail_where_their_result_cannot_be_written(scene, tmp_path):
    command = f'"{sys.executable}" -m hubrank verify "{scene[0].parent / "expected"}" --json >/dev/full'
    done = subprocess.run(["/bin/sh", "-c", command], env=BUFFERED, capture_output=True, check=False)
    assert done.returncode == 2, done.stderr
    assert b"standard output" in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_disk_that_does_not_confirm_an_edition_in_its_place_gives_no_failure(scene, tmp_path, monkeypatch, caplog):
    def sync(path):
        if path == tmp_path:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("hubrank.core.atomic_folder.sync", sync)
    run(scene[0], tmp_path / "out")
    assert contents(tmp_path / "out") == scene[1]
    assert "the disk did not confirm it" in caplog.text
