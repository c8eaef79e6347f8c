// Texts are in the language file; here their slots are filled, and they are made ready to be searched.

/**
 * @param {string} text with slots such as {count}
 * @param {Record<string, string | number>} slots
 */
export function fillSlots(text, slots) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(slots, name) ? String(slots[name]) : whole));
}

// The signs of a number as the language of the page has them (CLDR). Without a page, those of texts that programs read.
const SIGNS = typeof document === "undefined" ? [] : new Intl.NumberFormat(document.documentElement.lang).formatToParts(12345.5);
const IS_GROUPED = typeof document === "undefined" || new Intl.NumberFormat(document.documentElement.lang).formatToParts(1234).some((part) => part.type === "group"); // not in Spanish
const sign = (/** @type {string} */ type, /** @type {string} */ otherwise) => SIGNS.find((part) => part.type === type)?.value ?? otherwise;
const [THOUSANDS, DECIMALS] = [sign("group", ","), sign("decimal", ".")];

/** A number as the language of the page writes it. @param {string} text with "," between thousands and "." before decimals */
export function numberText(text) {
  const parted = IS_GROUPED ? text : text.replace(/(?<![\d,])(\d),(\d{3})(?![\d,])/g, "$1$2");
  return parted.replace(/[,.]/g, (mark) => (mark === "," ? THOUSANDS : DECIMALS));
}

/** An element that the page has. @param {string} id @returns {any} */
export function byId(id) {
  return document.getElementById(id);
}

/** @type {Record<string, string>} letters that are no letter with an accent */
const LETTERS = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i" };

/** Fold case and accents, so that "Zurich" finds "Zürich". @param {string} text */
export function foldText(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[ßæœøłđðþı]/g, (letter) => LETTERS[letter]);
}
