// The formula of the score (METHOD 6): score = M × Σ w·share / Σ w over the M metrics with w > 0.
// All in whole numbers, so that ranks are those of Python: units exceed what a double holds.

const SHOWN = 6n;

/** A weight as written ("0.5") in whole parts of 10⁻¹². @param {string} text @returns {bigint} */
export function weightUnits(text) {
  const match = /^(\d{1,12})(?:\.(\d{1,12}))?$/.exec(text);
  if (!match) throw new RangeError(`a weight is a number of 0 or more with at most 12 decimals, not ${text}`);
  return BigInt(match[1]) * 1000000000000n + BigInt((match[2] || "").padEnd(12, "0"));
}

/**
 * Exact scores in percent: numerators over one denominator.
 * @param {bigint[][]} units per cluster, per metric
 * @param {bigint[]} totals per metric
 * @param {bigint[]} weights per metric, all in the same unit
 */
export function scores(units, totals, weights) {
  const used = weights.flatMap((weight, metric) => (weight > 0n && totals[metric] > 0n ? [metric] : []));
  if (!used.length) throw new RangeError("all weights are 0: nothing to rank by");
  const product = used.reduce((sum, metric) => sum * totals[metric], 1n);
  const factors = used.map((metric) => 100n * BigInt(used.length) * weights[metric] * (product / totals[metric]));
  return {
    numerators: units.map((row) => used.reduce((sum, metric, place) => sum + factors[place] * row[metric], 0n)),
    denominator: product * used.reduce((sum, metric) => sum + weights[metric], 0n),
  };
}

/**
 * Clusters from first to last: by score, then larger sum of units, then id.
 * @param {bigint[]} numerators @param {bigint[]} sizes @param {string[]} ids @returns {number[]}
 */
export function order(numerators, sizes, ids) {
  /** @param {bigint} a @param {bigint} b */
  const down = (a, b) => (a < b ? 1 : a > b ? -1 : 0);
  return ids
    .map((_, cluster) => cluster)
    .sort((a, b) => down(numerators[a], numerators[b]) || down(sizes[a], sizes[b]) || (ids[a] < ids[b] ? -1 : 1));
}

/** A fraction with 6 decimals, rounded half to even. @param {bigint} numerator @param {bigint} denominator */
export function toDecimalText(numerator, denominator) {
  const wide = numerator * 10n ** SHOWN;
  let whole = wide / denominator;
  const rest = 2n * (wide % denominator);
  if (rest > denominator || (rest === denominator && whole % 2n === 1n)) whole += 1n;
  const text = whole.toString().padStart(Number(SHOWN) + 1, "0");
  return `${text.slice(0, -Number(SHOWN))}.${text.slice(-Number(SHOWN))}`;
}

/** A decimal text with 2 decimals, its halves rounded up, with thousands separators. @param {string} text not negative */
export function roundText(text) {
  const [whole, decimals] = text.split(".");
  const value = (BigInt(whole + decimals.padEnd(3, "0").slice(0, 3)) + 5n) / 10n;
  const padded = value.toString().padStart(3, "0");
  return `${padded.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",")}.${padded.slice(-2)}`;
}

/**
 * @typedef {{rank: number, cluster: number, score: () => string}} Ranked cluster: its row in the data; score: six decimals
 */

/**
 * Rank by other weights.
 * @param {{metrics: {total: string}[], clusters: {id: string, units: string[]}[]}} data
 * @returns {(weights: bigint[]) => Ranked[]} first rank first; texts are made only of the scores that are asked for
 */
export function reranker(data) {
  const ids = data.clusters.map((cluster) => cluster.id);
  const units = data.clusters.map((cluster) => cluster.units.map(BigInt));
  const totals = data.metrics.map((metric) => BigInt(metric.total));
  const sizes = units.map((row) => row.reduce((sum, part) => sum + part, 0n));
  return (weights) => {
    const { numerators, denominator } = scores(units, totals, weights);
    return order(numerators, sizes, ids).map((cluster, place) => ({
      cluster, rank: place + 1, score: () => toDecimalText(numerators[cluster], denominator),
    }));
  };
}
