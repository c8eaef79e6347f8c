"""One edition, opened once for all requests: its tables, its records, and the variants requested last."""

import contextlib
import os
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from hubrank.analysis import edition_records
from hubrank.analysis.edition_records import EditionRecords
from hubrank.api import Edition
from hubrank.core.edition import expect_intact, load
from hubrank.core.errors import StudyError
from hubrank.publishing.site.map_data import map_rings, outlines_of
from hubrank.ranking.scores import RankedClusters
from hubrank.serving import limits
from hubrank.serving.cached_atlas import CachedAtlas
from hubrank.serving.drawn_grounds import DrawnGrounds
from hubrank.serving.problems import Problem
from hubrank.serving.variants import Choice, Variant, edition_clusters, with_choice
from hubrank.serving.worker import Worker

RADIUS_KM, RADIUS_STEP_KM = (1.0, 100.0), 0.5
WORLD = (-180.0, -90.0, 180.0, 90.0)
FEWER = 3  # a threshold may be so many times lower than the edition's: lower ones give thousands of hamlets
MORE = 100
_NOT_OF_CLUSTERS = frozenset({"addresses", "area_shapes", "located", "points", "set_aside"})  # listings, sites, rows


class ServedEdition:
    """What responses are computed from. Nothing in it changes but the variants in memory."""

    def __init__(self, records: EditionRecords) -> None:
        self.edition = Edition(records.edition.folder, records.edition.manifest)
        self.records = records
        # Outlines, explanations of the edition and long documents are made apart, so that rankings never wait for them.
        self.worker, self.drawer, self.explaining, self.writer = Worker(), Worker(), Worker(), Worker()
        self.as_published: RankedClusters = records.as_published()
        self.choice = Choice(records.study.clusters.radius_km, self.as_published.dense.threshold)
        self.grounds = DrawnGrounds()
        self._stamp = self._file_stamp()
        self._variants: OrderedDict[Choice, Variant] = OrderedDict()
        self._published_variant = Variant(
            records.study, self.choice, self.as_published, _same(self.as_published), self.edition.synthetic
        )
        self.worker.submit(lambda: self.records.rounded(self.records.study.points.step_e7))
        self.explaining.submit(self._warm_up)
        self.drawer.submit(lambda: self.map_outlines(self._published_variant, WORLD))

    @property
    def ranks_areas(self) -> bool:
        """Whether areas are ranked in place of clusters, so that there is no other clustering."""
        return self.records.study.ranks_areas

    @property
    def thresholds(self) -> tuple[int, int]:
        """How low and how high a threshold may be."""
        published = self.choice.min_listings
        return max(1, -(-published // FEWER)), MORE * published

    @property
    def note(self) -> str:
        """What must accompany every figure; "" where nothing must."""
        return str(self.edition.manifest.get("note", ""))

    @cached_property
    def tables(self) -> dict[str, pa.Table]:
        """The tables of clusters by name."""
        return {name: self.edition.table(name) for name in self.edition.tables if name not in _NOT_OF_CLUSTERS}

    @property
    def weights(self) -> dict[str, Decimal]:
        """The weight of each metric, as the edition has it."""
        return self.records.study.weights

    def map_outlines(self, variant: Variant, box: tuple[float, float, float, float]) -> dict[str, Any]:
        """Return what is drawn of a variant in a box of the map: grounds, or areas. For the thread that draws."""
        labels, clusters = variant.within(*box), variant.clusters
        if clusters.areas is None:
            rings = self.grounds.of(variant, labels)
        else:
            rings = [map_rings(variant.shapes[label], variant.shapes[label]) for label in labels]
        by_id = {clusters.names[label].cluster_id: each for label, each in zip(labels, rings, strict=True)}
        return outlines_of(dict(sorted(by_id.items())))

    def check(self) -> None:
        """Raise Problem where another run has replaced the edition: old and new figures must not mix."""
        if self._file_stamp() != self._stamp:
            raise Problem(503, "The edition was replaced while it was served. Start the server again.")

    async def variant(self, choice: Choice) -> Variant:
        """Return the records under another radius or threshold."""
        if choice == self.choice:
            return self._published_variant
        variant = self._variants.get(choice)
        if variant is None:
            return await self.worker.run(choice, lambda: self._clustered(choice), self._store)
        self._variants.move_to_end(choice)
        return variant

    def _warm_up(self) -> None:
        """Read and draw once what the first requests would wait for."""
        explainer = self._published_variant.explainer
        explainer.explain("0, 0")
        with contextlib.suppress(StudyError):  # only the names are needed
            explainer.explain("Nowhere")

    def _clustered(self, choice: Choice) -> Variant:
        study = self.records.applicable(with_choice(self.records.study, choice))
        # The sites are those of the edition: all variants share one copy.
        clusters = replace(self.records.rank_uncached(study), sites=self.as_published.sites)
        matches = edition_clusters(clusters, self.as_published)
        return Variant(study, choice, clusters, matches, self.edition.synthetic, self._published_variant)

    def _store(self, variant: Variant) -> None:
        self._variants[variant.choice] = variant
        while len(self._variants) > 1 and sum(each.bytes for each in self._variants.values()) > limits.VARIANT_BYTES:
            self._variants.popitem(last=False)

    def _file_stamp(self) -> tuple[Any, ...] | None:
        try:
            status = os.stat(self.edition.folder / "edition.json")  # noqa: PTH116 (at every request)
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns, status.st_size


def _same(clusters: RankedClusters) -> list[tuple[str, int] | None]:
    return [(name.cluster_id, rank) for name, rank in zip(clusters.names, clusters.rank, strict=True)]


@contextmanager
def opened(folder: Path, *, memory: str | None = None, threads: int | None = None) -> Iterator[ServedEdition]:
    """Open an edition for serving.

    Raises StudyError where the folder is none, DataError where its tables are not what the run sealed, CheckFailed
    where they do not give what it printed.
    """
    expect_intact(load(folder))
    with edition_records.opened(folder, memory=memory, threads=threads) as (records,):
        records.cities = CachedAtlas(records.cities)
        edition = ServedEdition(records)
        try:
            yield edition
        finally:
            for worker in (edition.worker, edition.drawer, edition.explaining, edition.writer):
                worker.close()
