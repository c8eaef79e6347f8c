"""The brief says what the tables say, and nothing else."""

import json
import re
import tomllib
from decimal import Decimal
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from hubrank.analysis.comparison.table import COMPARISON_SCHEMA
from hubrank.core.page_languages import languages
from hubrank.publishing import brief
from hubrank.publishing.brief.rendering import escaped
from hubrank.publishing.brief.writer import Writer, number
from hubrank.publishing.page_words import words
from hubrank.ranking.tables.areas import PAIRS_SCHEMA
from hubrank.ranking.tables.concentration import SCHEMA as CONCENTRATION_SCHEMA
from hubrank.ranking.tables.economies import COUNTS_SCHEMA
from hubrank.ranking.tables.intensity import intensity_schema
from hubrank.ranking.tables.top_shares import TOP_SHARES_SCHEMA
from hubrank.study.study import Study
from publishing.test_phones import BROKEN_WORDS

METRICS = ("patents", "deals")
READERS = {"patents": "patentsview", "deals": "crunchbase"}
MOVES = ("movers.rises", "movers.falls")
SHARE, COUNT = pa.decimal128(38, 6), pa.decimal128(38, 3)
# name, economies, shares of patents and deals in percent
TOWNS = [
    ("Shenzhen–Hong Kong", "CN/HK", "9.0", "5.5"),
    ("Tokyo", "JP", "10.1", "2.2"),
    ("San Jose, CA", "US", "3.8", "6.9"),
    ("Seoul", "KR", "5.1", "3.1"),
]


def study(**sections):
    sources = [{"metric": metric, "reader": READERS[metric], "files": "x.csv"} for metric in METRICS]
    defaults = {"title": "Clusters 2025", "edition": "2025", "sources": sources, "clusters": {"min_share_ppm": 150}}
    return {**defaults, **sections}


def manifest(**sections):
    return {
        "study": study(**sections),
        "threshold_listings": 4500,
        "clusters": 4,
        "metrics": {
            "patents": {"units": 10**12, "listings": 1000, "unlocated": 20},
            "deals": {"units": 10**11, "listings": 100, "unlocated": 0},
        },
        "sources": [{"set_aside": {"no year": 1}}, {"set_aside": {}}],
    }


def ranking(towns, **columns):
    """Rank towns by the sum of their shares of 1,000 patents and 100 deals."""
    ordered = sorted(towns, key=lambda town: -(Decimal(town[2]) + Decimal(town[3])))
    fields = [("rank", pa.int64()), *((name, pa.string()) for name in ("cluster_id", "cluster", "economies"))]
    fields += [("score_pct", SHARE)]
    fields += [field for metric in METRICS for field in ((metric, COUNT), (f"{metric}_share_pct", SHARE))]
    rows = [
        {
            "rank": rank,
            "cluster_id": name.lower(),
            "cluster": name,
            "economies": economies,
            "score_pct": Decimal(patents) + Decimal(deals),
            "patents": round(Decimal(patents) * 10, 3),
            "patents_share_pct": Decimal(patents),
            "deals": round(Decimal(deals), 3),
            "deals_share_pct": Decimal(deals),
        }
        for rank, (name, economies, patents, deals) in enumerate(ordered, start=1)
    ]
    table = pa.Table.from_pylist(rows, pa.schema(fields))
    for name, values in columns.items():
        table = table.append_column(name, pa.array(values, pa.int64()))
    return table


def moves(*rows):
    """Make COMPARISON rows of (cluster, rank, rank before, data, boundary, method[, previous rank])."""
    entries = []
    for name, rank, before, data, boundary, method, *previous in rows:
        alike = previous[0] if previous else None
        entries.append(
            {
                "rank": rank,
                "cluster_id": name.lower(),
                "cluster": name,
                "economies": "JP",
                "kind": "gone" if rank is None else "new" if before is None else "kept",
                "previous_rank": alike,
                "change": None if alike is None or rank is None else alike - rank,
                "rank_before": before,
                "move": None if None in (rank, before) else before - rank,
                "data": data,
                "boundary": boundary,
                "method": method,
                "cluster_before": None if before is None or rank is None else name,
                "kin": [],
            }
        )
    return pa.Table.from_pylist(entries, COMPARISON_SCHEMA)


SHENZHEN, TOKYO, SAN_JOSE, SEOUL = (town[0] for town in TOWNS)
MOVED = moves(
    (SHENZHEN, 1, 2, 0, 0, 1, 1),
    (TOKYO, 2, 1, 0, 0, -1, 2),
    (SAN_JOSE, 3, 6, 1, -1, 3, 3),
    (SEOUL, 4, 3, None, None, None, None),
)
OLD = {
    "study": study(
        edition="2024",
        ranking={"weights": {"patents": 1, "deals": 0}},
        clusters={"min_share_ppm": 150, "metrics": ["patents"]},
    )
}


def publish(folder, tables, edition=None, previous=None, language=None):
    """Publish a brief, verify every figure against the tables, return the texts of its sentences by key."""
    edition = edition or manifest()
    folder.mkdir(exist_ok=True)
    brief.publish(folder, tables, edition, previous=previous, language=language)
    published = json.loads((folder / "brief.json").read_text("utf-8"))
    sentences = [published["headline"], *(s for section in published["sections"] for s in section["sentences"])]
    texts = {}
    for sentence in sentences:
        check_text(sentence)
        text = "".join(part if isinstance(part, str) else part["shown"] for part in sentence["parts"])
        texts.setdefault(sentence["key"], []).append(text)
    rows = [row for section in published["sections"] for row in section["rows"]]
    for figure in (part for parts in [*(s["parts"] for s in sentences), *rows] for part in parts):
        if not isinstance(figure, str):
            check_figure(figure, tables, edition, previous, words(published["language"]))
    return texts


def check_text(sentence):
    """Let no number stand outside a figure, but rank 1 of the leader and the first 10."""
    literal = " ".join(part for part in sentence["parts"] if isinstance(part, str))
    allowed = {"lead": {"1"}, "movers": {"10"}, "places": {"10"}}.get(sentence["key"].split(".")[0], set())
    assert set(re.findall(r"\d+", literal)) <= allowed, sentence


def check_figure(figure, tables, edition, previous, of_language):
    values = [value_of(cell, tables, edition, previous) for cell in figure["cells"]]
    for cell, value in zip(figure["cells"], values, strict=True):
        assert cell["value"] == (f"{value:f}" if isinstance(value, Decimal) else value), cell
    expected = {
        "cell": lambda: values[0],
        "both": lambda: values,
        "differ": lambda: None,
        "sum": lambda: sum(values),
        "difference": lambda: values[0] - values[1],
        "count": lambda: len(values),
        "rest_pct": lambda: Decimal(100 * (values[0] - values[1])) / values[0],
    }[figure["how"]]()
    if figure["how"] == "differ":
        assert values[0] != values[1]
    assert figure["value"] == (f"{expected:f}" if isinstance(expected, Decimal) else expected)
    if isinstance(expected, int | Decimal) and not isinstance(expected, bool) and figure["shown"][:1] in "0123456789+−":
        check_shown(figure["shown"], Decimal(expected), of_language)


def check_shown(shown, exact, of_language):
    plain = re.sub(rf"[%+−\s{of_language.say('numbers.thousands')}]", "", shown)
    plain = plain.replace(of_language.say("numbers.decimals"), ".")
    step = Decimal(1).scaleb(-len(plain.partition(".")[2]))
    if "%" in shown and exact < 1 and step == 1:
        return
    assert abs(Decimal(plain) - abs(exact)) <= step / 2
    assert ("−" in shown) <= (exact < 0)


def value_of(cell, tables, edition, previous):
    if cell["table"] in tables:
        rows = [row for row in tables[cell["table"]].to_pylist() if all(row[k] == v for k, v in cell["row"].items())]
        assert len(rows) == 1, cell
        return rows[0][cell["column"]]
    assert cell["row"] == {}
    studies = {"study of edition.json": edition, "study of the previous edition.json": previous}
    section, _, key = cell["column"].partition(".")
    if cell["table"] in studies:
        settings = Study.model_validate(studies[cell["table"]]["study"])
        if cell["column"] == "clusters.metrics":
            return list(settings.density)
        weight = settings.weights.get(key, Decimal(0))
        return weight if section == "weights" else getattr(getattr(settings, section), key)
    assert cell["table"] == "edition.json"
    value = edition
    for step in cell["column"].split("."):
        value = value[int(step) if isinstance(value, list) else step]
    return value


def test_a_new_leader_is_reported_with_its_cause(tmp_path):
    texts = publish(tmp_path, {"ranking": ranking(TOWNS), "comparison": MOVED}, previous=OLD)
    assert texts["headline.taken_because"] == [
        "Shenzhen–Hong Kong takes first place from Tokyo because venture-capital deals are now counted"
    ]
    assert texts["lead.first"] == [
        (
            "Shenzhen–Hong Kong ranks first of 4 clusters with a score of 14.5 (the sum of shares of all located "
            "patents and venture-capital deals, in percent), 2.20 points ahead of Tokyo."
        )
    ]
    assert texts["lead.taken"] == ["It rises from rank 2 in the previous edition, due to the new method (+1)."]
    assert texts["lead.old_method"] == [
        "Under the previous edition's method, the same records would place Shenzhen–Hong Kong at rank 2."
    ]
    assert texts["lead.new_method"] == [
        "Under this edition's method, the previous edition's records place it at rank 1."
    ]
    assert texts["lead.former_falls"] == ["Tokyo falls from rank 1 to rank 2, due to the new method (−1)."]
    assert texts["lead.metrics"] == ["New in the method: venture-capital deals are now counted."]


def test_the_largest_part_of_the_first_is_named_by_city_and_by_area_of_the_study(tmp_path):
    columns = {"cluster_id": SHENZHEN.lower(), "largest_city": "Shenzhen"}
    shares = {"largest_city_share_pct": pa.array([Decimal("61.25")], SHARE)}
    clusters = pa.table({**{name: [value] for name, value in columns.items()}, **shares})
    areas = [(1, "CN-44", "Guangdong", "54.5"), (None, None, None, "30"), (2, "HK", "Hong Kong", "15.5")]
    rows = [
        {"cluster_rank": 1, "cluster_id": SHENZHEN.lower(), "cluster": SHENZHEN, "area_rank": rank, "area_code": code}
        | {"area": area, "listings": 1, "cluster_share_pct": Decimal(share), "is_match": False}
        for rank, code, area, share in areas
    ]
    edition = manifest() | {"areas": {"file": "regions.gpkg"}}
    tables = {
        "ranking": ranking(TOWNS),
        "clusters": clusters,
        "cluster_areas": pa.Table.from_pylist(rows, PAIRS_SCHEMA),
    }
    texts = publish(tmp_path, tables, edition)
    assert texts["lead.largest_city"] == ["The largest part of its score, 61.3\xa0%, lies in and around Shenzhen."]
    expected = "Of the areas of regions.gpkg, Guangdong has the largest part of its score, 54.5\xa0%."
    assert texts["lead.largest_area"] == [expected]
    clusters = clusters.set_column(2, "largest_city_share_pct", pa.array([Decimal(100)], SHARE))
    texts = publish(tmp_path, {"ranking": ranking(TOWNS), "clusters": clusters}, edition)
    assert not {"lead.largest_city", "lead.largest_area"} & texts.keys(), "all of it is in one city"
    rows[0]["cluster_share_pct"] = Decimal(100)
    whole = pa.Table.from_pylist(rows[:1], PAIRS_SCHEMA)
    assert "lead.largest_area" not in publish(tmp_path, {**tables, "cluster_areas": whole}, edition)


def test_a_metric_that_no_longer_counts_is_reported(tmp_path):
    tables = {"ranking": ranking(TOWNS), "comparison": MOVED}
    texts = publish(tmp_path, tables, manifest(**OLD["study"]), previous=manifest())
    assert texts["lead.metrics"] == ["New in the method: venture-capital deals are no longer counted."]


@pytest.mark.parametrize(
    ("sections", "name"),
    [
        ({"clusters": {"min_share_ppm": 150, "radius_km": 12, "metrics": ["patents"]}}, "[clusters] radius_km"),
        ({"points": {"round_deg": 0.1}}, "[points] round_deg"),
    ],
)
def test_a_cause_is_not_claimed_where_more_than_the_metrics_changed(tmp_path, sections, name):
    previous = {"study": {**OLD["study"], **sections}}
    texts = publish(tmp_path, {"ranking": ranking(TOWNS), "comparison": MOVED}, previous=previous)
    assert texts["headline.taken"] == ["Shenzhen–Hong Kong takes first place from Tokyo"]
    assert texts["lead.settings"] == [f"Settings that differ from the previous edition's: {name}."]


def test_other_weights_and_another_density_are_changes_of_method(tmp_path):
    previous = {"study": study(ranking={"weights": {"patents": 2, "deals": 1}})}
    previous["study"]["clusters"] = {"min_share_ppm": 150, "metrics": ["patents"]}
    texts = publish(tmp_path, {"ranking": ranking(TOWNS), "comparison": MOVED}, previous=previous)
    names = "[clusters] metrics and [ranking] weights.patents"
    assert texts["lead.settings"] == [f"Settings that differ from the previous edition's: {names}."]
    assert "lead.metrics" not in texts


@pytest.mark.parametrize(
    "sections",
    [
        {"naming": {"tokyo-jp": [1850147]}},
        {"windows": {"deals": [2020, 2024]}},
        {"metrics": {"deals": {"label": "Deals"}}},
    ],
)
def test_what_only_one_of_two_studies_states_is_no_change_of_method(tmp_path, sections):
    tables = {"ranking": ranking(TOWNS), "comparison": MOVED}
    texts = publish(tmp_path, tables, manifest(**sections), previous=OLD)
    assert "lead.settings" not in texts


def test_a_cause_is_not_claimed_where_records_made_the_change(tmp_path):
    rows = moves((SHENZHEN, 1, 2, 1, 0, 0, 2), (TOKYO, 2, 1, -1, 0, 0, 1))
    texts = publish(tmp_path, {"ranking": ranking(TOWNS[:2]), "comparison": rows}, previous=OLD)
    assert texts["headline.taken"] == ["Shenzhen–Hong Kong takes first place from Tokyo"]
    assert texts["lead.taken"] == ["It rises from rank 2 in the previous edition, due to new records (+1)."]
    assert "lead.old_method" not in texts


def test_records_that_are_located_otherwise_are_not_called_new(tmp_path):
    rows = moves((SHENZHEN, 1, 2, 1, 0, 0, 2), (TOKYO, 2, 1, -1, 0, 0, 1))
    tables = {"ranking": ranking(TOWNS[:2]), "comparison": rows}
    unlike = {"geocoding": {"corrections": "mended.csv"}}
    changed = {**manifest(**unlike), "corrections": {"file": "mended.csv"}}
    changed["inputs"] = [{"name": "mended.csv", "sha256": "ab"}]
    texts = publish(tmp_path, tables, changed, previous=manifest())
    because = "records and where they were located (+1)"
    assert texts["lead.taken"] == [f"It rises from rank 2 in the previous edition, due to {because}."]
    for each in (changed, earlier := manifest()):
        each["sources"] = [source | {"files_sha256": "cd"} for source in each["sources"]]
    texts = publish(tmp_path, tables, changed, previous=earlier)
    assert texts["lead.taken"] == [
        "It rises from rank 2 in the previous edition, due to places located otherwise (+1)."
    ]


def test_risers_and_fallers_come_with_their_causes_the_largest_first(tmp_path):
    texts = publish(tmp_path, {"ranking": ranking(TOWNS), "comparison": MOVED}, previous=OLD)
    assert texts["movers.rises"] == [
        (
            "San Jose, CA rises from rank 6 to rank 3, due to the new method (+3); new records (+1) and "
            "new, lost or changed clusters (−1)."
        ),
        "Shenzhen–Hong Kong rises from rank 2 to rank 1, due to the new method (+1).",
    ]
    assert texts["movers.falls"] == [
        "Tokyo falls from rank 1 to rank 2, due to the new method (−1).",
        "Seoul falls from rank 3 to rank 4.",
    ]
    assert len(texts["movers.basis"]) == 1
    assert "movers.by_one_method" not in texts


def test_a_move_comes_with_the_ranks_that_the_cluster_may_have(tmp_path):
    """Rose from 2 to 1 is no news where both ranks are possible."""
    rows = moves((SHENZHEN, 1, 2, 1, 0, 0, 1), (TOKYO, 2, 1, -1, 0, 0, 2), (SAN_JOSE, 3, 6, 3, 0, 0, 3))
    table = ranking(TOWNS[:3], rank_low=[1, 2, 2], rank_high=[2, 2, 4])
    texts = publish(tmp_path, {"ranking": table, "comparison": rows})
    assert texts["movers.rises"] == [
        "San Jose, CA rises from rank 6 to rank 3 (possible ranks 2–4), due to new records (+3).",
        (
            "Shenzhen–Hong Kong rises from rank 2 to rank 1 (possible ranks 1–2, the earlier one among them: this may "
            "be chance), due to new records (+1)."
        ),
    ]
    assert texts["movers.falls"] == ["Tokyo falls from rank 1 to rank 2, due to new records (−1)."]


def test_a_move_between_intervals_with_a_common_rank_may_be_chance(tmp_path):
    """The earlier rank has a doubt of its own: from 3 (3–4) to 1 (1–2) is news, from 3 (2–5) to 1 (1–2) is none."""
    for earlier, expected in (((3, 4), False), ((2, 5), True), ((None, None), False)):
        rows = with_earlier_intervals(moves((SHENZHEN, 1, 3, 2, 0, 0, 1)), earlier)
        table = ranking(TOWNS[:1], rank_low=[1], rank_high=[2])
        texts = publish(tmp_path, {"ranking": table, "comparison": rows})
        before = "" if earlier[0] is None else f", previously {earlier[0]}–{earlier[1]}"
        printed = f"(possible ranks 1–2{before}{': this may be chance' if expected else ''})"
        rise = f"Shenzhen–Hong Kong rises from rank 3 to rank 1 {printed}, due to new records (+2)."
        assert texts["movers.rises"] == [rise]


def test_a_cluster_that_continues_one_of_another_name_says_whose_rank_it_had(tmp_path):
    """Philadelphia had rank 23: the rank 17 from which its cluster came was Malvern's."""
    rows = moves((SHENZHEN, 1, 1, 0, 0, 0), (TOKYO, 2, 3, 0, 1, 0), ("Yokohama", None, 7, None, None, None)).to_pylist()
    rows[1] |= {"cluster_before": "Kawasaki", "kind": "joined", "kin": ["kawasaki", "yokohama"]}
    rows[2] |= {"kind": "absorbed", "kin": [TOKYO.lower()]}
    tables = {"ranking": ranking(TOWNS[:2]), "comparison": pa.Table.from_pylist(rows, COMPARISON_SCHEMA)}
    texts = publish(tmp_path, tables)
    assert texts["movers.continues_up"] == [
        (
            "Tokyo continues Kawasaki (rank 3 in the previous edition) with Yokohama (rank 7) and rises to rank 2, due "
            "to new, lost or changed clusters (+1)."
        )
    ]
    assert "movers.rises" not in texts


def with_scores(rows, *scores):
    """Return COMPARISON rows with (score before, score), in percent."""
    pairs = zip(rows.to_pylist(), scores, strict=True)
    return [row | {"score_before_pct": Decimal(old), "score_pct": Decimal(new)} for row, (old, new) in pairs]


def test_the_largest_gains_and_losses_of_score_come_with_both_scores(tmp_path):
    """San Francisco lost 12 points and stayed first: no rank says so."""
    rows = moves((SHENZHEN, 1, 1, 0, 0, 0), (TOKYO, 2, 3, 1, 0, 0), (SAN_JOSE, 3, 2, -1, 0, 0), (SEOUL, 4, 4, 0, 0, 0))
    rows = with_scores(rows, ("40.486726", "28.412579"), ("7.924377", "11.325786"), ("9", "9.001"), ("5", "5"))
    table = ranking(TOWNS[:4])
    same = {"study": study(edition="2024")}
    texts = publish(
        tmp_path, {"ranking": table, "comparison": pa.Table.from_pylist(rows, COMPARISON_SCHEMA)}, previous=same
    )
    assert texts["movers.gains"] == ["Largest gains of score, in points: Tokyo +3.40 (from 7.92 to 11.33)."]
    assert texts["movers.losses"] == [
        "Largest losses of score, in points: Shenzhen–Hong Kong −12.07 (from 40.49 to 28.41)."
    ]
    lost = moves(("Yokohama", None, 9, None, None, None)).to_pylist()[0] | {"kind": "absorbed", "kin": [TOKYO.lower()]}
    rows[1] |= {"kind": "joined"}
    joined = pa.Table.from_pylist([*rows, lost], COMPARISON_SCHEMA)
    texts = publish(tmp_path, {"ranking": table, "comparison": joined}, previous=same)
    assert "movers.gains" not in texts, "it did not gain what the other had"
    other = {"study": study(edition="2024", ranking={"weights": {"patents": 1, "deals": 0}})}
    texts = publish(tmp_path, {"ranking": table, "comparison": joined}, previous=other)
    assert not {"movers.gains", "movers.losses"} & texts.keys(), "scores are sums of other shares"


def test_an_earlier_interval_makes_a_rank_that_is_certain_now_no_certain_move(tmp_path):
    rows = moves((SHENZHEN, 1, 2, 1, 0, 0, 1), (TOKYO, 2, 1, -1, 0, 0, 2))
    rows = with_earlier_intervals(rows, (2, 2), (1, 2))
    table = ranking(TOWNS[:2], rank_low=[1, 2], rank_high=[1, 2])
    texts = publish(tmp_path, {"ranking": table, "comparison": rows})
    assert texts["movers.falls"] == [
        (
            "Tokyo falls from rank 1 to rank 2 (possible ranks 2, previously 1–2: this may be chance), due to new "
            "records (−1)."
        )
    ]


def with_earlier_intervals(rows, *intervals):
    """Return COMPARISON rows with the intervals that the earlier edition had, in their order."""
    pairs = zip(rows.to_pylist(), intervals, strict=True)
    bounds = [row | {"rank_before_low": low, "rank_before_high": high} for row, (low, high) in pairs]
    return pa.Table.from_pylist(bounds, COMPARISON_SCHEMA)


def test_who_may_be_first_by_chance_takes_nothing_from_the_former_first(tmp_path):
    rows = moves((SHENZHEN, 1, 2, 1, 0, 0, 1), (TOKYO, 2, 1, -1, 0, 0, 2))
    for earlier, expected in (
        ([(2, 2), (1, 1)], "taken"),
        ([(1, 2), (1, 2)], "first"),
    ):
        table = ranking(TOWNS[:2], rank_low=[1, 2], rank_high=[1, 2])
        texts = publish(tmp_path, {"ranking": table, "comparison": with_earlier_intervals(rows, *earlier)})
        assert f"headline.{expected}" in texts
    assert texts["lead.taken"] == [
        "It rises from rank 2 in the previous edition (this may be chance), due to new records (+1)."
    ]
    assert texts["lead.former_falls"] == [
        "Tokyo falls from rank 1 to rank 2 (this may be chance), due to new records (−1)."
    ]


def test_new_in_the_top_ten_is_what_was_behind_it_and_is_in_it_for_certain(tmp_path):
    towns = [(f"t{i}", "FR", str(20 - i), "1") for i in range(1, 13)]
    ranks = [1, 2, 3, 4, 5, 6, 7, 12, 11, None, 8, 9]
    rows = moves(*((f"t{i}", i, rank, 0 if rank else None, 0, 0) for i, rank in enumerate(ranks, start=1)))
    low, high = [1, 2, 3, 4, 5, 6, 7, 8, 8, 9, 11, 9], [1, 2, 3, 4, 5, 6, 7, 9, 12, 11, 12, 12]
    earlier = [(i, i) for i in range(1, 8)] + [(11, 12), (11, 12), (None, None), (8, 9), (8, 11)]
    table = ranking(towns, rank_low=low, rank_high=high)
    texts = publish(tmp_path, {"ranking": table, "comparison": with_earlier_intervals(rows, *earlier)})
    assert texts["movers.entering"] == [
        (
            "New in the top 10: t8 (8, previously 12); t9 (9, previously 11; this may be chance) and t10 (10, not a "
            "cluster of its own in the previous edition; this may be chance)."
        )
    ]
    assert texts["movers.leaving"] == [
        "No longer in the top 10: t11 (11, previously 8) and t12 (12, previously 9; this may be chance)."
    ]


def test_moves_that_may_be_chance_come_last_however_large(tmp_path):
    towns = [(f"t{i}", "FR", str(9 - i), "1") for i in range(1, 9)]
    risen, fallen = [("t5", 5, 9), ("t2", 2, 4), ("t3", 3, 8)], [("t7", 7, 2), ("t4", 4, 3)]
    table = ranking(towns, rank_low=[1, 1, 3, 3, 5, 6, 6, 8], rank_high=[1, 3, 9, 4, 6, 9, 8, 8])
    expected = [("t5", False), ("t2", False), ("t7", False), ("t3", True), ("t4", True)]
    assert _moved(tmp_path, table, [*risen, *fallen]) == expected
    other = [("t6", 6, 10)]  # one more that rises for certain takes the third place among those that rise
    expected = [("t5", False), ("t6", False), ("t2", False), ("t7", False), ("t4", True)]
    assert _moved(tmp_path, table, [*risen, *other, *fallen]) == expected


def _moved(folder, table, rows):
    """Return the towns that the brief says moved, in its order, each with whether that may be chance."""
    new = [(f"t{rank}", rank, None, None, None, None) for rank in {*range(1, 9)} - {rank for _, rank, _ in rows}]
    moved = [(name, rank, before, before - rank, 0, 0) for name, rank, before in rows]
    publish(folder, {"ranking": table, "comparison": moves(*moved, *new)})
    sections = json.loads((folder / "brief.json").read_text("utf-8"))["sections"]
    every = [each["parts"] for part in sections for each in part["sentences"] if each["key"] in MOVES]
    texts = ["".join(part if isinstance(part, str) else part["shown"] for part in parts) for parts in every]
    return [(text.split()[0], "may be chance" in text) for text in texts]


def test_several_that_moved_as_much_are_counted_not_named(tmp_path):
    rows = moves((SHENZHEN, 1, 1, 0, 0, 0, 3), (TOKYO, 2, 2, 0, 0, 0, 1), (SAN_JOSE, 3, 3, 0, 0, 0, 2))
    texts = publish(tmp_path, {"ranking": ranking(TOWNS[:3]), "comparison": rows})
    assert texts["movers.by_one_method"] == [
        (
            "When the records of both editions are ranked by this edition's method, the largest rise is 2 "
            "(Shenzhen–Hong Kong, to rank 1) and the largest fall is 1 (2 clusters)."
        )
    ]


def test_a_leader_that_stays_a_leader_that_is_new_and_one_that_is_gone(tmp_path):
    tables = {"ranking": ranking(TOWNS[:2])}
    unchanged = publish(tmp_path, tables | {"comparison": moves((SHENZHEN, 1, 1, 0, 0, 0), (TOKYO, 2, 2, 0, 0, 0))})
    assert unchanged["headline.kept"] == ["Shenzhen–Hong Kong remains in first place"]
    assert unchanged["lead.kept"] == ["It was also first in the previous edition."]
    new = moves((SHENZHEN, 1, None, None, None, None), (TOKYO, 2, 2, 0, 0, 0), ("Osaka", None, 1, None, None, None))
    entered = publish(tmp_path, tables | {"comparison": new})
    assert entered["headline.entered"] == ["Shenzhen–Hong Kong enters the ranking in first place"]
    below = "Osaka, first in the previous edition, is below the threshold of 4,500 listings now."
    assert entered["lead.former_gone"] == [below]
    kind = new.column_names.index("kind")
    absorbed = new.set_column(kind, "kind", pa.array(["new", "kept", "absorbed"]))
    texts = publish(tmp_path, tables | {"comparison": absorbed})
    assert texts["lead.former_absorbed"] == ["Osaka, first in the previous edition, is no longer a separate cluster."]


def test_a_leader_under_another_name_is_named_by_both(tmp_path):
    row = moves((SHENZHEN, 1, 1, 0, 0, 0)).to_pylist()[0] | {"cluster_before": "Shenzhen"}
    rows = pa.Table.from_pylist([row, *moves((TOKYO, 2, 2, 0, 0, 0)).to_pylist()], COMPARISON_SCHEMA)
    texts = publish(tmp_path, {"ranking": ranking(TOWNS[:2]), "comparison": rows})
    assert texts["lead.kept_renamed"] == ["It continues Shenzhen, which was first in the previous edition."]


def test_without_a_previous_edition_the_brief_mentions_no_change(tmp_path):
    texts = publish(tmp_path, {"ranking": ranking(TOWNS)})
    assert texts["headline.first"] == ["Shenzhen–Hong Kong ranks first"]
    assert texts["caveats.no_previous"] == ["There is no previous edition for comparison."]
    assert not [key for key in texts if key.startswith("movers.")]
    text = (tmp_path / "brief.md").read_text("utf-8")
    assert text.count("revious") == 1
    assert "| 3 | San Jose, CA | US | 10.7 | 3.8 % | 6.9 % |" in text


def test_a_single_cluster_reads_well(tmp_path):
    texts = publish(tmp_path, {"ranking": ranking(TOWNS[:1])})
    assert texts["headline.only"] == ["Shenzhen–Hong Kong is the only cluster"]
    assert texts["lead.only"] == [
        (
            "Shenzhen–Hong Kong has a score of 14.5 (the sum of shares of all located patents and venture-capital "
            "deals, in percent); no other area is dense enough to form a cluster."
        )
    ]
    text = (tmp_path / "brief.md").read_text("utf-8")
    assert "|" not in text
    assert "closest" not in text


def test_no_cluster_at_all_reads_well(tmp_path):
    texts = publish(tmp_path, {"ranking": ranking([]), "comparison": moves((TOKYO, None, 1, None, None, None))})
    assert texts["headline.none"] == ["No area is dense enough to form a cluster"]
    assert texts["lead.none"] == ["No area reaches the 4,500 listings within 15 km that a cluster requires."]
    assert not [key for key in texts if key.split(".")[0] in {"movers", "places", "leaders", "intensity"}]


def test_equal_scores_at_the_top_are_called_equal(tmp_path):
    towns = [("a", "FR", "1", "2"), ("b", "DE", "2", "1"), ("c", "FR", "0", "1")]
    texts = publish(tmp_path, {"ranking": ranking(towns)})
    assert texts["headline.level"] == ["a and b have equal scores"]
    assert texts["lead.level"][0].startswith("They score 3.0, equal to six decimals;")
    assert texts["caveats.equal"] == [
        "a (rank 1) and b (rank 2) have equal scores: further decimals, or the rule for ties, decide their order."
    ]
    assert "caveats.close" not in texts


def test_all_of_equal_scores_at_the_top_are_named(tmp_path):
    """Two of four would make two of them first."""
    towns = [(name, "FR", "1", "1") for name in "abcdefg"]
    of_four = publish(tmp_path, {"ranking": ranking(towns[:4])})
    assert of_four["headline.level"] == ["a, b, c and d have equal scores"]
    assert publish(tmp_path, {"ranking": ranking(towns)})["headline.level"] == [
        "a, b, c, d, e and 2 more have equal scores"
    ]


def test_the_years_of_which_records_count_are_stated(tmp_path):
    windows = {"patents": [2020, 2024], "deals": [2024, 2024]}
    texts = publish(tmp_path, {"ranking": ranking(TOWNS)}, manifest(windows=windows))
    assert texts["caveats.years"] == ["Years counted: patents 2020–2024 and venture-capital deals 2024."]
    assert "caveats.years" not in publish(tmp_path, {"ranking": ranking(TOWNS)})


def scored(comparison, *scores):
    return comparison.set_column(
        comparison.column_names.index("score_pct"), COMPARISON_SCHEMA.field("score_pct"), [pa.array(scores, SHARE)]
    )


def test_nothing_is_said_to_have_moved_clusters_of_equal_scores_past_each_other(tmp_path):
    towns = [("d", "FR", "4", "2"), ("a", "FR", "1", "2"), ("b", "DE", "2", "1"), ("c", "FR", "0", "1")]
    rows = [("d", 1, 1, 0, 0, 0, 1), ("a", 2, 3, 1, 0, 0, 3), ("b", 3, 2, -1, 0, 0, 2), ("c", 4, 4, 0, 0, 0, 4)]
    scores = [Decimal(score) for score in ("6", "3", "3", "1")]
    tables = {"ranking": ranking(towns), "comparison": scored(moves(*rows), *scores)}
    texts = publish(tmp_path, tables, previous=OLD)
    assert not {"movers.rises", "movers.falls", "movers.by_one_method", "movers.none"} & texts.keys()
    apart = {**tables, "comparison": scored(moves(*rows), *scores[:2], Decimal(2), scores[3])}
    assert publish(tmp_path / "apart", apart, previous=OLD)["movers.rises"] == [
        "a rises from rank 3 to rank 2, due to new records (+1)."
    ]


def test_a_first_of_equal_scores_is_not_said_to_have_risen(tmp_path):
    towns = [("a", "FR", "1", "2"), ("b", "DE", "2", "1"), ("c", "FR", "0", "1")]
    rows = [("a", 1, 2, 1, 0, 0, 2), ("b", 2, 1, -1, 0, 0, 1), ("c", 3, 3, 0, 0, 0, 3)]
    comparison = scored(moves(*rows), Decimal(3), Decimal(3), Decimal(1))
    texts = publish(tmp_path, {"ranking": ranking(towns), "comparison": comparison}, previous=OLD)
    assert not {"lead.taken", "lead.former_falls", "lead.old_method", "movers.rises"} & texts.keys()
    assert texts["lead.metrics"]


def test_the_top_is_spoken_of_where_the_ranking_is_longer(tmp_path):
    towns = [(f"t{i}", "FR", str(9 - i), "1") for i in range(1, 5)]
    texts = publish(tmp_path, {"ranking": ranking(towns)}, manifest(ranking={"top": 3}))
    assert texts["caveats.close"] == ["The closest neighbours in the top 3 are t1 and t2, 1.00 points apart."]
    assert "top 100" not in str(publish(tmp_path, {"ranking": ranking(towns)}))


def test_equal_leaders_of_a_metric_are_all_named(tmp_path):
    towns = [("a", "FR", "2", "2"), ("b", "DE", "2", "1"), ("c", "FR", "1", "0")]
    assert publish(tmp_path, {"ranking": ranking(towns)})["leaders.most"] == [
        "Most patents: a and b, with 20, which is 2.0\xa0% of all that are located.",
        "Most venture-capital deals: a, with 2, which is 2.0\xa0% of all that are located.",
    ]


@pytest.mark.parametrize(
    ("readers", "noun"),
    [
        (["uspto_xml"], "patents"),
        (["patentsview"], "patents"),
        (["epo_xml"], "patent applications"),
        (["epo_xml", "regpat"], "patent applications"),
        (["epo_xml", "uspto_xml"], "patents"),
        (["table"], "patents"),
        (["of_another_package"], "patents"),
        (["epo_xml", "table"], "patents"),
    ],
)
def test_patents_are_called_what_their_readers_count(tmp_path, readers, noun):
    sources = [{"metric": "patents", "reader": reader, "files": "x"} for reader in readers]
    sources += [{"metric": "deals", "reader": "table", "files": "x"}]
    texts = publish(tmp_path, {"ranking": ranking([("a", "FR", "2", "2")])}, manifest(sources=sources))
    assert texts["leaders.most"][0].startswith(f"Most {noun}: a, with")


@pytest.mark.parametrize(
    ("reader", "language", "noun"),
    [
        ("crunchbase", "en", "venture-capital deals"),
        ("table", "en", "deals"),
        ("table", "de", "Transaktionen"),
        ("crunchbase", "de", "Risikokapitalrunden"),
    ],
)
def test_deals_of_a_table_are_of_no_kind(tmp_path, reader, language, noun):
    sources = [{"metric": metric, "reader": reader, "files": "x"} for metric in METRICS]
    texts = publish(
        tmp_path, {"ranking": ranking([("a", "FR", "2", "2")])}, manifest(sources=sources), language=language
    )
    assert f"{noun}: a" in " ".join(texts["leaders.most"])


def test_clusters_of_one_name_are_distinguished_by_their_economies(tmp_path):
    towns = [("Cambridge", "GB", "3", "1"), ("Boston", "US", "2", "1"), ("Cambridge", "US", "1", "9")]
    table = ranking(towns)
    ids = [f"{row['cluster']}-{row['economies']}".lower() for row in table.to_pylist()]
    table = table.set_column(1, "cluster_id", pa.array(ids))
    texts = publish(tmp_path, {"ranking": table})
    assert texts["headline.first"] == ["Cambridge (United States) ranks first"]
    assert texts["leaders.most"][0].startswith("Most patents: Cambridge (United Kingdom), with")


def test_a_gap_too_small_for_two_decimals_keeps_its_first_digit(tmp_path):
    texts = publish(tmp_path, {"ranking": ranking([("Wuhan", "CN", "1.0009", "1"), ("Hangzhou", "CN", "1", "1")])})
    assert texts["caveats.close"][0].endswith("Wuhan and Hangzhou, 0.0009 points apart.")


def test_entries_and_exits_of_the_first_ten(tmp_path):
    towns = [(f"t{i:02}", "FR", str(50 - i), "1") for i in range(1, 13)]
    rows = moves(
        *((f"t{i:02}", i, i + 1, 1, 0, 0) for i in range(1, 9)),
        ("t09", 9, None, None, None, None),
        ("t10", 10, 12, 2, 0, 0),
        ("t11", 11, 10, 0, 0, -1),
        ("t12", 12, 11, -1, 0, 0),
        ("t00", None, 1, None, None, None),
    )
    texts = publish(tmp_path, {"ranking": ranking(towns), "comparison": rows})
    assert texts["movers.entering"] == [
        "New in the top 10: t09 (9, not a cluster of its own in the previous edition) and t10 (10, previously 12)."
    ]
    lost = "t00 (previously 1, now below the threshold of 4,500 listings)"
    assert texts["movers.leaving"] == [f"No longer in the top 10: {lost} and t11 (11, previously 10)."]


def test_where_nothing_moves_the_brief_says_so(tmp_path):
    towns = [(f"t{i:02}", "FR", str(50 - i), "1") for i in range(1, 13)]
    rows = moves(*((f"t{i:02}", i, i, 0, 0, 0, i) for i in range(1, 13)))
    texts = publish(tmp_path, {"ranking": ranking(towns), "comparison": rows})
    assert texts["movers.none"] == ["No cluster changes its rank."]
    assert not texts.keys() & {"movers.entering", "movers.leaving", "movers.by_one_method"}


def test_rank_intervals_are_reported_where_there_are_any(tmp_path):
    columns = {"rank_low": [1, 1, 3, 4], "rank_high": [2, 2, 3, 4]}
    texts = publish(tmp_path, {"ranking": ranking(TOWNS, **columns)})
    assert texts["caveats.interval"] == [
        (
            "The 90\xa0% rank interval (counts) spans more than one rank for 2 of the clusters; for Shenzhen–Hong Kong "
            "it is 1–2."
        )
    ]
    text = (tmp_path / "brief.md").read_text("utf-8")
    assert "| Rank | 90 % rank interval (counts) | Cluster |" in text
    assert "| 1 | 1–2 | Shenzhen–Hong Kong |" in text
    assert "| 4 | 4 | Seoul |" in text, "an interval of one rank is written as on the pages"
    assert "caveats.no_interval" in publish(tmp_path, {"ranking": ranking(TOWNS)})
    columns |= {"rank_low_places": [1, 1, 2, 4], "rank_high_places": [3, 3, 3, 4]}
    texts = publish(tmp_path, {"ranking": ranking(TOWNS, **columns)})
    assert "rank interval (counts and places) spans more than one rank for 3 of" in texts["caveats.interval"][0]
    text = (tmp_path / "brief.md").read_text("utf-8")
    assert "| Rank | 90 % rank interval (counts and places) | Cluster |" in text
    assert "| 1 | 1–3 | Shenzhen–Hong Kong |" in text


def test_headline_and_lead_say_which_other_ranks_the_first_may_have(tmp_path):
    columns = {"rank_low": [1, 1, 3, 4], "rank_high": [2, 2, 3, 4]}
    tied = pa.table({"cluster_id": [SHENZHEN.lower()], "tied_until": [2]})
    texts = publish(tmp_path, {"ranking": ranking(TOWNS, **columns), "robustness": tied})
    assert texts["headline.first"] == ["Shenzhen–Hong Kong ranks first (possible ranks 1–2)"]
    assert texts["lead.interval"] == ["Its 90\xa0% rank interval (counts) is 1–2."]
    assert texts["lead.tied"] == ["Ranks 1 to 2 are not statistically distinguishable: their order may be chance."]
    columns |= {"rank_low_places": [1, 1, 2, 4], "rank_high_places": [3, 3, 3, 4]}
    texts = publish(tmp_path, {"ranking": ranking(TOWNS, **columns), "robustness": tied})
    assert texts["lead.interval"] == ["Its 90\xa0% rank interval (counts and places) is 1–3."]
    assert "lead.tied" not in texts, "by counts alone, which would leave out the third"
    sure = {"rank_low": [1, 2, 3, 4], "rank_high": [1, 2, 3, 4]}
    alone = pa.table({"cluster_id": [SHENZHEN.lower()], "tied_until": [1]})
    texts = publish(tmp_path, {"ranking": ranking(TOWNS, **sure), "robustness": alone})
    assert texts["headline.first"] == ["Shenzhen–Hong Kong ranks first"]
    assert not texts.keys() & {"lead.interval", "lead.tied"}


def economies(*rows):
    names = ("level", "code", "name", "clusters_top", "best_rank")
    counts = [dict(zip(names, row, strict=True)) for row in rows]
    return pa.Table.from_pylist(
        [row | {"within": "World", "clusters": row["clusters_top"], "cross_border": 0} for row in counts], COUNTS_SCHEMA
    )


def test_economies_and_regions_are_counted_with_a_remark_on_borders(tmp_path):
    table = economies(
        ("economy", "JP", "Japan", 1, 2),
        ("economy", "US", "United States", 1, 3),
        ("economy", "CN", "China", 1, 1),
        ("economy", "HK", "Hong Kong", 1, 1),
        ("economy", "KR", "Republic of Korea", 1, 4),
        ("economy", "NA", "Namibia", 0, 120),
        ("region", "Asia", "Asia", 3, 1),
        ("region", "Americas", "Americas", 1, 3),
    )
    texts = publish(tmp_path, {"ranking": ranking(TOWNS), "economies": table})
    assert texts["places.economy"] == [
        (
            "Clusters by economy, of 5 in all: "
            "China (1), Hong Kong (1), Japan (1), United States (1) and Republic of Korea (1)."
        )
    ]
    assert texts["places.region"] == ["By region: Asia (3) and Americas (1)."]
    assert texts["places.borders"] == [
        "A cluster that crosses a border counts once in each of its economies and regions."
    ]


def test_where_there_is_one_economy_or_region_only_it_is_not_counted(tmp_path):
    table = economies(
        ("economy", "US", "United States", 3, 1),
        ("economy", "CA", "Canada", 1, 2),
        ("region", "Americas", "Americas", 4, 1),
    )
    texts = publish(tmp_path, {"ranking": ranking(TOWNS), "economies": table})
    assert texts["places.economy"] == ["Clusters by economy, of 2 in all: United States (3) and Canada (1)."]
    assert "places.region" not in texts
    texts = publish(tmp_path, {"ranking": ranking(TOWNS), "economies": table.slice(0, 1)})
    assert "places.economy" not in texts


def test_economies_level_with_one_that_is_left_out_are_left_out_too(tmp_path):
    rows = [("economy", code, code, 2, rank) for rank, code in enumerate(("FR", "DE", "IT", "ES", "PT", "NL"), start=2)]
    table = economies(("economy", "US", "United States", 9, 1), *rows)
    texts = publish(tmp_path, {"ranking": ranking(TOWNS), "economies": table})
    assert texts["places.economy"] == ["Clusters by economy, of 7 in all: United States (9)."]


def test_intensity_top_shares_and_one_company_clusters(tmp_path):
    people = [
        {
            "cluster_id": town[0].lower(),
            "population": 10**6,
            "people_per_km2": Decimal(4000),
            "patents_per_million": Decimal(435),
            "deals_per_million": Decimal("2.59"),
            "score_pct_per_million": Decimal(1),
            "intensity_rank": rank,
            "intensity_rank_low": max(1, rank - 1),
            "intensity_rank_high": rank + 1,
        }
        for rank, town in enumerate(reversed(TOWNS), start=1)
    ]
    shares = [{"metric": metric, "top": 2, "units": 1, "share_pct": Decimal("19.1")} for metric in METRICS]
    alone = {
        "cluster_id": "seoul",
        "metric": "all",
        "organisations": 3,
        "leader": "Samsung <b>",
        "one_organisation": True,
    }
    tables = {
        "ranking": ranking(TOWNS),
        "intensity": pa.Table.from_pylist(people, intensity_schema(METRICS)),
        "top_shares": pa.Table.from_pylist(shares, TOP_SHARES_SCHEMA),
        "concentration": pa.Table.from_pylist([alone | {"leader_share_pct": Decimal("61.25")}], CONCENTRATION_SCHEMA),
    }
    texts = publish(tmp_path, tables, manifest(ranking={"top": 2}))
    first = TOWNS[-1][0]
    assert texts["intensity.open"] == [f"Counts alone leave the ranks 1 to 2 per inhabitant open to {first}."]
    assert texts["intensity.most"] == [
        "Highest scores per inhabitant, in order: Seoul; San Jose, CA; Tokyo and Shenzhen–Hong Kong."
    ]
    assert texts["intensity.counts"] == [
        ("Per million inhabitants, Seoul has 435 patents and 2.6 venture-capital deals over the years counted.")
    ]
    assert texts["places.top_shares"] == [
        "The top 2 clusters account for 19.1\xa0% of patents and 19.1\xa0% of venture-capital deals."
    ]
    assert "organisations.one" not in texts
    texts = publish(tmp_path, tables)
    assert texts["organisations.one"] == [
        "In Seoul, one organisation, Samsung <b>, accounts for 61.3\xa0% of the score."
    ]


def test_nothing_is_said_of_who_has_half_of_fewer_than_ten_records(tmp_path):
    small = [("Small", "JP", "0.9", "0.9"), ("Enough", "JP", "0.9", "1.0")]  # 9.9 and 10 records
    rows = [
        {
            "cluster_id": name,
            "metric": "all",
            "leader": name,
            "leader_share_pct": Decimal(100),
            "one_organisation": True,
        }
        for name in ("small", "enough")
    ]
    tables = {"ranking": ranking(small), "concentration": pa.Table.from_pylist(rows, CONCENTRATION_SCHEMA)}
    assert publish(tmp_path, tables)["organisations.one"] == [
        "In Enough, one organisation, enough, accounts for 100.0\xa0% of the score."
    ]


def test_what_was_not_located_or_not_used_is_reported(tmp_path):
    texts = publish(tmp_path, {"ranking": ranking(TOWNS)})
    assert texts["caveats.located"] == [
        (
            "Shares of listings that could be located: patents 98.0\xa0% and venture-capital deals 100.0\xa0%; "
            "listings that could not be located are not counted."
        )
    ]
    assert texts["caveats.set_aside"] == ["Source rows that could not be used: 1."]


def test_a_metric_of_which_less_than_four_fifths_is_located_is_named_first(tmp_path):
    edition = manifest()
    edition["metrics"]["patents"]["unlocated"] = 201
    texts = publish(tmp_path, {"ranking": ranking(TOWNS)}, edition)
    expected = (
        "Only 79.9\xa0% of the listings of patents could be located; scores, ranks and shares are of these alone."
    )
    assert texts["lead.poorly_located"] == [expected]
    assert (tmp_path / "brief.md").read_text("utf-8").splitlines()[4].startswith(expected.replace("\xa0", " "))
    edition["metrics"]["patents"]["unlocated"] = 200
    assert "lead.poorly_located" not in publish(tmp_path, {"ranking": ranking(TOWNS)}, edition)


def test_an_economy_of_whose_listings_less_than_four_fifths_are_located_is_named(tmp_path):
    coverage = [("JP", "79.94"), ("KR", "80.00"), ("FR", "20.00"), (None, "0.00")]  # nothing of France is ranked
    rows = [
        {"part": "coverage", "position": at, "metric": "patents", "economy": code, "listings": 50, "share_pct": share}
        for at, (code, share) in enumerate(coverage, start=1)
    ]
    report = pa.Table.from_pylist([row | {"share_pct": Decimal(row["share_pct"])} for row in rows])
    texts = publish(tmp_path, {"ranking": ranking(TOWNS), "location_report": report})
    assert texts["lead.poorly_located_in"] == [
        (
            "In economies with ranked clusters, only 79.9\xa0% of the listings of patents in Japan could be located; "
            "the counts and ranks of their clusters are of these alone."
        )
    ]


def test_a_metric_that_lies_in_one_economy_alone_is_named_first_with_what_that_means(tmp_path):
    edition = manifest()
    edition["metrics"]["patents"]["one_economy"] = {
        "economy": "BR", "share_pct": 92.0, "other_metric": "deals", "other_share_pct": 8.4
    }  # fmt: skip
    texts = publish(tmp_path, {"ranking": ranking(TOWNS)}, edition)
    expected = (
        "92.0\xa0% of patents lie in one economy, Brazil, against 8.4\xa0% of venture-capital deals, as in the records "
        "of one national office: ranks across economies are not comparable, and none is called firm; ranks within one "
        "economy are comparable."
    )
    assert texts["lead.of_one_economy"] == [expected]
    assert (tmp_path / "brief.md").read_text("utf-8").splitlines()[4].startswith(expected.replace("\xa0", " "))


@pytest.mark.parametrize(
    ("weights", "score", "text"),
    [
        (
            {},
            "the sum of shares of all located patents and venture-capital deals, in percent",
            "patents 1 and venture-capital deals 1",
        ),
        (
            {"patents": 2, "deals": "0.25"},
            (
                "the weighted sum of shares of all located patents at weight 2 and venture-capital deals at "
                "weight 0.25, in percent"
            ),
            "patents 2 and venture-capital deals 0.25",
        ),
        (
            {"deals": 1},
            "the share of all located venture-capital deals, in percent",
            "patents 0 and venture-capital deals 1",
        ),
    ],
)
def test_the_score_is_explained_with_its_weights(tmp_path, weights, score, text):
    edition = manifest(ranking={"weights": weights})
    texts = publish(tmp_path, {"ranking": ranking(TOWNS)}, edition)
    assert f"({score}), 2.20 points ahead of Tokyo." in texts["lead.first"][0]
    assert texts["caveats.score"][0].endswith(f"in percent; weights: {text}.")
    level = ranking([("a", "FR", "1", "2"), ("b", "DE", "2", "1")])
    assert publish(tmp_path, {"ranking": level}, edition)["lead.level"][0].endswith(f"clusters. A score is {score}.")


def test_a_simulated_edition_says_so_first(tmp_path):
    publish(tmp_path, {"ranking": ranking(TOWNS)}, manifest(synthetic=True))
    assert (tmp_path / "brief.md").read_text("utf-8").startswith("**SIMULATED: ")
    page = (tmp_path / "brief.html").read_text("utf-8")
    assert page.index('<p class="note">SIMULATED') < page.index("<h1>")
    assert "<title>SIMULATED" in page
    assert json.loads((tmp_path / "brief.json").read_text("utf-8"))["note"].startswith("SIMULATED")
    publish(tmp_path, {"ranking": ranking(TOWNS)})
    assert not any("SIMULATED" in path.read_text("utf-8") for path in tmp_path.iterdir())


HOSTILE = [
    "<script>alert(1)</script>",
    "[x](javascript:alert)",
    "![i](//e.example/p.png)",
    "a | b",
    "*c* _d_ `e` # f",
    "g\n\n# h",
    '" onmouseover="x',
    "&lt;b&gt;",
    "{{ 7 * 7 }} {leader}",
    "=cmd()",
]


class _Page(HTMLParser):
    """Collect the tags, attributes and text of a page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.text = set(), set(), ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data):
        self.text += data


def test_hostile_names_stay_text_in_html(tmp_path):
    publish(tmp_path, {"ranking": ranking([(name, "FR", str(9 - i), "0") for i, name in enumerate(HOSTILE)])})
    page = _Page((tmp_path / "brief.html").read_text("utf-8"))
    plain = _Page("")
    publish(tmp_path, {"ranking": ranking(TOWNS)})
    plain = _Page((tmp_path / "brief.html").read_text("utf-8"))
    assert (page.tags, page.attributes) == (plain.tags, plain.attributes)
    assert not {"script", "img", "a"} & page.tags
    assert all(name in page.text for name in HOSTILE)


def test_hostile_names_stay_text_in_markdown(tmp_path):
    publish(tmp_path, {"ranking": ranking([(name, "FR", str(9 - i), "0") for i, name in enumerate(HOSTILE)])})
    page = _Page(MarkdownIt("gfm-like", {"linkify": False}).render((tmp_path / "brief.md").read_text("utf-8")))
    assert page.tags <= {"h1", "h2", "p", "em", "ul", "li", "table", "thead", "tbody", "tr", "th", "td"}
    flat = re.sub(r"\s+", " ", page.text)
    assert all(re.sub(r"\s+", " ", name) in flat for name in HOSTILE)


@pytest.mark.parametrize("text", ["R&D", "AT&T, B & C", "Go!", "a < b > c", "C#", "{x}", "a\\b", "3.5 % + 2 = 5"])
def test_what_markdown_reads_as_text_is_not_escaped(text):
    assert escaped(text) == text
    assert _Page(MarkdownIt("gfm-like", {"linkify": False}).render(f"- {escaped(text)}")).text.strip() == text


@given(st.text(st.sampled_from("ab &#;<>/!\\`*_[]()|~{}x1."), max_size=12))
def test_any_text_is_text_in_markdown(text):
    words = " ".join(text.split())
    shown = _Page(MarkdownIt("gfm-like", {"linkify": False}).render(f"## a {escaped(words)}\n")).text
    assert shown.strip() == f"a {words}".strip()


def test_the_same_tables_in_any_order_give_the_same_bytes(tmp_path):
    tables = {"ranking": ranking(TOWNS), "comparison": MOVED}
    back = {name: table.take(list(range(table.num_rows))[::-1]) for name, table in tables.items()}
    (tmp_path / "one").mkdir(), (tmp_path / "other").mkdir()
    publish(tmp_path / "one", tables)
    publish(tmp_path / "other", back)
    for name in ("brief.md", "brief.html", "brief.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()


@st.composite
def worlds(draw):
    count = draw(st.integers(0, 14))
    share = st.decimals(0, 9, places=draw(st.integers(0, 6)))
    economy = st.sampled_from(["JP", "CN/HK", "CH/DE/FR", "NA", "US", "ZZ", ""])
    towns = [(f"t{i}", draw(economy), draw(share), draw(share)) for i in range(count)]
    table = ranking(towns)
    lost = [f"gone{i}" for i in range(draw(st.integers(0, 3)))]
    names = table["cluster"].to_pylist()
    before = draw(st.permutations(range(1, count + len(lost) + 1)))
    part = st.integers(-3, 3)
    rows = []
    for rank, name in enumerate(names, start=1):
        old = before[rank - 1] if draw(st.booleans()) else None
        data, boundary = draw(part), draw(part)
        split = old is not None and draw(st.booleans())
        parts = (data, boundary, old - rank - data - boundary) if split else (None, None, None)
        rows.append((name, rank, old, *parts, draw(st.none() | st.integers(1, 15))))
    rows += [(name, None, before[count + i], None, None, None) for i, name in enumerate(lost)]
    return table, moves(*rows)


@given(worlds(), st.booleans(), st.booleans(), st.sampled_from(languages()))
def test_of_any_tables_each_figure_is_a_cell_of_theirs(tmp_path_factory, world, compared, has_previous, language):
    table, comparison = world
    tables = {"ranking": table, **({"comparison": comparison} if compared else {})}
    previous = {"previous": OLD} if has_previous else {}
    publish(tmp_path_factory.mktemp("brief"), tables, **previous, language=language)


def sentences_of(language):
    return tomllib.loads(
        files("hubrank.publishing").joinpath("brief", "sentences", f"{language}.toml").read_text("utf-8")
    )


OTHER_LANGUAGES = sorted({*languages()} - {"en"})


@pytest.mark.parametrize("language", OTHER_LANGUAGES)
def test_sentences_of_another_language_are_those_of_english_with_the_same_slots(language):
    english, other = sentences_of("en"), sentences_of(language)
    other.pop("area_terms", None)
    slots = [
        {(group, key): set(re.findall(r"\{[^}]*\}", text)) for group, of in every.items() for key, text in of.items()}
        for every in (english, other)
    ]
    assert slots[0] == slots[1]
    alike = {text for group, of in english.items() for key, text in of.items() if of and text == other[group][key]}
    words = {re.sub(r"\{[^}]*\}|[^\w ]", "", text).strip().lower() for text in alike}
    assert words <= {"", "publications", "cluster", "clusters", "score"}, (
        "English, or a word that the language has, too"
    )


@pytest.mark.parametrize("language", languages())
def test_sentences_about_areas_name_no_cluster(language):
    """Of a file of areas everything is said of these."""
    writer = Writer(
        {}, manifest(areas={"file": "regions.geojson", "id": "id", "name": "name", "rank": True}), None, language
    )
    cluster = re.compile("cluster|clúster|pôle|集群|クラスター" + r"|\\bareas?\\b" * (language != "en"), re.IGNORECASE)
    groups = {"ranked_areas", "area_terms"}
    of_areas = {
        (group, key): re.sub(r"\{[^}]*\}", "", text)
        for group, of in writer.templates.items()
        if group not in groups
        for key, text in of.items()
    }
    assert not {key: text for key, text in of_areas.items() if cluster.search(text)}


@pytest.mark.parametrize("language", OTHER_LANGUAGES)
def test_a_brief_is_in_the_language_of_the_pages(tmp_path, language):
    columns = {"rank_low": [1, 1, 3, 4], "rank_high": [2, 2, 3, 4]}
    economies = pa.Table.from_pylist(
        [
            {"level": "economy", "code": code, "name": name, "clusters_top": count, "best_rank": count}
            for code, name, count in (("JP", "Japan", 1), ("US", "United States", 2))
        ]
        + [
            {"level": "region", "code": name, "name": name, "clusters_top": 1, "best_rank": 1}
            for name in ("Asia", "Europe")
        ],
        pa.schema(
            [(name, pa.string()) for name in ("level", "code", "name")]
            + [(name, pa.int64()) for name in ("clusters_top", "best_rank")]
        ),
    )
    tables = {"ranking": ranking(TOWNS, **columns), "comparison": MOVED, "economies": economies}
    texts = publish(tmp_path, tables, manifest(publish={"language": language}), previous=OLD)
    page = (tmp_path / "brief.html").read_text("utf-8")
    assert f'<html lang="{language}">' in page
    assert words(language).economy("US") in texts["places.economy"][0]
    assert words(language).texts["regions"]["Europe"] in texts["places.region"][0]
    assert publish(tmp_path / "in", tables, manifest(), previous=OLD, language=language) == texts


def test_every_template_is_used():
    folder = files("hubrank.publishing").joinpath("brief")
    source = "".join(file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".py"))
    source += files("hubrank.analysis").joinpath("data_cause.py").read_text("utf-8")
    templates = sentences_of("en")
    others = templates.pop("ranked_areas") | templates.pop("whole_ranking")
    assert {key.partition(".")[::2] for key in others} <= {
        (name, key) for name, entries in templates.items() for key in entries
    }
    keys = [(name, key) for name, entries in templates.items() if name != "metrics" for key in entries]
    assert len(keys) > 50
    written = [(f'"{key}"', f'"{name}.{key}"', f"def {key}(") for name, key in keys]
    assert not [forms for forms in written if not any(form in source for form in forms)]


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        ("1234567.5", 0, "1,234,568"),
        ("0.00094", 1, "0.0009"),
        ("0", 1, "0.0"),
        ("2.25", 1, "2.3"),
        ("0.0000001", 1, "0.000000"),
    ],
)
def test_numbers_are_written_for_readers(value, decimals, written):
    assert number(Decimal(value), decimals) == written


def test_headings_follow_each_other_by_one_level(tmp_path):
    publish(tmp_path, {"ranking": ranking(TOWNS), "comparison": MOVED})
    levels = [int(level) for level in re.findall(r"<h(\d)", (tmp_path / "brief.html").read_text("utf-8"))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


PAPER_PX = 718  # A4 within Chromium's margins


@pytest.mark.parametrize("metrics", [2, 6])
def test_the_table_of_the_brief_fits_a_window_of_1000_pixels_and_paper(tmp_path, opened, metrics):
    names = [*METRICS, "publications", "trademarks", "clinical_trials", "internationalisation"][:metrics]
    towns = [("Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch", "GB", "9", "5"), *TOWNS]
    doubts = {f"rank_{end}{kind}": [100] * 5 for end in ("low", "high") for kind in ("", "_places")}
    table = ranking(towns, **doubts | {"rank_high_places": [1000] * 5})
    for name in names[2:]:
        table = table.append_column(name, table["patents"])
        table = table.append_column(f"{name}_share_pct", table["patents_share_pct"])
    sources = [{"metric": name, "reader": READERS.get(name, "table"), "files": "x.csv"} for name in names]
    edition = manifest(sources=sources) | {"metrics": {name: manifest()["metrics"]["deals"] for name in names}}
    publish(tmp_path, {"ranking": table}, edition | {"sources": []})
    page = opened((tmp_path / "brief.html").as_uri(), viewport={"width": 1000, "height": 800})
    wide = "(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('.wide'))"
    assert page.evaluate(wide) <= 0
    page.set_viewport_size({"width": PAPER_PX, "height": 1000})
    page.emulate_media(media="print")
    assert page.evaluate("document.querySelector('table').getBoundingClientRect().right") <= PAPER_PX


def test_names_in_the_table_of_the_brief_break_between_words_on_a_phone(tmp_path, opened):
    towns = [("Washington, DC", "US", "9", "5"), ("San Jose–San Francisco, CA", "US", "8", "4")]
    publish(tmp_path, {"ranking": ranking(towns, rank_low=[1, 2], rank_high=[1, 2])})
    phone = opened((tmp_path / "brief.html").as_uri(), viewport={"width": 400, "height": 900})
    assert phone.locator("td:not(.number) span").evaluate_all(BROKEN_WORDS) == []
