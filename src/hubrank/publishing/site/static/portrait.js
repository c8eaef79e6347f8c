// The maps of a portrait: the cluster near by, and its partners on a world turned to its meridian.
import { need } from "./data.js";
import { boxesOver } from "./labels.js";
import { createMap } from "./map.js";
import { projected, strongestOf } from "./marks.js";
import { greatCircle, parallel } from "./projection.js";
import { drawScale, scaleBox } from "./scale.js";
import { byId } from "./words.js";

/** @typedef {import("./marks.js").Cluster} Cluster */

const REGION = 60; // degrees of longitude up to which partners lie in one part of the world
const BAR_LEFT = 14; // pixels

/** The clusters of the data file as maps draw them. @param {any[]} rows @returns {(Cluster & {shares: number[]})[]} */
export function clustersOf(rows) {
  const strongest = strongestOf(rows.map((row) => row[6]));
  return rows.map(([id, name, economies, lon, lat, score, shares], at) => (
    { id, name, economies, lon, lat, score, shares, ...projected(lat), rank: at + 1, top: strongest(shares), wanted: true }));
}

/** West, south, east and north of rings in degrees; those on the other side of the antimeridian left out. @param {any[]} rings @param {number} lon @param {(y: number) => number} latitudeOf */
export function boxOf(rings, lon, latitudeOf) {
  const near = rings.filter(({ box }) => Math.abs((box[0] + box[1]) / 2 - lon) < 90);
  if (!near.length) return null;
  const side = (/** @type {number} */ at, /** @type {(...values: number[]) => number} */ of) => of(...near.map(({ box }) => box[at]));
  return [side(0, Math.min), latitudeOf(side(2, Math.min)), side(1, Math.max), latitudeOf(side(3, Math.max))];
}


/** @param {{id: string, partners: [string, number][]}} page */
export function startPortrait({ id, partners }) {
  /** @type {Record<string, any>} */
  const maps = {};
  for (const name of ["index", "borders", "lakes", "cities", "countries", "land0", "land1"]) need(name, () => Object.values(maps).forEach((map) => map.ask()));
  need("clusters", (rows) => {
    const clusters = clustersOf(rows);
    const cluster = clusters.find((one) => one.id === id);
    if (!cluster) return;
    maps.local = localMap(clusters, cluster);
    if (byId("web")) maps.web = partnerMap(clusters, cluster, partners);
  });
  return maps;
}

/** @param {Cluster[]} clusters @param {Cluster} cluster */
function localMap(clusters, cluster) {
  const scene = { clusters, best: clusters[0].score, selected: cluster, hovered: null };
  /** @param {{height: number}} frame */
  const bottom = ({ height }) => height - 12;
  const map = createMap(byId("local"), scene, {
    over: (pen, cam, colours) => drawScale(pen, cam, colours, BAR_LEFT, bottom(cam)),
    taken: () => [scaleBox(BAR_LEFT, bottom(map.frame)), ...boxesOver(byId("local"), document.querySelectorAll(".frame .tools"))],
    pick: (other) => {
      if (other && other !== cluster) location.href = `${encodeURIComponent(other.id)}.html`;
    },
  }, { quiet: true });
  map.show({ lon: cluster.lon, lat: cluster.lat, k: 60 });
  need("outlines", (shapes) => {
    const box = boxOf(shapes.areas[cluster.id] ?? [], cluster.lon, map.latitudeOf);
    if (box) map.show(map.viewOf(box));
  });
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-zoom]"))) {
    button.addEventListener("click", () => void map.zoom(Number(button.dataset.zoom)));
  }
  return map;
}

/** West, south, east and north of a place and others if all lie in one part of the world. @param {{lon: number, lat: number}} place @param {{lon: number, lat: number}[]} others */
export function regionOf(place, others) {
  const all = [place, ...others];
  const of = (/** @type {"lon" | "lat"} */ axis, /** @type {(...values: number[]) => number} */ end) => end(...all.map((one) => one[axis]));
  const [west, south, east, north] = [of("lon", Math.min), of("lat", Math.min), of("lon", Math.max), of("lat", Math.max)];
  return others.length && east - west <= REGION && north - south <= REGION / 2 ? [west, south, east, north] : null;
}

/** @param {Cluster[]} all @param {Cluster} cluster @param {[string, number][]} partners */
function partnerMap(all, cluster, partners) {
  const byKey = new Map(all.map((one) => [one.id, one]));
  const ends = partners.flatMap(([key, records]) => (byKey.has(key) ? [{ end: /** @type {Cluster} */ (byKey.get(key)), records }] : []));
  const most = Math.max(1, ...ends.map(({ records }) => records));
  const scene = { clusters: [cluster, ...ends.map(({ end }) => ({ ...end }))], best: all[0].score * 3, selected: null, hovered: null };
  const region = regionOf(cluster, ends.map(({ end }) => end));
  if (region) scene.best = all[0].score;
  const map = createMap(byId("web"), scene, {
    over(pen, cam, colours) {
      for (const { end, records } of ends) {
        pen.beginPath();
        greatCircle([cluster.lon, cluster.lat], [end.lon, end.lat]).forEach(([lon, lat], step) => {
          const [ofRadian, up] = parallel(lat);
          const [x, y] = [cam.x(cam.nearest(lon), ofRadian), cam.y(up)];
          if (step) pen.lineTo(x, y);
          else pen.moveTo(x, y);
        });
        [pen.strokeStyle, pen.globalAlpha, pen.lineWidth, pen.lineCap] = [colours.ink, 0.55, Math.max(1, 6 * Math.sqrt(records / most)), "round"];
        pen.stroke();
        pen.globalAlpha = 1;
      }
      return scene.clusters.slice(0, 6);
    },
  }, { turned: !region, still: true });
  map.show(region ? map.viewOf(region) : { lon: cluster.lon, lat: 0, k: 1 });
  return map;
}
