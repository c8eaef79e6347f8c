"""Variants of the method, and what choices move."""

from collections import Counter
from fractions import Fraction
from itertools import accumulate, combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures_editions import EditionFactory, study
from hubrank.analysis.robustness.attribution import TOGETHER, attribution
from hubrank.analysis.robustness.sweep import Sweep
from hubrank.analysis.robustness.variants import CHOICES, fraction, one_at_a_time
from hubrank.counting.points import _scaled
from hubrank.study.study_file import parse

PARIS, VERSAILLES, LYON = (48.85, 2.35), (48.80, 2.13), (45.75, 4.85)


def parsed_study(**sections):
    return parse(study(clusters={"min_listings": 300}, **sections), Path("study.toml"))


def quiet(*_):
    pass


def test_one_at_a_time_replaces_each_choice_and_nothing_else():
    variants = one_at_a_time(parsed_study())
    assert variants[0].name == "study"
    assert [variant.name for variant in variants[1:]] == [
        "radius 10 km", "radius 12 km", "radius 18 km", "radius 20 km", "threshold × 2/3", "threshold × 3/2",
        "rounding 0.05°", "merging by distance alone", "counting full", "balance equal", "merging none",
    ]  # fmt: skip
    assert [variant.method.clusters.min_listings for variant in variants[5:7]] == [200, 450]


def test_hdbscan_is_one_more_variant_where_the_study_says_so():
    variants = one_at_a_time(parsed_study(robustness={"hdbscan": True}))
    assert variants[-1].name == "threshold by HDBSCAN"
    assert variants[-1].method.clusters.algorithm == "hdbscan"
    assert variants[-1].method.clusters.min_listings == 300


def test_in_the_fraction_every_three_levels_meet_equally_often():
    variants = fraction(parsed_study())
    assert len(variants) == 5 * 3 * 8
    for three in combinations(CHOICES, 3):
        met = Counter(tuple(variant.levels[choice] for choice in three) for variant in variants)
        levels = [len({variant.levels[choice] for variant in variants}) for choice in three]
        assert len(met) == levels[0] * levels[1] * levels[2]
        assert len(set(met.values())) == 1


def test_shares_of_variance_are_exact_and_add_up():
    variants = fraction(parsed_study())
    by_radius = [{"own": 5, "10 km": 7}.get(variant.levels["radius"], 6) for variant in variants]
    by_both = [2 + (v.levels["counting"] == "full") * (v.levels["threshold"] == "× 3/2") for v in variants]
    attributed = attribution(variants, list(zip(by_radius, by_both, [None, *[1] * 119], strict=True)))
    assert attributed.clusters == 2
    assert sum(attributed.shares.values()) == 1
    # radius: 24 ones below and above; both: 20 of 120 are one more, 10 of counting's half-way, the rest together
    total = 48 + Fraction(20) - Fraction(400, 120)
    assert attributed.shares["radius"] == Fraction(48) / total
    assert attributed.shares["counting"] == (Fraction(400, 60) - Fraction(400, 120)) / total
    assert attributed.shares["threshold"] == (Fraction(400, 40) - Fraction(400, 120)) / total
    assert (
        attributed.shares[TOGETHER]
        == 1 - attributed.shares["radius"] - attributed.shares["counting"] - attributed.shares["threshold"]
    )


def test_where_no_rank_moves_no_choice_has_a_share():
    variants = fraction(parsed_study())
    assert attribution(variants, [[1, 2]] * len(variants)).shares == {}


@pytest.fixture
def factory(tmp_path, monkeypatch):
    monkeypatch.setenv("HUBRANK_CACHE", str(tmp_path / "cache"))
    editions = EditionFactory(tmp_path)
    with editions.engine:
        yield editions


def towns(factory, **choices):
    """Lyon has 5 records of its own, Paris 4, and 4 are shared: 7.67 against 5.33, in full 9 against 8."""
    alone = [("patents", f"l{n}", [LYON]) for n in range(5)] + [("patents", f"p{n}", [PARIS]) for n in range(4)]
    shared = [("patents", f"s{n}", [PARIS, LYON, LYON]) for n in range(4)]
    return factory.edition(alone + shared, clusters={"min_listings": 3}, **choices)


def test_full_counting_gives_each_cluster_the_whole_record(factory):
    records = towns(factory)
    sweep = Sweep(records, records.as_published())
    full = next(v for v in one_at_a_time(records.study) if v.name == "counting full")
    scored = sweep.scored(full.method)
    assert sorted(scored.units[0].tolist()) == [8 * 10**9, 9 * 10**9]
    assert scored.scores.numerators[0] / scored.scores.denominator == pytest.approx(100 * 9 / 13)
    assert scored.parts.sum() == 13 * 10**9


def test_the_study_itself_is_the_first_variant_and_a_lost_cluster_has_no_rank(factory):
    alone = [("patents", f"l{n}", [LYON]) for n in range(4)] + [("patents", f"p{n}", [PARIS]) for n in range(3)]
    records = factory.edition(alone, clusters={"min_listings": 3})
    ranked = records.as_published()
    variants = one_at_a_time(records.study)
    outcomes = dict(zip([v.name for v in variants], Sweep(records, ranked).outcomes(variants, quiet), strict=True))
    assert outcomes["study"].ranks == ranked.rank == [1, 2]
    assert outcomes["threshold × 3/2"].ranks == [1, None]
    assert outcomes["threshold × 3/2"].clusters == 1


def test_a_stopped_sweep_goes_on_where_it_was(factory, monkeypatch):
    records = towns(factory)
    variants = one_at_a_time(records.study)

    def stopping(_what, done, _of):
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Sweep(records, records.as_published()).outcomes(variants, stopping)
    scored = []
    again = Sweep(records, records.as_published())
    score = Sweep.scored
    monkeypatch.setattr(Sweep, "scored", lambda self, method: scored.append(method) or score(self, method))
    resumed = again.outcomes(variants, quiet)
    assert len(scored) == len(variants) - 4
    monkeypatch.setenv("HUBRANK_CACHE", str(factory.folder / "empty"))
    assert Sweep(records, records.as_published()).outcomes(variants, quiet) == resumed


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=20), st.integers(1, 2**62))
def test_metrics_are_scaled_exactly_whether_products_fit_64_bits_or_not(row, target):
    scaled = _scaled(np.array(row, np.int64), target)
    assert int(scaled.sum()) == (target if sum(row) else 0)
    sums = list(accumulate(row))
    assert list(accumulate(scaled.tolist())) == [value * target // max(1, sums[-1]) for value in sums]
