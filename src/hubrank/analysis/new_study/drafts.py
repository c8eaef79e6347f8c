"""The sources of a new study: files put together by reader and role, or by their columns where no reader knows them."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from hubrank import sources
from hubrank.analysis.new_study.additions import Option, added
from hubrank.analysis.new_study.counts_by_year import counted_in, groups_of_years, of_other_groups
from hubrank.analysis.new_study.file_patterns import named
from hubrank.analysis.new_study.folder import Look, Reading, data_files, looks, stem
from hubrank.analysis.new_study.guess import Guess
from hubrank.analysis.new_study.guesses import guesses, missing
from hubrank.analysis.new_study.hints import hints
from hubrank.analysis.new_study.joins import to_join
from hubrank.analysis.new_study.kind_columns import other_kinds
from hubrank.analysis.new_study.metric_names import metric_name
from hubrank.analysis.new_study.notes import notes
from hubrank.analysis.new_study.recognise import COMPANION, REGISTER, counted_twice, recognised
from hubrank.analysis.new_study.sought import PLACES
from hubrank.core.errors import DataError
from hubrank.sources.formats.columns import plain
from hubrank.sources.formats.json_nested import UP
from hubrank.sources.formats.table_values import YEAR

TABLE = "table"
_LONGEST_HEADER = 300  # letters
NAME_ONE = "Name them in a study of your own, under [sources.columns]: docs/sources/table.md."
ANOTHER_READER = "A reader for another format is a small package of your own: docs/how-to/reader-package.md."
OPENED = 3  # of files called alike


@dataclass(slots=True)
class Draft:
    """One source of a new study.

    files : by role, how they are named relative to the study. unused : columns of a table that the study does not name.
    options : of the reader. label : of the metric, where the files have a name for it.
    why_label : why a metric that outputs have words for has another label.
    notes : what is left to the author of the study, as sentences.
    lacks : what a table lacks to be ranked, "" where that is nothing.
    """

    metric: str
    reader: str
    files: dict[str, list[str]]
    columns: list[Guess] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    reason: str = ""
    label: str = ""
    why_label: str = ""
    unused: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    lacks: str = ""


@dataclass(slots=True)
class Drafts:
    """The sources that a folder gives, the register of institutions in it, and a sentence for each file left out.

    incomplete : the tables whose columns do not say what is ranked.
    """

    incomplete: list[Draft] = field(default_factory=list)
    sources: list[Draft] = field(default_factory=list)
    register: str | None = None
    left_out: list[str] = field(default_factory=list)


def of_folder(folder: Path, base: Path) -> Drafts:
    """Return what a folder can be a study of; `base` is the folder of the study."""
    result = Drafts()
    by_reader: dict[str, dict[str, list[Look]]] = defaultdict(lambda: defaultdict(list))
    unknown: dict[tuple[Path, tuple[str, ...], Reading], list[Look]] = defaultdict(list)
    of_readers: dict[Path, set[str]] = defaultdict(set)  # columns of the tables of readers, by their folder
    for path, of_path in _all_looks(folder, result):
        for look in of_path:
            if sign := recognised(look):
                by_reader[sign[0]][sign[1]].append(look)
                if look.kind == "table" and sign[0] != COMPANION:
                    of_readers[path.parent].update(each for name in look.header for each in _endings(plain(name)))
            elif look.kind == "xml":
                result.left_out.append(f"{_short(path, folder)}: XML that no reader knows. {ANOTHER_READER}")
            else:
                unknown[path.parent, tuple(sorted(map(plain, look.header))), look.reading].append(look)
    if registers := by_reader.pop(REGISTER, {}).get("institutions"):
        result.register = named([max((look.path for look in registers), key=lambda path: path.stat().st_size)], base)[0]
    by_reader.pop(COMPANION, None)
    for reader, roles in by_reader.items():
        _add_known(reader, roles, base, result)
    for (parent, *_), group in unknown.items():
        _add_table(group, folder, base, result, of_readers[parent])
    _note_joins([group[0] for group in unknown.values()], folder, result)
    return result


def _note_joins(tables: Sequence[Look], folder: Path, result: Drafts) -> None:
    used = {path for draft in result.sources for path in draft.paths}
    unplaced = [(_short(look.path, folder), look) for look in tables if look.path not in used]
    for draft in result.sources:
        if draft.reader == TABLE and (note := to_join(draft.columns, unplaced)):
            draft.notes = (*draft.notes, note)


def _all_looks(folder: Path, result: Drafts) -> Iterator[tuple[Path, list[Look]]]:
    """Yield the looks at each file; of many files called alike (part_0001, part_0002, …) only the first are opened."""
    opened: dict[tuple[Path, str], list[list[Look]]] = defaultdict(list)
    for path in data_files(folder):
        parent = path.parent.parent if "=" in path.parent.name else path.parent
        alike = opened[parent, re.sub(r"\d+", "#", path.name)]
        if len(alike) < OPENED:
            alike.append(_looks(path, folder, result))
            yield path, alike[-1]
        else:
            yield path, [replace(look, path=path) for look in max(alike, key=len)]


def _looks(path: Path, folder: Path, result: Drafts) -> list[Look]:
    try:
        return list(looks(path))
    except DataError as error:
        sentence = str(error).removeprefix(path.name)
        result.left_out.append(f"{_short(path, folder)}{'' if sentence != str(error) else ': '}{sentence}")
        return []


def _short(path: Path, folder: Path) -> str:
    return path.name if path == folder else path.relative_to(folder).as_posix()


def _add_known(reader: str, roles: dict[str, list[Look]], base: Path, result: Drafts) -> None:
    source = sources.find(reader)
    paths = {role: list(dict.fromkeys(look.path for look in each)) for role, each in roles.items()}
    if lacking := [role for role in source.ROLES if role not in paths]:
        files = ", ".join(sorted(path.name for files in paths.values() for path in files)[:3])
        result.left_out.append(
            f"{files}: tables for the reader {reader}, which requires also the {lacking[0]}: see hubrank sources."
        )
        return
    ordered = [role for role in (*source.ROLES, *source.OPTIONAL_ROLES) if role in paths]
    draft = Draft(source.METRIC.name, reader, {role: named(paths[role], base) for role in ordered})
    draft.paths = [path for role in ordered for path in paths[role]]
    draft.reason = f"the reader {reader}, recognised by the contents of the files"
    draft.notes = counted_twice(reader, roles)
    result.sources.append(draft)


def _add_table(group: list[Look], folder: Path, base: Path, result: Drafts, of_readers: Collection[str]) -> None:
    """Add a table that no reader knows; `of_readers` are columns of the tables of readers in its folder."""
    look = max(group, key=lambda one: len(one.rows))
    sheets = dict(look.reading).get("sheets")
    name = _short(look.path, folder) + (f", sheet {sheets[0]!r}" if isinstance(sheets, tuple) else "")
    name += f" and {len(group) - 1} more" if len(group) > 1 else ""
    look = max((look, *look.inside), key=_placed)
    years, *other_years = groups_of_years(look) or [{}]
    look = replace(look, header=tuple(column for column in look.header if column not in years))
    columns, *of_other_years = [counted_in(*each, guesses(look)) for each in years.items()] or [guesses(look)]
    if fault := "" if _is_headed(look) else _no_header(look):
        result.left_out.append(f"{name}: {fault}: {', '.join(look.header)[:80]}.{_twice(look)}")
    elif fault := missing(columns):
        header = ", ".join(filter(None, look.header))[:_LONGEST_HEADER]
        lacks = fault + hints(look, columns)
        result.left_out.append(f"{name}: {lacks}; its columns: {header}. {NAME_ONE}")
        result.incomplete.append(_incomplete(look, group, base, columns, lacks))
    elif len(shared := _shared_columns(look, columns, of_readers)) > 1:
        result.left_out.append(
            f"{name}: has columns of the known source next to it ({', '.join(shared[:3])}), so it may belong to that; "
            f"if it is a source of its own, add a [[sources]]."
        )
    else:
        paths = list(dict.fromkeys(one.path for one in group))
        columns, options = added(look, columns)
        taken = {draft.metric for draft in result.sources}
        metric, label = metric_name([stem(one.name) for one in group], columns, taken)
        draft = Draft(metric, TABLE, {"table": named(paths, base)}, columns, options, paths, label=label)
        draft.reason = "no reader is known for these columns, so each is named here"
        draft.reason += "; one source for each column of a year" if years else ""
        draft.unused = _unused(look, columns)
        if metric == "deals" and (other := other_kinds(look, columns)):
            draft.label = label or "Deals"
            draft.why_label = f"{other}, so the metric is called {draft.label!r}"
        draft.notes = (*_of_sheets(group), *notes(look, columns), *of_other_groups(years, other_years))
        result.sources.append(draft)
        result.sources += [replace(draft, columns=of_year, notes=()) for of_year in of_other_years]


def _incomplete(look: Look, group: list[Look], base: Path, columns: list[Guess], lacks: str) -> Draft:
    """Return the source of a table whose author has to say what its columns are."""
    columns, options = added(look, columns)
    paths = list(dict.fromkeys(one.path for one in group))
    metric, label = metric_name([stem(one.name) for one in group], columns, ())
    draft = Draft(metric, TABLE, {"table": named(paths, base)}, columns, options, paths, label=label, lacks=lacks)
    draft.unused = _unused(look, columns)
    return draft


def _unused(look: Look, columns: list[Guess]) -> tuple[str, ...]:
    used = {column for guess in columns for column in guess.columns}
    return tuple(name for name in look.header if name and name not in used)


def _placed(look: Look) -> tuple[bool, int]:
    """Return whether a table that can be ranked has institutions, and in how many of its rows a place.

    Keys of what rows are in are none: a work has a publisher somewhere, its authors have institutions.
    """
    columns = guesses(look) if look.rows_at or look.inside else []
    filled = {
        guess.name: len(look.values(guess.column))
        for guess in columns
        if guess.name in PLACES and not guess.column.startswith(UP)
    }
    return (False, 0) if missing(columns) else ("institution" in filled, max(filled.values(), default=0))


def _endings(name: str) -> list[str]:
    """Return the name of a column without none or some of its first words: company_permalink, permalink."""
    words = name.split("_")
    return ["_".join(words[first:]) for first in range(len(words))]


def _shared_columns(look: Look, columns: list[Guess], of_readers: Collection[str]) -> list[str]:
    """Return the columns of a table, other than places and years, that tables of readers have, too."""
    common = {guess.column for guess in columns if guess.name in (*PLACES, "year", "date")}
    return [name for name in look.header if name not in common and plain(name) in of_readers]


def _of_sheets(group: Sequence[Look]) -> Iterator[str]:
    """Say that several sheets of a workbook are read as one table, unless they are called by years."""
    prefix = f"{group[0].path.name}/"
    sheets = [one.name.removeprefix(prefix) for one in group if one.name.startswith(prefix)]
    if len(sheets) > 1 and not all(re.search(YEAR, sheet) for sheet in sheets):
        yield (
            f"the sheets {', '.join(map(repr, sheets))} have one header and are read as one table. If they count "
            f"different things copy the [[sources]] with another metric, and sheets = [{sheets[0]!r}] under "
            f"[sources.options] of the first"
        )


def _no_header(look: Look) -> str:
    """Return why a line that seems to be the header is none, and what to do."""
    if before := dict(look.reading).get("skip_lines"):
        return (
            f"line {before} has fewer cells than those after it, which are data; if it is the header quote the cells "
            f"that contain what divides them, such as numbers with commas, or write these without. Line "
            f"{int(str(before)) + 1}"
        )
    return "its first line is not a header but looks like data; add one"


def _twice(look: Look) -> str:
    """Return what to do where the first line is a header that has a name twice, which may be data as well."""
    times = Counter(name for name in look.header if name)
    twice = next((name for name, number in times.items() if number > 1), None)
    return f" If it is one, rename all but one of its columns {twice!r}." if twice else ""


def _is_headed(look: Look) -> bool:
    """Return whether the first line of a table looks like names of columns: different, and no numbers."""
    names = [name for name in look.header if name]
    distinct = len(set(names)) == len(names)
    has_numbers = any(re.fullmatch(r"[-\d.,]+", name) for name in names)
    return look.kind != "table" or (bool(names) and distinct and not has_numbers)
