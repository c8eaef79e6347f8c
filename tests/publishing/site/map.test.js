import assert from "node:assert/strict";
import { test } from "node:test";
import { cellsInSight, trace, unpack } from "../../../src/hubrank/publishing/site/static/ground.js";
import { drawClusters, projected } from "../../../src/hubrank/publishing/site/static/marks.js";
import { bounded, camera, greatCircle, latitude, parallel, wrap } from "../../../src/hubrank/publishing/site/static/projection.js";
import { SvgPen } from "../../../src/hubrank/publishing/site/static/pen.js";

const frame = { width: 1440, height: 480, base: 200 };
const near = (a, b, by = 1e-6) => assert.ok(Math.abs(a - b) <= by, `${a} is not ${b}`);

test("the projection is that of Equal Earth", () => {
  const [ofRadian, y] = parallel(0);
  near(ofRadian * Math.PI * 6371.0088, 17243.96344447, 1e-3); // x of 180° E on the equator, as PROJ gives it
  near(parallel(90)[1] * 6371.0088, 8392.92973138, 1e-3);
  near(y, 0);
});

test("a latitude comes back from its y", () => {
  for (let lat = -90; lat <= 90; lat += 7.5) near(latitude(parallel(lat)[1]), lat, 1e-3);
});

test("a pixel's place is drawn at that pixel, at every zoom", () => {
  for (const k of [1, 2, 5, 40, 400]) {
    const cam = camera({ lon: 114, lat: 22.5, k }, frame);
    for (const [x, y] of [[10, 200], [720, 240], [900, 300]]) {
      const [lon, lat] = cam.place(x, y);
      const [px, py] = cam.spot(lon, lat);
      if (Math.abs(lon - 114) < 170) [near(px, x, 1e-3), near(py, y, 1e-3)];
    }
  }
});

test("where a reader is near, a kilometre is as long to the east as to the north", () => {
  const cam = camera({ lon: 139.7, lat: 35.7, k: 100 }, frame);
  const [[x0, y0], [x1], [, y2]] = [cam.spot(139.7, 35.7), cam.spot(139.7 + 0.1 / Math.cos((35.7 * Math.PI) / 180), 35.7), cam.spot(139.7, 35.8)];
  near((x1 - x0) / (y0 - y2), 1, 0.01);
});

test("a view shows no more than there is of the world", () => {
  const home = bounded({ lon: 170, lat: 80, k: 0.2 }, frame);
  assert.equal(home.k, 1);
  assert.ok(home.lat < 40);
});

test("longitudes are brought back", () => {
  assert.deepEqual([wrap(190), wrap(-190), wrap(370)], [-170, 170, 10]);
});

test("rings are unpacked to degrees and drawn as they lie, over the antimeridian too", () => {
  const [ring] = unpack({ step: 10, rings: [[1700, -50, 100, 0, 0, 100, -100, 0]] });
  assert.deepEqual([...ring.lon], [170, 180, 180, 170]);
  const pen = new SvgPen(() => 0);
  const cam = camera({ lon: -179, lat: 0, k: 8 }, frame);
  pen.beginPath();
  trace(pen, cam, [ring], true);
  const xs = [...pen.path.matchAll(/[ML]([-\d.]+)/g)].map((match) => Number(match[1]));
  assert.ok(Math.max(...xs) < cam.width / 2, "it lies to the west of the middle");
});

test("what is out of sight is not drawn", () => {
  const pen = new SvgPen(() => 0);
  pen.beginPath();
  trace(pen, camera({ lon: 0, lat: 45, k: 60 }, frame), unpack({ step: 1, rings: [[100, 0, 5, 0, 0, 5]] }), true);
  assert.equal(pen.path, "");
});

test("the cells in sight are named by their corner", () => {
  const cells = cellsInSight(camera({ lon: 114, lat: 22.5, k: 120 }, frame), new Set(["22_4", "0_0"]));
  assert.deepEqual(cells, [{ name: "22_4", lon: 110, lat: 20 }]);
});

test("a great circle is the shortest way and ends where it should", () => {
  const way = greatCircle([114, 22.5], [-122, 37.4]);
  near(wrap(way[0][0] - 114), 0);
  near(way.at(-1)[1], 37.4);
  assert.ok(Math.max(...way.map(([, lat]) => lat)) > 45, "it runs over the north");
});

test("the area of the cluster that is selected is drawn from far away, as large areas are seen from there", () => {
  const square = unpack({ step: 1, rings: [[-5, 35, 10, 0, 0, 10, -10, 0, 0, -10]] });
  const shapes = { areas: { a: square, b: square }, outlines: {} };
  const cluster = (id) => ({ id, name: id, lon: 0, lat: 40, ...projected(40), rank: 1, score: 1, top: 0, wanted: true });
  const clusters = [cluster("a"), cluster("b")];
  const cam = camera({ lon: 0, lat: 40, k: 8 }, frame);
  assert.ok(cam.degree < 40);
  const areas = (selected) => {
    const pen = new SvgPen(() => 0);
    drawClusters(pen, cam, 8, { ground: "ground", m0: "m0", page: "page", ink: "ink" }, { clusters, best: 1, selected, hovered: null }, (name) => (name === "outlines" ? shapes : null));
    return pen.parts.filter((part) => part.includes("ground")).length;
  };
  assert.equal(areas(null), 0);
  assert.equal(areas(clusters[1]), 1);
});
