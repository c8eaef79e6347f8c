"""An input that is changed while a run reads it stops the run; nothing that was read of it is kept."""

import json
import os

import pyarrow as pa
import pytest

from hostile.small_worlds import contents, run, world, write_file
from hubrank import geocoding
from hubrank.analysis.verify import verify
from hubrank.core.cache import cache_folder
from hubrank.core.errors import DataError
from hubrank.core.tables import ADDRESS_SCHEMA
from hubrank.geocoding.gazetteer import organisations, registers


def replaced(path):
    """Replace a file by another of the same size and the same time of change."""
    stat = path.stat()
    content = path.read_bytes()
    path.with_name("new").write_bytes(content.replace(b"48.", b"49."))
    path.with_name("new").replace(path)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert path.stat().st_size == stat.st_size


def written_in_place(path):
    stat = path.stat()
    with path.open("r+b") as file:
        file.seek(stat.st_size - 4)
        file.write(b"9")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def linked_elsewhere(path):
    target = path.with_name("target")
    write_file(target, seed=9)
    path.unlink()
    path.symlink_to(target)


@pytest.mark.parametrize("change", [replaced, written_in_place, linked_elsewhere])
def test_what_was_hashed_is_what_was_read_or_the_run_stops(tmp_path, change):
    study = world(tmp_path)
    run(study, tmp_path / "out")
    before = contents(tmp_path / "out")
    for number in range(2):
        write_file(tmp_path / f"patents-{number}.csv", seed=number + 5)

    def while_reading(what, done, _of):
        if what.startswith("reading") and done == 1:
            change(tmp_path / "patents-1.csv")

    finished = set((cache_folder() / "shards").iterdir())
    with pytest.raises(DataError, match=r"patents-1\.csv was replaced or written to while the run read it"):
        run(study, tmp_path / "out", while_reading)
    assert contents(tmp_path / "out") == before
    assert len(set((cache_folder() / "shards").iterdir()) - finished) == 1, "only patents-0.csv was read"
    edition = run(study, tmp_path / "out")
    assert not verify(tmp_path / "out", tmp_path).faults
    expected = run(study, tmp_path / "again")
    assert contents(expected.folder) == contents(edition.folder)


def test_a_file_that_is_removed_while_it_is_read_stops_the_run(tmp_path):
    study = world(tmp_path)

    def while_reading(what, done, _of):
        if what.startswith("reading") and done == 0:
            (tmp_path / "patents-0.csv").unlink()

    with pytest.raises(DataError, match=r"patents-0\.csv"):
        run(study, tmp_path / "out", while_reading)
    assert not (tmp_path / "out").exists()


def register(path, city, lat):
    place = {"name": city, "lat": lat, "lng": 2.0, "country_code": "FR", "country_subdivision_code": ""}
    record = {
        "id": "https://ror.org/03vek6s52",
        "status": "active",
        "types": [],
        "locations": [{"geonames_id": 1, "geonames_details": place}],
        "names": [{"value": "University of Nowhere", "types": ["ror_display"]}],
        "relationships": [],
    }
    path.write_text(json.dumps(record) + "\n")


def test_a_register_that_is_replaced_between_two_runs_of_one_process_is_read_again(tmp_path):
    path = tmp_path / "register.jsonl"
    settings = geocoding.Settings(institutions=(path,))
    answers = []
    for lat in (48.0, 45.0):
        register(path, "Nowhere", lat)
        resolver = geocoding.resolver_for(settings)
        answers.append(resolver.locate(addresses())["lat_e7"].to_pylist())
    assert answers == [[480_000_000], [450_000_000]]


def addresses():
    return pa.Table.from_pylist([{"institution_id": "https://ror.org/03vek6s52"}], ADDRESS_SCHEMA)


def test_a_register_that_is_replaced_while_it_is_compiled_leaves_nothing_in_the_cache(tmp_path, monkeypatch):
    path = tmp_path / "register.jsonl"
    register(path, "Nowhere", 41.0)
    read = registers.read

    def reading(file):
        yield from read(file)
        register(path, "Nowhere", 42.0)

    monkeypatch.setattr(registers, "read", reading)
    before = set(cache_folder().glob("institutions-*"))
    with pytest.raises(DataError, match="changed while the register was read"):
        organisations.load((path,))
    assert set(cache_folder().glob("institutions-*")) == before
