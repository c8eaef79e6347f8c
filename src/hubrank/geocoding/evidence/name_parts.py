"""The place that some words of a city's name name, or misspell: Freiburg Hochdorf, Jorf Lasfar, Total Casablanca."""

import re

from hubrank.core.countries import HAN
from hubrank.core.sphere import near_e7
from hubrank.geocoding.evidence.candidate import Candidate
from hubrank.geocoding.evidence.names import NameEvidence
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.gazetteer import PRIMARY
from hubrank.geocoding.gazetteer.place_lookup import LAND, OPENING, PartMatch
from hubrank.geocoding.gazetteer.surroundings import Surroundings
from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.normalise import is_plain_word, key, plain
from hubrank.geocoding.text.organisation_words import SIGNS
from hubrank.geocoding.text.post_codes import bare

_LONG_PART = 6  # letters of a word that may be misspelt by itself
_SHORTEST = 3  # letters of a town before a hyphen
_TOWN, _CITY = 5_000, 100_000  # inhabitants
_JOINED = re.compile("[-–]")
_NO_TOWNS = OPENING | LAND | SIGNS | frozenset(vocabulary.words("place", "after"))  # words that no town is misspelt as
_OPENING_NAMES = OPENING.union(*(vocabulary.words("place", entry) for entry in ("before", "saint")))  # Kota-Foo
_MOST, _HALF = 75, 60  # percent of a score


class NameParts:
    """Finds the places that parts of names mean."""

    def __init__(self, names: NameEvidence) -> None:
        self._evidence = names
        self._names = names.names

    def candidates(self, text: str, where: Surroundings) -> list[Candidate]:
        """Return the place that some of the words name, or that a long first or last word may be a misspelling of.

        None is meant by words that are a region's name with those beside them (Total Casablanca-Settat), by one of two
        towns apart that a hyphen joins (Fès-Boulemane), or by a general word (Foo University, which is a town, too).
        """
        if is_plain_word(text) or (not text.isascii() and HAN.search(text)):
            return []
        plain_text = plain(bare(text))
        part = self._names.part(plain_text, where)
        words = plain_text.split()
        if part and self._is_outside_county(part.row, where):
            return []
        if part and not self._evidence.contradicts_post_code(part.row, where):
            inner = words[len(part.before.split()) : len(words) - len(part.behind.split())]
            is_region = (
                _is_in_region_name(part, words, where)
                or self._is_no_region(part.row, " ".join(inner), where)
                or (not where.regions and _joins_towns(text) and self._is_far_from_rest(part, where))
            )
            return [] if is_region or SIGNS.issuperset(inner) else [self._of_part(part, where)]
        if town := self._before_hyphen(text, where):
            return [self._of_part(town, where)]
        for word in dict.fromkeys((words[0], words[-1])) if len(words) > 1 else ():
            if len(word) >= _LONG_PART and word not in _NO_TOWNS:
                matches = self._evidence.misspelt(word, where, "misspelt part")
                if matches:
                    row = matches[0].row
                    is_none = self._is_outside_county(row, where) or self._is_no_region(row, word, where)
                    return [] if is_none else matches[:1]
        return []

    def _before_hyphen(self, text: str, where: Surroundings) -> PartMatch | None:
        """Return the town that a text names before its first hyphen, of which a quarter may follow: Ulm-Wiblingen."""
        front, *behind = _JOINED.split(text)
        may_be_town = behind and len(front.strip()) >= _SHORTEST and key(front) not in _OPENING_NAMES
        match = self._names.exact(key(front), where) if may_be_town else None
        if match is None or match.outside or self._names.people(match.row) < _TOWN:
            return None
        if (match.row, PRIMARY) not in self._names.rows(key(front)):  # Mid is no Mead
            return None
        if self._evidence.contradicts_post_code(match.row, where) or self._is_outside_county(match.row, where):
            return None
        return PartMatch(match.row, _MOST, "", plain(" ".join(behind)))

    def _is_outside_county(self, row: int, where: Surroundings) -> bool:
        """Say whether a place lies in none of the stated counties: Commerce Blvd, Sonoma County is not in Commerce."""
        counties = where.counties()
        return bool(counties) and not self._names.inside(row, counties)

    def _is_no_region(self, row: int, name: str, where: Surroundings) -> bool:
        """Say whether a place is none that a region's name means: one that it is misspelt as, a town in another region.

        Manipur is no Manikpur, Virginia no town in Minnesota. A city of the name may be meant: Washington.
        """
        named = [region for region in regions.named(key(name), where.economies[0]) if not region.admin2]
        is_called_so = any(place == row for place, _ in self._names.rows(key(name)))
        is_elsewhere = self._names.people(row) < _CITY and not self._names.inside(row, named)
        return bool(named) and (is_elsewhere or not is_called_so)

    def _of_part(self, part: PartMatch, where: Surroundings) -> Candidate:
        share = "most" if part.score > _MOST else "half" if part.score > _HALF else "little"
        relations = self._evidence.relation_features(part.row, PRIMARY, (), where)
        return self._evidence.candidate(part.row, "part", [f"column: a part, {share} of it", *relations])

    def _is_far_from_rest(self, part: PartMatch, where: Surroundings) -> bool:
        """Say whether the words beside a part are a town that lies apart from it, as a region is named after both.

        No region is named after a town whose name others have (several cities have a Śródmieście), nor by less than its
        whole name: Stuttgart-Vaihingen is not named after Vaihingen an der Enz.
        """
        rests = [key(rest) for rest in (part.before, part.behind) if rest]
        places, home = gazetteer.places(), where.economies[0]
        rows = [(row, rest) for rest in rests for row in gazetteer.rows_named(rest, home, (PRIMARY,))]
        towns = [row for row, rest in rows if places.population[row] >= _TOWN and key(places.name[row]) == rest]
        return len(towns) == 1 and not near_e7(*gazetteer.spot_of(towns[0])[:2], *self._names.spot(part.row))


def _joins_towns(text: str) -> bool:
    """Say whether a text is two names with a hyphen between them: Fès-Boulemane."""
    return len(_JOINED.split(text)) == 2


def _is_in_region_name(part: PartMatch, words: list[str], where: Surroundings) -> bool:
    """Say whether the words of a part are a region's name with some of those beside them."""
    first, last = len(part.before.split()), len(part.behind.split())
    spans = (
        " ".join(words[start : len(words) - end])
        for start in range(first + 1)
        for end in range(last + 1)
        if (start, end) not in ((first, last), (0, 0))
    )
    return any(regions.named(key(span), where.economies[0]) for span in spans) or _is_region_elsewhere(
        part, words, where
    )


def _is_region_elsewhere(part: PartMatch, words: list[str], where: Surroundings) -> bool:
    """Say whether words are in whole a second-level region's name whose main town is not the part: Bengaluru Rural.

    It lies in a stated first-level region, if there is one.
    """
    homes = {region.first_level for region in where.regions}
    named = regions.find(" ".join(words), where.economies[0])
    areas = [area for area in named if area.admin2 and (not homes or area.first_level in homes)]
    spot = gazetteer.spot_of(part.row)[:2] if areas else ()
    return bool(areas) and not any(near_e7(area.lat_e7, area.lon_e7, *spot) for area in areas)
