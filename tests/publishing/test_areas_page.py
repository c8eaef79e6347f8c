"""The page of the areas: who gains by the choice."""

from decimal import Decimal

from hubrank.publishing.page_words import words
from hubrank.publishing.site.areas_page import _among_matches, _cluster


def test_who_gains_is_told_by_ranks_among_the_matches_alone():
    """Of 113 clusters of the world 3 match areas of one country: none of them gains 100 ranks by that."""
    ranks = [(1, 2), (50, 1), (113, 3)]
    matches = [{"cluster": f"c{one}", "cluster_rank": one, "area_rank": other} for one, other in ranks]
    rows = [(row["cluster"], row["cluster_rank"], row["area_rank"], row["move"]) for row in _among_matches(matches)]
    assert rows == [("c50", 2, 1, 1), ("c113", 3, 3, 0), ("c1", 1, 2, -1)]


def test_the_difference_beside_a_cluster_is_of_ranks_among_the_matches_too():
    """Rank 50 of clusters and rank 1 of areas are of different lists: 49 is no gain."""
    row = {"cluster_rank": 50, "cluster_id": "c", "cluster": "C", "area": "A", "area_code": "a"}
    row |= {"cluster_share_pct": Decimal(90), "area_rank": 1, "is_match": True, "move": 49}
    shown = _cluster([row], {"c": 1}, words("en"))
    assert (shown["area_rank"], shown["move"], shown["shown_move"]) == (1, 1, "+1")
    assert _cluster([row | {"is_match": False}], {}, words("en"))["shown_move"] == "–"
