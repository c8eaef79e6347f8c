"""raw files → points: every record read, located and counted onto sites."""

from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from hubrank import geocoding, sources
from hubrank.core.errors import CheckFailed, DataError, StudyError
from hubrank.core.progress import Progress
from hubrank.core.tables import Engine, Geocoder, Relation
from hubrank.core.units import UNIT
from hubrank.counting import duplicates, spark_shards
from hubrank.counting import located as located_stage
from hubrank.counting import points as points_stage
from hubrank.counting import shards as shards_module
from hubrank.counting.shares import LARGEST_WHOLE
from hubrank.counting.sites import Sites, sites
from hubrank.engines.duckdb import DuckEngine
from hubrank.engines.spark import SparkEngine
from hubrank.sources.account import Account
from hubrank.sources.inputs import Inputs, Shard
from hubrank.study.study import SourceSection, Study

AnyEngine = DuckEngine | SparkEngine


@dataclass(frozen=True, slots=True)
class CountedRecords:
    """All records of a study, counted onto sites.

    rounded : Relation of every located listing; points : the Arrow table that clusters are made of.
    accounts : per source, where its rows went; totals : per metric, what it adds up to; set_aside : unusable rows.
    """

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
        options = sources.told_options(source, section, section.years or study.windows.get(section.metric))
        files = inputs.files(number, section, source)
        found += inputs.shards(section, files, source, options, len(found))
    return found


def resolver(study: Study, inputs: Inputs) -> Geocoder:
    """Return the resolver of a study. Raises DataError where a register cannot be read."""
    return geocoding.resolver_for(settings(study, inputs))


def settings(study: Study, inputs: Inputs) -> geocoding.Settings:
    """Return what geocoders are told, registers found and hashed."""
    dumps = inputs.registers
    for path in dumps:
        inputs.hashed(path)
    return geocoding.Settings(geocoding=study.geocoding, institutions=dumps)


def count(study: Study, inputs: Inputs, engine: AnyEngine, progress: Progress) -> CountedRecords:
    """Read, locate and count every record."""
    todo = shards(study, inputs)
    folders = _folders(study, inputs, todo, engine, progress)
    progress("counting", len(todo), len(todo))
    told = [
        shards_module.account(folder, study.windows.get(shard.metric))
        for shard, folder in zip(todo, folders, strict=True)
    ]
    totals = [sum((a for s, a in zip(todo, told, strict=True) if s.section is one), Account()) for one in study.sources]
    for section, total in zip(study.sources, totals, strict=True):
        _within_limit(section, total)
    parts, copies = _united(study, todo, folders, engine)
    accounts = _accounts(study, todo, totals, copies)
    located = engine.stacked(parts, "metric")  # read where they lie: a copy of all rows less
    _expect_few_enough(located, engine)
    rounded = points_stage.rounded(located, study.points.step_e7, engine)
    points = engine.arrow(points_stage.points(rounded, engine)).sort_by(
        [(name, "ascending") for name in points_stage.KEY]
    )
    adding_up = _checked_totals(located, points, engine)
    _expect_located(study, totals, adding_up)
    engine.drop(*parts.values())
    set_aside = pa.concat_tables([shards_module.set_aside(folder) for folder in folders])
    return CountedRecords(rounded, points, accounts, adding_up, set_aside)


def _folders(study: Study, inputs: Inputs, todo: list[Shard], engine: AnyEngine, progress: Progress) -> list[Path]:
    """Return the folders of all shards, finished: one after the other here, or all at once on many machines."""
    if isinstance(engine, DuckEngine):
        locate = cache(lambda: resolver(study, inputs))
        folders = []
        for done, shard in enumerate(todo):
            progress(f"reading {shard.metric}: {shard.files.main[0].name}", done, len(todo))
            folders.append(shards_module.kept(shard, locate, engine))
        return folders
    progress("reading all files on all machines", 0, len(todo))
    return spark_shards.kept(todo, spark_shards.Located(settings(study, inputs)), engine)


def _accounts(study: Study, todo: list[Shard], totals: list[Account], copies: dict[int, int]) -> list[dict[str, Any]]:
    """Return one account per source of the study, with how many copies of records others stand for."""
    told = []
    for section, total in zip(study.sources, totals, strict=True):
        mine = [shard for shard in todo if shard.section is section]
        again = sum(copies.get(shard.number, 0) for shard in mine)
        told.append({**_head(study, mine[0]), **asdict(total), "copies": again})
    return told


def _head(study: Study, shard: Shard) -> dict[str, Any]:
    """Return what a source is: its metric and reader, what it was told, what it may be used for."""
    return {
        "metric": shard.metric,
        "reader": shard.section.reader,
        "options": shard.options.model_dump(mode="json", exclude={"window"}),  # it stands in the study
        "licence": sources.licence(shard.source, shard.section, synthetic=study.synthetic),
        "notes": _notes(shard),
    }


def _notes(shard: Shard) -> list[str]:
    """Return what every output made of a source has to say, where its reader has something to say."""
    say = getattr(shard.source, "notes", None)
    return list(say(shard.options)) if say else []


def _within_limit(section: SourceSection, total: Account) -> None:
    """Raise CheckFailed where too many rows of a source could not be used."""
    bad = sum(total.set_aside.values())
    if 100 * bad <= section.max_set_aside_pct * total.rows_read:
        return
    worst = sorted(total.set_aside.items(), key=lambda reason: -reason[1])[:3]
    raise CheckFailed(
        f"{section.metric} ({section.reader}): {bad} of {total.rows_read} rows could not be used, more than the "
        f"{section.max_set_aside_pct:g} % that max_set_aside_pct allows: "
        + "; ".join(f"{rows} × {reason}" for reason, rows in worst)
        + ". `hubrank check` shows rows; mend the file, or raise the limit in the study."
    )


def _expect_located(study: Study, totals: list[Account], adding_up: dict[str, dict[str, int]]) -> None:
    """Raise StudyError where a metric that weighs something has no located record, and say where its rows went."""
    for metric, weight in study.weights.items():
        found = adding_up.get(metric, {})
        if not weight or found.get("units"):
            continue
        mine = (total for total, section in zip(totals, study.sources, strict=True) if section.metric == metric)
        all_of = sum(mine, Account())
        went = [f"{rows:,} {reason}" for reason, rows in {**all_of.out_of_scope, **all_of.set_aside}.items()]
        lost = [f"{found['unlocated']:,} listings without a place"] if found.get("unlocated") else []
        told = ", ".join([f"{all_of.rows_read:,} rows read", f"{all_of.kept:,} kept", *went, *lost])
        raise StudyError(
            f"metric {metric!r} has no located record in its window, so no cluster has a share of it: {told}. "
            f"Check [windows], [geocoding] and the source, or give it weight 0."
        )


def _united(
    study: Study, todo: list[Shard], folders: list[Path], engine: Engine
) -> tuple[dict[int | str, Relation], dict[int, int]]:
    """Return all located rows of the windows, one copy of each record, by metric; and the other copies by shard."""
    parts: dict[int | str, Relation] = {}
    copies: dict[int, int] = {}
    for metric in dict.fromkeys(shard.metric for shard in todo):
        mine = [(s, f) for s, f in zip(todo, folders, strict=True) if s.metric == metric]
        window = study.windows.get(metric)
        if all(shard.section.years in (None, window) for shard, _ in mine):
            window = None  # nothing else was read
        inside = "TRUE" if window is None else located_stage.INSIDE.format(first=window[0], last=window[1])
        suspects = duplicates.suspects([(folder, shards_module.located(folder)) for _, folder in mine])
        cut = window if window and any(shards_module.straddles(folder) for _, folder in mine) else None
        each: dict[int | str, Relation] = {
            s.number: engine.parquet([shards_module.located(folder)]) for s, folder in mine
        }
        shards = engine.stacked(each, "shard", inside)
        if cut is None:  # one scan of all files takes less memory, and a shorter plan, than one of each
            files = engine.parquet([shards_module.located(folder) for _, folder in mine])
            found = engine.plan(f"SELECT * FROM located WHERE {inside}", located=files)
        else:
            shards = located_stage.mended(engine.stacked(each, "shard"), shards, cut, engine)
            found = engine.plan("SELECT * EXCLUDE (shard) FROM located", located=shards)
        parts[metric], lost = located_stage.without_copies(found, shards, suspects, engine)
        copies |= lost
    return parts, copies


MOST_RECORDS = LARGEST_WHOLE // UNIT  # 461 million of a metric
RECORDS = "SELECT metric, SUM(CAST(records AS DOUBLE)) AS records FROM located GROUP BY metric ORDER BY metric"

TOTALS = """
SELECT metric, CAST(SUM(units) AS BIGINT) AS units, CAST(SUM(listings) AS BIGINT) AS listings,
       CAST(SUM(CASE WHEN lat_e7 IS NULL THEN listings ELSE 0 END) AS BIGINT) AS unlocated,
       CAST(SUM(records) AS BIGINT) AS records,
       CAST(SUM(CASE WHEN lat_e7 IS NULL THEN 0 ELSE records END) AS BIGINT) AS found
FROM located
GROUP BY metric ORDER BY metric
"""


def _expect_few_enough(located: Relation, engine: Engine) -> None:
    """Raise DataError where a metric has more records than whole units can be divided for."""
    for row in engine.rows(RECORDS, located=located).to_pylist():
        if row["records"] > MOST_RECORDS:
            raise DataError(
                f"{row['metric']}: {row['records']:,.0f} records are more than the {MOST_RECORDS:,} of which shares "
                f"are exact. Count them in thousands, or look for a count that is damaged."
            )


def _checked_totals(located: Relation, points: pa.Table, engine: Engine) -> dict[str, dict[str, int]]:
    """Return what each metric adds up to; check that a located record weighs UNIT and that points hold them all."""
    totals = {row.pop("metric"): row for row in engine.rows(TOTALS, located=located).to_pylist()}
    sums = points.group_by("metric").aggregate([("units", "sum"), ("listings", "sum")]).to_pylist()
    onto = {row["metric"]: row for row in sums}
    for metric, row in totals.items():
        if row["units"] != UNIT * (found := row.pop("found")):
            raise CheckFailed(f"{metric}: {found} located records weigh {row['units']} units. Please report it.")
        held = onto.get(metric, {"units_sum": 0, "listings_sum": 0})
        if (held["units_sum"], held["listings_sum"]) != (row["units"], row["listings"] - row["unlocated"]):
            raise CheckFailed(
                f"{metric}: located records hold {row['units']} units, points {held['units_sum']}. Please report it."
            )
    return totals
