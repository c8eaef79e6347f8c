"""A study file says what is wrong with it."""

from decimal import Decimal

import pytest

from hubrank.core.errors import StudyError
from hubrank.study import study_file

GOOD = """
title = "A test"
edition = "1"
[windows]
deals = [2020, 2024]
[[sources]]
metric = "deals"
reader = "table"
files = "a.csv"
[clusters]
min_listings = 5
"""


def read(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "study.toml"
    path.write_bytes(text.encode(encoding))
    return study_file.read(path)


def test_defaults_are_those_of_the_method(tmp_path):
    settings = read(tmp_path, GOOD)
    assert (settings.clusters.radius_km, settings.merging.gap_km, settings.points.step_e7) == (15, 5, 100_000)
    assert settings.merging.strongest_link
    assert settings.weights == {"deals": Decimal(1)}
    assert settings.density == ("deals",)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            ("min_listings = 5", "min_listing = 5"),
            ["[clusters]", "'min_listing'", "radius_km, min_listings", "mean 'min_listings'"],
        ),
        (("min_listings = 5", ""), ["exactly one of min_listings"]),
        (("min_listings = 5", "min_listings = 5\nmin_share_ppm = 9"), ["exactly one of min_listings"]),
        (("min_listings = 5", "min_listings = 'five'"), ["[clusters]", "min_listings", "integer", "'five'"]),
        (("[2020, 2024]", "[2024, 2020]"), ["windows", "ends (2020) before it begins (2024)"]),
        (("[2020, 2024]", "[2020]"), ["windows"]),
        (("deals = [2020, 2024]", "dels = [2020, 2024]"), ["'dels'", "mean 'deals'"]),
        (("[clusters]", "[ranking]\nweights = { deals = 0 }\n[clusters]"), ["all weights are 0"]),
        (("[clusters]", "[ranking]\nweights = { deals = -1 }\n[clusters]"), ["weights", "-1"]),
        (("[clusters]", "[points]\nround_deg = 0.007\n[clusters]"), ["round_deg", "does not divide 90"]),
        (('title = "A test"', ""), ["the key 'title' is required"]),
        (('title = "A test"', 'titel = "A test"'), ["'titel'", "mean 'title'"]),
        (("a.csv", "${NOT_SET_ANYWHERE}/a.csv"), ["NOT_SET_ANYWHERE", "Set it"]),
        (('edition = "1"', "edition = "), ["is not TOML"]),
        (('edition = "1"', r'edition = "(\d{4})"'), ["is not TOML", "line 3", "between single quotes"]),
        (('edition = "1"', r'edition = "C:\Users"'), ["is not TOML", "between single quotes"]),
        (('edition = "1"', f"edition = {'[' * 3000}"), ["nested too deep"]),
        (('edition = "1"', "edition = “1”"), ["is not TOML", "line 3", "straight quotes", "the line has “"]),
        (('edition = "1"', "edition = 2,5"), ["is not TOML", "A decimal number has a point: 2.5; the line has 2,5."]),
        (('edition = "1"', "x = { patents = 2,5, deals = 1 }"), ["is not TOML", "the line has 2,5."]),
        (('edition = "1"', f"edition = {'1' * 5000}"), ["is not TOML", "digits"]),
        (('metric = "deals"\nreader', 'metric = "Venture Capital"\nreader'), ["[sources]", "metric"]),
        (
            ('files = "a.csv"', 'files = "a.csv"\nuse = ["service"]'),
            ["of 'deals' use has 'service'", 'expected "nominatim"'],
        ),
        (
            ("[clusters]", '[geocoding]\nuse = ["names", "service"]\n[clusters]'),
            ["[geocoding] use has 'service'", "leave 'service' out"],
        ),
    ],
)
def test_an_error_names_its_section_and_the_keys_that_exist(tmp_path, change, words):
    with pytest.raises(StudyError) as caught:
        read(tmp_path, GOOD.replace(*change))
    for word in words:
        assert word in str(caught.value)


NAMED = """files = "a.csv"
name = " Register of deals "
publisher = "The Office"
url = "https://example.org/deals"
accessed = 2026-05-31
copies = "drop"
[metrics.deals]
label = "Acquisitions"
"""


def test_metrics_and_sources_have_names_in_words(tmp_path):
    named = read(tmp_path, GOOD.replace('files = "a.csv"\n', NAMED))
    (source,) = named.sources
    assert (source.name, source.publisher, source.url) == (
        "Register of deals",
        "The Office",
        "https://example.org/deals",
    )
    assert (source.accessed.isoformat(), source.copies) == ("2026-05-31", "drop")
    assert named.labels == {"deals": "Acquisitions"}
    plain = read(tmp_path, GOOD)
    assert (plain.labels, plain.sources[0].copies, plain.sources[0].name) == ({"deals": "deals"}, "stop", None)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('label = "Acquisitions"', 'lable = "Acquisitions"', ["[metrics.deals]", "'lable'", "mean 'label'"]),
        ('label = "Acquisitions"', 'label = "  "', ["[metrics.deals]", "label", "a text of one line"]),
        ('label = "Acquisitions"', 'label = "two\\nlines"', ["[metrics.deals]", "label", "a text of one line"]),
        ("[metrics.deals]", "[metrics.deal]", ["[metrics] names 'deal', which is not a metric", "mean 'deals'"]),
        ("https://example.org/deals", "javascript:alert(1)", ["[sources]", "url", "begins with https://"]),
        ("2026-05-31", "1780185600", ["[sources]", "accessed", "a date, such as 2026-05-31"]),
        ("2026-05-31", '"spring"', ["[sources]", "accessed", "'spring'"]),
        ('"drop"', '"keep"', ["[sources]", "copies", "'stop' or 'drop'", "'keep'"]),
        ("publisher", "publsher", ["[sources]", "'publsher'", "mean 'publisher'"]),
        ("[metrics.deals]", "[metric_sections.deals]", ["'metric_sections'", "metrics"]),
    ],
)
def test_names_that_cannot_be_used_are_refused(tmp_path, old, new, words):
    with pytest.raises(StudyError) as caught:
        read(tmp_path, GOOD.replace('files = "a.csv"\n', NAMED).replace(old, new))
    for word in words:
        assert word in str(caught.value)


def test_a_metric_may_not_be_called_like_a_column_of_the_ranking(tmp_path):
    with pytest.raises(StudyError, match="'rank' is a column"):
        read(tmp_path, GOOD.replace("deals", "rank"))


def test_windows_encodings_are_refused_and_a_bom_is_not(tmp_path):
    assert read(tmp_path, GOOD, "utf-8-sig").edition == "1"
    with pytest.raises(StudyError, match="not UTF-8 at byte"):
        read(tmp_path, GOOD.replace("A test", "Zürich"), "cp1252")


def test_decimals_stay_as_typed(tmp_path):
    settings = read(tmp_path, GOOD.replace("[clusters]", "[ranking]\nweights = { deals = 0.1 }\n[clusters]"))
    assert settings.weights["deals"] == Decimal("0.1")


@pytest.mark.parametrize(
    ("weights", "unnamed"),
    [("", []), ("deals = 1", ["patents"]), ("deals = 1, patents = 0", []), ("patents = 2", ["deals"])],
)
def test_metrics_that_weights_do_not_name_are_named(tmp_path, weights, unnamed):
    source = '[[sources]]\nmetric = "patents"\nreader = "table"\nfiles = "b.csv"\n'
    ranking = f"[ranking]\nweights = {{ {weights} }}\n" if weights else ""
    text = GOOD.replace("[windows]", "[windows]\npatents = [2020, 2024]")
    sentence = read(tmp_path, text.replace("[clusters]", f"{source}{ranking}[clusters]")).weightless
    assert [metric for metric in ("deals", "patents") if f" {metric}" in sentence] == unnamed


def test_missing_files_and_folders_have_errors_of_their_own(tmp_path):
    with pytest.raises(StudyError, match="no study file"):
        study_file.read(tmp_path / "none.toml")
    with pytest.raises(StudyError, match="is a folder"):
        study_file.read(tmp_path)


def test_the_environment_is_expanded_and_recorded(tmp_path, monkeypatch):
    monkeypatch.setenv("SOME_FOLDER", "/data")
    settings = read(tmp_path, GOOD.replace("a.csv", "${SOME_FOLDER}/a.csv"))
    assert (settings.sources[0].files, settings.variables) == ("/data/a.csv", {"SOME_FOLDER": "/data"})


@pytest.mark.parametrize("pattern", ["(" * 9000, "(x{99999999999999})", "[" * 9000, "x" * 9000])
def test_a_pattern_that_is_no_regular_expression_is_refused_in_a_few_words(tmp_path, pattern):
    columns = f'columns = {{ record = "id", year = {{ from = "x", pattern = "{pattern}" }}, country = "c" }}\n'
    with pytest.raises(StudyError, match=r"pattern: .*(regular expression|groups)") as stopped:
        read(tmp_path, GOOD.replace('files = "a.csv"\n', 'files = "a.csv"\n' + columns))
    assert len(str(stopped.value)) < 600


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            '"a.csv"',
            '"a.csv"\ncolumns = { record = 5 }',
            r"\[sources\.columns\] record: it should be text, in quotation marks \(found: 5\)",
        ),
        (
            '"a.csv"',
            '"a.csv"\ncolumns = { year = { from = "x", patern = "(a)" } }',
            r"columns\.year\] .*'patern'",
        ),
        (
            '"a.csv"',
            '"a.csv"\ncolumns = { year = { pattern = "(a)" } }',
            r"\[sources\.columns\] year: it needs either from \(a column",
        ),
        ("min_listings = 5", "min_listings = 5\nRadius_km = 3", r"\[clusters\] unknown key 'Radius_km'.*'radius_km'"),
        ("min_listings = 5", "min_listings = 5\nstr = 3", r"\[clusters\] unknown key 'str'"),
        ('"a.csv"', '"a.csv"\nyears = [2019]', r"\[sources\] years: there are too few values"),
        ('"a.csv"', '"a.csv"\nyears = [2019, "x"]', r"\[sources\] years: .* valid integer.*found: 'x'"),
        ('"a.csv"', "{ table = 5 }", r"\[sources\.files\] table: it should be text, in quotation marks \(found: 5\)"),
        ('"a.csv"', '["a.csv", 5]', r"\[sources\] files: it should be text, in quotation marks \(found: 5\)"),
    ],
)
def test_an_error_within_a_value_of_several_forms_is_named_itself(tmp_path, old, new, words):
    with pytest.raises(StudyError, match=words):
        read(tmp_path, GOOD.replace(old, new))


@pytest.mark.parametrize("content", [b"id,city\n1,Bonn\n", "id,city\n1,Köln\n".encode("cp1252")])
def test_data_in_place_of_a_study_are_refused_with_the_command_that_writes_one(tmp_path, content):
    path = tmp_path / "grants.csv"
    path.write_bytes(content)
    with pytest.raises(
        StudyError, match=r"grants\.csv is no study but looks like data\. `hubrank new grants\.csv` writes"
    ):
        study_file.read(path)


PATENTS = """[[sources]]
metric = "patents"
reader = "table"
files = "b.csv"
columns = { city = "town", year = { from = "day", pattern = '((\\d{4})' } }
[clusters]"""


def test_an_error_in_one_of_several_sources_names_it_and_shows_a_pattern_as_it_is_written(tmp_path):
    with pytest.raises(StudyError) as raised:
        read(tmp_path, GOOD.replace("[clusters]", PATENTS))
    assert str(raised.value).startswith(
        "study.toml: [sources.columns.year] of source number 2 (patents): pattern: it is not a regular expression: "
    )
    assert str(raised.value).endswith(r"(found: '((\d{4})')")
    with pytest.raises(StudyError, match=r"of source number 1 \(deals\): files: it should be text, in quotation marks"):
        read(tmp_path, GOOD.replace('"a.csv"', "3").replace("[clusters]", PATENTS.replace("((", "(")))


@pytest.mark.parametrize("files", ['""', '["a.csv", ""]'])
def test_an_empty_name_of_files_is_refused(tmp_path, files):
    with pytest.raises(StudyError, match=r"\[sources\] files: it is empty; name files, such as raw/\*\.csv"):
        read(tmp_path, GOOD.replace('"a.csv"', files))
