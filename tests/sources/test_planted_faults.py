"""Fifteen kinds of faults and more, planted among good rows: each ends up where it should, and no good row is lost."""

from collections import Counter

from proof import cases
from sources.planted_faults import COLUMNS, WINDOW, planted
from sources.reading_sources import read

ROWS = cases(8_000, 1_000_000)


def test_every_planted_fault_ends_up_where_it_should_and_no_good_row_is_lost(written):
    table = planted(ROWS, every=max(20, ROWS // 2_000))
    rows, ledger = read("table", [written("planted.csv", table.data)], columns=COLUMNS, window=WINDOW)
    assert {row["source_row"]: (row["record_key"], row["city"]) for row in rows} == table.good_rows
    assert {line: reason for _, line, reason, _, _ in ledger.aside} == table.aside
    assert ledger.scope == Counter(table.scope.values())
    assert ledger.rows_read == len(table.good_rows) + len(table.aside) + len(table.scope)
    assert {row["country"] for row in rows} == {"CH", "NA"}


def test_no_value_that_is_set_aside_comes_from_text(written):
    table = planted(2_000, every=4)
    _, ledger = read("table", [written("planted.csv", table.data)], columns=COLUMNS, window=WINDOW)
    assert len(ledger.reasons()) == len(set(table.aside.values())) > 9
    assert {field for _, _, _, field, value in ledger.aside if value is not None} <= {
        "date",
        "count",
        "weight",
        "lat, lon",
    }
