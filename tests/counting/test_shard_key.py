"""A finished shard is read again where its reader, geocoder, counting or their data changed, and for nothing else."""

import ast
import csv
import importlib
import shutil
from importlib.metadata import version
from pathlib import Path

import pytest

from hubrank.core import code_hash
from hubrank.counting import shards
from hubrank.counting.shards import locate_shards
from hubrank.engines.duckdb import DuckEngine
from hubrank.sources import table
from hubrank.sources.inputs import Inputs
from hubrank.study import study_file
from hubrank.study.sections import SourceSection

STUDY = """
title = "One table"
edition = "1"
[[sources]]
metric = "patents"
reader = "table"
files = "patents.csv"
columns = { record = "id", listing = "no", lat = "lat", lon = "lon" }
[geocoding]
use = ["coordinates"]
[clusters]
min_listings = 1
"""


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Return a copy of the package, by whose files shards are identified."""
    copy = tmp_path / "src" / "hubrank"
    shutil.copytree(code_hash.PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(Path(__file__).parents[2] / "METHOD.md", tmp_path)
    monkeypatch.setattr(code_hash, "PACKAGE", copy)
    return copy


@pytest.fixture
def reads(tmp_path, monkeypatch):
    """Return a function that locates the shards of a small study and returns how many files were read for it."""
    with (tmp_path / "patents.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id", "no", "lat", "lon"], ["r1", 1, 48.85, 2.35]])
    path = tmp_path / "study.toml"
    path.write_text(STUDY)
    calls, read = [], table.read

    def counted(*arguments):
        calls.append(arguments)
        return read(*arguments)

    monkeypatch.setattr(table, "read", counted)

    def locate():
        calls.clear()
        code_hash._code_hash.cache_clear()
        parsed = study_file.read(path)
        with DuckEngine(spill=tmp_path / "spill", threads=1) as engine:
            locate_shards(parsed, Inputs(parsed, tmp_path), engine, lambda *_: None)
        return len(calls)

    yield locate
    code_hash._code_hash.cache_clear()


def edit(path):
    before = path.read_bytes()
    path.write_bytes(before + b"\n# edited\n")


def test_an_edited_page_style_word_or_method_reads_nothing_again(package, reads):
    assert reads() == 1
    styles = [path for path in package.rglob("*.css") if path.parent.name != "live"]
    words = [path for path in package.rglob("*") if path.parent.name == "words" and path.is_file()]
    pages = list(package.rglob("*.html"))
    assert styles
    assert words
    assert pages
    others = [package / "core/columns.toml", package / "pipeline.py", package / "clustering/merging.py"]
    others += [package / f"study/{name}.py" for name in ("study", "sections", "values", "messages")]
    for path in [*styles, *words, *pages, *others, package.parents[1] / "METHOD.md"]:
        edit(path)
    assert reads() == 0


def test_a_changed_reader_geocoder_statement_or_table_of_theirs_is_read_anew(package, reads):
    assert reads() == 1
    assert reads() == 0
    for changed in (
        "sources/table.py",
        "sources/formats/rows.py",
        "geocoding/places.py",
        "geocoding/gazetteer/gazetteer.py",
        "geocoding/text/words.toml",
        "geocoding/gazetteer/data/metros.csv",
        "counting/located.py",
        "counting/duplicates.py",
        "engines/duckdb.py",
        "core/countries.csv",
        "study/columns.py",
    ):
        edit(package / changed)
        assert reads() == 1, changed


@pytest.mark.parametrize("library", ["anyascii", "duckdb", "pyarrow", "python-calamine", "rapidfuzz"])
def test_another_version_of_a_library_that_reads_or_locates_reads_anew(reads, library, monkeypatch):
    assert reads() == 1
    monkeypatch.setattr(shards, "version", lambda name: "0" if name == library else version(name))
    assert reads() == 1


# What a study says of a source either decides what its shards contain, or is applied after they are read.
OF_TABLE = """reader = "table"
files = "patents.csv"
columns = { record = "id", listing = "no", lat = "lat", lon = "lon" }
"""
DECISIVE = {
    "metric": ('metric = "patents"', 'metric = "designs"'),
    "reader": (OF_TABLE, 'reader = "openalex"\nfiles = "patents.csv"\n'),
    "files": ('files = "patents.csv"', 'files = "others.csv"'),
    "options": ("[geocoding]", "[sources.options]\nskip_lines = 1\n[geocoding]"),
    "columns": ('record = "id", ', ""),
    "years": ("[geocoding]", "[windows]\npatents = [2020, 2021]\n[geocoding]"),
    "use": ('files = "patents.csv"', 'files = "patents.csv"\nuse = ["names"]'),
}
APPLIED_LATER = {
    "max_set_aside_pct",
    "coordinates",
    "copies",
    "licence",
    "name",
    "publisher",
    "url",
    "accessed",
    "snapshot",
}


def test_each_key_of_a_source_decides_its_shards_or_is_applied_later():
    assert SourceSection.model_fields.keys() == DECISIVE.keys() | APPLIED_LATER
    assert DECISIVE.keys().isdisjoint(APPLIED_LATER)


@pytest.mark.parametrize("key", DECISIVE)
def test_what_decides_the_shards_of_a_source_is_in_their_key(tmp_path, key):
    (tmp_path / "patents.csv").write_text("id,no,lat,lon\n")
    (tmp_path / "others.csv").write_text("id,no,lat,lon\nr1,1,1,1\n")
    keys = set()
    for content in (STUDY, STUDY.replace(*DECISIVE[key])):
        (tmp_path / "study.toml").write_text(content)
        parsed = study_file.read(tmp_path / "study.toml")
        keys |= {shard.key for shard in shards.shards(parsed, Inputs(parsed, tmp_path))}
    assert len(keys) == 2


def test_another_reader_is_not_read_anew(package, reads):
    assert reads() == 1
    edit(package / "sources/regpat.py")
    edit(package / "sources/technology_fields.csv")
    assert reads() == 0


def test_the_modules_of_a_shard_are_those_that_are_imported_on_the_way(package):
    roots = ("hubrank.sources.patentsview", "hubrank.counting.shards")
    files = {path.relative_to(package).as_posix() for path in code_hash.code_files(package, roots)}
    assert {"sources/patentsview.py", "engines/duckdb.py", "geocoding/text/misspelling.py"} <= files
    rooms = {name.split("/")[0] for name in files}
    assert rooms == {"core", "study", "engines", "sources", "geocoding", "counting"}


def test_machine_code_that_another_process_is_writing_is_no_code_of_a_shard(package):
    files = code_hash.code_files(package, ("hubrank.counting.shards",))
    for name in ("located.cpython-313.pyc.140212", "located.cpython-313.pyc", "x/located-1.py313.nbi.tmp.6f2a"):
        path = package / "counting/__pycache__" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")
    assert code_hash.code_files(package, ("hubrank.counting.shards",)) == files


def test_the_code_that_locates_is_that_of_readers_geocoder_and_their_data(package):
    before = shards.locating_code()

    def changes(name):
        whole = (package / name).read_bytes()
        edit(package / name)
        code_hash._code_hash.cache_clear()
        after = shards.locating_code()
        (package / name).write_bytes(whole)
        return after != before

    located = ("sources/regpat.py", "geocoding/resolver.py", "geocoding/model_coefficients.csv", "counting/located.py")
    assert [name for name in located if not changes(name)] == []
    others = ("publishing/site/index_page.py", "publishing/brief/sentences/en.toml", "ranking/scores.py", "cli/run.py")
    assert [name for name in others if changes(name)] == []


def parsed(path):
    """Return what a file imports, and its strings, as Python reads it."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_no_import_is_missed_by_reading_sources_as_text(tmp_path):
    modules = code_hash._modules(code_hash.PACKAGE)
    odd = tmp_path / "odd.py"
    odd.write_text(
        "from hubrank.core import (  # noqa: PLC0415 (why)\n    units,  # of a record (10⁹)\n    sphere as s,\n)\n"
        "import hubrank.core.files as f\ndef late():\n    from hubrank.study import study\n"
        "    return 'hubrank.core.slug'\n"
    )
    for path in (odd, *modules.values()):
        expected = {name for name in parsed(path) if name in modules}
        assert expected <= set(code_hash._imports(path, modules)), path
    assert {"hubrank.core.units", "hubrank.core.sphere", "hubrank.core.slug"} <= set(code_hash._imports(odd, modules))


@pytest.mark.parametrize("is_package", [False, True])
def test_an_edited_reader_of_another_package_reads_anew(tmp_path, monkeypatch, is_package):
    name = f"reader_of_a_test_{is_package}".lower()
    file = tmp_path / (f"{name}/__init__.py" if is_package else f"{name}.py")
    file.parent.mkdir(exist_ok=True)
    (tmp_path / "unrelated.py").write_text("x = 1\n")
    file.write_text("METRIC = 'patents'\n")
    monkeypatch.syspath_prepend(tmp_path)
    reader = importlib.import_module(name)
    before = shards.code_of(reader)
    (tmp_path / "unrelated.py").write_text("x = 2\n")
    assert shards.code_of(reader) == before
    file.write_text("METRIC = 'patents'  # edited, under the same version\n")
    assert shards.code_of(reader) != before
