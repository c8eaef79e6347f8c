"""A finished edition contains enough to recompute it, and any variant of its method."""

import random
from dataclasses import replace

import numpy as np
import pytest

from fixtures_editions import EditionFactory, Squares, run_edition
from hubrank.analysis import edition_records
from hubrank.analysis.edition_records import EditionRecords
from hubrank.core.errors import CheckFailed, StudyError

PARIS, VERSAILLES, LYON = (48.85, 2.35), (48.80, 2.13), (45.75, 4.85)


class Reversed(Squares):
    """An atlas whose names sort the other way round."""

    def cities(self, ids):
        return {number: replace(city, name=f"{10**9 - number}") for number, city in super().cities(ids).items()}


@pytest.fixture
def factory(tmp_path):
    editions = EditionFactory(tmp_path)
    with editions.engine:
        yield editions


def scattered_rows(rng, count, start=0):
    """Return rows of records around three towns, some of them shared by two."""
    rows = []
    for number in range(start, start + count):
        for no in range(rng.choice((1, 1, 2, 3))):
            lat, lon = rng.choice((PARIS, VERSAILLES) if number % 3 else (LYON,))
            lat, lon = lat + rng.uniform(-0.02, 0.02), lon + rng.uniform(-0.02, 0.02)
            rows.append([f"r{number}", no, 2020, round(lat, 5), round(lon, 5), 1])
    return rows


def same(one, other):
    return (
        one.rank == other.rank
        and one.scores == other.scores
        and [name.cluster_id for name in one.names] == [name.cluster_id for name in other.names]
        and (one.label == other.label).all()
    )


NEAR = "[clusters]\nradius_km = 6\nmin_listings = 20\n[merging]\ngap_km = {gap}\nstrongest_link = {strongest}\n"


@pytest.mark.parametrize("strongest", ["true", "false"])
@pytest.mark.parametrize("step", ["0.01", "0.05"])
def test_an_edition_recounted_under_another_study_is_that_study_run(tmp_path, strongest, step):
    rows = scattered_rows(random.Random(1), 150)
    first = run_edition(tmp_path, "first", rows, NEAR.format(gap=1, strongest="true"))
    variant = NEAR.format(gap=16, strongest=strongest) + f"[points]\nround_deg = {step}\n"
    second = run_edition(tmp_path, "second", rows, variant)
    with edition_records.opened(first.folder, second.folder) as (one, other):
        assert one.as_published().count > other.as_published().count, "the gap is meant to join two clusters"
        assert same(one.ranked_by(other.study), other.as_published())
        assert same(other.ranked_by(one.study), one.as_published())


def test_a_row_that_stands_for_three_records_links_clusters_by_three(tmp_path):
    rows = [[f"p{i}", 0, 2020, *PARIS, 1] for i in range(30)] + [[f"v{i}", 0, 2020, *VERSAILLES, 1] for i in range(30)]
    rows += [["both", no, 2020, *place, 3] for no, place in enumerate((PARIS, VERSAILLES))]
    edition = run_edition(tmp_path, "first", rows, NEAR.format(gap=1, strongest="true"))
    with edition_records.opened(edition.folder) as (records,):
        ranked = records.as_published()
        links, world = records.overlap(records.study.points.step_e7).for_labels(ranked.sites, ranked.label)
    assert links.to_pylist() == [{"metric": "patents", "a": 0, "b": 1, "records": 3}]
    assert world == {"patents": 63}


def test_records_of_a_metric_that_the_method_does_not_know_link_nothing(factory):
    both = [(metric, "both", [PARIS, LYON]) for metric in ("patents", "deals")]
    alone = [("patents", f"{place}{i}", [place]) for place in (PARIS, LYON) for i in range(4)]
    records = factory.edition(both + alone, metrics=("patents", "deals"))
    links, world = records.overlap(100_000).for_labels(records.world(100_000, ("patents",)), np.array([0, 1], np.int32))
    assert (links.to_pylist(), world) == ([{"metric": "patents", "a": 0, "b": 1, "records": 1}], {"patents": 9})


def test_records_are_left_closed_where_no_neighbours_may_merge(factory):
    records = factory.edition([("patents", f"p{i}", [PARIS]) for i in range(9)])
    (records.edition.folder / "tables" / "located.parquet").unlink()
    assert records.as_published().count == 1


def test_a_method_is_computed_once(factory):
    records = factory.edition([("patents", f"p{i}", [PARIS]) for i in range(9)])
    renamed = records.study.model_copy(update={"title": "Other words", "edition": "2"})
    assert records.ranked_by(renamed) is records.as_published()
    wider = records.study.clusters.model_copy(update={"radius_km": 16})
    assert records.ranked_by(records.study.model_copy(update={"clusters": wider})) is not records.as_published()


def test_a_metric_that_the_records_lack_weighs_nothing(factory):
    old = factory.edition([("patents", f"p{i}", [PARIS]) for i in range(6)] + [("patents", "l", [LYON])] * 3)
    both = ("patents", "deals")
    new = factory.edition([(metric, f"x{i}", [LYON]) for i in range(6) for metric in both], metrics=both)
    ranked = old.ranked_by(new.study)
    assert dict(old.applicable(new.study).weights) == {"patents": 1, "deals": 0}
    assert [int(score) for score in ranked.scores.shown()] == [66, 33]
    assert new.ranked_by(old.study).sites.metrics == ("patents",)


def test_editions_without_a_common_metric_cannot_be_recounted(factory):
    old = factory.edition([("patents", f"p{i}", [PARIS]) for i in range(6)])
    new = factory.edition([("deals", f"d{i}", [PARIS]) for i in range(6)], metrics=("deals",))
    with pytest.raises(
        StudyError, match=r"has the metrics patents; the method of 'Test 1' uses deals\. Compare editions that share"
    ):
        old.ranked_by(new.study)


def test_names_set_in_one_study_are_not_looked_up_in_the_records_of_another(factory):
    old = factory.edition([("patents", f"p{i}", [PARIS]) for i in range(6)])
    place = int(old.as_published().names[0].cities[0])
    records = [("patents", f"l{i}", [LYON]) for i in range(6)]
    unnamed = factory.edition(records).as_published().names[0].cluster_id
    new = factory.edition(records, clusters={"min_listings": 2}, naming={unnamed: [place]})
    assert [name.cities for name in new.as_published().names] == [(place,)]
    assert old.ranked_by(new.study).names == old.as_published().names


def test_an_edition_whose_tables_give_other_scores_is_refused(factory):
    records = factory.edition([("patents", f"p{i}", [PARIS]) for i in range(9)])
    other = factory.edition([("patents", f"p{i}", [PARIS]) for i in range(8)] + [("patents", "l", [LYON])])
    (records.edition.folder / "tables" / "points.parquet").write_bytes(
        (other.edition.folder / "tables" / "points.parquet").read_bytes()
    )
    with pytest.raises(CheckFailed, match="clusters or scores other than those published"):
        EditionRecords(records.edition, factory.engine, Squares()).as_published()


def test_an_edition_keeps_its_printed_names_and_ranks_under_another_gazetteer(factory):
    records = [("patents", f"{place}{i}", [place]) for place in (PARIS, LYON) for i in range(5)]
    original = factory.edition(records)
    printed = original.as_published()
    again = EditionRecords(original.edition, factory.engine, Reversed())
    assert again.rank_uncached(again.study).rank != printed.rank, "ties go by name, and the names are others"
    assert again.as_published().names == printed.names
    assert again.as_published().rank == printed.rank
