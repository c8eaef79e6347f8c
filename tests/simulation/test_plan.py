"""What is planted follows what is published: orders, shares, economies."""

import csv
from collections import Counter

import numpy as np
import pytest

from hubrank.simulation.groups import planted_counts
from hubrank.simulation.packaged import packaged
from hubrank.simulation.places import EDITIONS, METRICS, places

LEADING_2025 = [
    "Shenzhen–Hong Kong–Guangzhou",
    "Tokyo–Yokohama",
    "San Jose–San Francisco",
    "Beijing",
    "Seoul",
    "Shanghai–Suzhou",
    "New York City",
    "London",
    "Boston–Cambridge",
    "Los Angeles",
    "Osaka–Kobe–Kyoto",
    "Paris",
    "Hangzhou",
    "San Diego",
    "Nanjing",
    "Singapore",
]


@pytest.fixture(scope="module")
def layout():
    return places(237, 2025)


@pytest.fixture(scope="module")
def share_pct(layout):
    """Return shares of the default world by edition, metric and unit."""
    table = {}
    for metric in METRICS:
        counts = planted_counts(layout, metric, 300_000)
        for e, edition in enumerate(EDITIONS):
            window = counts[:, e : e + 5].sum(axis=1)
            table[edition, metric] = 100 * window / window.sum()
    return table


@pytest.fixture(scope="module")
def scores(share_pct):
    """Return the score of each unit: in 2024 of two metrics, in 2025 of three."""
    return {e: sum(share_pct[e, m] for m in METRICS[: 2 + (e == "2025")]) for e in EDITIONS}


def ranks(score):
    return np.argsort(np.argsort(-score, kind="stable")) + 1


def test_the_leading_clusters_of_2025_stand_in_the_published_order_3_pct_apart(layout, scores):
    order = np.argsort(-scores["2025"])[:17]
    assert [layout.name[unit] for unit in order[:16]] == LEADING_2025
    ordered = scores["2025"][order]
    assert (ordered[1:16] <= ordered[:15] * 0.97).all()


def test_shenzhen_takes_the_lead_from_tokyo_only_once_deals_count(share_pct, scores):
    shenzhen, tokyo = 0, 1
    two = share_pct["2025", "patents"] + share_pct["2025", "publications"]
    assert two[tokyo] == two.max() > two[shenzhen]
    assert scores["2024"].argmax() == tokyo
    assert scores["2025"].argmax() == shenzhen


@pytest.mark.shared
def test_published_ranks_of_both_editions_come_out(shared, layout, scores):
    with (shared / "reference/published-2025-partial.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["rank"]]
    by_edition = {edition: ranks(score) for edition, score in scores.items()}
    unit = {int(r): u for u, r in enumerate(by_edition["2025"][:237])}
    first = [layout.name[unit[int(row["rank"])]].split("–")[0] for row in rows]
    assert first == [row["cluster"].split(",")[0].split("–")[0] for row in rows]
    for row in rows:
        rank = int(by_edition["2024"][unit[int(row["rank"])]])
        if row["rank_2024"].isdigit():
            assert rank == int(row["rank_2024"]), row["cluster"]
        elif row["rank_2024"] == "new":
            assert rank > 100, row["cluster"]


@pytest.mark.shared
def test_published_shares_of_2025_come_out_and_are_marked_as_published(shared, layout, share_pct):
    with (shared / "reference/published-2025-partial.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["rank"]]
    cells = {(int(row["rank"]) - 1, m): float(v) for row in rows for m in METRICS if (v := row[f"{m}_share_pct"])}
    assert len(cells) >= 8
    for (unit, metric), value in cells.items():
        assert share_pct["2025", metric][unit] == pytest.approx(value, rel=0.005)
    marked = {(u, m) for u, basis in enumerate(layout.basis) for m in METRICS if basis[f"{m}_2025"] == "published"}
    assert marked == set(cells)


@pytest.mark.shared
def test_economies_have_as_many_of_the_top_100_as_published(shared, layout, scores):
    with (shared / "reference/clusters-per-economy.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for edition, score in scores.items():
        top = np.argsort(-score)[:100]
        counted = Counter(layout.economies[unit].split("/")[0] for unit in top)
        published = {r["economy"]: int(r["clusters_in_top100"]) for r in rows if r["edition"] == edition}
        assert {economy: counted[economy] for economy in published} == published
    assert len(Counter(layout.economies[u].split("/")[0] for u in np.argsort(-scores["2025"])[:100])) == 33


def test_the_top_100_hold_the_published_parts_of_the_world(share_pct, scores):
    top = np.argsort(-scores["2025"])[:100]
    shares = {metric: share_pct["2025", metric][top].sum() for metric in METRICS}
    assert shares == pytest.approx({"patents": 70, "publications": 50, "deals": 70}, abs=1.5)
    ten = {metric: share_pct["2025", metric][:10].sum() for metric in METRICS}
    assert ten == pytest.approx({"patents": 40, "publications": 16, "deals": 35}, abs=1)


def test_one_company_holds_most_patents_of_one_cluster(layout):
    assert layout.leader_pct[layout.name.index("Ningde")] > 85


def test_clusters_across_borders_keep_their_economies(layout):
    by_name = dict(zip(layout.name, layout.economies, strict=True))
    assert by_name["Shenzhen–Hong Kong–Guangzhou"] == "CN/HK"
    assert by_name["Singapore"] == "SG/MY"
    assert by_name["Basel–Mulhouse"] == "CH/DE/FR"


def test_planned_fields_are_known_ones():
    names = {row["name"] for row in packaged("fields.csv")}
    for row in packaged("clusters.csv"):
        assert {row["patents_field"], row["publications_field"]} - {""} <= names
