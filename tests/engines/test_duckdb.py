"""DuckDB as an engine: what it does to save memory changes no row."""

import logging
import os

import duckdb
import pyarrow as pa
import pytest

from hubrank.core.errors import StudyError
from hubrank.engines.duckdb import FEW, DuckEngine
from hubrank.engines.workspace import local_engine

NUMBERS = pa.schema([("n", pa.int64())])
TEXTS = pa.schema([("n", pa.int64()), ("text", pa.string())])


@pytest.fixture
def engine(tmp_path):
    with DuckEngine(spill=tmp_path, threads=2) as opened:
        yield opened


def mapped(engine, texts):
    """Return texts mapped from numbers."""
    numbers = engine.load(iter([pa.table({"n": pa.array(range(len(texts)), pa.int64())})]), NUMBERS)
    column = pa.array(texts, pa.string())
    relation = engine.map(numbers, lambda piece: piece.append_column("text", column.take(piece["n"])), TEXTS)
    engine.drop(numbers)
    return relation


@pytest.mark.parametrize(
    "texts",
    [
        ["site", "Site", None, "", "Zürich", "zoo", "l'Aquila", "site", "𝄞", "\uffee"],
        [None, None],
        [f"text {n}" for n in range(FEW + 1)],
        [f"text {n % FEW}" for n in range(1_000)],
        [None, *(f"text {n}" for n in range(FEW + 1))],
    ],
    ids=["few", "none", "many", "as many as a byte has codes for", "one too many, and none"],
)
def test_texts_stored_as_codes_are_the_same_and_sort_as_texts(engine, tmp_path, texts):
    relation = mapped(engine, texts)
    rows = engine.rows("SELECT n, text FROM relation ORDER BY text NULLS LAST, n", relation=relation).to_pylist()
    expected = sorted(enumerate(texts), key=lambda one: (one[1] is None, (one[1] or "").encode(), one[0]))
    assert [(row["n"], row["text"]) for row in rows] == expected
    engine.write(relation, tmp_path / "texts.parquet")
    again = engine.parquet([tmp_path / "texts.parquet"])
    assert engine.arrow(again).schema.field("text").type == pa.string()
    assert sorted(map(str, engine.arrow(again)["text"].to_pylist())) == sorted(map(str, texts))


def test_few_texts_are_codes_and_many_are_not(engine):
    few, many = mapped(engine, ["a", "b"]), mapped(engine, [str(n) for n in range(FEW + 1)])
    assert pa.types.is_dictionary(engine.arrow(few).schema.field("text").type)
    assert pa.types.is_string(engine.arrow(many).schema.field("text").type)


def test_what_exceeds_the_memory_is_tried_on_one_thread_and_then_refused_with_what_to_do(tmp_path):
    """A list takes as much memory as it has numbers, and cannot be spilled."""
    with DuckEngine(spill=tmp_path, threads=2, memory="30MB") as engine:
        tried = []
        with pytest.raises(StudyError, match=r"--memory is 30MB.*give more"):
            engine.rows("SELECT len(list(range)) AS n FROM range(20_000_000)")
        assert engine.rows("SELECT current_setting('threads') AS n")["n"].to_pylist() == [2]

        def scarce():
            tried.append(engine.rows("SELECT current_setting('threads') AS n")["n"][0].as_py())
            if len(tried) == 1:
                raise duckdb.OutOfMemoryException("no")
            return "done"

        assert engine._within_memory(scarce) == "done"
        assert tried == [2, 1]


MEMORY = "SELECT CAST(parse_formatted_bytes(current_setting('memory_limit')) AS BIGINT) >> 20 AS mib"
ORDERED = "SELECT COUNT(*) AS n FROM (SELECT range AS n, hash(range) AS key FROM range({}) ORDER BY key, n LIMIT {})"


@pytest.mark.parametrize(("machine_gib", "mib"), [(64, 1024), (8, 1024), (4, 512), (2, 256)])
def test_an_engine_takes_half_of_the_2_gib_or_the_quarter_of_the_machine_that_a_run_takes(
    tmp_path, monkeypatch, machine_gib, mib
):
    machine = {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": (machine_gib << 30) // 4096}
    monkeypatch.setattr(os, "sysconf", machine.__getitem__)
    with DuckEngine(spill=tmp_path) as default, DuckEngine(spill=tmp_path, memory="700MiB") as stated:
        assert default.rows(MEMORY)["mib"].to_pylist() == [mib]
        assert stated.rows(MEMORY)["mib"].to_pylist() == [700]


def test_what_is_spilled_is_logged_when_it_begins_and_how_much_it_was_at_the_end(caplog):
    caplog.set_level(logging.WARNING, "hubrank")
    with local_engine(memory="60MB", threads=2) as engine:
        rows = 6_000_000
        assert engine.rows(ORDERED.format(rows, rows - 1))["n"].to_pylist() == [rows - 1]
        begins = [record.getMessage() for record in caplog.records]
    (ends,) = [record.getMessage() for record in caplog.records][len(begins) :]
    assert len(begins) == 1
    assert "--memory" in begins[0]
    assert int(ends.split(" MB")[0].rpartition(" ")[2]) > 10, ends


def test_nothing_is_logged_where_nothing_is_spilled(caplog):
    caplog.set_level(logging.WARNING, "hubrank")
    with local_engine(memory="1GB", threads=2) as engine:
        assert engine.rows(ORDERED.format(100_000, 99_999))["n"].to_pylist() == [99_999]
    assert not caplog.records


def test_engines_share_memory_and_threads_and_give_them_back(tmp_path):
    limits = "SELECT current_setting('memory_limit') AS memory, current_setting('threads') AS threads"
    with DuckEngine(spill=tmp_path, memory="800MiB", threads=4) as engine:
        with engine.shared(2) as each, DuckEngine(spill=each.spill, memory=each.memory, threads=each.threads) as other:
            shared = [{"memory": "400.0 MiB", "threads": 2}]
            assert engine.rows(limits).to_pylist() == shared
            assert other.rows(limits).to_pylist() == shared
        assert engine.rows(limits).to_pylist() == [{"memory": "800.0 MiB", "threads": 4}]


def test_an_engine_draws_nothing_on_the_screen(engine):
    assert engine.rows("SELECT current_setting('enable_progress_bar') AS bar")["bar"].to_pylist() == [False]
