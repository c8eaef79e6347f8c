"""Words and marks around a place: the order of parts, an unknown place in a country, a municipality's word."""

import pytest

from locating import one


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("somewhere in Guinea-Bissau", None),  # and not in its capital
        ("Somewhere in the Netherlands", None),
        ("Bogotá, D.C.", 3688689),
        ("Bogotá D.C.", 3688689),
        ("Spijk, gem. Delfzijl (Groningen)", 2746935),
        ("Foobardijk, gem. Delfzijl (Groningen)", 2757340),  # Delfzijl
        ("Foobarstown  Co Cork", None),  # and not its city
        ("Foobarstown, Co. Kerry", None),
        ("Foo Ltd, Ballincollig, Co. Cork", 2966749),
        ("Foo, Boulder, Co", 5574991),
    ],
)
def test_what_stands_around_a_place(text, geonames_id, alone):
    assert one(alone, address=text)["gazetteer_id"] == geonames_id


@pytest.mark.parametrize("city", ["Kismayo", "Ramadi", "Mercy", "Data"])
def test_the_word_for_a_metropolitan_area_says_that_a_name_is_no_person_s(city, alone):
    area = one(alone, address=f"{city} Metropolitan Area")
    assert (area["gazetteer_id"] is not None) is (city in ("Kismayo", "Ramadi"))
    assert one(alone, address=city)["gazetteer_id"] is None


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("398020, Россия, Воронежская обл, г. Павловск, ул. Мира, д. 7", 512053),  # and not beside St. Petersburg
        ("Вологодская обл, г Кириллов", 548478),
        ("Респ Башкортостан, г Октябрьский", 515879),
    ],
)
def test_an_address_that_opens_with_post_code_country_or_region_goes_on_to_the_town(text, geonames_id, alone):
    answer = one(alone, address=text)
    assert answer["gazetteer_id"] == geonames_id
    assert answer["location_probability"] > 0.95


@pytest.mark.parametrize(
    ("address", "geonames_id"),
    [
        ({"address": "Valence (82), France"}, 2971054),
        ({"address": "Valence (26), France"}, 2971053),
        ({"city": "Valence", "region": "82", "country": "France"}, 2971054),
        ({"address": "82, rue Foo, Valence, France"}, 2971053),  # a house's number
        ({"address": "Gasse 5 // 3100 St. Pölten"}, 2766429),
    ],
)
def test_the_number_of_a_department_behind_its_town_is_that(address, geonames_id, alone):
    assert one(alone, **{"address": None} | address)["gazetteer_id"] == geonames_id


@pytest.mark.parametrize(
    ("city", "region", "country", "geonames_id"),
    [
        ("Helsinki", "13", "FI", 658225),  # no place of the name is in it
        ("Numata", "10", "JP", 1854905),
        ("Numata", "01", "JP", 2128828),  # another, which is in it
        ("Fréjus", "13", "FR", None),  # the number of a department
    ],
)
def test_a_number_is_a_region_only_where_the_city_is_in_it(city, region, country, geonames_id, alone):
    assert one(alone, city=city, region=region, country=country)["gazetteer_id"] == geonames_id


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("Khon Kaen Airport, Thailand", 1609776),
        ("Mason City Municipal Airport, United States", 4866445),  # and no Mason
        ("Montgomery Regional (Dannelly Field) Airport, United States", 4076784),  # and not at Airport in Hawaii
        ("Flughafen Kassel, Germany", 2892518),
        ("London Luton Airport, UK", 2643339),  # called after a city near it, too
        ("Boston Logan International Airport, USA", 4930956),  # no town near Boston
        ("Oxford Airport, United States", None),  # several towns
    ],
)
def test_an_airport_is_at_the_town_that_it_is_named_after(text, geonames_id, alone):
    answer = one(alone, address=text)
    assert answer["gazetteer_id"] == geonames_id
    assert answer["location_probability"] is None or answer["location_probability"] <= 0.88


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("Goma, Congo - Kinshasa", 216281),  # as CLDR calls it
        ("Goma, Congo, Democratic Republic of the", 216281),  # the name begins behind the comma
        ("Goma, Congo, Democratic Republic", 216281),
        ("Kisangani, République Démocratique du Congo", 212730),
        ("República de Panamá, San Isidro, Lima", 3929631),  # a street
        ("Oficina 3, República de Panamá, Lima", 3936456),
        ("Zheleznogorsk, Krasnoyarsk Territory", 1538635),  # not the one near Kursk
        ("Pointe-Noire, Congo (Brazzaville)", 2255414),
        ("Road Town, Virgin Islands, British", 3577430),
        ("Rason, Korea, North", 2042645),
        ("Порт-Морсби, Папуа — Новая Гвинея", 2088122),
        ("Sterzing/Vipiteno (BZ)", 3164065),  # the province says the country
        ("66034 S. Vito Chietino (CH)", None),
        ("15057 S. Salvatore Monferrato (AL)", 3167753),
    ],
)
def test_a_country_with_marks_in_its_name_or_a_province_behind_a_short_form_is_stated(text, geonames_id, alone):
    assert one(alone, address=text)["gazetteer_id"] == geonames_id


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("Rivera 3314, Montevideo Montevideo 11300, Uruguay", 3441575),  # was Rivera, the street
        ("Foo 3, New York New York 10001, USA", 5128581),
        ("12 Foo Street, Walla Walla, WA, USA", 5814916),
    ],
)
def test_a_town_and_its_region_of_one_name_are_read_as_both(text, geonames_id, alone):
    assert one(alone, address=text)["gazetteer_id"] == geonames_id


@pytest.mark.parametrize(
    ("address", "geonames_id"),
    [
        ({"address": "Germany Berlin"}, 2950159),
        ({"address": "Democratic Republic of the Congo Kalemie"}, 214974),
        ({"address": "Mexico City"}, 3530597),
        ({"city": "Guangdong Shenzhen", "country": "CN"}, 1795565),
        ({"city": "Madhya Pradesh Indore", "country": "IN"}, 1269743),  # was Mandya
        ({"city": "Brandenburg Potsdam", "country": "DE"}, 2852458),  # was Brandenburg an der Havel
        ({"address": "Songkhla Hat Yai, Thailand"}, 1610780),
        ({"city": "New York Mills", "country": "US"}, 5128616),  # a name
    ],
)
def test_a_town_behind_its_country_or_region_is_meant(address, geonames_id, alone):
    assert one(alone, **address)["gazetteer_id"] == geonames_id


def test_an_organisation_behind_a_country_is_no_town(registered):
    assert one(registered, institution="United States Naval Academy")["gazetteer_id"] == 4347242  # Annapolis


def test_an_unknown_town_before_a_dash_is_one_as_before_a_comma(alone):
    dashes, commas = "Foobarville - Jeju - South Korea", "Foobarville, Jeju, South Korea"
    sure, other = (one(alone, address=text)["location_probability"] for text in (dashes, commas))
    assert sure == other < 0.95


@pytest.mark.parametrize(
    ("city", "country", "spot"),
    [
        ("Qinghai Normal University", "CN", (36.6, 101.8)),  # and not Qionghai
        ("Universiti Malaya", "MY", (3.1, 101.7)),
        ("College Station", "US", (30.6, -96.3)),  # a town
    ],
)
def test_an_organisation_in_the_column_of_cities_is_one(city, country, spot, registered):
    answer = one(registered, city=city, country=country)
    assert (round(answer["lat_e7"] / 1e7, 1), round(answer["lon_e7"] / 1e7, 1)) == spot


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("Söke ilçesi, Aydın ili", 300399),  # a district and its province by their words, without a country
        ("SOKE ILCESI, AYDIN ILI, TURKIYE", 300399),
        ("Sävar, Umeå kommun, Sverige", 603037),  # a village of 2,000 in the municipality of a city
        ("Umeå kommun, Sverige", 602150),
        ("Huyen Foobar, Tinh Thanh Hoa, Viet Nam", None),  # and not the town of the province
        ("UL. MIRA, 5, G. KALUGA, RU", 553915),  # transliterated, and 5 is no region
        ("Калужская обл., г. Киров, ул. Мира, д. 5", 548410),  # and not Kirov, which has an oblast of its name
        ("Foobarov, okr. Olomouc", None),  # and not the city of the district
    ],
)
def test_words_for_a_unit_say_what_is_around_a_place(text, geonames_id, alone):
    assert one(alone, address=text)["gazetteer_id"] == geonames_id


def test_a_district_of_czechia_states_the_country_and_tells_namesakes_apart(alone):
    assert round(one(alone, address="Hodonín, okr. Blansko")["lat_e7"] / 1e7, 1) == 49.5  # the town is in 48.9


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("FOO BOLGESI 4. CADDE NO 12 SOKE AYDIN TR", 300399),
        ("LEICHHARDT NEW SOUTH WALES AU", 2160386),  # nothing but town, region and code
        ("SAN PEDRO MISIONES AR", 3428577),  # AR is Arkansas, too
        ("Foo Cad. No 12 Söke Aydın Turkey", 300399),
        ("Foo Cad. No 12 Söke Edirne Turkey", None),  # it lies in no Edirne
        ("12 Main St Ontario CA", 5379439),  # two letters that are a state's
    ],
)
def test_a_line_ends_in_town_and_region_behind_the_house_number(text, geonames_id, alone):
    assert one(alone, address=text)["gazetteer_id"] == geonames_id


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("Doe; Jane (Woburn, MA)", 4956032),
        ("Kim; Min-Soo (Woburn, MA), Roe; Richard (Boston, MA)", 4956032),  # KIM is an organisation, too
        ("Kim; Min-Soo (Naju-si, KR)", 1840536),
    ],
)
def test_an_inventor_s_name_before_the_town_in_parentheses_is_left_out(text, geonames_id, registered):
    assert one(registered, address=text)["gazetteer_id"] == geonames_id


@pytest.mark.parametrize("text", ["Plano, Dallas, TX", "Torrance, Los Angeles, CA"])
def test_a_town_before_its_metropolis_is_meant_though_a_suburb_elsewhere_is_called_so(text, alone):
    answer, town = one(alone, address=text), one(alone, city=text.split(",")[0], region=text[-2:], country="US")
    assert answer["gazetteer_id"] == town["gazetteer_id"]
    assert float(answer["location_probability"]) > 0.9


@pytest.mark.parametrize(
    ("address", "is_answered"),
    [
        ({"city": "Foobarby", "region": "Tromsø"}, False),  # 1,000 km from the university
        ({"city": "Foobarby", "region": "Drammen"}, True),
        ({"city": "Foobarby"}, True),
        ({"address": "Foogata 5, 9008 Foobarby"}, True),  # four digits may be a house's
    ],
)
def test_a_seat_far_from_the_stated_district_is_not_meant_beside_an_unknown_town(address, is_answered, registered):
    answer = one(registered, institution="University of Oslo", country="NO", **address)
    assert (answer["lat_e7"] is not None) is is_answered


@pytest.mark.parametrize(("code", "spot"), [("80333", (48.14, 11.58)), ("20095", (53.55, 10.0))])
def test_a_seat_far_from_the_post_code_is_not_meant_beside_an_unknown_town(code, spot, registered):
    text = f"Foostr. 5, {code} Foobarhausen"
    answer = one(registered, institution="Fraunhofer Society", address=text, country="DE")
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx(spot, abs=0.05)


def test_a_town_of_a_county_s_rank_that_is_not_known_is_not_its_city(alone):
    assert one(alone, address="陕西省榆林市神木市人民路108号")["gazetteer_id"] is None
    assert one(alone, address="陕西省榆林市人民路108号")["gazetteer_id"] is not None


def test_localities_that_share_the_middle_of_a_wide_post_code_are_not_surely_there(alone):
    sure = float(one(alone, city="Iron Baron", region="South Australia", country="AU")["location_probability"])
    assert sure > 0.9  # a locality with a point of its own
    assert one(alone, city="Winnininnie", region="South Australia", country="AU")["lat_e7"] is None


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("Tonalá, Chis., México", 3816721),
        ("Foo 5, Reforma, Chis., México", 3520407),
        ("Tijuana, B.C.", 3981609),
        ("Tijuana, BC", 3981609),
        ("Guadalupe, N.L.", 4005492),
        ("Vancouver, B.C.", 6173331),
        ("St. John's, N.L.", 6324733),
        ("San Luis, S.L.", None),  # a company
    ],
)
def test_states_of_mexico_have_their_usual_abbreviations(text, geonames_id, alone):
    assert one(alone, address=text)["gazetteer_id"] == geonames_id


@pytest.mark.parametrize(
    ("city", "latitude"), [("Frankfurt (Oder) Hbf", 52.35), ("Halle (Saale) Hauptbahnhof", 51.48), ("Köln Hbf", 50.93)]
)
def test_the_main_station_of_a_town_is_that_town_with_its_addition(city, latitude, alone):
    assert one(alone, city=city)["lat_e7"] / 1e7 == pytest.approx(latitude, abs=0.1)


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("Chippenham - London - GBR", 2653144),
        ("Gold Coast - Brisbane - AUS", 2165087),
        ("Stellenbosch - Cape Town - South Africa", 3361025),
        ("London - London - GBR", 2643743),
        ("Boston - London - GBR", 2643743),  # too far from it
    ],
)
def test_a_town_before_a_city_and_country_between_dashes_is_meant(text, geonames_id, alone):
    answer = one(alone, text)
    assert (answer["gazetteer_id"], answer["location_probability"] > 0.8) == (geonames_id, True)


@pytest.mark.parametrize("text", ["Hilversum - Utrecht - NLD", "Gîza - Cairo - EGY"])
def test_a_town_before_a_city_of_another_region_is_not_in_that_city(text, alone):
    town = {"Hilversum": 2754064, "Gîza": 360995}[text.partition(" ")[0]]
    assert one(alone, text)["gazetteer_id"] == town
