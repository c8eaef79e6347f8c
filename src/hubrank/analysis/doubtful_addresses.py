"""The heaviest doubtful addresses of a study, as a table of corrections to fill in (docs/corrections.md)."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from hubrank import geocoding
from hubrank.core.errors import StudyError
from hubrank.core.files import write_bytes
from hubrank.core.sphere import E7
from hubrank.core.tables import ADDRESS_SCHEMA
from hubrank.counting.shards import SettingsOf, for_sources
from hubrank.geocoding import answers, resolver
from hubrank.geocoding.corrected import EVIDENCE, PARTS, text_of
from hubrank.geocoding.correction_rows import COLUMNS, text_key
from hubrank.geocoding.gazetteer import place_labels
from hubrank.geocoding.gazetteer.registers import bare_id
from hubrank.study.sections import SourceSection

CERTAIN = Decimal("0.9")  # from this probability on an address is not doubtful
MOST = 200  # rows of a suggested table

Likeliest = Callable[[SourceSection, Mapping[str, Any]], Sequence[Mapping[str, Any]]]

_FORMULA = ("=", "+", "-", "@")  # what a spreadsheet would compute; an apostrophe before it is not compared


@dataclass(slots=True)
class _Doubt:
    """One address: how many listings have it, and what a run answers for most of them.

    unlocated : the source and address of which most are, where that has no place.
    """

    text: str
    institution_id: str
    listings: int = 0
    most: int = 0
    answer: str = ""
    probability: str = ""
    alternatives: str = ""
    contradictions: str = ""
    unlocated: tuple[SourceSection, Mapping[str, Any]] | None = None

    @property
    def shown(self) -> tuple[str, ...]:
        """What is shown of the answer."""
        return self.answer, self.probability, self.alternatives, self.contradictions


def expect_no_table(path: Path) -> None:
    """Raise StudyError where a file exists: it may hold what somebody decided."""
    if path.exists():
        raise StudyError(f"{path} exists, and may have corrections in it. Name another file, or remove it.")


class DoubtfulAddresses:
    """Collects addresses that are not located, with a probability below CERTAIN, or against other evidence.

    corrected : the lines of corrections that decide on addresses, which are not doubtful.
    """

    def __init__(self) -> None:
        self.corrected: set[int] = set()
        self.doubts: dict[tuple[str, str], _Doubt] = {}

    def add(self, source: SourceSection, addresses: pa.Table, answers: pa.Table, listings: list[int]) -> None:
        """Add distinct addresses of one source: ADDRESS and ANSWER row by row, and how many listings have each."""
        for address, answer, count in zip(addresses.to_pylist(), answers.to_pylist(), listings, strict=True):
            if answer["geocoding_evidence"] == EVIDENCE:
                self.corrected.add(answer["correction_line"])
            elif _is_doubtful(answer):
                self._add(source, address, answer, count)

    def _add(self, source: SourceSection, address: Mapping[str, Any], answer: Mapping[str, Any], listings: int) -> None:
        text = text_of([address[name] or "" for name in PARTS])
        text, number = (text, "") if text_key(text) else ("", address["institution_id"] or "")
        if not (text_key(text) or bare_id(number)):
            return  # coordinates alone cannot be named in a table of corrections
        doubt = self.doubts.setdefault((text_key(text), bare_id(number)), _Doubt(text, number))
        doubt.listings += listings
        shown = _place(answer), _probability(answer), _all(answer["alternatives"]), answer["contradictions"] or ""
        if (-listings, shown) < (-doubt.most, doubt.shown):
            doubt.most = listings
            doubt.answer, doubt.probability, doubt.alternatives, doubt.contradictions = shown
            doubt.unlocated = (source, address) if answer["lat_e7"] is None else None
        doubt.text = min(doubt.text, text)
        doubt.institution_id = min(doubt.institution_id, number)

    def write(self, path: Path, likeliest: Likeliest) -> int:
        """Write the MOST heaviest as a table of corrections without places; return how many rows it has.

        likeliest : returns the places that an address of a source may be, asked where no place is likely enough.

        Raises StudyError where there is such a file.
        """
        expect_no_table(path)
        heaviest = sorted(self.doubts.values(), key=lambda doubt: (-doubt.listings, doubt.text, doubt.institution_id))
        for doubt in heaviest[:MOST]:
            if doubt.unlocated:
                doubt.alternatives = _all(likeliest(*doubt.unlocated))
        text = io.StringIO()
        rows = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
        rows.writeheader()
        rows.writerows(_cells(doubt) for doubt in heaviest[:MOST])
        write_bytes(path, text.getvalue().encode("utf-8"))
        return min(len(heaviest), MOST)


def likeliest_by(settings: SettingsOf) -> Likeliest:
    """Return what judges an address again: where no place is likely enough, an answer names none.

    settings : of the geocoder of a source.
    """
    resolver_of = for_sources(geocoding.resolver_for, settings)

    def likeliest(source: SourceSection, address: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        """Return the likeliest places of an address of a source, as alternatives of an answer."""
        verdict = resolver_of(source).verdict(pa.Table.from_pylist([address], ADDRESS_SCHEMA))
        likeliest_places = answers.Answer(alternatives=resolver.alternatives(verdict.judged))
        return answers.table([likeliest_places])["alternatives"][0].as_py() or ()

    return likeliest


def _is_doubtful(answer: Mapping[str, Any]) -> bool:
    probability = answer["location_probability"]
    is_unsure = answer["lat_e7"] is None or probability is None or probability < CERTAIN
    return is_unsure or bool(answer["contradictions"])


def _cells(doubt: _Doubt) -> dict[str, str]:
    names = ("text", "institution_id", "listings", "answer", "probability", "alternatives", "contradictions")
    cells = {name: str(getattr(doubt, name)) for name in names}
    return {name: f"'{cell}" if cell.startswith(_FORMULA) else cell for name, cell in cells.items()}


def _probability(answer: Mapping[str, Any]) -> str:
    return "" if answer["location_probability"] is None else str(answer["location_probability"])


def _place(place: Mapping[str, Any]) -> str:
    """Return a place in words, with the GeoNames id that a correction would state: `Reims, FR (2984114)`."""
    if place["lat_e7"] is None:
        return ""
    if name := place_labels.place_name(place["gazetteer_id"]):
        return f"{name} ({place['gazetteer_id']})"
    return ", ".join(f"{Decimal(place[part]) / E7:.4f}" for part in ("lat_e7", "lon_e7"))


def _all(places: Sequence[Mapping[str, Any]] | None) -> str:
    return "; ".join(map(_alternative, places or ()))


def _alternative(place: Mapping[str, Any]) -> str:
    return f"{_place(place)} {_probability(place)}"
