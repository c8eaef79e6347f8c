// Drawn over the edition's map: the clusters of another choice, and the place that is explained.

const SVG = "http://www.w3.org/2000/svg";
const LARGEST = 130; // as the marks of the edition
const SMALLEST = 14;

/** @param {string} name @param {Record<string, string>} attributes */
function svgElement(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/** The position of a click on the map. @param {SVGSVGElement} svg @param {MouseEvent} event */
export function placeOf(svg, event) {
  const matrix = svg.getScreenCTM();
  if (!matrix) return null;
  const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
  return [at.x, at.y];
}

/** @param {SVGSVGElement} svg @param {() => void} onNear called when the reader has zoomed in */
export function overlay(svg, onNear) {
  const whole = svg.viewBox.baseVal.width;
  const full = Number(svg.dataset.width) || Math.max(whole, 10000);
  const [outlines, marks, pins] = [svgElement("g", {}), svgElement("g", {}), svgElement("g", {})];
  svg.append(outlines, marks, pins);

  /** Marks keep their size on the screen. */
  function resize() {
    const zoom = full / svg.viewBox.baseVal.width;
    const near = svg.classList.contains("near");
    for (const circle of svg.querySelectorAll(".live-mark, .live-pin")) {
      const size = Number(/** @type {SVGElement} */ (circle).dataset.size);
      circle.setAttribute("r", String((near && circle.classList.contains("live-mark") ? size / 2 : size) / zoom));
    }
    if (near) onNear();
  }
  new MutationObserver(resize).observe(svg, { attributes: true, attributeFilter: ["viewBox", "class"] });

  return {
    /** @param {{rank: number, cluster: string, score_pct: number, x: number, y: number}[]} clusters first rank first */
    show(clusters) {
      const best = Math.max(...clusters.map((cluster) => cluster.score_pct), 0) || 1;
      const circles = clusters.map((cluster) => {
        const part = Math.sqrt(cluster.score_pct / best);
        const shade = `live-mark shade${Math.min(4, Math.floor(part * 5))}`;
        const circle = svgElement("circle", { class: shade, cx: String(cluster.x), cy: String(cluster.y) });
        circle.dataset.size = String(Math.max(SMALLEST, LARGEST * part));
        const title = svgElement("title", {});
        title.textContent = `${cluster.rank} ${cluster.cluster}`;
        circle.append(title);
        return circle;
      });
      outlines.replaceChildren();
      marks.replaceChildren(...circles.reverse()); // the best on top
      svg.classList.add("live-on");
      resize();
    },
    /** @param {Record<string, string>} paths */
    outline(paths) {
      outlines.replaceChildren(...Object.values(paths).map((d) => svgElement("path", { class: "outline live-outline", d })));
    },
    /** @param {number[] | null} place */
    pin(place) {
      if (!place) return pins.replaceChildren();
      const circle = svgElement("circle", { class: "live-pin", cx: String(place[0]), cy: String(place[1]) });
      circle.dataset.size = "60";
      pins.replaceChildren(circle);
      return resize();
    },
    hide() {
      outlines.replaceChildren();
      marks.replaceChildren();
      svg.classList.remove("live-on");
    },
  };
}
