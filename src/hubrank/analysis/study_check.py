"""The first rows of every source read before a long run: what is understood, set aside, located."""

from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from hubrank.analysis.copies_check import copies, first_rows
from hubrank.analysis.doubtful_addresses import DoubtfulAddresses, expect_no_table
from hubrank.core.progress import Progress
from hubrank.core.tables import ADDRESS, ADDRESS_SCHEMA, LISTING_SCHEMA, SET_ASIDE_SCHEMA, Geocoder
from hubrank.counting.shards import shards, study_resolver
from hubrank.geocoding import corrections
from hubrank.sources.inputs import Inputs, Shard
from hubrank.sources.register import MISSING
from hubrank.sources.table_remarks import remarks
from hubrank.study.study import read

SHOWN_ADDRESSES = 10


def check(path: Path, *, rows: int, progress: Progress, suggest: Path | None = None) -> dict[str, Any]:
    """Return, per source: rows looked at, kept, out of scope, set aside, copied, a sample, and how many are located.

    suggest : where to write the heaviest doubtful addresses as a table of corrections; `suggested` is their number.

    Raises StudyError where `suggest` exists.
    """
    if suggest is not None:
        expect_no_table(suggest)
    study = read(path)
    inputs = Inputs(study, path.absolute().parent)
    all_shards = shards(study, inputs)
    resolver = study_resolver(study, inputs)
    of_source: dict[int, list[Shard]] = {}
    for shard in all_shards:
        of_source.setdefault(id(shard.section), []).append(shard)
    sources, doubts = [], DoubtfulAddresses()
    for done, parts in enumerate(of_source.values()):
        progress(f"reading {parts[0].metric}", done, len(of_source))
        files = sum(len(shard.files.main) for shard in parts)
        sources.append({"files": files, **_check_source(parts, resolver, rows, doubts)})
    progress("done", len(of_source), len(of_source))
    summary: dict[str, Any] = {
        "study": path.name,
        "title": study.title,
        "register": inputs.register_note,
        "no_register": inputs.register.origin == MISSING,
        "sources": sources,
    }
    if inputs.corrections:
        summary["corrections"] = corrections.of(inputs.corrections)
    return summary if suggest is None else {**summary, "suggested": doubts.write(suggest), "file": str(suggest)}


def _check_source(parts: list[Shard], resolver: Geocoder, rows: int, doubts: DoubtfulAddresses) -> dict[str, Any]:
    shard = parts[0]
    ledger, batches = first_rows(shard, rows)
    listings = pa.concat_tables([LISTING_SCHEMA.empty_table(), *batches]).slice(0, rows)
    set_aside = ledger.set_aside_table(shard.metric).cast(SET_ASIDE_SCHEMA)
    reasons = Counter(set_aside["reason"].to_pylist())
    return {
        "metric": shard.metric,
        "reader": shard.section.reader,
        "rows_read": ledger.rows_read,
        "rows_kept": ledger.rows_kept,
        "out_of_scope": dict(sorted(ledger.scope.items())),
        "set_aside": dict(sorted(reasons.items())),
        "max_set_aside_pct": shard.section.max_set_aside_pct,
        "remarks": list(remarks(shard.files, shard.options)),
        **copies(parts, batches, rows),
        "sample": _sample(listings),
        **_located(listings, resolver, doubts),
    }


def _sample(listings: pa.Table) -> dict[str, Any]:
    """Return the first listing as understood, without what is empty."""
    rows = listings.slice(0, 1).to_pylist()
    return {name: value for name, value in rows[0].items() if value not in (None, [], "")} if rows else {}


def _located(listings: pa.Table, resolver: Geocoder, doubts: DoubtfulAddresses) -> dict[str, Any]:
    if not listings.num_rows:
        return {"located_pct": None, "by_country": [], "unlocated": [], "unlocated_organisations": 0}
    addresses = listings.select(ADDRESS_SCHEMA.names).group_by(ADDRESS_SCHEMA.names).aggregate([([], "count_all")])
    answers = resolver.locate(addresses.select(ADDRESS_SCHEMA.names))
    located = pc.is_valid(answers["lat_e7"]).to_pylist()
    counts = addresses["count_all"].to_pylist()
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
    return {
        "located_pct": round(100 * sum(located_in.values()) / sum(total.values()), 2),
        "by_country": by_country,
        "unlocated_organisations": _organisations(addresses, located, counts),
        "unlocated": [{"listings": count, "address": text} for count, text in missed[:SHOWN_ADDRESSES]],
    }


def _organisations(addresses: pa.Table, located: list[bool], counts: list[int]) -> int:
    """Return how many listings name an organisation and are not located."""
    names = addresses.select(["institution_id", "institution"]).to_pylist()
    rows = zip(names, located, counts, strict=True)
    return sum(count for name, is_located, count in rows if any(name.values()) and not is_located)


def _spelled(row: dict[str, Any]) -> str:
    """Join the parts of an address that are there."""
    return " | ".join(str(row[column.name]) for column in ADDRESS if row[column.name] is not None) or "(empty)"
