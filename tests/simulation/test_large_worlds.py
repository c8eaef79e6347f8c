"""Worlds at published size: as fat as real files, written by many processes, in raw formats or as bare tables."""

import gzip
import json
import statistics
import zlib

import duckdb
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubrank.simulation import simulate, tasks
from hubrank.simulation.gzip_splice import piece, spliced


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def works(folder):
    """Return (number of bytes, work) of every line."""
    for path in sorted((folder / "raw/openalex/works").rglob("*.gz")):
        for line in gzip.decompress(path.read_bytes()).splitlines():
            yield len(line), json.loads(line)


@given(st.lists(st.one_of(st.binary(max_size=2_000), st.integers(0, 3)), max_size=30))
def test_a_spliced_file_unpacks_to_what_was_written_and_spliced(tmp_path_factory, parts):
    pieces = [b"", b"abc" * 20_000, bytes(range(256)) * 9, b"\n"]
    packed = [piece(content) for content in pieces]
    path = tmp_path_factory.mktemp("spliced") / "a.gz"
    with spliced(path) as stream:
        for part in parts:
            stream.splice(packed[part]) if isinstance(part, int) else stream.write(part)
    told = zlib.decompressobj(wbits=31)
    assert told.decompress(path.read_bytes()) == b"".join(pieces[p] if isinstance(p, int) else p for p in parts)
    assert told.eof


@pytest.fixture(scope="module")
def fat(tmp_path_factory):
    return simulate(tmp_path_factory.mktemp("fat"), listings=80_000, fat=True)


def test_fat_works_are_as_fat_as_those_of_2026_and_say_what_lean_ones_say(fat, world):
    told = list(works(fat.folder))
    assert 10_000 <= statistics.median(size for size, _ in told) <= 20_000
    for (_, work), (_, lean) in zip(told, works(world.folder), strict=True):
        assert {name: work[name] for name in lean} == lean
    assert contents(fat.folder / "truth") == contents(world.folder / "truth")


def test_many_processes_write_the_bytes_of_one(fat, tmp_path, monkeypatch):
    monkeypatch.setattr(tasks, "WORTH_A_PROCESS", 1)
    other = simulate(tmp_path / "many", listings=80_000, fat=True, workers=2)
    assert contents(other.folder) == contents(fat.folder)


def test_works_in_several_parts_are_those_of_one_part(world, tmp_path, monkeypatch):
    monkeypatch.setattr("hubrank.simulation.publications.PART_RECORDS", 5_000)
    other = simulate(tmp_path / "parts", listings=80_000)
    assert len(list((other.folder / "raw/openalex/works").rglob("*.gz"))) > 4
    one, many = ([json.dumps(work) for _, work in works(w.folder)] for w in (world, other))
    assert sorted(many) == sorted(one)
    told, same = (pq.read_table(w.folder / "truth/listings.parquet") for w in (world, other))
    assert told == same


def test_a_bare_table_holds_the_planted_records(world, tmp_path):
    tables = simulate(tmp_path / "tables", listings=80_000, parquet=True)
    assert tables.records == world.records
    for metric, first in {"patents": 2019, "publications": 2018, "deals": 2019}.items():
        found = duckdb.sql(
            f"SELECT COUNT(DISTINCT record) FROM read_parquet('{tables.folder}/raw/{metric}/*.parquet') "
            f"WHERE lat IS NOT NULL AND year BETWEEN {first} AND {first + 5}"
        ).fetchall()
        assert found == [(world.records[metric],)]
