"""What a first study calls a metric: by a word of the file in several languages, else by what all can read."""

import pytest

from analysis.test_new_study import written


def file_of(folder, name, header, rows):
    for old in folder.iterdir():
        old.unlink()
    (folder / name).write_text("\n".join([header, *rows]) + "\n", "utf-8")


@pytest.mark.parametrize(
    ("name", "metric"),
    [
        ("特許_模擬", "patents"),
        ("专利申请", "patents"),
        ("論文一覧", "publications"),
        ("논문", "publications"),
        ("融资事件", "deals"),
        ("rondas_mexico", "deals"),
        ("startups_investidas", "deals"),
        ("publicações 2021", "publications"),
        ("科研費_KAKEN_模擬", "kaken"),
        ("科研費_ＫＡＫＥＮ", "kaken"),
        ("förderung", "forderung"),
        ("二段見出し", "records1"),
        ("アジア", "records1"),
    ],
)
def test_a_metric_is_named_by_a_word_of_the_file_else_by_what_is_legible_everywhere(tmp_path, name, metric):
    folder = tmp_path / "files"
    folder.mkdir()
    file_of(
        folder,
        f"{name}.csv",
        "Town,Country,Year",
        [f"{town},Germany,2020" for town in ("Bonn", "Ulm", "Jena", "Trier")],
    )
    _, _, study = written(folder, tmp_path)
    assert study["sources"][0]["metric"] == metric


def test_metrics_without_a_name_are_numbered_and_keep_the_names_of_their_files(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    for name, header in (("二段見出し", "Town,Country,Year"), ("表", "City,Country,Year")):
        rows = [f"{town},Germany,2020" for town in ("Bonn", "Ulm", "Jena", "Trier")]
        (folder / f"{name}.csv").write_text("\n".join([header, *rows]), "utf-8")
    _, _, study = written(folder, tmp_path)
    assert study["metrics"] == {"records1": {"label": "二段見出し"}, "records2": {"label": "表"}}
