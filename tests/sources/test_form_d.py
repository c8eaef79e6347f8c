"""Form D: quarters with the SEC's headers and quirks; every filing has one place in the account."""

import random
import zipfile
import zlib
from collections import Counter

import pytest

from hubrank import pipeline, sources
from hubrank.core.errors import DataError, StudyError
from hubrank.study.sections import SourceSection
from sources.reading_sources import read

SUBMISSION = [
    "ACCESSIONNUMBER",
    "FILE_NUM",
    "FILING_DATE",
    "SIC_CODE",
    "SCHEMAVERSION",
    "SUBMISSIONTYPE",
    "TESTORLIVE",
    "OVER100PERSONSFLAG",
    "OVER100ISSUERFLAG",
]
ISSUER = [
    "ACCESSIONNUMBER",
    "IS_PRIMARYISSUER_FLAG",
    "ISSUER_SEQ_KEY",
    "CIK",
    "ENTITYNAME",
    "STREET1",
    "STREET2",
    "CITY",
    "STATEORCOUNTRY",
    "STATEORCOUNTRYDESCRIPTION",
    "ZIPCODE",
    "ISSUERPHONENUMBER",
    "JURISDICTIONOFINC",
    "ISSUER_PREVIOUSNAME_1",
    "ENTITYTYPE",
    "ENTITYTYPEOTHERDESC",
    "YEAROFINC_TIMESPAN_CHOICE",
    "YEAROFINC_VALUE_ENTERED",
]
OFFERING = [
    "ACCESSIONNUMBER",
    "INDUSTRYGROUPTYPE",
    "INVESTMENTFUNDTYPE",
    "IS40ACT",
    "REVENUERANGE",
    "AGGREGATENETASSETVALUERANGE",
    "FEDERALEXEMPTIONS_ITEMS_LIST",
    "ISAMENDMENT",
    "PREVIOUSACCESSIONNUMBER",
    "SALE_DATE",
    "YETTOOCCUR",
    "MORETHANONEYEAR",
    "ISEQUITYTYPE",
    "ISDEBTTYPE",
    "ISOPTIONTOACQUIRETYPE",
    "ISSECURITYTOBEACQUIREDTYPE",
    "ISPOOLEDINVESTMENTFUNDTYPE",
    "ISTENANTINCOMMONTYPE",
    "ISMINERALPROPERTYTYPE",
    "ISOTHERTYPE",
    "DESCRIPTIONOFOTHERTYPE",
    "ISBUSINESSCOMBINATIONTRANS",
    "BUSCOMBCLARIFICATIONOFRESP",
    "MINIMUMINVESTMENTACCEPTED",
    "TOTALOFFERINGAMOUNT",
    "TOTALAMOUNTSOLD",
    "TOTALREMAINING",
]
PERSONS = "ACCESSIONNUMBER\tFIRSTNAME\tLASTNAME\nA\tAda\tSecretname\n"


def filing(number, **changes):
    """Return one filing: a start-up of Palo Alto that sells equity, as an ordinary notice states it."""
    return {
        "ACCESSIONNUMBER": f"0001-{number:04}",
        "FILE_NUM": f"021-{number}",
        "FILING_DATE": "31-MAR-2021",
        "SUBMISSIONTYPE": "D",
        "TESTORLIVE": "LIVE",
        "IS_PRIMARYISSUER_FLAG": "YES",
        "ISSUER_SEQ_KEY": "1",
        "ENTITYNAME": f"Company {number}",
        "STREET1": "1 Secretstreet",
        "CITY": "PALO ALTO",
        "STATEORCOUNTRY": "CA",
        "STATEORCOUNTRYDESCRIPTION": "CALIFORNIA",
        "YEAROFINC_TIMESPAN_CHOICE": "Within last five years",
        "YEAROFINC_VALUE_ENTERED": "2019",
        "INDUSTRYGROUPTYPE": "Other Technology",
        "SALE_DATE": "15-MAR-2021",
        "ISEQUITYTYPE": "true",
        "ISBUSINESSCOMBINATIONTRANS": "false",
        "TOTALOFFERINGAMOUNT": "Indefinite",
        "TOTALAMOUNTSOLD": "250000",
        **changes,
    }


def tsv(header, rows):
    lines = ["\t".join(header), *("\t".join(row.get(name, "") for name in header) for row in rows)]
    return "\n".join(lines) + "\n"


def quarter(folder, name, filings, *, others=(), without=()):
    """Write a quarterly zip as the SEC does; `others` are rows of further issuers."""
    tables = {
        "FORMDSUBMISSION": tsv(SUBMISSION, filings),
        "ISSUERS": tsv(ISSUER, [row for row in (*filings, *others) if "ENTITYNAME" in row]),
        "OFFERING": tsv(OFFERING, [row for row in filings if "INDUSTRYGROUPTYPE" in row]),
        **dict.fromkeys(("RECIPIENTS", "RELATEDPERSONS", "SIGNATURES"), PERSONS),
    }
    path = folder / f"{name.lower()}_d.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for table, text in tables.items():
            if table not in without:
                archive.writestr(f"{name}_d/{table}.tsv", text)
        archive.writestr(f"{name}_d/FormD_readme.htm", "<html>")
    return path


@pytest.fixture
def reading_filings(tmp_path):
    def go(*filings, others=(), **options):
        return read("form_d", [quarter(tmp_path, "2021Q1", filings, others=others)], **options)

    return go


def test_an_offering_is_at_the_address_of_its_primary_issuer(reading_filings):
    second = filing(1, IS_PRIMARYISSUER_FLAG="NO", ISSUER_SEQ_KEY="2", CITY="RENO", STATEORCOUNTRY="NV")
    (row,), _ = reading_filings(filing(1), others=[second])
    expected = ("021-1", 2021, "PALO ALTO", "CA", "US", ["Company 1"], "Other Technology")
    names = ("record_key", "year", "city", "region", "country", "organisations", "field")
    assert tuple(row[name] for name in names) == expected
    assert "Secretstreet" not in str(row)


@pytest.mark.parametrize(
    ("changes", "options", "reason"),
    [
        ({"TESTORLIVE": "TEST"}, {}, "a test filing"),
        ({"SUBMISSIONTYPE": "D/A", "ISAMENDMENT": "true"}, {}, "an amendment"),
        ({"SUBMISSIONTYPE": "REGDEX"}, {}, "another type: REGDEX"),
        ({"INDUSTRYGROUPTYPE": "Pooled Investment Fund"}, {}, "industry: Pooled Investment Fund"),
        ({"ISPOOLEDINVESTMENTFUNDTYPE": "true"}, {}, "industry: Pooled Investment Fund"),
        ({"INDUSTRYGROUPTYPE": "Commercial Banking"}, {}, "industry: Commercial Banking"),
        ({"INDUSTRYGROUPTYPE": "Residential"}, {}, "industry: Residential"),
        ({"INDUSTRYGROUPTYPE": "Oil and Gas"}, {}, "industry: Oil and Gas"),
        ({"INDUSTRYGROUPTYPE": "Oil and Gas"}, {"industries_out": []}, None),
        ({"ISEQUITYTYPE": "", "ISDEBTTYPE": "true"}, {}, "neither equity nor options"),
        ({"ISEQUITYTYPE": "", "ISOPTIONTOACQUIRETYPE": "true"}, {}, None),
        ({"ISBUSINESSCOMBINATIONTRANS": "true"}, {}, "a business combination"),
        ({}, {"window": (2015, 2020)}, "outside the window"),
        ({"SALE_DATE": "2020-12-30"}, {"window": (2015, 2020)}, None),
        ({"SALE_DATE": "2020-12-30"}, {"window": (2015, 2020), "year_of": "filing"}, "outside the window"),
        ({"YEAROFINC_VALUE_ENTERED": "2010"}, {"max_age": 5}, "a company older than 5 years"),
        ({"YEAROFINC_VALUE_ENTERED": ""}, {"max_age": 5}, "age of the company not stated"),
        ({}, {"max_age": 5}, None),
        ({"YEAROFINC_VALUE_ENTERED": ""}, {}, None),
    ],
)
def test_each_rule_of_scope_is_counted_by_its_reason(reading_filings, changes, options, reason):
    rows, ledger = reading_filings(filing(1, **changes), **options)
    assert (len(rows), dict(ledger.scope), ledger.aside) == ((0, {reason: 1}, []) if reason else (1, {}, []))


@pytest.mark.parametrize(
    ("changes", "year"),
    [
        ({"FILING_DATE": "2014-03-31 17:30:58", "SALE_DATE": "2013-12-30"}, 2013),
        ({"FILING_DATE": "31-MAR-2021", "SALE_DATE": "30-DEC-2020"}, 2020),
        ({"FILING_DATE": "2021-04-01", "SALE_DATE": "", "YETTOOCCUR": "true"}, 2021),
    ],
)
def test_both_forms_of_dates_are_read(reading_filings, changes, year):
    (row,), _ = reading_filings(filing(1, **changes))
    assert row["year"] == year


@pytest.mark.parametrize(
    ("state", "description", "place"),
    [
        ("NY", "NEW YORK", ("NY", "US")),
        ("PR", "PUERTO RICO", ("PR", "US")),
        ("A6", "ONTARIO, CANADA", ("ONTARIO", "CA")),
        ("X0", "UNITED KINGDOM", (None, "UNITED KINGDOM")),
        ("M5", "KOREA, REPUBLIC OF", (None, "KOREA, REPUBLIC OF")),
        ("X1", "UNITED STATES", (None, "US")),
    ],
)
def test_codes_of_states_and_edgars_codes_of_countries(reading_filings, state, description, place):
    (row,), _ = reading_filings(filing(1, STATEORCOUNTRY=state, STATEORCOUNTRYDESCRIPTION=description))
    assert (row["region"], row["country"]) == place


@pytest.mark.parametrize(
    ("changes", "reason", "field"),
    [
        ({"FILING_DATE": "soon"}, "not a date", "FILING_DATE"),
        ({"SALE_DATE": "30-FEB-2021"}, "not a date", "SALE_DATE"),
        ({"IS_PRIMARYISSUER_FLAG": "NO"}, "no primary issuer", "IS_PRIMARYISSUER_FLAG"),
        ({"ACCESSIONNUMBER": ""}, "no number of the filing", "ACCESSIONNUMBER"),
    ],
)
def test_a_filing_that_cannot_be_used_is_set_aside_with_its_reason(reading_filings, changes, reason, field):
    rows, ledger = reading_filings(filing(1, **changes))
    assert (rows, [aside[2:4] for aside in ledger.aside]) == ([], [(reason, field)])


def test_quotes_are_characters_as_the_tables_are_not_quoted(reading_filings):
    rows, ledger = reading_filings(filing(1, ENTITYNAME='"Foo" Inc'), filing(2, ENTITYNAME='Bar 12" Pipes'), filing(3))
    assert [row["organisations"] for row in rows] == [['"Foo" Inc'], ['Bar 12" Pipes'], ["Company 3"]]
    assert ledger.aside == []


def test_an_offering_over_two_quarters_counts_once_in_the_year_of_its_first_sale(tmp_path):
    first = quarter(tmp_path, "2020Q4", [filing(1, FILING_DATE="2020-12-01", SALE_DATE="", YETTOOCCUR="true")])
    amended = filing(1, ACCESSIONNUMBER="0001-9001", SUBMISSIONTYPE="D/A", SALE_DATE="02-JAN-2021")
    again = filing(1, ACCESSIONNUMBER="0001-9002", FILING_DATE="05-MAY-2021", SALE_DATE="03-MAR-2021")
    second = quarter(tmp_path, "2021Q1", [amended, again, filing(2)])
    corrected = quarter(tmp_path, "2021Q1_later", [filing(2)])
    rows, ledger = read("form_d", [first, second, corrected])
    assert [(row["record_key"], row["year"], row["source_file"]) for row in rows] == [
        ("021-1", 2021, "2020q4_d.zip/2020Q4_d/FORMDSUBMISSION.tsv"),
        ("021-2", 2021, "2021q1_d.zip/2021Q1_d/FORMDSUBMISSION.tsv"),
    ]
    assert ledger.scope == {
        "an amendment": 1,
        "another notice of the same offering": 1,
        "a filing that is there again": 1,
    }
    assert ledger.rows_read == 5


def test_tables_with_names_of_persons_are_never_opened(tmp_path):
    path = quarter(tmp_path, "2021Q1", [filing(1)])
    data = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        persons = [archive.getinfo(f"2021Q1_d/{table}.tsv") for table in ("RECIPIENTS", "RELATEDPERSONS", "SIGNATURES")]
    for info in persons:
        start = info.header_offset + 30 + len(info.filename)
        data = data[:start] + bytes(info.compress_size) + data[start + info.compress_size :]
    path.write_bytes(data)
    with zipfile.ZipFile(path) as archive, pytest.raises((zipfile.BadZipFile, zlib.error)):
        archive.read(persons[0])
    rows, _ = read("form_d", [path])
    assert len(rows) == 1


def test_an_archive_without_its_tables_is_an_error(tmp_path):
    path = quarter(tmp_path, "2021Q1", [filing(1)], without=("OFFERING",))
    with pytest.raises(DataError, match=r"2021q1_d\.zip/2021Q1_d has no table OFFERING\.tsv; it has: FORMD"):
        read("form_d", [path])


def test_the_metric_may_not_be_called_deals():
    section = SourceSection.model_validate({"metric": "deals", "reader": "form_d", "files": "x"})
    with pytest.raises(StudyError, match="counts private placements; call the metric placements, not deals"):
        sources.parse_options(sources.find("form_d"), section, None)


def test_every_output_says_private_placements_and_none_names_a_person(tmp_path):
    quarter(
        tmp_path,
        "2021Q1",
        [filing(n, CITY="PALO ALTO" if n % 3 else "BOSTON", STATEORCOUNTRY="CA" if n % 3 else "MA") for n in range(60)],
    )
    (tmp_path / "study.toml").write_text(
        """
title = "Offerings"
edition = "1"
[windows]
placements = [2020, 2021]
[[sources]]
metric = "placements"
reader = "form_d"
files = "*_d.zip"
[clusters]
min_listings = 10
[robustness]
run = false
"""
    )
    edition = pipeline.run(tmp_path / "study.toml", tmp_path / "out")
    assert edition.table("ranking").num_rows == 2
    outputs = [
        *("brief.md", "brief.html", "edition.json", "datapackage.json", "dataset.jsonld", "dcat.jsonld"),
        *("ro-crate-metadata.json", "site/index.html"),
    ]
    for name in outputs:
        assert "rivate placements" in (tmp_path / "out" / name).read_text("utf-8"), name
    for path in (tmp_path / "out").rglob("*"):
        assert not path.is_file() or b"Secret" not in path.read_bytes(), path


def random_filings(seed):
    """Return filings of 60 offerings over three quarters, with everything that real ones do."""
    draw = random.Random(seed)
    filings = []
    for number in range(200):
        offering = draw.randrange(60)
        old = draw.random() < 0.3
        month, day = draw.randrange(1, 13), draw.randrange(1, 29)
        sale = f"2021-{month:02}-{day:02}" if old else f"{day:02}-{MONTHS[month - 1]}-2021"
        filed = "2022-01-05 10:11:12" if old else "05-JAN-2022"
        filings.append(
            filing(
                number,
                FILE_NUM=f"021-{offering}",
                FILING_DATE="" if draw.random() < 0.03 else filed,
                SALE_DATE=draw.choice([sale, sale, "", "whenever"]),
                SUBMISSIONTYPE=draw.choice(["D", "D", "D", "D/A"]),
                TESTORLIVE=draw.choice(["LIVE"] * 9 + ["TEST"]),
                INDUSTRYGROUPTYPE=draw.choice(["Biotechnology", "Other", "Pooled Investment Fund", "Residential"]),
                ISEQUITYTYPE=draw.choice(["true", "true", "false"]),
                ISBUSINESSCOMBINATIONTRANS=draw.choice(["false"] * 5 + ["true"]),
                IS_PRIMARYISSUER_FLAG=draw.choice(["YES"] * 9 + ["NO"]),
            )
        )
    return filings


MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]


def expected(filings):
    """Return how many filings there are by what becomes of them, computed one by one."""
    reasons, offerings = Counter(), set()
    for one in filings:
        if one["TESTORLIVE"] == "TEST":
            reasons["a test filing"] += 1
        elif one["SUBMISSIONTYPE"] == "D/A":
            reasons["an amendment"] += 1
        elif one["IS_PRIMARYISSUER_FLAG"] == "NO":
            reasons["no primary issuer"] += 1
        elif one["INDUSTRYGROUPTYPE"] in ("Pooled Investment Fund", "Residential"):
            reasons[f"industry: {one['INDUSTRYGROUPTYPE']}"] += 1
        elif one["ISEQUITYTYPE"] == "false":
            reasons["neither equity nor options"] += 1
        elif one["ISBUSINESSCOMBINATIONTRANS"] == "true":
            reasons["a business combination"] += 1
        elif not one["FILING_DATE"] or one["SALE_DATE"] == "whenever":
            reasons["not a date"] += 1
        elif one["FILE_NUM"] in offerings:
            reasons["another notice of the same offering"] += 1
        else:
            offerings.add(one["FILE_NUM"])
    return reasons, offerings


@pytest.mark.parametrize("seed", range(5))
def test_every_filing_is_accounted_for_by_reason_and_every_offering_counted_once(tmp_path, seed):
    filings = random_filings(seed)
    quarters = [quarter(tmp_path, f"2021Q{n + 1}", filings[n::3]) for n in range(3)]
    rows, ledger = read("form_d", quarters)
    reasons, offerings = expected(filings)
    assert Counter(ledger.scope) + Counter(ledger.reasons()) == reasons
    assert sorted(row["record_key"] for row in rows) == sorted(offerings)
    assert ledger.rows_read == len(filings) == len(rows) + reasons.total()
    turned, _ = read("form_d", quarters[::-1])
    assert sorted(map(str, rows)) == sorted(map(str, turned))
