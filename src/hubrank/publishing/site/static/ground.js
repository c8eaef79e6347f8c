// The ground of a map: coasts in three tiers, lakes, borders.
import { clamp, latitude, parallel } from "./projection.js";

/** @typedef {import("./projection.js").Camera} Camera */
/** @typedef {{lon: Float32Array, a: Float32Array, y: Float32Array, box: number[]}} Ring box: west, east, and y of south and north */
/** @typedef {{step: number, rings: number[][]}} Packed differences of whole steps, longitude and latitude in turn */

const CELL = 5; // degrees
const FINE = 7; // pixels of a degree from which each tier is drawn
const FINEST = 55;

/** @param {Packed} packed @returns {Ring[]} */
export function unpack({ step, rings }) {
  return rings.map((line) => {
    const count = line.length / 2;
    const ring = { lon: new Float32Array(count), a: new Float32Array(count), y: new Float32Array(count), box: [1e9, -1e9, 1e9, -1e9] };
    let [x, y] = [0, 0];
    for (let at = 0; at < count; at++) {
      x += line[2 * at];
      y += line[2 * at + 1];
      const [ofRadian, up] = parallel(y / step);
      [ring.lon[at], ring.a[at], ring.y[at]] = [x / step, ofRadian, up];
      const [w, e, s, n] = ring.box;
      ring.box = [Math.min(w, x / step), Math.max(e, x / step), Math.min(s, up), Math.max(n, up)];
    }
    return ring;
  });
}

/**
 * Put rings into the path of a pen, those in sight, with no more corners than the screen shows.
 * @param {any} pen @param {Camera} cam @param {Ring[]} rings @param {boolean} closed @param {number} gap pixels between corners
 */
export function trace(pen, cam, rings, closed, gap = 0.6) {
  const seen = cam.bounds();
  const shifts = cam.turn > 0.2 ? [-360, 0, 360] : [0];
  const perDegree = cam.across * (Math.PI / 180);
  const [left, top] = [cam.width / 2 - cam.across * cam.left, cam.height / 2 + cam.scale * cam.middle];
  for (const { lon, a, y, box } of rings) {
    if (box[3] < seen.south || box[2] > seen.north || (closed && (box[3] - box[2]) * cam.scale < 0.7)) continue;
    for (const shift of shifts) {
      if (box[1] + shift < seen.west || box[0] + shift > seen.east) continue;
      const from = shift - cam.meridian;
      let [px, py] = [1e9, 1e9];
      for (let at = 0, last = lon.length - 1; at <= last; at++) {
        const [cx, cy] = [left + perDegree * (lon[at] + from) * a[at], top - cam.scale * y[at]];
        if (at === 0) pen.moveTo(cx, cy);
        else if (at < last && Math.abs(cx - px) < gap && Math.abs(cy - py) < gap) continue;
        else pen.lineTo(cx, cy);
        [px, py] = [cx, cy];
      }
      if (closed) pen.closePath();
    }
  }
}

/**
 * The cells of a list that are in sight.
 * @param {Camera} cam @param {Set<string>} present
 */
export function cellsInSight(cam, present) {
  const seen = cam.bounds();
  const [south, north] = [seen.south, seen.north].map((y) => Math.floor(latitude(y) / CELL));
  const [west, east] = [seen.west, seen.east].map((lon) => Math.floor(lon / CELL));
  const cells = [];
  if ((east - west + 1) * (north - south + 1) > 40) return [];
  for (let x = west; x <= east; x++) for (let y = south; y <= north; y++) {
    const name = `${((((x + 36) % 72) + 72) % 72) - 36}_${y}`;
    if (present.has(name)) cells.push({ name, lon: x * CELL, lat: y * CELL });
  }
  return cells;
}

/**
 * Draw sea, land, lakes and borders.
 * @param {any} pen @param {Camera} cam @param {Record<string, string>} colours
 * @param {(name: string) => any} layer the unpacked rings of a file, or nothing yet; asks for them
 */
export function drawGround(pen, cam, colours, layer) {
  pen.fillStyle = colours.sea;
  pen.fillRect(0, 0, cam.width, cam.height);
  const fine = cam.degree > FINE;
  pen.fillStyle = colours.land;
  pen.strokeStyle = colours.edge;
  [pen.lineWidth, pen.lineJoin] = [0.75, "round"];
  const land = (fine && layer("land1")) || layer("land0");
  if (land) {
    pen.beginPath();
    trace(pen, cam, land, true, fine ? 0.5 : 0.8);
    pen.fill();
    if (cam.degree < FINEST) pen.stroke();
  }
  if (cam.degree > FINEST) drawCells(pen, cam, colours, layer);
  if (cam.degree > 5 && cam.degree < 400 && layer("lakes")) {
    pen.fillStyle = colours.sea;
    pen.beginPath();
    trace(pen, cam, layer("lakes"), true);
    pen.fill();
  }
  if (cam.degree > 2.5 && layer("borders")) {
    pen.strokeStyle = colours.border;
    pen.lineWidth = cam.degree > 20 ? 1.2 : 0.7;
    pen.beginPath();
    trace(pen, cam, layer("borders"), false, 0.8);
    pen.stroke();
  }
}

/** The finest coast replaces the land of its cells. @param {any} pen @param {Camera} cam @param {Record<string, string>} colours @param {(name: string) => any} layer */
function drawCells(pen, cam, colours, layer) {
  const cells = cellsInSight(cam, layer("index")?.coast ?? new Set());
  const ready = cells.map((cell) => ({ ...cell, rings: layer(`coast/${cell.name}`) })).filter((cell) => cell.rings);
  if (!ready.length) return;
  pen.fillStyle = colours.sea;
  pen.beginPath();
  for (const { lon, lat } of ready) square(pen, cam, lon, lat);
  pen.fill();
  pen.fillStyle = colours.land;
  pen.beginPath();
  for (const { rings } of ready) trace(pen, cam, rings, true, 0.4);
  pen.fill();
}

/** The rim of a cell; parallels are straight, meridians are bent. @param {any} pen @param {Camera} cam @param {number} lon @param {number} lat */
function square(pen, cam, lon, lat) {
  const steps = Array.from({ length: 9 }, (_, step) => parallel(clamp(lat + (CELL * step) / 8, -90, 90)));
  const rim = [...steps.map((row) => [lon, ...row]), ...steps.reverse().map((row) => [lon + CELL, ...row])];
  rim.forEach(([at, ofRadian, up], corner) => {
    if (corner) pen.lineTo(cam.x(at, ofRadian), cam.y(up));
    else pen.moveTo(cam.x(at, ofRadian), cam.y(up));
  });
  pen.closePath();
}
