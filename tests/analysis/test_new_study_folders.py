"""A folder with files of several kinds, and with more files later: every source is written, and later files count."""

import pytest

from analysis.test_new_study import written
from hubrank.analysis import study_check
from hubrank.core.progress import no_progress
from sources.test_openalex import lines, work

GRANTS = "grant_id,city,country,year\n" + "".join(f"{n},Bonn,Germany,2020\n" for n in range(9))


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "files"
    path.mkdir()
    return path


def test_tables_next_to_files_of_a_reader_are_sources_too(folder, tmp_path):
    (folder / "works.jsonl").write_text(lines(*(work(id=f"W{n}") for n in range(5))))
    (folder / "grants.csv").write_text(GRANTS)
    (folder / "trials.csv").write_text("trial;Ort;Land;Jahr\n" + "".join(f"T{n};Bern;Schweiz;2021\n" for n in range(9)))
    new, summary, study = written(folder, tmp_path)
    assert [(one["metric"], one["reader"]) for one in study["sources"]] == [
        ("publications", "openalex"),
        ("grants", "table"),
        ("trials", "table"),
    ]
    assert ([one["rows_kept"] for one in summary["sources"]], new.drafts.left_out) == ([5, 9, 9], [])


def test_a_table_with_columns_of_a_readers_tables_next_to_it_may_belong_to_them(folder, tmp_path):
    (folder / "rounds.csv").write_text(
        "company_permalink,company_name,company_category_code,company_country_code,company_city,funding_round_type,"
        "funded_at,raised_amount_usd\n/c/1,A,web,DEU,Bonn,venture,2012-01-01,100\n"
    )
    (folder / "acquisitions.csv").write_text(
        "company_permalink,company_name,acquirer_city,acquirer_country,acquired_at\n/c/1,A,Bonn,Germany,2013-01-01\n"
    )
    (folder / "grants.csv").write_text(GRANTS)
    new, _, study = written(folder, tmp_path)
    assert [one["reader"] for one in study["sources"]] == ["crunchbase", "table"]
    (left_out,) = new.drafts.left_out
    assert left_out.startswith("acquisitions.csv: has columns of the known source next to it (")


def test_pct_and_european_tables_of_one_folder_are_said_to_have_inventions_twice(folder, tmp_path):
    for number, name in (("PCT_Nbr", "PCT"), ("App_nbr", "EPO")):
        (folder / f"{name}_Inv_reg.txt").write_text(
            f"{number}|Appln_id|Person_id|Inv_name|Address|Reg_code|Ctry_code|Reg_share|Inv_share\n"
            f"{name}1|1|7|A|Oslo|NO|NO|1|1\n"
        )
        (folder / f"{name}_IPC.txt").write_text(f"{number}|Prio_Year|App_year|IPC\n{name}1|2018|2019|H04L0012280\n")
        new, summary, _ = written(folder, tmp_path)
        (tmp_path / "studies" / "new.toml").unlink()
        about_both = [note for note in new.drafts.sources[0].notes if "regional phase" in note]
        assert len(about_both) == (name == "EPO")
    assert summary["sources"][0]["rows_kept"] == 2


@pytest.mark.parametrize(
    ("names", "pattern", "later"),
    [
        (["part 08.csv", "part 09.csv"], "part *.csv", "part 10.csv"),
        (["g-2024-11.csv", "g-2024-12.csv"], "g-*.csv", "g-2025-01.csv"),
        (["3-0100.csv", "3-0200.csv"], "*.csv", "4-0001.csv"),
        (["a1.csv", "a2.csv", "other.csv"], "a*.csv", "a11.csv"),
    ],
)
def test_later_files_are_named_by_the_pattern_of_those_that_are_there(folder, tmp_path, names, pattern, later):
    for name in names:
        (folder / name).write_text("x,y\n1,2\n" if name == "other.csv" else GRANTS)
    new, _, study = written(folder, tmp_path)
    assert study["sources"][0]["files"] == f"../files/{pattern}"
    (folder / later).write_text(GRANTS)
    rows = study_check.check(new.path, rows=100, progress=no_progress)["sources"][0]["files"]
    assert rows == sum(name != "other.csv" for name in names) + 1


def test_a_pattern_leaves_out_what_is_no_such_file(folder, tmp_path):
    for name in ("a01.csv", "a02.csv"):
        (folder / name).write_text(GRANTS)
    (folder / "a.csv").write_text("x,y\n1,2\n")
    _, _, study = written(folder, tmp_path)
    assert study["sources"][0]["files"] == "../files/a0*.csv"


def test_a_table_of_persons_is_said_to_be_joined_with_that_of_their_applications(folder, tmp_path):
    (folder / "tls201_part01.csv").write_text("appln_id,appln_filing_year,docdb_family_id\n1,2020,1\n2,2021,1\n")
    (folder / "tls207_part01.csv").write_text("person_id,appln_id,applt_seq_nr,invt_seq_nr\n7,1,0,1\n8,2,1,0\n")
    persons = "person_id,person_name,person_address,person_ctry_code\n7,A,Bonn,DE\n8,B,Bern,CH\n"
    (folder / "tls206_part01.csv").write_text(persons)
    new, _, _ = written(folder, tmp_path)
    (note,) = (note for note in new.drafts.sources[0].notes if "join the tables" in note)
    assert note.startswith("tls207_part01.csv, which names no place, has 'person_id', too, beside 'appln_id': ")
