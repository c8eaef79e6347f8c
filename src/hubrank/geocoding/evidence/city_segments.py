"""A column of cities with several segments, or in Chinese characters, as evidence: Toronto, ON, CA."""

import re
from itertools import chain

from hubrank.core import countries
from hubrank.core.countries import HAN
from hubrank.geocoding.evidence.candidate import Candidate
from hubrank.geocoding.evidence.names import NameEvidence, has_name_in_region
from hubrank.geocoding.evidence.other_spellings import places_by_abbreviation
from hubrank.geocoding.gazetteer import regions
from hubrank.geocoding.gazetteer.name_variants import variants
from hubrank.geocoding.gazetteer.regions import Region
from hubrank.geocoding.gazetteer.surroundings import Surroundings
from hubrank.geocoding.text.affiliations import split
from hubrank.geocoding.text.normalise import key, repair_encoding
from hubrank.geocoding.text.post_codes import bare
from hubrank.geocoding.text.stated_countries import PAIR, STATES_OF, country, economies_of_code, split_country

_PARTED = re.compile(r"[,(/;|]|[^\W\d_]\s?[-–]\s?[^\W\d_]")


class CitySegments:
    """Finds the places that the segments of a column of cities name."""

    def __init__(self, names: NameEvidence) -> None:
        self._evidence = names
        self._names = names.names

    def candidates(self, text: str, where: Surroundings) -> list[Candidate]:
        """Return the places of the first segment that names one, in what the segments behind it state."""
        if not (_PARTED.search(text) or HAN.search(text)):
            return []
        segments, inner = self._read(text.replace("/", ", "), where)
        if finer := self._behind_region(segments, where):
            return finer
        narrower: list[Candidate] = []
        for at, part in enumerate(segments):
            if at and inner.economies[:1] == ("US",) and any(r.admin2 for r in regions.find(part, "US")):
                continue
            matches = self._places(part, inner)
            if matches and HAN.search(part) and not narrower:
                narrower = matches  # a ward: 北区 is in 大阪市, if that is behind it, and not in Tokyo
            elif matches:
                return self._in_same_region(narrower, matches) or matches
        return narrower

    def _places(self, part: str, where: Surroundings) -> list[Candidate]:
        """Return the places that a segment names as written, else by the first of its variants that names one."""
        others = (other for other, _ in variants(part, where.economies[0] if where.economies else ""))
        names = chain((key(part),), (other for other in others if len(other) > 1))
        matches = next(filter(None, (self._named(name, where) for name in names)), [])
        if matches or "." not in part:
            return matches
        return places_by_abbreviation(self._evidence, part, where, "column", "a part between commas")

    def _named(self, name: str, where: Surroundings) -> list[Candidate]:
        return self._evidence.named(name, where, "column", "a part between commas")

    def _read(self, text: str, where: Surroundings) -> tuple[list[str], Surroundings]:
        """Return the segments that may be places, and what the others and the other columns state around them."""
        stated = countries.find_stated(where.economies[0]) if where.economies else None
        segments, economy = self._without_country(split(repair_encoding(text)))
        economy = stated or economy
        segments, economy, areas = self._without_region(segments, economy)
        economies = countries.family(economy) if economy else where.economies
        area = where.post_area if economies[:1] == where.economies[:1] else None
        return segments, Surroundings(economies, areas or where.regions, area)

    def _behind_region(self, segments: list[str], where: Surroundings) -> list[Candidate]:
        """Return the places that follow the first-level region in which they lie: Piura, Sechura."""
        areas = regions.find(segments[0], where.economies[0]) if len(segments) > 1 and where.economies else ()
        inner = Surroundings(where.economies, tuple(area for area in areas if not area.admin2))
        matches = self._named(key(segments[-1]), inner) if inner.regions else []
        return [c for c in matches if has_name_in_region(c)]

    def _in_same_region(self, places: list[Candidate], around: list[Candidate]) -> list[Candidate]:
        """Return the places that lie in the same first-level region as one of the places around them."""
        economy, admin1 = self._names.table.economy, self._names.table.admin1
        homes = {(economy[c.row], admin1[c.row]) for c in around}
        return [c for c in places if (economy[c.row], admin1[c.row]) in homes]

    def _without_country(self, segments: list[str]) -> tuple[list[str], str]:
        """Return the segments without the country at their end, and its economy, "" where none is named."""
        if not segments:
            return segments, ""
        *front, last = segments
        if front and (economy := country(last) or self._economy_of_code(front[-1], last)):
            return front, economy
        rest, economy = split_country(last)
        if economy:
            return [*front, rest], economy
        if len(front) > 1 and (economy := country(front[-1])):  # a second affiliation, or a remark, follows
            return front[:-1], economy
        return segments, ""

    def _economy_of_code(self, before: str, last: str) -> str:
        """Return the economy of a two-letter code that may be a state's too, judged by what stands before it."""
        if len(last) != 2 or not last.isupper() or not (economy := countries.find(last)):
            return ""
        if regions.find(bare(before), economy):
            return economy
        name = key(bare(before))
        states = [region for home in economies_of_code(last, name) for region in regions.find(last, home)]
        if not states:
            return economy
        at_home = self._names.exact(name, Surroundings((economy,)))
        in_state = [self._names.exact(name, Surroundings((state.economy,), (state,))) for state in states]
        return economy if at_home and not any(place and place.score >= 50 for place in in_state) else ""

    def _without_region(self, segments: list[str], economy: str) -> tuple[list[str], str, tuple[Region, ...]]:
        """Return the segments without the region or the state's code at their end, with its economy and regions."""
        if not segments:
            return segments, economy, ()
        *front, last = segments
        around = economies_of_code(last, key(bare(front[-1]))) if front and not economy and len(last) == PAIR else ()
        for candidate in (economy,) if economy else around or STATES_OF:
            if (
                front
                and (matches := regions.find(bare(last), candidate))
                and (economy or last.isupper() or len(last) > 3)
            ):
                return segments if self._names.rows(key(bare(last))) else front, candidate, matches
        rest, _, code = bare(last).rpartition(" ")
        for candidate in (economy,) if economy else ("US",):
            if rest and code.isupper() and candidate in STATES_OF and (matches := regions.find(code, candidate)):
                return [*front, rest], candidate, matches
        return segments, economy, ()
