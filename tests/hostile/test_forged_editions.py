"""What `verify` finds where an edition was changed and sealed again, and what is put beside its files."""

import os
import shutil

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from hostile.small_worlds import run, world
from hubrank.analysis.verify import verify
from hubrank.core import edition
from hubrank.core.files import sha256, write_bytes, write_json
from hubrank.core.intact import sealed
from hubrank.core.parquet import write_table


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    folder = tmp_path_factory.mktemp("forged")
    return run(world(folder), folder / "out").folder


@pytest.fixture
def forged(original, tmp_path):
    return shutil.copytree(original, tmp_path / "out")


def seal_again(folder):
    """Do what a forger does: hash what is there, and seal it."""
    manifest = edition.load(folder).manifest
    outputs = {name: sha256(folder / name) for name in manifest["outputs"]}
    write_json(folder / "edition.json", sealed({**manifest, "outputs": outputs}))


def test_an_edition_that_was_sealed_again_has_another_seal(forged):
    seal = edition.load(forged).manifest["sha256"]
    assert not verify(forged, seal=seal).faults
    assert not verify(forged, seal=seal[:16].upper()).faults
    assert "too short" in verify(forged, seal=seal[:15]).faults[0]
    write_bytes(forged / "brief.md", b"another brief")
    seal_again(forged)
    assert not verify(forged).faults, "nothing in the folder itself shows it"
    assert "was changed and sealed again" in verify(forged, seal=seal).faults[0]


def test_measures_that_located_listings_do_not_give_are_reported(forged):
    table = edition.load(forged).table("located")
    moved = table.set_column(table.column_names.index("units"), "units", pc.multiply(table["units"], pa.scalar(2)))
    write_table(forged / "tables/located.parquet", moved, ["record_key", "listing_no"])
    seal_again(forged)
    assert "located listings have" in verify(forged).faults[0]


def test_a_csv_and_a_map_that_the_table_does_not_give_are_reported(forged):
    path = forged / "ranking.csv"
    write_bytes(path, path.read_bytes().replace(b"\n1,", b"\n2,", 1))
    geojson = forged / "clusters.geojson"
    write_bytes(geojson, geojson.read_bytes().replace(b'"rank":1,', b'"rank":9,').replace(b'"rank": 1,', b'"rank": 9,'))
    seal_again(forged)
    faults = verify(forged).faults
    assert faults == ["ranking.csv line 2: differs from the table", "clusters.geojson: its ranks differ from the table"]


def test_links_folders_and_pipes_beside_the_files_are_reported(forged):
    target = forged.parent / "brief.md"
    shutil.move(forged / "brief.md", target)
    (forged / "brief.md").symlink_to(target)
    (forged / "extra").mkdir()
    os.mkfifo(forged / "pipe")
    assert verify(forged).faults == [
        "brief.md: is a link, not a file of the edition",
        "extra/: is a folder that is not part of the edition",
        "pipe: is neither a file nor a folder",
    ]
