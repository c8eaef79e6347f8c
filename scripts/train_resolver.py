"""Train the judge of the resolver on half A of the real files: coefficients and the table of calibration.

    HUBRANK_SHARED=../shared python scripts/train_resolver.py [--add] [--left-out]

Writes src/hubrank/geocoding/model_coefficients.csv; with --add it learns only coefficients of features that the file
does not have, so that no other answer moves, and keeps the calibrations that it has. With --left-out it prints what
half A reaches where a model that has not seen its fold answers each row (a truth that is the answer to another row is
the packaged one's). Of rows, half B is never read; names of organisations, which are looked for in half of the
register, are halved by their own ids, not by city. Coefficients are those of a conditional logit over the candidates of
an address and "none of them", with a ridge; inhabitants, organisations and prominence never count against a place.
Calibration compares stated and observed shares of five folds by city or text left out in turn.
"""

import argparse
import csv
import hashlib
import math
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import expit

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "bench"))

import geocoding as bench  # noqa: E402 (the folder bench is no package)
import places  # noqa: E402
import places_rows  # noqa: E402
from hubrank import geocoding  # noqa: E402
from hubrank.core.sphere import (  # noqa: E402
    ONE_PLACE_KM,
    distance_km,
    to_e7,
)
from hubrank.core.tables import ADDRESS_TEXTS  # noqa: E402
from hubrank.geocoding.evidence import coordinates  # noqa: E402
from hubrank.geocoding.evidence.candidate import Candidate  # noqa: E402
from hubrank.geocoding.evidence.sizes import size_features  # noqa: E402
from hubrank.geocoding.gazetteer.place_index import PER_ORGANISATION, SETTLED  # noqa: E402
from hubrank.geocoding.model import CALIBRATED, Calibration, Model, calibrated_as, judge, load  # noqa: E402
from hubrank.geocoding.resolver import Resolver  # noqa: E402
from hubrank.study.sections import Geocoding  # noqa: E402
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
    "word": 0.1,
    "half-registered": 0.2,
    "half-registered-id": 0.05,
    "half-registered-name": 1.0,
    "no-country-ror": 0.1,
    "short": 0.5,
    "columns-us": 0,  # the truth is the answer to the same columns
    "text-us-offices": 0.2,
    "text-us": 0.2,
    "no-country": 0.3,
    "seat": 0.3,
    "logs": 3.0,
    "springer-settled": 3.0,
}
UNCALIBRATED = (
    "coordinates",
    "region",
    "word",
    "short",
    "half-registered",
    "no-country",
    "columns-us",
    "text-us",
)  # planted, or one text in several spellings
POINTS = (0, 0.01, 0.03, 0.06, *(n / 10 for n in range(1, 9)), 0.85, 0.9, 0.94, 0.97, 0.985, 0.992, 0.997, 1)
SMALLEST = 1e-4  # a probability that is taken for nothing
OF_REGISTER = {"ror", "no-country-ror"}
SIZES = ("people", "size", "organisations")
NONE_FIXED: Mapping[str, float] = {}

Case = tuple[Row, list[Candidate], NDArray[np.bool_]]


def cases(rows: list[Row], resolver: Resolver) -> list[Case]:
    """Return the rows that have candidates, with which of them are right."""
    columns = {name: pa.array([row.address.get(name) for row in rows], pa.int64()) for name in ("lat_e7", "lon_e7")}
    spots = coordinates.candidates(pa.table(columns))
    with_candidates = []
    for row, spot in zip(rows, spots, strict=True):
        texts = [row.address.get(name) or "" for name in ADDRESS_TEXTS]
        candidates, _ = resolver.finder.candidates(*texts, spot)
        if candidates and not _unknowable(row, candidates):
            with_candidates.append((row, candidates, right(row, candidates)))
    return with_candidates


def _unknowable(row: Row, candidates: list[Candidate]) -> bool:
    """Say whether a text of no registered organisation names a place: nobody knows whether it is there or nowhere."""
    text = row.address.get("institution", "")
    return row.file.endswith("-unknown-unregistered") and any(
        places.names_it(text, c.lat_e7, c.lon_e7, c.economy) for c in candidates
    )


def _unregistered(row: Row, candidates: list[Candidate], correct: NDArray[np.bool_]) -> list[Candidate]:
    """Return the candidates as they were if the organisation that a row is were not registered."""
    if row.file not in OF_REGISTER:
        return candidates
    return [_without_one(c) if ok else c for c, ok in zip(candidates, correct, strict=True)]


def _without_one(candidate: Candidate) -> Candidate:
    """Return a place without one of its organisations."""
    people, organisations = round(10**candidate.people - SETTLED), round(10**candidate.organisations - 1)
    if not organisations:
        return candidate
    of_size = size_features(candidate.group, people, organisations)
    features = [name for name in candidate.features if name not in of_size]
    features += size_features(candidate.group, people, organisations - 1)
    size = math.log10(people + SETTLED + PER_ORGANISATION * (organisations - 1))
    return replace(candidate, features=features, organisations=math.log10(organisations), size=size)


def right(row: Row, candidates: list[Candidate]) -> NDArray[np.bool_]:
    """Say which candidates lie within 15 km of the truth."""
    if row.lat is None or row.lon is None:
        return np.zeros(len(candidates), bool)
    spots = np.array([(c.lat_e7, c.lon_e7) for c in candidates], np.int64)
    there = (np.repeat(to_e7(np.array([v])), len(candidates)) for v in (row.lat, row.lon))
    return np.asarray(distance_km(spots[:, 0], spots[:, 1], *there) <= ONE_PLACE_KM)


def weight(row: Row) -> float:
    """Return how much a row counts in training."""
    parts = row.file.split("-")
    names = ("-".join(parts[:size]) for size in range(len(parts), 0, -1))
    return row.count * row.rate * next((WEIGHT[name] for name in names if name in WEIGHT), 1.0)


class Design:
    """The candidates of all cases as one sparse matrix. `case` is the number of each candidate's case."""

    def __init__(self, cases: list[Case]) -> None:
        cases = [(row, _unregistered(row, many, correct), correct) for row, many, correct in cases]
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

    def fit(
        self,
        included: NDArray[np.bool_],
        start: NDArray[np.float64] | None = None,
        fixed: Mapping[str, float] = NONE_FIXED,
    ) -> NDArray[np.float64]:
        """Return the coefficients that the included cases make likeliest, those of `fixed` as they are."""
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

        free = ((0, None) if _never_against(name) else (None, None) for name in self.number)
        bounds = [
            (fixed[name],) * 2 if name in fixed else limits for name, limits in zip(self.number, free, strict=True)
        ]
        first = np.array([fixed.get(name, 0.0) for name in self.number]) if start is None else start
        return minimize(loss, first, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 2_000}).x


def _never_against(name: str) -> bool:
    is_size = name.startswith(tuple(f"{size}:" for size in SIZES)) and name != "organisations:institution"
    return is_size or ", prominence " in name


def fold(row: Row) -> int:
    """Return the fold of a row, by city or text."""
    return hashlib.blake2b(row.part.strip().lower().encode(), digest_size=4).digest()[0] % FOLDS


def models_left_out(
    cases: list[Case], design: Design, start: NDArray[np.float64], fixed: Mapping[str, float]
) -> list[Model]:
    """Return for each fold a model that has not seen it, not calibrated."""
    folds = np.array([fold(row) for row, _, _ in cases])
    fitted = (design.fit(folds != number, start, fixed) for number in range(FOLDS))
    return [Model({**fixed, **dict(zip(design.number, theta.tolist(), strict=True))}) for theta in fitted]


def left_out(cases: list[Case], models: list[Model]) -> NDArray[np.float64]:
    """Return raw probability by a model that has not seen the answer, whether right, weight, and how calibrated."""
    table = []
    for row, candidates, _ in cases:
        if not row.file.startswith(UNCALIBRATED):
            best = judge(candidates, models[fold(row)])[0]
            good = right(row, [best.candidate])[0]
            table.append((best.probability, good, row.count, calibrated_as(best.candidate)))
    return np.array(table, float)


def calibration(table: NDArray[np.float64]) -> list[tuple[float, float]]:
    """Return points from stated to observed probability by beta calibration (Kull and others, 2017): two slopes."""
    stated, observed, weights, _ = table.T

    def likely(slopes: NDArray[np.float64], p: NDArray[np.float64]) -> NDArray[np.float64]:
        logs = np.log(np.clip(p, SMALLEST, 1)), np.log(np.clip(1 - p, SMALLEST, 1))
        return np.asarray(expit(slopes[0] * logs[0] - slopes[1] * logs[1] + slopes[2]))

    def loss(slopes: NDArray[np.float64]) -> float:
        good = np.clip(likely(slopes, stated), SMALLEST, 1 - SMALLEST)
        return float(-(weights * np.where(observed > 0, np.log(good), np.log(1 - good))).sum())

    slopes = minimize(loss, (1, 1, 0), bounds=((0, None), (0, None), (None, None)), method="L-BFGS-B").x
    return list(zip(POINTS, likely(slopes, np.array(POINTS)).tolist(), strict=True))


def training_cases(settings: geocoding.Settings) -> tuple[list[Row], list[Case]]:
    """Return the rows of half A, and what is learned from: those of known places, and names in half of the register."""
    resolver = geocoding.resolver_for(settings)
    rows = [row for row in places_rows.every(resolver) if row.half == "A"]
    training = cases([row for row in rows if not row.file.endswith("-unknown")], resolver)
    with tempfile.TemporaryDirectory() as folder:
        register = places_rows.half_register(Path(folder) / "half.jsonl.gz")
        half = geocoding.resolver_for(geocoding.Settings(geocoding=Geocoding(), institutions=(register,)))
        named = [*places_rows.names_of_organisations(), *places_rows.names_with_cities(), *places_rows.names_cut()]
        named += [replace(row, file="half-registered-name") for row in rows if row.file == "name-springer"]
        training += cases([row for row in named if row.half == "A"], half)
    return rows, training


def answers_left_out(
    rows: list[Row], models: list[Model], calibrations: list[Calibration], settings: geocoding.Settings
) -> list[places.Answered]:
    """Return the answers to rows, each by the model that has not seen its fold."""
    answers = []
    for number, model in enumerate(models):
        judge_of_fold = Model(model.weight, *calibrations)
        answers += places.answered([row for row in rows if fold(row) == number], settings, judge_of_fold)
    return answers


def main() -> None:
    """Train, and write or report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--left-out", action="store_true", help="print what half A reaches with its folds left out")
    parser.add_argument("--add", action="store_true", help="learn only features that the packaged file does not have")
    arguments = parser.parse_args()
    packaged = load() if arguments.add else Model({})
    settings = geocoding.Settings(geocoding=Geocoding(), institutions=(bench.ROR,))
    rows, training = training_cases(settings)
    design = Design(training)
    theta = design.fit(np.ones(len(training), bool), fixed=packaged.weight)
    calibrations = [packaged.of_columns, packaged.of_texts, packaged.of_mended, packaged.of_similar]
    missing = [number for number, one in enumerate(calibrations) if one == Calibration()]
    if arguments.left_out or missing:
        models = models_left_out(training, design, theta, packaged.weight)
    if missing:
        table = left_out(training, models)
    for number in missing:
        calibrations[number] = Calibration(*zip(*calibration(table[table[:, 3] == number]), strict=True))
    if arguments.left_out:
        places.report(answers_left_out(rows, models, calibrations, settings))
        return
    write({**packaged.weight, **dict(zip(design.number, theta.tolist(), strict=True))}, calibrations)
    print(f"{len(training):,} addresses, {len(design.number)} coefficients")  # noqa: T201 (a script)


def write(weight: dict[str, float], calibrations: list[Calibration]) -> None:
    """Write the coefficients, and the points of the calibrations."""
    if not all(math.isfinite(value) for value in weight.values()):
        raise SystemExit("a coefficient is no number")
    lines = [("coefficient", name, f"{weight[name]:.4f}") for name in sorted(weight)]
    for name, points in zip(CALIBRATED, calibrations, strict=True):
        pairs = zip(points.raw, points.calibrated, strict=True)
        lines += [(f"calibration of {name}", f"{a:.5f}", f"{b:.5f}") for a, b in pairs]
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([("kind", "name", "value"), *lines])


if __name__ == "__main__":
    main()
