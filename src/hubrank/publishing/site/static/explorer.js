// The page: what the reader does changes the state; the state decides what table and map show.
import { byId, fillSlots } from "./words.js";
import { reranker, roundText, weightUnits } from "./reweighting.js";
import { restrictCounts } from "./restriction.js";
import { hashToState, replaceHash, stateToHash } from "./state.js";
import { arrange, cellOf, idOf, makeSortable, markSorted, matchesFilters } from "./table.js";
import { createMap, drawOutlines } from "./map.js";
import { exportSvg, exportPng } from "./drawing.js";
import { csv, embedCode, save } from "./downloads.js";

/** @typedef {import("./restriction.js").Counts & {title: string, note: string, regions: Record<string, string[]>, words: Record<string, string>}} Data */
/** @typedef {{borders: string, outlines: Record<string, string>, fields: import("./restriction.js").Field[]}} Details */
/** @typedef {{id: string, rank: number, score: string, parts: number[]}} Ranked */

/** @type {Data} */
const data = JSON.parse(byId("data").textContent);
const names = data.metrics.map((metric) => metric.name);
const labels = Object.fromEntries(data.metrics.map((metric) => [metric.name, metric.label]));
const standard = Object.fromEntries(data.metrics.map((metric) => [metric.name, metric.weight]));
/** @type {HTMLTableElement} */
const table = byId("ranking");
/** @type {SVGSVGElement} */
const svg = byId("world");
const rows = [...table.tBodies[0].rows];
const choices = /** @type {const} */ (["q", "economy", "region", "metric", "field"]).filter((name) => byId(name));
const rowData = new Map(rows.map((row) => [idOf(row), described(row)]));
let state = hashToState(location.hash, names);
/** @type {Details} */
let details = { borders: "", outlines: {}, fields: [] };
/** @type {Promise<void> | null} */
let loading = null;
let ranker = { key: "", counts: /** @type {import("./restriction.js").Counts} */ (data), rank: reranker(data) };

/** What is looked up again and again about a row. @param {HTMLTableRowElement} row */
function described(row) {
  const economies = String(cellOf(row, "economies").dataset.v).split("/");
  const change = cellOf(row, "change");
  const viewChange = document.createElement("span");
  viewChange.className = "view-change";
  change.firstElementChild?.classList.add("edition-change");
  change.append(viewChange);
  return {
    row, change, viewChange, economies,
    before: String(change.dataset.v),
    regions: economies.flatMap((code) => data.regions[code] || []),
    text: `${cellOf(row, "cluster").textContent} ${cellOf(row, "economies").textContent}`,
    rank: cellOf(row, "rank"),
    score: cellOf(row, "score_pct"),
    editionRank: Number(cellOf(row, "rank").textContent),
    parts: [...row.querySelectorAll(".split rect")],
  };
}

/** Load, once, what the first view does not need. */
function loadDetails() {
  const inside = byId("details");
  const loaded = inside ? Promise.resolve(JSON.parse(inside.textContent)) : fetch("assets/details.json").then((r) => r.json());
  loading ??= loaded.then((all) => {
    details = all;
    drawOutlines(svg, details.outlines);
    svg.querySelector(".borders")?.setAttribute("d", details.borders);
    show();
  }).catch(() => {
    byId("reweighted").hidden = false;
    byId("reweighted").textContent = data.words.failed;
  });
}

function weights() {
  return names.map((name) => state.weights[name] ?? standard[name]);
}

function isStandard() {
  return !state.metric && names.every((name, number) => Number(weights()[number]) === Number(standard[name]));
}

/** Rank what the choice of metric and field leaves. */
function ranked() {
  const key = `${state.metric}\n${state.field}\n${details.fields.length}`;
  if (ranker.key !== key) {
    const counts = restrictCounts(data, details.fields, state);
    ranker = { key, counts, rank: reranker(counts) };
  }
  return ranker.rank((ranker.counts === data ? weights() : ["1"]).map(weightUnits));
}

/** Write the figures of one cluster. @param {Ranked} result @param {number} best */
function fill(result, best) {
  const cluster = rowData.get(result.id);
  if (!cluster) return;
  setText(cluster.rank, String(result.rank));
  cluster.score.dataset.v = result.score;
  setText(cluster.score, roundText(result.score));
  let left = 0;
  cluster.parts.forEach((part, metric) => {
    const at = ranker.counts === data ? metric : names[metric] === state.metric ? 0 : -1;
    const width = at < 0 ? 0 : (100 * result.parts[at]) / best;
    part.setAttribute("x", `${left.toFixed(2)}%`);
    part.setAttribute("width", `${width.toFixed(2)}%`);
    left += width;
  });
  const change = cluster.editionRank - result.rank;
  cluster.change.dataset.v = isStandard() ? cluster.before : String(change);
  setText(cluster.viewChange, change > 0 ? `▲ ${change}` : change < 0 ? `▼ ${-change}` : "–");
}

/** Change a text, and what is laid out for it, only where it is another one. @param {Element} element @param {string} text */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Describe how the view differs from the edition. */
function describeView() {
  const text = state.field ? data.words.one_field : state.metric ? data.words.one_metric : data.words.reweighted;
  byId("reweighted").textContent = fillSlots(text, { metric: labels[state.metric] ?? "", field: state.field });
  byId("reweighted").hidden = isStandard();
  byId("weights").disabled = Boolean(state.metric);
  table.classList.toggle("reweighted", !isStandard());
  table.classList.toggle("restricted", Boolean(state.metric));
}

function show() {
  if (state.field && !details.fields.length) return loadDetails();
  const results = ranked();
  const best = Number(results[0]?.score) || 1;
  for (const cluster of results) fill(cluster, best);
  const none = new Set(results.filter((cluster) => state.metric && cluster.parts[0] === 0).map((cluster) => cluster.id));
  describeView();
  const count = arrange(table, rows, state, (row) => {
    const cluster = rowData.get(idOf(row));
    return Boolean(cluster && matchesFilters(cluster, state) && !none.has(idOf(row)));
  });
  markSorted(table, state);
  byId("count").textContent = fillSlots(data.words.count, { count, all: rows.length });
  map.paint(
    new Map(results.map((cluster) => [cluster.id, Number(cluster.score)])),
    new Set(rows.filter((row) => !row.hidden).map(idOf)),
  );
  map.show(state.view || map.whole, false);
  saveState();
}

function saveState() {
  replaceHash(stateToHash(state, standard));
  if (byId("whole")) byId("whole").href = `index.html#${stateToHash({ ...state, only: "" }, standard)}`;
}

function fillControls() {
  for (const name of choices) byId(name).value = state[name];
  if (byId("field")) byId("field").selectedIndex = Math.max(0, fieldNumber());
  for (const slider of sliders) {
    const metric = String(slider.dataset.metric);
    slider.value = state.weights[metric] ?? standard[metric];
    /** @type {Element} */ (slider.nextElementSibling).textContent = slider.value;
  }
  if (state.borders) loadDetails();
  svg.classList.toggle("with-borders", Boolean(state.borders));
  document.querySelector("[data-action=borders]")?.setAttribute("aria-pressed", String(Boolean(state.borders)));
  document.body.classList.toggle("only-map", state.only === "map");
  document.body.classList.toggle("only-table", state.only === "table");
}

/** Fields of two metrics may share a name. */
function fieldNumber() {
  const options = /** @type {HTMLOptionElement[]} */ ([...byId("field").options]);
  return options.findIndex((one) => one.dataset.metric === state.metric && one.value === state.field);
}

const map = createMap(svg, (view) => {
  state.view = view;
  saveState();
}, loadDetails);

for (const name of choices) {
  byId(name).addEventListener("input", () => {
    state[name] = byId(name).value;
    if (name === "metric") state.field = "";
    if (name === "field" && state.field) state.metric = byId(name).selectedOptions[0].dataset.metric;
    fillControls();
    show();
  });
}

const sliders = /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll("input[data-metric]")]);
for (const slider of sliders) {
  slider.addEventListener("input", () => {
    const metric = String(slider.dataset.metric);
    const before = state.weights[metric] ?? standard[metric];
    state.weights[metric] = slider.value;
    if (!weights().some((weight, number) => Number(weight) && data.metrics[number].total !== "0")) {
      state.weights[metric] = before; // something must weigh something
      slider.value = before;
    }
    /** @type {Element} */ (slider.nextElementSibling).textContent = slider.value;
    show();
  });
}
makeSortable(table, () => state, show);

/** Show a text to copy. @param {string} text */
function showText(text) {
  byId("copy").hidden = false;
  const box = byId("copy").querySelector("textarea");
  box.value = text;
  box.select();
}

/** @param {string} only */
function embed(only) {
  const hash = stateToHash({ ...state, only }, standard);
  showText(embedCode(new URL(`embed.html#${hash}`, location.href).href, data.title));
}

const caption = () => [data.title, data.note].filter(Boolean).join(" · ");
/** @type {Record<string, () => void>} */
const actions = {
  in: () => map.zoom(1.6),
  out: () => map.zoom(1 / 1.6),
  whole: () => map.reset(),
  borders: () => {
    state.borders = state.borders ? "" : "1";
    fillControls();
    saveState();
  },
  reset: () => {
    state = hashToState("", names);
    fillControls();
    show();
  },
  csv: () => save("ranking-shown.csv", "text/csv", csv(table, { view: isStandard() ? "" : stateToHash(state, standard), note: data.note })),
  svg: () => save("map.svg", "image/svg+xml", exportSvg(svg, caption())),
  png: () => exportPng(exportSvg(svg, caption())).then((blob) => save("map.png", "image/png", blob)),
  link: () => showText(location.href),
  embedmap: () => embed("map"),
  embedtable: () => embed("table"),
};
for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button[data-action]"))) {
  button.addEventListener("click", () => actions[String(button.dataset.action)]());
}
window.addEventListener("hashchange", () => {
  state = hashToState(location.hash, names);
  fillControls();
  show();
});

for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-needs-script]"))) element.hidden = false;
fillControls();
show();
