"""Code in strings, which other processes run, imports only what exists."""

import ast
import importlib
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
IMPORT = re.compile(r"from (hubrank[\w.]*) import (\w+(?:, \w+)*)")


def imports(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for module, names in IMPORT.findall(node.value):
                yield from ((module, name) for name in names.split(", "))


def exists(module, name):
    try:
        return hasattr(importlib.import_module(module), name) or bool(importlib.import_module(f"{module}.{name}"))
    except ModuleNotFoundError:
        return False


def test_code_in_strings_imports_only_what_exists():
    files = [path for folder in ("bench", "scripts", "tests") for path in sorted((ROOT / folder).rglob("*.py"))]
    seen = {(path.name, *each) for path in files for each in imports(path)}
    assert ("pipeline.py", "hubrank", "pipeline") in seen
    assert not [each for each in sorted(seen) if not exists(*each[1:])]
