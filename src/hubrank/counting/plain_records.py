"""places → located, in memory, for records that are plain: the same rows as of `counting.located` (METHOD 5).

Most files have the rows of a record one behind the other, each listing once and all of one weight. Then sums over
neighbours say what a record has, and no database has to search all rows for those of a record.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hubrank.core.hashing import hashes
from hubrank.core.sphere import Ints
from hubrank.core.tables import ADDRESS_SCHEMA
from hubrank.counting.listings import ORDER
from hubrank.counting.located import STORED
from hubrank.geocoding.places import PLACE_NO

_SAME = ("weight", "count", "record_units")  # of all rows of a plain record


@dataclass(frozen=True, slots=True, eq=False)
class PlainRecords:
    """Listings of plain records, and their addresses.

    listings : Table[LISTING]. start : int64, shape (records,): the first row of each record.
    addresses : Table[place_no, ADDRESS], each once; place_no : int64, shape (listings,): the address of each listing.
    """

    listings: pa.Table
    start: Ints
    addresses: pa.Table
    place_no: Ints

    @classmethod
    def of(cls, listings: pa.Table) -> "PlainRecords | None":
        """Return listings as plain records; None where one is not plain, or its rows lie apart."""
        if not len(listings):
            return None
        begins = _differs(listings, ("record_key", "record_version"))
        start = np.flatnonzero(begins)
        rises = np.diff(listings["listing_no"].to_numpy()) > 0
        alike = ~_differs(listings, _SAME)[1:] & rises
        if not (alike | begins[1:]).all():
            return None
        of_records = np.sort(hashes(listings["record_key"].take(pa.array(start))))
        if (of_records[1:] == of_records[:-1]).any():  # two copies, or by a rare chance two records
            return None
        place_no, first = _coded(listings, ADDRESS_SCHEMA.names)
        addresses = listings.select(ADDRESS_SCHEMA.names).take(pa.array(first))
        return cls(listings, start, addresses.add_column(0, PLACE_NO, pa.array(np.arange(len(first)))), place_no)


def located(records: PlainRecords, places: pa.Table) -> tuple[pa.Table, NDArray[np.bool_], int, int]:
    """Put the listings of plain records at their places and split the units of the records.

    Parameters
    ----------
    records : with their addresses.
    places : Table[place_no, ADDRESS_ROW]
        As geocoding.places returns them, row by row those of the addresses.

    Returns
    -------
    Table[STORED]
        One row per listing, in the order of `listings.ORDER`; units and records as of `counting.located.located`.
    NDArray
        Which of these rows are located.
    int, int
        How many records have listings of several years; how many rows the largest record has.
    """
    rows, start = records.listings, records.start
    is_located = pc.is_valid(places["lat_e7"]).to_numpy()[records.place_no]
    size = np.diff(start, append=len(rows))
    turn = _turns(is_located, start, size)  # of each listing among the located ones of its record
    many = np.repeat(np.add.reduceat(is_located.astype(np.int64), start), size)
    count, whole = rows["count"].to_numpy(), rows["record_units"].to_numpy()
    units = count * (whole // np.maximum(many, 1) + (turn <= whole % np.maximum(many, 1)))
    is_first = np.where(is_located, turn == 1, False)
    is_first[start] |= many[start] == 0
    columns = {name: rows[name] for name in STORED if name in rows.column_names}
    columns |= {
        "address_key": places["address_key"].take(pa.array(records.place_no)),
        "units": pa.array(np.where(is_located, units, 0)),
        "listings": rows["count"],
        "records": pa.array(np.where(is_first, count, 0)),
    }
    stored = pa.table([columns[name] for name in STORED], names=STORED)
    order = _order(stored)
    if order is not None:
        stored, is_located = stored.take(order), is_located[order.to_numpy()]
    return stored, is_located, _straddling(rows["year"], start), int(size.max())


def _turns(is_located: NDArray[np.bool_], start: Ints, size: Ints) -> Ints:
    before: Ints = np.cumsum(is_located) - is_located
    return np.asarray(before + 1 - np.repeat(before[start], size))


def _straddling(year: pa.ChunkedArray, start: Ints) -> int:
    """Return how many records have listings of several years."""
    has_year, years = pc.is_valid(year).to_numpy(), pc.fill_null(year, 0).to_numpy()
    latest = np.maximum.reduceat(np.where(has_year, years, np.iinfo(years.dtype).min), start)
    earliest = np.minimum.reduceat(np.where(has_year, years, np.iinfo(years.dtype).max), start)
    return int((earliest < latest).sum())


def _order(rows: pa.Table) -> pa.Array | None:
    """Return the rows in the order of a shard; None where they are in it, as they come from one file."""
    follows = np.diff(rows["source_row"].to_numpy()) > 0
    if (follows & ~_differs(rows, ("source_file",))[1:]).all():
        return None
    return pc.sort_indices(rows, [(name, "ascending") for name in ORDER])


def _differs(rows: pa.Table, names: Sequence[str]) -> NDArray[np.bool_]:
    """Return which rows differ from the one before in a column without nulls; the first does."""
    differs = np.ones(len(rows), bool)
    pairs = [(column.slice(1), column.slice(0, len(column) - 1)) for column in (rows[name] for name in names)]
    differs[1:] = np.logical_or.reduce([pc.not_equal(*pair).to_numpy() for pair in pairs])
    return differs


def _coded(rows: pa.Table, names: Sequence[str]) -> tuple[Ints, Ints]:
    """Return a number for each row, equal where all columns are, and the first row of each number."""
    code, codes = np.zeros(len(rows), np.int64), 1
    for column in (rows[name] for name in names if rows[name].null_count < len(rows)):
        coded = _dictionary(column)
        both = _dictionary(pa.chunked_array([pa.array(code * len(coded.dictionary) + coded.indices.to_numpy())]))
        code, codes = both.indices.to_numpy().astype(np.int64), len(both.dictionary)
    first = np.empty(codes, np.int64)
    first[code[::-1]] = np.arange(len(rows) - 1, -1, -1)
    return code, first


def _dictionary(column: pa.ChunkedArray) -> pa.DictionaryArray:
    return column.combine_chunks().dictionary_encode(null_encoding="encode")
