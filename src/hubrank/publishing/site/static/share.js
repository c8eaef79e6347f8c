// Share: files made of what is visible, and the code that embeds it.

/** A field of a CSV; text that a spreadsheet would take for a formula gets an apostrophe. @param {string} text */
export function csvField(text) {
  const safe = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/.test(text) && !/^[+-]?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** @param {string[]} heads @param {string[][]} rows */
export function csv(heads, rows) {
  return [heads, ...rows].map((line) => line.map(csvField).join(",") + "\n").join("");
}

/** Download a file. @param {string} name @param {string} type @param {BlobPart} content */
export function save(name, type, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** The element that shows a page inside another. @param {string} address @param {string} title */
export function embedCode(address, title) {
  const escaped = [address, title].map((text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;"));
  return `<iframe src="${escaped[0]}" title="${escaped[1]}" width="600" height="400" loading="lazy"></iframe>`;
}

/** A drawing of a pen as a document with a caption below. @param {import("./pen.js").SvgPen} pen @param {number} width @param {number} height @param {string} caption @param {Record<string, string>} colours */
export function captioned(pen, width, height, caption, colours) {
  [pen.globalAlpha, pen.fillStyle, pen.font] = [1, colours.page, "12px sans-serif"];
  pen.fillRect(0, height, width, 26);
  pen.fillStyle = colours.ink;
  pen.fillText(caption, 10, height + 17);
  return pen.document(width, height + 26);
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
