// The list: its rows are read from the page, then only those in sight (and, of a short list, all when idle) are kept up.

/** @typedef {import("./marks.js").Cluster} Cluster */
/**
 * @typedef {object} RowContent what a row shows besides name and economies
 * @property {string} [within] its place among those that a filter leaves @property {string} score @property {number[]} parts widths in percent of the first score
 * @property {string} interval @property {number[][]} ranges positions in percent of the axis: what is sure, what is open
 * @property {number} spot @property {string} why @property {string} way "up", "down" or ""
 */

const ALL = 500; // rows that are all in the document
const AROUND = 8; // rows beyond those in sight
const SVG = "http://www.w3.org/2000/svg";

/** Where a rank is on a log axis, in percent. @param {number} rank @param {number} count */
export function onAxis(rank, count) {
  return (100 * Math.log(rank)) / Math.log(Math.max(2, count));
}

/** @param {string} name @param {string} className @param {Element[]} children */
function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/** @param {string} name @param {Record<string, string | number>} attributes */
export function shape(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

/** Change a text, and what is laid out for it, only where it is another one. @param {Element} target @param {string} text */
function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/** An empty row. @param {number} metrics @param {string} couldBe words before the interval on a phone @param {string} target of the link */
function makeRow(metrics, couldBe, target) {
  const link = /** @type {HTMLAnchorElement} */ (element("a", ""));
  if (target) link.target = target;
  const [economies, score, interval, why] = [element("span", "e"), element("b", ""), element("span", "v"), element("span", "")];
  const bars = Array.from({ length: metrics }, (_, metric) => shape("rect", { class: `f${metric % 8}`, height: 14 }));
  const bar = shape("svg", { "aria-hidden": "true" });
  bar.append(...bars);
  const ranges = [shape("rect", { class: "sure", y: 4, height: 8 }), shape("rect", { class: "maybe", y: 4, height: 8 })];
  const spot = shape("circle", { class: "spot", cy: 8, r: 3.5 });
  const axis = shape("svg", { "aria-hidden": "true" });
  axis.append(shape("line", { class: "axis", x1: "0", x2: "100%", y1: 8, y2: 8 }), ranges[1], ranges[0], spot);
  const could = element("small", "");
  could.textContent = couldBe;
  const head = element("th", "c", link, economies);
  head.setAttribute("scope", "row");
  const whisker = element("div", "whisker", could, interval);
  whisker.prepend(axis);
  const scored = element("div", "bar", score);
  scored.prepend(bar);
  const row = /** @type {HTMLTableRowElement} */ (element("tr", "", element("td", "r"), head, element("td", "s", scored), element("td", "i", whisker), element("td", "m", why)));
  return { row, link, economies, score, interval, why, bars, ranges, spot, whisker, rank: row.cells[0], shown: "" };
}

/**
 * @param {HTMLTableElement} table @param {number} metrics
 * @param {(cluster: Cluster) => RowContent} content
 * @param {{pick: (cluster: Cluster) => void, hover: (cluster: Cluster | null) => void, address: (cluster: Cluster) => string, couldBe: string, target: string}} page
 */
export function createList(table, metrics, content, page) {
  const body = table.tBodies[0];
  const scroller = /** @type {HTMLElement} */ (table.closest(".scroll"));
  /** @type {ReturnType<typeof makeRow>[]} */
  const pool = [];
  /** @type {Cluster[]} */
  let clusters = [];
  /** @type {Cluster | null} */
  let selected = null;
  let [height, from, until, version] = [40, 0, 0, 0];
  const [above, below] = [padding(), padding()];
  const scrollsPage = () => getComputedStyle(scroller).overflowY === "visible";

  function padding() {
    const row = element("tr", "pad");
    row.setAttribute("aria-hidden", "true");
    row.append(element("td", ""));
    return row;
  }

  let [top, tall] = [0, 0];
  /** Look what is in sight: not whenever rows change, as that would lay them out at once. */
  function look() {
    const whole = scrollsPage();
    [top, tall] = whole ? [-table.getBoundingClientRect().top, innerHeight] : [scroller.scrollTop, scroller.clientHeight];
  }

  /** First and last row in sight. */
  function inSight() {
    const first = Math.max(0, Math.floor(top / height) - AROUND);
    return [Math.min(first, clusters.length), Math.min(clusters.length, Math.ceil(Math.max(0, top + tall) / height) + AROUND)];
  }

  /** @param {ReturnType<typeof makeRow>} row @param {Cluster} cluster @param {number} at */
  function fill(row, cluster, at) {
    const key = `${version} ${cluster.id} ${at}`;
    if (row.shown === key) return;
    row.shown = key;
    const { within, score, parts, interval, ranges, spot, why, way } = content(cluster);
    row.row.dataset.id = cluster.id;
    row.row.setAttribute("aria-rowindex", String(at + 2));
    setText(row.rank, String(cluster.rank));
    setText(row.link, cluster.name);
    row.link.href = page.address(cluster);
    setText(row.economies, [cluster.economies, within].filter(Boolean).join(" · "));
    setText(row.score, score);
    let left = 0;
    row.bars.forEach((bar, metric) => {
      bar.setAttribute("x", `${left.toFixed(2)}%`);
      bar.setAttribute("width", `${parts[metric].toFixed(2)}%`);
      left += parts[metric];
    });
    row.whisker.classList.toggle("none", !interval);
    setText(row.interval, interval);
    row.ranges.forEach((bar, kind) => {
      const [low, high] = ranges[kind] ?? [0, 0];
      bar.setAttribute("x", `${low.toFixed(2)}%`);
      bar.setAttribute("width", `${Math.max(0, high - low).toFixed(2)}%`);
    });
    row.spot.setAttribute("cx", `${spot.toFixed(2)}%`);
    setText(row.why, why);
    row.why.className = way;
    mark(row);
  }

  /** @param {ReturnType<typeof makeRow>} row */
  function mark(row) {
    const on = Boolean(selected && row.row.dataset.id === selected.id);
    row.row.setAttribute("aria-selected", String(on));
    row.row.classList.toggle("on", on);
  }

  /** Keep the rows of an interval in the document. @param {number} first @param {number} last */
  function render(first, last) {
    [from, until] = [first, last];
    const wanted = last - first;
    while (pool.length < wanted) {
      pool.push(makeRow(metrics, page.couldBe, page.target));
      below.before(pool[pool.length - 1].row);
    }
    while (pool.length > wanted) pool.pop()?.row.remove();
    for (let at = first; at < last; at++) fill(pool[at - first], clusters[at], at);
    above.style.height = `${first * height}px`;
    below.style.height = `${(clusters.length - last) * height}px`;
  }

  let idle = 0;
  function update() {
    const [first, last] = inSight();
    const short = clusters.length <= ALL;
    if (short && pool.length === clusters.length) { // all are there: those in sight at once
      [from, until] = [0, clusters.length];
      for (let at = first; at < last; at++) fill(pool[at], clusters[at], at);
    } else render(first, last);
    if (short && !idle) idle = later(() => {
      idle = 0;
      render(0, clusters.length);
    });
  }
  const later = (/** @type {() => void} */ act) => (self.requestIdleCallback ?? setTimeout)(act);

  body.replaceChildren(above, below);
  const measureRow = () => (height = parseFloat(getComputedStyle(table).getPropertyValue("--row")) || 40);
  const scrolled = () => {
    look();
    if (pool.length === clusters.length) return;
    const [first, last] = inSight();
    if (first !== from || last !== until) render(first, last);
  };
  scroller.addEventListener("scroll", scrolled, { passive: true });
  addEventListener("scroll", scrolled, { passive: true });
  new ResizeObserver(() => {
    measureRow();
    look();
    update();
  }).observe(scroller);
  addEventListener("beforeprint", () => render(0, clusters.length));
  measureRow();
  look();

  const pointedAt = (/** @type {Event} */ event) => {
    const row = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("tr[data-id]"));
    return row ? clusters.find((cluster) => cluster.id === row.dataset.id) ?? null : null;
  };
  body.addEventListener("click", (event) => {
    const [click, cluster] = [/** @type {MouseEvent} */ (event), pointedAt(event)];
    if (!cluster || page.target || click.ctrlKey || click.metaKey || click.shiftKey || click.button) return;
    event.preventDefault();
    page.pick(cluster);
  });
  body.addEventListener("pointerover", (event) => page.hover(pointedAt(event)));
  body.addEventListener("pointerleave", () => page.hover(null));
  body.addEventListener("focusin", (event) => page.hover(pointedAt(event)));

  return {
    /** @param {Cluster[]} next in order */
    show(next) {
      clusters = next;
      version++;
      table.setAttribute("aria-rowcount", String(next.length + 1));
      update();
    },
    /** @param {Cluster | null} cluster @param {boolean} reveal */
    select(cluster, reveal) {
      selected = cluster;
      for (const row of pool) mark(row);
      const at = cluster ? clusters.indexOf(cluster) : -1;
      if (at < 0 || !reveal || scrollsPage()) return;
      const [top, tall] = [at * height, scroller.clientHeight - 2 * height];
      if (top < scroller.scrollTop || top > scroller.scrollTop + tall) scroller.scrollTop = Math.max(0, top - height);
      scrolled();
    },
    /** @param {Cluster | null} cluster */
    hover(cluster) {
      for (const row of pool) row.row.classList.toggle("hover", Boolean(cluster && row.row.dataset.id === cluster.id));
    },
    shown: () => clusters,
  };
}

/** @param {string} text numbers divided by blanks */
const numbers = (text) => text.split(" ").filter(Boolean).map(Number);

/** @param {string[]} texts as the groups of ROW */
function clusterOf([id, codes, spot, shares, rank, href, name, economies, scoreText, interval, why]) {
  const [[lon, lat], ends] = [numbers(spot), interval.split("–").filter(Boolean).map(Number)];
  return {
    id: id || decodeURIComponent(href.slice("cluster/".length, -".html".length)), name, href, economies, codes: codes.split("/"), lon, lat,
    shares: numbers(shares), interval: ends.length ? [ends[0], ends.at(-1) ?? 0, ends[0], ends.at(-1) ?? 0] : [], // of counts alone, and as shown
    rank: Number(rank), scoreText, why: why.trim(),
  };
}

/** The clusters that are rows of the page. @param {HTMLTableElement} table */
function elementRows(table) {
  return [...table.tBodies[0].rows].map((row) => {
    const link = row.querySelector("th a, th b");
    const text = (/** @type {string} */ selector) => row.querySelector(selector)?.textContent ?? "";
    const { id = "", e = "", p = "", s = "" } = row.dataset;
    return clusterOf([id, e, p, s, text(".r"), link?.getAttribute("href") ?? "", link?.textContent ?? "", ...[".e", ".s", ".i", ".m"].map(text)]);
  });
}

// A row as the template index.html writes it. As elements, thousands of rows keep the map waiting for half a second.
const ROW = /<tr (?:data-id="(.*?)" )?data-e="(.*?)" data-p="(.*?)" data-s="(.*?)">.*?>(.*?)<.*?<(?:a href="(.*?)"|b)>(.*?)<.*?"e">(.*?)<.*?"s">(.*?)<.*?"i">(.*?)<.*?"m">([^<]*)/g;
/** @type {Record<string, string>} */
const MARKS = { amp: "&", lt: "<", gt: ">", "#34": '"', "#39": "'" };

/** The clusters of rows that are text, since they are for readers without script. @param {string} html */
function textRows(html) {
  return [...html.matchAll(ROW)].map((row) => clusterOf(row.slice(1).map((text = "") => text.replace(/&(.*?);/g, (all, name) => MARKS[name] ?? all))));
}

/** The clusters as the page states them: the first are elements, the others text. @param {HTMLTableElement} table @param {string} others */
export const readRows = (table, others) => [...elementRows(table), ...textRows(others)];
