"""Which neighbouring clusters become one, by hand (METHOD 4)."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from hubrank.clustering.merging import merge_near, merge_strongest


def test_a_chain_of_near_clusters_is_one_group():
    assert merge_near(6, [(4, 1), (1, 0), (5, 3)]).tolist() == [0, 0, 1, 2, 0, 2]


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)).filter(lambda p: p[0] != p[1])))
def test_groups_are_connected_components(pairs):
    a, b = np.array(pairs, int).reshape(-1, 2).T
    graph = coo_matrix((np.ones(len(a)), (a, b)), shape=(12, 12))
    expected = connected_components(graph, directed=False)[1]
    groups = merge_near(12, pairs)
    assert len(set(zip(groups, expected, strict=True))) == len(set(groups)) == len(set(expected))
    assert [int(np.argmax(groups == group)) for group in range(max(groups) + 1)] == sorted(
        int(np.argmax(groups == group)) for group in range(max(groups) + 1)
    )


def test_only_each_others_strongest_partners_merge():
    """Tokyo and Yokohama choose each other; Chiba chooses Tokyo, which has chosen already."""
    tokyo, yokohama, chiba = range(3)
    links = [(tokyo, yokohama, 9), (tokyo, chiba, 5), (yokohama, chiba, 1)]
    near = [(tokyo, yokohama), (tokyo, chiba), (yokohama, chiba)]
    assert merge_strongest(3, near, links).tolist() == [0, 0, 1]


def test_the_strongest_partner_may_be_far_away_and_then_nothing_merges():
    assert merge_strongest(3, [(0, 1)], [(0, 1, 5), (0, 2, 7)]).tolist() == [0, 1, 2]


def test_merging_is_one_round():
    """0 and 1 merge; 2, whose partner is 1, stays alone, though it would be the pair's partner in a second round."""
    assert merge_strongest(3, [(0, 1), (1, 2)], [(0, 1, 9), (1, 2, 8)]).tolist() == [0, 0, 1]


def test_equal_strengths_go_to_the_lower_label():
    assert merge_strongest(3, [(1, 2), (0, 2)], [(1, 2, 4), (0, 2, 4)]).tolist() == [0, 1, 0]


def test_strengths_compare_exactly_where_floats_are_equal():
    third, less = Fraction(1, 3), Fraction(10**18, 3 * 10**18 + 1)
    assert float(third) == float(less)
    assert merge_strongest(3, [(0, 2)], [(0, 1, less), (0, 2, third)]).tolist() == [0, 1, 0]
    assert merge_strongest(3, [(0, 1)], [(0, 1, (10**18, 3 * 10**18 + 1)), (0, 2, (1, 3))]).tolist() == [0, 1, 2]


def test_strengths_of_one_pair_add_up():
    links = [(0, 1, (1, 3)), (0, 2, (1, 2)), (1, 0, (1, 4))]
    assert merge_strongest(3, [(0, 1), (0, 2)], links).tolist() == [0, 0, 1]


def test_where_no_record_spans_two_clusters_distance_alone_decides():
    assert merge_strongest(3, [(0, 1)], []).tolist() == [0, 0, 1]
    assert merge_strongest(3, [(0, 1)], [(1, 2, 0)]).tolist() == [0, 0, 1]


def test_one_cluster_or_none():
    assert merge_near(0, []).tolist() == []
    assert merge_strongest(1, [], []).tolist() == [0]


@pytest.mark.parametrize("pair", [(0, 3), (-1, 0), (1, 1)])
def test_pairs_that_are_not_two_labels_are_named(pair):
    with pytest.raises(ValueError, match=rf"pair 1 joins {pair[0]} and {pair[1]}; expected two of the labels 0 … 2"):
        merge_near(3, [(0, 1), pair])
    with pytest.raises(ValueError, match="link 0 joins"):
        merge_strongest(3, [], [(*pair, 1)])


def test_a_float_is_no_strength():
    with pytest.raises(ValueError, match=r"link 0 has strength 0.5; expected a whole number"):
        merge_strongest(2, [(0, 1)], [(0, 1, 0.5)])
