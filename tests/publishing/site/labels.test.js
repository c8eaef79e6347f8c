import assert from "node:assert/strict";
import { test } from "node:test";
import { drawNames } from "../../../src/hubrank/publishing/site/static/labels.js";

const pen = { strokeText() {}, fillText() {} };
const cam = { width: 1440, height: 480, degree: 3 };
const marks = (rows) => rows.map(([px, py, radius], at) => ({ rank: at + 1, name: "Somewhere", px, py, radius, seen: true, wanted: true }));
const written = (clusters) => drawNames(pen, cam, {}, clusters, [], (font, text) => 7 * text.length, () => [], []);

test("a name stands on no mark of another leader where there is room around its mark", () => {
  const clusters = marks([[700, 240, 20], [760, 240, 20], [640, 240, 20]]);
  const names = written(clusters);
  assert.equal(names.length, 3);
  for (const { text, box: [left, top, right, bottom] } of names)
    for (const { rank, px, py, radius } of clusters) {
      const away = Math.hypot(Math.max(left, Math.min(px, right)) - px, Math.max(top, Math.min(py, bottom)) - py);
      assert.ok(text.startsWith(`${rank} `) || away >= radius, `${text} stands on the mark of rank ${rank}`);
    }
});

test("the first five have a name even where marks are all around", () => {
  const around = Array.from({ length: 8 }, (_, at) => [700 + 30 * Math.cos(at), 240 + 30 * Math.sin(at), 90]);
  assert.ok(written(marks([[700, 240, 20], ...around])).some(({ text }) => text.startsWith("1 ")));
});
