// A drawing on the screen as a file of its own: SVG with its colours, or PNG.

const SPACE = "http://www.w3.org/2000/svg";
const STYLES = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-linecap", "stroke-dasharray", "opacity", "vector-effect",
  "font-size", "font-family", "font-weight", "text-anchor",
];

/**
 * The drawing as it is seen, with a line under it that says what it shows.
 * @param {SVGSVGElement} svg @param {string} told
 */
export function drawing(svg, told) {
  const copy = /** @type {SVGSVGElement} */ (svg.cloneNode(true));
  const parts = "path, circle, rect, text";
  const [from, to] = [svg.querySelectorAll(parts), copy.querySelectorAll(parts)];
  const gone = [...from].flatMap((element, number) => {
    const style = getComputedStyle(element);
    for (const name of STYLES) to[number].setAttribute(name, style.getPropertyValue(name));
    return style.display === "none" || element.closest("[hidden]") ? [to[number]] : [];
  });
  for (const element of gone) element.remove();
  for (const link of copy.querySelectorAll("a")) link.removeAttribute("href"); // it would lead nowhere from a file
  for (const name of ["id", "class", "tabindex", "role", "style"]) copy.removeAttribute(name);
  frame(copy, told);
  return sound(new XMLSerializer().serializeToString(copy));
}

/** XML without the characters that XML cannot hold (XML 1.0, 2.2), which a name may have. @param {string} text */
export function sound(text) {
  return text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu, "\ufffd");
}

/** Give the copy a ground and a line of text. @param {SVGSVGElement} copy @param {string} told */
function frame(copy, told) {
  const { x, y, width, height } = copy.viewBox.baseVal;
  const line = width / 45;
  copy.setAttribute("xmlns", SPACE);
  copy.setAttribute("viewBox", `${x} ${y} ${width} ${height + 1.6 * line}`);
  const page = getComputedStyle(document.body);
  const ground = made("rect", { x, y, width, height: height + 1.6 * line, fill: page.backgroundColor });
  const text = made("text", {
    x: x + line / 2, y: y + height + 1.1 * line, fill: page.color, "font-size": line * 0.8, "font-family": "sans-serif",
  });
  text.textContent = told;
  copy.prepend(ground);
  copy.append(text);
}

/** @param {string} name @param {Record<string, string | number>} attributes */
function made(name, attributes) {
  const element = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

/** The same as PNG, `wide` pixels wide. @param {string} text an SVG document @returns {Promise<Blob>} */
export async function pixels(text, wide = 2000) {
  const box = new DOMParser().parseFromString(text, "image/svg+xml").documentElement.getAttribute("viewBox") || "0 0 1 1";
  const [, , width, height] = box.split(" ").map(Number);
  const sized = text.replace("<svg ", `<svg width="${wide}" height="${Math.round((wide * height) / width)}" `);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(sized)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [wide, Math.round((wide * height) / width)];
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("no picture"))), "image/png"));
}
