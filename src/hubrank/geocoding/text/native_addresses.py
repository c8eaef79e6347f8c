"""Addresses in Chinese characters and Hangul, which go from the province to the house, without commas."""

import re

from hubrank.core import countries
from hubrank.core.countries import HAN
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.gazetteer import PRIMARY
from hubrank.geocoding.text.foreign_addresses import foreign_parts
from hubrank.geocoding.text.normalise import key, plain, without_kind

_CODE_BEFORE = re.compile(r"〒?\d{3}(?:-?\d{2,4})?(?=[^\W\d_])")  # a post code written together with the province
_BLANK_BEFORE = re.compile(r"(?:^|\s+)(?=\S)")
_NO_NAME = "(?!立|大学|大學)"  # 府立: of the prefecture
_PROVINCE = re.compile(rf"\S{{2,6}}?(?:省|自治区|自治區|特别行政区|都|道|府|県|縣){_NO_NAME}")
_CITY_LEVEL = re.compile(r"\S{1,7}?(?:市(?![市立])|自治州|地区|盟)")
# 郡 with a town in it: 中新川郡上市町 is no city, 蒲郡市 is one.
_RURAL = re.compile(r"\S{1,4}?郡(?:[^市\s]|市(?=[町村])){1,5}?[町村]")
_CITY_WITHIN = re.compile(r"\S{1,6}?市(?![市立])")  # of a county's rank, in a city: 苏州市昆山市
# Behind province and city one that is not known, too: 榆林市神木市; but no market (超市), shop (门市), big city (都市).
_COUNTY_CITY = re.compile(r"[^\W\d路街道]{1,3}(?<![超门門都夜书])市")
_COUNTY = re.compile(r"\S{1,6}?(?:区|區|县|縣|旗|郡)|\S{2,14}?自治[县縣旗]")
_TOWN_LEVEL = re.compile(r"\S{1,6}?(?:町|村|镇|鎮|乡|鄉|街道)")
_COMPANY = re.compile(r"公司(?=$|\s)")  # whose name opens with the place where it is registered
_OF_COUNTY = re.compile(".{1,4}?郡(?=.+[町村]$)")
_MUNICIPAL, _LONGEST_MUNICIPALITY = frozenset("市区町村"), 10  # characters: 南都留郡富士河口湖町
_ITS_INSTITUTION = re.compile(r"立(?!\S{1,4}町)")  # 名古屋市立大学, not 八女市立花町
LEVELS = frozenset("省市区區县縣旗州盟")
_BARE_CITY = (5, 4, 3, 2)  # characters of a city without 市: 乌兰察布, 绵阳
_SHORT_PROVINCE = (3, 2)  # characters without 省: 黑龙江, 山东
_WHOLE = re.compile(r"[^\s\d]{2,8}(?=$|[\s\d])")  # up to a blank or a post code
_LONGEST_COUNTRY = 8  # characters: 阿拉伯联合酋长国
_CITY_AT_HOME = 100_000  # inhabitants of a city behind its country, as companies may have such names: 中国平安
_WRITE_SO = frozenset(("CN", "TW", "JP", "HK", "MO"))  # whose names are in these characters
_HANGUL_PROVINCE = re.compile(r"([가-힣]{2,4}) [가-힣]+[시구군](?=\s|$)")
_HANGUL_LEVEL = re.compile(r"[가-힣]+(?:시|도|구|군|읍|면)")
_HANGUL_BEFORE = re.compile(r"(?:(대한민국|한국) )?(?:(\d{5}|\d{3}-\d{3}) )?(?=[가-힣])")  # country, post code
_HANGUL_JOINED = re.compile(r"[가-힣]+?(?:시(?![시군구])|군|구)")
_LONGEST_PROVINCE = 7  # characters: 강원특별자치도
_MUNICIPAL_NAME = re.compile("[\u3400-\u9fff]{1,5}[市縣县鎮镇鄉乡區区]")
_OPENS_WITH_COUNTY, _CITY_COLUMN = (
    re.compile("[\u3400-\u9fff]{1,9}?(?:[县縣旗]|市(?![区區])|(?<![园園小市城校])(?<!开发)(?<!工业)(?<!自治)[区區])"),
    re.compile("[\u3400-\u9fff]{2,12}[市州盟区]"),
)
_DIGIT, _LEVEL_AND_REST = re.compile(r"\d"), 2
_COUNTRIES = {"CN": "中国", "JP": "日本", "TW": "臺灣"}


def native_parts(segment: str) -> list[str]:
    """Return the parts of a segment that begins with its province or city, the widest last, else the segment.

    四川省成都市 is 成都市, 四川省; 서울특별시 서대문구 연세로 50 is 연세로 50, 서대문구, 서울특별시.
    """
    if abroad := foreign_parts(segment):
        return abroad
    before = _HANGUL_BEFORE.match(segment)
    if before is None or not before.end():
        return _parts(segment)
    parts = _parts(segment[before.end() :])
    return [*filter(None, [before[2]]), *parts, *filter(None, [before[1]])] if parts[1:] else [segment]


def widest_level(address: str) -> str:
    """Return the province or city with which an address in Chinese characters opens, "" where it does not."""
    parts = _from_province(address, 0) if HAN.match(address) else []
    return parts[-1] if parts[1:] else ""


def joined_to_city(address: str, city: str, region: str) -> str:
    """Return an address in Chinese characters that a county or district opens with its region and city before it.

    "" where it is none: 宾县 | 哈尔滨市 | 黑龙江省.
    """
    if not (_OPENS_WITH_COUNTY.match(address) and _CITY_COLUMN.fullmatch(city)):
        return ""
    around = region if region != city and HAN.search(region) else ""
    return address if city in address else f"{around}{city}{address}"


def _parts(segment: str) -> list[str]:
    """Return the parts of a segment without country and post code before a province in Hangul."""
    if country := _country_of_name(segment):
        return [segment, country]
    segment = _with_blanks(segment)
    if (is_short := _is_short_province(segment)) or _HANGUL_LEVEL.match(segment):
        words = segment.split()
        behind_levels = (at for at, word in enumerate(words) if at >= is_short and not _HANGUL_LEVEL.fullmatch(word))
        levels = next(behind_levels, len(words))
        return [*filter(None, [" ".join(words[levels:])]), *reversed(words[:levels])]
    front, _, last = segment.rpartition(" ")
    behind = [last] if front and countries.find(last) else []
    address = front if behind else segment
    if (code := _CODE_BEFORE.match(address)) and _is_known(parts := _from_province(address, code.end())):
        return [code[0], *parts, *behind]
    for word in _BLANK_BEFORE.finditer(address):
        if parts := _from_province(address, word.end()):
            before, parts = _behind_organisation(address[: word.start()].strip(), parts)
            return [*filter(None, [before]), *parts, *behind]
    return [segment]


def _behind_organisation(before: str, parts: list[str]) -> tuple[str, list[str]]:
    """Return what stands before an address and its parts, where its levels open an organisation's name before it.

    That has no number, and behind a blank the address opens with its own levels: 深圳…公司 东莞市凤岗镇…1号.
    """
    rest = parts[0]
    for word in _BLANK_BEFORE.finditer(rest) if " " in rest else ():
        name, address = rest[: word.start()], _from_province(rest, word.end()) if word.start() else []
        if _DIGIT.search(name):
            break
        if len(address) > _LEVEL_AND_REST or (address[1:] and _DIGIT.search(address[0])):
            return " ".join(filter(None, (before, "".join(reversed(parts[1:])) + name))), address
    return before, parts


def _with_blanks(segment: str) -> str:
    """Return a text in Hangul with blanks behind the levels that are joined to its province: 경기도수원시영통구."""
    if segment[-1:] not in ("시", "군", "구") or " " in segment:
        return segment
    for size in range(_LONGEST_PROVINCE, 1, -1):
        finer = _HANGUL_JOINED.findall(segment[size:])
        if "".join(finer) == segment[size:] and any(not area.admin2 for area in regions.find(segment[:size], "KR")):
            return " ".join((segment[:size], *finer))
    return segment


def _country_of_name(name: str) -> str:
    """Return the country of a municipality's name in whole, if places of it alone are called so: 竹北市, 江阴市."""
    if not _MUNICIPAL_NAME.fullmatch(name):
        return ""
    homes = {gazetteer.home_of(row)[0] for row, kind in gazetteer.names().rows(key(name)) if kind == PRIMARY}
    return _COUNTRIES.get(homes.pop(), "") if len(homes) == 1 else ""


def _is_known(parts: list[str]) -> bool:
    """Say whether parts of an address have a place of the country that its province, the last of them, is in."""
    areas = (*regions.named_anywhere(key(parts[-1])), *regions.find(parts[-1], "TW")) if parts else ()
    economies = {area.economy for area in areas}
    return any(economy in economies for part in parts[:-1] for economy, _ in _homes(part))


def _is_short_province(text: str) -> bool:
    """Say whether a text in Hangul opens with a province without its kind before a city or ward: 서울 강남구."""
    front = _HANGUL_PROVINCE.match(text)
    return front is not None and any(not area.admin2 for area in regions.find(front[1], "KR"))


def _from_province(text: str, at: int) -> list[str]:
    """Return the parts of a text in Chinese characters that goes on with its province or city, the widest last.

    What stands behind a house number stays with it, so that a person there is not shown either.
    """
    if not (HAN.match(text, at) or _municipality(text, at, "")):
        return []
    size = next(
        (n for n in range(_LONGEST_COUNTRY, 1, -1) if len(text) > at + n and countries.find(text[at : at + n])), 0
    )
    economy = countries.find(text[at : at + size]) or "" if size else ""
    levels = [text[at : at + size], _province(text, at + size, economy)]
    at += size + len(levels[1])
    at += text[at : at + 1] == " "
    if town := _municipality(text, at, levels[1]):
        rest = text[at + len(town) :].strip()
        county = _OF_COUNTY.match(town) if levels[1] else None  # which tells namesakes apart where no prefecture does
        levels += [county[0], town[county.end() :]] if county else [town]
        if rest and not any(levels[:2]) and _is_only_in_japan(town):
            levels[0] = _COUNTRIES["JP"]  # 中央 is also a region of other countries: 相模原市中央区中央2-11-15
        return [part for part in (rest, *reversed(levels)) if part]
    if (whole := _WHOLE.match(text, at)) and _lies_in(whole[0], levels[1], economy):
        return [part for part in (text[whole.end() :].strip(), whole[0], *reversed(levels)) if part]
    city = _bare_city(text, at, levels[1])
    if city:
        levels.append(city)
        at += len(city)
    first = 2 if _RURAL.match(text, at) else 1 if city else 0  # a rural district is of a county's rank
    for level in (_CITY_LEVEL, _CITY_WITHIN, _COUNTY, _TOWN_LEVEL)[first:]:
        at += text[at : at + 1] == " "
        part = level.match(text, at)
        sure = part and (part[0][-1] != "市" or (level is _CITY_LEVEL and levels[1]) or _is_city(part[0], levels[1]))
        if part and level is _CITY_WITHIN and all(levels[1:3]):
            sure = sure or _COUNTY_CITY.fullmatch(part[0]) is not None
        levels.append(part[0] if part and sure else "")
        at += len(levels[-1])
        if not any(levels[1:]):
            return []
    if not levels[0] and _is_in_taiwan(list(filter(None, levels))):
        levels[0] = _COUNTRIES["TW"]
    return [part for part in (text[at:].strip(), *reversed(levels)) if part]


def _province(text: str, at: int, economy: str) -> str:
    """Return the province that a text in Chinese characters has from a character on; without 省 before its places.

    Counties of Taiwan are in none.
    """
    if whole := _PROVINCE.match(text, at):
        is_county = (economy or "TW") == "TW" and whole[0][-1] in "縣县" and regions.find(whole[0], "TW")
        if is_county or regions.named_anywhere(key(whole[0])):
            return whole[0]
    for size in _SHORT_PROVINCE:
        homes = {area.first_level for area in regions.named_anywhere(key(text[at : at + size]))}
        finer = (level.match(text, at + size) for level in (_CITY_LEVEL, _COUNTY, _WHOLE)) if homes else ()
        lies_there = any(part and not homes.isdisjoint(_homes(part[0]) | _areas(part[0])) for part in finer)
        if lies_there or (homes and _bare_city(text, at + size, text[at : at + size])):
            return text[at : at + size]
    return ""


def _municipality(text: str, at: int, province: str) -> str:
    """Return the municipality of Japan that a text goes on with, behind its county, with its ward: 足柄上郡開成町."""
    homes = {area.first_level for area in regions.named_anywhere(key(province))} if province else set()
    for size in range(_LONGEST_MUNICIPALITY, 1, -1):
        name = text[at : at + size]
        if len(name) == size and name[-1] in _MUNICIPAL and not _ITS_INSTITUTION.match(text, at + size):
            of = {gazetteer.home_of(row) for row, kind in gazetteer.names().rows(key(name)) if kind == PRIMARY}
            if any(home[0] == "JP" and (not province or home in homes) for home in of):
                return name
    return ""


def _is_in_taiwan(levels: list[str]) -> bool:
    """Say whether parts open with a county or city of Taiwan alone and go on with a place there: 彰化縣, 田中鎮."""
    county, *finer = levels
    if not finer or not regions.find(county, "TW") or regions.find(county, "CN"):
        return False
    return any(economy == "TW" for part in finer for economy, _ in _homes(part))


def _is_only_in_japan(name: str) -> bool:
    """Say whether no place elsewhere has a name: 南陽市 is also Nanyang."""
    return {gazetteer.home_of(row)[0] for row, _ in gazetteer.names().rows(key(name))} == {"JP"}


def _bare_city(text: str, at: int, province: str) -> str:
    """Return the city without 市 that a text in Chinese characters goes on with, else "": 四川绵阳科技有限公司.

    That is a prefecture of the province before it or, as a company's name opens with the place where it is registered,
    there any place of the province, or a prefecture or a province that is a city: 深圳, 北京.
    """
    is_company = _COMPANY.search(text, at) is not None
    whole = _CITY_LEVEL.match(text, at)
    if not (province or is_company) or (whole and whole[0][-1] != "市"):  # 大理白族自治州
        return ""
    homes = {area.first_level for area in regions.named_anywhere(key(province))} if province else set()
    for size in _BARE_CITY:
        name = text[at : at + size]
        if len(text) <= at + size or text[at + size] in LEVELS or without_kind(name) != name:
            continue
        cities = _areas(name)
        if (cities and not province) or not homes.isdisjoint(cities | (_homes(name) if is_company else set())):
            return name
    return ""


def _areas(name: str) -> set[tuple[str, str]]:
    """Return economy and region of the prefectures of China, and of its provinces that are cities, by name."""
    homes = ((area.admin2, area.first_level) for area in regions.find(name, "CN"))
    return {home for admin2, home in homes if admin2 or home in regions.cities()}


def _lies_in(place: str, province: str, economy: str) -> bool:
    """Say whether a name is in whole a place's in a province, or else in a country: 四川成都, 美国波士顿."""
    if province:
        return not _homes(place).isdisjoint(area.first_level for area in regions.named_anywhere(key(province)))
    if not economy:
        return False
    least = _CITY_AT_HOME if economy in _WRITE_SO else 0
    return any(economy in gazetteer.economies_of(key(name), least) for name in (place, without_kind(place)))


def _is_city(place: str, province: str) -> bool:
    """Say whether a name is a place's, or sounds like one in the province: 邛崃市 is Qionglai, 超市 a market."""
    sounds = {gazetteer.home_of(row) for row, _ in gazetteer.names().rows(key(plain(without_kind(place))))}
    areas = regions.named_anywhere(key(province)) if province and place != without_kind(place) else ()
    return bool(_homes(place)) or not sounds.isdisjoint(area.first_level for area in areas)


def _homes(place: str) -> set[tuple[str, str]]:
    """Return economy and region of the places of a name, with or without the word for their kind."""
    names = {key(place), key(without_kind(place))}
    return {gazetteer.home_of(row) for name in names for row, _ in gazetteer.names().rows(name)}
