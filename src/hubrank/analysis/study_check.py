"""A sample of every source before a long run: what is understood, set aside, located, and where a run would stop."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from hubrank.analysis import corrections_used, dated_records, location_report, one_country
from hubrank.analysis.copies_check import SourceIds, copies, first_rows
from hubrank.analysis.doubtful_addresses import DoubtfulAddresses, expect_no_table
from hubrank.analysis.prerequisites import expect_prerequisites, missing_previous
from hubrank.analysis.sampled_economies import by_economy, of_one_economy
from hubrank.analysis.sampled_rows import sampled
from hubrank.core.edition import MOST_CONTRADICTED_PCT
from hubrank.core.progress import Progress
from hubrank.core.sphere import E7
from hubrank.core.tables import ADDRESS_SCHEMA, SET_ASIDE_SCHEMA, Geocoder
from hubrank.counting.addresses import SCHEMA
from hubrank.counting.copies import MOST_PCT
from hubrank.counting.count import MOST_RECORDS, too_many
from hubrank.counting.large_records import of_listings
from hubrank.counting.shards import settings, shards, source_resolvers
from hubrank.engines.workspace import local_engine
from hubrank.geocoding import unknown_regions
from hubrank.geocoding.gazetteer.place_labels import with_nearest
from hubrank.geocoding.shown_address import COLUMNS as SHOWN
from hubrank.geocoding.shown_address import address_rows
from hubrank.sources.inputs import Inputs, Shard
from hubrank.sources.register import MISSING
from hubrank.sources.table_remarks import remarks
from hubrank.study.sections import Compare
from hubrank.study.study import Study
from hubrank.study.study_file import read

SHOWN_ADDRESSES = 10
_SHOWN = 3  # rows that were set aside for one reason
SHOWN_ROWS = 20
SHOWN_PAIRS = 10
SHOWN_FILES = 3


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
    expect_prerequisites(study.model_copy(update={"compare": Compare()}) if no_previous else study, inputs, None)
    all_shards = shards(study, inputs)
    resolver = source_resolvers(settings(study, inputs))
    of_source: dict[int, list[Shard]] = {}
    for shard in all_shards:
        of_source.setdefault(id(shard.section), []).append(shard)
    sources, doubts, ids = [], DoubtfulAddresses(), SourceIds()
    for done, parts in enumerate(of_source.values()):
        progress(f"reading {parts[0].metric}", done, len(of_source))
        names = [shard.files.name(path) for shard in parts for path in shard.files.main]
        labels = {"label": study.labels[parts[0].metric], "name": parts[0].section.name}
        sources.append(
            {
                "files": len(names),
                "file_names": names[:SHOWN_FILES],
                **labels,
                **_check_source(parts, resolver(parts[0].section), rows, seed, doubts, ids),
            }
        )
    progress("done", len(of_source), len(of_source))
    summary: dict[str, Any] = {
        "study": path.name,
        "title": study.title,
        "register": inputs.register_note,
        "weightless": study.weightless,
        "no_register": inputs.register.origin == MISSING,
        "sources": sources,
        "stops": [
            *([no_previous.rstrip(".")] if no_previous else []),
            *_stops(study, [parts[0] for parts in of_source.values()], sources),
        ],
        "no_cluster": _no_cluster(study, sources),
        "labels": study.labels,
        "one_economy": of_one_economy(study, sources),
    }
    if inputs.corrections:
        summary["corrections"] = corrections_used.used_at(inputs.corrections, doubts.corrected)
    return summary if suggest is None else {**summary, "suggested": doubts.write(suggest), "file": str(suggest)}


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
        bad = sum(source["set_aside"].values())
        if 100 * bad > most * source["rows_read"]:
            unread |= set() if source["rows_kept"] else {source["metric"]}
            yield f"{name}: {bad:,} of {source['rows_read']:,} rows cannot be used, more than {most:g} %"
        if source["counted"] > MOST_RECORDS:
            yield f"{name}: in the sample alone {too_many(source['counted'])}"
        if source["too_many_copies"]:
            yield f"{name}: more than {MOST_PCT} % of the rows are copies of other rows"
    for metric, weight in study.weights.items():
        of_metric = [source for source in sources if source["metric"] == metric]
        if weight and metric not in unread and not any(source["located_pct"] for source in of_metric):
            why = "" if any(source["rows_read"] for source in of_metric) else "no file has a row after its header, and "
            yield f"{study.labels[metric]}: {why}no record is located, so that no cluster has a share of it"


def _no_cluster(study: Study, sources: list[dict[str, Any]]) -> str | None:
    """Return why a run would make no cluster, where all listings were sampled; None where it may make some."""
    least = study.clusters.min_listings
    of_density = [source["listings"] for source in sources if source["metric"] in study.density]
    if least is None or study.ranks_areas or study.clusters.balance == "equal" or None in of_density:
        return None
    if (listings := sum(of_density)) >= least:
        return None
    return f"[clusters] min_listings is {least:,}, and all sources together have {listings:,} listings"


def _check_source(
    parts: list[Shard], resolver: Geocoder, rows: int, seed: int, doubts: DoubtfulAddresses, ids: SourceIds
) -> dict[str, Any]:
    shard = parts[0]
    ledger, listings, read_files = sampled(parts, rows, seed)
    set_aside = ledger.set_aside_table(shard.metric).cast(SET_ASIDE_SCHEMA)
    reasons = Counter(set_aside["reason"].to_pylist())
    first = first_rows(shard, rows)
    counted = pc.sum(listings["count"]).as_py() or 0
    return {
        "files_read": read_files,
        "metric": shard.metric,
        "reader": shard.section.reader,
        "rows_read": ledger.rows_read,
        "rows_kept": ledger.rows_kept,
        "sampled": listings.num_rows,
        "counted": counted,
        # All there are, where all were sampled: a row of a table may stand for several.
        "listings": counted
        if listings.num_rows < rows and read_files == sum(len(part.files.main) for part in parts)
        else None,
        "out_of_scope": dict(sorted(ledger.scope.items())),
        "set_aside": dict(sorted(reasons.items())),
        "set_aside_examples": _first_of_each(set_aside),
        "max_set_aside_pct": shard.section.max_set_aside_pct,
        "remarks": [
            *remarks(shard.files, shard.options),
            *(f"{records:,} {what}" for what, records in sorted(ledger.remarks.items())),
            *ids.remarks(shard.metric, [*first, listings]),
            *dated_records.remarks([*first, listings]),
            *(f"of the listings sampled, {records} {what}" for what, records in of_listings(listings).items()),
            *filter(None, [unknown_regions.remark(listings)]),
        ],
        **copies(parts, first, rows),
        "sample": _sample(listings.sort_by([("source_file", "ascending"), ("source_row", "ascending")])),
        **_located(listings, shard, resolver, doubts),
    }


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


def _located(listings: pa.Table, shard: Shard, resolver: Geocoder, doubts: DoubtfulAddresses) -> dict[str, Any]:
    if not listings.num_rows:
        empty: dict[str, list[Any]] = {"by_country": [], "unlocated": [], "examples": [], "report": []}
        none = dict.fromkeys(("located_pct", "contradicted_pct", "exchanged_pct", "one_country"))
        return {**none, "unlocated_organisations": 0, "economies": {}, **empty}
    counted = listings.select([*ADDRESS_SCHEMA.names, "count"])  # a row of a table may stand for several listings
    counted = counted.append_column("number", pa.array(range(len(listings)), pa.int64()))
    addresses = counted.group_by(ADDRESS_SCHEMA.names).aggregate([("count", "sum"), ("number", "min")])
    answers = resolver.locate(addresses.select(ADDRESS_SCHEMA.names))
    located = pc.is_valid(answers["lat_e7"]).to_pylist()
    counts = addresses["count_sum"].to_pylist()
    doubts.add(addresses, answers, counts)
    total, located_in = Counter[str](), Counter[str]()
    for country, ok, count in zip(addresses["country"].to_pylist(), located, counts, strict=True):
        total[country or ""] += count
        located_in[country or ""] += count if ok else 0
    by_country = [
        {"country": country, "listings": count, "located_pct": round(100 * located_in[country] / count, 1)}
        for country, count in sorted(total.items(), key=lambda kv: (-kv[1], kv[0]))
    ]
    missed = [
        (count, _spelled(row)) for row, ok, count in zip(addresses.to_pylist(), located, counts, strict=True) if not ok
    ]
    missed.sort(key=lambda pair: (-pair[0], pair[1]))
    rows = address_rows(addresses.select(ADDRESS_SCHEMA.names), answers)
    contradicted = _contradicted_pct(rows, counts)
    exchanged = _exchanged(addresses.select(ADDRESS_SCHEMA.names)) if contradicted > MOST_CONTRADICTED_PCT else None
    if exchanged is not None:
        exchanged_pct = _contradicted_pct(address_rows(exchanged, resolver.locate(exchanged)), counts)
    located_pct, economies = round(100 * sum(located_in.values()) / sum(total.values()), 2), by_economy(rows, counts)
    suggested = None
    if one_country.names_none(shard.options):
        plain = addresses.select(ADDRESS_SCHEMA.names)
        suggested = one_country.suggested(plain, counts, economies, located_pct, resolver)
    return {
        "contradicted_pct": contradicted,
        "exchanged_pct": None if exchanged is None else exchanged_pct,
        "located_pct": located_pct,
        "one_country": suggested,
        "by_country": by_country,
        "economies": economies,
        "unlocated_organisations": _organisations(addresses, located, counts),
        "unlocated": [{"listings": count, "address": text} for count, text in missed[:SHOWN_ADDRESSES]],
        "examples": _examples(_shown_rows(listings, addresses["number_min"], answers), resolver),
        "report": _report(rows, counts, shard.metric),
    }


def _contradicted_pct(rows: pa.Table, counts: list[int]) -> float:
    """Return the share of listings whose coordinates are contradicted: by the places around, or by what is stated."""
    words = [text or "" for text in rows["contradictions"].to_pylist()]
    listings = sum(count for text, count in zip(words, counts, strict=True) if "coordinates" in text)
    return round(100 * listings / sum(counts), 1)


def _exchanged(addresses: pa.Table) -> pa.Table | None:
    """Return addresses with latitude and longitude exchanged; None where a longitude is no latitude."""
    if (pc.max(pc.abs(addresses["lon_e7"])).as_py() or 0) > 90 * E7:
        return None
    columns = {"lat_e7": addresses["lon_e7"], "lon_e7": addresses["lat_e7"]}
    names = addresses.column_names
    return pa.table([columns.get(name, addresses[name]) for name in names], schema=addresses.schema)


def _shown_rows(listings: pa.Table, first: pa.ChunkedArray, answers: pa.Table) -> pa.Table:
    """Return the listings to show: for half of them the addresses that are least sure, once each, then a draw.

    first : of each address, the number of its first listing; answers : ANSWER of each.
    """
    surety = zip(answers["location_probability"].to_pylist(), first.to_pylist(), strict=True)
    unsure = sorted((probability, number) for probability, number in surety if probability is not None)
    numbers = [number for _, number in unsure[: SHOWN_ROWS // 2]]
    return listings.take([*numbers, *(number for number in _different(listings) if number not in numbers)][:SHOWN_ROWS])


def _different(listings: pa.Table) -> list[int]:
    """Return the first listings that differ in line or address: a line whose count has decimals is of two listings."""
    names = ["source_file", "source_row", *ADDRESS_SCHEMA.names]
    numbered = listings.select(names).append_column("number", pa.array(range(len(listings)), pa.int64()))
    first = numbered.group_by(names).aggregate([("number", "min")])["number_min"]
    return sorted(first.to_pylist())[: 2 * SHOWN_ROWS]


def _examples(listings: pa.Table, resolver: Geocoder) -> list[dict[str, Any]]:
    """Return listings with their address as it may be shown, where they were put, and how sure that is."""
    addresses = listings.select(ADDRESS_SCHEMA.names)
    rows = address_rows(addresses, resolver.locate(addresses)).to_pylist()
    lines = listings.select(["source_file", "source_row"]).to_pylist()
    names = ("place", "lat_e7", "lon_e7", "location_probability", "geocoding_evidence", "contradictions")
    return [
        {**line, "address": _text(row), **{name: row[name] for name in names}, "place": with_nearest(row["place"])}
        for line, row in zip(lines, rows, strict=True)
    ]


def _text(row: Mapping[str, Any]) -> str:
    return ", ".join(row[name] for name in SHOWN if row[name])


def _report(rows: pa.Table, counts: list[int], metric: str) -> list[dict[str, Any]]:
    """Return evidence, contradictions and heaviest pairs of the sample, as the location report of an edition has."""
    constant = {"source": 1, "metric": metric, "records": 0, "units": 0}
    columns = {name: pa.repeat(value, len(rows)) for name, value in constant.items()}
    columns |= {name: pa.array(counts, pa.int64()) for name in ("source_rows", "listings")}
    columns |= {name: rows[name] for name in rows.column_names}
    table = pa.Table.from_arrays([columns[field.name].cast(field.type) for field in SCHEMA], schema=SCHEMA)
    with local_engine(memory=None, threads=None) as engine:
        rows_of_report = [*location_report.of_addresses(engine.load(iter([table]), SCHEMA), engine)]
    shown = location_report.as_table(rows_of_report).to_pylist()
    columns_shown = ("part", "subject", "text", "place", "location_probability", "listings", "share_pct")
    return [
        {name: row[name] for name in columns_shown if row[name] is not None}
        for row in shown
        if row["part"] != "pair" or row["position"] <= SHOWN_PAIRS
    ]


def _organisations(addresses: pa.Table, located: list[bool], counts: list[int]) -> int:
    """Return how many listings name an organisation and are not located."""
    names = addresses.select(["institution_id", "institution"]).to_pylist()
    rows = zip(names, located, counts, strict=True)
    return sum(count for name, is_located, count in rows if any(name.values()) and not is_located)


def _spelled(row: dict[str, Any]) -> str:
    """Join the parts of an address that are there, coordinates in degrees."""
    shown = {
        name: row[name] / E7 if name in ("lat_e7", "lon_e7") else row[name] for name in row if row[name] is not None
    }
    return " | ".join(str(shown[name]) for name in ADDRESS_SCHEMA.names if name in shown) or "(empty)"
