"""An organisation's name beside its address: what the address states binds, whatever places have the name."""

import pytest

from hubrank import geocoding
from hubrank.geocoding.evidence.similar_names import SimilarNames
from hubrank.geocoding.gazetteer import organisations, registers
from locating import one
from ror_records import record, write_records

MARNES, DIEPENBEEK, TOLOCHENAZ_EAST, COLUMBIA_MO = 2995597, 2799412, 6.47, 4381982
ZEUTHEN, HAMBURG, CHRISTCHURCH = 2804646, 2911298, 2192362
RIXENSART, MORIGUCHI, MEGCHELEN = 2787989, 1856584, 2751004
TECHNOLOGY, SCIENCE = "Zandian Institute of Technology", "Zandian Institute of Science"
IN_INDIA = [("Mumbai", 19.07, 72.88), ("Chennai", 13.09, 80.28), ("Kanpur", 26.45, 80.33), ("Mandi", 31.71, 76.93)]


def company(number, name, *seat):
    return record(number, name, *seat) | {"types": ["company"]}


def named(number, name, other, *seat):
    """Return the record of an organisation with another name."""
    one_record = record(number, name, *seat)
    return one_record | {"names": [*one_record["names"], {"value": other, "types": ["alias"], "lang": "en"}]}


def in_bengaluru(number, name):
    """Return the record of an organisation in the city that was called Bangalore."""
    one_record = record(number, name, "Bengaluru", "IN", 12.97, 77.59)
    one_record["locations"][0]["geonames_id"] = 1277333
    return one_record


REGISTER = [
    company(1, "Zorvex Quill (United States)", "Hercules", "US", 38.02, -122.29),
    company(2, "Medtrixa (Switzerland)", "Münchenbuchsee", "CH", 47.02, 7.45),
    named(3, "Quillon Research (China)", "Quillon China Research", "Beijing", "CN", 39.91, 116.40)
    | {"types": ["company"]}
    | {
        "relationships": [
            {"type": "parent", "label": "Quillon Research - Foo Center", "id": "https://ror.org/099999999"}
        ]
    },
    record(4, "Xanthic Space Institute", "Moscow", "RU", 55.75, 37.62),
    named(5, f"{TECHNOLOGY} BHU", TECHNOLOGY, "Varanasi", "IN", 25.32, 83.01),
    *(record(10 + n, f"{TECHNOLOGY} {city}", city, "IN", *spot) for n, (city, *spot) in enumerate(IN_INDIA)),
    in_bengaluru(20, f"{SCIENCE} Bangalore"),
    record(21, f"{SCIENCE} Education Mohali", "Mohali", "IN", 30.68, 76.72),
    record(22, "Quell Synchrotron Hamburg", "Hamburg", "DE", 53.55, 9.99),
    record(23, "Zorvex Prairie University", "Manhattan", "US", 39.18, -96.57),
    record(24, "Zorvex Paulista University", "São Paulo", "BR", -23.55, -46.64),
    record(26, "Zorvex Biologicals", "Wavre", "BE", 50.717, 4.601),
    record(28, "Quorvaline", "Etten", "NL", 51.919, 6.337),
    record(27, "Zorvex Quality Agency", "Osaka", "JP", 34.705, 135.502),
    company(25, "Zorvex Motor (Germany)", "Munich", "DE", 48.14, 11.58)
    | {
        "relationships": [
            {"type": "parent", "label": "Zorvex Motor Group (Germany)", "id": "https://ror.org/099999998"}
        ]
    },
]


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return write_records(tmp_path_factory.mktemp("register"), REGISTER)


@pytest.fixture(scope="module")
def resolver(path):
    return geocoding.resolver_for(geocoding.Settings(institutions=(path,)))


@pytest.mark.parametrize(
    ("institution", "address", "geonames_id"),
    [
        ("Zorvex Quill", "3 Boulevard Raymond Poincaré, 92430, Marnes-la-Coquette, FR", MARNES),
        ("Zorvex Quill", "3 Boulevard Raymond Poincaré, 92430, Marnes-la-Coquette, France", MARNES),
        ("Zorvex Quill NV", "Agoralaan A bis, 3590, Diepenbeek, BE", DIEPENBEEK),  # not in Nevada
        ("Munich Re Foo", "Agoralaan A bis, 3590 Diepenbeek, Belgium", DIEPENBEEK),
    ],
)
def test_the_country_of_an_address_is_that_of_the_organisation_as_well(institution, address, geonames_id, resolver):
    assert one(resolver, address, institution=institution)["gazetteer_id"] == geonames_id


@pytest.mark.parametrize(
    "address",
    [
        {"address": "Medtrixa Trading, Route du Molliau 31, 1131 Tolochenaz, Switzerland"},
        {"institution": "Medtrixa Trading", "address": "Route du Molliau 31, 1131 Tolochenaz, CH"},
        {"institution": "Medtrixa Trading", "city": "Tolochenaz", "country": "Switzerland"},
    ],
)
def test_a_company_by_its_first_word_is_where_a_place_is_stated_and_not_at_its_seat(address, resolver):
    assert one(resolver, **address)["lon_e7"] / 1e7 == pytest.approx(TOLOCHENAZ_EAST, abs=0.1)


@pytest.mark.parametrize(
    "address",
    [
        {"institution": "Quorvaline", "city": "Megchelen", "country": "NL"},
        {"institution": "Quorvaline", "address": "Megchelen, Netherlands"},
        {"institution": "Quorvaline", "address": "12 Foo Street, Megchelen, NL"},
        {"address": "Quorvaline, Megchelen, Netherlands"},
        {"address": "Quorvaline; Megchelen; Netherlands"},
        {"address": "Netherlands, Megchelen, Quorvaline"},
    ],
)
def test_a_stated_town_and_no_seat_near_it_is_the_place(address, resolver):
    assert one(resolver, **address)["gazetteer_id"] == MEGCHELEN


def test_a_town_of_the_address_and_none_of_the_name_near_it_is_the_place(resolver):
    answer = one(resolver, "Rixensart, Belgium", institution="Zorvex Biologicals, Wavre")
    assert answer["gazetteer_id"] == RIXENSART


@pytest.mark.parametrize("name", ["Zorvex Quality Agency, ", ""])
def test_before_a_city_that_is_its_region_a_town_near_it_is_the_place(name, resolver):
    assert one(resolver, f"{name}Moriguchi, Osaka, Japan")["gazetteer_id"] == MORIGUCHI


@pytest.mark.parametrize(
    ("address", "geonames_id"),
    [
        ({"address": "Quell Synchrotron Hamburg, Zeuthen, Germany"}, ZEUTHEN),
        ({"address": "Quell Synchrotron Hamburg, 15738 Zeuthen, DE"}, ZEUTHEN),
        ({"institution": "Quell Synchrotron Hamburg", "address": "Zeuthen, DE"}, ZEUTHEN),
        ({"institution": "Foo Hamburg", "address": "Zeuthen, DE"}, ZEUTHEN),
        ({"institution": "LEIDEN, Jan van", "address": "Zeuthen, Germany"}, ZEUTHEN),
        ({"institution": "Foo Ltd. Hamburg", "address": "Zeuthen", "country": "DE"}, ZEUTHEN),
        ({"institution": "Quell Synchrotron Hamburg", "city": "Zeuthen", "country": "DE"}, ZEUTHEN),
        ({"institution": "Quell Synchrotron Hamburg", "address": "12 Foo Street, Germany"}, HAMBURG),
        ({"address": "Zorvex Paulista University, Rio Claro, São Paulo, Brazil"}, 3451234),
    ],
)
def test_a_stated_town_binds_the_organisation_beside_it(address, geonames_id, resolver):
    assert one(resolver, **address)["gazetteer_id"] == geonames_id


@pytest.mark.parametrize(
    "address",
    [
        {"institution": "Zorvex Prairie University, Manhattan", "country": "USA"},
        {"address": "Zorvex Prairie University, Manhattan, USA"},
    ],
)
def test_an_organisation_tells_which_town_of_a_name_is_meant(address, resolver):
    assert one(resolver, **address)["lon_e7"] / 1e7 == pytest.approx(-96.57, abs=0.1)  # Kansas


def test_the_organisation_of_a_stated_town_is_named_wherever_its_seat_is(resolver):
    answer = one(resolver, "Quell Synchrotron Hamburg, Zeuthen, Germany")
    assert answer["registered_organisation"] == "Quell Synchrotron Hamburg"


@pytest.mark.parametrize(
    ("institution", "city", "geonames_id"),
    [
        ("FOO WIGNALL AND CO", "CHRISTCHURCH, New Zealand", CHRISTCHURCH),  # AND is the code of Andorra
        ("Bank of China", "KOBE, Japan", 1859171),
        ("", "Quebec City, Canada", 6325494),
        ("", "Atlanta, Georgia", 4180439),
    ],
)
def test_the_country_of_a_column_of_cities_binds(institution, city, geonames_id, alone):
    assert one(alone, institution=institution, city=city)["gazetteer_id"] == geonames_id


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("FOO WIGNALL AND CO", None),
        ("New Zealand, CHRISTCHURCH, FOO WIGNALL AND CO", CHRISTCHURCH),
        ("Japan, Kobe, Bank of China", 1859171),
        ("Georgia, Rustavi, Foo Bank", 612287),
        ("Georgia, Atlanta, Foo Bank", 4180439),
        ("Portugal, Porto, Foo Bar, SA", 2735943),
        ("FOO SIX GTS FRANCE; Laval; France", 3005866),
        ("Solaris Foo Inc., Numancia, n/a, ES", 11549994),
        ("n.a., Giussano, Italy", 3176041),
        ("School of Foo, Main Campus, P.O. Box 12", None),
        ("School of Foo, Main Campus, Giussano, Italy", 3176041),
        ("Foo Bar University, Seoul, Korea, South", 1835848),
        ("Foo Bar Ltd, Hamilton, BM", 8533871),
    ],
)
def test_a_country_that_a_name_ends_in_or_a_missing_part_changes_nothing(text, geonames_id, alone):
    assert one(alone, text)["gazetteer_id"] == geonames_id


def test_a_company_by_its_first_word_is_at_its_seat_where_no_place_is_stated(resolver):
    answer = one(resolver, institution="Medtrixa Trading", country="Switzerland")
    assert answer["lat_e7"] / 1e7 == pytest.approx(47.02)


@pytest.mark.shared
@pytest.mark.parametrize("text", ["University of Missouri-Columbia, USA", "University of Missouri Columbia, USA"])
def test_the_town_in_an_organisations_whole_name_is_that_of_its_seat(text, registered):
    assert one(registered, text)["gazetteer_id"] == COLUMBIA_MO


def test_a_company_whose_parent_abroad_has_its_name_and_more_is_a_branch(path):
    branches = {one.name: one.branch for one in registers.read(path)}
    assert branches["Quillon Research"]
    assert not branches["Medtrixa"]
    assert not branches["Zorvex Motor"]  # its parent is in the same country


@pytest.mark.parametrize(("name", "economy"), [("Quillon Research", None), ("Quillon China Research", "CN")])
def test_a_branch_is_meant_by_the_name_that_has_its_country(name, economy, resolver):
    assert one(resolver, institution=name)["economy"] == economy


def test_an_institute_in_moscow_is_not_in_ukraine(resolver):
    assert one(resolver, institution="Xanthic Space Institute", country="Ukraine")["lat_e7"] is None
    assert one(resolver, institution="Xanthic Space Institute", country="Russia")["economy"] == "RU"


@pytest.mark.parametrize("country", [None, "India"])
def test_another_name_with_which_many_begin_is_nowhere(country, resolver):
    assert one(resolver, institution=TECHNOLOGY, country=country)["lat_e7"] is None
    assert one(resolver, institution=f"{TECHNOLOGY} BHU", country=country)["lat_e7"] is not None


def test_words_that_the_city_of_an_organisation_was_called_may_be_missing_in_its_name(path):
    names = SimilarNames(organisations.load((path,)))
    likest, other, *_ = names.most_similar(("zandian", "institute", "science"))
    assert (likest.of_name, other.of_name < 1) == (pytest.approx(1), True)
