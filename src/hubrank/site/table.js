// The table: which rows are seen, in which order, with which figures.

/** Fold case and accents, so that "Zurich" finds "Zürich". @param {string} text */
export function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** @param {{text: string, economies: string[], regions: string[]}} row */
export function wanted(row, state) {
  return (
    folded(row.text).includes(folded(state.q.trim())) &&
    (!state.economy || row.economies.includes(state.economy)) &&
    (!state.region || row.regions.includes(state.region))
  );
}

/** Compare two cell values: numbers by size, texts by letters, nothing last. */
export function compared(a, b, down) {
  if (a === "" || b === "") return a === b ? 0 : a === "" ? 1 : -1;
  const [x, y] = [Number(a), Number(b)];
  const way = Number.isNaN(x) || Number.isNaN(y) ? a.localeCompare(b, "en") : x - y;
  return down ? -way : way;
}

/** The cell of a row under a heading. @param {HTMLTableRowElement} row @param {string} column */
export function cellOf(row, column) {
  const heads = [...row.closest("table").tHead.rows[0].cells];
  return row.cells[heads.findIndex((head) => head.dataset.sort === column)];
}

/** Put rows in order and hide those not wanted; returns how many are seen. */
export function arrange(body, rows, state, known) {
  const heads = [...body.parentElement.tHead.rows[0].cells].map((head) => head.dataset.sort);
  const [sorted, ranked] = [heads.indexOf(state.sort), heads.indexOf("rank")];
  const at = (row, index) => row.cells[Math.max(0, index)].dataset.v || "";
  const keyed = rows.map((row) => ({ row, key: at(row, sorted), rank: Number(at(row, ranked)) }));
  keyed.sort((a, b) => compared(a.key, b.key, state.down) || a.rank - b.rank);
  let seen = 0;
  for (const { row } of keyed) {
    row.hidden = !wanted(known.get(row.dataset.id), state);
    seen += row.hidden ? 0 : 1;
  }
  body.replaceChildren(...keyed.map(({ row }) => row));
  return seen;
}

/** Tell by arrow and for screen readers how the table is sorted. */
export function markSorted(table, state) {
  for (const head of table.querySelectorAll("th[data-sort]")) {
    if (head.dataset.sort === state.sort) head.setAttribute("aria-sort", state.down ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
  }
}
