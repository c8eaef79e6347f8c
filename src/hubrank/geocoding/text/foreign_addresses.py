"""Addresses abroad in Japanese, Korean and Chinese, from the country to the house: 米国カリフォルニア州サンノゼ."""

import re

from hubrank.core import countries
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.region_names import IN_LETTERS, has_kind
from hubrank.geocoding.gazetteer.regions import Region
from hubrank.geocoding.gazetteer.spatial_relations import lies_in
from hubrank.geocoding.text.normalise import key, without_kind

_IN_HANGUL = frozenset(("KR", "KP"))  # which have levels of their own in these letters
_FIRST_OF_HANGUL = "가"
_IN_CHARACTERS = _IN_HANGUL | {"CN", "TW", "HK", "MO", "JP"}
_LONGEST_COUNTRY, _LONGEST_REGION, _LONGEST_TOWN = 22, 16, 20  # characters
_CODE = re.compile(r"〒?((?:[A-Z]{1,2}-?)?\d[\dA-Z-]{2,8})(?=[\s\u3041-\u9fff가-힣]|$)\s*")
_BLANKS = re.compile(r"[\s,]*")
_UNKNOWN_REGION = re.compile(r"[^\s\d]{2,12}?[州省県]")
# What ends a town's name: a blank, a number, the word for a town.
_BEHIND_TOWN = re.compile(r"\s*(?:[市町村郡]|시(?![가-힣]))?(?=[\s\d]|$)|[市町村]")


def foreign_parts(segment: str) -> list[str]:
    """Return the parts of a segment that begins with a country abroad, the widest last; empty where it does not.

    A region needs its kind, a blank or a town behind it, and a town an end, so that 加利福尼亚大学 stays a university.
    Where a region is stated by its kind and what follows is no town that is known in it, both are one part.
    """
    if not (segment and IN_LETTERS.match(segment)):
        return []
    size = _country_size(segment)
    economy = countries.find(segment[:size]) if size else None
    if economy is None or economy in (_IN_HANGUL if segment[0] >= _FIRST_OF_HANGUL else _IN_CHARACTERS):
        return []
    at = _skip(segment, size)
    code, at = _code(segment, at)
    region, start = _region(segment, at, economy)
    more, start = _code(segment, start) if not code else ("", start)
    town, end = _town(segment, start, economy, region)
    rest = segment[end:].strip(" ,")
    if region and rest and not town and has_kind(region) and not _is_city(region, economy):
        return [f"{region}{rest}", *filter(None, [code or more]), segment[:size]]
    if not (region or town or code or more):
        return []
    return [part for part in (rest, town, code or more, region, segment[:size]) if part]


def _country_size(text: str) -> int:
    """Return how long the name of a country is that opens a text, and does not end it; 0 where none does."""
    sizes = range(min(_LONGEST_COUNTRY, len(text) - 1), 1, -1)
    return next((n for n in sizes if not text[n - 1].isspace() and countries.find(text[:n], codes=False)), 0)


def _skip(text: str, at: int) -> int:
    """Return where a text goes on behind blanks."""
    blanks = _BLANKS.match(text, at)
    return blanks.end() if blanks else at


def _code(text: str, at: int) -> tuple[str, int]:
    """Return the post code that a text goes on with, and where it goes on."""
    code = _CODE.match(text, at)
    return (code[1], code.end()) if code else ("", at)


def _region(text: str, at: int, economy: str) -> tuple[str, int]:
    """Return the region that a text goes on with, of the second level with its kind, and where it goes on.

    One that is not known has the word for its kind and a town behind it: 加里福尼亚州波士顿.
    """
    for size in range(min(_LONGEST_REGION, len(text) - at), 1, -1):
        name, end = text[at : at + size], at + size
        named = () if name[-1].isspace() else regions.find(name, economy)
        if not any(has_kind(name) or not area.admin2 for area in named):
            continue
        if has_kind(name) or end == len(text) or text[end].isspace() or _town(text, end, economy)[0]:
            return name, _skip(text, end)
    unknown = _UNKNOWN_REGION.match(text, at)
    is_before_town = unknown is not None and _town(text, unknown.end(), economy)[0] != ""
    return (unknown[0], unknown.end()) if unknown and is_before_town else ("", at)


def _town(text: str, at: int, economy: str, region: str = "") -> tuple[str, int]:
    """Return the town of an economy, in a region stated by its kind, that a text goes on with, and where it goes on.

    A region that is not known has no towns that are: the largest of the name may lie in another one.
    """
    homes = regions.find(region, economy) if has_kind(region) else None
    for size in range(min(_LONGEST_TOWN, len(text) - at), 1, -1):
        name = text[at : at + size]
        behind = None if name[-1].isspace() else _BEHIND_TOWN.match(text, at + size)
        if behind and any(_is_town(key(form), economy, homes) for form in (name, without_kind(name))):
            return name, _skip(text, behind.end())
    return "", at


def _is_town(name: str, economy: str, homes: tuple[Region, ...] | None) -> bool:
    """Say whether a key is that of a place of an economy, and of one of some of its regions."""
    if homes is None:
        return economy in gazetteer.economies_of(name)
    rows = gazetteer.rows_named(name, economy)
    return any(lies_in(row, area) for row in rows for area in homes)


def _is_city(region: str, economy: str) -> bool:
    """Say whether a region is a city: ベルリン州."""
    return any(area.first_level in regions.cities() for area in regions.find(region, economy))
