// Clusters on a map: marks by score, their areas and sites where the reader is near.
import { cellsInSight, trace } from "./ground.js";
import { clamp, NARROW, parallel, smooth } from "./projection.js";

/** @typedef {import("./projection.js").Camera} Camera */
/**
 * @typedef {object} Cluster
 * @property {string} id @property {string} name @property {string} economies shown names
 * @property {number} lon @property {number} lat
 * @property {number} a x per radian at its latitude @property {number} y
 * @property {number} rank @property {number} score @property {number} top the metric in which it is strongest
 * @property {boolean} wanted whether search and filters leave it
 * @property {number} [px] where it was drawn last @property {number} [py] @property {number} [radius] @property {boolean} [seen]
 */
/** @typedef {{clusters: Cluster[], best: number, selected: Cluster | null, hovered: Cluster | null, shapes?: any, ghosts?: boolean, pin?: number[] | null}} Scene clusters: first rank first;
 * shapes: of the clusters, where they are not the edition's; ghosts: whether the edition's outlines are drawn as thin lines */

const TURN = 2 * Math.PI;
export const SMALLEST = 2.3; // pixels: 16 square pixels of ink

/** The radius of a mark: its area goes with the score. @param {number} score @param {number} best @param {Camera} cam @param {number} zoom */
export function markRadius(score, best, cam, zoom) {
  const largest = cam.width < NARROW ? 15 : 24;
  return Math.max(SMALLEST, largest * Math.sqrt(Math.max(0, score) / (best || 1))) * clamp(zoom ** 0.16, 1, 1.8);
}

/**
 * Draw the clusters, the first rank on top; returns those in sight, first rank first.
 * @param {any} pen @param {Camera} cam @param {number} zoom @param {Record<string, string>} colours @param {Scene} scene
 * @param {(name: string) => any} layer
 */
export function drawClusters(pen, cam, zoom, colours, scene, layer) {
  const near = smooth(cam.degree, 45, 110);
  const published = cam.degree > (scene.selected ? 4 : 40) ? layer("outlines") : null;
  const shapes = scene.ghosts ? scene.shapes : published;
  if (shapes) drawAreas(pen, cam, near, colours, scene, shapes);
  if (cam.degree > 60) drawSites(pen, cam, near, colours, layer);
  if (scene.ghosts && published) drawLines(pen, cam, Object.values(published.areas).flat(), colours.soft, 0.8);
  const seen = scene.clusters.filter((cluster) => place(cluster, cam, zoom, scene.best, near));
  for (let at = seen.length - 1; at >= 0; at--) dot(pen, seen[at], colours);
  pen.globalAlpha = 1;
  for (const cluster of [scene.selected, scene.hovered]) {
    if (!cluster?.seen) continue;
    pen.beginPath();
    pen.arc(cluster.px, cluster.py, (cluster.radius ?? 0) + 3, 0, TURN);
    [pen.strokeStyle, pen.lineWidth] = [colours.ink, 2];
    pen.stroke();
  }
  if (scene.pin) {
    const [x, y] = cam.spot(scene.pin[0], scene.pin[1]);
    pen.beginPath();
    pen.arc(x, y, 7, 0, TURN);
    [pen.strokeStyle, pen.lineWidth] = [colours.ink, 3];
    pen.stroke();
  }
  return seen;
}

/** Where a cluster is drawn; whether that is in sight. @param {Cluster} cluster @param {Camera} cam @param {number} zoom @param {number} best @param {number} near */
function place(cluster, cam, zoom, best, near) {
  cluster.px = cam.x(cam.nearest(cluster.lon), cluster.a);
  cluster.py = cam.y(cluster.y);
  const whole = markRadius(cluster.score, best, cam, zoom);
  cluster.radius = whole + (4 - whole) * (whole > 4 ? near : 0); // near, the area replaces the mark
  cluster.seen = cluster.px > -60 && cluster.px < cam.width + 60 && cluster.py > -60 && cluster.py < cam.height + 60;
  return cluster.seen;
}

/** @param {any} pen @param {Cluster} cluster @param {Record<string, string>} colours */
function dot(pen, cluster, colours) {
  pen.globalAlpha = cluster.wanted ? 0.82 : 0.15;
  pen.beginPath();
  pen.arc(cluster.px, cluster.py, cluster.radius, 0, TURN);
  pen.fillStyle = colours[`m${cluster.top % 8}`];
  pen.fill();
  [pen.strokeStyle, pen.lineWidth] = [colours.page, 0.9];
  pen.stroke();
}

/** The area of each cluster: what lies within half the radius of its sites. @param {any} pen @param {Camera} cam @param {number} near @param {Record<string, string>} colours @param {Scene} scene @param {any} shapes */
function drawAreas(pen, cam, near, colours, scene, shapes) {
  for (const cluster of scene.clusters) {
    const rings = shapes.areas[cluster.id];
    const clear = cluster === scene.selected ? 1 : near; // a large area fills the map from far away
    if (!rings || !clear) continue;
    pen.beginPath();
    trace(pen, cam, rings, true, 0.4);
    pen.globalAlpha = clear * (cluster.wanted ? 0.35 : 0.08);
    pen.fillStyle = colours.ground;
    pen.fill();
    pen.globalAlpha = clear * (cluster.wanted ? 1 : 0.2);
    [pen.strokeStyle, pen.lineWidth] = [colours[`m${cluster.top % 8}`], cluster === scene.selected ? 2.4 : 1.2];
    pen.stroke();
  }
  const chosen = scene.selected && shapes.outlines[scene.selected.id];
  if (chosen) drawLines(pen, cam, chosen, colours.ink, near);
  pen.globalAlpha = 1;
}

/** @param {any} pen @param {Camera} cam @param {any[]} rings @param {string} colour @param {number} alpha */
function drawLines(pen, cam, rings, colour, alpha) {
  pen.globalAlpha = alpha;
  [pen.strokeStyle, pen.lineWidth] = [colour, 1];
  pen.beginPath();
  trace(pen, cam, rings, true, 0.3);
  pen.stroke();
  pen.globalAlpha = 1;
}

/** Places by what they hold, in the colour of the metric that has most listings there. @param {any} pen @param {Camera} cam @param {number} near @param {Record<string, string>} colours @param {(name: string) => any} layer */
function drawSites(pen, cam, near, colours, layer) {
  pen.globalAlpha = 0.6 * near;
  for (const cell of cellsInSight(cam, layer("index")?.places ?? new Set())) {
    for (const [lon, lat, ...listings] of layer(`places/${cell.name}`)?.sites ?? []) {
      const [x, y] = cam.spot(lon, lat);
      if (x < -9 || y < -9 || x > cam.width + 9 || y > cam.height + 9) continue;
      const most = Math.max(...listings);
      pen.beginPath();
      pen.arc(x, y, Math.max(1.3, Math.sqrt(most) * clamp(cam.degree / 900, 0.12, 0.4)), 0, TURN);
      pen.fillStyle = colours[`m${listings.indexOf(most) % 8}`];
      pen.fill();
    }
  }
  pen.globalAlpha = 1;
}

/** The cluster at a pixel. @param {Cluster[]} clusters @param {number} x @param {number} y @param {number} slack pixels around a mark @returns {Cluster | null} */
export function clusterAt(clusters, x, y, slack) {
  let [hit, least] = [/** @type {Cluster | null} */ (null), Infinity];
  for (const cluster of clusters) {
    if (!cluster.seen || !cluster.wanted) continue;
    const [away, radius] = [Math.hypot((cluster.px ?? 0) - x, (cluster.py ?? 0) - y), cluster.radius ?? 0];
    if (away <= Math.max(radius, 5) + slack && away - radius / 2 < least) [hit, least] = [cluster, away - radius / 2];
  }
  return hit;
}

/** A function that names the metric in which a cluster is strongest, measured by the average of all. @param {number[][]} shares per cluster, per metric */
export function strongestOf(shares) {
  const count = shares[0]?.length ?? 0;
  const average = Array.from({ length: count }, (_, metric) => shares.reduce((sum, row) => sum + row[metric], 0) / shares.length || 1);
  return (/** @type {number[]} */ of) => {
    const relative = of.map((share, metric) => share / average[metric]);
    return relative.indexOf(Math.max(...relative));
  };
}

/** What the drawing needs of a place besides its degrees. @param {number} lat */
export function projected(lat) {
  const [a, y] = parallel(lat);
  return { a, y };
}
