// What the server adds to Explore: clusters under another radius or threshold, and why a place is in one.

const STEPS = 1000; // of the slider for the threshold, which runs by ratios
const REST_MS = 300; // without another choice, before what is out of sight is drawn
const NEAR = 40; // pixels of a degree from which the map shows outlines
const BEYOND = 1; // degrees: a cluster whose middle is out of sight may reach into it

/** @type {any} */
const explorer = /** @type {any} */ (window).hubrank?.explorer;

/** A file of this server as JSON. @param {string} address @param {URLSearchParams} query */
async function fetchJson(address, query = new URLSearchParams()) {
  const response = await fetch(query.size ? `${address}?${query}` : address);
  const document = await response.json();
  if (!response.ok) throw new Error(document.detail);
  return document;
}

/** @param {string} name @param {string} text @param {Record<string, string>} attributes */
function element(name, text = "", attributes = {}) {
  const created = document.createElement(name);
  if (text) created.textContent = text;
  for (const [key, value] of Object.entries(attributes)) created.setAttribute(key, value);
  return created;
}

/** @param {string} label @param {Record<string, string>} attributes */
function slider(label, attributes) {
  const [box, input, output] = [element("label", label), element("input", "", { type: "range", ...attributes }), element("output")];
  box.append(input, output);
  return { box, input: /** @type {HTMLInputElement} */ (input), output };
}

/** @param {number} place @param {{minimum: number, maximum: number}} bounds */
export function threshold(place, bounds) {
  const ratio = bounds.maximum / bounds.minimum;
  return Math.min(bounds.maximum, Math.max(bounds.minimum, Math.round(bounds.minimum * ratio ** (place / STEPS))));
}

/** @param {number} listings @param {{minimum: number, maximum: number}} bounds */
export function placeOn(listings, bounds) {
  return Math.round((STEPS * Math.log(listings / bounds.minimum)) / Math.log(bounds.maximum / bounds.minimum)) || 0; // of one choice
}

/** The degrees in sight, a little more; nothing where the map is too far away for outlines. @param {any} map */
export function boxInSight(map) {
  const camera = map.camera();
  if (camera.degree <= NEAR) return null;
  const { west, east, south, north } = camera.bounds();
  const lon = (/** @type {number} */ degrees) => ((((degrees + 180) % 360) + 360) % 360 - 180).toFixed(2);
  const lat = (/** @type {number} */ y, /** @type {number} */ more) => Math.min(90, Math.max(-90, map.latitudeOf(y) + more)).toFixed(2);
  return { west: lon(west - BEYOND), south: lat(south, -BEYOND), east: lon(east + BEYOND), north: lat(north, BEYOND) };
}

async function start() {
  const { words, economies, metrics } = explorer.data;
  const [api, edition] = await Promise.all([fetchJson("openapi.json"), fetchJson("clusters.json")]);
  const bounds = Object.fromEntries(api.paths["/clusters.json"].get.parameters.map((/** @type {any} */ each) => [each.name, each.schema]));
  const named = new Map(explorer.edition.map((/** @type {any} */ row) => [explorer.data.written?.[row.id], row.name])); // in the language of the page; an edition of an earlier version has none
  const standard = { radius_km: edition.radius_km, min_listings: edition.min_listings };
  const state = { ...standard };
  const table = /** @type {HTMLElement} */ (document.getElementById("ranking"));
  const steps = bounds.radius_km;
  const radius = slider(words.radius, { min: steps.minimum, max: steps.maximum, step: steps.multipleOf });
  const least = slider(words.threshold, { min: "0", max: String(STEPS), step: "1" });
  const [status, files] = [element("p", "", { role: "status", class: "soft" }), element("span", "", { class: "files" })];
  let [running, again] = [false, false];
  let shows = ""; // the choice and weights of the clusters that are shown; "" for those of the edition

  const changed = () => state.radius_km !== standard.radius_km || state.min_listings !== standard.min_listings;
  const choice = () => new URLSearchParams(Object.entries(state).map(([name, value]) => [name, String(value)]));

  /** The choice and the weights of the strip. */
  function query() {
    const out = choice();
    const mix = explorer.mix();
    metrics.forEach((/** @type {any} */ metric, /** @type {number} */ at) => metric.total !== "0" && out.set(`w.${metric.name}`, mix ? String(mix[at] / 10) : metric.weight));
    return out;
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
    const wanted = String(query());
    if (wanted === shows) return; // a search or a filter changes nothing here
    table.setAttribute("aria-busy", "true");
    try {
      const began = performance.now();
      const [ranked, map] = await Promise.all([fetchJson("clusters.json", new URLSearchParams(wanted)), fetchJson("map/marks.json", choice())]);
      const places = new Map(map.marks.map((/** @type {any} */ mark) => [mark.cluster_id, mark]));
      explorer.serve(ranked.clusters.map((/** @type {any} */ row) => shown(row, places.get(row.cluster_id))));
      shows = wanted;
      const took = Math.round(performance.now() - began);
      status.textContent = explorer.fillSlots(words.live_status, { count: ranked.clusters.length, radius: ranked.radius_km, listings: ranked.min_listings, took, all: edition.clusters.length });
      files.replaceChildren(...["csv", "xlsx", "geojson", "json"].map((kind) => element("a", kind.toUpperCase(), { href: `clusters.${kind}?${wanted}`, download: "" })));
      void outline(String(choice()));
    } catch (error) {
      shows = "";
      status.textContent = error instanceof Error ? error.message : String(error);
    }
    table.removeAttribute("aria-busy");
  }

  /** @param {any} row @param {any} place */
  function shown(row, place) {
    const codes = row.economies.split("/");
    return {
      id: row.cluster_id, name: named.get(row.cluster) ?? row.cluster, codes, economies: codes.map((/** @type {string} */ code) => economies[code] ?? code).join(", "),
      lon: place.lon, lat: place.lat, rank: row.rank, edition_rank: row.edition_rank, scoreText: () => row.score_pct.toFixed(2), why: null,
      shares: metrics.map((/** @type {any} */ metric) => row[`${metric.name}_share_pct`] ?? 0),
    };
  }

  /** The outlines of the choice: those in sight at once, all when no other choice has followed for a while. @param {string} wanted */
  async function outline(wanted) {
    const isWanted = () => wanted === String(choice()) && changed();
    const box = boxInSight(explorer.map);
    if (box) {
      const shapes = await fetchJson("map/outlines.json", new URLSearchParams([...new URLSearchParams(wanted), ...Object.entries(box)]));
      if (isWanted()) explorer.outline(shapes);
    }
    await new Promise((done) => setTimeout(done, REST_MS));
    if (!isWanted()) return;
    const shapes = await fetchJson("map/outlines.json", new URLSearchParams(wanted));
    if (isWanted()) explorer.outline(shapes);
  }

  function leave() {
    shows = "";
    explorer.serve(null);
    status.textContent = "";
    files.replaceChildren();
  }

  function fill() {
    radius.input.value = String(state.radius_km);
    radius.output.textContent = explorer.fillSlots(words.km, { km: state.radius_km });
    least.input.value = String(placeOn(state.min_listings, bounds.min_listings));
    least.output.textContent = explorer.fillSlots(words.listings, { listings: state.min_listings });
    least.input.setAttribute("aria-valuetext", least.output.textContent);
    history.replaceState(null, "", location.pathname + (changed() ? `?${choice()}` : "") + location.hash);
  }

  /** @param {string} address @param {Record<string, string>} spot */
  async function explain(address, spot) {
    let sentences;
    try {
      const explained = await fetchJson(address, new URLSearchParams([...Object.entries(spot), ...(changed() ? choice() : [])]));
      sentences = explained.sentences;
    } catch (error) {
      sentences = [error instanceof Error ? error.message : String(error)];
    }
    explorer.show_card(words.explained, sentences);
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
  explorer.handlers.changed = () => changed() && void refresh();
  explorer.handlers.ground = async (/** @type {number} */ lon, /** @type {number} */ lat) => {
    explorer.pin(lon, lat);
    await explain("explain.json", { lat: lat.toFixed(5), lon: (((lon + 540) % 360) - 180).toFixed(5) });
    explorer.pin(lon, lat); // clusters that arrived meanwhile have taken it away
  };

  const form = element("form");
  const place = /** @type {HTMLInputElement} */ (element("input", "", { type: "search", maxlength: "100", placeholder: words.place_hint, "aria-label": words.explain_place }));
  form.append(place, element("button", words.explain));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (place.value.trim()) void explain("explain/place.json", { q: place.value.trim() });
  });
  const panel = element("div", "", { class: "live", role: "group", "aria-label": words.other_clusters });
  const back = element("button", words.reset_method, { type: "button" });
  back.addEventListener("click", () => {
    Object.assign(state, standard);
    void refresh();
  });
  const fixed = bounds.min_listings.minimum === bounds.min_listings.maximum; // areas are ranked: there is no other choice
  panel.append(...(fixed ? [] : [radius.box, least.box, back]), form, status, files);
  if (document.body.classList.contains("embed")) document.querySelector(".whole")?.append(status); // no room for more
  else {
    document.body.classList.add("serving");
    document.getElementById("strip")?.append(panel);
  }

  const address = new URLSearchParams(location.search);
  for (const name of /** @type {const} */ (["radius_km", "min_listings"])) {
    const value = Number(address.get(name));
    if (address.has(name) && value >= bounds[name].minimum && value <= bounds[name].maximum) state[name] = value;
  }
  await refresh();
}

if (explorer) void start();
