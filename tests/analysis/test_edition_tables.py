"""Tables of clusters: whole numbers of 64 bits, rows distinct by their key, whatever the order of rows."""

import pyarrow as pa
import pytest

from hubrank.analysis import edition_tables
from ranking.small_rankings import on_engine, rank_towns, records_of, row

ROWS = [
    row("patents", "a", 0, 7, organisations=["B", "A", "B"], field="Optics", economy="SG", listing=1),
    row("patents", "a", 5, 3, organisations=["B", "A", "B"], field="Optics", economy="DE", listing=2),
    row("patents", "b", 1, 10, organisations=["A"], field="Dyes", economy="MY", year=None),
    row("patents", "c", 9, 10, economy="FR"),
    row("deals", "d", 5, 10, organisations=["C"], economy="DE", count=3),
]
CLUSTERS = [("singapore", ("SG", "MY"), [0, 1]), ("berlin", ("DE",), [5])]


def tables(rows, folder):
    ranked = rank_towns(rows, CLUSTERS, ("patents", "deals"))

    def query(rounded, labels, engine):
        records = records_of(ranked, rounded, labels, engine)
        return edition_tables.tables_by_records(ranked, records, (1, 1), ranked.sites.metrics, engine)

    records = on_engine(ranked, query, folder)
    return records | edition_tables.tables_by_clusters(ranked, ranked.points, 100)


def in_order(table, key):
    return table.sort_by([(name, "ascending") for name in key]).to_pylist()


@pytest.fixture
def ranked(tmp_path):
    return tables(ROWS, tmp_path)


def test_every_table_is_there(ranked):
    assert " ".join(ranked) == (
        "profiles fields concentration cluster_records links partners economies economy_output top_shares leaders"
    )


def test_keys_tell_rows_apart(ranked):
    for name, (table, key) in ranked.items():
        keys = [tuple(line[column] for column in key) for line in table.to_pylist()]
        assert len(keys) == len(set(keys)) > 0, name


def test_no_number_is_a_float(ranked):
    for name, (table, _) in ranked.items():
        for field in table.schema:
            assert not pa.types.is_floating(field.type), f"{name}.{field.name}"
            assert not pa.types.is_integer(field.type) or pa.types.is_int64(field.type), f"{name}.{field.name}"


def test_the_order_of_rows_never_matters(ranked, tmp_path):
    again = tables(ROWS[::-1], tmp_path)
    for name, (table, key) in ranked.items():
        assert in_order(table, key) == in_order(again[name][0], key), name


def test_each_economy_of_a_cross_border_cluster_has_its_part(ranked):
    parts = [
        (line["code"], line["units"], str(line["share_pct"]))
        for line in in_order(*ranked["profiles"])
        if (line["cluster_id"], line["kind"]) == ("singapore", "economy")
    ]
    assert parts == [("MY", 10, "58.823529"), ("SG", 7, "41.176471")]
