"""A guess on a column of an unknown table, and what the names of columns say."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from hubrank.analysis.new_study.folder import Look
from hubrank.analysis.new_study.sought import SOUGHT

BY_VALUES = "by its values"
USABLE = 0.96  # of the rows have what they need: a run stops above 5 % of rows set aside


@dataclass(frozen=True, slots=True)
class Guess:
    """A column of the study, as it is written there, and why it is this one.

    name : what the column holds, as the study calls it; column : what the table calls it.
    pattern, split, places, value : as in `hubrank.study.columns.ColumnFrom`; a constant has no column.
    further : columns that hold the same of further listings of a row.
    """

    name: str
    column: str
    reason: str
    pattern: str | None = None
    split: str | None = None
    places: str | None = None
    value: int | None = None
    further: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that it names."""
        return self.column, *self.further


def unused_columns(look: Look, by_name: Mapping[str, Guess]) -> list[str]:
    """Return the columns for which there is no guess yet, in the order of the table."""
    used = {column for guess in by_name.values() for column in guess.columns}
    return [column for column in look.header if column not in used]


def columns_named(look: Look, what: str) -> list[str]:
    """Return the columns with a value whose name says that they hold this, in the order of how well it says it."""
    names = SOUGHT[what][0]
    matches = (
        column
        for name in names
        for column in look.header
        if re.fullmatch(name, column_words(column)) and look.values(column)
    )
    return list(dict.fromkeys(matches))


def column_words(column: str) -> str:
    """Return the name of a column in lower case, with a space between its words: PositionNumber is position number."""
    # A point ends an abbreviation (N. Processo, Sr. No., C.P.), or stands between the keys of JSON.
    *_, before, last = ("", *re.split(r"(?<=[^\s.])(?<!\b[A-Z])\.(?=[^\W\d])", column.removeprefix("$.")))
    last = f"{before} {last}" if last == "display_name" else last  # OpenAlex: institutions.display_name
    return " ".join(re.sub(r"(?<=[a-z])(?=[A-Z])|[\W_]+", " ", last).split()).lower()
