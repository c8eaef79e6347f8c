// The map: zoom and pan by changing which part of the drawing is visible. Marks keep their size on the screen.

const NEAR = 6;
const MOST = 200;
const SVG = "http://www.w3.org/2000/svg";

/** Keep a view inside the drawing. @param {number[]} view x and y of the middle, and zoom @param {number} width @param {number} height */
export function clampView([x, y, zoom], width, height) {
  const z = Math.min(MOST, Math.max(1, zoom));
  const [w, h] = [width / z / 2, height / z / 2];
  return [Math.min(width - w, Math.max(w, x)), Math.min(height - h, Math.max(h, y)), z];
}

/** Zoom so that a place stays where it is. @param {number[]} view @param {number} factor @param {number[]} place */
export function zoomView([x, y, zoom], factor, [px, py]) {
  const next = Math.min(MOST, Math.max(1, zoom * factor));
  const part = zoom / next;
  return [px + (x - px) * part, py + (y - py) * part, next];
}

/** Radius and shade of a mark: area and colour go with the score. @param {number} score @param {number} best */
export function markSize(score, best) {
  const part = Math.sqrt(score / best);
  return { radius: Math.max(14, 130 * part), shade: Math.min(4, Math.floor(part * 5)) };
}

/**
 * @param {SVGSVGElement} svg
 * @param {(view: number[]) => void} changed
 * @param {() => void} onNear called when outlines are wanted
 */
export function createMap(svg, changed, onNear) {
  const { width, height } = svg.viewBox.baseVal;
  const marks = /** @type {SVGElement[]} */ ([...svg.querySelectorAll(".mark")]);
  const circle = new Map(marks.map((mark) => [mark, /** @type {SVGCircleElement} */ (mark.querySelector("circle"))]));
  const radius = new Map(marks.map((mark) => [mark, Number(circle.get(mark)?.getAttribute("r"))]));
  const whole = [width / 2, height / 2, 1];
  let view = whole;

  function resize() {
    const shrink = view[2] >= NEAR ? 0.5 / view[2] : 1 / view[2];
    for (const mark of marks) circle.get(mark)?.setAttribute("r", String((radius.get(mark) || 0) * shrink));
  }

  /** @param {number[]} next */
  function show(next, notify = true) {
    view = clampView(next, width, height);
    const [x, y, z] = view;
    svg.setAttribute("viewBox", `${x - width / z / 2} ${y - height / z / 2} ${width / z} ${height / z}`);
    if (svg.classList.toggle("near", z >= NEAR)) onNear();
    resize();
    if (notify) changed(view);
  }

  /** Give the marks their size and colour, and hide those not seen. @param {Map<string, number>} scores @param {Set<string>} seen */
  function paint(scores, seen) {
    const best = Math.max(...scores.values(), 0) || 1;
    for (const mark of marks) {
      const id = String(mark.dataset.id);
      const { radius: size, shade } = markSize(scores.get(id) || 0, best);
      radius.set(mark, size);
      if (!mark.classList.contains(`shade${shade}`)) mark.setAttribute("class", `mark shade${shade}`);
      mark.toggleAttribute("hidden", !seen.has(id));
    }
    for (const outline of /** @type {NodeListOf<SVGElement>} */ (svg.querySelectorAll(".outline"))) {
      outline.toggleAttribute("hidden", !seen.has(String(outline.dataset.id)));
    }
    resize();
  }

  /** @param {number} dx @param {number} dy */
  const move = (dx, dy) => show([view[0] + dx, view[1] + dy, view[2]]);
  listen(svg, { show, move, view: () => view, whole });
  return { show, paint, whole, zoom: (/** @type {number} */ factor) => show(zoomView(view, factor, view)), reset: () => show(whole) };
}

/** Draw the outlines. @param {SVGSVGElement} svg @param {Record<string, string>} outlines */
export function drawOutlines(svg, outlines) {
  const group = svg.querySelector("#outlines");
  group?.replaceChildren(
    ...Object.entries(outlines).map(([id, d]) => {
      const path = document.createElementNS(SVG, "path");
      path.setAttribute("class", "outline");
      path.dataset.id = id;
      path.setAttribute("d", d);
      return path;
    }),
  );
}

/**
 * @typedef {{show: (view: number[]) => void, move: (dx: number, dy: number) => void, view: () => number[], whole: number[]}} Camera
 */

/** Wheel, double click, drag and keys. @param {SVGSVGElement} svg @param {Camera} camera */
function listen(svg, camera) {
  svg.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && camera.view()[2] === 1) return; // an unzoomed map lets the page scroll
    event.preventDefault();
    camera.show(zoomView(camera.view(), event.deltaY < 0 ? 1.3 : 1 / 1.3, placeOf(svg, event)));
  }, { passive: false });
  svg.addEventListener("dblclick", (event) => camera.show(zoomView(camera.view(), 2, placeOf(svg, event))));
  svg.addEventListener("keydown", (event) => {
    const step = svg.viewBox.baseVal.width / 10;
    /** @type {Record<string, [number, number]>} */
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    /** @type {Record<string, number>} */
    const factors = { "+": 1.5, "=": 1.5, "-": 1 / 1.5 };
    if (moves[event.key]) camera.move(...moves[event.key]);
    else if (factors[event.key]) camera.show(zoomView(camera.view(), factors[event.key], camera.view()));
    else if (event.key === "0") camera.show(camera.whole);
    else return;
    event.preventDefault();
  });
  drag(svg, camera);
}

/** Where on the drawing a pointer is. @param {SVGSVGElement} svg @param {MouseEvent} event */
function placeOf(svg, event) {
  const matrix = svg.getScreenCTM();
  if (!matrix) return [0, 0];
  const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
  return [at.x, at.y];
}

/** Follow a drag; a drag that moved is no click. @param {SVGSVGElement} svg @param {Camera} camera */
function drag(svg, camera) {
  /** @type {number[] | null} */
  let from = null;
  let moved = false;
  svg.addEventListener("pointerdown", (event) => {
    if (event.button === 0) [from, moved] = [placeOf(svg, event), false];
  });
  svg.addEventListener("pointermove", (event) => {
    if (!from) return;
    const to = placeOf(svg, event);
    if (!moved && Math.hypot(to[0] - from[0], to[1] - from[1]) < svg.viewBox.baseVal.width / 200) return;
    if (!moved) svg.setPointerCapture(event.pointerId);
    moved = true;
    camera.move(from[0] - to[0], from[1] - to[1]);
  });
  svg.addEventListener("pointerup", () => (from = null));
  svg.addEventListener("pointercancel", () => (from = null));
  svg.addEventListener("click", (event) => moved && event.preventDefault(), true);
  svg.addEventListener("dragstart", (event) => event.preventDefault());
}
