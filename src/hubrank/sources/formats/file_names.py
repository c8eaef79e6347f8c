"""Which files hold data, by their names."""

from pathlib import Path, PurePath

MEMBER_SUFFIXES = frozenset(
    {".csv", ".tsv", ".txt", ".psv", ".ris", ".ciw", ".bib", ".json", ".jsonl", ".ndjson", ".xml"}
)  # that a file inside an archive may have
SUFFIXES = MEMBER_SUFFIXES | {
    *(".parquet", ".gz", ".bz2", ".zst", ".zip"),
    *(".xlsx", ".xlsm", ".xls", ".ods"),
    ".xlsb",  # of which the error says how to save it
}
_NOT_DATA = ("readme", "license", "licence", "manifest", "__macosx", ".")
_OPEN_WORKBOOK = "~$"  # begins the name of what Excel puts beside a file that is open in it


def ends_as_data(text: str) -> bool:
    """Return whether a text ends as the name of a data file does: addresses.csv."""
    return Path(text).suffix.lower() in SUFFIXES


def is_about_data(path: PurePath) -> bool:
    """Return whether a name on a path says that it is a licence, a list of files, or hidden."""
    return any(part.lower().startswith((*_NOT_DATA, _OPEN_WORKBOOK)) for part in path.parts)
