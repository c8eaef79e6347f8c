import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { numberText } from "../../../src/hubrank/publishing/site/static/words.js";

const WORDS = new URL("../../../src/hubrank/publishing/site/words/", import.meta.url);

test("the signs of numbers in a file of texts are those by which the script of a page writes them", () => {
  const files = readdirSync(WORDS);
  assert.ok(files.length > 1);
  for (const file of files) {
    const { numbers } = JSON.parse(readFileSync(new URL(file, WORDS), "utf-8"));
    const format = new Intl.NumberFormat(file.replace(".json", ""));
    const parts = format.formatToParts(12345.5);
    const sign = (/** @type {string} */ type) => parts.find((part) => part.type === type)?.value;
    const { percent, ...signs } = numbers;
    const minimum_grouping = format.format(1234).length === "1234".length ? "2" : "1"; // digits before the first sign
    assert.deepEqual(signs, { decimals: sign("decimal"), minimum_grouping, thousands: sign("group") }, file);
    const ofLanguage = new Intl.NumberFormat(file.replace(".json", ""), { style: "percent" }).format(0.5).replace("50", "{figure}");
    const [written, expected] = [percent, file === "en.json" ? "{figure} %" : ofLanguage].map((text) => text.replace(/\s/u, " "));
    assert.equal(written, expected, file); // English: with a space, as in SI; how wide a French one is differs between versions of CLDR
  }
});

test("without a page a number has the signs of texts that programs read", () => {
  assert.equal(numberText("1,234.57"), "1,234.57");
});
