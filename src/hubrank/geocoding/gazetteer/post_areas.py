"""Where in its country an address with a post code is, by what the code begins with (GeoNames postal codes, CC BY)."""

import gzip
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_KM_PER_E7 = 111.2 / 1e7
_SLACK_KM = 15  # a town is as wide as that, and one code of ten lies further out
_DIGITS = (3, 2)  # that a code begins with, the more telling first
_BEHIND_DISTRICT = 3  # characters behind the district of a code that begins with letters: RG6 6AH, K1A 0B1
# Digits of codes as they are also written: ZIP+4, and without those behind the hyphen, which were added in the 1990s.
_OTHER_LENGTHS = {"US": 9, "BR": 5, "PT": 4}
_LETTERS = re.compile(r"[A-Z]*")


@dataclass(frozen=True, slots=True)
class PostArea:
    """A circle around the places of the codes that begin alike: its middle (1e-7 degree) and its radius in km."""

    lat_e7: int
    lon_e7: int
    km: int

    def contains(self, lat_e7: int, lon_e7: int) -> bool:
        """Say whether a place may have one of the codes."""
        narrow = math.cos(math.radians(self.lat_e7 / 1e7))
        gap = math.hypot(lat_e7 - self.lat_e7, (lon_e7 - self.lon_e7) * narrow)
        return gap * _KM_PER_E7 <= self.km + _SLACK_KM


@cache
def _areas() -> dict[tuple[str, str], tuple[int, PostArea]]:
    """Return length of the codes and area by economy and beginning."""
    packed = files("hubrank.geocoding.gazetteer").joinpath("data/post_code_areas.tsv.gz").read_bytes()
    rows = (line.split("\t") for line in gzip.decompress(packed).decode("utf-8").splitlines()[2:])
    return {
        (economy, start): (int(length), PostArea(round(float(lat) * 1e7), round(float(lon) * 1e7), int(km)))
        for economy, start, length, lat, lon, km in rows
    }


@cache
def _lengths() -> dict[str, set[int]]:
    """Return the lengths of the codes of each economy, 0 of those that begin with letters."""
    lengths: dict[str, set[int]] = {economy: {length} for economy, length in _OTHER_LENGTHS.items()}
    for (economy, start), (length, _) in _areas().items():
        lengths.setdefault(economy, set()).add(length if start.isdigit() else 0)
    return lengths


def is_code(text: str, economy: str) -> bool:
    """Say whether a text (capitals and digits alone) is formed like the post codes of an economy."""
    return (len(text) if text.isdigit() else 0) in _lengths().get(economy, ())


def has_codes(economy: str) -> bool:
    """Say whether the post codes of an economy are listed."""
    return economy in _lengths()


def economies_with_code(codes: Sequence[str], economies: tuple[str, ...]) -> tuple[str, ...]:
    """Return the economies whose post codes are formed like one of some codes, all where none is."""
    return tuple(home for home in economies if any(is_code(code, home) for code in codes)) or economies


def area(codes: Iterable[str], economy: str) -> PostArea | None:
    """Return the area of the first text (capitals and digits alone) that is a post code of an economy, or None."""
    return next(filter(None, (_area_of(code, economy) for code in codes)), None)


def district(codes: Iterable[str], economy: str) -> PostArea | None:
    """Return the area of the first text that is a post code with a district no wider than a town, or None: RG6 6AH."""
    areas = (_district_of(code, economy) for code in codes)
    return next((around for around in areas if around and around.km <= _SLACK_KM), None)


def _district_of(code: str, economy: str) -> PostArea | None:
    start = code[:-_BEHIND_DISTRICT]
    return None if start.isalpha() or start.isdigit() else _areas().get((economy, start), (0, None))[1]


def _area_of(code: str, economy: str) -> PostArea | None:
    letters = _LETTERS.match(code)
    if letters and letters[0]:
        return _areas().get((economy, letters[0]), (0, None))[1]
    for size in _DIGITS:
        length, around = _areas().get((economy, code[:size]), (0, None))
        if length == len(code) or _OTHER_LENGTHS.get(economy) == len(code):
            return around
    return None
