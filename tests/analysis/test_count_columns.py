"""A table with one row for each place and year is one of counts, whatever the column of numbers is called."""

import pytest

from analysis.test_new_study import GERMAN_TOWNS, columns, written

YEARS = (2021, 2022)


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "files"
    path.mkdir()
    return path


def study_of(folder, tmp_path, header, row, years=YEARS):
    """Return the columns and notes of a table with a row for each town and year."""
    rows = [
        row(town, year, 3 * place + number)
        for place, town in enumerate(GERMAN_TOWNS)
        for number, year in enumerate(years)
    ]
    (folder / "table.csv").write_text("\n".join([header, *rows]), "utf-8")
    new, _, _ = written(folder, tmp_path)
    return columns(new), [note for note in new.drafts.sources[0].notes if "counts once" in note]


@pytest.mark.parametrize("header", ["Bestand", "Hinterlegungen", "Wert 1", "Nr. der Fälle"])
def test_the_only_column_of_numbers_is_the_count(folder, tmp_path, header):
    taken, notes = study_of(folder, tmp_path, f"Ort,Land,Jahr,{header}", lambda town, year, n: f"{town},DE,{year},{n}")
    assert (taken["count"], notes) == (header, [])


def test_without_a_year_places_are_enough(folder, tmp_path):
    towns = [*GERMAN_TOWNS, "Bonn", "Trier"]
    rows = "".join(f"{town},{n * n + 3}\n" for n, town in enumerate(towns))
    (folder / "table.csv").write_text(f"Ort,Bestand\n{rows}", "utf-8")
    new, _, _ = written(folder, tmp_path)
    assert columns(new)["count"] == "Bestand"


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Kennziffer", lambda town, _: f"{81_000 + len(town)}"),  # a code
        ("Lfd", lambda _, n: f"{n + 1}"),  # the number of the row
        ("Fläche", lambda town, _: f"{len(town)}{ord(town[0])}.5"),  # of the place
        ("Beginn", lambda _, n: f"{1990 + n}"),
    ],
)
def test_codes_row_numbers_years_and_properties_of_a_place_are_no_counts(folder, tmp_path, header, row):
    number = iter(range(100))
    taken, notes = study_of(
        folder,
        tmp_path,
        f"Ort,Land,Jahr,{header},Bestand",
        lambda town, year, n: f"{town},DE,{year},{row(town, next(number))},{7 * n}",
    )
    assert (taken["count"], notes) == ("Bestand", [])


def test_of_two_columns_of_numbers_both_are_named_and_none_is_used(folder, tmp_path):
    taken, (note,) = study_of(
        folder, tmp_path, "Ort,Land,Jahr,Fälle,Kosten", lambda town, year, n: f"{town},DE,{year},{n},{n * 1.5 + 1}"
    )
    assert "count" not in taken
    assert "they have numbers ('Fälle', 'Kosten')" in note
    assert note.endswith('add count = "Fälle" under [sources.columns]')


def test_of_one_row_for_each_place_year_and_kind_the_numbers_are_named(folder, tmp_path):
    rows = [
        f"{town},DE,{year},{kind},{n + len(kind) * (year - 2018)}"
        for n, town in enumerate(GERMAN_TOWNS)
        for year in YEARS
        for kind in ("Optik", "Chemie")
    ]
    (folder / "table.csv").write_text("\n".join(["Ort,Land,Jahr,Gebiet,Bestand", *rows]), "utf-8")
    new, _, _ = written(folder, tmp_path)
    assert "count" not in columns(new)
    assert any("they have numbers ('Bestand')" in note for note in new.drafts.sources[0].notes)


def test_records_of_several_at_a_place_or_with_titles_have_no_count(folder, tmp_path):
    taken, notes = study_of(
        folder, tmp_path, "Ort,Land,Jahr,Betrag", lambda town, year, n: f"{town},DE,{year},{n}", years=(2021, 2021)
    )
    assert ("count" in taken, notes) == (False, [])
    (folder / "table.csv").unlink()
    (tmp_path / "studies" / "new.toml").unlink()
    taken, notes = study_of(
        folder,
        tmp_path,
        "Ort,Land,Jahr,Betrag,Vorhaben",
        lambda town, year, n: f"{town},DE,{year},{n},Studie {n} in {town}",
    )
    assert ("count" in taken, notes) == (False, [])


@pytest.mark.parametrize(("every", "share"), [(4, 25), (100, 6)])  # a run stops above 5 %
def test_a_column_some_of_which_are_no_numbers_is_named_whatever_it_is_called(folder, tmp_path, every, share):
    taken, (note,) = study_of(
        folder,
        tmp_path,
        "Ort,Land,Jahr,Bestand",
        lambda town, year, n: f"{town},DE,{year},{n if n % every else '-'}",
    )
    assert "count" not in taken
    assert note.startswith(f"'Bestand' looks like a count, but {share} % of its values are no numbers ('-')")


def test_inhabitants_are_no_count(folder, tmp_path):
    towns = {"Graz": 291_072, "Linz": 204_846, "Salzburg": 155_021, "Innsbruck": 130_585, "Klagenfurt": 103_009}
    towns |= {"Wels": 63_181, "Villach": 64_071, "Dornbirn": 50_000, "Steyr": 37_000, "Feldkirch": 36_000}
    rows = [
        f"{town};Austria;2021;{number};{people:,}".replace(",", ".")
        for number, (town, people) in zip((5, 9, 4, 8, 2, 7, 1, 3, 6, 2), towns.items(), strict=True)
    ]
    (folder / "table.csv").write_text("\n".join(["Ort;Land;Jahr;Bestand;Leute", *rows]), "utf-8")
    new, _, _ = written(folder, tmp_path)
    assert columns(new)["count"] == "Bestand"


def lakhs(number):
    """Write a number as in India: 1,23,456."""
    lakh, rest = divmod(number, 100_000)
    return f"{lakh},{rest // 1000:02},{rest % 1000:03}" if lakh else f"{number:,}"


def test_counts_in_lakhs_are_counts_and_their_comma_divides_thousands_below(folder, tmp_path):
    rows = [
        f'{town},DE,{year},"{lakhs(45_678 + 31_013 * (3 * place + number))}"'
        for place, town in enumerate(GERMAN_TOWNS)
        for number, year in enumerate(YEARS)
    ]
    (folder / "table.csv").write_text("\n".join(["Ort,Land,Jahr,Applications", *rows]), "utf-8")
    new, summary, study = written(folder, tmp_path)
    assert columns(new)["count"] == "Applications"
    assert study["sources"][0]["options"] == {"thousands": ","}
    places = len(GERMAN_TOWNS)
    numbers = [3 * place + number for place in range(places) for number in range(2)]
    assert summary["sources"][0]["counted"] == 45_678 * len(numbers) + 31_013 * sum(numbers)


@pytest.mark.parametrize(
    ("sign", "words"),
    [
        ("%", "'Anteil' holds percentages (0.5%), which count no records, so each row counts once"),
        ("", "'Anteil' holds ranks, shares or the like, as its name says (0.5), which count no records"),
    ],
)
def test_shares_are_named_where_rows_are_counted_for_want_of_numbers(folder, tmp_path, sign, words):
    taken, (note,) = study_of(
        folder, tmp_path, "Ort,Land,Jahr,Anteil", lambda town, year, n: f"{town},DE,{year},{n + 0.5}{sign}"
    )
    assert "count" not in taken
    assert note.startswith(words)


def test_numbers_that_are_the_same_in_all_rows_of_a_place_are_named(folder, tmp_path):
    taken, (note,) = study_of(
        folder,
        tmp_path,
        "Ort,Land,Jahr,Bestand",
        lambda town, year, _: f"{town},DE,{year},{71 * len(town)}{town.count('n')}",
    )
    assert "count" not in taken
    assert note.startswith("'Bestand' has the same number in all rows of a place")
    assert note.endswith('add count = "Bestand" under [sources.columns]')


def test_further_counts_beside_one_that_is_called_so_are_named_in_a_table_of_few_rows(folder, tmp_path):
    rows = [f"{town},DE,2021,{3 * n + 7},{5 * n + 13}" for n, town in enumerate(GERMAN_TOWNS[:5])]
    (folder / "table.csv").write_text("\n".join(["Ort,Land,Jahr,Patents,Startups", *rows]), "utf-8")
    new, *_ = written(folder, tmp_path)
    assert columns(new)["count"] == "Patents"
    assert any(
        note.startswith("'Patents' is counted, and what may be further counts is not used: 'Startups'. ")
        and note.endswith("count = 'Startups' for 'Patents'")
        for note in new.drafts.sources[0].notes
    )


@pytest.mark.parametrize("header", ["割合（％）", "비율(%)", "Anteil in %", "순위", "人口"])
def test_shares_without_a_percent_sign_in_their_cells_are_no_further_counts(folder, tmp_path, header):
    rows = [f"{town},DE,2021,{3 * n + 7},{5 * n + 1.5}" for n, town in enumerate(GERMAN_TOWNS[:5])]
    (folder / "table.csv").write_text("\n".join([f"Ort,Land,Jahr,Patents,{header}", *rows]), "utf-8")
    new, *_ = written(folder, tmp_path)
    assert columns(new)["count"] == "Patents"
    assert not any("further counts" in note for note in new.drafts.sources[0].notes)


def test_percentages_are_no_ids(folder, tmp_path):
    rows = [f"{town},DE,2021,{n // 2}.5%" for n, town in enumerate(GERMAN_TOWNS * 3)]
    (folder / "table.csv").write_text("\n".join(["Ort,Land,Jahr,Wert", *rows]), "utf-8")
    new, *_ = written(folder, tmp_path)
    assert "record" not in columns(new)


@pytest.mark.parametrize("years", [("令和4年", "令和5年"), ("2022年度", "２０２３年度"), ("2022년", "2023년")])
def test_columns_called_by_years_in_east_asian_form_are_counts_of_these_years(folder, tmp_path, years):
    rows = [f"{town},DE,{3 * n + 7},{5 * n + 13}" for n, town in enumerate(GERMAN_TOWNS)]
    (folder / "table.csv").write_text("\n".join([f"Ort,Land,{','.join(years)}", *rows]), "utf-8")
    new, *_ = written(folder, tmp_path)
    taken = [{guess.name: guess.value or guess.column for guess in draft.columns} for draft in new.drafts.sources]
    assert [(one["year"], one["count"]) for one in taken] == [(2022, years[0]), (2023, years[1])]
