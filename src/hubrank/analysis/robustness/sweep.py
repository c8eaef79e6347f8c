"""Variants of an edition's method, one after the other, through the reckoning that made it (METHOD 13).

What variants share is made once: sites for each rounding, dense clusters for each radius, threshold and balance. Each
finished variant is kept by content, so that a sweep that was stopped goes on where it was.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from hubrank.analysis.edition_records import EditionRecords
from hubrank.analysis.robustness.variant_matching import continued
from hubrank.analysis.robustness.variants import Variant
from hubrank.clustering.density import DensityClusters, clusters
from hubrank.core.cache import cache_folder, code_version
from hubrank.core.files import sha256, write_json
from hubrank.core.progress import Progress
from hubrank.ranking.rank_clusters import RankedClusters, ScoredClusters, score_clusters
from hubrank.ranking.scores import order, ranks
from hubrank.study.study import Study


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one variant.

    ranks : per cluster of the study, by label: its rank, None where no cluster continues it.
    clusters : how many the variant has.
    """

    ranks: list[int | None]
    clusters: int


@dataclass(slots=True, eq=False)
class Sweep:
    """The variants of one edition.

    records : the edition; own : its clusters as it printed them.
    """

    records: EditionRecords
    as_published: RankedClusters
    _dense: tuple[str, DensityClusters] | None = field(default=None, init=False)
    _held: str = field(default="", init=False)

    def __post_init__(self) -> None:
        made = self.records.made
        listed = sha256(made.folder / "tables" / "located.parquet")  # all else is made from it and the study
        ids = [name.cluster_id for name in self.as_published.names]
        held = [code_version(), listed, ids, made.manifest["study"]]
        self._held = json.dumps(held, sort_keys=True, default=str)

    def outcomes(self, variants: Sequence[Variant], progress: Progress) -> list[Outcome]:
        """Return the outcome of each variant, in the order given; progress is told after each."""
        todo = sorted(range(len(variants)), key=lambda number: _shared_first(variants[number].method))
        found: dict[int, Outcome] = {}
        for done, number in enumerate(todo):
            progress(f"variant: {variants[number].name}", done, len(todo))
            found[number] = self._kept(variants[number].method)
        progress("variants", len(todo), len(todo))
        return [found[number] for number in range(len(variants))]

    def _kept(self, method: Study) -> Outcome:
        """Return the outcome of a variant: kept from before, or made and kept."""
        path = cache_folder() / "variants" / f"{_hash(self._held, method)}.json"
        if path.exists():
            return Outcome(**json.loads(path.read_text("utf-8")))
        found = self._outcome(method)
        write_json(path, {"ranks": found.ranks, "clusters": found.clusters})
        return found

    def _outcome(self, method: Study) -> Outcome:
        study = self.records.applicable(method)
        variant = self.scored(study)
        heirs = continued(self.as_published, self.records.study.clusters.radius_km, variant, study.clusters.radius_km)
        keys = [""] * variant.count  # equal scores and sizes go by the id of the cluster that is continued
        for name, heir in zip(self.as_published.names, heirs, strict=True):
            if heir is not None:
                keys[heir] = name.cluster_id
        rank = ranks(order(variant.scores, variant.sizes, keys))
        return Outcome([None if heir is None else rank[heir] for heir in heirs], len(rank))

    def scored(self, study: Study) -> ScoredClusters:
        """Return the clusters of a variant; they need no names."""
        step = study.points.step_e7
        world = self.records.world(step, study.metrics)
        key = f"{step} {study.clusters.model_dump_json()}"
        if self._dense is None or self._dense[0] != key:
            self._dense = (key, clusters(world, study.clusters, study.density))
        dense = self._dense[1]
        return score_clusters(study, world, dense, self.records.overlap(step), self.records.full_counts(step))


def _shared_first(method: Study) -> tuple[str, ...]:
    """Return the order of work: variants with the same sites, and among them the same dense clusters, together."""
    return (method.points.model_dump_json(), method.clusters.model_dump_json(), method.model_dump_json())


def _hash(held: str, method: Study) -> str:
    """Return what decides an outcome: the edition's records and study, the code, and the method."""
    return hashlib.sha256(f"{held} {method.model_dump_json()}".encode()).hexdigest()
