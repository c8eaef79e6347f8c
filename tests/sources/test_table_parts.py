"""Tables whose cells are lists, whose columns are several, absent or constant, and whose rows are inside JSON."""

import json
import tomllib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hubrank import sources
from hubrank.core.errors import DataError, StudyError
from hubrank.core.tables import Files
from hubrank.core.units import WEIGHT_ONE
from hubrank.sources.formats import archives, json_lines
from hubrank.sources.formats.table_values import YEAR
from hubrank.sources.table_remarks import remarks
from hubrank.study.sections import SourceSection
from hubrank.study.study_file import read as read_study
from sources.reading_sources import read


def listed(rows):
    return [(row["listing_no"], row["city"], row["country"]) for row in rows]


def split(column, by=";", **more):
    return {"from": column, "split": by, **more}


def test_each_address_of_a_cell_is_a_listing(reading):
    columns = {"record": "id", "address": split("who")}
    rows, ledger = reading("table", 'id,who\nP1,"MIT, Cambridge; ETH, Zürich; MIT, Cambridge;"\nP2,\n', columns=columns)
    assert [(row["record_key"], row["address"]) for row in rows] == [
        ("P1", "MIT, Cambridge"),
        ("P1", "ETH, Zürich"),
        ("P1", "MIT, Cambridge"),
        ("P2", None),
    ]
    assert [row["listing_no"] for row in rows] == [1, 2, 3, 1]
    assert (ledger.rows_read, ledger.rows_kept) == (2, 2)


def test_columns_that_are_split_together_are_read_in_step(reading):
    columns = {"city": split("town"), "country": split("land", "|")}
    rows, ledger = reading("table", "town,land\nBasel;Bonn,CH|DE\nBern,CH\nA;B,CH\nOslo;,NO|\n", columns=columns)
    assert listed(rows) == [(1, "Basel", "CH"), (2, "Bonn", "DE"), (1, "Bern", "CH"), (1, "Oslo", "NO")]
    assert [aside[:4] for aside in ledger.aside] == [
        ("file.csv", 4, "lists of different lengths in one row", "city, country")
    ]


def test_a_column_that_is_not_split_holds_for_every_part(reading):
    rows, _ = reading("table", "town,land\nBasel;Bern,CH\n", columns={"city": split("town"), "country": "land"})
    assert listed(rows) == [(1, "Basel", "CH"), (2, "Bern", "CH")]


def test_several_places_of_one_author_share_the_listing(reading):
    columns = {"record": "id", "listing": "seq", "city": {"from": "town", "places": "|"}}
    rows, _ = reading("table", "id,seq,town\nP,1,Basel|Bern|Basel\nP,2,Bonn\n", columns=columns)
    assert [(row["listing_no"], row["city"], row["weight"]) for row in rows] == [
        (1, "Basel", WEIGHT_ONE // 2),
        (1, "Bern", WEIGHT_ONE // 2),
        (2, "Bonn", WEIGHT_ONE),
    ]


def test_authors_and_their_places_may_be_in_one_cell(reading):
    rows, _ = reading("table", "town\nBasel|Bern;Bonn\n", columns={"city": split("town", places="|")})
    assert [(row["listing_no"], row["city"], row["weight"]) for row in rows] == [
        (1, "Basel", WEIGHT_ONE // 2),
        (1, "Bern", WEIGHT_ONE // 2),
        (2, "Bonn", WEIGHT_ONE),
    ]


def test_several_columns_of_places_are_several_listings(reading):
    columns = {"city": ["town 1", "town 2", "town 3"], "country": ["land 1", "land 2", "land 3"]}
    text = "town 1,land 1,town 2,land 2,town 3,land 3\nBasel,CH,,,Bonn,DE\n,,,,,\n"
    rows, ledger = reading("table", text, columns=columns)
    assert listed(rows) == [(1, "Basel", "CH"), (3, "Bonn", "DE"), (1, None, None)]
    assert ledger.rows_kept == 2


def test_a_fault_in_one_part_sets_the_row_aside_once(reading):
    columns = {"lat": split("y"), "lon": split("x"), "year": "year"}
    rows, ledger = reading(
        "table", "y,x,year\n47;91;95,7;98;9,2020\n1;2,3;4,1999\n5,6,2020\n", columns=columns, window=(2010, 2020)
    )
    assert [(row["lat_e7"], row["lon_e7"]) for row in rows] == [(50000000, 60000000)]
    assert ledger.scope == {"outside the window": 1}
    assert [aside[1:3] for aside in ledger.aside] == [(2, "a latitude beyond 90 degrees")]


def test_parts_of_rows_are_numbered_by_their_text_and_never_by_the_order_of_rows(reading):
    columns = {"record": "id", "city": split("town")}
    lines = ["P,Basel;Bern", "P,Bonn", "Q,Oslo"]
    rows, _ = reading("table", "\n".join(["id,town", *lines]), columns=columns)
    turned, _ = reading("table", "\n".join(["id,town", *lines[::-1]]), columns=columns)
    key = [sorted((row["record_key"], row["listing_no"], row["city"]) for row in each) for each in (rows, turned)]
    assert key[0] == key[1]
    assert len({(record, number) for record, number, _ in key[0]}) == 4


def test_two_equal_rows_are_two_inventors_where_rows_are_listings(reading):
    text = "appln_id,lat,lng\n1,47.5,7.5\n1,47.5,7.5\n1,48.5,8.5\n2,47.5,7.5\n"
    columns = {"record": "appln_id", "lat": "lat", "lon": "lng"}
    rows, _ = reading("table", text, columns=columns, rows="listings")
    numbers = sorted((row["record_key"], row["listing_no"], row["lat_e7"]) for row in rows)
    assert [number[:2] for number in numbers] == [("1", 1), ("1", 2), ("1", 3), ("2", 1)]
    assert sorted(lat for _, _, lat in numbers) == [475000000] * 3 + [485000000]
    once, _ = reading("table", text, columns=columns)
    assert len({(row["record_key"], row["listing_no"]) for row in once}) == 3


def test_a_year_and_a_constant_can_come_from_the_name_of_the_file_and_the_study(tmp_path):
    for year in (2019, 2020):
        (tmp_path / f"deals-{year}.csv").write_text("town,n\nBasel,3\n")
    columns = {
        "city": "town",
        "count": "n",
        "country": {"value": "CH"},
        "year": {"from": "file", "pattern": r"-(\d{4})\."},
    }
    rows, ledger = read("table", sorted(tmp_path.glob("*.csv")), columns=columns, window=(2020, 2021))
    assert [(row["year"], row["country"]) for row in rows] == [(2020, "CH")]
    assert ledger.scope == {"outside the window": 1}
    rows, _ = read("table", sorted(tmp_path.glob("*.csv")), columns=columns)
    assert len({row["record_key"] for row in rows}) == 2  # equal rows of two years are two records
    rows, _ = read("table", [tmp_path / "deals-2019.csv"], columns={"city": "town", "year": {"value": 2019}})
    assert [row["year"] for row in rows] == [2019]


def test_the_name_of_the_file_dates_json_and_parquet_too(tmp_path):
    pq.write_table(pa.table({"town": ["Basel"]}), tmp_path / "t-2019.parquet")
    (tmp_path / "t-2020.jsonl").write_text('{"town": "Bern"}\n')
    columns = {"city": "town", "year": {"from": "file", "pattern": r"(\d{4})"}}
    rows, _ = read("table", sorted(tmp_path.iterdir()), columns=columns)
    assert [(row["city"], row["year"]) for row in rows] == [("Basel", 2019), ("Bern", 2020)]


def test_words_for_a_missing_value_are_none(reading):
    columns = {"city": "town", "country": "land", "count": {"from": "n", "optional": True}}
    rows, _ = reading("table", "town,land,n\nNA,CH,-999\nBonn,NA,2\n", columns=columns, missing=["NA", "-999"])
    assert [(row["city"], row["country"], row["count"]) for row in rows] == [(None, "CH", 1), ("Bonn", None, 2)]
    rows, _ = reading("table", "town\nBasel;NA;Bonn\n", columns={"city": split("town")}, missing=["NA"])
    assert [row["city"] for row in rows] == ["Basel", "Bonn"]


def test_a_column_or_key_may_be_absent_where_the_study_says_so(tmp_path, reading):
    columns = {"city": "town", "region": {"from": "state", "optional": True}}
    (tmp_path / "a.csv").write_text("town\nBasel\n")
    (tmp_path / "b.csv").write_text("town,state\nBern,BE\n")
    rows, _ = read("table", [tmp_path / "a.csv", tmp_path / "b.csv"], columns=columns)
    assert [(row["city"], row["region"]) for row in rows] == [("Basel", None), ("Bern", "BE")]
    rows, _ = reading("table", '{"town": "Basel"}\n', "f.jsonl", columns=columns)
    assert [row["region"] for row in rows] == [None]
    with pytest.raises(DataError, match="has no key 'state'"):
        reading("table", '{"town": "Basel"}\n', "f.jsonl", columns={"city": "town", "region": "state"})


ANSWER = {
    "took": 3,
    "results": [
        {"year": 2019, "hits": [{"id": "a", "place": {"city": "Basel"}}, {"id": "b", "place": {"city": "Bern"}}]},
        {"year": 2020, "hits": [{"id": "c", "place": {"city": "Bonn"}}]},
        {"year": 2021},
    ],
}
NESTED = {"record": "id", "city": "$.place.city", "year": "../year"}


@pytest.mark.parametrize("indent", [None, 2])
def test_rows_inside_json_know_what_they_are_in(reading, indent):
    rows, ledger = reading(
        "table", json.dumps(ANSWER, indent=indent) + "\n", "f.json", columns=NESTED, rows="results[*].hits[*]"
    )
    assert [(row["record_key"], row["city"], row["year"], row["source_row"]) for row in rows] == [
        ("a", "Basel", 2019, 1),
        ("b", "Bern", 2019, 2),
        ("c", "Bonn", 2020, 3),
    ]
    assert ledger.rows_read == 3


def test_a_document_is_not_copied_beside_each_of_its_rows(reading):
    """With 3 MB in the document and 3,000 rows in it, copies would take 9 GB."""
    answer = {
        "took": 3,
        "pad": "x" * 3_000_000,
        "results": [{"id": str(number), "city": "Bern"} for number in range(3000)],
    }
    columns = {"record": "id", "city": "city", "listing": "../took"}
    rows, _ = reading("table", json.dumps(answer), "f.json", columns=columns, rows="results[*]")
    assert (len(rows), {row["listing_no"] for row in rows}) == (3000, {3})


def test_rows_of_several_documents_are_numbered_through_the_file(reading):
    text = "\n".join([json.dumps(ANSWER), "{", json.dumps(ANSWER).replace('"id": "', '"id": "x')]) + "\n"
    rows, ledger = reading("table", text, "f.jsonl", columns=NESTED, rows="results[*].hits[*]")
    assert [row["source_row"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert [row["record_key"] for row in rows] == ["a", "b", "c", "xa", "xb", "xc"]
    assert [aside[1:3] for aside in ledger.aside] == [(2, "not a JSON document")]


def test_a_line_of_documents_that_cannot_be_decoded_is_set_aside(reading):
    text = json.dumps(ANSWER).encode() + b"\n" + b'{"results": "\xff"}\n' + json.dumps(ANSWER).encode() + b"\n"
    rows, ledger = reading("table", text, "f.jsonl", columns=NESTED, rows="results[*].hits[*]")
    assert len(rows) == 6
    assert len(ledger.aside) == 1
    assert ledger.rows_read == 7


@pytest.mark.parametrize(
    ("rows", "columns", "message"),
    [
        ("results[*].hots[*]", NESTED, r"has no rows at 'results\[\*\]\.hots\[\*\]'"),
        ("results[[*]", NESTED, "is not a path to rows"),
        (
            "results[*].hits[*]",
            {**NESTED, "year": "../../year"},
            r"no key '\.\./\.\./year'; what a row is in, 2 up \(\.\./\.\./\), has: results, took\..*mean '\.\./year'\?",
        ),
        (
            "results[*].hits[*]",
            {**NESTED, "year": "../yeer"},
            r"1 up \(\.\./\), has: hits, year\..*Did you mean '\.\./year'",
        ),
        ("results[*]", {"city": "../../took"}, "has 1 levels, but a column leads 2 up"),
    ],
)
def test_a_path_without_rows_is_an_error_that_says_what_to_write(reading, rows, columns, message):
    with pytest.raises((DataError, StudyError), match=message):
        reading("table", json.dumps(ANSWER), "f.json", columns=columns, rows=rows)


def error(columns, reader="table", **options):
    section = SourceSection.model_validate(
        {"metric": "deals", "reader": reader, "files": "x", "columns": columns, "options": options}
    )
    with pytest.raises(StudyError) as raised:
        sources.parse_options(sources.find(reader), section, None)
    return str(raised.value)


@pytest.mark.parametrize(
    ("columns", "options", "message"),
    [
        ({"address": "who"}, {"separator": ";"}, "separator requires columns.organisation"),
        ({"address": split("who"), "listing": "seq"}, {}, "For several places of one listing write places"),
        ({"city": "town", "year": split("years")}, {}, "columns.year: a record has one"),
        ({"city": "town", "organisation": split("who")}, {}, "For organisations use options.separator"),
        ({"city": ["a", "b"], "record": ["c", "d"]}, {}, "columns.record: a record has one"),
        ({"city": [split("a"), "b"]}, {}, "columns.city names several columns, which cannot be split"),
        ({"city": "town"}, {"rows": "results"}, "rows should be listings, or a path"),
        ({"city": "town"}, {"rows": "listings"}, "rows = 'listings' requires columns.record"),
        ({"town": "town"}, {}, "unknown key 'town'"),
    ],
)
def test_an_option_that_cannot_be_meant_is_a_message(columns, options, message):
    assert message in error(columns, **options)


@pytest.mark.parametrize("where", [["a", "b"], split("who"), {"value": "CH"}])
def test_readers_of_one_format_refuse_what_only_a_table_has(where):
    assert "use the reader table" in error({"city": where}, reader="patentsview")


def remarked(path, columns, **options):
    source = sources.find("table")
    return remarks(Files((path,), {}, {"": path.parent}), source.Options(columns=columns, **options))


SCIENCE = (
    "[Rossi, Nora J.; Kim, M.] RIKEN, Wako, Japan; [Li, A.] Univ Oxford, Oxford, England",
    "[Rossi, Nora J.] MIT, Cambridge, MA USA",
    "ETH, Zurich, Switzerland",
)


def test_a_pattern_is_that_of_each_part_of_a_cell(reading, tmp_path):
    expected = [
        *("RIKEN, Wako, Japan", "Univ Oxford, Oxford, England"),
        *("MIT, Cambridge, MA USA", "ETH, Zurich, Switzerland"),
    ]
    columns = {"address": split("C1", "; [", pattern=r"(?:^|\] ?)([^\[\]]+)$")}
    text = "C1\tUT\n" + "".join(f"{cell}\tx\n" for cell in SCIENCE)
    rows, ledger = reading("table", text, columns=columns)
    assert ([row["address"] for row in rows], ledger.rows_kept) == (expected, 3)
    table = tmp_path / "t.parquet"
    pq.write_table(pa.table({"C1": SCIENCE}), table)
    assert [row["address"] for row in read("table", [table], columns=columns)[0]] == expected
    authors = "Ito, H.L., RIKEN, Wako, Japan; Plato; Li, A., ETH, Zurich"
    rows, _ = reading("table", f'who\n"{authors}"\n', columns={"address": split("who", pattern=r"\., (.*)$")})
    assert [(row["listing_no"], row["address"]) for row in rows] == [(1, "RIKEN, Wako, Japan"), (3, "ETH, Zurich")]


def test_a_pattern_is_that_of_each_place_of_each_listing_and_of_each_element_of_a_list(reading):
    columns = {"record": "id", "city": split("towns", places="|", pattern=r"^\d+ (.*)$")}
    rows, _ = reading("table", "id,towns\nP,1 Bonn|2 Bern; 3 Oslo; x\nQ,x\n", columns=columns)
    assert [(row["record_key"], row["listing_no"], row["city"], row["weight"]) for row in rows] == [
        ("P", 1, "Bern", WEIGHT_ONE // 2),
        ("P", 1, "Bonn", WEIGHT_ONE // 2),
        ("P", 2, "Oslo", WEIGHT_ONE),
        ("Q", 1, None, WEIGHT_ONE),
    ]
    lists = {"record": "id", "city": split("towns", "[]", pattern=r"^\d+ (.*)$")}
    text = (
        json.dumps({"id": "P", "towns": ["1 Bonn", None, "x", "2 Zürich"]})
        + "\n"
        + json.dumps({"id": "Q", "towns": "3 Oslo"})
    )
    rows, _ = reading("table", text, name="t.jsonl", columns=lists)
    assert [(row["record_key"], row["city"]) for row in rows] == [("P", "Bonn"), ("P", "Zürich"), ("Q", "Oslo")]


def test_a_check_names_a_pattern_that_no_part_matches(written):
    path = written("t.csv", "who\nMIT; ETH\nETH; MIT\n")
    (sentence,) = remarked(path, {"institution": split("who", pattern=r"\d(.)")})
    assert sentence.startswith("columns.institution (who): the pattern '\\d(.)' matches none of the first 2 rows")


def test_a_check_says_how_many_parts_a_pattern_leaves_out(written):
    path = written("t.csv", "who\nIto H., MIT; Plato; Li A., ETH;\nIto H., MIT\n")
    (sentence,) = remarked(path, {"institution": split("who", pattern=r"\., (.*)$")})
    assert sentence.startswith("columns.institution (who): 1 of the first 4 parts are empty or not matched")
    assert remarked(path, {"institution": split("who", pattern=r"(\w+)$")}) == ()


@pytest.mark.parametrize(("date", "number"), [("2022.0", 0), ("2022/05/31", 0), ("20220531", 0), ("31/05/2022", 1)])
def test_a_check_names_dates_that_a_run_cannot_read_and_no_others(written, date, number):
    sentences = remarked(written("t.csv", f"day,town\n{date},Bonn\n"), {"date": "day", "city": "town"})
    assert len(sentences) == number
    assert all("is no date of the form YYYY-MM-DD: '31/05/2022'. Take its year instead" in one for one in sentences)


def test_a_check_says_which_line_reads_the_year_of_a_date(written):
    path = written("t.csv", "day,on,town\n31/05/2022,31 May 2022,Bonn\n1/2/2022,1 Feb 2022,Bonn\n")
    (sentence,) = remarked(path, {"date": "day", "city": "town"})
    assert sentence.endswith('Take its year instead: year = "day".')
    assert remarked(path, {"year": "day", "city": "town"}) == ()
    (sentence,) = remarked(path, {"date": "on", "city": "town"})
    assert sentence.endswith(f"""year = {{ from = "on", pattern = '{YEAR}' }}.""")


def test_a_check_names_the_years_of_a_file_of_which_none_is_in_the_window(written):
    path = written("t.csv", "day,town\n2013-05-31,Bonn\n2015,Bern\n")
    (sentence,) = remarked(path, {"date": "day", "city": "town"}, window=(2016, 2020))
    assert sentence == (
        "columns.date (day) has years from 2013 to 2015 in the first 2 rows, none of them in the window [2016, 2020]; "
        "correct [windows]."
    )
    assert remarked(path, {"date": "day", "city": "town"}, window=(2015, 2020)) == ()


def test_a_check_names_empty_columns_patterns_without_a_match_and_cells_that_look_like_lists(written):
    path = written("t.csv", "doi,who,town,state\nx.2019,MIT; ETH,Basel,\nx.2020,ETH; MIT,Bern,\n")
    year = {"from": "doi", "pattern": r"/(\d{4})"}
    pattern, cells, empty = remarked(path, {"year": year, "institution": "who", "city": "town", "region": "state"})
    assert pattern.startswith("columns.year (doi): the pattern '/(\\d{4})' matches none of the first 2 rows")
    assert cells.startswith("columns.institution (who) looks like a list: 'MIT; ETH'. If each part is a listing write")
    assert empty == "columns.region (state) is empty in the first 2 rows; is it the right column?"
    good = {"year": {"from": "doi", "pattern": r"\.(\d{4})"}, "institution": split("who"), "city": "town"}
    assert remarked(path, good) == ()
    assert remarked(path, good | {"region": {"from": "county", "optional": True}}) == ()


def test_the_study_of_first_filings_counts_two_inventors_at_one_place(tmp_path):
    study = Path(__file__).parents[2] / "studies" / "first-filings.toml"
    (tmp_path / "study.toml").write_text(study.read_text("utf-8"))
    (tmp_path / "raw" / "geoc-inv").mkdir(parents=True)
    header = "appln_id,patent_office,filing_date,lat,lng,name_0,ctry_code,source,type\n"
    rows = "7,AT,2012-03-01,48.2,16.37,Austria,AT,1,priority\n" * 2 + "8,AT,2009-03-01,48.2,16.37,Austria,AT,1,pct\n"
    (tmp_path / "raw" / "geoc-inv" / "geoc_inv.txt").write_text(header + rows)
    (section,) = read_study(tmp_path / "study.toml").sources
    options = sources.parse_options(sources.find("table"), section, (2010, 2014))
    rows, ledger = read("table", [tmp_path / "raw" / "geoc-inv" / "geoc_inv.txt"], **options.model_dump(by_alias=True))
    assert [(row["record_key"], row["listing_no"], row["lat_e7"]) for row in rows] == [
        ("7", 1, 482000000),
        ("7", 2, 482000000),
    ]
    assert ledger.scope == {"outside the window": 1}


def test_places_share_the_weight_that_the_file_states(reading):
    columns = {"city": {"from": "town", "places": "|"}, "weight": "w"}
    rows, _ = reading("table", "town,w\nBasel|Bern,0.5\n", columns=columns)
    assert [row["weight"] for row in rows] == [WEIGHT_ONE // 4, WEIGHT_ONE // 4]


@pytest.mark.parametrize("weight", ["", ",w"])
def test_any_number_of_places_has_the_whole_weight_together(reading, weight):
    columns = {"city": {"from": "town", "places": "|"}} | ({"weight": "w"} if weight else {})
    towns = "|".join(f"Town {n}" for n in range(17))
    rows, _ = reading("table", f"town{weight}\n{towns}{',1' if weight else ''}\n", columns=columns)
    assert sum(row["weight"] for row in rows) == WEIGHT_ONE
    assert {row["weight"] for row in rows} == {WEIGHT_ONE // 17, WEIGHT_ONE // 17 + 1}


def test_a_list_of_places_may_be_longer_than_a_cell_that_is_one_place(reading):
    towns = ";".join(f"Town {n}" for n in range(2000))
    rows, ledger = reading("table", f"town\n{towns}\n", columns={"city": split("town")})
    assert (len(rows), ledger.aside) == (2000, [])
    _, ledger = reading("table", f"town\n{towns}\n", columns={"city": "town"})
    assert [aside[2] for aside in ledger.aside] == ["a cell of more than 10,000 characters"]


def test_rows_inside_json_are_numbered_over_all_blocks_of_a_file(reading, monkeypatch):
    monkeypatch.setattr(archives, "PIECE", 100)
    monkeypatch.setattr(json_lines, "BLOCK", 100)
    monkeypatch.setattr(json_lines, "GROUP", 1)
    text = "".join(
        json.dumps({"rows": [{"id": f"{n}-{k}", "town": "Bonn"} for k in range(3)]}) + "\n" for n in range(9)
    )
    rows, ledger = reading("table", text, "f.jsonl", columns={"record": "id", "city": "town"}, rows="rows[*]")
    assert [row["source_row"] for row in rows] == list(range(1, 28))
    assert ledger.rows_read == 27


LISTS = {
    "A": ["Karolinska Institutet, Stockholm, Sweden", "RIKEN, Wako, Japan"],
    "B": [],
    "C": "University of Bonn, Bonn, Germany",
    "D": [" ", 'A "quoted" name, Bern'],
}


@pytest.mark.parametrize("kind", ["split", "places"])
def test_lists_in_json_are_listings_or_places_of_one(reading, kind):
    content = "".join(json.dumps({"id": key, "at": value}) + "\n" for key, value in LISTS.items())
    columns = {"record": "id", "institution": {"from": "at", kind: "[]"}}
    rows, ledger = reading("table", content, name="file.jsonl", columns=columns)
    assert [(row["record_key"], row["institution"]) for row in rows] == [
        ("A", "Karolinska Institutet, Stockholm, Sweden"),
        ("A", "RIKEN, Wako, Japan"),
        ("B", None),
        ("C", "University of Bonn, Bonn, Germany"),
        ("D", 'A "quoted" name, Bern'),
    ]
    assert [row["listing_no"] for row in rows][:2] == ([1, 2] if kind == "split" else [1, 1])
    assert (ledger.rows_read, ledger.rows_kept) == (4, 4)


def test_a_check_names_cells_that_are_lists_in_json(tmp_path):
    (tmp_path / "file.jsonl").write_text("".join(json.dumps({"id": key, "at": at}) + "\n" for key, at in LISTS.items()))
    (remark,) = remarked(tmp_path / "file.jsonl", {"record": "id", "institution": "at"})
    assert 'split = "[]"' in remark
    assert "Karolinska" in remark
    assert remarked(tmp_path / "file.jsonl", {"record": "id", "institution": {"from": "at", "split": "[]"}}) == ()


def test_a_check_says_how_to_read_dates_of_another_form(written):
    path = written("t.csv", "day,town\n01.03.2021,Basel\n31.12.2020,Bern\n")
    (remark,) = remarked(path, {"date": "day", "city": "town"})
    columns = tomllib.loads(remark.partition("instead: ")[2].rstrip(".")) | {"city": "town"}
    assert "'01.03.2021'" in remark
    assert remarked(path, columns) == ()
    rows, _ = read("table", [path], columns=columns)
    assert [row["year"] for row in rows] == [2021, 2020]
    iso = written("u.csv", "day,town\n2021-03-01,Basel\n20210301,Bern\n2021,Bonn\n")
    assert remarked(iso, {"date": "day", "city": "town"}) == ()
