"""PatentsView's tables: inventors joined to the date of their patent and to their location."""

import zipfile

import pytest

from hubrank.core.errors import DataError, StudyError
from hubrank.sources import patentsview
from sources.reading_sources import read

SWAPPED = "a latitude beyond 90 degrees; latitude and longitude look swapped"
TABLES = {
    "patents": ["patent_id patent_type patent_date patent_title wipo_kind num_claims withdrawn filename",
                "1 utility 2020-01-02 A B1 1 0 x", "2 design 2020-01-02 B S1 1 0 x", "3 utility 2031-01-02 C B1 1 0 x",
                "4 utility 2020-01-02 D B1 1 1 x", "5 utility 2o20 E B1 1 0 x"],
    "inventors": ["patent_id inventor_sequence inventor_id disambig_inventor_name_first location_id",
                  "1 0 a Ann L1", "1 1 b Bob L2", "1 2 c Cy -", "1 3 d Di L9"],
    "locations": ["location_id disambig_city disambig_state disambig_country latitude longitude county",
                  "L1 Windhoek - NA -22.5594100 17.08323 -", "L2 Boston MA US 42.358894 -71.0567420 Suffolk",
                  "L3 Tokyo - JP 139.69 35.68 -"],
    "assignees": ["patent_id assignee_sequence disambig_assignee_organization", "1 0 Acme", "1 1 -", "1 2 Acme"],
    "technology": ["patent_id wipo_field_sequence wipo_field_title", "1 1 Optics", "1 0 Control"],
    "pct": ["patent_id pct_doc_number", "1 77"],
    "applications": ["application_id patent_id filing_date", "a1 1 2018-05-06"],
}  # fmt: skip


def cells(line):
    return ["" if cell == "-" else cell for cell in line.split(" ")]


def tsv(rows):
    return "".join("\t".join(f'"{cell}"' for cell in cells(row)) + "\n" for row in rows)


@pytest.fixture
def tables(written):
    """Return a function that reads the tables, some of them replaced or left out."""

    def go(*, without=(), options=None, **replaced):
        paths = {
            role: [written(f"{role}.tsv", tsv(replaced.get(role, rows)))]
            for role, rows in TABLES.items()
            if role not in without
        }
        return read("patentsview", paths.pop("inventors"), roles=paths, **(options or {}))

    return go


def more(role, *rows):
    return [*TABLES[role], *rows]


def test_inventors_are_listings_at_their_location_with_the_facts_of_their_patent(tables):
    rows, _ = tables()
    assert [(r["listing_no"], r["lat_e7"], r["lon_e7"], r["city"], r["region"], r["country"]) for r in rows] == [
        (0, -225594100, 170832300, "Windhoek", None, "NA"),
        (1, 423588940, -710567420, "Boston", "MA", "US"),
        (2, None, None, None, None, None),
        (3, None, None, None, None, None),
    ]
    assert {(r["record_key"], r["year"], r["date"], r["field"], tuple(r["organisations"])) for r in rows} == {
        ("1", 2020, "2020-01-02", "Control", ("Acme", "individual"))
    }


def test_the_year_of_filing_stands_in_the_table_of_applications(tables):
    rows, _ = tables(options={"year_of": "filing"})
    assert {(row["year"], row["date"]) for row in rows} == {(2018, "2020-01-02")}


@pytest.mark.parametrize(
    ("row", "options", "scope", "aside"),
    [
        ("2 0 a A L1", {}, "another kind: design", None),
        ("2 0 a A L1", {"types": ["design"]}, None, None),
        ("3 0 a A L1", {"window": (2016, 2022)}, "outside the window", None),
        ("4 0 a A L1", {}, "withdrawn", None),
        ("3 0 a A L1", {"pct_only": True}, "not through the PCT", None),
        ("9 0 a A L1", {}, None, ("a patent that the table of patents does not hold", "patent_id", "9")),
        ("- 0 a A L1", {}, None, ("a patent that the table of patents does not hold", "patent_id", None)),
        ("1 x a A L1", {}, None, ("a sequence number that is not one", "inventor_sequence", "x")),
        ("5 0 a A L1", {}, None, ("not a date (YYYY-MM-DD) or year", "date of publication", "2o20")),
        ("1 0 a A L3", {}, None, (SWAPPED, "latitude, longitude", "139.69, 35.68")),
    ],
)  # fmt: skip
def test_where_a_row_goes(tables, row, options, scope, aside):
    rows, ledger = tables(inventors=[TABLES["inventors"][0], row], options=options)
    assert dict(ledger.scope) == ({scope: 1} if scope else {})
    assert [entry[2:] for entry in ledger.aside] == ([aside] if aside else [])
    assert len(rows) == (not scope and not aside)


def test_optional_tables_may_be_left_out(tables):
    rows, _ = tables(without=("assignees", "technology", "pct", "applications"))
    assert len(rows) == 4
    assert {(row["organisations"], row["field"]) for row in rows} == {(None, None)}


def test_pct_only_needs_its_table_and_says_what_it_is_not(tables):
    with pytest.raises(StudyError, match="pct_only needs the table g_pct_data"):
        tables(without=("pct",), options={"pct_only": True})
    assert "national phase" in patentsview.Options(pct_only=True).notes[0]
    assert patentsview.Options().notes == ()


def test_published_applications_are_read_by_their_own_names(tables):
    published = {
        "without": ("assignees", "technology", "pct", "applications"),
        "patents": [
            "pgpub_id application_id filing_date patent_type published_date",
            "20200001 16 2019-01-01 utility 2020-07-01",
        ],
        "inventors": ["pgpub_id inventor_sequence location_id", "20200001 0 L2"],
    }
    rows, _ = tables(**published)
    assert [(row["record_key"], row["year"], row["city"]) for row in rows] == [("20200001", 2020, "Boston")]
    rows, _ = tables(**published, options={"year_of": "filing"})
    assert [row["year"] for row in rows] == [2019]


def test_locations_as_printed_are_left_to_the_geocoder(tables):
    rows, _ = tables(
        inventors=["patent_id inventor_sequence rawlocation_id", "1 0 r1"],
        locations=["rawlocation_id location_id raw_city raw_state raw_country", "r1 L1 Bostn MA US"],
    )
    assert [(row["city"], row["region"], row["country"], row["lat_e7"]) for row in rows] == [
        ("Bostn", "MA", "US", None)
    ]


def test_a_table_that_repeats_a_patent_or_a_place_does_not_repeat_listings(tables):
    rows, ledger = tables(
        patents=more("patents", TABLES["patents"][1]), locations=more("locations", TABLES["locations"][1])
    )
    assert (len(rows), ledger.rows_read) == (4, 4)


def test_a_missing_column_names_the_table_and_the_nearest(tables):
    with pytest.raises(
        DataError, match=r"locations\.tsv has no column 'disambig_city'.*table of locations.*'disambig_citty'"
    ):
        tables(locations=["location_id disambig_citty disambig_country latitude longitude", "L1 a NA 1 1"])


def test_zip_files_are_read_as_downloaded(tmp_path):
    paths = {}
    for role in ("inventors", "patents", "locations"):
        paths[role] = [tmp_path / f"{role}.tsv.zip"]
        with zipfile.ZipFile(paths[role][0], "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{role}.tsv", tsv(TABLES[role]))
    rows, _ = read("patentsview", paths.pop("inventors"), roles=paths)
    assert {row["source_file"] for row in rows} == {"inventors.tsv.zip/inventors.tsv"}
    assert [row["source_row"] for row in rows] == [2, 3, 4, 5]
