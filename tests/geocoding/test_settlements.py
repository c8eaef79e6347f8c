"""A settlement behind its city in a Russian address, and what follows a quarter of Japan, is meant."""

import pytest

from hubrank.geocoding.text.settlements import with_settlement_first
from locating import one

TUCHKOVO, MOSCOW, KAKEGAWA = 480685, 524901, 1860728


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("Московская обл, г Руза, рп Тучково, ул Партизан, д.15/2", TUCHKOVO),
        ("г Москва, поселок Коммунарка, ул Липовый парк, д.5", 545782),
        ("г Москва, поселок Фообар, ул Липовый парк, д.5", MOSCOW),  # not known
        ("г Москва, ул Кулакова, д.20", MOSCOW),
        ("2-19-14, Sakura-cho Kakegawa, Shizuoka, JAPAN", KAKEGAWA),
        ("Ota-machi Naka-ku, Yokohama, Japan", 1848354),
        ("Yoshida-cho Sakyo-ku Kyoto, Japan", 1857910),  # a ward follows
        ("2-7-1 Hirakawa-cho Chiyoda-ku Tokyo, Japan", 1850147),
        ("Kawanishi-machi Niigata, Japan", 1859675),  # a town
    ],
)
def test_the_finer_is_meant(text, geonames_id, alone):
    assert one(alone, text)["gazetteer_id"] == geonames_id


def test_a_settlement_that_is_not_known_stays_behind_its_city():
    text = "г Москва, поселок Фообар, ул Ленина, д.5"
    assert with_settlement_first(text) == text
