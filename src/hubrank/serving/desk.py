"""One edition, opened once for all requests: its tables, its records, and the variants asked for last."""

import contextlib
import os
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from hubrank.analysis import edition_records
from hubrank.analysis.edition_records import EditionRecords
from hubrank.api import Edition
from hubrank.core.errors import StudyError
from hubrank.ranking.rank_clusters import RankedClusters
from hubrank.serving import limits
from hubrank.serving.problems import Problem
from hubrank.serving.remembering import Remembering
from hubrank.serving.variants import Choice, Variant, chosen, held_by
from hubrank.serving.worker import Worker

RADIUS_KM, RADIUS_STEP_KM = (1.0, 100.0), 0.5
FEWER = 3  # a threshold may be so many times lower than the edition's: lower ones give thousands of hamlets
MORE = 100
_NOT_TOLD = frozenset({"located", "points", "set_aside"})  # listings, sites and rows, not clusters


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which thresholds a variant may be asked for."""

    least_listings: int
    most_listings: int


class Desk:
    """What answers are made from. Nothing here changes but what is kept of variants."""

    def __init__(self, records: EditionRecords) -> None:
        self.made = Edition(records.made.folder, records.made.manifest)
        self.records = records
        self.worker, self.drawer = Worker(), Worker()  # who draws keeps nobody waiting who ranks
        self.as_published: RankedClusters = records.as_published()
        self.own_choice = Choice(records.study.clusters.radius_km, self.as_published.dense.threshold)
        self._stamp = self._stamped()
        self._variants: OrderedDict[Choice, Variant] = OrderedDict()
        self._own_variant = Variant(
            records.study, self.own_choice, self.as_published, _itself(self.as_published), self.made.synthetic
        )
        self.worker.soon(self._warm)

    @property
    def bounds(self) -> Bounds:
        """How low and high a threshold may be."""
        own = self.own_choice.min_listings
        return Bounds(max(1, -(-own // FEWER)), MORE * own)

    @property
    def note(self) -> str:
        """What must stand beside every figure; "" where nothing must."""
        return str(self.made.manifest.get("note", ""))

    @cached_property
    def tables(self) -> dict[str, pa.Table]:
        """What pages and documents of clusters are made from."""
        return {name: self.made.table(name) for name in self.made.tables if name not in _NOT_TOLD}

    @property
    def weights(self) -> dict[str, Decimal]:
        """The weight of each metric, as the edition has it."""
        return self.records.study.weights

    def check(self) -> None:
        """Raise Problem where another run has replaced the edition: old and new figures must not mix."""
        if self._stamped() != self._stamp:
            raise Problem(503, "The edition was replaced while it was served. Start the server again.")

    async def variant(self, choice: Choice) -> Variant:
        """Return the records under another radius or threshold."""
        if choice == self.own_choice:
            return self._own_variant
        kept = self._variants.get(choice)
        if kept is None:
            return await self.worker.ask(choice, lambda: self._reckoned(choice), self._keep)
        self._variants.move_to_end(choice)
        return kept

    def _warm(self) -> None:
        """Read and draw once what the first requests would wait for."""
        self.records.rounded(self.records.study.points.step_e7)
        ground = self._own_variant.ground
        ground.explain("0, 0")
        with contextlib.suppress(StudyError):  # only the names are wanted
            ground.explain("Nowhere")

    def _reckoned(self, choice: Choice) -> Variant:
        study = self.records.applicable(chosen(self.records.study, choice))
        found = replace(
            self.records.rank_uncached(study), sites=self.as_published.sites
        )  # equal ones, kept once for all variants
        return Variant(study, choice, found, held_by(found, self.as_published), self.made.synthetic, self._own_variant)

    def _keep(self, variant: Variant) -> None:
        self._variants[variant.choice] = variant
        while len(self._variants) > 1 and sum(kept.bytes for kept in self._variants.values()) > limits.VARIANT_BYTES:
            self._variants.popitem(last=False)

    def _stamped(self) -> tuple[Any, ...] | None:
        try:
            found = os.stat(self.made.folder / "edition.json")  # noqa: PTH116 (asked at every request)
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size


def _itself(own: RankedClusters) -> list[tuple[str, int] | None]:
    return [(name.cluster_id, rank) for name, rank in zip(own.names, own.rank, strict=True)]


@contextmanager
def opened(folder: Path, *, memory: str | None = None, threads: int | None = None) -> Iterator[Desk]:
    """Open an edition for serving.

    Raises StudyError where the folder is none, CheckFailed where its tables do not give what it printed.
    """
    with edition_records.opened(folder, memory=memory, threads=threads) as (records,):
        records.cities = Remembering(records.cities)
        desk = Desk(records)
        try:
            yield desk
        finally:
            desk.worker.close()
            desk.drawer.close()
