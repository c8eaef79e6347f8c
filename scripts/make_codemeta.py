"""Write codemeta.json from pyproject.toml and CITATION.cff: `python scripts/make_codemeta.py`."""

import json
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "codemeta.json"


def codemeta() -> dict[str, Any]:
    """Return the description of the program in the vocabulary of CodeMeta 3.0."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    abstract = next(
        line.partition(": ")[2].strip('"')
        for line in (ROOT / "CITATION.cff").read_text("utf-8").splitlines()
        if line.startswith("abstract:")
    )
    return {
        "@context": "https://w3id.org/codemeta/3.0",
        "@type": "SoftwareSourceCode",
        "name": project["name"],
        "description": abstract,
        "version": project["version"],
        "license": f"https://spdx.org/licenses/{project['license']}",
        "author": [{"@type": "Organization", "name": "The hubrank authors"}],
        "programmingLanguage": {"@type": "ComputerLanguage", "name": "Python"},
        "runtimePlatform": f"Python {project['requires-python']}",
        "operatingSystem": ["Linux", "macOS"],
        "keywords": project["keywords"],
        "applicationCategory": "Scientometrics",
        "developmentStatus": "active",
        "softwareRequirements": project["dependencies"],
        "softwareHelp": "docs/index.md",
        "readme": "README.md",
        "isAccessibleForFree": True,
    }


def text() -> str:
    """Return the file."""
    return json.dumps(codemeta(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    TARGET.write_text(text(), "utf-8")
