"""`hubrank help TOPIC` explains every command, key, table, column and reader; the shell completes commands."""

import os
import subprocess
import sys

import pytest
import typer
from rich.text import Text

from cli.golden_errors import shown
from hubrank.analysis import study_reference
from hubrank.cli import app, topics
from hubrank.core import columns

COMMANDS = sorted(typer.main.get_command(app).commands)


@pytest.fixture
def helped(tmp_path, monkeypatch):
    return lambda topic: shown(f"help {topic}", tmp_path, monkeypatch.chdir)


def test_every_command_key_table_and_reader_is_a_topic(helped):
    listed = helped("")
    names = [*COMMANDS, *(name for kind in topics.topics().values() for name in kind)]
    assert len(names) > 100
    assert [name for name in names if name not in listed] == []
    for name in names:
        assert list(topics.explained(name, COMMANDS)) or name in COMMANDS, name


def test_every_column_of_a_table_is_a_topic():
    for table in columns.tables():
        for _, column, entry in columns.entries_of(table):
            assert entry["meaning"] in "\n".join(topics._columns(f"{table}.{column}"))


def test_a_key_is_explained_with_example_and_what_it_moves(helped):
    about = study_reference.keys()["clusters.radius_km"]
    for topic in ("clusters.radius_km", "radius_km"):
        seen = helped(topic)
        assert about["what"] in seen
        assert about["example"] in seen
        assert "moves: ranks" in seen


def test_a_name_with_several_meanings_has_all_of_them(helped):
    seen = helped("clusters")
    assert "Section [clusters] of the study file has the keys" in seen
    assert "clusters (table): one row is one cluster" in seen


def test_what_a_study_names_of_a_row_is_a_topic(helped):
    seen = helped("record")
    assert "record (of a row, reader table): id of the record" in seen
    assert 'columns = { record = "…" }' in seen
    assert "weight (of a row, reader table): part of one listing" in helped("weight")


def test_a_command_has_its_own_help_before_other_meanings(helped):
    seen = helped("rank")
    assert seen.index("Usage: hubrank rank") < seen.index("rank: rank by score")


def test_a_topic_that_is_none_is_refused_with_the_nearest(helped):
    seen = helped("raduis_km")
    assert seen.startswith("exit 2\n")
    assert "Did you mean 'radius_km'?" in seen


def _help_texts(command, name):
    """Yield each command with the texts of its help: of itself, its options and arguments."""
    texts = [command.help, *(getattr(parameter, "help", None) for parameter in command.params)]
    yield from ((name, text) for text in texts if text)
    for inner, each in getattr(command, "commands", {}).items():
        yield from _help_texts(each, f"{name} {inner}")


def test_no_text_of_help_loses_what_is_in_brackets_as_markup():
    texts = [*_help_texts(typer.main.get_command(app), "hubrank")]
    assert len({name for name, _ in texts}) > len(COMMANDS)
    assert [(name, text) for name, text in texts if Text.from_markup(text).plain != text] == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_completes_commands(shell):
    words = {"COMP_WORDS": "hubrank ver", "COMP_CWORD": "1", "_TYPER_COMPLETE_ARGS": "hubrank ver"}
    request = {**words, "_TYPER_COMPLETE_FISH_ACTION": "get-args", "_HUBRANK_COMPLETE": f"complete_{shell}"}
    command = [sys.executable, "-c", "from hubrank.cli import main; main()"]
    seen = subprocess.run(command, env={**os.environ, **request}, capture_output=True, text=True, check=False)
    assert "verify" in seen.stdout
    assert "compare" not in seen.stdout
