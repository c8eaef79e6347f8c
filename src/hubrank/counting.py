"""raw files → points: every record read, located and counted onto sites.

Each shard's located rows are kept by content, so a rerun does only what is new.
"""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from hubrank import edition, geocoders, sources
from hubrank.engines.duckdb import DuckEngine
from hubrank.errors import CheckFailed
from hubrank.inputs import Inputs, Shard
from hubrank.sources.ledger import Counts
from hubrank.stages import located as located_stage
from hubrank.stages import places as places_stage
from hubrank.stages import points as points_stage
from hubrank.stages.listings import Account, accounted
from hubrank.stages.sites import Sites, sites
from hubrank.study import Study
from hubrank.tables import LISTING_SCHEMA, SET_ASIDE_SCHEMA, UNIT, Geocoder, Relation

POINT_KEY = ("metric", "lat_e7", "lon_e7", "economy")
Progress = Callable[[str, int, int], None]  # (what, done, of how many)


@dataclass(frozen=True, slots=True)
class Counted:
    """All records of a study, counted onto sites.

    located, rounded : relations of every listing; points : the Arrow table that clusters are made of.
    accounts : per shard, where its rows went; totals : per metric, what it adds up to; set_aside : unusable rows.
    """

    located: Relation
    rounded: Relation
    points: pa.Table
    accounts: list[dict[str, Any]]
    totals: dict[str, dict[str, int]]
    set_aside: pa.Table

    def sites(self, metrics: tuple[str, ...]) -> Sites:
        """Return the points as arrays, one row per site."""
        return sites(self.points, metrics)


def shards(study: Study, inputs: Inputs) -> list[Shard]:
    """Return the shards of all sources. Raises StudyError for an unknown reader, option or file."""
    found: list[Shard] = []
    for number, section in enumerate(study.sources):
        source = sources.find(section.reader)
        options = sources.told_options(source, section, study.windows.get(section.metric))
        files = inputs.files(number, section, source)
        found += inputs.shards(section, files, source, options, len(found))
    return found


def steps(study: Study, inputs: Inputs) -> list[Geocoder]:
    """Return the geocoders in the study's order. Raises StudyError for an unknown one."""
    patterns = study.geocoding.institutions
    dumps = inputs.find(patterns, "[geocoding] institutions") if patterns else ()
    for path in dumps:
        inputs.hashed(path)
    settings = geocoders.Settings(geocoding=study.geocoding, institutions=dumps)
    return [geocoders.find(name, settings) for name in study.geocoding.steps]


def count(study: Study, inputs: Inputs, engine: DuckEngine, progress: Progress) -> Counted:
    """Read, locate and count every record."""
    todo = shards(study, inputs)
    locate = steps(study, inputs)
    folders = []
    for done, shard in enumerate(todo):
        progress(f"reading {shard.metric}: {shard.files.main[0].name}", done, len(todo))
        folders.append(_kept_shard(shard, study, locate, engine))
    progress("counting", len(todo), len(todo))
    accounts = [json.loads((folder / "account.json").read_text("utf-8")) for folder in folders]
    _within_limits(todo, accounts)
    located = _united(todo, folders, engine)
    rounded = points_stage.rounded(located, study.points.step_e7, engine)
    points = engine.arrow(points_stage.points(rounded, engine)).sort_by([(name, "ascending") for name in POINT_KEY])
    totals = _checked_totals(located, points, engine)
    set_aside = pa.concat_tables([pq.read_table(folder / "set_aside.parquet") for folder in folders])
    return Counted(located, rounded, points, accounts, totals, set_aside)


def shard_folder() -> Path:
    """Return where finished shards are kept."""
    return edition.cache_folder() / "shards"


def _kept_shard(shard: Shard, study: Study, locate: list[Geocoder], engine: DuckEngine) -> Path:
    """Return the folder of a finished shard; make it where it is not there yet."""
    folder = shard_folder() / shard.key
    if (folder / "account.json").exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".shard."))
    try:
        _make_shard(shard, study, locate, engine, fresh)
        if not folder.exists():
            fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return folder


def _make_shard(shard: Shard, study: Study, locate: list[Geocoder], engine: DuckEngine, folder: Path) -> None:
    where = f"{shard.metric} ({shard.section.reader})"
    ledger = Counts()
    batches: Iterator[pa.Table] = shard.source.read(shard.files, shard.options, ledger)
    listings = engine.load(batches, LISTING_SCHEMA)
    set_aside = ledger.set_aside_table(shard.metric).cast(SET_ASIDE_SCHEMA)
    reasons = set_aside["reason"].value_counts().to_pylist()
    account = Account(
        rows_read=ledger.rows_read,
        kept=ledger.rows_read - sum(ledger.scope.values()) - set_aside.num_rows,
        out_of_scope=dict(sorted(ledger.scope.items())),
        set_aside=dict(sorted((row["values"], row["counts"]) for row in reasons)),
    )
    accounted(listings, account, where, engine)
    addresses = places_stage.addresses(listings, engine)
    places = places_stage.places(addresses, locate, study.geocoding.min_precision, engine)
    located = located_stage.located(listings, addresses, places, engine)
    with pq.ParquetWriter(folder / "located.parquet", engine.arrow_schema(located), compression="zstd") as writer:
        for batch in engine.batches("FROM located", located=located):
            writer.write_batch(batch)
    edition.write_table(folder / "set_aside.parquet", set_aside, ["source_file", "source_row", "field"])
    edition.write_json(
        folder / "account.json", {"metric": shard.metric, "reader": shard.section.reader, **asdict(account)}
    )
    engine.drop(listings, addresses, places, located)


def _within_limits(todo: list[Shard], accounts: list[dict[str, Any]]) -> None:
    """Stop where too many rows of one source could not be used."""
    read: dict[int, int] = {}
    aside: dict[int, dict[str, int]] = {}
    sections = {id(shard.section): shard.section for shard in todo}
    for shard, account in zip(todo, accounts, strict=True):
        which = id(shard.section)
        read[which] = read.get(which, 0) + account["rows_read"]
        for reason, rows in account["set_aside"].items():
            aside.setdefault(which, {})[reason] = aside.get(which, {}).get(reason, 0) + rows
    for which, reasons in aside.items():
        section, bad = sections[which], sum(reasons.values())
        if 100 * bad > section.max_set_aside_pct * read[which]:
            told = "; ".join(
                f"{rows} × {reason}" for reason, rows in sorted(reasons.items(), key=lambda kv: -kv[1])[:3]
            )
            raise CheckFailed(
                f"{section.metric} ({section.reader}): {bad} of {read[which]} rows could not be used, more than the "
                f"{section.max_set_aside_pct:g} % that max_set_aside_pct allows: {told}. "
                f"`hubrank check` shows rows; mend the file, or raise the limit in the study."
            )


def _united(todo: list[Shard], folders: list[Path], engine: DuckEngine) -> Relation:
    """Return all located rows, one copy of each record, with their metric."""
    parts = []
    for metric in dict.fromkeys(shard.metric for shard in todo):
        mine = [(s, f) for s, f in zip(todo, folders, strict=True) if s.metric == metric]
        rows = chain.from_iterable(_numbered(shard.number, folder) for shard, folder in mine)
        schema = next(_numbered(0, mine[0][1])).schema
        together = engine.load(rows, schema)
        parts.append((metric, located_stage.without_copies(together, engine)))
    sql = " UNION ALL BY NAME ".join(f"SELECT '{metric}' AS metric, * FROM {metric}_rows" for metric, _ in parts)
    return engine.run(sql, **{f"{metric}_rows": relation for metric, relation in parts})


def _numbered(number: int, folder: Path) -> Iterator[pa.Table]:
    """Yield the located rows of a shard, with its number."""
    file = pq.ParquetFile(folder / "located.parquet")
    empty = file.schema_arrow.empty_table()
    batches = (pa.Table.from_batches([batch]) for batch in file.iter_batches(1_000_000))
    for table in chain(batches, [empty]):
        shard = pa.array([number] * table.num_rows, pa.int32())
        yield table.append_column("shard", shard)


TOTALS = f"""
SELECT metric, CAST(SUM(units) AS BIGINT) AS units, SUM(CASE WHEN units % {UNIT} <> 0 THEN 1 ELSE 0 END) AS broken,
       CAST(SUM(listings) AS BIGINT) AS listings, CAST(SUM(unlocated) AS BIGINT) AS unlocated,
       CAST(SUM(records) AS BIGINT) AS records
FROM (
    SELECT metric, record_key, SUM(units) AS units, SUM(listings) AS listings, MAX(count) AS records,
           SUM(CASE WHEN lat_e7 IS NULL THEN listings ELSE 0 END) AS unlocated
    FROM located GROUP BY metric, record_key
)
GROUP BY metric ORDER BY metric
"""


def _checked_totals(located: Relation, points: pa.Table, engine: DuckEngine) -> dict[str, dict[str, int]]:
    """Return what each metric adds up to; check that records weigh whole UNITs and that points hold them all."""
    totals = {row.pop("metric"): row for row in engine.rows(TOTALS, located=located).to_pylist()}
    sums = points.group_by("metric").aggregate([("units", "sum"), ("listings", "sum")]).to_pylist()
    onto = {row["metric"]: row for row in sums}
    for metric, row in totals.items():
        if row.pop("broken"):
            raise CheckFailed(f"{metric}: records do not weigh a whole number of UNITs. Please report it.")
        held = onto.get(metric, {"units_sum": 0, "listings_sum": 0})
        if (held["units_sum"], held["listings_sum"]) != (row["units"], row["listings"] - row["unlocated"]):
            raise CheckFailed(
                f"{metric}: located records hold {row['units']} units, points {held['units_sum']}. Please report it."
            )
    return totals
