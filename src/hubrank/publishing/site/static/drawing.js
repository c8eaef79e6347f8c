// A drawing on the screen as a file of its own: SVG with its colours, or PNG.

const SPACE = "http://www.w3.org/2000/svg";
const STYLES = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-linecap", "stroke-dasharray", "opacity", "vector-effect",
  "font-size", "font-family", "font-weight", "text-anchor",
];

/**
 * The drawing as it is visible, with a caption below.
 * @param {SVGSVGElement} svg @param {string} caption
 */
export function exportSvg(svg, caption) {
  const copy = /** @type {SVGSVGElement} */ (svg.cloneNode(true));
  const parts = "path, circle, rect, text";
  const [from, to] = [svg.querySelectorAll(parts), copy.querySelectorAll(parts)];
  const hidden = [...from].flatMap((element, number) => {
    const style = getComputedStyle(element);
    for (const name of STYLES) to[number].setAttribute(name, style.getPropertyValue(name));
    return style.display === "none" || element.closest("[hidden]") ? [to[number]] : [];
  });
  for (const element of hidden) element.remove();
  for (const link of copy.querySelectorAll("a")) link.removeAttribute("href"); // it would lead nowhere from a file
  for (const name of ["id", "class", "tabindex", "role", "style"]) copy.removeAttribute(name);
  frame(copy, caption);
  return validXml(new XMLSerializer().serializeToString(copy));
}

/** XML without the characters that XML cannot hold (XML 1.0, 2.2), which a name may have. @param {string} text */
export function validXml(text) {
  return text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu, "\ufffd");
}

/** Give the copy a background and a caption. @param {SVGSVGElement} copy @param {string} caption */
function frame(copy, caption) {
  const { x, y, width, height } = copy.viewBox.baseVal;
  const line = width / 45;
  copy.setAttribute("xmlns", SPACE);
  copy.setAttribute("viewBox", `${x} ${y} ${width} ${height + 1.6 * line}`);
  const page = getComputedStyle(document.body);
  const ground = svgElement("rect", { x, y, width, height: height + 1.6 * line, fill: page.backgroundColor });
  const text = svgElement("text", {
    x: x + line / 2, y: y + height + 1.1 * line, fill: page.color, "font-size": line * 0.8, "font-family": "sans-serif",
  });
  text.textContent = caption;
  copy.prepend(ground);
  copy.append(text);
}

/** @param {string} name @param {Record<string, string | number>} attributes */
function svgElement(name, attributes) {
  const element = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

/** The same as PNG, `pixelWidth` pixels pixelWidth. @param {string} text an SVG document @returns {Promise<Blob>} */
export async function exportPng(text, pixelWidth = 2000) {
  const box = new DOMParser().parseFromString(text, "image/svg+xml").documentElement.getAttribute("viewBox") || "0 0 1 1";
  const [, , width, height] = box.split(" ").map(Number);
  const sized = text.replace("<svg ", `<svg width="${pixelWidth}" height="${Math.round((pixelWidth * height) / width)}" `);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(sized)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [pixelWidth, Math.round((pixelWidth * height) / width)];
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("no picture"))), "image/png"));
}
