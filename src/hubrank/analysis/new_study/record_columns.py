"""Columns of ids of records: called so, or known by their values, as equal ones stand on adjacent rows."""

import re
from collections import Counter
from collections.abc import Mapping
from itertools import groupby

from hubrank.analysis.new_study.folder import Look
from hubrank.analysis.new_study.guess import USABLE, Guess, column_words, columns_named, unused_columns
from hubrank.analysis.new_study.sought import (
    CALLED_NUMBER,
    IDENTIFIER,
    NUMBER_OF,
    has_no_year,
    has_year,
    is_date,
    is_rate,
)
from hubrank.analysis.new_study.towns import ENOUGH
from hubrank.analysis.new_study.year_columns import dated
from hubrank.counting.large_records import FEWEST, is_large

REPEATED, REPEATED_OF_FEW = 0.1, 0.2  # of the rows at least are a further row of their group
LARGEST = 10  # rows of a group on average: an application has fewer inventors, a county more
SHORTEST = 5  # characters of numbers that are ids: those of postcodes, years and scores are no longer
COMPLETE = 0.99  # of the rows have an id of their record: rows without one cannot be used
FEW_WORDS = 3  # that ids may contain: Case 12, Lot 3


def record_by_name(look: Look, by_name: Mapping[str, Guess]) -> Guess | None:
    """Return the first column called an id of records that nearly every row has, else the most complete."""
    unused = unused_columns(look, by_name)
    ids = [column for column in called_ids(look) if column in unused and not _is_amount(look.values(column))]
    filled = {column: len(look.values(column)) / len(look.rows) for column in ids}
    best = next((one for one in filled if filled[one] >= COMPLETE), max(filled, key=filled.__getitem__, default=""))
    if filled.get(best, 0) < USABLE:
        return None
    different = len(set(look.values(best)))
    reason = f"{100 * filled[best]:.0f} % of the first {len(look.rows):,} rows have one, {different:,} different"
    return Guess("record", best, f"by its name; {reason}")


def called_ids(look: Look) -> list[str]:
    """Return the columns called an id of records, in the order of how well they are, whose values are no kinds."""
    numbers = [
        column
        for column in look.header
        if re.fullmatch(CALLED_NUMBER, column_words(column)) and _are_signs(look.values(column))
    ]
    named = dict.fromkeys([*columns_named(look, "record"), *numbers])
    return [column for column in named if not _are_kinds(look.values(column))]


def _are_kinds(values: list[str]) -> bool:
    """Return whether few values stand on many rows each, as kinds do.

    They have no digit, or are scattered over the rows: those of a large record stand together.
    """
    different = set(values)
    if len(values) < FEWEST or len(values) <= LARGEST * len(different):
        return False
    together = sum(1 for _ in groupby(values))
    return together > len(different) or not any(any(map(str.isdecimal, value)) for value in different)


def grouping_columns(look: Look, by_name: Mapping[str, Guess]) -> list[str]:
    """Return the columns of which equal values stand on adjacent rows at several places, as ids of records do."""
    places = [by_name[name].column for name in ("city", "institution", "address", "lat") if name in by_name]
    return [column for column in unused_columns(look, by_name) if _groups(look, column, places[0])] if places else []


def record_by_values(look: Look, by_name: Mapping[str, Guess]) -> Guess | None:
    """Return the first column whose values group rows as ids of records do, and are no words: BR 10 2016 001209 5."""
    for column in grouping_columns(look, by_name):
        values = look.values(column)
        has_words = any(" " in value and re.search(r"[^\W\d_]{3}", value) for value in values)
        if all(any(map(str.isdecimal, value)) for value in values) and not has_words:
            groups = f"{len(set(values)):,} different ones on {len(values):,} rows, equal ones on adjacent rows"
            return Guess("record", column, f"by its values: {groups} at several places")
    return None


def _is_amount(values: list[str]) -> bool:
    """Return whether one value has a large part of the rows, here and there: sums of money are often 0, ids are not.

    The rows of a large record stand together.
    """
    value, rows = Counter(values).most_common(1)[0]
    first = values.index(value)
    together = all(each == value for each in values[first : first + rows])
    return len(values) >= FEWEST and is_large(rows, len(values)) and not together


def identifier(look: Look, by_name: Mapping[str, Guess]) -> Guess | None:
    """Return a column called a number or an id that is another one in nearly every row: then each row is a record.

    Where the rows are dated or name organisations it may be any column of ids that only equal rows share.
    """
    unused = [column for column in unused_columns(look, by_name) if len(look.values(column)) == len(look.rows)]
    for column in unused:
        values, name = look.values(column), column_words(column)
        # A street and its number are words: ulica i nr.
        if not (re.fullmatch(IDENTIFIER, name) or (re.fullmatch(NUMBER_OF, name) and _are_signs(values))):
            continue
        share = len(set(values)) / len(values) if values else 0
        if share >= ENOUGH and not _are_words(values):
            return Guess("record", column, f"called a number or an id; {100 * share:.0f} % of its values are different")
    if not {"year", "date", "organisation"} & by_name.keys() and dated(look) is None:
        return None
    for column in unused:
        values = look.values(column)
        rows = {tuple(row.values()) for row in look.rows}
        if len(values) >= FEWEST and _are_signs(values) and not _are_words(values) and len(set(values)) == len(rows):
            equal = f", {len(values) - len(rows)} rows of which are copies" if len(rows) < len(values) else ""
            return Guess(
                "record", column, f"by its values: {len(rows):,} different ones on {len(values):,} rows{equal}"
            )
    return None


def _are_signs(values: list[str]) -> bool:
    """Return whether values may name records and each has a digit."""
    return bool(values) and all(any(map(str.isdecimal, value)) for value in values) and _are_ids(set(values))


def _are_words(values: list[str]) -> bool:
    """Return whether most values have words beside other parts, and not always the same ones, as Case 12 has."""
    words = [re.findall(r"[^\W\d_]{3,}", value) if " " in value.strip() else [] for value in values]
    different = len({word.lower() for each in words for word in each})
    return sum(map(bool, words)) > len(values) / 2 and different > FEW_WORDS


def _groups(look: Look, column: str, place: str) -> bool:
    """Return whether a column may be ids of records with several rows.

    place : the column that says the place of a row; a postcode or an owner has one place, the rows of a record several.
    """
    rows = [(row.get(column, "").strip(), row.get(place, "").strip()) for row in look.rows]
    filled = [(value, where) for value, where in rows if value]
    groups = [(value, [where for _, where in group]) for value, group in groupby(filled, key=lambda row: row[0])]
    values = {value for value, _ in groups}
    if len(filled) < COMPLETE * len(rows) or len(values) < COMPLETE * len(groups) or not _are_ids(values):
        return False
    repeated = REPEATED if len(filled) >= FEWEST else REPEATED_OF_FEW
    if len(filled) - len(groups) < repeated * len(filled) or len(filled) > LARGEST * len(groups):
        return False
    several = [set(places) for _, places in groups if len(places) > 1]
    return 2 * sum(len(places) > 1 for places in several) >= len(several)


def _are_ids(values: set[str]) -> bool:
    """Return whether values may name records: no dates or percentages, no numbers short or of several lengths."""
    if all(map(is_rate, values)) or all(is_date(value) or has_year(value) or has_no_year(value) for value in values):
        return False
    plain = all(value.replace(".", "").replace(",", "").isdecimal() for value in values)
    lengths = {len(value) for value in values}
    return not plain or (len(lengths) == 1 and min(lengths) > SHORTEST)
