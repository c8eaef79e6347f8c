// Names on a map: clusters first, then countries and towns, none over another.
import { cellsInSight } from "./ground.js";
import { NARROW } from "./projection.js";
import { foldText } from "./words.js";

/** @typedef {import("./projection.js").Camera} Camera */
/** @typedef {import("./marks.js").Cluster} Cluster */

const FAMILY = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";
export const FONTS = { cluster: `600 12.5px ${FAMILY}`, country: `600 11px ${FAMILY}`, town: `11.5px ${FAMILY}` };
const HEIGHT = 15;
const NEAREST = 14; // places around a mark, of which one that covers no other mark is preferred
const FIRST = { narrow: 5, wide: 10 }; // of those in sight: they have a name wherever there is room
const AWAY = 12; // pixels between the rim of a mark and its name
const BESIDE = 60; // pixels between a mark and a town that is part of its name

/** Places for a name around a mark, in order: [x, y] of its start on the baseline. @param {number} x @param {number} y @param {number} r @param {number} w @returns {number[][]} */
function around(x, y, r, w) {
  const near = [0, 1, 2.2, 3.4, 4.6, 5.8, 7.4, 9].flatMap((more) => {
    const [d, up] = [r * 0.75 + 3, r * 0.7 + 10 * more];
    return [
      [x + d, y - up], [x + d, y + up + 10], [x - d - w, y - up], [x - d - w, y + up + 10],
      [x - w / 2, y - r - 5 - 14 * more], [x - w / 2, y + r + 15 + 14 * more],
    ];
  });
  return [[x + r + 4, y + 4], [x - r - 4 - w, y + 4], ...near];
}

/** The box of a name. @param {number[]} place of its start @param {number} width */
const boxOf = ([x, y], width) => [x - 2, y - HEIGHT + 3, x + width + 2, y + 4];

/** Whether a box lies over the mark of a cluster. @param {Cluster} mark @param {number[]} box */
function covers({ px = 0, py = 0, radius = 0 }, [left, top, right, bottom]) {
  const [x, y] = [Math.max(left, Math.min(px, right)) - px, Math.max(top, Math.min(py, bottom)) - py];
  return x * x + y * y < radius * radius; // a hundred thousand times a frame: Math.hypot is slower
}

/** The middle of some marks. @param {Cluster[]} marks */
const middleOf = (marks) => [0, 1].map((axis) => marks.reduce((sum, { px = 0, py = 0 }) => sum + (axis ? py : px), 0) / (marks.length || 1));

/** Whether a name stands on the side of its mark where the others are: a southern name in the north misleads. @param {Cluster} mark @param {number[]} middle @param {number[]} box */
function isInward({ px = 0, py = 0 }, [x, y], [left, top, right, bottom]) {
  return ((left + right) / 2 - px) * (px - x) + ((top + bottom) / 2 - py) * (py - y) < -1;
}

/** A line from a mark to its name where that is away from it. @param {any} pen @param {Record<string, string>} colours @param {Cluster} mark @param {number[]} box */
function lead(pen, colours, { px = 0, py = 0, radius = 0 }, [left, top, right, bottom]) {
  const [x, y] = [Math.max(left, Math.min(px, right)), Math.max(top, Math.min(py, bottom))];
  const away = Math.hypot(x - px, y - py);
  if (away < radius + AWAY) return;
  for (const [colour, wide] of [[colours.halo, 3], [colours.ink, 1]]) {
    pen.beginPath();
    pen.moveTo(px + ((x - px) * radius) / away, py + ((y - py) * radius) / away);
    pen.lineTo(x, y);
    [pen.strokeStyle, pen.lineWidth] = [colour, wide];
    pen.stroke();
  }
}

/** The boxes of what lies over a map, where nothing is written. @param {Element} canvas @param {Iterable<Element>} over @returns {number[][]} */
export function boxesOver(canvas, over) {
  const frame = canvas.getBoundingClientRect();
  return [...over].map((one) => one.getBoundingClientRect())
    .map((box) => [box.left - frame.left, box.top - frame.top, box.right - frame.left, box.bottom - frame.top])
    .filter(([left, , right]) => right > left);
}

/** Keeps what is written apart. @param {any} pen @param {Camera} cam @param {Record<string, string>} colours */
function writer(pen, cam, colours) {
  /** @type {number[][]} */
  const boxes = [];
  /** @type {{text: string, box: number[], size: number}[]} */
  const written = [];
  /** @param {number[]} box */
  const free = ([left, top, right, bottom]) =>
    left > 1 && right < cam.width - 1 && top > 1 && bottom < cam.height - 1 &&
    !boxes.some(([l, t, r, b]) => left < r && right > l && top < b && bottom > t);
  return {
    boxes, written,
    /** Write at the first of some places that is free. @param {string} text @param {string} font @param {string} colour @param {number} width @param {number[][]} places */
    put(text, font, colour, width, places) {
      for (const [x, y] of places) {
        const box = boxOf([x, y], width);
        if (!free(box)) continue;
        boxes.push(box);
        written.push({ text, box, size: Number(/([\d.]+)px/.exec(font)?.[1]) });
        pen.font = font;
        [pen.lineWidth, pen.lineJoin, pen.strokeStyle, pen.fillStyle] = [3, "round", colours.halo, colour];
        pen.strokeText(text, x, y);
        pen.fillText(text, x, y);
        return box;
      }
      return null;
    },
  };
}

/**
 * Write names; returns what was written where.
 * @param {any} pen @param {Camera} cam @param {Record<string, string>} colours
 * @param {Cluster[]} seen clusters in sight, first rank first @param {(Cluster | null)[]} first named before the others
 * @param {(font: string, text: string) => number} measure
 * @param {(name: string) => any} layer
 * @param {number[][]} taken boxes of what lies over the map
 */
export function drawNames(pen, cam, colours, seen, first, measure, layer, taken) {
  const to = writer(pen, cam, colours);
  to.boxes.push(...taken);
  const most = cam.width < NARROW ? 8 : cam.degree < 6 ? 18 : 60;
  const [chosen, leading] = [first.filter((cluster) => cluster?.seen), seen.filter((cluster) => cluster.wanted)];
  const marks = leading.slice(0, most * 4); // a name stands on none of them where there is room
  const leaders = new Set([...leading.slice(0, cam.width < NARROW ? FIRST.narrow : FIRST.wide), ...chosen]);
  const middle = middleOf(marks.slice(0, most));
  /** @type {Cluster[]} */
  const named = [];
  for (const cluster of new Set(/** @type {Cluster[]} */ ([...chosen, ...marks]))) {
    if (named.length >= most) break;
    const text = `${cluster.rank} ${cluster.name}`;
    const width = measure(FONTS.cluster, text);
    const places = around(cluster.px ?? 0, cluster.py ?? 0, cluster.radius ?? 0, width);
    const covered = (/** @type {number[]} */ place) => {
      const box = boxOf(place, width);
      return marks.filter((mark) => mark !== cluster && covers(mark, box)).length;
    };
    const must = leaders.has(cluster);
    const against = (/** @type {number[]} */ place) => covered(place) + (isInward(cluster, middle, boxOf(place, width)) ? 2 : 0);
    const fewest = must ? places.map((place) => ({ place, on: against(place) })).sort((a, b) => a.on - b.on).map(({ place }) => place) : places.slice(0, NEAREST).filter((place) => !covered(place)).slice(0, 8);
    const box = to.put(text, FONTS.cluster, colours.ink, width, fewest);
    if (!box) continue;
    named.push(cluster);
    if (must) lead(pen, colours, cluster, box);
  }
  if (cam.degree > 3.2) countries(to, cam, colours, measure, layer("countries") ?? [], marks);
  if (cam.degree > 9) towns(pen, to, cam, colours, measure, layer, named);
  return to.written;
}

/** @param {ReturnType<typeof writer>} to @param {Camera} cam @param {Record<string, string>} colours @param {(font: string, text: string) => number} measure @param {any[]} rows @param {Cluster[]} marks */
function countries(to, cam, colours, measure, rows, marks) {
  for (const [name, lon, lat, size] of rows) {
    const pixels = size * cam.degree * cam.degree;
    if (cam.degree > 90 || pixels < 5200 || pixels > 2.6e6) continue;
    const [x, y] = cam.spot(lon, lat);
    const [text, font] = [name.toUpperCase(), FONTS.country];
    const width = measure(font, text);
    const places = [0, -HEIGHT, HEIGHT, -2 * HEIGHT, 2 * HEIGHT].map((down) => [x - width / 2, y + down]);
    to.put(text, font, colours.soft, width, places.filter((place) => !marks.some((mark) => covers(mark, boxOf(place, width)))));
  }
}

/** Whether a cluster that is named right there has the town in its name: "San Jose–San Francisco, CA", "London (Uxbridge)". @param {Cluster} cluster @param {string} town @param {number} x @param {number} y */
function names(cluster, town, x, y) {
  if (Math.hypot((cluster.px ?? 0) - x, (cluster.py ?? 0) - y) >= BESIDE) return false;
  return foldText(cluster.name).split("–").some((city) => city.replace(/,.*| \(.*/, "") === foldText(town));
}

/** @param {any} pen @param {ReturnType<typeof writer>} to @param {Camera} cam @param {Record<string, string>} colours @param {(font: string, text: string) => number} measure @param {(name: string) => any} layer @param {Cluster[]} named */
function towns(pen, to, cam, colours, measure, layer, named) {
  const least = cam.degree > 160 ? 0 : 90000 / cam.degree ** 1.55; // thousands of people
  const near = cam.degree > 45 ? cellsInSight(cam, layer("index")?.places ?? new Set()) : [];
  const rows = [...(layer("cities") ?? []), ...near.flatMap(({ name }) => layer(`places/${name}`)?.towns ?? [])];
  let count = 0;
  for (const [name, lon, lat, people] of rows.sort((a, b) => b[3] - a[3])) {
    if (people < least || count > 90) break;
    const [x, y] = cam.spot(lon, lat);
    if (x < 0 || y < 0 || x > cam.width || y > cam.height || named.some((cluster) => names(cluster, name, x, y))) continue;
    const width = measure(FONTS.town, name);
    if (!to.put(name, FONTS.town, colours.town, width, [[x + 5, y + 4], [x - 5 - width, y + 4]])) continue;
    pen.beginPath();
    pen.arc(x, y, 1.8, 0, 2 * Math.PI);
    pen.fill();
    count++;
  }
}
