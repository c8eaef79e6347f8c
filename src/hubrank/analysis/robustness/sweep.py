"""Variants of an edition's method, one after the other, through the ordinary ranking (METHOD 13).

What variants share is computed once: sites for each rounding, dense clusters for each radius, threshold and balance.
Each finished variant is cached by content, so that a sweep that was stopped continues where it was.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from hubrank.analysis.comparison.matching import match_clusters
from hubrank.analysis.comparison.partitions import partition_overlap
from hubrank.analysis.edition_records import EditionRecords
from hubrank.analysis.robustness.variants import Variant
from hubrank.clustering.density import DensityClusters, clusters
from hubrank.core.cache import cache_folder, code_version
from hubrank.core.edition import LISTINGS, expect_listings
from hubrank.core.files import sha256, write_json
from hubrank.core.intact import parsed, sealed
from hubrank.core.progress import Progress
from hubrank.ranking.rank_clusters import score_clusters
from hubrank.ranking.scores import RankedClusters, ScoredClusters, order, ranks
from hubrank.study.study import Study

_ALIKE = ("adjusted_rand", "variation_bits")


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one variant.

    ranks : per cluster of the study, by label: its rank, None where no cluster continues it.
    clusters : how many the variant has.
    adjusted_rand, variation_bits : how alike its clusters are to the study's, weighed by listings.
    """

    ranks: list[int | None]
    clusters: int
    adjusted_rand: Decimal
    variation_bits: Decimal


@dataclass(slots=True, eq=False)
class Sweep:
    """The variants of one edition.

    records : of the edition; as_published : its clusters.
    """

    records: EditionRecords
    as_published: RankedClusters
    _dense: tuple[str, DensityClusters] | None = field(default=None, init=False)
    _inputs: str = field(default="", init=False)

    def __post_init__(self) -> None:
        edition = self.records.edition
        expect_listings(edition.folder)
        # All else is made from these tables and the study.
        listed = [sha256(edition.folder / "tables" / f"{name}.parquet") for name in LISTINGS]
        ids = [name.cluster_id for name in self.as_published.names]
        inputs = [code_version(), listed, ids, edition.manifest["study"]]
        self._inputs = json.dumps(inputs, sort_keys=True, default=str)

    def outcomes(self, variants: Sequence[Variant], progress: Progress) -> list[Outcome]:
        """Return the outcome of each variant, in order; progress is reported after each."""
        todo = sorted(range(len(variants)), key=lambda number: _shared_first(variants[number].method))
        outcomes: dict[int, Outcome] = {}
        for done, number in enumerate(todo):
            progress(f"variant: {variants[number].name}", done, len(todo))
            outcomes[number] = self._cached(variants[number].method)
        progress("variants", len(todo), len(todo))
        return [outcomes[number] for number in range(len(variants))]

    def _cached(self, method: Study) -> Outcome:
        """Return the outcome of a variant, from the cache where it is there."""
        path = cache_folder() / "variants" / f"{_hash(self._inputs, method)}.json"
        cached = parsed(path.read_bytes(), path) if path.exists() else None
        if cached is not None:
            alike = (Decimal(cached[name]) for name in _ALIKE)
            return Outcome(cached["ranks"], cached["clusters"], *alike)
        outcome = self._outcome(method)
        alike_texts = {name: str(getattr(outcome, name)) for name in _ALIKE}
        write_json(path, sealed({"ranks": outcome.ranks, "clusters": outcome.clusters, **alike_texts}))
        return outcome

    def _outcome(self, method: Study) -> Outcome:
        study = self.records.applicable(method)
        variant = self.scored(study)
        own_km = self.records.study.clusters.radius_km
        successors = match_clusters(self.as_published, own_km, variant, study.clusters.radius_km).after
        keys = [""] * variant.count  # equal scores and sizes go by the id of the cluster that is continued
        for name, successor in zip(self.as_published.names, successors, strict=True):
            if successor is not None:
                keys[successor] = name.cluster_id
        rank = ranks(order(variant.scores, variant.sizes, keys))
        followed = [None if successor is None else rank[successor] for successor in successors]
        alike = partition_overlap(self.as_published, variant, study.clusters.radius_km)
        return Outcome(followed, len(rank), alike.adjusted_rand, alike.variation_bits)

    def scored(self, study: Study) -> ScoredClusters:
        """Return the clusters of a variant; they need no names."""
        step = study.points.step_e7
        world = self.records.world(step, study.metrics)
        key = f"{step} {study.clusters.model_dump_json()}"
        if self._dense is None or self._dense[0] != key:
            self._dense = (key, clusters(world, study.clusters, study.density))
        dense = self._dense[1]
        records = self.records.overlap(step), self.records.full_counts(step)
        return score_clusters(study, world, dense, *records, self.records.areas)


def _shared_first(method: Study) -> tuple[str, ...]:
    """Return the order of work: variants with the same sites, and among them the same dense clusters, together."""
    return (method.points.model_dump_json(), method.clusters.model_dump_json(), method.model_dump_json())


def _hash(inputs: str, method: Study) -> str:
    """Return what decides an outcome: the edition's records and study, the code, and the method."""
    return hashlib.sha256(f"{inputs} {method.model_dump_json()}".encode()).hexdigest()
