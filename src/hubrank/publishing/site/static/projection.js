// Equal Earth (Šavrič, Patterson & Jenny 2018) and a camera over it. The meridian in the middle follows the reader as
// they zoom in, so that the map stays equal-area and places keep their shape.

const M = Math.sqrt(3) / 2;
const [A1, A2, A3, A4] = [1.340264, -0.081106, 0.000893, 0.003796];
const POLE = 1.3173627591574; // y of the pole
export const RADIANS = Math.PI / 180;
export const KM_PER_DEGREE = 111.2;
export const NARROW = 700; // pixels: a frame of less is that of a phone

/** @param {number} value @param {number} low @param {number} high */
export const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

/** From 0 at `low` to 1 at `high`, without a corner. @param {number} value @param {number} low @param {number} high */
export function smooth(value, low, high) {
  const t = clamp((value - low) / (high - low), 0, 1);
  return t * t * (3 - 2 * t);
}

/** What a latitude becomes: x per radian of longitude, and y. @param {number} lat degrees @returns {[number, number]} */
export function parallel(lat) {
  const t = Math.asin(M * Math.sin(lat * RADIANS));
  const q = t * t;
  const s = q * q * q;
  return [Math.cos(t) / (M * (A1 + 3 * A2 * q + s * (7 * A3 + 9 * A4 * q))), t * (A1 + A2 * q + s * (A3 + A4 * q))];
}

/** The latitude of a y, in degrees; that of the pole beyond it. @param {number} y */
export function latitude(y) {
  const goal = clamp(y, -POLE, POLE);
  let t = goal;
  for (let step = 0; step < 8; step++) {
    const q = t * t;
    const s = q * q * q;
    t -= (t * (A1 + A2 * q + s * (A3 + A4 * q)) - goal) / (A1 + 3 * A2 * q + s * (7 * A3 + 9 * A4 * q));
  }
  return Math.asin(clamp(Math.sin(t) / M, -1, 1)) / RADIANS;
}

/** A longitude in −180 … 180. @param {number} lon */
export const wrap = (lon) => ((((lon + 180) % 360) + 360) % 360) - 180;

/**
 * @typedef {{lon: number, lat: number, k: number}} View the middle in degrees, and the zoom over the whole world
 * @typedef {{width: number, height: number, base: number}} Frame in pixels; base: pixels of a unit at zoom 1
 * @typedef {ReturnType<typeof camera>} Camera
 */

/**
 * How a view is projected onto a frame.
 * @param {View} view @param {Frame} frame
 * @param {boolean} turned whether the view's meridian is in the middle at every zoom
 */
export function camera(view, { width, height, base }, turned = false) {
  const scale = base * view.k;
  const [a, middle] = parallel(view.lat);
  const near = Math.log2(view.k);
  const turn = turned ? 1 : smooth(near, 0.8, 2.6);
  const meridian = view.lon * turn;
  const rise = (parallel(view.lat + 0.01)[1] - parallel(view.lat - 0.01)[1]) / (0.02 * RADIANS);
  const stretch = 1 + (rise / (a / Math.cos(view.lat * RADIANS)) - 1) * smooth(near, 1.5, 4);
  const across = scale * stretch;
  const left = (view.lon - meridian) * RADIANS * a;
  const x = (/** @type {number} */ lon, /** @type {number} */ ofRadian) => width / 2 + across * ((lon - meridian) * RADIANS * ofRadian - left);
  const y = (/** @type {number} */ up) => height / 2 - scale * (up - middle);
  const nearest = (/** @type {number} */ lon) => (turn > 0 ? meridian + wrap(lon - meridian) : lon);
  return {
    width, height, scale, across, meridian, left, middle, turn, x, y, nearest,
    degree: across * a * RADIANS, // pixels of a degree of longitude in the middle
    kmPixels: (across * a * RADIANS) / Math.cos(view.lat * RADIANS) / KM_PER_DEGREE,
    /** Where a place in degrees is, in pixels. @param {number} lon @param {number} lat @returns {[number, number]} */
    spot(lon, lat) {
      const [ofRadian, up] = parallel(lat);
      return [x(nearest(lon), ofRadian), y(up)];
    },
    /** What place is at a pixel. @param {number} px @param {number} py @returns {[number, number]} */
    place(px, py) {
      const lat = latitude((height / 2 - py) / scale + middle);
      return [((px - width / 2) / across + left) / (parallel(lat)[0] * RADIANS) + meridian, lat];
    },
    /** What is in sight: west and east in degrees, south and north as y. */
    bounds() {
      const [south, north] = [middle - height / 2 / scale, middle + height / 2 / scale];
      const least = Math.min(parallel(clamp(latitude(south), -89, 89))[0], parallel(clamp(latitude(north), -89, 89))[0]);
      const most = parallel(clamp(0, latitude(south), latitude(north)))[0];
      const [w, e] = [left - width / 2 / across, left + width / 2 / across];
      return {
        west: Math.min(w / least, w / most) / RADIANS + meridian,
        east: Math.max(e / least, e / most) / RADIANS + meridian,
        south, north,
      };
    },
  };
}

/**
 * The middle moved so that a frame shows no more than there is of the world.
 * @param {View} view @param {Frame} frame @returns {View}
 */
export function bounded(view, frame) {
  const [top, bottom] = [parallel(83)[1], parallel(-58)[1]];
  const k = clamp(view.k, 1, 900);
  const half = frame.height / 2 / (frame.base * k);
  const [, middle] = parallel(view.lat);
  const [low, high] = [bottom + half, top - half];
  const lat = latitude(low >= high ? (top + bottom) / 2 : clamp(middle, low, high));
  const { turn, across } = camera({ ...view, k }, frame);
  const wide = frame.width / 2 / (across * RADIANS * parallel(30)[0]);
  const edges = () => (wide >= 172 ? 10 : clamp(view.lon, Math.min(10, wide - 176), Math.max(10, 196 - wide)));
  return { k, lat, lon: turn > 0.98 ? wrap(view.lon) : edges() };
}

/**
 * Places on the shortest way between two, in degrees.
 * @param {number[]} from longitude and latitude @param {number[]} to @param {number} steps
 */
export function greatCircle(from, to, steps = 48) {
  const [one, other] = [from, to].map(([lon, lat]) => [
    Math.cos(lat * RADIANS) * Math.cos(lon * RADIANS), Math.cos(lat * RADIANS) * Math.sin(lon * RADIANS), Math.sin(lat * RADIANS),
  ]);
  const angle = Math.acos(clamp(one[0] * other[0] + one[1] * other[1] + one[2] * other[2], -1, 1));
  if (angle < 1e-9) return [from, to];
  return Array.from({ length: steps + 1 }, (_, step) => {
    const [a, b] = [Math.sin((1 - step / steps) * angle), Math.sin((step / steps) * angle)];
    const [x, y, z] = one.map((part, axis) => (a * part + b * other[axis]) / Math.sin(angle));
    return [Math.atan2(y, x) / RADIANS, Math.atan2(z, Math.hypot(x, y)) / RADIANS];
  });
}
