"""Rows of totals among the rows of a table of counts: by their words, or as their count is the sum of the others."""

import re
from collections import defaultdict
from collections.abc import Sequence

FEWEST_ADDED = 3  # counts: of fewer one is the sum of the others by chance
MOST_LEVELS = 2  # of sums: a total of counts, and of the sums of each region
ROUNDED = 2000  # the part of a total by which rounded counts may miss it
FEWEST_SUMS = 3  # rows of regions, each the sum of two parts or more
BY_CHANCE = 1e-5  # that all of them are sums: about one count in as many as the parts have on average is one
MOST_PARTS = 400  # rows of a region's parts that are looked at
COVERED = 0.8  # of the rows are regions or parts of them: others are totals, or regions of regions
# Words for a total, none of which a place is called; what is summed up may stand behind them or before.
_TOTAL = """(sub|sub-|sous-|grand)?total|totals|totale|totaal|totalt|totaux|subtotaal|(sub|sous|grand) total
|total (general|général|geral)|summe|gesamt|gesamtsumme|zwischensumme|insgesamt|yhteensä|összesen|ogółem|celkem
|toplam[ıi]?|genel toplam|gesamtergebnis|endsumme|totale (generale|complessivo)|eindtotaal|totalsumma
|hovedtotal|razem|suma końcowa|ukupno|общий итог|итого|всего|σύνολο|(ال)?مجموع|(ال)?[إا]جمال[يى]
|סה["״]כ|tổng cộng|कुल|कुल योग|महायोग|एकूण|মোট|மொத்தம்|మొత్తం|ಒಟ್ಟು
|ആകെ|કુલ|ਕੁੱਲ|مجموعی""".replace("\n", "")
# In tables a blank, also one of full width, may stand between two characters; which patterns of SQL do not count to \s.
_EAST_ASIAN = "[合总總総小][ 　]{0,3}[計计]|[합총소][ 　]{0,3}계"
# These are totals alone: the names of places begin and end with them, and firms have them (الجملة, wholesale).
_WHOLE = "(ال)?جملة|yek[uûü]n|[計计계]|[総总總][ 　]?[数數]|총[ 　]?수|全[国國県縣]|전국|全[体體]|전체"
_OF_UNIT = "[都道府県縣市区區町村郡部国國州省方域圏内][ 　]?[計计]|.+[도시군구권역국][ 　]계"
ALONE = rf"({_TOTAL}|ensemble|{_EAST_ASIAN}|{_WHOLE})\s?[:：]?"
WITH_PLACE = (
    rf"{ALONE}|({_TOTAL}|ensemble d(u|es?)):?\s.*|.*\s({_TOTAL})|({_EAST_ASIAN}).*|.*({_EAST_ASIAN})|.*({_OF_UNIT})"
)
_DECIMALS = re.compile(r"\d([.,])(\d{1,2}|\d{4,})$")


def is_called_total(name: str) -> bool:
    """Say whether a name is a word for a total, alone or with what is summed up."""
    return re.fullmatch(WITH_PLACE, name, re.IGNORECASE) is not None


def total_row(rows: Sequence[tuple[str, str, str]]) -> str | None:
    """Return the name of the first row of totals.

    rows : name, year and count of each row, as text.
    """
    of_year = _by_year(rows)
    all_years = [counted for counts in of_year for counted in counts]
    return next((total for counts in (*of_year, all_years) if (total := _total_of(counts)) is not None), None)


def rows_of_regions(rows: Sequence[tuple[str, str, str]]) -> list[str]:
    """Return the names of the rows of regions whose parts have rows, too; none where rows are not so ordered.

    A region's count is the sum of the rows between it and the next region, all behind it or all before it.

    rows : name, year and count of each row, as text, in the order of the table.
    """
    for counts in _by_year(rows):
        for ordered in (counts, counts[::-1]):
            if named := _regions_in(ordered):
                return named if ordered is counts else named[::-1]
    return []


def _by_year(rows: Sequence[tuple[str, str, str]]) -> list[list[tuple[float, str]]]:
    """Return the counts of each year with the names of their rows; without a number or with two marks it has none."""
    mark = next((decimals[1] for *_, count in rows if (decimals := _DECIMALS.search(count))), "")
    of_year: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for name, year, count in rows:
        digits = re.sub(rf"[^0-9{mark}]", "", count)
        if digits.replace(mark, "", 1).isdigit():
            of_year[year].append((float(digits.replace(",", ".")), name))
    return list(of_year.values())


def _regions_in(counts: Sequence[tuple[float, str]]) -> list[str]:
    """Return the names of the rows that are the sums of those behind them, if nearly all rows are such or behind one.

    A region of one part says nothing, as two neighbours may have one count, and small parts say little.
    """
    named: list[str] = []
    covered, sums, chance, at = 0, 0, 1.0, 0
    while at < len(counts):
        parts, added = _parts_behind(counts, at)
        if added > 1:
            sums += 1
            chance *= min(1.0, added / counts[at][0])
        named += [counts[at][1]] if parts else []
        covered += 1 + parts if parts else 0
        at += 1 + parts
    return named if sums >= FEWEST_SUMS and chance <= BY_CHANCE and covered >= COVERED * len(counts) else []


def _parts_behind(counts: Sequence[tuple[float, str]], at: int) -> tuple[int, int]:
    """Return how many rows behind one add up to it, and how many of them are above 0; none where they do not."""
    whole, part, added, parts = counts[at][0], 0.0, 0, 0
    for behind, (count, _) in enumerate(counts[at + 1 : at + 1 + MOST_PARTS], 1):
        if whole <= 0 or part + count > whole * (1 + 1 / ROUNDED):
            break
        part += count
        added += count > 0
        parts = behind if whole - part <= whole / ROUNDED else 0
    return (parts, added) if parts else (0, 0)


def _total_of(counts: list[tuple[float, str]]) -> str | None:
    """Return the name of the largest of some counts if it is the sum of the smaller ones, also by regions."""
    largest = max((count for count, _ in counts), default=0)
    others = [count for count, _ in counts if count < largest]
    if len(others) < FEWEST_ADDED or largest <= 0:
        return None
    if any(abs(sum(others) - level * largest) <= largest / ROUNDED for level in range(1, MOST_LEVELS + 1)):
        return next(name for count, name in counts if count == largest)
    return None
