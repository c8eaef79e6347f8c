"""United States patents as XML: many documents in a file, inventors in two places."""

import html
import re
from collections import Counter

import pytest

from sources.reading_sources import read

GRANT = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE us-patent-grant SYSTEM "us-patent-grant-v43-2012-12-04.dtd" [ <!ENTITY bomb "boom"> ]>
<us-patent-grant><us-bibliographic-data-grant>
<publication-reference><document-id><country>US</country><doc-number>{number}</doc-number><kind>B2</kind>
<date>{date}</date></document-id></publication-reference>
<application-reference appl-type="{kind}"><document-id><country>US</country><doc-number>1</doc-number>
<date>20110304</date></document-id></application-reference>
<classifications-ipcr><classification-ipcr><section>H</section><class>01</class><subclass>L</subclass>
<main-group>21</main-group><subgroup>02</subgroup></classification-ipcr></classifications-ipcr>
{parties}
<assignees><assignee><addressbook><orgname>Acme &amp; Söhne</orgname></addressbook></assignee>
<assignee><addressbook><last-name>Doe</last-name><first-name>J</first-name></addressbook></assignee></assignees>
{pct}</us-bibliographic-data-grant><description>&undeclared; {filler}</description></us-patent-grant>
"""
PERSON = "<addressbook><last-name>Doe</last-name><address>{address}</address></addressbook>{residence}"
BEFORE = """<parties><applicants><applicant app-type='applicant-inventor'>{}</applicant>
<applicant app-type='applicant'>{}</applicant></applicants></parties>"""
SINCE = """<us-parties><us-applicants><us-applicant>{}</us-applicant></us-applicants>
<inventors><inventor sequence='001'>{}</inventor></inventors></us-parties>"""
INVENTOR = r'<applicant [^>]*app-type="applicant-inventor".*?</applicant>|<inventor .*?</inventor>'
ABROAD = PERSON.format(address="<city>Elsewhere</city><country>FR</country>", residence="")


def person(address, residence=""):
    return PERSON.format(address=address, residence=residence)


def grant(number="07000001", date="20120103", kind="utility", parties=None, pct="", filler=""):
    boston = person("<city>Boston</city><state>MA</state><country>US</country>")
    return GRANT.format(
        number=number,
        date=date,
        kind=kind,
        pct=pct,
        filler=filler,
        parties=SINCE.format(ABROAD, boston) if parties is None else parties,
    )


PLACES = {
    "until 2012": (BEFORE.format(person("<city>Ulm</city><country>DE</country>"), ABROAD), ("Ulm", None, "DE")),
    "since 2012": (SINCE.format(ABROAD, person("<city>Ulm</city><country>DE</country>")), ("Ulm", None, "DE")),
    "country of residence": (
        SINCE.format(
            ABROAD, person("<city>Ulm</city><country>unknown</country>", "<residence><country>DE</country></residence>")
        ),
        ("Ulm", None, "DE"),
    ),
    "nothing": (SINCE.format(ABROAD, person("")), (None, None, None)),
}


@pytest.mark.parametrize("when", PLACES)
def test_inventors_and_not_applicants_are_listings(reading, when):
    parties, place = PLACES[when]
    rows, _ = reading("uspto_xml", grant(parties=parties), "ipg.xml")
    assert [(row["city"], row["region"], row["country"]) for row in rows] == [place]


def test_a_document_becomes_a_record_with_its_number_date_holders_and_field(reading):
    (row,), _ = reading("uspto_xml", grant(), "ipg.xml")
    assert (row["record_key"], row["date"], row["year"], row["record_version"]) == (
        "US-07000001-B2",
        "2012-01-03",
        2012,
        1,
    )
    assert (row["organisations"], row["field"]) == (["Acme & Söhne", "individual"], "Semiconductors")


@pytest.mark.parametrize(
    ("changes", "options", "reason"),
    [
        ({"kind": "design"}, {}, "another kind: design"),
        ({"kind": "design"}, {"types": ["design"]}, None),
        ({}, {"pct_only": True}, "not through the PCT"),
        (
            {"pct": "<pct-or-regional-filing-data><document-id/></pct-or-regional-filing-data>"},
            {"pct_only": True},
            None,
        ),
        ({}, {"window": (2000, 2011)}, "outside the window"),
        ({}, {"window": (2011, 2011), "year_of": "filing"}, None),
        ({"parties": ""}, {}, "names no inventor"),
    ],
)
def test_what_is_out_of_scope(reading, changes, options, reason):
    rows, ledger = reading("uspto_xml", grant(**changes), "ipg.xml", **options)
    assert (len(rows), dict(ledger.scope), ledger.aside) == ((0, {reason: 1}, []) if reason else (1, {}, []))


def test_broken_documents_are_set_aside_by_their_number_and_the_others_kept(reading):
    sequences = '<?xml version="1.0"?><sequence-cwu id="S"></sequence-cwu>'
    broken = [
        grant().replace("</country><doc-number>07", "<doc-number>07"),
        grant().replace("</us-bibliographic-data-grant>", ""),
        '<?xml version="1.0"?><other/>',
        grant(number=""),
        grant(date="20129"),
        grant().replace("Boston", "Bos\x00ton"),
        grant().replace('encoding="UTF-8"', 'encoding="klingon"'),
    ]
    rows, ledger = reading("uspto_xml", "".join([grant(), *broken, sequences, grant("07000002")]), "ipg.xml")
    assert [(row["record_key"], row["source_row"]) for row in rows] == [("US-07000001-B2", 1), ("US-07000002-B2", 10)]
    assert [row[1:3] for row in ledger.aside] == [
        (2, "not well-formed XML"),
        (3, "not well-formed XML"),
        (4, "no front page of a United States patent"),
        (5, "no number"),
        (6, "not a date"),
        (7, "not well-formed XML"),
        (8, "not well-formed XML"),
    ]
    assert ledger.scope == {"another kind: sequence listing": 1}


def test_entities_that_a_document_declares_are_never_expanded(reading):
    entities = "".join(f'<!ENTITY l{n} "&l{n - 1};&l{n - 1};">' for n in range(1, 40))
    bomb = (
        grant()
        .replace('<!ENTITY bomb "boom">', '<!ENTITY l0 "ha">' + entities)
        .replace("Boston", "B&l39;&eacute;ziers")
    )
    (row,), _ = reading("uspto_xml", bomb, "ipg.xml")
    assert row["city"] == "B éziers"


def test_documents_are_told_apart_wherever_the_file_is_cut(reading, monkeypatch):
    text = "".join(grant(f"0700{number:04}", filler="x" * number) for number in range(30))
    expected, _ = reading("uspto_xml", text, "ipg.xml")
    for size in (1, 7, 1000):
        monkeypatch.setattr("hubrank.sources.formats.archives.PIECE", size)
        assert reading("uspto_xml", text, "ipg.xml")[0] == expected
    assert len(expected) == 30


@pytest.mark.shared
def test_the_sample_holds_421_grants_and_894_inventors(shared):
    paths = sorted((shared / "data" / "patents" / "uspto-grant-xml").glob("*.xml"))
    rows, ledger = read("uspto_xml", paths, types=["utility", "design", "plant", "sir"])
    assert len({row["record_key"] for row in rows}) == 421
    assert ledger.scope == {"another kind: sequence listing": 5}
    expected = Counter()
    for path in paths:
        for page in re.findall(
            r"<us-bibliographic-data-grant>.*?</us-bibliographic-data-grant>", path.read_text("utf-8"), re.DOTALL
        ):
            inventors = re.findall(INVENTOR, page, re.DOTALL)
            cities = (re.search("<city>(.*?)</city>", one, re.DOTALL).group(1) for one in inventors)
            expected.update(" ".join(html.unescape(city).split()) for city in cities)
    assert sum(expected.values()) == 894
    assert Counter(row["city"] for row in rows) == expected
