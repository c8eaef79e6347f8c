// Compare: two to five clusters side by side, on common scales.
import { openRanks, otherWeights, partBars, textElement } from "./card.js";
import { need } from "./data.js";
import { finder } from "./finding.js";
import { onAxis, shape } from "./list.js";
import { roundText } from "./reweighting.js";
import { byId, fillSlots, foldText, numberText } from "./words.js";

const MOST = 5;
const FIRST = 3; // shown before the reader chooses any

/** @param {any} data what the page says about the edition */
export function startComparison(data) {
  const { metrics, words } = data;
  need("clusters", (/** @type {any[][]} */ rows) => {
    const clusters = rows.map(([id, name, economies, , , score, shares, ranges, why, tied, , codes], at) => ({ id, name, economies, score, shares, ranges, why, tied, codes, rank: at + 1 }));
    byId("names").replaceChildren(...clusters.map(({ name, economies }) => {
      const option = document.createElement("option");
      option.value = name;
      option.label = economies;
      return option;
    }));
    let ids = fromAddress();

    function fromAddress() {
      const wanted = (new URLSearchParams(location.hash.slice(1)).get("c") || "").split(",").filter((id) => clusters.some((one) => one.id === id));
      return [...new Set(wanted)].slice(0, MOST);
    }

    function show() {
      const chosen = (ids.length ? clusters.filter(({ id }) => ids.includes(id)) : clusters.slice(0, FIRST));
      const most = metrics.map((/** @type {any} */ _, /** @type {number} */ metric) => Math.max(...chosen.map(({ shares }) => shares[metric]), 1e-9));
      byId("together").replaceChildren(...chosen.map((cluster) => column(cluster, Math.max(...most))));
      byId("pairs").textContent = chosen.slice(0, -1).map((one, at) => {
        const next = chosen[at + 1];
        return fillSlots(next.rank > one.tied ? words.apart : words.tied, { one: one.name, other: next.name });
      }).join(" ");
    }

    /** @param {any} cluster @param {number} most of all shares shown */
    function column(cluster, most) {
      const { id, name, economies, rank, score, shares, ranges, why } = cluster;
      const box = textElement("section", "");
      const head = textElement("h2", "");
      const link = textElement("a", "", name);
      link.setAttribute("href", `cluster/${encodeURIComponent(id)}.html`);
      head.append(link);
      const whole = textElement("p", "");
      whole.append(textElement("span", "big", String(rank)), " ", fillSlots(words.of, { count: clusters.length, score: numberText(roundText(score.toFixed(6))) }));
      const bars = partBars(metrics, [...shares, most], (value) => numberText(roundText(value.toFixed(6)))).slice(0, metrics.length);
      const ends = data.places ? ranges.slice(2, 4) : ranges.slice(0, 2);
      const said = ranges.length ? [axis(ends, rank), textElement("p", "", openRanks(ends, data))] : [];
      if (ranges.length > 4) said.push(textElement("p", "", otherWeights(words, ranges[4], ranges[5])));
      const remove = /** @type {HTMLButtonElement} */ (textElement("button", "", words.remove_cluster));
      remove.setAttribute("aria-label", fillSlots(words.remove, { filter: name }));
      remove.addEventListener("click", () => keep((ids.length ? ids : clusters.slice(0, FIRST).map((one) => one.id)).filter((other) => other !== id)));
      box.append(head, textElement("p", "e", economies), whole, ...bars, ...said, textElement("p", "", why), remove);
      return box;
    }

    /** @param {number[]} ends @param {number} rank */
    function axis([low, high], rank) {
      const at = (/** @type {number} */ place) => onAxis(place, clusters.length);
      const svg = shape("svg", { class: "axes", "aria-hidden": "true" });
      svg.append(
        shape("line", { class: "axis", x1: "0", x2: "100%", y1: 8, y2: 8 }),
        shape("rect", { class: "sure", x: `${at(low)}%`, width: `${Math.max(0, at(high) - at(low))}%`, y: 4, height: 8 }),
        shape("circle", { class: "spot", cx: `${at(rank)}%`, cy: 8, r: 4 }),
      );
      return svg;
    }

    /** @param {string[]} next */
    function keep(next) {
      ids = next;
      history.replaceState(null, "", ids.length ? `#c=${ids.map(encodeURIComponent).join(",")}` : location.pathname + location.search);
      show();
    }

    byId("add").addEventListener("submit", (/** @type {Event} */ event) => {
      event.preventDefault();
      const named = clusters.find(({ name }) => foldText(name) === foldText(byId("who").value.trim()));
      if (named) put(named.id);
      else need("names", add);
    });

    /** @param {string} id */
    function put(id) {
      byId("who-none").hidden = true;
      byId("who").value = "";
      if (!ids.includes(id)) keep([...ids, id].slice(-MOST));
    }

    /** Add the first cluster that is meant and not there. @param {import("./finding.js").OtherNames} others */
    function add(others) {
      const text = byId("who").value.trim();
      if (!text) return;
      const meant = clusters.filter(finder(text, clusters, others));
      const found = meant.find(({ id }) => !ids.includes(id)) ?? meant[0];
      if (found) return put(found.id);
      byId("who-none").hidden = false;
      byId("who-none").textContent = fillSlots(words.found_none, { text });
    }
    addEventListener("hashchange", () => {
      ids = fromAddress();
      show();
    });
    show();
  });
}
