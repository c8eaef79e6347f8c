// Ranking by one metric, or one field of a metric: the same formula on fewer counts.

/**
 * @typedef {{name: string, label: string, total: string, weight: string}} Metric
 * @typedef {{id: string, units: string[]}} ClusterUnits
 * @typedef {{metrics: Metric[], clusters: ClusterUnits[]}} Counts
 * @typedef {{metric: string, name: string, total: string, units: string[]}} Field
 */

/**
 * The counts that a choice leaves; those of the edition where it leaves all, or nothing that could be ranked.
 * @param {Counts} data
 * @param {Field[]} fields units in the order of data.clusters
 * @param {{metric: string, field: string}} choice
 * @returns {Counts}
 */
export function restrictCounts(data, fields, choice) {
  const place = data.metrics.findIndex((metric) => metric.name === choice.metric && metric.total !== "0");
  if (place < 0) return data;
  const field = fields.find((one) => one.metric === choice.metric && one.name === choice.field);
  const total = field ? field.total : data.metrics[place].total;
  return {
    metrics: [{ ...data.metrics[place], total, weight: "1" }],
    clusters: data.clusters.map(({ id, units }, at) => ({ id, units: [field ? field.units[at] : units[place]] })),
  };
}
