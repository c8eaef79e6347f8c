"""The ranks of the plan → each cluster's share of the world, per edition and metric. Part of compile_world.py."""

import csv
import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Row = dict[str, str]
Curve = tuple[tuple[int, float], ...]

EDITIONS = ("2024", "2025")
METRICS = ("patents", "publications", "deals")
RANKED = 237  # clusters behind the published list
TOP = 100
TOP_PATENTS_PCT = 70.0  # of the world's patents in the top 100 (reference/README)
FEWEST_DEALS_PCT = 0.03
SMALLEST_PCT = (0.025, 0.025, 0.024)  # of cluster 237: above the threshold by half
AFTER_PLAN_PCT = (0.115, 0.125, 0.15)  # of the first cluster behind the plan: below all planned ones in both editions
SLOPE = 0.991  # from rank to rank behind the 100th
# Scores by rank; those of 2024 follow published-2023.csv as far as it goes.
SCORE_2024: Curve = (
    *((13, 1.80), (15, 1.58), (16, 1.48), (21, 1.25), (28, 1.0), (33, 0.89), (38, 0.78), (48, 0.62), (55, 0.55)),
    *((73, 0.42), (94, 0.319), (95, 0.312), (96, 0.305), (110, 0.27)),
)
SCORE_2025: Curve = ((16, 2.4), (21, 1.94), (26, 1.64), (33, 1.34), (45, 1.05), (63, 0.79), (79, 0.61), (100, 0.45))


def read_plan(path: Path) -> list[Row]:
    """Return the plan by rank of 2025, each row with a rank of 2024."""
    with path.open(encoding="utf-8", newline="") as file:
        plan = sorted(csv.DictReader(file), key=lambda row: int(row["rank_2025"]))
    _fill_ranks(plan)
    return plan


def _fill_ranks(plan: list[Row]) -> None:
    """Give the ranks of 2024 that are left: by rank of 2025 and tilt, and last those that have no tilt, new in 2025."""
    taken = {int(row["rank_2024"]) for row in plan if row["rank_2024"]}
    left = [rank for rank in range(1, 1 + len(plan)) if rank not in taken]
    free = [row for row in plan if not row["rank_2024"]]
    free.sort(key=lambda row: (not row["tilt"], int(row["rank_2025"]) + int(row["tilt"] or 0)))
    for row, rank in zip(free, left, strict=True):
        row["rank_2024"] = str(rank)


def shares(plan: list[Row], units: int) -> NDArray[np.float64]:
    """Return shares in per cent, shape (units, editions, metrics).

    Cells of the plan stand. Else the score of a rank comes from its curve, deals are what 2025's three metrics have
    over 2024's two, and the rest is divided by `mix` so that the top 100 hold the published part of the patents.
    """
    low, high = -3.0, 3.0
    for _ in range(60):
        middle = (low + high) / 2
        table = np.array([_shares_of(row, middle) for row in plan])
        low, high = (middle, high) if table[:TOP, 1, 0].sum() < TOP_PATENTS_PCT else (low, middle)
    return np.concatenate([table, _tail(len(plan), units)])


def _shares_of(row: Row, shift: float) -> NDArray[np.float64]:
    if row["patents_2025"]:
        cells = [[float(row[f"{m}_{e}"]) for m in METRICS[:2]] + [float(row["deals_2025"])] for e in EDITIONS]
        return np.array(cells)
    rank = int(row["rank_2025"])
    score = _on_curve(SCORE_2025, min(rank, TOP)) * SLOPE ** max(0, rank - TOP)
    older = _on_curve(SCORE_2024, int(row["rank_2024"]))
    deals = float(row["deals_2025"] or max(score - older, FEWEST_DEALS_PCT))
    mix = float(row["mix"])
    part = 1 / (1 + math.exp(-math.log(mix / (1 - mix)) - shift))
    return np.array([[total * part, total * (1 - part), deals] for total in (older, score - deals)])


def _on_curve(curve: Curve, rank: int) -> float:
    """Interpolate between given ranks, geometrically."""
    ranks, scores = zip(*curve, strict=True)
    return float(np.exp(np.interp(rank, ranks, np.log(scores))))


def _tail(done: int, units: int) -> NDArray[np.float64]:
    """Let the shares behind the plan fall evenly to the smallest, and hardly any further."""
    rank = np.arange(done, units)
    step = np.minimum(1, (rank - done) / (RANKED - 1 - done))[:, None]
    start, end = np.array(AFTER_PLAN_PCT), np.array(SMALLEST_PCT)
    fall = start ** (1 - step) * end**step * (1 - np.maximum(0, rank - RANKED) * 0.0004)[:, None]
    return np.repeat(fall[:, None, :], len(EDITIONS), axis=1)


def report(plan: list[Row], table: NDArray[np.float64]) -> str:
    """Return the sums of the leading clusters, and which clusters are not where the plan has them."""
    lines = [
        f"top {n}: {table[:n, 1].sum(axis=0).round(2)} % (2024: {table[:n, 0].sum(axis=0).round(2)})"
        for n in (10, TOP, RANKED)
    ]
    for edition, metrics in ((0, 2), (1, 3)):
        score = table[:, edition, :metrics].sum(axis=1)
        rank = np.argsort(np.argsort(-score, kind="stable")) + 1
        column = f"rank_{EDITIONS[edition]}"
        wrong = [f"{row['name']} {r}" for row, r in zip(plan, rank, strict=False) if int(row[column]) != r]
        lines.append(f"{column} not as planned: {', '.join(wrong) or 'none'}")
    return "\n".join(lines) + "\n"
