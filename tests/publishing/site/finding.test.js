import assert from "node:assert/strict";
import { test } from "node:test";
import { finder, otherNames } from "../../../src/hubrank/publishing/site/static/finding.js";

const clusters = [
  ["tel-aviv", "Tel Aviv–Jerusalem", "Israel", "IL"], ["busan", "Busan", "Republic of Korea", "KR"], ["chicago", "Chicago, IL", "United States", "US"],
  ["los-angeles", "Los Angeles, CA", "United States", "US"], ["kyiv", "Kyiv", "Ukraine", "UA"], ["london", "London", "United Kingdom", "GB"], ["toronto", "Toronto", "Canada", "CA"],
  ["cologne", "Cologne", "Germany", "DE"], ["munich", "Munich", "Germany", "DE"], ["basel", "Basel–Mulhouse", "Switzerland, France", "CH/FR"], ["xian", "Xi'an", "China", "CN"], ["kolkata", "Kolkata", "India", "IN"],
  ["beijing", "Beijing", "China", "CN"], ["rome", "Rome", "Italy", "IT"], ["lodz", "Łódź", "Poland", "PL"],
].map(([id, name, economies, codes]) => ({ id, name, economies, codes: codes.split("/") }));
const others = otherNames({
  economies: { US: ["USA", "U.S.A.", "America"], GB: ["UK", "England"], KR: ["South Korea", "KOR"], CH: ["CHI"], DE: ["Deutschland", "DEU"], NL: ["Holland"], FR: ["Франция"] },
  clusters: { cologne: ["koln", "koeln"], munich: ["munchen", "muenchen"], beijing: ["北京", "peking"], rome: ["rom", "roma"] },
});
const found = (/** @type {string} */ text, names = others) => {
  const meant = finder(text, clusters, names);
  return clusters.filter(meant).map(({ id }) => id);
};

test("codes and customary names mean the economy as a whole", () => {
  assert.deepEqual(found("USA"), ["chicago", "los-angeles"]);
  assert.deepEqual(found("us"), ["chicago", "los-angeles"]);
  assert.deepEqual(found("UK"), ["london"]);
  assert.deepEqual(found("DE"), ["cologne", "munich"]);
  assert.deepEqual(found("South  Korea "), ["busan"]);
  assert.deepEqual(found("england"), ["london"]);
  assert.deepEqual(found("франция"), ["basel"]);
  assert.deepEqual(found("CA"), ["los-angeles", "toronto"], "a state is written like an economy");
  assert.deepEqual(found("IL"), ["tel-aviv", "chicago"]);
  assert.deepEqual(found("chi"), ["chicago", "basel", "xian", "beijing"], "of three letters may be a code or the beginning of a name");
});

test("else words begin as the text does, in any order", () => {
  assert.deepEqual(found("usa", /** @type {any} */ (null)), [], "and never Jerusalem");
  assert.deepEqual(found("kor"), ["busan"]);
  assert.deepEqual(found("germany mun"), ["munich"]);
  assert.deepEqual(found("angeles"), ["los-angeles"]);
  assert.deepEqual(found("xian"), ["xian"]);
  assert.deepEqual(found("lodz"), ["lodz"]);
  assert.deepEqual(found("mulhouse fr"), ["basel"]);
  assert.deepEqual(found("ko"), ["busan", "kolkata"]);
});

test("else the text begins another name of a city or an economy", () => {
  assert.deepEqual(found("Köln"), ["cologne"]);
  assert.deepEqual(found("Koeln"), ["cologne"]);
  assert.deepEqual(found("Münch"), ["munich"]);
  assert.deepEqual(found("Deutschl"), ["cologne", "munich"]);
  assert.deepEqual(found("北京"), ["beijing"]);
  assert.deepEqual(found("Rom"), ["rome"], "which begins the name, too");
  assert.deepEqual(found("kor"), ["busan"]);
  assert.deepEqual(found("deu"), ["cologne", "munich"]);
});

test("nothing is meant by a text that nothing is called, everything by none", () => {
  assert.deepEqual(found("Holland"), [], "an economy without a cluster");
  assert.deepEqual(found("xyz"), []);
  assert.equal(found(" – ").length, clusters.length);
});
