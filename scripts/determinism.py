"""Rank one world many times under everything that must not matter, and count the hashes of each output.

`python scripts/determinism.py RUNS [--python OTHER] [--editions N]`: run after run takes the next Python, 1 or 2
threads, another seed of Python's hashes and one of three time zones, and starts with no finished shards. Of five two
have only the instructions of an older x86-64 processor (no AVX, no FMA) in numpy, BLAS, the C library and the kernels.
The first runs, one for each Python and number of threads, read the same files: their outputs must be the same bytes.
All others, the last in any case, read them with rows and files shuffled: `fingerprint.py` says what may differ then.
Prints a table; exits 1 where an output has two hashes.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

FINGERPRINT = Path(__file__).with_name("fingerprint.py")
ZONES = ("Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC")  # 25 hours apart
OLDER_PROCESSOR = {
    "OPENBLAS_CORETYPE": "Nehalem",
    "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR",
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX512F",
    "NUMBA_CPU_NAME": "nehalem",
    "NUMBA_CPU_FEATURES": "",
}
SCALE = "80,000 simulated listings of three metrics, some rows spoilt"


@dataclass(frozen=True)
class Conditions:
    """What one run takes: none of it may matter."""

    python: str
    threads: int
    hash_seed: int
    zone: str
    older_processor: bool
    shuffled: int | None


def plan(runs: int, pythons: list[str]) -> list[Conditions]:
    """Return the conditions of all runs: first the files as they are, then shuffled."""
    rng = random.Random(runs)  # noqa: S311 (no secret)
    kinds = [(python, threads) for threads in (1, 2) for python in pythons]
    same = min(len(kinds), runs - 1)
    return [
        Conditions(
            *kinds[number % len(kinds)],
            rng.randrange(1 << 32),
            ZONES[number % len(ZONES)],
            number % 5 in (1, 2),
            number if number >= same else None,
        )
        for number in range(runs)
    ]


def prints(run: Conditions, editions: int, folder: Path) -> dict[str, tuple[str, str]]:
    """Return both hashes of every output of one run."""
    cache = Path(os.environ["HUBRANK_CACHE"])
    shutil.rmtree(cache / "shards", ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
    command = [run.python, str(FINGERPRINT), str(folder), str(run.threads), "--editions", str(editions)]
    command += [] if run.shuffled is None else ["--shuffle", str(run.shuffled)]
    process = subprocess.run(  # noqa: S603 (our own script)
        command,
        env=os.environ
        | {"PYTHONHASHSEED": str(run.hash_seed), "TZ": run.zone}
        | (OLDER_PROCESSOR if run.older_processor else {}),
        capture_output=True,
        text=True,
        check=False,
    )
    if process.returncode:
        sys.exit(f"{run} failed:\n{process.stderr}")
    lines = (line.split(" ", 2) for line in process.stdout.splitlines())
    return {name: (whole, free) for whole, free, name in lines}


def counted(runs: list[Conditions], seen: list[dict[str, tuple[str, str]]]) -> dict[str, tuple[int, int]]:
    """Return, by output, how many hashes it had: its bytes over the same files, what is left of them over all."""
    whole: dict[str, set[str]] = defaultdict(set)
    free: dict[str, set[str]] = defaultdict(set)
    names = {name for hashes in seen for name in hashes}
    for run, hashes in zip(runs, seen, strict=True):
        for name in names:
            by_bytes, by_rest = hashes.get(name, ("missing", "missing"))
            free[name].add(by_rest)
            if run.shuffled is None:
                whole[name].add(by_bytes)
    return {name: (len(whole[name]), len(free[name])) for name in sorted(names)}


def shown(runs: list[Conditions], counts: dict[str, tuple[int, int]]) -> str:
    """Return the table by kind of file, and every output that has more than one hash."""
    same = sum(run.shuffled is None for run in runs)
    kinds: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for name, hashes in counts.items():
        kinds[Path(name).suffix].append(hashes)
    lines = [
        f"| outputs | files | hashes of each, {same} runs on the same files | hashes of each, all {len(runs)} runs |"
    ]
    lines += ["|---|---|---|---|"]
    lines += [
        f"| {kind} | {len(all_of)} | {max(a for a, _ in all_of)} | {max(b for _, b in all_of)} |"
        for kind, all_of in sorted(kinds.items())
    ]
    lines += [f"two hashes: {name}" for name, hashes in counts.items() if max(hashes) > 1]
    return "\n".join(lines)


def main(runs: int, pythons: list[str], editions: int) -> int:
    """Run, count, print."""
    todo = plan(runs, pythons)
    with tempfile.TemporaryDirectory() as scratch:
        os.environ.setdefault("HUBRANK_CACHE", str(Path(scratch) / "cache"))
        seen = []
        for number, run in enumerate(todo):
            seen.append(prints(run, editions, Path(scratch) / "world"))
            order = "as they are" if run.shuffled is None else f"shuffled by {run.shuffled}"
            print(  # noqa: T201 (a script)
                f"[{number + 1}/{runs}] {run.python}, {run.threads} threads, hashes by {run.hash_seed}, {run.zone}, "
                f"{'an older processor, ' if run.older_processor else ''}files {order}",
                file=sys.stderr,
                flush=True,
            )
    counts = counted(todo, seen)
    print(f"{SCALE}; {editions} editions.\n\n{shown(todo, counts)}")  # noqa: T201 (a script)
    return int(max(max(hashes) for hashes in counts.values()) > 1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", type=int)
    parser.add_argument("--python", action="append", default=[])
    parser.add_argument("--editions", type=int, default=2)
    arguments = parser.parse_args()
    sys.exit(main(arguments.runs, [sys.executable, *arguments.python], arguments.editions))
