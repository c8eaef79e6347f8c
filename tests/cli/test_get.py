"""`hubrank get` as a user sees it."""

import json
import os
import pty
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from acquisition import providers
from acquisition.stub import Stub
from hubrank.cli import app
from hubrank.core.errors import DataError, StudyError


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Return a function that runs `hubrank get` in an empty folder, with answers of the user."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HUBRANK_RAW", raising=False)

    def command(*arguments, answers=None):
        return CliRunner().invoke(app, ["get", *arguments], input=answers)

    return command


@pytest.fixture
def ror(monkeypatch):
    """Return a stub of ROR, and the name of its file."""
    with Stub() as stub:
        (name,) = providers.ror(stub)
        for variable, value in providers.environment("ror", stub).items():
            monkeypatch.setenv(variable, value)
        yield stub, name


def test_alone_it_lists_every_source_with_size_licence_login_price_and_calls(run):
    listed = {row["source"]: row for row in json.loads(run("--json").stdout)}
    assert set(providers.INSTALL) < set(listed)
    for name in providers.INSTALL:
        assert all(listed[name].values()), name
    assert "CHF 400" in listed["wipo-pct"]["what it is"]
    printed = run().stdout
    assert all(name in printed for name in listed)


@pytest.mark.parametrize(
    ("source", "where"),
    [
        ("regpat", "raw/regpat/"),
        ("wipo-pct", "CHF 400"),
        ("patstat", "raw/patstat/"),
        ("crunchbase", "raw/crunchbase/"),
    ],
)
def test_a_source_by_request_says_where_to_ask_and_where_its_files_go(run, source, where):
    error = run(source).exception
    assert isinstance(error, StudyError)
    assert "cannot be fetched by a program" in str(error)
    assert where in str(error)


def test_an_unknown_source_names_the_nearest(run):
    assert "Did you mean 'form-d'?" in str(run("form_d").exception)


def test_nothing_is_fetched_before_the_user_agrees(run, ror, tmp_path):
    stub, _ = ror
    error = run("ror").exception
    assert isinstance(error, StudyError)
    assert "--yes" in str(error)
    assert [request["path"] for request in stub.requests] == ["/api/records"]
    assert not (tmp_path / "raw").exists()


@pytest.mark.parametrize(("answer", "fetched"), [("n", False), ("y", True)])
def test_at_a_terminal_the_user_is_asked(answer, fetched, ror, tmp_path):
    controlling, terminal = pty.openpty()
    os.write(controlling, f"{answer}\n".encode())
    command = [sys.executable, "-m", "hubrank", "get", "ror", "--raw", str(tmp_path)]
    done = subprocess.run(command, stdin=terminal, capture_output=True, text=True, check=False)
    assert "Fetch this? [y/N]" in done.stderr
    assert done.returncode == (0 if fetched else 1)
    assert (tmp_path / "ror" / ror[1]).exists() == fetched


def test_before_the_download_it_states_size_licence_requests_and_folder(run, ror, tmp_path):
    _, name = ror
    done = run("ror", "--yes")
    assert done.exit_code == 0, done.exception
    for text in ("CC0-1.0", "kB", "requests: at most", "raw/ror/", name, "cost: free"):
        assert text in done.stderr
    assert "1 file fetched" in done.stdout
    assert (tmp_path / "raw" / "ror" / name).exists()
    assert "0 files fetched, 1 there before" in run("ror", "--yes").stdout


def test_the_folder_of_raw_files_is_that_of_the_environment(run, ror, tmp_path, monkeypatch):
    monkeypatch.setenv("HUBRANK_RAW", str(tmp_path / "elsewhere"))
    result = json.loads(run("ror", "--yes", "--json").stdout)
    assert result["files"] == [str(tmp_path / "elsewhere" / "ror" / ror[1])]


@pytest.mark.parametrize("years", ["2023-2019", "20", "last"])
def test_years_that_are_none_are_refused(run, years):
    done = run("form-d", "--years", years)
    assert done.exit_code == 2
    assert "2019-2023" in done.stderr


@pytest.mark.usefixtures("ror")
def test_two_commands_do_not_write_into_one_folder(run, tmp_path):
    from hubrank.core.atomic_folder import locked

    (tmp_path / "raw" / "ror").mkdir(parents=True)
    with locked(tmp_path / "raw" / "ror"):
        error = run("ror", "--yes").exception
    assert isinstance(error, StudyError)
    assert "is being written by another" in str(error)


@pytest.mark.usefixtures("ror")
def test_a_broken_manifest_is_one_message(run, tmp_path):
    (tmp_path / "raw" / "ror").mkdir(parents=True)
    (tmp_path / "raw" / "ror" / "manifest.json").write_text("[]")
    assert isinstance(run("ror", "--yes").exception, DataError)


def test_a_terminal_sees_amount_rate_and_time_left():
    import io

    from rich.console import Console
    from rich.progress import Progress, TextColumn

    from hubrank.cli.screens.downloads import Bar

    screen = Console(file=io.StringIO(), force_terminal=True, width=120)
    with Progress(TextColumn("{task.description} {task.fields[shown]}"), console=screen) as progress:
        bar = Bar(progress)
        bar.start("one.zip", 4_000_000, 1_000_000, "bytes")
        bar.advance(500_000)
        (task,) = progress.tasks
        assert task.fields["shown"].startswith("1.5 MB of 4.0 MB")
        bar.start("pages", None, 3, "calls")
        bar.advance(1)
        (task,) = progress.tasks
        assert task.fields["shown"].startswith("4 calls")
