"""The heaviest doubtful addresses of a study, as a table of corrections to fill in (docs/corrections.md)."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from hubrank.core.errors import StudyError
from hubrank.core.files import write_bytes
from hubrank.core.sphere import E7
from hubrank.geocoding.corrected import EVIDENCE, PARTS, text_of
from hubrank.geocoding.correction_rows import COLUMNS, text_key
from hubrank.geocoding.gazetteer import place_labels
from hubrank.geocoding.gazetteer.registers import bare_id

CERTAIN = Decimal("0.9")  # from this probability on an address is not doubtful
MOST = 200  # rows of a suggested table

_FORMULA = ("=", "+", "-", "@")  # what a spreadsheet would compute; an apostrophe before it is not compared


@dataclass(slots=True)
class _Doubt:
    """One address: how many listings have it, and what a run answers for most of them."""

    text: str
    institution_id: str
    listings: int = 0
    most: int = 0
    answer: str = ""
    probability: str = ""
    alternatives: str = ""


def expect_no_table(path: Path) -> None:
    """Raise StudyError where a file exists: it may hold what somebody decided."""
    if path.exists():
        raise StudyError(f"{path} exists, and may have corrections in it. Name another file, or remove it.")


class DoubtfulAddresses:
    """Collects addresses that are not located, or with a probability below CERTAIN.

    corrected : the lines of corrections that decide on addresses, which are not doubtful.
    """

    def __init__(self) -> None:
        self.corrected: set[int] = set()
        self.doubts: dict[tuple[str, str], _Doubt] = {}

    def add(self, addresses: pa.Table, answers: pa.Table, listings: list[int]) -> None:
        """Add distinct addresses of one source: ADDRESS and ANSWER row by row, and how many listings have each."""
        for address, answer, count in zip(addresses.to_pylist(), answers.to_pylist(), listings, strict=True):
            if answer["geocoding_evidence"] == EVIDENCE:
                self.corrected.add(answer["correction_line"])
            elif _is_doubtful(answer):
                self._add(address, answer, count)

    def _add(self, address: Mapping[str, Any], answer: Mapping[str, Any], listings: int) -> None:
        text = text_of([address[name] or "" for name in PARTS])
        text, number = (text, "") if text_key(text) else ("", address["institution_id"] or "")
        if not (text_key(text) or bare_id(number)):
            return  # coordinates alone cannot be named in a table of corrections
        doubt = self.doubts.setdefault((text_key(text), bare_id(number)), _Doubt(text, number))
        doubt.listings += listings
        shown = _place(answer), _probability(answer), "; ".join(map(_alternative, answer["alternatives"] or ()))
        if (-listings, shown) < (-doubt.most, (doubt.answer, doubt.probability, doubt.alternatives)):
            doubt.most = listings
            doubt.answer, doubt.probability, doubt.alternatives = shown
        doubt.text = min(doubt.text, text)
        doubt.institution_id = min(doubt.institution_id, number)

    def write(self, path: Path) -> int:
        """Write the MOST heaviest as a table of corrections without places; return how many rows it has.

        Raises StudyError where there is such a file.
        """
        expect_no_table(path)
        heaviest = sorted(self.doubts.values(), key=lambda doubt: (-doubt.listings, doubt.text, doubt.institution_id))
        text = io.StringIO()
        rows = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
        rows.writeheader()
        rows.writerows(_cells(doubt) for doubt in heaviest[:MOST])
        write_bytes(path, text.getvalue().encode("utf-8"))
        return min(len(heaviest), MOST)


def _is_doubtful(answer: Mapping[str, Any]) -> bool:
    probability = answer["location_probability"]
    return answer["lat_e7"] is None or probability is None or probability < CERTAIN


def _cells(doubt: _Doubt) -> dict[str, str]:
    names = ("text", "institution_id", "listings", "answer", "probability", "alternatives")
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


def _alternative(place: Mapping[str, Any]) -> str:
    return f"{_place(place)} {_probability(place)}"
