"""Imports point down, never sideways; one idea per file."""

import ast
import subprocess
import sys
from pathlib import Path

import hubrank

ROOT = Path(hubrank.__file__).parent
LEVELS = [
    {"__main__"},
    {"cli"},
    {"serving"},
    {"api"},
    {"pipeline"},
    {"publishing"},
    {"checking", "verification", "reports", "locating", "doubting", "tracing"},
    {"assembly", "provenance"},
    {"robustness"},
    {"comparison", "explain", "counts", "counting", "tabulation", "preparation"},
    {"simulation", "recounting"},
    {"distribution"},
    {"sharding"},
    {"inputs", "reckoning", "estimator", "atlas", "memory", "repeats"},
    {"stages", "sources", "geocoders", "engines", "publishers"},
    {"edition"},
    {"durable"},
    {"kernels"},
    {"beside"},
    {"study", "countries", "dictionary"},
    {"sections", "study_faults"},
    {"tables"},
    {"sphere"},
    {"errors"},
]


def level(part):
    return next((number for number, names in enumerate(LEVELS) if part in names), None)


def imports(path):
    """Yield the top-level part of hubrank that each import names."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "hubrank":
            yield from (alias.name for alias in node.names if alias.name != "__version__")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("hubrank."):
            yield node.module.split(".")[1]
        elif isinstance(node, ast.Import):
            yield from (alias.name.split(".")[1] for alias in node.names if alias.name.startswith("hubrank."))


def test_imports_point_down_never_sideways():
    wrong = []
    for path in sorted(ROOT.rglob("*.py")):
        mine = path.relative_to(ROOT).parts[0].removesuffix(".py")
        if mine == "__init__":
            continue
        assert level(mine) is not None, f"{mine} has no level in the import order: give it one"
        wrong += [
            f"{path.relative_to(ROOT)} imports {other}"
            for other in imports(path)
            if other != mine and (level(other) is None or level(other) <= level(mine))
        ]
    assert not wrong


def test_a_run_does_not_wait_for_what_it_may_not_need():
    heavy = ["scipy.stats", "sklearn", "matplotlib", "pyspark", "starlette", "rasterio", "geopy", "fsspec"]
    code = f"import sys, hubrank.pipeline; print([name for name in {heavy} if name in sys.modules])"
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert seen.stdout.strip() == "[]"
