"""The 35 technology fields that WIPO groups the International Patent Classification into.

Source: U. Schmoch (2008), Concept of a Technology Classification for Country Comparisons, WIPO, in the later state of
WIPO's IPC concordance (C13B divided, A62D a machine tool), with the subclasses added to the classification since.
Compared subclass by subclass with a copy of that concordance. A group after a subclass (`G01N 33`) goes before the
subclass alone.
"""

import csv
import re
from functools import lru_cache
from importlib.resources import files


def _symbols(listed: str) -> list[str]:
    """Spell out "H04L W, H04N 21" as H04L, H04W, H04N 21."""
    symbols: list[str] = []
    for item in listed.split(", "):
        first, *others = item.split()
        alone = not others or others[0].isdigit()
        symbols += [item] if alone else [first, *(first[:3] + letter for letter in others)]
    return symbols


def _fields() -> dict[str, str]:
    """Read which symbols make a field."""
    text = files(__package__).joinpath("technology_fields.csv").read_text("utf-8")
    return {symbol: row["field"] for row in csv.DictReader(text.splitlines()) for symbol in _symbols(row["symbols"])}


SYMBOLS = _fields()
_IPC = re.compile(r"\s*([A-H])\s*(\d\d)\s*([A-Z])\s*(\d*)")


@lru_cache(maxsize=100_000)
def technology_field(symbol: str) -> str | None:
    """Return the field of an IPC or CPC symbol (`G01N 33/50`, `H05K0003020`); None where it has none."""
    match = _IPC.match(symbol.upper())
    if match is None:
        return None
    subclass, group = "".join(match.group(1, 2, 3)), match.group(4)[:4].lstrip("0")
    return SYMBOLS.get(f"{subclass} {group}") or SYMBOLS.get(subclass)
