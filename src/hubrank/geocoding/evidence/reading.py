"""What a text says: its segments, and the country and regions that they name."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from string import digits

from hubrank.core.sphere import near_e7
from hubrank.geocoding.evidence.segments import Segment, country_keys
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.gazetteer import ANY_KIND, PRIMARY
from hubrank.geocoding.gazetteer.post_areas import PostArea, area, is_code
from hubrank.geocoding.gazetteer.regions import Region
from hubrank.geocoding.gazetteer.surroundings import Surroundings
from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.affiliations import CITY_PEOPLE
from hubrank.geocoding.text.normalise import key, plain
from hubrank.geocoding.text.stated_countries import STATES_OF
from hubrank.geocoding.text.street_lines import is_street_line
from hubrank.geocoding.text.vocabulary import STREETS

QUARTERS = frozenset(["n", "s", "e", "w", "ne", "nw", "se", "sw", "north", "south", "east", "west"])
_BY_DASHES = 2  # the number of the segment that is the country behind town and city
LONGEST = 4  # words of a city's name
_QUARTER_KM = 20.0  # from the middle of its city
_HOUSE = 2  # digits: a number of so few is no post code
_HOUSE_NUMBER = 4  # digits at most
_ROOM, _ROOMS = 3, STREETS | {"no", "nr"}  # digits of a room's or house's number at most, and words before it
_CITY_OF = re.compile(r"[^\W\d_]-(shi|si|ku|gu)$", re.IGNORECASE)
_AREAS, _AREAS_OPENING, _AREAS_BEFORE_REGION = (
    {home: frozenset(words.split()) for home, words in vocabulary.section(name).items()}
    for name in ("area", "area_opening", "area_before_region")
)
_NONE: frozenset[str] = frozenset()
_ANY_AREA = _NONE.union(*_AREAS.values(), *_AREAS_BEFORE_REGION.values())
_ANY_OPENING = _NONE.union(*_AREAS_OPENING.values())


@dataclass(slots=True)
class Reading:
    """What a text states. `economies`: those a place may lie in, () where no country is stated.

    how : stated, read (by its name, a region or a post code), code or "" (not at all).
    regions : each with the number of its segment.
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
    parted: bool = False  # by more than commas: Xyntrax (Modena, Italy); Remote - Cape May
    dashed: bool = False  # by dashes alone: Hallim - Jeju - South Korea
    in_parentheses: str = ""  # key of the last part that stands alone in them, right behind a name: Vich (Barcelona)
    abbreviated: bool = False  # its last word: Luton, Beds.
    region_binds: bool = False  # the country is stated by a region alone
    joined_town: bool = False  # a town that stood behind a registered name without a comma was parted from it
    may_be_town: bool = False  # what stands behind a registered name may be a small town
    street_alone: bool = False  # the text is nothing but a street with a house number, and its country

    def surroundings(self) -> Surroundings:
        """Return the countries and regions that the text states."""
        return Surroundings(self.economies, tuple(region for _, region in self.regions))

    def text_at(self, at: int) -> str:
        """Return the text of a segment without the region or country at its end."""
        return self.before.get(at, self.segments[at].text)

    def codes_beside(self, at: int) -> tuple[str, ...]:
        """Return the economies that codes and regions suggest, without a region that the segment itself may be.

        St. Louis is a region of Senegal, and a city of the United States.
        """
        others = [region.economy for number, region in self.regions if number != at or at in self.before]
        return tuple(dict.fromkeys(others)) if self.codes_of_regions else self.codes

    def before_city_and_country(self) -> bool:
        """Say whether the first of three segments between dashes stands before a city and its country.

        Databases of companies write so where the city is that of the region around the town: Chippenham - London - GBR.
        """
        return self.dashed and self.country_at == len(self.segments) - 1 == _BY_DASHES

    def states_country(self) -> bool:
        """Say whether the text names a country, and surely as one."""
        return self.how == "read" and not self.region_binds and self.doubtful_at < 0

    def regions_at(self, at: int) -> list[Region]:
        """Return the regions that a segment, or what stands before its country there, is in whole: NY USA."""
        named = [region for number, region in self.regions if number == at] if self.regions else []
        if not named or at not in self.before:
            return named
        name = key(self.before[at])
        return [region for region in named if region in regions.named(name, region.economy)]

    def states_at(self, at: int) -> tuple[Region, ...]:
        """Return the first-level regions that a segment is in whole."""
        named = self.regions_at(at)
        return tuple(region for region in named if not region.admin2) if named else ()

    def counties_at(self, at: int) -> tuple[Region, ...]:
        """Return the second-level regions that a segment is with the word for them: Albany County."""
        named = self.regions_at(at)
        if not named or not 0 <= at < len(self.segments) or not regions.has_kind_word(self.segments[at].text):
            return ()
        return () if any(not region.admin2 for region in named) else tuple(named)

    def is_street(self, at: int) -> bool:
        """Say whether a segment ends in a house number, and one behind it is the name of a larger place.

        That is a city, or where the number has two digits at most or a mark, any place: Kirchberg 5, 88471 Laupheim.
        Near a city that the segment names the number is a district's: Prague 2, Nové Město.
        Where addresses end in states, a house number opens a street (495 El Camino Real, Santa Clara, CA), elsewhere
        one of two digits before a place by its own name: 12 Mumbai, Aland, India.
        """
        part = self.segments[at]
        if self._opens_with_house(at):
            kinds = ANY_KIND if self._home() in STATES_OF else (PRIMARY,)
            return any(self._has_place(behind.key, 0, kinds) for behind in self._before_end(at))
        if not part.numbered or part.key in country_keys():
            return False
        cities = self._places(part.key.rstrip(digits), CITY_PEOPLE, ANY_KIND) if part.numbered > 0 else []
        least = CITY_PEOPLE if part.numbered > _HOUSE else 0
        for behind in self.segments[at + 1 :]:
            if behind.numbered or behind.key in country_keys():  # post codes stand behind cities here, or it ends
                return False
            towns = self._places(behind.key, least) or self._places(_without_city(behind), least)
            if towns and not any(_are_near(city, town) for city in cities for town in towns):
                return True
        return False

    def _home(self) -> str:
        """Return the first economy that is stated or that a code means, or ""."""
        return next(iter(self.economies or self.codes), "")

    def _opens_with_house(self, at: int) -> bool:
        """Say whether a segment opens with a house number: no post code, no part of a name.

        A number as long as a post code is none before another one: 18300 Highway, 92307 Apple Valley.
        """
        part, home = self.segments[at], self._home()
        is_house = part.opening and home and (home in STATES_OF or len(part.opening) <= _HOUSE)
        if not is_house or part.organisation:
            return False
        codes = (code for behind in self.segments[at + 1 :] for code in behind.post_codes)
        is_post_code = is_code(part.opening, home) and not any(is_code(code, home) for code in codes)
        name = part.key if part.words[:1] == (part.opening,) else key(f"{part.opening} {part.text}")
        return not is_post_code and name not in gazetteer.names().number  # 100 Mile House

    def _before_end(self, at: int) -> list[Segment]:
        """Return the segments behind one without the last before the country, if that is a state: 9 Elm, Ohio, USA."""
        last = self.country_at if self.country_at > at else len(self.segments)
        behind = self.segments[at + 1 : last]
        is_state = behind and any(not area.admin2 for area in regions.find(behind[-1].text, self._home()))
        return behind[:-1] if is_state else behind

    def _has_place(self, name: str, least: int, kinds: Collection[int] = (PRIMARY,)) -> bool:
        """Say whether a place of the country has a name, for its own unless of other kinds, and so many inhabitants."""
        return bool(self._places(name, least, kinds))

    def _places(self, name: str, least: int, kinds: Collection[int] = (PRIMARY,)) -> list[int]:
        """Return the places of the country that have a name, for their own unless of other kinds, and the people."""
        places, homes = gazetteer.places(), self.economies or self.codes
        return [
            row
            for row in (gazetteer.rows_named(name, kinds=kinds) if name else ())
            if places.population[row] >= least and (not homes or places.economy[row] in homes)
        ]

    def is_number(self, at: int) -> bool:
        """Say whether a segment is a word for a part of a house and its number: Ste 207; 16F, No.142."""
        part = self.segments[at]
        short = part.post_codes and all(code.isdigit() and len(code) <= _ROOM for code in part.post_codes)
        return bool(short) and _ROOMS.issuperset(part.words) and at not in self.before

    def post_area(self, at: int) -> PostArea | None:
        """Return the area of the post code in, behind or before a segment or behind its region, or None."""
        if not any(part.post_codes for part in self.segments):
            return None
        behind = at + 1
        while behind < len(self.segments) - 1 and self._is_region_alone(behind):
            behind += 1
        for number in (at, *range(at + 1, behind + 1), at - 1):
            part = self.segments[number] if 0 <= number < len(self.segments) else None
            if part is None or not part.post_codes:
                continue
            homes = self.economies or (self.codes if self.country_at >= 0 else ())
            homes = homes or tuple(region.economy for where, region in self.regions if where in (at, number))
            may_be_its = homes and (number == at or not part.text or self._is_region_alone(number))
            if may_be_its and (around := area(part.post_codes, homes[0])):
                return around
        return None

    def post_codes(self) -> list[str]:
        """Return what may be post codes, in their order: behind a street none that is as short as a house's number."""
        return [
            code
            for part in self.segments
            for code in part.post_codes
            if len(code) > _HOUSE_NUMBER or part.behind_post_code or not is_street_line(f"{part.text} {code}")
        ]

    def city_kind(self, at: int) -> str:
        """Return the last syllable of a segment that is a city of Japan or Korea, or a ward of one, by it: Kato-shi."""
        kind = _CITY_OF.search(self.segments[at].text) if self.economies[:1] in (("JP",), ("KR",)) else None
        return kind[1].lower() if kind else ""

    def is_barangay(self, at: int) -> bool:
        """Say whether a segment is a part of a municipality of the Philippines, which follows it."""
        return 0 <= at < len(self.segments) - 1 and self.segments[at].words == ("barangay",)

    def areas_in(self, at: int) -> tuple[str, ...]:
        """Return the economies in which a segment is an area within a second-level region.

        Its first or last word says so or, as it is a municipality, a barangay before it.
        """
        if self.is_barangay(at - 1):
            return ("PH",)
        part = self.segments[at]
        last = {part.text[-1:], *part.words[-1:]}
        if _ANY_AREA.isdisjoint(last) and _ANY_OPENING.isdisjoint(part.words[:1]):  # as nearly all segments
            return ()
        homes = self.economies[:1] or (*_AREAS, *_AREAS_OPENING)
        opened = (home for home in homes if self._opens_as_area(at, home))
        tables = (_AREAS, _AREAS_BEFORE_REGION) if self.counties_at(at + 1) else (_AREAS,)
        return (
            *opened,
            *(home for home in homes for words in tables if not last.isdisjoint(words.get(home, ()))),
        )

    def _opens_as_area(self, at: int, home: str = "") -> bool:
        """Say whether the first word of a segment makes it an area in an economy, or in that of the address."""
        home = home or (self.economies[0] if self.economies else "")
        return not _AREAS_OPENING.get(home, _NONE).isdisjoint(self.segments[at].words[:-1][:1])

    def _is_region_alone(self, at: int) -> bool:
        """Say whether a segment is a region and nothing else."""
        return at not in self.before and any(number == at for number, _ in self.regions)

    def lone_name(self, *, named: bool = False) -> str:
        """Return the first segment where only regions and a country follow and it may be a city's name, else "".

        named : whether the country in a column is not enough to follow, as the text is an organisation's name.
        """
        states = {number for number, region in self.regions if not region.admin2 or self.counties_at(number)}
        states |= {number for number in range(1, len(self.segments) - 1) if self._opens_as_area(number)}
        behind = {number for number in states if number not in self.before or self.regions_at(number)}
        behind.add(self.country_at)
        first = self.segments[0] if self.segments else None
        if first is None or not behind.issuperset(range(1, len(self.segments))):
            return ""
        text = self.text_at(0)
        name = text if STREETS.isdisjoint(first.words) else _behind_street(text)
        words = first.words if name is text else name.split()
        town = not first.organisation and len(words) <= LONGEST and first.key not in country_keys()
        alone = len(self.segments) == 1 and not first.post_codes and (named or self.how != "stated")
        if alone or self.is_street(0) or self.is_barangay(0):
            return ""
        return name if town else ""


def _are_near(row: int, other: int) -> bool:
    """Say whether two places are as near as a city and its quarters."""
    return near_e7(*gazetteer.spot_of(row)[:2], *gazetteer.spot_of(other)[:2], _QUARTER_KM)


def _without_city(part: Segment) -> str:
    """Return the key of what stands before the word City, or "": San Juan City."""
    return key(" ".join(part.words[:-1])) if part.words[-1:] == ("city",) else ""


def _behind_street(text: str) -> str:
    """Return what stands behind a street or suite: 390 Springfield Rd Onset; a place's name is whole."""
    words = text.split()
    at = max((n for n, word in enumerate(words[:-1]) if plain(word) in STREETS), default=-1) + 1
    while 0 < at < len(words) and (plain(words[at]) in QUARTERS or any(map(str.isdigit, words[at]))):
        at += 1
    opens = at == 1  # Lane Cove, Rua Direita
    return (
        text if not at or opens or at == len(words) or key(text) in gazetteer.names().number else " ".join(words[at:])
    )
