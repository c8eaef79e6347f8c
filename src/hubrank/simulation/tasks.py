"""What of a world is written by itself: each task gives the same bytes alone, among others, or in another process."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import pyarrow.parquet as pq

from hubrank.simulation import publications, tabular
from hubrank.simulation.deals import write_deals
from hubrank.simulation.files import written
from hubrank.simulation.groups import Groups, groups
from hubrank.simulation.patents import write_patents
from hubrank.simulation.places import METRICS, Places, places
from hubrank.simulation.scene import Scene
from hubrank.simulation.spellings import forms
from hubrank.simulation.truth import LISTINGS, witness

WORTH_A_PROCESS = 1_000_000  # listings: below, another process takes longer to start than to write


@dataclass(frozen=True, slots=True)
class Plan:
    """What a world is made from. fat : see publications.write_part; parquet : one table per metric, nothing else."""

    out: Path
    listings: int
    clusters: int
    seed: int
    fat: bool
    parquet: bool


@dataclass(frozen=True, slots=True)
class Task:
    """One metric, or one part of it."""

    metric: str
    part: int = 0


def tasks(plan: Plan) -> list[Task]:
    """Return all tasks, in the order in which the truth tells of them."""
    found = []
    for metric in METRICS:
        divided = _groups(plan, metric)
        many = tabular.parts(divided) if plan.parquet else 1
        if metric == publications.METRIC and not plan.parquet:
            many = publications.parts(divided)
        found += [Task(metric, part) for part in range(many)]
    return found


def carry_out(plan: Plan, workers: int) -> None:
    """Write all files of a world, then the planted listings of all tasks as one table."""
    todo = tasks(plan)
    told = plan.out / "truth" / "listings.parquet"
    drafts = [told.with_name(f".listings-{number:05d}.part") for number in range(len(todo))]
    try:
        if workers < 2 or plan.listings < WORTH_A_PROCESS:
            for task, draft in zip(todo, drafts, strict=True):
                write(plan, task, draft)
        else:
            with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
                for _ in pool.map(write, [plan] * len(todo), todo, drafts):
                    pass
        if not plan.parquet:
            _joined(drafts, told)
    finally:
        for draft in drafts:
            draft.unlink(missing_ok=True)


def write(plan: Plan, task: Task, told: Path) -> None:
    """Write the files of one task, and to `told` where its listings were planted."""
    laid, divided = _places(plan), _groups(plan, task.metric)
    raw = plan.out / "raw"
    if plan.parquet:
        tabular.write_part(raw / task.metric, divided, laid, plan.seed, task.part)
        return
    with witness(told, laid) as known:
        scene = Scene(laid, forms(laid), known, plan.seed)
        if task.metric == "patents":
            write_patents(raw / "patentsview", divided, scene)
        elif task.metric == "deals":
            write_deals(raw / "crunchbase", divided, scene)
        else:
            if task.part == 0:
                publications.write_institutions(raw / "openalex", scene)
            publications.write_part(raw / "openalex", divided, scene, task.part, fat=plan.fat)


@cache
def _places(plan: Plan) -> Places:
    return places(plan.clusters, plan.seed)


@cache
def _groups(plan: Plan, metric: str) -> Groups:
    return groups(_places(plan), metric, plan.listings, plan.seed)


def counted(plan: Plan) -> dict[str, Groups]:
    """Return how the records of each metric are divided."""
    return {metric: _groups(plan, metric) for metric in METRICS}


def _joined(drafts: list[Path], told: Path) -> None:
    with written(told) as file, pq.ParquetWriter(file, LISTINGS, compression="zstd") as writer, ExitStack() as stack:
        for table in _row_groups(drafts, stack):
            writer.write_table(table)


def _row_groups(drafts: list[Path], stack: ExitStack) -> Iterator[object]:
    for draft in drafts:
        file = stack.enter_context(pq.ParquetFile(draft))
        for number in range(file.num_row_groups):
            yield file.read_row_group(number)
        draft.unlink()
