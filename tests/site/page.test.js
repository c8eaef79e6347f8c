import assert from "node:assert/strict";
import { test } from "node:test";
import { field } from "../../src/hubrank/site/downloads.js";
import { kept, zoomed } from "../../src/hubrank/site/map.js";
import { read, written } from "../../src/hubrank/site/state.js";
import { compared, wanted } from "../../src/hubrank/site/table.js";

const standard = { patents: "1", deals: "1" };

test("a link says every choice and reads back", () => {
  const state = { q: "zür & <b>", economy: "CH", region: "", sort: "score_pct", down: true, weights: { patents: "0.5" }, view: [10, 20, 3] };
  assert.deepEqual(read(`#${written(state, standard)}`, ["patents", "deals"]), state);
});

test("what is as in the edition leaves the link empty", () => {
  assert.equal(written(read("", ["patents"]), standard), "");
});

test("a link with nonsense is a link without it", () => {
  const state = read("#w.patents=1e9&w.deals=-1&map=a,b,c", ["patents", "deals"]);
  assert.deepEqual([state.weights, state.view], [{}, null]);
});

test("a search finds letters without their accents", () => {
  const row = { text: "Zürich Switzerland", economies: ["CH"], regions: ["Europe"] };
  assert.ok(wanted(row, { q: "zurich", economy: "CH", region: "Europe" }));
  assert.ok(!wanted(row, { q: "", economy: "DE", region: "" }));
});

test("numbers sort by size, what is missing comes last either way", () => {
  assert.ok(compared("9", "10", false) < 0);
  assert.ok(compared("", "10", false) > 0);
  assert.ok(compared("", "10", true) > 0);
});

test("a text that a spreadsheet would run is a text", () => {
  assert.equal(field("=1+1"), "'=1+1");
  assert.equal(field("-3"), "-3");
  assert.equal(field('a "b", c'), '"a ""b"", c"');
});

test("the map cannot be pushed out of its frame, and zooming keeps the place under the pointer", () => {
  assert.deepEqual(kept([-50, 0, 2], 100, 50), [25, 12.5, 2]);
  assert.deepEqual(zoomed([50, 25, 1], 2, [100, 25]), [75, 25, 2]);
});
