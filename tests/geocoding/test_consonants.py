"""Names in Arabic letters, which write long vowels only, as places by their consonants."""

import pytest

from hubrank.geocoding.gazetteer import consonants, gazetteer
from locating import one


@pytest.mark.parametrize(
    ("name", "economy", "place"),
    [
        ("الخفجي", "SA", "Al Khafjī"),  # the article may be assimilated, too
        ("السفانية", "SA", "As Saffānīyah"),
        ("فرندة", "DZ", "Frenda"),  # as the French write
        ("عين كرشة", "DZ", "Aïn Kercha"),
        ("صوير", "SA", "Şuwayr"),
    ],
)
def test_a_name_in_arabic_letters_is_the_place_with_its_consonants_and_long_vowels(name, economy, place):
    assert [gazetteer.places().name[row] for row in consonants.rows(name, economy)] == [place]


@pytest.mark.parametrize(
    "name",
    [
        "الحجفار",  # Al Jafr has no long vowel before its last letter
        "البردية",  # nor Buraydah one of that kind behind it
        "ضر",  # too short to tell anything
        "Frenda",
    ],
)
def test_other_vowels_or_too_few_letters_are_no_name(name):
    assert consonants.rows(name, "SA") == []


@pytest.mark.parametrize(
    ("address", "spot"),
    [
        ({"city": "الخفجي", "country": "SA"}, (28.44, 48.49)),
        ({"address": "الليث، المملكة العربية السعودية"}, (20.15, 40.27)),
        ({"address": "بلدية فرندة، ولاية تيارت"}, (35.07, 1.05)),
    ],
)
def test_a_place_by_its_consonants_has_85_percent_at_most(address, spot, alone):
    answer = one(alone, **address)
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx(spot, abs=0.08)
    assert float(answer["location_probability"]) == 0.85


def test_an_arabic_word_for_a_city_is_not_medina(alone):
    answer = one(alone, address="مدينة الرياض، المملكة العربية السعودية")
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx((24.69, 46.72), abs=0.08)
