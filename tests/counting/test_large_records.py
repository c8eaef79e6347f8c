"""A record with a large part of the listings of its metric is pointed out, as its column may hold no ids."""

import pytest

from fixtures_editions import run_edition

SECTIONS = "[clusters]\nmin_listings = 3\n[robustness]\nrun = false"


def rows(large, others, year=2020):
    """Return listings of one record, 0, and of others with one each, all at different places."""
    return [
        *[("0", number, year, 48 + number / 1000, 2.0, 1) for number in range(large)],
        *[(f"r{number}", 1, 2020, 49 + number / 1000, 2.0, 1) for number in range(others)],
    ]


@pytest.mark.parametrize(
    ("large", "others", "year", "remarks"),
    [
        (30, 120, 2020, {"'0', has 20 % of the listings (30 of 150)": 1}),
        (6, 120, 2020, {}),  # less than 5 %
        (30, 98, 2020, {}),  # of so few records one may have a large part
        (30, 120, 2019, {}),  # outside the window
    ],
)
def test_a_record_with_a_large_part_of_the_listings_is_a_remark(tmp_path, large, others, year, remarks):
    window = "[windows]\npatents = [2020, 2020]"
    edition = run_edition(
        tmp_path, "a", rows(large, others, year), SECTIONS, head=window, source="years = [2019, 2020]"
    )
    (source,) = edition.manifest["sources"]
    what = {f"record, {text}: does its column hold an id of records?": number for text, number in remarks.items()}
    assert source["remarks"] == what
