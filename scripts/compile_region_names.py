"""Compile the names of foreign regions in Japanese, Korean and Chinese: what CLDR (Unicode) calls subdivisions.

    pip install opencc && apt-get download unicode-cldr-core && dpkg -x unicode-cldr-core_*.deb cldr
    python scripts/compile_region_names.py cldr/usr/share/unicode/cldr/common/subdivisions

The files are those of the whole of CLDR, as its packages for programs leave out names that few people have voted on.
Regions with 100,000 inhabitants have them, those of the second level only where the name has the word for its kind
(ローヌ県); those at home in a language are known already. Chinese names are written in simplified and traditional
characters. The same input gives the same bytes.
"""

import gzip
import io
import re
import sys
from pathlib import Path

from opencc import OpenCC

from hubrank.geocoding.gazetteer import regions
from hubrank.geocoding.gazetteer.region_names import has_kind

TARGET = Path(__file__).parents[1] / "src/hubrank/geocoding/gazetteer/data/region_names.tsv.gz"
SOURCE = '# {"source": "CLDR (Unicode), Unicode-3.0; regions of GeoNames (geonames.org), CC BY 4.0"}'
CHINESE = "zh"
LEAST = 100_000  # inhabitants of a region
AT_HOME = {"ja": ("JP",), "ko": ("KR", "KP"), CHINESE: ("CN", "TW", "HK", "MO")}  # of each language
_SUBDIVISION = re.compile(r'<subdivision type="(\w+)"[^>]*>([^<]+)<')
_OTHER_LETTERS = re.compile(r"[A-Za-z0-9(（]")


def names_of(folder: Path) -> dict[tuple[str, str, str], set[str]]:
    """Return the names of each region, by economy, admin-1 and admin-2 code."""
    by_level = sorted((area for area, _ in regions.table() if area.iso), key=lambda area: area.admin2 == "")
    regions_of = {f"{area.economy}{area.iso}".lower(): area for area in by_level}  # the first level stands last
    names: dict[tuple[str, str, str], set[str]] = {}
    to_other = [OpenCC(form) for form in ("s2t", "t2s")]
    for language, at_home in AT_HOME.items():
        for code, name in _SUBDIVISION.findall((folder / f"{language}.xml").read_text("utf-8")):
            region = regions_of.get(code)
            if region is None or region.population < LEAST or region.economy in at_home or _OTHER_LETTERS.search(name):
                continue
            if region.admin2 and not has_kind(name):
                continue
            forms = {other.convert(name) for other in to_other} if language == CHINESE else set()
            names.setdefault((*region.first_level, region.admin2), set()).update(forms | {name})
    return names


def main() -> None:
    """Write the table."""
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    rows = sorted((*home, "|".join(sorted(names))) for home, names in names_of(Path(sys.argv[1])).items())
    text = "\n".join([SOURCE, "economy\tadmin1\tadmin2\tnames", *map("\t".join, rows)]) + "\n"
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0, compresslevel=9, filename="") as file:
        file.write(text.encode("utf-8"))
    TARGET.write_bytes(buffer.getvalue())


if __name__ == "__main__":
    main()
