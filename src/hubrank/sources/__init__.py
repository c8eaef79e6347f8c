"""Readers of raw files: one module per format, found by the name that a study gives (METHOD 1).

Another package adds a reader as an entry point of the group `hubrank.sources`.
"""

from importlib import import_module
from importlib.metadata import entry_points
from typing import Any, cast

from pydantic import ValidationError

from hubrank.core.errors import StudyError, nearest
from hubrank.core.tables import Source
from hubrank.study.study import SourceSection, Window

UNKNOWN = "unknown"
SIMULATED = "none: simulated records"
OURS = ("crunchbase", "epo_xml", "openalex", "patentsview", "regpat", "table", "uspto_xml")
GROUP = "hubrank.sources"


def _names() -> list[str]:
    return sorted({*OURS, *entry_points(group=GROUP).names})


def find(name: str) -> Source:
    """Return the reader of that name. Raises StudyError that lists the known ones."""
    if name in OURS:
        return cast(Source, import_module(f"{__name__}.{name}"))
    for entry in entry_points(group=GROUP, name=name):
        return cast(Source, entry.load())
    raise StudyError(f"There is no reader {name!r}. The readers are: {', '.join(_names())}.{nearest(name, _names())}")


def descriptions() -> dict[str, str]:
    """Return every reader and the first line of what it says about itself."""
    return {name: (find(name).__doc__ or "").strip().partition("\n")[0] for name in _names()}


def licence(source: Source, section: SourceSection, *, synthetic: bool) -> str:
    """Return what the files of a source may be used for: as the study says, else as the reader's page does."""
    usual = SIMULATED if synthetic else str(getattr(source, "LICENCE", UNKNOWN))
    return section.licence or usual


def parse_options(source: Source, section: SourceSection, window: Window | None) -> Any:  # noqa: ANN401 (each reader's own)
    """Check what a study tells a reader. Raises StudyError naming the option that is unknown or wrong."""
    told = {**section.options, "window": window}
    if section.columns:
        told["columns"] = section.columns
    try:
        return source.Options.model_validate(told)
    except ValidationError as error:
        raise StudyError(_explain(error, source, section)) from None


def _explain(error: ValidationError, source: Source, section: SourceSection) -> str:
    first = error.errors()[0]
    key = ".".join(map(str, first["loc"]))
    where = f"[[sources]] {section.metric} ({section.reader}): "
    names = sorted(set(source.Options.model_fields) - {"window", "columns"})
    if first["type"] == "extra_forbidden":
        return f"{where}options does not know {key!r}. It knows: {', '.join(names)}.{nearest(key, names)}"
    message = first["msg"].removeprefix("Value error, ")
    return f"{where}{key} {message[:1].lower()}{message[1:]} (found: {first['input']!r})." if key else where + message
