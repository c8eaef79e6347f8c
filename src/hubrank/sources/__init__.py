"""Readers of raw files: one module per format, named in the study; `Source` is all that a reader must have (METHOD 1).

Another package adds a reader as an entry point of the group `hubrank.sources`.
"""

from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from importlib import import_module
from importlib.metadata import entry_points
from types import ModuleType
from typing import Any, Protocol, cast

import pyarrow as pa
from pydantic import ValidationError

from hubrank.core.errors import StudyError, nearest
from hubrank.core.tables import Files, Ledger, Metric, Origin
from hubrank.sources import foreign
from hubrank.sources.options import ReaderOptions
from hubrank.study.sections import SourceSection
from hubrank.study.values import Window

UNKNOWN = "unknown"
OUTSIDE = "outside the window"  # the reason why a row of another year is out of scope
SIMULATED = "none: simulated records"
BUILT_IN = ("crunchbase", "epo_xml", "form_d", "openalex", "patentsview", "regpat", "table", "uspto_xml")
GROUP = "hubrank.sources"


class Source(Protocol):
    """A reader: a module that turns one file format into listings. It has all of these names.

    METRIC : what is counted, where the study gives no other name.
    LICENCE : what the files may be used for, where the study does not state it.
    ROLES : the files that it needs; the first are the main ones, the others are joined to them.
    OPTIONAL_ROLES : the files that it can use.
    WHOLE_RECORDS : whether all listings of a record are in one main file, so that files are read one by one.
    Options : what may stand under `options` of the source; its `notes` go into every output.

    It may have ORIGIN, an Origin: name, publisher and address of its files, where they always come from one provider.
    """

    METRIC: Metric
    LICENCE: str
    ROLES: tuple[str, ...]
    OPTIONAL_ROLES: tuple[str, ...]
    WHOLE_RECORDS: bool
    Options: type[ReaderOptions]

    def read(self, files: Files, options: Any, ledger: Ledger) -> Iterator[pa.Table]:  # noqa: ANN401 (its own Options)
        """Yield tables of LISTING_SCHEMA; raise DataError where a file cannot be used at all."""


CONTRACT = (*Source.__annotations__, "read")


def tables(source: Source, name: str, files: Files, options: ReaderOptions, ledger: Ledger) -> Iterator[pa.Table]:
    """Read files; what a reader of another package yields is checked. Raises DataError as the reader does."""
    read = partial(source.read, files, options, ledger)
    if not is_foreign(source):
        return read()
    return foreign.accounted(foreign.checked(read, module_of(source), name), ledger, name)


def module_of(source: Source) -> str:
    """Return the module of a reader."""
    return source.__name__ if isinstance(source, ModuleType) else type(source).__module__


def is_foreign(source: Source) -> bool:
    """Return whether a reader belongs to another package."""
    return module_of(source).partition(".")[0] != __name__.partition(".")[0]


def packages(source: Source) -> list[str]:
    """Return name and version of the packages that bring a reader, where it belongs to another package."""
    return foreign.versions(module_of(source)) if is_foreign(source) else []


def names() -> list[str]:
    """Return the names of all readers, of this package and of others, without loading any."""
    return sorted({*BUILT_IN, *entry_points(group=GROUP).names})


def find(name: str) -> Source:
    """Return the reader of that name.

    Raises StudyError that lists the readers where there is none, or says what a reader of another package lacks.
    """
    if name in BUILT_IN:
        return cast(Source, import_module(f"{__name__}.{name}"))
    for entry in entry_points(group=GROUP, name=name):
        return cast(Source, foreign.loaded(entry, CONTRACT))
    raise StudyError(f"There is no reader {name!r}. The readers are: {', '.join(names())}.{nearest(name, names())}")


def descriptions() -> dict[str, str]:
    """Return every reader that can be used and the first line of its docstring."""
    return {name: (reader.__doc__ or "").strip().partition("\n")[0] for name, reader in all_readers()[0].items()}


def all_readers() -> tuple[dict[str, Source], dict[str, str]]:
    """Return all readers by name, and of those that cannot be used why: one broken package hides no other reader."""
    readers, broken = {}, {}
    for name in names():
        try:
            readers[name] = find(name)
        except StudyError as error:
            broken[name] = str(error)
    return readers, broken


def licence(source: Source, section: SourceSection, *, synthetic: bool) -> str:
    """Return what the files of a source may be used for: as the study says, else as its reader does."""
    return section.licence or (SIMULATED if synthetic else source.LICENCE)


def origin(source: Source, section: SourceSection, *, synthetic: bool) -> dict[str, str]:
    """Return where the files of a source come from by its reader; nothing where the study says it, or they are none."""
    stated = getattr(source, "ORIGIN", None)
    if synthetic or section.name or section.publisher or section.url or not isinstance(stated, Origin):
        return {}
    return asdict(stated)


def parse_options(source: Source, section: SourceSection, window: Window | None) -> ReaderOptions:
    """Check the options of a source. Raises StudyError naming the option that is unknown or wrong."""
    if section.metric in source.Options.refused_metrics:
        raise StudyError(
            f"[[sources]] {section.metric} ({section.reader}): this reader counts {source.METRIC.unit}; call the "
            f"metric {source.METRIC.name}, not {section.metric}."
        )
    values = {**section.options, "window": window}
    if section.columns:
        values["columns"] = section.columns
    try:
        options = source.Options.model_validate(values)
    except ValidationError as error:
        raise StudyError(_option_error(error, source, section)) from None
    _expect_weight(options, source, section)
    return options


def _expect_weight(options: ReaderOptions, source: Source, section: SourceSection) -> None:
    """Raise StudyError where records cannot be weighed as the study says, or the metric has the name of a count."""
    where, by = f"[[sources]] {section.metric} ({section.reader}): ", options.weight_by
    needs_cap = source.Options.weighs_by
    if by is None:
        if options.weight_cap is not None:
            raise StudyError(f"{where}weight_cap caps what records weigh by; name that as weight_by.")
        return
    if by not in needs_cap and not source.Options.any_column:
        raise StudyError(
            f"{where}this reader has no {by!r} to weigh records by. Readers that have something: {_weighing_readers()}."
        )
    if section.metric == source.METRIC.name:
        raise StudyError(
            f"{where}{section.metric} is the name of a count; records that weigh by {by} are a metric of their own, "
            f"beside it. Call it something else."
        )
    if needs_cap.get(by, True) != (options.weight_cap is not None):
        need = "is needed: the value from which on a record weighs one" if needs_cap.get(by, True) else "is not used"
        raise StudyError(f"{where}weight_by = {by!r}: weight_cap {need}.")


def _weighing_readers() -> str:
    """Return the readers that can weigh records, and by what."""
    options = {name: reader.Options for name, reader in all_readers()[0].items()}
    qualities = {name: [*of.weighs_by, *(["any column of numbers"] * of.any_column)] for name, of in options.items()}
    return "; ".join(f"{name} ({', '.join(by)})" for name, by in qualities.items() if by)


def _option_error(error: ValidationError, source: Source, section: SourceSection) -> str:
    first = error.errors()[0]
    key = ".".join(map(str, first["loc"]))
    where = f"[[sources]] {section.metric} ({section.reader}): "
    names = sorted(set(source.Options.model_fields) - {"window", "columns"})
    if first["type"] == "extra_forbidden":
        return f"{where}options: unknown key {key!r}; the keys are: {', '.join(names)}.{nearest(key, names)}"
    message = first["msg"].removeprefix("Value error, ").replace("Input should be", "should be")
    if key == "columns":
        return f"{where}columns.{message}"
    return f"{where}{key} {message[:1].lower()}{message[1:]} (found: {first['input']!r})." if key else where + message
