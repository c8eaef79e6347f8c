"""One copy of each record counts; the others are counted, and too many of them stop a run (METHOD 1).

A record is known by its source, as the study declares it, and its id there. Copies are looked for within a source.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from hubrank.core.errors import DataError
from hubrank.core.tables import Engine, Relation
from hubrank.core.units import UNIT
from hubrank.counting import addresses, duplicates
from hubrank.counting import located as located_stage
from hubrank.counting.listings import COPY_SCHEMA, SourceRows
from hubrank.counting.shard_files import LocatedShard
from hubrank.study.study import SourceSection, Study

# Only records that may have several copies are separated by shard: they are few, and the others are one scan.
APART = "SELECT * FROM located SEMI JOIN suspects USING (record_key)"
OTHER_RECORDS = "SELECT * FROM located ANTI JOIN suspects USING (record_key)"

REPEATED = """
SELECT record_key FROM located
GROUP BY record_key HAVING MIN(shard) < MAX(shard) OR MIN(record_version) < MAX(record_version)
"""

COPIES = """
SELECT record_key, shard, record_version, COALESCE(MAX(date), '') AS date
FROM located SEMI JOIN repeated USING (record_key) GROUP BY record_key, shard, record_version
"""

# Of several copies the latest counts; of equally late ones the one with the larger content, whatever file it is in.
RANKED = f"""
WITH content AS (
    SELECT record_key, shard, record_version, MIN(source_file) AS source_file, MIN(source_row) AS source_row,
           md5(string_agg(CONCAT_WS('|', listing_no, COALESCE(year, 0), COALESCE(lat_e7, 0), COALESCE(lon_e7, 0),
                                    weight, count, COALESCE(field, ''), address_key, CAST(organisations AS VARCHAR),
                                    CASE WHEN record_units <> {UNIT} THEN record_units END), chr(10)
                          ORDER BY listing_no, lat_e7, lon_e7, weight, count, year, field, address_key, organisations)
               ) AS content
    FROM located SEMI JOIN repeated USING (record_key)
    GROUP BY record_key, shard, record_version
)
SELECT record_key, shard, record_version, date, source_file AS file, source_row AS line,
       row_number() OVER (PARTITION BY record_key
                          ORDER BY date DESC, content DESC, source_file, record_version) AS nth
FROM copies JOIN content USING (record_key, shard, record_version)
"""

# A copy is an older version where both dates are there and differ: then the later one replaces it.
LOSERS = """
SELECT ranked.record_key, ranked.shard, ranked.record_version, ranked.file, ranked.line,
       ranked.date <> '' AND ranked.date < counted.date AS older,
       counted.file AS counted_file, counted.line AS counted_line
FROM ranked JOIN (SELECT * FROM ranked WHERE nth = 1) AS counted ON ranked.record_key = counted.record_key
WHERE ranked.nth > 1
"""

LOST = """
SELECT older, COUNT(*) AS records, CAST(SUM(lines) AS BIGINT) AS lines FROM (
    SELECT record_key, shard, record_version, older,
           COUNT(DISTINCT CONCAT_WS(':', source_file, source_row)) AS lines
    FROM located JOIN losers USING (record_key, shard, record_version)
    GROUP BY record_key, shard, record_version, older
) AS parts GROUP BY older
"""
EXAMPLES = """
SELECT record_key AS record, file, line, counted_file, counted_line
FROM losers WHERE NOT older ORDER BY file, line, record_key, shard, record_version LIMIT 3
"""
LOSING = f"SELECT {', '.join(COPY_SCHEMA.names)} FROM losers"
WITHOUT = "SELECT * EXCLUDE (shard) FROM located ANTI JOIN losers USING (record_key, shard, record_version)"
KEYED = "SELECT * EXCLUDE (record_key), CONCAT('{number}:', record_key) AS record_key FROM located"
ALL_RECORDS = "SELECT * FROM others UNION ALL BY NAME SELECT * FROM winners"


@dataclass(frozen=True, slots=True)
class LostCopies:
    """What does not count of the records of one source, because another copy does.

    copies : all copies of records that do not count; older_versions : those of them that a copy of a later date
        replaces; rows : the rows of the others, to which the limit applies.
    examples : of the others, the first three by file and line: record, file, line, counted_file, counted_line.
    """

    copies: int = 0
    older_versions: int = 0
    rows: int = 0
    examples: tuple[dict[str, Any], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return what edition.json says of them."""
        return {
            "copies": self.copies,
            "older_versions": self.older_versions,
            "copied_rows": self.rows,
            "examples_of_copies": list(self.examples),
        }


def united(
    study: Study, shards: Sequence[LocatedShard], engine: Engine
) -> tuple[dict[int | str, Relation], dict[int | str, Relation], list[LostCopies], list[SourceRows]]:
    """Return the located rows of each metric's window, one copy of each record.

    Returns
    -------
    dict
        The rows of each metric, as a relation.
    dict
        By number of the source, what they add up to, as `addresses.summed` returns it.
    list of LostCopies, list of SourceRows
        Per source, what does not count; and what of its shards is in the relation.
    """
    by_metric: dict[str, dict[int | str, Relation]] = {}
    sums: dict[int | str, Relation] = {}
    lost, sources = [], []
    metrics = [section.metric for section in study.sources]
    for number, section in enumerate(study.sources, 1):
        window = study.windows.get(section.metric)
        if section.years in (None, window):
            window = None  # nothing else was read
        parts = [each for each in shards if each.shard.section is section]
        prefix = f"{number}:" if metrics.count(section.metric) > 1 else ""
        counts = SourceRows(section.metric, prefix, addresses.offset(number), parts, window)
        rows, lost_copies, counts = _united_source(counts, engine)
        sources.append(counts)
        sums[number] = addresses.of_source(addresses.summed(counts, rows, engine), number, engine)
        by_metric.setdefault(section.metric, {})[number] = addresses.of_source(rows, number, engine)
        lost.append(lost_copies)
    return {metric: _of_metric(rows, engine) for metric, rows in by_metric.items()}, sums, lost, sources


def _of_metric(sources: dict[int | str, Relation], engine: Engine) -> Relation:
    """Unite the sources of a metric; of several, the number of the source becomes a part of each record's key."""
    if len(sources) == 1:
        return next(iter(sources.values()))
    keyed = {number: engine.plan(KEYED.format(number=number), located=rows) for number, rows in sources.items()}
    stacked = engine.stacked(keyed, "source_number")
    together = engine.plan("SELECT * EXCLUDE (source_number) FROM located", located=stacked)
    engine.drop(*sources.values(), *keyed.values(), stacked)
    return together


def _united_source(counts: SourceRows, engine: Engine) -> tuple[Relation, LostCopies, SourceRows]:
    """Return the located rows of one source inside the window, one copy of each record; the copies lost; the same."""
    parts, window = counts.shards, counts.window
    inside = located_stage.inside(window)
    suspects = duplicates.suspects([(each.folder, each.located) for each in parts])
    by_shard = {each.shard.number: each.located for each in parts}
    places = located_stage.places_of(engine.parquet([each.addresses for each in parts]), engine)
    rows_by_shard = located_stage.at_places(engine.numbered(by_shard, "shard", inside), places, engine)
    if window and any(each.straddles for each in parts):
        whole = located_stage.at_places(engine.numbered(by_shard, "shard"), places, engine)
        rows_by_shard, cut, shared = located_stage.mended(whole, rows_by_shard, window, engine)
        counts = replace(counts, cut=cut, shared=shared)
        rows = engine.plan("SELECT * EXCLUDE (shard) FROM located", located=rows_by_shard)
    else:  # one scan of all files takes less memory, and a shorter plan, than one of each
        files = located_stage.at_places(engine.parquet([each.located for each in parts]), places, engine)
        rows = engine.plan(f"SELECT * FROM located WHERE {inside}", located=files)
    rows, lost, losers = without_copies(rows, rows_by_shard, suspects, engine)
    engine.drop(places)  # as soon as nothing is read at them any more
    return rows, lost, replace(counts, losers=losers)


def without_copies(
    located: Relation, shards: Relation, suspects: pa.Table, engine: Engine
) -> tuple[Relation, LostCopies, pa.Table]:
    """Keep one copy of each record of one source, and count the others.

    Parameters
    ----------
    located : Relation
        All located rows of a source.
    shards : Relation[shard, …]
        The same rows, with the number of their shard; read for suspects only.
    suspects : Table[record_key]
        Records of which there may be several copies; of all others there is one.

    Returns
    -------
    Relation
        The columns of `located`; rows of losing copies are gone.
    LostCopies
        What those rows were.
    Table[COPY_SCHEMA]
        The losing copies.
    """
    if not suspects.num_rows:
        return located, LostCopies(), COPY_SCHEMA.empty_table()
    named = engine.load(iter([suspects]), suspects.schema)
    apart = engine.run(APART, located=shards, suspects=named)
    repeated = engine.run(REPEATED, located=apart)
    if not engine.rows_in(repeated):
        engine.drop(named, apart, repeated)
        return located, LostCopies(), COPY_SCHEMA.empty_table()
    losers = _losers(apart, repeated, engine)
    winners = engine.run(WITHOUT, located=apart, losers=losers)
    lost = _lost(apart, losers, engine)
    others = engine.plan(OTHER_RECORDS, located=located, suspects=named)
    together = engine.plan(ALL_RECORDS, others=others, winners=winners)
    losing = engine.rows(LOSING, losers=losers).cast(COPY_SCHEMA)
    engine.drop(named, apart, repeated, losers, winners, others)
    return together, lost, losing


def _losers(apart: Relation, repeated: Relation, engine: Engine) -> Relation:
    """Return the copies that do not count, each with the file and line of the one that does."""
    copies = engine.run(COPIES, located=apart, repeated=repeated)
    ranked = engine.run(RANKED, located=apart, repeated=repeated, copies=copies)
    losers = engine.run(LOSERS, ranked=ranked)
    engine.drop(copies, ranked)
    return losers


def _lost(apart: Relation, losers: Relation, engine: Engine) -> LostCopies:
    rows = {row["older"]: row for row in engine.rows(LOST, located=apart, losers=losers).to_pylist()}
    none = {"records": 0, "lines": 0}
    equal, older = rows.get(False, none), rows.get(True, none)
    examples = engine.rows(EXAMPLES, losers=losers).to_pylist()
    return LostCopies(equal["records"] + older["records"], older["records"], equal["lines"], tuple(examples))


SEVERAL = 2
MOST_PCT = 5  # of the rows of a source, unless its section says copies = "drop"


def expect_few(section: SourceSection, number: int, rows_kept: int, lost: LostCopies) -> None:
    """Raise DataError where too many rows of a source are copies.

    number : of the source in the study, from 1; rows_kept : its rows in the window, copies among them.
    """
    if section.copies == "drop" or 100 * lost.rows <= MOST_PCT * rows_kept:
        return
    raise DataError(
        f"[[sources]] number {number} ({section.metric}, {section.reader}): copies of other rows are {lost.rows:,} "
        f"of {rows_kept:,} rows, more than {MOST_PCT} %: {described(lost.examples)}. Equal ids in one source are one "
        f"record, of which one copy counts. If they are different records, give each file a [[sources]] of its own, or "
        f'name a column that identifies a record; if the rows are copies, write copies = "drop" in this [[sources]].'
    )


def ids_of_several_sources(study: Study, shards: Sequence[LocatedShard]) -> dict[int, dict[str, int]]:
    """Return, by place of a source in the study, a remark on ids that an earlier source of its metric has as well."""
    remarked: dict[int, dict[str, int]] = {}
    for metric in study.metrics:
        places = [place for place, section in enumerate(study.sources) if section.metric == metric]
        if len(places) < SEVERAL:
            continue
        files = [
            [(each.folder, each.located) for each in shards if each.shard.section is study.sources[place]]
            for place in places
        ]
        for place, (ids, examples) in zip(places, duplicates.in_earlier(files), strict=True):
            if ids:
                remarked[place] = {shared_ids(examples): ids}
    return remarked


def shared_ids(examples: Sequence[str]) -> str:
    """Say what ids are that an earlier source of the metric has as well, and what to do, after their number."""
    return (
        f"ids that an earlier source of this metric has as well ({', '.join(map(repr, examples))}): each counts once "
        f"in each source (METHOD 1). If they are the same records, name all files in one [[sources]]; if the sources "
        f"count different things, give each a metric of its own; otherwise nothing is to be done."
    )


def described(examples: Sequence[Mapping[str, Any]]) -> str:
    """Describe examples of copies: the record, the line that does not count and the one that does."""
    return "; ".join(
        f"record {one['record']!r} in {one['file']} line {one['line']}, as in {one['counted_file']} line "
        f"{one['counted_line']}"
        for one in examples
    )
