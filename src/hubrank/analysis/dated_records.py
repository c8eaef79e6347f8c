"""Records whose rows have different dates: their id may be that of a company, which is funded more than once."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import pyarrow as pa

COLUMNS = ("record_key", "record_version", "date", "year", "source_file", "source_row")


def remarks(tables: Sequence[pa.Table]) -> Iterator[str]:
    """Say how many records have rows of more than one date, with the first of them. tables : of listings, as read."""
    lines: dict[tuple[str, int], dict[str, tuple[str, int]]] = defaultdict(dict)
    for table in tables:
        for key, version, date, year, *where in zip(*(table[name].to_pylist() for name in COLUMNS), strict=True):
            if stamp := date or (year and str(year)):
                dates, line = lines[key, version], (where[0], where[1])
                dates[stamp] = min(line, dates.get(stamp, line))
    several = {key: dates for (key, _), dates in sorted(lines.items()) if len(dates) > 1}
    if several:
        first, dates = next(iter(several.items()))
        examples = ", ".join(f"{stamp} in {file}:{row}" for stamp, (file, row) in sorted(dates.items())[:2])
        yield (
            f"{len(several):,} of the records that were read have rows of more than one date, and count once each: "
            f"{first!r} ({examples}). Where each row is a record of its own, its id is another column"
        )
