import assert from "node:assert/strict";
import { test } from "node:test";
import { SvgPen } from "../../../src/hubrank/publishing/site/static/pen.js";
import { drawScale, scaleBar } from "../../../src/hubrank/publishing/site/static/scale.js";

test("a bar is 1, 2 or 5 times a power of ten and as long as it says", () => {
  assert.deepEqual(scaleBar({ kmPixels: 5 }), { width: 100, text: "20 km" });
  assert.deepEqual(scaleBar({ kmPixels: 0.1 }), { width: 100, text: "1000 km" });
  assert.deepEqual(scaleBar({ kmPixels: 200 }), { width: 100, text: "0.5 km" });
  assert.deepEqual(scaleBar({ kmPixels: 0.1, width: 390 }), { width: 50, text: "500 km" }, "which leaves room for names on a phone");
});

test("a bar of a drawing is as wide as its kilometres are there", () => {
  const pen = new SvgPen(() => 0);
  drawScale(pen, { kmPixels: 5 }, { halo: "#fff", ink: "#000" }, 10, 90);
  assert.match(pen.parts[0], /M10 69L10 74L110 74L110 69/);
  assert.match(pen.parts.at(-1), />20 km</);
});
