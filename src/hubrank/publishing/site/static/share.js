// Share: files made of what is visible, and the code that embeds it.

/** A field of a CSV; text that a spreadsheet would take for a formula gets an apostrophe. @param {string} text @param {string} [divider] */
export function csvField(text, divider = ",") {
  const safe = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/.test(text) && !/^[+-]?\d+([.,]\d+)?$/.test(text) ? `'${text}` : text;
  return /["\n\r]/.test(safe) || safe.includes(divider) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** @param {string[]} heads @param {string[][]} rows @param {string} [divider] between cells */
export function csv(heads, rows, divider = ",") {
  return [heads, ...rows].map((line) => line.map((text) => csvField(text, divider)).join(divider) + "\n").join("");
}

/** Download a file. @param {string} name @param {string} type @param {BlobPart} content */
export function save(name, type, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** The element that shows a page inside another, as wide as its column: a phone is narrower than any number here. @param {string} address @param {string} title */
export function embedCode(address, title) {
  const escaped = [address, title].map((text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;"));
  return `<iframe src="${escaped[0]}" title="${escaped[1]}" width="100%" height="400" loading="lazy"></iframe>`;
}

const [LINE, EDGE] = [17, 10]; // pixels

/** Pixels of what stands below a picture. @param {string[]} lines @param {boolean} legend */
export const captionHeight = (lines, legend) => LINE * (lines.length + Number(legend)) + EDGE;

/**
 * A drawing of a pen as a document with a caption below: what the colours mean, then lines of text.
 * @param {import("./pen.js").SvgPen} pen @param {number} width @param {number} height @param {string[]} lines
 * @param {{head: string, items: string[]}} legend @param {Record<string, string>} colours
 */
export function captioned(pen, width, height, lines, legend, colours) {
  const whole = height + captionHeight(lines, legend.items.length > 0);
  [pen.globalAlpha, pen.fillStyle] = [1, colours.page];
  pen.fillRect(0, height, width, whole - height);
  let base = height + LINE;
  /** @param {string} text @param {number} x @param {string} font */
  const write = (text, x, font) => {
    [pen.font, pen.fillStyle] = [font, colours.ink];
    pen.fillText(text, x, base);
    return x + pen.measureText(text).width;
  };
  if (legend.items.length) {
    let x = write(legend.head, EDGE, "600 12px sans-serif") + EDGE;
    legend.items.forEach((item, metric) => {
      pen.beginPath();
      pen.arc(x + 5, base - 4, 5);
      pen.fillStyle = colours[`m${metric % 8}`];
      pen.fill();
      x = write(item, x + 14, "12px sans-serif") + EDGE;
    });
    base += LINE;
  }
  for (const [at, line] of lines.entries()) {
    const font = (/** @type {number} */ size) => `${at ? "" : "600 "}${size.toFixed(1)}px sans-serif`;
    const wide = pen.measure(font(12), line);
    write(line, EDGE, font(Math.min(12, (12 * (width - 2 * EDGE)) / wide)));
    base += LINE;
  }
  return pen.document(width, whole);
}

/** The same as PNG. @param {string} text an SVG document @param {number} width of it @param {number} height of it @returns {Promise<Blob>} */
export async function toPng(text, width, height) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [2000, Math.round((2000 * height) / width)];
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("no picture"))), "image/png"));
}
