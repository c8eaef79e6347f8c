"""How long comparing two editions takes: `python bench/comparison.py demo/2024 demo/2025`."""

import statistics
import sys
import time
from pathlib import Path

from hubrank.analysis.comparison import compare

ROUNDS = 5
BOUND_SECONDS = 2


def main() -> None:
    older, newer = map(Path, sys.argv[1:])
    clock, processor = [], []
    for _ in range(ROUNDS):
        began, worked = time.perf_counter(), time.process_time()
        rows = compare(older, newer).table.num_rows
        clock.append(time.perf_counter() - began)
        processor.append(time.process_time() - worked)
    seconds = min(clock)
    print(
        f"comparing {rows} clusters: {seconds:.2f} s by the clock at best of {ROUNDS}, "
        f"{statistics.median(clock):.2f} s at the median, {statistics.median(processor):.2f} s of processor time"
    )
    print(f"bound {BOUND_SECONDS} s: {'met' if seconds < BOUND_SECONDS else 'MISSED'}")


if __name__ == "__main__":
    main()
