"""Every code block of the documentation is what it claims: commands parse, studies are valid, tutorials run.

Tutorials and how-to guides whose blocks need no network are run from the first block to the last, in a folder that has
the demonstration; what they show as output has to be printed. Other blocks are checked by what they are: a command by
the parser of the command line, a piece of a study by the models that parse studies.
"""

import contextlib
import csv
import io
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from unittest import mock

import duckdb
import pytest
import typer

from cli.golden_errors import shown
from documentation.pages import DOCS, NOTEBOOKS, PAGES, ROOT, blocks
from hubrank import sources
from hubrank.cli import app
from hubrank.cli.screens import editions
from hubrank.core.edition import load
from hubrank.core.tables import LISTING_SCHEMA, Files
from hubrank.geocoding.correction_rows import COLUMNS
from hubrank.sources.ledger import RowLedger
from hubrank.study import study, study_file

COMMANDS = typer.main.get_command(app).commands
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
RUN = [DOCS / name for name in ("tutorials/demonstration.md", "tutorials/own-table.md", "how-to/python.md")]
BASE = {
    "title": "A study",
    "edition": "1",
    "sources": [{"metric": "deals", "reader": "table", "files": "deals.csv", "columns": {"city": "city"}}],
    "clusters": {"min_listings": 3},
}
OTHERS = {  # programs that are not ours: what is checked of the rest of the line
    "pip": lambda words: all(extra_exists(word) for word in words),
    "make": lambda words: words[0] in targets(),
    "docker": lambda words: "--file" not in words or (ROOT / words[words.index("--file") + 1]).is_file(),
    "uvx": lambda words: words[0] == "hubrank" and words[1] in COMMANDS,
    "cp": lambda words: words[0].startswith("…/") and (ROOT / words[0].removeprefix("…/")).is_file(),
    "python3": lambda words: words[0] == "-m",
    "python3.11": lambda words: words[0] == "-m",
    "python": lambda words: words[0] == "-m" or (ROOT / words[0]).is_file(),
    **dict.fromkeys(["source", "rsync", "spark-class", "conda", "aws", "chmod"], bool),
}


def extra_exists(word):
    extras = re.fullmatch(r"\.?(?:hubrank)?\[([\w,]+)\]", word)
    return extras is None or set(extras[1].split(",")) <= PROJECT["optional-dependencies"].keys()


def targets():
    return set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def kind(block):
    """Return what a block is, by its language, else by its text."""
    first = block.text.strip().partition("\n")[0]
    if block.file or block.language in {"python", "json", "toml", "sh", "text", "code-cell"}:
        return block.language if not block.file else "file"
    if re.match(r"\[+[\w.]+\]+|[\w.]+ = ", first):
        return "toml"
    if first.startswith(("upstream ", "server ", "limit_conn_zone")):
        return "nginx"  # tests/serving/test_reverse_proxy.py runs it
    if re.match(r"(COPY|SELECT|WITH)\b", first):
        return "sql"
    if "┃" in block.text:
        return "screen"  # tests/test_demo.py compares it
    return "csv" if "," in first and " " not in first else "sh"


def check_commands(text):
    """Parse each line: by our parser if it is ours, else as far as it names something of ours."""
    for line in text.replace("\\\n", " ").splitlines():
        for part in re.split(r"\s&&\s", line):
            words = shlex.split(part, comments=True)
            while words and re.fullmatch(r"[A-Z_]+=.*|export|sudo", words[0]):
                words.pop(0)
            if words and words[0].startswith("["):  # a piece of a study in the same block
                tomllib.loads(text[text.index(line) :])
                return
            if words:
                check_command(words)


def check_command(words):
    program, rest = words[0].rpartition("/")[2], words[1:]
    if program != "hubrank":
        assert OTHERS[program](rest), words
    elif rest and not rest[0].startswith("-"):
        rest = rest[: rest.index(">")] if ">" in rest else rest
        COMMANDS[rest[0]].make_context(rest[0], rest[1:])  # exits where it does not parse


def check_study(text):
    """Check a piece of a study as a part of a whole one; lines that say one key in several ways are pieces each."""
    try:
        pieces = [tomllib.loads(text)]
    except tomllib.TOMLDecodeError:
        head, *lines = [line for line in text.splitlines() if line.strip()]
        pieces = [tomllib.loads(f"{head}\n{line}" if head.startswith("[") else line) for line in (lines or [head])]
        pieces += [] if head.startswith("[") else [tomllib.loads(head)]
    for piece in pieces:
        if "OPENALEX_API_KEY" in piece:
            continue  # keys of providers: `get` reads them
        is_part_of_a_source = piece.keys() - set(study.Study.model_fields) - {"metrics", "sources"}
        check_whole({"sources": [{**BASE["sources"][0], **named(piece)}]} if is_part_of_a_source else piece)


def named(piece):
    """Return keys of a source: those that a source has by their name, else columns."""
    fields = set(study.SourceSection.model_fields)
    return piece if piece.keys() <= fields else {"columns": {"city": "city", **piece}}


def check_whole(piece):
    whole = {**BASE, **piece}
    whole["sources"] = [{**BASE["sources"][0], **section} for section in whole["sources"]]
    for section in whole["sources"]:
        if section["reader"] != "table" and section["columns"] == BASE["sources"][0]["columns"]:
            del section["columns"]
    for name in whole.get("metrics", ()):
        if name not in {section["metric"] for section in whole["sources"]}:
            whole["sources"].append({**BASE["sources"][0], "metric": name})
    parsed = study_file.parse(whole, ROOT / "study.toml", with_files=False)
    for section in parsed.sources:
        reader = sources.find(section.reader)
        sources.parse_options(reader, section, None)
        roles = {*reader.ROLES, *reader.OPTIONAL_ROLES}
        assert set(section.files if isinstance(section.files, dict) else ()) <= roles


def check_csv(text):
    header = next(csv.reader(io.StringIO(text)))
    if "why" in header:
        assert set(header) <= set(COLUMNS)
    assert len({len(row) for row in csv.reader(io.StringIO(text))}) == 1


CHECKS = {
    "sql": duckdb.extract_statements,
    "sh": check_commands,
    "toml": check_study,
    "csv": check_csv,
    "json": json.loads,
}
FREE = {"text", "screen", "nginx", "file", "code-cell", "python"}  # run or compared elsewhere, or words


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_block_of_a_page_is_what_it_claims(page):
    for block in blocks(page):
        what = kind(block)
        if what not in FREE:
            with mock.patch.dict(os.environ, {"PWD": "/data"}):
                CHECKS[what](block.text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_study_and_command_that_a_text_names_is_there(page):
    text = page.read_text("utf-8")
    for name in re.findall(r"studies/([\w-]+\.toml)", text):
        assert (ROOT / "studies" / name).exists(), name
    assert set(re.findall(r"`hubrank ([a-z]+)", text)) <= COMMANDS.keys()


def test_the_kinds_of_blocks_are_recognised():
    seen = {kind(block) for page in PAGES for block in blocks(page)}
    assert seen >= {"sh", "toml", "csv", "json", "text", "screen", "nginx", "file", "code-cell", "python"}
    with pytest.raises(Exception, match="ouut"):
        check_commands("hubrank run study.toml --ouut x")
    with pytest.raises(KeyError):
        check_commands("hubrank rnu study.toml")
    with pytest.raises(Exception, match="radius"):
        check_study("[clusters]\nradius = 3")


def run_page(page, folder, monkeypatch, demo):
    """Run the blocks of a page in order; return what was compared."""
    (folder / "demo").symlink_to(demo, target_is_directory=True)
    monkeypatch.chdir(folder)
    seen, names = "", {}
    for block in blocks(page):
        where = f"{page.name}:{block.line}"
        file, _, place = block.file.partition(" (add below `")
        if place:
            text, after = (folder / file).read_text("utf-8"), place.partition("`")[0]
            assert re.search(rf"^{after}.*\n", text, re.MULTILINE), where
            (folder / file).write_text(
                re.sub(rf"^{after}.*\n", rf"\g<0>{block.text}", text, flags=re.MULTILINE), "utf-8"
            )
        elif file:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(block.text, "utf-8")
        elif block.language == "python":
            exec(compile(block.text, where, "exec"), names)
        elif block.language == "sh":
            seen = run_commands(block.text, folder, monkeypatch, where)
        elif block.language == "text":
            at = -1
            for line in block.text.splitlines():
                assert line in seen[at + 1 :], (where, line, seen)
                at = seen.index(line, at + 1)
    return names


def run_commands(text, folder, monkeypatch, where):
    """Run our commands, but `demo`, whose result is there; return what they print."""
    seen = []
    for words in (shlex.split(line, comments=True) for line in text.splitlines()):
        if words[0] != "hubrank":
            continue
        if words[1] == "demo":
            seen.append(printed_by_demo(folder / "demo" / "2025"))
            continue
        output = shown(words[1:], folder, monkeypatch.chdir)
        expected = 1 if words[1] == "check" and "would stop" in output else 0
        assert output.startswith(f"exit {expected}\n"), (where, words, output)
        seen.append(output)
    return "\n".join(seen)


def printed_by_demo(edition):
    """Return what `hubrank demo` prints at its end."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), mock.patch.dict(os.environ, {"COLUMNS": "200", "TERM": "dumb"}):
        editions.edition(load(edition), 20)
    return out.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("page", RUN, ids=lambda page: page.stem)
def test_a_page_runs_from_its_first_block_to_its_last(page, tmp_path, monkeypatch, demo):
    run_page(page, tmp_path, monkeypatch, demo)


def reader_package(folder):
    """Write the files of the how-to guide; return the folder of the package."""
    for block in blocks(DOCS / "how-to" / "reader-package.md"):
        if block.file:
            (folder / block.file).parent.mkdir(exist_ok=True)
            (folder / block.file).write_text(block.text, "utf-8")
    return folder / "hubrank-trademarks"


def test_the_reader_of_the_how_to_guide_keeps_the_contract_and_accounts_for_every_block(tmp_path, monkeypatch):
    package = reader_package(tmp_path)
    monkeypatch.syspath_prepend(str(package))
    import hubrank_trademarks as reader
    from test_trademarks import MARKS

    assert all(hasattr(reader, name) for name in sources.CONTRACT)
    (tmp_path / "marks.txt").write_text(MARKS)
    files = Files((tmp_path / "marks.txt",), {}, {"": tmp_path})
    ledger = RowLedger()
    (table,) = reader.read(files, reader.Options(window=(2021, 2021)), ledger)
    assert table.schema == LISTING_SCHEMA
    assert table.select(["record_key", "listing_no", "address", "source_file", "source_row"]).to_pylist() == [
        {"record_key": "1", "listing_no": n, "address": place, "source_file": "marks.txt", "source_row": 1}
        for n, place in ((1, "Lyon, France"), (2, "Geneva, Switzerland"))
    ]
    assert ledger.scope == {"kind of mark": 1, "outside the window": 1}
    assert ledger.aside == [("marks.txt", 16, "not a year", "filed", "unknown")]


@pytest.mark.slow
def test_the_reader_of_the_how_to_guide_works_as_an_installed_package(tmp_path):
    package = reader_package(tmp_path)
    installed = tmp_path / "installed"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--target"]
    subprocess.run([*pip, str(installed), str(package)], check=True)
    path = os.pathsep.join([str(installed), *filter(None, [os.environ.get("PYTHONPATH")])])
    (tmp_path / "hubrank").write_text(f'#!/bin/sh\nexec {sys.executable} -m hubrank "$@"\n')
    (tmp_path / "hubrank").chmod(0o755)
    environment = {**os.environ, "PYTHONPATH": path, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_trademarks.py"]
    seen = subprocess.run(command, cwd=package, env=environment, capture_output=True, text=True, check=False)
    assert "1 passed" in seen.stdout, seen.stdout + seen.stderr


@pytest.mark.slow
@pytest.mark.parametrize("page", NOTEBOOKS, ids=lambda page: page.stem)
def test_a_notebook_runs_and_draws(page, demo, monkeypatch):
    pyplot = pytest.importorskip("matplotlib.pyplot")
    pytest.importorskip("pandas")
    pyplot.switch_backend("Agg")
    monkeypatch.setenv("HUBRANK_DEMO", str(demo))
    names = {}
    for block in blocks(page):
        if block.language == "code-cell":
            exec(compile(block.text, f"{page.name}:{block.line}", "exec"), names)
    assert pyplot.get_fignums()
    pyplot.close("all")
