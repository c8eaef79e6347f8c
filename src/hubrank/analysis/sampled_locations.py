"""Where the sampled listings of a source were put, how sure that is, and what their addresses contradict."""

import copy
from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hubrank.analysis import location_report, one_country
from hubrank.analysis.doubtful_addresses import DoubtfulAddresses
from hubrank.analysis.sampled_density import SampledPoints
from hubrank.analysis.sampled_economies import by_economy
from hubrank.analysis.sampled_rows import distinct
from hubrank.core.edition import MOST_CONTRADICTED_PCT
from hubrank.core.sphere import E7
from hubrank.core.tables import ADDRESS_SCHEMA, Geocoder
from hubrank.counting.addresses import SCHEMA
from hubrank.counting.exchanged import contradicted_in, described
from hubrank.engines.workspace import local_engine
from hubrank.geocoding.gazetteer.place_labels import with_nearest
from hubrank.geocoding.shown_address import address_rows, shown_text
from hubrank.sources.shard import Shard

SHOWN_ADDRESSES = 10
SHOWN_ROWS = 20
SHOWN_PAIRS = 10
_NOTHING: dict[str, Any] = {
    "located_pct": None,
    "contradicted_pct": None,
    "exchanged_pct": None,
    "exchanged": "",
    "one_country": None,
    "by_country": [],
    "economies": {},
    "unlocated_organisations": 0,
    "unlocated": [],
    "examples": [],
    "report": [],
}


def locations(
    listings: pa.Table, shard: Shard, resolver: Geocoder, doubts: DoubtfulAddresses, points: SampledPoints
) -> dict[str, Any]:
    """Return where listings were put: shares, economies, what is not located, examples, and the location report.

    listings : LISTING_SCHEMA, of one source. `doubts` and `points` are given their addresses with the answers.
    """
    if not listings.num_rows:
        return copy.deepcopy(_NOTHING)
    counted = listings.select([*ADDRESS_SCHEMA.names, "count"])  # a row of a table may stand for several listings
    counted = counted.append_column("number", pa.array(range(len(listings)), pa.int64()))
    grouped = counted.group_by(ADDRESS_SCHEMA.names).aggregate(
        [("count", "sum"), ("number", "min"), ("number", "list")]
    )
    addresses, counts = grouped.select(ADDRESS_SCHEMA.names), grouped["count_sum"].to_pylist()
    answers = resolver.locate(addresses)
    doubts.add(shard.section, grouped, answers, counts)
    points.add(shard.metric, answers, counts)
    located = pc.is_valid(answers["lat_e7"]).to_pylist()
    rows = address_rows(addresses, answers)
    located_pct = _located_pct(listings, grouped["number_list"], located)
    economies = by_economy(rows, counts)
    return {
        **_contradicted(addresses, rows, counts, resolver),
        "exchanged": _look_exchanged(rows, counts),
        "located_pct": located_pct,
        "one_country": one_country.suggested(addresses, counts, economies, located_pct, resolver)
        if one_country.names_none(shard.options)
        else None,
        "by_country": _by_country(addresses["country"].to_pylist(), located, counts),
        "economies": economies,
        "unlocated_organisations": _organisations(addresses, located, counts),
        "unlocated": _unlocated(addresses, rows, located, counts),
        "examples": _examples(_shown_rows(listings, grouped["number_min"], answers), resolver),
        "report": _report(rows, counts, shard.metric),
    }


def _located_pct(listings: pa.Table, rows: pa.ChunkedArray, located: list[bool]) -> float:
    """Return the share of listings that are located: one of several places is, where one of these is.

    rows : of each address, the numbers of its rows in `listings`; located : whether it is.
    """
    at_place = np.zeros(len(listings), np.int8)
    for numbers, is_located in zip(rows.to_pylist(), located, strict=True):
        at_place[numbers] = is_located
    each = distinct(listings.append_column("at_place", pa.array(at_place)), "at_place")
    located_count = pc.sum(pc.multiply(each["count_max"], each["at_place_max"])).as_py()
    return float(round(100 * (located_count or 0) / pc.sum(each["count_max"]).as_py(), 2))


def _by_country(countries: list[str | None], located: list[bool], counts: list[int]) -> list[dict[str, Any]]:
    """Return listings and the share that is located of each country as stated, most listings first."""
    total, located_in = Counter[str](), Counter[str]()
    for country, is_located, count in zip(countries, located, counts, strict=True):
        total[country or ""] += count
        located_in[country or ""] += count if is_located else 0
    return [
        {"country": country, "listings": count, "located_pct": round(100 * located_in[country] / count, 1)}
        for country, count in sorted(total.items(), key=lambda kv: (-kv[1], kv[0]))
    ]


def _unlocated(addresses: pa.Table, rows: pa.Table, located: list[bool], counts: list[int]) -> list[dict[str, Any]]:
    """Return the addresses of most listings that are not located, as they may be shown: without streets and persons."""
    listings = Counter[str]()
    spots = addresses.select(["lat_e7", "lon_e7"]).to_pylist()
    for spot, row, is_located, count in zip(spots, rows.to_pylist(), located, counts, strict=True):
        listings[_spelled(spot, row)] += 0 if is_located else count
    missed = sorted((-count, text) for text, count in listings.items() if count)
    return [{"listings": -count, "address": text} for count, text in missed[:SHOWN_ADDRESSES]]


def _contradicted(addresses: pa.Table, rows: pa.Table, counts: list[int], resolver: Geocoder) -> dict[str, Any]:
    """Return the share of contradicted coordinates, and the share with latitude and longitude exchanged."""
    contradicted = _contradicted_pct(rows, counts)
    exchanged = _exchanged(addresses) if contradicted > MOST_CONTRADICTED_PCT else None
    return {
        "contradicted_pct": contradicted,
        "exchanged_pct": None
        if exchanged is None
        else _contradicted_pct(address_rows(exchanged, resolver.locate(exchanged)), counts),
    }


def _look_exchanged(rows: pa.Table, counts: list[int]) -> str:
    """Say that most of a source is put by coordinates that look exchanged, at which a run stops; "" where it is not."""
    contradicted, listings = contradicted_in(rows.append_column("listings", pa.array(counts, pa.int64())))
    return described(contradicted, listings) if contradicted else ""


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
        {
            **line,
            "address": shown_text(row),
            **{name: row[name] for name in names},
            "place": with_nearest(row["place"]),
        }
        for line, row in zip(lines, rows, strict=True)
    ]


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


def _spelled(spot: Mapping[str, int | None], row: Mapping[str, Any]) -> str:
    """Join the parts of an address that are shown, its stated coordinates in degrees."""
    degrees = [str(degree / E7) for degree in spot.values() if degree is not None]
    return " | ".join([*degrees, *filter(None, [shown_text(row)])])
