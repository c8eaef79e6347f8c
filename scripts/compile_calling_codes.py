"""Compile the calling codes of countries (E.164) from the package phonenumbers: code and economy.

A code of several economies has the digits behind it by which the package knows an economy (1242 the Bahamas, 77
Kazakhstan), and tells nothing with others (1 416), but where all belong to the first (Jersey to the United Kingdom).

    pip install phonenumbers && python scripts/compile_calling_codes.py

The same input gives the same bytes.
"""

import csv
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

from hubrank.core import countries

OUT = Path(__file__).parents[1] / "src/hubrank/geocoding/text/calling_codes.csv"
_PARTS = {
    "GB": ("GG", "IM", "JE"),
    "IT": ("VA",),
    "NO": ("SJ",),
    "AU": ("CC", "CX"),
    "MA": ("EH",),
    "FI": ("AX",),
    "SH": ("TA",),
    "GP": ("BL", "MF"),
}
_MOST_DIGITS = 4  # behind a code, that tell an economy: 8001


def main() -> None:
    """Write the table."""
    economies = countries.table()
    with OUT.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("code", "economy"))
        for code, homes in sorted(COUNTRY_CODE_TO_REGION_CODE.items()):
            first, *others = homes
            if all(other in _PARTS.get(first, ()) for other in others):
                rows.writerows((code, home) for home in (first,) if home in economies)
                continue
            listed = [home for home in homes if home in economies]
            rows.writerows(sorted((f"{code}{digits}", home) for home in listed for digits in _first_digits(home)))


def _first_digits(economy: str) -> Iterator[str]:
    """Yield the shortest digits behind a shared code by which a number is of an economy, none where it has no own."""
    leading = re.compile(PhoneMetadata.metadata_for_region(economy).leading_digits or "(?!)")
    for size in range(1, _MOST_DIGITS + 1):
        for digits in map("".join, product("0123456789", repeat=size)):
            if leading.fullmatch(digits):
                yield digits


if __name__ == "__main__":
    main()
