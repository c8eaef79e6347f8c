"""What a new study cannot decide for its author: columns that may matter, why they are not used, and what to add."""

from collections.abc import Iterator, Sequence

from hubrank.analysis.new_study.folder import Look
from hubrank.analysis.new_study.guesses import YEAR, Guess, named_ids, unread_dates


def notes(look: Look, columns: Sequence[Guess]) -> tuple[str, ...]:
    """Return sentences on the columns of a table that the study leaves out though they look like something."""
    return (*_of_dates(look, columns), *_of_ids(look, columns))


def _of_dates(look: Look, columns: Sequence[Guess]) -> Iterator[str]:
    """Say of which dates no year is read; without years a study has no window."""
    if any(guess.name in ("year", "date") for guess in columns):
        return
    for column in unread_dates(look):
        values = look.values(column)
        yield (
            f"{column!r} looks like dates ({values[0]}; {_empty(look, column)} of the rows have none), and no year of "
            f"four digits stands in nearly every row, so the study has no years. Complete them as YYYY-MM-DD in the "
            f"file, or add year = {{ from = \"{column}\", pattern = '{YEAR}' }} under [sources.columns]"
        )


def _of_ids(look: Look, columns: Sequence[Guess]) -> Iterator[str]:
    """Say that ids are too incomplete to be those of records."""
    if any(guess.name in ("record", "count") for guess in columns):
        return
    for column in named_ids(look):
        yield (
            f"{column!r} is called an id, but {_empty(look, column)} of the rows have none, and rows without their "
            f"record's id cannot be used: each row is a record. If several rows are one record complete the ids, and "
            f'add record = "{column}" under [sources.columns]'
        )


def _empty(look: Look, column: str) -> str:
    return f"{100 * (1 - len(look.values(column)) / len(look.rows)):.0f} %"
