"""Patent documents become listings: one per inventor, whoever published them (METHOD 1)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar, Literal

import pyarrow as pa

from hubrank.core.tables import Files, Ledger
from hubrank.sources import OUTSIDE
from hubrank.sources.formats.archives import members_of
from hubrank.sources.formats.xml_documents import documents
from hubrank.sources.ipc_fields import technology_field
from hubrank.sources.kinds import is_stated
from hubrank.sources.options import ReaderOptions
from hubrank.sources.row_checks import listings

PCT_NOTE = (
    "Patents through the PCT are counted as they entered the United States national phase: that is a part of all "
    "applications under the PCT, with more inventors from the United States."
)
BATCH = 20_000  # listings at a time


@dataclass(frozen=True, slots=True)
class Inventor:
    """Where one inventor lives, as the document says; `number` in the document, from 1."""

    number: int
    city: str | None = None
    region: str | None = None
    country: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Patent:
    """One document.

    key : what makes two documents the same record.
    published, filed : YYYYMMDD, None where missing.
    kind : what `types` or `kinds` choose from.
    pct : whether it came through the PCT.
    symbols : IPC symbols, the first one first.
    """

    key: str | None
    published: str | None
    filed: str | None
    kind: str
    pct: bool
    inventors: tuple[Inventor, ...]
    organisations: tuple[str, ...]
    symbols: tuple[str, ...]


class PatentOptions(ReaderOptions):
    """What counts.

    year_of : which date decides the year: of publication, or of filing.
    pct_only : leave out what did not come through the PCT.
    """

    renames: ClassVar[tuple[str, ...]] = ()

    year_of: Literal["publication", "filing"] = "publication"
    pct_only: bool = False


class UnitedStatesOptions(PatentOptions):
    """What counts of the patents of the United States: with `pct_only`, every output says what that leaves out.

    types : kinds of application that count; design, plant, reissue and others are left out.
    """

    types: tuple[str, ...] = ("utility",)

    @property
    def notes(self) -> tuple[str, ...]:
        """What every output of a source read with these options has to say."""
        return (PCT_NOTE,) if self.pct_only else ()


def read_documents(
    files: Files,
    parse: Callable[[bytes], Patent | str],
    kinds: tuple[str, ...],
    options: PatentOptions,
    ledger: Ledger,
) -> Iterator[pa.Table]:
    """Yield one listing per inventor of each patent in scope; source_row is the number of the document in its file.

    parse : returns the patent of an XML document, or why it has none.
    kinds : those that are in scope.
    """
    patents = (
        (member.name, number, parse(document))
        for member in members_of(files.main, files)
        for number, document in enumerate(documents(member), 1)
    )
    rows = (row for patent in patents for row in _rows(*patent, kinds, options, ledger))
    while batch := list(islice(rows, BATCH)):
        yield listings(pa.Table.from_pylist(batch))


def _rows(
    file: str, number: int, patent: Patent | str, kinds: tuple[str, ...], options: PatentOptions, ledger: Ledger
) -> Iterator[dict[str, object]]:
    ledger.read()
    if isinstance(patent, str):
        ledger.set_aside(file, number, patent, "(document)", None)
        return
    if is_stated(options):
        ledger.of_kind(patent.kind, 1)
    stamp = patent.published if options.year_of == "publication" else patent.filed
    year = _year(stamp)
    scope, fault = _scope(patent, kinds, year, options), _fault(patent, stamp, year, options)
    if scope:
        ledger.out_of_scope(scope)
    elif fault:
        ledger.set_aside(file, number, *fault)
    else:
        yield from _listings(patent, year, file, number)


def _scope(patent: Patent, kinds: tuple[str, ...], year: int | None, options: PatentOptions) -> str:
    """Return why a patent is out of scope; an empty text where it is not."""
    if patent.kind not in kinds:
        return f"another kind: {patent.kind}"
    if options.pct_only and not patent.pct:
        return "not through the PCT"
    if options.window and year and not options.window[0] <= year <= options.window[1]:
        return OUTSIDE
    return "" if patent.inventors else "names no inventor"


def _fault(
    patent: Patent, stamp: str | None, year: int | None, options: PatentOptions
) -> tuple[str, str, str | None] | None:
    if patent.key is None:
        return "no number", "doc-number", None
    if year is None and (stamp or options.window):
        return ("not a date" if stamp else "no date"), f"date of {options.year_of}", stamp
    return None


def _year(stamp: str | None) -> int | None:
    if stamp is None or len(stamp) != 8 or not stamp.isascii() or not stamp.isdigit():
        return None
    year = int(stamp[:4])
    return year if 1700 <= year <= 2100 else None


def _listings(patent: Patent, year: int | None, file: str, number: int) -> Iterator[dict[str, object]]:
    fields = [field for symbol in patent.symbols if (field := technology_field(symbol))]
    day = patent.published
    for inventor in patent.inventors:
        yield {
            "record_key": patent.key,
            "listing_no": inventor.number,
            "record_version": number,
            "date": f"{day[:4]}-{day[4:6]}-{day[6:]}" if _year(day) and day else None,
            "year": year,
            "address": inventor.address,
            "city": inventor.city,
            "region": inventor.region,
            "country": inventor.country,
            "organisations": list(dict.fromkeys(patent.organisations)) or None,
            "field": fields[0] if fields else None,
            "source_file": file,
            "source_row": number,
        }
