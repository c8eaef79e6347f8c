"""From an empty folder to a ranking of the world's publications, against a stub of OpenAlex's API and of ROR.

    python bench/world_publications.py [INSTITUTIONS]

The stub runs in a process of its own on loopback and answers at once: what is measured is hubrank. Prints one line of
JSON: seconds of `get openalex-counts`, `get ror` and `run`, and the calls that were announced and sent.
"""

import json
import multiprocessing
import os
import re
import subprocess
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from acquisition import providers  # noqa: E402 (the folder of tests is not a package)
from acquisition.stub import Stub  # noqa: E402


def serve(institutions: int, pipe: Connection) -> None:
    """Serve until the other end is closed."""
    with Stub() as stub:
        providers.openalex_counts(stub, institutions)
        providers.ror(stub)
        pipe.send(stub.address)
        pipe.recv()


def command(*arguments: str) -> tuple[float, str]:
    """Run hubrank; return seconds, and what it printed."""
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-m", "hubrank", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return round(time.monotonic() - began, 1), done.stdout + done.stderr


def main(institutions: int) -> None:
    pipe, end = multiprocessing.get_context("spawn").Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(institutions, end), daemon=True)
    server.start()
    stub = type("Address", (), {"address": pipe.recv()})
    for source in ("openalex-counts", "ror"):
        os.environ.update(providers.environment(source, stub))
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        Path("world-publications.toml").write_bytes((ROOT / "studies/world-publications.toml").read_bytes())
        counts, printed = command("get", "openalex-counts", "--yes")
        register, _ = command("get", "ror", "--yes")
        run, _ = command("run", "world-publications.toml", "--out", "edition")
        clusters = json.loads(Path("edition/edition.json").read_text())["clusters"]
    announced, sent = (
        int(re.search(text, printed)[1].replace(",", "")) for text in (r"at most ([\d,]+)\n", r"([\d,]+) requests were")
    )
    result = {"institutions": institutions, "get openalex-counts": counts, "get ror": register, "run": run}
    result |= {"seconds": round(counts + register + run, 1), "announced": announced, "sent": sent, "clusters": clusters}
    print(json.dumps(result))
    pipe.send(None)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
