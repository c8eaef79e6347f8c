"""The kinds of values in a study file: names, texts, days, addresses and numbers, with their limits."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, Strict

# Names that no metric may have: those of other columns of the ranking, and of what stands beside metrics in tables.
RESERVED = frozenset(
    (
        *("rank", "rank_low", "rank_high", "rank_low_places", "rank_high_places", "rank_before", "previous_rank"),
        *("simultaneous_low", "simultaneous_high", "weights_best", "weights_worst", "method_best", "method_worst"),
        *("cluster_id", "cluster", "economies", "geonames_ids", "score_pct", "move", "change", "note", "all", "firm"),
        *("population", "people_per_km2", "city_people", "at_city_centres_pct"),
        *("intensity_rank", "intensity_rank_low", "intensity_rank_high"),
        *("area", "area_code", "area_codes", "area_km2"),
    )
)
_LARGEST = Decimal(10**9)


def _decimal(value: object) -> Decimal:
    """Return a number exactly as typed: 0.1 is one tenth, not its nearest binary fraction."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise ValueError(f"{value!r} is not a number")
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f"{value!r} is not a number") from None
    if not number.is_finite() or number < 0:
        raise ValueError(f"{value!r} is not a number of 0 or more")
    if number and not 1 / _LARGEST <= number <= _LARGEST:
        raise ValueError("a weight is 0, or from 0.000000001 to 1,000,000,000")
    return number


def _words(text: str) -> str:
    """Return a text of one line, without the spaces around it."""
    words = text.strip()
    if not words or not words.isprintable():
        raise ValueError("it should be a text of one line")
    return words


def _address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or not text.isprintable() or " " in text:
        raise ValueError("it should be an address that begins with https:// or http://")
    return text


def _day(value: object) -> object:
    """Refuse what pydantic would take for a date too: numbers of seconds."""
    if not isinstance(value, date | str):
        raise ValueError("it should be a date, such as 2026-05-31")
    return value


def _patterns(patterns: str | list[str]) -> str | list[str]:
    if "" in ([patterns] if isinstance(patterns, str) else patterns):
        raise ValueError("it is empty; name files, such as raw/*.csv")
    return patterns


Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Words = Annotated[str, Field(max_length=200), AfterValidator(_words)]
Address = Annotated[str, Field(max_length=2000), AfterValidator(_address)]
Day = Annotated[date, Strict(strict=False), BeforeValidator(_day)]
Window = Annotated[tuple[int, int], Strict(strict=False)]  # first and last year: a list of TOML or JSON
Evidence = Literal["coordinates", "institutions", "names", "service"]
Patterns = Annotated[str | Annotated[list[str], Field(min_length=1)], AfterValidator(_patterns)]
ExactDecimal = Annotated[Decimal, BeforeValidator(_decimal)]
Radius = Annotated[float, Field(gt=0, le=1000)]  # km
