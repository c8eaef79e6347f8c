"""Each package imports only what stands below it, and no two modules import each other."""

import ast
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import hubrank

ROOT = Path(hubrank.__file__).parent
ORDER = (
    *(
        "core",
        "study",
        "engines",
        "acquisition",
        "sources",
        "geocoding",
        "counting",
        "clustering",
        "ranking",
        "analysis",
    ),
    *("publishing", "simulation", "pipeline", "series", "api", "serving", "cli", "__main__"),
)


def name(path):
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room(module):
    return module.split(".")[1]


def level(module):
    return ORDER.index(room(module))


MODULES = {name(path): path for path in sorted(ROOT.rglob("*.py"))}


def imports(path, *, deferred):
    """Yield the modules that a file imports; with `deferred`, those inside functions too."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree) if deferred else tree.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "hubrank":
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in MODULES else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)


def test_each_package_imports_only_what_stands_below_it():
    wrong = [
        f"{mine} imports {other}"
        for mine, path in MODULES.items()
        for other in imports(path, deferred=True)
        if "hubrank" not in (mine, other) and room(mine) != room(other) and level(mine) <= level(other)
    ]
    assert not wrong


def test_contributing_lists_the_rooms_in_this_order():
    text = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text("utf-8")
    listed = re.findall(r"^\| `(\w+)(?:/|\.py)` \|", text, re.MULTILINE)
    assert listed == [each for each in ORDER if each != "__main__"]


def test_no_module_is_in_a_circle_of_imports():
    graph = {mine: set(imports(path, deferred=False)) - {"hubrank", mine} for mine, path in MODULES.items()}
    assert list(TopologicalSorter(graph).static_order())


def test_what_prints_does_not_wait_for_what_computes():
    heavy = ["hubrank.pipeline", "hubrank.analysis.concord.agreement", "hubrank.publishing.site.pages", "jinja2"]
    code = f"import sys, hubrank.cli, hubrank.cli.screens; print([name for name in {heavy} if name in sys.modules])"
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert seen.stdout.strip() == "[]"


def test_a_run_does_not_wait_for_what_it_may_not_need():
    heavy = ["scipy.stats", "sklearn", "matplotlib", "pyspark", "fastapi", "rasterio", "geopy", "obstore", "httpx"]
    code = f"import sys, hubrank.pipeline, hubrank.cli; print([name for name in {heavy} if name in sys.modules])"
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert seen.stdout.strip() == "[]"


def test_names_of_the_private_dialect_are_refused_in_sql_too(tmp_path):
    module = tmp_path / "module.py"
    refused = "found"
    module.write_text(f'SQL = """SELECT a AS {refused}, b AS is_located FROM t"""\nmade = 1\n')
    script = ROOT.parents[1] / "scripts/lint_words.py"
    lint = subprocess.run([sys.executable, script, tmp_path], capture_output=True, text=True, check=False)
    assert lint.returncode == 1
    assert lint.stdout.splitlines() == [f"{module}:1: found", f"{module}:2: made", "2 names are refused"]


def test_an_address_is_located_without_what_reads_tables_and_draws_outlines():
    heavy = ["hubrank.analysis.new_study", "hubrank.clustering.outlines.outline", "scipy.spatial"]
    command = "from hubrank.cli import app; app(['locate', 'Delft, Netherlands'], standalone_mode=False)"
    code = f"import sys; {command}; print([name for name in {heavy} if name in sys.modules])"
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert seen.stdout.splitlines()[-1] == "[]"
