"""What a text says: its segments, and the country and regions that they name."""

import re
from collections import Counter
from dataclasses import dataclass, field

from hubrank.core import countries
from hubrank.geocoding.evidence.segments import (
    CODE,
    INITIALS,
    LEGAL_FORMS,
    Segment,
    country_keys,
    initials,
    may_be_code,
    segment,
)
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.gazetteer import PRIMARY
from hubrank.geocoding.gazetteer.place_lookup import Where, regions_of_town
from hubrank.geocoding.gazetteer.post_areas import PostArea, area
from hubrank.geocoding.gazetteer.regions import Region
from hubrank.geocoding.text.affiliations import (
    CITY_PEOPLE,
    OF,
    PAIR,
    STATES_OF,
    country,
    country_of,
    economies_around,
    economies_of_code,
    split,
)
from hubrank.geocoding.text.normalise import key, mended
from hubrank.geocoding.text.post_codes import bare, economy_of

LONGEST = 4  # words of a city's name
_AND = frozenset(("&", "and"))  # what follows belongs to what is before: State Key Lab of CAD & CG
_PARTS_OF_NAME = re.compile(r"\b([^\W\d_]+) \(([^\W\d_]+)\)")
# Its post goes by way of Mersin, in Turkey.
_NORTHERN_CYPRUS = re.compile(r"\b(?:via )?Mersin[ -]?10\b(?:[\s,]*(?:Turkey|T[uü]rkiye)\b)?", re.IGNORECASE)
_MOST_NAMESAKES = 3  # regions of one name that are looked at
_HOUSE = 2  # digits of what is no post code
_TOWN = 20_000  # inhabitants of a place abroad that may be meant instead of a region of its name


@dataclass(slots=True)
class Reading:
    """What a text says. `economies`: those a place may lie in, () where no country is stated.

    how : stated, named, code or "" (not at all). regions : each with the number of its segment.
    country_at : the number of the segment that is the country, -1 where none is.
    codes : economies that two letters suggest, or else the regions.
    doubtful_at : the number of the segment whose country may be none, -1 where it is sure: it belongs to an
        organisation's name (University of Benin), a region follows it (Lebanon, NH), or it is initials.
    """

    segments: list[Segment]
    economies: tuple[str, ...] = ()
    how: str = ""
    country_at: int = -1
    regions: list[tuple[int, Region]] = field(default_factory=list)
    before: dict[int, str] = field(default_factory=dict)  # what stands before the region or country in its segment
    codes: tuple[str, ...] = ()
    codes_of_regions: bool = False
    doubtful_at: int = -1
    region_binds: bool = False  # the country is stated by a region alone

    def codes_beside(self, at: int) -> tuple[str, ...]:
        """Return the economies that codes and regions suggest, without a region that the segment itself may be.

        St. Louis is a region of Senegal, and a city of the United States.
        """
        others = [region.economy for number, region in self.regions if number != at or at in self.before]
        return tuple(dict.fromkeys(others)) if self.codes_of_regions else self.codes

    def regions_at(self, at: int) -> list[Region]:
        """Return the regions that a segment, or what stands before its country there, is in whole: NY USA."""
        named = [region for number, region in self.regions if number == at]
        if not named or at not in self.before:
            return named
        name = key(self.before[at])
        return [region for region in named if region in regions.named(name, region.economy)]

    def states_at(self, at: int) -> tuple[Region, ...]:
        """Return those of them that are of the first level."""
        return tuple(region for region in self.regions_at(at) if not region.admin2)

    def is_street(self, at: int) -> bool:
        """Say whether a segment ends in a house number, and one behind it is called like a larger place there.

        That is a city, or where the number has two digits at most, any place: Kirchberg 5, 88471 Laupheim.
        """
        part = self.segments[at]
        if not part.numbered or part.key in country_keys():
            return False
        least = CITY_PEOPLE if part.numbered > _HOUSE or self._has_place(part.key, CITY_PEOPLE) else 0
        for behind in self.segments[at + 1 :]:
            if behind.numbered or behind.key in country_keys():  # post codes stand behind cities here, or it ends
                return False
            if self._has_place(behind.key, least):
                return True
        return False

    def _has_place(self, name: str, least: int) -> bool:
        """Say whether a place of the country has a name for its own, and so many inhabitants."""
        places = gazetteer.places()
        rows = (row for row, kind in gazetteer.names().rows(name) if kind == PRIMARY and row < len(places.name))
        return any(
            places.population[row] >= least and (not self.economies or places.economy[row] in self.economies)
            for row in rows
        )

    def post_area(self, at: int) -> PostArea | None:
        """Return the area of a post code of the stated country in a segment, or in one that is nothing else, next."""
        homes = self.economies or tuple(region.economy for number, region in self.regions if number == at)
        for number in (at, at + 1, at - 1) if homes else ():
            part = self.segments[number] if 0 <= number < len(self.segments) else None
            if part and part.post_codes and (number == at or not part.text):
                return area(part.post_codes, homes[0])
        return None

    def lone_name(self) -> str:
        """Return the first segment where only regions and a country follow and it may be a city's name, else ""."""
        behind = {number for number, region in self.regions if not region.admin2} | {self.country_at}
        first = self.segments[0] if self.segments else None
        if first is None or not behind.issuperset(range(1, len(self.segments))):
            return ""
        town = not first.organisation and len(first.words) <= LONGEST and first.key not in country_keys()
        if self.is_street(0) or not (len(self.segments) > 1 or first.post_codes):
            return ""
        return self.before.get(0, first.text) if town else ""


def _country_tail(text: str) -> tuple[str, str]:
    """Split a country off the end of a segment, unless a region ends there: University of New Mexico."""
    parts = text.split()
    if len(parts) > 2 and (home := _behind_its_code(*parts[-2:])):
        return " ".join(parts[:-1]), home
    for size in (4, 3, 2, 1):
        first = len(parts) - size
        if first < 1 or not _AND.isdisjoint(parts[first - 1 : first + 1]):
            continue
        economy = country(bare(" ".join(parts[first:])))
        front = " ".join(parts[:first])
        if economy and front.isupper() and may_be_code(front) and regions.find(front, economy):
            return front, economy  # AR USA is no Arusha
        if not economy or not gazetteer.economies_of(key(text)) <= {
            economy
        }:  # Monistrol de Montserrat is a town in Spain
            continue
        for longer in (size + 1, size + 2):
            wider = regions.anywhere(key(" ".join(parts[-longer:]))) if longer <= len(parts) else ()
            if wider and longer == len(parts) and all(r.economy == economy for r in wider):
                return text, economy  # Western Australia is both
            if any(r.economy != economy or size == 1 for r in wider):
                return text, ""
        return " ".join(parts[:-size]), economy
    return text, ""


def _behind_its_code(code: str, last: str) -> str:
    """Return the economy of two capital letters behind those of a region there: CHENNAI TN 600001 IN, else ""."""
    if not all(len(word) == PAIR and word.isupper() for word in (code, last)):
        return ""
    economy = countries.find(last) or ""
    return economy if economy and regions.find(code, economy) else ""


def read(text: str, stated: Where, *, certain: bool = False) -> Reading:
    """Take a text apart.

    stated : what columns say of region and country.
    certain : whether to leave out a country that may be none.
    """
    text = _NORTHERN_CYPRUS.sub(", Cyprus", mended(text))
    pieces = split(_PARTS_OF_NAME.sub(_joined, text))
    reading = Reading([segment(piece) for piece in pieces])
    reading.regions = [(-1, region) for region in stated.regions]
    _read_country(reading, text, stated)
    if certain and reading.doubtful_at >= 0:
        reading.economies, reading.how, reading.country_at, reading.before = (), "", -1, {}
        reading.doubtful_at = -1
        _read_code(reading)
    _read_regions(reading)
    reading.regions = _in_states(reading.regions)
    if not reading.economies and not reading.codes:
        reading.codes = tuple(dict.fromkeys(region.economy for _, region in reading.regions))
        reading.codes_of_regions = True
        if home := _region_at_end(reading):
            reading.economies, reading.how = countries.family(home), "named"
            reading.region_binds = True
            reading.regions = [pair for pair in reading.regions if pair[1].economy in reading.economies]
            reading.regions += _counties(reading, home)
    return reading


def _region_at_end(reading: Reading) -> str:
    """Return the economy of the region that a text ends in, if nothing else is called like it, or "": it binds, too."""
    at = len(reading.segments) - 1
    last = reading.segments[at] if at > 0 else None
    if last is None or may_be_code(last.key) or last.key in country_keys():
        return ""
    homes = {region.economy for number, region in reading.regions if number == at and not region.admin2}
    before = gazetteer.economies_of(reading.segments[at - 1].key)
    alone = len(homes) == 1 and gazetteer.economies_of(last.key, _TOWN) <= homes
    return homes.pop() if alone and (not before or homes <= before) else ""


def _counties(reading: Reading, home: str) -> list[tuple[int, Region]]:
    """Return the second-level regions of an economy that segments without a region name: 浙江省宁波市余姚市."""
    numbers = {number for number, _ in reading.regions} | {*reading.before}
    parts = [(at, part.text) for at, part in enumerate(reading.segments) if at not in numbers]
    named = [(at, regions.find(text, home)[:3]) for at, text in parts if text and not may_be_code(text)]
    return [(at, region) for at, areas in named for region in areas if region.admin2]


def _joined(parts: re.Match[str]) -> str:
    """Return two words of which the second stands in parentheses as one name, if a place has it: Frankfurt (Oder)."""
    if may_be_code(parts[2]) and parts[2].isupper():  # Chur (CH) is no Church
        return parts[0]
    return f"{parts[1]} {parts[2]}" if key(parts[1] + parts[2]) in gazetteer.names().number else parts[0]


def _read_country(reading: Reading, text: str, stated: Where) -> None:
    """Note the country: what a column states, a segment at the end, the end of a segment, or a code."""
    segments = reading.segments
    last = len(segments) - 1
    if stated.economies:
        reading.economies, reading.how = stated.economies, "stated"
    for at in (last, last - 1):  # a remark may follow; the first of several segments is a place: Lebanon, NH
        if at == last or at > 0:
            economy = country_of(segments[at].text, segments[at - 1].key if at else "") if at >= 0 else ""
            if economy and at > 0 and _is_state(segments[at].text, segments[at - 1], economy):
                continue
            if economy:
                if not reading.economies and at < last and _may_be_none(segments, at):
                    reading.doubtful_at = at
                _note_country(reading, at, economy)
    if reading.country_at < 0 <= last:
        _read_other_country(reading, text)


def _read_other_country(reading: Reading, text: str) -> None:
    """Note the country that no segment at the end names: the end of one, a code, or what stands further in front."""
    front, economy = _country_tail(_without_legal_form(reading.segments[-1].text))
    if economy:
        _note_tail(reading, front, economy)
    elif not _read_code(reading) and not reading.economies:
        if home := economy_of(text):
            _note_country(reading, -1, home)
        else:
            _read_inner_country(reading)
        if not reading.economies:
            _read_first_country(reading)


def _without_legal_form(text: str) -> str:
    """Return a company's name without what says that it is one: Thyssenkrupp Materials Austria GmbH."""
    words = text.split()
    while len(words) > _HOUSE and key(words[-1]) in LEGAL_FORMS:
        words.pop()
    return " ".join(words)


def _is_state(code: str, town: Segment, economy: str) -> bool:
    """Say whether two letters that are a country's are a state's elsewhere, where the town before lies: Bern, BE."""
    is_code = len(code) == PAIR and code.isupper()
    return is_code and economy not in economies_of_code(code, town.key)


def _note_tail(reading: Reading, front: str, economy: str) -> None:
    """Note the country that ends the last segment, and what stands before it there."""
    last = len(reading.segments) - 1
    if not reading.economies and reading.segments[last].organisation and _in_name(front):
        reading.doubtful_at = last
    if front != reading.segments[last].text:
        reading.before[last] = front
    _note_country(reading, -1, economy)


def _may_be_none(segments: list[Segment], at: int) -> bool:
    """Say whether a segment before the last that is called like a country is a city before its region, or initials."""
    region = _regions_of(segments[at + 1].text, (), alone=False, codes=())
    return bool(region) or initials(segments[at].text, segments[at - 1])


def _in_name(front: str) -> bool:
    """Say whether what follows some words belongs to them as a name."""
    return front.rsplit(maxsplit=1)[-1].lower() in OF


def _read_code(reading: Reading) -> bool:
    """Note two capital letters at the end, which may be a state's too; say whether there are any."""
    last = len(reading.segments) - 1
    final = reading.segments[last].text
    if len(final) != PAIR or not final.isupper() or last == 0:
        return False
    before = reading.segments[last - 1]
    economies = economies_of_code(final, before.key)
    home = countries.find(final)
    code = before.text.rpartition(" ")[2] if reading.segments[last].post_codes else before.text
    if home and may_be_code(code) and code.isupper() and regions.find(code, home):
        economies = (home,)  # Richmond, BC V6Y 2B6, CA; CHENNAI TN 600001 IN
    if not economies:
        return False
    if not reading.economies:
        reading.codes = economies
    reading.country_at = last if economies == (countries.find(final),) else -1
    return True


def _read_inner_country(reading: Reading) -> None:
    """Note the country in which an organisation's name ends: University of Luxembourg, Faculty of Law."""
    for at in range(len(reading.segments) - 2, -1, -1):
        part = reading.segments[at]
        front, economy = _country_tail(part.text) if part.organisation else ("", "")
        if economy:
            reading.doubtful_at = at if _in_name(front) else -1
            _note_country(reading, -1, economy)
            return


def _read_first_country(reading: Reading) -> None:
    """Note the country that opens a text from the widest to the finest: Россия, 399200, Липецкая обл, г Задонск."""
    first, last = reading.segments[0], reading.segments[-1].key
    economy = country(first.text) if len(reading.segments) > 1 else ""
    if not economy:
        return
    of_it = economy in gazetteer.economies_of(last) and {r.economy for r in regions.anywhere(last)} <= {economy}
    if of_it or gazetteer.economies_of(first.key) <= {economy}:  # Mexico, Puerto Vallarta; but no Peru, Indiana
        _note_country(reading, 0, economy)


def _note_country(reading: Reading, at: int, economy: str) -> None:
    """Note a country; one that is filed under another that is named is the finer: Hong Kong, China."""
    reading.country_at = max(reading.country_at, at)
    if not reading.economies:
        reading.economies, reading.how = countries.family(economy), "named"
    elif economy in reading.economies[1:]:
        reading.economies = countries.family(economy)


def _read_regions(reading: Reading) -> None:
    """Note the regions that segments, or their ends, name."""
    homes = reading.economies[:1] + tuple(e for e in reading.economies[1:] if reading.how)
    homes = homes or (reading.codes if reading.country_at >= 0 else ())
    for at, part in enumerate(reading.segments):
        if at == reading.country_at or not part.text:
            continue
        text = reading.before.get(at, part.text)
        if not text or (INITIALS.fullmatch(text) and not _ends_address(reading, at)):
            continue
        areas = _regions_of(text, homes, alone=len(reading.segments) == 1, codes=reading.codes)
        if not (areas or homes) and at:
            town = reading.segments[at - 1].key
            areas = _around(text, town)
        reading.regions += [(at, region) for region in areas]
        if areas or " " not in text:
            continue
        rest, _, last = text.rpartition(" ")
        if last.isupper() and last.isalpha() and len(last) <= CODE:
            last_segment = at == len(reading.segments) - 1  # elsewhere NV may end a company's name
            codes_of = economies_of_code if last_segment else economies_around
            around = codes_of(last, key(rest)) if len(last) == PAIR else STATES_OF
            if homes and not last_segment and not _ends_address(reading, at) and not regions_of_town(last, key(rest)):
                continue  # 1645 140th Ave NE, Bellevue
            behind = at in reading.before or (reading.country_at == at + 1 and reading.segments[at + 1].post_codes)
            for economy in homes[:1] or around:
                if (behind or economy in (*STATES_OF, *around)) and (areas := regions.find(last, economy)):
                    reading.regions += [(at, region) for region in areas[:1]]
                    reading.before[at] = rest
                    break


def _in_states(named: list[tuple[int, Region]]) -> list[tuple[int, Region]]:
    """Return regions, three a part, without those of the second level in other states than a text states.

    대전광역시 서구 is none of the three other 서구.
    """
    states = {(region.economy, region.admin1) for _, region in named if not region.admin2}
    bound = {economy for economy, _ in states}
    counts: Counter[int] = Counter()
    there = []
    for at, region in named:
        if not region.admin2 or region.economy not in bound or (region.economy, region.admin1) in states:
            counts[at] += at >= 0
            if counts[at] <= _MOST_NAMESAKES:
                there.append((at, region))
    return there


def _ends_address(reading: Reading, at: int) -> bool:
    """Say whether nothing but a country follows a segment, so that D.C is a region and no name of a person."""
    return at >= len(reading.segments) - 1 or (at == len(reading.segments) - 2 and reading.country_at > at)


def _around(text: str, town: str) -> tuple[Region, ...]:
    """Return the regions of a name in which the town before it lies, of a short one states: Rome, Ga."""
    areas = regions_of_town(text, town)
    states = (region for region in areas if region.economy in STATES_OF and not region.admin2)
    return tuple(states) if may_be_code(text) else areas


def _regions_of(text: str, homes: tuple[str, ...], *, alone: bool, codes: tuple[str, ...]) -> tuple[Region, ...]:
    for economy in homes:
        if areas := regions.find(text, economy):
            return areas
    if homes:
        return ()
    if may_be_code(text):
        matches: list[Region] = []
        if text.isupper() and not alone:
            for economy in codes or STATES_OF:
                areas = regions.find(text, economy)
                matches += [r for r in areas if (codes or not r.admin2) and r not in matches]
        return tuple(matches)
    return regions.anywhere(key(text))
