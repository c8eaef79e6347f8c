"""With whom clusters share their records."""

from decimal import Decimal

import pyarrow as pa

from hubrank.ranking.tables import partners
from ranking.small_rankings import on_engine, rank_towns, records_of, row

CLUSTERS = [("zeta", ("FR",), [0, 1]), ("alpha", ("DE",), [5]), ("mid", ("DE",), [7])]


def shared(rows, folder):
    """Return records and links."""
    ranked = rank_towns(rows, CLUSTERS, ("patents",))

    def query(rounded, labels, engine):
        of_metric = records_of(ranked, rounded, labels, engine).of_metric
        return partners.cluster_records(ranked, of_metric), partners.links(ranked, of_metric, ["patents"])

    return on_engine(ranked, query, folder)


def part(record, lat, units, **more):
    """Return a listing of a record of 10 units."""
    return row("patents", record, lat, units, record_units=10, **more)


ROWS = [
    part("alone", 0, 10),
    part("inside", 0, 5, listing=1),
    part("inside", 1, 5, listing=2),
    part("two", 0, 5, listing=1),
    part("two", 5, 5, listing=2),
    part("three", 0, 12, listing=1, count=4),
    part("three", 5, 12, listing=2, count=4),
    part("three", 7, 16, listing=3, count=4),
    part("village", 0, 5, listing=1),
    part("village", 9, 5, listing=2),  # in no cluster
]


def test_a_record_has_partners_where_one_of_its_listings_lies_outside_in_a_cluster_or_not(tmp_path):
    counted, _ = shared(ROWS, tmp_path)
    columns = ("records", "records_with_partners", "with_partners_pct")
    rows = {r["cluster_id"]: tuple(r[name] for name in columns) for r in counted.to_pylist()}
    assert rows == {
        "zeta": (8, 6, Decimal("75.000000")),  # alone, inside, two, 4 × three, village
        "alpha": (5, 5, Decimal("100.000000")),
        "mid": (4, 4, Decimal("100.000000")),
    }


def test_each_pair_stands_once_the_first_of_the_alphabet_first(tmp_path):
    _, linked = shared(ROWS, tmp_path)
    assert {tuple(r.values()) for r in linked.to_pylist()} == {
        ("alpha", "zeta", "patents", 5),
        ("alpha", "mid", "patents", 4),
        ("mid", "zeta", "patents", 4),
    }
    assert linked.schema == partners.LINKS_SCHEMA


def test_main_partners_are_those_of_most_shared_records_ties_by_id(tmp_path):
    counted, linked = shared(ROWS, tmp_path)
    rows = partners.main_partners(linked, counted, most=1).to_pylist()
    assert {(r["cluster_id"], r["rank_in_cluster"], r["partner_id"], r["records"], r["share_pct"]) for r in rows} == {
        ("zeta", 1, "alpha", 5, Decimal("62.500000")),
        ("alpha", 1, "zeta", 5, Decimal("100.000000")),
        ("mid", 1, "alpha", 4, Decimal("100.000000")),
    }


def test_clusters_that_share_nothing_have_no_links(tmp_path):
    counted, linked = shared([part("a", 0, 10), part("b", 5, 10)], tmp_path)
    assert linked.num_rows == 0
    assert partners.main_partners(linked, counted).num_rows == 0
    silent = {r["cluster_id"]: r for r in counted.to_pylist()}["mid"]
    assert (silent["records"], silent["with_partners_pct"]) == (0, None)
    assert all(pa.types.is_int64(counted.schema.field(name).type) for name in ("records", "records_with_partners"))
