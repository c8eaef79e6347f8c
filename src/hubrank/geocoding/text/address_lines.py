"""Addresses in one line that end in the country's code and the post code: Am Markt 3 Jena Thüringen DE 07743."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from hubrank.core import countries
from hubrank.core.sphere import near_e7
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.gazetteer import ALIAS, PRIMARY
from hubrank.geocoding.gazetteer.post_areas import PostArea, area, has_codes, is_code
from hubrank.geocoding.gazetteer.post_points import last_point
from hubrank.geocoding.gazetteer.regions import Region
from hubrank.geocoding.gazetteer.spatial_relations import lies_in
from hubrank.geocoding.text.normalise import key, plain
from hubrank.geocoding.text.post_codes import bare, codes_in
from hubrank.geocoding.text.separators import has_code
from hubrank.geocoding.text.stated_countries import STATES_OF, country, split_country
from hubrank.geocoding.text.vocabulary import STREETS

_POST_CODE = r"(?:[A-Z]{1,3}-)?\d[\d-]{2,9}(?: \d{2,4})?|[A-Z]\w{1,3}[ -]?\d[A-Z]\w|[A-Z]\d{4}[A-Z]{3}"
_DUTCH = r"\d{4} ?[A-Z]{2}"
_CODES = re.compile(
    rf"\s(?:([A-Z]{{2}})[\s,]{{1,3}}({_POST_CODE}|(?<=NL ){_DUTCH})"
    rf"|({_POST_CODE}|{_DUTCH}(?=,? NL)),? ([A-Z]{{2}}))\s*$"
)
_DUTCH_BEHIND = re.compile(r"(?<=[^\W\d_])[\s,;]+((?:NL-)?\d{4}) ?[A-Z]{2}$")
# Behind a house's number, also one with a letter: NO:9, 12A, 46/B.
_NUMBER_TOWN_AND_REGION = re.compile(
    r"(?:(?<=\d)|(?<=\d[A-Za-z])|(?<=\d[/-][A-Za-z])) ([^\W\d_][^\d,;:()]{4,60}) ([^\W\d_]{2,20})$"
)
# A post code that opens a line, the words behind it up to a mark.
_CODE_FIRST = re.compile(
    r"\s*((?:[A-Z]{1,3}-)?(?:\d{4,6}(?:-\d{3,4})?|\d\d-\d{3}|\d{3} \d\d))\s+(?=[^\W\d_])([^,;:()]{1,90})"
)
_AT_CODE_KM = 15.0  # from a town to its post code
_LONGEST_END = 90  # characters of a town, its region and its country
_NUMBER_END = 3  # characters from the last digit of a house's number to the blank behind it, at most
_CODE_AT_END = re.compile(r"(?<=[^\W\d_])\s{1,3}(\d{4,6})\s*$")
_DIGIT = re.compile(r"\d")
_REGION_AND_CODE = re.compile(r"(?:^|(?<=[,;] ))([^\W\d_][^\d,;:()/]{3,80}?)(?: |, ?)([A-Z]{2})\s*$")
_DUTCH_LETTERS = re.compile(r"(?<=^\d{4}) ?[A-Z]{2}$")
_PART, _CITY = re.compile("[,;:()]"), re.compile("[- ](?:sh?i|city)$", re.IGNORECASE)
_LONGEST_CODES = 26  # characters of both codes
_LINKS = frozenset(("of", "de", "du", "des", "do", "da", "del", "della", "di", "la", "l"))
_KINDS = (PRIMARY, ALIAS)
TOWN_WORDS, _REGION_WORDS = 5, 4
_STREET_WORDS = 2  # of a street and its number
_LINE_WORDS, _SHORTEST_REGION = 10, 4  # of a town, its region and its country's code; letters of what is no code
_TOWN, _LARGE_CITY = 1_000, 100_000  # inhabitants of what needs a region behind it, and of what needs nothing


class Span(NamedTuple):
    """The words of a line that may be a town: the first, one past the last, and the regions named behind them."""

    first: int
    end: int
    regions: tuple[Region, ...] = ()


def separate_line(text: str) -> str:
    """Return a line with commas around its town, the post code behind it and its region, and the country's name.

    Two letters that are a state's code as well are a country's where the town lies there and the post code is none of
    a town of its name in that state.
    """
    text = _without_dutch_letters(text) if text[-1:].isupper() else text
    codes = _CODES.search(text, max(0, len(text) - _LONGEST_CODES)) if _DIGIT.search(text[-9:]) else None
    if codes is None:
        return _separate_post_code(_separate_behind_number(_separate_region_and_code(text)))
    code, post_code = (codes[1], codes[2]) if codes[1] else (codes[4], codes[3])
    economy = countries.find(code) or ""
    post_codes = codes_in(_DUTCH_LETTERS.sub("", post_code))
    front, home = text[: codes.start()].rstrip(" ,"), countries.name(economy) if economy else ""
    if not post_codes or economy in ("", *countries.family("US")):
        return f"{front} {post_code}, {home}" if economy == "US" and codes[4] else text  # DOUGLAS GA 31535 US
    part = _PART.split(front)[-1]
    words = part.split()
    states = [state for home in STATES_OF if home != economy for state in regions.find(code, home) if state.iso == code]
    home = home if code == economy else code  # UK
    states = [state for state in states if has_code(state, post_codes[0])]
    if any(_has_town(words, state) for state in states):
        return text
    formed = any(is_code(each, economy) for each in post_codes) or (codes[4] and not has_codes(economy))
    span = _town_at_end(words, economy, area(post_codes, economy)) if words else None
    if span is None:
        return f"{front} {post_codes[0]}, {home}" if formed and not states else text
    before = front[: len(front) - len(part)] + " ".join(words[: span.first])
    parts = before.strip(" ,"), " ".join(words[span.first : span.end]), " ".join(words[span.end :])
    return f"{', '.join(filter(None, parts))} {post_codes[0]}, {home}"


def separate_street_behind(text: str) -> str:
    """Return a line that a post code and its town open with the street before them: 83316 Buhl 1100 Burley Ave.

    The street has a house's number first or last, and the town is one where the code is.
    """
    line = _CODE_FIRST.match(text)
    words = line[2].split() if line else []
    if line is None or not any(map(_is_number, (*words[1:], *words[-1:]))):
        return text
    codes = tuple(codes_in(line[1]))
    for end in range(min(TOWN_WORDS, len(words) - 1), 0, -1):
        numbered = _is_number(words[end]) or _is_number(words[-1])
        is_street = plain(words[end]).strip(" .") in STREETS or not numbered or len(words) - end < _STREET_WORDS
        if not is_street and economies_at_code(key(" ".join(words[:end])), codes):
            return f"{' '.join(words[end:])}, {line[1]} {' '.join(words[:end])}{text[line.end() :]}"
    return text


def _is_number(word: str) -> bool:
    return word[:1].isdigit()


def _separate_behind_number(text: str) -> str:
    """Return a line that ends in a country with commas around its town and region, if a number is before the town.

    That is a house's: ORGANIZE SANAYI BOLGESI 4. CADDE NO 12 ERBAA TOKAT TR. The town lies in the region.
    """
    start = max(0, len(text) - _LONGEST_END)
    line = _NUMBER_TOWN_AND_REGION.search(text, start) if _DIGIT.search(text, max(0, start - _NUMBER_END)) else None
    economy = country(line[2]) or countries.find(line[2]) or "" if line else ""
    if line is None or not economy or any(regions.find(line[2], home) for home in STATES_OF):
        return text
    words = line[1].split()
    opening = (span for span in town_spans(words, economy) if span.first == 0 and span.regions)
    span = next((span for span in opening if any(is_inside(row, span) for row in rows_of(words, span, economy))), None)
    if span is None:
        return text
    town, region = " ".join(words[: span.end]), " ".join(words[span.end :])
    return f"{text[: line.start(1)].rstrip()}, {town}, {region}, {countries.name(economy)}"


def _separate_region_and_code(text: str) -> str:
    """Return a text whose last part is a town, its region in full and its country's code with commas between them.

    The town lies in the region, so that the letters are no state's: SAN PEDRO MISIONES AR; Nepean Ontario, CA. No city
    is called like the region.
    """
    line = _REGION_AND_CODE.search(text, max(0, len(text) - _LONGEST_END)) if text[-1:].isupper() else None
    words, code = (line[1].split(), line[2]) if line else ([], "")
    economy = countries.find(code) or "" if 1 < len(words) < _LINE_WORDS else ""
    if line is None or not economy:
        return text
    for first in range(1, min(TOWN_WORDS, len(words) - 1) + 1):
        region = " ".join(words[first:])
        is_region = len(region) >= _SHORTEST_REGION and economy not in gazetteer.economies_of(key(region), _LARGE_CITY)
        span = Span(0, first, regions.find(region, economy) if is_region else ())
        if span.regions and any(is_inside(row, span) for row in rows_of(words, span, economy)):
            return f"{text[: line.start(1)]}{' '.join(words[:first])}, {region}, {countries.name(economy)}"
    return text


def _without_dutch_letters(text: str) -> str:
    """Return a text without the letters of a post code behind the Netherlands, which are no country's: 1012 AT."""
    code = _DUTCH_BEHIND.search(text, max(0, len(text) - _LONGEST_CODES))
    part = _PART.split(text[: code.start()])[-1] if code else ""
    home = country(part) or split_country(part)[1] if part else ""
    return f"{text[: code.start()]} {code[1]}" if code and home == "NL" else text


def _separate_post_code(text: str) -> str:
    """Return a line that ends in a post code alone with a comma before its town: 12 Elm Rd Kinston 28501."""
    ends_in_digit = text.rstrip()[-1:].isdigit()
    last = _CODE_AT_END.search(text, max(0, len(text) - _LONGEST_CODES)) if ends_in_digit else None
    part = _PART.split(text[: last.start()])[-1] if last else ""
    words = part.split()
    for first in range(max(1, len(words) - TOWN_WORDS), len(words)):
        town = " ".join(words[first:])
        if last and economies_at_code(key(town), (last[1],)) and not _is_in_street(words, first):
            start = len(text[: last.start()]) - len(part)
            return f"{text[:start]}{' '.join(words[:first])}, {town}{text[last.start() :]}"
    return text


@lru_cache(16384)
def economies_at_code(town: str, post_codes: tuple[str, ...]) -> frozenset[str]:
    """Return the economies in which a place of a key lies where one of some post codes is.

    That is near the code, or where none is near it in the area of the codes that begin so.
    """
    places = gazetteer.places()
    homes = [(row, places.economy[row]) for row in gazetteer.rows_named(town, kinds=_KINDS)]
    spots = ((row, home, last_point(post_codes, (home,))) for row, home in homes)
    near_code = (home for row, home, spot in spots if spot and near_e7(*gazetteer.spot_of(row)[:2], *spot, _AT_CODE_KM))
    around = ((row, home, area(post_codes, home)) for row, home in homes)
    return frozenset(near_code) or frozenset(home for row, home, circle in around if circle and _is_in(circle, row))


def split_town_at_code(part: str, post_code: str, economy: str) -> tuple[str, str]:
    """Split a town off the end of a part where one of its name is at a post code of an economy, "" where none is."""
    words = part.split()
    for first in range(max(0, len(words) - TOWN_WORDS), len(words)):
        town = " ".join(words[first:])
        if economy in economies_at_code(key(bare(town)), (post_code,)) and not _is_in_street(words, first):
            return " ".join(words[:first]), town
    return part, ""


def _has_town(words: list[str], state: Region) -> bool:
    """Say whether the last words are a town's name in a state."""
    names = (key(" ".join(words[-size:])) for size in range(1, min(_REGION_WORDS, len(words)) + 1))
    return any(gazetteer.home_of(row) == state.first_level for name in names for row, _ in gazetteer.names().rows(name))


def _town_at_end(words: list[str], economy: str, around: PostArea | None) -> Span | None:
    """Return the town that a line ends with.

    That is one where the post code is, else one in the region behind it or a large city; else one where the post code
    is, before what is no region's name (Bad Iburg NDS).
    """
    spans = list(town_spans(words, economy))
    at_code = (span for span in spans if around and any(_is_in(around, row) for row in rows_of(words, span, economy)))
    if span := next(at_code, None):
        return span
    population = gazetteer.places().population
    for span in spans:
        for row in rows_of(words, span, economy):
            may_be = is_inside(row, span) or not (span.regions or around)
            if population[row] >= (_TOWN if may_be else _LARGE_CITY):
                return span
    before_others = (
        Span(first, end)
        for end in range(len(words) - 1, max(0, len(words) - _REGION_WORDS - 1), -1)
        for first in range(max(1, end - TOWN_WORDS), end)
        if plain(words[end]).strip(" .") not in STREETS and not _is_in_street(words, first)
    )
    return next(
        (s for s in before_others if around and any(_is_in(around, r) for r in rows_of(words, s, economy))), None
    )


def _is_in(around: PostArea, row: int) -> bool:
    return around.contains(*gazetteer.spot_of(row)[:2])


def is_inside(row: int, span: Span) -> bool:
    """Say whether a place lies in one of the regions behind a span."""
    return any(lies_in(row, region) for region in span.regions)


def town_spans(words: list[str], economy: str) -> Iterator[Span]:
    """Yield where a town may stand: before the longest region or the country first, the longest name of it first.

    A town is no part of a region's name (Columbia), and none that follows the word for a street (Via Treviso).
    """
    longest = 1
    for end in range(max(1, len(words) - _REGION_WORDS), len(words) + 1):
        region = " ".join(words[end:])
        named = regions.find(region, economy) if region else ()
        if region and not named and country(region) != economy:
            continue
        longest = max(longest, len(words) - end)
        least = longest if end == len(words) else 1
        for first in range(max(0, end - TOWN_WORDS), end - least + 1):
            if not _is_in_street(words, first):
                yield Span(first, end, named)


def _is_in_street(words: list[str], first: int) -> bool:
    """Say whether words from a number on belong to a street: Via Treviso, 3 rue Gambetta, rue de Lyon."""
    before = plain(words[first - 1]).strip(" .") if first else ""
    opens = first == 1 or (first > 1 and any(map(str.isdigit, words[first - 2])))
    return before in _LINKS or (opens and before in STREETS)


def rows_of(words: list[str], span: Span, economy: str) -> list[int]:
    """Return the places of an economy that have some words for a name."""
    name = _CITY.sub("", " ".join(words[span.first : span.end]))
    return gazetteer.rows_named(key(name), economy, _KINDS)
