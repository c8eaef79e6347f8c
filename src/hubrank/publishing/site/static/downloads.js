// What is on the screen, to take away: the table as CSV, any content as a file, a view as a link to embed.
import { headsOf, valueOf } from "./table.js";

/** A field of a CSV; text that a spreadsheet would take for a formula gets an apostrophe. @param {string} text */
export function field(text) {
  const safe = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/.test(text) && !/^[+-]?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * The rows and columns that are seen, in their order, with exact figures.
 * @param {HTMLTableElement} table
 * @param {Record<string, string>} beside what each row says besides: name and text of further columns
 */
export function csv(table, beside) {
  const heads = headsOf(table);
  const kept = heads.map((_, place) => place).filter((place) => isSeen(table, heads[place]));
  const extra = Object.entries(beside).filter(([, text]) => text);
  const lines = [[...kept.map((place) => nameOf(table, heads[place])), ...extra.map(([name]) => name)]];
  for (const row of table.tBodies[0].rows) {
    if (!row.hidden) lines.push([...kept.map((place) => valueOf(row.cells[place])), ...extra.map(([, text]) => text)]);
  }
  return lines.map((line) => line.map(field).join(",") + "\n").join("");
}

/** Whether the page shows a column: i and e hold for the edition's weights only, s is of single metrics. @param {HTMLTableElement} table @param {HTMLTableCellElement} head */
function isSeen(table, head) {
  const hidden = [...(table.classList.contains("reweighted") ? ["i", "e"] : []), ...(table.classList.contains("restricted") ? ["s"] : [])];
  return !hidden.some((name) => head.classList.contains(name));
}

/** Under other weights the arrow says something else. @param {HTMLTableElement} table @param {HTMLTableCellElement} head */
function nameOf(table, head) {
  const name = String(head.dataset.sort);
  return name === "change" && table.classList.contains("reweighted") ? "places_from_edition" : name;
}

/** Hand a file to the reader. @param {string} name @param {string} type @param {BlobPart} content */
export function save(name, type, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** The element that shows a page inside another. @param {string} address @param {string} title */
export function embedding(address, title) {
  const escaped = [address, title].map((text) =>
    text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;"),
  );
  return `<iframe src="${escaped[0]}" title="${escaped[1]}" width="900" height="700" loading="lazy"></iframe>`;
}
