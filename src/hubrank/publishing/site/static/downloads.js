// Downloads: the visible table as CSV, any content as a file, the code that embeds a view.
import { headingsOf, valueOf } from "./table.js";

/** A field of a CSV; text that a spreadsheet would take for a formula gets an apostrophe. @param {string} text */
export function csvField(text) {
  const safe = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/.test(text) && !/^[+-]?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * The visible rows and columns, in their order, with exact figures.
 * @param {HTMLTableElement} table
 * @param {Record<string, string>} extraColumns name and text of further columns, the same in every row
 */
export function csv(table, extraColumns) {
  const headings = headingsOf(table);
  const visible = headings.map((_, place) => place).filter((place) => isVisible(table, headings[place]));
  const extra = Object.entries(extraColumns).filter(([, text]) => text);
  const lines = [[...visible.map((place) => nameOf(table, headings[place])), ...extra.map(([name]) => name)]];
  for (const row of table.tBodies[0].rows) {
    if (!row.hidden) lines.push([...visible.map((place) => valueOf(row.cells[place])), ...extra.map(([, text]) => text)]);
  }
  return lines.map((line) => line.map(csvField).join(",") + "\n").join("");
}

/** Whether the page shows a column: i and e hold for the edition's weights only, s is of single metrics. @param {HTMLTableElement} table @param {HTMLTableCellElement} head */
function isVisible(table, head) {
  const hidden = [...(table.classList.contains("reweighted") ? ["i", "e"] : []), ...(table.classList.contains("restricted") ? ["s"] : [])];
  return !hidden.some((name) => head.classList.contains(name));
}

/** Under other weights the arrow has another meaning. @param {HTMLTableElement} table @param {HTMLTableCellElement} head */
function nameOf(table, head) {
  const name = String(head.dataset.sort);
  return name === "change" && table.classList.contains("reweighted") ? "places_from_edition" : name;
}

/** Download a file. @param {string} name @param {string} type @param {BlobPart} content */
export function save(name, type, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** The element that shows a page inside another. @param {string} address @param {string} title */
export function embedCode(address, title) {
  const escaped = [address, title].map((text) =>
    text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;"),
  );
  return `<iframe src="${escaped[0]}" title="${escaped[1]}" width="900" height="700" loading="lazy"></iframe>`;
}
