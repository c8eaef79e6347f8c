"""What a new study cannot decide for its author: columns that may matter, why they are not used, and what to add."""

import re
from collections.abc import Iterator, Mapping, Sequence

from hubrank.analysis.new_study.count_columns import no_counts, numbers_beside, numbers_by_kind
from hubrank.analysis.new_study.folder import Look
from hubrank.analysis.new_study.guess import BY_VALUES, Guess, column_words, columns_named
from hubrank.analysis.new_study.guesses import count_column
from hubrank.analysis.new_study.kind_columns import MOST_LETTERS, of_kinds, of_types
from hubrank.analysis.new_study.merged_cells import of_merged, of_merged_regions
from hubrank.analysis.new_study.numbered_columns import not_used
from hubrank.analysis.new_study.record_columns import COMPLETE, called_ids, grouping_columns
from hubrank.analysis.new_study.sought import PLACES, is_rate
from hubrank.analysis.new_study.towns import ENOUGH, MOST, towns_in
from hubrank.analysis.new_study.year_columns import of_dates, unread_dates
from hubrank.core import countries
from hubrank.sources.formats.table_parts import JSON_LIST
from hubrank.sources.formats.table_values import YEAR, is_amount
from hubrank.sources.no_counts import is_no_count
from hubrank.sources.row_remarks import equal_rows, is_few, regions_and_parts
from hubrank.sources.table_remarks import list_separator
from hubrank.sources.totals import is_called_total, rows_of_regions, total_row


def notes(look: Look, columns: Sequence[Guess]) -> tuple[str, ...]:
    """Return sentences on the columns of a table that the study leaves out though they look like something."""
    about = (
        _of_towns,
        _of_regions,
        _of_dates,
        _of_numbered,
        _of_lists,
        _of_ids,
        _of_families,
        _of_copies,
        _of_merged_listings,
        of_types,
        of_kinds,
        _of_counts,
        _of_totals,
    )
    merged = [of_merged(look)] if not any(guess.name == "count" for guess in columns) else []
    return tuple(filter(None, (*merged, *(sentence for one in about for sentence in one(look, columns)))))


def _of_towns(look: Look, columns: Sequence[Guess]) -> Iterator[str]:
    """Say how to state the country of towns that are in one, where no column says it."""
    by_name = {guess.name: guess for guess in columns}
    if "city" not in by_name or by_name.keys() & {"country", "lat", "institution_id"}:
        return
    if "region" in by_name and not by_name["region"].reason.startswith(BY_VALUES):
        return  # the letters of a state say its country
    if (towns := towns_in(look, by_name["city"].column)) and towns.share >= MOST:
        yield (
            f"no column says the country of {towns.column!r}, and a town elsewhere may be called so too. "
            f"{100 * towns.share:.0f} % are names of towns in {countries.name(towns.economy)}: if all rows are of this "
            f'country add country = {{ value = "{towns.economy}" }} under [sources.columns]'
        )


def _of_regions(look: Look, columns: Sequence[Guess]) -> Iterator[str]:
    """Say that regions were merged cells, so that towns below the first of each have none."""
    by_name = {guess.name: guess.column for guess in columns}
    if {"city", "region"} <= by_name.keys() and (
        sentence := of_merged_regions(look, by_name["city"], by_name["region"], by_name.get("country", ""))
    ):
        yield sentence


def _of_totals(look: Look, columns: Sequence[Guess]) -> Iterator[str]:
    """Name rows whose counts are the sums of others: they count them twice."""
    by_name = {guess.name: guess.column for guess in columns}
    if "count" not in by_name:
        return
    year = by_name.get("year") or by_name.get("date") or ""
    places = [by_name[name] for name in PLACES if name in by_name]
    rows = [row for row in look.rows if not any(is_called_total(row.get(one, "")) for one in places)]  # count nowhere
    named = [_shown(row) if any(row.get(one, "").strip() for one in places) else "" for row in rows]  # else of no place
    counted = [(name, row.get(year, ""), row.get(by_name["count"], "")) for name, row in zip(named, rows, strict=True)]
    if name := total_row(counted):
        yield f"the count of the row {name!r} is the sum of all others: remove rows of totals from the file"
    if named := rows_of_regions(counted):
        yield regions_and_parts(named)


def _shown(row: Mapping[str, str]) -> str:
    return ", ".join(filter(None, row.values()))[:MOST_LETTERS]


def _of_dates(look: Look, columns: Sequence[Guess]) -> Iterator[str]:
    """Say of which dates no year is read; without years a study has no window."""
    if any(guess.name in ("year", "date") for guess in columns):
        return
    used = {column for guess in columns for column in guess.columns}
    for column in (one for one in unread_dates(look) if one not in used):
        values = look.values(column)
        if what := of_dates(look, column):
            yield f"{column!r} {what}; the study has no years"
            continue
        yield (
            f"{column!r} looks like dates ({values[0]}; {_empty(look, column)} of the rows have none), and no year of "
            f"four digits stands in nearly every row, so the study has no years. Complete them as YYYY-MM-DD, or as a "
            f"year, in the file{_or_pattern(column, values)}"
        )


def _or_pattern(column: str, values: Sequence[str]) -> str:
    """Return the line that reads the years of dates by a pattern, and which of them it does not, if any has a year."""
    unread = [value for value in values if not re.search(YEAR, value)]
    if len(unread) == len(values):
        return ""
    but = f", which leaves out {len(unread):,} of {len(values):,} dates, such as {unread[0]}" if unread else ""
    return f", or add year = {{ from = \"{column}\", pattern = '{YEAR}' }} under [sources.columns]{but}"


def _of_numbered(look: Look, columns: Sequence[Guess]) -> Iterator[str]:
    """Name columns that are numbered like one of places and not used, so that a row is not all of its listings."""
    for guess in columns:
        if unused := not_used(guess, look):
            listed = ", ".join(f'"{column}"' for column in (*guess.columns, *unused))
            yield (
                f"what is called like {guess.column!r} but for the number is not used: {', '.join(map(repr, unused))}. "
                f"If each is the place of another person or organisation write {guess.name} = [{listed}] under "
                f"[sources.columns]"
            )


def _of_lists(look: Look, columns: Sequence[Guess]) -> Iterator[str]:
    """Name a column with several dates in a cell: the row of a company that lists its rounds is several records."""
    used = {column for guess in columns for column in guess.columns}
    for column in (one for one in look.header if one not in used):
        values = look.values(column)
        separator = list_separator(values)
        is_divided = separator is not None and separator != JSON_LIST
        parts = [part for value in values for part in value.split(separator)] if is_divided else []
        if parts and sum(bool(re.search(YEAR, part)) for part in parts) >= ENOUGH * len(parts):
            example = next(value for value in values if separator and separator in value)
            yield (
                f"{column!r} holds several dates in a cell ({example[:MOST_LETTERS]}), so a row seems to list several "
                f"records: it counts once, in the year of another column, and so do the {_empty(look, column)} of the "
                f"rows that list none. To count each of them write one row for each, with its date and its kind"
            )


def _of_ids(look: Look, columns: Sequence[Guess]) -> Iterator[str]:
    """Say that ids are too incomplete to be those of records."""
    if any(guess.name in ("record", "count") for guess in columns):
        return
    for column in grouping_columns(look, {guess.name: guess for guess in columns}):
        values = look.values(column)
        yield (
            f"equal values of {column!r} ({values[0][:MOST_LETTERS]}) stand on adjacent rows at several places "
            f"({len(set(values)):,} different ones on {len(values):,} rows), and each row is a record. If rows of one "
            f'value are one record add record = "{column}" under [sources.columns]'
        )
    for column in called_ids(look):
        if len(look.values(column)) >= COMPLETE * len(look.rows):
            continue  # values that say little though every row has one
        yield (
            f"{column!r} is called an id, but {_empty(look, column)} of the rows have none, and rows without their "
            f"record's id cannot be used: each row is a record. If several rows are one record complete the ids, and "
            f'add record = "{column}" under [sources.columns]'
        )


def _of_families(look: Look, columns: Sequence[Guess]) -> Iterator[str]:
    """Say that applications of one family are one invention, as in PATSTAT, where each of them is a record."""
    record = next((guess.column for guess in columns if guess.name == "record"), "")
    family = next((name for name in look.header if re.fullmatch("(.* )?family (id|nr|number)", column_words(name))), "")
    if record and family and family != record:
        yield (
            f"{family!r} says which family a row belongs to, and a family of patents is one invention, however many "
            f"applications it has; each {record!r} counts. To count each family once write record = "
            f'"{family}" under [sources.columns]'
        )


def _of_copies(look: Look, columns: Sequence[Guess]) -> Iterator[str]:
    """Say how many rows are equal in all columns, where these are few, so that they may be copies."""
    copied = len(look.rows) - len({tuple(row.values()) for row in look.rows})
    if any(guess.name in ("record", "count") for guess in columns) or not is_few(copied, len(look.rows)):
        return
    yield equal_rows(copied, len(look.rows)).rstrip(".")


def _of_merged_listings(look: Look, columns: Sequence[Guess]) -> Iterator[str]:
    """Say how many rows of a record are equal in every column, read or not, so that they count once."""
    by_name = {guess.name: guess for guess in columns}
    if (
        "record" not in by_name
        or by_name.keys() & {"listing", "count"}
        or any(guess.split or guess.further for guess in columns)
    ):
        return
    if equal := len(look.rows) - len({tuple(row.values()) for row in look.rows}):
        yield (
            f"rows that repeat an earlier one in every column, with its {by_name['record'].column!r}, are taken for "
            f"that row written twice: {equal:,} of the first {len(look.rows):,}. If each row is a listing of its "
            f'own, as two inventors in one town are, add rows = "listings" under [sources.options]'
        )


def _of_counts(look: Look, columns: Sequence[Guess]) -> Iterator[str]:
    """Name a column of numbers that are not used as counts, as rows repeat their place and year, or some are none."""
    by_name = {one.name: one for one in columns}
    if (count := by_name.get("count")) and "year" not in {one.name for one in columns if one.value is not None}:
        yield from _of_more_counts(look, by_name, count.column)
    if by_name.keys() & {"record", "count"}:
        return
    if guess := count_column(look):
        yield (
            f"{guess.column!r} looks like a count ({look.values(guess.column)[0]}), but several rows are of one place "
            f"and year, so each row counts once. If it says how many records a row stands for, add count = "
            f'"{guess.column}" under [sources.columns]'
        )
        return
    by_shape = numbers_by_kind(look, by_name)
    full = [column for column in by_shape if all(map(is_amount, look.values(column)))]
    if full:
        named = ", ".join(map(repr, full))
        yield (
            f"each row counts once, though no two are of one place, year and kind, and they have numbers ({named}). If "
            f'one of these says how many records a row stands for, add count = "{full[0]}" under [sources.columns]'
        )
    for column in dict.fromkeys([*columns_named(look, "count"), *by_shape]):
        values = look.values(column)
        none = [value for value in values if not is_amount(value)]
        if 0 < 2 * len(none) < len(values):
            yield (
                f"{column!r} looks like a count, but {100 * len(none) / len(values):.0f} % of its values are no "
                f"numbers ({none[0]!r}), so each row counts once. Write 0 where nothing was counted, remove the "
                f'rows of which the count is unknown, and add count = "{column}" under [sources.columns]'
            )

    yield from _of_no_counts(look, by_name, by_shape)


def _of_more_counts(look: Look, by_name: Mapping[str, Guess], count: str) -> Iterator[str]:
    """Name further columns that may be counts beside the one that is used: each would be a metric of its own."""
    if more := numbers_beside(look, by_name):
        yield (
            f"{count!r} is counted, and what may be further counts is not used: {', '.join(map(repr, more))}. For a "
            f"metric of its own copy the [[sources]] with another name, and count = {more[0]!r} for {count!r}"
        )


def _of_no_counts(look: Look, by_name: Mapping[str, Guess], named: Sequence[str]) -> Iterator[str]:
    """Name columns of numbers that are not taken for counts, where each row counts once for want of these."""
    for column in no_counts(look, by_name) if not named else ():
        values = look.values(column)
        if any(map(is_rate, values)) or is_no_count(column, look.header):
            what = "percentages" if any(map(is_rate, values)) else "ranks, shares or the like, as its name says"
            yield (
                f"{column!r} holds {what} ({values[0]}), which count no records, so each row counts once: places "
                f"with equally many rows rank alike. Add the numbers of records to the file, and name their column as "
                f"count under [sources.columns]"
            )
        else:
            yield (
                f"{column!r} has the same number in all rows of a place ({values[0]}), so it is not taken for a count, "
                f'and each row counts once. If it counts records add count = "{column}" under [sources.columns]'
            )


def _empty(look: Look, column: str) -> str:
    return f"{100 * (1 - len(look.values(column)) / len(look.rows)):.0f} %"
