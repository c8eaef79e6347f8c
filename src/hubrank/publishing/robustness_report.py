"""The robustness of an edition, written into a folder of its own: tables, robustness.md, charts."""

from pathlib import Path

from hubrank.analysis.robustness import all_tables
from hubrank.core import edition
from hubrank.core.atomic_folder import atomic_folder
from hubrank.core.errors import StudyError
from hubrank.core.parquet import write_table
from hubrank.core.progress import Progress
from hubrank.publishing import rank_charts, robustness

MARK = "robustness.md"


def write(
    folder: Path, out: Path, *, quick: bool, memory: str | None, threads: int | None, progress: Progress
) -> list[Path]:
    """Write the tables, robustness.md and two charts; return their paths.

    Older findings in `out` are replaced as a whole. Raises StudyError where `out` has to do with an edition, or holds
    anything else.
    """
    loaded = edition.load(folder)
    _refuse_editions(loaded.folder.absolute(), out.absolute())
    note = edition.SIMULATED if loaded.synthetic else ""
    tables = all_tables.robustness(loaded.folder, progress, quick=quick, memory=memory, threads=threads)
    if not tables:
        raise StudyError(f"{folder} has no cluster, so there is no rank to examine.")
    tables_by_name = {name: table for name, (table, _) in tables.items()}
    tables_by_name["ranking"] = loaded.table("ranking")
    with atomic_folder(out, mark=MARK, what="a robustness report") as drafted:
        for name, (table, key) in tables.items():
            write_table(drafted / f"{name}.parquet", table, key, note=note)
        robustness.publish(drafted, tables_by_name, loaded.manifest, note=note)
        rank_charts.publish(drafted, tables_by_name, loaded.manifest, note=note)
    return sorted(path for path in out.iterdir() if path.is_file())


def _refuse_editions(edition_folder: Path, out: Path) -> None:
    """Refuse a folder that is, or lies in, or holds an edition: its files are hashed, and stay as they are."""
    if edition_folder in (out, *out.parents) or out in edition_folder.parents or (out / "edition.json").exists():
        raise StudyError(f"{out} is an edition, or is inside one or contains one; name another folder (--out).")
