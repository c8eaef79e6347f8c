"""Works of OpenAlex as a table with one row each: institutions and their ids are lists in a cell."""

from analysis.test_new_study import columns, written


def test_the_institutions_of_a_flat_table_of_works_are_read_with_their_ids(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    header = "id,publication_year,authorships.institutions.display_name,authorships.institutions.ror,topic.display_name"
    names = ("ETH Zürich|MIT", "MIT", "MIT|ETH Zürich")
    ids = {"ETH Zürich": "https://ror.org/05a28rw58", "MIT": "https://ror.org/042nb2s44"}
    rows = [
        f"W{n},2020,{names[n % 3]},{'|'.join(ids[name] for name in names[n % 3].split('|'))},Optics {n}"
        for n in range(12)
    ]
    (folder / "works.csv").write_text("\n".join([header, *rows]), "utf-8")
    new, summary, study = written(folder, tmp_path)
    assert columns(new) == {
        "institution_id": "authorships.institutions.ror",
        "institution": "authorships.institutions.display_name",
        "year": "publication_year",
        "record": "id",
    }
    assert study["sources"][0]["columns"]["institution_id"]["split"] == "|"
    assert summary["sources"][0]["sampled"] == 20
