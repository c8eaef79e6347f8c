"""Cells become exact counts: which columns are metrics, and what each cluster has of them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from numbers import Rational, Real
from typing import Any

from hubrank.core.countries import find
from hubrank.core.errors import DataError, StudyError, nearest
from hubrank.ranking.count_table.cells import OURS, Cells
from hubrank.sources import amounts
from hubrank.sources.formats.table_values import UNDECIDED
from hubrank.sources.no_counts import is_no_count
from hubrank.sources.totals import is_called_total
from hubrank.study.values import RESERVED

CLUSTER = "cluster"
LABELS = ("cluster_id", CLUSTER, "economies")  # the columns that identify clusters, those that there are
OF_OURS = ("_share_pct", "_per_million")  # ends of the names of hubrank's own columns
MOST_DIGITS, MOST_DECIMALS = 15, 9  # before and after the point: sums stay within the 28 digits of a Decimal
_CODE = re.compile("[A-Z]{2,3}")
_UNDECIDED = re.compile(UNDECIDED)
_LEAST, _MOST, _DIGITS = Decimal("1e-99"), Decimal("1e99"), 100  # of a weight other than 0
_SPELLED = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?", re.ASCII)


def number(value: object) -> Decimal | None:
    """Return a cell as the exact number that it spells, or None where it is none: 0.1 is one tenth."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float | Decimal):
        value = str(value)
    return Decimal(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else None


def metrics(table: Cells, names: Iterable[str] | None) -> tuple[str, ...]:
    """Return the columns that hold counts.

    names : theirs. None takes every column that holds a number anywhere, unless a word of its name says that
        it is a rank, share, score, place or year (sources/no_counts), or it is a column of hubrank's own rankings.
    Raises DataError where a column is missing or no column holds counts.
    """
    stated = [table.column(name) or name for name in names] if names is not None else _guessed_metrics(table)
    wanted = tuple(dict.fromkeys(stated))
    for name in wanted:
        if name not in table.columns:
            raise DataError(_missing(table, name))
    if not wanted:
        raise DataError(
            f"{table.name} has no column of counts; it has: {table.has}. Name the metrics (metrics in Python, "
            f"--metric)."
        )
    return wanted


def _guessed_metrics(table: Cells) -> tuple[str, ...]:
    return tuple(name for name in _numbers(table) if not is_no_count(name, table.columns))


def not_counted(table: Cells) -> tuple[str, ...]:
    """Return the columns of numbers that are no metrics by their names, other than those of hubrank's own rankings."""
    others = [name for name in _numbers(table) if name not in OURS and not name.endswith(OF_OURS)]
    return tuple(name for name in others if is_no_count(name, table.columns))


def _numbers(table: Cells) -> list[str]:
    """Return the columns that hold a number anywhere, other than those that hubrank names itself."""
    return [
        name
        for name, cells in table.columns.items()
        if name not in RESERVED and any(number(cell) is not None for cell in cells)
    ]


def _missing(table: Cells, name: str) -> str:
    columns = [*map(table.as_written, table.columns)]
    return f"{table.name} has no column {name!r}; it has: {table.has}.{nearest(name, columns)}"


def with_names(table: Cells, stated: str | None) -> tuple[Cells, str]:
    """Return a table whose column of names is called `cluster`, and what it was called, "" where it was called so.

    stated : that column. None takes `cluster`, else the first column of words, another in each row, whatever it is
        called; codes and ids are none by their names, and codes of countries only where no other column has words.
    Raises DataError where there is none.
    """
    if stated is None and CLUSTER in table.columns:
        return table, ""
    column = table.column(stated) if stated else _names_column(table)
    if column is None:
        raise DataError(
            f"{_missing(table, stated or CLUSTER)} Each row is one cluster, with its name in a column that is called "
            f"so, or else in the first with another text in each row. State the column (names in Python, --names)."
        )
    return table.renamed(column, CLUSTER), "" if column == CLUSTER else table.as_written(column)


def _names_column(table: Cells) -> str | None:
    named = [name for name in table.columns if _are_names(table, name)]
    others = (name for name in named if name not in LABELS and not _are_codes(table.columns[name]))
    return next(others, next(iter(named), None))


def _are_codes(cells: Iterable[Any]) -> bool:
    """Tell whether cells have the codes of countries alone."""
    return all(_CODE.fullmatch(cell) and find(cell) for cell in map(_text, cells) if not is_called_total(cell))


def _are_names(table: Cells, name: str) -> bool:
    """Tell whether a column has words, another in each row but those of totals."""
    cells = [_text(cell) for cell in table.columns[name]]
    words = [cell for cell in cells if not is_called_total(cell)]
    return (
        bool(words)
        and all(any(map(str.isalpha, cell)) and number(cell) is None for cell in words)
        and len(set(words)) == len(words)
        and not is_no_count(name, table.columns)
    )


def labels(table: Cells) -> dict[str, list[str]]:
    """Return the columns that say which cluster a row is.

    Raises DataError where a name is empty, or two rows are the same cluster: of one cluster_id or, without that, of
    one name and economies.
    """
    names = {name: [_text(cell) for cell in table.columns[name]] for name in LABELS if name in table.columns}
    seen: dict[tuple[str, ...], int] = {}
    for row, key in enumerate(keys(names)):
        if not names[CLUSTER][row]:
            raise DataError(f"{table.at(row)}: the name of the cluster is empty.")
        if key in seen:
            raise DataError(
                f"{table.at(row)}: {' '.join(key)!r} occurs already ({table.places[seen[key]]}). "
                f"Give each cluster one row; clusters of one name are distinguished by 'economies' or 'cluster_id'."
            )
        seen[key] = row
    return names


def rows_of_totals(table: Cells) -> dict[int, str]:
    """Return the rows that words call totals, with their names: no cluster, whose counts would count twice."""
    names = map(_text, table.columns.get(CLUSTER, ()))
    return {row: name for row, name in enumerate(names) if is_called_total(name)}


def _text(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


def keys(names: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    """Return what identifies clusters and decides their last ties: the id, else name and economies."""
    used = LABELS[:1] if LABELS[0] in names else [name for name in LABELS if name in names]
    return list(zip(*(names[name] for name in used), strict=True))


def in_groups_of_three(table: Cells, metrics: Iterable[str]) -> tuple[str, ...]:
    """Return the metrics whose cells all have three digits behind a point, which may divide thousands, with an example.

    hubrank's own counts have three decimals.
    """
    if "score_pct" in table.columns:
        return ()
    texts = {metric: table.columns[metric] for metric in metrics}
    written = {name: cells for name, cells in texts.items() if all(isinstance(cell, str) for cell in cells)}
    examples = {name: amounts.in_groups_of_three(cells, ".") for name, cells in written.items()}
    return tuple(f"{name} ({example})" for name, example in examples.items() if example)


def counts(table: Cells, metric: str, *, guessed: bool) -> list[Decimal]:
    """Return one metric of every cluster.

    guessed : True where the metric was not named by the user; a message then says how to leave it out.
    Raises DataError naming the row whose cell is no count.
    """
    out = f" If {metric!r} is not a count, name those that are (metrics in Python, --metric)." if guessed else ""
    cells = table.columns[metric]
    for row, cell in enumerate(cells if metric in table.undecided else ()):
        if _UNDECIDED.fullmatch(cell):
            raise DataError(
                f"{table.at(row)}: {metric} is {cell!r}, whose {'.' if '.' in cell else ','} may divide thousands or "
                f"decimals; write {re.sub('[.,]', '', cell)}, or {cell.replace(',', '.')}0 with decimals.{out}"
            )
    return [_count(cell, f"{table.at(row)}: {metric}", out) for row, cell in enumerate(cells)]


def _count(cell: Any, where: str, out: str) -> Decimal:  # noqa: ANN401 (a cell)
    if cell is None or cell == "":
        raise DataError(f"{where} is empty; write 0 where a cluster has none.{out}")
    value = number(cell)
    if value is None:
        raise DataError(f"{where} is {cell!r}, not a number; write it as 1234.5, without separators or units.{out}")
    if value < 0:
        raise DataError(f"{where} is {cell}; a count is 0 or more.{out}")
    if too_long(value):
        raise DataError(
            f"{where} is {cell}; a count has at most {MOST_DIGITS} digits and {MOST_DECIMALS} decimals; round it, as "
            f"pandas and Polars do by .round({MOST_DECIMALS}).{out}"
        )
    return value


def too_long(value: Decimal) -> bool:
    """Tell whether a number has more digits than the tables hold."""
    return value.adjusted() >= MOST_DIGITS or decimals(value) > MOST_DECIMALS


def decimals(value: Decimal) -> int:
    """Return how many decimals a number is written with; trailing zeros do not count."""
    _, digits, exponent = value.as_tuple()
    zeros = len(digits) - len("".join(map(str, digits)).rstrip("0"))
    return max(0, -int(exponent) - zeros) if value else 0


def plain(whole: int, decimals: int) -> Decimal:
    """Return whole × 10^-decimals without trailing decimals."""
    exact, rest = divmod(whole, 10**decimals)
    return Decimal(exact) if not rest else Decimal(whole).scaleb(-decimals).normalize()


def weights_by_metric(values: object, metrics: Sequence[str]) -> dict[str, Decimal | Fraction]:
    """Check weights by metric: each as it is written, a fraction as the fraction.

    Raises StudyError for what is no mapping (a pandas Series is one), an unknown metric, and for what is no number of
    0 or more, or one of other than 0 that is outside _LEAST to _MOST or has more than _DIGITS digits.
    """
    exact_values = {}
    for metric, value in _items(values, metrics, "weight"):
        exact = _exact(value)
        if exact is None or exact < 0:
            raise StudyError(_no_number("weight", metric, value))
        parts = (exact.numerator, exact.denominator) if isinstance(exact, Fraction) else (_digits(exact),)
        if exact and not (_LEAST <= exact <= _MOST and max(parts) < 10**_DIGITS):
            raise StudyError(
                f"weight of {metric} is {value!r}; a weight is 0, or from {_LEAST} to {_MOST} with at most {_DIGITS} "
                f"digits."
            )
        exact_values[metric] = exact
    return exact_values


def totals_by_metric(values: object, metrics: Sequence[str]) -> dict[str, Decimal]:
    """Check world totals by metric.

    Raises StudyError for what is no mapping (a pandas Series is one), an unknown metric, and for what is no number of
    0 or more with the digits that a count may have.
    """
    exact_values = {}
    for metric, value in _items(values, metrics, "total"):
        exact = _exact(value)
        if exact is None or exact < 0 or isinstance(exact, Fraction):
            raise StudyError(_no_number("total", metric, value))
        if too_long(exact):
            raise StudyError(
                f"total of {metric} is {value!r}; it has at most {MOST_DIGITS} digits and {MOST_DECIMALS} decimals."
            )
        exact_values[metric] = exact
    return exact_values


def _items(values: object, metrics: Sequence[str], what: str) -> list[tuple[str, object]]:
    """Return numbers by metric as pairs; raise StudyError where they are none, or name what is no metric."""
    if values is None:
        return []
    if not (isinstance(values, Mapping) or (hasattr(values, "keys") and hasattr(values, "items"))):
        raise StudyError(
            f"{what}s are {values!r}; a number by metric is expected, such as {{{metrics[0]!r}: 1}}; the metrics are: "
            f"{', '.join(metrics)}."
        )
    pairs: list[tuple[str, object]] = list(values.items())
    for metric, _ in pairs:
        if metric not in metrics:
            raise StudyError(
                f"{what} names {metric!r}, which is not a metric here; the metrics are: {', '.join(metrics)}."
                + nearest(str(metric), list(metrics))
            )
    return pairs


def _no_number(what: str, metric: str, value: object) -> str:
    return f"{what} of {metric} is {value!r}; a number of 0 or more is expected, such as 1 or 0.5."


def _exact(value: object) -> Decimal | Fraction | None:
    """Return a number of Python, NumPy or a text exactly as it is written; None where it is none."""
    if isinstance(value, Rational) and not isinstance(value, bool):
        ratio = Fraction(int(value.numerator), int(value.denominator))
        return Decimal(ratio.numerator) if ratio.denominator == 1 else ratio
    spelled = str(value) if isinstance(value, Real | Decimal) and not isinstance(value, bool) else value
    return Decimal(spelled) if isinstance(spelled, str) and _SPELLED.fullmatch(spelled) else None


def _digits(number: Decimal) -> int:
    """Return the digits of a number as a whole number, without the point and trailing zeros; of many the first ones."""
    return int("".join(map(str, number.as_tuple().digits)).rstrip("0")[: _DIGITS + 1] or 0)
