// The map: a canvas with a camera, moved by wheel, pinch, drag and keys; the same drawing as SVG.
import { present } from "./data.js";
import { drawGround } from "./ground.js";
import { drawNames } from "./labels.js";
import { clusterAt, drawClusters } from "./marks.js";
import { SvgPen } from "./pen.js";
import { bounded, camera, clamp, latitude, NARROW, parallel, wrap } from "./projection.js";

/** @typedef {import("./projection.js").View} View */
/** @typedef {import("./marks.js").Cluster} Cluster */
/** @typedef {import("./marks.js").Scene} Scene */
/**
 * @typedef {object} Handlers what the page does when the reader does something
 * @property {(cluster: Cluster | null, x: number, y: number) => void} [hover]
 * @property {(cluster: Cluster | null, lon: number, lat: number) => void} [pick]
 * @property {(view: View) => void} [moved] @property {(key: string) => boolean} [key]
 * @property {() => View} [home] the view to which "0" returns; the world if there is none
 * @property {(pen: any, cam: import("./projection.js").Camera, colours: Record<string, string>) => Cluster[] | void} [over] draws over marks; returns what is named first
 * @property {() => number[][]} [taken] boxes over the map where nothing is written
 */

export const WORLD = { lon: 10, lat: 19, k: 1 };
const COLOURS = ["ink", "soft", "page", "sea", "land", "edge", "border", "town", "halo", "ground", "m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7"];
const STEP = 80; // pixels of an arrow key
const [TOP, BOTTOM] = [76, -52]; // degrees that a frame shows at zoom 1

/** The colours of the page by name. */
export function pageColours() {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(COLOURS.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** A function that measures texts, each once. @param {CanvasRenderingContext2D} context */
function ruler(context) {
  /** @type {Map<string, number>} */
  const widths = new Map();
  return (/** @type {string} */ font, /** @type {string} */ text) => {
    const key = font + text;
    let width = widths.get(key);
    if (width === undefined) {
      context.font = font;
      widths.set(key, (width = context.measureText(text).width));
    }
    return width;
  };
}

/**
 * @param {HTMLCanvasElement} canvas @param {Scene} scene @param {Handlers} handlers
 * @param {{turned?: boolean, still?: boolean, quiet?: boolean}} [options] turned: the view's meridian stays in the middle;
 *   still: the reader does not move it; quiet: the wheel scrolls the page unless Ctrl is held
 */
export function createMap(canvas, scene, handlers, { turned = false, still = false, quiet = false } = {}) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false }));
  const measure = ruler(context);
  const frame = { width: 1, height: 1, base: 1 };
  /** @type {View} */
  let view = { ...WORLD };
  let colours = pageColours();
  let [asked, flight, flying] = [false, 0, false];
  /** @type {{text: string, box: number[], size: number}[]} */
  let written = [];
  const layer = (/** @type {string} */ name) => present(name, ask);

  /** Draw with a pen. @param {any} pen @param {Record<string, string>} shades */
  function paint(pen, shades) {
    const cam = camera(view, frame, turned);
    drawGround(pen, cam, shades, layer);
    if (turned) beyond(pen, cam, shades);
    const seen = drawClusters(pen, cam, view.k, shades, scene, layer);
    const first = handlers.over?.(pen, cam, shades) ?? [];
    return drawNames(pen, cam, shades, seen, [scene.selected, scene.hovered, ...first], measure, layer, handlers.taken?.() ?? []);
  }

  function draw() {
    asked = false;
    const ratio = Math.min(2, devicePixelRatio || 1);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    written = paint(context, colours);
    handlers.moved?.(view);
  }

  /** Draw at the next frame. */
  function ask() {
    if (asked) return;
    asked = true;
    requestAnimationFrame(draw);
  }

  function fit() {
    const { width, height } = canvas.getBoundingClientRect();
    if (!width || !height) return;
    const ratio = Math.min(2, devicePixelRatio || 1);
    [frame.width, frame.height] = [width, height];
    [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
    const tall = parallel(TOP)[1] - parallel(BOTTOM)[1];
    const across = width / (((width < NARROW ? 272 : 344) * Math.PI) / 180) / parallel(20)[0];
    frame.base = turned ? Math.min(width / 5.42, height / 2.65) : Math.min(height / tall, across);
    context.fillStyle = colours.sea; // a resized canvas is black until the next frame draws it
    context.fillRect(0, 0, canvas.width, canvas.height);
    show(view);
  }

  /** @param {View} next */
  function show(next) {
    view = turned ? next : bounded(next, frame);
    ask();
  }

  /** Move by pixels. @param {number} dx @param {number} dy */
  function move(dx, dy) {
    const [lon, lat] = camera(view, frame).place(frame.width / 2 + dx, frame.height / 2 + dy);
    show({ ...view, lon, lat: clamp(lat, -80, 84) });
  }

  let anchor = { time: -1e9, lon: 0, lat: 0, x: 0, y: 0 };
  /** Zoom; the place at a pixel stays there. @param {number} factor @param {number} x @param {number} y */
  function zoomAt(factor, x, y) {
    const now = performance.now();
    if (now - anchor.time > 400 || Math.hypot(x - anchor.x, y - anchor.y) > 4) {
      const [lon, lat] = camera(view, frame).place(x, y);
      anchor = { time: now, lon, lat, x, y };
    }
    anchor.time = now;
    let next = { ...view, k: clamp(view.k * factor, 1, 900) };
    for (let turn = 0; turn < 6; turn++) { // the meridian in the middle moves with the middle
      const cam = camera(next, frame);
      const [px, py] = cam.spot(anchor.lon, anchor.lat);
      const [lon, lat] = cam.place(frame.width / 2 + px - x, frame.height / 2 + py - y);
      next = { ...next, lon, lat: clamp(lat, -80, 84) };
    }
    show(next);
  }

  /** @param {View} to @param {number} milliseconds */
  function fly(to, milliseconds = 700) {
    const [from, mine, start] = [{ ...view }, ++flight, performance.now()];
    flying = true;
    const lasts = calm() ? 0 : milliseconds;
    const turn = wrap(to.lon - from.lon);
    const away = Math.max(0, Math.hypot(turn, to.lat - from.lat) / 60 - 0.3);
    return new Promise((/** @type {(value?: unknown) => void} */ end) => {
      const step = (/** @type {number} */ now) => {
        if (mine !== flight) return end();
        const t = lasts ? clamp((now - start) / lasts, 0, 1) : 1;
        const part = t * t * (3 - 2 * t);
        const high = Math.log(Math.max(from.k, to.k));
        const log = Math.log(from.k) * (1 - part) + Math.log(to.k) * part - away * Math.sin(Math.PI * part) * Math.min(1, high);
        view = { k: Math.max(1, Math.exp(log)), lon: from.lon + turn * part, lat: from.lat + (to.lat - from.lat) * part };
        if (t === 1) show(to);
        else ask();
        if (t < 1) return void requestAnimationFrame(step);
        flying = false;
        end();
      };
      requestAnimationFrame(step);
    });
  }

  /** The view that shows some degrees, with room at the right for a card. @param {number[]} box west, south, east, north @param {number} [card] pixels */
  function viewOf([west, south, east, north], card = 0) {
    const lat = (south + north) / 2;
    const cos = Math.cos((lat * Math.PI) / 180);
    const [wide, tall] = [Math.max(0.25, east - west), Math.max(0.2, north - south)];
    const unit = camera({ lon: 0, lat, k: 20 }, frame).degree / 20;
    const pixels = Math.min(((frame.width - card) * 0.62) / wide, (frame.height * 0.66) / (tall / cos)); // of a degree of longitude
    const k = clamp(pixels / unit, 1, 420);
    return { lon: (west + east) / 2 + card / 2 / pixels, lat, k };
  }

  const zoom = (/** @type {number} */ factor) => fly({ ...view, k: clamp(view.k * factor, 1, 900) }, 250);
  const home = () => fly(handlers.home?.() ?? WORLD);
  const at = (/** @type {number} */ x, /** @type {number} */ y, slack = 4) => clusterAt(scene.clusters, x, y, slack);
  function stop() {
    flight++;
    flying = false;
  }
  const map = {
    ask, fit, show, move, zoomAt, zoom, fly, home, at, stop, viewOf, canvas,
    view: () => view,
    camera: () => camera(view, frame, turned),
    names: () => written,
    resting: () => !asked && !flying,
    latitudeOf: latitude,
    /** The drawing as SVG, in the colours of the page. */
    svg() {
      const pen = new SvgPen(measure);
      paint(pen, colours);
      return pen;
    },
    frame,
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    colours = pageColours();
    ask();
  });
  new ResizeObserver(() => {
    const { width, height } = canvas.getBoundingClientRect();
    if (width === frame.width && height === frame.height) return;
    fit();
    draw(); // in the same frame: nothing flickers while a window is resized
  }).observe(canvas);
  fit();
  if (!still) listen(canvas, map, handlers, quiet);
  return map;
}
/** @typedef {ReturnType<typeof createMap>} WorldMap */

/** Cover what lies beyond the edge of a turned world. @param {any} pen @param {import("./projection.js").Camera} cam @param {Record<string, string>} colours */
function beyond(pen, cam, colours) {
  pen.beginPath();
  [[0, 0], [cam.width, 0], [cam.width, cam.height], [0, cam.height]].forEach(([x, y], corner) => (corner ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.closePath();
  for (let step = 0; step < 120; step++) {
    const lat = step < 60 ? -90 + 3 * (step + 0.5) : 90 - 3 * (step - 60 + 0.5);
    const [ofRadian, up] = parallel(lat);
    const [x, y] = [cam.x(cam.meridian + (step < 60 ? 180 : -180), ofRadian), cam.y(up)];
    if (step) pen.lineTo(x, y);
    else pen.moveTo(x, y);
  }
  pen.closePath();
  pen.fillStyle = colours.page;
  pen.fill("evenodd");
}

/** @param {HTMLCanvasElement} canvas @param {any} map @param {Handlers} handlers @param {boolean} quiet */
function listen(canvas, map, handlers, quiet) {
  const spot = (/** @type {MouseEvent} */ event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  canvas.addEventListener("wheel", (event) => {
    if (quiet && !event.ctrlKey) return;
    event.preventDefault();
    map.stop();
    const lines = event.deltaMode ? 18 : 1;
    const [x, y] = spot(event);
    map.zoomAt(Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.012 : 0.003)), x, y);
  }, { passive: false });
  canvas.addEventListener("dblclick", (event) => {
    const [x, y] = spot(event);
    const [lon, lat] = map.camera().place(x, y);
    map.fly({ lon, lat, k: map.view().k * 3 }, 350);
  });
  canvas.addEventListener("keydown", (event) => {
    /** @type {Record<string, number[]>} */
    const steps = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
    const [x, y] = [map.frame.width / 2, map.frame.height / 2];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (steps[event.key]) map.move(...steps[event.key]);
    else if (event.key === "+" || event.key === "=") map.zoomAt(1.6, x, y);
    else if (event.key === "-") map.zoomAt(1 / 1.6, x, y);
    else if (event.key === "0") map.home();
    else if (!handlers.key?.(event.key)) return;
    event.preventDefault();
  });
  canvas.addEventListener("pointerleave", () => handlers.hover?.(null, 0, 0));
  fingers(canvas, map, handlers, spot);
}

/** Drag with one pointer, pinch with two, pick with a tap. @param {HTMLCanvasElement} canvas @param {any} map @param {Handlers} handlers @param {(event: MouseEvent) => number[]} spot */
function fingers(canvas, map, handlers, spot) {
  /** @type {Map<number, number[]>} */
  const down = new Map();
  let moved = 0;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    canvas.setPointerCapture(event.pointerId);
    if (!down.size) moved = 0;
    down.set(event.pointerId, spot(event));
    map.stop();
  });
  canvas.addEventListener("pointermove", (event) => {
    const [to, from] = [spot(event), down.get(event.pointerId)];
    if (!from) {
      if (event.pointerType !== "touch") hover(to);
      return;
    }
    const before = pair(down);
    down.set(event.pointerId, to);
    const after = pair(down);
    if (before && after) {
      moved = 99;
      map.move(before.x - after.x, before.y - after.y);
      map.zoomAt(after.apart / (before.apart || 1), after.x, after.y);
      return;
    }
    moved += Math.hypot(to[0] - from[0], to[1] - from[1]);
    if (moved <= 3) return;
    map.move(from[0] - to[0], from[1] - to[1]);
    handlers.hover?.(null, 0, 0);
  });
  /** @param {number[]} at */
  function hover([x, y]) {
    const cluster = map.at(x, y, 3);
    canvas.classList.toggle("pointing", Boolean(cluster));
    handlers.hover?.(cluster, x, y);
  }
  canvas.addEventListener("pointerup", (event) => {
    const alone = down.size === 1 && down.delete(event.pointerId);
    down.delete(event.pointerId);
    if (!alone || moved > 3) return;
    const [x, y] = spot(event);
    const [lon, lat] = map.camera().place(x, y);
    handlers.pick?.(map.at(x, y, event.pointerType === "touch" ? 14 : 4), lon, lat);
  });
  canvas.addEventListener("pointercancel", (event) => void down.delete(event.pointerId));
}

/** The middle of two pointers and how far they are apart. @param {Map<number, number[]>} down */
function pair(down) {
  if (down.size !== 2) return null;
  const [[ax, ay], [bx, by]] = [...down.values()];
  return { x: (ax + bx) / 2, y: (ay + by) / 2, apart: Math.hypot(ax - bx, ay - by) };
}
