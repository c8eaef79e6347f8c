"""DuckDB as an engine: what it does to save memory changes no row."""

import duckdb
import pyarrow as pa
import pytest

from hubrank.core.errors import StudyError
from hubrank.engines.duckdb import FEW, DuckEngine

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
