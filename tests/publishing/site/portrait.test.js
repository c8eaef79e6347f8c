import assert from "node:assert/strict";
import { test } from "node:test";
import { regionOf } from "../../../src/hubrank/publishing/site/static/portrait.js";

test("partners in one part of the world are shown there, others on the world", () => {
  const vienna = { lon: 16, lat: 48 };
  assert.deepEqual(regionOf(vienna, [{ lon: 10, lat: 47 }, { lon: 14, lat: 50 }]), [10, 47, 16, 50]);
  assert.equal(regionOf(vienna, [{ lon: 10, lat: 47 }, { lon: 139, lat: 35 }]), null);
  assert.equal(regionOf({ lon: 178, lat: -18 }, [{ lon: -178, lat: -17 }]), null, "across the antimeridian");
  assert.equal(regionOf(vienna, []), null);
});
