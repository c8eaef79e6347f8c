"""The organisations of the registers, compiled: where each is, and by which words it is looked up."""

from array import array
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hubrank.core.atomic_folder import atomic_cache_folder
from hubrank.core.cache import cache_folder
from hubrank.core.errors import DataError
from hubrank.core.files import file_states
from hubrank.core.intact import is_intact
from hubrank.core.remote import InputFile
from hubrank.geocoding import cache
from hubrank.geocoding.gazetteer import registers
from hubrank.geocoding.gazetteer.register_seats import put_in_towns
from hubrank.geocoding.gazetteer.registers import ACRONYM, ALIAS, LABEL, Organisation
from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.normalise import digraphs
from hubrank.geocoding.text.organisation_words import GENERIC, initials_joined, words

SAME2_E7 = 1_500_000**2  # squared 0.15 degree: organisations this near are one place
_LEAST_UNITS = 5  # of a scattered organisation
_ONE_IN = 3  # of its units and its seat one is elsewhere, at least
LONG_WORD = 7  # letters: a shorter word with an error in it could be too many others


_CODE = ("gazetteer/organisations", "gazetteer/registers", "text/normalise", "text/organisation_words")
_COLUMNS = (
    "ror",
    "openalex",
    "economy",
    "region",
    "city",
    "geonames_id",
    "lat_e7",
    "lon_e7",
    "company",
    "head",
    "branch",
    "prominence",
    "name",
)
_REPEATED = ("economy", "region", "city")
_BYTES = ("company", "head", "branch", "prominence")  # a byte each: lists of bool would take a megabyte
_NUMBERS = {"geonames_id": "q", "lat_e7": "i", "lon_e7": "i"}


def _sorted_words(key: str) -> str:
    return " ".join(sorted(key.split()))


@dataclass(frozen=True, slots=True, eq=False)
class Organisations:
    """Organisations by row, and the rows behind ids and words.

    by_words : first row in `row`/`kind` and one past the last, of each key (words joined by blanks).
    by_set : the same keys, words sorted, of keys that have a generic word: Konstanz University, University of Konstanz.
    reach : the most words of a key that begins with these two words.
    units_elsewhere : rows of the registered units of an organisation in other places of its country.
    scattered : the organisations of which a third of themselves and five units or more are elsewhere.
    name : the first name of each, null where it has none.
    """

    by_id: dict[str, int]
    by_words: dict[str, int]
    first: "array[int]"
    row: "array[int]"
    kind: "array[int]"
    by_set: dict[str, str]
    reach: dict[str, int]
    lat_e7: "array[int]"
    lon_e7: "array[int]"
    geonames_id: "array[int]"
    economy: list[str]
    region: list[str]
    city: list[str]
    company: bytes
    head: bytes
    branch: bytes
    prominence: bytes
    name: pa.StringArray
    units_elsewhere: dict[int, tuple[int, ...]]
    scattered: frozenset[int]

    def named(self, key: str) -> list[tuple[int, int]]:
        """Return (row, kind) of the organisations that a key names."""
        at = self.by_words.get(key)
        if at is None:
            return []
        start, end = self.first[at], self.first[at + 1]
        if end - start == 1:  # true of most names
            return [(self.row[start], self.kind[start])]
        return list(zip(self.row[start:end], self.kind[start:end], strict=True))

    def is_same_place(self, row: int, other: int) -> bool:
        """Say whether two organisations have their seats in one place."""
        lat, lon = self.lat_e7, self.lon_e7
        return (lat[row] - lat[other]) ** 2 + (lon[row] - lon[other]) ** 2 <= SAME2_E7


def _merged(organisations: Iterable[Organisation]) -> list[Organisation]:
    """Return organisations once each: what ROR and OpenAlex both hold is one, with the names of both."""
    merged: dict[str, Organisation] = {}
    for new in organisations:
        key = new.ror or new.openalex
        old = merged.get(key)
        if old is None:
            merged[key] = new
            continue
        names = tuple(dict.fromkeys((*old.names, *new.names)))
        prominence = max(old.prominence, new.prominence)
        merged[key] = replace(old, openalex=old.openalex or new.openalex, names=names, prominence=prominence)
    return [merged[key] for key in sorted(merged)]


def _keys(organisation: Organisation) -> dict[str, int]:
    """Return the keys of an organisation and how each names it."""
    kinds: dict[str, int] = {}
    for text, kind in sorted(organisation.names, key=lambda name: name[1]):
        for form in dict.fromkeys((text, registers.without_country(text), digraphs(text), initials_joined(text))):
            kinds.setdefault(" ".join(words(form)), kind)
    kinds.pop("", None)
    return kinds


_FILES = ("main.parquet", "names.parquet")


def _tables(organisations: list[Organisation]) -> tuple[pa.Table, pa.Table]:
    main = pa.table({column: [getattr(o, column) for o in organisations] for column in _COLUMNS})
    row_of = {o.ror: row for row, o in enumerate(organisations)}
    units = [sorted(row_of[number] for number in o.children if number in row_of) for o in organisations]
    main = main.append_column("units", pa.array(units, pa.list_(pa.int32())))
    current = {key for o in organisations if not o.former for key in _keys(o)}
    ranked = sorted(
        (key, kind, row)
        for row, o in enumerate(organisations)
        for key, kind in _keys(o).items()
        if not (o.former and _is_named_by(key, current))
    )
    keys, kinds, rows = zip(*ranked, strict=True) if ranked else ((), (), ())
    names = {"key": pa.array(keys, pa.string()), "row": pa.array(rows, pa.int32()), "kind": pa.array(kinds, pa.int8())}
    return main, pa.table(names)


def _is_named_by(key: str, current: set[str]) -> bool:
    """Say whether a key, or two words and more that it begins with, is one of some names: Penn State Harrisburg.

    Else the twenty former campuses would be as many places that Penn State University may mean.
    """
    parts = key.split()
    return any(" ".join(parts[:size]) in current for size in range(2, len(parts))) or key in current


def compile_tables(files: tuple[InputFile, ...]) -> tuple[Path, Path]:
    """Compile registers into the cache folder unless they lie there already; return the paths of both tables."""
    hashes = [cache.digest_of(path).encode() for path in files]
    stem = cache.digest(
        [
            cache.code(*_CODE).encode(),
            vocabulary.digest(),
            *hashes,
        ]
    )
    folder = cache_folder() / f"institutions-{stem}"
    if not is_intact(folder):
        merged = _merged(organisation for path in files for organisation in registers.read(path))
        if hashes != [cache.digest_of(path).encode() for path in files]:
            names = ", ".join(path.name for path in files)
            raise DataError(f"{names} changed while the register was read. Wait until it is complete, and run again.")
        with atomic_cache_folder(folder) as draft:
            for table, name in zip(_tables(merged), _FILES, strict=True):
                cache.write(table, draft / name)
    return folder / _FILES[0], folder / _FILES[1]


def _reach(keys: list[str]) -> dict[str, int]:
    """Return the most words of a key by its first two words (or its only one)."""
    longest: dict[str, int] = defaultdict(int)
    for key in keys:
        parts = key.split(" ", 2)
        start = " ".join(parts[:2])
        longest[start] = max(longest[start], key.count(" ") + 1)
    return dict(longest)


def load(files: tuple[InputFile, ...]) -> Organisations:
    """Return the organisations of registers, from the cache folder.

    Raises DataError where a file is no register, or is changed while it is read.
    """
    return _load(files, file_states(*files))


def forget() -> None:
    """Let go of registers."""
    _load.cache_clear()


@lru_cache(2)
def _load(files: tuple[InputFile, ...], _states: tuple[tuple[int, ...], ...]) -> Organisations:
    paths = compile_tables(files)
    main, names = pq.read_table(paths[0]), pq.read_table(paths[1])
    of_row, main = main["units"], main.drop_columns("units")
    columns: dict[str, Any] = {name: main[name].to_pylist() for name in main.column_names if name != "name"}
    columns |= {name: cache.shared_texts(main[name]) for name in _REPEATED}
    columns |= {name: main[name].to_numpy().astype(np.int8).tobytes() for name in _BYTES}
    columns |= {name: cache.packed(code, main[name].to_numpy()) for name, code in _NUMBERS.items()}
    columns["name"] = main["name"].combine_chunks()  # as texts of Python they would take twice the memory
    without_town = put_in_towns(columns)
    names = names.filter(pc.invert(pc.is_in(names["row"], pa.array(without_town, pa.int32()))))
    by_words, first = cache.runs(names["key"])
    keys = list(by_words)
    elsewhere, scattered = _units_elsewhere(of_row, columns, without_town)
    ids = {number: row for name in ("openalex", "ror") for row, number in enumerate(columns[name]) if number}
    ids = {number: row for number, row in ids.items() if row not in without_town}
    return Organisations(
        by_id=ids,
        by_words=by_words,
        first=first,
        row=array("i", names["row"].to_numpy().tobytes()),
        kind=array("b", names["kind"].to_numpy().tobytes()),
        by_set={_sorted_words(k): k for k in reversed(keys) if not GENERIC.isdisjoint(k.split())},
        reach=_reach(keys),
        units_elsewhere=elsewhere,
        scattered=scattered,
        **{name: columns[name] for name in _COLUMNS if name not in ("ror", "openalex")},
    )


def _units_elsewhere(
    of_row: pa.ChunkedArray, columns: dict[str, Any], without_town: frozenset[int]
) -> tuple[dict[int, tuple[int, ...]], frozenset[int]]:
    """Return the rows of the units in other places of its country of each organisation, and those that are scattered.

    of_row : the rows of the units of each organisation; without_town : rows of which it is not known where they are.
    """
    economy, lat, lon = columns["economy"], columns["lat_e7"], columns["lon_e7"]
    elsewhere: dict[int, tuple[int, ...]] = {}
    scattered = []
    for row in pc.indices_nonzero(pc.list_value_length(of_row)).to_pylist():
        units = [unit for unit in of_row[row].as_py() if economy[unit] == economy[row] and unit not in without_town]
        gaps = ((lat[unit] - lat[row]) ** 2 + (lon[unit] - lon[row]) ** 2 for unit in units)
        if far := tuple(unit for unit, gap2 in zip(units, gaps, strict=True) if gap2 > SAME2_E7):
            elsewhere[row] = far
            if len(units) >= _LEAST_UNITS and _ONE_IN * len(far) > len(units):
                scattered.append(row)
    return elsewhere, frozenset(scattered)


__all__ = [
    "ACRONYM",
    "ALIAS",
    "LABEL",
    "LONG_WORD",
    "Organisations",
    "compile_tables",
    "forget",
    "load",
]
