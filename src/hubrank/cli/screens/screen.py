"""The screen: how wide it is, how numbers are written on it."""

from decimal import Decimal
from typing import Any

from rich.console import Console

from hubrank.core.units import half_up

NONE = "–"


def console() -> Console:
    """Return the console of stdout; wide enough for tables where it is no terminal."""
    screen = Console(emoji=False, markup=False, highlight=False)  # `a:de:b` and `[x]` in a name stay as they are
    if not screen.is_terminal:
        screen.width = 168
    return screen


def rounded(value: Decimal, decimals: int) -> str:
    """Write a number for reading."""
    return f"{half_up(value, decimals):,}"


def plain(value: Any) -> Any:  # noqa: ANN401 (a cell)
    """Return a cell as JSON has it."""
    return float(value) if isinstance(value, Decimal) else value


def signed(places: int | None) -> str:
    """Write a number of ranks with its sign."""
    return NONE if places is None else f"{places:+d}" if places else "0"
