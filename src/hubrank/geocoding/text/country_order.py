"""Country and town without a comma between them: France: Cavaillon; TR-Çorum; Corry US; OuluFinland."""

import re

from hubrank.core import countries
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.gazetteer import PRIMARY
from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.normalise import key, plain
from hubrank.geocoding.text.organisation_words import LEGAL_FORMS, SIGNS
from hubrank.geocoding.text.post_codes import bare, codes_in
from hubrank.geocoding.text.stated_countries import PAIR, country, economies_around, split_country

_LABELLED = re.compile(r"\s{0,3}([^\W\d_][^,;:()\d]{1,40}):\s{1,3}(?=\S)")
_OPENING_CODE = re.compile(r"([A-Z]{2})[ -](?=[^\W\d_]{2})")
_CODE_FIRST = re.compile(r"\s{0,3}([A-Z]{2}),\s{1,3}(?=[^\W\d_]{2})")
# Foo AG, CH-Uster; Foo GmbH, D-Dürrwangen: the country's code, or what its cars bear, joined to the last part.
_JOINED_CODE = re.compile(r"(?:^|(?<=[,;]))\s{0,3}([A-Z]{1,3})-(?=[^\W\d_])([^,;()/\d]{2,60}?)[\s.]{0,3}$")
_CLOSING_CODE = re.compile(r"(?<=[^\W\d_])(?:\s?/\s?|\s{1,3}\(?|\.,? )([A-Z]{2})\)?\.?\s*$")
_JOINT = re.compile(r"(?<=[^\W_A-Z])\.?(?=[A-Z])")  # OuluFinland, Piura.Peru
_LONGEST_COUNTRY = 40  # characters
_COLUMNS = frozenset((*vocabulary.words("address_kind", "names"), *vocabulary.words("address_kind", "columns")))
_MARK, _BEFORE_TOWN = re.compile("[,;]"), re.compile(r"[,;:/()]|\s[-–]\s")
_TOWN = 1_000  # inhabitants of a town that is parted from words beside it
_TOWN_WORDS, _COUNTRY_WORDS = 4, 6
_LONGEST_TOWN = 80  # characters, with its post code


def with_country_last(text: str) -> str:
    """Return a text with its country behind the town and a comma between them, without what only labels the address."""
    text = _without_joint(_without_label(text) if ":" in text else text)
    if "," not in text and (behind := _behind_country(text)):
        return behind
    if opened := _CODE_FIRST.match(text):
        return _with_opening_country(text, opened)
    if opened := _OPENING_CODE.match(text):
        return _opening_code_last(text, opened)
    if (joined := _JOINED_CODE.search(text, max(0, len(text) - _LONGEST_TOWN))) and (home := _home(joined)):
        return f"{text[: joined.start()]} {joined[2]}, {countries.name(home)}".lstrip()
    closed = _CLOSING_CODE.search(text, max(0, len(text) - 12)) if text[-5:] != text[-5:].lower() else None
    return _separate_code(text, closed) if closed else text


def _behind_country(text: str) -> str:
    """Return `Germany Berlin` as `Berlin, Germany`, if that is a town there and both are no name; else ""."""
    words = text.split()
    for first in (
        range(min(len(words) - 1, _COUNTRY_WORDS), 0, -1) if len(words) <= _COUNTRY_WORDS + _TOWN_WORDS else ()
    ):
        name, town = " ".join(words[:first]), " ".join(words[first:])
        economy = country(name)
        if economy and len(name) > PAIR and town[0].isalpha() and economy in gazetteer.economies_of(key(town), _TOWN):
            is_name = key(text) in gazetteer.names().number or not SIGNS.isdisjoint(text.lower().split())
            return "" if is_name else f"{town}, {name}"  # United States Naval Academy
    return ""


def _without_label(text: str) -> str:
    """Return `France: Cavaillon` with its country last, and `Present address: Espoo` without what is no name."""
    label = _LABELLED.match(text)
    if label is None:
        return text
    rest = text[label.end() :]
    if country(label[1]):
        end = mark.start() if (mark := re.search("[;:]", rest)) else len(rest)
        front = rest[:end].rstrip(" .")
        town = key(bare(_MARK.split(front)[-1]))
        return text if country(town) else f"{front}, {label[1]}{rest[end:]}"
    words = label[1].split()
    if plain(label[1]) in _COLUMNS:
        return rest
    is_label = len(words) == PAIR and words[-1].islower() and "," in rest and SIGNS.isdisjoint(label[1].lower().split())
    return rest if is_label and not gazetteer.economies_of(key(label[1])) else text


def _without_joint(text: str) -> str:
    """Return a text with a comma before the country that is joined to a town there, or to a post code: OuluFinland."""
    for joint in _JOINT.finditer(text, max(0, len(text) - _LONGEST_COUNTRY)):
        front, economy = text[: joint.start()], country(text[joint.end() :].rstrip(" ."))
        if not economy or len(text) - joint.end() <= PAIR:  # 1101BE is a post code
            continue
        part = _BEFORE_TOWN.split(front[-_LONGEST_TOWN:])[-1]
        words = bare(part).split()
        towns = (key(" ".join(words[-size:])) for size in range(1, min(len(words), _TOWN_WORDS) + 1))
        is_town = not front[-1].isdigit() and any(economy in gazetteer.economies_of(town) for town in towns)
        if is_town or (front[-1].isdigit() and codes_in(part)):
            return f"{front}, {text[joint.end() :]}"
    return text


def _opening_code_last(text: str, opened: re.Match[str]) -> str:
    """Return `TR Çorum` as `Çorum, Türkiye`, if the town lies there and no place has both for a name."""
    economy = countries.find(opened[1]) or ""
    town = _BEFORE_TOWN.split(text[opened.end() :])[0]
    lies_there = len(town.split()) <= _TOWN_WORDS and economy in gazetteer.economies_of(key(bare(town)))
    if not lies_there or key(opened[1] + town) in gazetteer.names().number:
        return text
    behind = text[opened.end() + len(town) :].strip(" ,()")
    if behind and not country(behind):
        return text  # PT Braga, Jakarta, Indonesia
    return f"{town}, {behind or countries.name(economy)}"


def _home(joined: re.Match[str]) -> str:
    """Return the economy whose code is joined to a town there, and to none in a state of that code, else ""."""
    code, town = joined[1], key(joined[2])
    if economy := countries.OF_CARS.get(code):
        return economy if economy in gazetteer.economies_of(town) else ""
    economy = countries.find(code) or ""
    return economy if economy and economies_around(code, town) == (economy,) else ""


def _with_opening_country(text: str, opened: re.Match[str]) -> str:
    """Return `DE, Kiel, Niemannsweg 147` with the country's name, if the town lies there and in no state of the code.

    Another country at the end is the address's, as is one of which a region or a city larger than the town follows.
    """
    economy = countries.find(opened[1]) or ""
    town, *behind = map(bare, text[opened.end() :].split(","))
    if not economy or economies_around(opened[1], key(town)) != (economy,) or (behind and country(behind[-1])):
        return text
    if any(_is_abroad(part, key(town), economy) for part in behind):
        return text
    return f"{countries.name(economy)}, {text[opened.end() :]}"


def _is_abroad(part: str, town: str, economy: str) -> bool:
    """Say whether a part is a region of other economies alone, or a city there and larger than a town of one."""
    areas = regions.by_code().get(part, ()) if len(part) == PAIR else regions.find_anywhere(part)
    if areas and not regions.find(part, economy):
        return True
    people = gazetteer.places().population
    rows = gazetteer.rows_named(key(part), kinds=(PRIMARY,))
    largest = max(rows, key=lambda row: int(people[row]), default=None)
    at_home = max((int(people[row]) for row in gazetteer.rows_named(town, economy)), default=0)
    return largest is not None and gazetteer.home_of(largest)[0] != economy and people[largest] > at_home


def _separate_code(text: str, closed: re.Match[str]) -> str:
    """Return `96199 Zapfendorf DE` with a comma before its code, and the country's name if the code is surely its."""
    front, economy = text[: closed.start()], countries.find(closed[1]) or ""
    part = _BEFORE_TOWN.split(front[-_LONGEST_TOWN:])[-1].strip()
    words = bare(part).split()
    whole = key(" ".join(words)) if len(words) <= _TOWN_WORDS else ""
    if (
        codes_in(part)
        and economy in gazetteer.economies_of(whole)
        and {*economies_around(closed[1], whole)} <= {economy}
    ):
        return f"{front}, {countries.name(economy)}"
    towns = (key(" ".join(words[-size:])) for size in range(min(len(words), _TOWN_WORDS), 0, -1))
    homes = next((homes for town in towns if economy in (homes := economies_around(closed[1], town))), ())
    if "(" in closed[0] and homes == (economy,) and SIGNS.isdisjoint(words[-1].lower().split()):
        return f"{front}, {countries.name(economy)}"
    # A state's code behind a town is read without the country's name.
    return f"{front}, {closed[1]}" if homes else text


def separate_town(segments: list[str]) -> list[str]:
    """Return segments with the last town parted from a number or a legal form before it, if the country has the town.

    PO Box 1234 Ede The Netherlands; Xyntrax Inc. Baden, Switzerland.
    """
    for at in range(len(segments) - 1, max(-1, len(segments) - 4), -1):
        words = segments[at].split()
        if (size := _size_of_front(words)) == 0:
            continue
        behind = segments[at + 1 :]
        economy = (country(behind[-1]) or countries.find(behind[-1]) or split_country(behind[-1])[1]) if behind else ""
        if not behind:
            rest, economy = split_country(segments[at])
            behind, words = [segments[at][len(rest) :].strip()], rest.split()
        town = " ".join(words[size:]).strip(" .")
        if economy and len(words) - size <= _TOWN_WORDS and economy in gazetteer.economies_of(key(bare(town)), _TOWN):
            return [*segments[:at], " ".join(words[:size]), town, *behind]
    return segments


def _size_of_front(words: list[str]) -> int:
    """Return the number of words up to the last number or legal form amid them, 0 where there is none."""
    for at in range(len(words) - 2, 0, -1):
        number = words[at].rpartition(":")[2]  # No:5
        is_number = number.isdigit() or (number[:-1].isdigit() and number.isalnum())  # 5, 5b; no 3ra.
        if words[at + 1][:1].isupper() and (is_number or words[at].rstrip(".").lower() in LEGAL_FORMS):
            return at + 1
    return 0
