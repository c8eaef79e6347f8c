// The page of two editions: search and filter decide which rows and which lines are seen.
import { byId, fillSlots } from "./words.js";
import { hashToState, replaceHash, stateToHash } from "./state.js";
import { arrange, cellOf, idOf, makeSortable, markSorted, matchesFilters } from "./table.js";
import { exportSvg, exportPng } from "./drawing.js";
import { csv, save } from "./downloads.js";

/** @type {{title: string, note: string, words: Record<string, string>}} */
const data = JSON.parse(byId("data").textContent);
/** @type {HTMLTableElement} */
const table = byId("ranking");
/** @type {SVGSVGElement} */
const svg = byId("slopes");
const rows = [...table.tBodies[0].rows];
const slopes = [...svg.querySelectorAll(".slope")];
const choices = /** @type {const} */ (["q", "economy", "top"]);
const first = byId("top").value;
let state = hashToState(location.hash, []);

/** @param {HTMLTableRowElement} row */
function isVisible(row) {
  const economies = String(cellOf(row, "economies").dataset.v).split("/");
  const text = `${cellOf(row, "cluster").textContent} ${cellOf(row, "economies").textContent}`;
  return matchesFilters({ text, economies, regions: [] }, { ...state, region: "" });
}

function show() {
  const count = arrange(table, rows, state, isVisible);
  markSorted(table, state);
  byId("count").textContent = fillSlots(data.words.count, { count, all: rows.length });
  const seen = new Set(rows.filter((row) => !row.hidden).map(idOf));
  for (const slope of slopes) slope.classList.toggle("dim", !seen.has(idOf(slope)));
  const option = byId("top").selectedOptions[0];
  svg.setAttribute("viewBox", `0 0 ${svg.viewBox.baseVal.width} ${option.dataset.height}`);
  replaceHash(stateToHash(state, {}));
}

function fillControls() {
  byId("q").value = state.q;
  byId("economy").value = state.economy;
  byId("top").value = state.top || first;
  if (byId("top").selectedIndex < 0) byId("top").value = first;
}

for (const name of choices) {
  byId(name).addEventListener("input", () => {
    state[name] = byId(name).value;
    if (state.top === first) state.top = "";
    show();
  });
}
makeSortable(table, () => state, show);

const caption = () => [data.title, data.note].filter(Boolean).join(" · ");
/** @type {Record<string, () => void>} */
const actions = {
  reset: () => {
    state = hashToState("", []);
    fillControls();
    show();
  },
  csv: () => save("comparison-shown.csv", "text/csv", csv(table, { note: data.note })),
  svg: () => save("comparison.svg", "image/svg+xml", exportSvg(svg, caption())),
  png: () => exportPng(exportSvg(svg, caption())).then((blob) => save("comparison.png", "image/png", blob)),
};
for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button[data-action]"))) {
  button.addEventListener("click", () => actions[String(button.dataset.action)]());
}
window.addEventListener("hashchange", () => {
  state = hashToState(location.hash, []);
  fillControls();
  show();
});

for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-needs-script]"))) element.hidden = false;
fillControls();
show();
