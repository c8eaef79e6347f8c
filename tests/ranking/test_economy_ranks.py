"""Ranks within an economy: the order of the world's, with sets that compare its clusters alone."""

import numpy as np

from hubrank.core.units import UNIT
from hubrank.ranking.rank_intervals import ScoreMoments
from hubrank.ranking.tables.economy_ranks import SCHEMA, economy_ranks
from hubrank.study.sections import Robustness
from ranking.small_rankings import rank_towns, row

TOWNS = {
    "paris": (0, 40, ("FR",)),
    "basel": (3, 30, ("CH", "FR")),
    "lyon": (6, 20, ("FR",)),
    "zurich": (9, 10, ("CH",)),
}
ROWS = [row("patents", name, lat, units * UNIT) for name, (lat, units, _) in TOWNS.items()]
CLUSTERS = [(name, economies, [lat]) for name, (lat, _, economies) in TOWNS.items()]
RANKED = rank_towns(ROWS, CLUSTERS, ("patents",))


def ranks(deviations):
    moments = ScoreMoments(np.array([40.0, 30.0, 20.0, 10.0]), np.diag(np.square(np.array(deviations, float))))
    table = economy_ranks(RANKED, moments, Robustness())
    assert table.schema == SCHEMA
    columns = ("economy_rank", "economy_rank_low", "economy_rank_high", "rank")
    return {(r["economy"], r["cluster_id"]): tuple(r[name] for name in columns) for r in table.to_pylist()}


def test_a_cluster_has_a_rank_in_each_of_its_economies():
    assert ranks([0.1] * 4) == {
        ("FR", "paris"): (1, 1, 1, 1),
        ("FR", "basel"): (2, 2, 2, 2),
        ("FR", "lyon"): (3, 3, 3, 3),
        ("CH", "basel"): (1, 1, 1, 2),
        ("CH", "zurich"): (2, 2, 2, 4),
    }


def test_only_clusters_of_the_economy_leave_its_ranks_open():
    # Lyon may be as good as Paris or Basel; nothing of that concerns Switzerland.
    sets = {key: bounds[1:3] for key, bounds in ranks([0.1, 0.1, 30, 0.1]).items()}
    assert sets["FR", "lyon"] == (1, 3)
    assert sets["FR", "paris"] == (1, 2)
    assert sets["CH", "basel"] == (1, 1)
    assert sets["CH", "zurich"] == (2, 2)
