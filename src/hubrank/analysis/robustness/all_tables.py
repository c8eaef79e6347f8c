"""The robustness of the ranks of an edition, as tables (METHOD 13)."""

from concurrent.futures import Future
from pathlib import Path

import pyarrow as pa

from hubrank.analysis import chaining, edition_records
from hubrank.analysis.comparison.cluster_area import labels_on
from hubrank.analysis.comparison.partitions import PARTITIONS_KEY
from hubrank.analysis.edition_records import EditionRecords
from hubrank.analysis.equal_scores import of_equal_score
from hubrank.analysis.robustness import leave_one_out, other_weights, summary, tables, weight_shares
from hubrank.analysis.robustness.attribution import attribution
from hubrank.analysis.robustness.sweep import Sweep
from hubrank.analysis.robustness.variants import at_radius, fraction, one_at_a_time
from hubrank.core import one_economy
from hubrank.core.progress import Progress
from hubrank.ranking.scores import RankedClusters

Keyed = tuple[pa.Table, tuple[str, ...]]


def robustness(
    folder: Path, progress: Progress, *, quick: bool = False, memory: str | None = None, threads: int | None = None
) -> dict[str, Keyed]:
    """Return how robust an edition's ranks are: tables by name, each with the key that it is sorted by.

    quick : replace one choice at a time only; else also run a balanced half of all combinations, and say which of them
        and which weight moves ranks most (tables method_choices and weight_shares).
    memory, threads : limits of the engine; they never change the result.
    Raises StudyError where the folder is no edition, CheckFailed where its tables do not give what it printed.
    """
    with edition_records.opened(folder, memory=memory, threads=threads) as (records,):
        return robustness_tables(records, progress, quick=quick)


def robustness_tables(
    records: EditionRecords, progress: Progress, *, quick: bool, weighed: "Future[pa.Table] | None" = None
) -> dict[str, Keyed]:
    """Return the tables on the robustness of the ranks of an edition that is open.

    They are variants, method_choices, partitions, chaining (of clusters), weights, leave_one_out and robustness.

    records : their edition holds the tables located, points, profiles and robustness; the last is returned with more
        columns.
    weighed : the `weights_table` of the edition, computed by another process; None computes it here.
    Empty where there is no cluster.
    """
    ranked = records.as_published()
    if not ranked.rank:
        return {}
    one_changed = one_at_a_time(records.study)
    balanced = [] if quick else fraction(records.study)
    names = {variant.name for variant in one_changed}
    variants = one_changed + [variant for variant in balanced if variant.name not in names]
    sweep = Sweep(records, ranked)
    outcomes = sweep.outcomes(variants, progress)
    outcome_of = dict(zip((variant.name for variant in variants), outcomes, strict=True))
    shares = None if quick else attribution(balanced, [outcome_of[variant.name].ranks for variant in balanced])
    progress("weights and parts left out", 0, 1)
    result: dict[str, Keyed] = {
        "variants": (tables.variants_table(ranked, variants, outcomes), tables.VARIANTS_KEY),
        "method_choices": (tables.choices_table(ranked, variants, outcomes, shares), tables.CHOICES_KEY),
        "partitions": (tables.partitions_table(ranked, variants, outcomes), PARTITIONS_KEY),
        "weights": (
            weighed.result()
            if weighed
            else other_weights.weights_table(*other_weights.weights_inputs(ranked, records.study)),
            other_weights.KEY,
        ),
        "leave_one_out": (leave_one_out.leave_one_out(ranked, records), leave_one_out.KEY),
    }
    if ranked.areas is None:
        result["chaining"] = _chaining(records, ranked, sweep), chaining.CHAINING_KEY
    if not quick:
        result["weight_shares"] = (weight_shares.weight_shares(ranked, records.study), weight_shares.KEY)
    parts = (result[name][0] for name in ("variants", "weights", "leave_one_out"))
    not_firm = of_equal_score(records.edition.table("ranking").select(["cluster_id", "score_pct"]).to_pylist())
    if one_economy.of_edition(records.edition.manifest):
        not_firm = {name.cluster_id for name in ranked.names}
    intervals = records.edition.table("robustness")
    result["robustness"] = (summary.summary(intervals, *parts, not_firm=not_firm), summary.KEY)
    return result


def _chaining(records: EditionRecords, ranked: RankedClusters, sweep: Sweep) -> pa.Table:
    """Return how the clusters hold together; nothing chains areas that are given."""
    ids = [name.cluster_id for name in ranked.names]
    parts_12km = None
    if records.study.clusters.algorithm != "hdbscan":  # which has no radius
        finer = records.applicable(at_radius(records.study, chaining.PARTS_KM))
        parts_12km = labels_on(ranked.sites, sweep.scored(finer), chaining.PARTS_KM)
    return chaining.chaining(ids, ranked, records.study.clusters.radius_km, parts_12km)
