import assert from "node:assert/strict";
import { test } from "node:test";
import { embedCode, csvField } from "../../../src/hubrank/publishing/site/static/downloads.js";
import { validXml } from "../../../src/hubrank/publishing/site/static/drawing.js";
import { clampView, markSize, zoomView } from "../../../src/hubrank/publishing/site/static/map.js";
import { restrictCounts } from "../../../src/hubrank/publishing/site/static/restriction.js";
import { hashToState, stateToHash } from "../../../src/hubrank/publishing/site/static/state.js";
import { compareValues, longestIncreasing, matchesFilters } from "../../../src/hubrank/publishing/site/static/table.js";
import { fillSlots } from "../../../src/hubrank/publishing/site/static/words.js";

const standard = { patents: "1", deals: "1" };

test("a link says every choice and reads back", () => {
  const state = {
    q: "zür & <b>", economy: "CH", region: "Europe", metric: "deals", field: "a=b&c#d", top: "100", only: "map", borders: "1", sort: "score_pct",
    down: true, weights: { patents: "0.5" }, view: [10, 20, 3],
  };
  assert.deepEqual(hashToState(`#${stateToHash(state, standard)}`, ["patents", "deals"]), state);
});

test("what is as in the edition leaves the link empty", () => {
  assert.equal(stateToHash(hashToState("", ["patents"]), standard), "");
});

test("a link with nonsense is a link without it", () => {
  const state = hashToState("#w.patents=1e9&w.deals=-1&map=a,b,c", ["patents", "deals"]);
  assert.deepEqual([state.weights, state.view], [{}, null]);
});

test("a search finds letters without their accents", () => {
  const row = { text: "Zürich Switzerland", economies: ["CH"], regions: ["Europe"] };
  assert.ok(matchesFilters(row, { q: "zurich", economy: "CH", region: "Europe" }));
  assert.ok(!matchesFilters(row, { q: "", economy: "DE", region: "" }));
});

test("numbers sort by size, what is missing comes last either way", () => {
  assert.ok(compareValues("9", "10", false) < 0);
  assert.ok(compareValues("", "10", false) > 0);
  assert.ok(compareValues("", "10", true) > 0);
});

test("a text that a spreadsheet would run is a text", () => {
  assert.equal(csvField("=1+1"), "'=1+1");
  assert.equal(csvField("-3"), "-3");
  assert.equal(csvField('a "b", c'), '"a ""b"", c"');
});

test("the map cannot be pushed out of its frame, and zooming keeps the place under the pointer", () => {
  assert.deepEqual(clampView([-50, 0, 2], 100, 50), [25, 12.5, 2]);
  assert.deepEqual(zoomView([50, 25, 1], 2, [100, 25]), [75, 25, 2]);
});

const counts = {
  metrics: [{ name: "patents", total: "10", weight: "1" }, { name: "deals", total: "4", weight: "2" }, { name: "none", total: "0", weight: "1" }],
  clusters: [{ id: "a", units: ["5", "0", "0"] }, { id: "b", units: ["1", "3", "0"] }],
};
const fields = [{ metric: "deals", name: "Optics", total: "2", units: ["0", "1"] }, { metric: "patents", name: "Optics", total: "7", units: ["4", "1"] }];

test("one metric alone is counted against the world's total of it", () => {
  assert.deepEqual(restrictCounts(counts, fields, { metric: "deals", field: "" }), {
    metrics: [{ name: "deals", total: "4", weight: "1" }],
    clusters: [{ id: "a", units: ["0"] }, { id: "b", units: ["3"] }],
  });
});

test("of two fields of one name that of the chosen metric counts", () => {
  const result = restrictCounts(counts, fields, { metric: "patents", field: "Optics" });
  assert.deepEqual([result.metrics[0].total, result.clusters.map((one) => one.units[0])], ["7", ["4", "1"]]);
});

test("what could not be ranked leaves the edition as it is", () => {
  for (const metric of ["", "unknown", "none"]) assert.equal(restrictCounts(counts, fields, { metric, field: "" }), counts);
});

test("an address to embed holds no mark of its format", () => {
  assert.ok(embedCode('x?a=1&b="', '<b>"').startsWith('<iframe src="x?a=1&amp;b=&quot;" title="&lt;b>&quot;"'));
});

test("the area of a mark goes with the score", () => {
  assert.equal(markSize(25, 100).radius * 2, markSize(100, 100).radius);
  assert.equal(markSize(100, 100).shade, 4);
});

test("what fills a slot is never looked at for slots itself", () => {
  assert.equal(fillSlots("{a} of {b} {c}", { a: "{b}", b: 2 }), "{b} of 2 {c}");
});

test("a drawing holds no character that XML cannot", () => {
  assert.equal(validXml("a\u0007b\ud800c\ufffed 😀\n"), "a\ufffdb\ufffdc\ufffdd 😀\n");
});

test("as many rows as can stay where they are stay", () => {
  assert.deepEqual(longestIncreasing([1, 2, 3, 0]), [0, 1, 2]);
  assert.deepEqual(longestIncreasing([3, 0, 1, 2]), [1, 2, 3]);
  assert.deepEqual(longestIncreasing([4, 1, 3, 2, 5]).length, 3);
  assert.deepEqual(longestIncreasing([]), []);
});
