// The map: zoom and pan by changing what part of the drawing is seen. Marks keep their size on the screen.

const NEAR = 6;
const MOST = 200;

/** Keep a view inside the drawing. @param {number[]} view x and y of the middle, and zoom */
export function kept([x, y, zoom], width, height) {
  const z = Math.min(MOST, Math.max(1, zoom));
  const [w, h] = [width / z / 2, height / z / 2];
  return [Math.min(width - w, Math.max(w, x)), Math.min(height - h, Math.max(h, y)), z];
}

/** Zoom so that a place stays where it is. */
export function zoomed([x, y, zoom], factor, [px, py]) {
  const next = Math.min(MOST, Math.max(1, zoom * factor));
  const part = zoom / next;
  return [px + (x - px) * part, py + (y - py) * part, next];
}

/** @param {SVGSVGElement} svg @param {(view: number[]) => void} changed */
export function chart(svg, changed) {
  const { width, height } = svg.viewBox.baseVal;
  const marks = [...svg.querySelectorAll(".mark circle")];
  let view = [width / 2, height / 2, 1];

  function show(next, tell = true) {
    view = kept(next, width, height);
    const [x, y, z] = view;
    svg.setAttribute("viewBox", `${x - width / z / 2} ${y - height / z / 2} ${width / z} ${height / z}`);
    svg.classList.toggle("near", z >= NEAR);
    const shrink = z >= NEAR ? 0.5 / z : 1 / z;
    for (const mark of marks) mark.setAttribute("r", String(Number(mark.dataset.r) * shrink));
    if (tell) changed(view);
  }

  function place(event) {
    const matrix = svg.getScreenCTM();
    if (!matrix) return [view[0], view[1]];
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
    return [at.x, at.y];
  }

  svg.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && view[2] === 1) return; // an unzoomed map lets the page scroll
    event.preventDefault();
    show(zoomed(view, event.deltaY < 0 ? 1.3 : 1 / 1.3, place(event)));
  }, { passive: false });
  svg.addEventListener("dblclick", (event) => show(zoomed(view, 2, place(event))));
  pan(svg, place, (dx, dy) => show([view[0] + dx, view[1] + dy, view[2]]));
  svg.addEventListener("keydown", (event) => {
    const step = width / view[2] / 10;
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    const factor = { "+": 1.5, "=": 1.5, "-": 1 / 1.5 }[event.key];
    if (moves[event.key]) show([view[0] + moves[event.key][0], view[1] + moves[event.key][1], view[2]]);
    else if (factor) show(zoomed(view, factor, view));
    else if (event.key === "0") show([width / 2, height / 2, 1]);
    else return;
    event.preventDefault();
  });
  return {
    show,
    whole: [width / 2, height / 2, 1],
    zoom: (factor) => show(zoomed(view, factor, view)),
    reset: () => show([width / 2, height / 2, 1]),
  };
}

/** Follow a drag; a drag that moved is no click. */
function pan(svg, place, move) {
  let from = null;
  let moved = false;
  svg.addEventListener("pointerdown", (event) => {
    if (event.button === 0) [from, moved] = [place(event), false];
  });
  svg.addEventListener("pointermove", (event) => {
    if (!from) return;
    const to = place(event);
    if (!moved && Math.hypot(to[0] - from[0], to[1] - from[1]) < svg.viewBox.baseVal.width / 200) return;
    if (!moved) svg.setPointerCapture(event.pointerId);
    moved = true;
    move(from[0] - to[0], from[1] - to[1]);
  });
  for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, () => (from = null));
  svg.addEventListener("click", (event) => moved && event.preventDefault(), true);
  svg.addEventListener("dragstart", (event) => event.preventDefault());
}

/** Give the marks their new size and colour. @param {Map<string, number>} scores */
export function paint(svg, scores, seen) {
  const best = Math.max(...scores.values(), 0) || 1;
  for (const mark of svg.querySelectorAll(".mark")) {
    const part = Math.sqrt((scores.get(mark.dataset.id) || 0) / best);
    const shade = Math.min(4, Math.floor(part * 5));
    mark.firstElementChild.dataset.r = String(Math.max(14, 130 * part));
    mark.setAttribute("class", `mark shade${shade}`);
    mark.toggleAttribute("hidden", !seen.has(mark.dataset.id));
  }
  for (const outline of svg.querySelectorAll(".outline")) outline.toggleAttribute("hidden", !seen.has(outline.dataset.id));
}
