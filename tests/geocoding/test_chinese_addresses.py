"""Addresses in Chinese characters beside an organisation's name, and towns that sound like a place of their city."""

import pyarrow as pa
import pytest

from hubrank.core.tables import ADDRESS_SCHEMA

FENGGANG, LONGGANG = (22.76, 114.15), (22.72, 114.26)  # of Dongguan and Shenzhen


def spot(resolver, **address):
    answer = resolver.locate(pa.Table.from_pylist([address], ADDRESS_SCHEMA)).to_pylist()[0]
    return answer["lat_e7"] and (round(answer["lat_e7"] / 1e7, 2), round(answer["lon_e7"] / 1e7, 2))


@pytest.mark.parametrize("address", ["东莞市凤岗镇凤深大道281", "广东省东莞市凤岗镇凤深大道281"])
def test_a_town_of_china_is_the_place_of_its_city_that_sounds_so(address, alone):
    assert spot(alone, address=address) == FENGGANG


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("深圳市东洋制冷设备有限公司 深圳市龙岗区龙西村第三工业区17栋", LONGGANG),
        ("深圳路易视康科技有限公司 东莞市凤岗镇雁田京东智谷一栋105号", FENGGANG),
        ("东莞市凤岗景冈赣菜馆 广东省东莞市凤岗镇金凤凰大道69号", FENGGANG),
        ("广东省东莞市凤岗镇金凤凰大道69号 深圳市景冈赣菜馆", FENGGANG),  # behind the address
    ],
)
def test_the_address_beside_an_organisation_is_read_and_not_its_name(address, place, alone):
    assert spot(alone, address=address) == place


@pytest.mark.parametrize(
    ("institution", "address", "place"),
    [
        ("深圳市鑫凯顺塑胶制品有限公司", "东莞市凤岗镇金凤凰世骏工业园F栋", FENGGANG),
        ("德胜博导国际教育科技（北京）有限公司深圳分公司", "深圳市龙岗区龙城街道爱联社区2栋", LONGGANG),
    ],
)
def test_an_address_in_its_column_binds_over_an_organisations_name(institution, address, place, registered):
    assert spot(registered, institution=institution, address=address) == place
