"""Fuzzing guided by coverage: `python tests/fuzzing/guided.py TARGET SECONDS [CORPUS]` (needs atheris; `make fuzz`).

Starts from the samples and regressions; stops at the first input that is answered with anything but an error of
hubrank, that takes more than 5 s of processor time, or that makes the process exceed the limit of memory. Such an input
is left next to the corpus as TARGET-crash-… or TARGET-oom-…: it belongs in regressions/ once the fault is fixed.
"""

import hashlib
import importlib
import pkgutil
import sys
import tempfile
from pathlib import Path

import atheris

from hubrank.clustering import dbscan

sys.path.insert(0, str(Path(__file__).parents[1]))
RSS_MB = 3_000  # a reader's database may take 2 GB
LONGEST = 20_000  # bytes of an input: all samples are shorter
WATCHED = {  # whose branches guide the search; of readers, those of all readers
    "study": [
        "hubrank.study.study",
        "hubrank.study.sections",
        "hubrank.study.values",
        "hubrank.study.study_file",
        "hubrank.sources",
        "tomllib",
    ],
    "addresses": ["hubrank.geocoding", "hubrank.core.countries"],
    "register": ["hubrank.geocoding.gazetteer.registers"],
    "requests": ["hubrank.serving", "h11"],
}


def main(name: str, seconds: int, corpus: Path) -> None:
    """Fuzz one target for so many seconds."""
    for kernel in pkgutil.iter_modules(dbscan.__path__, "hubrank.clustering.dbscan."):
        importlib.import_module(kernel.name)  # before anything is watched: numba cannot compile what is
    with atheris.instrument_imports(include=WATCHED.get(name, ["hubrank.sources"])):
        from fuzzing.mutating import taken
        from fuzzing.targets import TARGETS, started_from

        target = TARGETS[name]
        for data in target.seeds:
            taken(target, data)  # whatever is imported on the way is watched
    for data in started_from(name):
        (corpus / hashlib.sha1(data).hexdigest()).write_bytes(data)
    options = [f"-max_total_time={seconds}", "-timeout=120", f"-rss_limit_mb={RSS_MB}", f"-max_len={LONGEST}"]
    options += [f"-artifact_prefix={corpus.parent}/{name}-", "-print_final_stats=1", str(corpus)]
    atheris.Setup([sys.argv[0], *options], lambda data: taken(target, data))
    atheris.Fuzz()


if __name__ == "__main__":
    target, limit, *folder = sys.argv[1:]
    corpus = Path(folder[0] if folder else tempfile.mkdtemp(prefix="hubrank-fuzz-")) / target
    corpus.mkdir(parents=True, exist_ok=True)
    main(target, int(limit), corpus)
