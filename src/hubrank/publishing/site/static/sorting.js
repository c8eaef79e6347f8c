// A table that sorts, and no more.
import { byId } from "./words.js";
import { read, remember, written } from "./state.js";
import { arrange, letSort, markSorted } from "./table.js";

/** @type {HTMLTableElement | null} */
const table = byId("ranking");
if (table) {
  const rows = [...table.tBodies[0].rows];
  const state = read(location.hash, []);
  const show = () => {
    arrange(table, rows, state, () => true);
    markSorted(table, state);
    remember(written(state, {}));
  };
  letSort(table, () => state, show);
  if (location.hash) show();
}
