// What the server adds to the page: clusters under another radius or threshold, and why a place is in one.
import { overlay, placeOf } from "./overlay.js";
import { element, ranking } from "./ranking.js";

const IDLE = '#region, #metric, #field, [data-action="csv"], [data-action="link"], [data-action^="embed"]';
const STEPS = 1000; // of the slider for the threshold, which runs by ratios

/** A file of this server as JSON. @param {string} address @param {URLSearchParams} query */
async function fetchJson(address, query = new URLSearchParams()) {
  const response = await fetch(query.size ? `${address}?${query}` : address);
  const document = await response.json();
  if (!response.ok) throw new Error(document.detail);
  return document;
}

/** @param {string} label @param {Record<string, string>} attributes */
function slider(label, attributes) {
  const [box, input, output] = [element("label", label), element("input", "", attributes), element("output")];
  const line = element("span");
  line.append(input, " ", output);
  box.append(" ", line);
  return { box, input: /** @type {HTMLInputElement} */ (input), output };
}

/** @param {string} text @param {() => void} act */
function button(text, act) {
  const control = element("button", text, { type: "button" });
  control.addEventListener("click", act);
  return control;
}

/** @param {number} place @param {{minimum: number, maximum: number}} bounds */
export function threshold(place, bounds) {
  const ratio = bounds.maximum / bounds.minimum;
  return Math.min(bounds.maximum, Math.max(bounds.minimum, Math.round(bounds.minimum * ratio ** (place / STEPS))));
}

/** @param {number} listings @param {{minimum: number, maximum: number}} bounds */
export function placeOn(listings, bounds) {
  return Math.round((STEPS * Math.log(listings / bounds.minimum)) / Math.log(bounds.maximum / bounds.minimum));
}

async function start() {
  const svg = /** @type {SVGSVGElement | null} */ (document.querySelector("svg#world"));
  const published = /** @type {HTMLElement | null} */ (document.querySelector("#ranking")?.closest(".wide") ?? null);
  const figure = svg?.closest("figure");
  if (!svg || !published || !figure) return;
  const [api, edition] = await Promise.all([fetchJson("openapi.json"), fetchJson("clusters.json")]);
  const bounds = Object.fromEntries(
    api.paths["/clusters.json"].get.parameters.map((/** @type {any} */ each) => [each.name, each.schema]),
  );
  const standard = { radius_km: edition.radius_km, min_listings: edition.min_listings };
  const state = { ...standard };
  const metrics = Object.keys(edition.weights);
  const weights = /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll("input[data-metric]")]);
  /** @type {Record<string, any>[]} */
  let rows = [];
  let [running, again, outlined] = [false, false, ""];

  const radius = slider("Radius", { type: "range", min: bounds.radius_km.minimum, max: bounds.radius_km.maximum, step: bounds.radius_km.multipleOf });
  const least = slider("Threshold", { type: "range", min: "0", max: String(STEPS), step: "1" });
  const status = element("p", "", { role: "status" });
  const files = element("p");
  const explanation = element("section", "", { class: "live-explanation", "aria-live": "polite", "aria-label": "Explanation" });
  explanation.hidden = true;
  const over = overlay(svg, () => void outline());
  const table = ranking(published, metrics);

  const changed = () => state.radius_km !== standard.radius_km || state.min_listings !== standard.min_listings;
  const choice = () => new URLSearchParams(Object.entries(state).map(([name, value]) => [name, String(value)]));

  function query() {
    const out = choice();
    for (const input of weights) if (!input.disabled) out.set(`w.${input.dataset.metric}`, String(Number(input.value)));
    return out;
  }

  function field(/** @type {string} */ id) {
    const control = document.getElementById(id);
    return control instanceof HTMLInputElement || control instanceof HTMLSelectElement ? control.value : "";
  }

  /** Request the newest choice; while a response is awaited, later choices only replace the next request. */
  async function refresh() {
    if (running) return void (again = true);
    running = true;
    do {
      again = false;
      await once();
    } while (again);
    running = false;
  }

  async function once() {
    fill();
    if (!changed()) return leave();
    table.busy(true);
    try {
      const began = performance.now();
      const [ranked, map] = await Promise.all([fetchJson("clusters.json", query()), fetchJson("map/marks.json", choice())]);
      const places = new Map(map.marks.map((/** @type {any} */ mark) => [mark.cluster_id, mark]));
      rows = ranked.clusters.map((/** @type {any} */ row) => ({ ...row, ...places.get(row.cluster_id) }));
      outlined = "";
      over.show(/** @type {any} */ (rows));
      show();
      const took = Math.round(performance.now() - began);
      say(`${rows.length} clusters at ${ranked.radius_km} km and ${ranked.min_listings} listings, in ${took} ms. The edition has ${edition.clusters.length} clusters; intervals are not computed here.`);
      for (const control of idle()) control.setAttribute("disabled", "");
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    }
    table.busy(false);
  }

  /** The controls that act on the edition's table only. */
  const idle = () => document.querySelectorAll(IDLE);
  const show = () => table.show(rows, field("q"), field("economy"));

  function leave() {
    rows = [];
    over.hide();
    table.hide();
    say("");
    for (const control of idle()) control.removeAttribute("disabled");
  }

  function say(/** @type {string} */ text) {
    status.textContent = text;
    const links = ["csv", "xlsx", "geojson", "json"].flatMap((kind) => {
      return [" ", element("a", kind.toUpperCase(), { href: `clusters.${kind}?${query()}`, download: "" })];
    });
    files.replaceChildren(...(text && rows.length ? ["Download this ranking as", ...links] : []));
  }

  function fill() {
    radius.input.value = String(state.radius_km);
    radius.output.textContent = `${state.radius_km} km`;
    least.input.value = String(placeOn(state.min_listings, bounds.min_listings));
    least.output.textContent = `${state.min_listings} listings`;
    least.input.setAttribute("aria-valuetext", least.output.textContent);
    const search = changed() ? `?${choice()}` : "";
    history.replaceState(null, "", location.pathname + search + location.hash);
  }

  async function outline() {
    const current = String(choice());
    if (!rows.length || outlined === current) return;
    outlined = current;
    const map = await fetchJson("map/outlines.json", choice());
    if (outlined === current && rows.length) over.outline(map.outlines);
  }

  /** @param {string} address @param {Record<string, string>} spot */
  async function explain(address, spot) {
    const close = button("Close", () => {
      explanation.hidden = true;
      over.pin(null);
    });
    try {
      const explained = await fetchJson(address, new URLSearchParams([...Object.entries(spot), ...(changed() ? choice() : [])]));
      explanation.replaceChildren(...explained.sentences.map((/** @type {string} */ text) => element("p", text)), close);
    } catch (error) {
      explanation.replaceChildren(element("p", error instanceof Error ? error.message : String(error)), close);
    }
    explanation.hidden = false;
  }

  radius.input.addEventListener("input", () => {
    state.radius_km = Number(radius.input.value);
    void refresh();
  });
  least.input.addEventListener("input", () => {
    const place = Number(least.input.value);
    const home = placeOn(standard.min_listings, bounds.min_listings);
    state.min_listings = place === home ? standard.min_listings : threshold(place, bounds.min_listings);
    void refresh();
  });
  for (const input of weights) input.addEventListener("input", () => changed() && void refresh());
  for (const id of ["q", "economy"]) document.getElementById(id)?.addEventListener("input", () => rows.length && show());
  document.querySelector('[data-action="reset"]')?.addEventListener("click", () => changed() && void refresh());
  svg.addEventListener("click", (event) => {
    const place = placeOf(svg, event);
    if (event.defaultPrevented || !place || (event.target instanceof Element && event.target.closest("a"))) return;
    over.pin(place);
    void explain("explain/map.json", { x: place[0].toFixed(2), y: place[1].toFixed(2) });
  });

  const form = element("form");
  const place = /** @type {HTMLInputElement} */ (element("input", "", { type: "search", maxlength: "100", placeholder: "city, region or country" }));
  const label = element("label", "Explain a place, or click on the map");
  label.append(" ", place);
  form.append(label, element("button", "Explain"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    over.pin(null);
    if (place.value.trim()) void explain("explain/place.json", { q: place.value.trim() });
  });

  const panel = element("section", "", { class: "live-panel", "aria-label": "Other clusters" });
  const back = button("Reset radius and threshold", () => {
    Object.assign(state, standard);
    void refresh();
  });
  panel.append(radius.box, least.box, back, form, status, files);
  figure.before(panel);
  figure.after(explanation);

  const address = new URLSearchParams(location.search);
  for (const name of /** @type {const} */ (["radius_km", "min_listings"])) {
    const value = Number(address.get(name));
    if (address.has(name) && value >= bounds[name].minimum && value <= bounds[name].maximum) state[name] = value;
  }
  await refresh();
}

void start();
