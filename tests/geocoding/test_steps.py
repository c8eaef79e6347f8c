"""The three steps on cases from life."""

from pathlib import Path

import pyarrow as pa
import pytest

from hubrank import geocoding
from hubrank.core.errors import StudyError
from hubrank.core.tables import ADDRESS_SCHEMA, ANSWER_SCHEMA
from hubrank.geocoding import places
from hubrank.geocoding.explain_address import explain


def asked(*rows):
    return pa.Table.from_pylist(
        [{name: row.get(name) for name in ADDRESS_SCHEMA.names} for row in rows], ADDRESS_SCHEMA
    )


def test_an_unknown_step_is_refused_with_the_list_of_steps():
    with pytest.raises(StudyError, match=r"'gazeteer'; there are: .*institution.*Did you mean 'gazetteer'"):
        geocoding.find("gazeteer", geocoding.Settings())


def test_coordinates_off_the_earth_or_on_a_null_point_are_no_place():
    given = geocoding.find("given", geocoding.Settings())
    found = given.locate(
        asked(
            {"lat_e7": 487_764_000, "lon_e7": 91_829_000},
            {"lat_e7": 0, "lon_e7": 0},
            {"lat_e7": 910_000_000, "lon_e7": 0},
            {"lat_e7": 370_902_400, "lon_e7": -957_128_910},
            {"lat_e7": 487_764_000},
            {"lat_e7": 350_000_000, "lon_e7": 1_800_000_000},
        )
    )
    assert found.schema.equals(ANSWER_SCHEMA)
    assert found["economy"].to_pylist()[0] == "DE"
    assert found["precision"].to_pylist() == ["site", None, None, None, None, "site"]
    assert found["lon_e7"].to_pylist()[5] == -1_800_000_000


def test_answers_stand_in_the_order_of_the_questions_and_nothing_asked_is_nothing_answered():
    gazetteer = geocoding.find("gazetteer", geocoding.Settings())
    found = gazetteer.locate(
        asked({"city": "Zürich", "country": "CHE"}, {}, {"city": "São Paulo", "country": "Brasil"})
    )
    assert found["economy"].to_pylist() == ["CH", None, "BR"]
    assert gazetteer.locate(asked()).num_rows == 0


@pytest.mark.parametrize(
    ("address", "geonames_id"),
    [
        ({"city": "Cambridge", "region": "MA", "country": "US"}, 4931972),
        ({"city": "Cambridge", "country": "GB"}, 2653941),
        ({"city": "CAMBRIDGE", "country": "GBX"}, 2653941),
        ({"city": "Muenchen", "country": "DE"}, 2867714),
        ({"city": "München", "country": "Deutschland"}, 2867714),
        ({"city": "SF Bay Area", "country": "USA"}, 5391959),
        ({"city": "Hong Kong", "country": "CN"}, 1819729),
        ({"city": "Taipei", "country": "CHN"}, 1668341),
        ({"city": "Windhoek", "country": "NA"}, 3352136),
        ({"city": "北京", "country": "CN"}, 1816670),
        ({"city": "Saint Louis", "region": "Missouri", "country": "US"}, 4407066),
        ({"address": "14, rue de Satory,F-78000 Versailles", "country": "FR"}, 2969679),
        ({"city": "Chiba-shi, Chiba 290-8566", "country": "JP"}, 2113015),
        ({"address": "Dept. of Physics, Konstanz, Baden-WÃ¼rttemberg, DE"}, 2885679),
    ],
)
def test_a_city_is_found_as_written(address, geonames_id):
    gazetteer = geocoding.find("gazetteer", geocoding.Settings())
    assert gazetteer.locate(asked(address))["gazetteer_id"].to_pylist() == [geonames_id]


def located(**address):
    answer = geocoding.find("gazetteer", geocoding.Settings()).locate(asked(address)).to_pylist()[0]
    return answer if answer["lat_e7"] is not None else None


def test_a_village_too_small_for_the_gazetteer_stands_where_it_is():
    found = located(city="Frensham", country="GB")
    assert (found["lat_e7"], found["lon_e7"]) == (511_670_000, -7_980_000)
    assert (found["precision"], found["economy"]) == ("city", "GB")


@pytest.mark.parametrize("name", ["Little London", "Langley", "Balmore"])
def test_of_many_villages_of_one_name_none_is_taken_nor_a_place_called_alike(name):
    assert located(city=name, country="GB") is None


def test_without_a_region_a_misspelt_name_must_be_more_alike():
    assert located(city="Rodlin", country="DE") is None  # Rödlin is a village of its own, not Roding
    assert located(city="Rodlin", region="Bayern", country="DE")["geocoding_confidence_pct"] == 89


def test_a_wide_city_stands_amid_its_post_codes():
    found = located(city="Los Angeles", country="US")
    assert found["gazetteer_id"] == 5368361
    assert (found["lat_e7"], found["lon_e7"]) == (340_370_000, -1_182_960_000)  # 5 km west of the town hall


def test_a_former_name_of_an_american_city_does_not_outweigh_the_places_of_that_name():
    """GeoNames calls a city of 200,000 in California Mason too, and St. Paul San Pablo."""
    assert located(city="Mason", country="US")["gazetteer_id"] == 4517698  # in Ohio
    assert located(city="San Pablo", country="US")["gazetteer_id"] == 5392508  # in California


def test_a_region_or_county_is_not_a_village_of_its_name_elsewhere_nor_a_town_called_alike():
    assert located(city="Wales", country="GB")["precision"] == "region"  # a village in Yorkshire
    assert located(city="Maine", country="US")["precision"] == "region"  # Des Plaines, Illinois, was once called so
    assert located(city="Wiltshire", country="GB")["precision"] == "region"
    assert located(city="Surrey", country="GB")["precision"] == "region"  # nor the one in Canada
    assert located(city="Washington", region="PA", country="US")["gazetteer_id"] == 5218069
    assert located(city="Washington", country="US")["gazetteer_id"] == 4140963


def test_an_economy_no_wider_than_a_city_is_place_enough():
    singapore = located(country="SGP")
    assert (singapore["gazetteer_id"], singapore["precision"]) == (1880252, "city")
    assert located(city="Qwxyz Heights", country="Singapore")["gazetteer_id"] == 1880252
    assert located(address="12 Qwxyz Avenue, Singapore 138632")["gazetteer_id"] == 1880252
    assert located(city="Jersey", country="GBR")["economy"] == "JE"
    assert located(city="Malta", country="MLT")["economy"] == "MT"
    assert located(country="GBR") is None
    assert located(city="Luxembourg", country="LU")["gazetteer_id"] == 2960316


@pytest.mark.parametrize(
    ("city", "country", "geonames_id"),
    [
        ("Sydney NSW", "AUS", 2147714),
        ("Ottawa Ontario", "CAN", 6094817),
        ("Portland ME", "USA", 4975802),
        ("Portland OR", "USA", 5746545),
    ],
)
def test_a_town_may_stand_before_its_region(city, country, geonames_id):
    assert located(city=city, country=country)["gazetteer_id"] == geonames_id


def test_a_part_of_a_name_must_tell_the_place():
    assert located(city="Puerto de Andraitx", country="ESP")["gazetteer_id"] == 2521741  # not El Puerto de Santa María
    assert located(city="Nangor Road", country="IRL") is None
    assert located(city="Puchheim/Munich", country="DEU")["geocoding_method"] == "name"


def test_text_read_in_the_wrong_encoding_is_mended():
    assert located(city="GdaÅ„sk", country="POL")["geocoding_method"] == "name"


@pytest.mark.shared
@pytest.mark.parametrize(
    ("address", "city"),
    [
        ({"institution": "TMCC, CS, Nankai University, China"}, "CN"),
        ({"institution": "Konstanz University, Germany"}, "DE"),
        ({"institution_id": "https://ror.org/0168r3w48"}, "US"),
        ({"institution": "University of California, San Diego, USA"}, "US"),
    ],
)
def test_an_institution_is_found_inside_an_affiliation(address, city, shared: Path):
    dump = shared / "data/institutions/ror/ror-records.jsonl.gz"
    institution = geocoding.find("institution", geocoding.Settings(institutions=(dump,)))
    found = institution.locate(asked(address))
    assert found["precision"].to_pylist() == ["institution"]
    assert found["economy"].to_pylist() == [city]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("text", "lat", "lon"),
    [
        (
            "Institute of Geodesy and Geoinformation, University of Bonn",
            50.73,
            7.10,
        ),
        (
            "Institute of Planetary Research, German Aerospace Center (DLR), Berlin, Germany",
            52.52,
            13.41,
        ),
        ("General Electric Co., Schenectady, NY, USA", 42.81, -73.95),  # a county is called so too
        ("Stony Brook University, New York, USA", 40.93, -73.14),  # the state
    ],
)
def test_a_city_named_after_an_institution_says_where_it_is(text, lat, lon, shared: Path):
    dump = shared / "data/institutions/ror/ror-records.jsonl.gz"
    settings = geocoding.Settings(institutions=(dump,))
    steps = [geocoding.find(name, settings) for name in ("institution", "gazetteer")]
    answer = places.answer(asked({"institution": text}), steps, "city").to_pylist()[0]
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx((lat, lon), abs=0.15)


def test_each_step_says_what_it_knows_and_the_first_that_is_fine_enough_stands():
    steps = [geocoding.find(name, geocoding.Settings()) for name in ("given", "gazetteer")]
    address = {"city": "Cambridge", "region": "MA", "country": "US", "lat_e7": 423_751_000, "lon_e7": -711_056_100}
    first, second = explain(address, steps)
    assert (first.step, first.stands, first.place) == ("given", True, "Cambridge, MA, US")
    assert not second.stands
    assert "given comes first" in second.why
    (only,) = explain({"city": "Kanagawa-ken", "country": "JP"}, steps[1:])
    assert not only.stands
    assert "too coarse" in only.why
    (nothing,) = explain({"city": "Qwxyz"}, steps[1:])
    assert nothing.why == "knows nothing of it"
