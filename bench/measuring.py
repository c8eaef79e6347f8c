"""What a command takes: seconds, processor seconds and the most memory at a time, of all of its processes."""

import json
import os
import subprocess
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

EVERY_S = 0.2  # at most: looking takes processor time itself
LOOKING = 20  # times as long as a look takes passes before the next one


@dataclass(frozen=True)
class Measurement:
    """One command. mib : proportional set size of all of its processes; stages : what it says of itself, seconds."""

    seconds: float
    processor_s: float
    mib: float
    stages: Mapping[str, float] = field(default_factory=dict)


def measured(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Measurement:
    """Run a command; the last line of its output may be a JSON object of stages.

    Python may keep what it compiles, as it does for users: else each process compiles all it imports, some 3 s.

    Raises RuntimeError with the end of its messages where it fails.
    """
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before, began = os.times(), time.perf_counter()
    process = subprocess.Popen(
        command, env={**variables, **(environment or {})}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    ended, most = threading.Event(), [0]
    watch = threading.Thread(target=_watch, args=(process.pid, ended, most))
    watch.start()
    out, messages = process.communicate()
    seconds = time.perf_counter() - began
    ended.set()
    watch.join()
    if process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode}: {messages[-2000:]}")
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    last = out.splitlines()[-1] if out else ""
    return Measurement(seconds, used, most[0] / 1024, json.loads(last) if last.startswith("{") else {})


def medians(all_: Sequence[Measurement]) -> Measurement:
    """Return the median of each figure; the most memory of all."""
    stages = {name: median(each.stages[name] for each in all_) for name in all_[0].stages}
    seconds, processor_s = (median(getattr(each, name) for each in all_) for name in ("seconds", "processor_s"))
    return Measurement(seconds, processor_s, max(each.mib for each in all_), stages)


def _watch(process: int, ended: threading.Event, most: list[int]) -> None:
    took = 0.0
    while not ended.wait(max(EVERY_S, LOOKING * took)):
        began = time.perf_counter()
        most[0] = max(most[0], sum(map(_kilobytes, _family(process))))
        took = time.perf_counter() - began


def _family(process: int) -> Iterator[int]:
    """Yield a process and those that it and they started."""
    yield process
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        for child in _read(children).split():
            yield from _family(int(child))


def _kilobytes(process: int) -> int:
    return sum(map(int, _values(_read(Path(f"/proc/{process}/smaps_rollup")).splitlines())))


def _values(lines: Iterable[str]) -> Iterator[str]:
    return (line.split()[1] for line in lines if line.startswith("Pss:"))


def _read(path: Path) -> str:
    try:
        return path.read_text("ascii")
    except OSError:  # it has ended
        return ""
