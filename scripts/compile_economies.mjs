// Compile the names of economies in the languages of the pages: what CLDR (Unicode) calls them, as ICU has them in Node.
//
//     node scripts/compile_economies.mjs
//
// The short form of CLDR counts where its English one is the name in countries.csv, and the long one is not: Hong Kong.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const HERE = new URL("../src/hubrank/", import.meta.url);
const languages = readdirSync(new URL("publishing/site/words/", HERE)).map((file) => file.replace(".json", "")).filter((code) => code !== "en").sort();
const economies = readFileSync(new URL("core/countries.csv", HERE), "utf-8").trim().split("\n").slice(1).map((line) => {
  const [, iso2, quoted, plain] = /** @type {RegExpMatchArray} */ (line.match(/^(..),...,(?:"([^"]*)"|([^,]*)),/));
  return { iso2, name: quoted ?? plain };
});

/** @param {string} language @param {"long" | "short"} style */
const names = (language, style) => new Intl.DisplayNames(language, { type: "region", style });
const [long, short] = [names("en", "long"), names("en", "short")];
const rows = economies.map(({ iso2, name }) => {
  const style = long.of(iso2) !== name && short.of(iso2) === name ? "short" : "long";
  return [iso2, ...languages.map((language) => String(names(language, style).of(iso2)))];
});
const quoted = (/** @type {string} */ text) => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const text = [["iso2", ...languages], ...rows].map((row) => `${row.map(quoted).join(",")}\n`).join("");
writeFileSync(new URL("publishing/site/economies.csv", HERE), text);
