"""Compile the calling codes of countries (E.164) from the package phonenumbers: code and economy.

Codes of several economies are left out, but where all belong to the first (Jersey to the United Kingdom).

    pip install phonenumbers && python scripts/compile_calling_codes.py

The same input gives the same bytes.
"""

import csv
from pathlib import Path

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

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


def main() -> None:
    """Write the table."""
    economies = countries.table()
    with OUT.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("code", "economy"))
        for code, (first, *others) in sorted(COUNTRY_CODE_TO_REGION_CODE.items()):
            belongs = all(other in _PARTS.get(first, ()) for other in others)
            if first in economies and belongs:
                rows.writerow((code, first))


if __name__ == "__main__":
    main()
