"""Refuse names that say nothing of what they hold: `python scripts/lint_words.py [--warn] FOLDER…`.

Variables, functions, parameters, classes, aliases of imports, modules and columns of SQL are looked at, underscores
around them left out. Attributes of other libraries' objects are theirs to name. With --warn names are printed and
nothing fails.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

WORDS = frozenset(
    {
        "asked",
        "beside",
        "called",
        "chosen",
        "desk",
        "drawn",
        "facts",
        "found",
        "given",
        "held",
        "kept",
        "known",
        "made",
        "meant",
    }
    | {"now", "own", "said", "shelf", "spoken", "spread", "told"}
)

_COLUMN = re.compile(r"\bAS (\w+)")


def bindings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the line and name of everything that a module gives a name to."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                yield node.lineno, name
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name, ctx=ast.Store()):
                yield node.lineno, name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield node.lineno, name
            case ast.arg(arg=name):
                yield node.lineno, name
            case ast.alias(asname=str(name)):
                yield node.lineno, name
            case ast.Constant(value=str(text), lineno=line):
                yield from ((line, name) for name in _COLUMN.findall(text))
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield node.lineno, name


def refused(path: Path) -> Iterator[str]:
    """Yield where a file uses one of the words as a name."""
    if path.stem in WORDS:
        yield f"{path}:1: module {path.stem}"
    for line, name in sorted(bindings(ast.parse(path.read_text("utf-8")))):
        if name.strip("_").lower() in WORDS:
            yield f"{path}:{line}: {name}"


def main(arguments: list[str]) -> int:
    """Print every refused name; return 1 where there is one, 0 with --warn."""
    folders = [Path(argument) for argument in arguments if argument != "--warn"]
    lines = [line for folder in folders for path in sorted(folder.rglob("*.py")) for line in refused(path)]
    print("\n".join([*lines, f"{len(lines)} names are refused"]))  # noqa: T201 (a script)
    return int(bool(lines) and "--warn" not in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
