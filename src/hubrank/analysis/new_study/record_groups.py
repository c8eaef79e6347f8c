"""Ids of records, known by their values: equal ones stand on adjacent rows, whose places differ."""

from collections.abc import Sequence
from itertools import groupby

from hubrank.analysis.new_study.folder import Look
from hubrank.analysis.new_study.sought import has_no_year, has_year, is_date

REPEATED = 0.2  # of the rows at least are a further row of their group
LARGEST = 10  # rows of a group on average: an application has fewer inventors, a county more
SHORTEST = 5  # characters of numbers that are ids: those of postcodes, years and scores are no longer
COMPLETE = 0.99  # of the rows have an id of their record: rows without one cannot be used


def grouping(look: Look, columns: Sequence[str], place: str) -> list[str]:
    """Return those of some columns that may be ids of records with several rows.

    place : the column that says the place of a row; a postcode or an owner has one place, the rows of a record several.
    """
    return [column for column in columns if _groups(look, column, place)]


def _groups(look: Look, column: str, place: str) -> bool:
    rows = [(row.get(column, "").strip(), row.get(place, "").strip()) for row in look.rows]
    filled = [(value, where) for value, where in rows if value]
    groups = [(value, [where for _, where in group]) for value, group in groupby(filled, key=lambda row: row[0])]
    values = {value for value, _ in groups}
    if len(filled) < COMPLETE * len(rows) or len(values) < len(groups) or not _are_ids(values):
        return False
    if len(filled) - len(groups) < REPEATED * len(filled) or len(filled) > LARGEST * len(groups):
        return False
    several = [set(places) for _, places in groups if len(places) > 1]
    return 2 * sum(len(places) > 1 for places in several) >= len(several)


def _are_ids(values: set[str]) -> bool:
    """Return whether values may name records: no dates, and no numbers that are short or differ in length."""
    if all(is_date(value) or has_year(value) or has_no_year(value) for value in values):
        return False
    plain = all(value.replace(".", "").replace(",", "").isdecimal() for value in values)
    lengths = {len(value) for value in values}
    return not plain or (len(lengths) == 1 and min(lengths) > SHORTEST)
