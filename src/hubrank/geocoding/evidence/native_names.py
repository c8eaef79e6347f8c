"""Names of universities, schools and hospitals that are joined to their parts, or open with their town: 同济大学医学院.

These have their parts in one town, unlike academies (科学院) and companies.
"""

import re
from collections.abc import Callable

from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.text.affiliations import CITY_PEOPLE
from hubrank.geocoding.text.native_addresses import LEVELS
from hubrank.geocoding.text.normalise import key, without_kind

_SEGMENT = re.compile(r"[^,،、，;؛；|()\[\]\r\n\t]+")
_WORD = re.compile("[\u0e00-\u0e7f々ぁ-ヿ\u3400-\u9fff가-힣]{4,}")  # Thai, kana, Chinese characters, Hangul
_NOUNS = (
    *("大学", "大學", "大学校", "学院", "學院", "学校", "學校", "医院", "醫院", "病院"),
    *("대학교", "대학", "병원", "มหาวิทยาลัย", "โรงพยาบาล"),
)
_ACADEMY = ("科学院", "科學院")
# Before an organisation's name: 国立大学法人, 学校法人, 株式会社, 학교법인.
_LEGAL_FORM = re.compile(
    r"^\s*(?:[\u3400-\u9fff]{2,8}?法人|(?:株式|有限|合同)会社|[가-힣]{2,4}법인|(?:주식|유한)회사|[㈱㈜])\s*(?=\S{2})"
)
_CITY = (5, 4, 3, 2)  # characters of a prefecture of China without 市
_SHORTEST = 4  # characters of an organisation's name

IsName = Callable[[str], bool]


def separate_native_names(text: str, is_name: IsName) -> str:
    """Return a text with commas between a registered name and the part of the organisation before or behind it.

    A name that is not registered and opens with a prefecture of China is put before it: 福州理工学院.

    is_name : whether a text is in whole a registered name.
    """
    if text.isascii() or not _WORD.search(text):
        return text
    return _SEGMENT.sub(lambda segment: _separated(segment[0], is_name), text)


def _separated(segment: str, is_name: IsName) -> str:
    """Return a segment with its names separated; a registered name of several words that opens it stays whole.

    The legal form before a name is no part of it, unless it is registered so.
    """
    words = segment.split()
    for size in range(len(words), 1, -1):
        if is_name(front := " ".join(words[:size])):
            return ", ".join((front, *words[size:]))
    if is_name(segment):
        return segment
    if (name := _LEGAL_FORM.sub("", segment)) != segment:
        return _separated(name, is_name)
    return _WORD.sub(lambda word: _parts(word[0], is_name), segment)


def _parts(word: str, is_name: IsName) -> str:
    """Return a word with the longest registered name that opens it as a part of its own, or with its town last."""
    for end in range(len(word), _SHORTEST - 1, -1):
        name = word[:end]
        if not _has_noun(name):
            break
        if is_name(name) and not name.endswith(_ACADEMY):
            return f", {name}, {_town_last(word[end:])}"
    return _town_last(word)


def _town_last(word: str) -> str:
    """Return a word with the prefecture of China, or province that is a city, that opens it as a part behind it."""
    for size in _CITY if _has_noun(word) else ():
        name, cities = word[:size], regions.cities()
        is_level = word[size : size + 1] in LEVELS or without_kind(name) != name  # 北京市海淀区
        alone = not is_level and gazetteer.economies_of(key(name), CITY_PEOPLE) == {"CN"}
        areas = regions.find(name, "CN") if alone else ()
        if areas and all(area.admin2 or area.first_level in cities for area in areas):
            return f"{word[size:]}, {name}"
    return word


def _has_noun(name: str) -> bool:
    return any(noun in name for noun in _NOUNS)
