"""What fuzzing starts from: small good files of every format, written by hand."""

import bz2
import gzip
import io
import json
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq

ROLE = b"\n=====\n"  # between the files of a source that reads several


def zipped(data, name="a.csv"):
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return sink.getvalue()


def packed(data):
    """Return a text as it may lie on disk."""
    return [data, gzip.compress(data, mtime=0), bz2.compress(data), zipped(data), data.decode().encode("utf-16")]


def parquet(rows, **choices):
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), sink, **choices)
    return sink.getvalue()


def lines(*values):
    return "\n".join(map(json.dumps, values)).encode() + b"\n"


WORK = {
    "id": "https://openalex.org/W1",
    "publication_year": 2020,
    "updated_date": "2025-01-01",
    "type": "article",
    "is_retracted": False,
    "primary_topic": {
        "field": {"display_name": "Chemistry"},
        "domain": {"display_name": "Physical Sciences"},
    },
    "concepts": [{"display_name": "Biology", "level": 0, "score": 0.5}],
    "authorships": [
        {
            "countries": ["US"],
            "institutions": [{"id": "I1", "ror": "https://ror.org/041nas322", "display_name": "MIT"}],
            "raw_affiliation_strings": ["MIT, Cambridge", "x"],
        },
        {"institutions": [], "raw_affiliation_string": "Dept, Bonn, Germany"},
    ],
}
PLACE = {"id": "I1", "ror": "https://ror.org/041nas322", "geo": {"latitude": 50.7, "longitude": 7.1}}
OPENALEX = [
    *(text + ROLE + lines(PLACE) for text in packed(lines(WORK, WORK | {"id": "W2", "authorships": []}))),
    json.dumps([WORK], indent=1).encode(),
    parquet([WORK] * 2),
    lines(WORK | {"id": None}, 7, WORK | {"publication_year": "2020"}),
]

TABLE = b"""id,seq,date,city,country,lat,lon,count,share,kind
R1,1,2001-03-04,Basel,CH,47.5,7.6,1,1,a
R1,2,2001,"New York, NY",US,,,2,0.5,b
R2,1,20010304,Z\xc3\xbcrich,NA,91,8,1,1,a
"""
TABLES = [*packed(TABLE), TABLE.replace(b",", b"\t"), TABLE.replace(b"\n", b"\r"), TABLE + b'"open,1\n']
TAGGED = [
    b"FN Clarivate\nVR 1.0\nPT J\nC1 [Ito, H] RIKEN, Japan.\n   [Li, A] MIT, MA USA.\nPY 2021\nUT 1\nER\nEF\n",
    b"TY  - JOUR\nC1  - Wako, Japan\nC1  - Cambridge,\nUSA\nPY  - 2021///\nUT  - 1\nER  - \n",
]
ROWS = [
    {"id": "R1", "seq": 1, "date": "2001-03-04", "city": "Basel", "country": "CH", "lat": 47.5, "lon": 7.6, "count": 1},
    {"id": "R2", "seq": 2, "date": "2001", "city": None, "country": "US", "lat": None, "lon": None, "count": 3},
]
JSON_ROWS = [
    *packed(lines(*ROWS)),
    json.dumps(ROWS).encode(),
    lines(ROWS[0], {"id": {"a": [1]}}, 3, "x", None),
]
PARQUET_ROWS = [parquet(ROWS), parquet(ROWS, compression="gzip"), parquet([], row_group_size=1), parquet(ROWS * 9)]

ROUNDS_2013 = b"""company_permalink,company_name,company_region,company_city,company_state_code,company_country_code,\
funding_round_type,funded_at
/c/x,X,SF Bay,Palo Alto,CA,USA,angel,2012-08-29
/c/y,"Y, Inc",London,London,,GBR,series-a,2o12-08-29
"""
ROUNDS = b"""uuid,name,type,country_code,state_code,region,city,investment_type,announced_on,org_uuid,org_name
r1,seed - X,funding_round,CHE,,Basel,Basel,seed,2020-01-02,o1,X
r2,seed - X,funding_round,,,,,series_a,2020-01-02,o1,X
"""
FIRMS = b"uuid,name,country_code,state_code,region,city\no1,X,CHE,,Basel,Basel\n"
CRUNCHBASE = [*packed(ROUNDS_2013), ROUNDS + ROLE + FIRMS, ROUNDS]

GRANT = b"""<?xml version="1.0"?>
<!DOCTYPE us-patent-grant SYSTEM "us-patent-grant-v42-2006-08-23.dtd" [ ]>
<us-patent-grant><us-bibliographic-data-grant><publication-reference><document-id>
<country>US</country><doc-number>1</doc-number><kind>B2</kind><date>20120103</date></document-id></publication-reference>
<application-reference appl-type="utility"><document-id><date>20100102</date></document-id></application-reference>
<us-parties><inventors><inventor sequence="001"><addressbook><last-name>Doe</last-name><address><city>B&amp;B</city>
<state>CA</state><country>US</country></address></addressbook></inventor></inventors></us-parties>
</us-bibliographic-data-grant></us-patent-grant>
"""
APPLICATION = GRANT.replace(b"us-patent-grant", b"us-patent-application").replace(b"data-grant", b"data-application")
USPTO = [*packed(GRANT * 2), APPLICATION, GRANT + APPLICATION]
EUROPEAN = b"""<?xml version="1.0" encoding="UTF-8"?><x><SDOBI lang="en">
<B100><B130>A1</B130><B140><date>20030709</date>
</B140></B100><B200><B210>1.0</B210><B220><date>20020101</date></B220></B200><B500><B510><B511>H04L 12/28</B511></B510>
</B500><B700><B720><B721><snm>Doe</snm><adr><str>Main 1</str><city>89073 Ulm</city><ctry>DE</ctry></adr></B721></B720>
<B710><B711><snm>Firm</snm></B711></B710></B700></SDOBI></x>
"""
EPO = [*packed(EUROPEAN), EUROPEAN.replace(b"A1", b"B1"), EUROPEAN * 2]

REGPAT = b"""PCT_Nbr|Inv_name|Address|Reg_code|Ctry_code|Reg_share|Inv_share
WO1|A|14, rue de Satory|FR103|FR|1|0.5
WO1|B|Bari|IT2|UK|0.5|0.5
"""
IPC = b"PCT_Nbr|Prio_Year|App_year|IPC\nWO1|2018|2019|H04L0012280\n"
REGPATS = [*(text + ROLE + IPC for text in packed(REGPAT)), REGPAT.replace(b"PCT_Nbr", b"App_nbr") + ROLE + IPC]
INVENTORS = b"patent_id\tinventor_sequence\tlocation_id\n1\t0\tL1\n1\t1\tL2\n"
PATENTS = b"patent_id\tpatent_type\tpatent_date\n1\tutility\t2020-01-02\n2\tdesign\t2o20\n"
LOCATIONS = b"location_id\tdisambig_city\tdisambig_country\tlatitude\tlongitude\nL1\tRome\tIT\t41.9\t12.5\n"
PATENTSVIEW = [text + ROLE + PATENTS + ROLE + LOCATIONS for text in packed(INVENTORS)]

STUDY = b"""title = "A test"
edition = "1"
[windows]
patents = [2020, 2024]
[[sources]]
metric = "patents"
reader = "table"
files = { table = ["a.csv", "${HOME}/b"] }
options = { types = ["a"], whole_records = true }
columns = { record = "id", year = { from = "x", pattern = '(\\d{4})' } }
years = [2019, 2024]
max_set_aside_pct = 2.5
licence = "CC0-1.0"
[[sources]]
metric = "deals"
reader = "crunchbase"
files = "rounds.csv"
[geocoding]
use = ["coordinates"]
min_precision = "city"
[points]
round_deg = 0.01
[clusters]
radius_km = 15
min_share_ppm = 150
metrics = ["patents"]
balance = "equal"
[ranking]
weights = { patents = 0.1, deals = 1 }
[robustness]
level = 0.9
radius_km = [10, 12.5]
[naming]
x = [1, 2]
"""
STUDIES = [STUDY, b"title = 1\n", STUDY.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + STUDY]

ADDRESSES = [
    "Cambridge, MA 02139, USA\n14, rue de Satory,F-78000 Versailles||FR\nZürich|ZH|Switzerland\n".encode(),
    "|Sao Paulo|SP|BRA\n〒606-8501 京都市左京区吉田本町|||JP\nMosk va|||RU\n".encode(),
    b"Dept. of Physics, Univ. of Bonn, 53115 Bonn, Germany\nSan Jose||CA|US\nNA||NA|NA\n",
]

BONN = {
    "id": "https://ror.org/041nas322",
    "names": [
        {"value": "University of Bonn", "types": ["ror_display", "label"], "lang": "en"},
        {"value": "Rheinische Friedrich-Wilhelms-Universität Bonn", "types": ["label"], "lang": "de"},
        {"value": "UBN", "types": ["acronym"], "lang": None},
    ],
    "locations": [
        {
            "geonames_id": 2946447,
            "geonames_details": {
                "name": "Bonn",
                "country_code": "DE",
                "country_subdivision_code": "NW",
                "lat": 50.73438,
                "lng": 7.09549,
            },
        }
    ],
    "types": ["education"],
    "status": "active",
    "relationships": [{"type": "child"}],
}
OTTAWA = {
    "id": "https://ror.org/03c4mmv16",
    "name": "University of Ottawa",
    "aliases": ["Ottawa University"],
    "acronyms": ["UO"],
    "labels": [{"label": "Université d'Ottawa", "iso639": "fr"}],
    "types": ["Education"],
    "status": "active",
    "country": {"country_code": "CA"},
    "addresses": [
        {
            "lat": 45.42178,
            "lng": -75.68327,
            "city": "Ottawa",
            "geonames_city": {"id": 6094817, "geonames_admin1": {"code": "CA.08"}},
        }
    ],
}
DELFT = {
    "id": "https://openalex.org/I98358874",
    "ror": "https://ror.org/02e2c7k09",
    "display_name": "Delft University of Technology",
    "display_name_alternatives": ["TU Delft"],
    "type": "education",
    "geo": {"latitude": 52.0, "longitude": 4.4, "country_code": "NL", "geonames_city_id": "2757345", "city": "Delft"},
}
REGISTERS = [
    json.dumps([BONN, BONN | {"status": "withdrawn"}]).encode(),
    json.dumps([OTTAWA]).encode(),
    lines(DELFT, DELFT | {"geo": None}),
    gzip.compress(lines(DELFT), mtime=0),
    zipped(json.dumps([BONN]).encode(), "v2.json"),
]

PARTS = [
    b"id,town,land\nP,Bonn|Ulm;Rome,DE;IT\nP,Oslo,NO\nQ,;,\nR,NA,NA\n",
    "id\ttown\tland\nP\tZürich; Genève;\tCH;CH\n".encode(),
]
NESTED = [
    json.dumps(
        {"results": [{"year": 2020, "hits": [{"id": 1, "city": "Bonn"}, 3, None]}, {"hits": {}}]}, indent=1
    ).encode(),
    b'{"results": [{"year": 2020, "hits": [{"city": "Rome"}]}]}\n{"results": []}\n[]\n',
]


def _form_d():
    """Return a quarter of two filings."""
    tables = {
        "FORMDSUBMISSION": (
            "ACCESSIONNUMBER\tFILE_NUM\tFILING_DATE\tSUBMISSIONTYPE\tTESTORLIVE\n"
            "1\t021-1\t31-MAR-2021\tD\tLIVE\n2\t021-1\t2014-03-31 17:30:58\tD/A\tLIVE\n"
        ),
        "ISSUERS": (
            "ACCESSIONNUMBER\tIS_PRIMARYISSUER_FLAG\tISSUER_SEQ_KEY\tENTITYNAME\tCITY\tSTATEORCOUNTRY\t"
            "STATEORCOUNTRYDESCRIPTION\tYEAROFINC_TIMESPAN_CHOICE\tYEAROFINC_VALUE_ENTERED\n"
            '1\tYES\t1\t"A" Inc\tOTTAWA\tA6\tONTARIO, CANADA\tWithin last five years\t2019\n'
        ),
        "OFFERING": (
            "ACCESSIONNUMBER\tINDUSTRYGROUPTYPE\tSALE_DATE\tISPOOLEDINVESTMENTFUNDTYPE\tISEQUITYTYPE\t"
            "ISOPTIONTOACQUIRETYPE\tISSECURITYTOBEACQUIREDTYPE\tISBUSINESSCOMBINATIONTRANS\n"
            "1\tBiotechnology\t2014-01-31\t\ttrue\t\t\tfalse\n"
        ),
    }
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, text in tables.items():
            archive.writestr(f"2021Q1_d/{name}.tsv", text)
    return sink.getvalue()


FORM_D = [_form_d()]

REQUESTS = [
    b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /clusters.json?radius_km=33&min_listings=4&top=3 HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n",
    b"GET /ranking.csv HTTP/1.1\r\nHost: 127.0.0.1\r\nRange: bytes=0-9\r\nAccept-Encoding: gzip\r\n\r\n",
    b'HEAD /openapi.json HTTP/1.1\r\nHost: [::1]:80\r\nIf-None-Match: "x"\r\nConnection: close\r\n\r\n',
    b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    b"GET /tables/../edition.json HTTP/1.1\r\nHost: localhost\r\n\r\nGET /%2e%2e/run.json HTTP/1.0\r\n\r\n",
    b"GET /ranking.json?weight=patents:2&place=Paris HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nabcde",
]
