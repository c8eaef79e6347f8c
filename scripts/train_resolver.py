"""Train the judge of the resolver on half A of the real files: coefficients and the table of calibration.

    HUBRANK_SHARED=../shared python scripts/train_resolver.py

Writes src/hubrank/geocoding/model_coefficients.csv. Half B is never read. Coefficients are those of a conditional logit
over the candidates of an address and "none of them", with a ridge; inhabitants and organisations never count against a
place. Calibration compares stated and observed shares of five folds by city or text that were left out in turn.
"""

import csv
import hashlib
import math
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "bench"))

import geocoding as bench  # noqa: E402 (the folder bench is no package)
import places_rows  # noqa: E402
from hubrank import geocoding  # noqa: E402
from hubrank.core.sphere import distance_km, to_e7  # noqa: E402
from hubrank.geocoding.evidence import coordinates  # noqa: E402
from hubrank.geocoding.evidence.candidate import RIGHT_KM, Candidate  # noqa: E402
from hubrank.geocoding.model import Model, judge  # noqa: E402
from hubrank.geocoding.resolver import TEXTS, Resolver  # noqa: E402
from hubrank.study.study import Geocoding  # noqa: E402
from places_rows import Row  # noqa: E402

TARGET = ROOT / "src/hubrank/geocoding/model_coefficients.csv"
RIDGE = 1.0
FEWEST = 8  # candidates that must have a feature
FOLDS = 5
# How much a row of a file counts: what is large, planted or one text in several spellings counts less.
WEIGHT = {
    "ror": 0.25,
    "coordinates": 0.5,
    "region": 0.3,
    "word": 0.3,
    "short": 0.5,
    "text-us-short": 0.3,
    "text-us-long": 0.3,
    "logs": 3.0,
    "springer-settled": 3.0,
}
UNCALIBRATED = (
    "coordinates",
    "region",
    "word",
    "short",
    "text-us-short",
    "text-us-long",
)  # planted, or one text in several spellings
EDGES = (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.94, 0.96, 0.975, 0.985, 0.992, 0.996, 1.0001)
FEWEST_IN_BIN = 60
SIZES = ("people", "size", "organisations")

Case = tuple[Row, list[Candidate], NDArray[np.bool_]]


def cases(rows: list[Row], resolver: Resolver) -> list[Case]:
    """Return the rows that have candidates, with which of them are right."""
    columns = {name: pa.array([row.address.get(name) for row in rows], pa.int64()) for name in ("lat_e7", "lon_e7")}
    spots = coordinates.candidates(pa.table(columns))
    with_candidates = []
    for row, spot in zip(rows, spots, strict=True):
        texts = [row.address.get(name) or "" for name in TEXTS]
        candidates, _ = resolver.raiser.candidates(*texts, spot)
        if candidates:
            with_candidates.append((row, candidates, right(row, candidates)))
    return with_candidates


def right(row: Row, candidates: list[Candidate]) -> NDArray[np.bool_]:
    """Say which candidates lie within 15 km of the truth."""
    if row.lat is None or row.lon is None:
        return np.zeros(len(candidates), bool)
    spots = np.array([(c.lat_e7, c.lon_e7) for c in candidates], np.int64)
    there = (np.repeat(to_e7(np.array([v])), len(candidates)) for v in (row.lat, row.lon))
    return np.asarray(distance_km(spots[:, 0], spots[:, 1], *there) <= RIGHT_KM)


def weight(row: Row) -> float:
    """Return how much a row counts in training."""
    names = (row.file, row.file.partition("-")[0])
    return row.count * next((WEIGHT[name] for name in names if name in WEIGHT), 1.0)


class Design:
    """The candidates of all cases as one sparse matrix. `case` is the number of each candidate's case."""

    def __init__(self, cases: list[Case]) -> None:
        counts = Counter(name for _, candidates, _ in cases for c in candidates for name in c.features)
        self.number: dict[str, int] = {}
        at, names, values, case, good = [], [], [], [], []
        for n, (_, candidates, correct) in enumerate(cases):
            for c, ok in zip(candidates, correct, strict=True):
                terms = [(name, 1.0) for name in c.features if counts[name] >= FEWEST]
                terms += [(f"{size}:{c.group}", getattr(c, size)) for size in SIZES]
                for name, value in terms:
                    if value:
                        at.append(len(case))
                        names.append(self.number.setdefault(name, len(self.number)))
                        values.append(value)
                case.append(n)
                good.append(ok)
        self.matrix = csr_matrix((values, (at, names)), shape=(len(case), len(self.number)))
        self.case, self.right = np.array(case), np.array(good)
        self.weight = np.array([weight(row) for row, _, _ in cases])

    def fit(self, included: NDArray[np.bool_], start: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """Return the coefficients that the included cases make likeliest."""
        rows = included[self.case]
        number = np.cumsum(included) - 1
        matrix, case, good = self.matrix[rows], number[self.case[rows]], self.right[rows]
        weights, count = self.weight[included], int(included.sum())
        answerable = np.bincount(case, good, count) > 0

        def loss(theta: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
            strength = matrix @ theta
            top = np.zeros(count)
            np.maximum.at(top, case, strength)
            mass = np.exp(strength - top[case])
            none = np.exp(-top)
            total = none + np.bincount(case, mass, count)
            hit = np.where(answerable, np.bincount(case, mass * good, count), none)
            share = np.where(answerable[case], mass * good / hit[case], 0)
            slope = matrix.T @ (weights[case] * (mass / total[case] - share))
            value = -(weights * (np.log(hit) - np.log(total))).sum() + RIDGE * (theta**2).sum() / 2
            return value, slope + RIDGE * theta

        bounds = [(0, None) if _never_against(name) else (None, None) for name in self.number]
        first = np.zeros(len(self.number)) if start is None else start
        return minimize(loss, first, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 250}).x


def _never_against(name: str) -> bool:
    return name.startswith(tuple(f"{size}:" for size in SIZES)) and name != "organisations:institution"


def fold(row: Row) -> int:
    """Return the fold of a row, by city or text."""
    return hashlib.blake2b(row.part.strip().lower().encode(), digest_size=4).digest()[0] % FOLDS


def left_out(cases: list[Case], design: Design, start: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return raw probability by a model that has not seen the answer, whether right, and weight, of each."""
    folds = np.array([fold(row) for row, _, _ in cases])
    table = []
    for number in range(FOLDS):
        theta = design.fit(folds != number, start)
        model = Model(dict(zip(design.number, theta.tolist(), strict=True)), (0.0, 1.0), (0.0, 1.0))
        for at in np.flatnonzero(folds == number):
            row, candidates, _ = cases[at]
            if not row.file.startswith(UNCALIBRATED):
                best = judge(candidates, model)[0]
                table.append((best.probability, right(row, [best.candidate])[0], row.count))
    return np.array(table, float)


def calibration(table: NDArray[np.float64]) -> list[tuple[float, float]]:
    """Return points from stated to observed probability, both rising."""
    stated, observed, weights = table.T
    points = [(0.0, 0.0)]
    for low, high in pairwise(EDGES):
        inside = (stated >= low) & (stated < high)
        if weights[inside].sum() >= FEWEST_IN_BIN:
            mean = [float(np.average(v[inside], weights=weights[inside])) for v in (stated, observed)]
            points.append((mean[0], max(mean[1], points[-1][1])))
    return [*points, (1.0, (1 + points[-1][1]) / 2)] if points[-1][0] < 1 else points


def main() -> None:
    """Train and write."""
    settings = geocoding.Settings(geocoding=Geocoding(), institutions=(bench.ROR,))
    resolver = geocoding.resolver_for(settings)
    rows = [row for row in places_rows.every(resolver) if row.half == "A" and not row.file.endswith("-unknown")]
    training = cases(rows, resolver)
    design = Design(training)
    theta = design.fit(np.ones(len(training), bool))
    points = calibration(left_out(training, design, theta))
    lines = [("coefficient", name, f"{theta[at]:.4f}") for name, at in sorted(design.number.items())]
    lines += [("calibration", f"{a:.5f}", f"{b:.5f}") for a, b in points]
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([("kind", "name", "value"), *lines])
    print(  # noqa: T201 (a script)
        f"{len(training):,} addresses, {len(design.number)} coefficients, {len(points)} points of calibration"
    )
    if not all(math.isfinite(value) for value in theta):
        raise SystemExit("a coefficient is no number")


if __name__ == "__main__":
    main()
