"""Columns of counts, whatever they are called: known by the shape of a table with one row for each place and year."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from hubrank.analysis.new_study.folder import Look
from hubrank.analysis.new_study.guess import USABLE, Guess, column_words, unused_columns
from hubrank.analysis.new_study.record_columns import SHORTEST
from hubrank.analysis.new_study.sought import IDENTIFIER, is_amount_or_rate
from hubrank.analysis.new_study.towns import ENOUGH, inhabitants
from hubrank.analysis.new_study.year_columns import dated
from hubrank.sources.formats.table_values import YEAR, is_amount, is_count
from hubrank.sources.no_counts import is_no_count

FEWEST_ROWS = 10  # of fewer records no two may be of one place and year
_SOME = 0.5  # of the values are numbers, so that the others may stand for none
_OF_PLACE = ("country", "city", "region", "institution_id", "institution")  # coordinates and addresses differ anyway


def count_by_shape(look: Look, by_name: Mapping[str, Guess]) -> Guess | None:
    """Return the only column of numbers of a table with one row for each place and year, and no texts of each row."""
    numbers = numbers_by_place(look, by_name, USABLE)
    if len(numbers) != 1 or numbers_by_place(look, by_name) != numbers or has_texts(look, by_name, ENOUGH):
        return None
    why = "one row for each place and year, and no other column of numbers; leave it out if it counts no records"
    return Guess("count", numbers[0], f"by the shape of the table: {why}")


def numbers_by_kind(look: Look, by_name: Mapping[str, Guess]) -> list[str]:
    """Return the columns that may be counts of a table with one row for each place, year and kind, such as a field."""
    if has_texts(look, by_name, _SOME):
        return []
    words = (column for column in unused_columns(look, by_name) if not any(map(is_amount, look.values(column))))
    return numbers_by_place(look, by_name, kinds=list(words))


def numbers_beside(look: Look, by_name: Mapping[str, Guess]) -> list[str]:
    """Return further columns that may be counts, where a column is one of counts already."""
    return numbers_by_place(look, by_name, USABLE, fewest=1)


def no_counts(look: Look, by_name: Mapping[str, Guess]) -> list[str]:
    """Return the columns of percentages, and of numbers that each place has once, of a table that may have counts."""
    if has_texts(look, by_name, _SOME):
        return []
    return numbers_by_place(look, by_name, ENOUGH, counts=False)


def numbers_by_place(
    look: Look,
    by_name: Mapping[str, Guess],
    least: float = _SOME,
    kinds: Sequence[str] = (),
    *,
    fewest: int = FEWEST_ROWS,
    counts: bool = True,
) -> list[str]:
    """Return the columns that may be counts of a table with one row for each place and year; none of another table.

    least : of their values that are numbers. kinds : columns of what there may be several rows of a place and year.
    fewest : rows of such a table. counts : False for those that are numbers or percentages, but may be no counts.
    """
    places = [by_name[name].column for name in _OF_PLACE if name in by_name]
    stamp = by_name.get("year") or by_name.get("date") or dated(look)
    if not places or len(look.rows) < fewest:
        return []
    of_rows = [tuple(row.get(column, "") for column in (*places, *kinds)) for row in look.rows]
    years = [_year(row.get(stamp.column, "")) if stamp else "" for row in look.rows]
    if len(set(zip(of_rows, years, strict=True))) < ENOUGH * len(look.rows):
        return []
    unused = [column for column in unused_columns(look, by_name) if stamp is None or column != stamp.column]
    town = by_name["city"].column if "city" in by_name else ""
    return [
        column
        for column in unused
        if _are_numbers(look, column, least, is_amount if counts else is_amount_or_rate)
        and _may_count(look, column, of_rows) is counts
        and not _are_inhabitants(look, column, town)
    ]


def _year(stamp: str) -> str:
    match = re.search(YEAR, stamp)
    return match[1] if match else stamp


def _may_count(look: Look, column: str, of_rows: list[tuple[str, ...]]) -> bool:
    """Return whether numbers are no percentages or ranks, by their cells or their name, and no property of a place."""
    if is_no_count(column, look.header) or not any(map(is_amount, look.values(column))):
        return False
    return not _is_of_place(look, column, of_rows)


def _are_numbers(look: Look, column: str, least: float, fits: Callable[[str], object]) -> bool:
    """Return whether a column has numbers that are no codes, ids, row numbers or years."""
    values = look.values(column)
    numbers = [value for value in values if fits(value)]
    if len(values) < ENOUGH * len(look.rows) or len(numbers) < least * len(look.rows):
        return False
    different = set(numbers)
    plain = all(map(str.isdecimal, different))
    lengths = {len(value) for value in different}
    is_code = len(lengths) == 1 and (min(lengths) >= SHORTEST or all(re.fullmatch(YEAR, one) for one in different))
    is_numbered = [int(value) for value in numbers] == [*range(1, len(numbers) + 1)] if plain else False
    is_id = re.fullmatch(IDENTIFIER, column_words(column)) is not None and len(different) == len(numbers)
    return not (is_id or is_numbered or (plain and is_code))


def _is_of_place(look: Look, column: str, of_rows: list[tuple[str, ...]]) -> bool:
    """Return whether each place has one value in all its rows, where several have rows of several years."""
    by_place = defaultdict(list)
    for row, place in zip(look.rows, of_rows, strict=True):
        by_place[place].append(row.get(column, ""))
    several = [values for values in by_place.values() if len(values) > 1]
    return len(several) > 1 and all(len(set(values)) == 1 for values in several)


def _are_inhabitants(look: Look, column: str, town: str) -> bool:
    """Return whether most numbers are about those of the inhabitants of the towns of their rows."""
    pairs = [(row.get(town, ""), row.get(column, "")) for row in look.rows]
    numbers = [(name, int(re.sub(r"\D", "", value))) for name, value in pairs if name and is_count(value)]
    near = sum(any(people <= 2 * number <= 4 * people for people in inhabitants(name)) for name, number in numbers)
    return 2 * near > len(look.rows)


def has_texts(look: Look, by_name: Mapping[str, Guess], least: float) -> bool:
    """Return whether a further column has a text that differs in so many of the rows, as titles of records do."""
    for column in unused_columns(look, by_name):
        values = look.values(column)
        words = sum(any(map(str.isalpha, value)) for value in values)
        if words >= ENOUGH * len(values) and len(set(values)) >= least * len(look.rows):
            return True
    return False
