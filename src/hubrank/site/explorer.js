// The page: what the reader does changes the state; the state decides what table and map show.
import { reranker, rounded, weightUnits } from "./reweighting.js";
import { read, written } from "./state.js";
import { arrange, cellOf, markSorted } from "./table.js";
import { chart, paint } from "./map.js";
import { csv, drawing, save } from "./downloads.js";

const data = JSON.parse(document.getElementById("data").textContent);
const names = data.metrics.map((metric) => metric.name);
const standard = Object.fromEntries(data.metrics.map((metric) => [metric.name, metric.weight]));
const table = document.getElementById("ranking");
const svg = document.getElementById("world");
const rows = [...table.tBodies[0].rows];
const note = data.note || "";
const known = new Map(
  data.clusters.map((cluster) => [cluster.id, { ...cluster, text: "" }]),
);
for (const row of rows) {
  known.get(row.dataset.id).text = ["cluster", "economies"].map((name) => cellOf(row, name).textContent).join(" ");
}
const rowOf = new Map(rows.map((row) => [row.dataset.id, row]));
const cells = new Map(rows.map((row) => [row.dataset.id, [cellOf(row, "rank"), cellOf(row, "score_pct")]]));
const editionRank = new Map(rows.map((row) => [row.dataset.id, Number(row.dataset.rank)]));
const rerank = reranker(data);
let state = read(location.hash, names);

function weights() {
  return names.map((name) => state.weights[name] ?? standard[name]);
}

function isStandard() {
  return names.every((name, number) => Number(weights()[number]) === Number(standard[name]));
}

/** Write the figures of one cluster. */
function fill(found, best) {
  const row = rowOf.get(found.id);
  const [rank, score] = cells.get(found.id);
  rank.dataset.v = rank.textContent = String(found.rank);
  score.dataset.v = found.score;
  score.textContent = rounded(found.score);
  let left = 0;
  row.querySelectorAll(".split rect").forEach((part, metric) => {
    const width = (100 * found.parts[metric]) / best;
    part.setAttribute("x", left.toFixed(2));
    part.setAttribute("width", width.toFixed(2));
    left += width;
  });
  const moved = row.querySelector(".moved");
  const change = editionRank.get(found.id) - found.rank;
  moved.textContent = change > 0 ? `▲ ${change}` : change < 0 ? `▼ ${-change}` : "–";
}

function show() {
  const found = rerank(weights().map(weightUnits));
  const best = Number(found[0]?.score) || 1;
  for (const cluster of found) fill(cluster, best);
  table.classList.toggle("reweighted", !isStandard());
  document.getElementById("reweighted").hidden = isStandard();
  const count = arrange(table.tBodies[0], rows, state, known);
  markSorted(table, state);
  document.getElementById("count").textContent = `${count} of ${rows.length} clusters`;
  const seen = new Set(rows.filter((row) => !row.hidden).map((row) => row.dataset.id));
  paint(svg, new Map(found.map((cluster) => [cluster.id, Number(cluster.score)])), seen);
  map.show(state.view || map.whole, false);
  remember();
}

function remember() {
  const hash = written(state, standard);
  history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
}

function fillControls() {
  for (const name of ["q", "economy", "region"]) document.getElementById(name).value = state[name];
  for (const slider of document.querySelectorAll("input[data-metric]")) {
    slider.value = state.weights[slider.dataset.metric] ?? standard[slider.dataset.metric];
    slider.nextElementSibling.textContent = slider.value;
  }
}

const map = chart(svg, (view) => {
  state.view = view;
  remember();
});

for (const name of ["q", "economy", "region"]) {
  document.getElementById(name).addEventListener("input", (event) => {
    state[name] = event.target.value;
    show();
  });
}

for (const slider of document.querySelectorAll("input[data-metric]")) {
  slider.addEventListener("input", () => {
    const before = state.weights[slider.dataset.metric] ?? standard[slider.dataset.metric];
    state.weights[slider.dataset.metric] = slider.value;
    if (!weights().some((weight, metric) => Number(weight) && data.metrics[metric].total !== "0")) {
      state.weights[slider.dataset.metric] = before; // something must weigh something
      slider.value = before;
    }
    slider.nextElementSibling.textContent = slider.value;
    show();
  });
}

for (const head of table.querySelectorAll("th[data-sort] button")) {
  head.addEventListener("click", () => {
    const column = head.parentElement.dataset.sort;
    const first = head.parentElement.dataset.first === "down";
    state.down = state.sort === column ? !state.down : first;
    state.sort = column;
    show();
  });
}

const actions = {
  in: () => map.zoom(1.6),
  out: () => map.zoom(1 / 1.6),
  whole: () => map.reset(),
  borders: (button) => {
    const on = svg.classList.toggle("with-borders");
    button.setAttribute("aria-pressed", String(on));
  },
  reset: () => {
    state = read("", names);
    fillControls();
    show();
  },
  csv: () => save("ranking-shown.csv", "text/csv", csv(table, note)),
  svg: () => save("map.svg", "image/svg+xml", drawing(svg, note)),
};
for (const button of document.querySelectorAll("button[data-action]")) {
  button.addEventListener("click", () => actions[button.dataset.action](button));
}
window.addEventListener("hashchange", () => {
  state = read(location.hash, names);
  fillControls();
  show();
});

for (const element of document.querySelectorAll("[data-needs-script]")) element.hidden = false;
fillControls();
show();
