"""A row whose count is the sum of the others is one of totals, in a year, by regions, rounded or with decimals."""

import pytest

from hubrank.analysis import study_check
from hubrank.core.progress import no_progress
from hubrank.sources.totals import total_row

COUNTS = [("Graz", "12"), ("Linz", "7"), ("Wels", "4"), ("Enns", "2")]


def of_year(year, *more):
    return [(name, year, count) for name, count in (*COUNTS, *more)]


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        (of_year("2020", ("All", "25")), "All"),
        (of_year("2020", ("All", "24")), None),
        (of_year("2020") + of_year("2021", ("Austria", "25"), ("All", "25")), "Austria"),
        ([*of_year("2020"), ("All", "", "25")], "All"),
        (of_year("2020", ("Styria", "12"), ("Upper Austria", "13"), ("All", "25")), "All"),
        ([("A", "", "1,250.4"), ("B", "", "980.25"), ("C", "", "3.1"), ("All", "", "2,233.8")], "All"),
        ([("A", "", "1.250,4"), ("B", "", "980,25"), ("C", "", "3,1"), ("All", "", "2.233,8")], "All"),
        ([("A", "", "1.250"), ("B", "", "980"), ("C", "", "3"), ("All", "", "2.233")], "All"),
        ([("A", "", "1"), ("B", "", "2"), ("C", "", "3")], None),  # by chance
        ([("A", "", "-"), ("B", "", ""), ("C", "", "0"), ("D", "", "0"), ("E", "", "0")], None),
        ([], None),
    ],
)
def test_a_row_of_totals_is_the_sum_of_the_others(rows, name):
    assert total_row(rows) == name


def test_a_check_weighs_by_counts_and_names_a_row_of_totals(tmp_path):
    rows = [f"{name},Austria,2020,{count}" for name, count in (*COUNTS, ("Zzyzxq Wqxv", "25"))]
    (tmp_path / "t.csv").write_text("\n".join(["Ort,Land,Jahr,Bestand", *rows]))
    (tmp_path / "s.toml").write_text(
        'title = "t"\nedition = "1"\n[[sources]]\nmetric = "n"\nreader = "table"\nfiles = "t.csv"\n'
        'columns = { city = "Ort", country = "Land", year = "Jahr", count = "Bestand" }\n[metrics.n]\nlabel = "N"\n'
        "[clusters]\nradius_km = 15\nmin_listings = 3\n"
    )
    (source,) = study_check.check(tmp_path / "s.toml", rows=100, progress=no_progress)["sources"]
    assert (source["sampled"], source["listings"], source["located_pct"]) == (5, 50, 50.0)
    assert source["unlocated"][0]["listings"] == 25
    assert source["by_country"] == [{"country": "Austria", "listings": 50, "located_pct": 50.0}]
    assert source["remarks"] == [
        "the count of the row 'Zzyzxq Wqxv, Austria' is the sum of all others: remove rows of totals from the file."
    ]
