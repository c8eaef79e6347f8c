"""Separators instead of commas: full stops, post codes, slashes and hyphens before regions."""

import re
from collections.abc import Collection
from functools import cache, lru_cache

from hubrank.core import countries
from hubrank.geocoding.gazetteer import abbreviated_names, gazetteer, post_areas, regions
from hubrank.geocoding.gazetteer.gazetteer import ANY_KIND, NEARBY, PRIMARY
from hubrank.geocoding.gazetteer.regions import Region
from hubrank.geocoding.gazetteer.surroundings import regions_of_town
from hubrank.geocoding.text.contacts import without_contacts
from hubrank.geocoding.text.country_order import with_country_last
from hubrank.geocoding.text.cut_countries import with_whole_country
from hubrank.geocoding.text.normalise import key, plain, without_kind_before
from hubrank.geocoding.text.post_codes import bare, codes_in, is_of_box_or_room
from hubrank.geocoding.text.stated_countries import PAIR, STATES_OF, country, economies_around, split_country

_SOMEWHERE = re.compile(r"\A\s{0,3}(?:somewhere|based|located|situated|headquartered) in (?:the )?", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_STOP = re.compile(r"\b(\w+)\. +(?=[^\W\d_a-z])")  # a full stop, and a capital letter behind it
_POST_CODE_WITHIN = re.compile(r"(?<=[^\s,;]) +([A-Z]{1,3}-\d{4,5}(?: [A-Z]{2})?|\d{5,6}) +(?=[^\W\d_a-z])")
_POST_CODE_WITHIN_LOWER = re.compile(r"(?<=[^\s,;]) +([a-z]{1,3}-\d{4,5}|\d{5,6}) +(?=[^\W\d_])")
_CODE_BEFORE_COUNTRY = re.compile(r"(?<=[A-Z]) +(\d{5,6} [A-Z]{2})$")
# Rio Verde/GO, Campinas-SP: a town and the code of its state.
_WITH_STATE = re.compile(r"(?<=[^\W\d_])\s?[/-]\s?([A-Z]{2})(?=\s*(?:[,.;)]|[-–] |CEP\b|$))")
_LABEL_ALONE = re.compile(r"[\s,;.–-]{1,4}\b(?:CEP|PLZ|ZIP)[.:]?\s*$")  # of a post code that is missing
# S. Paulo/SP, P. Alegre, RS: a town whose first words are abbreviated, and the code of its state.
_ABBREVIATED_TOWN = re.compile(
    r"(?:^|(?<=[,;(]))(\s{0,3})((?:[^\W\d_]{1,5}\.\s?){1,3}[^\W\d_][^,;/()\d.]{2,40}?)\s?[,/-]\s?([A-Z]{2})(?=\s*(?:[,.;)]|$))"
)
# Nusaybin/Mardin, Wake Forest-North Carolina, Berlin-Germany: a town and its region or country.
_WITH_AREA = re.compile(r"(?<=[^\W\d_])([/-])([^\W\d_][^,;()/\d-]{2,}[^\W\d_])(?=\s*(?:[,;()\d]|$))")
# Springfield Illinois 62701 USA: a post code behind words, and what stands behind it up to the end of the part.
_CODE_AT_END = re.compile(
    r"(?<=[^\W\d_])\s{1,3}(\d{4,5}(?:-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d)(?=\b\s{0,3}([^\d,;()]{0,30})(?:[,;)]|$))"
)
# Seattle, Wa 98106; Darwin N.T. 0800: letters that may be a state's code, a post code, and what stands behind it.
_STATE_AND_CODE = re.compile(
    r"(?<=[^\W\d_])([,.]{0,2}\s{1,3})((?:[A-Z]\.){2,3}|[A-Za-z]{2,3})"
    r"(?=[.,]{0,2}\s{1,3}(\d{4,5}(?:-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d)\b\s{0,3}([^\d,;()]{0,30})(?:[,;)]|$))"
)
# Lahore1,2, Pakistan: numbers of footnotes, joined to a town.
_FOOTNOTE = re.compile(r"(?<=[^\W\d_]{3})\d{1,2}(?:,\d{1,2}){0,5}(?=,)")
# Bathurst (BHS), AU: a town and the code of its airport (IATA).
_AIRPORT = re.compile(r"([^,;()\d]{3,60}) \(([A-Z]{3})\), ([A-Z]{2})$")
_JOINED = re.compile(r"(?<=[^\W_]|\.)(?=[A-Z][a-z])")  # StreetFrisco, 108Chester
# NAVAL WAR COLL NEWPORT RI DEPT OF OPERATIONS: what stands behind may be no post code.
_STATE_WITHIN = re.compile(r"(?<=[A-Z]) ([A-Z]{2}) +(?=[A-Z])")
_BY_SLASHES = re.compile(r"[^\W\d_][^,;()/\d]{1,60}(?:/[^\W\d_][^,;()/\d]{1,60}){2,4}")  # Tizayuca/Hidalgo/Mexico
_BEFORE_TOWN = re.compile(r"[,;/()–-]")
_BEFORE_STATE = re.compile("[,;()]")
_STATE_WORDS = 3
_LONGEST_CITY_REGION = 20  # characters: Bogotá, D.C.
_LONGEST_TOWN, _LONGEST_COUNTRY = 60, 40  # characters; of a town with its post code
TOWN_WORDS, _JOINED_WORDS = 3, 5  # of a town; of one that a region or country is joined to
_ACRONYM = 3  # letters of an acronym; shorter ones are initials: J. R. D. Tata
_WORD, _SHORT_WORD, _VOWELS = 6, 4, "aeiouy"  # letters of what is no abbreviation; a short word ends in a vowel: Preto
# What ends a province or city of Japan or Korea, before a city or ward of its own: Gyeonggi-do Yongin-si Giheung-gu.
_LEVEL = re.compile(
    r"(-(?:ken|to|fu|do|shi|si|gun)| Pref\.?| Prefecture) (?=[^\W\d_]{2,20}-(?:shi|si|gun|ku|gu)\b)", re.IGNORECASE
)
# The same from the finest to the widest: Suwa-shi Nagano-ken; by a bare name behind a city only (Kawasaki-shi Kanagawa
# 211-8588), as that is the city's behind its ward (Kita-ku Osaka).
_LEVEL_BEFORE = re.compile(
    r"(-(?:shi|si|gun|ku|gu|cho|machi|mura|son)) (?=[^\W\d_]{3,20}-(?:ken|fu|to|do)\b)", re.IGNORECASE
)
_CITY_BEFORE = re.compile(
    r"(-(?:shi|si|gun)) (?=([^\W\d_]{3,20})(?:\s{1,3}\d{3}-?\d{4}\b|\s{0,3}(?:[,(]|$)))", re.IGNORECASE
)
# A ward of Japan before its city: Kita-ku Osaka.
_WARD = re.compile(r"(?<![\w-])([^\W\d_]+-ku) (?=([^\W\d_]{3,}(?:-shi)?)(?![\w-]))", re.IGNORECASE)
# A quarter of Japan before its town: Honcho-cho Itsukaichi.
_QUARTER = re.compile(r"(-(?:cho|chome)) (?=[^\W\d_]{3,}(?![\w-]))", re.IGNORECASE)


def _is_word(text: str) -> bool:
    """Say whether what stands before a full stop is a word, an acronym or a number, and no abbreviation."""
    long_enough = len(text) >= _WORD or (len(text) >= _SHORT_WORD and plain(text)[-1:] in _VOWELS)
    return long_enough or text.isdigit() or (text.isupper() and len(text) >= _ACRONYM)


def with_commas(text: str) -> str:
    """Return a text with commas for what else parts it: full stops, a post code, a region that a town is joined to."""
    text = _SOMEWHERE.sub("", without_contacts(text))
    text = text.replace(",", "") if len(text) < _LONGEST_CITY_REGION and _is_city_region(text) else text
    text = _separate_parts(text) if "/" in text else text
    text = _LABEL_ALONE.sub("", text) if text[-5:].isupper() else text
    text = with_whole_country(text)
    text = _ABBREVIATED_TOWN.sub(_as_town_in_full, text) if "." in text else text
    text = _separate_unit(text) if text.isupper() else text
    text = _without_airport(text) if "), " in text else text
    numbered = _DIGIT.search(text) is not None
    if numbered and "," in text:
        text = _FOOTNOTE.sub(_without_footnote, text)
        numbered = _DIGIT.search(text) is not None
    text = without_kind_before(with_country_last(_separate_towns(text) if numbered else text))
    text = _separate_levels(text) if "-" in text else text
    text = _separate_areas(_WITH_STATE.sub(_as_part, text)) if "/" in text or "-" in text else text
    text = _separate_states(text) if numbered else text
    text = _separate_at_code(text) if numbered else text
    stops = _STOP.findall(text) if ". " in text else []
    return _STOP.sub(r"\1, ", text) if stops and all(map(_is_word, stops)) else text


def _separate_levels(text: str) -> str:
    """Return a text with commas between the provinces, cities, wards and quarters of Japan and Korea."""
    for levels in (_LEVEL, _LEVEL_BEFORE, _QUARTER):
        text = levels.sub(r"\1, ", text)
    return _CITY_BEFORE.sub(_city_before, _WARD.sub(_ward_before, text))


def _ward_before(ward: re.Match[str]) -> str:
    """Return a ward with a comma if the city that it is one of follows."""
    return f"{ward[1]}, " if key(f"{ward[1]} {ward[2]}") in gazetteer.names().number else ward[0]


def _city_before(city: re.Match[str]) -> str:
    """Return what ends a city, with a comma if a region of Japan or Korea follows."""
    return f"{city[1]}, " if regions.find(city[2], "JP") or regions.find(city[2], "KR") else city[0]


def _separate_at_code(text: str) -> str:
    """Return a text with a comma at a post code amid words; in small letters throughout before any word."""
    within = _POST_CODE_WITHIN_LOWER if text.islower() else _POST_CODE_WITHIN
    return within.sub(_with_comma, _CODE_BEFORE_COUNTRY.sub(r", \1", text))


def _with_comma(code: re.Match[str]) -> str:
    """Return a post code with a comma before it; behind it where the country follows or it is a box's number."""
    behind = _BEFORE_STATE.split(code.string[code.end() : code.end() + _LONGEST_COUNTRY])[0]
    return f" {code[1]}, " if is_of_box_or_room(code) or country(behind.strip(" .")) else f", {code[1]} "


def _separate_parts(text: str) -> str:
    """Return a text with commas for slashes where two or more part it and the last part is a country."""
    is_list = _BY_SLASHES.fullmatch(text) and country(text.rpartition("/")[2])
    return text.replace("/", ", ") if is_list else text


def _is_city_region(text: str) -> bool:
    """Say whether a text with a comma is a region that is a city: Bogotá, D.C."""
    named = regions.named_anywhere(key(text)) if text.count(",") == 1 else ()
    return any(region.first_level in regions.cities() for region in named)


def _without_footnote(numbers: re.Match[str]) -> str:
    """Return nothing for the numbers behind a town of the country that the text ends in."""
    town = _BEFORE_TOWN.split(numbers.string[max(0, numbers.start() - _LONGEST_TOWN) : numbers.start()])[-1]
    home = country(numbers.string[-_LONGEST_COUNTRY:].rpartition(",")[2].strip(" ."))
    return "" if home and home in gazetteer.economies_of(key(town)) else numbers[0]


def _without_airport(text: str) -> str:
    """Return a text without the code behind a town, if its country's code follows, and neither is a state's."""
    airport = _AIRPORT.match(text)
    if airport is None:
        return text
    home = countries.find(airport[3]) or ""
    at_home = economies_around(airport[3], key(airport[1])) == (home,) and not regions.find(airport[2], home)
    return f"{airport[1]}, {airport[3]}" if at_home else text


def _as_town_in_full(town: re.Match[str]) -> str:
    """Return a town and its state with the town's first word in full, if the state has one such town."""
    name = abbreviated_names.town_in_state(town[2], town[3])
    return f"{town[1]}{name}, {town[3]}" if name else town[0]


def _as_part(code: re.Match[str]) -> str:
    """Return a code behind a town as a part of its own, if a state of that code has the town."""
    town = _BEFORE_TOWN.split(code.string[max(0, code.start() - _LONGEST_TOWN) : code.start()])[-1]
    return f", {code[1]}" if economies_around(code[1], key(bare(town))) else code[0]


def _separate_areas(text: str) -> str:
    """Return a text with commas between a town and the region or country joined to it, and before that town."""
    parts, done = [], 0
    for area in _WITH_AREA.finditer(text):
        if town := _town_of(area):
            start = max(done, text.rfind(town.split()[0], done, area.start()))
            front = text[done:start].rstrip()
            alone = not front or front.endswith(tuple(",;()/"))
            parts.append(text[done : area.start()] if alone else f"{front}, {town}")
            parts.append(f", {area[2]}")
            done = area.end()
    return "".join((*parts, text[done:])) if parts else text


def _separate_states(text: str) -> str:
    """Return a text with commas around a state in full and its post code: 5 Main St Springfield Illinois 62701 USA."""
    parts, done = [], 0
    for code in _CODE_AT_END.finditer(text):
        if code[2] and not country(code[2]):
            continue
        words = _BEFORE_STATE.split(text[max(done, code.start() - _LONGEST_TOWN) : code.start()])[-1].split()
        for size in range(min(_STATE_WORDS, len(words) - 1), 0, -1):
            name = " ".join(words[-size:])
            if any(has_code(state, code[1]) for state in regions.named_anywhere(key(name))):
                start = text.rindex(words[-size], done, code.start())
                parts.append(f"{text[done:start].rstrip()}, {text[start : code.end()]}{',' if code[2] else ''}")
                done = code.end()
                break
    return "".join((*parts, text[done:])) if parts else text


def _separate_towns(text: str) -> str:
    """Return a text with a state's code before its post code in capitals, and a comma before a town joined to a street.

    Main StSeattle, Wa 98106 is Main St, Seattle, WA 98106.
    """
    parts, done = [], 0
    for code in _STATE_AND_CODE.finditer(text):
        front = text[done : code.start()]
        joined = [at.start() for at in _JOINED.finditer(front, max(map(front.rfind, ",;()")) + 1)]
        letters = code[2].replace(".", "").upper()
        if (code[2] == letters and not joined) or (code[4] and not country(code[4])):
            continue
        if homes := _states_with_code(letters, code[3]):
            at = next((at for at in joined if _splits_off_town(front, at, homes)), len(front))
            parts += [front[:at], ", " if at < len(front) else "", front[at:], code[1], letters]
            done = code.end()
    return "".join((*parts, text[done:])) if parts else text


def _separate_unit(text: str) -> str:
    """Return capitals without commas with the town and its state parted, and the unit behind them as the next part.

    TELEDYNE GEOTECH ALEXANDRIA VA ALEXANDRIA LABS is in Alexandria, VA.
    """
    if "," in text or ";" in text:
        return text
    for code in _STATE_WITHIN.finditer(text):
        front, unit = text[: code.start()].split(), text[code.end() :]
        if country(unit) or split_country(unit)[1]:
            return text
        states = (state for home in STATES_OF for state in regions.find(code[1], home) if state.iso == code[1])
        homes = [state.first_level for state in states]
        for size in range(min(TOWN_WORDS, len(front)), 0, -1) if homes else ():
            if _is_town(" ".join(front[-size:]), homes, kinds=(PRIMARY, NEARBY)):
                parts = (" ".join(front[:-size]), " ".join(front[-size:]), code[1])
                return f"{', '.join(filter(None, parts))}; {unit}"
    return text


@lru_cache(16384)
def _states_with_code(code: str, post_code: str) -> list[tuple[str, str]]:
    """Return economy and admin-1 code of the states of a code that may have a post code, "" for a whole territory."""
    states = (state for home in STATES_OF for state in regions.find(code, home) if state.iso == code)
    homes = [state.first_level for state in states if has_code(state, post_code)]
    territory = countries.find(code) if len(code) == PAIR else None
    if territory in countries.family("US")[1:] and post_areas.area(codes_in(post_code), territory):
        homes.append((territory, ""))
    return homes


def _splits_off_town(front: str, at: int, homes: list[tuple[str, str]]) -> bool:
    """Say whether what follows a capital inside a word is a town of some states, and with the word whole is none."""
    return _is_town(front[at:], homes) and not _is_town(front[front.rfind(" ", 0, at) + 1 :], homes)


def _is_town(name: str, homes: list[tuple[str, str]], kinds: Collection[int] = ANY_KIND) -> bool:
    """Say whether a name, of some kinds, is that of a place in one of some states or territories: McAllen."""
    towns = (gazetteer.home_of(row) for row, kind in gazetteer.names().rows(key(name)) if kind in kinds)
    return any(home in homes or (home[0], "") in homes for home in towns)


def has_code(state: Region, code: str) -> bool:
    """Say whether a state of a country where addresses end in states may have a post code: one of its towns may."""
    codes = codes_in(code) if state.economy in STATES_OF else []
    around = post_areas.area(codes, state.economy)
    if around is None:
        return any(post_areas.is_code(each, state.economy) for each in codes)
    towns = regions.main_towns(state.economy, state.admin1) or _towns_in(state)
    return any(around.contains(*town) for town in towns)


@cache
def _towns_in(state: Region) -> list[tuple[int, int]]:
    """Return where the places of a state are (1e-7 degree)."""
    return [gazetteer.spot_of(row)[:2] for row in gazetteer.rows_in(*state.first_level)]


def _town_of(area: re.Match[str]) -> str:
    """Return the part, of five words at most, that is the town of the area joined to it, or the area of that town.

    "" in a name of both: Alsace-Lorraine.
    """
    words = bare(_BEFORE_TOWN.split(area.string[max(0, area.start() - _LONGEST_TOWN) : area.start()])[-1]).split()
    for size in range(min(_JOINED_WORDS, len(words)), 0, -1):
        town = " ".join(words[-size:])
        both = key(f"{town} {area[2]}")
        if area[1] == "-" and (both in gazetteer.names().number or regions.named_anywhere(both)):
            break
        # A town of that region or country, or the other way round: Hakkâri/Şemdinli, Argentina-Salta.
        if _is_area_of(area[2], town) or _is_area_of(town, area[2], countries_alone=area[1] == "-"):
            return town
    return ""


def _is_area_of(name: str, town: str, *, countries_alone: bool = False) -> bool:
    """Say whether a name is a first-level region's or a country's in which a town lies."""
    is_region = bool(regions.named_anywhere(key(name)))
    if is_region and countries_alone:
        return False
    return country(name) in gazetteer.economies_of(key(town)) or (is_region and bool(regions_of_town(name, key(town))))
