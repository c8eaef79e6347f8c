"""Where runs of equal rows begin."""

import pyarrow as pa

from hubrank.core.runs import begins


def test_a_run_ends_where_any_column_changes_and_nulls_are_equal():
    rows = pa.table({"name": ["a", "a", None, None, "b", "b"], "number": pa.array([1, 1, 1, None, None, 2])})
    assert begins(rows, ["name"]).tolist() == [True, False, True, False, True, False]
    assert begins(rows, ["name", "number"]).tolist() == [True, False, True, True, True, True]


def test_no_rows_have_no_runs():
    assert begins(pa.table({"name": pa.array([], pa.string())}), ["name"]).tolist() == []
