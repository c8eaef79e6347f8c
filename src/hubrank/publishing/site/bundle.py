"""The page's script and style: as files beside the pages, or inside a page with its hash for the policy."""

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files

# In the order in which they need each other: a module stands after those that it imports from.
MODULES = (
    *("words.js", "finding.js", "projection.js", "ground.js", "data.js", "pen.js", "marks.js", "labels.js"),
    *("scale.js", "map.js", "reweighting.js", "restriction.js", "state.js", "share.js", "table.js", "list.js"),
    *("mixing.js", "card.js", "portrait.js", "comparing.js", "explorer.js", "start.js"),
)
_IMPORT = re.compile(r"^import (\{[^}]*\}) from \"\./([\w-]+\.js)\";\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?:async )?(?:function|const|class) (\w+)", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*(?://[^\n]*|/\*\*(?:(?!\*/).)*\*/)\n", re.MULTILINE | re.DOTALL)  # whole lines of them
_TYPE = re.compile(r"/\*\* @type \{(?:(?!\*/).)*\*/ ?")  # of a parameter or expression, within a line
_INDENT = re.compile(r"^ +", re.MULTILINE)  # no text of ours runs over lines
_REMARK = re.compile(r"(?<=[;{,:\])]) // [^\n\"'`]*$", re.MULTILINE)  # at the end of a line


def source(name: str) -> str:
    """Return one of our own files of the site."""
    return files("hubrank.publishing.site").joinpath("static", name).read_text("utf-8")


@cache
def script() -> str:
    """Return all modules as one script, since browsers load no modules from disk; each has a scope of its own."""
    return '"use strict";\nconst modules = {};\n' + "".join(map(_scoped, MODULES))


def _scoped(name: str) -> str:
    text = source(name)
    exported = ", ".join(_EXPORT.findall(text))
    body = re.sub(r"^export ", "", _IMPORT.sub(r'const \1 = modules["\2"];\n', text), flags=re.MULTILINE)
    for pattern in (_COMMENT, _REMARK, _TYPE, _INDENT):
        body = pattern.sub("", body)
    return f'modules["{name}"] = (() => {{\n{body}return {{ {exported} }};\n}})();\n'


def digest(inline: bytes) -> str:
    """Return the hash of an inline script or style as a content security policy wants it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(inline).digest()).decode()}'"


def policy(scripts: str, styles: str) -> str:
    """Return a policy that lets a page use its own script and style, and reach nothing else."""
    return (
        f"default-src 'none'; script-src {scripts}; style-src {styles}; img-src 'self' data:; "
        "base-uri 'none'; form-action 'none'"
    )
