import assert from "node:assert/strict";
import { test } from "node:test";
import { drawNames } from "../../../src/hubrank/publishing/site/static/labels.js";

/** @type {number[][]} */
let lines = [];
const pen = {
  strokeText() {}, fillText() {}, beginPath() {}, stroke() {},
  moveTo(/** @type {number} */ x, /** @type {number} */ y) { lines.push([x, y]); },
  lineTo(/** @type {number} */ x, /** @type {number} */ y) { lines.push([x, y]); },
};
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

/** How far a box is from a spot. @param {number[]} box @param {number} x @param {number} y */
const away = ([left, top, right, bottom], x, y) => Math.hypot(Math.max(left, Math.min(x, right)) - x, Math.max(top, Math.min(y, bottom)) - y);

test("a name stands on no mark of a cluster that has no name itself, nor does that of a country", () => {
  const clusters = marks([[700, 240, 20], ...Array.from({ length: 24 }, (_, at) => [20 + 10 * at, 20, 4]), [760, 240, 12], [300, 300, 9]]);
  const country = { ...cam, degree: 4, spot: () => [300, 304] };
  const names = drawNames(pen, country, {}, clusters, [], (font, text) => 7 * text.length, (layer) => (layer === "countries" ? [["Land", 0, 0, 1000]] : []), []);
  const [first, land] = [names.find(({ text }) => text.startsWith("1 ")), names.find(({ text }) => text === "LAND")];
  assert.ok(away(first.box, 760, 240) >= 12, "the name of the first");
  assert.ok(away(land.box, 300, 300) >= 9, "the name of the country");
});

test("a mark in the south has no name in the north because marks lie under the places near it", () => {
  const phone = { width: 390, height: 190, degree: 12 };
  const clusters = marks([[190, 112, 20], [180, 142, 18], [172, 140, 15], [160, 125, 13], [173, 90, 11], [160, 112, 11], [190, 100, 9], [200, 140, 8]]);
  const credit = [8, 160, 300, 176];
  const names = drawNames(pen, phone, {}, clusters, [], (font, text) => 7 * text.length, () => [], [credit]);
  const [south, north] = [2, 5].map((rank) => names.find(({ text }) => text.startsWith(`${rank} `))?.box ?? []);
  assert.ok(south[1] > 112, `the southern name begins at ${south[1]}`);
  assert.ok(north[3] < 112, `the northern name ends at ${north[3]}`);
});

test("the first five have a name even where marks are all around", () => {
  const around = Array.from({ length: 8 }, (_, at) => [700 + 30 * Math.cos(at), 240 + 30 * Math.sin(at), 90]);
  assert.ok(written(marks([[700, 240, 20], ...around])).some(({ text }) => text.startsWith("1 ")));
});

test("of a wide map the first ten have a name before others, even where marks are all around", () => {
  const around = Array.from({ length: 14 }, (_, at) => [700 + 60 * Math.cos(at), 240 + 60 * Math.sin(at), 40]);
  const names = written(marks([...around, [100, 100, 5]])).map(({ text }) => Number(text.split(" ")[0]));
  assert.deepEqual(names.slice(0, 10), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test("of a filter the first five have a name, whatever their ranks", () => {
  const around = Array.from({ length: 8 }, (_, at) => [700 + 30 * Math.cos(at), 240 + 30 * Math.sin(at), 90]);
  const clusters = marks([[300, 100, 5], [310, 100, 5], [320, 100, 5], [330, 100, 5], [340, 100, 5], [350, 100, 5], [700, 240, 20], ...around]);
  for (const cluster of clusters.slice(0, 6)) cluster.wanted = false;
  assert.ok(written(clusters).some(({ text }) => text.startsWith("7 ")));
});

test("where no place is clear, the one on the fewest marks is taken, and a line leads to a name that is away from its mark", () => {
  const wall = Array.from({ length: 17 }, (_, at) => [700 + 40 * Math.cos((2 * Math.PI * at) / 17), 240 + 40 * Math.sin((2 * Math.PI * at) / 17), 14]);
  lines = [];
  const [{ box: [left, top, right, bottom] }] = written(marks([[700, 240, 20], ...wall])).filter(({ text }) => text.startsWith("1 "));
  const on = wall.filter(([x, y, r]) => Math.hypot(Math.max(left, Math.min(x, right)) - x, Math.max(top, Math.min(y, bottom)) - y) < r);
  assert.equal(on.length, 0);
  assert.ok(Math.hypot(Math.max(left, Math.min(700, right)) - 700, Math.max(top, Math.min(240, bottom)) - 240) > 28, "it is away");
  assert.ok(lines.some(([x, y]) => Math.abs(Math.hypot(x - 700, y - 240) - 20) < 1e-6), "the line begins at its mark");
});
