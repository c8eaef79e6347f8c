"""REGPAT: an inventor in several candidate regions, shares that must add up, names that go no further."""

import pyarrow as pa
import pytest

from hubrank import geocoding
from hubrank.core.errors import DataError
from hubrank.core.tables import ADDRESS_SCHEMA
from hubrank.core.units import WEIGHT_ONE
from hubrank.geocoding.gazetteer import regions
from hubrank.sources.regpat import _states
from sources.reading_sources import read

HEAD = "PCT_Nbr|PCT_App|Appln_id|Inv_name|Address|Reg_code|Ctry_code|Reg_share|Inv_share"
IPC = """PCT_Nbr|Prio_Year|App_year|IPC
WO1|2018|2019|H04L0012280
WO1|2018|2019|H04W0084000
WO1|2018|2019|G01N0033500
WO2|2017|2018|A61K0008000
"""
COLUMBUS_GA, PORTLAND_ME, FRANKFURT_ODER, COLUMBUS_OH = 4188985, 4975802, 2925535, 4509177  # ids in GeoNames


@pytest.fixture(scope="module")
def alone():
    return geocoding.resolver_for(geocoding.Settings())


@pytest.fixture
def regpat(written):
    def go(*rows, head=HEAD, ipc=IPC, roles=None, **options):
        more = {role: [written(f"{role}.txt", text)] for role, text in (roles or {}).items()}
        path = written("inv.txt", "\n".join([head, *rows]))
        return read("regpat", [path], roles={"ipc": [written("ipc.txt", ipc)], **more}, **options)

    return go


def test_a_row_weighs_inventor_share_times_region_share(regpat):
    rows, _ = regpat(
        "WO1|a|1|Doe, Jane|14, rue de Satory,F-78000 Versailles|FR103|FR|1|0.5",
        "WO1|a|1|Papadopoulos, A|Athens|EL301|EL|0.6|0.5",
        "WO1|a|1|Papadopoulos, A|Athens|EL302|EL|0.4|0.5",
    )
    assert [(r["address"], r["region"], r["country"], r["weight"]) for r in rows] == [
        ("14, rue de Satory,F-78000 Versailles", None, "FR", WEIGHT_ONE // 2),
        ("Athens", "EL301", "GR", WEIGHT_ONE * 3 // 10),
        ("Athens", "EL302", "GR", WEIGHT_ONE // 5),
    ]
    assert len({row["listing_no"] for row in rows}) == 2
    assert rows[1]["listing_no"] == rows[2]["listing_no"]
    assert {(row["record_key"], row["year"], row["field"]) for row in rows} == {("WO1", 2019, "Digital communication")}


def test_the_order_of_rows_never_matters_and_no_name_is_kept(regpat):
    lines = ["WO1|a|1|Doe, Jane|Rome|ITI43|IT|1|0.5", "WO1|a|1|Li, Wei|Bari|ITF47|IT|1|0.5"]
    (rows, _), (turned, _) = regpat(*lines), regpat(*lines[::-1])
    numbers = {row["address"]: row["listing_no"] for row in rows}
    assert numbers == {row["address"]: row["listing_no"] for row in turned}
    assert "Doe" not in str(rows)


def test_two_inventors_of_one_name_at_two_addresses_are_two(regpat):
    rows, _ = regpat("WO1|a|1|Kim, S|Seoul|KR011|KR|1|0.5", "WO1|a|1|Kim, S|Busan|KR021|KR|1|0.5")
    assert len({row["listing_no"] for row in rows}) == 2


def test_regions_get_their_name_where_the_table_of_regions_is_given(regpat):
    rows, _ = regpat("WO1|a|1|A|Athens|EL301|UK|0.5|1", roles={"regions": "Reg_code|Reg_label\nEL301|Attica\n"})
    assert [(row["region"], row["country"]) for row in rows] == [("Attica", "GB")]


def test_applicants_are_the_organisations_and_persons_among_them_are_not_named(regpat):
    applicants = "PCT_Nbr|App_name\nWO1|ACME CO., LTD.\nWO1|Doe, Jane\n"
    rows, _ = regpat("WO1|a|1|A|Athens|EL301|EL|1|1", roles={"applicants": applicants})
    assert rows[0]["organisations"] == ["ACME CO., LTD.", "individual"]


@pytest.mark.parametrize("year_of", ["filing", "priority"])
def test_the_year_is_that_of_filing_or_of_priority(regpat, year_of):
    rows, ledger = regpat("WO1|a|1|A|Athens|EL301|EL|1|1", year_of=year_of, window=(2019, 2022))
    assert (len(rows), ledger.scope) == ((1, {}) if year_of == "filing" else (0, {"outside the window": 1}))


@pytest.mark.parametrize(
    ("lines", "reason", "value"),
    [
        (["WO1|a|1|A|x|R|DE|1|-0.5"], "a share that is not above 0 and at most 1", "-0.5, 1"),
        (["WO1|a|1|A|x|R|DE|1|nan"], "a share that is not above 0 and at most 1", "nan, 1"),
        (["WO1|a|1|A|x|R|DE|half|1"], "a share that is not above 0 and at most 1", "1, half"),
        (["WO1|a|1|A|x|R|DE||1"], "a share that is not above 0 and at most 1", "1"),
        (
            ["WO1|a|1|A|x|R|DE|1|0.8", "WO1|a|1|B|y|R|DE|1|0.8"],
            "shares of an application that add up to more than 1",
            "0.8, 1",
        ),
        (["WO9|a|1|A|x|R|DE|1|1"], "an application that the table of classes and years does not hold", "WO9"),
        (["|a|1|A|x|R|DE|1|1"], "no number of the application", None),
    ],
)
def test_shares_that_cannot_be_and_strangers_are_set_aside(regpat, lines, reason, value):
    rows, ledger = regpat(*lines, "WO2|a|2|C|Oslo|NO|NO|1|1")
    assert [row["record_key"] for row in rows] == ["WO2"]
    assert [(row[2], row[4]) for row in ledger.aside] == [(reason, value)] * len(lines)


def test_rounded_shares_add_up(regpat):
    rows, _ = regpat(*(f"WO1|a|1|N{n}|x|R|DE|1|0.0345" for n in range(29)))
    assert len(rows) == 29


def test_shares_with_a_decimal_comma_are_read(regpat):
    rows, _ = regpat("WO1|a|1|A|x|R|DE|1|0,5", "WO1|a|1|B|y|R|DE|1,0|0,5")
    assert [row["weight"] for row in rows] == [WEIGHT_ONE // 2] * 2


def test_the_header_may_be_in_capitals_and_of_the_european_tables(regpat):
    head = "APP_NBR|APPLN_ID|PERSON_ID|INV_NAME|ADDRESS|REG_CODE|CTRY_CODE|REG_SHARE|INV_SHARE"
    rows, _ = regpat(
        "EP1|1|7|A|Oslo|NO|NO|1|1", head=head, ipc="App_nbr|Prio_Year|App_year|IPC\nEP1|2018|2019|H04L0012280\n"
    )
    assert [row["record_key"] for row in rows] == ["EP1"]


def test_a_missing_column_is_named(regpat):
    with pytest.raises(DataError, match=r"inv\.txt has no column 'Inv_share'.*table of inventors"):
        regpat(head=HEAD.replace("Inv_share", "x"))


def test_a_column_that_the_study_names_has_to_be_there(regpat):
    with pytest.raises(DataError, match=r"has no column 'Adress'; .*Did you mean 'Address'"):
        regpat("WO1|a|1|A|Athens|EL301|EL|1|1", columns={"city": "Adress"})


def test_the_state_of_a_regions_code_is_stated(regpat):
    rows, ledger = regpat(
        "WO1|a|1|A|5 Elm Road,Columbus|US13215|US|1|0.2",
        "WO1|a|1|B|Portland|us23005|US|1|0.2",
        "WO1|a|1|C|Frankfurt|DE403|DE|1|0.2",
        "WO1|a|1|D|Versailles|FR103|FR|1|0.2",
        "WO1|a|1|E|Nowhere|DEZZZ|DE|1|0.2",
        "WO2|a|2|F|Albany|US013|US|1|1",  # an economic area, which is in no one state
    )
    assert [row["region"] for row in rows] == ["Georgia", "Maine", "Brandenburg", None, None, None]
    assert list(ledger.remarks.values()) == [3]
    assert "code of a region that says no state" in next(iter(ledger.remarks))


def test_an_inventor_in_several_regions_has_their_names_and_states_and_exact_shares(regpat):
    labels = "Reg_code|Reg_label\nUS13215|Muscogee\nUS01113|Russell\nDE300|Berlin\n"
    rows, _ = regpat(
        "WO1|a|1|A|Columbus|US13215|US|0.75|0.5",
        "WO1|a|1|A|Columbus|US01113|US|0.25|0.5",
        "WO1|a|1|B|Berlin|DE300|DE|0.5|0.5",
        "WO1|a|1|B|Berlin|DE404|DE|0.5|0.5",
        roles={"regions": labels},
    )
    assert [row["region"] for row in rows] == ["Muscogee, Georgia", "Russell, Alabama", "Berlin", "Brandenburg"]
    assert [row["weight"] for row in rows] == [WEIGHT_ONE * share // 8 for share in (3, 1, 2, 2)]


def test_a_state_in_a_code_decides_between_towns_and_an_address_that_says_more_stands(regpat, alone):
    rows, _ = regpat(
        "WO1|a|1|A|5 Elm Road,Columbus|US13215|US|1|0.2",
        "WO1|a|1|B|Portland|US23005|US|1|0.2",
        "WO1|a|1|C|Frankfurt|DE403|DE|1|0.2",
        "WO1|a|1|D|12 Main St,Columbus, OH 43215|US13215|US|1|0.2",
    )
    texts = [{name: row.get(name) for name in ADDRESS_SCHEMA.names} for row in rows]
    answers = alone.locate(pa.Table.from_pylist(texts, ADDRESS_SCHEMA)).to_pylist()
    assert [answer["gazetteer_id"] for answer in answers] == [COLUMBUS_GA, PORTLAND_ME, FRANKFURT_ODER, COLUMBUS_OH]


def test_states_of_codes_are_regions_that_the_gazetteer_has():
    home = {"UK": "GB"}
    for (code, _), state in _states().items():
        named = regions.find(state, home.get(code[:2], code[:2]))
        assert [region for region in named if not region.admin2], (code, state)
