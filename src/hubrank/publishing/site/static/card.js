// What is said of one cluster: in the card of the one that is selected, and under the pointer.
import { byId, fillSlots } from "./words.js";

/** @param {string} name @param {string} className @param {string} [text] */
export function textElement(name, className, text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

/** The interval of a rank in words. @param {number[]} ends low and high @param {{level: string, places: boolean, words: Record<string, string>}} data */
export function openRanks([low, high], { level, places, words }) {
  const kind = places ? "places" : "counts";
  const text = low === high ? words[`settled_${kind}`] : words[`open_${kind}`];
  return fillSlots(text, { low, high, rank: low, level });
}

/**
 * Which ranks other weights could give.
 * @param {Record<string, string>} words
 * @param {number} best
 * @param {number} worst
 */
export function otherWeights(words, best, worst) {
  return fillSlots(best === worst ? words.other_weights_same : words.other_weights, { best, worst });
}

/** Bars of the parts of a score. @param {{label: string}[]} metrics @param {number[]} parts in percent points @param {(value: number) => string} shown */
export function partBars(metrics, parts, shown) {
  const most = Math.max(...parts, 1e-9);
  return metrics.map(({ label }, metric) => {
    const row = textElement("div", "part");
    const bar = textElement("i", `k${metric % 8}`);
    bar.style.width = `${Math.max(0, (100 * parts[metric]) / most)}%`;
    const track = textElement("span", "track");
    track.append(bar);
    row.append(textElement("span", "", label), track, textElement("span", "n", shown(parts[metric])));
    return row;
  });
}

/**
 * @param {HTMLElement} card @param {() => void} closed
 */
export function createCard(card, closed) {
  const close = /** @type {HTMLButtonElement} */ (card.querySelector("button.close"));
  const content = byId("card-content");
  close.addEventListener("click", closed);
  card.addEventListener("keydown", (event) => event.key === "Escape" && closed());
  let from = 0;
  const handle = card.querySelector(".handle");
  handle?.addEventListener("pointerdown", (event) => (from = /** @type {PointerEvent} */ (event).clientY));
  card.addEventListener("pointermove", (event) => { // swept away on a phone
    if (from && event.clientY - from > 60) {
      from = 0;
      closed();
    }
  });
  addEventListener("pointerup", () => (from = 0));
  return {
    /** @param {Element[]} parts */
    show(...parts) {
      content.replaceChildren(...parts);
      card.hidden = false;
    },
    hide() {
      card.hidden = true;
    },
  };
}
