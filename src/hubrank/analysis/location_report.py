"""addresses, clusters → location report: where texts were put, how sure that is, and what it could do to ranks.

Every part is a few rows of a statement over the addresses, so that nothing grows with the records (METHOD 2).
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

from hubrank.analysis.unlocated_ranks import unlocated_ranks
from hubrank.core.tables import Engine, Relation, schema
from hubrank.core.units import share_pct
from hubrank.counting import points
from hubrank.geocoding.gazetteer import place_labels
from hubrank.ranking.scores import RankedClusters
from hubrank.study.study import Study

HEAVIEST = 50  # pairs of text and place, of each metric
EXAMPLES = 10  # of each contradiction, of each metric
HALF = 2
SCHEMA = schema("""
    part text, position int, metric text?, source int32?, subject text?, text text?, place text?, cluster_id text?,
    economy text?, location_probability decimal(4,3)?, source_rows int?, listings int?, records int?, share_pct share?,
    rank int?, rank_best int?, rank_worst int?
""")
KEY = ("part", "position")
Row = dict[str, Any]

_EDGES = ("0.990", "0.950", "0.900", "0.700", "0.500")
_FROM = " ".join(f"WHEN location_probability >= {edge} THEN 'from {edge}'" for edge in _EDGES)
BAND = (
    "CASE WHEN lat_e7 IS NULL THEN 'not located' WHEN location_probability IS NULL THEN 'not stated' "
    f"{_FROM} ELSE 'below {_EDGES[-1]}' END"
)

TEXT = "CONCAT_WS(', ', COALESCE(organisation, registered_organisation), address, city, region, country)"
# A register may name a town that the gazetteer does not have.
PLACE = "COALESCE(place, printf('%.2f, %.2f', lat_e7 / 1e7, lon_e7 / 1e7))"
MEAN = "CAST(SUM(CAST(1000 * location_probability AS BIGINT) * listings) // NULLIF(SUM(listings), 0) AS BIGINT)"
SUMS = "CAST(SUM(source_rows) AS BIGINT) AS source_rows, CAST(SUM(listings) AS BIGINT) AS listings"

EVIDENCE = f"""
SELECT source, metric, COALESCE(geocoding_evidence, 'none') AS subject, {BAND} AS band, {SUMS},
       CAST(SUM(records) AS BIGINT) AS records
FROM addresses GROUP BY source, metric, COALESCE(geocoding_evidence, 'none'), {BAND}
ORDER BY source, metric, subject, band DESC
"""

PAIRED = f"""
SELECT metric, {{subject}} AS subject, {TEXT} AS text, {PLACE} AS place, {MEAN} AS permille, {SUMS}
FROM addresses WHERE lat_e7 IS NOT NULL AND {TEXT} <> '' AND {{subject}} IS NOT NULL
GROUP BY metric, {{subject}}, {TEXT}, {PLACE}
"""
HEAVY = """
SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY metric, subject
                                            ORDER BY listings DESC, text, place) AS nth FROM paired)
WHERE nth <= {most} ORDER BY metric, subject, nth
"""
CONTRADICTED = f"""
SELECT metric, contradictions AS subject, {SUMS} FROM addresses WHERE contradictions IS NOT NULL
GROUP BY metric, contradictions ORDER BY metric, subject
"""
LISTED = "SELECT metric, CAST(SUM(listings) AS BIGINT) AS listings FROM addresses GROUP BY metric"

COVERAGE = f"""
SELECT metric, COALESCE(stated_economy, economy) AS economy, {SUMS},
       CAST(SUM(CASE WHEN lat_e7 IS NULL THEN 0 ELSE listings END) AS BIGINT) AS located,
       CAST(SUM(CASE WHEN lat_e7 IS NULL THEN records ELSE 0 END) AS BIGINT) AS records
FROM addresses GROUP BY metric, COALESCE(stated_economy, economy) ORDER BY metric, economy
"""

IN_CLUSTERS = """
SELECT cluster, address_key, listings FROM rounded JOIN labels USING (lat_e7, lon_e7)
"""
# Addresses with coordinates lie where those say, however many have one text: one of them is a text at one spot.
SPOT = "CASE WHEN geocoding_evidence LIKE '%coordinates%' THEN CONCAT(lat_e7, ' ', lon_e7) ELSE '' END"
ONE_TEXT = f"""
SELECT cluster, text, place, CAST(listings AS BIGINT) AS listings FROM (
    SELECT cluster, text, place, SUM(at_place) OVER (PARTITION BY cluster, text, spot) AS listings,
           row_number() OVER (PARTITION BY cluster, text, spot ORDER BY at_place DESC, place) AS nth
    FROM (SELECT cluster, {TEXT} AS text, {SPOT} AS spot, {PLACE} AS place, SUM(here.listings) AS at_place
          FROM here JOIN addresses USING (address_key)
          WHERE {TEXT} <> '' GROUP BY cluster, {TEXT}, {SPOT}, {PLACE})
)
WHERE nth = 1 ORDER BY cluster, listings DESC, text
"""


def location_report(
    study: Study, ranked: RankedClusters, addresses: Relation, labels: Relation, engine: Engine
) -> pa.Table:
    """Return SCHEMA: what an edition says of where its records were put.

    addresses : as counting.addresses returns them. labels : Relation[lat_e7, lon_e7, cluster], sites in a cluster.
    """
    coverage = [*_coverage(addresses, engine)]
    rows = [*of_addresses(addresses, engine), *coverage]
    rows += _one_text(study, ranked, addresses, labels, engine)
    rows += unlocated_ranks(study, ranked, coverage)
    return as_table(rows)


def of_addresses(addresses: Relation, engine: Engine) -> Iterator[Row]:
    """Yield the parts that need the addresses only: evidence, pairs, contradictions with examples."""
    listed = {row["metric"]: row["listings"] for row in engine.rows(LISTED, addresses=addresses).to_pylist()}
    for row in engine.rows(EVIDENCE, addresses=addresses).to_pylist():
        yield {**row, "part": "evidence", "text": row["band"]} | _share(row, listed)
    for row in engine.rows(CONTRADICTED, addresses=addresses).to_pylist():
        yield {**row, "part": "contradiction"} | _share(row, listed)
    for part, subject, most in (("pair", "''", HEAVIEST), ("contradicted pair", "contradictions", EXAMPLES)):
        paired = engine.run(PAIRED.format(subject=subject), addresses=addresses)
        for row in engine.rows(HEAVY.format(most=most), paired=paired).to_pylist():
            probability = None if row["permille"] is None else Decimal(row["permille"]).scaleb(-3)
            yield {**row, "part": part, "location_probability": probability} | _share(row, listed)
        engine.drop(paired)


def as_table(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Return rows as SCHEMA, numbered within their part."""
    numbers: dict[str, int] = {}
    numbered = []
    for row in rows:
        numbers[row["part"]] = numbers.get(row["part"], 0) + 1
        more = {"subject": row.get("subject") or None, "place": place_labels.with_nearest(row.get("place"))}
        numbered.append({**row, **more, "position": numbers[row["part"]]})
    return pa.Table.from_pylist(numbered, SCHEMA)


def _share(row: Row, listed: Mapping[str, int]) -> Row:
    return {"share_pct": share_pct(row["listings"], listed[row["metric"]])}


def _coverage(addresses: Relation, engine: Engine) -> Iterator[Row]:
    """Yield, per metric and economy, the located share of its listings and its records without a place."""
    for row in engine.rows(COVERAGE, addresses=addresses).to_pylist():
        yield {**row, "part": "coverage", "share_pct": share_pct(row["located"], row["listings"])}


def _one_text(
    study: Study, ranked: RankedClusters, addresses: Relation, labels: Relation, engine: Engine
) -> Iterator[Row]:
    """Yield the clusters of whose listings one text, with coordinates at one spot, makes more than half."""
    rounded = points.rounded(addresses, study.points.step_e7, engine)
    here = engine.run(IN_CLUSTERS, rounded=rounded, labels=labels)
    listings = ranked.listings.sum(axis=0).tolist()
    for row in engine.rows(ONE_TEXT, here=here, addresses=addresses).to_pylist():
        name, total = ranked.names[row["cluster"]], listings[row["cluster"]]
        if HALF * row["listings"] > total:
            of_cluster = {"cluster_id": name.cluster_id, "subject": name.cluster, "rank": ranked.rank[row["cluster"]]}
            yield {**row, **of_cluster, "part": "one text", "share_pct": share_pct(row["listings"], total)}
    engine.drop(here, rounded)
