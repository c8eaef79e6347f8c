"""A number tells the name of a street from a town's: before it where addresses end in states, or with its mark."""

import pytest

from hubrank.geocoding.text.street_lines import separate_marked_number
from locating import one

SANTA_CLARA, BEAUMONT, NEW_YORK = 5393015, 4672989, 5128581


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("495 El Camino Real, Santa Clara, CA", SANTA_CLARA),
        ("495 El Camino Real, Santa Clara, CA, USA", SANTA_CLARA),
        ("USA, CA, Santa Clara, 495 El Camino Real", SANTA_CLARA),
        ("3250 FANNIN, 77701 BEAUMONT, US", BEAUMONT),  # no Fannin County
        ("11 Madison, New York, NY, USA", NEW_YORK),
        ("Geneva 12, Sulgen, Switzerland", 2658455),  # no district, as the town is far from that city
        ("12 Mumbai, Aland, India", 1279068),  # one of two digits in any country
        ("Morelos # 410, Salinas Victoria, 65500, Mexico", 3988163),
        ("Buenos Aires 1364, San Juan City, Argentina", 3837213),
        ("CARRETERA SALIDA A CELAYA # 32 COMONFORT GUANAJUATO 38200 MÉXICO", 4013094),
    ],
)
def test_a_numbered_name_before_a_town_is_a_street(text, geonames_id, alone):
    assert one(alone, text)["gazetteer_id"] == geonames_id


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("100 Mile House, British Columbia, Canada", 5881639),
        ("77701 Beaumont, Jefferson County, Texas, USA", BEAUMONT),
        ("94105 San Francisco, California, USA", 5391959),
        ("2006 Sydney, New South Wales, Australia", 2147714),
        ("200 Park, New York, USA", NEW_YORK),
        ("69 Lyon, France", 2996944),  # nothing follows
        ("6 October City, Giza, Egypt", 353219),
        ("25 de Mayo, La Pampa, Argentina", 3833111),
        ("Celetná 593/21, 110 00 Praha 1 - Staré Město, Czech Republic", 3065328),  # a district's
        ("Foo, Prague 2, Nové Město, Czech Republic", 3069467),
        ("Foo, Dublin 4, Ballsbridge, Ireland", 2964574),
    ],
)
def test_a_post_code_or_a_number_in_a_name_is_no_house(text, geonames_id, alone):
    assert one(alone, text)["gazetteer_id"] == geonames_id


@pytest.mark.parametrize("text", ["Apt # 5 B Boston", "C# Corner", "Lab #2", "#5 Boston"])
def test_other_marks_part_nothing(text):
    assert separate_marked_number(text) == text
