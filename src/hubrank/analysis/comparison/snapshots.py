"""Other records for two reasons: the same years read from another snapshot, and another window (METHOD 8).

Both editions have to name the snapshot of every source of a metric that they share.
"""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from hubrank.analysis.edition_records import EditionRecords
from hubrank.core.tables import schema
from hubrank.counting import points as points_stage
from hubrank.counting.points import Sites, sites
from hubrank.study.study import Study

REVISIONS_SCHEMA = schema("metric text, snapshot_before text, snapshot text, same int, mended int, added int, gone int")
REVISIONS_KEY = ("metric",)

# The earlier records of years that the later edition does not count, and the later records of years that both count.
REVISED = """
SELECT metric, economy, lat_e7, lon_e7, units, listings FROM earlier WHERE NOT ({in_later})
UNION ALL
SELECT metric, economy, lat_e7, lon_e7, units, listings FROM later WHERE {in_earlier}
"""
COUNTED = """
WITH before AS ({before}), after AS ({after})
SELECT metric, COUNT(*) FILTER (WHERE b.content = a.content) AS same,
       COUNT(*) FILTER (WHERE b.content <> a.content) AS mended,
       COUNT(*) FILTER (WHERE b.content IS NULL) AS added, COUNT(*) FILTER (WHERE a.content IS NULL) AS gone
FROM before AS b FULL JOIN after AS a USING (metric, record_key)
GROUP BY metric ORDER BY metric
"""
RECORDS = """
SELECT metric, record_key, SUM(CAST(hash(lat_e7, lon_e7, weight, year) AS HUGEINT)) AS content
FROM {edition} WHERE {common} GROUP BY metric, record_key
"""


@dataclass(frozen=True, slots=True, eq=False)
class Revision:
    """The earlier window, read from the later snapshot as far as the later edition has its years.

    sites : rounded as in the earlier edition; table : of REVISIONS_SCHEMA, records of the years that both count.
    """

    sites: Sites
    table: pa.Table


def named_snapshots(study: Study) -> dict[str, str]:
    """Return what snapshots a metric was read from, of the metrics of which every source names its own."""
    of: dict[str, list[str | None]] = {}
    for section in study.sources:
        of.setdefault(section.metric, []).append(section.snapshot)
    return {metric: ", ".join(filter(None, names)) for metric, names in of.items() if all(names)}


def revision(earlier: EditionRecords, later: EditionRecords, method: Study) -> Revision | None:
    """Return the earlier window as the later snapshot has it.

    method : of the earlier edition, as it applies to the later records.
    None where a metric that both editions count has no snapshot in one of them, under full counting, or where nothing
    is left to count of a metric that weighs something.
    """
    before, after = named_snapshots(earlier.study), named_snapshots(later.study)
    shared = sorted(earlier.metrics() & later.metrics())
    if method.ranking.counting == "full" or not shared or not set(shared) <= before.keys() & after.keys():
        return None
    engine = earlier.engine
    listed = {"earlier": earlier.listed(), "later": later.listed()}
    in_earlier, in_later = _within(earlier.study), _within(later.study)
    mixed = engine.run(REVISED.format(in_later=in_later, in_earlier=in_earlier), **listed)
    rounded = points_stage.rounded(mixed, method.points.step_e7, engine)
    points = engine.arrow(points_stage.points(rounded, engine))
    world = sites(points.filter(pc.is_in(points["metric"], pa.array(method.metrics))), method.metrics)
    engine.drop(mixed)
    weighted = [metric for metric, weight in method.weights.items() if weight]
    if any(not world.totals[world.metrics.index(metric)] for metric in weighted):
        return None
    common = f"({in_earlier}) AND ({in_later})"
    records = {name: RECORDS.format(edition=name, common=common) for name in ("earlier", "later")}
    counted = engine.rows(COUNTED.format(before=records["earlier"], after=records["later"]), **listed).to_pylist()
    rows = [
        row | {"snapshot_before": before[row["metric"]], "snapshot": after[row["metric"]]}
        for row in counted
        if row["metric"] in shared
    ]
    return Revision(world, pa.Table.from_pylist(rows, REVISIONS_SCHEMA))


def _within(study: Study) -> str:
    """Return a condition on metric and year: within the window of the metric; a metric without one has every year."""
    windows = [
        f"metric = '{metric}' AND (year IS NULL OR year BETWEEN {first} AND {last})"
        for metric, (first, last) in study.windows.items()
    ]
    whole = [f"metric = '{metric}'" for metric in study.metrics if metric not in study.windows]
    return " OR ".join(f"({each})" for each in [*windows, *whole])
