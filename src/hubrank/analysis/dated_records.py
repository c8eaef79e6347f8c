"""Records whose rows have different dates: their id may be that of a company, which is funded more than once."""

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

RECORD = ("record_key", "record_version")
SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("record_key", "date", "year", "source_file")]
    + [(name, pa.int64()) for name in ("record_version", "source_row")]
)


def remarks(tables: Sequence[pa.Table]) -> Iterator[str]:
    """Say how many records have rows of more than one date, with the first of them. tables : of listings, as read."""
    rows = pa.concat_tables(table.select(SCHEMA.names).cast(SCHEMA) for table in tables)
    rows = rows.append_column("stamp", pc.coalesce(rows["date"], rows["year"]))
    dates = rows.group_by(RECORD).aggregate([("stamp", "count_distinct")])  # of those that are stated
    several = dates.filter(pc.greater(dates["stamp_count_distinct"], 1))
    if len(several):
        several = several.sort_by([(name, "ascending") for name in RECORD])
        count = pc.count_distinct(several["record_key"]).as_py()
        key, version = (several[name][0] for name in RECORD)
        is_first = pc.and_(pc.equal(rows["record_key"], key), pc.equal(rows["record_version"], version))
        lines: dict[str, tuple[str, int]] = {}
        for row in rows.filter(is_first).sort_by([("stamp", "ascending"), ("source_row", "ascending")]).to_pylist():
            if row["stamp"] is not None:
                lines.setdefault(row["stamp"], (row["source_file"], row["source_row"]))
        examples = ", ".join(f"{stamp} in {file}:{row}" for stamp, (file, row) in [*lines.items()][:2])
        yield (
            f"records that have rows of more than one date count once each: {count:,} of those that were read, such as "
            f"{key.as_py()!r} ({examples}). Where each row is a record of its own, its id is another column"
        )
