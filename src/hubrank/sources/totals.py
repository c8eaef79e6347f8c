"""Rows of totals among the rows of a table of counts: their count is the sum of the others."""

import re
from collections import defaultdict
from collections.abc import Sequence

FEWEST_ADDED = 3  # counts: of fewer one is the sum of the others by chance
MOST_LEVELS = 2  # of sums: a total of counts, and of the sums of each region
ROUNDED = 2000  # the part of a total by which rounded counts may miss it
_DECIMALS = re.compile(r"\d([.,])(\d{1,2}|\d{4,})$")


def total_row(rows: Sequence[tuple[str, str, str]]) -> str | None:
    """Return the name of the first row of totals.

    rows : name, year and count of each row, as text.
    """
    mark = next((decimals[1] for *_, count in rows if (decimals := _DECIMALS.search(count))), "")
    of_year: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for name, year, count in rows:
        if digits := re.sub(rf"[^0-9{mark}]", "", count):
            of_year[year].append((float(digits.replace(",", ".") if digits != mark else 0), name))
    all_years = [counted for counts in of_year.values() for counted in counts]
    return next((total for counts in (*of_year.values(), all_years) if (total := _total_of(counts))), None)


def _total_of(counts: list[tuple[float, str]]) -> str | None:
    """Return the name of the largest of some counts if it is the sum of the smaller ones, also by regions."""
    largest = max((count for count, _ in counts), default=0)
    others = [count for count, _ in counts if count < largest]
    if len(others) < FEWEST_ADDED or largest <= 0:
        return None
    if any(abs(sum(others) - level * largest) <= largest / ROUNDED for level in range(1, MOST_LEVELS + 1)):
        return next(name for count, name in counts if count == largest)
    return None
