"""robustness.md says what its tables say."""

from decimal import Decimal

import pyarrow as pa
import pytest

from hubrank.publishers.robustness import page, publish, publish_charts

CHOICES = ("radius", "threshold", "rounding", "merging", "counting", "balance")
FACTS = {"study": {"title": "A test", "clusters": {"radius_km": 15, "min_listings": 1}}}


def variant(cluster, rank, **replaced):
    name = ", ".join(f"{choice} {level}" for choice, level in replaced.items()) or "study"
    return {"cluster_id": cluster, "variant": name, **dict.fromkeys(CHOICES, "own"), **replaced, "rank": rank}


def tables():
    """Give a a firm rank, b and c one that cannot be told apart; c is lost at 20 km, d moves 6 places by counting."""
    ids = "abcd"
    ranking = [{"rank": n, "cluster_id": i, "cluster": f"Town_{i}", "economies": "FR", "rank_low": n,
                "rank_high": n + (i == "b")} for n, i in enumerate(ids, start=1)]  # fmt: skip
    sure = [{"cluster_id": r["cluster_id"], "rank_low": r["rank_low"], "rank_high": r["rank_high"],
             "tied_with_next": r["cluster_id"] == "b"} for r in ranking]  # fmt: skip
    variants = [variant(i, n) for n, i in enumerate(ids, start=1)]
    variants += [variant(i, None if i == "c" else n, radius="20 km") for n, i in enumerate(ids, start=1)]
    variants += [variant(i, 10 if i == "d" else n, counting="full") for n, i in enumerate(ids, start=1)]
    weights = [{"cluster_id": i, "best_rank": 1, "worst_rank": 4, "draws_low": 1, "draws_high": 3} for i in ids]
    left = [{"cluster_id": "b", "left_out": "field", "name": "Optics", "rank_without": 9, "fall": 7}]
    choices = [{"choice": "radius", "moved": 0, "lost": 1, "largest_move": 0, "share_pct": Decimal("12.345678")}]
    told = {"ranking": ranking, "robustness": sure, "variants": variants, "choices": choices, "weights": weights}
    return {name: pa.Table.from_pylist(rows) for name, rows in {**told, "leave_out": left}.items()}


def section(text, head):
    return text.split(f"## {head}\n")[1].split("\n## ")[0]


def test_the_page_tells_firm_tied_and_hanging_ranks_apart():
    text = page(tables(), FACTS, note="SIMULATED")
    assert text.startswith("**SIMULATED**\n")
    firm = section(text, "Firm ranks")
    assert "1. Town\\_a" in firm
    assert "2. Town\\_b" in firm
    assert "Town\\_c" not in firm
    assert "Town\\_d" not in firm
    tied = section(text, "Groups that cannot be told apart")
    assert "2. Town\\_b (FR) to 3. Town\\_c (FR): 2 clusters" in tied
    assert "Town\\_d" not in tied
    hanging = section(text, "Ranks that hang on one choice")
    assert "3. Town\\_c (FR): radius loses it" in hanging
    assert "Town\\_b" not in hanging
    assert "4. Town\\_d (FR): counting moves it by 6 places" in hanging
    assert "| radius | 0 | 1 | 0 | 12.3 % |" in text
    assert "2. Town\\_b (FR) without the field Optics: 9" in text


def test_charts_are_the_same_bytes_each_time_and_carry_the_note(tmp_path):
    pytest.importorskip("matplotlib")
    for folder in ("one", "two"):
        publish(tmp_path / folder, tables(), FACTS)
        publish_charts(tmp_path / folder, tables(), FACTS, note="SIMULATED: made up")
    names = ["rank-intervals.svg", "rank-radius.svg", "robustness.md"]
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == names
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    for name in names[:2]:
        chart = (tmp_path / "one" / name).read_text("utf-8")
        assert "SIMULATED: made up" in chart
        assert "Town_a" in chart
        assert "<dc:date>" not in chart
