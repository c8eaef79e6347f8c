"""A sample of every source before a long run: what is understood, set aside, located, and where a run would stop."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from hubrank.analysis import corrections_used, dated_records, sampled_areas, unused_towns
from hubrank.analysis.copies_check import SourceIds, copies, once
from hubrank.analysis.doubtful_addresses import DoubtfulAddresses, expect_no_table, likeliest_by
from hubrank.analysis.prerequisites import areas_of, expect_prerequisites, missing_previous, previous_remarks
from hubrank.analysis.sampled_density import SampledPoints
from hubrank.analysis.sampled_economies import of_one_economy
from hubrank.analysis.sampled_locations import locations
from hubrank.analysis.sampled_rows import SourceSample, distinct, sampled
from hubrank.clustering.areas import Areas
from hubrank.core.errors import DataError
from hubrank.core.progress import Progress
from hubrank.core.tables import SET_ASIDE_SCHEMA, Geocoder
from hubrank.core.units import counted
from hubrank.counting.copies import MOST_PCT
from hubrank.counting.count import MOST_RECORDS, too_many
from hubrank.counting.large_records import of_listings
from hubrank.counting.shards import settings, shards, source_resolvers
from hubrank.geocoding import corrections, unknown_regions
from hubrank.sources.inputs import Inputs
from hubrank.sources.kinds import no_kind, without_rows
from hubrank.sources.ledger import RowLedger
from hubrank.sources.register import MISSING
from hubrank.sources.shard import Shard
from hubrank.sources.table_remarks import remarks
from hubrank.study.sections import Compare, SourceSection
from hubrank.study.study import Study
from hubrank.study.study_file import naming, read

_SHOWN = 3  # rows that were set aside for one reason
SHOWN_FILES = 3


@dataclass(slots=True)
class _Across:
    """What the sources of a study have together."""

    doubts: DoubtfulAddresses = field(default_factory=DoubtfulAddresses)
    ids: SourceIds = field(default_factory=SourceIds)
    points: SampledPoints = field(default_factory=SampledPoints)


def check(path: Path, *, rows: int, progress: Progress, suggest: Path | None = None, seed: int = 0) -> dict[str, Any]:
    """Return, per source: rows read, kept, out of scope, set aside, copied, a sample, and where its rows were put.

    rows : how many listings of each source are sampled, from all of its files or as many as have so many rows.
    suggest : where to write the heaviest doubtful addresses as a table of corrections; `suggested` is their number.
    seed : decides which rows are sampled. `stops` are the reasons for which a run of the study would stop,
        `no_cluster` why it would make no cluster.

    Raises StudyError where `suggest` exists, and what a run raises before it reads a row.
    """
    if suggest is not None:
        expect_no_table(suggest)
    study = _within_windows(read(path))
    inputs = Inputs(study, path.absolute().parent)
    no_previous = missing_previous(study, inputs)  # a check needs none
    with naming(path):
        expect_prerequisites(study.model_copy(update={"compare": Compare()}) if no_previous else study, inputs, None)
    all_shards = shards(study, inputs)
    of_source: dict[int, list[Shard]] = {}
    for shard in all_shards:
        of_source.setdefault(id(shard.section), []).append(shard)
    across, every = _Across(), list(of_source.values())
    doubts = across.doubts
    _, areas = areas_of(study, inputs) or (None, None)
    geocoders = settings(study, inputs)
    sources = _check_sources(study, every, source_resolvers(geocoders), rows, seed, across, progress)
    summary: dict[str, Any] = {
        "study": path.name,
        "title": study.title,
        "register": inputs.register_note,
        "weightless": study.weightless,
        "no_register": inputs.register.origin == MISSING,
        "sources": sources,
        "stops": [
            *([no_previous.rstrip(".")] if no_previous else []),
            *_stops(study, [parts[0] for parts in every], sources),
            *_area_stops(study, areas, across.points, sources),
        ],
        "no_cluster": _no_cluster(study, sources, across.points),
        "labels": study.labels,
        "previous": previous_remarks(study, inputs),
        "one_economy": of_one_economy(study, sources),
    }
    if areas is not None and areas.remarks:
        summary["areas"] = areas.remarks
    if file := inputs.corrections:
        summary["corrections"] = corrections_used.used_lines(file.name, corrections.of(file), doubts.corrected)
    if suggest is None:
        return summary
    return {**summary, "suggested": doubts.write(suggest, likeliest_by(geocoders)), "file": str(suggest)}


def _area_stops(
    study: Study, areas: Areas | None, points: SampledPoints, sources: list[dict[str, Any]]
) -> Iterator[str]:
    """Yield why a run would stop for the areas of a study, if it has any."""
    if areas is not None:
        is_whole = all(source["listings"] is not None for source in sources)
        yield from sampled_areas.stops(study, areas, *points.spots(), is_whole=is_whole)


def _within_windows(study: Study) -> Study:
    """Return a study whose sources are read for the windows of their metrics alone, whatever their `years`.

    A run reads all these years and then leaves out those outside the window, so that both count the same rows.
    """
    sections = [
        section.model_copy(update={"years": None}) if section.metric in study.windows else section
        for section in study.sources
    ]
    return study.model_copy(update={"sources": sections})


def _stops(study: Study, firsts: list[Shard], sources: list[dict[str, Any]]) -> Iterator[str]:
    """Yield why a run would stop, as far as the rows that were read show it."""
    unread = set()  # metrics of which no row is kept, so that nothing can be located either
    for shard, source in zip(firsts, sources, strict=True):
        name, most = f"{source['name'] or source['label']} ({source['reader']})", shard.section.max_set_aside_pct
        if source["fault"]:
            unread.add(source["metric"])
            yield f"{name}: {source['fault'].removesuffix('.')}"
            continue
        bad = sum(source["set_aside"].values())
        if 100 * bad > most * source["rows_read"]:
            unread |= set() if source["rows_kept"] else {source["metric"]}
            yield f"{name}: {bad:,} of {source['rows_read']:,} rows cannot be used, more than {most:g} %"
        if source["no_kind"]:
            unread.add(source["metric"])
            yield f"{name}: {source['no_kind'].removesuffix('.')}"
        if source["counted"] > MOST_RECORDS:
            yield f"{name}: in the sample alone {too_many(source['counted'])}"
        if source["too_many_copies"]:
            yield f"{name}: more than {MOST_PCT} % of the rows are copies of other rows"
        if source["exchanged"] and shard.section.coordinates == "stop":
            yield f"{name}: {source['exchanged']}"
    for metric, weight in study.weights.items():
        of_metric = [source for source in sources if source["metric"] == metric]
        if weight and metric not in unread and not any(source["located_pct"] for source in of_metric):
            why = "" if any(source["rows_read"] for source in of_metric) else "no file has a row after its header, and "
            yield f"{study.labels[metric]}: {why}no record is located, so that no cluster has a share of it"


def _no_cluster(study: Study, sources: list[dict[str, Any]], points: SampledPoints) -> str | None:
    """Return why a run would make no cluster, where all listings were sampled; None where it may make some."""
    of_density = [source["listings"] for source in sources if source["metric"] in study.density]
    if study.ranks_areas or study.clusters.threshold is not None or None in of_density or not points.parts:
        return None
    least, radius = study.clusters.min_listings, f"{study.clusters.radius_km:g} km"
    if least is not None and (listings := sum(of_density)) < least and study.clusters.balance == "none":
        return f"[clusters] min_listings is {least:,}, and all sources together have {counted(listings, 'listing')}"
    if (least := points.threshold_of_no_cluster(study)) is None:
        return None
    return f"[clusters] asks for {counted(least, 'listing')} within {radius} of one place, and nowhere are so many"


def _check_sources(
    study: Study,
    every: list[list[Shard]],
    resolver: Callable[[SourceSection], Geocoder],
    rows: int,
    seed: int,
    across: _Across,
    progress: Progress,
) -> list[dict[str, Any]]:
    """Return what is known of each source from a sample of its shards.

    Raises DataError where no source can be read.
    """
    sources, faults = [], list[DataError]()
    for done, parts in enumerate(every):
        progress(f"reading {parts[0].metric}", done, len(every))
        geocoder = resolver(parts[0].section)
        try:
            with parts[0].naming_keys():
                checked = _check_source(parts, sampled(parts, rows, seed), geocoder, rows, across)
        except DataError as error:  # what the others have is shown all the same
            faults.append(error)
            checked = _check_source(parts[:1], SourceSample(fault=str(error)), geocoder, rows, across)
        names = [shard.files.name(path) for shard in parts for path in shard.files.main]
        sources.append(
            {
                "files": len(names),
                "file_names": names[:SHOWN_FILES],
                "label": study.labels[parts[0].metric],
                "name": parts[0].section.name,
                **checked,
            }
        )
    if len(faults) == len(every):
        raise faults[0]
    progress("done", len(every), len(every))
    return sources


def _check_source(
    parts: list[Shard], sample: SourceSample, resolver: Geocoder, rows: int, across: _Across
) -> dict[str, Any]:
    """Return what is known of a source by what was read of it."""
    shard, ledger, listings = parts[0], sample.ledger, sample.listings
    set_aside = ledger.set_aside_table(shard.metric).cast(SET_ASIDE_SCHEMA)
    reasons = Counter(set_aside["reason"].to_pylist())
    each = distinct(listings)
    counted = pc.sum(each["count_max"]).as_py() or 0
    put = locations(once(listings), shard, resolver, across.doubts, across.points)
    is_whole = sample.files == sum(len(part.files.main) for part in parts)
    return {
        "files_read": sample.files,
        "fault": sample.fault,
        "metric": shard.metric,
        "reader": shard.section.reader,
        "coordinates": shard.section.coordinates,
        "rows_read": ledger.rows_read,
        "rows_kept": ledger.rows_kept,
        "sampled": each.num_rows,
        "counted": counted,
        # All there are, where all were sampled: a row of a table may stand for several.
        "listings": counted if listings.num_rows < rows and is_whole else None,
        "out_of_scope": dict(sorted(ledger.scope.items())),
        "set_aside": dict(sorted(reasons.items())),
        "set_aside_examples": _first_of_each(set_aside),
        "no_kind": no_kind(shard.options, ledger.kinds) if is_whole else "",
        "max_set_aside_pct": shard.section.max_set_aside_pct,
        "remarks": [] if sample.fault else _remarks(shard, ledger, listings, sample.first, across, put["located_pct"]),
        **copies(parts, sample.first, rows),
        "sample": _sample(listings.sort_by([("source_file", "ascending"), ("source_row", "ascending")])),
        **put,
    }


def _remarks(
    shard: Shard,
    ledger: RowLedger,
    listings: pa.Table,
    first: list[pa.Table],
    across: _Across,
    located_pct: float | None,
) -> list[str]:
    """Return what is remarked on a source, from its first listings and a sample of all."""
    return [
        *remarks(shard.files, shard.options),
        *(f"{records:,} {what}" for what, records in sorted(ledger.remarks.items())),
        *(f"{none} {what}" for what, none in without_rows(shard.options, ledger.kinds).items()),
        *across.ids.remarks(shard.metric, [*first, listings]),
        *dated_records.remarks([*first, listings]),
        *(f"of the listings sampled, {records} {what}" for what, records in of_listings(listings).items()),
        *filter(None, [unknown_regions.remark(listings)]),
        *unused_towns.remarks(shard, located_pct),
    ]


def _first_of_each(set_aside: pa.Table) -> list[dict[str, Any]]:
    """Return the first rows that were set aside for each reason: file, row, field and value."""
    shown: dict[str, list[dict[str, Any]]] = {}
    for row in set_aside.sort_by([("source_file", "ascending"), ("source_row", "ascending")]).to_pylist():
        of_reason = shown.setdefault(row["reason"], [])
        if len(of_reason) < _SHOWN:
            of_reason.append(row)
    return [row for of_reason in shown.values() for row in of_reason]


def _sample(listings: pa.Table) -> dict[str, Any]:
    """Return the first listing as understood, without what is empty."""
    rows = listings.slice(0, 1).to_pylist()
    return {name: value for name, value in rows[0].items() if value not in (None, [], "")} if rows else {}
