"""The names of foreign regions in Japanese, Korean and Chinese, from the packaged table (CLDR)."""

import gzip
import re
from functools import cache
from importlib.resources import files

IN_LETTERS = re.compile("[\u3041-\u30fe\u3400-\u9fff가-힣]")  # Chinese characters, kana, Hangul
_KIND = re.compile("(?<=..)(?:自由州|州|省|県|府|都|[주현도부성])$")
_BLANK = re.compile(r"[\s・·]+")


def has_kind(name: str) -> bool:
    """Say whether a name ends in the word for a region: カリフォルニア州."""
    return _KIND.search(name) is not None


def admin1_of(name: str, economy: str) -> str:
    """Return the GeoNames admin-1 code of the region of an economy that a name in these letters means, or "".

    With or without the word for its kind: カリフォルニア州, 캘리포니아.
    """
    if name.isascii() or not IN_LETTERS.search(name):
        return ""
    whole = _BLANK.sub("", name)
    codes = _codes().get(economy, {})
    return codes.get(whole) or codes.get(_KIND.sub("", whole), "")


@cache
def _codes() -> dict[str, dict[str, str]]:
    """Return the code of each name in each economy; a name of two regions means none."""
    packed = files("hubrank.geocoding.gazetteer").joinpath("data/region_names.tsv.gz").read_bytes()
    codes: dict[str, dict[str, str]] = {}
    for line in gzip.decompress(packed).decode("utf-8").splitlines()[2:]:
        economy, admin1, names = line.split("\t")
        of = codes.setdefault(economy, {})
        whole = _BLANK.sub("", names).split("|")
        for name in {*whole, *(_KIND.sub("", one) for one in whole)}:
            of[name] = "" if of.get(name, admin1) != admin1 else admin1
    return codes
