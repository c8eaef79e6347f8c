"""The study file (TOML): how it is read, its ${NAME} replaced, and its contents checked."""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from hubrank.core.errors import StudyError
from hubrank.study.messages import describe
from hubrank.study.study import Study

_VARIABLE = re.compile(r"\$\{(\w+)\}")
_DATA = (".csv", ".tsv", ".txt", ".json", ".jsonl", ".parquet", ".xlsx", ".xls", ".ods", ".gz", ".zip")
_BACKSLASH = r" Text with \ goes between single quotes: pattern = '(\d{4})', path = 'C:\data'."


def expand(text: str, where: str = "the name", used: dict[str, str] | None = None) -> str:
    """Replace ${NAME} by the environment; note its value in `used`. Raises StudyError where it is not set."""

    def value(match: re.Match[str]) -> str:
        """Return the value of a variable of the environment; note that it was used."""
        name = match.group(1)
        if name not in os.environ:
            raise StudyError(
                f"{where} uses ${{{name}}}, which the environment does not set. Set it: {name}=… hubrank …"
            )
        if used is not None:
            used[name] = os.environ[name]
        return os.environ[name]

    return _VARIABLE.sub(value, text)


def _expanded(value: Any, where: str, used: dict[str, str]) -> Any:  # noqa: ANN401 (TOML)
    """Expand every text of a TOML value."""
    if isinstance(value, str):
        return expand(value, where, used)
    if isinstance(value, list):
        return [_expanded(item, where, used) for item in value]
    if isinstance(value, dict):
        return {key: _expanded(item, where, used) for key, item in value.items()}
    return value


def read(path: Path) -> Study:
    """Read and check a study file.

    Raises StudyError that names section and key of what is missing, unknown or of the wrong type.
    """
    return parse(read_raw(path), path)


def read_raw(path: Path) -> dict[str, Any]:
    """Read a study file as it is written, decimals as typed. Raises StudyError where it is no TOML."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise StudyError(
            f"There is no study file {str(path)!r}. `hubrank new FOLDER` writes one from the files in a folder."
        ) from None
    except IsADirectoryError:
        raise StudyError(f"{str(path)!r} is a folder; name the study file (.toml) in it.") from None
    except UnicodeDecodeError as error:
        _expect_study(path)
        raise StudyError(f"{path.name} is not UTF-8 at byte {error.start}; save it as UTF-8.") from None
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except RecursionError:
        raise StudyError(f"{path.name} is not TOML: its brackets are nested too deep.") from None
    except ValueError as error:  # no TOML, or a number of thousands of digits
        _expect_study(path)
        hint = _BACKSLASH if re.search("Unescaped|hex value", str(error)) else _hint(text, str(error))
        raise StudyError(f"{path.name} is not TOML: {error}.{hint}") from None


def _hint(text: str, error: str) -> str:
    """Return what is wrong in the line that an error of TOML names, where word processors and decimal commas are it."""
    at = re.search(r"at line (\d+)", error)
    line = text.split("\n")[int(at[1]) - 1] if at else ""
    if curly := re.search(r"=[\s\[{]*([“”„‘’‚«»])", line):
        return f' Text goes between straight quotes: title = "Clusters"; the line has {curly[1]}.'
    if comma := re.search(r"=\s*(\d+,\d+)\s*(?:[,}#]|$)", line):
        return f" A decimal number has a point: {comma[1].replace(',', '.')}; the line has {comma[1]}."
    return ""


def _expect_study(path: Path) -> None:
    """Raise StudyError where a file that is no TOML is called as data are."""
    if path.suffix.lower() in _DATA:
        raise StudyError(
            f"{path.name} is no study but looks like data. `hubrank new {path.name}` writes a study that reads "
            f"it; then name that study (.toml) here."
        ) from None


def parse(raw: dict[str, Any], path: Path, *, with_files: bool = True) -> Study:
    """Check the contents of a study file; `path` only names it in messages.

    with_files : False where the files are not needed, so that ${NAME} may stay as it is.
    """
    if "variables" in raw:
        raise StudyError(f"{path.name}: unknown key 'variables'; the keys are: {', '.join(_keys())}.")
    used: dict[str, str] = {}
    try:
        expanded = _expanded(raw, path.name, used) if with_files else raw
        return Study(**{**expanded, "variables": used})
    except StudyError as error:
        if not isinstance(error.__cause__, ValidationError):
            raise
        raise StudyError(describe(error.__cause__, Study, path.name, expanded.get("sources"))) from None


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Name the study file in an error of what it states that is raised here."""
    try:
        yield
    except StudyError as error:
        raise StudyError(f"{path.name}: {error}") from error


def study_of(manifest: Mapping[str, Any]) -> Study:
    """Return the study of an edition, by the contents of its edition.json; ${NAME} stays as it is."""
    return parse(manifest["study"], Path("edition.json"), with_files=False)


def _keys() -> list[str]:
    return [field.alias or name for name, field in Study.model_fields.items() if name != "variables"]
