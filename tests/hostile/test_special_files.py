"""Devices and pipes are written as they are: a file renamed onto one would take its place for the whole machine."""

import os
import stat
import threading

from typer.testing import CliRunner

from hubrank.cli import app


def test_a_table_is_written_into_a_pipe_which_stays_one(tmp_path):
    (tmp_path / "a.csv").write_text("city,country\nOslo,Norway\n", "utf-8")
    pipe, received = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: received.append(pipe.read_text("utf-8")), daemon=True)
    reader.start()
    assert CliRunner().invoke(app, ["locate", str(tmp_path / "a.csv"), "--out", str(pipe)]).exit_code == 0
    reader.join(30)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert "59.9" in received[0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "pipe"]
