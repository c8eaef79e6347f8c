"""European patents as XML, document types 1.0 to 1.5.1."""

import re

import pytest

from sources.reading_sources import read

DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?><ep-patent-document id="EP1A1"><SDOBI lang="en">
<B100><B110>1325900</B110><B130>{kind}</B130><B140><date>{date}</date></B140></B100>
<B200><B210>{number}</B210><B220><date>20010905</date></B220></B200>
<B500>{classes}</B500>
<B700><B710>{applicants}</B710><B720>{inventors}</B720>
<B730><B731><snm>Holder GmbH</snm></B731></B730></B700><B800>{pct}</B800></SDOBI></ep-patent-document>"""
INVENTOR = "<B721><snm>Doe, Jane</snm><adr><str>10, Goikaigan</str>{city}<ctry>JP</ctry></adr></B721>"


def document(**changes):
    defaults = {
        "kind": "A1",
        "date": "20030709",
        "number": "01963450.0",
        "classes": "<B510EP><classification-ipcr><text>G01N  33/53  20060101AFI</text></classification-ipcr></B510EP>",
        "applicants": "<B711><snm>Smith & Co. Ltd.</snm></B711><B711><snm>Doe, Jane</snm></B711>",
        "inventors": INVENTOR.format(city="<city>Ichihara-shi,\nChiba 290-8566</city>"),
        "pct": "",
    }
    return DOCUMENT.format(**defaults | changes)


def test_the_city_is_taken_as_written_with_its_post_code(reading):
    (row,), _ = reading("epo_xml", document(), "ep.xml")
    assert (row["city"], row["country"], row["address"]) == ("Ichihara-shi, Chiba 290-8566", "JP", None)
    assert (row["record_key"], row["year"], row["date"]) == ("EP-01963450.0", 2003, "2003-07-09")


def test_without_a_city_the_street_is_the_address(reading):
    (row,), _ = reading("epo_xml", document(inventors=INVENTOR.format(city="")), "ep.xml")
    assert (row["city"], row["address"]) == (None, "10, Goikaigan")


def test_applicants_are_organisations_persons_are_not_named_and_a_bare_ampersand_is_read(reading):
    (row,), _ = reading("epo_xml", document(), "ep.xml")
    assert (row["organisations"], row["field"]) == (
        ["Smith & Co. Ltd.", "individual"],
        "Analysis of biological materials",
    )


def test_a_grant_names_its_holder_and_classes_before_2006_have_an_edition_in_front(reading):
    old = "<B510><B516>7</B516><B511> 7C 07C  29/44   A</B511></B510>"
    (row,), _ = reading("epo_xml", document(kind="B1", applicants="", classes=old), "ep.xml", kinds=["B1"])
    assert (row["organisations"], row["field"]) == (["Holder GmbH"], "Organic fine chemistry")


@pytest.mark.parametrize(
    ("changes", "options", "scope", "aside"),
    [
        ({"kind": "B1"}, {}, "another kind: B1", None),
        ({}, {"pct_only": True}, "not through the PCT", None),
        ({"pct": "<B860><B861><dnum><anum>JP1</anum></dnum></B861></B860>"}, {"pct_only": True}, None, None),
        ({}, {"window": (2010, 2012)}, "outside the window", None),
        ({}, {"window": (2001, 2001), "year_of": "filing"}, None, None),
        ({"inventors": ""}, {}, "names no inventor", None),
        ({"number": ""}, {}, None, "no number"),
        ({"date": "2003"}, {}, None, "not a date"),
        ({"date": ""}, {"window": (2001, 2005)}, None, "no date"),
        ({"inventors": "<B721>"}, {}, None, "not well-formed XML"),
    ],
)
def test_where_a_document_goes(reading, changes, options, scope, aside):
    rows, ledger = reading("epo_xml", document(**changes), "ep.xml", **options)
    assert (dict(ledger.scope), list(ledger.reasons())) == ({scope: 1} if scope else {}, [aside] if aside else [])
    assert len(rows) == (not scope and not aside)


@pytest.mark.shared
def test_every_version_of_the_sample_is_read(shared):
    folder = shared / "data" / "patents" / "epo-xml"
    paths = sorted(folder.glob("*/*.xml"))
    rows, ledger = read("epo_xml", paths, base=folder, kinds=["A1", "A2", "B1", "B2"])
    assert (ledger.rows_read, ledger.rows_kept, len(paths)) == (30, 30, 30)
    for path in paths:
        page = path.read_text("utf-8").split("</SDOBI>")[0]
        cities = re.findall(r"<B721>.*?<city>(.*?)</city>.*?</B721>", page, re.DOTALL)
        mine = [row["city"] for row in rows if row["source_file"] == path.relative_to(folder).as_posix()]
        assert mine == [" ".join(city.replace("&amp;", "&").split()) for city in cities], path.name
