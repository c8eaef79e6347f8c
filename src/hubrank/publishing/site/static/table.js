// The table: which rows are seen, in which order.

/** Fold case and accents, so that "Zurich" finds "Zürich". @param {string} text */
export function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/**
 * Whether a row answers to search and filters.
 * @param {{text: string, economies: string[], regions: string[]}} row
 * @param {{q: string, economy: string, region: string}} state
 */
export function wanted(row, state) {
  return (
    folded(row.text).includes(folded(state.q.trim())) &&
    (!state.economy || row.economies.includes(state.economy)) &&
    (!state.region || row.regions.includes(state.region))
  );
}

/** Compare two cell values: numbers by size, texts by letters, nothing last. @param {string} a @param {string} b @param {boolean} down */
export function compared(a, b, down) {
  if (a === "" || b === "") return a === b ? 0 : a === "" ? 1 : -1;
  const [x, y] = [Number(a), Number(b)];
  const way = Number.isNaN(x) || Number.isNaN(y) ? a.localeCompare(b, "en") : x - y;
  return down ? -way : way;
}

/** The headings that say which column is under them. @param {HTMLTableElement} table */
export function headsOf(table) {
  return /** @type {HTMLTableCellElement[]} */ ([...table.querySelectorAll("th[data-sort]")]);
}

/** The cell of a row under a heading. @param {HTMLTableRowElement} row @param {string} column @returns {HTMLTableCellElement} */
export function cellOf(row, column) {
  const table = /** @type {HTMLTableElement} */ (row.closest("table"));
  return row.cells[headsOf(table).findIndex((head) => head.dataset.sort === column)];
}

/** The exact value of a cell: what it says, unless it is shown rounded or in other words. @param {HTMLTableCellElement} cell */
export function valueOf(cell) {
  return cell.dataset.v ?? (cell.textContent || "").trim();
}

/** Id of the cluster that a row or a mark is about. @param {Element} element */
export function idOf(element) {
  return String(/** @type {HTMLElement} */ (element).dataset.id);
}

/**
 * Put rows in order and hide those not wanted; returns how many are seen.
 * @param {HTMLTableElement} table @param {HTMLTableRowElement[]} rows
 * @param {{sort: string, down: boolean}} state
 * @param {(row: HTMLTableRowElement) => boolean} isWanted
 */
export function arrange(table, rows, state, isWanted) {
  const heads = headsOf(table).map((head) => head.dataset.sort);
  const [sorted, ranked] = [Math.max(0, heads.indexOf(state.sort)), Math.max(0, heads.indexOf("rank"))];
  const keyed = rows.map((row) => ({ row, key: valueOf(row.cells[sorted]), rank: valueOf(row.cells[ranked]) }));
  keyed.sort((a, b) => compared(a.key, b.key, state.down) || compared(a.rank, b.rank, false));
  let seen = 0;
  for (const { row } of keyed) {
    row.hidden = !isWanted(row);
    seen += row.hidden ? 0 : 1;
  }
  put(table.tBodies[0], keyed.map(({ row }) => row));
  return seen;
}

/** Put rows in order by moving as few as possible: what stays need not be laid out anew. @param {HTMLElement} body @param {HTMLElement[]} wished */
function put(body, wished) {
  const now = new Map([...body.children].map((row, place) => [row, place]));
  const staying = new Set(rising(wished.map((row) => now.get(row) ?? -1)));
  let after = null;
  for (let place = wished.length - 1; place >= 0; place--) {
    if (!staying.has(place)) body.insertBefore(wished[place], after);
    after = wished[place];
  }
}

/** The places of a longest rising part of numbers, none of them twice. @param {number[]} numbers */
export function rising(numbers) {
  /** @type {number[]} */
  const ends = []; // ends[n]: the place at which a rising part of n + 1 numbers ends lowest
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
  const found = [];
  for (let place = ends.at(-1) ?? -1; place >= 0; place = before[place]) found.push(place);
  return found.reverse();
}

/** Tell by arrow and for screen readers how the table is sorted. @param {HTMLTableElement} table @param {{sort: string, down: boolean}} state */
export function markSorted(table, state) {
  for (const head of headsOf(table)) {
    if (head.dataset.sort === state.sort) head.setAttribute("aria-sort", state.down ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
  }
}

/**
 * Let the headings sort.
 * @param {HTMLTableElement} table
 * @param {() => {sort: string, down: boolean}} current
 * @param {() => void} changed
 */
export function letSort(table, current, changed) {
  for (const head of headsOf(table)) {
    head.querySelector("button")?.addEventListener("click", () => {
      const [state, column] = [current(), String(head.dataset.sort)];
      state.down = state.sort === column ? !state.down : head.dataset.first === "down";
      state.sort = column;
      changed();
    });
  }
}
