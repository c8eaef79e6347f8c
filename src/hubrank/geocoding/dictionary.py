"""The short way for a city's name in a column that needs no reading: the judge's strengths come from a table.

The table holds, for every place of the gazetteer and how it is called, what the judge says of that candidate, so that
both ways answer alike.
"""

import math
from array import array

import numpy as np

from hubrank.core import countries
from hubrank.geocoding.answers import Alternative, Answer
from hubrank.geocoding.evidence.candidate import near_e7
from hubrank.geocoding.evidence.names import CALLED, NameEvidence
from hubrank.geocoding.evidence.reading import CODE, country_keys
from hubrank.geocoding.evidence.sizes import size_masks
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.gazetteer import ALIAS, NEARBY, PRIMARY
from hubrank.geocoding.gazetteer.place_lookup import Where
from hubrank.geocoding.model import ALTERNATIVES, LEAST_PM, Model, permille

_MOST = 6  # places of one name that are weighed


class Dictionary:
    """Answers names that places of the stated country have, and that no region or country shares."""

    def __init__(self, evidence: NameEvidence, model: Model, min_probability_pm: int) -> None:
        self._names = evidence.names
        self._model = model
        self._least = min_probability_pm
        self._strength = {words: _strengths(evidence, model, words) for words in CALLED}
        self._alone = {words: _alone(strength, model) for words, strength in self._strength.items()}
        self._inside = model.weight.get("region: inside", 0.0) - model.weight.get("region: not stated", 0.0)
        self._wide = frozenset(countries.table()) - gazetteer.city_states().keys()
        self._shared = frozenset(name for _, name in regions.known()) | frozenset(country_keys())

    def find(self, name: str, where: Where) -> Answer | None:
        """Return the place that a key means; None where it takes reading, or is too doubtful."""
        names, economies = self._names, where.economies
        at = names.names.number.get(name)
        if at is None or not economies or len(name) <= CODE or name in self._shared or name in names.ground.more:
            return None
        home = economies[0]
        if home not in self._wide:
            return None
        place, kind, economy = names.names.place, names.names.kind, names.ground.economy
        rows = []
        for n in range(names.names.first[at], names.names.first[at + 1]):
            row = place[n]
            if economy[row] in economies:
                if economy[row] != home:
                    return None
                rows.append((row, kind[n]))
        if len(rows) == 1 and not where.regions:
            row, called = rows[0]
            probability = self._alone[_KINDS[called]][row]
            return self._answer(row, probability, None) if probability >= self._least else None
        return self._weighed(rows, where, home) if rows and len(rows) <= _MOST else None

    def _answer(self, row: int, probability_pm: int, others: tuple[Alternative, ...] | None) -> Answer:
        ground = self._names.ground
        where = ground.lat_e7[row], ground.lon_e7[row]
        return Answer(*where, "city", "names", probability_pm, ground.geonames_id[row], ground.economy[row], others)

    def _weighed(self, rows: list[tuple[int, int]], where: Where, home: str) -> Answer | None:
        """Return the likeliest of several places of one name, weighed as the judge weighs them."""
        extra = 0.0
        if where.regions:
            if not all(self._names.inside(row, where) for row, _ in rows):
                return None
            extra = self._inside
        own = len(rows) > 1 and any(kind == PRIMARY for _, kind in rows)
        alias = (
            ("former name" if home == "US" else "another of its names, and one is called so") if own else _KINDS[ALIAS]
        )
        ground = self._names.ground
        weighed = []
        for row, kind in rows:
            strength = self._strength[alias if kind == ALIAS else _KINDS[kind]][row] + extra
            weighed.append((-strength, ground.geonames_id[row], row))
        weighed.sort()
        groups: list[list[float]] = []
        firsts: list[int] = []
        total = 1.0
        for strength, _, row in weighed:
            mass = math.exp(-strength)
            total += mass
            for number, first in enumerate(firsts):
                if near_e7(ground.lat_e7[first], ground.lon_e7[first], ground.lat_e7[row], ground.lon_e7[row]):
                    groups[number].append(mass)
                    break
            else:
                firsts.append(row)
                groups.append([mass])
        shares = sorted(((-sum(group) / total, n) for n, group in enumerate(groups)), key=lambda pair: pair[0])
        best = self._model.calibrate(-shares[0][0])
        if permille(best) < self._least:
            return None
        rest = (1 - best) / max(1 + shares[0][0], 1e-12)
        others = []
        for share, n in shares[1 : ALTERNATIVES + 1]:
            if (probability := permille(min(best, -share * rest))) >= LEAST_PM:
                row = firsts[n]
                number = ground.geonames_id[row]
                others.append((ground.lat_e7[row], ground.lon_e7[row], number, ground.economy[row], probability))
        return self._answer(firsts[shares[0][1]], permille(best), tuple(others) or None)


_KINDS = tuple(CALLED)[:4]


def _strengths(evidence: NameEvidence, model: Model, words: str) -> "array[float]":
    """Return the strength of each place of the gazetteer as a candidate that is called so, no region stated."""
    ground = evidence.names.ground
    count = evidence.first_registered
    counted = CALLED[words] != NEARBY
    people = np.array(ground.people[:count], np.float64) * counted
    organisations = np.array(ground.organisations[:count], np.float64) * counted
    plain = ("column: as written", f"called: {words}", "region: not stated")
    strength = np.full(count, sum(model.weight.get(name, 0.0) for name in plain))
    strength += model.sizes("column", people, organisations)
    for label, chosen in size_masks("column", people, organisations).items():
        strength[chosen] += model.weight.get(label, 0.0)
    return array("d", strength.tobytes())


def _alone(strength: "array[float]", model: Model) -> "array[int]":
    """Return the probability, per mille, of each place as the only candidate."""
    raw = 1 / (1 + np.exp(-np.frombuffer(strength)))
    found = np.round(1000 * np.interp(raw, model.raw, model.calibrated)).astype(np.int16)
    return array("h", found.tobytes())
