"""The place that a misspelt name most likely means: within one country, and only where it is similar enough.

Candidates are at most three typing errors away (optimal string alignment), another romanisation, or the whole of a name
cut short. Alike in percent is the mean of Jaro-Winkler and indel similarity; the judge says what that is worth.
"""

import math

from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from hubrank.geocoding.gazetteer.place_lookup import PlaceNames
from hubrank.geocoding.gazetteer.surroundings import Surroundings
from hubrank.geocoding.text.fuzzy_candidates import SHORTEST, Area, Lexicon
from hubrank.geocoding.text.romanisation import without_kind

_PER_TENFOLD = 1.5  # percent that ten times the inhabitants are worth
_CUT = 6  # letters that are enough of a name cut short
_MOST = 12  # names that are weighed
_LEAST = 84.0  # percent alike, below which a place is no candidate
_SURE = 90.0  # percent that another romanisation, or a name cut short, is alike at least


class Misspellings:
    """The names of the gazetteer, ready to be compared."""

    def __init__(self, names: PlaceNames) -> None:
        self._names = names
        self._lexicon = Lexicon(names)

    def likeliest(self, key: str, where: Surroundings, most: int = 3) -> list[tuple[float, int, int, bool]]:
        """Return how alike (percent), row, relation and whether in another romanisation, of the likeliest places.

        The stated region comes first, the whole country where nothing there is alike enough.
        """
        if len(key) < SHORTEST or not where.economies:
            return []
        economy = where.economies[0]
        states = {region.admin1 for region in where.regions if region.economy == economy}
        for area in (*(self._lexicon.area(economy, state) for state in sorted(states)), self._lexicon.area(economy)):
            places = self._within(key, where, area)
            if places:
                people = self._names.people
                return sorted(places, key=lambda one: (-one[0] - _bonus_for_people(people(one[1])), one[1]))[:most]
        return []

    def beginning_with(self, key: str, economy: str) -> list[str]:
        """Return the names of an economy that begin with a key."""
        return self._lexicon.area(economy).longer_names(key)

    def _within(self, key: str, where: Surroundings, area: Area) -> list[tuple[float, int, int, bool]]:
        """Return the places of `likeliest` in one area: of the twelve most similar names the heaviest place of each."""
        places: dict[int, tuple[float, int, int, bool]] = {}
        at_home = Surroundings(where.economies[:1], where.regions)  # no error is another country's name
        for alike, name, sure in self._similar_names(key, where, area)[:_MOST]:
            best = self._names.exact(name, at_home) if alike >= _LEAST else None
            if best is None or (sure and best.outside) or best.row in places:
                continue
            kind = next((kind for row, kind in self._names.rows(name) if row == best.row), 0)
            places[best.row] = alike, best.row, kind, sure
        return list(places.values())

    @staticmethod
    def _similar_names(key: str, where: Surroundings, area: Area) -> list[tuple[float, str, bool]]:
        """Return how alike each candidate is, the most alike first, and whether it is the same in another spelling."""
        bare = without_kind(key, where.economies[0])
        cut = area.longer_names(key) if where.regions and len(key) >= _CUT else []
        sure = dict.fromkeys([*area.same_sound(bare), *cut])
        candidates = [(max(_percent_alike(bare, name), _SURE), name, True) for name in sure]
        candidates += [(_percent_alike(key, name), name, False) for name in area.near(key) if name not in sure]
        candidates.sort(reverse=True)
        return candidates


def _percent_alike(key: str, name: str) -> float:
    return 50 * JaroWinkler.normalized_similarity(key, name) + fuzz.ratio(key, name) / 2


def _bonus_for_people(people: int) -> float:
    """Return by how many percent a place is likelier for its inhabitants."""
    return _PER_TENFOLD * (math.log10(people + 300) - 4)
