"""The page's script and style: as files beside the pages, or inside a page with its hash for the policy."""

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files

# In the order in which they need each other: a module stands after those that it imports from.
SHARED = (
    "words.js",
    "reweighting.js",
    "restriction.js",
    "state.js",
    "table.js",
    "map.js",
    "drawing.js",
    "downloads.js",
)
MODULES = (*SHARED, "explorer.js", "comparing.js", "sorting.js")
_IMPORT = re.compile(r"^import \{[^}]*\} from \"\./[\w-]+\.js\";\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=async function|function|const|class)", re.MULTILINE)


def source(name: str) -> str:
    """Return one of our own files of the site."""
    return files("hubrank.publishing.site").joinpath("static", name).read_text("utf-8")


@cache
def script() -> str:
    """Return what the explorer needs as one script, since browsers load no modules from disk."""
    parts = (_EXPORT.sub("", _IMPORT.sub("", source(name))) for name in (*SHARED, "explorer.js"))
    return '"use strict";\n(() => {\n' + "\n".join(parts) + "})();\n"


def digest(text: str) -> str:
    """Return the hash of an inline script or style as a content security policy wants it."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def policy(scripts: str, styles: str, fetched: str) -> str:
    """Return a policy that lets a page use its own script, style and data, and reach nothing else."""
    return (
        f"default-src 'none'; script-src {scripts}; style-src {styles}; connect-src {fetched}; img-src 'self' data:; "
        "base-uri 'none'; form-action 'none'"
    )
