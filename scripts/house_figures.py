"""Print the figures of a source tree's layout: `python scripts/house_figures.py SRC [SRC…]`, such as `src`.

Modules on the way of an address are found by a trace. A study of one PatentsView inventor, whose location has a city
and no coordinates, is run in a process of its own. The stages are the functions of the walk in CONTRIBUTING.md beside
SRC, or of OLD_WALK where it has none. Counted are the modules of the stages, those on the stack above them, and those
that a stage calls directly: without the packages of shared nouns (core, study, engines), which every module uses.
An orchestrator is one of them that calls functions of two or more other packages.
"""

import ast
import inspect
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from lint_words import bindings

MEASURED = frozenset(
    ["found", "told", "made", "said", "kept", "held", "asked", "given", "known", "beside", "now", "own", "chosen"]
)
WALK = re.compile(r"^\d+\. `([\w/]+)\.(\w+)`", re.MULTILINE)
OLD_WALK = (
    *("pipeline.run", "sources/patentsview.read", "stages/places.places", "geocoders/placename.locate"),
    *("stages/located.located", "stages/points.points", "stages/clusters.clusters", "stages/merging.merging"),
    *("stages/measures.measures", "stages/ranking.scores", "stages/naming.naming", "tabulation.ranking"),
    "publishers/csv.publish",
)
SHARED = ("core", "study", "engines")
OLD_SHARED = (
    *("beside", "countries", "dictionary", "durable", "edition", "errors", "kernels/compiling", "kernels/hashing"),
    *("memory", "sections", "sphere", "study_faults", "tables"),
)
TABLES = {
    "patents": "patent_id\tpatent_type\tpatent_date\twithdrawn\n1\tutility\t2020-01-02\t0\n",
    "inventors": "patent_id\tinventor_sequence\tlocation_id\n1\t0\tL1\n",
    "locations": "location_id\tdisambig_city\tdisambig_state\tdisambig_country\nL1\tBoston\tMA\tUS\n",
}
STUDY = """
title = "One address"
edition = "1"
[[sources]]
metric = "patents"
reader = "patentsview"
files = { inventors = "inventors.tsv", patents = "patents.tsv", locations = "locations.tsv" }
[clusters]
min_listings = 1
[robustness]
run = false
"""


def walk(src: Path) -> list[str]:
    """Return the functions of the stages, in the order of the data."""
    text = (src.parent / "CONTRIBUTING.md").read_text("utf-8")
    return [f"{module}.{function}" for module, function in WALK.findall(text)] or list(OLD_WALK)


class Trace:
    """Which functions of a package call which, and the stack above each stage when it is first entered."""

    def __init__(self, package: Path, stages: list[str]) -> None:
        self._root = f"{package}/"
        self._importing = 0
        self.calls: dict[str, set[str]] = {}  # module: the modules that it calls
        self.stacks: dict[str, list[str]] = {stage: [] for stage in stages}  # stage: the modules above it, from the top
        self.order: list[str] = []

    def __call__(self, frame: FrameType, event: str, _: Any) -> None:  # noqa: ANN401 (of sys.setprofile)
        """Take one event of sys.setprofile; what runs while a module is imported is passed over."""
        if not frame.f_code.co_flags & inspect.CO_OPTIMIZED:
            self._importing += {"call": 1, "return": -1}.get(event, 0)
        elif event == "call" and not self._importing and frame.f_code.co_filename.startswith(self._root):
            self._entered(frame)

    def _entered(self, frame: FrameType) -> None:
        stack = list(self._modules(frame))
        if len(stack) > 1 and stack[0] != stack[1]:
            self.calls.setdefault(stack[1], set()).add(stack[0])
        stage = f"{stack[0]}.{frame.f_code.co_name}"
        if stage in self.stacks and stage not in self.order:
            self.order.append(stage)
            self.stacks[stage] = stack[1:]

    def _modules(self, frame: FrameType | None) -> Iterator[str]:
        while frame is not None:
            if frame.f_code.co_filename.startswith(self._root):
                name = frame.f_code.co_filename.removeprefix(self._root).removesuffix(".py")
                yield name.removesuffix("/__init__")
            frame = frame.f_back


def trace(src: Path) -> None:
    """Run the study under a trace and print what came of it as JSON: in a process of its own, with SRC first."""
    sys.path.insert(0, str(src))
    from hubrank import pipeline  # noqa: PLC0415 (of SRC)

    pipeline.prepare(lambda *_: None)
    with tempfile.TemporaryDirectory() as folder:
        _use_fresh_shards(Path(folder, "cache"))
        for name, text in TABLES.items():
            Path(folder, f"{name}.tsv").write_text(text, "utf-8")
        Path(folder, "study.toml").write_text(STUDY, "utf-8")
        seen = Trace(src / "hubrank", walk(src))
        sys.setprofile(seen)
        pipeline.run(Path(folder, "study.toml"), Path(folder, "out"))
        sys.setprofile(None)
    if missing := set(walk(src)) - set(seen.order):
        sys.exit(f"never entered: {', '.join(sorted(missing))}")
    calls = {caller: sorted(callees) for caller, callees in seen.calls.items()}
    print(json.dumps({"order": seen.order, "stacks": seen.stacks, "calls": calls}))  # noqa: T201


def _use_fresh_shards(cache: Path) -> None:
    """Make a cache folder without shards, in which the compiled gazetteer is that of the user."""
    usual = Path(os.environ.get("HUBRANK_CACHE") or Path.home() / ".cache" / "hubrank")
    cache.mkdir()
    for child in usual.iterdir():
        if child.name != "shards":
            (cache / child.name).symlink_to(child.absolute())
    os.environ["HUBRANK_CACHE"] = str(cache)


def traced(src: Path) -> dict[str, Any]:
    """Return the trace of a tree: `order` of the stages, `stacks` above them, `calls` between modules."""
    command = [sys.executable, __file__, "--trace", str(src)]
    finished = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 (itself)
    result: dict[str, Any] = json.loads(finished.stdout)
    return result


def is_shared(module: str, src: Path) -> bool:
    """Say whether a module is one of the shared nouns or an engine."""
    return module.startswith(SHARED) if (src / "hubrank/core").exists() else module.startswith((*SHARED, *OLD_SHARED))


def on_the_way(src: Path, seen: dict[str, Any]) -> tuple[set[str], set[str]]:
    """Return the modules on the way of an address, and the orchestrators among them."""
    stages = {stage.rpartition(".")[0] for stage in seen["order"]}
    above = {module for stack in seen["stacks"].values() for module in stack}
    below = {callee for stage in stages - {"pipeline"} for callee in seen["calls"].get(stage, ())}
    way = {module for module in stages | above | below if not is_shared(module, src)}
    return way, {module for module in way if len(_rooms(module, seen, src)) > 1}


def _rooms(module: str, seen: dict[str, Any], src: Path) -> set[str]:
    """Return the other packages that a module calls."""
    callees = {other for other in seen["calls"].get(module, ()) if not is_shared(other, src)}
    return {other.split("/")[0] for other in callees} - {module.split("/", maxsplit=1)[0]}


def figures(src: Path) -> dict[str, str]:
    """Return the figures of one tree by their names."""
    package = src / "hubrank"
    files = sorted(package.rglob("*.py"))
    loose = [path for path in package.glob("*.py") if not path.stem.startswith("__")]
    folders = [path for path in package.iterdir() if path.is_dir() and path.name != "__pycache__"]
    trees = {path: ast.parse(path.read_text("utf-8")) for path in files}
    lines = {path: len(path.read_text("utf-8").splitlines()) for path in files}
    functions = [
        ((node.end_lineno or 0) - node.lineno + 1, f"{path.relative_to(package)}:{node.name}")
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    names = [name.strip("_").lower() for tree in trees.values() for _, name in bindings(tree)]
    dialect = sum(name in MEASURED for name in names)
    way, orchestrators = on_the_way(src, traced(src))
    largest = max(files, key=lines.__getitem__)
    return {
        "packages and modules at the top level": str(len(loose) + len(folders)),
        "loose modules": str(len(loose)),
        "Python lines": f"{sum(lines.values()):,}",
        "modules on the way of an address": str(len(way)),
        "orchestrators among them": f"{len(orchestrators)}: {', '.join(sorted(orchestrators))}",
        "largest file": f"{lines[largest]} lines: {largest.relative_to(package)}",
        "largest function": "{} lines: {}".format(*max(functions)),
        "bindings that are one of the 13 words": f"{100 * dialect / len(names):.2f} % ({dialect} of {len(names):,})",
    }


def main(arguments: list[str]) -> None:
    """Print the figures of each tree."""
    if arguments[0] == "--trace":
        trace(Path(arguments[1]).resolve())
        return
    for argument in arguments:
        print(argument)  # noqa: T201 (a script)
        for name, value in figures(Path(argument).resolve()).items():
            print(f"  {name:<38} {value}")  # noqa: T201 (a script)


if __name__ == "__main__":
    main(sys.argv[1:])
