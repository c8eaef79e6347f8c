// The bar of a scale: an element over the map on a screen, part of the drawing where the drawing is shrunk, as on paper.
import { FONTS } from "./labels.js";
import { NARROW } from "./projection.js";
import { numberText } from "./words.js";

const [LONGEST, LONGEST_NARROW] = [110, 60]; // pixels; names have little room beside it on a phone

/** The longest bar of 1, 2 or 5 times a power of ten. @param {{kmPixels: number, width?: number}} cam pixels of a kilometre and of the frame */
export function scaleBar({ kmPixels, width: frame = NARROW }) {
  const want = (frame < NARROW ? LONGEST_NARROW : LONGEST) / kmPixels;
  const power = 10 ** Math.floor(Math.log10(want));
  const km = ([5, 2, 1].find((factor) => factor * power <= want) ?? 1) * power;
  return { width: km * kmPixels, text: `${km >= 1 ? km : numberText(km.toFixed(1))} km` };
}

/** @param {HTMLElement} bar @param {import("./projection.js").Camera} cam */
export function showScale(bar, cam) {
  const [line, label] = bar.children;
  const { width, text } = scaleBar(cam);
  /** @type {HTMLElement} */ (line).style.width = `${width}px`;
  label.textContent = text;
  bar.hidden = false;
}

/** The box that a bar and its text take at most. @param {number} left @param {number} bottom */
export const scaleBox = (left, bottom) => [left - 4, bottom - 26, left + LONGEST + 4, bottom + 4];

/** Draw a bar, its text below it. @param {any} pen @param {import("./projection.js").Camera} cam @param {Record<string, string>} colours @param {number} left @param {number} bottom */
export function drawScale(pen, cam, colours, left, bottom) {
  const { width, text } = scaleBar(cam);
  pen.beginPath();
  [[0, -21], [0, -16], [width, -16], [width, -21]].forEach(([x, y], corner) => (corner ? pen.lineTo(left + x, bottom + y) : pen.moveTo(left + x, bottom + y)));
  for (const [colour, lineWidth] of [[colours.halo, 5], [colours.ink, 1.5]]) {
    [pen.strokeStyle, pen.lineWidth, pen.lineJoin] = [colour, lineWidth, "miter"];
    pen.stroke();
  }
  pen.font = FONTS.town;
  [pen.strokeStyle, pen.fillStyle, pen.lineWidth, pen.lineJoin] = [colours.halo, colours.ink, 3, "round"];
  pen.strokeText(text, left, bottom);
  pen.fillText(text, left, bottom);
}
