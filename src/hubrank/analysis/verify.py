"""Check an edition: hash its files again, and rank it again from its tables."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from hubrank.core.edition import Edition, load
from hubrank.core.files import json_bytes, sha256
from hubrank.core.intact import sealed
from hubrank.core.units import share_pct, shown_count
from hubrank.ranking.scores import order, ranks, scores
from hubrank.study.study import Study, expand, parse


@dataclass(frozen=True, slots=True)
class Findings:
    """How many files, inputs and rows were checked, and what differs."""

    checked: int
    faults: list[str]


def verify(folder: Path, inputs: Path | None = None) -> Findings:
    """Hash outputs (and inputs, where `inputs` names the folder of the study) and derive the ranking again.

    Raises StudyError where the folder is no edition.
    """
    edition = load(folder)
    if faults := _manifest(edition):
        return Findings(1, faults)
    faults = _outputs(edition)
    checked = 1 + len(edition.manifest["outputs"])
    if inputs is not None:
        checked += len(edition.manifest["inputs"])
        faults += _inputs(edition, inputs)
    if not faults:
        checked += edition.table("ranking").num_rows
        faults += _reranked(edition)
    return Findings(checked, faults)


def _manifest(edition: Edition) -> list[str]:
    """Say whether edition.json is, byte for byte, what was sealed."""
    if (edition.folder / "edition.json").read_bytes() == json_bytes(sealed(edition.manifest)):
        return []
    return ["edition.json: its content does not match its own sha256"]


def _outputs(edition: Edition) -> list[str]:
    outputs = edition.manifest["outputs"]
    on_disk = {path.relative_to(edition.folder).as_posix() for path in edition.folder.rglob("*") if path.is_file()}
    faults = [f"{name}: is missing" for name in sorted(outputs.keys() - on_disk)]
    faults += [
        f"{name}: is not part of the edition"
        for name in sorted(on_disk - outputs.keys() - {"edition.json", "run.json"})
    ]
    for name in sorted(outputs.keys() & on_disk):
        if sha256(edition.folder / name) != outputs[name]:
            faults.append(f"{name}: its content does not match the hash in edition.json")
    return faults


def _inputs(edition: Edition, base: Path) -> list[str]:
    faults = []
    for outputs in edition.manifest["inputs"]:
        path = Path(expand(str(base / outputs["name"]) if not outputs["name"].startswith("${") else outputs["name"]))
        if not path.is_file():
            faults.append(f"{outputs['name']}: input is not at {path}")
        elif sha256(path) != outputs["sha256"]:
            faults.append(f"{outputs['name']}: input differs from the file that the run read")
    return faults


def _reranked(edition: Edition) -> list[str]:
    """Derive shares, scores and ranks from the exact units and hold them against the printed ranking."""
    study = parse(edition.manifest["study"], edition.folder / "edition.json", with_files=False)
    units = _units(edition.table("measures"), study)
    ids = sorted(units)
    totals = [edition.manifest["metrics"][metric].get("units", 0) for metric in study.metrics]
    counts = [[units[cluster][metric] for cluster in ids] for metric in study.metrics]
    score = scores(counts, totals, list(study.weights.values()))
    rank = ranks(order(score, [sum(units[cluster].values()) for cluster in ids], ids))
    shown = dict(zip(ids, zip(rank, score.shown(), strict=True), strict=True))
    faults = []
    for row in edition.table("ranking").to_pylist():
        cluster = row["cluster_id"]
        if cluster not in shown:
            faults.append(f"ranking: {cluster} has no measures")
            continue
        expected: dict[str, Any] = {"rank": shown[cluster][0], "score_pct": shown[cluster][1]}
        for metric, total in zip(study.metrics, totals, strict=True):
            expected[metric] = shown_count(units[cluster][metric])
            expected[f"{metric}_share_pct"] = share_pct(units[cluster][metric], total)
        faults += [
            f"ranking: {cluster} {k} is {row[k]}, the tables give {v}" for k, v in expected.items() if row[k] != v
        ]
    return faults


def _units(measures: pa.Table, study: Study) -> dict[str, dict[str, int]]:
    units: dict[str, dict[str, int]] = {}
    for row in measures.to_pylist():
        units.setdefault(row["cluster_id"], dict.fromkeys(study.metrics, 0))[row["metric"]] = row["units"]
    return units
