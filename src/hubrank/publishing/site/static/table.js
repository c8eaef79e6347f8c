// The table: which rows are visible, in which order.

/** Fold case and accents, so that "Zurich" finds "Zürich". @param {string} text */
export function foldText(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/**
 * Whether a row matches search and filters.
 * @param {{text: string, economies: string[], regions: string[]}} row
 * @param {{q: string, economy: string, region: string}} state
 */
export function matchesFilters(row, state) {
  return (
    foldText(row.text).includes(foldText(state.q.trim())) &&
    (!state.economy || row.economies.includes(state.economy)) &&
    (!state.region || row.regions.includes(state.region))
  );
}

/** Compare two cell values: numbers by size, texts by letters, nothing last. @param {string} a @param {string} b @param {boolean} down */
export function compareValues(a, b, down) {
  if (a === "" || b === "") return a === b ? 0 : a === "" ? 1 : -1;
  const [x, y] = [Number(a), Number(b)];
  const way = Number.isNaN(x) || Number.isNaN(y) ? a.localeCompare(b, "en") : x - y;
  return down ? -way : way;
}

/** The headings that say which column is under them. @param {HTMLTableElement} table */
export function headingsOf(table) {
  return /** @type {HTMLTableCellElement[]} */ ([...table.querySelectorAll("th[data-sort]")]);
}

/** The cell of a row under a heading. @param {HTMLTableRowElement} row @param {string} column @returns {HTMLTableCellElement} */
export function cellOf(row, column) {
  const table = /** @type {HTMLTableElement} */ (row.closest("table"));
  return row.cells[headingsOf(table).findIndex((head) => head.dataset.sort === column)];
}

/** The exact value of a cell: its text, unless that is rounded or reworded. @param {HTMLTableCellElement} cell */
export function valueOf(cell) {
  return cell.dataset.v ?? (cell.textContent || "").trim();
}

/** Id of the cluster that a row or a mark is about. @param {Element} element */
export function idOf(element) {
  return String(/** @type {HTMLElement} */ (element).dataset.id);
}

/**
 * Sort rows and hide those that do not match; returns how many are visible.
 * @param {HTMLTableElement} table @param {HTMLTableRowElement[]} rows
 * @param {{sort: string, down: boolean}} state
 * @param {(row: HTMLTableRowElement) => boolean} isVisible
 */
export function arrange(table, rows, state, isVisible) {
  const headings = headingsOf(table).map((head) => head.dataset.sort);
  const [sorted, ranked] = [Math.max(0, headings.indexOf(state.sort)), Math.max(0, headings.indexOf("rank"))];
  const keyed = rows.map((row) => ({ row, key: valueOf(row.cells[sorted]), rank: valueOf(row.cells[ranked]) }));
  keyed.sort((a, b) => compareValues(a.key, b.key, state.down) || compareValues(a.rank, b.rank, false));
  let seen = 0;
  for (const { row } of keyed) {
    row.hidden = !isVisible(row);
    seen += row.hidden ? 0 : 1;
  }
  reorder(table.tBodies[0], keyed.map(({ row }) => row));
  return seen;
}

/** Reorder rows by moving as few as possible, which limits layout. @param {HTMLElement} body @param {HTMLElement[]} ordered */
function reorder(body, ordered) {
  const position = new Map([...body.children].map((row, place) => [row, place]));
  const unmoved = new Set(longestIncreasing(ordered.map((row) => position.get(row) ?? -1)));
  let after = null;
  for (let place = ordered.length - 1; place >= 0; place--) {
    if (!unmoved.has(place)) body.insertBefore(ordered[place], after);
    after = ordered[place];
  }
}

/** The places of a longest increasing subsequence of distinct numbers. @param {number[]} numbers */
export function longestIncreasing(numbers) {
  /** @type {number[]} */
  const ends = []; // ends[n]: the place at which an increasing subsequence of n + 1 numbers ends lowest
  const before = numbers.map((number, place) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (numbers[ends[middle]] < number) low = middle + 1;
      else high = middle;
    }
    ends[low] = place;
    return low ? ends[low - 1] : -1;
  });
  const places = [];
  for (let place = ends.at(-1) ?? -1; place >= 0; place = before[place]) places.push(place);
  return places.reverse();
}

/** Mark the sorted column, also for screen readers. @param {HTMLTableElement} table @param {{sort: string, down: boolean}} state */
export function markSorted(table, state) {
  for (const head of headingsOf(table)) {
    if (head.dataset.sort === state.sort) head.setAttribute("aria-sort", state.down ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
  }
}

/**
 * Sort by clicks on headings.
 * @param {HTMLTableElement} table
 * @param {() => {sort: string, down: boolean}} current
 * @param {() => void} changed
 */
export function makeSortable(table, current, changed) {
  for (const head of headingsOf(table)) {
    head.querySelector("button")?.addEventListener("click", () => {
      const [state, column] = [current(), String(head.dataset.sort)];
      state.down = state.sort === column ? !state.down : head.dataset.first === "down";
      state.sort = column;
      changed();
    });
  }
}
