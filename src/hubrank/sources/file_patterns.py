"""Patterns of file names, as a study names its files."""

from collections import Counter
from collections.abc import Iterable
from glob import escape, glob
from pathlib import Path

from hubrank.core.errors import StudyError
from hubrank.sources.formats.file_names import ends_as_data


def matching_files(folder: Path, pattern: str, literals: Iterable[str]) -> list[Path]:
    """Return the files of a folder that a pattern matches, sorted; the name of a file that is there matches it alone.

    literals : parts of the pattern that are names, whatever they contain.
    Raises StudyError for what matches and is no file.
    """
    if (folder / pattern).is_file():
        return [folder / pattern]
    for value in literals:
        pattern = pattern.replace(value, escape(value))
    matches = glob(pattern, root_dir=folder, recursive=True)  # noqa: PTH207 (patterns may be absolute)
    paths = [path for path in (folder / match for match in sorted(matches)) if not path.is_dir()]
    for path in paths:
        if not path.is_file():
            raise StudyError(
                f"{path} matches {pattern!r} and cannot be read: it is a broken link, a pipe or a device. Restore or "
                f"remove it, or name other files."
            )
    return paths


def refuse_folder(path: Path, pattern: str, where: str) -> None:
    """Raise StudyError where a pattern names a folder, with the pattern of the files in it."""
    if path.is_dir():
        endings = Counter(file.suffix for file in sorted(path.iterdir()) if ends_as_data(file.name) and file.is_file())
        ending = endings.most_common(1)[0][0] if endings else ".csv"
        files = f"{pattern.rstrip('/')}/*{ending}"
        raise StudyError(f"{where}: {pattern!r} is a folder. Name the files in it, such as {files!r}.")
