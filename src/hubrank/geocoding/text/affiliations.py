"""What a free-text address or affiliation says: its segments, its country, its region.

`TMCC, CS, Nankai University, China` → segments TMCC | CS | Nankai University, economy CN. Of several affiliations in
one text the first is read.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from hubrank.core import countries
from hubrank.core.countries import HAN
from hubrank.geocoding.answers import Answer
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.gazetteer import NEARBY, PRIMARY
from hubrank.geocoding.gazetteer.place_lookup import PlaceNames, Where, regions_of_town
from hubrank.geocoding.gazetteer.regions import Region
from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.normalise import key, mended, plain, without_kind, without_kind_before
from hubrank.geocoding.text.post_codes import bare

_MARKS = re.compile(r"[,،、，;|\n\r\t()\[\]〒]+|—|\s[-–/]\s")
_SEMICOLON = re.compile("[;؛；]")
_WIDE = re.compile(r"\s{2,}")  # what is left of a mark that was taken out: Polytechnic of Porto  School of Engineering
_STOP = re.compile(r"\b(\w+)\. +(?=[^\W\d_a-z])")  # a full stop, and a capital letter behind it
_POST_CODE_WITHIN = re.compile(r"(?<=[^\s,;]) +(?:[A-Z]{1,3}-\d{4,5}(?: [A-Z]{2})?|\d{5,6}) +(?=[^\W\d_a-z])")
_CODE_BEFORE_COUNTRY = re.compile(r"(?<=[A-Z]) +(\d{5,6} [A-Z]{2})$")
_E_MAIL = re.compile(r"(?<!\S)\S+@\S+")
# Addresses in Chinese characters and in Hangul go from the province to the house, without commas.
_BLANK_BEFORE = re.compile(r"(?:^|\s+)(?=\S)")
_NO_NAME = "(?!立|大学|大學)"  # 府立: of the prefecture
_PROVINCE = re.compile(rf"\S{{2,6}}?(?:省|自治区|自治區|特别行政区|都|道|府|県|縣){_NO_NAME}")
_CITY_LEVEL = re.compile(r"\S{1,7}?(?:市(?![市立])|自治州|地区|盟)")
_CITY_WITHIN = re.compile(r"\S{1,6}?市(?![市立])")  # of a county's rank, in a city: 苏州市昆山市
_COUNTY = re.compile(r"\S{1,6}?(?:区|區|县|縣|旗|郡)")
_TOWN_LEVEL = re.compile(r"\S{1,6}?(?:町|村|镇|鎮|乡|鄉|街道)")
_SHORT_PROVINCE = (3, 2)  # characters without 省: 黑龙江, 山东
_HANGUL_LEVEL = re.compile(r"[가-힣]+(?:시|도|구|군|읍|면)")
# Rio Verde/GO, Campinas-SP: a town and the code of its state.
_WITH_STATE = re.compile(r"(?<=[^\W\d_])\s?[/-]\s?([A-Z]{2})(?=\s*(?:[,.;)]|$))")
# Nusaybin/Mardin, Wake Forest-North Carolina, Berlin-Germany: a town and its region or country.
_WITH_AREA = re.compile(r"(?<=[^\W\d_])([/-])([^\W\d_][^,;()/\d-]{2,}[^\W\d_])(?=\s*(?:[,;()\d]|$))")
_BEFORE_TOWN = re.compile(r"[,;/()–-]")
_LONGEST_TOWN = 60  # characters, with its post code
_TOWN_WORDS = 3
OF = frozenset(("of", "the", "de", "du", "do", "da", "del", "di"))  # what follows belongs to the name before
_CONJUNCTIONS = frozenset(("and", "&", "und", "et", "y", "e"))
_ACRONYM = 3  # letters of what is none of J. R. D. Tata
_WORD, _SHORT_WORD, _VOWELS = 6, 4, "aeiouy"  # letters of what is no abbreviation; a short word ends in a vowel: Preto
_AND = re.compile(r"(?:and|&)\s")
SIGNS = frozenset(vocabulary.words("organisation", "signs"))
_PARTS = 2  # segments that an affiliation has at least
PAIR = 2  # letters of a country's or state's code
_NEXT = re.compile(r"^(.*?\S)\s+(?:and|&|/)\s+(.*)$")
_CITY, _FAMOUS, _SURE = 20_000, 300_000, 90  # inhabitants, inhabitants, percent
CITY_PEOPLE = 100_000  # inhabitants of a city
_NEAR_E7 = 3_000_000
STATES_OF = ("US", "CA", "AU")  # whose states' codes are read without a town of theirs before them
_LEAST = 1_000  # inhabitants of a town that says which country's a state's code is
_ALSO_STATES = {"Georgia": ("US", "GA"), "GEORGIA": ("US", "GA")}  # economy and GeoNames' code of the state
_SURE_CODES = frozenset(
    {"UK", "US", "HK", "TW", "SG", "CH", "NL", "JP", "KR", "CN", "GB", "FR", "BR", "RU", "AT", "BE", "CZ"}
)


@dataclass(frozen=True, slots=True)
class Affiliation:
    """The parts of a text; `economy` is "" and `region` empty where it says none."""

    segments: tuple[str, ...]
    economy: str
    regions: tuple[Region, ...]

    @property
    def where(self) -> Where:
        """What it says about the surroundings of a place."""
        return Where(countries.family(self.economy) if self.economy else (), self.regions)


@lru_cache(65536)
def country(segment: str) -> str:
    """Return the economy that a segment names in whole, or ""; two letters only where no state has them."""
    text = bare(segment)
    if len(text) < 2 or (len(text) == 2 and text.isascii() and text not in _SURE_CODES) or text in _ALSO_STATES:
        return ""
    word = len(text) == 3 and text.isascii() and not text.isupper()  # "and" is no Andorra, "can" no Canada
    return countries.find(text, codes=not word) or ""


def country_or_state(segment: str) -> str:
    """Return the economy that a segment names in whole which is called like a state of another: Georgia."""
    text = bare(segment)
    return countries.find(text) or "" if text in _ALSO_STATES else ""


def country_of(segment: str, town: str) -> str:
    """Return the economy that a segment behind a town's key names in whole, or "": Tbilisi, Georgia is in no state."""
    text = bare(segment)
    if text not in _ALSO_STATES or not (economy := countries.find(text)):
        return country(segment)
    homes = {gazetteer.home_of(row) for row, _ in gazetteer.names().rows(town)}
    return economy if _ALSO_STATES[text] not in homes and any(home == economy for home, _ in homes) else ""


@lru_cache(16384)
def economies_around(code: str, town: str) -> tuple[str, ...]:
    """Return the economies that have a code, or a state of that code, in which a town of a key lies.

    Florestal, MG is in Minas Gerais, not in Madagascar. A town counts by another of its names where none has it first,
    a village in countries where addresses always end in states; those stand first. No village is in a province.
    """
    economy, states, places = countries.find(code), regions.by_code().get(code, ()), gazetteer.places()
    usual = {state.economy for state in states if state.economy in STATES_OF}
    towns: dict[bool, set[str]] = {True: set(), False: set()}
    for row, kind in gazetteer.names().rows(town):
        home, admin1 = gazetteer.home_of(row)
        is_place = row < len(places.name)
        columns = (places.lat_e7, places.lon_e7, places.geonames_id)
        spot = [int(column[row]) for column in columns] if is_place else [0, 0, 0]
        counts = home in usual or (is_place and kind != NEARBY and places.population[row] >= _LEAST)
        if counts and (home == economy or any(state.contains(home, admin1, *spot) for state in states)):
            towns[kind in (PRIMARY, NEARBY)].add(home)
    around = towns[True] or towns[False]
    return (*(home for home in STATES_OF if home in around & usual), *sorted(around - usual))


def economies_of_code(code: str, town: str) -> tuple[str, ...]:
    """Return the economies that two capital letters behind a town's key may mean: where it lies, or all usual ones."""
    usual = (home for home in STATES_OF if any(not region.admin2 for region in regions.find(code, home)))
    economy = countries.find(code)
    return economies_around(code, town) or tuple(dict.fromkeys((*usual, *([economy] if economy else []))))


def _ending(segment: str) -> tuple[str, str]:
    """Split a country off the end of a segment: `Beijing 100084 P.R. China`."""
    parts = segment.split()
    for size in (4, 3, 2, 1):
        if len(parts) > size and (economy := country(" ".join(parts[-size:]))):
            return " ".join(parts[:-size]), economy
    return segment, ""


def _is_word(text: str) -> bool:
    """Say whether what stands before a full stop is a word, an acronym or a number, and no abbreviation."""
    long_enough = len(text) >= _WORD or (len(text) >= _SHORT_WORD and plain(text)[-1:] in _VOWELS)
    return long_enough or text.isdigit() or (text.isupper() and len(text) >= _ACRONYM)


def _with_commas(text: str) -> str:
    """Return a text with commas for what else parts it: full stops behind words, and a post code amid words."""
    text = _areas_apart(_WITH_STATE.sub(_as_part, without_kind_before(text)))
    text = _CODE_BEFORE_COUNTRY.sub(r", \1", _E_MAIL.sub(" ", text) if "@" in text else text)
    text = _POST_CODE_WITHIN.sub(", ", text)
    stops = _STOP.findall(text)
    return _STOP.sub(r"\1, ", text) if stops and all(map(_is_word, stops)) else text


def _as_part(code: re.Match[str]) -> str:
    """Return a code behind a town as a part of its own, if a state of that code has the town."""
    town = _BEFORE_TOWN.split(code.string[max(0, code.start() - _LONGEST_TOWN) : code.start()])[-1]
    return f", {code[1]}" if economies_around(code[1], key(bare(town))) else code[0]


def _areas_apart(text: str) -> str:
    """Return a text with commas between a town and the region or country joined to it, and before that town."""
    parts, done = [], 0
    for area in _WITH_AREA.finditer(text):
        if town := _town_of(area):
            start = text.rfind(town.split()[0], done, area.start())
            front = text[done:start].rstrip()
            parts.append(f"{front}, {town}, {area[2]}" if front and not front.endswith(tuple(",;()/")) else "")
            parts[-1] = parts[-1] or f"{text[done : area.start()]}, {area[2]}"
            done = area.end()
    return "".join((*parts, text[done:])) if parts else text


def _town_of(area: re.Match[str]) -> str:
    """Return the town, of three words at most, to which its region or country is joined; "" in a name of both."""
    widest = regions.anywhere(key(area[2]))
    economy = "" if widest else country(area[2])
    words = bare(_BEFORE_TOWN.split(area.string[max(0, area.start() - _LONGEST_TOWN) : area.start()])[-1]).split()
    stated = bool(widest or economy)
    for size in range(min(_TOWN_WORDS, len(words)) if stated or area[1] == "/" else 0, 0, -1):
        town = " ".join(words[-size:])
        if not stated:  # Hakkâri/Şemdinli
            if regions.anywhere(key(town)) and regions_of_town(town, key(area[2])):
                return town
            continue
        both = key(f"{town} {area[2]}")
        if area[1] == "-" and (both in gazetteer.names().number or regions.anywhere(both)):
            break  # Alsace-Lorraine
        if regions_of_town(area[2], key(town)) or economy in gazetteer.economies_of(key(town)):
            return town
    return ""


def _native(segment: str) -> list[str]:
    """Return the parts of a segment that begins with its province or city, the widest last, else the segment.

    四川省成都市 is 成都市, 四川省; 서울특별시 서대문구 연세로 50 is 연세로 50, 서대문구, 서울특별시.
    """
    if _HANGUL_LEVEL.match(segment):
        words = segment.split()
        levels = next((at for at, word in enumerate(words) if not _HANGUL_LEVEL.fullmatch(word)), len(words))
        return [*filter(None, [" ".join(words[levels:])]), *reversed(words[:levels])]
    front, _, last = segment.rpartition(" ")
    behind = [last] if front and countries.find(last) else []
    address = front if behind else segment
    for word in _BLANK_BEFORE.finditer(address):
        if parts := _from_province(address, word.end()):
            return [*filter(None, [address[: word.start()].strip()]), *parts, *behind]
    return [segment]


def _from_province(text: str, at: int) -> list[str]:
    """Return the parts of a text in Chinese characters that goes on with its province or city, the widest last.

    What stands behind a house number stays with it, so that a person there is not shown either.
    """
    if not HAN.match(text, at):
        return []
    size = next((n for n in (3, 2) if len(text) > at + n and countries.find(text[at : at + n])), 0)
    levels = [text[at : at + size], _province(text, at + size)]
    at += size + len(levels[1])
    for level in (_CITY_LEVEL, _CITY_WITHIN, _COUNTY, _TOWN_LEVEL):
        at += text[at : at + 1] == " "
        part = level.match(text, at)
        sure = part and (part[0][-1] != "市" or (level is _CITY_LEVEL and levels[1]) or _homes(part[0]))
        levels.append(part[0] if part and sure else "")
        at += len(levels[-1])
        if not any(levels[1:]):
            return []
    return [part for part in (text[at:].strip(), *reversed(levels)) if part]


def _province(text: str, at: int) -> str:
    """Return the province that a text in Chinese characters has from a character on; without 省 before its places."""
    if (whole := _PROVINCE.match(text, at)) and regions.anywhere(key(whole[0])):
        return whole[0]
    for size in _SHORT_PROVINCE:
        homes = {(area.economy, area.admin1) for area in regions.anywhere(key(text[at : at + size]))}
        finer = (level.match(text, at + size) for level in (_CITY_LEVEL, _COUNTY)) if homes else ()
        if any(part and not homes.isdisjoint(_homes(part[0])) for part in finer):
            return text[at : at + size]
    return ""


def _homes(place: str) -> set[tuple[str, str]]:
    """Return economy and region of the places that are called so, with or without what kind of place they are."""
    names = {key(place), key(without_kind(place))}
    return {gazetteer.home_of(row) for name in names for row, _ in gazetteer.names().rows(name)}


def affiliations(text: str) -> list[str]:
    """Return the affiliations of a text: what semicolons part, but for the parts of one: College; Univ.; Wuhan, China.

    They are parts of one where the first of them that ends in a country has nothing before it but a place or region
    there, or that is the code of the state of the town before it: Baltimore; MD 21205.
    """
    pieces = _SEMICOLON.split(text)
    if len(pieces) == 1:
        return pieces
    for at, piece in enumerate(pieces):
        whole = country(piece.strip(" ."))
        front, economy = ("", whole) if whole else _ending(piece.strip(" ."))
        if front.rpartition(" ")[2].lower() in OF:
            continue  # Academy of Sciences of the Czech Republic
        if at and len(code := bare(piece)) == PAIR and code.isupper():
            economy = economy or "".join(economies_around(code, key(bare(pieces[at - 1])))[:1])
        if economy:
            return [", ".join(pieces[: at + 1]), *pieces[at + 1 :]] if at and _is_in(front, economy) else pieces
    return pieces


def _is_in(name: str, economy: str) -> bool:
    """Say whether a name is nothing, or a place's or region's in an economy."""
    spoken = bare(name.strip(" ,"))
    town = key(spoken)
    return not town or economy in gazetteer.economies_of(town) or bool(regions.find(spoken, economy))


def split(text: str) -> list[str]:
    """Return the segments of the first of several affiliations."""
    segments: list[str] = []
    for piece in affiliations(_with_commas(text)):
        pieces = _MARKS.split(piece) if "," in piece else _MARKS.split(_WIDE.sub(", ", piece))
        stripped = [part.strip(" .") for part in pieces]
        stripped = stripped if piece.isascii() else [part for each in stripped for part in _native(each)]
        segments = [part for part in stripped if part and part.lower() not in _CONJUNCTIONS]
        if segments:
            break
    if len(segments) > 1 + _PARTS:
        segments = _until_country(segments)
    for at, segment in enumerate(segments):
        following = _NEXT.match(segment)
        if following and at and _ends_affiliation(following[1], segments[at - 1]):
            return [*segments[:at], following[1]]
        if following and at and _joins_another(following, country(segments[-1])):
            return [*segments[:at], following[1], segments[-1]]
        if at and _AND.match("".join(segments[at + 1 : at + 2])) and _ends_affiliation(segment, segments[at - 1]):
            return segments[: at + 1]
    return segments


def _joins_another(joined: re.Match[str], economy: str) -> bool:
    """Say whether "and" stands between a city of the country and another organisation there.

    Oxford and University of Cambridge, Cambridge, UK; but no Raymond and Beverly Sackler Faculty.
    """
    is_city = economy in gazetteer.economies_of(key(bare(joined[1])), CITY_PEOPLE) if economy else False
    return is_city and not SIGNS.isdisjoint(plain(joined[2]).split())


def _until_country(segments: list[str]) -> list[str]:
    """Return segments up to the country of the town before it, if an organisation and another country follow.

    Tsinghua University, Beijing, China, Department of Physics, Columbia University, New York, NY, United States.
    """
    for at in range(1, len(segments) - _PARTS):
        economy = country(segments[at])
        if economy and economy in gazetteer.economies_of(key(bare(segments[at - 1]))):
            another = any(not SIGNS.isdisjoint(plain(segment).split()) for segment in segments[at + 1 :])
            if another and (country(segments[-1]) or _ending(segments[-1])[1]):
                return segments[: at + 1]
    return segments


def _ends_affiliation(segment: str, before: str) -> bool:
    """Say whether an affiliation ends here: with its country, or the state of the town before."""
    is_code = len(segment) == PAIR and segment.isupper()
    named = country(segment) or _ending(segment)[1]
    return bool(named or (is_code and economies_around(segment, key(bare(before)))))


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a city named in a text is, in 1e-7 degree."""

    lat_e7: int
    lon_e7: int

    def near(self, answer: Answer) -> bool:
        """Say whether an answer lies within about half a degree."""
        lat, lon = answer.lat_e7 or 0, answer.lon_e7 or 0
        return abs(lat - self.lat_e7) <= _NEAR_E7 and abs(lon - self.lon_e7) <= 2 * _NEAR_E7


class Reader:
    """Reads affiliations with the help of the gazetteer, which tells `San Diego, CA` from `Toronto, ON, CA`."""

    def __init__(self, names: PlaceNames) -> None:
        self._names = names

    def read(self, text: str, stated: str = "") -> Affiliation:
        """Take a text apart; `stated` is what another column says of its country."""
        segments = split(mended(text))
        economy = (countries.find_stated(stated) or "") if stated else ""
        segments, named = self._country(segments)
        economy = economy or named
        return self._region(segments, economy)

    def city(self, segment: str, parts: Affiliation) -> Spot | None:
        """Return where the larger city is that a segment names in whole; without a country only a famous one.

        Where addresses end in states, one says nothing of a city: Stony Brook University, New York.
        """
        states = regions.find(bare(segment), parts.economy) if parts.economy in STATES_OF else ()
        if any(not region.admin2 for region in states):
            return None
        match = self._names.exact(key(bare(segment)), parts.where)
        people = (self._names.people(match.row), match.score) if match and not match.outside else (0, 0)
        if people < ((_CITY, 0) if parts.economy else (_FAMOUS, 0)) or (not parts.economy and people[1] < _SURE):
            return None
        return Spot(*self._names.spot(match.row)) if match else None

    def _country(self, segments: list[str]) -> tuple[list[str], str]:
        if not segments:
            return segments, ""
        *front, last = segments
        if front and (economy := country(last) or self._code(front[-1], last)):
            return front, economy
        rest, economy = _ending(last)
        if economy:
            return [*front, rest], economy
        if len(front) > 1 and (economy := country(front[-1])):  # a second affiliation, or a remark, follows
            return front[:-1], economy
        return segments, ""

    def _code(self, before: str, last: str) -> str:
        """Return the economy of a two-letter code that may be a state's too, judged by what stands before it."""
        if len(last) != 2 or not last.isupper() or not (economy := countries.find(last)):
            return ""
        if regions.find(bare(before), economy):
            return economy
        name = key(bare(before))
        states = [region for home in economies_of_code(last, name) for region in regions.find(last, home)]
        if not states:
            return economy
        at_home = self._names.exact(name, Where((economy,)))
        in_state = [self._names.exact(name, Where((state.economy,), (state,))) for state in states]
        return economy if at_home and not any(place and place.score >= 50 for place in in_state) else ""

    def _region(self, segments: list[str], economy: str) -> Affiliation:
        """Take a segment that is nothing but a region off the end, or a state's code off the end of a segment."""
        if not segments:
            return Affiliation((), economy, ())
        *front, last = segments
        around = economies_of_code(last, key(bare(front[-1]))) if front and not economy and len(last) == PAIR else ()
        for candidate in (economy,) if economy else around or STATES_OF:
            if (
                front
                and (matches := regions.find(bare(last), candidate))
                and (economy or last.isupper() or len(last) > 3)
            ):
                remaining = segments if self._names.rows(key(bare(last))) else front
                return Affiliation(tuple(remaining), candidate, matches)
        rest, _, code = bare(last).rpartition(" ")
        for candidate in (economy,) if economy else ("US",):
            if rest and code.isupper() and candidate in STATES_OF and (matches := regions.find(code, candidate)):
                return Affiliation((*front, rest), candidate, matches)
        return Affiliation(tuple(segments), economy, ())
