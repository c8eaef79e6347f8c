// Tables of the pages: sort by a heading, filter by a text, find clusters.
import { present } from "./data.js";
import { finder } from "./finding.js";
import { byId, fillSlots, foldText } from "./words.js";

/** Compare two cell values: numbers by size, texts by letters, nothing last. @param {string} a @param {string} b @param {boolean} down */
export function compareValues(a, b, down) {
  if (a === "" || b === "") return a === b ? 0 : a === "" ? 1 : -1;
  const [x, y] = [Number(a), Number(b)];
  const way = Number.isNaN(x) || Number.isNaN(y) ? a.localeCompare(b, "en") : x - y;
  return down ? -way : way;
}

/** The exact value of a cell: its text, unless that is rounded or reworded. @param {HTMLTableCellElement} cell */
const valueOf = (cell) => cell.dataset.v ?? (cell.textContent || "").trim();

/** @param {HTMLTableElement} table @param {HTMLTableCellElement} head */
function sortBy(table, head) {
  const down = head.getAttribute("aria-sort") === "ascending" || (!head.hasAttribute("aria-sort") && head.dataset.first === "down");
  const rows = [...table.tBodies[0].rows].map((row, at) => ({ row, at, key: valueOf(row.cells[head.cellIndex]) }));
  rows.sort((a, b) => compareValues(a.key, b.key, down) || a.at - b.at);
  table.tBodies[0].append(...rows.map(({ row }) => row));
  for (const other of table.querySelectorAll("th[aria-sort]")) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
}

/** Hide what does not contain the text of a box; sections without a row left, too. @param {HTMLInputElement} box */
function filterBy(box) {
  const scope = document.getElementById(String(box.dataset.filter));
  const wanted = foldText(box.value.trim());
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (scope?.querySelectorAll("tbody tr, [data-text]") ?? [])) {
    part.hidden = !foldText(part.dataset.text ?? part.textContent ?? "").includes(wanted);
  }
  for (const section of /** @type {NodeListOf<HTMLElement>} */ (scope?.querySelectorAll("section") ?? [])) {
    section.hidden = Boolean(wanted) && !section.querySelector("tbody tr:not([hidden])");
    if (wanted && section.closest("details")) /** @type {HTMLDetailsElement} */ (section.closest("details")).open = true;
  }
}

/** The clusters of a table of one row each. @param {HTMLElement | null} table */
function clustersOf(table) {
  return [.../** @type {NodeListOf<HTMLElement>} */ (table?.querySelectorAll("tbody tr") ?? [])].map((row) => {
    const [head, economies] = [row.querySelector("th"), row.querySelector(".e")?.textContent ?? ""];
    const name = (head?.querySelector("a") ?? head?.firstChild)?.textContent ?? "";
    return { row, id: row.dataset.id ?? "", name: name.trim(), economies, codes: (row.dataset.e ?? "").split("/") };
  });
}

/** Hide the clusters that a box does not mean, and say where none is left. The address keeps its text. @param {HTMLInputElement} box */
function findBy(box) {
  const table = document.getElementById(String(box.dataset.find));
  const [clusters, note] = [clustersOf(table), byId(`${box.dataset.find}-none`)];
  function show() {
    const meant = finder(box.value, clusters, box.value.trim() ? present("names", show) ?? null : null);
    const shown = clusters.filter((cluster) => (cluster.row.hidden = !meant(cluster), !cluster.row.hidden));
    note.hidden = Boolean(shown.length);
    note.textContent = fillSlots(note.dataset.text, { text: box.value.trim() });
    history.replaceState(null, "", box.value.trim() ? `#${new URLSearchParams({ q: box.value })}` : location.pathname + location.search);
  }
  function read() {
    box.value = new URLSearchParams(location.hash.slice(1)).get("q") ?? box.value;
    if (!box.value) return;
    show();
    if (box.getBoundingClientRect().bottom > innerHeight) box.scrollIntoView({ block: "start" }); // whoever comes with a text comes for the table
  }
  box.addEventListener("input", show);
  addEventListener("hashchange", read);
  read();
}

/** Make the tables of a page sortable and its boxes filter. */
export function startTables() {
  for (const table of /** @type {NodeListOf<HTMLTableElement>} */ (document.querySelectorAll("table.sortable"))) {
    for (const head of table.tHead?.rows[0].cells ?? []) head.querySelector("button")?.addEventListener("click", () => sortBy(table, /** @type {HTMLTableCellElement} */ (head)));
  }
  for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("input[data-filter]"))) {
    box.addEventListener("input", () => filterBy(box));
  }
  for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("input[data-find]"))) findBy(box);
}
