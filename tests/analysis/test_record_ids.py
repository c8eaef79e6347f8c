"""Ids of records are known by their names and by their values; rows that are copies are reported."""

import pytest

from analysis.test_new_study import GERMAN_TOWNS, columns, written

TOWNS = [GERMAN_TOWNS[n % 8] for n in range(120)]


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "files"
    path.mkdir()
    return path


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Nº de expediente", "P-{:05}"),
        ("N° du dossier", "FR{:07}"),
        ("Núm. solicitud", "{:07}"),
        ("Nummer der Akte", "DE 10 {} A1"),
        ("Zeichen", "DE{:04}/A"),  # by its values alone
    ],
)
def test_a_column_of_ids_is_that_of_the_records_and_copies_of_rows_count_once(folder, tmp_path, header, value):
    rows = [f"{value.format(n)};{town};2021" for n, town in enumerate(TOWNS)]
    (folder / "t.csv").write_text("\n".join([f"{header};Ort;Jahr", *rows, *rows[:3]]), "utf-8")
    new, summary, _ = written(folder, tmp_path)
    assert columns(new) == {"city": "Ort", "year": "Jahr", "record": header}
    assert summary["sources"][0]["repeated"] == 3
    assert [note for note in new.drafts.sources[0].notes if "equal" in note] == []


@pytest.mark.parametrize("value", ["{} Blatt", "{:05.1f}", "2021-05-{:02}"])
def test_numbers_and_dates_are_no_ids_and_copies_of_rows_are_reported(folder, tmp_path, value):
    rows = [f"{value.format(n % 28 + 1)};{town};{n}" for n, town in enumerate(TOWNS)]
    (folder / "t.csv").write_text(
        "\n".join(["Umfang;Ort;Wert;Jahr", *(f"{row};2021" for row in [*rows, *rows[:3]])]), "utf-8"
    )
    new, summary, _ = written(folder, tmp_path)
    assert "record" not in columns(new)
    sentence = "3 of the first 123 rows are equal to another row in every column, and each counts; if they are copies"
    assert any(note.startswith(sentence) for note in new.drafts.sources[0].notes)
    assert any(remark.startswith(sentence) for remark in summary["sources"][0]["remarks"])


def test_ids_that_rows_share_which_differ_are_taken_by_no_name(folder, tmp_path):
    rows = [f"HRB{n % 110:05};{town};2021" for n, town in enumerate(TOWNS)]
    (folder / "t.csv").write_text("\n".join(["Firma;Ort;Jahr", *rows]), "utf-8")
    new, _, _ = written(folder, tmp_path)
    assert "record" not in columns(new)


def test_rows_that_say_little_are_no_copies(folder, tmp_path):
    (folder / "t.csv").write_text("\n".join(["Ort;Jahr", *(f"{town};2021" for town in TOWNS)]), "utf-8")
    new, summary, _ = written(folder, tmp_path)
    assert (summary["sources"][0]["remarks"], [one for one in new.drafts.sources[0].notes if "equal" in one]) == (
        [],
        [],
    )
