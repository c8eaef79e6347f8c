// The page of two editions: search and filter decide which rows and which lines are seen.
import { byId, filled } from "./words.js";
import { read, remember, written } from "./state.js";
import { arrange, cellOf, idOf, letSort, markSorted, wanted } from "./table.js";
import { drawing, pixels } from "./drawing.js";
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
let state = read(location.hash, []);

/** @param {HTMLTableRowElement} row */
function isWanted(row) {
  const economies = String(cellOf(row, "economies").dataset.v).split("/");
  const text = `${cellOf(row, "cluster").textContent} ${cellOf(row, "economies").textContent}`;
  return wanted({ text, economies, regions: [] }, { ...state, region: "" });
}

function show() {
  const count = arrange(table, rows, state, isWanted);
  markSorted(table, state);
  byId("count").textContent = filled(data.words.count, { count, all: rows.length });
  const seen = new Set(rows.filter((row) => !row.hidden).map(idOf));
  for (const slope of slopes) slope.classList.toggle("dim", !seen.has(idOf(slope)));
  const chosen = byId("top").selectedOptions[0];
  svg.setAttribute("viewBox", `0 0 ${svg.viewBox.baseVal.width} ${chosen.dataset.height}`);
  remember(written(state, {}));
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
letSort(table, () => state, show);

const told = () => [data.title, data.note].filter(Boolean).join(" · ");
/** @type {Record<string, () => void>} */
const actions = {
  reset: () => {
    state = read("", []);
    fillControls();
    show();
  },
  csv: () => save("comparison-shown.csv", "text/csv", csv(table, { note: data.note })),
  svg: () => save("comparison.svg", "image/svg+xml", drawing(svg, told())),
  png: () => pixels(drawing(svg, told())).then((blob) => save("comparison.png", "image/png", blob)),
};
for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button[data-action]"))) {
  button.addEventListener("click", () => actions[String(button.dataset.action)]());
}
window.addEventListener("hashchange", () => {
  state = read(location.hash, []);
  fillControls();
  show();
});

for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-needs-script]"))) element.hidden = false;
fillControls();
show();
