"""Kill downloads of every source at random moments, start them again, and check what is there.

`python tests/acquisition/killing.py KILLS` works in a folder of its own and prints one line of JSON per source. The
stub runs in a process of its own; each download is a process forked from this one, so that a kill costs it alone.
"""

import hashlib
import json
import multiprocessing
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

from acquisition import providers
from acquisition.stub import Stub
from hubrank.acquisition import acquire
from hubrank.acquisition.provider import Request

PACE = 0.005  # seconds for each piece that the stub sends
PLANS = ("/api/records", "form-d-data-sets", "pvgpatdis", "ptgrxml", "manifest.json")  # asked before each download


def serve(source, pipe):
    """Run a stub; send its address, then on request the bytes and requests by path since the last time."""
    with Stub(pace=PACE) as stub:
        providers.INSTALL[source](stub)
        pipe.send(stub.address)
        while pipe.recv():
            sent = {}
            for request in filter(is_content, stub.requests):
                requests, size = sent.get(request["path"], (0, 0))
                sent[request["path"]] = requests + 1, size + request["sent"]
            pipe.send(sent)
            stub.requests.clear()


def is_content(request):
    """Tell what belongs to a file or a list from what is asked to plan a download."""
    is_page = request["path"] in ("/institutions", "/works")
    return "cursor" in request["query"] if is_page else not request["path"].endswith(PLANS)


class Quiet:
    def start(self, *_):
        pass

    def advance(self, _):
        pass


def fetch(source, folder):
    request = Request(**providers.OPTIONS.get(source, {}))
    acquisition = acquire.Acquisition(source, folder, request, wait_scale=0.0)
    acquisition.get(acquisition.plan(), Quiet())


def forked(source, folder, moment=None):
    """Fetch in a process of its own, killed after so many seconds; return its exit status."""
    child = os.fork()
    if not child:
        if moment is not None:
            threading.Timer(moment, os.kill, (os.getpid(), signal.SIGKILL)).start()
        try:
            fetch(source, folder)
        except BaseException as fault:  # noqa: BLE001 (the status reports it)
            sys.stderr.write(f"{source}: a download that was not killed failed: {fault!r}\n")
            os._exit(7)
        os._exit(0)
    return os.waitpid(child, 0)[1]


def contents(folder):
    """Return the hash of every file; of manifests without times."""
    result = {}
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            if path.name == "manifest.json":
                manifest = json.loads(content)
                for entry in manifest["files"].values():
                    entry["fetched"] = ""
                manifest.pop("downloads", None)
                content = json.dumps(manifest, sort_keys=True).encode()
            result[path.relative_to(folder).as_posix()] = hashlib.sha256(content).hexdigest()
    return result


def usable(files):
    """Return the files that a run could take, and what is left of an interrupted download."""
    return {name: content for name, content in files.items() if not any(p.startswith(".") for p in Path(name).parts)}


def written(folder, path):
    """Return the bytes of a file that are on disk, finished or not; -1 where it is finished."""
    is_snapshot = path.startswith("/data/")
    target = folder / folder.name / (path[1:] if is_snapshot else path.rpartition("/")[2].replace("_0.", "."))
    ranges, part = (target.with_name(f".{target.name}.{kind}") for kind in ("ranges", "part"))
    if target.exists():
        return -1
    if ranges.exists():
        lines = [line.split() for line in ranges.read_text().splitlines(keepends=True) if line.endswith("\n")]
        return sum(int(end) - int(start) for start, end in lines)
    return part.stat().st_size if part.exists() else 0


def fetched_again(source, folder, whole, ask):
    """Fetch what is missing; return how many bytes were fetched again that had been written (pages, of a list)."""
    if source == "openalex-counts":
        journals = [path.read_text() for path in folder.rglob(".pages/*.jsonl")]
        pages = sum(max(0, text.count("\n") - 1) for text in journals)
        finished = not journals and any(folder.rglob("*.parquet"))
        assert forked(source, folder) == 0
        requests, total = (sum(each[0] for each in sent.values()) for sent in (ask(), whole))
        return requests if finished else requests - (total - pages)
    before = {path: written(folder, path) for path in whole}
    assert forked(source, folder) == 0
    after = ask()
    missing = {path: 0 if before[path] < 0 else size - before[path] for path, (_, size) in whole.items()}
    return max(size - missing[path] for path, (_, size) in after.items()) if after else 0


def kill(source, kills, root, ask):
    rng = random.Random(f"{source} {kills}")
    folder = root / source
    began = time.monotonic()
    assert forked(source, folder) == 0
    seconds, expected, whole = time.monotonic() - began, contents(folder), ask()
    assert expected == usable(expected), "a finished download leaves a hidden file"
    result = {"source": source, "kills": 0, "continued": 0, "fetched again": 0}
    while result["kills"] < kills:
        shutil.rmtree(folder)
        if forked(source, folder, rng.uniform(0, seconds)) == 0:
            ask()
            continue
        result["kills"] += 1
        left = contents(folder) if folder.exists() else {}
        complete = {name: content for name, content in usable(left).items() if Path(name).name != "manifest.json"}
        assert complete.items() <= expected.items(), f"a file is half: {complete}"
        result["continued"] += bool(left)
        ask()
        result["fetched again"] = max(result["fetched again"], fetched_again(source, folder, whole, ask))
        assert contents(folder) == expected, "the folder differs from that of an uninterrupted download"
    return result


def main(kills, *names):
    """Print a line for each source; leave with 1 where something was fetched again that had been written."""
    root = Path(tempfile.mkdtemp())
    context = multiprocessing.get_context("spawn")
    faults = 0
    for source in names or providers.INSTALL:
        acquire.find(source)  # so that kills do not come while modules are imported
        pipe, end = context.Pipe()
        server = context.Process(target=serve, args=(source, end), daemon=True)
        server.start()
        stub = type("Address", (), {"address": pipe.recv()})
        os.environ.update(providers.environment(source, stub))

        def ask(pipe=pipe):
            time.sleep(0.02)  # the stub notices that a connection was closed
            pipe.send(True)
            return pipe.recv()

        result = kill(source, kills, root, ask)
        faults += result["fetched again"] > 0
        sys.stdout.write(json.dumps(result) + "\n")
        sys.stdout.flush()
        pipe.send(False)
        server.join(5)
    shutil.rmtree(root)
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), *sys.argv[2:]))
