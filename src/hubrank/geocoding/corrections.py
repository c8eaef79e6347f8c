"""The corrections of a study: addresses and institutions whose place was decided by hand (METHOD 2).

A correction beats all evidence. A text is compared without case, accents, script, punctuation and spacing, as addresses
are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hubrank.core.errors import DataError
from hubrank.core.provenance import Input
from hubrank.core.remote import InputFile
from hubrank.geocoding import correction_rows
from hubrank.geocoding.correction_rows import DROPPED, Fault, Row, Target, joined


@dataclass(frozen=True, slots=True)
class Decision:
    """One row of the file: what it corrects (a text, as it stands there, or an institution), where to, by whom, why."""

    target: Target
    text: str
    institution_id: str
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class Corrections:
    """The corrections of a file. `repr` tells two files of different content apart.

    texts : by what equal texts have in common (`text_key`); institutions : by bare id.
    unfilled : how many rows have neither a place nor who and why; they correct nothing.
    people : who decided, each once, in alphabetical order.
    decisions : the rows that correct something, by line; of rows that agree on one address, the first.
    """

    texts: Mapping[str, Target] = field(default_factory=dict)
    institutions: Mapping[str, Target] = field(default_factory=dict)
    unfilled: int = 0
    people: tuple[str, ...] = ()
    decisions: Mapping[int, Decision] = field(default_factory=dict)

    def summary(self) -> dict[str, object]:
        """Return what an edition says of its corrections."""
        return {
            **counts([*self.texts.values()], [*self.institutions.values()]),
            "unfilled": self.unfilled,
            "who": list(self.people),
        }


def counts(texts: Sequence[Target], institutions: Sequence[Target]) -> dict[str, int]:
    """Return how many texts and institutions are corrected, and how many of both are dropped."""
    dropped = sum(target == DROPPED for target in (*texts, *institutions))
    return {"texts": len(texts), "institutions": len(institutions), "dropped": dropped}


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


def of(file: Input) -> Corrections:
    """Return the corrections of an input of a study. Raises DataError as `read`."""
    return read(file.path, file.name)


class _Reading:
    """Collects the rows of a file and their faults."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.faults: list[str] = []
        self.targets: dict[tuple[str, str], Target] = {}
        self.decisions: dict[int, Decision] = {}
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
        for (kind, key), target in sorted(self.targets.items(), key=lambda pair: pair[0]):
            by_kind[kind][key] = target
        people, decisions = tuple(sorted(self.people)), dict(sorted(self.decisions.items()))
        return Corrections(by_kind["text"], by_kind["institution_id"], unfilled, people, decisions)

    def _add_row(self, row: Row) -> None:
        try:
            subject = correction_rows.subject(row)
            target = replace(correction_rows.target(row), line=row.line)
            correction_rows.expect_reasons(row)
            self._add_target(row, subject, target)
        except Fault as fault:
            self.faults.append(f"{self.name}, line {row.line}: {fault}.")
        else:
            self.people.add(row["who"])

    def _add_target(self, row: Row, subject: tuple[str, str], target: Target) -> None:
        first = self.targets.setdefault(subject, target)
        if first == target:
            cells = (row[name] for name in ("text", "institution_id", "who", "why"))
            self.decisions.setdefault(first.line, Decision(target, *cells))
        else:
            raise Fault(
                f"{row[subject[0]]!r} is put in another place by line {first.line}. Texts are compared without case, "
                "accents, punctuation and spacing; leave one of the rows out"
            )
