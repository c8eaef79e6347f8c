"""Check an edition: hash its files again, and rank it again from its tables."""

import csv
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from hubrank.core.edition import KINDS, LISTING_FILES, SIGNATURE, UNHASHED, Edition, load
from hubrank.core.errors import DataError, HubrankError, StudyError
from hubrank.core.files import json_bytes, sha256
from hubrank.core.intact import sealed
from hubrank.core.object_store import is_address
from hubrank.core.remote import head
from hubrank.core.units import share_pct, shown_count
from hubrank.ranking.scores import order, ranks, scores
from hubrank.sources.remote import copied
from hubrank.study.study import Study
from hubrank.study.study_file import expand, study_of

SHORTEST_SEAL = 16  # hexadecimal digits
LOCATED = "tables/located.parquet"  # whose listings are counted again
LEFT_OUT = "{}: is not in this copy; its hash was not compared{}"
FOREIGN = (HubrankError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)  # of tables not ours


@dataclass(frozen=True, slots=True)
class Findings:
    """How many files, inputs and rows were checked, what differs, and what could not be checked."""

    checked: int
    faults: list[str]
    remarks: list[str] = field(default_factory=list)
    inputs_not_checked: int = 0


def verify(
    folder: Path,
    inputs: Path | None = None,
    seal: str | None = None,
    key: str | None = None,
    *,
    listings: bool = True,
) -> Findings:
    """Hash outputs (and inputs, where `inputs` names the folder of the study) and derive measures and ranking again.

    seal : what the run printed as its seal: who changes an edition and seals it again cannot keep it.
    key : public key of minisign, or the file that has it, of which SIGNATURE must be.
    listings : False where a copy may lack the tables of listings, which a licence may forbid to publish; remarks say
        what was not checked then.

    Raises StudyError where the folder is no edition, or `key` is none or the extra `sign` is missing.
    """
    edition = load(folder)
    if faults := _manifest(edition) + _sealed_as(edition, seal) + _signed_by(edition, key):
        return Findings(1, faults)
    outputs = edition.manifest["outputs"]
    tables = set() if listings else LISTING_FILES & outputs.keys()
    left_out = sorted(name for name in tables if not os.path.lexists(edition.folder / name))
    faults = _outputs(edition, left_out)
    checked = 1 + len(outputs) - len(left_out)
    if inputs is not None:
        checked += len(edition.manifest["inputs"])
        faults += _inputs(edition, inputs)
    if not faults:
        try:
            checked += edition.table("ranking").num_rows + edition.table("measures").num_rows
            faults += ([] if LOCATED in left_out else _recounted(edition)) + _reranked(edition) + _printed(edition)
        except FOREIGN as error:
            faults.append(f"tables, ranking.csv or clusters.geojson: cannot be read as those of an edition: {error}")
    uncounted = {LOCATED: ", and listings were not counted again"}
    remarks = [LEFT_OUT.format(name, uncounted.get(name, "")) for name in left_out]
    return Findings(checked, faults, remarks, 0 if inputs is not None else len(edition.manifest["inputs"]))


def _manifest(edition: Edition) -> list[str]:
    """Say whether edition.json has all its parts and is, byte for byte, what was sealed."""
    if missing := [name for name in KINDS if name not in edition.manifest]:
        return [f"edition.json: lacks {', '.join(missing)}"]
    if (edition.folder / "edition.json").read_bytes() == json_bytes(sealed(edition.manifest)):
        return []
    return ["edition.json: its content does not match its own sha256"]


def _sealed_as(edition: Edition, seal: str | None) -> list[str]:
    """Say whether the seal is the one that was noted, or begins with it."""
    current = edition.manifest["sha256"]
    if seal is None or (len(seal) >= SHORTEST_SEAL and current.startswith(seal.lower())):
        return []
    if len(seal) < SHORTEST_SEAL:
        return [f"--seal {seal}: too short; give at least {SHORTEST_SEAL} characters of the seal that the run printed"]
    return [f"edition.json: its seal is {current}, not {seal}: it is another edition, or was changed and sealed again"]


def _signed_by(edition: Edition, key: str | None) -> list[str]:
    """Say whether edition.json has a signature of a key."""
    if key is None:
        return []
    try:
        import minisign  # noqa: PLC0415 (the extra `sign`)
    except ModuleNotFoundError:
        raise StudyError("--key needs the extra `sign`: pip install 'hubrank[sign]'.") from None
    try:
        public = minisign.PublicKey.from_file(key) if Path(key).is_file() else minisign.PublicKey.from_base64(key)
    except ValueError as error:
        raise StudyError(f"--key {key} is neither a public key of minisign nor a file that has one: {error}") from None
    path = edition.folder / SIGNATURE
    if not path.is_file():
        return [f"{SIGNATURE}: is missing, so nobody has signed the edition (minisign -Sm edition.json signs it)"]
    try:
        public.verify((edition.folder / "edition.json").read_bytes(), minisign.Signature.from_file(path))
    except ValueError:
        return [f"{SIGNATURE}: is no signature of edition.json by this key"]
    return []


def _outputs(edition: Edition, left_out: list[str]) -> list[str]:
    outputs = {name: digest for name, digest in edition.manifest["outputs"].items() if name not in left_out}
    on_disk = {path.relative_to(edition.folder).as_posix() for path in edition.folder.rglob("*") if path.is_file()}
    faults = [f"{name}: is missing" for name in sorted(outputs.keys() - on_disk)]
    faults += _foreign(edition)
    faults += [f"{name}: is not part of the edition" for name in sorted(on_disk - outputs.keys() - UNHASHED)]
    for name in sorted(outputs.keys() & on_disk):
        if sha256(edition.folder / name) != outputs[name]:
            faults.append(f"{name}: its content does not match the hash in edition.json")
    return faults


def _foreign(edition: Edition) -> list[str]:
    """Name links, folders in which nothing of the edition is, and what is neither a file nor a folder."""
    folders = {parent for name in edition.manifest["outputs"] for parent in (edition.folder / name).parents}
    faults = []
    for path in sorted(edition.folder.rglob("*")):
        name = path.relative_to(edition.folder).as_posix()
        if path.is_symlink():
            faults.append(f"{name}: is a link, not a file of the edition")
        elif path.is_dir() and path not in folders:
            faults.append(f"{name}/: is a folder that is not part of the edition")
        elif not path.is_dir() and not path.is_file():
            faults.append(f"{name}: is neither a file nor a folder")
    return faults


def input_path(base: Path, name: str) -> Path:
    """Return where an input lies, as a study in the folder `base` names it."""
    return Path(expand(name if name.startswith("${") else str(base / name)))


def _inputs(edition: Edition, base: Path) -> list[str]:
    faults = []
    for entry in edition.manifest["inputs"]:
        name, path = entry["name"], input_path(base, entry["name"])
        try:
            same = _same_object(entry) if is_address(name) else sha256(path) == entry["sha256"]
        except OSError:
            faults.append(f"{name}: input is not at {path}")
        except (StudyError, DataError) as error:
            faults.append(f"{name}: input cannot be compared: {error}")
        else:
            faults += [] if same else [f"{name}: input differs from the file that the run read"]
    return faults


def _same_object(entry: Mapping[str, Any]) -> bool:
    """Return whether what is at the address of an input is what the run read."""
    if "sha256" in entry:
        if "?" in entry["name"]:
            raise StudyError("its address has a query, of which the edition holds a hash only")
        with tempfile.TemporaryDirectory(prefix="hubrank-") as folder:
            return bool(sha256(copied(entry["name"], Path(folder))) == entry["sha256"])
    file = head(entry["name"])
    return (file.size, file.etag, file.modified) == (entry["bytes"], entry.get("etag", ""), entry.get("modified", ""))


def _recounted(edition: Edition) -> list[str]:
    """Add up the units of located listings again and hold them against the measures; full counts are no such sums."""
    study = study_of(edition.manifest)
    if study.ranking.counting != "fractional":
        return []
    keys = ["cluster_id", "metric"]
    with pq.ParquetFile(edition.folder / "tables/located.parquet") as file:
        batches = file.iter_batches(columns=[*keys, "units"])
        parts = [pa.Table.from_batches([batch]).group_by(keys).aggregate([("units", "sum")]) for batch in batches]
    sums = pa.concat_tables(parts).group_by(keys).aggregate([("units_sum", "sum")]).to_pylist() if parts else []
    units = {(row["cluster_id"], row["metric"]): row["units_sum_sum"] for row in sums if row["cluster_id"]}
    return [
        f"measures: {row['cluster_id']} has {row['units']} units of {row['metric']}, located listings have {counted}"
        for row in edition.table("measures").to_pylist()
        if (counted := units.get((row["cluster_id"], row["metric"]), 0)) != row["units"]
    ]


def _printed(edition: Edition) -> list[str]:
    """Hold ranking.csv and the map's properties against the table."""
    rows = edition.table("ranking").to_pylist()
    with (edition.folder / "ranking.csv").open(encoding="utf-8", newline="") as file:
        printed = [row[: len(rows[0])] for row in csv.reader(file)][1:] if rows else []
    faults = [
        f"ranking.csv line {number + 2}: differs from the table"
        for number, (row, line) in enumerate(zip_longest(rows, printed))
        if line is None or row is None or line != ["" if value is None else str(value) for value in row.values()]
    ]
    features = json.loads((edition.folder / "clusters.geojson").read_bytes())["features"]
    ranks_on_map = {each["properties"]["cluster_id"]: each["properties"]["rank"] for each in features}
    if ranks_on_map != {row["cluster_id"]: row["rank"] for row in rows}:
        faults.append("clusters.geojson: its ranks differ from the table")
    return faults


def _reranked(edition: Edition) -> list[str]:
    """Derive shares, scores and ranks from the exact units and hold them against the printed ranking."""
    study = study_of(edition.manifest)
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
            f"ranking: {cluster} {column} is {row[column]}, the tables give {value}"
            for column, value in expected.items()
            if row[column] != value
        ]
    return faults


def _units(measures: pa.Table, study: Study) -> dict[str, dict[str, int]]:
    units: dict[str, dict[str, int]] = {}
    for row in measures.to_pylist():
        units.setdefault(row["cluster_id"], dict.fromkeys(study.metrics, 0))[row["metric"]] = row["units"]
    return units
