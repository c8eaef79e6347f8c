"""United States patents: grants and published applications as the patent office's red book XML (2005 to now).

A record is a document, a listing one of its inventors; document type versions 4.0 to 4.x (METHOD 1).
"""

from collections.abc import Iterator

import pyarrow as pa

from hubrank.core.tables import Files, Ledger, Metric, Origin
from hubrank.sources.applicants import INDIVIDUAL
from hubrank.sources.formats.xml_documents import Element, front_page, text
from hubrank.sources.patents import Inventor, Patent, UnitedStatesOptions, read_documents

METRIC = Metric("patents", unit="patents", listing="inventor")
LICENCE = "public domain"  # docs/sources/uspto_xml.md
ORIGIN = Origin(
    name="Patent Grant and Application Full Text Data (XML)",
    publisher="United States Patent and Trademark Office",
    url="https://data.uspto.gov/bulkdata",
)
ROLES = ("documents",)
OPTIONAL_ROLES: tuple[str, ...] = ()
WHOLE_RECORDS = True
FRONT_PAGES = ("us-bibliographic-data-grant", "us-bibliographic-data-application")
INVENTORS = (  # where inventors stand since December 2012, and before: the first that there is
    ".//us-parties/inventors/inventor",
    ".//parties/inventors/inventor",
    ".//applicants/applicant[@app-type='applicant-inventor']",
)
NOWHERE = {"omitted", "unknown", "none", "null", "xx", "x"}  # what stands where an address has no such part


class Options(UnitedStatesOptions):
    """What counts; the other types are design, plant, reissue and sir."""


def read(files: Files, options: Options, ledger: Ledger) -> Iterator[pa.Table]:
    """Yield one listing per inventor; source_row is the number of the document in its file.

    Documents of another type (sequence listings) are out of scope; those that cannot be parsed are set aside.
    """
    return read_documents(files, _patent, options.types, options, ledger)


def _patent(document: bytes) -> Patent | str:
    try:
        pages = (front_page(document, tag) for tag in FRONT_PAGES)
        page = next((page for page in pages if page is not None), None)
    except (ValueError, LookupError):
        return "not well-formed XML"
    if page is None:
        return _other(document)
    publication = "publication-reference/document-id/"
    number = [text(page, publication + part) for part in ("country", "doc-number", "kind")]
    reference = page.find("application-reference")
    return Patent(
        key="-".join(part for part in number if part) if number[1] else None,
        published=text(page, publication + "date"),
        filed=text(reference, "document-id/date"),
        kind=(reference.get("appl-type") if reference is not None else None) or "(none)",
        pct=page.find("pct-or-regional-filing-data") is not None,
        inventors=tuple(_inventors(page)),
        organisations=tuple(_organisations(page)),
        symbols=tuple(_symbols(page)),
    )


def _other(document: bytes) -> Patent | str:
    """Sequence listings come as documents of their own; anything else is not a patent at all."""
    if b"<sequence-cwu" in document[:2000]:
        return Patent("", None, None, "sequence listing", pct=False, inventors=(), organisations=(), symbols=())
    return "no front page of a United States patent"


def _inventors(page: Element) -> Iterator[Inventor]:
    inventors = next((elements for path in INVENTORS if (elements := page.findall(path))), [])
    for number, one in enumerate(inventors, 1):
        parts = {part: _place(text(one, f"addressbook/address/{part}")) for part in ("city", "state", "country")}
        country = parts["country"] or _place(text(one, "residence/country"))
        yield Inventor(number, parts["city"], parts["state"], country)


def _place(word: str | None) -> str | None:
    """Return a part of an address; None where it stands for no place."""
    return None if word is None or word.lower() in NOWHERE else word


def _organisations(page: Element) -> Iterator[str]:
    """Return the assignees: who holds the patent once it is granted."""
    for one in page.findall(".//assignees/assignee"):
        name = text(one, "addressbook/orgname") or text(one, "orgname")
        yield name or INDIVIDUAL


def _symbols(page: Element) -> Iterator[str]:
    for one in page.findall("classifications-ipcr/classification-ipcr"):
        yield " ".join(text(one, part) or "" for part in ("section", "class", "subclass", "main-group"))
    for path in ("classification-ipc/main-classification", "classifications-cpc/main-cpc/classification-cpc"):
        yield from (words for one in page.findall(path) if (words := text(one)))
