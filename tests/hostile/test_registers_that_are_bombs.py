"""A register goes through the same guarded archives as a source, and is read piece by piece."""

import gzip
import json
import subprocess
import sys
import zipfile

import pytest

from hubrank.core.errors import DataError
from hubrank.geocoding.gazetteer import registers
from proof import cases

PLACE = {"name": "Nowhere", "lat": 48.0, "lng": 2.0, "country_code": "FR"}
READ = """
import resource, sys
from pathlib import Path
from hubrank.core.errors import DataError
from hubrank.geocoding.gazetteer import registers
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]),) * 2)
try:
    print(sum(1 for _ in registers.read(Path(sys.argv[1]))))
except DataError as error:
    print(error)
"""


def record(number):
    return {
        "id": f"https://ror.org/{number}",
        "status": "active",
        "types": [],
        "locations": [{"geonames_id": 1, "geonames_details": PLACE}],
        "names": [{"value": f"University {number}", "types": ["ror_display"]}],
    }


def zip_of(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path):
    zip_of(tmp_path / "ror-data.zip", {"v2.json": b"[" + b" " * (300 << 20) + b"]"})
    assert (tmp_path / "ror-data.zip").stat().st_size < 1 << 20
    with pytest.raises(DataError, match="refused as a zip bomb"):
        next(registers.read(tmp_path / "ror-data.zip"))


def test_a_gzip_bomb_is_refused(tmp_path):
    (tmp_path / "r.jsonl.gz").write_bytes(gzip.compress(b" " * (100 << 20)))
    with pytest.raises(DataError, match="refused as a zip bomb"):
        next(registers.read(tmp_path / "r.jsonl.gz"))


@pytest.mark.parametrize("name", ["../v2.json", "/v2.json"])
def test_a_member_that_leads_out_of_the_archive_is_refused(tmp_path, name):
    zip_of(tmp_path / "r.zip", {name: b"[]"})
    with pytest.raises(DataError, match="leads out of the archive"):
        next(registers.read(tmp_path / "r.zip"))


def test_a_large_register_takes_no_more_memory_than_a_small_one(tmp_path):
    records, line = cases(12_000, 40_000), json.dumps(record(7) | {"pad": "é" * 5_000})
    (tmp_path / "r.json").write_text("[" + ",\n".join([line] * records) + "]", "utf-8")
    assert (tmp_path / "r.json").stat().st_size > 300 << 20
    command = [sys.executable, "-c", READ, str(tmp_path / "r.json"), str(600 << 20)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout == f"{records}\n", done.stderr


def test_an_object_that_spans_pieces_is_one(tmp_path, monkeypatch):
    monkeypatch.setattr("hubrank.sources.formats.archives.PIECE", 7)
    (tmp_path / "r.json").write_text(json.dumps([record(number) for number in range(3)], indent=1))
    assert [each.ror for each in registers.read(tmp_path / "r.json")] == ["0", "1", "2"]
