"""The step `gazetteer`: the place that an address names, as GeoNames has it."""

import re
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from hubrank.core import countries
from hubrank.geocoding import answers
from hubrank.geocoding.answers import UNKNOWN, Answer
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.gazetteer import PRIMARY
from hubrank.geocoding.gazetteer.place_lookup import OPENING, Found, PlaceNames, Where, surroundings
from hubrank.geocoding.gazetteer.regions import Region
from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.affiliations import Affiliation, Reader, bare
from hubrank.geocoding.text.misspelling import Misspellings
from hubrank.geocoding.text.normalise import key, plain

_LARGE = 20_000  # inhabitants from which a name inside other words is believed, in a stated country
_TINY = 50  # a region is meant rather than a place of its name with less than a fiftieth of its people
_CODE = 3  # letters of the longest code of a country or region
_REGION_WORDS = 3  # of a region's name behind a town
_WHOLE = 90  # percent of an economy that is no wider than a city
_FAMOUS_SCORE, _FAMOUS_PEOPLE = 95, 300_000
_LONG_PART, _SURE_PART = 6, 92  # letters and percent from which one misspelt word of several is believed
_PARTED = re.compile(r"[,(/;|]")
# Percent: of answers from 60 to 65 only one in three was right on half of the truth sets, from 66 to 72 every second.
_CERTAIN = 66
_DOUBTED = 66  # percent that the least sure of readings is given
_COLUMNS = ("institution", "address", "city", "region", "country")
_ORGANISATION = frozenset(vocabulary.words("organisation", "signs"))


@cache
def _countries() -> dict[str, str]:
    """Return the economies by the keys of their names; codes are too many other things."""
    named = ((name, known.iso2) for known in countries.table().values() for name in (*known.aliases, known.name))
    return {key(name): economy for name, economy in named if len(key(name)) > _CODE}


class GazetteerStep:
    """Locates cities by name, region and country, in columns or in free text."""

    name = "gazetteer"

    def __init__(self, names: PlaceNames, misspellings: Misspellings, *, fuzzy_min_score: int = 88) -> None:
        self._names = names
        self._reader = Reader(names)
        self._misspellings = misspellings
        self._fuzzy_min_score = fuzzy_min_score

    def locate(self, addresses: pa.Table) -> pa.Table:
        """Return the place that each address names; region or country where it names no more, nulls where nothing."""
        columns = [pc.utf8_trim_whitespace(addresses[name].fill_null("")).to_pylist() for name in _COLUMNS]
        return answers.collected(self._one(*row) for row in zip(*columns, strict=True))

    def _one(self, institution: str, address: str, city: str, region: str, country: str) -> Answer:
        where = surroundings(region, country)
        named = _countries().get(key(city))
        if named and named in where.economies[1:]:  # filed under the stated one: Jersey, GB
            where = Where((named,), where.regions)
        found = self._city(city, where) if city else None
        for text in (address, institution):
            if found is None and text:
                found = self._free(text, country, where)
        if isinstance(found, Region):
            return self._region(found)
        if found and found.score >= _CERTAIN:
            return self._answer(found)
        whole = self._whole(where)
        return self._answer(whole) if whole else self._coarse(where)

    @staticmethod
    def _whole(where: Where) -> Found | None:
        """Return the place of an economy that is no wider than a city, so that its name says enough."""
        row = gazetteer.city_state(where.economies[0]) if where.economies else None
        return None if row is None else Found(row, _WHOLE, "economy no wider than a city")

    def _answer(self, found: Found) -> Answer:
        known, row = self._names.ground, found.row
        lat, lon, number = known.lat_e7[row], known.lon_e7[row], known.geonames_id[row]
        return Answer(lat, lon, "city", found.method, min(100, found.score), number, known.economy[row])

    @staticmethod
    def _region(region: Region) -> Answer:
        """Return a region, at its most populous place."""
        where = region.lat_e7, region.lon_e7
        return Answer(*where, "region", "name of region", 50, region.geonames_id or None, region.economy)

    def _coarse(self, where: Where) -> Answer:
        """Return the region, or the country, without coordinates."""
        if where.regions:
            return self._region(where.regions[0])
        if where.economies:
            economy = where.economies[0]
            return Answer(None, None, "country", "country", 50, None, economy)
        return UNKNOWN

    def _city(self, text: str, where: Where) -> Found | Region | None:
        """Return what a city column means: a place called so, a region, else what it was meant to be."""
        found = self._names.city(text, where) or self._segment(text, where) or self._before_region(text, where)
        name = key(text)
        region = self._as_region(text, name, found, where)
        if region or (name in _countries() and self._is_country(name, found, where)):
            return region
        if found and not found.outside:
            return found
        return self._alike(text, where, found)

    def _is_country(self, name: str, found: Found | None, where: Where) -> bool:
        """Say whether the stated country is named where a city should be, and no larger town: Mexico, Luxembourg."""
        if _countries()[name] not in where.economies[:1]:
            return False
        return not found or self._names.people(found.row) < _LARGE

    def _before_region(self, text: str, where: Where) -> Found | None:
        """Return the town in front of its region, where a text ends in one: Sydney NSW, St. Albans Herts."""
        parts = text.split()
        starts = range(len(parts) - 1, max(0, len(parts) - 1 - _REGION_WORDS), -1)
        for at in starts if where.economies and not where.regions else ():
            known = regions.find(" ".join(parts[at:]), where.economies[0])
            found = self._names.city(" ".join(parts[:at]), Where(where.economies, known)) if known else None
            if found and not found.outside:
                return found._replace(method="name before region")
        return None

    def _as_region(self, text: str, name: str, found: Found | None, where: Where) -> Region | None:
        """Return the region that stands where a city should, unless a place of some size is called so too."""
        if not where.economies:
            return None
        known = regions.named(name, where.economies[0]) if found else regions.find(text, where.economies[0])
        if not known or (known[0].admin2 and (found or where.regions)):
            return None
        return None if found and self._is_town(found, name, known[0], where) else known[0]

    def _is_town(self, found: Found, name: str, region: Region, where: Where) -> bool:
        """Say whether a town is meant, no region of its name: not if it is tiny, or elsewhere and called otherwise."""
        if where.regions and region not in where.regions and not found.outside:
            return True
        admin1 = self._names.ground.admin1[found.row]
        if where.regions or admin1 in ("", region.admin1) or len(name) <= _CODE:
            return self._names.size(found.row) * _TINY >= region.population
        own = (found.row, PRIMARY) in self._names.rows(name)
        return own and self._names.people(found.row) * _TINY >= region.population

    def _segment(self, text: str, where: Where) -> Found | None:
        """Return the first part of a text with commas, brackets or slashes that is a place."""
        if not _PARTED.search(text):
            return None
        said = self._reader.read(text.replace("/", ", "), where.economies[0] if where.economies else "")
        inner = Where(said.where.economies or where.economies, said.regions or where.regions)
        towns = [part for at, part in enumerate(said.segments) if not (at and self._county(part, inner))]
        return next(filter(None, (self._names.city(segment, inner) for segment in towns)), None)

    @staticmethod
    def _county(text: str, where: Where) -> bool:
        """Say whether a part is the county that an American address names after the town."""
        return where.economies[:1] == ("US",) and any(region.admin2 for region in regions.find(text, "US"))

    def _alike(self, text: str, where: Where, outside: Found | None) -> Found | None:
        """Return what a name was meant to be: alike and in the region, called so elsewhere, alike, part of the name."""
        spoken = plain(bare(text))
        alike = self._misspellings.find(key(spoken), where, self._fuzzy_min_score)
        if alike and not (outside and alike.outside):
            return alike
        return (
            outside
            or self._elsewhere(text, where)
            or self._names.part(spoken, where)
            or self._alike_part(spoken, where)
        )

    def _alike_part(self, spoken: str, where: Where) -> Found | None:
        """Return the place that the first or the last of several words was meant to name."""
        parts = spoken.split()
        for word in dict.fromkeys((parts[0], parts[-1])) if len(parts) > 1 else ():
            telling = len(word) >= _LONG_PART and word not in OPENING
            found = self._misspellings.find(word, where, _SURE_PART) if telling else None
            if found:
                return Found(found.row, found.score - _SURE_PART + _DOUBTED, "misspelt part of name", found.outside)
        return None

    def _elsewhere(self, text: str, where: Where) -> Found | None:
        """Return the city that everyone knows by a name, where the stated country has none of that name."""
        found = self._names.exact(key(text), Where()) if where.economies else None
        if found and found.score >= _FAMOUS_SCORE and self._names.people(found.row) >= _FAMOUS_PEOPLE:
            return Found(found.row, _DOUBTED, "name, in another country")
        return None

    def _free(self, text: str, country: str, where: Where) -> Found | None:
        """Return the place that a text names: the segment next to region and country, then further left.

        A place outside the stated region stands only where no other segment is one inside: Princeton, Florida.
        """
        outside = None
        said = self._reader.read(text, country)
        inner = Where(said.where.economies or where.economies, said.regions or where.regions)
        for segment in reversed(said.segments):
            spoken = plain(bare(segment))
            if _ORGANISATION.isdisjoint(spoken.split()) and len(key(spoken)) > 2:
                found = self._names.city(spoken, inner)
                if found and (inner.economies or found.score >= 90):
                    answer = Found(found.row, found.score - 5, "name in text")
                    if not found.outside:
                        return answer
                    outside = outside or answer
        return outside or self._inside(said, inner) or self._whole(inner)

    def _inside(self, said: Affiliation, where: Where) -> Found | None:
        """Return the place inside a longer segment: University of Calgary."""
        for segment in said.segments:
            parts = plain(bare(segment)).split()
            spans = [(a, b) for size in (3, 2, 1) for a in range(len(parts) - size + 1) for b in (a + size,)]
            for start, end in spans:
                if len(parts) > end - start and _ORGANISATION.isdisjoint(parts[start:end]):
                    found = self._names.exact(key(" ".join(parts[start:end])), where)
                    if found and self._telling(found, where, parts):
                        return Found(found.row, found.score - 20, "name inside text")
        return None

    def _telling(self, found: Found, where: Where, parts: list[str]) -> bool:
        """Say whether a name inside other words tells the place: a larger city, and without a country a famous one."""
        people = self._names.people(found.row)
        if where.economies:
            return people >= _LARGE
        famous = found.score >= _FAMOUS_SCORE - 5 and people >= _FAMOUS_PEOPLE // 3
        return famous and not _ORGANISATION.isdisjoint(parts)
