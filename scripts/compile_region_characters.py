"""Compile the names of China's regions in traditional characters: those of the regions' table, as OpenCC writes them.

    pip install opencc && python scripts/compile_region_characters.py

The forms are those of OpenCC's own standard, of Taiwan and of Hong Kong, where they differ from the name in the table.
The same input gives the same bytes.
"""

import csv
import io
from pathlib import Path

from opencc import OpenCC

from hubrank.core.countries import HAN
from hubrank.geocoding.gazetteer import regions

TARGET = Path(__file__).parents[1] / "src/hubrank/geocoding/gazetteer/data/region_characters.csv"
FORMS = ("s2t", "s2tw", "s2hk")


def main() -> None:
    """Write the table."""
    converters = [OpenCC(form) for form in FORMS]
    rows = set()
    for region, aliases in regions.table():
        if region.economy == "CN":
            native = {name for name in aliases if HAN.search(name)}
            forms = {converter.convert(name) for name in native for converter in converters}
            rows |= {(region.economy, region.admin1, region.admin2, form) for form in forms - native}
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([("economy", "admin1", "admin2", "name"), *sorted(rows)])
    TARGET.write_text(out.getvalue(), encoding="utf-8")


if __name__ == "__main__":
    main()
