"""Tables with a column of counts for each year: 2022, 2023; or deals 2022, deals 2023."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from hubrank.analysis.new_study.count_columns import has_texts
from hubrank.analysis.new_study.folder import Look
from hubrank.analysis.new_study.guess import Guess
from hubrank.analysis.new_study.guesses import guesses
from hubrank.analysis.new_study.sought import PLACES
from hubrank.analysis.new_study.towns import ENOUGH
from hubrank.sources.formats.east_asian import as_iso
from hubrank.sources.formats.table_values import YEAR, is_amount
from hubrank.sources.no_counts import is_no_count


def groups_of_years(look: Look) -> list[dict[str, int]]:
    """Return the columns of a table that has one for each year, with the years; nothing of another table.

    They are called by the year alone (2022, 令和4年, 2022年度), or the rest of their names is the same (deals 2022);
    then there may be several groups. Below a header of one line these are of counts, in a table whose rows are places.
    """
    years = {name: int(year) for name in look.header if re.fullmatch(r"(19|20)\d\d", year := as_iso(name))}
    of_name: dict[str, dict[str, int]] = defaultdict(dict, {"": years})
    for name in look.header if not years else ():
        if len(stated := re.findall(YEAR, name)) == 1:
            of_name[re.sub(YEAR, "", name)][name] = int(stated[0])
    groups = [columns for columns in of_name.values() if 1 < len(columns) < len(look.header)]
    if years or "header_lines" in dict(look.reading):
        return groups
    counts = [group for group in groups if all(_are_counts(look, column) for column in group)]
    return counts if counts and _is_of_places(look, counts) else []


def _are_counts(look: Look, column: str) -> bool:
    values = look.values(column)
    numbers = sum(bool(is_amount(value)) for value in values)
    return numbers >= ENOUGH * len(look.rows) and not is_no_count(column, look.header)


def _is_of_places(look: Look, counts: list[dict[str, int]]) -> bool:
    """Return whether the rows of a table are places: without id, year, other count and text of their own."""
    counted = {column for group in counts for column in group}
    others = replace(look, header=tuple(column for column in look.header if column not in counted))
    by_name = {guess.name: guess for guess in guesses(others)}
    is_of_records = by_name.keys() & {"record", "year", "date", "count"} or has_texts(others, by_name, ENOUGH)
    return bool(by_name.keys() & set(PLACES)) and not is_of_records


def of_other_groups(years: Mapping[str, int], others: Sequence[Mapping[str, int]]) -> Iterator[str]:
    """Say which further columns of years are not counted: a group may be a part of another, as residents of all."""
    for group in others:
        first, other = next(iter(years)), next(iter(group))
        yield (
            f"{', '.join(map(repr, group))} are counts of years as well, and not used, as they may be a part of the "
            f"first. If they count something else copy the [[sources]] of these years with another metric, and "
            f"count = {other!r} for {first!r}"
        )


def counted_in(column: str, year: int, columns: list[Guess]) -> list[Guess]:
    """Return the columns of a table that has the counts of one year in each column, as those of this year."""
    others = [guess for guess in columns if guess.name not in ("year", "date", "count", "listing")]
    of_year = Guess("count", column, "one of the columns of counts that are called by their years")
    return [*others, Guess("year", "", "by the name of the column of its counts", value=year), of_year]
