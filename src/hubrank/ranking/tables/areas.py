"""Clusters against areas drawn by others: the same records counted and ranked by both (METHOD 15)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa

from hubrank.clustering.areas import Areas
from hubrank.clustering.cluster_cities import exact_scores
from hubrank.clustering.dbscan.dbscan import NOISE
from hubrank.clustering.density import Labels
from hubrank.core.sphere import Ints
from hubrank.core.tables import schema
from hubrank.core.units import COUNT_DECIMALS, SHOWN_DECIMALS, half_even, share_pct, shown_count
from hubrank.counting.points import Sites
from hubrank.ranking.scores import RankedClusters, Scores, order, ranks

LEAST_SHARE_PCT = 1  # of a cluster's score: areas with less do not stand in the ranking's column of codes
KEY = ("rank", "area_code")
PAIRS_KEY = ("cluster_rank", "area_rank")
PAIRS_SCHEMA = schema("""
    cluster_rank int, cluster_id text, cluster text, area_rank int?, area_code text?, area text?, listings int,
    cluster_share_pct share, area_share_pct share?, is_match bool, move int?
""")


@dataclass(frozen=True, slots=True, eq=False)
class RankedAreas:
    """The areas in which something was counted.

    areas, row : all areas, and which of them these are (int64, shape (k,)), by code.
    label : int32, shape (sites,). Which of these each site lies in; NOISE where in none.
    units : int64, shape (metrics, k). What the score counts.
    parts : int64, shape (metrics, k). Fractional units, whatever the counting: they add up with what lies outside.
    """

    areas: Areas
    row: Ints
    label: Labels
    units: Ints
    parts: Ints
    scores: Scores
    rank: list[int]

    @classmethod
    def of(cls, units: RankedClusters) -> "RankedAreas":
        """Take areas that a study ranks in place of clusters."""
        assert units.areas is not None  # noqa: S101 (of clusters there are none)
        areas, row = units.areas.areas, units.areas.row
        return cls(areas, row, units.label, units.units, units.parts, units.scores, units.rank)


def compact(label: Labels) -> tuple[Labels, Ints]:
    """Return labels from 0 without a gap, and what each was: areas without a site take no part."""
    row, position = np.unique(label[label != NOISE], return_inverse=True)
    dense = np.full(len(label), NOISE, np.int32)
    dense[label != NOISE] = position
    return dense, row.astype(np.int64)


def area_ranks(codes: Sequence[str], scores: Scores, units: Ints) -> list[int]:
    """Return the rank of each area: by score, then larger sum of units, then code."""
    sizes = [int(size) for size in units.sum(axis=0)]
    return ranks(order(scores, sizes, list(codes)))


def areas_schema(metrics: Sequence[str]) -> pa.Schema:
    """Return the columns of the ranking by areas."""
    counts = "".join(f", {m} decimal(38,{COUNT_DECIMALS}), {m}_share_pct share?" for m in metrics)
    return schema(f"rank int?, area_code text, area text, score_pct share{counts}, area_km2 decimal(18,1)")


def areas_table(world: Sites, ranked: RankedAreas) -> pa.Table:
    """Return one row per area, first rank first; those in which nothing was counted have no rank, and come last."""
    shown, rows = ranked.scores.shown(), []
    by_rank = sorted(range(len(ranked.row)), key=ranked.rank.__getitem__)
    for label in by_rank:
        row = {"rank": ranked.rank[label], "score_pct": shown[label]} | _described(ranked.areas, int(ranked.row[label]))
        for m, metric in enumerate(world.metrics):
            row[metric] = shown_count(ranked.units[m, label])
            row[f"{metric}_share_pct"] = share_pct(ranked.units[m, label], world.totals[m])
        rows.append(row)
    nothing = {"score_pct": share_pct(0, 1)}
    for m, metric in enumerate(world.metrics):
        nothing |= {metric: shown_count(0), f"{metric}_share_pct": share_pct(0, world.totals[m])}
    counted = set(ranked.row.tolist())
    rows += [
        _described(ranked.areas, which) | nothing for which in range(len(ranked.areas.code)) if which not in counted
    ]
    return pa.Table.from_pylist(rows, areas_schema(world.metrics))


def _described(areas: Areas, which: int) -> dict[str, Any]:
    """Return what the file says of an area."""
    return {
        "area_code": areas.code[which],
        "area": areas.name[which],
        "area_km2": half_even(round(float(areas.area_km2[which]) * 1000), 1000, 1),
    }


def pairs(clusters: RankedClusters, areas: RankedAreas, unit_scores: Sequence[int]) -> pa.Table:
    """Return one row per cluster and area that share listings, and per cluster what lies in no area.

    unit_scores : per metric, what one unit scores; shares are those of the fractional score, on exact numbers.
    A pair is a match where each holds more of the other than any other does (ties: the better rank).
    """
    of_cluster, of_area = (
        _shared_scores(clusters.sites, one, other, unit_scores)
        for one, other in ((clusters.label, areas.label), (areas.label, clusters.label))
    )
    best_area = [_best(score, areas.rank) for score in of_cluster]
    best_cluster = [_best(score, clusters.rank) for score in of_area]
    listings = _shared_listings(clusters, areas)
    rows = []
    for cluster, scores in enumerate(of_cluster):
        name, rank, whole = clusters.names[cluster], clusters.rank[cluster], sum(scores.values()) or 1
        for area, score in scores.items():
            row: dict[str, Any] = {
                "cluster_rank": rank,
                "cluster_id": name.cluster_id,
                "cluster": name.cluster,
                "listings": listings[cluster, area],
                "cluster_share_pct": share_pct(score, whole),
                "is_match": False,
            }
            if area != NOISE:
                which, all_of_it = int(areas.row[area]), sum(of_area[area].values()) or 1
                match = best_area[cluster] == area and best_cluster[area] == cluster
                row |= {
                    "area_rank": areas.rank[area],
                    "area_code": areas.areas.code[which],
                    "area": areas.areas.name[which],
                    "area_share_pct": share_pct(score, all_of_it),
                    "is_match": match,
                    "move": rank - areas.rank[area] if match else None,
                }
            rows.append(row)
    rows.sort(key=lambda row: (row["cluster_rank"], -row["cluster_share_pct"], row.get("area_rank") or 0))
    return pa.Table.from_pylist(rows, PAIRS_SCHEMA)


def codes(clusters: RankedClusters, pairs: pa.Table) -> list[str]:
    """Return, per cluster by rank, the codes of the areas with at least 1 % of its score, by share: "A/B"."""
    by_rank: dict[int, list[str]] = {rank: [] for rank in sorted(clusters.rank)}
    for row in pairs.to_pylist():
        if row["area_code"] is not None and row["cluster_share_pct"] >= LEAST_SHARE_PCT:
            by_rank[row["cluster_rank"]].append(row["area_code"])
    return ["/".join(each) for each in by_rank.values()]


def agreement(pairs: pa.Table) -> dict[str, Any]:
    """Return how many clusters and areas match, and Spearman's rank correlation of those, exact to six decimals."""
    matched = sorted((row["cluster_rank"], row["area_rank"]) for row in pairs.to_pylist() if row["is_match"])
    count = len(matched)
    by_area = {area: position for position, area in enumerate(sorted(area for _, area in matched))}
    squares = sum((position - by_area[area]) ** 2 for position, (_, area) in enumerate(matched))
    if count < 2:
        return {"matched": count, "spearman": None}
    rho = 1 - Fraction(6 * squares, count * (count**2 - 1))
    return {"matched": count, "spearman": str(half_even(rho.numerator, rho.denominator, SHOWN_DECIMALS))}


def _shared_scores(world: Sites, of: Labels, by: Labels, unit_scores: Sequence[int]) -> list[dict[int, int]]:
    """Return, per label of `of`, the exact score that each label of `by` holds of it, NOISE for what none holds."""
    metric, site = np.nonzero(world.units)
    units = world.units[metric, site]
    return exact_scores(of[site].astype(np.int64), by[site].astype(np.int64), metric, units, unit_scores)


def _best(scores: Mapping[int, int], rank: Sequence[int]) -> int:
    """Return the label with the most, NOISE where none has any."""
    labels = [label for label in scores if label != NOISE]
    return min(labels, key=lambda label: (-scores[label], rank[label]), default=NOISE)


def _shared_listings(clusters: RankedClusters, areas: RankedAreas) -> dict[tuple[int, int], int]:
    """Return the listings of all metrics by cluster and area."""
    inside = clusters.label != NOISE
    key = np.column_stack([clusters.label[inside], areas.label[inside]])
    together, row = np.unique(key, axis=0, return_inverse=True)
    sums = np.zeros(len(together), np.int64)
    np.add.at(sums, row.ravel(), clusters.sites.listings[:, inside].sum(axis=0))
    return {(cluster, area): total for (cluster, area), total in zip(together.tolist(), sums.tolist(), strict=True)}
