"""Where a post code of digits is, to within a town (GeoNames postal codes, CC BY)."""

from collections.abc import Sequence
from functools import cache

from hubrank.geocoding.gazetteer.packaged import packed_rows
from hubrank.geocoding.gazetteer.post_areas import is_code

_SHORTEST = 2  # digits that codes begin with which are one point


@cache
def _rows_by_economy() -> dict[str, str]:
    """Return the rows of each economy, each a beginning of codes, latitude and longitude, as one text."""
    rows: dict[str, list[str]] = {}
    for economy, *row in packed_rows("post_code_points.tsv.xz"):
        rows.setdefault(economy, []).append(" ".join(row))
    return {economy: "\n".join(of_economy) for economy, of_economy in rows.items()}


@cache
def _points(economy: str) -> dict[str, tuple[int, int]]:
    """Return latitude and longitude (1e-7 degree) of the beginnings of codes of an economy."""
    rows = (line.split(" ") for line in _rows_by_economy().get(economy, "").splitlines())
    return {start: (round(float(lat) * 1e7), round(float(lon) * 1e7)) for start, lat, lon in rows}


def point(code: str, economy: str) -> tuple[int, int] | None:
    """Return latitude and longitude (1e-7 degree) of a post code of an economy, None where it is not known.

    code : digits alone; with those behind its hyphen, or without (ZIP+4, Brazil, Portugal).
    """
    if not (code.isdigit() and is_code(code, economy)):
        return None
    points = _points(economy)
    shortest = len(code) if len({*code}) == 1 else _SHORTEST  # 99999 stands for one that is not known
    starts = (code[:size] for size in range(len(code), shortest - 1, -1))
    return next((points[start] for start in starts if start in points), None)


def last_point(codes: Sequence[str], economies: Sequence[str]) -> tuple[int, int] | None:
    """Return where the last of some texts is that is a known post code of the first economy: houses stand before it."""
    points = (point(code, economies[0]) for code in reversed(codes)) if economies else ()
    return next(filter(None, points), None)
