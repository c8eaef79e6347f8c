"""A finished edition on disk: its folder, its manifest edition.json and its tables."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Any, Protocol, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hubrank.core import area_words
from hubrank.core.errors import DataError, StudyError
from hubrank.core.files import json_bytes, sha256
from hubrank.core.intact import sealed
from hubrank.core.units import counted

INDEPENDENT = "hubrank is independent of WIPO and of its Global Innovation Index."
SIMULATED = "SIMULATED: made by hubrank's demonstration world, not an observation."
SIGNATURE = "edition.json.minisig"  # as `minisign -Sm edition.json` calls it
UNHASHED = frozenset({"edition.json", "run.json", SIGNATURE})  # files of an edition that edition.json does not list
KINDS = {"study": dict, "metrics": dict, "made_by": dict, "outputs": dict, "inputs": list, "clusters": int}
# Tables of single listings and of their addresses: too large to be read whole, and not for everyone.
LISTINGS = ("located", "addresses")
LISTING_FILES = frozenset(f"tables/{name}.parquet" for name in LISTINGS)
WELL_LOCATED_PCT = 80  # of the listings of a metric; below it outputs say so first (docs/decisions/what-is-located.md)
MOST_CONTRADICTED_PCT = 50  # of the listings: their coordinates are not in the columns that the study names
FORMAT = 5  # of edition.json and the tables; raised whenever a name or a meaning in them changes


def labels(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Return what outputs call each metric, in the order of the study's sources: its label, else its name."""
    study = manifest["study"]
    sections = study.get("metrics", {})
    return {each["metric"]: sections.get(each["metric"], {}).get("label", each["metric"]) for each in study["sources"]}


def metric_called(text: str, labels_of: Mapping[str, str]) -> str:
    """Return the metric of a name or label, whatever the case of the label; the text itself where none or several are.

    labels_of : what each metric is called, by its name.
    """
    wanted = text.strip().casefold()
    matching = [name for name, label in labels_of.items() if wanted in (name.casefold(), label.casefold())]
    return matching[0] if text not in labels_of and len(matching) == 1 else text


def public_name(path: str) -> str:
    """Return how pages call a file of a study: as the study does, but by its name alone where it lies elsewhere.

    Folders above the study, or from the root, are those of one machine.
    """
    file = PurePosixPath(path)
    return file.name or path if file.is_absolute() or file.parts[:1] == ("..",) else path


def years_shown(first: int, last: int) -> str:
    """Return how the years of a window are written: 2020–2024, or 2024 alone."""
    return str(first) if first == last else f"{first}–{last}"


def years_counted(manifest: Mapping[str, Any]) -> str:
    """Return the years of which records of each metric count; "" where the study has no windows."""
    windows = manifest["study"].get("windows", {})
    labels_of = labels(manifest) if windows else {}
    return ", ".join(f"{label} {years_shown(*windows[name])}" for name, label in labels_of.items() if name in windows)


def study_files(manifest: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return the section, name and licence of the files of people and of areas; "" where no licence is stated."""
    sections = [(name, manifest["study"].get(name) or {}) for name in ("population", "areas")]
    named = [(name, of.get("file") or of.get("table") or of.get("raster"), of) for name, of in sections]
    return [(name, public_name(file), of.get("licence") or "") for name, file, of in named if file]


def poorly_located(manifest: Mapping[str, Any]) -> dict[str, Decimal]:
    """Return, by metric, the located listings in percent where they are less than WELL_LOCATED_PCT of all."""
    counts = {name: (each.get("listings", 0), each.get("unlocated", 0)) for name, each in _metrics(manifest)}
    shares = {name: Decimal(100 * (all_ - lost)) / all_ for name, (all_, lost) in counts.items() if all_}
    return {name: share for name, share in shares.items() if share < WELL_LOCATED_PCT}


class _Cells(Protocol):
    def __getitem__(self, column: str, /) -> Any: ...  # noqa: ANN401 (a cell)


_Row = TypeVar("_Row", bound=_Cells)


def poorly_located_economies(report: Iterable[_Row], ranking: Iterable[_Row]) -> list[_Row]:
    """Return the economies with something ranked of which less than WELL_LOCATED_PCT of a metric's listings is located.

    report, ranking : rows of these tables. Returns rows of the report, those with the most unlocated listings first.
    """
    ranked = {economy for row in ranking for economy in row["economies"].split("/")}
    poor = [
        row
        for row in report
        if row["part"] == "coverage" and row["economy"] in ranked and row["share_pct"] < WELL_LOCATED_PCT
    ]
    return sorted(poor, key=lambda row: (-(row["listings"] * (100 - row["share_pct"])), row["economy"], row["metric"]))


def _metrics(manifest: Mapping[str, Any]) -> Iterable[tuple[str, Mapping[str, Any]]]:
    metrics = manifest.get("metrics", {})
    return ((name, metrics[name]) for name in labels(manifest) if name in metrics)


def source_name(account: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    """Return what outputs call a source: its name in the study, else what is counted in it and how it is read.

    account : of the source in edition.json; labels : of the metrics.
    """
    metric = account["metric"]
    return str(account.get("name") or f"{labels.get(metric, metric)}, read as {account['reader']}")


def areas_note(manifest: Mapping[str, Any]) -> str:
    """Return what an output of an edition that ranks areas has to say; "" where it ranks clusters."""
    account = manifest.get("areas", {})
    return area_words.NOTE.format(file=account["file"]) if account.get("ranked") else ""


def threshold_text(manifest: Mapping[str, Any]) -> str:
    """Return the threshold of an edition as a number, a share of the listings, and a percentile where it is one."""
    ppm = manifest.get("threshold_ppm")
    share = "" if ppm is None else f"{ppm:,g} per million listings"
    if ppm is not None and ppm > 1_000_000:
        share = "more than all listings with a place"
    null = manifest.get("threshold_null")
    over = (
        f"more than at {null['percentile']} % of {null['points']:,} points drawn from {null['drawn_from']}"
        if null
        else ""
    )
    notes = "; ".join(filter(None, (share, over)))
    return counted(manifest["threshold_listings"], "listing") + (f" ({notes})" if notes else "")


def with_addresses(located: pa.Table, addresses: pa.Table, columns: Sequence[str]) -> pa.Table:
    """Return listings with columns of their addresses.

    located : Table[address_key, …]; addresses : Table[address_key, *columns], each key once.
    """
    row = pc.index_in(located["address_key"], addresses["address_key"].combine_chunks())
    for name in columns:
        located = located.append_column(name, addresses[name].take(row))
    return located


@dataclass(frozen=True, slots=True)
class Edition:
    """A finished edition on disk.

    folder : which has all of its files.
    manifest : the content of edition.json: study, hashes of inputs and outputs, counts per stage.
    """

    folder: Path
    manifest: dict[str, Any]

    def table(self, name: str) -> pa.Table:
        """Read one of its tables."""
        return pq.read_table(self.folder / "tables" / f"{name}.parquet")

    def listings(self) -> pa.Table:
        """Return every located listing with the columns of its address: `located` joined to `addresses`.

        Raises StudyError where this is a copy without them.
        """
        expect_listings(self.folder)
        located, addresses = (self.table(name) for name in LISTINGS)
        return with_addresses(
            located, addresses, [name for name in addresses.column_names if name not in located.column_names]
        )

    @property
    def metrics(self) -> list[str]:
        """Its metrics, in the order of the study's sources."""
        return list(dict.fromkeys(source["metric"] for source in self.manifest["study"]["sources"]))

    @property
    def labels(self) -> dict[str, str]:
        """What its metrics are called."""
        return labels(self.manifest)

    @property
    def synthetic(self) -> bool:
        """True where the records were simulated."""
        return bool(self.manifest["study"].get("synthetic", False))


def as_read(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return a manifest as it is read from edition.json, so that a run writes what `verify` writes again."""
    return dict(json.loads(json_bytes(manifest)))


def load(folder: Path) -> Edition:
    """Open an edition. Raises StudyError where the folder is none, or one of another format."""
    path = folder / "edition.json" if folder.is_dir() else folder
    if path.name != "edition.json" or not path.exists():
        raise StudyError(_no_edition(folder))
    try:
        manifest = dict(json.loads(path.read_text("utf-8")))
    except (TypeError, ValueError, RecursionError) as error:
        raise StudyError(f"{path} is damaged: {error}. Run the study again.") from None
    version = manifest.get("format", 1)
    if version != FORMAT:
        raise StudyError(
            f"{path.parent} is an edition of format {version}, and this version of hubrank reads format {FORMAT}: "
            f"run its study again (`hubrank run STUDY --out {path.parent}`)."
        )
    for name, kind in KINDS.items():
        if not isinstance(manifest.get(name, kind()), kind):
            raise StudyError(f"{path} is damaged: {name!r} is not what a run writes. Run the study again.")
    return Edition(path.parent, manifest)


def _no_edition(path: Path) -> str:
    """Say why a path is no edition, and how to get one."""
    why = "it has no edition.json" if path.is_dir() else "it is a file" if path.exists() else "there is no such folder"
    study = path if path.is_file() and path.suffix == ".toml" else "STUDY"
    return (
        f"{path} is not an edition: {why}. Name the folder that a run wrote; `hubrank run {study} --out FOLDER` writes "
        f"one into a new folder."
    )


def replacement_note(folder: Path, title: str, name: str) -> str:
    """Return what a run says before it replaces the edition of another study, or of another year; "" where it does not.

    title, name : of the study that runs, and of its edition.
    """
    try:
        study = load(folder).manifest["study"]
    except (StudyError, KeyError):  # there is none, or none that says what it is
        return ""
    if (study.get("title"), study.get("edition")) == (title, name):
        return ""
    return (
        f"{folder} holds the edition {study.get('edition')!r} of {study.get('title')!r}; this run replaces it by "
        f"{name!r} of {title!r}. To keep both, stop it and name another folder (--out)."
    )


def expect_listings(folder: Path) -> None:
    """Raise StudyError where an edition is a copy without the tables of single listings."""
    missing = [name for name in sorted(LISTING_FILES) if not (folder / name).is_file()]
    if missing:
        raise StudyError(
            f"{folder} has no {' and no '.join(missing)}: it is a copy without single listings, which this needs. "
            f"Name the folder of the whole edition, or run the study again."
        )


def expect_intact(edition: Edition) -> None:
    """Raise DataError where edition.json or a table is not, byte for byte, what a run sealed, or is a link.

    Raises StudyError where it is a copy without single listings.
    """
    expect_listings(edition.folder)
    is_sealed = (edition.folder / "edition.json").read_bytes() == json_bytes(sealed(edition.manifest))
    changed = [] if is_sealed else ["edition.json"]
    for name, digest in sorted(edition.manifest.get("outputs", {}).items()):
        path = edition.folder / name
        if name.startswith("tables/") and (path.is_symlink() or not path.is_file() or sha256(path) != digest):
            changed.append(name)
    if changed:
        raise DataError(
            f"{edition.folder}: {', '.join(changed)} is not what the run wrote that sealed this edition. `hubrank "
            f"verify {edition.folder}` lists all that differs; run the study again."
        )
