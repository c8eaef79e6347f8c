"""Values in the wrong column: towns as regions or countries, city and region swapped."""

import pytest

from hubrank.geocoding.misplaced_values import rearranged
from hubrank.geocoding.text.misspelt_countries import misspelt_country
from locating import one

KASSEL, LUBBOCK, GRAZ = 2892518, 5525577, 2778067


@pytest.mark.parametrize(
    ("address", "geonames_id"),
    [
        ({"region": "Kassel", "country": "Germany"}, KASSEL),
        ({"region": "Lubbock, TX", "country": "US"}, LUBBOCK),
        ({"region": "Graz, Austria"}, GRAZ),
        ({"region": "Iowa City", "country": "US"}, 4862034),  # no region, as the word for a city is its own
        ({"region": "Guatemala City", "country": "GT"}, 3598132),
        ({"region": "Kassel City, Hessen", "country": "DE"}, KASSEL),  # no county by the word
        ({"country": "Graz, Austria"}, GRAZ),
        ({"region": "DE731 - Kassel", "country": "DE"}, KASSEL),
        ({"city": "Texas", "region": "Lubbock", "country": "US"}, LUBBOCK),
        ({"address": "Hauptstr. 5", "region": "Kassel", "country": "DE"}, KASSEL),
        ({"address": "Barlar Sk. No:7/B FETHİYE", "city": "MUĞLA", "country": "TR"}, 314967),  # a town of the province
        ({"address": "Barlar Sk. FETHİYE", "city": "MUĞLA", "country": "TR"}, 314967),
        ({"address": "平度市", "city": "青岛市", "region": "山东省", "country": "CN"}, 1798821),  # of a prefecture
        ({"institution": "青岛大学", "address": "平度市", "city": "青岛市", "region": "山东省"}, 1798821),
        ({"address": "9 Elm Ave, London", "region": "OH"}, 4517009),  # a state alone
        ({"institution": "FOO & CO, GOLDEN", "region": "CO"}, 5423294),  # whose letters are a word of the name
        ({"address": "Calle Foo 10 San Rafael", "city": "Mexico City", "country": "MX"}, 3530597),  # a quarter
        ({"address": "100 Utica", "city": "New York City", "country": "US"}, 5128581),  # a street
        ({"address": "新市区北京路", "city": "乌鲁木齐市", "region": "新疆", "country": "CN"}, 1529102),
        ({"address": "某某科技园区", "city": "北京市", "country": "CN"}, 1816670),  # no district
        ({"address": "9 Elm Ave, Paris, 75460", "region": "TX"}, 4717560),
        ({"address": "9 Elm Ave, AL 35611", "city": "Athens"}, 4830668),  # the state before the post code
        ({"address": "AL 35611", "city": "Athens", "country": "USA"}, 4830668),
        ({"address": "Uddevalla", "city": "Sweden"}, 2666670),  # a country as city
        ({"address": "12 High Street, Uddevalla", "city": "Sweden"}, 2666670),
        ({"address": "Ciudad Madero", "city": "Mexico"}, 3530594),
        ({"address": "C/ Foo 95, ES-30016", "city": "Cartagena"}, 2520058),  # the letters before the post code
        ({"address": "Polanco", "city": "Mexico"}, 3530597),  # a quarter of the city that is called like its country
    ],
)
def test_a_town_in_another_column_is_the_city(alone, address, geonames_id):
    answer = one(alone, **address)
    assert (answer["gazetteer_id"], answer["location_probability"] > 0.85) == (geonames_id, True)


@pytest.mark.parametrize(
    "address",
    [
        {"region": "Cebu Province", "country": "PH"},
        {"region": "Hessen", "country": "DE"},
        {"region": "Bavaria, Germany"},
        {"country": "Bavaria, Germany"},
        {"region": "DE71 - Hessen", "country": "DE"},
        {"region": "Albany County, NY", "country": "US"},
        {"region": "Xyz", "country": "US"},
    ],
)
def test_a_region_in_another_column_is_no_city(alone, address):
    assert one(alone, **address)["gazetteer_id"] is None


@pytest.mark.parametrize("address", ["521 East Avenue", "521 East Avenue, 14094", "6819 Plum Creek"])
def test_a_street_with_a_state_names_no_town(alone, address):
    assert one(alone, address=address, region="NY")["gazetteer_id"] is None


IN_PLACE = [
    # institution, address, city, region, country
    ("", "", "Chagrin Falls", "Cleveland", "US"),  # a metropolitan area
    ("", "", "Houston", "Houston", "US"),
    ("", "", "New York", "Queens", "US"),
    ("", "", "Springfield", "Illinois", "US"),
    ("Victor", "", "New York", "", "US"),  # companies have towns' names, and New York is a city
    ("Acme", "", "Texas", "", "US"),
    ("", "Graz", "Wien", "", "AT"),
    ("", "Graz", "Foobar", "", "DE"),
    ("", "Springfield", "Springfield, IL", "", "US"),
    ("", "", "", "Wayne County, NY", "US"),
    ("", "", "", "", "Congo, Dem. Rep."),
    ("", "", "", "", "Hong Kong, China"),
    ("", "", "", "DE731", "DE"),
    ("", "", "", "FR731 - Xyz", "DE"),
    ("", "", "Usa", "", ""),
    ("", "", "USA", "", "Japan"),
    ("", "", "Victoria", "British Columbia", ""),
    ("", "", "New York", "Queens", ""),
    ("", "", "Washington", "Illinois", ""),  # a town of it is called so
    ("", "Broadway", "New York", "New York", "US"),  # which is a city
    ("Acme", "Lubbock", "Texas", "Texas", "US"),
    ("", "", "Georgia", "", "Xyz"),
    ("", "", "Atlanta", "Georgia", ""),  # the state
    ("", "", "Minna", "Niger", ""),  # the state of Nigeria
    ("", "", "Foobar", "Colombia", ""),
    ("", "", "Foobar", "", "Jalisco"),
    ("", "Acme", "Linz", "Kassel", "Hessen"),  # the column of cities holds one
    ("", "Rua Augusta 100 Pinheiros", "São Paulo", "", "BR"),  # a quarter
    ("", "Av. Rivadavia 100 San Nicolás", "Buenos Aires", "", "AR"),  # no town's whole name
    ("", "No:5 KARTAL", "İSTANBUL", "", "TR"),  # near the city
    ("", "Barlar Otel FETHİYE", "MUĞLA", "", "TR"),  # behind no street
]


@pytest.mark.parametrize("texts", IN_PLACE)
def test_values_stay_where_they_are(texts):
    assert rearranged("", *texts) == ("", *texts)


@pytest.mark.parametrize(
    ("texts", "columns"),
    [
        (("", "", "New York", "Hauppauge", "US"), ("", "", "Hauppauge", "New York", "US")),
        (("", "", "California", "San Diego", "US"), ("", "", "San Diego", "California", "US")),
        (("Acme", "", "", "", "Nara, Japan"), ("Acme", "", "Nara", "", "Japan")),
        (("", "", "", "UKI42 Islington", "GB"), ("", "", "Islington", "", "GB")),
        (("", "", "", "New York-Newark-Jersey City, NY-NJ", "US"), ("", "", "New York-Newark-Jersey City", "NY", "US")),
        (("", "", "", "Iowa City, IA", "US"), ("", "", "Iowa City", "IA", "US")),
        (("", "5 Elm St", "", "Graz, Austria", ""), ("", "5 Elm St, Graz", "", "", "Austria")),
        (("Acme", "", "USA", "", ""), ("Acme", "", "", "", "USA")),  # no town of Japan
        (("", "", "UK", "", ""), ("", "", "", "", "UK")),
        (("", "", "Kansas", "Topeka", ""), ("", "", "Topeka", "Kansas", "")),
        (("Acme", "", "New York", "Ripley", ""), ("Acme", "", "Ripley", "New York", "")),  # elsewhere a county
        (("", "", "Austria", "", "Graz"), ("", "", "Graz", "", "Austria")),
        (("", "", "Georgia", "", "Tbilisi"), ("", "", "Tbilisi", "", "Georgia")),
        (("", "Graz", "Styria", "Styria", "AT"), ("", "", "Graz", "Styria", "AT")),
        (("", "", "Tbilisi", "Georgia", ""), ("", "", "Tbilisi", "", "Georgia")),
        (("Acme", "", "Kassel", "", "Hessen"), ("Acme", "", "Kassel", "Hessen", "")),
        (("Acme", "", "", "Graz, Styria 8010", "AT"), ("Acme", "8010", "Graz", "Styria", "AT")),
        (("", "Elm St 5", "", "Graz, Styria 8010", "AT"), ("", "Elm St 5, Graz 8010", "", "Styria", "AT")),
        # Rows that stand one column to the left or right: a street as organisation or city.
        (("Elm St 5", "Kassel", "Hessen", "Germany", ""), ("Elm St 5", "", "Kassel", "Hessen", "Germany")),
        (("", "Acme", "Elm St 5", "Kassel", "Hessen"), ("", "Acme, Elm St 5", "Kassel", "Hessen", "")),
    ],
)
def test_values_move_to_their_column(texts, columns):
    assert rearranged("", *texts) == ("", *columns)


@pytest.mark.parametrize(
    ("city", "region", "country", "geonames_id"),
    [
        ("Alpignano", "N/A", "IT", 3183187),  # not Alvignano near Naples
        ("Alpignano", "NA", "IT", 3183187),
        ("Zaragoza", "NA", "ES", 3104324),  # not in Navarra
    ],
)
def test_what_says_that_a_region_is_missing_is_none(alone, city, region, country, geonames_id):
    answer = one(alone, city=city, region=region, country=country)
    assert (answer["gazetteer_id"], answer["contradictions"]) == (geonames_id, None)


def test_the_code_of_naples_stays_one():
    assert rearranged("", "", "", "Portici", "NA", "IT").region == "NA"


def test_a_slash_behind_a_code_is_none_in_it(alone):
    assert one(alone, address="Paterson,NJ/ US")["gazetteer_id"] == 5102466


@pytest.mark.parametrize(
    ("city", "country", "geonames_id"),
    [("N/A", "Japan", None), ("Other", "France", None), ("remote", "Israel", None), ("None", "Italy", 3172215)],
)
def test_a_word_for_no_city_is_no_misspelt_one(city, country, geonames_id, alone):
    assert one(alone, city=city, country=country)["gazetteer_id"] == geonames_id


@pytest.mark.parametrize(
    ("country", "town", "economy"),
    [
        ("Phlippines", "Batan", "PH"),  # and not China
        ("Chna", "Beijing", "CN"),
        ("Chna", "Xyzzy", ""),  # too short to be sure without a town there
        ("Germny", "", "DE"),
        ("Slovania", "", ""),  # Slovenia or Slovakia
        ("Slovania", "Bratislava", "SK"),
        ("Columbia", "Bogotá", "CO"),
        ("Columbia", "", ""),  # a place by itself
        ("Niger", "Abuja", ""),  # a country as it stands
        ("Unknown", "Bonn", ""),
    ],
)
def test_a_misspelt_country_is_the_one_that_has_the_town(country, town, economy):
    assert misspelt_country(country, town) == economy


def test_a_town_of_a_misspelt_country_is_not_its_namesake_abroad(alone):
    answer = one(alone, address=None, city="Matanzas", country="Dominican Reeublic")
    assert answer["economy"] == "DO"
    assert one(alone, address=None, city="Scarborough", country="Untied Kingdom")["economy"] == "GB"


@pytest.mark.parametrize(
    ("texts", "columns"),
    [
        (("", "Main Road 12", "Saki", "Oyo", "Nigeria", ""), ("", "Main Road 12", "", "Saki", "Oyo", "Nigeria")),
        (("", "Foo", "", "Recife", "Brazil", ""), ("", "Foo", "", "Recife", "", "Brazil")),
        (("", "", "Foo St 5", "Lagos", "Nigeria", ""), ("", "", "Foo St 5", "Lagos", "", "Nigeria")),  # no town
        (("", "", "", "Arlon", "Luxembourg", ""), ("", "", "", "Arlon", "Luxembourg", "")),  # of Belgium
        (("", "", "", "Atlanta", "Georgia", ""), ("", "", "", "Atlanta", "Georgia", "")),
        (("", "", "", "Oxford (New Haven County)", "CT", ""), ("", "", "", "Oxford", "CT", "")),
        (("", "", "", "Alexandria (Alexandria)", "VA", ""), ("", "", "", "Alexandria", "VA", "")),
        (("", "", "", "Linz (Donau)", "OÖ", ""), ("", "", "", "Linz (Donau)", "OÖ", "")),
        (
            ("", "", "", "", "Toluca, Estado de México 50000", "MX"),
            ("", "", "50000", "Toluca", "Estado de México", "MX"),
        ),
    ],
)
def test_columns_one_to_the_left_counties_and_post_codes_are_put_right(texts, columns):
    assert tuple(rearranged(*texts)) == columns


@pytest.mark.parametrize(
    ("city", "region", "country", "geonames_id"),
    [
        ("Foobar Colony", "Lahore", "PK", 1172451),
        ("Umhlanga", "Durban", "ZA", 1007311),
        ("Foobar", "Gujarat", "IN", None),
    ],
)
def test_what_is_not_known_beside_a_city_in_the_column_of_regions_is_in_that(alone, city, region, country, geonames_id):
    answer = one(alone, city=city, region=region, country=country)
    assert answer["gazetteer_id"] == geonames_id
    assert (answer["location_probability"] or 0) <= 0.8


@pytest.mark.parametrize(
    ("address", "city", "geonames_id"),
    [
        ("12 Foo Street, Landshut", "Bavaria", ("DE", 2881485)),
        ("5 High St, Guildford", "Surrey", ("GB", 2647793)),  # at the second level
        ("12 Foo St, Pune", "Maharashtra", ("IN", 1259229)),
        ("Alexandria", "Virginia", ("US", 4744091)),  # also a town in Minnesota
        ("12 Foo Street, Atlixco", "Puebla", ("MX", 3532592)),  # a city, too
        ("12 Foo Street, Vancouver", "Washington", ("US", 5814616)),
    ],
)
def test_a_region_in_the_column_of_cities_is_one_around_the_town_of_the_address(address, city, geonames_id, alone):
    country, number = geonames_id
    answer = one(alone, address, city=city, country=country)
    assert (answer["gazetteer_id"], answer["location_probability"] > 0.9) == (number, True)


@pytest.mark.parametrize(
    ("address", "city", "geonames_id"),
    [
        ("5 Foo St, Arlington", "Washington", ("US", 4140963)),  # a suburb, and a town in the state
        ("Getafe", "Madrid", ("ES", 3117735)),
        ("San Miguel", "Lima", ("PE", 3936456)),
        ("Av. Santa Fe 1234", "Buenos Aires", ("AR", 3435910)),  # a street
        ("12 Foo Street, Monza", "Milano", ("IT", 3173435)),  # a city of a province
        ("La Paz", "Puebla", ("MX", 3521081)),  # too small a town to be no quarter
    ],
)
def test_a_city_called_like_its_region_is_meant_where_a_part_of_it_is_the_address(address, city, geonames_id, alone):
    country, number = geonames_id
    assert one(alone, address, city=city, country=country)["gazetteer_id"] == number


def test_a_region_in_both_columns_stays_no_place(alone):
    assert one(alone, "12 Foo Street", city="Bavaria", country="DE")["gazetteer_id"] is None


@pytest.mark.parametrize(
    ("city", "region", "geonames_id"),
    [
        ("Durham", "NORTH CAROLINA", 4464368),  # NO of Norway does not open a code of NUTS
        ("Albany", "NEW YORK", 5106834),
        ("Linares", "NUEVO LEON", 3524348),
        ("Tijuana", "BAJA CALIFORNIA", 3981609),
        ("Munich", "DE212 München", 2867714),
        ("Leipzig", "DED - Sachsen", 2879139),
    ],
)
def test_a_region_in_capitals_is_no_code_of_nuts_with_a_name(city, region, geonames_id, alone):
    assert one(alone, city=city, region=region)["gazetteer_id"] == geonames_id


@pytest.mark.parametrize(
    ("city", "region", "country", "geonames_id"),
    [
        ("Bury", "Saint Edmunds", None, 2654186),
        ("Cleveland", "Heights", "US", 4833320),
        ("Seeheim", "Jugenheim", "DE", 3337504),
        ("Brooklyn", "New York", "US", 5110302),  # a region, and no name with the city
        ("Guatemala", "Guatemala", None, 3598132),
    ],
)
def test_a_name_that_is_cut_into_city_and_region_is_one(city, region, country, geonames_id, alone):
    assert one(alone, city=city, region=region, country=country)["gazetteer_id"] == geonames_id
