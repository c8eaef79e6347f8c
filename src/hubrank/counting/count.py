"""located → points: the shards of a study united, one copy of each record counted, and summed onto sites."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import pyarrow as pa

from hubrank import sources
from hubrank.core.errors import CheckFailed, DataError, StudyError
from hubrank.core.progress import Progress
from hubrank.core.tables import Engine, Relation
from hubrank.core.units import UNIT, counted
from hubrank.counting import addresses as addresses_stage
from hubrank.counting import copies
from hubrank.counting import points as points_stage
from hubrank.counting.copies import LostCopies
from hubrank.counting.exchanged import expect_not_exchanged
from hubrank.counting.large_records import is_large, of_located
from hubrank.counting.listings import SourceRows
from hubrank.counting.points import Sites, sites
from hubrank.counting.shard_files import LocatedShard
from hubrank.counting.shares import LARGEST_WHOLE
from hubrank.sources import OUTSIDE
from hubrank.sources.account import Account
from hubrank.sources.kinds import no_kind, without_rows
from hubrank.sources.shard import Shard
from hubrank.study.study import SourceSection, Study


@dataclass(frozen=True, slots=True)
class CountedRecords:
    """All records of a study, counted onto sites.

    rounded : Relation of every located listing; sources : the same rows in their files.
    points : an Arrow table of sums on sites.
    addresses : Relation of every address, located or not, as `addresses.SCHEMA`.
    accounts : per source, where its rows went; totals : per metric, what it adds up to; set_aside : unusable rows.
    """

    rounded: Relation
    sources: list[SourceRows]
    addresses: Relation
    points: pa.Table
    accounts: list[dict[str, Any]]
    totals: dict[str, dict[str, int]]
    set_aside: pa.Table

    def sites(self, metrics: tuple[str, ...]) -> Sites:
        """Return the points as arrays, one row per site."""
        return sites(self.points, metrics)


def count(study: Study, shards: Sequence[LocatedShard], engine: Engine, progress: Progress) -> CountedRecords:
    """Count located records onto sites, one copy of each.

    shards : all shards of the study, finished.

    Raises CheckFailed where too much of a source was set aside or a total does not add up, StudyError where a metric
    that weighs something has no located record, DataError where too many rows of a source are copies, its coordinates
    look exchanged, or there are more records than can be divided exactly.
    """
    progress("counting", len(shards), len(shards))
    totals = [_total(study, section, shards) for section in study.sources]
    for section, total in zip(study.sources, totals, strict=True):
        _expect_kinds(section, shards, total)
        _within_limit(section, total)
    by_metric, sums, lost, source_rows = copies.united(study, shards, engine)
    for number, (section, total) in enumerate(zip(study.sources, totals, strict=True)):
        copies.expect_few(section, number + 1, total.rows_kept, lost[number])
    large = _large_records(study, shards, totals, by_metric, engine)
    accounts = _accounts(study, shards, totals, lost, large)
    located = engine.stacked(by_metric, "metric")  # read from its files: a copy of all rows less
    rounded = points_stage.rounded(located, study.points.step_e7, engine)
    addresses = addresses_stage.addresses(study, shards, sums, engine)
    metric_totals = _totals(addresses, engine)
    expect_not_exchanged(study, addresses, engine)
    at_sites = points_stage.rounded(addresses, study.points.step_e7, engine)  # addresses are few, listings many
    points = engine.arrow(points_stage.points(at_sites, engine)).sort_by(
        [(name, "ascending") for name in points_stage.KEY]
    )
    engine.drop(at_sites)
    _expect_conserved(metric_totals, points)
    _expect_located(study, totals, metric_totals)
    engine.drop(*by_metric.values())
    set_aside = pa.concat_tables([shard.set_aside for shard in shards])
    return CountedRecords(rounded, source_rows, addresses, points, accounts, metric_totals, set_aside)


def _total(study: Study, section: SourceSection, shards: Sequence[LocatedShard]) -> Account:
    """Return the account of one source, over all of its shards, within the window of its metric."""
    window = study.windows.get(section.metric)
    return sum((each.account(window) for each in shards if each.shard.section is section), Account())


def _accounts(
    study: Study,
    shards: Sequence[LocatedShard],
    totals: list[Account],
    lost: list[LostCopies],
    large: dict[int, dict[str, int]],
) -> list[dict[str, Any]]:
    """Return one account per source of the study, with the copies of records that were left out.

    large : remarks on large records, by the number of their source.
    """
    accounts = []
    shared = copies.ids_of_several_sources(study, shards)
    for number, (section, total, copies_lost) in enumerate(zip(study.sources, totals, lost, strict=True)):
        of_source = [each.shard for each in shards if each.shard.section is section]
        more = {**shared.get(number, {}), **large.get(number, {}), **without_rows(of_source[0].options, total.kinds)}
        account = asdict(replace(total, remarks={**total.remarks, **more}))
        account.pop("kinds")
        accounts.append({**_description(study, of_source), **account, **copies_lost.as_dict()})
    return accounts


def _large_records(
    study: Study,
    shards: Sequence[LocatedShard],
    totals: list[Account],
    by_metric: Mapping[int | str, Relation],
    engine: Engine,
) -> dict[int, dict[str, int]]:
    """Return the remark on a large record of each metric, by the number of the source that has it.

    Records are counted only where one may be large: that groups all listings of the metric.
    """
    remarks = {}
    for metric, located in by_metric.items():
        of_metric = [number for number, section in enumerate(study.sources) if section.metric == metric]
        largest = {
            number: max((each.largest for each in shards if each.shard.section is study.sources[number]), default=0)
            for number in of_metric
        }
        number = max(largest, key=largest.__getitem__)
        if is_large(largest[number], sum(totals[each].rows_kept for each in of_metric)):
            remarks[number] = of_located(located, engine)
    return remarks


def _description(study: Study, shards: list[Shard]) -> dict[str, Any]:
    """Return the metric, reader, options, licence, notes and origin of a source.

    What the study does not state of licence and origin is taken from the manifests of `hubrank get`, else the reader.
    """
    shard, origins = shards[0], [origin for each in shards for origin in each.origins]
    stated = shard.section.model_dump(mode="json", include={"name", "publisher", "url", "accessed"}, exclude_none=True)
    licence = sources.licence(shard.source, shard.section, synthetic=study.synthetic)
    fetched = sources.origin(shard.source, shard.section, synthetic=study.synthetic)
    if origins:
        first, last_day = origins[0], max(origin.fetched for origin in origins)
        fetched = {"name": first.title, "publisher": first.publisher, "url": first.url, "accessed": last_day}
        licence = first.licence if licence == sources.UNKNOWN else licence
    notes = (*shard.options.notes, *shard.options.weight_notes, *(note for origin in origins for note in origin.notes))
    return {
        "metric": shard.metric,
        **fetched,
        **stated,
        "reader": shard.section.reader,
        "use": study.geocoding_of(shard.section).use,
        "files_sha256": _files_hash(shards),
        **({"reader_packages": packages} if (packages := sources.packages(shard.source)) else {}),
        "options": shard.options.model_dump(mode="json", exclude={"window"}),  # it is in the study
        "licence": licence,
        "notes": list(dict.fromkeys(notes)),
    }


def _files_hash(shards: list[Shard]) -> str:
    """Return a hash of the contents of the files of a source, whatever they are called."""
    versions = {json.dumps(file.version) for shard in shards for file in shard.records}
    return hashlib.sha256(json.dumps(sorted(versions)).encode()).hexdigest()


def _expect_kinds(section: SourceSection, shards: Sequence[LocatedShard], total: Account) -> None:
    """Raise StudyError where no row of a source has any of the kinds that the study names."""
    options = next(each.shard.options for each in shards if each.shard.section is section)
    if why := no_kind(options, total.kinds):
        raise StudyError(f"{section.metric} ({section.reader}): {why}")


def _within_limit(section: SourceSection, total: Account) -> None:
    """Raise CheckFailed where too many rows of a source could not be used."""
    bad = sum(total.set_aside.values())
    if 100 * bad <= section.max_set_aside_pct * total.rows_read:
        return
    worst = sorted(total.set_aside.items(), key=lambda reason: -reason[1])[:3]
    raise CheckFailed(
        f"{section.metric} ({section.reader}): {bad:,} of {total.rows_read:,} rows could not be used, more than the "
        f"{section.max_set_aside_pct:g} % that max_set_aside_pct allows: "
        + "; ".join(f"{rows:,} × {reason}" for reason, rows in worst)
        + ". `hubrank check` shows rows; correct the file, or raise the limit in the study."
    )


def _expect_located(study: Study, totals: list[Account], metric_totals: dict[str, dict[str, int]]) -> None:
    """Raise StudyError, with where its rows went, for a metric that weighs something and has no located record."""
    for metric, weight in study.weights.items():
        amounts = metric_totals.get(metric, {})
        if not weight or amounts.get("units"):
            continue
        of_metric = (total for total, section in zip(totals, study.sources, strict=True) if section.metric == metric)
        rows = sum(of_metric, Account())
        left_out = [f"{count:,} {reason}" for reason, count in {**rows.out_of_scope, **rows.set_aside}.items()]
        unlocated = [f"{counted(amounts['unlocated'], 'listing')} without a place"] if amounts.get("unlocated") else []
        account = ", ".join(
            [f"{counted(rows.rows_read, 'row')} read", f"{rows.rows_kept:,} kept", *left_out, *unlocated]
        )
        advice = "`hubrank check` says which years its rows have. " if rows.out_of_scope.get(OUTSIDE) else ""
        advice = "No file has a row after its header. " if not rows.rows_read else advice
        raise StudyError(
            f"metric {metric!r} has no located record in its window, so no cluster has a share of it: {account}. "
            f"{advice}Check [windows], [geocoding] and the source, or give it weight 0."
        )


MOST_RECORDS = LARGEST_WHOLE // UNIT  # 461 million of a metric


def too_many(records: float) -> str:
    """Return why a metric of so many records is refused, and what to do."""
    return (
        f"{records:,.0f} records exceed {MOST_RECORDS:,}, the most of which shares are exact. A count is a number of "
        f"records: weigh records by amounts of money (options.weight_by), count in thousands, or search for a "
        f"damaged count"
    )


TOTALS = f"""
SELECT metric, SUM(due) / {UNIT} AS whole_records, TRY_CAST(SUM(units) AS BIGINT) AS units,
       TRY_CAST(SUM(listings) AS BIGINT) AS listings,
       TRY_CAST(SUM(CASE WHEN lat_e7 IS NULL THEN listings ELSE 0 END) AS BIGINT) AS unlocated,
       TRY_CAST(SUM(records) AS BIGINT) AS records,
       TRY_CAST(SUM(CASE WHEN lat_e7 IS NULL THEN 0 ELSE records END) AS BIGINT) AS records_located,
       TRY_CAST(SUM(CASE WHEN lat_e7 IS NULL THEN 0 ELSE due END) AS BIGINT) AS due
FROM addresses
GROUP BY metric ORDER BY metric
"""


def _totals(addresses: Relation, engine: Engine) -> dict[str, dict[str, int]]:
    """Return the totals of each metric.

    Raises DataError where a metric has more records than whole units can be divided for, CheckFailed where located
    records do not weigh what they should.
    """
    totals = {row.pop("metric"): row for row in engine.rows(TOTALS, addresses=addresses).to_pylist()}
    for metric, row in totals.items():
        records, due = row.pop("whole_records"), row.pop("due")
        if records > MOST_RECORDS:
            raise DataError(f"{metric}: {too_many(records)}.")
        if row["units"] != due:
            raise CheckFailed(f"{metric}: located records of {due} units weigh {row['units']} units. Please report it.")
    return totals


def _expect_conserved(totals: dict[str, dict[str, int]], points: pa.Table) -> None:
    """Raise CheckFailed where points do not hold all that is located; that addresses do is checked with them."""
    sums = points.group_by("metric").aggregate([("units", "sum"), ("listings", "sum")]).to_pylist()
    of_points = {row["metric"]: (row["units_sum"], row["listings_sum"]) for row in sums}
    for metric, row in totals.items():
        units, listings = of_points.get(metric, (0, 0))
        if (units, listings) != (row["units"], row["listings"] - row["unlocated"]):
            raise CheckFailed(f"{metric}: located records have {row['units']} units, points {units}. Please report it.")
