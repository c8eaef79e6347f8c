// What the server adds to the page: clusters anew under another radius or threshold, and why a place is in one.
import { overlay, placeOf } from "./overlay.js";
import { element, ranking } from "./ranking.js";

const IDLE = '#region, #metric, #field, [data-action="csv"], [data-action="link"], [data-action^="embed"]';
const STEPS = 1000; // of the slider for the threshold, which runs by ratios

/** A file of this server as JSON. @param {string} address @param {URLSearchParams} asked */
async function fetched(address, asked = new URLSearchParams()) {
  const answer = await fetch(asked.size ? `${address}?${asked}` : address);
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.detail);
  return told;
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
  const made = element("button", text, { type: "button" });
  made.addEventListener("click", act);
  return made;
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
  const own = /** @type {HTMLElement | null} */ (document.querySelector("#ranking")?.closest(".wide") ?? null);
  const figure = svg?.closest("figure");
  if (!svg || !own || !figure) return;
  const [api, edition] = await Promise.all([fetched("openapi.json"), fetched("clusters.json")]);
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
  const said = element("p", "", { role: "status" });
  const files = element("p");
  const told = element("section", "", { class: "live-told", "aria-live": "polite", "aria-label": "Explanation" });
  told.hidden = true;
  const over = overlay(svg, () => void outline());
  const table = ranking(own, metrics);

  const changed = () => state.radius_km !== standard.radius_km || state.min_listings !== standard.min_listings;
  const choice = () => new URLSearchParams(Object.entries(state).map(([name, value]) => [name, String(value)]));

  function asked() {
    const out = choice();
    for (const input of weights) if (!input.disabled) out.set(`w.${input.dataset.metric}`, String(Number(input.value)));
    return out;
  }

  function field(/** @type {string} */ id) {
    const found = document.getElementById(id);
    return found instanceof HTMLInputElement || found instanceof HTMLSelectElement ? found.value : "";
  }

  /** Ask for the newest choice; while one answer is awaited, later ones only take its place. */
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
      const [found, map] = await Promise.all([fetched("clusters.json", asked()), fetched("map/marks.json", choice())]);
      const places = new Map(map.marks.map((/** @type {any} */ mark) => [mark.cluster_id, mark]));
      rows = found.clusters.map((/** @type {any} */ row) => ({ ...row, ...places.get(row.cluster_id) }));
      outlined = "";
      over.show(/** @type {any} */ (rows));
      show();
      const took = Math.round(performance.now() - began);
      say(`${rows.length} clusters at ${found.radius_km} km and ${found.min_listings} listings, in ${took} ms. Not the edition's: it has ${edition.clusters.length}. Without intervals.`);
      for (const control of idle()) control.setAttribute("disabled", "");
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    }
    table.busy(false);
  }

  /** What of the page acts on the edition's own table only. */
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
    said.textContent = text;
    const links = ["csv", "xlsx", "geojson", "json"].flatMap((kind) => {
      return [" ", element("a", kind.toUpperCase(), { href: `clusters.${kind}?${asked()}`, download: "" })];
    });
    files.replaceChildren(...(text && rows.length ? ["What is shown, as", ...links] : []));
  }

  function fill() {
    radius.input.value = String(state.radius_km);
    radius.output.textContent = `${state.radius_km} km`;
    least.input.value = String(placeOn(state.min_listings, bounds.min_listings));
    least.output.textContent = `${state.min_listings} listings`;
    least.input.setAttribute("aria-valuetext", least.output.textContent);
    const query = changed() ? `?${choice()}` : "";
    history.replaceState(null, "", location.pathname + query + location.hash);
  }

  async function outline() {
    const wanted = String(choice());
    if (!rows.length || outlined === wanted) return;
    outlined = wanted;
    const found = await fetched("map/outlines.json", choice());
    if (outlined === wanted && rows.length) over.outline(found.outlines);
  }

  /** @param {string} address @param {Record<string, string>} spot */
  async function explain(address, spot) {
    const close = button("Close", () => {
      told.hidden = true;
      over.pin(null);
    });
    try {
      const found = await fetched(address, new URLSearchParams([...Object.entries(spot), ...(changed() ? choice() : [])]));
      told.replaceChildren(...found.sentences.map((/** @type {string} */ text) => element("p", text)), close);
    } catch (error) {
      told.replaceChildren(element("p", error instanceof Error ? error.message : String(error)), close);
    }
    told.hidden = false;
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

  const ask = element("form");
  const place = /** @type {HTMLInputElement} */ (element("input", "", { type: "search", maxlength: "100", placeholder: "city, region or country" }));
  const label = element("label", "Explain a place, or click on the map");
  label.append(" ", place);
  ask.append(label, element("button", "Explain"));
  ask.addEventListener("submit", (event) => {
    event.preventDefault();
    over.pin(null);
    if (place.value.trim()) void explain("explain/place.json", { q: place.value.trim() });
  });

  const panel = element("section", "", { class: "live-panel", "aria-label": "Cluster anew" });
  const back = button("As in the edition", () => {
    Object.assign(state, standard);
    void refresh();
  });
  panel.append(radius.box, least.box, back, ask, said, files);
  figure.before(panel);
  figure.after(told);

  const given = new URLSearchParams(location.search);
  for (const name of /** @type {const} */ (["radius_km", "min_listings"])) {
    const value = Number(given.get(name));
    if (given.has(name) && value >= bounds[name].minimum && value <= bounds[name].maximum) state[name] = value;
  }
  await refresh();
}

void start();
