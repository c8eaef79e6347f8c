"""The kinds of records: a unit's fractional count is what was planted."""

from fractions import Fraction

import numpy as np
import pytest

from hubrank.core.errors import StudyError
from hubrank.core.units import UNIT
from hubrank.simulation.groups import EARLIER, IN_SCOPE, LOST, LOST_PER_MILLE, PATTERN, groups
from hubrank.simulation.places import DECOYS, LEVEL_PPM, METRICS, MOST_CLUSTERS, PPM, places
from hubrank.simulation.records import NOWHERE, blocks

SEED = 7


@pytest.fixture(scope="module")
def layout():
    return places(237, SEED)


@pytest.fixture(scope="module", params=METRICS)
def record_groups(request, layout):
    return groups(layout, request.param, 120_000, SEED)


def test_shares_of_the_world_sum_to_one(layout):
    assert (layout.share_ppm.sum(axis=0) == PPM).all()
    assert (layout.share_ppm[:, :, :2] > 0).all()


def test_fractional_counts_are_whole_and_as_planted(record_groups):
    counted = {}
    for year, a, b, here, there, status, count in zip(
        *(
            getattr(record_groups, name).tolist()
            for name in ("year", "first", "second", "in_first", "in_second", "status", "count")
        ),
        strict=True,
    ):
        if status == IN_SCOPE:
            whole = Fraction(here, here + there) if b >= 0 else Fraction(1)
            counted[a, year] = counted.get((a, year), 0) + whole * count
            if b >= 0:
                counted[b, year] = counted.get((b, year), 0) + (1 - whole) * count
    planted = {(u, y): int(n) for (u, y), n in np.ndenumerate(record_groups.planted) if n}
    assert {key: value for key, value in counted.items() if value} == planted


def test_losses_are_spread_over_units_and_years_as_their_records_are(record_groups):
    lost = np.zeros_like(record_groups.planted)
    mine = record_groups.status == LOST
    np.add.at(lost, (record_groups.first[mine], record_groups.year[mine]), record_groups.count[mine])
    quota = record_groups.planted * LOST_PER_MILLE[record_groups.metric] / 1000
    assert np.abs(lost - quota).max() < 1.01
    assert lost.sum() == int(record_groups.planted.sum()) * LOST_PER_MILLE[record_groups.metric] // 1000


def test_every_record_is_written_once_however_the_world_is_cut(record_groups):
    seen = np.concatenate([block.number for block in blocks(record_groups, SEED, size=1_000)])
    assert seen.tolist() == list(range(record_groups.total))
    cut = [(b.year, b.first, b.second, b.status, b.serial) for b in blocks(record_groups, SEED, size=1_000)]
    whole = [
        (b.year, b.first, b.second, b.status, b.serial) for b in blocks(record_groups, SEED, size=record_groups.total)
    ]
    for part, all_of_it in zip(zip(*cut, strict=True), zip(*whole, strict=True), strict=True):
        assert np.array_equal(np.concatenate(part), all_of_it[0])


def test_the_units_of_a_record_sum_to_one_record_or_none(record_groups):
    for block in blocks(record_groups, SEED):
        sums = np.bincount(block.record, block.units(), block.number.size)
        assert set(sums[block.status == IN_SCOPE].tolist()) == {UNIT}
        assert not sums[block.status != IN_SCOPE].any()
        assert not block.units()[block.unit == NOWHERE].any()


def test_misspelt_listings_never_decide_a_record(record_groups):
    for block in blocks(record_groups, SEED):
        clear = np.bincount(block.record[~block.plain & (block.unit != NOWHERE)], minlength=block.number.size)
        assert (clear[block.status == IN_SCOPE] > 0).all()


def test_records_of_a_cluster_differ_in_length_and_those_of_noise_hardly_do(record_groups):
    unit, serial = np.repeat([3, 300], 12), np.tile(np.arange(12), 2)
    lengths = record_groups.lengths(unit, serial)
    assert sorted(lengths[:6]) == sorted(PATTERN[record_groups.metric])
    assert np.ptp(lengths[12:]) <= 1
    assert lengths[:12].sum() == lengths[12:].sum()


def test_a_world_with_few_clusters_keeps_its_noise_below_the_threshold():
    few = places(5, SEED)
    assert (few.share_ppm[5:, :, :2] < LEVEL_PPM).all()
    assert few.role(4) == "cluster"
    assert few.role(4 + DECOYS) == "decoy"
    assert few.role(5 + DECOYS) == "noise"


@pytest.mark.parametrize("clusters", [0, -1, MOST_CLUSTERS + 1])
def test_there_is_room_for_so_many_clusters_only(clusters):
    with pytest.raises(StudyError, match=f"a simulated world has 1 to {MOST_CLUSTERS}"):
        places(clusters, SEED)


def test_earlier_records_lie_before_every_window(layout):
    record_groups = groups(layout, "patents", 120_000, SEED)
    assert record_groups.count[record_groups.status == EARLIER].sum() > 0
