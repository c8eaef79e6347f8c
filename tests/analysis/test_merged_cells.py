"""Cells that were merged in a spreadsheet are empty but for the first of them: a first study and a check say so."""

import pytest

from analysis.test_new_study import GERMAN_TOWNS, written
from hubrank.analysis import new_study, study_check
from hubrank.core.errors import DataError
from hubrank.core.progress import no_progress

HEADER = "Akte;Tag;Ort"
STUDY = """title = "t"
edition = "1"
[[sources]]
metric = "n"
reader = "table"
files = "t.csv"
columns = { record = "Akte", city = "Ort", country = { value = "DE" } }
[metrics.n]
label = "N"
[clusters]
radius_km = 15
min_listings = 3
"""


def rows(merged):
    return [f"{f'A-{n}' * merged(n)};{f'0{n + 1}.03.2021' * merged(n)};{town}" for n, town in enumerate(GERMAN_TOWNS)]


def test_merged_cells_are_named_where_nothing_else_can_be_counted(tmp_path):
    (tmp_path / "t.csv").write_text("\n".join([HEADER, *rows(lambda n: n % 3 == 0)]), "utf-8")
    with pytest.raises(
        DataError, match=r"; 'Akte', 'Tag': empty in 5 of the first 8 rows, below rows with a value; if"
    ):
        new_study.write(tmp_path, tmp_path / "new.toml")
    (tmp_path / "s.toml").write_text(STUDY)
    (source,) = study_check.check(tmp_path / "s.toml", rows=100, progress=no_progress)["sources"]
    (remark,) = source["remarks"]
    assert remark.startswith("columns.record: empty in 5 of the first 8 rows, below rows with a value; if these were")


def test_merged_cells_are_named_in_a_study(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    lines = [f"{row};{2015 + n}" for n, row in enumerate(rows(lambda n: n % 3 == 0))]
    (folder / "t.csv").write_text("\n".join([f"{HEADER};Jahr", *lines]), "utf-8")
    new, _, _ = written(folder, tmp_path)
    assert any(note.startswith("'Akte', 'Tag': empty in 5") for note in new.drafts.sources[0].notes)


@pytest.mark.parametrize(
    "merged",
    [
        lambda n: n in {3, 5},  # the first row has no value
        lambda n: n != 4,  # nearly all have one
    ],
)
def test_cells_that_are_empty_here_and_there_are_not_merged(tmp_path, merged):
    folder = tmp_path / "files"
    folder.mkdir()
    lines = [f"{row};{2015 + n}" for n, row in enumerate(rows(merged))]
    (folder / "t.csv").write_text("\n".join([f"{HEADER};Jahr", *lines]), "utf-8")
    new, _, _ = written(folder, tmp_path)
    assert not any("merged" in note for note in new.drafts.sources[0].notes)


def test_regions_that_were_merged_cells_are_named_where_the_towns_below_lie_in_them(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    towns = ("神奈川県,横浜市", ",川崎市", ",厚木市", "大阪府,大阪市", ",堺市", "東京都,八王子市")
    for merged in (True, False):
        rows = [f"{town},2022,{9 + n}" for n, town in enumerate(towns)]
        if not merged:
            rows = [row.replace("神奈川県", "岩手県") for row in rows]
        (folder / "特許.csv").write_text("\n".join(["都道府県,市区町村,年,件数", *rows]), "utf-8")
        (tmp_path / "new.toml").unlink(missing_ok=True)
        notes = new_study.write(folder, tmp_path / "new.toml").drafts.sources[0].notes
        assert (
            any(note.startswith("'都道府県': empty in 3 of the first 6 rows, below rows") for note in notes) == merged
        )
