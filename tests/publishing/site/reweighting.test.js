import assert from "node:assert/strict";
import { test } from "node:test";
import { order, reranker, roundText, toDecimalText, weightUnits } from "../../../src/hubrank/publishing/site/static/reweighting.js";

const data = {
  metrics: [{ total: "10" }, { total: "1000" }],
  clusters: [
    { id: "a", units: ["5", "0"] },
    { id: "b", units: ["0", "600"] },
    { id: "c", units: ["1", "100"] },
  ],
};
const one = weightUnits("1");
const ranked = (weights, of = data) => reranker(of)(weights).map(({ cluster, score }) => [of.clusters[cluster].id, score()]);

test("equal weights add the shares of the world up", () => {
  assert.deepEqual(ranked([one, one]), [["b", "60.000000"], ["a", "50.000000"], ["c", "20.000000"]]);
});

test("a metric that weighs nothing is left out of the mean", () => {
  assert.deepEqual(ranked([one, 0n]), [["a", "50.000000"], ["c", "10.000000"], ["b", "0.000000"]]);
});

test("weights that are all 0 are refused", () => {
  assert.throws(() => reranker(data)([0n, 0n]), /all weights are 0/);
});

test("ties go to the larger sum of units, then to the id", () => {
  assert.deepEqual(order([1n, 1n, 1n], [1n, 2n, 1n], ["z", "y", "a"]), [1, 2, 0]);
});

test("halves are rounded to even in a table, up in what a page shows of it", () => {
  assert.equal(toDecimalText(5n, 10000000n), "0.000000");
  assert.equal(toDecimalText(15n, 10000000n), "0.000002");
  for (const [exact, shown] of [["0.125000", "0.13"], ["0.135000", "0.14"], ["0.124999", "0.12"], ["9.995", "10.00"], ["7.5", "7.50"]]) assert.equal(roundText(exact), shown);
  assert.equal(roundText("1234.567000"), "1,234.57");
});

test("units beyond what a double holds stay apart", () => {
  const close = { metrics: [{ total: "10000000000000001" }], clusters: [{ id: "a", units: ["9007199254740992"] }, { id: "b", units: ["9007199254740993"] }] };
  assert.deepEqual(ranked([one], close).map(([id]) => id), ["b", "a"]);
});

test("a weight is what is written", () => {
  assert.equal(weightUnits("0.1") * 10n, one);
  assert.throws(() => weightUnits("-1"), RangeError);
});
