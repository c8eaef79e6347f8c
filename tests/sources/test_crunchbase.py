"""Venture-capital deals out of the four layouts of Crunchbase."""

import csv
from collections import Counter

import pytest

from hubrank.core.errors import DataError
from hubrank.sources import crunchbase
from hubrank.sources.kinds import no_kind, without_rows
from sources.reading_sources import read

MONTHLY = (
    "company_permalink,company_name,company_category_code,company_country_code,company_state_code,company_region,"
    "company_city,funding_round_type,funded_at,funded_month,funded_quarter,funded_year,raised_amount_usd\r"
)
OF_2015 = (
    "company_permalink,company_name,company_category_list,company_market,company_country_code,company_state_code,"
    "company_region,company_city,funding_round_permalink,funding_round_type,funding_round_code,funded_at,"
    "funded_month,funded_quarter,funded_year,raised_amount_usd\n"
)
BULK = (
    "uuid,name,type,permalink,cb_url,rank,created_at,updated_at,country_code,state_code,region,city,investment_type,"
    "announced_on,raised_amount_usd,raised_amount,raised_amount_currency_code,investor_count,org_uuid,org_name,"
    "lead_investor_uuids\n"
)
SEARCH = (
    '"Transaction Name","Transaction Name URL","Organization Name","Organization Name URL","Funding Type",'
    '"Money Raised","Announced Date","Organization Industries","Organization Location"\n'
)


def values_of(row, *names):
    return tuple(row[name] for name in names)


PLACE = ("city", "region", "country", "address")
WHAT = ("year", "organisations", "field")


def test_the_monthly_export_with_its_line_ends_and_encoding(reading):
    row = '/company/b,"Caf\u00e9, Bogot\u00e1",web,USA,CO,Denver,Bogot\u00e1,series-a,2012-08-29,,,2012,600000\r'
    rows, _ = reading("crunchbase", (MONTHLY + row).encode("mac_roman"))
    (deal,) = rows
    assert values_of(deal, *PLACE) == ("Bogotá", "CO", "USA", None)
    assert values_of(deal, *WHAT) == (2012, ["Café, Bogotá"], "web")
    assert (deal["listing_no"], deal["source_row"], deal["record_version"], deal["count"]) == (1, 2, 2, 1)


def test_the_export_of_2015_has_an_id_and_lists_of_categories(reading):
    place = "USA,CA,SF Bay Area,Palo Alto"
    row = f"/organization/x,X,|Curated Web|Software|,Web,{place},/funding-round/9a0,venture,A,2014-01-01,,,2014,\n"
    (deal,), _ = reading("crunchbase", OF_2015 + row)
    assert (deal["record_key"], values_of(deal, *WHAT)) == ("/funding-round/9a0", (2014, ["X"], "Curated Web"))


def test_the_bulk_export_takes_categories_and_missing_places_from_organizations(written):
    rounds = written(
        "funding_rounds.csv",
        BULK
        + "r1,Seed,funding_round,,,1,,2020-02-03 10:00:00,NAM,,Khomas,Windhoek,seed,2019-05-01,1,1,USD,1,o1,Acme,\n"
        + "r2,A,funding_round,,,1,2019-01-01,2020-02-03 10:00:00,,,,,series_b,2019-05-01,1,1,USD,1,o2,Beta,\n"
        + "r3,Debt,funding_round,,,1,,,USA,CA,California,Palo Alto,debt_financing,2019-05-01,1,1,USD,1,o9,C,\n",
    )
    organizations = written(
        "organizations.csv",
        "uuid,name,country_code,state_code,region,city,category_list,category_groups_list\n"
        'o1,Acme,NAM,,Khomas,Windhoek,"Software,Internet",Software\no2,Beta,USA,MA,Massachusetts,Boston,Biotechnology,Health\n',
    )
    rows, ledger = read("crunchbase", [rounds], roles={"organizations": [organizations]})
    assert [values_of(row, "record_key", "city", "region", "country", "field", "date") for row in rows] == [
        ("r1", "Windhoek", "Khomas", "NAM", "Software", "2020-02-03 10:00:00"),
        ("r2", "Boston", "MA", "USA", "Biotechnology", "2020-02-03 10:00:00"),
    ]
    assert ledger.scope == {"not venture capital: debt_financing": 1}


@pytest.mark.parametrize(
    ("location", "place"),
    [
        ("Palo Alto, California, United States, North America", ("Palo Alto", "California", "United States", None)),
        ("Singapore, Singapore, Asia", ("Singapore", None, "Singapore", None)),
        ("Germany, Europe", (None, None, "Germany", "Germany, Europe")),
        ("Somewhere", (None, None, None, "Somewhere")),
    ],
)
def test_the_search_export_has_the_place_in_one_field(reading, location, place):
    row = f'"Series A - X","https://x/1","X","https://x","Series A","$1,000","2021-06-01","AI, Robotics","{location}"\n'
    (deal,), _ = reading("crunchbase", SEARCH + row)
    assert (values_of(deal, *PLACE), values_of(deal, *WHAT)) == (place, (2021, ["X"], "AI"))


@pytest.mark.parametrize(
    ("kind", "counts"),
    [
        *((kind, True) for kind in ("seed", "Pre-Seed", "angel", "venture", "Venture - Series Unknown", "series-a")),
        *((kind, True) for kind in ("series-c+", "Series B", "series_unknown")),
        *(
            (kind, False)
            for kind in ("other", "private-equity", "post-ipo", "post_ipo_debt", "debt_financing", "grant")
        ),
        *(
            (kind, False)
            for kind in ("crowdfunding", "equity_crowdfunding", "convertible_note", "seedling", "corporate_round")
        ),
    ],
)
def test_what_counts_as_venture_capital(reading, kind, counts):
    rows, ledger = reading(
        "crunchbase", MONTHLY + f"/company/x,X,web,USA,CA,SF Bay,Palo Alto,{kind},2012-08-29,,,2012,\r"
    )
    assert (len(rows), ledger.scope.total()) == ((1, 0) if counts else (0, 1))


def test_a_study_can_count_other_kinds(reading):
    rows, _ = reading(
        "crunchbase", MONTHLY + "/c/x,X,web,USA,CA,SF Bay,Palo Alto,grant,2012-08-29,,,2012,\r", types=["grant"]
    )
    assert len(rows) == 1


@pytest.mark.parametrize(
    ("city", "metro", "expected"),
    [
        ("Palo Alto", "SF Bay", "Palo Alto"),
        ("", "SF Bay", "SF Bay"),
        ("", "Colorado - Other", None),
        ("", "TBD", None),
        ("", "", None),
    ],
)
def test_a_metro_area_stands_in_for_a_missing_city_unless_it_is_none(reading, city, metro, expected):
    (deal,), _ = reading("crunchbase", MONTHLY + f"/company/x,X,web,USA,CA,{metro},{city},angel,2012-08-29,,,2012,\r")
    assert deal["city"] == expected


def test_a_name_that_a_spreadsheet_destroyed_is_taken_from_the_address_of_the_page(reading):
    (deal,), _ = reading(
        "crunchbase", MONTHLY + "/company/n-plusn,#NAME?,web,USA,NY,New York,New York,angel,2012-08-29,,,2012,\r"
    )
    assert deal["organisations"] == ["n-plusn"]


def test_rounds_without_a_usable_date_or_kind_are_set_aside(reading):
    text = (
        MONTHLY
        + "/c/x,X,web,USA,CA,,A,angel,41275,,,,\r"
        + "/c/y,Y,web,USA,CA,,B,,2012-01-01,,,,\r"
        + "/c/z,Z,web,USA,CA,,C,angel,,,,,\r"
    )
    rows, ledger = reading("crunchbase", text, window=(2010, 2013))
    assert rows == []
    assert [row[1:] for row in ledger.aside] == [
        (2, "not a date (YYYY-MM-DD) or year", "date", "41275"),
        (3, "no kind of round", "type", None),
        (4, "no date", "date", None),
    ]


def test_a_fault_in_a_round_that_is_out_of_scope_is_no_fault(reading):
    text = MONTHLY + "/c/x,X,web,USA,CA,,A,grant,41275,,,,\r/c/y,Y,web,USA,CA,,A,angel,2012-01-01,,,,\r"
    rows, ledger = reading("crunchbase", text)
    assert (len(rows), ledger.scope, ledger.aside) == (1, {"not venture capital: grant": 1}, [])


def test_equal_rounds_are_two_deals_and_a_second_copy_of_the_file_adds_none(written):
    row = "/company/x,X,web,USA,CA,SF Bay,Palo Alto,angel,2012-08-29,,,2012,\r"
    one, two = written("a.csv", MONTHLY + row + row), written("b.csv", MONTHLY + row + row)
    keys = [[row["record_key"] for row in read("crunchbase", [path])[0]] for path in (one, two)]
    assert len(set(keys[0])) == 2
    assert keys[0] == keys[1]


def test_a_file_that_is_no_table_of_rounds_is_an_error_that_names_its_nearest_layout(reading):
    with pytest.raises(
        DataError, match=r"has no column 'investment_type'; it has: uuid, .*Is this the table of funding rounds"
    ):
        reading("crunchbase", BULK.replace("investment_type", "kind"))


@pytest.mark.shared
def test_all_rounds_of_the_export_of_october_2013_are_read(shared):
    path = shared / "data" / "deals" / "crunchbase-2013-10" / "crunchbase-rounds.csv"
    rows, ledger = read("crunchbase", [path])
    raw = list(csv.DictReader(path.read_text("mac_roman").split("\n")))
    kinds = Counter(row["funding_round_type"] for row in raw)
    venture = sum(kinds[kind] for kind in ("angel", "venture", "series-a", "series-b", "series-c+"))
    assert ledger.rows_read == len(raw) == 31_679
    assert (len(rows), ledger.aside) == (venture, [])
    assert ledger.scope == {
        f"not venture capital: {kind.replace('-', '_')}": kinds[kind]
        for kind in ("other", "private-equity", "post-ipo", "crowdfunding")
    }
    cities = Counter(
        row["company_city"] for row in raw if row["funding_round_type"] in {"angel", "venture"} and row["company_city"]
    )
    by_line = {row["source_row"]: row["city"] for row in rows}
    read_cities = Counter(
        by_line[line]
        for line, row in enumerate(raw, 2)
        if row["funding_round_type"] in {"angel", "venture"} and row["company_city"]
    )
    assert read_cities == Counter({city.strip(): count for city, count in cities.items()})
    assert crunchbase.WHOLE_RECORDS


def test_a_column_that_the_study_names_has_to_be_there(reading):
    row = "r1,A,funding_round,,,1,,2020-02-03 10:00:00,USA,CA,California,Davis,seed,2019-05-01,1,1,USD,1,o1,Acme,\n"
    with pytest.raises(DataError, match=r"has no column 'citi'; it has: uuid, .*Did you mean 'city'"):
        reading("crunchbase", BULK + row, columns={"city": "citi"})
    (deal,), _ = reading("crunchbase", BULK + row, columns={"city": "org_name"})
    assert deal["city"] == "Acme"


def test_kinds_are_counted_by_which_of_those_of_the_study_have_no_row_is_said(reading):
    row = "r{},A,funding_round,,,1,,2020-02-03 10:00:00,USA,CA,California,Davis,{},2019-05-01,1,1,USD,1,o1,Acme,\n"
    text = BULK + row.format(1, "series_a") + row.format(2, "Angel")
    _, ledger = reading("crunchbase", text, types=["series", "angle"])
    options = crunchbase.Options(types=["series", "angle"])
    remark = "rows read are of the kind 'angle', which options.types names. Did you mean 'angel'?"
    assert without_rows(options, ledger.kinds) == {remark: 0}
    assert no_kind(options, ledger.kinds) == ""
    assert "Did you mean 'angel'? The kinds are: 'angel', 'series_a'." in no_kind(
        crunchbase.Options(types=["angle"]), ledger.kinds
    )
    assert without_rows(crunchbase.Options(), ledger.kinds) == {}, "what the study itself does not name"
