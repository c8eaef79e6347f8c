import assert from "node:assert/strict";
import { test } from "node:test";
import { onAxis } from "../../../src/hubrank/publishing/site/static/list.js";
import { markRadius } from "../../../src/hubrank/publishing/site/static/marks.js";
import { grid, percents, ranksAt, withPercent } from "../../../src/hubrank/publishing/site/static/mixing.js";
import { SvgPen, validXml } from "../../../src/hubrank/publishing/site/static/pen.js";
import { restrictCounts } from "../../../src/hubrank/publishing/site/static/restriction.js";
import { csv, csvField, embedCode } from "../../../src/hubrank/publishing/site/static/share.js";
import { hashToState, stateToHash } from "../../../src/hubrank/publishing/site/static/state.js";
import { compareValues } from "../../../src/hubrank/publishing/site/static/table.js";
import { fillSlots, foldText } from "../../../src/hubrank/publishing/site/static/words.js";

test("a link says every choice and reads back", () => {
  const state = {
    q: "zür & <b>", economy: "CH", region: "Europe", metric: "deals", field: "a=b&c#d", view: "map", c: "x-y", sort: "change",
    down: true, mix: [50, 25, 25], map: [10.5, -20.25, 3],
  };
  assert.deepEqual(hashToState(`#${stateToHash(state)}`, 3), state);
});

test("what is as published leaves the link empty", () => {
  assert.equal(stateToHash(hashToState("", 3)), "");
});

test("a link with nonsense is a link without it", () => {
  for (const hash of ["#w=1e9-1-1&map=a_b_c", "#w=-1-50-51", "#w=50-50", "#w=0-0-0&map=1_95_2"]) {
    const state = hashToState(hash, 3);
    assert.deepEqual([state.mix, state.map], [null, null], hash);
  }
});

test("a search reads letters without their accents", () => {
  assert.equal(foldText("Zürich São Paulo"), "zurich sao paulo");
});

test("numbers sort by size, what is missing comes last either way", () => {
  assert.ok(compareValues("9", "10", false) < 0);
  assert.ok(compareValues("", "10", false) > 0);
  assert.ok(compareValues("", "10", true) > 0);
});

test("a text that a spreadsheet would run is a text", () => {
  assert.equal(csvField("=1+1"), "'=1+1");
  assert.equal(csvField("-3"), "-3");
  assert.equal(csv(["a"], [['x "b", c']]), 'a\n"x ""b"", c"\n');
  assert.equal(csv(["a", "b"], [["x; y, z", "-1,5"]], ";"), 'a;b\n"x; y, z";-1,5\n');
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

test("what is embedded is as wide as its column, which a phone makes narrow", () => {
  assert.match(embedCode("x", "y"), / width="100%" height="400" /);
});

test("the area of a mark goes with the score, and the smallest can be seen", () => {
  const cam = /** @type {any} */ ({ width: 1440 });
  assert.equal(markRadius(25, 100, cam, 1) * 2, markRadius(100, 100, cam, 1));
  assert.ok(Math.PI * markRadius(0, 100, cam, 1) ** 2 >= 12);
});

test("what fills a slot is never looked at for slots itself", () => {
  assert.equal(fillSlots("{a} of {b} {c}", { a: "{b}", b: 2 }), "{b} of 2 {c}");
});

test("whole percents add up to a hundred, the largest remainders rounded up", () => {
  assert.deepEqual(percents([1, 1, 1]), [34, 33, 33]);
  assert.deepEqual(percents([2, 0, 1]), [67, 0, 33]);
});

test("a slider leaves the others in their proportion", () => {
  const all = [true, true, true];
  assert.deepEqual(withPercent([50, 30, 20], 0, 0, all), [0, 60, 40]);
  assert.deepEqual(withPercent([100, 0, 0], 0, 40, all), [40, 30, 30]);
  assert.deepEqual(withPercent([50, 50, 0], 0, 100, [true, true, false]), [100, 0, 0]);
  for (let percent = 0; percent <= 100; percent++) assert.equal(withPercent([33, 33, 34], 1, percent, all).reduce((a, b) => a + b), 100);
});

test("a grid of one percent has every mix once", () => {
  assert.equal(grid(3).length, 5151);
  assert.equal(grid(2).length, 101);
  assert.ok(grid(3).every((mix) => mix.reduce((a, b) => a + b) === 100));
});

test("the rank at a mix is one more than the number of clusters ahead", () => {
  const shares = [[10, 0], [0, 10], [6, 6]];
  assert.deepEqual(ranksAt(shares, 2, [[100, 0], [50, 50], [0, 100]]), [2, 1, 2]);
  assert.deepEqual(ranksAt(shares, 0, [[100, 0], [50, 50], [0, 100]]), [1, 2, 3]);
});

test("ranks lie on a log axis from the first to the last", () => {
  assert.equal(onAxis(1, 237), 0);
  assert.equal(onAxis(237, 237), 100);
});

test("a pen of SVG writes what a canvas draws, and no name is markup", () => {
  const pen = new SvgPen(() => 10);
  pen.beginPath();
  pen.moveTo(0, 0.04);
  pen.lineTo(10.06, 5);
  pen.closePath();
  pen.fillStyle = "#fff";
  pen.fill("evenodd");
  pen.font = "600 12.5px 'A B', sans-serif";
  pen.fillText("<b> & \u0007", 1, 2);
  assert.equal(pen.document(20, 10), '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10" width="20" height="10">' +
    '<path d="M0 0L10.1 5Z" fill="#fff" fill-rule="evenodd"/>' +
    '<text x="1" y="2" font-size="12.5" font-weight="600" font-family="\'A B\', sans-serif" fill="#fff">&lt;b&gt; &amp; \ufffd</text></svg>');
});

test("a drawing holds no character that XML cannot", () => {
  assert.equal(validXml("a\u0007b\ud800c\ufffed 😀\n"), "a\ufffdb\ufffdc\ufffdd 😀\n");
});
