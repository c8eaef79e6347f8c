"""Days as spreadsheets number them: 44766 is 2022-07-24, of the calendar that begins with 1900 (not that with 1904)."""

import re
from datetime import date, timedelta

import pyarrow as pa

DAY_ZERO = date(1899, 12, 30)  # numbers up to 60 are a day off, as 1900 has a 29 February there
is_day_number = re.compile(r"([23456]\d{4}|1[89]\d{3})(\.\d+)?").fullmatch  # from 1949 to 2091


def as_day(number: str) -> str:
    """Return the day of a number as ISO 8601 writes it; parts of days are their time."""
    return (DAY_ZERO + timedelta(days=int(number.partition(".")[0]))).isoformat()


def with_days(values: pa.ChunkedArray) -> pa.Array:
    """Return a column with days in place of their numbers, as text; other values stay as they are."""
    texts = values.cast(pa.string()).to_pylist()
    return pa.array([as_day(text) if text and is_day_number(text.strip()) else text for text in texts], pa.string())
