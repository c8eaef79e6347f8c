"""The place that a misspelt name most likely means: within one country, and only where it is similar enough.

Candidates are at most three typing errors away (optimal string alignment), another romanisation, or the whole of a name
cut short. Alike in percent is the mean of Jaro-Winkler and indel similarity; the judge says what that is worth.
"""

import math
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from hubrank.geocoding.gazetteer.place_index import SETTLED
from hubrank.geocoding.gazetteer.place_lookup import PlaceNames
from hubrank.geocoding.gazetteer.surroundings import Surroundings
from hubrank.geocoding.text.fuzzy_candidates import SHORTEST, Area, Lexicon
from hubrank.geocoding.text.misspelt_cities import LargeCities
from hubrank.geocoding.text.romanisation import without_kind
from hubrank.geocoding.text.slips import is_slip

_PER_TENFOLD = 1.5  # percent that ten times the inhabitants are worth
_CUT = 6  # letters that are enough of a name cut short
_MOST = 12  # names that are weighed
_LEAST = 84.0  # percent alike, below which a place is no candidate
_SURE = 90.0  # percent that another romanisation, or a name cut short, is alike at least
_TOWN, _OF_SEVERAL = 10_000, 0.85  # inhabitants of the place of a slip that counts; the most that it has beside others
_RARER, _SMALLER = 10, 100  # times the inhabitants of the place of a slip: of one by a rarer error, of one by a slip


class LikelyPlace(NamedTuple):
    """A place that a misspelt name may mean: how alike the names are (percent), its row and how the name is its.

    sure : whether it is the same in another romanisation; at_most : the greatest probability that it is given.
    """

    alike: float
    row: int
    kind: int
    sure: bool
    at_most: float = 1.0


class Misspellings:
    """The names of the gazetteer, ready to be compared."""

    def __init__(self, names: PlaceNames) -> None:
        self._names = names
        self._lexicon = Lexicon(names)
        self.cities = LargeCities(names)

    def likeliest(self, key: str, where: Surroundings, most: int = 3) -> list[LikelyPlace]:
        """Return the likeliest places that a name may be a misspelling of.

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
                return sorted(places, key=lambda one: (-one.alike - _bonus_for_people(people(one.row)), one.row))[:most]
        return []

    def beginning_with(self, key: str, economy: str) -> list[str]:
        """Return the names of an economy that begin with a key."""
        return self._lexicon.area(economy).longer_names(key)

    def _within(self, key: str, where: Surroundings, area: Area) -> list[LikelyPlace]:
        """Return the places of `likeliest` in one area: of the twelve most similar names the heaviest place of each."""
        places: dict[int, LikelyPlace] = {}
        slips: dict[int, bool] = {}  # rows of towns of which the name is one by a slip, and whether it sounds alike
        at_home = Surroundings(where.economies[:1], where.regions)  # no error is another country's name
        for at, (alike, name, sure) in enumerate(self._similar_names(key, where, area)):
            if alike < _LEAST:
                break
            slip = is_slip(key, name)
            best = self._names.exact(name, at_home) if slip or at < _MOST else None
            if best is None or (sure and best.outside):
                continue
            if slip and self._names.people(best.row) >= _TOWN:
                slips[best.row] = slips.get(best.row, False) or sure
            if best.row not in places:
                kind = next((kind for row, kind in self._names.rows(name) if row == best.row), 0)
                places[best.row] = LikelyPlace(alike, best.row, kind, sure)
        return self._without_rarer_errors(list(places.values()), slips) if slips else list(places.values())

    def _without_rarer_errors(self, places: list[LikelyPlace], slips: dict[int, bool]) -> list[LikelyPlace]:
        """Return places without those that a rarer error than a slip leads to, unless they are ten times larger.

        Of the places that slips lead to only those with a hundredth of the largest one's people, and another
        romanisation gives way only to a slip that sounds alike, too. What is left of several may be wrong.
        """
        sizes = {one.row: self._names.people(one.row) + SETTLED for one in places}
        largest, alike = max(sizes[row] for row in slips), any(slips.values())
        likely = [
            one
            for one in places
            if (_SMALLER * sizes[one.row] > largest if one.row in slips else sizes[one.row] > _RARER * largest)
            or (one.sure and not alike)
        ]
        return likely if len(likely) == len(places) else [one._replace(at_most=_OF_SEVERAL) for one in likely]

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
