"""The corrections of a study: addresses and institutions whose place was decided by hand (METHOD 2).

A correction beats all evidence. A text is compared without case, accents, script, punctuation and spacing, as addresses
are.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from hubrank.core.errors import DataError
from hubrank.core.provenance import Input
from hubrank.core.remote import InputFile
from hubrank.geocoding import correction_rows
from hubrank.geocoding.correction_rows import DROPPED, Fault, Row, Target, joined


@dataclass(frozen=True, slots=True)
class Corrections:
    """The corrections of a file. `repr` tells two files of different content apart.

    texts : by what equal texts have in common (`text_key`); institutions : by bare id.
    unfilled : how many rows have neither a place nor who and why; they correct nothing.
    people : who decided, each once, in alphabetical order. lines : where each row of the file puts what it corrects.
    """

    texts: Mapping[str, Target] = field(default_factory=dict)
    institutions: Mapping[str, Target] = field(default_factory=dict)
    unfilled: int = 0
    people: tuple[str, ...] = ()
    lines: Mapping[int, Target] = field(default_factory=dict)

    def summary(self) -> dict[str, object]:
        """Return what an edition says of its corrections."""
        targets = [*self.texts.values(), *self.institutions.values()]
        return {
            "texts": len(self.texts),
            "institutions": len(self.institutions),
            "dropped": sum(target == DROPPED for target in targets),
            "unfilled": self.unfilled,
            "who": list(self.people),
        }


def read(path: InputFile, name: str) -> Corrections:
    """Read a file of corrections.

    Parameters
    ----------
    path, name : the file, and how it is called in messages.

    Raises
    ------
    DataError
        Naming file and line of each fault: an unknown column or GeoNames id, coordinates outside the earth, a place
        and `drop`, neither of them, no text and no institution, no `who` or `why`, or two rows that put one address
        in different places.
    """
    return _Reading(name).all(correction_rows.rows(path, name))


def of(file: Input) -> dict[str, object]:
    """Return what an edition or a check says of a file of corrections. Raises DataError as `read`."""
    return {"file": file.name, **read(file.path, file.name).summary()}


class _Reading:
    """Collects the rows of a file and their faults."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.faults: list[str] = []
        self.lines: dict[tuple[str, str], tuple[int, Target]] = {}
        self.people: set[str] = set()

    def all(self, rows: Iterator[Row]) -> Corrections:
        """Return the corrections of all rows. Raises DataError naming every fault."""
        unfilled = 0
        for row in rows:
            unfilled += row.is_unfilled
            if not row.is_unfilled:
                self._add_row(row)
        if self.faults:
            raise DataError(joined(self.faults))
        by_kind: dict[str, dict[str, Target]] = {"text": {}, "institution_id": {}}
        for (kind, key), (_, target) in sorted(self.lines.items()):
            by_kind[kind][key] = target
        lines = dict(sorted(self.lines.values()))
        return Corrections(by_kind["text"], by_kind["institution_id"], unfilled, tuple(sorted(self.people)), lines)

    def _add_row(self, row: Row) -> None:
        try:
            subject, target = correction_rows.subject(row), correction_rows.target(row)
            correction_rows.expect_reasons(row)
            self._add_target(row, subject, target)
        except Fault as fault:
            self.faults.append(f"{self.name}, line {row.line}: {fault}.")
        else:
            self.people.add(row["who"])

    def _add_target(self, row: Row, subject: tuple[str, str], target: Target) -> None:
        line, earlier = self.lines.setdefault(subject, (row.line, target))
        if earlier != target:
            raise Fault(
                f"{row[subject[0]]!r} is put in another place by line {line}. Texts are compared without case, "
                "accents, punctuation and spacing; leave one of the rows out"
            )
