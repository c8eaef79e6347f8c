"""Tables of places without records of their own: another table of the folder says which records they belong to."""

from collections.abc import Iterable, Sequence

from hubrank.analysis.new_study.folder import Look
from hubrank.analysis.new_study.guess import Guess, columns_named
from hubrank.sources.formats.columns import plain


def to_join(columns: Sequence[Guess], unplaced: Iterable[tuple[str, Look]]) -> str:
    """Return which table a table of persons or companies has to be joined with before its records can be counted.

    columns : of the table of places. unplaced : tables of the folder that name no place, with what they are called.
    """
    key = next((guess.column for guess in columns if guess.name == "record"), "")
    for name, look in unplaced:
        if key and plain(key) in map(plain, look.header):
            ids = [column for column in columns_named(look, "record") if plain(column) != plain(key)]
            if ids:
                return (
                    f"{name}, which names no place, has {key!r}, too, beside {ids[0]!r}: if the latter are the "
                    f"records, join the tables to one first (docs/sources/table.md, Tables to join); otherwise each "
                    f"{key!r} counts as a record"
                )
    return ""
