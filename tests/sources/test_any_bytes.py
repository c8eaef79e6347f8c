"""No file whatever makes a reader fail with anything but a HubrankError: bytes at random, and good files damaged."""

import bz2
import gzip
import io
import json
import os
import tempfile
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubrank.core.errors import HubrankError
from sources.planted_faults import COLUMNS, planted
from sources.reading_sources import read
from sources.test_form_d import filing, quarter

EXAMPLES = 1_000 if os.environ.get("HUBRANK_PROOF") else 5
WORK = {
    "id": "W1",
    "publication_year": 2020,
    "type": "article",
    "concepts": [{"display_name": "Biology", "level": 0, "score": 0.5}],
    "authorships": [{"institutions": [{"id": "I1", "display_name": "MIT"}], "raw_affiliation_strings": ["x"]}],
}
ROUNDS = (
    "company_permalink,company_name,company_region,company_city,company_state_code,company_country_code,"
    "funding_round_type,funded_at\n"
)
GRANT = """<?xml version="1.0"?><us-patent-grant><us-bibliographic-data-grant><publication-reference><document-id>
<doc-number>1</doc-number><date>20120103</date></document-id></publication-reference><application-reference
appl-type="utility"/><us-parties><inventors><inventor>
<addressbook><address><city>B&amp;B</city></address></addressbook></inventor>
</inventors></us-parties></us-bibliographic-data-grant></us-patent-grant>"""
EUROPEAN = """<?xml version="1.0"?><x><SDOBI><B100><B130>A1</B130><B140><date>20030709</date></B140></B100>
<B200><B210>1.0</B210></B200><B700><B720><B721><adr><city>Ulm 1</city></adr></B721></B720></B700></SDOBI></x>"""


def packed_parquet(table):
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


def packed_zip(data):
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", data)
    return sink.getvalue()


def form_d_quarter():
    with tempfile.TemporaryDirectory() as folder:
        return quarter(Path(folder), "2021Q1", [filing(n) for n in range(5)]).read_bytes()


TABLE = planted(30, every=3).data
LINES = (json.dumps(WORK) + "\n").encode() * 3
REGPAT = b"""PCT_Nbr|Inv_name|Address|Reg_code|Ctry_code|Reg_share|Inv_share
WO1|A|Rome|IT1|IT|1|0.5
WO1|B|Bari|IT2|IT|1|0.5
"""
FILES = {
    "table": ("table", "a.csv", TABLE, {"columns": COLUMNS}),
    "zip": ("table", "a.zip", packed_zip(TABLE[:3000]), {"columns": COLUMNS}),
    "bz2": ("table", "a.csv.bz2", bz2.compress(TABLE[:3000]), {"columns": COLUMNS}),
    "zst": ("table", "a.csv.zst", pa.compress(TABLE[:3000], "zstd", asbytes=True), {"columns": COLUMNS}),
    "json": ("table", "a.jsonl", LINES, {"columns": {"record": "id", "city": "type", "year": "publication_year"}}),
    "parquet": ("table", "a.parquet", packed_parquet(pa.table({"a": ["x"] * 9})), {"columns": {"city": "a"}}),
    "openalex": ("openalex", "a.jsonl", LINES, {}),
    "openalex gz": ("openalex", "a.gz", gzip.compress(LINES), {}),
    "openalex array": ("openalex", "a.json", json.dumps([WORK, WORK], indent=1).encode(), {}),
    "openalex parquet": ("openalex", "a.parquet", packed_parquet(pa.Table.from_pylist([WORK] * 3)), {}),
    "crunchbase": (
        "crunchbase",
        "a.csv",
        (ROUNDS + "/c/x,X,SF Bay,Palo Alto,CA,USA,angel,2012-08-29\n" * 3).encode(),
        {},
    ),
    "uspto_xml": ("uspto_xml", "a.xml", GRANT.encode() * 2, {}),
    "epo_xml": ("epo_xml", "a.xml", EUROPEAN.encode(), {}),
    "regpat": ("regpat", "a.txt", REGPAT, {}),
    "table in parts": (
        "table",
        "a.csv",
        b"id,town,land\nP,Bonn|Ulm;Rome,DE;IT\nP,Oslo,NO\nQ,;,\n" * 3,
        {
            "columns": {
                "record": "id",
                "city": {"from": "town", "split": ";", "places": "|"},
                "country": {"from": "land", "split": ";"},
            },
            "missing": ["NA"],
        },
    ),
    "nested json": (
        "table",
        "a.json",
        json.dumps(
            {"results": [{"year": 2020, "hits": [{"id": n, "city": "Bonn"} for n in range(9)]}]}, indent=1
        ).encode(),
        {"columns": {"record": "id", "city": "city", "year": "../year"}, "rows": "results[*].hits[*]"},
    ),
    "form_d": ("form_d", "a.zip", form_d_quarter(), {}),
    "patentsview": ("patentsview", "a.tsv", b"patent_id\tinventor_sequence\tlocation_id\n1\t0\tL1\n1\t1\tL2\n", {}),
}
ROLES = {
    "regpat": {"ipc": b"PCT_Nbr|App_year|IPC\nWO1|2019|H04L0012280\n"},
    "patentsview": {
        "patents": b"patent_id\tpatent_type\tpatent_date\n1\tutility\t2020-01-02\n",
        "locations": b"location_id\tdisambig_city\tdisambig_country\tlatitude\tlongitude\nL1\tRome\tIT\t41.9\t12.5\n",
    },
}
BITS = st.sampled_from(
    [b"", b"\0", b'"', b"\n", b"\r", b",", b"\t", b"|", b"\xff", b"\xef\xbb\xbf", b"<", b"&", b"{", b"]", b"9" * 30]
)
DAMAGE = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 20), BITS | st.binary(max_size=8)), max_size=4)


def damaged(data, damage):
    for at, gone, put in damage:
        at %= len(data) + 1  # noqa: PLW2901 (a place within the file)
        data = data[:at] + put + data[at + gone :]
    return data


def survives(kind, data, role=None):
    reader, name, good, options = FILES[kind]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data if role is None else good)
        roles = {}
        for one, content in ROLES.get(kind, {}).items():
            roles[one] = [Path(folder) / f"{one}.txt"]
            roles[one][0].write_bytes(data if one == role else content)
        try:
            rows, _ = read(reader, [path], roles=roles, **options)
        except HubrankError as error:
            return str(error)
        return rows


@pytest.mark.parametrize("kind", FILES)
def test_the_good_files_are_read(kind):
    assert survives(kind, FILES[kind][2])


@pytest.mark.parametrize("kind", FILES)
@settings(
    max_examples=EXAMPLES, deadline=5000, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(damage=DAMAGE)
def test_a_damaged_file_gives_listings_or_an_error_that_says_what_is_wrong(kind, damage):
    survives(kind, damaged(FILES[kind][2], damage))


@pytest.mark.parametrize("kind", FILES)
@settings(max_examples=EXAMPLES, deadline=5000, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.binary(max_size=400))
def test_any_bytes_give_listings_or_an_error_that_says_what_is_wrong(kind, data):
    survives(kind, data)


@pytest.mark.parametrize(("kind", "role"), [(kind, role) for kind, roles in ROLES.items() for role in roles])
@settings(max_examples=EXAMPLES, deadline=5000, suppress_health_check=[HealthCheck.too_slow])
@given(damage=DAMAGE)
def test_a_damaged_table_that_the_main_one_refers_to_does_no_more_harm(kind, role, damage):
    survives(kind, damaged(ROLES[kind][role], damage), role)
