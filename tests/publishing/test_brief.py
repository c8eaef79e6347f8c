"""The brief says what the tables say, and nothing else."""

import json
import re
from decimal import Decimal
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from hubrank.analysis.comparison.table import COMPARISON_SCHEMA
from hubrank.core.errors import StudyError
from hubrank.publishing import brief
from hubrank.publishing.brief.words import languages, words
from hubrank.ranking.tables.concentration import SCHEMA as CONCENTRATION_SCHEMA
from hubrank.ranking.tables.economies import COUNTS_SCHEMA
from hubrank.ranking.tables.intensity import schema as intensity_schema
from hubrank.ranking.tables.top_shares import TOP_SHARES_SCHEMA
from hubrank.study.study import Study

METRICS = ("patents", "deals")
SHARE, COUNT = pa.decimal128(38, 6), pa.decimal128(38, 3)
# name, economies, shares of patents and deals in percent
TOWNS = [
    ("Shenzhen–Hong Kong", "CN/HK", "9.0", "5.5"),
    ("Tokyo", "JP", "10.1", "2.2"),
    ("San Jose, CA", "US", "3.8", "6.9"),
    ("Seoul", "KR", "5.1", "3.1"),
]


def study(**sections):
    sources = [{"metric": metric, "reader": "table", "files": "x.csv"} for metric in METRICS]
    given = {"title": "Clusters 2025", "edition": "2025", "sources": sources, "clusters": {"min_share_ppm": 150}}
    return {**given, **sections}


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
    made = []
    for name, rank, before, data, boundary, method, *previous in rows:
        alike = previous[0] if previous else None
        made.append(
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
    return pa.Table.from_pylist(made, COMPARISON_SCHEMA)


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


def made(folder, tables, given=None, **choices):
    """Publish a brief, hold every figure against the tables, return its sentences by key."""
    given = given or manifest()
    brief.publish(folder, tables, given, **choices)
    traced = json.loads((folder / "brief.json").read_text("utf-8"))
    hold_against(traced, tables, given, choices.get("previous"))
    hold_together(brief.written(tables, given, **choices))
    sentences = [traced["headline"], *(s for section in traced["sections"] for s in section["sentences"])]
    found = {}
    for sentence in sentences:
        found.setdefault(sentence["key"], []).append(sentence["sentence"])
    return found


def hold_against(traced, tables, given, previous):
    """Look up every cell again, and work out every figure again."""
    sentences = [traced["headline"], *(said for section in traced["sections"] for said in section["sentences"])]
    rows = [{"figures": row} for section in traced["sections"] for row in section["rows"]]
    for said in sentences + rows:
        for figure in said["figures"]:
            check_figure(figure, tables, given, previous)


def hold_together(whole):
    """Let no number stand outside a figure, but rank 1 of the leader and the first 10."""
    for said in [whole.headline, *(said for section in whole.sections for said in section.sentences)]:
        literal = " ".join(part for part in said.parts if isinstance(part, str))
        allowed = {"lead": {"1"}, "movers": {"10"}, "places": {"10"}}.get(said.key.split(".")[0], set())
        assert set(re.findall(r"\d+", literal)) <= allowed, said.text


def check_figure(figure, tables, given, previous):
    values = [value_of(cell, tables, given, previous) for cell in figure["cells"]]
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
        check_shown(figure["shown"], Decimal(expected))


def check_shown(shown, exact):
    plain = re.sub(r"[,%+−]", "", shown)
    step = Decimal(1).scaleb(-len(plain.partition(".")[2]))
    if "%" in shown and exact < 1 and step == 1:
        return
    assert abs(Decimal(plain) - abs(exact)) <= step / 2
    assert ("−" in shown) <= (exact < 0)


def value_of(cell, tables, given, previous):
    if cell["table"] in tables:
        rows = [row for row in tables[cell["table"]].to_pylist() if all(row[k] == v for k, v in cell["row"].items())]
        assert len(rows) == 1, cell
        return rows[0][cell["column"]]
    assert cell["row"] == {}
    studies = {"study of edition.json": given, "study of the previous edition.json": previous}
    section, _, key = cell["column"].partition(".")
    if cell["table"] in studies:
        chosen = Study.model_validate(studies[cell["table"]]["study"])
        return chosen.weights.get(key, Decimal(0)) if section == "weights" else getattr(getattr(chosen, section), key)
    assert cell["table"] == "edition.json"
    value = given
    for step in cell["column"].split("."):
        value = value[int(step) if isinstance(value, list) else step]
    return value


def test_a_new_leader_is_told_with_its_cause(tmp_path):
    found = made(tmp_path, {"ranking": ranking(TOWNS), "comparison": MOVED}, previous=OLD)
    assert found["headline.taken_because"] == [
        "Shenzhen–Hong Kong takes first place from Tokyo because venture-capital deals now count"
    ]
    assert found["lead.first"] == [
        (
            "Shenzhen–Hong Kong (China and Hong Kong) ranks first of 4 clusters with a score of 14.5, "
            "2.20 points ahead of Tokyo."
        )
    ]
    assert found["lead.old_method"] == [
        "By the previous edition's method, the same records would put Shenzhen–Hong Kong at rank 2."
    ]
    assert found["lead.same_method"][0].endswith("at rank 1 already: the method makes the change.")
    assert found["lead.old_falls"] == ["Tokyo falls from rank 1 to rank 2: all through the method."]
    assert found["lead.method"] == ["New in the method: venture-capital deals now count."]


def test_a_cause_is_not_claimed_where_more_than_the_metrics_changed(tmp_path):
    other = {"study": {**OLD["study"], "clusters": {"min_share_ppm": 150, "radius_km": 12, "metrics": ["patents"]}}}
    found = made(tmp_path, {"ranking": ranking(TOWNS), "comparison": MOVED}, previous=other)
    assert found["headline.taken"] == ["Shenzhen–Hong Kong takes first place from Tokyo"]
    assert found["lead.settings"] == ["Changed in the study: [clusters] radius_km."]


def test_a_cause_is_not_claimed_where_records_made_the_change(tmp_path):
    rows = moves((SHENZHEN, 1, 2, 1, 0, 0, 2), (TOKYO, 2, 1, -1, 0, 0, 1))
    found = made(tmp_path, {"ranking": ranking(TOWNS[:2]), "comparison": rows}, previous=OLD)
    assert found["headline.taken"] == ["Shenzhen–Hong Kong takes first place from Tokyo"]
    assert found["lead.taken"] == ["It was at rank 2 in the previous edition; its rise: all through new records."]
    assert "lead.old_method" not in found


def test_risers_and_fallers_come_with_their_causes(tmp_path):
    found = made(tmp_path, {"ranking": ranking(TOWNS), "comparison": MOVED}, previous=OLD)
    assert found["movers.risers"] == [
        "San Jose, CA rises 3 places, from 6 to 3 (method +3, records +1, outline −1).",
        "Shenzhen–Hong Kong rises 1 place, from 2 to 1 (all through the method).",
    ]
    assert found["movers.fallers"] == ["Tokyo falls 1 place, from 1 to 2 (all through the method)."]
    assert found["movers.fallers_unsplit"] == ["Seoul falls 1 place, from 3 to 4."]
    assert found["movers.change_none"] == [
        "Counted by this edition's method in both, no cluster of the first 100 changes its rank."
    ]


def test_two_causes_are_both_told_the_larger_first(tmp_path):
    rows = moves((SHENZHEN, 1, 1, 0, 0, 0), (TOKYO, 2, 5, -1, 0, 4))
    found = made(tmp_path, {"ranking": ranking(TOWNS[:2]), "comparison": rows})
    assert found["movers.risers"] == ["Tokyo rises 3 places, from 5 to 2 (method +4, records −1)."]


def test_several_that_moved_as_much_are_counted_not_named(tmp_path):
    rows = moves((SHENZHEN, 1, 1, 0, 0, 0, 3), (TOKYO, 2, 2, 0, 0, 0, 1), (SAN_JOSE, 3, 3, 0, 0, 0, 2))
    found = made(tmp_path, {"ranking": ranking(TOWNS[:3]), "comparison": rows})
    assert found["movers.change_up"] == [
        "Counted by this edition's method in both, Shenzhen–Hong Kong rises most: 2 places, to rank 1."
    ]
    assert found["movers.change_down_level"] == ["2 clusters fall most by that count: 1 place each."]


def test_a_leader_that_stays_a_leader_that_is_new_and_one_that_is_gone(tmp_path):
    tables = {"ranking": ranking(TOWNS[:2])}
    kept = made(tmp_path, tables | {"comparison": moves((SHENZHEN, 1, 1, 0, 0, 0), (TOKYO, 2, 2, 0, 0, 0))})
    assert kept["headline.kept"] == ["Shenzhen–Hong Kong stays first"]
    assert kept["lead.kept"] == ["It was first in the previous edition too."]
    new = moves((SHENZHEN, 1, None, None, None, None), (TOKYO, 2, 2, 0, 0, 0), ("Osaka", None, 1, None, None, None))
    entered = made(tmp_path, tables | {"comparison": new})
    assert entered["headline.entered"] == ["Shenzhen–Hong Kong comes in at first place"]
    assert entered["lead.old_gone"] == ["Osaka, first in the previous edition, is no longer a cluster of its own."]


def test_a_leader_under_another_name_is_told_by_both(tmp_path):
    row = moves((SHENZHEN, 1, 1, 0, 0, 0)).to_pylist()[0] | {"cluster_before": "Shenzhen"}
    rows = pa.Table.from_pylist([row, *moves((TOKYO, 2, 2, 0, 0, 0)).to_pylist()], COMPARISON_SCHEMA)
    found = made(tmp_path, {"ranking": ranking(TOWNS[:2]), "comparison": rows})
    assert found["lead.kept_renamed"] == ["It continues Shenzhen, which was first in the previous edition."]


def test_without_a_previous_edition_nothing_is_said_of_change(tmp_path):
    found = made(tmp_path, {"ranking": ranking(TOWNS)})
    assert found["headline.first"] == ["Shenzhen–Hong Kong leads"]
    assert found["caveats.no_previous"] == ["There is no earlier edition to compare with."]
    assert not [key for key in found if key.startswith("movers.")]
    assert "before" not in (tmp_path / "brief.md").read_text("utf-8")


def test_the_ranking_alone_tells_changes_by_one_method_only(tmp_path):
    columns = {"previous_rank": [2, 1, None, 3], "change": [1, -1, None, -1]}
    found = made(tmp_path, {"ranking": ranking(TOWNS, **columns)})
    assert found["headline.first"] == ["Shenzhen–Hong Kong leads"]
    assert found["lead.recounted"] == [
        "Counted by this edition's method, it was at rank 2 in the previous edition and Tokyo was first."
    ]
    assert found["movers.change_up"] == [
        "Counted by this edition's method in both, Shenzhen–Hong Kong rises most: 1 place, to rank 1."
    ]
    assert "| 3 | San Jose, CA | US | 10.7 | 3.8% | 6.9% | – |" in (tmp_path / "brief.md").read_text("utf-8")


def test_a_single_cluster_reads_well(tmp_path):
    found = made(tmp_path, {"ranking": ranking(TOWNS[:1])})
    assert found["headline.only"] == ["Shenzhen–Hong Kong is the only cluster"]
    assert found["lead.only"][0].startswith(
        "Shenzhen–Hong Kong (China and Hong Kong) has a score of 14.5; no other place"
    )
    text = (tmp_path / "brief.md").read_text("utf-8")
    assert "|" not in text
    assert "Closest" not in text


def test_no_cluster_at_all_reads_well(tmp_path):
    found = made(tmp_path, {"ranking": ranking([]), "comparison": moves((TOKYO, None, 1, None, None, None))})
    assert found["headline.none"] == ["No place is dense enough for a cluster"]
    assert found["lead.none"] == [
        "No place has 4,500 listings within 15 km, which make a cluster, so there is nothing to rank."
    ]
    assert not [key for key in found if key.split(".")[0] in {"movers", "places", "leaders", "intensity"}]


def test_equal_scores_at_the_top_are_called_equal(tmp_path):
    found = made(tmp_path, {"ranking": ranking([("a", "FR", "1", "2"), ("b", "DE", "2", "1"), ("c", "FR", "0", "1")])})
    assert found["headline.level"] == ["a and b have the same score"]
    assert found["lead.level"][0].startswith("Both score 3.0, equal to six decimals;")
    assert found["caveats.level"] == ["Among the first 100, a and b have the same score to six decimals."]


def test_equal_leaders_of_a_metric_are_all_named(tmp_path):
    found = made(tmp_path, {"ranking": ranking([("a", "FR", "2", "2"), ("b", "DE", "2", "1"), ("c", "FR", "1", "0")])})
    assert found["leaders.many"] == ["a and b are level in patent applications, with 20 each, or 2.0% of the world's."]
    assert found["leaders.one"] == ["a leads in venture-capital deals: 2, or 2.0% of the world's."]


def test_clusters_of_one_name_are_told_apart_by_their_economies(tmp_path):
    towns = [("Cambridge", "GB", "3", "1"), ("Boston", "US", "2", "1"), ("Cambridge", "US", "1", "9")]
    table = ranking(towns)
    ids = [f"{row['cluster']}-{row['economies']}".lower() for row in table.to_pylist()]
    table = table.set_column(1, "cluster_id", pa.array(ids))
    found = made(tmp_path, {"ranking": table})
    assert found["headline.first"] == ["Cambridge (United States) leads"]
    assert found["leaders.one"][0].startswith("Cambridge (United Kingdom) leads in patent applications")


def test_a_gap_too_small_for_two_decimals_keeps_its_first_digit(tmp_path):
    found = made(tmp_path, {"ranking": ranking([("Wuhan", "CN", "1.0009", "1"), ("Hangzhou", "CN", "1", "1")])})
    assert found["caveats.close"] == ["Closest of the first 100 are Wuhan and Hangzhou, 0.0009 points apart."]


def test_entries_and_exits_of_the_first_ten(tmp_path):
    towns = [(f"t{i:02}", "FR", str(50 - i), "1") for i in range(1, 13)]
    rows = moves(
        *((f"t{i:02}", i, i + 1, 1, 0, 0) for i in range(1, 10)),
        ("t10", 10, 12, 2, 0, 0),
        ("t11", 11, None, None, None, None),
        ("t12", 12, 11, -1, 0, 0),
        ("t00", None, 1, None, None, None),
    )
    found = made(tmp_path, {"ranking": ranking(towns), "comparison": rows})
    assert found["movers.entering"] == ["Into the first 10 comes t10 (10, from 12)."]
    assert found["movers.leaving"] == ["Out of the first 10 goes t00 (1, no longer a cluster of its own)."]


def test_the_same_ten_are_called_the_same(tmp_path):
    towns = [(f"t{i:02}", "FR", str(50 - i), "1") for i in range(1, 13)]
    rows = moves(*((f"t{i:02}", i, i, 0, 0, 0, i) for i in range(1, 13)))
    found = made(tmp_path, {"ranking": ranking(towns), "comparison": rows})
    assert found["movers.same"] == ["The first 10 are the same clusters as before."]
    assert found["movers.none"] == ["No cluster of the first 100 changes its rank."]


def test_intervals_are_told_where_there_are_any(tmp_path):
    columns = {"rank_low": [1, 1, 3, 4], "rank_high": [2, 2, 3, 4]}
    found = made(tmp_path, {"ranking": ranking(TOWNS, **columns)})
    assert found["caveats.interval"] == [
        (
            "The records leave the ranks of 2 of the first 100 open; that of Shenzhen–Hong Kong lies between 1 and 2 "
            "(90.0% confidence)."
        )
    ]
    assert "| 1 | 1–2 | Shenzhen–Hong Kong |" in (tmp_path / "brief.md").read_text("utf-8")
    sure = {"rank_low": [1, 2, 3, 4], "rank_high": [1, 2, 3, 4]}
    assert "caveats.interval_sure" in made(tmp_path, {"ranking": ranking(TOWNS, **sure)})
    assert "caveats.no_interval" in made(tmp_path, {"ranking": ranking(TOWNS)})


def economies(*rows):
    names = ("level", "code", "name", "clusters_top", "best_rank")
    given = [dict(zip(names, row, strict=True)) for row in rows]
    return pa.Table.from_pylist(
        [row | {"within": "World", "clusters": row["clusters_top"], "cross_border": 0} for row in given], COUNTS_SCHEMA
    )


def test_economies_and_regions_are_counted_with_a_word_on_borders(tmp_path):
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
    found = made(tmp_path, {"ranking": ranking(TOWNS), "economies": table})
    assert found["places.economies"] == [
        (
            "Of the first 100, most are in these economies: "
            "China 1, Hong Kong 1, Japan 1, United States 1 and Republic of Korea 1."
        )
    ]
    assert found["places.count"] == ["5 economies have at least one of the first 100."]
    assert found["places.regions"] == ["By region: Asia 3 and Americas 1."]
    assert found["places.borders"] == ["A cluster over a border counts once for each of its economies and regions."]


def test_economies_level_with_one_that_is_left_out_are_left_out_too(tmp_path):
    rows = [("economy", code, code, 2, rank) for rank, code in enumerate(("FR", "DE", "IT", "ES", "PT", "NL"), start=2)]
    table = economies(("economy", "US", "United States", 9, 1), *rows)
    found = made(tmp_path, {"ranking": ranking(TOWNS), "economies": table})
    assert found["places.economies"] == ["Of the first 100, most are in these economies: United States 9."]


def test_intensity_heads_and_one_company_clusters(tmp_path):
    people = [
        {
            "cluster_id": town[0].lower(),
            "population": 10**6,
            "population_source": "gazetteer",
            "indicative": True,
            "patents_per_million": Decimal(435),
            "deals_per_million": Decimal("2.59"),
            "score_pct_per_million": Decimal(1),
            "intensity_rank": rank,
        }
        for rank, town in enumerate(reversed(TOWNS), start=1)
    ]
    heads = [{"metric": metric, "top": 2, "units": 1, "share_pct": Decimal("19.1")} for metric in METRICS]
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
        "top_shares": pa.Table.from_pylist(heads, TOP_SHARES_SCHEMA),
        "concentration": pa.Table.from_pylist([alone | {"leader_share_pct": Decimal("61.25")}], CONCENTRATION_SCHEMA),
    }
    found = made(tmp_path, tables, manifest(ranking={"top": 2}))
    assert found["intensity.first"] == [
        (
            "By score per inhabitant Seoul (Republic of Korea) is first, then San Jose, CA (United States), "
            "Tokyo (Japan) and Shenzhen–Hong Kong (China and Hong Kong)."
        )
    ]
    assert found["intensity.counts"] == [
        (
            "Per million inhabitants, over the years that are counted, Seoul makes 435 patent applications and "
            "2.6 venture-capital deals."
        )
    ]
    assert "intensity.indicative" in found
    assert found["places.heads"] == [
        "The first 2 clusters make 19.1% of the patent applications and 19.1% of the venture-capital deals."
    ]
    assert "organisations.one" not in found
    found = made(tmp_path, tables)
    assert found["organisations.one"] == ["In Seoul one organisation, Samsung <b>, makes 61.2% of the score."]


def test_what_was_not_located_or_not_used_is_told(tmp_path):
    found = made(tmp_path, {"ranking": ranking(TOWNS)})
    assert found["caveats.located"] == [
        (
            "Of the listings, these could be placed on the map: patent applications 98.0% and "
            "venture-capital deals 100.0%; a listing that could not counts nowhere."
        )
    ]
    assert found["caveats.set_aside"] == ["1 row of the sources could not be used."]


@pytest.mark.parametrize(
    ("weights", "key", "text"),
    [
        (
            {},
            "score",
            "the world's patent applications and venture-capital deals, in percent, with equal",
        ),
        (
            {"patents": 2, "deals": "0.5"},
            "score_weighed",
            "weighed: patent applications 2 and venture-capital deals 0.5.",
        ),
        ({"deals": 1}, "score_single", "share of the world's venture-capital deals"),
    ],
)
def test_the_score_is_explained_by_its_weights(tmp_path, weights, key, text):
    found = made(tmp_path, {"ranking": ranking(TOWNS)}, manifest(ranking={"weights": weights}))
    assert text in found[f"caveats.{key}"][0]


def test_a_metric_without_weight_says_so(tmp_path):
    found = made(tmp_path, {"ranking": ranking(TOWNS)}, manifest(ranking={"weights": {"patents": 1}}))
    assert found["leaders.no_weight"] == ["Venture-capital deals have no weight in the score."]


def test_a_simulated_edition_says_so_first(tmp_path):
    made(tmp_path, {"ranking": ranking(TOWNS)}, manifest(synthetic=True))
    assert (tmp_path / "brief.md").read_text("utf-8").startswith("**SIMULATED: ")
    page = (tmp_path / "brief.html").read_text("utf-8")
    assert page.index('<p class="note">SIMULATED') < page.index("<h1>")
    assert "<title>SIMULATED" in page
    assert json.loads((tmp_path / "brief.json").read_text("utf-8"))["note"].startswith("SIMULATED")
    made(tmp_path, {"ranking": ranking(TOWNS)})
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
    made(tmp_path, {"ranking": ranking([(name, "FR", str(9 - i), "0") for i, name in enumerate(HOSTILE)])})
    page = _Page((tmp_path / "brief.html").read_text("utf-8"))
    plain = _Page("")
    made(tmp_path, {"ranking": ranking(TOWNS)})
    plain = _Page((tmp_path / "brief.html").read_text("utf-8"))
    assert (page.tags, page.attributes) == (plain.tags, plain.attributes)
    assert not {"script", "img", "a"} & page.tags
    assert all(name in page.text for name in HOSTILE)


def test_hostile_names_stay_text_in_markdown(tmp_path):
    made(tmp_path, {"ranking": ranking([(name, "FR", str(9 - i), "0") for i, name in enumerate(HOSTILE)])})
    page = _Page(MarkdownIt("gfm-like", {"linkify": False}).render((tmp_path / "brief.md").read_text("utf-8")))
    assert page.tags <= {"h1", "h2", "p", "em", "ul", "li", "table", "thead", "tbody", "tr", "th", "td"}
    flat = re.sub(r"\s+", " ", page.text)
    assert all(re.sub(r"\s+", " ", name) in flat for name in HOSTILE)


def test_the_same_tables_in_any_order_give_the_same_bytes(tmp_path):
    tables = {"ranking": ranking(TOWNS), "comparison": MOVED}
    back = {name: table.take(list(range(table.num_rows))[::-1]) for name, table in tables.items()}
    (tmp_path / "one").mkdir(), (tmp_path / "other").mkdir()
    made(tmp_path / "one", tables)
    made(tmp_path / "other", back)
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


@settings(max_examples=150, deadline=None)
@given(worlds(), st.booleans(), st.booleans())
def test_of_any_tables_each_figure_is_a_cell_of_theirs(tmp_path_factory, world, compared, known):
    table, comparison = world
    tables = {"ranking": table, **({"comparison": comparison} if compared else {})}
    made(tmp_path_factory.mktemp("brief"), tables, **({"previous": OLD} if known else {}))


def slots(entries):
    """Return, per key, the slots of its forms."""
    found = {}
    for section, sentences in entries.items():
        for key, entry in sentences.items() if isinstance(sentences, dict) else ():
            forms = entry.values() if isinstance(entry, dict) else [entry]
            found[section, key] = {frozenset(re.findall(r"\{(\w+)\}", form)) for form in forms}
    return found


@pytest.mark.parametrize("language", languages())
def test_every_language_has_the_same_words_with_the_same_slots(language):
    assert slots(words(language)._entries) == slots(words("en")._entries)


def test_every_word_is_used():
    source = "".join(
        file.read_text("utf-8")
        for file in files("hubrank").joinpath("publishers/brief").iterdir()
        if file.name.endswith(".py")
    )
    made_up = {"_unsplit", "_level", "all_"}
    for section, key in slots(words("en")._entries):
        stem = key
        for part in made_up:
            stem = stem.replace(part, "")
        assert section == "metrics" or f'"{key}"' in source or f'"{stem}"' in source, f"{section}.{key} is never said"


def test_an_unknown_language_lists_the_known_ones(tmp_path):
    with pytest.raises(StudyError, match="no words in 'eo'; there are: en"):
        brief.publish(tmp_path, {"ranking": ranking(TOWNS)}, manifest(), language="eo")


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        ("1234567.5", 0, "1,234,568"),
        ("0.00094", 1, "0.0009"),
        ("0", 1, "0.0"),
        ("2.25", 1, "2.2"),
        ("0.0000001", 1, "0.000000"),
    ],
)
def test_numbers_are_written_for_readers(value, decimals, written):
    assert words("en").number(Decimal(value), decimals) == written


def test_headings_follow_each_other_by_one_level(tmp_path):
    made(tmp_path, {"ranking": ranking(TOWNS), "comparison": MOVED})
    levels = [int(level) for level in re.findall(r"<h(\d)", (tmp_path / "brief.html").read_text("utf-8"))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
