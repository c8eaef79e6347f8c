"""Whatever byte of an edition changes, `verify` finds it, and says in which file."""

import os
import random

import pytest

from hubrank import pipeline
from hubrank.analysis.verify import verify
from hubrank.core import edition
from hubrank.core.errors import StudyError
from hubrank.core.files import sha256, write_json
from hubrank.core.intact import sealed
from hubrank.core.parquet import write_table
from test_pipeline import study, town, write

FLIPS = 1000 if "HUBRANK_PROOF" in os.environ else 100


@pytest.fixture(scope="module")
def edition_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("verified")
    write(folder, town(9) + town(5, 35.68, 139.69, 100))
    return pipeline.run(study(folder), folder / "out").folder


def faults(folder):
    try:
        return verify(folder).faults
    except StudyError as error:
        return [str(error)]


def test_an_untouched_edition_has_no_fault(edition_folder):
    assert faults(edition_folder) == []


def test_every_flipped_byte_is_found_in_whatever_file_it_is(edition_folder):
    rng = random.Random(7)
    files = sorted(path for path in edition_folder.rglob("*") if path.is_file() and path.name != "run.json")
    assert len(files) > 40
    for number in range(FLIPS):
        path = files[number % len(files)]  # every file, however small
        before = path.read_bytes()
        at, bit = rng.randrange(len(before)), 1 << rng.randrange(8)
        path.write_bytes(before[:at] + bytes([before[at] ^ bit]) + before[at + 1 :])
        messages = faults(edition_folder)
        path.write_bytes(before)
        assert any(path.name in fault for fault in messages), (path, at, bit)
    assert faults(edition_folder) == []


def test_a_file_more_or_less_is_found(edition_folder):
    (edition_folder / "extra.txt").write_text("hello")
    assert faults(edition_folder) == ["extra.txt: is not part of the edition"]
    (edition_folder / "extra.txt").unlink()
    hidden = (edition_folder / "brief.md").rename(edition_folder.parent / "brief.md")
    assert faults(edition_folder) == ["brief.md: is missing"]
    hidden.rename(edition_folder / "brief.md")


def test_a_ranking_that_does_not_follow_from_the_tables_is_found_though_every_hash_fits(edition_folder):
    path = edition_folder / "tables" / "ranking.parquet"
    before, manifest = path.read_bytes(), edition.load(edition_folder).manifest
    table = edition.load(edition_folder).table("ranking")
    names = table.column_names
    write_table(path, table.set_column(names.index("rank"), "rank", [[2, 1]]).cast(table.schema), ["rank"])
    outputs = manifest["outputs"] | {"tables/ranking.parquet": sha256(path)}
    write_json(edition_folder / "edition.json", sealed({**manifest, "outputs": outputs}))
    assert any("rank is" in fault for fault in faults(edition_folder))
    path.write_bytes(before)
    write_json(edition_folder / "edition.json", manifest)
    assert faults(edition_folder) == []
