"""Rows of totals among the rows of a table of counts: by their words, or as their count is the sum of the others."""

import re
from collections import defaultdict
from collections.abc import Sequence

FEWEST_ADDED = 3  # counts: of fewer one is the sum of the others by chance
MOST_LEVELS = 2  # of sums: a total of counts, and of the sums of each region
ROUNDED = 2000  # the part of a total by which rounded counts may miss it
# Words for a total, none of which a place is called; what is summed up may stand behind them or before.
_TOTAL = """(sub|sub-|sous-|grand)?total|totals|totale|totaal|totalt|totaux|subtotaal|(sub|sous|grand) total
|total (general|général|geral)|summe|gesamt|gesamtsumme|zwischensumme|insgesamt|yhteensä|összesen|ogółem|celkem|toplam
|genel toplam|итого|всего|σύνολο|المجموع|الإجمالي|סה["״]כ|tổng cộng""".replace("\n", "")
_EAST_ASIAN = "合計|合计|总计|總計|総計|小計|小计|합계|총계|소계"
ALONE = rf"({_TOTAL}|ensemble|{_EAST_ASIAN})\s?[:：]?"
WITH_PLACE = rf"{ALONE}|({_TOTAL}|ensemble d(u|es?)):?\s.*|.*\s({_TOTAL})|({_EAST_ASIAN}).*|.*({_EAST_ASIAN})"
_DECIMALS = re.compile(r"\d([.,])(\d{1,2}|\d{4,})$")


def is_called_total(name: str) -> bool:
    """Say whether a name is a word for a total, alone or with what is summed up."""
    return re.fullmatch(WITH_PLACE, name, re.IGNORECASE) is not None


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
