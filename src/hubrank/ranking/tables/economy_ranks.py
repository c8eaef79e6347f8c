"""ranks × economies → ranks within each economy, each with its confidence set (METHOD 8, 13)."""

from collections import defaultdict

import numpy as np
import pyarrow as pa

from hubrank.core.tables import schema
from hubrank.ranking.rank_intervals import ScoreMoments
from hubrank.ranking.rank_sets.rank_sets import rank_sets
from hubrank.ranking.scores import RankedClusters
from hubrank.study.sections import Robustness

SCHEMA = schema("""
    economy text, economy_rank int, economy_rank_low int, economy_rank_high int, rank int, cluster_id text,
    cluster text, score_pct share
""")
KEY = ("economy", "economy_rank")


def economy_ranks(ranked: RankedClusters, moments: ScoreMoments, choice: Robustness) -> pa.Table:
    """Return the ranks of an economy's clusters among themselves; one over several economies has a rank in each.

    A table of SCHEMA, of one row per economy and cluster. The order is that of the ranks in the world, the sets compare
    the clusters of one economy alone: fewer pairs leave less open.
    """
    clusters_of: dict[str, list[int]] = defaultdict(list)
    for cluster in sorted(range(len(ranked.names)), key=ranked.rank.__getitem__):
        for economy in ranked.names[cluster].economies:
            clusters_of[economy].append(cluster)
    shown, rows = ranked.scores.shown(), []
    for economy, clusters in clusters_of.items():
        covariance = moments.covariance[np.ix_(clusters, clusters)]
        score = moments.score[clusters]
        sets = rank_sets(score, covariance, coverage=choice.level, draws=choice.draws, seed=choice.seed)
        bounds = zip(sets.low.tolist(), sets.high.tolist(), strict=True)
        for place, (cluster, (low, high)) in enumerate(zip(clusters, bounds, strict=True), start=1):
            name = ranked.names[cluster]
            of_economy = {"economy": economy, "economy_rank": place, "economy_rank_low": low, "economy_rank_high": high}
            of_world = {"rank": ranked.rank[cluster], "score_pct": shown[cluster]}
            rows.append(of_economy | of_world | {"cluster_id": name.cluster_id, "cluster": name.cluster})
    return pa.Table.from_pylist(rows, SCHEMA)
