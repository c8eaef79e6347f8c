"""List each data file of the package with its origin, licence, maker and hash: `python scripts/list_provenance.py`."""

import hashlib
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "hubrank"


def data_files() -> list[str]:
    """Return all files of the package that are no Python, as paths below it."""
    files = (path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return sorted(path.relative_to(PACKAGE).as_posix() for path in files if path.suffix not in {".py", ".typed"})


def origins() -> dict[str, dict[str, str]]:
    """Return the entry of each data file: that of its path, else of the longest folder that holds it.

    Raises LookupError naming files without an entry, and entries without a file.
    """
    entries = tomllib.loads((ROOT / "scripts" / "provenance.toml").read_text("utf-8"))
    entry_of = {file: _entry(file, entries) for file in data_files()}
    if missing := [file for file, entry in entry_of.items() if not entry]:
        raise LookupError(f"scripts/provenance.toml does not say where these files come from: {', '.join(missing)}")
    if unused := sorted(entries.keys() - set(entry_of.values())):
        raise LookupError(f"scripts/provenance.toml names files that are not there: {', '.join(unused)}")
    return {file: entries[entry] for file, entry in entry_of.items()}


def _entry(file: str, entries: dict[str, dict[str, str]]) -> str:
    fitting = [name for name in entries if file == name or (name.endswith("/") and file.startswith(name))]
    return max(fitting, key=len, default="")


def page() -> str:
    """Return the list as a table in Markdown."""
    lines = ["| file | origin | licence | made by | SHA-256, first 12 digits |", "|---|---|---|---|---|"]
    for file, entry in origins().items():
        origin = f"[{entry['origin']}]({entry['url']})" if "url" in entry else entry["origin"]
        made_by = entry["made_by"] if entry["made_by"] == "hand" else f"`{entry['made_by']}`"
        digest = hashlib.sha256((PACKAGE / file).read_bytes()).hexdigest()[:12]
        lines.append(f"| `{file}` | {origin} | {entry['licence']} | {made_by} | `{digest}` |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
