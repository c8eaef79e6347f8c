"""The judge: a conditional logit over the candidates of an address and "none of them", with readable coefficients.

A candidate's strength is the sum of the coefficients of its features, plus, for places, how much its inhabitants and
registered organisations count in the group of names it comes from. "None of them" has strength 0.
"""

import csv
import math
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files

import numpy as np

from hubrank.core.sphere import Floats
from hubrank.geocoding.evidence.candidate import Candidate, near
from hubrank.geocoding.gazetteer.place_index import PER_ORGANISATION, SETTLED

TEXT_GROUPS = frozenset(("text", "inside", "institution", "text misspelt"))
MENDED_GROUPS = frozenset(("misspelt", "misspelt part", "part"))  # of names in columns
CALIBRATED = ("columns", "texts", "mended names", "similar organisations")  # each by itself
_SIZES = ("people:", "size:", "organisations:")
_NO_SIZE = (0.0, 0.0, 0.0)
ALTERNATIVES = 3  # that an answer carries
LEAST_PM = 5  # of an alternative worth naming


@dataclass(frozen=True, slots=True)
class Calibration:
    """Points from raw to calibrated probabilities, both rising."""

    raw: tuple[float, ...] = (0.0, 1.0)
    calibrated: tuple[float, ...] = (0.0, 1.0)

    def __call__(self, p: float) -> float:
        """Return the calibrated probability: between the points on a straight line."""
        raw, good = self.raw, self.calibrated
        at = bisect_right(raw, p)
        if at == 0:
            return good[0]
        if at == len(raw):
            return good[-1]
        share = (p - raw[at - 1]) / (raw[at] - raw[at - 1])
        return good[at - 1] + share * (good[at] - good[at - 1])


@dataclass(frozen=True, slots=True)
class Model:
    """Coefficients by feature, and how raw probabilities are calibrated.

    of_columns, of_texts, of_mended, of_similar : of names in columns, of free text, of names in columns that are
        misspelt or a place's only in part, and of organisations whose names share words with a text.
    """

    weight: dict[str, float]
    of_columns: Calibration = Calibration()
    of_texts: Calibration = Calibration()
    of_mended: Calibration = Calibration()
    of_similar: Calibration = Calibration()
    size_weights: dict[str, tuple[float, float, float]] = field(init=False)

    def __post_init__(self) -> None:
        groups = {name.partition(":")[2] for name in self.weight if name.startswith(_SIZES)}
        size_weights = {group: tuple(self.weight.get(f"{size}{group}", 0.0) for size in _SIZES) for group in groups}
        object.__setattr__(self, "size_weights", size_weights)

    def strength(self, candidate: Candidate) -> float:
        """Return the logit of a candidate against "none of them"."""
        weight = self.weight
        total = 0.0
        for name in candidate.features:
            total += weight.get(name, 0.0)
        people, size, organisations = self.size_weights.get(candidate.group, _NO_SIZE)
        return total + people * candidate.people + size * candidate.size + organisations * candidate.organisations

    def reasons(self, candidate: Candidate) -> list[tuple[str, float]]:
        """Return the features of a candidate with their coefficients, the weightiest first, sizes last."""
        reasons = [(name, self.weight.get(name, 0.0)) for name in candidate.features]
        reasons.sort(key=lambda pair: (-abs(pair[1]), pair[0]))
        weights = self.size_weights.get(candidate.group, _NO_SIZE)
        sizes = candidate.people, candidate.size, candidate.organisations
        total = sum(weight * value for weight, value in zip(weights, sizes, strict=True))
        return [*reasons, ("its size", total)] if total else reasons

    def sizes(self, group: str, people: Floats, organisations: Floats) -> Floats:
        """Return what the sizes of many places add to their strength."""
        of_people, of_size, of_organisations = self.size_weights.get(group, _NO_SIZE)
        total = of_people * np.log10(people + SETTLED)
        total += of_size * np.log10(people + SETTLED + PER_ORGANISATION * organisations)
        return np.asarray(total + of_organisations * np.log10(1 + organisations))

    def calibrate(self, p: float, candidate: Candidate) -> float:
        """Return the calibrated probability of a candidate."""
        return (self.of_columns, self.of_texts, self.of_mended, self.of_similar)[calibrated_as(candidate)](p)


def calibrated_as(candidate: Candidate) -> int:
    """Return the number in CALIBRATED of the calibration of a candidate."""
    if candidate.is_similar:
        return 3
    return 1 if candidate.group in TEXT_GROUPS else 2 if candidate.group in MENDED_GROUPS else 0


@cache
def load() -> Model:
    """Return the packaged model."""
    text = files("hubrank.geocoding").joinpath("model_coefficients.csv").read_text("utf-8")
    weight: dict[str, float] = {}
    points: dict[str, list[tuple[float, float]]] = {name: [] for name in CALIBRATED}
    for kind, name, value in csv.reader(text.splitlines()[1:]):
        if kind == "coefficient":
            weight[name] = float(value)
        else:
            points[kind.removeprefix("calibration of ")].append((float(name), float(value)))
    return Model(weight, *(Calibration(*zip(*many, strict=True)) for many in points.values() if many))


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate and the calibrated probability that the address lies within 15 km of it.

    sources : the kinds of evidence that say so, in alphabetical order.
    """

    candidate: Candidate
    probability: float
    sources: tuple[str, ...]


def permille(probability: float) -> int:
    """Return a probability as a whole number of thousandths."""
    return round(1000 * probability)


def judge(candidates: list[Candidate], model: Model) -> list[Judged]:
    """Return the candidates as groups within 15 km, the likeliest first.

    Coordinates stand for a group, else the town that the address states, else its strongest member. Candidates that may
    have no probability are left out.
    """
    candidates = [c for c in candidates if c.at_most > 0]
    if not candidates:
        return []
    if len(candidates) == 1:
        return _judge_single(candidates[0], model)
    strengths = [model.strength(c) for c in candidates]
    top = max(0.0, *strengths)
    mass = [math.exp(s - top) for s in strengths]
    total = sum(mass) + math.exp(-top)
    groups = _groups(candidates, strengths)
    shares = [(sum(mass[n] for n in group) / total, group) for group in groups]
    shares.sort(key=lambda pair: -pair[0])
    limit = max(candidates[n].at_most for n in shares[0][1])
    best = min(model.calibrate(shares[0][0], candidates[shares[0][1][0]]), limit)
    rest = (1 - best) / max(1 - shares[0][0], 1e-12)
    judged: list[Judged] = []
    for share, group in shares:
        probability = min(best, share * rest) if judged else best
        sources = tuple(sorted({candidates[n].source for n in group}))
        spots = [n for n in group if candidates[n].precision == "site"]  # coordinates, finer than the place there
        towns = [n for n in group if candidates[n].binds or candidates[n].group == "column"]
        judged.append(Judged(candidates[(spots or towns or group)[0]], probability, sources))
    return judged


def judged_at(middle: Candidate, judged: list[Judged]) -> list[Judged]:
    """Return the places again if the address lies at the middle of an area: first the likeliest there, or the middle.

    The others share what is left of certainty.
    """
    there = next((one.candidate for one in judged if near(one.candidate, middle)), middle)
    others = [one for one in judged if not near(one.candidate, middle)]
    left = 1 - middle.at_most
    share = left / max(left, sum(one.probability for one in others))
    sources = tuple(sorted({there.source, middle.source}))
    first = Judged(there, middle.at_most, sources)
    return [first, *(replace(one, probability=one.probability * share) for one in others)]


def _judge_single(candidate: Candidate, model: Model) -> list[Judged]:
    """Return the judgement of a candidate that has no rival."""
    strength = model.strength(candidate)
    top = max(0.0, strength)
    mass = math.exp(strength - top)
    probability = min(model.calibrate(mass / (mass + math.exp(-top)), candidate), candidate.at_most)
    return [Judged(candidate, probability, (candidate.source,))]


def _groups(candidates: list[Candidate], strengths: list[float]) -> list[list[int]]:
    """Return the numbers of candidates that are one place, each group and the groups by their strongest member."""
    order = sorted(range(len(candidates)), key=lambda n: (-strengths[n], candidates[n].geonames_id, n))
    groups: list[list[int]] = []
    for n in order:
        for group in groups:
            if near(candidates[group[0]], candidates[n]):
                group.append(n)
                break
        else:
            groups.append([n])
    return groups
