"""Is an edition what it says? Hash its files again, and rank it again from its tables."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from hubrank.core import edition
from hubrank.core.files import json_bytes, sha256
from hubrank.core.units import share_pct, shown_count
from hubrank.ranking.scores import order, ranks, scores
from hubrank.study import study
from hubrank.study.study import Study


@dataclass(frozen=True, slots=True)
class Findings:
    """How many things were compared, and what differs."""

    checked: int
    faults: list[str]


def verify(folder: Path, inputs: Path | None = None) -> Findings:
    """Hash outputs (and inputs, where `inputs` names the folder of the study) and derive the ranking again.

    Raises StudyError where the folder is no edition.
    """
    made = edition.load(folder)
    if faults := _manifest(made):
        return Findings(1, faults)
    faults = _outputs(made)
    checked = 1 + len(made.manifest["outputs"])
    if inputs is not None:
        checked += len(made.manifest["inputs"])
        faults += _inputs(made, inputs)
    if not faults:
        checked += made.table("ranking").num_rows
        faults += _reranked(made)
    return Findings(checked, faults)


def _manifest(made: edition.Edition) -> list[str]:
    """Say whether edition.json is, byte for byte, what was sealed."""
    if (made.folder / "edition.json").read_bytes() == json_bytes(edition.sealed(made.manifest)):
        return []
    return ["edition.json: its bytes are not those that its own sha256 was made of"]


def _outputs(made: edition.Edition) -> list[str]:
    known = made.manifest["outputs"]
    there = {path.relative_to(made.folder).as_posix() for path in made.folder.rglob("*") if path.is_file()}
    faults = [f"{name}: is missing" for name in sorted(known.keys() - there)]
    faults += [
        f"{name}: is not part of the edition" for name in sorted(there - known.keys() - {"edition.json", "run.json"})
    ]
    for name in sorted(known.keys() & there):
        if sha256(made.folder / name) != known[name]:
            faults.append(f"{name}: its bytes are not those that edition.json has the hash of")
    return faults


def _inputs(made: edition.Edition, base: Path) -> list[str]:
    faults = []
    for known in made.manifest["inputs"]:
        path = Path(study.expand(str(base / known["name"]) if not known["name"].startswith("${") else known["name"]))
        if not path.is_file():
            faults.append(f"{known['name']}: input is not at {path}")
        elif sha256(path) != known["sha256"]:
            faults.append(f"{known['name']}: input has other bytes than the run read")
    return faults


def _reranked(made: edition.Edition) -> list[str]:
    """Derive shares, scores and ranks from the exact units and hold them against the printed ranking."""
    chosen = study.parse(made.manifest["study"], made.folder / "edition.json", with_files=False)
    units = _units(made.table("measures"), chosen)
    ids = sorted(units)
    totals = [made.manifest["metrics"][metric].get("units", 0) for metric in chosen.metrics]
    counts = [[units[cluster][metric] for cluster in ids] for metric in chosen.metrics]
    score = scores(counts, totals, list(chosen.weights.values()))
    rank = ranks(order(score, [sum(units[cluster].values()) for cluster in ids], ids))
    shown = dict(zip(ids, zip(rank, score.shown(), strict=True), strict=True))
    faults = []
    for row in made.table("ranking").to_pylist():
        cluster = row["cluster_id"]
        if cluster not in shown:
            faults.append(f"ranking: {cluster} has no measures")
            continue
        expected: dict[str, Any] = {"rank": shown[cluster][0], "score_pct": shown[cluster][1]}
        for metric, total in zip(chosen.metrics, totals, strict=True):
            expected[metric] = shown_count(units[cluster][metric])
            expected[f"{metric}_share_pct"] = share_pct(units[cluster][metric], total)
        faults += [
            f"ranking: {cluster} {k} is {row[k]}, the tables give {v}" for k, v in expected.items() if row[k] != v
        ]
    return faults


def _units(measures: pa.Table, chosen: Study) -> dict[str, dict[str, int]]:
    units: dict[str, dict[str, int]] = {}
    for row in measures.to_pylist():
        units.setdefault(row["cluster_id"], dict.fromkeys(chosen.metrics, 0))[row["metric"]] = row["units"]
    return units
