"""clusters × population → intensity: output per million inhabitants, and a ranking by it (METHOD 9)."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa

from hubrank.core.sphere import Floats
from hubrank.core.tables import schema
from hubrank.core.units import COUNT_DECIMALS, SHOWN_DECIMALS, UNIT, half_even
from hubrank.ranking.rank_intervals import ScoreMoments
from hubrank.ranking.rank_sets.rank_sets import rank_sets
from hubrank.ranking.scores import RankedClusters
from hubrank.study.sections import Robustness

MILLION = 1_000_000
_DENSITY_DECIMALS = 1
CITIES_SCHEMA = schema("cluster_id text, city_people int")


def intensity_schema(metrics: Sequence[str]) -> pa.Schema:
    """Return the columns: one per metric says its unit in its name."""
    counts = "".join(f", {metric}_per_million decimal(38,{COUNT_DECIMALS})?" for metric in metrics)
    return schema(f"""
        cluster_id text, population int?, people_per_km2 decimal(18,{_DENSITY_DECIMALS})?{counts},
        score_pct_per_million share?, intensity_rank int?, intensity_rank_low int?, intensity_rank_high int?
    """)


KEY = ("cluster_id",)


def intensity(
    ranked: RankedClusters,
    population: Sequence[int | None],
    area_km2: Floats,
    moments: ScoreMoments,
    choice: Robustness,
) -> pa.Table:
    """Divide the output of each cluster in the windows of the study by its inhabitants.

    population : per cluster, the people of a grid on its ground, None where it has no cell there.
    area_km2 : of that ground. moments, choice : by which the sets of ranks are computed.
    Returns a table of `intensity_schema`: people per km², records and score per million inhabitants, and the rank by
    score per inhabitant, on exact fractions; ties go to the better rank by size. Where nobody lives nothing is
    divided by inhabitants, and where no population is known there are no figures of people either.
    """
    place, sets = _ranks(ranked, population), intensity_sets(population, moments, choice)
    rows = []
    for cluster, (name, people) in enumerate(zip(ranked.names, population, strict=True)):
        square_metres = round(float(area_km2[cluster]) * MILLION)
        row: dict[str, Any] = {
            "cluster_id": name.cluster_id,
            "population": people,
            "people_per_km2": None if people is None else half_even(people * MILLION, square_metres, _DENSITY_DECIMALS),
            "intensity_rank": place.get(cluster),
            **dict(zip(("intensity_rank_low", "intensity_rank_high"), sets.get(cluster, (None, None)), strict=True)),
        }
        for metric, units in zip(ranked.sites.metrics, ranked.units[:, cluster].tolist(), strict=True):
            row[f"{metric}_per_million"] = _per_million(units, UNIT, people, COUNT_DECIMALS)
        score = (ranked.scores.numerators[cluster], ranked.scores.denominator)
        row["score_pct_per_million"] = _per_million(*score, people, SHOWN_DECIMALS)
        rows.append(row)
    return pa.Table.from_pylist(rows, intensity_schema(ranked.sites.metrics))


def intensity_sets(
    population: Sequence[int | None], moments: ScoreMoments, choice: Robustness
) -> dict[int, tuple[int, int]]:
    """Return the confidence set of the rank by score per inhabitant of each cluster that has inhabitants.

    The scores vary as for the ranks by score (METHOD 13); inhabitants are taken as they are.
    """
    settled = [cluster for cluster, people in enumerate(population) if people]
    if not settled:
        return {}
    per_head = 1 / np.array([population[cluster] for cluster in settled], np.float64)
    covariance = moments.covariance[np.ix_(settled, settled)] * np.outer(per_head, per_head)
    low, high = rank_sets(
        moments.score[settled] * per_head, covariance, coverage=choice.level, draws=choice.draws, seed=choice.seed
    )
    return dict(zip(settled, zip(low.tolist(), high.tolist(), strict=True), strict=True))


def people_of_cities(ranked: RankedClusters, people: Sequence[int]) -> pa.Table:
    """Return cluster_id and city_people, the people of the cities in each cluster, which no figure is divided by."""
    ids = [name.cluster_id for name in ranked.names]
    return pa.table([pa.array(ids, pa.string()), pa.array(people, pa.int64())], schema=CITIES_SCHEMA)


def _per_million(numerator: int, denominator: int, people: int | None, decimals: int) -> Any:  # noqa: ANN401 (Decimal | None)
    return half_even(numerator * MILLION, denominator * people, decimals) if people else None


def _ranks(ranked: RankedClusters, population: Sequence[int | None]) -> dict[int, int]:
    """Return the rank by score per inhabitant of each cluster that has inhabitants."""
    settled = {cluster: people for cluster, people in enumerate(population) if people}
    ordered = sorted(settled, key=lambda c: (-Fraction(ranked.scores.numerators[c], settled[c]), ranked.rank[c]))
    return {cluster: place for place, cluster in enumerate(ordered, start=1)}
