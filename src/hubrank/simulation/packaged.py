"""The packaged tables; data/README.md says where they come from."""

import csv
from functools import cache
from importlib.resources import files


def text(name: str) -> str:
    """Return a packaged file."""
    return (files("hubrank.simulation") / "data" / name).read_text("utf-8")


@cache
def packaged(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a packaged table."""
    return tuple(csv.DictReader(text(name).splitlines()))


@cache
def metric_fields(metric: str) -> tuple[dict[str, str], ...]:
    """Return the fields of a metric: id, name, sector."""
    return tuple(row for row in packaged("fields.csv") if row["kind"] == metric)


def countries(column: str) -> dict[str, str]:
    """Return the `name` or `iso3` of each economy by its two-letter code."""
    return {row["iso2"]: row[column] for row in packaged("countries.csv")}
