"""Works of OpenAlex: old and new layouts, JSON lines and Parquet, institutions joined for coordinates."""

import gzip
import json
import random
import subprocess
import sys
from datetime import datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hubrank import pipeline
from hubrank.core.errors import DataError
from hubrank.core.units import WEIGHT_ONE
from hubrank.sources.formats import archives, json_lines
from sources.reading_sources import read

MIT = {"id": "https://openalex.org/I1", "display_name": "MIT", "ror": "https://ror.org/042nb2s44", "country_code": "US"}
ETH = {"id": "https://openalex.org/I2", "display_name": "ETH Zürich", "ror": None, "country_code": "CH"}
TOPIC = {"field": {"display_name": "Engineering"}, "domain": {"display_name": "Physical Sciences"}}
GEO = [
    {"id": MIT["id"], "updated_date": "2024-01-01", "geo": {"latitude": 42.37, "longitude": -71.11}},
    {"id": MIT["id"], "updated_date": "2023-01-01", "geo": {"latitude": 1.0, "longitude": 1.0}},
    {"id": ETH["id"], "updated_date": "2024-01-01", "geo": {"latitude": 147.0, "longitude": 8.5}},
    {"id": "https://openalex.org/I3", "updated_date": "2024-01-01", "geo": None},
]


def author(*institutions, raw=(), countries=()):
    return {"institutions": list(institutions), "raw_affiliation_strings": list(raw), "countries": list(countries)}


def work(**changes):
    return {
        "id": "https://openalex.org/W1",
        "publication_year": 2020,
        "updated_date": "2026-01-01",
        "type": "article",
        "is_retracted": False,
        "is_paratext": False,
        "primary_topic": TOPIC,
        "authorships": [author(MIT)],
        **changes,
    }


def lines(*documents):
    return "\n".join(json.dumps(document, ensure_ascii=False) for document in documents) + "\n"


@pytest.fixture
def reading_works(written):
    def go(text, name="part_0000.jsonl", institutions=None, **options):
        roles = {"institutions": [written("institutions.jsonl", lines(*institutions))]} if institutions else {}
        return read("openalex", [written(name, text)], roles=roles, **options)

    return go


def test_an_author_with_two_institutions_is_at_both_in_equal_parts(reading_works):
    rows, _ = reading_works(lines(work(authorships=[author(MIT, ETH, MIT), author(ETH)])))
    assert [(r["listing_no"], r["institution"], r["weight"]) for r in rows] == [
        (1, "ETH Zürich", WEIGHT_ONE // 2),
        (1, "MIT", WEIGHT_ONE // 2),
        (2, "ETH Zürich", WEIGHT_ONE),
    ]


def test_coordinates_come_from_the_latest_row_of_the_institution_and_only_if_they_are_possible(reading_works):
    rows, _ = reading_works(lines(work(authorships=[author(MIT), author(ETH)])), institutions=GEO)
    assert [(r["lat_e7"], r["lon_e7"], r["institution_id"], r["country"]) for r in rows] == [
        (423700000, -711100000, MIT["ror"], "US"),
        (None, None, ETH["id"], "CH"),
    ]


def test_an_author_without_an_institution_is_left_to_the_geocoder_with_the_affiliation(reading_works):
    authors = [
        author(raw=["Lab, Oslo, Norway", " "], countries=["NO"]),
        author(),
        author({"id": None, "display_name": None}),
    ]
    rows, _ = reading_works(lines(work(authorships=authors)))
    assert [(r["listing_no"], r["institution"], r["country"], r["weight"]) for r in rows] == [
        (1, "Lab, Oslo, Norway", "NO", WEIGHT_ONE),
        (2, None, None, WEIGHT_ONE),
        (3, None, None, WEIGHT_ONE),
    ]


def test_the_single_affiliation_of_2023_is_read_too(reading_works):
    rows, _ = reading_works(lines(work(authorships=[{"institutions": [], "raw_affiliation_string": "Oslo"}])))
    assert [row["institution"] for row in rows] == ["Oslo"]


def test_every_listing_knows_its_own_institution_and_the_field_of_its_work(reading_works):
    rows, _ = reading_works(lines(work(authorships=[author(MIT, ETH), author(MIT)])))
    assert [(r["listing_no"], *r["organisations"], r["field"], r["date"], r["record_version"]) for r in rows] == [
        (1, "ETH Zürich", "Engineering", "2026-01-01", 1),
        (1, "MIT", "Engineering", "2026-01-01", 1),
        (2, "MIT", "Engineering", "2026-01-01", 1),
    ]


SOCIAL = {"field": {"display_name": "Psychology"}, "domain": {"display_name": "Social Sciences"}}


@pytest.mark.parametrize(
    ("changes", "options", "reason"),
    [
        ({"type": "review"}, {}, "another type: review"),
        ({"type": None}, {}, "no type"),
        ({"type": "review"}, {"types": ["review"]}, None),
        ({"type": "journal-article"}, {}, None),
        ({"is_retracted": True}, {}, "retracted"),
        ({"is_paratext": True}, {}, "paratext"),
        ({"primary_topic": SOCIAL}, {}, "another field: Social Sciences"),
        ({"primary_topic": SOCIAL}, {"fields": ["Psychology"]}, None),
        ({}, {"fields": ["Health Sciences"]}, "another field: Physical Sciences"),
        ({"primary_topic": None}, {}, None),
        ({"primary_topic": None}, {"unclassified": False}, "no field"),
        ({"publication_year": 2009}, {"window": (2010, 2020)}, "outside the window"),
        ({"publication_year": 2019}, {"window": (2010, 2020)}, None),
        ({"authorships": []}, {}, "names no author"),
        ({"is_xpac": True}, {}, "expansion pack"),
        ({"is_xpac": True}, {"xpac": True}, None),
        ({"is_xpac": None}, {}, None),
        ({"primary_location": {"source": {"is_core": True}}}, {"core": True}, None),
        ({"primary_location": {"source": {"is_core": False}}}, {"core": True}, "not in a core source"),
        ({"primary_location": None}, {"core": True}, "not in a core source"),
        ({"primary_location": None}, {}, None),
        ({"authorships": None}, {}, "names no author"),
    ],
)
def test_what_is_out_of_scope(reading_works, changes, options, reason):
    rows, ledger = reading_works(lines(work(**changes)), **options)
    assert (len(rows), dict(ledger.scope), ledger.aside) == ((0, {reason: 1}, []) if reason else (1, {}, []))


@pytest.mark.parametrize(
    ("concepts", "field", "counts"),
    [
        ([("Medicine", 0, 0.4), ("Surgery", 1, 0.9), ("Biology", 0, 0.6)], "Biology", True),
        ([("History", 0, 0.4)], None, False),
        ([("Surgery", 1, 0.9)], None, True),
    ],
)
def test_before_topics_the_best_concept_of_level_0_is_the_field(reading_works, concepts, field, counts):
    ranked = [{"display_name": name, "level": level, "score": score} for name, level, score in concepts]
    rows, _ = reading_works(lines(work(primary_topic=None, concepts=ranked)))
    assert [row["field"] for row in rows] == ([field] if counts else [])


FAULTS = {
    b"{": "not a JSON object",
    b"[1]": "not a JSON object",
    b"null": "not a JSON object",
    b'{"id": "a\x00"}': "not a JSON object",
    b'{"id": "caf\xe9"}': "bytes that are not UTF-8",
    lines(work(id=None)).encode().strip(): "no id",
    lines(work(publication_year=None)).encode().strip(): "no usable year",
    lines(work(publication_year="2o13")).encode().strip(): "no usable year",
    lines(work(publication_year=20199)).encode().strip(): "not a year",
}


def test_broken_documents_are_set_aside_with_their_line_and_the_good_ones_kept(reading_works):
    good = lines(work()).encode()
    text = b"\xef\xbb\xbf" + good + b"\n".join(FAULTS) + b"\n\n  \r\n" + good.strip()
    rows, ledger = reading_works(text, window=(1990, 30_000))
    assert [row["source_row"] for row in rows] == [1, len(FAULTS) + 4]
    assert [(row[1], row[2]) for row in sorted(ledger.aside, key=lambda row: row[1])] == [
        *((line, reason) for line, reason in enumerate(FAULTS.values(), 2)),
        (len(FAULTS) + 3, "not a JSON object"),
    ]


def test_any_packing_and_any_cut_gives_the_same_listings(reading_works, monkeypatch):
    text = lines(*(work(id=f"W{number}", title="x" * number) for number in range(100)))
    expected, _ = reading_works(text)
    for size in (1, 1000, 1 << 20):
        monkeypatch.setattr(json_lines, "BLOCK", size)
        monkeypatch.setattr(archives, "PIECE", max(8, size))
        rows, _ = reading_works(gzip.compress(text.encode()), "part_0000.jsonl")
        assert rows == expected


def test_the_manifest_beside_the_works_is_passed_over(written):
    paths = [written("works/part_0000.jsonl", lines(work())), written("works/manifest", '{\n"entries": []\n}\n')]
    rows, ledger = read("openalex", paths)
    assert (len(rows), ledger.rows_read) == (1, 1)


@pytest.mark.parametrize("indent", [1, None])
def test_an_array_of_works_reads_like_lines(reading_works, indent):
    works = [work(id="W1"), work(id="W2", authorships=[author(ETH)])]
    rows, ledger = reading_works(json.dumps(works, indent=indent), "works.json")
    expected, _ = reading_works(lines(*works), "works.json")
    assert (rows, ledger.rows_read) == (expected, 2)
    with pytest.raises(DataError, match="begins like one JSON document but is invalid"):
        reading_works("[\n{},\n")


def page(*documents):
    return {"meta": {"count": 5, "next_cursor": "Ij"}, "results": list(documents), "group_by": []}


ONE, TWO = work(id="W1"), work(id="W2", authorships=[author(ETH)])


@pytest.mark.parametrize(
    "text",
    [
        lines(page(ONE, TWO)),
        json.dumps(page(ONE, TWO), indent=2),
        json.dumps([page(ONE), page(TWO)]),
        lines(page(ONE), page(TWO), page()),
        json.dumps(page(ONE, TWO), sort_keys=True),
        "\ufeff" + json.dumps({"results": [ONE, TWO]}),
    ],
)
@pytest.mark.parametrize("size", [8, 1 << 20])
def test_pages_of_the_api_read_like_lines_of_works(reading_works, text, size, monkeypatch):
    monkeypatch.setattr(archives, "PIECE", size)
    rows, ledger = reading_works(text, "works.json", institutions=GEO)
    expected, _ = reading_works(lines(ONE, TWO), "works.json", institutions=GEO)
    assert (rows, ledger.rows_read) == (expected, 2)


def test_a_page_without_works_is_empty_and_one_that_is_cut_off_is_refused_or_set_aside(reading_works):
    assert reading_works(lines(page()))[0] == []
    rows, ledger = reading_works(lines(page(ONE)) + '{"meta": {}, "results": [\n')
    assert (len(rows), [row[1:3] for row in ledger.aside]) == (1, [(2, "not a JSON document")])
    with pytest.raises(DataError, match="begins like one JSON document but is invalid"):
        reading_works('{"meta": {}, "results": [\n')


def test_institutions_are_read_from_pages_of_the_api_too(written):
    paths = [written("works.json", json.dumps(page(ONE)))]
    rows, _ = read("openalex", paths, roles={"institutions": [written("institutions.json", json.dumps(page(*GEO)))]})
    assert rows[0]["lat_e7"] == 423700000


def test_parquet_reads_like_json_lines(reading_works, tmp_path):
    works = [
        work(id="W1"),
        work(id="W2", authorships=[author(ETH, raw=["x"]), author(MIT)]),
        work(id="W3", type="review"),
    ]
    expected, account = reading_works(lines(*works), institutions=GEO)
    pq.write_table(pa.Table.from_pylist(works), tmp_path / "nested.parquet")
    texts = [
        {k: json.dumps(v) if k in {"authorships", "primary_topic"} else v for k, v in one.items()} for one in works
    ]
    pq.write_table(pa.Table.from_pylist(texts), tmp_path / "texts.parquet")
    pq.write_table(pa.Table.from_pylist(GEO), tmp_path / "institutions.parquet")
    for name in ("nested", "texts"):
        rows, ledger = read(
            "openalex", [tmp_path / f"{name}.parquet"], roles={"institutions": [tmp_path / "institutions.parquet"]}
        )
        for row, like in zip(rows, expected, strict=True):
            assert {**row, "source_file": ""} == {**like, "source_file": ""}
        assert (ledger.rows_read, ledger.scope) == (account.rows_read, account.scope)


def test_authorships_that_are_text_throughout_read_as_those_that_the_database_converts(tmp_path):
    """They pass it by, whatever the types of lists and of fields without a value are."""
    place = pa.struct([(name, pa.null() if name == "ror" else pa.string()) for name in MIT])
    text = pa.list_(pa.struct([("institutions", pa.list_(place)), ("raw_affiliation_strings", pa.list_(pa.string()))]))
    larger = pa.list_(
        pa.struct(
            [
                ("institutions", pa.large_list(pa.struct([(name, pa.large_string()) for name in MIT]))),
                ("countries", pa.list_(pa.null())),
                ("raw_affiliation_strings", pa.list_(pa.large_string())),
            ]
        )
    )
    several = {**author(MIT, ETH), "institutions": [{**MIT, "ror": None}, {**ETH, "ror": None}]}
    works = [
        work(id="W1", authorships=[several, author(raw=["Oslo", " "])]),
        work(id="W2", type="review", authorships=[several]),
        work(id="W3", authorships=None),
        work(id="W4", authorships=[author()]),
        work(id="W5", authorships=[]),
        work(id="W6", authorships=[several]),
    ]
    table = pa.Table.from_pylist([{**one, "authorships": None} for one in works])
    results = []
    for kind in (text, larger):
        values = pa.array([one["authorships"] for one in works], kind)
        path = tmp_path / f"part_{len(results):04}.parquet"
        at = table.column_names.index("authorships")
        pq.write_table(table.set_column(at, "authorships", values), path, row_group_size=4)
        rows, ledger = read("openalex", [path])
        results.append(([{**row, "source_file": ""} for row in rows], ledger.scope, ledger.rows_read))
    assert results[0] == results[1]
    assert [row["record_key"] for row in results[0][0]] == ["W1", "W1", "W1", "W4", "W6", "W6"]
    assert results[0][1:] == ({"another type: review": 1, "names no author": 2}, 6)


def test_parquet_is_read_by_the_columns_that_are_needed_and_no_others(tmp_path):
    person = {"author": {"display_name": "Ann", "orcid": None}, "author_position": "first"}
    location = {"source": {"is_core": True, "issn_l": "1234-5678"}, "license": "cc-by"}
    works = [
        work(
            id=f"W{n}", authorships=[{**author(MIT, raw=["MIT"]), **person}], primary_location=location, title="T" * 99
        )
        for n in range(50)
    ]
    path = tmp_path / "part_0000.parquet"
    pq.write_table(pa.Table.from_pylist(works), path, compression="snappy", use_dictionary=False)
    expected, _ = read("openalex", [path], core=True)
    data = bytearray(path.read_bytes())
    group = pq.ParquetFile(path).metadata.row_group(0)
    columns = [group.column(number) for number in range(group.num_columns)]
    for column in columns:
        if any(part in column.path_in_schema for part in ("title", "author.", "position", "issn_l", "license")):
            data[column.data_page_offset : column.data_page_offset + column.total_compressed_size] = bytes(
                column.total_compressed_size
            )
    path.write_bytes(data)
    with pytest.raises((OSError, pa.ArrowException)):
        pq.read_table(path)
    rows, ledger = read("openalex", [path], core=True)
    assert (rows, ledger.rows_kept) == (expected, 50)


def test_timestamps_of_parquet_are_those_of_json_lines(tmp_path, reading_works):
    stamp = "2026-01-01T10:11:12.000013"
    expected, _ = reading_works(lines(work(updated_date=stamp)))
    table = pa.Table.from_pylist([work(updated_date=datetime.fromisoformat(stamp))])
    pq.write_table(table, tmp_path / "part_0000.parquet")
    rows, _ = read("openalex", [tmp_path / "part_0000.parquet"])
    assert [row["date"] for row in rows] == [row["date"] for row in expected] == [stamp]


def test_works_that_openalex_deleted_since_are_out_of_scope(written):
    works = lines(*(work(id=f"https://openalex.org/W{n}") for n in range(1, 4)))
    main = [written("works/part_0000.jsonl", works)]
    deleted = written(
        "works/deleted_ids.csv", "work_id,deleted_date\nhttps://openalex.org/W1,2026-09-01\nW3,2026-10-01\n"
    )
    rows, ledger = read("openalex", [*main, deleted], roles={"deleted": [deleted]})
    assert [row["record_key"] for row in rows] == ["https://openalex.org/W2"]
    assert ledger.scope == {"deleted by OpenAlex since": 2}


def snapshot(folder, *, xpac):
    """Write works of three places, of which half of those of the second are not core; a third more are `is_xpac`."""
    geo = [(47.5, 7.6), (52.5, 13.4), (60.1, 24.9)]
    ids = [f"https://openalex.org/I{n}" for n in range(3)]
    institutions = [
        {"id": one, "updated_date": "2026-01-01", "geo": {"latitude": lat, "longitude": lon}}
        for one, (lat, lon) in zip(ids, geo, strict=True)
    ]
    works = []
    for place, size in enumerate((30, 40, 20)):
        for n in range(size):
            core = {"source": {"is_core": place != 1 or n % 2 == 0}}
            at = author({**MIT, "id": ids[place], "display_name": f"U{place}", "ror": None})
            works.append(work(id=f"W{place}-{n}", authorships=[at], primary_location=core, is_xpac=False))
    extra = [{**one, "id": f"X{one['id']}", "is_xpac": True} for one in works[:45]] if xpac else []
    folder.mkdir()
    (folder / "works.jsonl").write_text(lines(*works, *extra))
    (folder / "institutions.jsonl").write_text(lines(*institutions))
    return folder


def ranked(folder, options=""):
    (folder / "study.toml").write_text(
        f"""
title = "T"
edition = "1"
[[sources]]
metric = "publications"
reader = "openalex"
files = {{ works = "works.jsonl", institutions = "institutions.jsonl" }}
options = {{ {options} }}
[geocoding]
use = ["coordinates"]
[clusters]
min_listings = 10
[robustness]
run = false
"""
    )
    edition = pipeline.run(folder / "study.toml", folder / "out")
    rows = edition.table("ranking").select(["rank", "cluster", "publications", "score_pct"]).to_pylist()
    return rows, edition.manifest["sources"][0]


def test_a_snapshot_with_a_third_of_expansion_pack_ranks_as_without_and_core_differs_and_says_so(tmp_path):
    without, _ = ranked(snapshot(tmp_path / "without", xpac=False))
    rows, account = ranked(snapshot(tmp_path / "with", xpac=True))
    assert rows == without
    assert account["out_of_scope"] == {"expansion pack": 45}
    assert account["notes"] == []
    core, account = ranked(tmp_path / "with", "core = true")
    assert [row["cluster"] for row in core] != [row["cluster"] for row in rows]
    assert account["out_of_scope"] == {"expansion pack": 45, "not in a core source": 20}
    assert "Only works in core sources count" in account["notes"][0]
    assert "Only works in core sources count" in (tmp_path / "with" / "out" / "brief.md").read_text("utf-8")


def test_a_parquet_file_of_something_else_is_refused(tmp_path):
    pq.write_table(pa.table({"id": ["a"]}), tmp_path / "x.parquet")
    with pytest.raises(DataError, match=r"has no column 'authorships'; it has: id\. Is this a table of OpenAlex"):
        read("openalex", [tmp_path / "x.parquet"])


@pytest.mark.shared
def test_the_works_of_2026_are_their_authors(shared):
    path = shared / "data" / "publications" / "openalex-works-2026" / "works.json"
    rows, ledger = read("openalex", [path], types=["article", "conference-paper"])
    works = json.loads(path.read_text("utf-8"))
    authors = {(one["id"], number) for one in works for number, _ in enumerate(one["authorships"], 1)}
    assert {(row["record_key"], row["listing_no"]) for row in rows} == authors
    assert (ledger.rows_read, len(authors)) == (10, 49)
    for one in works:
        for number, each in enumerate(one["authorships"], 1):
            mine = [row for row in rows if (row["record_key"], row["listing_no"]) == (one["id"], number)]
            names = {i["display_name"] for i in each["institutions"]} or set(each["raw_affiliation_strings"]) or {None}
            assert {row["institution"] for row in mine} == names
            assert {row["weight"] for row in mine} == {WEIGHT_ONE // len(names)}


@pytest.mark.shared
def test_the_snapshot_of_2023_is_read_with_its_institutions(shared):
    folder = shared / "data" / "publications" / "openalex-snapshot"
    (path,) = folder.glob("works/*/part_000.gz")
    rows, ledger = read("openalex", [path], types=["grant"])
    assert (rows, ledger.rows_read) == ([], 27)
    assert ledger.scope == {
        "another type: journal-article": 1,
        "another field: Social Sciences": 2,
        "names no author": 24,
    }


MEASURE = """
import resource, sys
from pathlib import Path
from hubrank.sources import openalex
from hubrank.sources.formats import json_lines
from hubrank.sources.ledger import RowLedger
from hubrank.core.tables import Files
json_lines.BLOCK = 1 << 20  # a small block shows growth in a small file
path = Path(sys.argv[1])
ledger = RowLedger()
for _ in openalex.read(Files((path,), {}, {"": path.parent}), openalex.Options(), ledger):
    pass
print(ledger.rows_read, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def peak_kb(path, rows):
    done = subprocess.run([sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=True)
    read_rows, peak = map(int, done.stdout.split())
    assert read_rows == rows
    return peak


def test_memory_does_not_grow_with_the_file(written):
    filler = random.Random(1).randbytes(10_000).hex()
    text = lines(*(work(id=f"W{number}", abstract=filler[number % 100 :]) for number in range(1000))).encode()
    packed = gzip.compress(text, 1)
    small, large = written("small.gz", packed), written("large.gz", packed * 8)  # 20 and 160 MB of text
    assert peak_kb(large, 8_000) < 1.15 * peak_kb(small, 1_000)
