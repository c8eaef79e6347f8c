"""Every column of every table that an edition holds is told about, once."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hubrank.analysis.comparison import table as comparison
from hubrank.analysis.robustness import leave_one_out, summary, tables, weight_shares
from hubrank.core import columns as columns_module
from hubrank.core import edition
from hubrank.core.tables import LISTING, SET_ASIDE
from hubrank.ranking import rank_intervals


def test_every_column_of_every_table_of_the_demonstration_is_described(demo):
    made = edition.load(demo / "2025")
    paths = sorted((made.folder / "tables").glob("*.parquet"))
    assert len(paths) >= 18
    silent = [
        f"{path.stem}.{column.name}"
        for path in paths
        for column in columns_module.describe(path.stem, pq.read_schema(path), made.metrics)
        if not column.meaning
    ]
    assert not silent
    assert not [path.stem for path in paths if columns_module.title(path.stem) == path.stem]


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("robustness", (*summary.COLUMNS, *summary.COMBINED)),
        ("variants", tables.VARIANTS),
        ("method_choices", tables.CHOICE_COLUMNS),
        ("weight_shares", weight_shares.COLUMNS),
        ("leave_one_out", leave_one_out.COLUMNS),
        ("set_aside", SET_ASIDE),
        ("comparison", comparison.COMPARISON),
    ],
)
def test_what_a_stage_says_of_its_columns_is_what_the_dictionary_says(name, columns):
    schema = rank_intervals.schema(columns)
    told = columns_module.describe(name, schema, ())
    assert [(c.name, c.meaning, c.unit) for c in told] == [(c.name, c.meaning, c.unit) for c in columns]


def test_columns_of_listings_that_come_to_the_located_table_keep_their_words():
    words = {column.name: column.meaning for column in LISTING}
    schema = rank_intervals.schema(
        tuple(column for column in LISTING if column.name in {"record_key", "listing_no", "year"})
    )
    assert all(column.meaning == words[column.name] for column in columns_module.describe("located", schema, ()))


def test_a_metric_is_told_in_its_own_name():
    schema = pa.schema([("trademarks_share_pct", pa.float64())])
    (column,) = columns_module.describe("ranking", schema, ["trademarks"])
    assert (column.meaning, column.unit) == ("part of the world's trademarks", "percent")
