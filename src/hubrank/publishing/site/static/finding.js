// Finding clusters by what a reader calls them: the beginnings of words, codes and customary names of economies, other names of cities.
import { foldText } from "./words.js";

/** @typedef {{id: string, name: string, economies: string, codes: string[]}} Findable economies: names; codes: theirs */
/** @typedef {{economies: Map<string, Set<string>>, of: [string, string][], clusters: [string, string[]][]}} OtherNames codes by each name without blanks; the same as pairs; names by cluster */

const LEAST = 3; // letters of the beginning of a name in another language
const CODE = 3; // letters of a code with which names begin, too: CHE is Switzerland, or Chengdu
const STATE = /, ([A-Z]{2})(?![A-Z])/g; // of "Minneapolis, MN"
const NO_BLANKS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;

/** The words of a text, each behind a blank. @param {string} text */
function wordsOf(text) {
  const words = foldText(text).replace(/['’ʻʼ`´.]/g, "").replace(/[^\p{L}\p{M}\p{N}]+/gu, " ").trim();
  return words && ` ${words}`;
}

const joined = (/** @type {string} */ text) => wordsOf(text).replaceAll(" ", "");

/** Prepare the file of other names. @param {{economies: Record<string, string[]>, clusters: Record<string, string[]>}} content @returns {OtherNames} */
export function otherNames({ economies, clusters }) {
  /** @type {OtherNames["economies"]} */
  const byName = new Map();
  for (const [code, names] of Object.entries(economies)) for (const name of names) byName.set(joined(name), (byName.get(joined(name)) ?? new Set()).add(code));
  return { economies: byName, of: [...byName].flatMap(([name, codes]) => [...codes].map((code) => /** @type {[string, string]} */ ([name, code]))), clusters: Object.entries(clusters) };
}

/**
 * A function that says whether a cluster is meant. A whole code or name of an economy means its clusters; else each word
 * begins a word of the cluster's or economy's name; else the text begins one of their other names.
 * @param {string} text @param {Findable[]} all @param {OtherNames | null} others
 * @returns {(cluster: Findable) => boolean}
 */
export function finder(text, all, others) {
  const words = wordsOf(text);
  if (!words) return () => true;
  const [name, code] = [joined(text), text.trim().toUpperCase()];
  const codes = others?.economies.get(name) ?? new Set();
  /** @type {(cluster: Findable) => boolean} */
  const coded = (one) => one.codes.some((each) => each === code || codes.has(each)) || [...one.name.matchAll(STATE)].some(([, state]) => state === code);
  /** @type {(cluster: Findable) => boolean} */
  const worded = (one) => {
    const own = wordsOf(`${one.name} ${one.economies}`);
    return words.split(" ").slice(1).every((word) => own.includes(` ${word}`)) || own.replaceAll(" ", "").startsWith(name) || (NO_BLANKS.test(name) && own.includes(name));
  };
  if (name.length === CODE && all.some(coded)) return (one) => coded(one) || worded(one);
  const ways = [coded, worded];
  const begins = (/** @type {string} */ other) => name.length >= LEAST ? other.startsWith(name) : NO_BLANKS.test(name) && other === name;
  if (others) {
    const [named, of] = [new Set(others.clusters.filter(([, names]) => names.some(begins)).map(([id]) => id)), new Set(others.of.filter(([other]) => begins(other)).map(([, each]) => each))];
    ways.push((one) => named.has(one.id) || one.codes.some((each) => of.has(each)));
  }
  return ways.find((way) => all.some(way)) ?? (() => false);
}
