"""The study with one choice, or several, replaced (METHOD 13)."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Any

from hubrank.study.study import Study

DECISIVE = 5  # places that a choice moves a rank at least, if it is decisive
Change = Callable[[Study], Study]

UNCHANGED = "own"  # the level of the study itself
BASE = "study"  # the name of the variant in which nothing is replaced
CHOICES = ("radius", "threshold", "rounding", "merging", "counting", "balance")
OF_DENSITY = frozenset({"radius", "threshold", "merging", "balance"})  # choices that areas that are given do not have
_ROUNDINGS = (0.05, 0.01)  # the other one than the study's: about 5 km, about 1 km
_THRESHOLDS = ((2, 3), (3, 2))  # a third less, half more: the same step down and up


@dataclass(frozen=True, slots=True)
class Variant:
    """A study with some choices replaced.

    levels : per choice of CHOICES, what it was replaced by; UNCHANGED where it was not.
    """

    levels: dict[str, str]
    method: Study

    @property
    def name(self) -> str:
        """What was replaced, such as "radius 12 km, counting full"; "study" where nothing was."""
        return ", ".join(f"{choice} {level}" for choice, level in self.levels.items() if level != UNCHANGED) or BASE


def _with(section: str, **values: Any) -> Change:  # noqa: ANN401 (values of a study)
    """Return a change that replaces keys of one section and validates it."""

    def change(study: Study) -> Study:
        before = getattr(study, section)
        return study.model_copy(update={section: type(before).model_validate({**before.model_dump(), **values})})

    return change


def at_radius(study: Study, radius_km: float) -> Study:
    """Return the study with another radius."""
    return _with("clusters", radius_km=radius_km)(study)


def options(study: Study) -> dict[str, dict[str, Change]]:
    """Return, per choice, every level, UNCHANGED first. Radii are those of [robustness] radius_km and of the study.

    Where a study ranks areas, choices OF_DENSITY have no other level.
    """
    levels = {
        "radius": _radii(study),
        "threshold": {UNCHANGED: _same, **dict(_threshold(study, *part) for part in _THRESHOLDS)},
        "rounding": {UNCHANGED: _same, **_rounding(study)},
        "merging": {UNCHANGED: _same, **_merging(study)},
        "counting": {
            UNCHANGED: _same,
            **_flipped(study.ranking.counting, "ranking", "counting", ("full", "fractional")),
        },
        "balance": {UNCHANGED: _same, **_flipped(study.clusters.balance, "clusters", "balance", ("equal", "none"))},
    }
    fixed = OF_DENSITY if study.ranks_areas else frozenset()
    return {choice: {UNCHANGED: _same} if choice in fixed else of for choice, of in levels.items()}


def _same(study: Study) -> Study:
    return study


def _radii(study: Study) -> dict[str, Change]:
    others = sorted(set(map(float, study.robustness.radius_km)) - {float(study.clusters.radius_km)})
    return {UNCHANGED: _same, **{f"{km:g} km": _with("clusters", radius_km=km) for km in others}}


def _threshold(study: Study, part: int, of: int) -> tuple[str, Change]:
    key = "min_listings" if study.clusters.min_listings is not None else "min_share_ppm"
    most = 10**6 if key == "min_share_ppm" else 2**62  # a share is at most the whole
    value = min(most, max(1, getattr(study.clusters, key) * part // of))
    return f"× {part}/{of}", _with("clusters", **{key: value})


def _rounding(study: Study) -> dict[str, Change]:
    other = next(step for step in _ROUNDINGS if step != study.points.round_deg)
    return {f"{other:g}°": _with("points", round_deg=other)}


def _merging(study: Study) -> dict[str, Change]:
    strongest = study.merging.strongest_link
    return {"by distance alone" if strongest else "by strongest link": _with("merging", strongest_link=not strongest)}


def _flipped(current: str, section: str, key: str, levels: tuple[str, str]) -> dict[str, Change]:
    other = next(level for level in levels if level != current)
    return {other: _with(section, **{key: other})}


def _variant(study: Study, changes: dict[str, dict[str, Change]], levels: dict[str, str]) -> Variant:
    method = study
    for choice, level in levels.items():
        method = changes[choice][level](method)
    return Variant(levels, method)


def one_at_a_time(study: Study) -> list[Variant]:
    """Return the study, then every variant in which one choice is replaced."""
    changes = options(study)
    unchanged = dict.fromkeys(CHOICES, UNCHANGED)
    changed = [unchanged | {choice: level} for choice in CHOICES for level in changes[choice] if level != UNCHANGED]
    variants = [_variant(study, changes, levels) for levels in [unchanged, *changed]]
    if study.ranks_areas:
        return variants
    unmerged = Variant(unchanged | {"merging": "none"}, _with("merging", gap_km=0, strongest_link=False)(study))
    stable = Variant(unchanged | {"threshold": "by HDBSCAN"}, _with("clusters", algorithm="hdbscan")(study))
    variants += [unmerged] if study.merging.gap_km else []
    return [*variants, stable] if study.robustness.hdbscan else variants


def fraction(study: Study) -> list[Variant]:
    """Return half of all combinations: those in which rounding, merging, counting and balance change an even number.

    Every level of a choice meets every pair of levels of two others equally often, so that what one choice moves is not
    mixed up with another, nor with what two of them move together (an orthogonal array of strength 3: Box & Hunter
    1961, Technometrics 3, 311-351). Of areas, which have two choices, all combinations.
    """
    changes = options(study)
    halved = () if study.ranks_areas else CHOICES[2:]
    variants = []
    for combination in product(*(changes[choice] for choice in CHOICES)):
        levels = dict(zip(CHOICES, combination, strict=True))
        if sum(levels[choice] != UNCHANGED for choice in halved) % 2 == 0:
            variants.append(_variant(study, changes, levels))
    return variants
