// The ranking of another choice as a table, in place of the edition's.

/** @param {string} name @param {string} text @param {Record<string, string>} attributes */
export function element(name, text = "", attributes = {}) {
  const created = document.createElement(name);
  if (text) created.textContent = text;
  for (const [key, value] of Object.entries(attributes)) created.setAttribute(key, value);
  return created;
}

/** Fold case and accents, so that "Zurich" finds "Zürich". @param {string} text */
export function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** How far a cluster moved from its rank in the edition. @param {{rank: number, edition_rank: number | null}} row */
export function moved(row) {
  if (row.edition_rank === null) return "new";
  const change = row.edition_rank - row.rank;
  return change > 0 ? `▲ ${change}` : change < 0 ? `▼ ${-change}` : "–";
}

/** @param {Record<string, any>} row @param {string} query @param {string} economy */
export function matches(row, query, economy) {
  const text = folded(`${row.cluster} ${row.economies}`);
  return text.includes(folded(query.trim())) && (!economy || row.economies.split("/").includes(economy));
}

/** @param {Record<string, any>} row @param {string[]} metrics */
function line(row, metrics) {
  const tr = element("tr", "", { "data-id": row.cluster_id });
  const figures = [row.score_pct, ...metrics.map((metric) => row[`${metric}_share_pct`])];
  tr.append(
    element("td", String(row.rank), { class: "n" }),
    element("td", moved(/** @type {any} */ (row)), { class: "n" }),
    element("th", row.cluster, { scope: "row" }),
    element("td", row.economies),
    ...figures.map((figure) => element("td", figure === null ? "–" : figure.toFixed(2), { class: "n" })),
  );
  return tr;
}

/** @param {HTMLElement} published the box of the edition's table @param {string[]} metrics */
export function ranking(published, metrics) {
  const heads = ["rank", "change from the edition", "cluster", "economies", "score %", ...metrics.map((name) => `${name} %`)];
  const table = element("table", "", { id: "live-ranking" });
  const [caption, count] = [element("caption"), element("span", "", { role: "status" })];
  const [head, body] = [element("tr"), element("tbody")];
  caption.append(count);
  const numeric = (/** @type {string} */ name) => (name === "cluster" || name === "economies" ? {} : { class: "number" });
  head.append(...heads.map((name) => element("th", name, /** @type {Record<string, string>} */ ({ scope: "col", ...numeric(name) }))));
  const top = element("thead");
  top.append(head);
  table.append(caption, top, body);
  const box = element("div", "", { class: "wide live-ranking", tabindex: "0", role: "region", "aria-label": "Live ranking" });
  box.append(table);
  box.hidden = true;
  published.after(box);
  return {
    /** @param {Record<string, any>[]} rows */
    show(rows, query = "", economy = "") {
      const seen = rows.filter((row) => matches(row, query, economy));
      body.replaceChildren(...seen.map((row) => line(row, metrics)));
      count.textContent = `${seen.length} of ${rows.length} clusters`;
      [box.hidden, published.hidden] = [false, true];
    },
    busy: (/** @type {boolean} */ on) => box.setAttribute("aria-busy", String(on)),
    hide() {
      [box.hidden, published.hidden] = [true, false];
    },
  };
}
