"""Files of others in an edition are not lost, and what a pattern names and cannot be read is not passed over."""

import os
import warnings
import zipfile

import pytest

from hostile.small_worlds import STUDY, contents, run, world
from hostile.test_faults_known_before_reading import refuse_rows
from hubrank.core.edition import SIGNATURE
from hubrank.core.errors import DataError, StudyError


@pytest.fixture
def edition(tmp_path):
    """Return the study and the folder of an edition."""
    study = world(tmp_path)
    return study, run(study, tmp_path / "out").folder


def test_files_of_others_in_an_edition_stay(edition):
    study, out = edition
    (out / "drafts").mkdir()
    for name in ("notes.txt", "drafts/plan.md"):
        (out / name).write_text("mine")
    before = contents(out)
    with pytest.raises(StudyError, match=r"contains drafts/plan.md and 1 more, which hubrank did not write there"):
        run(study, out)
    assert contents(out) == before


def test_an_edition_inside_an_edition_stays(edition):
    study, out = edition
    inner = run(study, out / "inner").folder
    before = contents(inner)
    with pytest.raises(StudyError, match=r"contains inner/CITATION.cff and"):
        run(study, out)
    assert contents(inner) == before


def test_inputs_inside_an_edition_stay(edition):
    study, out = edition
    (study.parent / "patents-0.csv").rename(out / "patents-0.csv")
    study.write_text(STUDY.replace('"patents*.csv"', '["patents*.csv", "out/patents*.csv"]'))
    with pytest.raises(StudyError, match=r"contains patents-0.csv, which hubrank did not write there"):
        run(study, out)
    assert (out / "patents-0.csv").exists()


def test_a_file_that_is_put_into_an_edition_during_a_run_stays_and_so_does_the_edition(edition):
    study, out = edition
    before = contents(out)

    def put(what, _done, _of):
        if what == "writing":
            (out / "notes.txt").write_text("mine")

    with pytest.raises(StudyError, match=r"contains notes.txt"):
        run(study, out, put)
    assert (out / "notes.txt").read_text() == "mine"
    (out / "notes.txt").unlink()
    assert contents(out) == before
    assert not list(out.parent.glob(".out*"))


def test_a_signature_is_replaced_with_the_edition_that_it_signs(edition):
    study, out = edition
    (out / SIGNATURE).write_text("of the old edition")
    run(study, out)
    assert not (out / SIGNATURE).exists()


@pytest.mark.parametrize("kind", ["broken link", "link to itself", "pipe", "device"])
def test_an_input_that_cannot_be_read_is_not_passed_over(tmp_path, kind):
    study = world(tmp_path)
    path = tmp_path / "patents-2.csv"
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to({"broken link": "unmounted/patents-2.csv", "link to itself": path, "device": "/dev/zero"}[kind])
    with pytest.raises(StudyError, match=r"patents-2.csv matches 'patents\*.csv' and cannot be read"):
        run(study, tmp_path / "out", refuse_rows)
    study.write_text(STUDY.replace("patents*.csv", "patents-2.csv"))
    with pytest.raises(StudyError, match="and cannot be read"):
        run(study, tmp_path / "out", refuse_rows)


def test_an_archive_with_two_files_of_one_name_is_refused(tmp_path):
    study = world(tmp_path)
    with zipfile.ZipFile(tmp_path / "patents-2.csv.zip", "w") as archive, warnings.catch_warnings(action="ignore"):
        for number in (0, 1):
            archive.write(tmp_path / f"patents-{number}.csv", "patents.csv")
    study.write_text(STUDY.replace("patents*.csv", "patents-2.csv.zip"))
    with pytest.raises(DataError, match=r"patents-2.csv.zip contains 'patents.csv' more than once: refused"):
        run(study, tmp_path / "out")


def test_a_threshold_beyond_all_counts_is_refused_before_a_row_is_read(tmp_path):
    study = world(tmp_path)
    study.write_text(STUDY.replace("= 50", f"= {2**63}"))
    with pytest.raises(StudyError, match=r"\[clusters\] min_listings: it should be less than 9223372036854775808"):
        run(study, tmp_path / "out", refuse_rows)
