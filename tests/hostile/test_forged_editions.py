"""What `verify` finds where an edition was changed and sealed again, and what is put beside its files."""

import os
import shutil
import sys

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from hostile.small_worlds import run, world
from hubrank.core import edition
from hubrank.core.edition import SIGNATURE
from hubrank.core.errors import StudyError
from hubrank.core.files import sha256, write_bytes, write_json
from hubrank.core.intact import sealed
from hubrank.core.parquet import write_table
from hubrank.publishing.verification import verify


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
    manifest = edition.load(forged).manifest
    write_json(forged / "edition.json", sealed({**manifest, "register": {**manifest["register"], "origin": "none"}}))
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


PARSED = ("ranking.csv", "clusters.geojson")  # by what derives the ranking again


def test_every_publication_that_the_tables_do_not_give_is_reported(forged):
    outputs = edition.load(forged).manifest["outputs"]
    names = sorted(name for name in outputs if not name.startswith("tables/") and name not in PARSED)
    assert {name.rpartition(".")[2] for name in names} >= {"csv", "xlsx", "sqlite", "html", "md", "json", "jsonld"}
    for name in names:
        content = (forged / name).read_bytes()
        (forged / name).write_bytes(content[: len(content) // 2] + b"7" + content[len(content) // 2 :])
    seal_again(forged)
    assert verify(forged).faults == [f"{name}: differs from what the tables give" for name in names]


def test_a_publication_more_or_less_is_reported_where_it_is_sealed(forged):
    manifest = edition.load(forged).manifest
    (forged / "brief.md").rename(forged / "brief-of-another.md")
    outputs = {name: each for name, each in manifest["outputs"].items() if name != "brief.md"}
    outputs["brief-of-another.md"] = manifest["outputs"]["brief.md"]
    write_json(forged / "edition.json", sealed({**manifest, "outputs": outputs}))
    assert verify(forged).faults == [
        "brief-of-another.md: is no publication of these tables",
        "brief.md: is missing",
    ]


def test_files_that_are_sealed_and_cannot_be_read_are_reported(forged):
    for name in PARSED:
        before = (forged / name).read_bytes()
        (forged / name).write_bytes(b"\xff\x00")
        seal_again(forged)
        assert len(verify(forged).faults) == 1
        assert "cannot be read" in verify(forged).faults[0]
        (forged / name).write_bytes(before)
    for name in ("ranking", "measures", "located", "clusters", "points", "profiles"):
        path = forged / f"tables/{name}.parquet"
        before = path.read_bytes()
        write_table(path, pa.table({"x": [1]}), ["x"])
        seal_again(forged)
        assert verify(forged).faults, name
        path.write_bytes(b"PAR1")
        seal_again(forged)
        assert verify(forged).faults, name
        path.write_bytes(before)
    seal_again(forged)
    assert not verify(forged).faults


def test_what_could_not_be_made_again_is_said(forged):
    manifest = edition.load(forged).manifest
    made_by = {**manifest["made_by"], "hubrank": "0.0.1"}
    write_json(forged / "edition.json", sealed({**manifest, "made_by": made_by}))
    findings = verify(forged)
    assert not findings.faults
    assert "other code or data made the edition (0.0.1)" in findings.remarks[0]


def test_an_edition_with_a_previous_one_is_made_again_where_that_is(tmp_path):
    study = world(tmp_path)
    run(study, tmp_path / "first")
    study.write_text(study.read_text() + '[compare]\nprevious = "first"\n')
    folder = run(study, tmp_path / "second").folder
    assert "they quote the previous edition; --inputs names its place" in verify(folder).remarks[0]
    assert verify(folder, tmp_path).remarks == []
    assert verify(folder, tmp_path).faults == []
    page = folder / "site/compare.html"
    page.write_bytes(page.read_bytes().replace(b"<title>", b"<title>A forged "))
    seal_again(folder)
    assert verify(folder).faults == []
    assert verify(folder, tmp_path).faults == ["site/compare.html: differs from what the tables give"]


def test_a_signature_holds_for_the_edition_and_the_key_of_its_signer(forged, tmp_path):
    minisign = pytest.importorskip("minisign", reason="needs the extra `sign`")
    mine, other = minisign.KeyPair.generate(), minisign.KeyPair.generate()
    (tmp_path / "mine.pub").write_bytes(bytes(mine.public_key) + b"\n")
    keys = [str(tmp_path / "mine.pub"), bytes(mine.public_key).splitlines()[1].decode()]
    assert "nobody has signed the edition" in verify(forged, key=keys[0]).faults[0]
    signature = mine.secret_key.sign((forged / "edition.json").read_bytes())
    (forged / SIGNATURE).write_bytes(bytes(signature))
    assert not verify(forged).faults, "the signature lies beside edition.json"
    for key in keys:
        assert not verify(forged, key=key).faults
    wrong = f"{SIGNATURE}: is no signature of edition.json by this key"
    assert verify(forged, key=bytes(other.public_key).splitlines()[1].decode()).faults == [wrong]
    with pytest.raises(StudyError, match="neither a public key of minisign nor a file that has one"):
        verify(forged, key="mine.pub")
    seal_again(forged)
    manifest = edition.load(forged).manifest
    write_json(forged / "edition.json", sealed({**manifest, "note": "forged"}))
    assert verify(forged, key=keys[0]).faults == [wrong]
    (forged / SIGNATURE).write_bytes(b"garbage")
    assert verify(forged, key=keys[0]).faults == [wrong]


def test_a_key_without_the_extra_is_refused_in_one_sentence(forged, monkeypatch):
    monkeypatch.setitem(sys.modules, "minisign", None)
    with pytest.raises(StudyError, match=r"--key needs the extra `sign`"):
        verify(forged, key="RW")


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


@pytest.mark.parametrize("name", ["study", "metrics", "made_by", "outputs", "inputs", "clusters"])
def test_an_edition_json_that_lacks_a_part_is_reported_by_name(forged, name):
    manifest = edition.load(forged).manifest
    for value in (None, "x", 0.5):
        write_json(forged / "edition.json", sealed({**manifest, name: value}))
        with pytest.raises(StudyError, match=f"edition.json is damaged: '{name}' is not what a run writes"):
            verify(forged)
    del manifest[name]
    write_json(forged / "edition.json", sealed(manifest))
    assert verify(forged).faults == [f"edition.json: lacks {name}"]


def without(folder, names):
    """Take tables of listings out of a copy."""
    for name in names:
        (folder / "tables" / f"{name}.parquet").unlink()


@pytest.mark.parametrize("names", [["located"], ["addresses"], ["located", "addresses"]])
def test_a_copy_without_its_listings_is_verified_where_that_is_said_and_says_what_was_not(forged, names):
    without(forged, names)
    assert verify(forged).faults == [f"tables/{name}.parquet: is missing" for name in sorted(names)]
    findings = verify(forged, listings=False)
    assert findings.faults == []
    *remarks, last = findings.remarks
    assert [remark.partition(":")[0] for remark in remarks] == [f"tables/{name}.parquet" for name in sorted(names)]
    assert last == "files and pages were not made again: they describe the tables that are not in this copy"
    (forged / "brief.md").unlink()
    assert verify(forged, listings=False).faults == ["brief.md: is missing"], "all else is missed as before"


def test_units_that_listings_do_not_have_are_found_in_a_copy_without_addresses(forged):
    measures = edition.load(forged).table("measures")
    more = pc.add(measures["units"], 1)
    changed = measures.set_column(measures.column_names.index("units"), "units", more)
    write_table(forged / "tables" / "measures.parquet", changed.cast(measures.schema), ["cluster_id", "metric"])
    seal_again(forged)
    without(forged, ["addresses"])
    assert any("located listings have" in fault for fault in verify(forged, listings=False).faults)


def test_a_link_in_place_of_a_table_of_listings_is_a_fault_of_any_copy(forged):
    without(forged, ["located"])
    (forged / "tables" / "located.parquet").symlink_to(forged / "nothing")
    assert any("is a link" in fault for fault in verify(forged, listings=False).faults)
