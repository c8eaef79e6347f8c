// A pen that writes SVG. It has the part of CanvasRenderingContext2D that our drawings use, so that one drawing serves both.

/** @param {string} text */
const escaped = (text) => validXml(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** XML without the characters that XML cannot hold (XML 1.0, 2.2), which a name may have. @param {string} text */
export function validXml(text) {
  return text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu, "\ufffd");
}

/** @param {number} value */
const short = (value) => String(Math.round(value * 10) / 10);

export class SvgPen {
  /** @param {(font: string, text: string) => number} measure the width of a text */
  constructor(measure) {
    this.measure = measure;
    /** @type {string[]} */
    this.parts = [];
    this.path = "";
    this.fillStyle = this.strokeStyle = "#000";
    this.font = "12px sans-serif";
    this.globalAlpha = this.lineWidth = 1;
    this.lineJoin = this.lineCap = "round";
    this.textBaseline = "alphabetic";
  }

  beginPath() {
    this.path = "";
  }

  /** @param {number} x @param {number} y */
  moveTo(x, y) {
    this.path += `M${short(x)} ${short(y)}`;
  }

  /** @param {number} x @param {number} y */
  lineTo(x, y) {
    this.path += `L${short(x)} ${short(y)}`;
  }

  closePath() {
    this.path += "Z";
  }

  /** A whole circle: our drawings have no other arcs. @param {number} x @param {number} y @param {number} r */
  arc(x, y, r, _from = 0, _to = 7) {
    const [left, d] = [x - r, 2 * r].map(short);
    const half = `a${short(r)} ${short(r)} 0 1 0 `;
    this.path += `M${left} ${short(y)}${half}${d} 0${half}-${d} 0Z`;
  }

  /** @param {string} attributes */
  shape(attributes) {
    const alpha = this.globalAlpha < 1 ? ` opacity="${this.globalAlpha.toFixed(2)}"` : "";
    if (this.path) this.parts.push(`<path d="${this.path}" ${attributes}${alpha}/>`);
  }

  fill(rule = "nonzero") {
    this.shape(`fill="${escaped(this.fillStyle)}" fill-rule="${rule}"`);
  }

  stroke() {
    this.shape(`fill="none" stroke="${escaped(this.strokeStyle)}" stroke-width="${this.lineWidth}" stroke-linejoin="round" stroke-linecap="round"`);
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  fillRect(x, y, width, height) {
    this.parts.push(`<rect x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}" fill="${escaped(this.fillStyle)}"/>`);
  }

  /** @param {string} text @param {number} x @param {number} y @param {string} attributes */
  write(text, x, y, attributes) {
    const [, weight, size, family] = /^(\d+ )?([\d.]+)px (.*)$/.exec(this.font) ?? ["", "", "12", "sans-serif"];
    const bold = weight ? ` font-weight="${weight.trim()}"` : "";
    this.parts.push(`<text x="${short(x)}" y="${short(y)}" font-size="${size}"${bold} font-family="${escaped(family)}" ${attributes}>${escaped(text)}</text>`);
  }

  /** @param {string} text @param {number} x @param {number} y */
  fillText(text, x, y) {
    this.write(text, x, y, `fill="${escaped(this.fillStyle)}"`);
  }

  /** @param {string} text @param {number} x @param {number} y */
  strokeText(text, x, y) {
    this.write(text, x, y, `fill="none" stroke="${escaped(this.strokeStyle)}" stroke-width="${this.lineWidth}" stroke-linejoin="round" opacity="${this.globalAlpha}" aria-hidden="true"`);
  }

  /** @param {string} text */
  measureText(text) {
    return { width: this.measure(this.font, text) };
  }

  /** The drawing as a document. @param {number} width @param {number} height */
  document(width, height) {
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${short(width)} ${short(height)}" width="${short(width)}" height="${short(height)}">${this.parts.join("")}</svg>`;
  }
}
