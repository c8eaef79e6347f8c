"""The doubts about an edition, written into a folder of their own: tables, findings in plain words, charts."""

from pathlib import Path

from hubrank import edition
from hubrank import robustness as doubts
from hubrank.counting import Progress
from hubrank.errors import StudyError
from hubrank.publishers import rank_charts
from hubrank.publishers import robustness as findings


def write(
    folder: Path, out: Path, *, quick: bool, memory: str | None, threads: int | None, progress: Progress
) -> list[Path]:
    """Write the tables, robustness.md and two charts; return their paths.

    Raises StudyError where `out` is the edition itself: its files are hashed, and stay as they are.
    """
    made = edition.load(folder)
    if out.absolute() == made.folder.absolute():
        raise StudyError(f"{out} is the edition; name a folder beside it (--out).")
    note = edition.SIMULATED if made.synthetic else ""
    tables = doubts.robustness(made.folder, progress, quick=quick, memory=memory, threads=threads)
    if not tables:
        raise StudyError(f"{folder} has no cluster, so there is no rank to doubt.")
    for name, (table, key) in tables.items():
        edition.write_table(out / f"{name}.parquet", table, key, note=note)
    told = {name: table for name, (table, _) in tables.items()}
    told["ranking"] = made.table("ranking")
    findings.publish(out, told, made.facts, note=note)
    rank_charts.publish(out, told, made.facts, note=note)
    return sorted(path for path in out.iterdir() if path.is_file())
