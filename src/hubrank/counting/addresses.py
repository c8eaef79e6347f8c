"""located → addresses: every address as it may be shown, where it was put, and how much was listed there.

An address of a source is known by `address_key`: the hash of its row, and the number of its source.
"""

from collections.abc import Mapping, Sequence

import pyarrow as pa

from hubrank.core.errors import CheckFailed
from hubrank.core.tables import ADDRESS_ROW_SCHEMA, Engine, Relation
from hubrank.counting.listings import SourceRows
from hubrank.counting.located import inside
from hubrank.counting.shard_files import LocatedShard
from hubrank.geocoding.shown_address import KEY_BITS, ROW_COLUMNS
from hubrank.study.study import Study

_KEYS = 1 << KEY_BITS
_SPACING = 0x1E3779B97F4A7C15  # 2⁶⁴ over the golden ratio, modulo 2⁶²: sources are far apart (Knuth, TAOCP 3, 6.4)

OF_SOURCE = f"SELECT * REPLACE ((address_key + {{offset}}) % {_KEYS} AS address_key) FROM located"

DESCRIBED = f"""
SELECT CAST({{number}} AS INT) AS source, '{{metric}}' AS metric, {ROW_COLUMNS}
FROM (SELECT *, row_number() OVER (PARTITION BY address_key ORDER BY organisation, address, city, region, country,
                                   lat_e7, lon_e7, geocoding_evidence, location_probability) AS nth FROM shown)
WHERE nth = 1
"""

# What a row adds to its address; shards have added that up by years already.
LISTED = """
SELECT address_key, 1 AS source_rows, listings, records, units, CAST(records AS HUGEINT) * record_units AS due
FROM located
"""
SUMMED = "SELECT address_key, source_rows, listings, records, units, CAST(due AS HUGEINT) AS due FROM sums WHERE "

# Sums that damaged counts make too large are null here, and an error of the whole metric in counting.count.
COUNTED = """
SELECT address_key AS counted_key, CAST(SUM(source_rows) AS BIGINT) AS source_rows,
       TRY_CAST(SUM(listings) AS BIGINT) AS listings, TRY_CAST(SUM(records) AS BIGINT) AS records,
       TRY_CAST(SUM(units) AS BIGINT) AS units, SUM(due) AS due
FROM summed GROUP BY address_key
"""

ADDRESSES = f"""
SELECT source, metric, {ROW_COLUMNS}, source_rows, listings, records, units, due
FROM described JOIN counted ON address_key = counted_key
"""
SCHEMA = pa.schema(
    [
        pa.field("source", pa.int32()),
        pa.field("metric", pa.string()),
        *ADDRESS_ROW_SCHEMA,
        *(pa.field(name, pa.int64()) for name in ("source_rows", "listings", "records", "units")),
    ]
)
SORTED = f"SELECT {', '.join(SCHEMA.names)} FROM addresses ORDER BY address_key"


ROWS = "SELECT CAST(SUM(source_rows) AS BIGINT) AS source_rows FROM rows_of"


def of_source(rows: Relation, number: int, engine: Engine) -> Relation:
    """Make the keys of addresses those of a source.

    rows : Relation[address_key, …]; number : of the source in the study, from 1.
    """
    return engine.plan(OF_SOURCE.format(offset=offset(number)), located=rows)


def offset(number: int) -> int:
    """Return what is added to the keys of a source's addresses, modulo 2**KEY_BITS. number : of the source, from 1."""
    return number * _SPACING % _KEYS


def summed(source: SourceRows, located: Relation, engine: Engine) -> Relation:
    """Return Relation[address_key, source_rows, listings, records, units, due]: what adds up to that of each address.

    That is what the shards of a source have added up, where all of their rows in the window count; else each row.
    located : the rows of the source that count.
    """
    files = [each.sums for each in source.shards]
    if len(source.losers) or len(source.cut) or not all(file.exists() for file in files):
        return engine.plan(LISTED, located=located)
    return engine.plan(SUMMED + inside(source.window), sums=engine.parquet(files))


def addresses(
    study: Study, shards: Sequence[LocatedShard], sums: Mapping[int | str, Relation], engine: Engine
) -> Relation:
    """Return Relation[SCHEMA, due]: the addresses of all sources that are in `sums`, with what these have of each.

    sums : by number of the source, what `summed` returns, with the keys of the source.
    due : what the records of an address weigh, wherever their listings are.

    Raises CheckFailed where a listing has an address that its source does not have.
    """
    parts: dict[int | str, Relation] = {}
    for number, section in enumerate(study.sources, 1):
        files = [each.addresses for each in shards if each.shard.section is section]
        keyed = of_source(engine.parquet(files), number, engine)
        parts[number] = engine.plan(DESCRIBED.format(number=number, metric=section.metric), shown=keyed)
    described = engine.stacked(parts, "part")
    counted = engine.run(COUNTED, summed=engine.stacked(sums, "part"))
    result = engine.run(ADDRESSES, described=described, counted=counted)
    rows, of_addresses = (
        engine.rows(ROWS, rows_of=relation)["source_rows"][0].as_py() for relation in (counted, result)
    )
    if rows != of_addresses:
        raise CheckFailed(f"{rows} located rows have {of_addresses} at an address of their source. Please report it.")
    engine.drop(described, counted, *parts.values(), *sums.values())
    return result


def sorted_addresses(addresses: Relation, engine: Engine) -> pa.RecordBatchReader:
    """Stream the addresses by key, for the table of an edition that need not fit into memory."""
    batches = engine.batches(SORTED, addresses=addresses)
    return pa.RecordBatchReader.from_batches(SCHEMA, (batch.cast(SCHEMA) for batch in batches))
