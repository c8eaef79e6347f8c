"""Write docs/licences.md: what a plain installation brings along, and under which licence each says it is.

Run it in an environment that holds hubrank: `python scripts/list_licences.py`.
"""

from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

LICENCES = Path(__file__).parent.parent / "docs" / "licences.md"
HEAD = """# Licences of what hubrank needs

Written by `scripts/list_licences.py` from what each package says of itself; `tests/test_supply_chain.py` holds it
against the environment. Extras (`serve`, `raster`, …) are not in it.

None of these is copyleft, but for one: **certifi** (MPL 2.0: changes to its own files must stay open) holds
certificates that pyproj could fetch grids with; hubrank fetches none and changes no file of it. The wheel of
**shapely** carries GEOS (LGPL 2.1) as a shared library of its own that can be exchanged.

| package | licence |
|---|---|
"""


def core(name: str = "hubrank") -> dict[str, Distribution]:
    """Return what a distribution needs, directly or not, without extras."""
    packages: dict[str, Distribution] = {}
    waiting = [name]
    while waiting:
        for line in distribution(waiting.pop()).requires or []:
            need = Requirement(line)
            key = need.name.lower().replace("_", "-")
            if key not in packages and (need.marker is None or need.marker.evaluate({"extra": ""})):
                packages[key] = distribution(need.name)
                waiting.append(need.name)
    return dict(sorted(packages.items()))


def licence(package: Distribution) -> str:
    """Return what a package says of its licence: the expression, else the classifiers, else the first line of text."""
    metadata = package.metadata
    if metadata.get("License-Expression"):
        return str(metadata["License-Expression"])
    names = [line.rpartition(" :: ")[2] for line in metadata.get_all("Classifier", []) if line.startswith("License ::")]
    return ", ".join(names) or str(metadata.get("License") or "not said").strip().partition("\n")[0]


def table() -> str:
    """Return the rows of the table."""
    return "".join(f"| {name} | {licence(package)} |\n" for name, package in core().items())


if __name__ == "__main__":
    LICENCES.write_text(HEAD + table(), "utf-8")
