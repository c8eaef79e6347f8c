"""Columns of dates and years that no name says: known by their values, or by a year in their text."""

import re

from hubrank.analysis.new_study.folder import Look
from hubrank.analysis.new_study.guess import USABLE, Guess, column_words
from hubrank.analysis.new_study.sought import (
    IDENTIFIER,
    SOUGHT,
    has_no_year,
    has_year,
    is_date,
    is_month_of_year,
)
from hubrank.analysis.new_study.towns import ENOUGH
from hubrank.sources.formats.day_numbers import as_day, is_day_number
from hubrank.sources.formats.table_values import YEAR

FIRST_DAY, LAST_DAY, MOST_DAYS = 29_221, 51_136, 20 * 366  # 1980 to 2039, and between the days of one table
_ISSUED = ("issued", "published")
MOST_YEARS = 20  # different ones; days of months have more


def issued(look: Look) -> Guess | None:
    """Return the date of issue of Crossref and CSL, `{"date-parts": [[2021, 5]]}`: others are of the entry."""
    for name in _ISSUED:
        for column in (one for one in look.header if one.endswith(f"{name}.date-parts")):
            values = look.values(column)
            if sum(bool(re.search(YEAR, value)) for value in values) >= USABLE * len(look.rows):
                return Guess("year", column, f"the year of what is {name}", YEAR)
    return None


def dated(look: Look) -> Guess | None:
    """Return the first column that is a date in nearly every row, whatever it is called; ISO dates go first."""
    for fits in (is_date, has_year):
        for column in look.header:
            values = look.values(column)
            share = sum(bool(fits(value)) for value in values) / len(values) if values else 0
            if share < USABLE or len(values) < ENOUGH * len(look.rows):
                continue
            if fits == is_date:
                return Guess("date", column, f"no column is called a date; {100 * share:.0f} % of these are dates")
            reason = f"{100 * share:.0f} % of these are dates such as {values[0]}, of which the year is read"
            return Guess("year", column, reason, YEAR)
    return next((guess for column in look.header if (guess := _months_of_years(look, column))), None)


def _months_of_years(look: Look, column: str) -> Guess | None:
    """Return a column of months with the last two digits of their years: Jan-23. Days would be nearly all up to 31."""
    values = look.values(column)
    read = [match for value in values if (match := is_month_of_year(value))]
    if len(read) < USABLE * len(values) or len(values) < ENOUGH * len(look.rows) or not read:
        return None
    if len({match[1] for match in read}) > MOST_YEARS:
        return None
    why = f"{100 * len(read) / len(values):.0f} % of these are dates with their year in two digits, such as {values[0]}"
    return Guess("year", column, f"{why}; leave it out if they are days")


def year_in_text(look: Look, record: Guess | None) -> Guess | None:
    """Return a column whose text contains a year nearly everywhere, such as a DOI; no id, where there are dates."""
    by_id = {column for column in look.header if _is_id(column) or (record and column == record.column)}
    skipped = by_id if unread_dates(look) else set()
    for column in (column for column in look.header if column not in skipped):
        values = look.values(column)
        share = sum(bool(re.search(YEAR, value)) for value in values) / len(values) if values else 0
        if share >= USABLE and len(values) >= ENOUGH * len(look.rows):
            return Guess("year", column, f"no column is a year, but {100 * share:.0f} % of these contain one", YEAR)
    return None


def _is_id(column: str) -> bool:
    return any(re.fullmatch(pattern, column_words(column)) for pattern in (IDENTIFIER, *SOUGHT["record"][0]))


def unread_dates(look: Look) -> list[str]:
    """Return the columns that are dates by their name or values, in a form of which no year can be read everywhere."""
    names = (*SOUGHT["date"][0], *SOUGHT["year"][0])
    columns = []
    for column in look.header:
        values = look.values(column)
        share = sum(bool(has_year(value) or has_no_year(value)) for value in values) / len(values) if values else 0
        has_year_name = any(re.fullmatch(pattern, column_words(column)) for pattern in names)
        if share >= ENOUGH or _are_days(values) or (has_year_name and values and any(map(str.isdigit, values[0]))):
            columns.append(column)
    return columns


def _are_days(values: list[str]) -> bool:
    """Return whether values are numbers of days of a few years of these decades; amounts and post codes spread more."""
    numbers = [int(float(value)) for value in values if is_day_number(value)]
    if not values or len(numbers) < len(values):
        return False
    first, last = min(numbers), max(numbers)
    return first >= FIRST_DAY and last <= LAST_DAY and last - first <= MOST_DAYS


def of_dates(look: Look, column: str) -> str:
    """Return what is in a column of dates of which no year is read, and what to do, as the end of a sentence."""
    values = look.values(column)
    if sum(bool(is_day_number(value)) for value in values) >= ENOUGH * len(values):
        return (
            f"holds numbers of days ({values[0]} is {as_day(values[0])}), as spreadsheets keep dates: if they are add "
            f'date = "{column}" under [sources.columns], and day_numbers = true under [sources.options]; or give the '
            f"column the format YYYY-MM-DD in the spreadsheet and save the table again"
        )
    if sum(bool(has_no_year(value)) for value in values) >= ENOUGH * len(values):
        return (
            f"holds dates with a year of two digits ({values[0]}): write them as YYYY-MM-DD, with the format of the "
            f"column if a spreadsheet made the file"
        )
    return ""
