// The weights in percent: a slider each, and the rank of one cluster at every mix of a grid of 1 %.
import { byId, fillSlots } from "./words.js";

/** A mix of whole percents near some weights. @param {number[]} weights @returns {number[]} */
export function percents(weights) {
  const sum = weights.reduce((all, weight) => all + weight, 0) || 1;
  return rounded(weights.map((weight) => (100 * weight) / sum), 100);
}

/** Whole numbers near some numbers that add up to `sum`: largest remainders first, then the earlier. @param {number[]} parts @param {number} sum */
function rounded(parts, sum) {
  const whole = parts.map((part) => Math.floor(part + 1e-9));
  const rest = parts.map((part, at) => ({ at, rest: part - whole[at] })).sort((a, b) => b.rest - a.rest || a.at - b.at);
  let missing = sum - whole.reduce((all, part) => all + part, 0);
  for (let turn = 0; missing > 0; turn = (turn + 1) % rest.length, missing--) whole[rest[turn].at]++;
  return whole;
}

/**
 * Move one slider: the others share what is left as they did before, equally if they had nothing.
 * @param {number[]} mix @param {number} slider @param {number} percent @param {boolean[]} usable metrics that count anything
 */
export function withPercent(mix, slider, percent, usable) {
  const others = mix.map((part, at) => (at === slider || !usable[at] ? 0 : part));
  const left = others.some(Boolean) ? others : others.map((_, at) => Number(at !== slider && usable[at]));
  const sum = left.reduce((all, part) => all + part, 0);
  if (!sum) return mix.map((_, at) => (at === slider ? 100 : 0));
  const rest = rounded(left.map((part) => (part * (100 - percent)) / sum), 100 - percent);
  return rest.map((part, at) => (at === slider ? percent : part));
}

/**
 * The rank of a cluster at every mix of a grid of 1 %, from shares as floating-point numbers: exact but for ties.
 * @param {number[][]} shares per cluster, per metric @param {number} cluster
 * @param {number[][]} mixes percents of each metric
 */
export function ranksAt(shares, cluster, mixes) {
  const [base, count] = [shares[cluster], shares[cluster].length];
  const flat = new Float64Array(shares.length * count);
  shares.forEach((row, at) => row.forEach((share, metric) => (flat[at * count + metric] = share - base[metric])));
  return mixes.map((mix) => {
    let rank = 1;
    for (let at = 0; at < flat.length; at += count) {
      let lead = 0;
      for (let metric = 0; metric < count; metric++) lead += mix[metric] * flat[at + metric];
      if (lead > 1e-12) rank++;
    }
    return rank;
  });
}

/** All mixes of two or three metrics on a grid of 1 %. @param {number} metrics */
export function grid(metrics) {
  const mixes = [];
  for (let first = 0; first <= 100; first++) {
    if (metrics === 2) mixes.push([first, 100 - first]);
    else for (let second = 0; second <= 100 - first; second++) mixes.push([first, second, 100 - first - second]);
  }
  return mixes;
}

/**
 * The sliders of the strip.
 * @param {HTMLElement} strip @param {{total: string, weight: string}[]} metrics
 * @param {(mix: number[] | null) => void} changed
 */
export function createMix(strip, metrics, changed) {
  const usable = metrics.map((metric) => metric.total !== "0");
  const exact = metrics.map((metric, at) => (usable[at] ? Number(metric.weight) : 0));
  const published = percents(exact);
  const sliders = /** @type {HTMLInputElement[]} */ ([...strip.querySelectorAll("input[type=range]")]);
  let mix = published;
  let hold = { slider: -1, from: exact, made: "" }; // while one slider moves, the others keep the proportion that they had
  /** @param {number[] | null} next */
  function show(next) {
    mix = next ? percents(next) : published;
    sliders.forEach((slider, at) => {
      slider.value = String(mix[at]);
      const sum = exact.reduce((all, weight) => all + weight, 0) || 1;
      const shown = fillSlots(strip.dataset.percent ?? "{figure}", { figure: next ? mix[at] : Math.round((100 * exact[at]) / sum) });
      slider.setAttribute("aria-valuetext", shown);
      const output = slider.parentElement?.querySelector("output");
      if (output) output.textContent = shown;
    });
  }
  sliders.forEach((slider, at) => {
    slider.addEventListener("input", () => {
      if (hold.slider !== at || hold.made !== mix.join()) hold = { slider: at, from: mix === published ? exact : mix, made: "" };
      const next = withPercent(hold.from, at, Number(slider.value), usable);
      hold.made = next.join();
      if (next.some((part, metric) => part && usable[metric])) changed(next);
      else show(mix);
    });
  });
  return { show, current: () => mix, published };
}

/**
 * The triangle (or the line, of two metrics) of all mixes; the ground shows the rank of a cluster, the point is the mix.
 * @param {HTMLCanvasElement} canvas @param {number} metrics
 * @param {(mix: number[]) => void} chosen
 */
export function createTriangle(canvas, metrics, chosen) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const mixes = grid(metrics);
  /** @type {{ranks: number[], labels: string[], mix: number[], colours: Record<string, string>} | null} */
  let last = null;
  const corner = () => {
    const { width, height } = canvas.getBoundingClientRect();
    const [pad, below, half] = width > 150 ? [24, 64, 14] : [3, 6, 4];
    const side = Math.min(width - 2 * pad, metrics === 2 ? width : (height - below) / 0.866);
    return { width, height, side, half, left: (width - side) / 2, base: metrics === 2 ? height / 2 : pad + side * 0.866 };
  };
  /** Where a mix lies: the first metric at the top, the second left, the third right. @param {number[]} mix @param {ReturnType<typeof corner>} frame */
  const spot = (mix, { side, left, base }) =>
    metrics === 2
      ? [left + (side * mix[1]) / 100, base]
      : [left + side * (mix[2] / 100 + mix[0] / 200), base - (side * 0.866 * mix[0]) / 100];

  /** @type {{ranks: number[], width: number, ink: string, picture: HTMLCanvasElement} | null} */
  let ground = null;
  const number = new Map(mixes.map((mix, at) => [mix.join("-"), at]));

  /** The mix at a pixel; none outside. @param {number} x @param {number} y @param {ReturnType<typeof corner>} frame */
  function mixAt(x, y, frame) {
    if (metrics === 2) return Math.abs(y - frame.base) <= frame.half ? inside([1 - (x - frame.left) / frame.side, (x - frame.left) / frame.side]) : null;
    const first = (frame.base - y) / (frame.side * 0.866);
    const third = (x - frame.left) / frame.side - first / 2;
    return inside([first, 1 - first - third, third]);
  }
  const inside = (/** @type {number[]} */ parts) => (parts.every((part) => part > -1e-6) ? percents(parts.map((part) => Math.max(0, part))) : null);

  /** The ground: the stronger the tint, the better the rank there. @param {ReturnType<typeof corner>} frame */
  function tinted(frame) {
    const picture = document.createElement("canvas");
    const [width, height] = [Math.max(1, Math.round(frame.width)), Math.max(1, Math.round(frame.height))];
    [picture.width, picture.height] = [width, height];
    const pen = /** @type {CanvasRenderingContext2D} */ (picture.getContext("2d"));
    pen.fillStyle = last?.colours.ink ?? "#000";
    pen.fillRect(0, 0, 1, 1);
    const [red, green, blue] = pen.getImageData(0, 0, 1, 1).data;
    const image = pen.createImageData(width, height);
    const worst = Math.log(Math.max(2, ...(last?.ranks ?? [])));
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
      const mix = mixAt(x + 0.5, y + 0.5, frame);
      const rank = mix && last?.ranks[number.get(mix.join("-")) ?? 0];
      if (rank) image.data.set([red, green, blue, 235 - 205 * (Math.log(rank) / worst)], 4 * (y * width + x));
    }
    pen.putImageData(image, 0, 0);
    return picture;
  }

  let asked = 0;
  function draw() {
    asked = 0;
    if (!last) return;
    const frame = corner();
    const ratio = Math.min(2, devicePixelRatio || 1);
    [canvas.width, canvas.height] = [frame.width * ratio, frame.height * ratio];
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (!ground || ground.ranks !== last.ranks || ground.width !== frame.width || ground.ink !== last.colours.ink) {
      ground = { ranks: last.ranks, width: frame.width, ink: last.colours.ink, picture: tinted(frame) };
    }
    context.drawImage(ground.picture, 0, 0, frame.width, frame.height);
    if (frame.width > 150) corners(context, frame, last, spot, metrics);
    const [x, y] = spot(last.mix, frame);
    context.beginPath();
    context.arc(x, y, frame.width > 150 ? 6 : 3.5, 0, 7);
    [context.fillStyle, context.strokeStyle, context.lineWidth] = [last.colours.m1, last.colours.page, 2];
    context.fill();
    context.stroke();
  }

  /** @param {PointerEvent} event */
  function choose(event) {
    const [frame, box] = [corner(), canvas.getBoundingClientRect()];
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const mix = mixAt(x, y, frame);
    if (mix) chosen(mix);
  }
  canvas.addEventListener("pointermove", (event) => event.buttons && canvas.dataset.open && choose(event));
  canvas.addEventListener("pointerdown", (event) => canvas.dataset.open && choose(event));
  return {
    draw, mixes,
    /** @param {number[]} ranks at each mix @param {string[]} labels of metrics @param {number[]} mix @param {Record<string, string>} colours */
    show(ranks, labels, mix, colours) {
      last = { ranks, labels, mix, colours };
      asked ||= requestAnimationFrame(draw); // it asks how large it is, which is computed once a frame
    },
  };
}

/** Names of the corners, and the ranks there. @param {CanvasRenderingContext2D} context @param {any} frame @param {any} last @param {any} spot @param {number} metrics */
function corners(context, frame, last, spot, metrics) {
  context.font = "600 12px system-ui, sans-serif";
  context.fillStyle = last.colours.ink;
  const places = metrics === 2 ? [["left", -22], ["right", -22]] : [["center", -8], ["left", 18], ["right", 18]];
  places.forEach(([align, down], metric) => {
    const mix = Array.from({ length: metrics }, (_, at) => (at === metric ? 100 : 0));
    const [x, y] = spot(mix, frame);
    context.textAlign = /** @type {CanvasTextAlign} */ (align);
    const edge = align === "left" ? Math.min(x, 6) : align === "right" ? Math.max(x, frame.width - 6) : x;
    context.fillText(last.labels[metric], edge, y + Number(down));
  });
}

/** Lowest and highest of some ranks, for a sentence. @param {number[]} ranks */
export const span = (ranks) => ({ best: Math.min(...ranks), worst: Math.max(...ranks) });

/** Open or close the large triangle. @param {boolean} open */
export function openTriangle(open) {
  byId("triangle").classList.toggle("open", open);
  byId("triangle-open").setAttribute("aria-expanded", String(open));
  if (open) byId("mix-ground").dataset.open = "1";
  else delete byId("mix-ground").dataset.open;
}
