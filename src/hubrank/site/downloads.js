// What is on the screen, to take away: the table as CSV, the map as SVG.
import { cellOf } from "./table.js";

/** A field of a CSV; text that a spreadsheet would take for a formula gets an apostrophe. @param {string} text */
export function field(text) {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^[+-]?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const EDITION_ONLY = ["rank_low", "rank_high", "change", "score_pct_per_million"]; // not known under other weights

/** The rows that are seen, in their order, with exact figures. @param {HTMLTableElement} table @param {string} note */
export function csv(table, note) {
  const heads = [...table.querySelectorAll("th[data-sort]")]
    .map((head) => head.dataset.sort)
    .filter((name) => !table.classList.contains("reweighted") || !EDITION_ONLY.includes(name));
  const lines = [[...heads, ...(note ? ["note"] : [])]];
  for (const row of table.tBodies[0].rows) {
    if (row.hidden) continue;
    const cells = heads.map((head) => cellOf(row, head).dataset.v);
    lines.push([...cells, ...(note ? [note] : [])]);
  }
  return lines.map((line) => line.map(field).join(",") + "\n").join("");
}

/** The map as a drawing of its own. @param {SVGSVGElement} svg @param {string} note */
export function drawing(svg, note) {
  const copy = /** @type {SVGSVGElement} */ (svg.cloneNode(true));
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const [from, to] = [svg.querySelectorAll("path, circle"), copy.querySelectorAll("path, circle")];
  const gone = [];
  from.forEach((element, number) => {
    const style = getComputedStyle(element);
    if (style.display === "none" || element.closest("[hidden]")) gone.push(to[number]);
    for (const name of ["fill", "stroke", "stroke-width", "stroke-linecap", "opacity", "vector-effect"]) {
      to[number].setAttribute(name, style.getPropertyValue(name));
    }
  });
  for (const element of gone) element.remove();
  if (note) {
    const told = document.createElementNS("http://www.w3.org/2000/svg", "desc");
    told.textContent = note;
    copy.prepend(told);
  }
  return new XMLSerializer().serializeToString(copy);
}

/** Hand a file to the reader. */
export function save(name, type, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
