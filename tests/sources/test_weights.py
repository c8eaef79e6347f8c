"""What records weigh by quality: read from each source that has one, computed here by hand."""

import json
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hubrank.core.errors import StudyError
from hubrank.core.units import UNIT
from hubrank.sources import find, parse_options
from hubrank.sources.amounts import undecided_counts, unstated_marks
from hubrank.study.sections import SourceSection
from sources.reading_sources import read
from sources.test_crunchbase import BULK, MONTHLY, SEARCH
from sources.test_openalex import lines, work

MISSING = "states nothing to weigh by"
BAD = "a value to weigh by that is not a number of 0 or more"


def works(*values):
    """Return works with these values of citation_normalized_percentile, None for one that has none."""
    return [
        work(
            id=f"https://openalex.org/W{n}", citation_normalized_percentile=None if value is None else {"value": value}
        )
        for n, value in enumerate(values, start=1)
    ]


def weights(rows):
    return {row["record_key"].rpartition("/")[2]: row["record_units"] for row in rows}


VALUES = (1.0, 0.99978295, 0.0, 1e-05, None, 0.5)
EXPECTED = {"W1": UNIT, "W2": 999_782_950, "W3": 0, "W4": 10_000, "W6": UNIT // 2}


def test_a_work_weighs_its_percentile_of_citations_and_one_without_is_out_of_scope(written):
    path = written("part_0000.jsonl", lines(*works(*VALUES)))
    rows, ledger = read("openalex", [path], weight_by="citation_percentile")
    assert weights(rows) == EXPECTED
    assert ledger.scope == {MISSING: 1}
    plain, ledger = read("openalex", [path])
    assert set(weights(plain).values()) == {UNIT}
    assert not ledger.scope


def test_parquet_gives_the_same_weights(tmp_path):
    table = pa.Table.from_pylist([{**each, "is_xpac": False} for each in works(*VALUES)])
    pq.write_table(table, tmp_path / "w.parquet")
    rows, ledger = read("openalex", [tmp_path / "w.parquet"], weight_by="citation_percentile")
    assert (weights(rows), ledger.scope) == (EXPECTED, {MISSING: 1})


def test_the_percentile_of_the_year_is_the_middle_of_its_two_ends(written):
    ends = [{"min": 89, "max": 100}, {"min": 0, "max": 0}, {"min": 98, "max": 99}, None, {"min": 7, "max": None}]
    rows = [work(id=f"https://openalex.org/W{n}", cited_by_percentile_year=each) for n, each in enumerate(ends)]
    read_rows, ledger = read("openalex", [written("w.jsonl", lines(*rows))], weight_by="citation_percentile_year")
    assert weights(read_rows) == {"W0": 945_000_000, "W1": 0, "W2": 985_000_000}
    assert ledger.scope == {MISSING: 2}


def test_the_works_of_2026_state_their_percentiles(shared):
    path = shared / "data" / "publications" / "openalex-works-2026" / "works.json"
    rows, ledger = read("openalex", [path], weight_by="citation_percentile")
    stated = {
        each["id"]: each["citation_normalized_percentile"]["value"] for each in json.loads(path.read_text("utf-8"))
    }
    assert {row["record_key"]: row["record_units"] for row in rows} == {
        row["record_key"]: int(Decimal(str(stated[row["record_key"]])) * UNIT) for row in rows
    }
    assert len(weights(rows)) == 6
    assert MISSING not in ledger.scope


@pytest.mark.parametrize(
    ("header", "row", "name"),
    [
        (MONTHLY, "/company/{n},X,web,USA,CA,SF Bay,Palo Alto,seed,2012-08-29,,,2012,{amount}\r", "company"),
        (
            BULK,
            "r{n},A,funding_round,,,1,,,USA,CA,California,Palo Alto,seed,2019-05-01,{amount},1,EUR,1,o{n},X,\n",
            "uuid",
        ),
        (
            SEARCH.replace('"Money Raised"', '"Money Raised","Money Raised Currency (in USD)"'),
            '"S","https://x/{n}","X","https://x","Seed","€1","{amount}","2021-06-01","AI","Berlin, Germany, Europe"\n',
            "search",
        ),
    ],
)
def test_a_deal_weighs_its_amount_as_a_part_of_the_cap(reading, header, row, name):
    amounts = ["10000000", "2500000", "1", "0", "", "99000000", "3000000.5", "-4"]
    amounts += ["$5,000,000"] if name == "search" else []
    text = header + "".join(row.format(n=n, amount=amount) for n, amount in enumerate(amounts))
    rows, ledger = reading("crunchbase", text, weight_by="amount", weight_cap=10_000_000)
    expected = [UNIT, 250_000_000, 100, 0, UNIT, 300_000_050]
    expected += [500_000_000] if name == "search" else []
    assert [row["record_units"] for row in rows] == expected
    assert ledger.scope == {MISSING: 1}
    assert [(row[2], row[3], row[4]) for row in ledger.aside] == [(BAD, "amount", "-4")]


TABLE = {"record": "id", "city": "town", "country": "land"}


def test_a_row_of_a_table_weighs_the_column_that_the_study_names(reading):
    text = (
        "id,town,land,family\n1,Basel,CH,1\n2,Basel,CH,7\n3,Basel,CH,30\n4,Basel,CH,\n5,Basel,CH,many\n6,Basel,CH,3e0\n"
    )
    rows, ledger = reading("table", text, columns=TABLE, weight_by="family", weight_cap=20)
    assert weights(rows) == {"1": 50_000_000, "2": 350_000_000, "3": UNIT, "6": 150_000_000}
    assert ledger.scope == {MISSING: 1}
    assert [(row[2], row[3], row[4]) for row in ledger.aside] == [(BAD, "weight_by", "many")]


@pytest.mark.parametrize(
    ("marks", "amounts"),
    [
        ({"decimals": ","}, ["1.500.000,50", "250000,25", "10 000", "350.5", "1,500.00"]),
        ({"thousands": "."}, ["1.500.000,50", "250.000,25", "10.000", "350.5", "1,500.00"]),
        ({"decimals": "."}, ["1,500,000.50", "250000.25", "10'000", "350,5", "1.500,00"]),
    ],
)
def test_amounts_are_read_as_the_study_says_that_they_are_written(reading, marks, amounts):
    text = "id;town;land;sum\n" + "".join(f"{n};Basel;CH;{amount}\n" for n, amount in enumerate(amounts, 1))
    rows, ledger = reading("table", text, columns=TABLE, weight_by="sum", weight_cap=2_000_000, **marks)
    assert weights(rows) == {"1": 750_000_250, "2": 125_000_125, "3": 5_000_000}
    assert [row[4] for row in ledger.aside] == amounts[3:]


def test_thousands_are_those_of_counts_where_a_table_has_counts(reading):
    text = "town;land;n;value\nBasel;CH;1.200;0.5\nBasel;CH;2.000;1.250\n"
    columns = {"city": "town", "country": "land", "count": "n"}
    rows, ledger = reading("table", text, columns=columns, weight_by="value", weight_cap=5, thousands=".")
    assert [(row["count"], row["record_units"]) for row in rows] == [(1200, UNIT // 10), (2000, UNIT // 4)]
    assert ledger.aside == []


@pytest.mark.parametrize(
    ("amounts", "says"),
    [
        (
            ["1.500.000,50", "9"],
            "'1.500.000,50' has thousands or decimals that the study does not state: decimals = \",\"",
        ),
        (["1,500.5", "9"], 'decimals = "."'),
        (["350.000", "1.200", "0"], "all have three digits behind a point ('350.000')"),
        (["350.000", "1.25"], None),
        (["3", "20"], None),
    ],
)
def test_a_check_says_how_amounts_are_read(amounts, says):
    sentences = [*unstated_marks("Valor", amounts)]
    assert [says in one for one in sentences if says] == [True] * bool(says)
    assert bool(sentences) == bool(says)


def test_a_check_names_no_option_that_amounts_beside_counts_do_not_follow():
    for amounts in (["350.000", "1.200"], ["1.500.000,50", "9"]):
        (sentence,) = unstated_marks("Valor", amounts, among_counts=True)
        assert "write them in the file with a decimal point" in sentence
        assert 'thousands = "."' not in sentence
        assert "decimals =" not in sentence


@pytest.mark.parametrize(
    ("counts", "decimals", "says"),
    [
        (["350.000", "12.000", "7"], None, 'thousands = ".", if decimals follow it options.decimals = "."'),
        (["350,000", "1,234,567", "7"], None, 'if it divides thousands write options.thousands = ","'),
        (["350.000", "12.000"], ".", 'write options.thousands = ".", these are read as decimals'),
        (["350.000", "12.5"], ".", None),
        (["350.000", "12.000"], ",", None),
        (["350.000", "1200"], None, None),
        (["350.000", "350.000"], None, None),
    ],
)
def test_a_check_says_where_counts_may_be_in_thousands(counts, decimals, says):
    sentences = [*undecided_counts("columns.count (n)", counts, decimals)]
    assert [says in one for one in sentences if says] == [True] * bool(says)
    assert bool(sentences) == bool(says)


def test_a_third_is_rounded_half_up_to_a_billionth(reading):
    text = "id,town,land,family\n1,Basel,CH,1\n2,Basel,CH,2\n"
    rows, _ = reading("table", text, columns=TABLE, weight_by="family", weight_cap=3)
    assert weights(rows) == {"1": 333_333_333, "2": 666_666_667}


def test_numbers_of_parquet_weigh_as_text_does(tmp_path):
    table = pa.table(
        {"id": ["1", "2", "3"], "town": ["Basel"] * 3, "land": ["CH"] * 3, "family": [5.0, 2.5, float("nan")]}
    )
    pq.write_table(table, tmp_path / "t.parquet")
    for marks in ({}, {"decimals": ","}):
        rows, ledger = read(
            "table", [tmp_path / "t.parquet"], columns=TABLE, weight_by="family", weight_cap=10, **marks
        )
    assert weights(rows) == {"1": UNIT // 2, "2": UNIT // 4}
    assert ledger.scope == {MISSING: 1}


SOURCES = (
    r"this reader has no 'family_size' to weigh records by\. Readers that have something: crunchbase \(amount\); "
    r"openalex \(citation_percentile, citation_percentile_year\); table \(any column of numbers\)\."
)


def options_of(reader, metric, **options):
    columns = {"city": "town"} if reader == "table" else {}
    section = SourceSection(metric=metric, reader=reader, files="x", options=options, columns=columns)
    return parse_options(find(reader), section, None)


@pytest.mark.parametrize(
    ("reader", "metric", "options", "message"),
    [
        (
            "regpat",
            "families",
            {"weight_by": "family_size", "weight_cap": 20},
            SOURCES,
        ),
        ("openalex", "cited", {"weight_by": "citations"}, "this reader has no 'citations' to weigh records by"),
        ("openalex", "publications", {"weight_by": "citation_percentile"}, "publications is the name of a count"),
        ("crunchbase", "deals", {"weight_by": "amount", "weight_cap": 5}, "deals is the name of a count"),
        (
            "crunchbase",
            "money",
            {"weight_by": "amount"},
            "weight_cap is needed: the value from which on a record weighs",
        ),
        ("openalex", "cited", {"weight_by": "citation_percentile", "weight_cap": 2}, "weight_cap is not used"),
        ("openalex", "cited", {"weight_cap": 2}, "name that as weight_by"),
        ("table", "families", {"weight_by": "family"}, "weight_cap is needed"),
        ("table", "families", {"weight_by": "family", "weight_cap": 0}, "weight_cap should be greater than 0"),
    ],
)
def test_what_cannot_be_weighed_is_said_with_the_sources_that_can(reader, metric, options, message):
    with pytest.raises(StudyError, match=message):
        options_of(reader, metric, **options)


def test_outputs_say_what_records_weigh():
    assert options_of("crunchbase", "money", weight_by="amount", weight_cap=10_000_000).weight_notes == (
        "Each record weighs its amount, as a part of 10,000,000, at most 1; those that state none are left out.",
    )
    assert options_of("openalex", "publications").weight_notes == ()
