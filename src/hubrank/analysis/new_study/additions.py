"""Columns of a table that their values or the values of others tell, and the options of the reader that they need."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hubrank.analysis.new_study.folder import Look
from hubrank.analysis.new_study.guess import Guess, column_words
from hubrank.analysis.new_study.record_columns import COMPLETE
from hubrank.analysis.new_study.sought import is_of_nationality
from hubrank.analysis.new_study.towns import ENOUGH, is_town
from hubrank.core import countries
from hubrank.sources.formats.table_values import BY_THOUSANDS, DECIMALS, UNDECIDED, is_count

_LARGEST = 0.5  # of the towns that are in the country of their row, where a column is that of the countries
# Codes of countries that say something else than where a person or an organisation is.
_ELSEWHERE = r".*\b(auth|authority|office|jurisdictions?|language|currency|priority|publication)\b.*"
_INVENTORS = r"(inventor|invt) (seq|sequence)( (no|nr|number))?"
_ABOVE_ZERO = "^0*([1-9])"  # the first digit of a number above 0
_OF_FILES = {
    "encoding": "by its characters, which are the common ones of a language; look whether the columns are legible",
    "sheets": "the sheets of the workbook that have this header",
    "skip_lines": "the lines before the header, which have far fewer cells",
    "header_lines": "the header has names, years or units in several lines, which are joined",
}


@dataclass(frozen=True, slots=True)
class Option:
    """An option of the reader, as it is written in the study, and why."""

    name: str
    value: str | int | list[str]
    reason: str


def added(look: Look, columns: Sequence[Guess]) -> tuple[list[Guess], list[Option]]:
    """Return the columns of a table with those that their values tell, and the options of the reader."""
    options = [
        Option(name, [*value] if isinstance(value, tuple) else value, _OF_FILES[name]) for name, value in look.reading
    ]
    if look.rows_at:
        why = "the rows are inside the documents; ../ leads to what they are in"
        options.append(Option("rows", look.rows_at, why))
    if (count := next((one for one in columns if one.name == "count"), None)) and (
        read := _thousands(look, count) or _decimals(look, count)
    ):
        options.append(read)
    names = {guess.name for guess in columns}
    if names.isdisjoint({"country", "lat", "institution_id"}) and (country := _country(look, columns)):
        columns = [country, *columns]
    if inventors := _inventors(look):
        columns = [*columns, inventors]
        options.append(Option("types", [str(digit) for digit in range(1, 10)], "first digits of numbers above 0"))
    return [*columns], options


def _thousands(look: Look, count: Guess) -> Option | None:
    """Return what divides the thousands of counts, where one point or comma could be that of decimals as well."""
    values = look.values(count.column)
    for divider in BY_THOUSANDS if all(map(is_count, values)) else ():
        if example := next((one for one in values if divider in one and re.fullmatch(UNDECIDED, one)), None):
            why = f"as in {example}: only whole numbers are in {count.column}. Remove it if these are decimals"
            return Option("thousands", divider, why)
    return None


def _decimals(look: Look, count: Guess) -> Option | None:
    """Return what the decimals of counts follow, where some counts are plainly no whole numbers."""
    values = look.values(count.column)
    for mark, pattern in DECIMALS.items():
        read = [value for value in values if re.fullmatch(pattern, value)]
        example = next((one for one in read if not is_count(one) and mark in one), None)
        if example and len(read) >= ENOUGH * len(values):
            return Option(
                "decimals", mark, f"as in {example}: a record is a billion whole units, so they count exactly"
            )
    return None


def _country(look: Look, columns: Sequence[Guess]) -> Guess | None:
    """Return the column whose values are countries, in that of their towns where the table names these."""
    used = {column for guess in columns for column in guess.columns}
    town = next((guess.column for guess in columns if guess.name == "city"), None)
    for column in look.header:
        values, name = look.values(column), column_words(column)
        if column in used or len(values) < ENOUGH * len(look.rows):
            continue
        if re.fullmatch(_ELSEWHERE, name) or is_of_nationality(name):
            continue
        share = sum(map(_is_country, values)) / len(values)
        if share < COMPLETE or (town and not _is_of_towns(look, column, town)):
            continue
        return Guess("country", column, f"by its values; {100 * share:.0f} % of them are countries")
    return None


def _is_country(value: str) -> bool:
    """Return whether a text is a country; codes are in capitals, as de and en are languages too."""
    return (len(value) > 3 or not value.isascii() or value.isupper()) and countries.find(value) is not None


def _is_of_towns(look: Look, column: str, town: str) -> bool:
    pairs = [(row.get(town, ""), row.get(column, "")) for row in look.rows]
    return sum(is_town(*pair) for pair in pairs if all(pair)) >= _LARGEST * len(pairs)


def _inventors(look: Look) -> Guess | None:
    """Return the numbers of inventors, as a type, where 0 stands for persons who are none."""
    for column in look.header:
        values = look.values(column)
        if re.fullmatch(_INVENTORS, column_words(column)) and "0" in values and all(map(str.isdecimal, values)):
            return Guess("type", column, "by its name; whole numbers, of which 0 is no inventor", _ABOVE_ZERO)
    return None
