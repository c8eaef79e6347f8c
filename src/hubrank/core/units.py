"""Whole units: what a record weighs, and how counts and shares of them are shown (METHOD 5, 6)."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

import pyarrow as pa

UNIT = 1_000_000_000  # what one record weighs, in whole units; less where its metric weighs records by quality
WEIGHT_ONE = 720_720  # the weight of one listing at one place; divisible by 1 … 16, so that 1/k stays whole
COUNT_DECIMALS = 3
SHOWN_DECIMALS = 6  # of shares and scores
LARGE = 100  # from here on the fraction of a count says nothing
COUNT = pa.decimal128(38, COUNT_DECIMALS)
SHARE = pa.decimal128(38, SHOWN_DECIMALS)


def half_even(numerator: int, denominator: int, decimals: int) -> Decimal:
    """Return numerator / denominator rounded half-even; both are whole, the denominator is positive."""
    scaled, rest = divmod(numerator * 10**decimals, denominator)
    if 2 * rest > denominator or (2 * rest == denominator and scaled % 2):
        scaled += 1
    return Decimal(scaled).scaleb(-decimals)


def half_up(value: Decimal | float, decimals: int) -> Decimal:
    """Return a number for reading, its decimal value rounded half away from zero: 9.5 is 10, and 10.5 is 11."""
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def counted(number: int, unit: str) -> str:
    """Return a number of things: 1 file, 2 files."""
    return f"{number:,} {unit}{'' if number == 1 else 's'}"


def shown_count(units: int) -> Decimal:
    """Return units as records, half-even at 3 decimals."""
    return half_even(int(units), UNIT, COUNT_DECIMALS)


def counts_for_reading(counts: Sequence[Decimal | int]) -> list[str]:
    """Return counts of one metric for reading: all with one decimal where a small one of them is no whole number.

    One that would round to 0 keeps its first digit.
    """
    decimals = 0 if all(count == int(count) for count in counts if count < LARGE) else 1
    first = [decimals if half_up(count, decimals) or not count else -Decimal(count).adjusted() for count in counts]
    return [f"{half_up(count, each):,}" for count, each in zip(counts, first, strict=True)]


def share_pct(part: int, whole: int) -> Decimal | None:
    """Return a share in percent, half-even at 6 decimals; None where the whole is 0."""
    return half_even(100 * int(part), int(whole), SHOWN_DECIMALS) if whole else None
