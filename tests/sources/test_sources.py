"""Readers are found by name, say what they are, and take only the options they know."""

import os
import subprocess
import sys
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pyarrow as pa
import pytest

from hubrank import sources
from hubrank.acquisition import form_d, patentsview, uspto
from hubrank.core.errors import StudyError
from hubrank.core.tables import SET_ASIDE_SCHEMA, Files, Origin
from hubrank.sources import crunchbase, row_checks
from hubrank.sources.ledger import RowLedger
from hubrank.study.sections import SourceSection

DEALS = {"metric": "deals", "reader": "crunchbase", "files": "x.csv"}


def parsed(**keys):
    section = SourceSection.model_validate(DEALS | keys)
    return sources.parse_options(sources.find(section.reader), section, (2010, 2013))


def test_every_reader_has_all_that_the_contract_names():
    for name, about in sources.descriptions().items():
        source = sources.find(name)
        assert about.endswith((".", ":", ","))
        assert source.ROLES
        assert not set(source.ROLES) & set(source.OPTIONAL_ROLES)
        assert source.METRIC.name.isidentifier()
        assert isinstance(source.WHOLE_RECORDS, bool)
        assert source.LICENCE
        if name != "table":
            assert source.Options().window is None
        assert list(sources.__path__)
        assert (Path(sources.__path__[0]).parents[2] / "docs" / "sources" / f"{name}.md").exists()


@pytest.mark.parametrize(
    ("reader", "fetched"), [("uspto_xml", uspto), ("patentsview", patentsview), ("form_d", form_d)]
)
def test_a_reader_calls_its_files_as_the_command_that_fetches_them_does(reader, fetched):
    of_provider = fetched.PROVIDER
    assert Origin(of_provider.title, of_provider.publisher, of_provider.url) == sources.find(reader).ORIGIN


def test_the_error_of_an_unknown_reader_lists_the_readers_and_the_nearest():
    with pytest.raises(StudyError, match=r"no reader 'openalx'.*crunchbase, epo_xml.*Did you mean 'openalex'"):
        sources.find("openalx")


def test_another_package_can_bring_a_reader(monkeypatch):
    entry = EntryPoint("trademarks", "hubrank.sources.crunchbase", sources.GROUP)
    monkeypatch.setattr(sources, "entry_points", lambda **_: EntryPoints([entry]))
    assert sources.find("trademarks").METRIC.name == "deals"
    assert "trademarks" in sources.descriptions()


READER = {name: getattr(crunchbase, name) for name in sources.CONTRACT}
ELSEWHERE = "reader 'trademarks' of another package"


@pytest.mark.parametrize(
    ("reader", "message"),
    [
        (
            {name: READER[name] for name in READER.keys() - {"LICENCE", "read"}},
            rf"{ELSEWHERE} \(here:reader\) lacks LICENCE, read\. A reader must have: METRIC, LICENCE, .*, read\.",
        ),
        (READER | {"Options": dict}, rf"{ELSEWHERE}.*its Options must be a subclass of hubrank\.sources\.options"),
        (READER | {"Options": crunchbase.Options()}, rf"{ELSEWHERE}.*its Options must be a subclass"),
    ],
    ids=["names missing", "options of another kind", "options that are no class"],
)
def test_a_reader_of_another_package_that_breaks_the_contract_is_refused_and_what_is_missing_named(
    monkeypatch, reader, message
):
    entry = EntryPoint("trademarks", "here:reader", sources.GROUP)
    monkeypatch.setattr(sources, "entry_points", lambda **_: EntryPoints([entry]))
    monkeypatch.setattr(EntryPoint, "load", lambda _: SimpleNamespace(**reader))
    with pytest.raises(StudyError, match=message):
        sources.find("trademarks")


@pytest.mark.parametrize("value", ["hubrank_trademarks_2027", "hubrank.sources:nothing"])
def test_a_reader_of_another_package_that_cannot_be_loaded_is_an_error_that_says_why(monkeypatch, value):
    entry = EntryPoint("trademarks", value, sources.GROUP)
    monkeypatch.setattr(sources, "entry_points", lambda **_: EntryPoints([entry]))
    with pytest.raises(StudyError, match=rf"{ELSEWHERE} .* cannot be loaded: .*(nothing|No module)"):
        sources.find("trademarks")


def test_options_come_with_the_window_and_the_columns():
    options = parsed(options={"types": ["seed"]}, columns={"city": "town"})
    assert (options.types, options.window, options.columns) == (("seed",), (2010, 2013), {"city": "town"})


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ({"options": {"type": ["seed"]}}, r"unknown key 'type'; the keys are: .*types.*Did you mean 'types'"),
        ({"options": {"types": 3}}, r"types should be a valid tuple.*found: 3"),
        ({"options": {"delimiter": "||"}}, r"delimiter string should have at most 1"),
        ({"columns": {"town": "x"}}, r"columns\.town: this reader has the columns: type, .*city"),
        ({"columns": {"citi": "x"}}, r"columns\.citi: .*Did you mean 'city'"),
        ({"reader": "openalex", "columns": {"city": "x"}}, r"columns\.city: this reader takes no columns from a study"),
        ({"reader": "table"}, r"columns names no location"),
        (
            {"reader": "table", "columns": {"lat": "Länge", "lon": "Länge"}},
            r"columns\.lat and columns\.lon are both 'Länge'",
        ),
        ({"reader": "table", "columns": {"town": "x"}}, r"columns: unknown key 'town'; the keys are: record"),
        ({"reader": "table", "columns": {"lat": "x"}}, r"one of lat and lon"),
        ({"reader": "table", "columns": {"city": "x"}, "options": {"types": ["a"]}}, r"types requires columns\.type"),
    ],
)
def test_the_error_of_a_wrong_option_lists_the_options_that_exist(section, message):
    with pytest.raises(StudyError, match=message):
        parsed(**section)


def test_the_ledger_accounts_for_every_row_and_cuts_values():
    ledger = RowLedger()
    ledger.read(10)
    ledger.out_of_scope("outside the window", 3)
    ledger.set_aside("b.csv", 9, "not a date", "date", "x" * 500)
    ledger.set_aside("a.csv", 12, "no date", "date", None)
    ledger.set_aside("a.csv", 2, "not a date", "date", "\udc80")
    assert (ledger.rows_kept, ledger.reasons()) == (4, {"not a date": 2, "no date": 1})
    table = ledger.set_aside_table("deals")
    assert table.schema == SET_ASIDE_SCHEMA
    rows = table.to_pylist()
    assert [(row["source_file"], row["source_row"]) for row in rows] == [("a.csv", 2), ("a.csv", 12), ("b.csv", 9)]
    assert (len(rows[2]["value"]), rows[0]["value"], rows[0]["metric"]) == (200, "\\udc80", "deals")


def test_an_empty_ledger_gives_an_empty_table():
    assert RowLedger().set_aside_table("deals").schema == SET_ASIDE_SCHEMA


def test_files_are_named_by_the_folder_of_the_study():
    files = Files((), {}, {"": Path("/study")})
    assert files.name(Path("/study/raw/a.csv")) == "raw/a.csv"


SPILLING = """
from pathlib import Path
from hubrank.sources import row_checks
row_checks.MEMORY = "100MB"
with row_checks.reader_connection() as connection:
    connection.execute("SET threads = 1")
    connection.execute("CREATE TEMP TABLE large AS SELECT range AS n, md5(range::VARCHAR) AS text FROM range(4000000)")
    print(sum(file.stat().st_size for file in Path({folder!r}).rglob("*") if file.is_file()))
    print(connection.sql("SELECT count(DISTINCT n) FROM large").fetchall()[0][0])
"""


def test_tables_that_do_not_fit_into_memory_go_to_disk_and_leave_nothing_there(tmp_path):
    code = SPILLING.format(folder=str(tmp_path))
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    printed = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    spilled, rows = map(int, printed.stdout.split())
    assert spilled > 10 << 20
    assert rows == 4_000_000
    assert list(tmp_path.iterdir()) == []


def test_what_one_reader_puts_down_another_does_not_see():
    with row_checks.reader_connection() as one, row_checks.reader_connection() as other:
        one.execute("CREATE TEMP TABLE mine AS SELECT 1 AS n")
        one.register("lines", pa.table({"n": [2]}))
        for name in ("mine", "lines"):
            with pytest.raises(duckdb.CatalogException):
                other.sql(f"FROM {name}").fetchall()
    with row_checks.reader_connection() as later, pytest.raises(duckdb.CatalogException):
        later.sql("FROM mine").fetchall()


def test_a_reader_opens_no_file_by_itself(written):
    path = written("a.csv", "a\n1\n")
    with row_checks.reader_connection() as connection, pytest.raises(duckdb.PermissionException):
        connection.sql(f"SELECT * FROM read_csv('{path}')").fetchall()
