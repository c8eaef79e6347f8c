"""Ids of records are known by their names and by their values; rows that are copies are reported."""

import pytest

from analysis.test_new_study import GERMAN_TOWNS, columns, written
from hubrank.analysis import new_study
from hubrank.analysis.new_study.guess import column_words

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
    sentence = "rows that are equal to another in every column count each: 3 of the first 123; if they are copies"
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


def new(folder, tmp_path, header, rows):
    """Write a study of a table, unchecked."""
    (folder / "t.csv").write_text("\n".join([header, *rows]), "utf-8")
    return new_study.write(folder, tmp_path / "new.toml")


@pytest.mark.parametrize(
    "header",
    [
        *("Nº do Pedido", "NO_PEDIDO", "N. Processo", "Número de expediente", "N° de la demande", "Nr. wniosku"),
        *("Antragsnummer", "Anmeldenummer", "Application number", "Numero di domanda", "Förderkennzeichen"),
    ],
)
def test_a_number_of_an_application_is_an_id_with_blanks_and_where_one_stands_on_rows_apart(folder, tmp_path, header):
    ids = [f"BR 10 2016 {n // 2:06} {n // 2 % 10}" for n in range(len(TOWNS))]
    rows = [f"{value};Patent {value};{town};2021" for value, town in zip([*ids[:-1], ids[0]], TOWNS, strict=True)]
    written = new(folder, tmp_path, f"{header};Titel;Ort;Jahr", rows)
    assert columns(written)["record"] == header


def test_ids_with_blanks_are_known_by_their_values_though_one_stands_on_rows_apart(folder, tmp_path):
    ids = [f"BR 10 2016 {n // 2:06} {n // 2 % 10}" for n in range(2 * len(TOWNS))]
    rows = [f"{value};{GERMAN_TOWNS[n % 8]};2021" for n, value in enumerate([*ids[:-1], ids[0]])]
    assert columns(new(folder, tmp_path, "Kennung;Ort;Jahr", rows))["record"] == "Kennung"


@pytest.mark.parametrize("header", ["Número de patentes", "Number of applications", "Nº de pedidos", "Anzahl Anträge"])
def test_a_number_of_several_is_no_id(folder, tmp_path, header):
    rows = [f"{n // 8 + 2};{town};{2000 + n // 8}" for n, town in enumerate(TOWNS)]
    assert "record" not in columns(new(folder, tmp_path, f"{header};Ort;Jahr", rows))


@pytest.mark.parametrize("kinds", [["Seed Round", "Series A", "Debt", "Angel", "IPO", "Bridge", "Grant"], [*"1234567"]])
def test_few_values_on_many_rows_are_kinds_though_the_column_is_called_an_id(folder, tmp_path, kinds):
    rows = [f"{kinds[n * n % 7]};{town};2021;{n % 9}" for n, town in enumerate(TOWNS)]
    study = new(folder, tmp_path, "Round;Ort;Jahr;X", rows)
    assert "record" not in columns(study)
    assert [note for note in study.drafts.sources[0].notes if 'record = "Round"' in note] == []


def test_a_point_ends_an_abbreviation_or_stands_between_keys():
    names = ["N. Processo", "Sr. No.", "$.place.city", "../$.issued.date-parts", "institutions.display_name"]
    assert [*map(column_words, names)] == ["n processo", "sr no", "city", "date parts", "institutions display name"]


def test_rows_with_a_number_of_their_own_and_no_year_are_records(folder, tmp_path):
    rows = [f"{n + 1};Firm {n};{town}" for n, town in enumerate(TOWNS)]
    assert columns(new(folder, tmp_path, "Sr. No.;Startup Name;City", rows)) == {
        "record": "Sr. No.",
        "city": "City",
        "organisation": "Startup Name",
    }
