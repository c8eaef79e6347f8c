// A table that sorts, and no more.
import { byId } from "./words.js";
import { hashToState, replaceHash, stateToHash } from "./state.js";
import { arrange, makeSortable, markSorted } from "./table.js";

/** @type {HTMLTableElement | null} */
const table = byId("ranking");
if (table) {
  const rows = [...table.tBodies[0].rows];
  const state = hashToState(location.hash, []);
  const show = () => {
    arrange(table, rows, state, () => true);
    markSorted(table, state);
    replaceHash(stateToHash(state, {}));
  };
  makeSortable(table, () => state, show);
  if (location.hash) show();
}
