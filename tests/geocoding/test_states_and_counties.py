"""Addresses that end in states: without commas, with counties, with post codes behind the country."""

import json

import pytest

from hubrank import geocoding
from hubrank.geocoding.evidence.reading_text import read
from hubrank.geocoding.gazetteer import namesakes, post_areas, regions
from hubrank.geocoding.gazetteer.surroundings import Surroundings, around_city, surroundings_of_columns
from hubrank.geocoding.text.affiliations import split
from hubrank.geocoding.text.post_codes import codes_in
from locating import one

PEORIA, DILLON, NEW_YORK, WASHINGTON = 4905687, 5648657, 5128581, 4140963


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("12 Elm Street Peoria Illinois 61602", ["12 Elm Street Peoria", "Illinois 61602"]),
        ("12 Elm Street, Peoria Illinois 61602-1234", ["12 Elm Street", "Peoria", "Illinois 61602-1234"]),
        ("Acme Bozeman Montana 59715 USA", ["Acme Bozeman", "Montana 59715", "USA"]),
        ("12 Elm Street Great Falls Montana 59404", ["12 Elm Street Great Falls", "Montana 59404"]),  # no known area
        ("Winston-Salem North Carolina 27101", ["Winston-Salem", "North Carolina 27101"]),
        ("12 Elm Street Ottawa Ontario K1P 5M9", ["12 Elm Street Ottawa", "Ontario K1P 5M9"]),
        ("12 Elm Street Geelong Victoria 3220", ["12 Elm Street Geelong", "Victoria 3220"]),
        ("12 Elm Street Peoria Illinois 02360", ["12 Elm Street Peoria Illinois 02360"]),  # of Massachusetts
        ("Peoria Illinois 61602 building", ["Peoria Illinois 61602 building"]),
        ("Acme Peoria Illinois 6160", ["Acme Peoria Illinois 6160"]),
        (
            "George Washington University Washington 20052",
            ["George Washington University", "Washington 20052"],
        ),  # a town
        ("1455 KELLOGG DRIVE DOUGLAS GA 31535 US", ["1455 KELLOGG DRIVE DOUGLAS GA 31535", "United States"]),
        ("Illinois 61602", ["Illinois 61602"]),
        (
            "Universidad Castilla y Leon 47011",
            ["Universidad Castilla y Leon 47011"],
        ),  # only where addresses end in states
    ],
)
def test_a_state_in_full_and_its_post_code_are_parted_from_the_words_before(text, segments):
    assert split(text) == segments


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("Acme Corp Peoria Illinois 61602", PEORIA),
        ("Acme Laboratories Bozeman Montana 59715 USA", 5641727),
        ("Acme Corporation San Marino California 91108", 5392400),  # not the country
        ("1870 Broadway Saranac Lake New York 12983", 5136322),  # the number of a house is no post code
        ("1870 Broadway Bolton Landing New York 12814", 5109722),
        ("44 ELM ST POLARIS MT 59746", DILLON),  # a village near Dillon
        ("868 Madison Ave, Suite 5 El Indio TX 78860", 5529595),
        ("44 ELM ST, POLARIS MT 59746", DILLON),
        ("ACME CORPORATION 44 ELM ST POLARIS MT 59746", DILLON),
        ("ACME LIMITED LIABILITY COMPANY 44 ELM ST MYSTIC IOWA 52574", 4850961),  # the village is not the company
        ("ACME CORPORATION 44 ELM ST POLARIS MT", None),
        ("Greenwood, WA 98103", 5796285),  # a part of Seattle
        ("ACME COMPANY DELAWARE 12 Elm Street Creston OHIO 44217", 5151415),  # no Delaware in Ohio
    ],
)
def test_the_town_before_a_state_and_its_post_code_is_meant(text, geonames_id, alone):
    assert one(alone, address=text)["gazetteer_id"] == geonames_id


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("12 Elm Rd Tacoma, Wa 98402", ["12 Elm Rd Tacoma", "WA 98402"]),
        ("12 Elm Rd tacoma wa 98402-1234, USA", ["12 Elm Rd tacoma WA 98402-1234", "USA"]),
        ("Laval, Qc H7N 5H9", ["Laval", "QC H7N 5H9"]),
        ("Geelong, Vic. 3220", ["Geelong", "VIC. 3220"]),
        ("Tacoma, Wa 02360", ["Tacoma", "Wa 02360"]),  # of Massachusetts
        ("Tacoma, Wa", ["Tacoma", "Wa"]),
        ("Tacoma, Wa 98402 building", ["Tacoma", "Wa 98402 building"]),
        ("Gary, Ind 46402", ["Gary", "Ind 46402"]),  # India's in capitals
        ("12 Elm StreetTacoma, Wa 98402", ["12 Elm Street", "Tacoma", "WA 98402"]),
        ("12 Elm StreetFort Worth, TX 76102", ["12 Elm Street", "Fort Worth", "TX 76102"]),
        ("Road 14 Km 8.2Ponce, Pr 00732", ["Road 14 Km 8.2", "Ponce", "PR 00732"]),
        ("12 Elm StreetFoobarville, Wa 98402", ["12 Elm StreetFoobarville", "WA 98402"]),
        ("12 Elm Street McAllen, Tx 78501", ["12 Elm Street McAllen", "TX 78501"]),  # a name with a capital inside
        ("12 Elm StreetTacoma, Washington", ["12 Elm StreetTacoma", "Washington"]),
    ],
)
def test_a_state_s_code_is_told_by_its_post_code_in_small_letters_and_parts_a_town_from_the_street(text, segments):
    assert split(text) == segments


def test_a_state_in_small_letters_is_no_country_abroad(alone):
    assert one(alone, address="100 Main St Tacoma, Wa 98402")["gazetteer_id"] == 5812944
    assert one(alone, address="100 Main StAlbany, Ny 12207")["gazetteer_id"] == 5106834
    assert one(alone, address="tacoma, wa 98402")["gazetteer_id"] == 5812944


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("Mentor, Cleveland, OH, USA", 5162645),
        ("Rockford, Chicago, IL", 4907959),  # far from it
        ("Barrie, Toronto, Ontario, Canada", 5894171),
        ("Acme, Cleveland, OH, USA", 5150529),
        ("Mentor, Chicago, IL, USA", 4887398),  # no town of Illinois
        ("Lucerne, Cleveland, OH, USA", 5150529),  # a village
        ("Durham and 7th, Charlotte, NC, USA", 4460243),  # a crossing
    ],
)
def test_a_town_before_a_city_of_its_state_is_meant(text, geonames_id, alone):
    assert one(alone, address=text)["gazetteer_id"] == geonames_id


def test_an_organisation_called_like_a_town_of_the_state_is_at_its_seat(tmp_path):
    """Mentor University, Cleveland, is called Mentor for short."""
    details = {"country_code": "US", "lat": 41.4995, "lng": -81.6954, "name": "Cleveland"}
    record = {
        "id": "https://ror.org/0abcd1234",
        "names": [
            {"value": "Mentor University", "types": ["label", "ror_display"], "lang": "en"},
            {"value": "Mentor", "types": ["alias"], "lang": None},
        ],
        "locations": [{"geonames_id": 5150529, "geonames_details": details}],
        "types": ["education"],
        "status": "active",
        "relationships": [],
    }
    (tmp_path / "ror.jsonl").write_text(json.dumps(record), "utf-8")
    resolver = geocoding.resolver_for(geocoding.Settings(institutions=(tmp_path / "ror.jsonl",)))
    assert one(resolver, address="Mentor, Cleveland, OH, USA")["gazetteer_id"] == 5150529
    assert one(resolver, address="Elyria, Cleveland, OH, USA")["gazetteer_id"] == 5153207


def test_what_neither_region_nor_post_code_allow_is_not_meant(alone):
    names = alone.finder.names
    state, far = regions.find("MT", "US"), post_areas.area(["96813"], "US")
    assert any(
        c.features[2] == "region: outside" for c in names.named("augusta", Surroundings(("US",), state), "text", "")
    )
    (village,) = names.named("augusta", Surroundings(("US",), state, far), "text", "")
    assert village.features[2] == "region: inside"


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("Peru, New York, USA, 12972", ["Peru", "New York 12972", "USA"]),
        ("Acme, Ottawa, Ontario, Canada, K1P 5M9", ["Acme", "Ottawa", "Ontario K1P5M9", "Canada"]),
        ("Acme, Trabzon, Turkey, 46100", ["Acme", "Trabzon", "Turkey", "46100"]),  # codes of others are wrong too often
        ("Acme, Peru, USA, 60601", ["Acme", "Peru", "USA", "60601"]),
        ("5 High Street, Richmond, Australia, 3121", ["5 High Street", "Richmond 3121", "Australia"]),
        ("12 Kent Street Ultimo, Australia, 2000", ["12 Kent Street", "Ultimo 2000", "Australia"]),
        ("Foo GmbH, Neustadt, Germany 67433", ["Foo GmbH", "Neustadt 67433", "Germany"]),
        ("Dam 1, Amsterdam, Netherlands, 1012 AT", ["Dam 1", "Amsterdam 1012", "Netherlands"]),  # no Austria
        ("Dam 1, Amsterdam, The Netherlands 1012AD", ["Dam 1", "Amsterdam 1012", "The Netherlands"]),
        ("Weg 5 Oss Netherlands, 5349 TC", ["Weg 5", "Oss", "Netherlands 5349"]),
    ],
)
def test_a_post_code_behind_the_country_belongs_to_the_state_or_town(text, segments):
    assert split(text) == segments


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("Site 4, Foobarville, Washington, United States, 98899", None),  # no code that is listed
        ("Site 4, Foobarville, Washington, United States, 20052", WASHINGTON),
        ("12 Elm Street, Foobarville, New York 12999, USA", None),
        ("12 Elm Street, Foobarville, New York 10027, USA", NEW_YORK),
        ("12 Elm Street, Foobarville, Oklahoma 73999", None),
        ("7 Elm Street, Bremen, KY 42325", 4301317),  # no state of Germany
        ("7 Elm Street, Nevada, MO 10027", 4400203),  # a town, as its state follows
    ],
)
def test_a_city_called_like_its_state_is_meant_only_with_its_post_code(text, geonames_id, alone):
    assert one(alone, address=text)["gazetteer_id"] == geonames_id


def test_a_post_code_that_is_not_a_province_s_says_nothing_where_addresses_do_not_end_in_states(alone):
    answer = one(alone, address="Ataturk Bulvari 24, Mansurdede Mah, Merkez,70200 Karaman", country="TR")
    assert answer["gazetteer_id"] == 309527


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("Foobarville, Osceola County, Iowa, USA", None),  # the town of Osceola is in another county
        ("Foobarville, Montgomery County, Pennsylvania, USA", None),
        ("Acme Corp, Osceola County, Iowa, USA", None),
        ("Foobarville, Lewis County, Washington, USA", None),
        ("12 Elm Street, Foobarville, Lewis County, Washington, USA", None),
        ("Acme, New York County, New York, USA", NEW_YORK),
        ("Site 4, Foobarville, Sullivan County, New York, USA", None),
        ("Augusta, Lewis and Clark County, Montana, USA", 5651382),  # a village near Fairfield
        ("Centerville, Crawford County, Pennsylvania, USA", 5194663),  # near Hydetown
        ("Centerville, Washington County, Pennsylvania, USA", 5183683),
        ("Salem, Washington County, New York, USA", 5136091),
        ("Merion Stations, Montgomery County, Pennsylvania, USA", None),  # no Marion elsewhere in the state
        ("6277 Commerce Blvd, 94928 Sonoma County, California", 5388564),  # Commerce is in Los Angeles County
        ("7405 Fair Oaks Blvd, 95608 Sacramento County, California", 5347287),
        ("Kalamb PO, Dist. Yavatmal, Maharashtra, India", None),  # another Kalamb is 485 km away
    ],
)
def test_a_county_names_no_city_outside_of_it(text, geonames_id, alone):
    assert one(alone, address=text)["gazetteer_id"] == geonames_id


def test_the_seat_of_a_county_is_doubted_behind_a_town_that_is_not_known(alone):
    sure = float(one(alone, address="Foobarville, Albany County, New York, USA")["location_probability"] or 0)
    assert sure < 0.9


@pytest.mark.parametrize(
    ("city", "region", "geonames_id"),
    [
        ("Salem", "Washington County, NY", 5136091),
        ("Salem", "Washington County, New York", 5136091),
        ("Springfield", "Sarpy County, NE", 5079488),
        ("Centerville", "Crawford County, PA", 5194663),
        ("Centerville", "Washington County, PA", 5183683),
        ("Jefferson", "Greene County, PA", 4559495),  # other main towns are nearer to that of Allegheny County
        ("Mariom", "Montgomery County, PA", None),  # no Marion in another county
        ("Springfield", "Foo County, NE", 5079488),  # the state binds
        ("Amarillo", "Randall County, TX", 5516233),  # the city reaches into it; a village of its name is there
        ("Houston", "Houston", 4699066),
    ],
)
@pytest.mark.parametrize("institution", [None, "Xyntrax"])
def test_a_county_with_its_state_in_a_column_binds(city, region, geonames_id, institution, alone):
    answer = one(alone, city=city, region=region, country="US", institution=institution)
    assert answer["gazetteer_id"] == geonames_id


def test_a_region_that_is_the_city_once_more_is_no_evidence(alone):
    assert surroundings_of_columns("Houston", "US").regions
    assert not around_city("Houston", "houston", "US").regions
    assert not around_city("Princeton", "Princeton", "US").regions  # nor what lies around the largest of its name
    assert around_city("Como", "Como", "IT").regions  # called after its main town
    assert around_city("Milano", "Milano", "IT").regions  # of which that is not the name in English
    assert around_city("New York", "New York", "US").regions
    assert not around_city("San Jose", "San José", "US").regions  # nor with other accents
    assert not around_city("Raleigh", "Raleigh", "US").regions  # Beckley was called so, Raleigh is
    assert one(alone, city="Houston", region="Houston")["gazetteer_id"] == 4699066


@pytest.mark.parametrize(
    ("city", "region", "around"),
    [
        ("Solon", "Cleveland", ("OH", "Cleveland")),  # in none of the counties of that name
        ("Solon", "Cleveland County", ("OK", "027")),
        ("Foobarville", "Cleveland", ("OK", "027")),
        ("Lawndale", "Cleveland", ("OK", "027")),  # in one of them, North Carolina's
        ("Meridian", "Tupelo", ("MS", "")),  # far from it, but in its state
        ("Alameda", "SF Bay Area", ("CA", "SF Bay Area")),  # another name of its city
        ("Mentor", "Akron - Canton", ("OH", "")),
        ("Hudson", "Akron - Canton", ("OH", "Akron")),
        ("Lyons", "Foo / Boulder", ("CO", "Boulder")),
        ("Loveland", "CO - Other", ("CO", "")),
    ],
)
def test_a_metropolitan_area_in_a_column_of_regions_is_what_lies_around_its_city_or_its_state(city, region, around):
    first = around_city(city, region, "US").regions[0]
    assert (first.admin1, first.admin2) == around


def test_another_name_of_a_city_is_no_region_of_places_elsewhere():
    assert not around_city("Rach Gia", "Tourane", "VN").regions


def test_a_town_in_a_metropolitan_area_is_meant_and_no_namesake(alone):
    assert one(alone, city="Solon", region="Cleveland", country="US")["gazetteer_id"] == 5172387
    assert one(alone, city="Loveland", region="CO - Other", country="US")["gazetteer_id"] == 5579368


@pytest.mark.parametrize("region", ["Washington County, NY", "Washington County, New York"])
def test_a_county_with_its_state_says_the_country_where_no_column_does(region, alone):
    assert one(alone, city="Salem", region=region)["gazetteer_id"] == 5136091


def test_a_county_is_read_with_its_state():
    counties = surroundings_of_columns("Wayne County, NY", "US")
    assert [region.name for region in counties.counties()] == ["Wayne County"]
    assert {region.admin1 for region in counties.regions} == {"NY"}
    assert surroundings_of_columns("Foo County, NY", "US").counties() == ()


@pytest.mark.parametrize(
    ("text", "economies"),
    [("Greenwood WA 6024", ("AU",)), ("Greenwood, WA 6024", ("AU",)), ("Greenwood WA 98103", ("US",))],
)
def test_a_post_code_of_another_length_is_of_another_country(text, economies):
    assert read(text, Surroundings()).codes == economies


@pytest.mark.parametrize(
    ("code", "economy", "formed"),
    [
        ("6024", "AU", True),
        ("6024", "US", False),
        ("62701", "US", True),
        ("627011234", "US", True),
        ("K1P5M9", "CA", True),
        ("62701", "CA", False),
    ],
)
def test_post_codes_are_known_by_how_they_are_formed(code, economy, formed):
    assert post_areas.is_code(code, economy) == formed


@pytest.mark.parametrize(
    ("text", "spot"),
    [
        ("Rua X, 75, Bonito, Brazil, 55680", (-8.47, -35.73)),  # without the digits behind the hyphen: 55680-000
        ("Acme Ltda, 58300 Santa Rita, Brazil", (-7.11, -34.98)),
    ],
)
def test_a_post_code_may_lack_the_digits_behind_its_hyphen(text, spot, alone):
    answer = one(alone, text)
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx(spot, abs=0.1)
    assert answer["location_probability"] > 0.9


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("Rua Foo, 9 - Centro - Erechim/RS - CEP 99.700-010", ["Erechim", "RS"]),
        ("Rua Foo, 9 - Centro - Erechim/RS CEP: 99700-010", ["Erechim", "RS"]),
        ("Rua Foo, 9 - Centro - Erechim/RS - CEP", ["Erechim", "RS"]),
        ("Rua Foo, 9 - Centro - Erechim - RS, CEP:", ["Erechim", "RS"]),
        ("9, rue foo 80000 amiens", ["amiens"]),  # in small letters throughout
    ],
)
def test_a_post_code_amid_or_behind_words_parts_them_with_its_label_alone_too(text, segments):
    reading = read(text, Surroundings())
    assert [part.text for part in reading.segments if part.text][-len(segments) :] == segments


def test_a_post_code_may_have_a_full_stop():
    assert codes_in("Erechim, RS, 99.700-010") == ["99700010"]


@pytest.mark.parametrize(("code", "inside"), [("38610", (452000000, 57800000)), ("75012", (488500000, 23500000))])
def test_a_post_code_of_france_says_where_it_is_though_others_have_cedex_behind_them(code, inside):
    around = post_areas.area([code], "FR")
    assert around is not None
    assert around.contains(*inside)


@pytest.mark.parametrize(
    ("address", "spot"),
    [
        ({"address": "Valencia, Negros Oriental, Philippines"}, (9.3, 123.2)),
        ({"city": "San Nicolas", "region": "Ilocos Norte", "country": "PH"}, (18.2, 120.6)),
        ({"address": "Department of Physics, Lhota, Okres Kladno, Czechia"}, (50.1, 14.0)),
        ({"address": "Wonosari, Gunung Kidul, Indonesia"}, (-8.0, 110.6)),
        ({"address": "Santa Rosa, Provincia de Melgar, Peru"}, (-14.6, -70.8)),
        ({"address": "Кунгур, Пермь, Россия"}, (57.4, 57.0)),  # called like its city
        ({"address": "Умань, Черкаси, Україна"}, (48.8, 30.2)),  # by a name that only the city has
    ],
)
def test_a_town_is_that_in_the_province_or_district_behind_it(address, spot, alone):
    answer = one(alone, **address)
    assert (round(answer["lat_e7"] / 1e7, 1), round(answer["lon_e7"] / 1e7, 1)) == spot


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("Foobarville, San Diego County, CA", None),  # the county reaches far beyond the city of its name
        ("Foobarville, Erie County, NY", None),
        ("Springfield, Clark County, OH", 4525353),
        ("San Diego, San Diego County, CA", 5391811),
    ],
)
def test_a_county_is_read_before_the_letters_of_its_state_without_a_country_too(text, geonames_id, alone):
    assert one(alone, address=text)["gazetteer_id"] == geonames_id


@pytest.mark.parametrize("text", ["Pala, San Diego County, CA", "Penfield, New York"])
def test_a_village_in_a_county_or_state_is_meant_and_not_the_city_called_like_it(text, alone):
    assert one(alone, address=text)["gazetteer_id"] not in (5391811, NEW_YORK, None)


@pytest.mark.parametrize(
    ("address", "economy"),
    [
        ({"city": "San Lorenzo", "region": "PR", "country": "US"}, "PR"),
        ({"city": "Hamilton", "region": "Bermuda", "country": "GB"}, "BM"),
        ({"address": "San Lorenzo, PR, USA"}, "PR"),
        ({"address": "Foo Plant, Dorado, PR 00646", "country": "US"}, "PR"),
        ({"city": "Columbia", "region": "MO", "country": "US"}, "US"),  # a state there
        ({"city": "Scranton", "region": "PR", "country": "US"}, "US"),  # no place of the name in it
    ],
)
def test_a_territory_with_a_town_of_the_name_is_the_country(address, economy, alone):
    assert one(alone, **address)["economy"] == economy


SWIDNICA_LUBUSKIE, WARSAW = 3084092, 756135


@pytest.mark.parametrize(
    ("address", "geonames_id"),
    [
        ({"city": "Świdnica", "region": "woj. lubuskie", "country": "PL"}, SWIDNICA_LUBUSKIE),
        ({"city": "Świdnica", "region": "województwo lubuskie", "country": "PL"}, SWIDNICA_LUBUSKIE),
        ({"address": "Świdnica, woj. lubuskie, Polska"}, SWIDNICA_LUBUSKIE),
        ({"city": "Michałowice", "region": "pow. krakowski", "country": "PL"}, 3092044),
        ({"address": "gm. Michałowice, pow. pruszkowski, Polska"}, 764947),
        ({"city": "Gmina Wieliczka", "country": "PL"}, 755889),  # no misspelt Wieliczki
        ({"city": "Miasto stołeczne Warszawa", "country": "PL"}, WARSAW),  # no misspelt Miastko
        ({"city": "m.st. Warszawa", "country": "PL"}, WARSAW),
        ({"city": "Powiat m. Warszawa", "country": "PL"}, WARSAW),
        ({"city": "Obec Lednice", "country": "CZ"}, 3072232),
        ({"address": "com. Florești, jud. Cluj, Romania"}, 678050),
        ({"city": "Municipiul Cluj-Napoca", "country": "RO"}, 681290),
        ({"city": "Szentendre", "region": "Pest megye", "country": "HU"}, 3044681),
    ],
)
def test_words_for_levels_before_and_behind_a_name_are_no_part_of_it(address, geonames_id, alone):
    assert one(alone, **address)["gazetteer_id"] == geonames_id


@pytest.mark.parametrize(
    ("text", "economy", "name"),
    [
        ("woj. śląskie", "PL", "Śląskie"),
        ("pow. krakowski", "PL", "Powiat krakowski"),
        ("Pest megye", "HU", "Pest"),
    ],
)
def test_a_region_is_known_with_the_word_for_its_level(text, economy, name):
    assert [region.name for region in regions.find(text, economy)] == [name]


def test_the_adjective_of_a_county_alone_is_no_region():
    assert regions.find("Laski", "PL") == ()  # a village, not the county of Łask


@pytest.mark.parametrize(
    ("text", "economy", "name"),
    [
        ("W Bengal", "IN", "West Bengal"),
        ("N. Carolina", "US", "North Carolina"),
        ("E Cape", "ZA", "Eastern Cape"),
        ("W Bengal", "PK", ""),
        ("S", "US", ""),
    ],
)
def test_the_direction_of_a_region_may_be_a_letter(text, economy, name):
    assert [region.name for region in regions.find(text, economy)] == ([name] if name else [])


def test_a_region_with_a_letter_for_its_direction_tells_towns_of_one_name_apart(alone):
    assert one(alone, city="Charleston", region="W Virginia", country="US")["gazetteer_id"] == 4801859
    assert one(alone, address="Foo Univ, Charleston, S Carolina, USA")["gazetteer_id"] == 4574324


@pytest.mark.parametrize(
    ("address", "geonames_id"),
    [
        ({"city": "Orange County, California"}, None),  # GeoNames calls Irvine so, too
        ({"city": "Orange County, California", "country": "US"}, None),
        ({"city": "Orange, California"}, 5379513),
        ({"city": "Santa Cruz - Santa Cruz County", "region": "CA"}, 5393052),  # no island of Cabo Verde
        ({"address": "London, CA"}, 6058560),  # a city of Canada, and a village of California
        ({"address": "London, CA 93618"}, 5367815),
        ({"address": "Richmond, CA"}, 5387428),
        ({"address": "Delhi, IN"}, 1273294),
        ({"address": "SAN LUIS DE LUCMA - CUTERVO - CAJAMARCA"}, 13100085),  # Lewes, DE was called San Luis
        ({"address": "NAVAL WAR COLL NEWPORT RI DEPT OF OPERATIONS"}, 5223593),
    ],
)
def test_counties_and_codes_that_are_something_else(address, geonames_id, alone):
    assert one(alone, **address)["gazetteer_id"] == geonames_id


def test_codes_of_a_town_that_the_post_puts_at_a_namesake_in_another_region_are_left_out(alone):
    assert not post_areas.area(("355000",), "RU")  # Stavropol, which stood at Tolyatti, once called so
    assert one(alone, address="UL. MIRA, 5, G. STAVROPOL, 355000, RU")["gazetteer_id"] == 487846
    assert post_areas.area(("603000",), "RU").contains(563269000, 440054000)  # Nizhny Novgorod


@pytest.mark.parametrize(
    ("address", "geonames_id"),
    [
        ({"address": "1455 KELLOGG DRIVE DOUGLAS GA 31535 US"}, 4191916),
        ({"address": "Foo Ltd, 5 Foo Road, Orpington, Kent, BR6 7RG, UK"}, 2640894),  # in Kent until 1965
        ({"address": "BR6 7RG", "city": "Orpington", "region": "Kent", "country": "GB"}, 2640894),
    ],
)
def test_a_post_code_says_in_which_state_or_former_county_a_town_is(address, geonames_id, alone):
    assert one(alone, **address)["gazetteer_id"] == geonames_id


@pytest.mark.parametrize(
    ("address", "geonames_id"),
    [
        ({"address": "Orpington, Kent, UK"}, 2640894),
        ({"address": "Slough Berkshire, UK"}, 2637627),
        ({"address": "Bracknell, Berks"}, 2655009),
        ({"city": "Ashford", "region": "Middlesex", "country": "UK"}, 2656954),  # not in Kent
        ({"address": "Ashford, Kent, UK"}, 2656955),
        ({"address": "Hayes, Middlesex, UK"}, 2647261),  # not in Bromley
        ({"address": "Stoke-on-Trent, Staffordshire, UK"}, 2636841),
        ({"address": "Middlesbrough, Yorkshire, UK"}, 2642607),
        ({"address": "TW1 4JX, TWICKENHAM MIDDLESEX, UK"}, 2635308),
    ],
)
def test_counties_of_britain_that_are_several_authorities_are_known(address, geonames_id, alone):
    assert one(alone, **address)["gazetteer_id"] == geonames_id


@pytest.mark.parametrize(
    ("city", "county", "country", "geonames_id"),
    [
        ("Willowbrook", "Will County", "US", 4916710),
        ("Willowbrook", "DuPage County", "US", 4916709),  # 40 km from the other
        ("Burton", "Staffordshire", "GB", 2654200),  # upon Trent; the next Burton is 80 km from there
        ("Valencia", "Bohol", "PH", 1680112),
        ("Stockton", "Durham", "GB", 2636876),  # on Tees, of the county in former times: no village of that name
    ],
)
def test_of_places_of_one_name_the_one_of_the_stated_county_is_meant(city, county, country, geonames_id):
    resolver = geocoding.resolver_for(geocoding.Settings())
    assert one(resolver, city=city, region=county, country=country)["gazetteer_id"] == geonames_id


def test_places_with_namesakes_are_listed_in_their_counties():
    staffordshire = regions.find("Staffordshire", "GB")
    assert namesakes.second_level(2654200) in namesakes.codes_of(staffordshire)
    assert namesakes.second_level(2643743) not in namesakes.codes_of(staffordshire)  # London
