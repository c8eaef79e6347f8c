"""European patents: applications and grants as the European Patent Office's publication server writes them in XML.

A record is an application (a grant of it is the same record), a listing one of its inventors; document types
ep-patent-document 1.0 to 1.5.1 (METHOD 1).
"""

from collections.abc import Iterator

import pyarrow as pa

from hubrank.core.tables import Files, Ledger, Metric, Origin
from hubrank.sources.applicants import applicant_name
from hubrank.sources.formats.xml_documents import Element, front_page, text
from hubrank.sources.patents import Inventor, Patent, PatentOptions, read_documents

METRIC = Metric("patents", unit="applications", listing="inventor")
LICENCE = "the terms of the European Patent Office: free to use, the source named"  # docs/sources/epo_xml.md
ORIGIN = Origin(
    name="European publication server",
    publisher="European Patent Office",
    url="https://data.epo.org/publication-server/",
)
ROLES = ("documents",)
OPTIONAL_ROLES: tuple[str, ...] = ()
WHOLE_RECORDS = True
FRONT_PAGE = "SDOBI"  # subdocument of bibliographic information, coded by WIPO's ST.32
CLASSIFICATIONS = ("B500/B510EP/classification-ipcr", "B500/B510/B511", "B500/B510/B512")


class Options(PatentOptions):
    """What counts.

    kinds : kinds of document that count: A1 and A2 are applications, with search report and without; A3 is a search
        report alone, A8, A9, B8 and B9 are corrections; B1, B2 and B3 are grants.
    """

    kinds: tuple[str, ...] = ("A1", "A2")


def read(files: Files, options: Options, ledger: Ledger) -> Iterator[pa.Table]:
    """Yield one listing per inventor; source_row is the number of the document in its file.

    Documents that cannot be parsed are set aside.
    """
    return read_documents(files, _patent, options.kinds, options, ledger)


def _patent(document: bytes) -> Patent | str:
    try:
        page = front_page(document, FRONT_PAGE)
    except (ValueError, LookupError):
        return "not well-formed XML"
    if page is None:
        return "no front page of a European patent"
    number = text(page, "B200/B210")
    return Patent(
        key=f"EP-{number}" if number else None,
        published=text(page, "B100/B140/date"),
        filed=text(page, "B200/B220/date"),
        kind=text(page, "B100/B130") or "(none)",
        pct=page.find("B800/B860") is not None or page.find("B800/B870") is not None,
        inventors=tuple(_inventors(page)),
        organisations=tuple(_applicants(page)),
        symbols=tuple(words for path in CLASSIFICATIONS for one in page.findall(path) if (words := _symbol(one))),
    )


def _inventors(page: Element) -> Iterator[Inventor]:
    """Return inventors with the city as written: it holds the post code, and often more than the city."""
    for number, one in enumerate(page.findall("B700/B720/B721"), 1):
        street, city = text(one, "adr/str"), text(one, "adr/city")
        yield Inventor(number, city, None, text(one, "adr/ctry"), None if city else street)


def _applicants(page: Element) -> Iterator[str]:
    """Return who applied, or, on grants, who holds the patent."""
    for one in page.findall("B700/B710/B711") or page.findall("B700/B730/B731"):
        if name := text(one, "snm"):
            yield applicant_name(name)


def _symbol(one: Element) -> str | None:
    """Return the symbol; before 2006 an edition digit stands in front of it (`7C 07C  29/44`)."""
    words = text(one)
    return words.lstrip("0123456789 ") if words else None
