// The state of the view in the address of the page, so that a link restores it.

/**
 * @typedef {"q" | "economy" | "region" | "metric" | "field" | "view" | "c" | "sort"} TextName
 * @typedef {Record<TextName, string> & {down: boolean, mix: number[] | null, map: number[] | null}} State
 *   mix: percent per metric, adding up to 100; null: the published weights. map: longitude, latitude, zoom; null: as the page opens.
 */

/** @type {TextName[]} */
const TEXTS = ["q", "economy", "region", "metric", "field", "view", "c", "sort"];

/** @param {string} hash @param {number} [metrics] how many there are @returns {State} */
export function hashToState(hash, metrics = 0) {
  const parameters = new URLSearchParams(hash.replace(/^#/, ""));
  /** @type {State} */
  const state = { q: "", economy: "", region: "", metric: "", field: "", view: "", c: "", sort: "rank", down: parameters.get("down") === "1", mix: null, map: null };
  for (const name of TEXTS) if (parameters.has(name)) state[name] = String(parameters.get(name)).slice(0, 400);
  const mix = (parameters.get("w") || "").split("-");
  if (metrics && mix.length === metrics && mix.every((part) => /^\d{1,3}$/.test(part))) {
    const numbers = mix.map(Number);
    if (numbers.some(Boolean)) state.mix = numbers;
  }
  const map = (parameters.get("map") || "").split("_").map(Number);
  if (map.length === 3 && map.every(Number.isFinite) && map[2] >= 1 && Math.abs(map[1]) <= 90 && Math.abs(map[0]) <= 540) state.map = map;
  return state;
}

/** The part of the address after #; defaults are omitted. @param {State} state */
export function stateToHash(state) {
  const out = new URLSearchParams();
  for (const name of TEXTS) if (state[name] && !(name === "sort" && state[name] === "rank")) out.set(name, state[name]);
  if (state.down) out.set("down", "1");
  if (state.mix) out.set("w", state.mix.join("-"));
  if (state.map) out.set("map", state.map.map((part) => Math.round(part * 1000) / 1000).join("_"));
  return out.toString();
}

/** Put the state into the address, without a new step in the history. @param {string} hash */
export function replaceHash(hash) {
  const address = hash ? `#${hash}` : location.pathname + location.search;
  if (hash !== location.hash.slice(1)) history.replaceState(null, "", address);
}
