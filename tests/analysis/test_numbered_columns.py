"""Columns of places that are numbered, as those of several inventors are, are all listings of their row."""

import pytest

from analysis.test_new_study import GERMAN_TOWNS, written

INVENTORS = "Inventor 1 City,Inventor 1 Country,Inventor 2 City,Inventor 2 Country"


def study_of(tmp_path, header, cells):
    """Return the columns of the study of a table with an id and some cells in each row, its notes and its listings."""
    folder = tmp_path / "files"
    folder.mkdir()
    rows = [f"P{n}," + ",".join(cells(town, GERMAN_TOWNS[n - 1])) for n, town in enumerate(GERMAN_TOWNS)]
    (folder / "patents.csv").write_text("\n".join([f"Patent no,{header}", *rows]), "utf-8")
    new, _, study = written(folder, tmp_path)
    return study["sources"][0]["columns"], new.drafts.sources[0].notes, new.sizes[0].listings


@pytest.mark.parametrize(
    "header", [INVENTORS, "City 1,Country 1,City 2,Country 2", "city_0,country_0,city_1,country_1"]
)
def test_places_of_several_persons_are_each_a_listing(tmp_path, header):
    columns, notes, listings = study_of(tmp_path, header, lambda one, other: (one, "DE", other, "DE"))
    names = header.split(",")
    assert (columns["city"], columns["country"]) == (names[::2], names[1::2])
    assert (listings, notes) == (2 * len(GERMAN_TOWNS), ())


def test_one_country_is_that_of_all_persons_of_its_row(tmp_path):
    columns, _, listings = study_of(tmp_path, "City 1,City 2,Country", lambda one, other: (one, other, "DE"))
    assert (columns["city"], columns["country"]) == (["City 1", "City 2"], "Country")
    assert listings == 2 * len(GERMAN_TOWNS)


def test_lines_of_an_address_are_one_listing_and_those_that_are_not_read_are_named(tmp_path):
    columns, (note,), listings = study_of(
        tmp_path, "Address 1,Address 2,Country", lambda one, _: (f"Ring {len(one)} {one}", f"Haus {len(one)}", "DE")
    )
    assert (columns["address"], listings) == ("Address 1", len(GERMAN_TOWNS))
    assert note == (
        "what is called like 'Address 1' but for the number is not used: 'Address 2'. If each is the place of another "
        'person or organisation write address = ["Address 1", "Address 2"] under [sources.columns]'
    )


def test_a_person_of_whom_a_column_is_missing_is_left_out_and_named(tmp_path):
    columns, (note,), _ = study_of(
        tmp_path, f"{INVENTORS},Inventor 3 City", lambda *two: (two[0], "DE", two[1], "DE", "")
    )
    assert columns["city"] == ["Inventor 1 City", "Inventor 2 City"]
    assert note.startswith("what is called like 'Inventor 1 City' but for the number is not used: 'Inventor 3 City'.")


def test_codes_of_countries_of_two_and_three_letters_are_no_series(tmp_path):
    columns, notes, _ = study_of(tmp_path, "City,ISO 2,ISO 3", lambda one, _: (one, "DE", "DEU"))
    assert (columns["city"], columns["country"], notes) == ("City", "ISO 2", ())
