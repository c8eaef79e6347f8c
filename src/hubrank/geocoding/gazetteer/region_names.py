"""The names of foreign regions in Japanese, Korean and Chinese, from the packaged table (CLDR)."""

import gzip
import re
from functools import cache
from importlib.resources import files

IN_LETTERS = re.compile("[\u3041-\u30fe\u3400-\u9fff가-힣]")  # Chinese characters, kana, Hangul
_KIND = re.compile("(?<=..)(?:自由州|州|省|県|府|都|大[区區]|地域圏|[주현도부성])$|(?<=[가-힣])[주현도부성]$")
NONE = ("", "")  # codes of no region
_BLANK = re.compile(r"[\s・·－–-]+")  # and hyphens: 巴登-符腾堡州


def has_kind(name: str) -> bool:
    """Say whether a name ends in the word for a region: カリフォルニア州."""
    return _KIND.search(name) is not None


def codes_of(name: str, economy: str) -> tuple[str, str]:
    """Return the GeoNames codes (admin1, admin2) of the region of an economy that a name in these letters means.

    With or without the word for its kind: カリフォルニア州, 캘리포니아; of the second level with it (ローヌ県). Both
    are "" where there is none, admin2 at the first level.
    """
    if name.isascii() or not IN_LETTERS.search(name):
        return NONE
    whole = _BLANK.sub("", name)
    codes = _codes().get(economy, {})
    return codes.get(whole) or codes.get(_KIND.sub("", whole), NONE)


@cache
def _codes() -> dict[str, dict[str, tuple[str, str]]]:
    """Return the codes of each name in each economy, the first level before the second; a name of two means none."""
    packed = files("hubrank.geocoding.gazetteer").joinpath("data/region_names.tsv.gz").read_bytes()
    codes: dict[str, dict[str, tuple[str, str]]] = {}
    lines = gzip.decompress(packed).decode("utf-8").splitlines()[2:]
    for line in sorted(lines, key=lambda line: line.split("\t")[2] != ""):
        economy, admin1, admin2, names = line.split("\t")
        of, region = codes.setdefault(economy, {}), (admin1, admin2)
        whole = _BLANK.sub("", names).split("|")
        for name in {*whole, *(_KIND.sub("", one) for one in whole if not admin2)}:
            other = of.get(name, region)
            of[name] = other if other == region or (admin2 and not other[1]) else NONE
    return codes
