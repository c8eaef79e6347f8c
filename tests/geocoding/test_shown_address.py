"""What of an address is shown: organisations and places as written, no street, number or person."""

import pyarrow as pa
import pytest

from hubrank.core.tables import ADDRESS_ROW_SCHEMA, ADDRESS_SCHEMA
from hubrank.geocoding import Settings, answers, resolver_for
from hubrank.geocoding.answers import Answer
from hubrank.geocoding.shown_address import COLUMNS, address_rows, shown_text


@pytest.fixture(scope="module")
def resolver():
    return resolver_for(Settings())


def rows(resolver, *addresses):
    table = pa.Table.from_pylist(addresses, ADDRESS_SCHEMA)
    described = address_rows(table, resolver.locate(table))
    assert described.schema.equals(ADDRESS_ROW_SCHEMA)
    return described.to_pylist()


def shown(resolver, **address):
    (row,) = rows(resolver, address)
    return ", ".join(row[name] for name in COLUMNS if row[name])


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ({"address": "Doe, Jane, 12 Secret Street, Paris", "country": "FR"}, "Paris, FR"),
        ({"address": "神奈川県川崎市幸区堀川町72-34", "country": "日本"}, "川崎市幸区, 神奈川県, 日本"),
        ({"address": "大阪府大阪市中央区道修町3丁目5番12号", "country": "日本"}, "大阪市中央区, 大阪府, 日本"),
        ({"address": "愛知県名古屋市千種区不老町", "country": "日本"}, "名古屋市千種区, 愛知県, 日本"),
        ({"address": "山田太郎, 神奈川県川崎市幸区", "country": "日本"}, "川崎市幸区, 神奈川県, 日本"),
        ({"address": "神奈川県 川崎市 幸区", "country": "日本"}, "川崎市 幸区, 神奈川県, 日本"),
        ({"address": "7 Rue Longue, 75001 Paris, France"}, "Paris, France"),
        ({"address": "Max Mustermann, Musterweg 7, 10115 Berlin, Germany"}, "Berlin, Germany"),
        ({"address": "Jane Doe, Houston, Whitney, 14 Elm Court, Newark, NJ, USA"}, "Newark, NJ, USA"),
        ({"address": "Dept of Physics, 12 Main St, University of Oxford, Oxford OX1 3PU, UK"},
         "Dept of Physics, University of Oxford, Oxford, UK"),
        ({"address": "Paris, 12 University Avenue", "country": "FR"}, "Paris, FR"),
        ({"address": "Paris, University Avenue", "country": "FR"}, "Paris, FR"),
        ({"address": "University 12 Rue Longue, Paris", "country": "FR"}, "Paris, FR"),
        ({"address": "Université de Perpignan Via Domitia, Perpignan, France"},
         "Université de Perpignan Via Domitia, Perpignan, France"),
        ({"address": "Université Claude Bernard Lyon 1, Villeurbanne, France"},
         "Université Claude Bernard Lyon 1, Villeurbanne, France"),
        ({"institution": "Université Constantine 1, 25017 Constantine", "country": "DZ"},
         "Université Constantine 1, Constantine, DZ"),
        ({"institution": "Google", "city": "Mountain View", "region": "CA", "country": "US"},
         "Google, Mountain View, CA, US"),
        ({"institution": "Acme GmbH, Hauptstraße 5, jane@acme.de, Köln"}, "Acme GmbH, Köln"),
        ({"institution": "3M Company, 220-9E-01"}, "3M Company"),
        ({"city": "75001 Paris", "country": "FR"}, "Paris, FR"),
        ({"city": "12 Hidden Alley", "country": "FR"}, "FR"),
        ({"city": "Praha 4", "country": "CZ"}, "Praha, CZ"),
        ({"address": "北京市海淀区中关村南大街5号"}, "北京市"),
        ({"address": "東京都府中市秘密町1番地"}, "府中市, 東京都"),
        ({"address": "京都府長岡京市秘密1丁目10番1号"}, "長岡京市, 京都府"),
        ({"city": "北京市海淀区秘密大街5号"}, "海淀区, 北京市"),
        ({"institution": "南京市秘密路22号 张三"}, "南京市"),
        ({"city": "서울특별시 서대문구 연세로 50"}, "서대문구, 서울특별시"),
        # Amid other words the name of the place alone.
        ({"address": "Secret Heights, Hosur SIPCOT Phase II, Tamil Nadu, India"}, "Hosur, Tamil Nadu, India"),
        ({"address": "Jane Doe, 12 Hidden Road Hubballi-Dharwad, Karnataka, India"}, "Hubballi, Karnataka, India"),
        ({"address": "Rua Secreta 10, 13083-970 Campinas SP", "country": "BR"}, "Campinas, BR"),
        # A town is shown wherever it was put; what is none that is known may be a person.
        ({"address": "Reading, Pennsylvania, USA"}, "Reading, Pennsylvania, USA"),
        ({"address": "Miami, Missouri, USA"}, "Miami, Missouri, USA"),
        ({"address": "Foobarville, New York, USA"}, "New York, USA"),
        ({"address": "Miami, MB, Canada"}, "MB, Canada"),  # not answered, so that no place vouches for the name
        ({"address": "Jane Doe, Missouri, USA"}, "Missouri, USA"),
        ({"address": "Doe, Whitney, Missouri, USA"}, "USA"),
        ({"address": "Smith, S.C., Universidade Federal de São Carlos, São Carlos, Brazil"},
         "Universidade Federal de São Carlos, São Carlos, Brazil"),
        ({"institution": "Müller J.-P., TU Wien, Wien, Austria"}, "TU Wien, Wien, Austria"),
        ({"institution": "Müller, J., von der Au, Yu. V., TU Wien, Wien"}, "TU Wien, Wien"),
        ({"institution": "Nestlé S.A., Vevey, Switzerland"}, "Nestlé S.A, Vevey, Switzerland"),
        ({"institution": "Sony Co. K.K., Tokyo"}, "Sony Co. K.K, Tokyo"),
        ({"institution": "Washington D.C., USA"}, "Washington D.C, USA"),
    ],
)  # fmt: skip
def test_streets_numbers_and_persons_are_not_shown_and_organisations_and_places_are(resolver, address, expected):
    assert shown(resolver, **address) == expected


def test_addresses_that_differ_in_a_street_or_a_person_are_one_row_of_one_key(resolver):
    one, other, third = rows(
        resolver,
        {"address": "Doe, Jane, 12 Secret Street, Paris", "country": "FR"},
        {"address": "Roe, Richard, 9 Hidden Alley, Paris", "country": "FR"},
        {"address": "Roe, Richard, 9 Hidden Alley, Lyon", "country": "FR"},
    )
    assert one == other
    assert one["address_key"] != third["address_key"]
    assert (one["place"], one["stated_economy"]) == ("Paris, FR", "FR")


def test_the_key_of_an_address_is_the_same_in_every_version(resolver):
    # coordinates, so that no coefficient of the judge enters
    (row,) = rows(resolver, {"lat_e7": 488566000, "lon_e7": 23522000})
    assert 0 < row["address_key"] < 2**62
    assert row["address_key"] == rows(resolver, {"lat_e7": 488566000, "lon_e7": 23522000})[0]["address_key"]


def test_what_contradicts_the_answer_is_noted(resolver):
    sea, abroad, far, fine = rows(
        resolver,
        {"lat_e7": 300000000, "lon_e7": 1500000000},
        {"lat_e7": 356895000, "lon_e7": 1396917000, "city": "Paris", "country": "FR"},
        {"lat_e7": 433000000, "lon_e7": 54000000, "city": "Paris", "country": "FR"},
        {"lat_e7": 488566000, "lon_e7": 23522000, "city": "Paris", "country": "FR"},
    )
    assert sea["contradictions"] == "coordinates are far from every place"
    assert "coordinates lie in another country than stated" in abroad["contradictions"]
    assert far["contradictions"] == "coordinates are far from the place named"
    assert fine["contradictions"] is None
    (hong_kong,) = rows(resolver, {"city": "Hong Kong", "region": "Central and Western", "country": "HKG"})
    assert (hong_kong["place"], hong_kong["contradictions"]) == ("Hong Kong, HK", None)


def test_a_region_that_only_a_text_names_contradicts_nothing(resolver):
    texts = {"address": "University of Texas, Austin, USA"}, {"city": "New York City", "region": "CA", "country": "USA"}
    rows_of = rows(resolver, *texts)
    assert (rows_of[0]["place"], rows_of[0]["contradictions"]) == ("Austin, TX, US", None)
    assert rows_of[1]["contradictions"] == "place lies outside the stated region"


def test_a_place_without_a_name_is_called_by_its_coordinates():
    table = pa.Table.from_pylist([{"city": "Yongin"}], ADDRESS_SCHEMA)
    answer = answers.table([Answer(372411000, 1271776000, "city", "names", 670, None, "KR")])
    assert address_rows(table, answer)["place"].to_pylist() == ["37.24, 127.18"]


def test_the_features_that_contradict_are_features_of_the_judge():
    from hubrank.geocoding import contradictions, model

    features = {*contradictions.OF_COORDINATES, contradictions.SEAT_FAR, contradictions.ONE_PLACE, *contradictions.LONG}
    assert features <= set(model.load().weight)


@pytest.mark.parametrize(
    "person",
    [
        "John Smith",
        "J. Smith",
        "J.-P. Smith",
        "Smith, J.",
        "Smith, John",
        "Dr. John Smith",
        "John Q. Smith",
        "MARIA LOPEZ",
    ],
)
def test_a_person_in_a_column_of_organisations_is_not_shown(resolver, person):
    assert shown(resolver, institution=person, city="London", country="GB") == "London, GB"


@pytest.mark.parametrize(
    "name",
    [
        *("Eli Lilly", "Rolls Royce", "Texas Instruments", "Robert Bosch GmbH", "John Smith Institute", "Nestlé S.A."),
        *("J. Craig Venter Institute", "G. B. Pant University of Agriculture", "Department of Jane Doe", "San Diego"),
    ],
)
def test_an_organisation_that_looks_like_a_person_is_shown(resolver, name):
    assert shown(resolver, institution=name, city="London", country="GB").startswith(name.removesuffix("."))


def test_a_registered_organisation_called_like_a_person_is_shown():
    table = pa.Table.from_pylist([{"institution": "Robert Bosch", "country": "DE"}] * 2, ADDRESS_SCHEMA)
    located = answers.table([Answer(registered_organisation="Robert Bosch"), Answer()])
    assert address_rows(table, located)["organisation"].to_pylist() == ["Robert Bosch", None]


@pytest.mark.parametrize("column", ["institution", "address"])
def test_initials_and_a_surname_before_the_organisation_of_a_place_are_not_shown(resolver, column):
    text = "J. Smith University of Oxford, Oxford, UK"
    assert shown(resolver, **{column: text}) == "University of Oxford, Oxford, UK"


@pytest.mark.parametrize(
    ("organisation", "registered", "text"),
    [
        ("Ga Tech", "Georgia Institute of Technology", "Ga Tech, Atlanta"),
        (None, "Georgia Institute of Technology", "Georgia Institute of Technology, Atlanta"),
        (None, None, "Atlanta"),
    ],
)
def test_the_registered_organisation_stands_where_no_text_may_be_shown(organisation, registered, text):
    row = dict.fromkeys(COLUMNS) | {"organisation": organisation, "city": "Atlanta"}
    assert shown_text(row | {"registered_organisation": registered}) == text
