"""A row of a ranking or a published list, with the names and places of its cities."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from hubrank.core import countries
from hubrank.core.errors import DataError
from hubrank.core.sphere import E7
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.text.normalise import key
from hubrank.ranking.count_table.cells import Cells

SHARE = "_share_pct"
_SECOND = re.compile(r"\s*\([^)]*\)\s*$")  # "London (Uxbridge)"
_CODE = re.compile(r"[A-Z]{2}")  # ISO 3166-1
_STATE = re.compile(r",\s*[A-Z]{2}$")
Spot = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ListedCluster:
    """A row of a list.

    rank : None where the list does not say; economies : as codes, empty where not stated.
    keys : the names of its cities as they are compared; spots : where they lie, in 1e-7 degree.
    shares : by column, in percent; interval : lowest and highest rank of its interval, None where there is none.
    """

    rank: int | None
    cluster_id: str
    cluster: str
    economies: frozenset[str]
    keys: frozenset[str]
    spots: tuple[Spot, ...]
    shares: Mapping[str, Decimal]
    interval: tuple[int, int] | None


def is_share(name: str) -> bool:
    """Tell whether a column holds scores or shares in percent."""
    return name == "score_pct" or name.endswith(SHARE)


def city_keys(cluster: str) -> frozenset[str]:
    """Return the names of the cities of a cluster as they are compared."""
    names = [_STATE.sub("", part).strip() for part in _SECOND.sub("", cluster).split("–")]
    return frozenset(key(name) for name in names) - {""}


def listed_cluster(source: Cells, row: int) -> ListedCluster:
    """Return the cluster of a row; raises DataError where it has no name, or a cell is no number."""
    cell = {name: column[row] for name, column in source.columns.items()}
    economies = _economies(source, row)
    cluster = str(cell["cluster"] or "")
    keys = city_keys(cluster)
    if not keys:
        raise DataError(f"{source.at(row)}: {source.as_written('cluster')} is {cluster!r}; a name was expected.")
    shares = {
        name: value for name in source.columns if is_share(name) if (value := _number(source, row, name)) is not None
    }
    ends = [_rank(source, row, name) for name in ("rank_low", "rank_high")]
    interval = None if None in ends else (ends[0] or 0, ends[1] or 0)
    spots = _stated(source, row) or tuple(spot for each in sorted(keys) for spot in _spot(each, economies, cluster))
    cluster_id = str(cell.get("cluster_id") or "")
    return ListedCluster(_rank(source, row, "rank"), cluster_id, cluster, economies, keys, spots, shares, interval)


def _economies(source: Cells, row: int) -> frozenset[str]:
    """Return the codes of the economies of a row, which are stated as codes or names, joined by /.

    Raises DataError where one is neither: it would be that of no cluster.
    """
    stated = str(source.columns.get("economies", [""] * (row + 1))[row] or "")
    codes = set()
    for name in filter(None, map(str.strip, stated.split("/"))):
        code = name if _CODE.fullmatch(name) else countries.find_stated(name)
        if code is None:
            raise DataError(
                f"{source.at(row)}: {source.as_written('economies')} is {stated!r}; {name!r} is neither a code nor a "
                f"country's name."
            )
        codes.add(code)
    return frozenset(codes)


def _number(source: Cells, row: int, name: str) -> Decimal | None:
    value = source.columns.get(name, [None] * (row + 1))[row]
    if value is None or value == "":
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise DataError(f"{source.at(row)}: {source.as_written(name)} is {value!r}, which is not a number.") from None
    if not number.is_finite():
        raise DataError(f"{source.at(row)}: {source.as_written(name)} is {value!r}, which is not a number.")
    return number


def _rank(source: Cells, row: int, name: str) -> int | None:
    number = _number(source, row, name)
    if number is not None and (number != int(number) or number < 1):
        raise DataError(
            f"{source.at(row)}: {source.as_written(name)} is {number}; a whole number of 1 or more was expected."
        )
    return None if number is None else int(number)


def _stated(source: Cells, row: int) -> tuple[Spot, ...]:
    """Return where the cities of a row lie by their GeoNames ids, or where the row says; empty where it does not."""
    places = gazetteer.places()
    ids = str(source.columns.get("geonames_ids", [""] * (row + 1))[row] or "")
    rows = [places.row(int(number)) for number in ids.split("/") if number.isdecimal()]
    spots = tuple((int(places.lat_e7[at]), int(places.lon_e7[at])) for at in rows if at is not None)
    lat, lon = (_number(source, row, name) for name in ("lat", "lon"))
    return spots or (() if lat is None or lon is None else ((round(lat * E7), round(lon * E7)),))


def _spot(name: str, economies: frozenset[str], cluster: str) -> list[Spot]:
    """Return where the most populous place of a name lies in these economies, and in the state that the name states."""
    places = gazetteer.places()
    states = set(re.findall(r", ([A-Z]{2})\b", cluster))
    rows = [
        row
        for row, _ in gazetteer.names().rows(name)
        if row < len(places.name)
        and (not economies or places.economy[row] in economies)
        and (not states or places.economy[row] != "US" or places.admin1[row] in states)
    ]
    if not rows:
        return []
    best = max(rows, key=lambda row: (places.population[row], -row))
    return [(int(places.lat_e7[best]), int(places.lon_e7[best]))]
