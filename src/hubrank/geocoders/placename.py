"""The step `gazetteer`: the place that an address names, as GeoNames has it."""

import pyarrow as pa

from hubrank import countries
from hubrank.geocoders import answers, regions
from hubrank.geocoders.affiliations import Affiliation, Reader, bare
from hubrank.geocoders.answers import UNKNOWN, Answer
from hubrank.geocoders.misspelling import Misspellings
from hubrank.geocoders.placenames import Found, PlaceNames, Where, surroundings
from hubrank.geocoders.regions import Region
from hubrank.geocoders.spelling import key, plain

_CERTAIN = 50  # percent: an answer less sure than this would be wrong as often as not
_COLUMNS = ("institution", "address", "city", "region", "country")
_ORGANISATION = frozenset(
    "university universitat universite universidad universidade universita institute institut instituto department dept "
    "school faculty college center centre lab labs laboratory laboratories division group inc ltd llc gmbh corporation corp "
    "company research academy hospital ministry univ inst technologies systems software".split()
)


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
        columns = [addresses[name].to_pylist() for name in _COLUMNS]
        return answers.table([self._one(*map(_text, row)) for row in zip(*columns, strict=True)])

    def _one(self, institution: str, address: str, city: str, region: str, country: str) -> Answer:
        where = surroundings(region, country)
        found = self._city(city, where) if city else None
        for text in (address, institution):
            if found is None and text:
                found = self._free(text, country, where)
        if found and found.score >= _CERTAIN:
            return self._answer(found)
        return self._coarse(where)

    def _answer(self, found: Found) -> Answer:
        known, row = self._names.places, found.row
        where = int(known.lat_e7[row]), int(known.lon_e7[row])
        score = max(1, min(100, found.score))
        return Answer(*where, "city", found.method, score, int(known.geonames_id[row]), known.economy[row])

    @staticmethod
    def _coarse(where: Where) -> Answer:
        """Return the region, at its most populous place, or the country, without coordinates."""
        if where.regions:
            region = where.regions[0]
            spot = region.lat_e7, region.lon_e7
            return Answer(*spot, "region", "name of region", 50, region.geonames_id or None, region.economy)
        if where.economies:
            return Answer(precision="country", method="country", score=50, economy=where.economies[0])
        return UNKNOWN

    def _city(self, text: str, where: Where) -> Found | None:
        """Return what a city column means: the whole, else the first of its parts that is a place."""
        found = self._names.city(text, where)
        if found is None and ("," in text or "(" in text or "/" in text):
            said = self._reader.read(text, where.economies[0] if where.economies else "")
            inner = Where(said.where.economies or where.economies, said.regions or where.regions)
            for segment in said.segments:
                found = found or self._names.city(segment, inner)
        return found or self._alike(text, where)

    def _alike(self, text: str, where: Where) -> Found | None:
        """Return what a name that no place has was meant to be."""
        spoken = plain(bare(text))
        found = self._misspellings.find(key(spoken), where, self._fuzzy_min_score)
        return found or self._names.part(spoken, where)

    def _free(self, text: str, country: str, where: Where) -> Found | None:
        """Return the place that a text names: the segment next to region and country, then further left."""
        said = self._reader.read(text, country)
        inner = Where(said.where.economies or where.economies, said.regions or where.regions)
        for segment in reversed(said.segments):
            spoken = plain(bare(segment))
            if _ORGANISATION.isdisjoint(spoken.split()) and len(key(spoken)) > 2:
                found = self._names.city(spoken, inner)
                if found and (inner.economies or found.score >= 90):
                    return Found(found.row, found.score - 5, "name in text")
        return self._inside(said, inner)

    def _inside(self, said: Affiliation, where: Where) -> Found | None:
        """Return the place inside a longer segment: University of Calgary."""
        for segment in said.segments:
            parts = plain(bare(segment)).split()
            spans = [(a, b) for size in (3, 2, 1) for a in range(len(parts) - size + 1) for b in (a + size,)]
            for start, end in spans:
                if len(parts) > end - start and _ORGANISATION.isdisjoint(parts[start:end]):
                    found = self._names.exact(key(" ".join(parts[start:end])), where)
                    if found and where.economies and self._large(found.row):
                        return Found(found.row, found.score - 20, "name inside text")
        return None

    def _large(self, row: int) -> bool:
        return int(self._names.places.population[row]) >= 20_000


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


__all__ = ["GazetteerStep", "Region", "countries", "regions"]
