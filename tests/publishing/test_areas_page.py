"""The page of the areas: who gains by the choice."""

from hubrank.publishing.site.areas_page import _among_matches


def test_who_gains_is_told_by_ranks_among_the_matches_alone():
    """Of 113 clusters of the world 3 match areas of one country: none of them gains 100 ranks by that."""
    ranks = [(1, 2), (50, 1), (113, 3)]
    matches = [{"cluster": f"c{one}", "cluster_rank": one, "area_rank": other} for one, other in ranks]
    rows = [(row["cluster"], row["cluster_rank"], row["area_rank"], row["move"]) for row in _among_matches(matches)]
    assert rows == [("c50", 2, 1, 1), ("c113", 3, 3, 0), ("c1", 1, 2, -1)]
