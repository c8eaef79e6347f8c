// Explore: what the reader does changes the state; the state decides what list, map and card show.
import { createCard, openRanks, otherWeights, partBars, textElement } from "./card.js";
import { need, present, shapesOf } from "./data.js";
import { finder } from "./finding.js";
import { boxesOver } from "./labels.js";
import { createList, onAxis, readRows } from "./list.js";
import { createMap, pageColours, WORLD } from "./map.js";
import { projected, strongestOf } from "./marks.js";
import { createMix, createTriangle, openTriangle, ranksAt, span } from "./mixing.js";
import { boxOf } from "./portrait.js";
import { drawScale, showScale } from "./scale.js";
import { bounded, NARROW } from "./projection.js";
import { restrictCounts } from "./restriction.js";
import { reranker, roundText, weightUnits } from "./reweighting.js";
import { captioned, captionHeight, csv, embedCode, save, toPng } from "./share.js";
import { hashToState, replaceHash, stateToHash } from "./state.js";
import { byId, fillSlots, foldText, numberText } from "./words.js";

/** @typedef {any} Row a cluster: what the page states, and how it ranks in this view */

const PLACES = { world: null, americas: [-95, 30, 2.4], europe: [10, 50, 6], africa: [18, 3, 3], asia: [112, 27, 3] };
const CARD = 360; // pixels at the right of a wide map
const LEAST = 2.4; // percent of the axis of ranks: four pixels on a desk
const FLY_TO = 60; // results of a search that the map flies to
const FEW = 5; // clusters: more of them show by themselves where they are, and need less of the land around
const MOST = 0.9; // of the output of all clusters
const REGIONAL = 1.6; // zoom at which clusters fit, from which on the map opens on them with land around
const TIGHTER = 1.3; // times that zoom for clusters of a continent, which fill most of the map
const CLOSER = 2; // times the zoom of all clusters, at which the leading ones alone fit

/** The first clusters that have nine tenths of the output of all: of an edition of one country they are there, and others only partners abroad. @param {Row[]} rows first rank first @returns {Row[]} */
function leading(rows) {
  const outputs = rows.map((row) => row.shares.reduce((/** @type {number} */ sum, /** @type {number} */ share) => sum + share, 0));
  let left = MOST * outputs.reduce((sum, output) => sum + output, 0);
  return rows.filter((_, at) => (left -= outputs[at]) > -outputs[at]);
}

/** Where the leading clusters have an economy in common, all clusters that have it: islands of a country, far from the rest, are a part of it. @param {Row[]} rows first rank first @returns {Row[]} */
function ofLeading(rows) {
  const most = leading(rows);
  const common = (most[0]?.codes ?? []).find((/** @type {string} */ code) => most.every((row) => row.codes.includes(code)));
  return common === undefined ? most : rows.filter((row) => row.codes.includes(common));
}

/** The degrees around clusters: west, south, east, north. @param {Row[]} rows at least one @param {number} [beyond] degrees */
function boxAround(rows, beyond = 2) {
  const [lon, lat] = [rows.map((row) => row.lon), rows.map((row) => row.lat)];
  return [Math.min(...lon) - beyond, Math.min(...lat) - beyond, Math.max(...lon) + beyond, Math.max(...lat) + beyond];
}

/** @param {any} data what the page says about the edition */
export function startExplorer(data) {
  const { metrics, words } = data;
  const labels = metrics.map((/** @type {any} */ metric) => metric.label);
  /** @type {HTMLTableElement} */
  const table = byId("ranking");
  const totals = metrics.map((/** @type {any} */ metric) => metric.total);
  /** @type {Row[]} */
  const edition = readRows(table, byId("others")?.textContent ?? "").map((row) => ({
    ...row, ...projected(row.lat), seen: false, wanted: true, editionRank: row.rank, edition: row, top: 0, parts: [],
    move: null, regions: row.codes.flatMap((code) => data.regions[code] ?? []),
  }));
  const byKey = new Map(edition.map((row) => [row.id, row]));
  const strongest = strongestOf(edition.map((row) => row.shares));
  const [extent, own, main] = [edition, ofLeading(edition), leading(edition)].map((some) => (some.length ? boxAround(some, some.length > FEW ? 0.5 : 2) : [-180, -90, 180, 90]));
  /** @type {Row[]} all rows of the view, first rank first; another choice of the server replaces them */
  let rows = edition;
  /** @type {{rows: Row[]} | null} */
  let served = null;
  let state = hashToState(location.hash, metrics.length);
  let kept = location.hash; // what the address has of the state
  let [flying, drawn] = [0, false];
  const embedded = document.body.classList.contains("embed");
  /** @type {import("./marks.js").Scene} */
  const scene = { clusters: rows, best: 1, selected: null, hovered: null };

  const card = createCard(byId("card"), () => select(null));
  const tip = byId("tip");
  const list = createList(table, metrics.length, content, {
    pick: (row) => select(/** @type {Row} */ (row), true), hover: (row) => hover(/** @type {Row} */ (row), -1, -1),
    address: (row) => portrait(/** @type {Row} */ (row)), couldBe: words.could_be, target: embedded ? "_blank" : "",
  });
  const map = createMap(byId("map"), scene, {
    hover: (row, x, y) => hover(/** @type {Row} */ (row), x, y),
    pick: (row, lon, lat) => (row ? select(/** @type {Row} */ (row), true) : handlers.ground(lon, lat)),
    moved, key, taken, home,
  });
  /** What the server's page replaces; changed: the weights may be others. @type {{ground: (lon: number, lat: number) => void, changed: () => void}} */
  const handlers = { ground: () => select(null), changed: () => {} };
  const mix = createMix(byId("strip"), metrics, (next) => change({ mix: next && same(next, mix.published) ? null : next }));
  const triangle = byId("mix-ground") ? createTriangle(byId("mix-ground"), metrics.length, (next) => change({ mix: next })) : null;

  const same = (/** @type {number[]} */ a, /** @type {number[]} */ b) => a.every((part, at) => part === b[at]);
  const portrait = (/** @type {Row} */ row) => (row.edition?.href ? row.edition.href : `cluster/${row.id}.html`);
  const asPublished = () => !state.mix && !state.metric && !served;

  const needsCounts = () => !served && !asPublished();
  const viewKey = () => `${state.metric}\n${state.field}`;
  /** What of the counts a choice of metric and field leaves. */
  let ranker = { key: "", rank: /** @type {(weights: bigint[]) => import("./reweighting.js").Ranked[]} */ (() => []), totals: /** @type {string[]} */ ([]), at: /** @type {number[]} */ ([]) };
  const isPrepared = () => ranker.key === viewKey() && ranker.totals.length > 0;
  /** @param {any} units @param {any[]} fields */
  function prepare(units, fields) {
    if (isPrepared()) return;
    const all = { metrics, clusters: edition.map((row, at) => ({ id: row.id, units: units.map((/** @type {string[]} */ of) => of[at]) })) };
    const counts = restrictCounts(all, fields, state);
    const at = counts === all ? metrics.map((/** @type {any} */ _, /** @type {number} */ metric) => metric) : [metrics.findIndex((/** @type {any} */ metric) => metric.name === state.metric)];
    ranker = { key: viewKey(), rank: reranker(counts), totals: counts.metrics.map((metric) => metric.total), at };
    edition.forEach((row, number) => {
      row.restricted = counts === all ? row.shares : metrics.map((/** @type {any} */ _, /** @type {number} */ metric) => (metric === at[0] ? (100 * Number(counts.clusters[number].units[0])) / Number(ranker.totals[0]) : 0));
    });
  }

  /** The weights of the view as the score takes them. */
  const weights = () => (state.metric ? metrics.map((/** @type {any} */ metric) => (metric.name === state.metric ? 1 : 0)) : state.mix ?? metrics.map((/** @type {any} */ metric) => Number(metric.weight)));

  /** Parts of the score: M × weight × share / Σ weights. @param {number[]} shares */
  function partsOf(shares) {
    const used = weights().map((/** @type {number} */ weight, /** @type {number} */ metric) => (totals[metric] === "0" ? 0 : weight));
    const [sum, count] = [used.reduce((/** @type {number} */ all, /** @type {number} */ weight) => all + weight, 0) || 1, used.filter(Boolean).length];
    return used.map((/** @type {number} */ weight, /** @type {number} */ metric) => (count * weight * shares[metric]) / sum);
  }

  /** Rank the rows of the view. */
  function rank() {
    if (served) rows = served.rows;
    else if (asPublished()) {
      for (const row of edition) [row.rank, row.scoreText, row.why, row.parts] = [row.editionRank, row.edition.scoreText, row.edition.why, partsOf(row.shares)];
      rows = edition;
    } else {
      const texts = ranker.at.length === 1 && state.metric ? ["1"] : state.mix?.map(String) ?? metrics.map((/** @type {any} */ metric) => metric.weight);
      rows = ranker.rank(texts.map(weightUnits)).map(({ cluster, rank: place, score }) => {
        const row = edition[cluster];
        [row.rank, row.parts, row.scoreText, row.why] = [place, partsOf(row.restricted ?? row.shares), score, null];
        return row;
      });
    }
    const used = weights();
    for (const row of rows) {
      row.score = row.parts.reduce((/** @type {number} */ sum, /** @type {number} */ part) => sum + part, 0);
      row.top = strongest(row.shares.map((/** @type {number} */ share, /** @type {number} */ metric) => (used[metric] ? share : -1))); // of what counts
    }
    scene.clusters = rows;
    scene.best = Math.max(...rows.map((row) => row.score), 1e-9);
  }

  /** Ranks gained: since the edition before, or over the published rank; null where there is none. @param {Row} row @returns {number | null} */
  const moveOf = (row) => (row.why !== null ? row.move : row.editionRank === null ? null : row.editionRank - row.rank);

  /** The same in words. @param {Row} row */
  function why(row) {
    const text = row.why ?? whyHere(row);
    return { why: text, way: text.startsWith("▲") ? "up" : text.startsWith("▼") ? "down" : "" };
  }

  /** @param {Row} row under other weights, or of the server */
  function whyHere(row) {
    const by = moveOf(row);
    if (by === null) return words.not_in_edition;
    const texts = served ? [words.up_edition, words.down_edition, words.same_edition] : [words.up_from, words.down_from, words.same_published];
    return fillSlots(by > 0 ? texts[0] : by < 0 ? texts[1] : texts[2], { rank: row.editionRank, now: row.rank });
  }

  /** A range that can be seen where it is one. @param {number} left @param {number} right percent of the axis */
  const wide = (left, right) => (right > left && right - left < LEAST ? [(left + right - LEAST) / 2, (left + right + LEAST) / 2] : [left, right]);
  const scoreOf = (/** @type {Row} */ row) => (typeof row.scoreText === "function" ? numberText(roundText(row.scoreText())) : row.scoreText);

  /** @param {any} row */
  function content(row) {
    const [low, high, outerLow, outerHigh] = row.edition?.interval ?? [];
    const shows = asPublished() && low;
    const axis = (/** @type {number} */ at) => onAxis(Math.max(1, at), edition.length);
    const ends = data.places ? [outerLow, outerHigh] : [low, high];
    return {
      ...why(row), within: row.within, score: scoreOf(row), parts: row.parts.map((/** @type {number} */ part) => (100 * part) / scene.best),
      interval: shows ? (ends[0] === ends[1] ? String(ends[0]) : `${ends[0]}–${ends[1]}`) : "",
      ranges: shows ? [wide(axis(low), axis(high)), wide(axis(ends[0]), axis(ends[1]))] : [], spot: axis(row.rank),
    };
  }

  /** Filter, sort and show. */
  function show() {
    if (needsCounts() && !isPrepared()) return; // when the counts have arrived, they are shown
    rank();
    const meant = finder(state.q, rows, state.q.trim() ? present("names", show) ?? null : null);
    const only = state.metric ? metrics.findIndex((/** @type {any} */ metric) => metric.name === state.metric) : -1;
    for (const row of rows) {
      row.wanted = meant(row) && (!state.economy || row.codes.includes(state.economy)) && (!state.region || row.regions.includes(state.region)) && (only < 0 || served || row.parts[only] > 0);
    }
    const wanted = rows.filter((row) => row.wanted);
    const within = state.economy || state.region;
    wanted.forEach((row, at) => (row.within = within ? fillSlots(words.within, { place: at + 1, count: wanted.length }) : ""));
    list.show(sorted(wanted));
    byId("none").hidden = Boolean(list.shown().length);
    byId("none").textContent = !rows.length ? words.no_clusters : rows.some(meant) ? words.none_left : fillSlots(words.found_none, { text: state.q.trim() });
    describe();
    if (drawn) showTriangle();
    for (const head of /** @type {NodeListOf<HTMLElement>} */ (table.querySelectorAll("th[data-sort]"))) {
      if (head.dataset.sort === state.sort) head.setAttribute("aria-sort", state.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
    if (scene.selected) showCard(/** @type {Row} */ (scene.selected));
    map.ask();
    keep();
  }

  /** @param {Row[]} wanted */
  function sorted(wanted) {
    const way = state.down ? -1 : 1;
    /** What is sorted by; null comes last either way. @type {Record<string, (row: Row) => number | string | null>} */
    const keys = {
      cluster: (row) => foldText(row.name),
      interval: (row) => (row.edition?.interval.length ? row.edition.interval[3] - row.edition.interval[2] : null),
      change: (row) => (moveOf(row) === null ? null : -Number(moveOf(row))),
    };
    const key = keys[state.sort];
    if (!key) return state.down ? wanted.reverse() : wanted;
    const keyed = wanted.map((row) => ({ row, key: key(row) }));
    keyed.sort((a, b) => {
      if (a.key === null || b.key === null || a.key === b.key) return Number(a.key === null) - Number(b.key === null) || a.row.rank - b.row.rank;
      return a.key < b.key ? -way : way;
    });
    return keyed.map(({ row }) => row);
  }

  /** Say how the view differs from the edition; an edition of one metric has no weights to speak of. */
  function describe() {
    const published = metrics.length > 1 ? words.published : "";
    const of = { metric: labels[metrics.findIndex((/** @type {any} */ metric) => metric.name === state.metric)] ?? "", field: state.field };
    const text = state.field ? words.one_field : state.metric ? words.one_metric : state.mix ? words.your_weights : published;
    const count = list.shown().length;
    byId("count").textContent = [served ? "" : fillSlots(text, of), count < rows.length ? fillSlots(words.count, { count, all: rows.length }) : ""].filter(Boolean).join(" ");
    byId("strip").classList.toggle("off", Boolean(state.metric));
    for (const name of ["metric", "field"]) byId(name)?.toggleAttribute("disabled", Boolean(served));
    byId("filters-note").textContent = served ? words.edition_only : "";
    for (const slider of byId("strip").querySelectorAll("input[data-metric]")) slider.toggleAttribute("disabled", Boolean(state.metric) || totals[Number(slider.dataset.metric)] === "0");
    byId("reset").classList.toggle("off", !(state.mix || state.metric));
    const chips = /** @type {[string, string][]} */ ([["economy", data.economies[state.economy] ?? ""], ["region", state.region], ["metric", of.metric], ["field", state.field]]).filter(([name, text]) => text && state[/** @type {"economy"} */ (name)]);
    byId("chips")?.replaceChildren(...chips.map(([name, text]) => {
      const chip = /** @type {HTMLButtonElement} */ (textElement("button", "chip", `${text} ×`));
      chip.type = "button";
      chip.setAttribute("aria-label", fillSlots(words.remove, { filter: text }));
      chip.addEventListener("click", () => {
        change({ [name]: "", ...(name === "metric" ? { field: "" } : {}) });
        if (name === "economy" || name === "region") search();
      });
      return chip;
    }));
  }

  /** The rank of the selected cluster, else of the first, at every mix. */
  function showTriangle() {
    if (!triangle) return;
    for (const id of ["triangle", "triangle-open"]) byId(id).classList.toggle("away", Boolean(state.metric || served)); // it knows the edition's clusters only
    if (state.metric || served) return;
    const of = /** @type {Row} */ (byKey.get(scene.selected?.id ?? "") ?? edition[0]);
    const at = edition.indexOf(of);
    const ranks = triangleRanks(at);
    const { best, worst } = span(ranks);
    const text = fillSlots(words.everywhere, { cluster: of.name, best, worst, rank: of.rank });
    byId("mix-ground").setAttribute("aria-label", text);
    byId("triangle-note").textContent = text;
    triangle.show(ranks, labels, mix.current(), pageColours());
  }
  let everywhere = { at: -1, ranks: /** @type {number[]} */ ([]) };
  /** @param {number} at */
  function triangleRanks(at) {
    if (everywhere.at !== at && triangle) everywhere = { at, ranks: ranksAt(edition.map((row) => row.shares), at, triangle.mixes) };
    return everywhere.ranks;
  }

  /** @param {Row | null} row */
  function sentences(row) {
    const ends = row?.edition?.interval ?? [];
    if (!row || !asPublished() || !ends[0]) return [];
    const shown = data.places ? ends.slice(2, 4) : ends.slice(0, 2);
    return [openRanks(shown, data), ...(ends[4] ? [otherWeights(words, ends[4], ends[5])] : [])];
  }

  const two = (/** @type {number} */ value) => numberText(roundText(value.toFixed(6)));
  /** @param {Row} row */
  function showCard(row) {
    const whole = textElement("p", "");
    whole.append(textElement("span", "big", String(row.rank)), " ", textElement("span", "", fillSlots(words.of, { count: rows.length, score: scoreOf(row) })));
    const { why: text, way } = why(row);
    const links = textElement("p", "links");
    if (byKey.has(row.id) && !data.alone) {
      const [whole, compare] = [textElement("a", "", words.portrait), textElement("a", "", words.compare)];
      whole.setAttribute("href", portrait(row));
      compare.setAttribute("href", `compare.html#c=${encodeURIComponent(row.id)}`);
      if (embedded) for (const link of [whole, compare]) link.setAttribute("target", "_blank");
      links.append(whole, " ", compare);
    }
    card.show(textElement("h2", "", row.name), textElement("p", "e", row.economies), whole, ...partBars(metrics, row.parts, two), ...sentences(row).map((said) => textElement("p", "", said)), textElement("p", way, text), links);
  }

  /** @param {Row | null} row @param {boolean} [near] whether the map flies there */
  function select(row, near = false) {
    scene.selected = row;
    if (!row) scene.pin = null;
    state.c = row?.id ?? "";
    list.select(row, true);
    if (row) showCard(row);
    else card.hide();
    showTriangle();
    map.ask();
    keep();
    if (row && near) flyTo(row);
  }

  /** @param {Row} row */
  function flyTo(row) {
    const mine = ++flying;
    need("outlines", (published) => {
      if (mine !== flying) return;
      const shapes = served ? scene.shapes ?? { areas: {} } : published;
      const box = boxOf(shapes.areas[row.id] ?? [], row.lon, map.latitudeOf);
      if (!box) return void map.fly({ lon: row.lon, lat: row.lat, k: Math.max(map.view().k, 40) });
      void map.fly(map.viewOf(box, map.frame.width > 900 ? CARD : 0));
    });
  }

  /** @param {Row | null} row @param {number} x @param {number} y */
  function hover(row, x, y) {
    if (scene.hovered !== row) {
      scene.hovered = row;
      list.hover(row);
      map.ask();
    }
    tip.hidden = !row || x < 0;
    if (!row || x < 0) return;
    tip.replaceChildren(textElement("b", "", `${row.rank} ${row.name}`), textElement("p", "e", row.economies), ...partBars(metrics, row.parts, two), ...sentences(row).slice(0, 1).map((said) => textElement("p", "", said)));
    tip.style.left = `${Math.max(4, Math.min(x + 14, map.frame.width - 296))}px`;
    tip.style.top = `${Math.max(4, Math.min(y + 14, map.frame.height - tip.offsetHeight - 6))}px`;
  }

  /** @param {string} pressed */
  function key(pressed) {
    if (pressed === "Escape") select(null);
    else if (pressed === "n" || pressed === "p") {
      const shown = rows.filter((row) => row.wanted);
      const at = scene.selected ? shown.indexOf(scene.selected) + (pressed === "n" ? 1 : -1) : 0;
      const next = shown[Math.max(0, Math.min(shown.length - 1, at))];
      if (next) select(next, true);
    } else return false;
    return true;
  }

  /** Where something lies over the map. */
  function taken() {
    return boxesOver(byId("map"), document.querySelectorAll("#stage > .over:not([hidden])"));
  }

  let keeping = 0;
  /** @param {import("./projection.js").View} view */
  function moved(view) {
    const cam = map?.camera();
    if (!cam) return;
    if (view.k < 3) byId("scale").hidden = true;
    else showScale(byId("scale"), cam);
    if (!drawn) {
      drawn = true;
      performance.mark("drawn");
      if ("requestIdleCallback" in self) self.requestIdleCallback(idle, { timeout: 5000 }); // a busy machine is never idle
      else setTimeout(idle);
    }
    state.map = isHome(view) ? null : [view.lon, view.lat, view.k];
    clearTimeout(keeping);
    keeping = window.setTimeout(keep, 200);
  }

  /** @param {import("./projection.js").View} view */
  function isHome(view) {
    const to = home();
    return to === WORLD ? view.k <= 1.01 : Math.hypot(view.lon - to.lon, view.lat - to.lat) < 0.01 && Math.abs(view.k / to.k - 1) < 0.01;
  }

  /** What the first view does not need. */
  function idle() {
    showTriangle(); // ranks at every mix of a grid: a tenth of a second with thousands of clusters
    for (const name of ["index", "borders", "countries", "cities", "lakes", "units", "land1"]) need(name, () => map.ask());
    withExactFigures(() => {
      everywhere.at = -1;
      show();
    });
  }

  /** Do something when the rows have all ranges of ranks, moves, and figures that the page has rounded. @param {() => void} use */
  function withExactFigures(use) {
    need("clusters", (/** @type {any[][]} */ all) => {
      all.forEach(([, , , , , score, shares, ranges, , , move], at) => {
        const row = edition[at];
        if (row.restricted === row.shares) row.restricted = shares;
        [row.shares, row.edition.exact, row.edition.interval, row.move] = [shares, score, ranges, move];
      });
      use();
    });
  }

  /** What another radius or threshold adds to the address of a page. */
  const choice = () => (served ? location.search : "");

  function keep() {
    if (location.hash === kept) { // else a link was followed, and its event is still to come
      replaceHash(stateToHash(state));
      kept = location.hash;
    }
    for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("a[href^='moved.html'], a[href^='robustness.html']"))) {
      const q = data.economies[state.economy] ?? state.q.trim();
      link.href = link.pathname.replace(/.*\//, "") + (q ? `#${new URLSearchParams({ q })}` : "");
    }
    const whole = byId("whole");
    if (whole) whole.href = `index.html${choice()}#${stateToHash({ ...state, view: "" })}`;
  }

  /** Change the state and show it, with the counts that it needs. @param {Partial<typeof state>} next */
  function change(next) {
    state = { ...state, ...next };
    apply();
    handlers.changed();
  }

  function apply() {
    const counted = metrics.some((/** @type {any} */ metric) => metric.name === state.metric && metric.total !== "0");
    if (served || !counted) [state.metric, state.field] = ["", ""]; // the server counts all metrics
    fillControls();
    withCounts(show);
  }

  /** Do something when the counts that the state needs are there. @param {() => void} use */
  function withCounts(use) {
    if (!needsCounts()) return use();
    need("units", (units) => {
      if (!state.field) {
        prepare(units, []);
        return use();
      }
      need("fields", (fields) => {
        prepare(units, fields);
        use();
      });
    });
  }

  const controls = /** @type {const} */ (["q", "economy", "region", "metric", "field"]);
  function fillControls() {
    for (const name of controls) if (byId(name) && name !== "field") byId(name).value = state[name];
    if (byId("field")) byId("field").selectedIndex = Math.max(0, [...byId("field").options].findIndex((one) => one.dataset.metric === state.metric && one.value === state.field));
    mix.show(state.mix);
    document.body.classList.toggle("only-map", state.view === "map" || state.view === "cluster");
    document.body.classList.toggle("only-list", state.view === "list");
  }

  let searching = 0;
  for (const name of controls) {
    byId(name)?.addEventListener("input", () => {
      const value = byId(name).value;
      if (name === "q") {
        scene.selected = null;
        state.c = "";
        card.hide();
        clearTimeout(searching);
        searching = window.setTimeout(search, 250);
        return change({ q: value });
      }
      if (name === "metric") return change({ metric: value, field: "" });
      if (name === "field") return change({ field: value, metric: value ? byId(name).selectedOptions[0].dataset.metric : state.metric });
      change({ [name]: value });
      search();
    });
  }
  byId("q")?.addEventListener("focus", () => present("names", show)); // they have come before the first word is typed
  byId("q")?.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    const shown = list.shown();
    if (event.key === "Enter" && shown.length === 1) select(/** @type {Row} */ (shown[0]), true);
  });

  /** The view of the clusters that search and filters leave; all of them if there is neither. */
  function viewOfShown() {
    const shown = /** @type {Row[]} */ (list.shown());
    if (!state.q.trim() && !state.economy && !state.region) return home();
    return shown.length && (shown.length <= FLY_TO || !state.q.trim()) ? bounded(viewOfBox(boxAround(shown)), map.frame) : null;
  }

  function search() {
    const to = viewOfShown();
    if (to) void map.fly(to);
  }

  /** @param {number[]} box */
  function viewOfBox(box) {
    const view = map.viewOf(box);
    return { ...view, k: Math.min(30, view.k) };
  }

  /** The view that the page opens with: all clusters where they lie in one part of the world, or the leading ones where these fill a small part of it, with the others of their economy. */
  function home() {
    const [all, country, most] = [viewOfBox(extent), viewOfBox(own), viewOfBox(main)];
    const close = country.k < REGIONAL ? most : country;
    const view = most.k > CLOSER * all.k ? close : all;
    if (view.k <= 1) return WORLD; // what fits at no zoom
    return bounded(view.k < REGIONAL ? { ...view, k: view.k * TIGHTER } : view, map.frame);
  }

  for (const head of /** @type {NodeListOf<HTMLElement>} */ (table.querySelectorAll("th[data-sort] button"))) {
    head.addEventListener("click", () => {
      const column = String(head.parentElement?.dataset.sort);
      change({ sort: column, down: state.sort === column ? !state.down : false });
    });
  }

  const title = data.title.includes(data.edition) ? data.title : `${data.title} ${data.edition}`;
  /** Whose it is and what it is made of. */
  const origin = () => [data.by, words.made_with, data.at].filter(Boolean).join(". ");
  /** The lines below a picture, the longest parts of a line last. */
  const caption = () => [
    [title, byId("count").textContent, ...[...byId("chips").children].map((chip) => (chip.textContent ?? "").replace(" ×", ""))].filter(Boolean).join(" · "),
    data.note, [data.area_is, data.credit, origin()].join(" · "),
  ].filter(Boolean);
  /** What is visible; the bar of the scale is part of it, because a picture is seen at any size. */
  function picture() {
    const [drawing, bar, frame] = [map.svg(), byId("scale").getBoundingClientRect(), byId("map").getBoundingClientRect()];
    if (!byId("scale").hidden) drawScale(drawing, map.camera(), pageColours(), bar.left - frame.left + 4, bar.bottom - frame.top - 5);
    const legend = metrics.length > 1 ? { head: data.strongest, items: labels } : { head: "", items: [] };
    return captioned(drawing, map.frame.width, map.frame.height, caption(), legend, pageColours());
  }
  const pictureHeight = () => map.frame.height + captionHeight(caption(), metrics.length > 1);
  const decimal = (/** @type {string} */ text) => text.replace(".", data.decimals);
  const digits = (/** @type {number} */ value) => decimal(value.toFixed(6));
  /** The visible list, with names and figures as the tables of the edition have them; commas and semicolons as in ranking-spreadsheet.csv. */
  function table_csv() {
    const [published, ranges] = [asPublished(), ["rank_low", "rank_high", ...(data.places ? ["rank_low_places", "rank_high_places"] : [])]];
    const heads = [
      "rank", ...(published ? [] : ["edition_rank"]), "cluster_id", "cluster", "economies", "score_pct",
      ...(published ? metrics.map((/** @type {any} */ metric) => `${metric.name}_share_pct`) : []), ...(published && data.level ? ranges : []),
      ...(published && data.moves ? ["rank_before", "move"] : []), "note", "title", "edition", "source", "view",
    ];
    const view = [data.at, [choice(), stateToHash(state)].filter(Boolean).join("#")].filter(Boolean).join(choice() ? "" : "#");
    return csv(heads, list.shown().map((/** @type {any} */ row) => [
      String(row.rank), ...(published ? [] : [String(row.editionRank ?? "")]), row.id, data.written[row.id] ?? row.name, row.codes.join("/"),
      published ? digits(row.edition.exact) : decimal(typeof row.scoreText === "function" ? row.scoreText() : row.scoreText),
      ...(published ? row.shares.map(digits) : []), ...(published && data.level ? row.edition.interval.slice(0, ranges.length).map(String) : []),
      ...(published && data.moves ? (row.move === null ? ["", ""] : [String(row.rank + row.move), String(row.move)]) : []),
      data.note, title, data.edition, origin(), view,
    ]), data.decimals === "," ? ";" : ",");
  }
  /** What a file is called: its edition and what was filtered. @param {string} what @param {string} kind */
  const fileName = (what, kind) => [what, data.edition, state.economy, state.region, state.metric, state.field, state.q.trim(), ...(state.mix ?? [])].filter((part) => part !== "").join("-").replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 80).concat(kind);
  /** @param {string} text */
  function copy(text) {
    const box = byId("copy");
    box.hidden = false;
    box.querySelector("textarea").value = text;
    box.querySelector("textarea").select();
  }
  const embed = (/** @type {string} */ view) => copy(embedCode(new URL(`embed.html${choice()}#${stateToHash({ ...state, view })}`, location.href).href, data.title));
  /** @type {Record<string, () => void>} */
  const actions = {
    in: () => void map.zoom(2), out: () => void map.zoom(0.5),
    reset: () => change({ mix: null, metric: "", field: "" }),
    filter: () => toggle("filters", "filter-open"), share: () => toggle("share", "share-open"), mix: () => toggle("strip", "mix-open"),
    triangle: () => {
      openTriangle(!byId("triangle").classList.contains("open"));
      triangle?.draw();
    },
    link: () => copy(location.href), embed: () => embed(scene.selected ? "cluster" : "map"), embedlist: () => embed("list"),
    csv: () => withExactFigures(() => withCounts(() => save(fileName("ranking", ".csv"), "text/csv", `\ufeff${table_csv()}`))),
    svg: () => save(fileName("map", ".svg"), "image/svg+xml", picture()),
    png: () => void toPng(picture(), map.frame.width, pictureHeight()).then((blob) => save(fileName("map", ".png"), "image/png", blob)),
  };
  for (const [name, place] of Object.entries(PLACES)) actions[name] = () => void (place ? map.fly({ lon: place[0], lat: place[1], k: place[2] * (map.frame.width < NARROW ? 0.8 : 1) }) : map.fly(WORLD));
  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button[data-action]"))) {
    button.addEventListener("click", () => actions[String(button.dataset.action)]?.());
  }
  /** @param {string} panel @param {string} button */
  function toggle(panel, button) {
    const open = byId(panel).classList.toggle("open");
    byId(button).setAttribute("aria-expanded", String(open));
  }

  addEventListener("hashchange", ({ newURL }) => {
    kept = new URL(newURL).hash;
    state = hashToState(kept, metrics.length);
    restore();
    handlers.changed();
  });
  addEventListener("beforeprint", () => {
    const parsed = new DOMParser().parseFromString(picture(), "image/svg+xml").documentElement;
    parsed.id = "map-print";
    byId("map-print")?.remove();
    byId("stage").append(document.adoptNode(parsed));
  });

  function restore() {
    for (const row of edition) if (!row.parts.length) row.parts = partsOf(row.shares); // until exact units have come
    apply();
    const row = rows.find((one) => one.id === state.c) ?? null;
    const view = state.map;
    if (row !== scene.selected) select(row, Boolean(row) && !view);
    map.show(view ? { lon: view[0], lat: view[1], k: view[2] } : row && !view ? map.view() : viewOfShown() ?? home());
  }
  need("land0", () => map.ask());
  restore();
  document.body.classList.add("ready");

  /** What the server's page and tests use. */
  return {
    data, map, scene, list, edition, handlers, select, fillSlots, state: () => state, mix: () => state.mix,
    /** Show other clusters in place of the edition's, whose outlines stay as thin lines. @param {any[] | null} clusters */
    serve(clusters) {
      scene.shapes = null;
      scene.pin = null;
      if (!clusters) {
        served = null;
        scene.ghosts = false;
        return apply();
      }
      [state.metric, state.field] = ["", ""];
      served = { rows: clusters.map((cluster) => ({
        ...cluster, ...projected(cluster.lat), seen: false, wanted: true, editionRank: cluster.edition_rank, edition: null, top: strongest(cluster.shares),
        parts: partsOf(cluster.shares), regions: cluster.codes.flatMap((/** @type {string} */ code) => data.regions[code] ?? []),
      })) };
      scene.ghosts = true;
      scene.selected = served.rows.find((row) => row.id === scene.selected?.id) ?? null;
      if (!scene.selected) card.hide();
      apply();
    },
    /** @param {any} shapes of the clusters that are served */
    outline(shapes) {
      scene.shapes = shapesOf(shapes);
      map.ask();
    },
    /** @param {number} lon @param {number} lat */
    pin(lon, lat) {
      scene.pin = [lon, lat];
      map.ask();
    },
    /** @param {string} title @param {string[]} sentences */
    show_card(title, sentences) {
      scene.selected = null;
      state.c = "";
      list.select(null, false);
      card.show(textElement("h2", "", title), ...sentences.map((said) => textElement("p", "", said)));
      map.ask();
      keep();
    },
  };
}
