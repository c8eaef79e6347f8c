"""What the clustering is fast by: towers, cells and blocks that decide without looking at points (METHOD 3)."""

import numba
import numpy as np
import pytest

from clustering.sites import towns
from hubrank.clustering.dbscan.dbscan import _threads, compiled
from hubrank.clustering.dbscan.distances import Rule, inside, outside
from hubrank.clustering.dbscan.layout import BLOCK, lay_out
from hubrank.clustering.dbscan.towers import _sort
from hubrank.core import sphere
from hubrank.core.processes import cores

# Parts of compiled functions have no entry for Python once they are machine code.
pytestmark = pytest.mark.skipif(
    not numba.config.DISABLE_JIT, reason="wants plain Python: test_plain.py runs these tests so"
)


def _on_the_sphere(seed, radius_km):
    """Return unit vectors of towns, their weights, and the chord of a radius."""
    lat, lon, weight = towns(seed, radius_km, most=150)
    return sphere.unit_vectors(lat, lon).T, weight, sphere.chord2(radius_km) ** 0.5


def _in_space(seed, dimension):
    rng = np.random.default_rng(seed)
    xyz = np.zeros((max(dimension, 3), 200))
    xyz[:dimension] = np.round(rng.normal(0, 3, (dimension, 200)), 1)
    return xyz, rng.integers(0, 5, 200), 2.0


WORLDS = [
    *(pytest.param(_on_the_sphere, seed, km, id=f"{km} km, {seed}") for seed in range(4) for km in (60, 900, 9000)),
    *(pytest.param(_on_the_sphere, seed, 1e-6, id=f"a millimetre, {seed}") for seed in range(2)),
    *(pytest.param(_in_space, seed, dimension, id=f"{dimension} axes") for seed, dimension in enumerate((1, 2, 3, 5))),
]


def _laid_out(world, seed, size):
    """Return points as they came, their layout, which rows its points are, and the reach."""
    xyz, weight, reach = world(seed, size)
    xyz = np.ascontiguousarray(xyz)
    layout, order = lay_out(xyz.copy(), weight.copy(), np.arange(len(weight)), reach, 1)
    return xyz, weight, layout, order, reach


@pytest.mark.parametrize(("world", "seed", "size"), WORLDS)
def test_no_row_is_lost_and_each_keeps_its_weight(world, seed, size):
    xyz, weight, layout, order, _ = _laid_out(world, seed, size)
    assert sorted(order.tolist()) == list(range(len(weight)))
    assert layout.xyz.tolist() == xyz[:, order].tolist()
    assert layout.weight.tolist() == weight[order].tolist()
    assert layout.key.tolist() == order.tolist()


@pytest.mark.parametrize(("world", "seed", "size"), WORLDS)
def test_points_of_a_cell_are_neighbours_and_all_neighbours_are_in_blocks_near_its_tower(world, seed, size):
    _, _, layout, _, reach = _laid_out(world, seed, size)
    blocks, points = len(layout.radius), np.diff(layout.start)
    apart = np.sqrt(((layout.xyz[:, :, None] - layout.xyz[:, None, :]) ** 2).sum(axis=0))
    cell = np.repeat(layout.cell[:blocks, 0], points)
    assert apart[cell[:, None] == cell].max() <= reach
    near = np.zeros((blocks, blocks), np.int64)
    for b in range(blocks):
        begin, end = layout.near[layout.tower[b]]
        for first, last in layout.runs[begin:end]:
            near[b, first:last] += 1
        assert layout.around[layout.tower[b]] == (near[b] * np.diff(layout.before)).sum()
        assert layout.cell[b, 0] <= b < layout.cell[b, 1]
    assert near.max() == 1
    assert near.diagonal().all()
    listed = np.repeat(np.repeat(near, points, axis=0), points, axis=1) > 0
    assert listed[apart <= reach].all()
    if len(layout.xyz) == 3 and reach > 1e-6:
        assert apart[listed].max(initial=0) <= 4 * reach, "a block is listed as near that is not"


@pytest.mark.parametrize(("world", "seed", "size"), WORLDS)
def test_blocks_are_small_and_their_balls_no_wider_than_their_boxes(world, seed, size):
    _, _, layout, _, _ = _laid_out(world, seed, size)
    assert layout.start[0] == 0
    assert layout.start[-1] == len(layout.weight)
    for b, (begin, end) in enumerate(zip(layout.start[:-1], layout.start[1:], strict=True)):
        xyz = layout.xyz[:, begin:end]
        low, high = xyz.min(axis=1), xyz.max(axis=1)
        assert begin < end
        assert end - begin <= BLOCK or (xyz[:, BLOCK:] == xyz[:, :1]).all()
        assert layout.centre[:, b] == pytest.approx((low + high) / 2, abs=1e-12)
        assert layout.radius[b] == pytest.approx(np.sqrt(((xyz.T - (low + high) / 2) ** 2).sum(axis=1).max()), abs=1e-9)
        assert layout.before[b + 1] - layout.before[b] == layout.weight[begin:end].sum()


def test_points_that_coincide_are_one_block():
    layout, _ = lay_out(np.ones((3, 50)), np.ones(50, np.int64), np.arange(50), 1.0, 1)
    assert layout.start.tolist() == [0, 50]
    assert layout.radius.tolist() == [0]


@pytest.mark.parametrize(("low", "high"), [(0, 11), (3, 17), (20, 55), (0, 62)])
def test_numbers_are_sorted_by_the_bits_between_and_equal_ones_stay_in_their_order(low, high):
    values = np.random.default_rng(high).integers(0, 2**62, 300)
    expected = values[np.argsort(values >> low & ((1 << high - low) - 1), kind="stable")]
    spare = np.empty_like(values)
    swapped = _sort(values, spare, low, high, np.empty(2**11 + 1, np.int64))
    assert (spare if swapped else values).tolist() == expected.tolist()


def test_two_balls_are_inside_or_outside_the_reach_of_each_other_only_beyond_doubt():
    assert inside(9.0, 1.0, Rule(4.1, 4.1**2, 1))
    assert not inside(9.0, 1.0, Rule(4.0, 16.0, 1))  # rounding could put it outside
    assert outside(25.0, 1.0, Rule(3.9, 3.9**2, 1))
    assert not outside(25.0, 1.0, Rule(4.0, 16.0, 1))
    assert not inside(25.0, 1.0, Rule(4.1, 4.1**2, 1))
    assert not outside(9.0, 1.0, Rule(2.1, 2.1**2, 1))


def test_a_ball_wider_than_the_reach_is_never_inside_it():
    assert not inside(0.0, 9.0, Rule(8.0, 64.0, 1))
    assert not outside(0.0, 9.0, Rule(8.0, 64.0, 1))


def test_few_points_are_not_worth_a_second_thread():
    assert _threads(None, 49_999) == 1
    assert _threads(None, 50_000) == min(2, cores())
    assert _threads(None, 10**9) == cores()
    assert _threads(7, 1) == 7
    with pytest.raises(ValueError, match="threads is 0"):
        _threads(0, 1)


def test_whether_kernels_are_compiled_is_yes_or_no():
    assert compiled() in {True, False}
