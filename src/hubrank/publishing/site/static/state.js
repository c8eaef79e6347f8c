// The state of the view in the address of the page, so that a link restores it.

/**
 * @typedef {"q" | "economy" | "region" | "metric" | "field" | "top" | "only" | "borders" | "sort"} TextName
 * @typedef {Record<TextName, string> & {down: boolean, weights: Record<string, string>, view: number[] | null}} State
 */

/** @type {TextName[]} */
const TEXTS = ["q", "economy", "region", "metric", "field", "top", "only", "borders", "sort"];

/** @param {string} hash @param {string[]} metrics @returns {State} */
export function hashToState(hash, metrics) {
  const parameters = new URLSearchParams(hash.replace(/^#/, ""));
  /** @type {State} */
  const state = {
    q: "", economy: "", region: "", metric: "", field: "", top: "", only: "", borders: "", sort: "rank",
    down: parameters.get("down") === "1", weights: {}, view: null,
  };
  for (const name of TEXTS) if (parameters.has(name)) state[name] = String(parameters.get(name)).slice(0, 200);
  for (const metric of metrics) {
    const weight = parameters.get(`w.${metric}`);
    if (weight !== null && /^\d{1,2}(\.\d)?$/.test(weight)) state.weights[metric] = weight;
  }
  const view = (parameters.get("map") || "").split(",").map(Number);
  if (view.length === 3 && view.every(Number.isFinite) && view[2] >= 1) state.view = view;
  return state;
}

/**
 * The part of the address after #; defaults are omitted.
 * @param {State} state @param {Record<string, string>} editionWeights weights of the edition
 */
export function stateToHash(state, editionWeights) {
  const out = new URLSearchParams();
  for (const name of TEXTS) if (state[name] && !(name === "sort" && state[name] === "rank")) out.set(name, state[name]);
  if (state.down) out.set("down", "1");
  for (const [metric, weight] of Object.entries(state.weights)) {
    if (Number(weight) !== Number(editionWeights[metric])) out.set(`w.${metric}`, weight);
  }
  if (state.view && state.view[2] > 1) out.set("map", state.view.map((part) => Math.round(part * 100) / 100).join(","));
  return out.toString();
}

/** Put the state into the address, without a new step in the history. @param {string} hash */
export function replaceHash(hash) {
  history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
}
