"""places → located, in memory, where the rows of each record follow each other: as `counting.located` (METHOD 5).

Most files are so. Then sums over neighbours say what a record has, and no database has to search all rows for those of
a record. Only the units of records that are not plain, as an author is at two places, are split by its statements.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hubrank.core.hashing import hashes
from hubrank.core.runs import begins
from hubrank.core.sphere import Ints
from hubrank.core.tables import ADDRESS_SCHEMA, Engine
from hubrank.counting import located as located_stage
from hubrank.counting.duplicates import COPY, Copies, Hashes, Piece
from hubrank.counting.listings import ORDER
from hubrank.counting.located import STORED
from hubrank.counting.organisations import organisations
from hubrank.geocoding.places import PLACE_NO

Bools = NDArray[np.bool_]
_STEP = np.uint64(0x9E3779B97F4A7C15)  # odd, so that each version of a record has a hash of its own
_ASCENDING = [(name, "ascending") for name in ORDER]
_SAME = ("weight", "count", "record_units")  # of all rows of a plain record


@dataclass(frozen=True, slots=True, eq=False)
class ContiguousRecords:
    """Listings in which the rows of each record follow each other, and their addresses.

    listings : Table[LISTING] without ADDRESS, as the texts of addresses are most of it.
    start : int64, shape (records,): the first row of each record.
    key_hashes : uint64, shape (records,): of their keys.
    is_plain : shape (records,): whether its listings are in order, each once, and all of one weight.
    addresses : Table[place_no, ADDRESS], each once; place_no : int64, shape (listings,): the address of each listing.
    """

    listings: pa.Table
    start: Ints
    key_hashes: Hashes
    is_plain: Bools
    addresses: pa.Table
    place_no: Ints

    @classmethod
    def of(cls, listings: pa.Table) -> "ContiguousRecords | None":
        """Return the records of listings; None where the rows of one lie apart."""
        if not len(listings):
            return None
        first_of_copy = begins(listings, COPY)
        start = np.flatnonzero(first_of_copy)
        first_rows = listings.select(COPY).take(pa.array(start))
        version = first_rows["record_version"].to_numpy().astype(np.uint64)
        key_hashes = hashes(first_rows["record_key"])
        copies = np.sort(key_hashes + version * _STEP)
        if (copies[1:] == copies[:-1]).any():  # or by a rare chance two records
            return None
        follows = first_of_copy | ~begins(listings, _SAME)
        follows[1:] &= first_of_copy[1:] | (np.diff(listings["listing_no"].to_numpy()) > 0)
        place_no, first = _coded(listings, ADDRESS_SCHEMA.names)
        addresses = listings.select(ADDRESS_SCHEMA.names).take(pa.array(first))
        addresses = addresses.add_column(0, PLACE_NO, pa.array(np.arange(len(first))))
        is_plain = np.ones(len(start), bool)
        is_plain[np.searchsorted(start, np.flatnonzero(~follows), "right") - 1] = False
        rest = listings.select([name for name in listings.column_names if name not in ADDRESS_SCHEMA.names])
        return cls(rest, start, key_hashes, is_plain, addresses, place_no)

    def with_organisations(self, registered: pa.ChunkedArray) -> "ContiguousRecords":
        """Return the same with the organisations that addresses name. registered : of each address."""
        if registered.null_count == len(registered):
            return self
        of_listings = organisations(
            self.listings["organisations"], self.addresses, registered.combine_chunks(), self.place_no
        )
        at = self.listings.column_names.index("organisations")
        return replace(self, listings=self.listings.set_column(at, "organisations", of_listings))


def located(records: ContiguousRecords, places: pa.Table, engine: Engine) -> tuple[Piece, int, int]:
    """Put listings at their places and split the units of their records.

    Parameters
    ----------
    records : with their addresses.
    places : Table[place_no, ADDRESS_ROW]
        As geocoding.places returns them, row by row those of the addresses.

    Returns
    -------
    Piece of Table[STORED]
        One row per listing and address, in the order of `listings.ORDER`, with units and records as of
        `counting.located.located`.
    int, int
        How many records have listings of several years; how many rows the largest record has.
    """
    records = records.with_organisations(places["registered_organisation"])
    rows, start = records.listings, records.start
    is_located = pc.is_valid(places["lat_e7"]).to_numpy()[records.place_no]
    size = np.diff(start, append=len(rows))
    stored = _split(records, places, is_located, size)
    copies: Copies | None = Copies(start, records.key_hashes)
    is_plain = np.repeat(records.is_plain, size)
    if not is_plain.all():
        placed = _placed(records, places, np.flatnonzero(~is_plain))
        relation = engine.load(iter([placed]), placed.schema)
        others = engine.arrow(located_stage.shared_out(relation, engine)).sort_by(_ASCENDING)
        engine.drop(relation)
        stored = pa.concat_tables([stored.filter(pa.array(is_plain)), others.select(STORED).cast(stored.schema)])
        is_located = np.concatenate([is_located[is_plain], pc.is_valid(others["lat_e7"]).to_numpy()])
        copies = None
    order = _order(stored)
    if order is not None:
        stored, is_located, copies = stored.take(order), is_located[order.to_numpy()], None
    return Piece(stored, is_located, copies), _straddling(rows, start), int(size.max())


def _split(records: ContiguousRecords, places: pa.Table, is_located: Bools, size: Ints) -> pa.Table:
    """Return all rows as STORED, with units and records as they are for plain records."""
    rows, start = records.listings, records.start
    turn = _turns(is_located, start, size)  # of each listing among the located ones of its record
    many = np.repeat(np.add.reduceat(is_located.astype(np.int64), start), size)
    count, whole = rows["count"].to_numpy(), rows["record_units"].to_numpy()
    part, rest = np.divmod(whole, np.maximum(many, 1))
    units = count * (part + (turn <= rest))
    is_first = is_located & (turn == 1)
    is_first[start] |= many[start] == 0
    columns = {name: rows[name] for name in STORED if name in rows.column_names}
    columns |= {
        "address_key": places["address_key"].take(pa.array(records.place_no)),
        "units": pa.array(np.where(is_located, units, 0)),
        "listings": rows["count"],
        "records": pa.array(np.where(is_first, count, 0)),
    }
    return pa.table([columns[name] for name in STORED], names=STORED)


def _placed(records: ContiguousRecords, places: pa.Table, rows: Ints) -> pa.Table:
    """Return some rows with their places, as the statements of `counting.located` take them."""
    listings, place_no = records.listings.take(pa.array(rows)), pa.array(records.place_no[rows])
    names = listings.column_names
    at = places.select(["place_no", "address_key", "lat_e7", "lon_e7"]).take(place_no)
    return pa.table([*listings.columns, *at.columns], names=[*names, *at.column_names])


def _turns(is_located: Bools, start: Ints, size: Ints) -> Ints:
    before: Ints = np.cumsum(is_located) - is_located
    return np.asarray(before + 1 - np.repeat(before[start], size))


def _straddling(rows: pa.Table, start: Ints) -> int:
    """Return how many records have listings of several years."""
    is_new = begins(rows, ("year",))
    is_new[start] = False
    if not is_new.any():
        return 0
    has_year, years = pc.is_valid(rows["year"]).to_numpy(), pc.fill_null(rows["year"], 0).to_numpy()
    latest = np.maximum.reduceat(np.where(has_year, years, np.iinfo(years.dtype).min), start)
    earliest = np.minimum.reduceat(np.where(has_year, years, np.iinfo(years.dtype).max), start)
    return int((earliest < latest).sum())


def _order(rows: pa.Table) -> pa.Array | None:
    """Return the rows in the order of a shard; None where they are in it.

    Rows of one file come in its order, so that sorting them by their number alone is nearly always enough.
    """
    number = rows["source_row"].to_numpy()
    is_one_file = not begins(rows, ("source_file",))[1:].any()
    if is_one_file and (np.diff(number) > 0).all():
        return None
    order = np.argsort(number, kind="stable")
    if is_one_file and _in_order(rows, order):
        return None if (np.diff(order) > 0).all() else pa.array(order)
    texts = rows["source_file"].cast(pa.string())
    rows = rows.set_column(rows.column_names.index("source_file"), "source_file", texts)
    return pc.sort_indices(rows, _ASCENDING)


def _in_order(rows: pa.Table, order: Ints) -> bool:
    """Return whether rows of one file, in an order by their numbers, are in that of a shard, with a record in each."""
    before, after = order[:-1], order[1:]
    for name in ORDER[1:]:
        if name == "record_key":
            keys = rows[name].combine_chunks()
            if len(before) and pc.any(pc.not_equal(keys.take(pa.array(before)), keys.take(pa.array(after)))).as_py():
                return False
            continue
        values = rows[name].to_numpy()
        step = values[after] - values[before]
        if (step < 0).any():
            return False
        before, after = before[step == 0], after[step == 0]
    return True


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
