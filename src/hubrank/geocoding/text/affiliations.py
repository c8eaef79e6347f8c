"""The affiliations of a free text, and the segments of the first of them.

`TMCC, CS, Nankai University, China` has the segments TMCC | CS | Nankai University | China.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from hubrank.core import countries
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.gazetteer import ANY_KIND, PRIMARY
from hubrank.geocoding.gazetteer.surroundings import regions_of_town
from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.address_lines import separate_line, separate_street_behind, split_town_at_code
from hubrank.geocoding.text.authors import without_authors, without_named_persons
from hubrank.geocoding.text.branches import before_branch
from hubrank.geocoding.text.contacts import without_contacts
from hubrank.geocoding.text.country_order import separate_town
from hubrank.geocoding.text.cut_countries import with_plain_country
from hubrank.geocoding.text.japanese_counties import with_county
from hubrank.geocoding.text.joined_pieces import with_post_code, with_street
from hubrank.geocoding.text.lines_before_regions import separate_before_region
from hubrank.geocoding.text.native_addresses import native_parts
from hubrank.geocoding.text.normalise import key, plain
from hubrank.geocoding.text.official_names import with_plain_names
from hubrank.geocoding.text.organisation_words import LEGAL_FORMS, SIGNS
from hubrank.geocoding.text.post_codes import bare, codes_in, opening_economy
from hubrank.geocoding.text.remarks import is_part_of_country, without_remarks
from hubrank.geocoding.text.separators import has_code, with_commas
from hubrank.geocoding.text.settlements import with_settlement_first
from hubrank.geocoding.text.stated_countries import (
    PAIR,
    STATES_OF,
    country,
    economies_around,
    split_country,
)
from hubrank.geocoding.text.street_lines import is_street_line, separate_marked_number
from hubrank.geocoding.text.town_and_region import first_town, separate_region
from hubrank.geocoding.text.towns_behind_streets import separate_town_of_province
from hubrank.geocoding.text.unit_lines import separate_units

_MARKS = re.compile(r"[,،、，;|\n\r\t()\[\]〒]+|—|\s(?://|[-–/>›»→•·])\s")
_SEMICOLON = re.compile("[;؛；]")
_SLASH = " / "
_DASHES = re.compile(r"\s[-–]\s")
_PART = re.compile(r"[^,;|()\[\]\n]+")
_AND_AT_END = re.compile(r"[\s,;]+(?:\d{1,2}[\s,]+)?(?:and|AND)$")  # PARIS FRANCE 2 AND: another was cut off
_NO_VALUES = "|".join(words.replace(" ", r"\W{1,2}") for words in vocabulary.words("unknown", "part"))
_NO_VALUE = re.compile(rf"(?:(?<=[,;|])|^)\s*(?:{_NO_VALUES})\.?\s*(?:[,;|]|$)", re.IGNORECASE)
_QUOTES = '"“”„«»'
_END = f" .:;*/=!?_-–{_QUOTES}"  # marks at the end of a part that belong to no name: Tacoma, WA :
# Names of barangays and their zones help to find no place; directly before the country the town is in the same part.
_BARANGAY = re.compile(
    r"(?:^|(?<=,))\s*(?:brgy|bgy|barangay)\b[^,;]*(?:,\s*zone\b[^,;]*)?"
    r"(?=,(?!\s*(?:the )?philippines\b))",
    re.IGNORECASE,
)
_WIDE = re.compile(r"\s{2,}")  # what is left of a mark that was taken out: Polytechnic of Porto  School of Engineering
OF = frozenset(("of", "the", "de", "du", "do", "da", "del", "di"))  # what follows belongs to the name before
_TWICE = re.compile(r"([^\W\d_][^\d,]{2,40}) \1(?=$|\s[\w-]*\d)", re.IGNORECASE)  # before a post code
CONJUNCTIONS = frozenset(("and", "&", "und", "et", "y", "e"))
_AND = re.compile(r"(?:and|AND|&)\s")
_LONGEST_FORM = 12  # characters of a legal form: Incorporated, S. de R. L.
_PARTS = 2  # segments that an affiliation has at least
_JOINTS = ("and", "AND", "&", "/")
_NEXT = re.compile(r"^(.*?\S)\s+(?:and|AND|&|/)\s+(.*)$")
CITY_PEOPLE = 100_000  # inhabitants of a city
_CITY_LETTERS = 4  # of another name of a city: shorter ones are codes of airports, and abbreviations


def affiliations(text: str) -> list[str]:
    """Return the affiliations of a text, as `_affiliations` parts it."""
    return list(_affiliations(text))


@lru_cache(512)  # one text is asked for by the finder and, if nothing in it is written otherwise, by `split`
def _affiliations(text: str) -> Sequence[str]:
    """Return the affiliations of a text: what semicolons part, but for the parts of one: College; Univ.; Wuhan, China.

    A slash behind the country or state that ends one parts them as well: Foo, Rome, Italy / Bar, Lyon, France.
    They are parts of one where the first of them that ends in a country has nothing before it but a place or region
    there, or that is the state of the town before it or has its post code: Baltimore; Maryland 21205. A country behind
    that belongs to it. Names of persons before an affiliation are left out.
    """
    text = without_named_persons(text)
    text = without_contacts(text) if "@" in text and _SEMICOLON.search(text) else text
    pieces = without_authors(_SEMICOLON.split(_without_slashes(text) if _SLASH in text else text))
    pieces = with_post_code(with_street(pieces)) if len(pieces) > 1 else pieces
    if len(pieces) == 1:
        return pieces
    if _is_address(pieces):
        return [", ".join(pieces)]
    for at, piece in enumerate(pieces):
        whole = country(piece.strip(" ."))
        state = _home_of_town(piece.strip(" ."), key(bare(pieces[at - 1]))) if at and not whole else ""
        front, economy = ("", whole) if whole else split_country(piece.strip(" ."))
        if front.rpartition(" ")[2].lower() in OF:
            continue  # Academy of Sciences of the Czech Republic
        if economy or state:
            end = at + 2 if state and country("".join(pieces[at + 1 : at + 2]).strip(" .")) else at + 1
            is_one = at and (state or _is_in_economy(front, economy))
            return [", ".join(pieces[:end]), *pieces[end:]] if is_one else pieces
    return pieces


def _is_address(pieces: list[str]) -> bool:
    """Say whether pieces are an organisation, places or regions of a country, and this country alone.

    THALES AVS FRANCE; Moirans; France.
    """
    economy = country(pieces[-1].strip(" .")) if len(pieces) > _PARTS else ""
    between = [piece.strip() for piece in pieces[1:-1]]
    return bool(economy) and all(piece and _is_in_economy(piece, economy) for piece in between)


def _home_of_town(piece: str, town: str) -> str:
    """Return the economy before the post code that opens a piece, or of a state of a town or with a code, or ""."""
    if home := opening_economy(piece):
        return home
    name = bare(piece)
    if len(name) == PAIR:
        return "".join(economies_around(name, town)[:1]) or _home_of_code(name, piece) if name.isupper() else ""
    homes = [area.economy for area in regions_of_town(name, town) if area.economy in STATES_OF and not area.admin2]
    return homes[0] if homes else _home_of_code(name, piece)


def _home_of_code(name: str, piece: str) -> str:
    """Return the economy of a state that may have the post code which stands behind it in a piece, or ""."""
    codes = codes_in(piece)
    states = (state for home in STATES_OF for state in regions.find(name, home) if not state.admin2) if codes else ()
    return next((state.economy for state in states if has_code(state, codes[0])), "")


def _without_slashes(text: str) -> str:
    """Return a text with semicolons for the slashes before which an affiliation ends."""
    parts = text.split(_SLASH)
    for at, part in enumerate(parts[:-1]):
        front, _, last = part.rpartition(",")
        last, town = bare(last.strip(" .")), key(bare(front.rpartition(",")[2]))
        ends = front and (_ends_affiliation(last, town) or regions_of_town(last, town))
        parts[at] += "; " if ends else _SLASH
    return "".join(parts)


def _is_in_economy(name: str, economy: str) -> bool:
    """Say whether a text is nothing, or the name of a place or region in an economy, and of regions around it."""
    bare_name, *others = (bare(part.strip(" .")) for part in name.strip(" ,").split(","))
    town = key(bare_name)
    is_place = not town or economy in gazetteer.economies_of(town) or bool(regions.find(bare_name, economy))
    return is_place and all(regions.find(other, economy) for other in others)


def split(text: str) -> list[str]:
    """Return the segments of the first of several affiliations, none of what is wider than a region: Northeast US."""
    return [] if is_part_of_country(text) else list(_split(text))


@lru_cache(8192)  # an address that is located is shown a moment later
def _split(text: str) -> Sequence[str]:
    segments: list[str] = []
    text = _NO_VALUE.sub("", text) or text
    text = _PART.sub(_with_joined_name, text) if _DASHES.search(text) else text
    text = separate_units(with_plain_names(with_plain_country(_without_and(text.rstrip(_END)))))
    text = _BARANGAY.sub("Barangay", text) if "gy" in text.lower() or "gay" in text.lower() else text
    text = separate_street_behind(separate_marked_number(first_town(with_settlement_first(text))))
    text = separate_before_region(separate_line(separate_town_of_province(text)))
    for piece in affiliations(with_commas(separate_region(text))):
        pieces = _MARKS.split(piece) if "," in piece else _MARKS.split(_WIDE.sub(", ", piece))
        stripped = [part.rstrip(_END).lstrip(f" .{_QUOTES}") for part in pieces]
        stripped = stripped if piece.isascii() else [part for each in stripped for part in native_parts(each)]
        parts = (part for part in stripped if part and part.lower() not in CONJUNCTIONS)
        segments = [each for part in parts for one in before_branch(part) for each in _town_and_region(one)]
        if segments:
            break
    if "(" in text:
        segments = _without_company_town(segments)
    if segments[1:] and is_legal_form(segments[1]) and gazetteer.rows_named(key(segments[0])):
        segments[:2] = [" ".join(segments[:2])]  # Hitachi, Ltd. is no town
    segments = with_county(segments) if "gun" in text.lower() else segments
    segments = separate_town(_town_at_code(_code_before_country(without_remarks(segments))))
    if len(segments) > 1 + _PARTS:
        segments = _until_country(segments)
    for at, segment in enumerate(segments):
        following = _NEXT.match(segment) if at and any(word in segment for word in _JOINTS) else None
        if following and _ends_affiliation(following[1], segments[at - 1]):
            return [*segments[:at], following[1]]
        if following and _joins_another(following, country(segments[-1])):
            return [*segments[:at], following[1], segments[-1]]
        if at and _AND.match("".join(segments[at + 1 : at + 2])) and _ends_affiliation(segment, segments[at - 1]):
            return segments[: at + 1]
    return segments


def _with_joined_name(part: re.Match[str]) -> str:
    """Return a part with its dashes joined to the words if it is the name of a region or town: Castilla - La Mancha."""
    name = key(part[0]) if _DASHES.search(part[0]) else ""
    is_name = bool(name) and (bool(regions.named_anywhere(name)) or bool(gazetteer.rows_named(name, kinds=(PRIMARY,))))
    return _DASHES.sub("-", part[0]) if is_name else part[0]


def _town_and_region(segment: str) -> tuple[str, ...]:
    """Return the town and its region of one name that a segment is, else it alone: Montevideo Montevideo 11300.

    Walla Walla is a name.
    """
    twice = _TWICE.match(segment)
    if twice is None or key(twice[0]) in gazetteer.names().number:
        return (segment,)
    return twice[1], segment[twice.end(1) :].lstrip()


def is_legal_form(text: str) -> bool:
    """Say whether a text is a legal form of companies that is no place's own name (Spa) and no code (GBR, SA)."""
    name = key(text) if len(text) <= _LONGEST_FORM else ""
    is_form = len(name) > PAIR and name in LEGAL_FORMS and not countries.find(text)
    return is_form and not gazetteer.rows_named(name, kinds=(PRIMARY,))


def _without_company_town(segments: list[str]) -> list[str]:
    """Return segments without a town before a legal form, if another city there follows: X (Beijing) Co., Shenzhen."""
    for at in range(1, len(segments) - 2):
        if LEGAL_FORMS.issuperset(plain(segments[at + 1]).split()):
            homes = gazetteer.economies_of(key(segments[at]))
            behind = (gazetteer.economies_of(key(bare(part)), CITY_PEOPLE) for part in segments[at + 2 :])
            is_state = any(regions.find(segments[at + 1], home) for home in homes)
            if not is_state and any(not homes.isdisjoint(economies) for economies in behind):
                return segments[:at] + segments[at + 1 :]
    return segments


def _without_and(text: str) -> str:
    """Return a text without the "and" at its end, which is the code of Andorra only behind a place there."""
    if text[-3:].lower() != "and":
        return text
    front = _AND_AT_END.sub("", text)
    town = key(bare(front.rpartition(",")[2]))
    return text if front == text or "AD" in gazetteer.economies_of(town) else front


def _code_before_country(segments: list[str]) -> list[str]:
    """Return segments with a post code behind the country put behind the state, or behind a town that may have it.

    Peru, New York, USA, 12972; 9 High St Richmond, Australia, 3121.
    """
    codes = codes_in(segments[-1]) if len(segments) >= _PARTS else []
    *front, named = segments[: None if codes and bare(segments[-1]) else -1] or ("",)
    economy = country(named) if codes and front else ""
    if not economy:
        return segments
    before = front.pop()
    if economy in STATES_OF and any(not region.admin2 for region in regions.find(before, economy)):
        return [*front, f"{before} {codes[0]}", bare(named)]
    street, town = split_town_at_code(before, codes[0], economy)
    return [*front, *filter(None, (street, f"{town} {codes[0]}", bare(named)))] if town else segments


def _town_at_code(segments: list[str]) -> list[str]:
    """Return segments with the town that ends a street before its country parted from it, if the post code is there.

    55 Brivibas iela Riga 1010, Latvia.
    """
    if len(segments) < _PARTS or not (economy := country(segments[-1])):
        return segments
    *front, line, named = segments
    codes, name = codes_in(line), bare(line)
    street, town = split_town_at_code(name, codes[0], economy) if codes and " " in name else ("", "")
    return [*front, street, f"{town} {codes[0]}", named] if is_street_line(street) and town else segments


def _joins_another(joined: re.Match[str], economy: str) -> bool:
    """Say whether "and" stands between a city of the country and what opens as another organisation there.

    Oxford and University of Cambridge, Cambridge, UK; but no Raymond and Beverly Sackler Faculty, nor the names
    Washington and Lee University, Warrington & Halton Teaching Hospitals.
    """
    city = key(bare(joined[1]))
    kinds = ANY_KIND if len(city) >= _CITY_LETTERS else (PRIMARY,)  # Agr, Bot are fields of a department
    people = gazetteer.places().population
    is_city = economy and any(people[row] >= CITY_PEOPLE for row in gazetteer.rows_named(city, economy, kinds))
    return bool(is_city) and not SIGNS.isdisjoint(plain(joined[2]).split()[:1])


def _until_country(segments: list[str]) -> list[str]:
    """Return segments up to the country of the town before it, if an organisation and another country follow.

    Tsinghua University, Beijing, China, Department of Physics, Columbia University, New York, NY, United States.
    """
    for at in range(1, len(segments) - _PARTS):
        economy = country(segments[at])
        if economy and economy in gazetteer.economies_of(key(bare(segments[at - 1]))):
            another = any(not SIGNS.isdisjoint(plain(segment).split()) for segment in segments[at + 1 :])
            if another and (country(segments[-1]) or split_country(segments[-1])[1]):
                return segments[: at + 1]
    return segments


def _ends_affiliation(segment: str, before: str) -> bool:
    """Say whether an affiliation ends here: with its country, or the state of the town before."""
    is_code = len(segment) == PAIR and segment.isupper()
    named = country(segment) or split_country(segment)[1]
    return bool(named or (is_code and economies_around(segment, key(bare(before)))))
