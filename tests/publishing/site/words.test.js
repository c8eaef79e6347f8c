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
    const parts = new Intl.NumberFormat(file.replace(".json", "")).formatToParts(12345.5);
    const sign = (/** @type {string} */ type) => parts.find((part) => part.type === type)?.value;
    const { percent, ...signs } = numbers;
    assert.deepEqual(signs, { decimals: sign("decimal"), thousands: sign("group") }, file);
    assert.match(percent, /^\{figure\}\s%$/u, file);
  }
});

test("without a page a number has the signs of texts that programs read", () => {
  assert.equal(numberText("1,234.57"), "1,234.57");
});
