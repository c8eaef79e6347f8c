"""Takes a text apart into its segments, country and regions."""

import re
from dataclasses import replace

from hubrank.core import countries
from hubrank.geocoding.evidence.inner_units import without_inner_units
from hubrank.geocoding.evidence.reading import Reading
from hubrank.geocoding.evidence.reading_country import read_code, read_country
from hubrank.geocoding.evidence.reading_regions import counties, in_states, read_regions, region_at_end
from hubrank.geocoding.evidence.regions_in_names import region_in_name
from hubrank.geocoding.evidence.segments import Segment, may_be_code, segment
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.lost_letters import restored
from hubrank.geocoding.gazetteer.surroundings import Surroundings, regions_of_town
from hubrank.geocoding.text.address_lines import economies_at_code
from hubrank.geocoding.text.affiliations import split
from hubrank.geocoding.text.normalise import key, repair_encoding
from hubrank.geocoding.text.post_codes import bare, codes_in
from hubrank.geocoding.text.stated_countries import PAIR, country
from hubrank.geocoding.text.street_lines import is_street_alone

_PARTS_OF_NAME = re.compile(r"\b([^\W\d_]+) \(([^\W\d_]+\.?)\)")
_LONGEST_CODE = 20  # characters before a town in which its post code is
_PARTED = re.compile(r"\(|\w [-–/] [^\W\d_]")
_IN_PARENTHESES = re.compile(r"[^\W\d_]\.? ?\(([^\W\d_][^,;()\d]{2,40})\)")
_DASHED = re.compile(r"[^-–(),;]{1,60}(?: [-–] [^-–(),;]{1,60}){2,4}")  # Hallim - Jeju - South Korea
_COUNTRY_AGAIN = re.compile(r"\((?:[A-Z]\.? ?){2,5}\)$")  # Taiwan (R.O.C.)
_ABBREVIATED = re.compile(r"[^\W\d_]{2}\.$")
# U. of Utah, U. de Chile; Duke U., Michigan State U (USA).
_U = re.compile(r"U\b")
_UNIVERSITY = re.compile(
    r"(?<![\w.])(?<!\. )U(?:\.|\b)(?=\s+(?:of|de|do)\b)|(?<=\S[^\W\d_] )U(?:\.|\b)(?=\s*(?:[,;()/]|$))"
)
# Its post goes by way of Mersin, in Turkey.
_NORTHERN_CYPRUS = re.compile(r"\b(?:via )?Mersin[ -]?10\b(?:[\s,]*(?:Turkey|T[uü]rkiye)\b)?", re.IGNORECASE)


def read(text: str, stated: Surroundings, *, certain: bool = False) -> Reading:
    """Take a text apart.

    stated : what columns say of region and country.
    certain : whether to leave out a country that may be none.
    """
    text = repair_encoding(text)
    text = _NORTHERN_CYPRUS.sub(", Cyprus", text) if "10" in text else text
    text = _UNIVERSITY.sub("University", text) if _U.search(text) else text
    pieces = split(_PARTS_OF_NAME.sub(_joined, text) if "(" in text else text)
    pieces = without_inner_units(pieces)
    if len(pieces) > 1 and not bare(pieces[-1]) and _is_state(pieces[-2]):
        pieces[-2:] = [" ".join(pieces[-2:])]  # the post code is the state's: Recife, PE, 50000-000
    reading = Reading([segment(piece) for piece in pieces])
    reading.dashed = _DASHED.fullmatch(text) is not None
    reading.parted = _PARTED.search(_COUNTRY_AGAIN.sub("", text)) is not None and not reading.dashed
    enclosed = _IN_PARENTHESES.findall(text) if "(" in text else ()
    reading.in_parentheses = key(enclosed[-1]) if enclosed else ""
    reading.abbreviated = text.endswith(".") and _ABBREVIATED.search(text) is not None
    reading.regions = [(-1, region) for region in stated.regions]
    read_country(reading, text, stated)
    others = [piece for at, piece in enumerate(pieces) if at != reading.country_at]
    reading.street_alone = is_street_alone(others)
    if certain and reading.doubtful_at >= 0:
        reading.economies, reading.how, reading.country_at, reading.before = (), "", -1, {}
        reading.doubtful_at = -1
        read_code(reading)
    homes = reading.economies[:1] or reading.codes
    reading.segments = [_restored(part, homes) for part in reading.segments] if homes else reading.segments
    read_regions(reading)
    reading.regions = in_states(reading.regions)
    if reading.before_city_and_country() and _is_town_outside(reading.segments[0].key, reading.segments[1], reading):
        reading.regions = [pair for pair in reading.regions if pair[0] != 1]  # Hilversum is not in Utrecht
    if not reading.economies and not reading.codes:
        reading.codes = tuple(dict.fromkeys(region.economy for _, region in reading.regions))
        reading.codes_of_regions = True
        if home := region_at_end(reading):
            reading.economies, reading.how = countries.family(home), "read"
            reading.region_binds = True
            reading.regions = [pair for pair in reading.regions if pair[1].economy in reading.economies]
            reading.regions += counties(reading, home)
        elif not reading.regions:
            reading.segments = _without_words(reading.segments)
            if area := region_in_name(reading.segments):
                reading.regions, reading.codes = [(-1, area)], (area.economy,)
    return reading


def _is_town_outside(town: str, part: Segment, reading: Reading) -> bool:
    """Say whether a key is that of places of the country of which none lies in a region that a segment is."""
    return bool(gazetteer.economies_of(town).intersection(reading.economies)) and not regions_of_town(part.text, town)


def _is_state(text: str) -> bool:
    """Say whether a text is two capital letters, as of a state, or a first-level region in full."""
    return (len(text) == PAIR and text.isupper()) or bool(regions.named_anywhere(key(text)))


def _restored(part: Segment, homes: tuple[str, ...]) -> Segment:
    """Return a segment with the letters that its name, a place's in one of some economies, has lost."""
    name = part.text if part.organisation else restored(part.text, homes)
    return part if name == part.text else replace(segment(name), post_codes=part.post_codes)


def _without_words(segments: list[Segment]) -> list[Segment]:
    """Return segments without those in small letters, if others have capitals: IL6 protein, human is not in Uman.

    A post code says that a part is a place (Acme, lyon 69001).
    """
    names = [part for part in segments if not part.text.islower() or part.post_codes]
    return names if any(part.text != part.text.lower() for part in names) else segments


def _joined(parts: re.Match[str]) -> str:
    """Return two words of which the second stands in parentheses as one name, if a place has it: Frankfurt (Oder)."""
    if may_be_code(parts[2]) and parts[2].isupper():  # Chur (CH) is no Church
        return parts[0]
    if key(parts[1] + parts[2]) in gazetteer.names().number:
        return f"{parts[1]} {parts[2]}"
    return parts[1] if _has_code(parts) else parts[0]


def _has_code(parts: re.Match[str]) -> bool:
    """Say whether a post code of a town stands before it, which tells it from its namesakes: 68782 Brühl (Baden).

    A region of the country in parentheses is read as that.
    """
    before = parts.string[max(0, parts.start() - _LONGEST_CODE) : parts.start()].rstrip()
    codes = codes_in(before[-_LONGEST_CODE:]) if before[-1:].isdigit() else []
    homes = economies_at_code(key(parts[1]), tuple(codes[-1:])) if codes else frozenset()
    return bool(homes) and not any(regions.find(parts[2], home) for home in homes) and not country(parts[2])
