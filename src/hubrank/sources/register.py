"""The register of institutions that a run uses: the one that the study names, else the one that was fetched."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hubrank.core.provenance import NAME
from hubrank.core.remote import InputFile

RAW = "HUBRANK_RAW"  # the environment variable that names a folder of raw files shared by several studies
FOLDER = "ror"  # in the folder of raw files
STATED, FETCHED, SWITCHED_OFF, MISSING, UNUSED = "stated", "fetched", "switched off", "missing", "unused"
COMMAND_LINE = "command line"

_REGISTER = re.compile(r"ror-data.*\.(zip|json|jsonl|json\.gz|jsonl\.gz)$")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MISSED = "organisations are located only by the city, region and country of their row."
ADVICE = "`hubrank get ror` fetches a register (docs/sources/ror.md)."  # on screens, not on pages


@dataclass(frozen=True, slots=True)
class Register:
    """The register of a run: its files, and why it is these, `origin`: one of the texts above.

    ignored : names of files in raw/ror/ that are not called as a register is, where it is MISSING.
    """

    paths: tuple[InputFile, ...]
    origin: str
    ignored: tuple[str, ...] = ()

    def note(self, names: Sequence[str]) -> str:
        """Return one sentence on what is used, or on what is missed without a register; `names` of the files."""
        return {
            STATED: f"Register of institutions, named by the study: {', '.join(names)}.",
            COMMAND_LINE: f"Register of institutions: {', '.join(names)}.",
            FETCHED: f"Register of institutions, the newest in the folder of raw files: {', '.join(names)}.",
            SWITCHED_OFF: f"No register of institutions, as the study has it: {_MISSED}",
            MISSING: f"No register of institutions{not_called_so(self.ignored)}: {_MISSED}",
            UNUSED: "",
        }[self.origin]


def not_called_so(ignored: Sequence[str]) -> str:
    """Return, in brackets, which files in raw/ror/ are not called as a register is; "" of none."""
    if not ignored:
        return ""
    return f" (raw/{FOLDER}/ has {', '.join(ignored)}, and a register is called *ror-data*.zip, .json or .jsonl)"


def newest(folder: Path) -> Path | None:
    """Return the newest ROR dump of a folder by the date, then the version, in its name; None where it has none."""
    dumps = [path for path in folder.glob("*ror-data*") if _REGISTER.search(path.name) and path.is_file()]
    return max(dumps, key=_age, default=None)


def _age(path: Path) -> tuple[str, list[int], str]:
    """Order dumps: v1.9 is before v1.75; of one release the schema of the higher number is the later."""
    day = _DAY.search(path.name)
    return day.group() if day else "", [int(number) for number in re.findall(r"\d+", path.name)], path.name


def fetched(study_folder: Path) -> Path | None:
    """Return the newest fetched register: in raw/ror/ next to the study, else in ror/ of the folder of HUBRANK_RAW."""
    folders = [study_folder / "raw" / FOLDER]
    if shared := os.environ.get(RAW):
        folders.append(Path(shared) / FOLDER)
    return next((path for path in map(newest, folders) if path is not None), None)


def given_or_fetched(paths: Sequence[Path], folder: Path) -> Register:
    """Return the register that a command takes without a study: the files given to it, else one that was fetched.

    folder : where raw/ror/ is looked for.
    """
    if paths:
        return Register(tuple(paths), COMMAND_LINE)
    path = fetched(folder)
    return Register((path,), FETCHED) if path else Register((), MISSING, ignored(folder))


def ignored(study_folder: Path) -> tuple[str, ...]:
    """Return the files in raw/ror/ next to the study, at most three, which `fetched` did not take for a register."""
    folder = study_folder / "raw" / FOLDER
    return tuple(sorted(path.name for path in folder.glob("*.*") if path.is_file() and path.name != NAME))[:3]
