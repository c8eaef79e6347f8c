"""The parts of a world that are written independently: each task gives the same bytes in any order and process."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyarrow.parquet as pq

from hubrank.core.files import atomic_file
from hubrank.core.processes import process_pool
from hubrank.simulation import places as planted
from hubrank.simulation import publications
from hubrank.simulation.deals import write_deals
from hubrank.simulation.groups import Groups, groups
from hubrank.simulation.patents import write_patents
from hubrank.simulation.places import METRICS, Places
from hubrank.simulation.spellings import forms
from hubrank.simulation.truth import LISTINGS, truth_writer
from hubrank.simulation.writer_input import WriterInput

WORTH_A_POOL = 1_000_000  # listings: below, a process takes longer to start than to write


@dataclass(frozen=True, slots=True)
class Plan:
    """The arguments of a world."""

    out: Path
    listings: int
    clusters: int
    seed: int


@dataclass(frozen=True, slots=True)
class Task:
    """One metric, or one part of it."""

    metric: str
    part: int = 0


def tasks(plan: Plan) -> list[Task]:
    """Return all tasks, in the order in which the truth lists them."""
    parts = {publications.METRIC: publications.parts(_groups(plan, publications.METRIC))}
    return [Task(metric, part) for metric in METRICS for part in range(parts.get(metric, 1))]


def write_all(plan: Plan, workers: int) -> None:
    """Write all files of a world, then the planted listings of all tasks as one table."""
    todo = tasks(plan)
    truth = plan.out / "truth" / "listings.parquet"
    drafts = [truth.with_name(f".listings-{number:05d}.part") for number in range(len(todo))]
    try:
        if workers < 2 or plan.listings < WORTH_A_POOL:
            for task, draft in zip(todo, drafts, strict=True):
                write(plan, task, draft)
        else:
            with process_pool(workers) as pool:
                for _ in pool.map(write, [plan] * len(todo), todo, drafts):
                    pass
        _join(drafts, truth)
    finally:
        for draft in drafts:
            draft.unlink(missing_ok=True)


def write(plan: Plan, task: Task, truth: Path) -> None:
    """Write the files of one task, and its planted listings to `truth`."""
    places, divided, raw = _places(plan), _groups(plan, task.metric), plan.out / "raw"
    with truth_writer(truth, places) as writer:
        common = WriterInput(places, forms(places), writer, plan.seed)
        if task.metric == "patents":
            write_patents(raw / "patentsview", divided, common)
        elif task.metric == "deals":
            write_deals(raw / "crunchbase", divided, common)
        else:
            if task.part == 0:
                publications.write_institutions(raw / "openalex", common)
            publications.write_part(raw / "openalex", divided, common, task.part)


@cache
def _places(plan: Plan) -> Places:
    return planted.places(plan.clusters, plan.seed)


@cache
def _groups(plan: Plan, metric: str) -> Groups:
    return groups(_places(plan), metric, plan.listings, plan.seed)


def groups_by_metric(plan: Plan) -> dict[str, Groups]:
    """Return how the records of each metric are divided."""
    return {metric: _groups(plan, metric) for metric in METRICS}


def _join(drafts: list[Path], truth: Path) -> None:
    with (
        atomic_file(truth) as file,
        pq.ParquetWriter(file, LISTINGS, compression="zstd") as writer,
        ExitStack() as stack,
    ):
        for table in _row_groups(drafts, stack):
            writer.write_table(table)


def _row_groups(drafts: list[Path], stack: ExitStack) -> Iterator[object]:
    for draft in drafts:
        file = stack.enter_context(pq.ParquetFile(draft))
        for number in range(file.num_row_groups):
            yield file.read_row_group(number)
        draft.unlink()
