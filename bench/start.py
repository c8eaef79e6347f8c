"""How soon hubrank answers: importing it, its help, the first line of its first command; and the size of its wheel.

    python bench/start.py [--runs 11] [--wheel dist/hubrank-1.0.0-py3-none-any.whl]

Prints the median and the least of the runs, as wall time and as processor time, which a busy machine does not stretch.
The first command runs with an empty cache, as after an installation, and is stopped at its first line.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CASES = {
    "python -c pass": ["-c", "pass"],
    "import hubrank": ["-c", "import hubrank"],
    "hubrank --version": ["-m", "hubrank", "--version"],
    "hubrank --help": ["-m", "hubrank", "--help"],
    "hubrank help clusters": ["-m", "hubrank", "help", "clusters"],
}


def timed(arguments: list[str]) -> tuple[float, float]:
    """Run Python once; return its wall time and its processor time in seconds."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def first_line() -> tuple[float, str]:
    """Start `hubrank demo` with an empty cache; return the seconds to its first line, and the line."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "HUBRANK_CACHE": f"{folder}/cache"}
        start = time.perf_counter()
        command = [sys.executable, "-m", "hubrank", "demo", "--out", f"{folder}/demo"]
        with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr is not None
            line = process.stderr.readline().strip()
            seconds = time.perf_counter() - start
            process.terminate()
            process.communicate()
    return seconds, line


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=11)
    parser.add_argument("--wheel", type=Path)
    options = parser.parse_args()
    print("| | wall, median s | wall, least s | processor, median s |\n|---|---|---|---|")
    for name, arguments in CASES.items():
        timed(arguments)  # fills the caches of the disk
        walls, processors = zip(*(timed(arguments) for _ in range(options.runs)), strict=True)
        figures = (statistics.median(walls), min(walls), statistics.median(processors))
        print(f"| {name} | " + " | ".join(f"{figure:.3f}" for figure in figures) + " |")
    lines = [first_line() for _ in range(3)]
    print(f"\nFirst line of `hubrank demo` with an empty cache: {min(lines)[0]:.2f} s: {lines[0][1]}")
    if options.wheel:
        print(f"Wheel: {options.wheel.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
