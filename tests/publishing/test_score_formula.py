"""The formula of the score stands once in Python and once in JavaScript: both give the same exact fractions."""

import json
import random
import shutil
import subprocess
from decimal import Decimal
from fractions import Fraction
from importlib.resources import files

import pytest

from hubrank.ranking.scores import order, scores

FORMULA = files("hubrank.publishing.site").joinpath("static", "reweighting.js")
WEIGHTS = ("0", "1", "2.5", "0.3", "0.000000000001")
PROGRAM = """
import { order, scores, toDecimalText, weightUnits } from %s;
import { readFileSync } from "node:fs";
const results = JSON.parse(readFileSync(0, "utf-8")).map(({ units, totals, weights, ids }) => {
  const rows = units.map((row) => row.map(BigInt));
  const { numerators, denominator } = scores(rows, totals.map(BigInt), weights.map(weightUnits));
  const sizes = rows.map((row) => row.reduce((sum, unit) => sum + unit, 0n));
  return {
    scores: numerators.map((numerator) => [String(numerator), String(denominator)]),
    shown: numerators.map((numerator) => toDecimalText(numerator, denominator)),
    order: order(numerators, sizes, ids),
  };
});
console.log(JSON.stringify(results));
"""


def world(rng):
    """Return exact units of clusters and the world per metric, with ties, and weights as text."""
    metrics, clusters = rng.randint(1, 4), rng.randint(1, 6)
    most = rng.choice([3, 10**9, 10**17, 10**24])
    units = [[rng.randint(0, most) for _ in range(metrics)] for _ in range(clusters)]
    if clusters > 1 and rng.random() < 0.3:
        units[0] = units[1]
    totals = [sum(row[metric] for row in units) + rng.randint(1, most) for metric in range(metrics)]
    if most == 3:
        totals = [2 * 10**8] * metrics  # scores that lie halfway between two that can be shown
    weights = [rng.choice([*WEIGHTS, str(rng.randint(1, 10**9))]) for _ in totals]
    weights[rng.randrange(metrics)] = rng.choice(["1", "0.1", "7"])
    ids = [f"{rng.choice('abc')}{number}" for number in range(clusters)]
    texts = [list(map(str, row)) for row in units]
    return {"units": texts, "totals": list(map(str, totals)), "weights": weights, "ids": ids}


def in_python(units, totals, weights, ids):
    rows = [list(map(int, row)) for row in units]
    result = scores(list(zip(*rows, strict=True)), list(map(int, totals)), list(map(Decimal, weights)))
    return {
        "scores": [Fraction(numerator, result.denominator) for numerator in result.numerators],
        "shown": [str(shown) for shown in result.shown()],
        "order": order(result, [sum(row) for row in rows], ids),
    }


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_python_and_javascript_score_and_order_random_counts_alike():
    worlds = [world(random.Random(seed)) for seed in range(500)]
    program = PROGRAM % json.dumps(FORMULA.as_uri())
    command = ["node", "--input-type=module", "--eval", program]
    done = subprocess.run(command, input=json.dumps(worlds), capture_output=True, text=True, check=True)
    for each, in_browser in zip(worlds, json.loads(done.stdout), strict=True):
        in_browser["scores"] = [Fraction(int(over), int(under)) for over, under in in_browser["scores"]]
        assert in_browser == in_python(**each), each
