"""The files of a world depend neither on the processes that write them nor on their division into parts."""

import gzip
import json

import pyarrow.parquet as pq
import pytest

from hubrank.simulation import publications, simulate, tasks


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def works(folder):
    lines = (gzip.decompress(path.read_bytes()).splitlines() for path in (folder / "raw/openalex/works").rglob("*.gz"))
    return sorted(json.dumps(json.loads(line)) for part in lines for line in part)


def test_the_same_arguments_give_the_same_bytes_in_one_process_or_in_many(world, tmp_path, monkeypatch):
    monkeypatch.setattr(tasks, "WORTH_A_POOL", 1)
    other = simulate(tmp_path / "many", listings=80_000, workers=2)
    assert contents(other.folder) == contents(world.folder)


@pytest.mark.slow
def test_works_in_several_parts_are_those_of_one_part(world, tmp_path, monkeypatch):
    monkeypatch.setattr(publications, "PART_RECORDS", 5_000)
    other = simulate(tmp_path / "parts", listings=80_000)
    assert len(list((other.folder / "raw/openalex/works").rglob("*.gz"))) > 4
    assert works(other.folder) == works(world.folder)
    one, many = (pq.read_table(w.folder / "truth/listings.parquet") for w in (world, other))
    assert many == one
