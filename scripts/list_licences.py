"""Write docs/licences.md: the packages of an installation without extras, with the licence that each states.

Run it in an environment that contains hubrank: `python scripts/list_licences.py`.
"""

from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

LICENCES = Path(__file__).parent.parent / "docs" / "licences.md"
HEAD = """# Licences of the dependencies

Written by `scripts/list_licences.py` from the metadata of each package; `tests/test_supply_chain.py` compares it
with the environment. Optional dependencies (`serve`, `raster`, …) are not included.

None of these licences is copyleft, with one exception: **certifi** (MPL 2.0: changes to its own files must stay open
source) contains certificates with which `hubrank get` verifies servers; hubrank changes no file of
certifi. The wheel of **shapely** contains GEOS (LGPL 2.1) as a separate shared library, which can be replaced. Of the
two licences that **marisa-trie** offers for the library inside it, BSD (two clauses) is used here.

| package | licence |
|---|---|
"""


def core(name: str = "hubrank") -> dict[str, Distribution]:
    """Return the direct and indirect dependencies of a distribution, without extras."""
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
    """Return the licence that a package states: the expression, else the classifiers, else the first line of text."""
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
