"""The worlds of benchmarks hold the records of the simulated world: in works of full size, or as tables."""

import gzip
import json
import statistics
import zlib
from concurrent.futures import ThreadPoolExecutor

import duckdb
import pytest
from bench.worlds import simulate_tables, tables
from bench.worlds.gzip_splice import compress, gzip_splice
from bench.worlds.works import fill
from hypothesis import given
from hypothesis import strategies as st

from proof import cases

SEED = 2025


@given(st.lists(st.one_of(st.binary(max_size=2_000), st.integers(0, 3)), max_size=30))
def test_a_spliced_file_unpacks_to_what_was_written_and_spliced(tmp_path_factory, parts):
    contents = [b"", b"abc" * 20_000, bytes(range(256)) * 9, b"\n"]
    pieces = [compress(content) for content in contents]
    path = tmp_path_factory.mktemp("spliced") / "a.gz"
    with gzip_splice(path) as stream:
        for part in parts:
            stream.splice(pieces[part]) if isinstance(part, int) else stream.write(part)
    unpacked = zlib.decompressobj(wbits=31)
    assert unpacked.decompress(path.read_bytes()) == b"".join(contents[p] if isinstance(p, int) else p for p in parts)
    assert unpacked.eof


def works(folder):
    """Return (number of bytes, work) of every line."""
    for path in sorted((folder / "raw/openalex/works").rglob("*.gz")):
        for line in gzip.decompress(path.read_bytes()).splitlines():
            yield len(line), json.loads(line)


def test_full_works_are_as_large_as_those_of_2026_and_hold_all_of_the_simulated_ones(smallest_world, tmp_path):
    for path in (smallest_world.folder / "raw/openalex/works").rglob("*.gz"):
        lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)[:: cases(4, 1)]
        part = tmp_path / path.relative_to(smallest_world.folder)
        part.parent.mkdir(parents=True)
        part.write_bytes(gzip.compress(b"".join(lines)))
    lean = [work for _, work in works(tmp_path)]
    with ThreadPoolExecutor(1) as pool:
        fill(sorted((tmp_path / "raw/openalex/works").rglob("*.gz")), SEED, pool)
    full = list(works(tmp_path))
    assert 10_000 <= statistics.median(size for size, _ in full) <= 20_000
    assert [{name: work[name] for name in mine} for (_, work), mine in zip(full, lean, strict=True)] == lean


def test_a_line_that_is_no_simulated_work_is_not_filled(tmp_path):
    (tmp_path / "part_000.gz").write_bytes(gzip.compress(b'{"id":"https://openalex.org/W1"}\n'))
    with ThreadPoolExecutor(1) as pool, pytest.raises(ValueError, match="no simulated work"):
        fill([tmp_path / "part_000.gz"], SEED, pool)


def test_a_table_holds_the_planted_records(smallest_world, tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "PART_RECORDS", 5_000)
    monkeypatch.setattr(tables, "WORTH_A_POOL", 100)
    simulate_tables(tmp_path, listings=80_000)
    for metric, first in {"patents": 2019, "publications": 2018, "deals": 2019}.items():
        records = duckdb.sql(
            f"SELECT COUNT(DISTINCT record) FROM read_parquet('{tmp_path}/raw/{metric}/*.parquet') "
            f"WHERE lat IS NOT NULL AND year BETWEEN {first} AND {first + 5}"
        ).fetchall()
        assert records == [(smallest_world.records[metric],)]
    assert len(list((tmp_path / "raw/publications").iterdir())) > 1
