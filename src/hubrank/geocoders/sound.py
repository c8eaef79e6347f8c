"""Names that are romanised in several ways, brought to one: Chungho is Zhonghe, Kyungki is Gyeonggi, Hertsliyah Herzliya.

Used for alike-sounding candidates only, within one economy; so the spellings below need to be good, not perfect.
"""

import re
from functools import lru_cache

Rules = tuple[tuple[re.Pattern[str], str], ...]


def _rules(*pairs: str) -> Rules:
    """Compile `from → to` pairs, applied one after another."""
    split = (pair.split(">") for pair in pairs)
    return tuple((re.compile(old), new) for old, new in split)


_DOUBLE = r"(.)\1+>\1"
_CHINESE = _rules(
    *("hs>s x>s sh>s zh>j ch>j q>j r>j tz>z ts>z c>z t>d p>b k>g ung>ong ieh>ie ien>ian yen>yan uei>ui".split()),
    *("ueh>ue uo>e o(?!n)>e ih>i ei>ai ow>ou ai>e".split()),
    _DOUBLE,
)
_KOREAN = _rules(
    *("tch>j ch>j k>g p>b t>d sh>s r>l oo>u ou>u yeo>yo yu>yo eo>o eu>u ue>o u>o ae>e ay>e wo>o".split()),
    _DOUBLE,
)
_JAPANESE = _rules(
    *("ou>o oo>o uu>u oh>o l>r sy>sh ty>ch cy>ch zy>j si>shi ti>chi tu>tsu hu>fu zi>ji du>zu dzu>zu nb>mb np>mp nm>mm".split()),
    _DOUBLE,
)
_HEBREW = _rules(*("tz>z ts>z ph>p f>p kh>h ch>h q>k c>k w>v b>v th>t [aeiouy]+> h$> j>".split()), _DOUBLE)
_SOUNDS = {"TW": _CHINESE, "CN": _CHINESE, "HK": _CHINESE, "KR": _KOREAN, "JP": _JAPANESE, "IL": _HEBREW}
_KINDS = {
    "TW": re.compile(r"(?<=.{4})(?:hsiang|hsien|shih?|chen|tsun|chu|city|chiu)$"),
    "JP": re.compile(r"(?<=.{4})(?:shi|machi|mura|gun|cho|ken|ku)$"),
    "KR": re.compile(r"(?<=.{3})(?:shi|si|gun|kun|gu|ku|dong|ri|eup|uep|myun|myeon|gwangyeoks?h?i?|kwangyuk(?:shi)?|jikhalsi)$"),
}


@lru_cache(65536)
def sound(key: str, economy: str) -> str:
    """Return what the spellings of a key have in common in an economy; "" where spellings do not vary."""
    rules = _SOUNDS.get(economy)
    if not rules:
        return ""
    for pattern, new in rules:
        key = pattern.sub(new, key)
    return key


def without_kind(key: str, economy: str) -> str:
    """Return a key without a word for town, county or ward written together with it: Wukuhsiang, Yawatamura."""
    pattern = _KINDS.get(economy)
    return pattern.sub("", key) if pattern else key
