"""What may stand in a query: one description reads it, refuses it and tells of it in openapi.json."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

from hubrank.serving import limits
from hubrank.serving.problems import Problem

_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d{1,4})?", re.ASCII)
_WHOLE = re.compile(r"0|[1-9]\d{0,17}", re.ASCII)
_LONGEST_NUMBER = 64
WEIGHT = r"^[0-9]{1,2}(\.[0-9]{1,3})?$"
PLACE = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"  # a printed sign at least


@dataclass(frozen=True, slots=True)
class Parameter:
    """One field of a query.

    schema : of JSON, as OpenAPI tells it; the value is held against it here as well.
    """

    name: str
    schema: dict[str, Any]
    meaning: str
    required: bool = False

    def value(self, text: str) -> Any:  # noqa: ANN401 (as its schema says)
        """Return the value that a text spells. Raises Problem where the schema does not allow it."""
        found = _READERS[self.schema["type"]](text, self.schema)
        if found is None:
            raise Problem(400, f"{self.name} is {_cut(text)!r}; it is {self._expected()}.")
        return found

    def _expected(self) -> str:
        said = {"integer": "a whole number", "number": "a number", "string": "a text"}[self.schema["type"]]
        told = {
            "minimum": "of at least {}",
            "maximum": "of at most {}",
            "multipleOf": "in steps of {}",
            "maxLength": "of at most {} characters",
            "pattern": "that matches {}",
        }
        parts = [phrase.format(self.schema[key]) for key, phrase in told.items() if key in self.schema]
        return " ".join([said, *parts])


def read(query: bytes, parameters: Sequence[Parameter]) -> dict[str, Any]:
    """Return the values of a query by name; what is not given is left out.

    Raises Problem for a field that is unknown, given twice, missing or out of bounds.
    """
    known = {parameter.name: parameter for parameter in parameters}
    given: dict[str, Any] = {}
    for name, text in _fields(query):
        if name not in known:
            raise Problem(400, f"There is no parameter {_cut(name)!r} here. {_listed(known)}")
        if name in given:
            raise Problem(400, f"{name} is given twice.")
        given[name] = known[name].value(text)
    missing = [parameter.name for parameter in parameters if parameter.required and parameter.name not in given]
    if missing:
        raise Problem(400, f"{', '.join(missing)} must be given.")
    return given


def _fields(query: bytes) -> Iterator[tuple[str, str]]:
    if not query:
        return
    try:
        yield from parse_qsl(
            query.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=limits.QUERY_FIELDS,
        )
    except ValueError:
        raise Problem(400, "The query is not name=value&name=value in UTF-8, percent-encoded.") from None


def _listed(known: dict[str, Parameter]) -> str:
    return f"Known are: {', '.join(known)}." if known else "None is known."


def _cut(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def _number(text: str, schema: dict[str, Any]) -> float | None:
    if len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        return None
    value, step = float(Decimal(text)), schema.get("multipleOf")
    fits = schema["minimum"] <= value <= schema["maximum"] and (step is None or (value / step).is_integer())
    return value if fits else None


def _whole(text: str, schema: dict[str, Any]) -> int | None:
    fits = _WHOLE.fullmatch(text) and schema["minimum"] <= int(text) <= schema["maximum"]
    return int(text) if fits else None


def _text(text: str, schema: dict[str, Any]) -> str | None:
    fits = len(text) <= schema["maxLength"] and re.fullmatch(schema["pattern"].removesuffix("$"), text)
    return text if fits else None


_READERS: dict[str, Callable[[str, dict[str, Any]], Any]] = {"number": _number, "integer": _whole, "string": _text}
