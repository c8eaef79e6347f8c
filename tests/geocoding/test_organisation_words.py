"""Words for organisations in other languages and in abbreviations; hospitals that are named after their town."""

import pytest

from hubrank.geocoding.evidence import general_words
from locating import one


@pytest.mark.shared
@pytest.mark.parametrize(
    ("text", "spot"),
    [
        ("HOPITAL DE CERNAY, FRANCE", (47.81, 7.18)),
        ("Centre hospitalier de Lourdes, France", (43.09, -0.05)),
        ("Ospedale di Desenzano del Garda, Italy", (45.47, 10.54)),
    ],
)
def test_a_hospital_in_another_language_is_an_organisation(text, spot, registered):
    answer = one(registered, text)
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx(spot, abs=0.1)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("text", "spot"),
    [
        ("Centre hospitalier d'Embrun, France", (44.56, 6.50)),
        ("Centre hospitalier d’Hazebrouck, France", (50.72, 2.54)),
        ("Ospedale dell'Aquila, Italy", (42.35, 13.40)),
    ],
)
def test_an_apostrophe_parts_a_town_from_the_word_before_it(text, spot, registered):
    answer = one(registered, text)
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx(spot, abs=0.1)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("text", "spot"),
    [
        ("Southern Med Univ, Sch Nursing, Peoples R China", (23.12, 113.25)),
        ("Univ Fed Santa Catarina, Brazil", (-27.6, -48.55)),
        ("Univ Nacl Colombia, Colombia", (4.61, -74.08)),
    ],
)
def test_abbreviations_of_web_of_science_are_words_of_names(text, spot, registered):
    answer = one(registered, text)
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx(spot, abs=0.2)


@pytest.mark.shared
def test_an_apostrophe_in_a_street_parts_nothing(registered):
    answer = one(registered, "viale dell'Unione Europea, 19 TARCENTO Udine IT 33017")
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx((46.21, 13.22), abs=0.05)


@pytest.mark.parametrize(
    "text",
    ["Uniwersytet Szczeciński, Polska", "Univerzita Palackého, Česko", "Marmara Üniversitesi, Türkiye"],
)
def test_an_organisation_in_any_frequent_language_is_no_misspelt_town(text, alone):
    assert one(alone, address=text)["location_probability"] is None


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("Gazi Üniversitesi, Ankara, Türkiye", 323786),
        ("Akademia Foo, Szczecin, Polska", 3083829),
        ("Fundación, Magdalena, Colombia", 3682292),  # a town
        ("Ecole-Valentin, France", 3020468),
    ],
)
def test_a_town_behind_an_organisation_or_called_so_is_located(text, geonames_id, alone):
    answer = one(alone, address=text)
    assert (answer["gazetteer_id"], answer["location_probability"] > 0.8) == (geonames_id, True)


@pytest.mark.parametrize(("word", "mended"), [("Universit", "University"), ("Akademia", "Akademia")])
def test_only_words_with_an_error_are_mended(word, mended):
    assert general_words.spell_corrected(word) == mended
