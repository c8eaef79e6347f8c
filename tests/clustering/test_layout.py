"""What the clustering is fast by: cells, blocks and sums that decide without looking at points (METHOD 3)."""

import numba
import numpy as np
import pytest

from clustering.sites import towns
from hubrank.clustering.dbscan import bands, neighbour_cells, split_cells
from hubrank.clustering.dbscan.blocks import LEAF, make_blocks
from hubrank.clustering.dbscan.cells import Points, halve
from hubrank.clustering.dbscan.dbscan import _crew, compiled
from hubrank.clustering.dbscan.density import Rule, _crossed, _weigh, inside, outside
from hubrank.core import sphere
from hubrank.core.compiled import ThreadTeam
from hubrank.core.processes import cores

# Parts of compiled functions have no entry for Python once they are machine code.
pytestmark = pytest.mark.skipif(
    not numba.config.DISABLE_JIT, reason="wants plain Python: test_plain.py runs these tests so"
)
CREW = ThreadTeam(1)


def _on_the_sphere(seed, radius_km):
    """Return located points, cells and the chord of a radius."""
    lat, lon, weight = towns(seed, radius_km, most=150)
    chord = sphere.chord2(radius_km) ** 0.5
    grid = bands.make_grid(chord)
    points, layout = bands.lay_out(bands.Sites(lat, lon, weight), grid, CREW)
    cells = neighbour_cells.find_near(points, layout, grid, chord, CREW)
    bands.locate(points, cells.start, np.arange(len(cells.start) - 1), 0, len(cells.start) - 1)
    return points, cells, chord


def _in_space(seed, dimension):
    rng = np.random.default_rng(seed)
    xyz, n = np.round(rng.normal(0, 3, (200, dimension)), 1), 200
    points, cells = split_cells.lay_out(xyz, rng.integers(0, 5, n), split_cells.order(xyz), 2.0)
    return points, cells, 2.0


WORLDS = [
    *(pytest.param(_on_the_sphere, seed, km, id=f"{km} km, {seed}") for seed in range(4) for km in (60, 900, 9000)),
    *(pytest.param(_in_space, seed, dimension, id=f"{dimension} axes") for seed, dimension in enumerate((1, 2, 3, 5))),
]


def _apart(points):
    return np.sqrt(((points.xyz[:, :, None] - points.xyz[:, None, :]) ** 2).sum(axis=0))


@pytest.mark.parametrize(("made", "seed", "size"), WORLDS)
def test_points_of_a_cell_are_neighbours_and_all_others_are_in_cells_near_it(made, seed, size):
    points, cells, reach = made(seed, size)
    apart, many = _apart(points), np.diff(cells.start)
    cell = np.repeat(np.arange(len(many)), many)
    same = cell[:, None] == cell
    assert apart[same].max() <= reach
    near = np.zeros((len(many), len(many)), np.int64)
    for c in range(len(many)):
        for k in range(cells.run_start[c], cells.run_start[c + 1]):
            near[c, cells.run_first[k] : cells.run_last[k]] += 1
    assert near.max(initial=0) <= 1
    assert not near.diagonal().any()
    listed = near[cell][:, cell] > 0
    assert (same | listed)[apart <= reach].all()
    assert apart[listed].max(initial=0) <= 4 * reach, "a cell is listed as near that is not"
    assert cells.before.tolist() == [int(points.weight[:at].sum()) for at in cells.start]


@pytest.mark.parametrize(("made", "seed", "size"), WORLDS)
def test_blocks_are_small_and_their_balls_no_wider_than_their_boxes(made, seed, size):
    points, cells, _ = made(seed, size)
    m = len(cells.start) - 1
    blocks = make_blocks(points, cells.start, np.arange(m), CREW)
    assert blocks.begin.tolist() == [0, *blocks.end[:-1]]
    assert blocks.end[-1] == len(points.row)
    for b, (begin, end) in enumerate(zip(blocks.begin, blocks.end, strict=True)):
        xyz = points.xyz[:, begin:end]
        low, high = xyz.min(axis=1), xyz.max(axis=1)
        assert end - begin <= LEAF or (low == high).all()
        assert blocks.centre[:, b] == pytest.approx((low + high) / 2, abs=1e-12)
        assert blocks.radius[b] == pytest.approx(np.sqrt(((xyz.T - (low + high) / 2) ** 2).sum(axis=1).max()), abs=1e-9)
        assert blocks.weight[b] == points.weight[begin:end].sum()
        assert blocks.first[blocks.cell[b]] <= b < blocks.first[blocks.cell[b] + 1]
        assert cells.start[blocks.cell[b]] <= begin < end <= cells.start[blocks.cell[b] + 1]


def test_columns_grow_fewer_towards_the_poles_and_bands_cover_the_earth():
    grid = bands.make_grid(sphere.chord2(300) ** 0.5)
    middle = len(grid.columns) // 2
    assert (np.diff(grid.columns[: middle - 3]) > 0).all()
    assert grid.columns[0] <= 10
    assert grid.columns[middle] > 150
    assert len(grid.columns) * grid.side > np.pi > (len(grid.columns) - 1) * grid.side
    longest = 2 * np.pi / grid.columns * np.maximum(np.cos(bands.south(grid)), np.cos(bands.south(grid) + grid.side))
    assert np.hypot(longest, grid.side).max() <= sphere.chord2(300) ** 0.5 * 1.0001
    assert bands.band_of(-sphere.POLE_E7, grid) == 0
    assert bands.band_of(sphere.POLE_E7, grid) == len(grid.columns) - 1
    assert bands.column_of(sphere.DATE_LINE_E7, 3, grid) == grid.columns[3] - 1


@pytest.mark.parametrize("seed", range(6))
def test_points_below_a_limit_come_first_and_none_is_lost(seed):
    values = np.random.default_rng(seed).integers(0, 6, 20).astype(float)
    row = np.arange(20, dtype=np.int32)
    points = Points(values[None].copy(), row * 10, row * 100, row.copy())
    cut = halve(points, 2, 18, 0, 3.0)
    assert (points.xyz[0, 2:cut] < 3).all()
    assert (points.xyz[0, cut:18] >= 3).all()
    assert sorted(points.row.tolist()) == row.tolist()
    assert points.xyz[0].tolist() == values[points.row].tolist()
    assert (points.weight == points.row * 10).all()
    assert (points.key == points.row * 100).all()
    assert points.row[[0, 1, 18, 19]].tolist() == [0, 1, 18, 19]


def test_two_balls_are_inside_or_outside_the_reach_of_each_other_only_beyond_doubt():
    assert inside(3.0, 1.0, 4.1)
    assert not inside(3.0, 1.0, 4.0)  # rounding could put it outside
    assert outside(5.0, 1.0, 3.9)
    assert not outside(5.0, 1.0, 4.0)
    assert not inside(5.0, 1.0, 4.1)
    assert not outside(3.0, 1.0, 2.1)


def test_balls_are_weighed_as_wholly_within_reach_wholly_beyond_or_crossed_by_the_rim():
    """A ball of radius 1 among balls of radius 1 and 2, at distances from 0 to 14; reach 8."""
    apart = np.arange(15.0)
    for radius in (1.0, 2.0):
        radii, weight = np.full(15, radius), 2 ** np.arange(15)
        rule, out = Rule(8.0, 64.0, 1), np.full(20, -1)
        within, beyond = _weigh(weight, radii, 1.0, rule, apart**2)
        is_within, is_beyond = apart + radius + 1 < 8, apart - radius - 1 > 8
        assert (within, beyond) == (weight[is_within].sum(), weight[is_beyond].sum())
        n = _crossed(radii, 1.0, 100, rule, apart**2, out, 2)
        assert out[2:n].tolist() == (100 + np.flatnonzero(~is_within & ~is_beyond)).tolist()
        assert out[:2].tolist() == [-1, -1]


def test_a_ball_wider_than_the_reach_is_never_within_it():
    wide = np.array([9.0])
    assert _weigh(np.array([5]), wide, 0.0, Rule(8.0, 64.0, 1), np.array([0.0])) == (0, 0)
    assert _crossed(wide, 0.0, 0, Rule(8.0, 64.0, 1), np.array([0.0]), np.full(2, -1), 0) == 1


def test_few_points_are_not_worth_a_second_thread():
    assert _crew(None, 49_999).threads == 1
    assert _crew(None, 50_000).threads == min(2, cores())
    assert _crew(None, 10**9).threads == cores()
    assert _crew(7, 1).threads == 7
    with pytest.raises(ValueError, match="threads is 0"):
        _crew(0, 1)


def test_whether_kernels_are_compiled_is_yes_or_no():
    assert compiled() in {True, False}
