"""What shards add up at each address and year, by hand and against counting every listing."""

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from counting.test_count import _counted
from hubrank.core.units import UNIT
from hubrank.counting import address_sums, addresses
from hubrank.counting.address_sums import AddressSums, sums_file
from hubrank.counting.duplicates import Piece

# address_key, year, listings, records, record_units, units
ROWS = [
    (7, 2020, 1, 1, UNIT, 600_000_000),
    (7, 2020, 1, 0, UNIT, 400_000_000),
    (7, 2021, 3, 3, UNIT // 2, 3 * UNIT // 2),
    (9, None, 2, 2, UNIT, 0),
    (9, 2020, 1, 1, UNIT, UNIT),
]
NAMES = ("address_key", "year", "listings", "records", "record_units", "units")


def _written(folder, *pieces):
    """Add up pieces of rows; return what was written, by address and year."""
    tables = [pa.table(dict(zip(NAMES, zip(*rows, strict=True), strict=True))) for rows in pieces]
    sums = AddressSums()
    passed = list(sums.passed(Piece(table, np.ones(len(table), bool)) for table in tables))
    assert [piece.rows for piece in passed] == tables
    sums.write(folder)
    if not sums_file(folder).exists():
        return None
    return {
        (row[0], row[1]): row[2:] for row in zip(*pq.read_table(sums_file(folder)).to_pydict().values(), strict=True)
    }


@pytest.mark.parametrize("pieces", [[ROWS], [ROWS[:1], ROWS[1:4], ROWS[4:]]])
def test_rows_add_up_by_address_and_year_however_they_come(tmp_path, pieces):
    assert _written(tmp_path, *pieces) == {
        (7, 2020): (2, 2, 1, UNIT, UNIT),
        (7, 2021): (1, 3, 3, 3 * UNIT // 2, 3 * (UNIT // 2)),
        (9, None): (1, 2, 2, 0, 2 * UNIT),
        (9, 2020): (1, 1, 1, UNIT, UNIT),
    }


@pytest.mark.parametrize("row", [(7, 2020, 2**62, 1, UNIT, UNIT), (7, 2020, 1, 2**40, UNIT, UNIT)])
def test_sums_that_64_bits_may_not_hold_are_left_to_the_count_of_all_rows(tmp_path, row):
    assert _written(tmp_path, ROWS, [row]) is None


def _of_addresses(folder, windows, more):
    """Count the records; return what was counted of each address, and the totals."""
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        seen = {}
        original = addresses.addresses

        def noted(study, shards, sums, engine):
            result = original(study, shards, sums, engine)
            seen["rows"] = sorted(map(str, engine.arrow(result).to_pylist()))
            return result

        patch.setattr(addresses, "addresses", noted)
        counted, places = _counted(folder, windows=windows, more=more)
    return seen["rows"], counted.totals, places


WINDOW = "[windows]\npatents = [2012, 2014]\ndeals = [2012, 2012]"


@pytest.mark.parametrize(("windows", "more"), [("", ""), (WINDOW, "years = [2010, 2015]"), (WINDOW, "")])
def test_sums_of_shards_count_what_all_listings_count(tmp_path, monkeypatch, windows, more):
    by_sums = _of_addresses(tmp_path / "sums", windows, more)
    monkeypatch.setattr(address_sums, "_LARGEST", 0.0)
    monkeypatch.setenv("HUBRANK_CACHE", str(tmp_path / "cache"))
    assert _of_addresses(tmp_path / "listings", windows, more) == by_sums


@pytest.mark.parametrize("unused", ["LISTED", "SUMMED"])
def test_listings_are_counted_one_by_one_only_where_some_of_a_source_do_not_count(tmp_path, monkeypatch, unused):
    """Of the patents a copy does not count, of the deals all listings do: each needs another statement."""
    monkeypatch.setattr(addresses, unused, "SELECT address_key FROM nowhere WHERE ")
    with pytest.raises(duckdb.Error, match="nowhere"):
        _counted(tmp_path)
    monkeypatch.setattr("counting.test_count.COPY", [("another", 1, 2012, 35.68, 139.69)])
    (tmp_path / "without").mkdir()
    if unused == "LISTED":
        _counted(tmp_path / "without")
    else:
        with pytest.raises(duckdb.Error, match="nowhere"):
            _counted(tmp_path / "without")
