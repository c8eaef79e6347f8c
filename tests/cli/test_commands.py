"""What the commands that ask print: as a screen, and as JSON."""

import json
import re
from types import SimpleNamespace

import duckdb
import pyarrow as pa
import pytest

from cli import golden_errors
from fuzzing import samples
from hubrank.analysis import sampled_locations
from hubrank.cli.screens import studies
from hubrank.core.tables import ADDRESS_ROW_SCHEMA
from hubrank.sources import register

DEALS = (
    "id,year,lat,lon,country\n"
    + "".join(f"d{i},{2020 + i % 5},48.85,2.35,FR\n" for i in range(9))
    + "".join(f"j{i},2021,35.68,139.69,JP\n" for i in range(4))
    + "old,1999,48.85,2.35,FR\nsoon,soon,48.85,2.35,FR\nlost1,2022,,,FR\nlost2,2022,,,FR\n"
)
MORE_IN_TOKYO = "".join(f"t{i},2022,35.68,139.69,JP\n" for i in range(9))


@pytest.fixture
def typed(tmp_path, monkeypatch):
    """Return a function that types a command where a study of 17 deals lies, and returns what is seen."""
    golden_errors.base(tmp_path)
    study = (tmp_path / "study.toml").read_text().replace('lon = "lon" }', 'lon = "lon", country = "country" }')
    (tmp_path / "study.toml").write_text(f"{study}\n[robustness]\nrun = false\n")
    (tmp_path / "deals.csv").write_text(DEALS)
    return lambda command: golden_errors.shown(command, tmp_path, monkeypatch.chdir)


def printed(seen):
    """Return the JSON that was printed; `shown` leaves out lines that begin with a bracket, as progress does."""
    assert seen.startswith("exit 0\n"), seen
    text = seen.removeprefix("exit 0\n")
    return json.loads(text if text.startswith("{") else f"[{text}")


def test_a_check_counts_by_hand_what_a_run_would_keep_set_aside_and_locate(typed):
    seen = typed("check study.toml --json")
    assert seen.startswith("exit 1\n")  # where a run would stop: one row of 17 is more than 5 %
    summary = printed(seen.replace("exit 1", "exit 0", 1))
    assert summary["stops"] == ["deals (table): 1 of 17 rows cannot be used, more than 5 %"]
    (source,) = summary["sources"]
    assert (source["files"], source["rows_read"], source["rows_kept"]) == (1, 17, 15)
    assert sum(source["out_of_scope"].values()) == 1
    (reason,) = source["set_aside"]
    (example,) = source["set_aside_examples"]
    assert (source["set_aside"][reason], example["reason"], example["source_file"]) == (1, reason, "deals.csv")
    assert source["located_pct"] == round(100 * 13 / 15, 2)
    assert source["by_country"] == [
        {"country": "FR", "listings": 11, "located_pct": 81.8},
        {"country": "JP", "listings": 4, "located_pct": 100.0},
    ]
    assert source["unlocated"] == [{"listings": 2, "address": "FR"}]
    assert source["sample"]["record_key"] == "d0"


def test_a_check_says_at_its_end_that_coordinates_are_exchanged_and_what_to_correct(typed, tmp_path):
    rows = "".join(f"d{n},2022,2.1,41.{300 + n},\n" for n in range(30))
    (tmp_path / "deals.csv").write_text(f"id,year,lat,lon,country\n{rows}")
    lines = [line for line in typed("check study.toml").splitlines() if line]
    assert (
        "deals: coordinates are contradicted for 100.0 % of the sampled listings (far from every place, or from what "
        "their row states), and would be for 0.0 % with latitude and longitude exchanged"
    ) in lines
    assert (
        "A run would stop: deals (table): 30 of 30 listings lie far from every place or in another country than "
        "stated, and most would not with latitude and longitude exchanged. Exchange the columns of lat and lon in the "
        'study; if they are right, coordinates = "keep" under [[sources]] counts them.'
    ) in lines
    assert lines[0] == "exit 1"
    assert lines[-1].startswith("Next: correct columns.lat and columns.lon of deals in study.toml; then hubrank check")
    (tmp_path / "deals.csv").write_text(f"id,year,lon,lat,country\n{rows}")
    assert "contradicted for" not in (seen := typed("check study.toml"))
    assert "Next: hubrank run study.toml" in seen


def test_a_check_says_that_a_pattern_which_matches_no_row_is_to_be_corrected(typed, tmp_path):
    (tmp_path / "deals.csv").write_text(DEALS.replace("soon,soon,48.85,2.35,FR\n", ""))
    study = (tmp_path / "study.toml").read_text()
    wrong = study.replace("[sources.columns]", "").replace(
        'country = "country"', 'country = "country", field = { from = "id", pattern = \'(Z)\' }'
    )
    (tmp_path / "study.toml").write_text(wrong)
    seen = typed("check study.toml")
    assert "the pattern '(Z)' matches none of the first" in " ".join(seen.split())
    assert "Next: correct the pattern that matches no row of deals in study.toml; then hubrank check" in seen


@pytest.mark.parametrize("country", ["", "ES"])
def test_a_run_stops_where_coordinates_look_exchanged_unless_the_study_keeps_them(typed, tmp_path, country):
    rows = "".join(f"d{n},2022,2.1,41.{300 + n},{country}\n" for n in range(30))
    (tmp_path / "deals.csv").write_text(f"id,year,lat,lon,country\n{rows}")
    seen = typed("run study.toml --out out")
    assert seen.startswith("exit 3\n")
    assert "30 of 30 listings lie far from every place or in another country than stated" in " ".join(seen.split())
    assert not (tmp_path / "out").exists()
    study = (tmp_path / "study.toml").read_text()
    (tmp_path / "study.toml").write_text(study.replace("[[sources]]", '[[sources]]\ncoordinates = "keep"', 1))
    assert typed("check study.toml").startswith("exit 0\n")
    assert typed("run study.toml --out out").startswith("exit 0\n")


def test_a_run_goes_on_where_named_places_are_answered_or_fewer_than_half_look_exchanged(typed, tmp_path):
    rows = "".join(f"d{n},2022,2.1,41.{300 + n},\n" for n in range(30))
    right = "".join(f"e{n},2022,41.{300 + n},2.1,\n" for n in range(30))
    (tmp_path / "deals.csv").write_text(f"id,year,lat,lon,country\n{rows}{right}")
    assert typed("run study.toml --out out").startswith("exit 0\n")
    offshore = "".join(f"d{n},2022,-35.1,-15.{300 + n},\n" for n in range(30))  # in the Atlantic both ways
    (tmp_path / "deals.csv").write_text(f"id,year,lat,lon,country\n{offshore}")
    assert typed("run study.toml --out out2").startswith("exit 0\n")


def test_two_sources_of_one_metric_are_told_apart_by_their_files(typed, tmp_path):
    (tmp_path / "deals.csv").write_text(DEALS.replace("soon,soon,48.85,2.35,FR\n", ""))
    (tmp_path / "more.csv").write_text(DEALS.splitlines()[0] + "\n" + MORE_IN_TOKYO)
    study = (tmp_path / "study.toml").read_text()
    section = study[study.index("[[sources]]") : study.index("[geocoding]")]
    more = section.replace("deals.csv", "more.csv")
    (tmp_path / "study.toml").write_text(study.replace("[geocoding]", f"{more}\n[geocoding]", 1))
    seen = typed("check study.toml")
    assert "deals (table): 1 file (deals.csv)" in seen
    assert "deals (table): 1 file (more.csv)" in seen
    seen = typed("run study.toml --out out")
    assert "deals (table), deals.csv: 16 rows read" in seen
    assert "deals (table), more.csv: 9 rows read" in seen


def test_a_check_counts_the_window_as_a_run_does_whatever_years_are_read(typed, tmp_path):
    study = (
        (tmp_path / "study.toml")
        .read_text()
        .replace('files = "deals.csv"', 'files = "deals.csv"\nyears = [1990, 2030]')
    )
    (tmp_path / "study.toml").write_text(study)
    (tmp_path / "deals.csv").write_text(DEALS.replace("soon,soon,48.85,2.35,FR\n", ""))
    (checked,) = printed(typed("check study.toml --json"))["sources"]
    (counted,) = printed(typed("run study.toml --out out --json"))["sources"]
    names = ("rows_read", "rows_kept", "out_of_scope", "set_aside")
    assert [checked[name] for name in names] == [counted[name] for name in names]
    assert checked["out_of_scope"] == {"outside the window": 1}


def test_the_screen_of_a_check_says_the_same(typed):
    seen = typed("check study.toml")
    assert "deals (table): 1 file (deals.csv) ─" in seen
    assert "17 rows read: 15 kept; 15 listings sampled" in seen
    assert re.search(r"\n  1 set aside: .*\n    deals\.csv:\d+ \w+ '", seen)
    assert "A run would stop: deals (table): 1 of 17 rows cannot be used, more than 5 %." in seen
    assert "15 rows of the sample, each with its place and how sure that is:" in seen
    assert re.search(r"deals\.csv:2 FR → Paris, FR \(9\d\.\d %, coordinates\)", seen)
    assert "deals.csv:18 FR → not located" in seen
    assert "86.7 % of listings located" in seen
    assert "FR                    81.8 % of 11" in seen
    assert "2 × FR" in seen


def test_a_line_whose_count_has_decimals_is_shown_once(typed, tmp_path):
    study = (tmp_path / "study.toml").read_text().replace('record = "id"', 'count = "n"')
    (tmp_path / "study.toml").write_text(study.replace("[geocoding]", 'options = { decimals = "." }\n[geocoding]', 1))
    rows = "".join(f"{n}.25,2022,48.85,2.35,FR\n" for n in range(4, 34))
    (tmp_path / "deals.csv").write_text(f"n,year,lat,lon,country\n{rows}")
    lines = [line.split()[0] for line in typed("check study.toml").splitlines() if "  deals.csv:" in line]
    assert len(lines) == len(set(lines)) == sampled_locations.SHOWN_ROWS


def test_a_check_names_the_columns_that_look_wrong(typed, tmp_path):
    study = (tmp_path / "study.toml").read_text().replace('country = "country"', 'country = "country", city = "town"')
    (tmp_path / "study.toml").write_text(study)
    (tmp_path / "deals.csv").write_text("id,year,lat,lon,country,town\n" + "d,2020,48.85,2.35,FR,Paris; Lyon\n" * 9)
    assert "columns.city (town) looks like a list: 'Paris; Lyon'." in typed("check study.toml")
    (tmp_path / "deals.csv").write_text("id,year,lat,lon,country,town\nd,2020,48.85,2.35,FR,\n")
    assert "columns.city (town) is empty in the first 1 rows" in typed("check study.toml")


def test_an_address_that_is_not_located_has_its_coordinates_in_degrees():
    row = dict.fromkeys(ADDRESS_ROW_SCHEMA.names) | {"city": "Taiwan"}
    spot = {"lat_e7": 236_978_100, "lon_e7": 0}
    assert sampled_locations._spelled(spot, row) == "23.69781 | 0.0 | Taiwan"


def test_a_check_of_nothing_that_is_kept_has_nothing_to_locate(typed, tmp_path):
    (tmp_path / "deals.csv").write_text("id,year,lat,lon,country\nold,1999,48.85,2.35,FR\n")
    assert "nothing to locate" in typed("check study.toml")


def test_a_check_that_finds_no_reason_to_stop_exits_0_and_samples_by_seed_from_the_whole_file(typed, tmp_path):
    rows = [f"d{n},{2020 + n % 5},{'48.85,2.35,FR' if n < 900 else '35.68,139.69,JP'}" for n in range(1000)]
    (tmp_path / "deals.csv").write_text("id,year,lat,lon,country\n" + "\n".join(rows) + "\n")
    samples = []
    for seed in (1, 2, 1):
        (source,) = printed(typed(f"check study.toml --rows 300 --seed {seed} --json"))["sources"]
        assert (source["rows_read"], source["sampled"]) == (1000, 300)
        assert 10 < next(r["listings"] for r in source["by_country"] if r["country"] == "JP") < 55
        assert len(source["examples"]) == 20
        samples.append([one["source_row"] for one in source["examples"]])
    assert samples[0] == samples[2] != samples[1]
    assert max(map(max, samples)) > 500
    assert sum(row["listings"] for row in source["report"] if row["part"] == "evidence") == 300


def test_a_file_to_locate_needs_a_file_to_write(typed):
    seen = typed("locate deals.csv")
    assert seen.startswith("exit 2\n")
    assert "'deals.csv' is a file: name the file to write its" in seen


def test_addresses_are_located_by_the_register_that_was_fetched_which_is_named(typed, tmp_path, monkeypatch):
    monkeypatch.delenv(register.RAW, raising=False)
    (tmp_path / "who.csv").write_text("institution\nHochschule Bonn-Rhein-Sieg Test\n")
    locate = "locate who.csv --out places.csv"
    assert "0 of 1 row located" in typed(locate)
    assert "No register of institutions: organisations are located only by the" in typed(locate)
    assert "`hubrank get ror` fetches a register" in typed(locate)
    record = samples.BONN | {
        "relationships": [],
        "names": [{"value": "Hochschule Bonn-Rhein-Sieg Test", "types": ["ror_display"]}],
    }
    (tmp_path / "raw" / "ror").mkdir(parents=True)
    (tmp_path / "raw" / "ror" / "v1-ror-data.json").write_text(json.dumps([record]))
    seen = typed(locate)
    assert "1 of 1 row located" in seen
    assert "Register of institutions, the newest in the folder of raw files: v1-ror-data.json." in seen
    assert printed(typed(f"{locate} --json"))["institutions"] == ["v1-ror-data.json"]
    assert "the newest in the folder of raw files: v1-ror-data.json." in typed(
        ["locate", "Hochschule Bonn-Rhein-Sieg Test"]
    )
    (tmp_path / "raw" / "ror" / "v1-ror-data.json").rename(tmp_path / "own.json")
    assert "Register of institutions: own.json." in typed(f"{locate} --institutions own.json")


def test_rows_without_a_country_are_named_with_the_option_that_states_it(typed, tmp_path):
    (tmp_path / "towns.csv").write_text("city\nSabadell\nBadalona\nLeeds\n")
    seen = " ".join(typed("locate towns.csv --out places.csv").split())
    assert "Without a country in a column: 3 of 3 rows" in seen
    assert "(66.7 % of those located are in Spain: --country ES)" in seen
    assert "Without a country" not in typed("locate towns.csv --out places.csv --country ES")
    (tmp_path / "texts.csv").write_text('address\n"Rennes, France"\n"Leeds, UK"\n"Graz, Austria"\n')
    assert "Without a country" not in typed("locate texts.csv --out places.csv")
    assert "'Atlantis' is no country that is known" in typed("locate Leeds --country Atlantis")


def test_an_address_longer_than_the_name_of_a_file_may_be_is_located(typed):
    assert "→ " in typed(["locate", "Department of Somewhere, " * 20 + "Lyon, France"])


def test_an_address_that_is_not_answered_says_which_limit_it_did_not_reach(typed):
    seen = typed(["locate", "Rottenburg, DE"])
    assert re.search(
        r"Not answered: the likeliest has 6\d\.\d %; 66\.2 % is needed, not 55\.0 %, as the answer rests", seen
    )
    seen = typed(["locate", "Nankai University, China"])
    assert re.search(r"Not answered: the likeliest has [\d.]+ %; 55\.0 % is needed\.", seen)
    seen = typed(["locate", "Delft, Netherlands", "--min-precision", "site"])
    assert "Not answered: the likeliest is no finer than city, which --min-precision does not take." in seen
    seen = typed(["locate", "Ulrichshof Foobar, Deutschland"])
    assert "Not answered: the likeliest is a guess (a part of a name, or a mended one), which is not" in seen


def test_the_example_of_a_check_has_parts_and_degrees_and_no_units(typed, tmp_path):
    (tmp_path / "third.csv").write_text("id,part,lat,lon\na,0.3333333333,52.52,13.405\n")
    columns = 'columns = { record = "id", weight = "part", lat = "lat", lon = "lon" }'
    section = f'[[sources]]\nmetric = "deals"\nreader = "table"\nfiles = "third.csv"\n{columns}\n'
    study = f'title = "T"\nedition = "1"\n{section}[clusters]\nmin_listings = 1\n'
    (tmp_path / "third.toml").write_text(study)
    seen = typed("check third.toml")
    assert "part of listing 1/3" in seen
    assert "lat             52.52" in seen
    assert "240240" not in seen


def test_where_little_is_located_check_and_run_say_so_and_what_to_do(typed, tmp_path):
    rows = "".join(f"n{number},2022,,,FR\n" for number in range(4))
    (tmp_path / "deals.csv").write_text(DEALS.replace("soon,soon,48.85,2.35,FR\n", "") + rows)
    expected = "deals: only 68.4 % of the {}listings are located, and scores, ranks and shares are of these alone"
    assert expected.format("sampled ") in typed("check study.toml")
    seen = typed("run study.toml --out out")
    assert seen.index(expected.format("")) < seen.index("19 listings, 68.4 % located")
    assert "`hubrank get ror`" in seen
    assert "(docs/sources/areas.md)" in seen
    page = (tmp_path / "out/site/index.html").read_text("utf-8")
    assert page.index("Only 68.4\N{NO-BREAK SPACE}% of the listings of deals could be located") < page.index("<main")
    assert 'type="range"' not in page, "one metric has no weight to choose"


def test_a_metric_of_which_nothing_is_located_would_stop_a_run(typed, tmp_path):
    (tmp_path / "deals.csv").write_text("id,year,lat,lon,country\nlost1,2022,,,FR\n")
    seen = typed("check study.toml")
    assert seen.startswith("exit 1\n")
    assert "A run would stop: deals: no record is located, so that no cluster has a share of it." in seen


def test_a_ranking_of_counts_says_what_it_was_made_with(typed):
    seen = typed("rank counts.csv --total patents=100 --total articles=10 --top 1")
    assert "patents: weight 1, total 100 (all records, in clusters or not)" in seen
    assert "2 clusters (first 1 shown)" in seen
    assert "Here" in seen
    assert "There" not in seen
    assert "articles: weight 1, total 8 (the sum of the clusters)" in typed("rank counts.csv")


def test_a_name_between_colons_is_no_picture(typed, tmp_path):
    (tmp_path / "counts.csv").write_text("cluster,p:gear:\nA,10\n")
    assert "p:gear:: weight 1, total 10" in typed("rank counts.csv")


def test_a_table_that_carries_ranks_is_told_which_come_out(typed, tmp_path):
    (tmp_path / "counts.csv").write_text("rank,cluster,patents\n1,A,10\n3,B,5\n")
    seen = typed("rank counts.csv --total patents=100")
    assert "1 of 2 ranks" in seen
    assert "B: rank is 3, the counts give 2" in seen
    assert "give every world total" in typed("rank counts.csv")


def test_two_editions_are_compared_and_verified_on_the_screen(typed, tmp_path):
    usable = DEALS.replace("soon,soon,48.85,2.35,FR\n", "")
    (tmp_path / "deals.csv").write_text(usable)
    assert typed("run study.toml --out 1").startswith("exit 0")
    study = (tmp_path / "study.toml").read_text().replace('edition = "2025"', 'edition = "2026"')
    (tmp_path / "study.toml").write_text(study)
    (tmp_path / "deals.csv").write_text(usable.replace("35.68,139.69", "51.5,-0.12"))
    assert typed("run study.toml --out 2").startswith("exit 0")
    seen = typed("compare 1 2")
    assert "2025 → 2026" in seen
    assert re.search(
        r"rank .* cluster .* published .* move .* data .* boundary .* method .* recounted .* change,", seen
    )
    assert re.search(r"recounted .* change, .* score .* points", seen)
    assert re.search(r"\d\.\d\d → \d+\.\d\d .* [+-]\d+\.\d\d", seen)
    assert "gone: Tokyo (2 in 2025)" in seen
    assert "2 clusters in 2026" in seen
    assert typed("verify 2").endswith(" 0 differences")
    note = "note: the inputs of the run were not compared (1 file); --inputs FOLDER compares their hashes"
    assert note in typed("verify 2")
    assert printed(typed("verify 2 --json"))["inputs_not_checked"] == 1
    assert note not in typed("verify 2 --inputs .")
    assert printed(typed("verify 2 --inputs . --json"))["inputs_not_checked"] == 0
    rows = printed(typed("compare 1 2 --json"))
    assert {row["cluster"]: row["kind"] for row in rows}["London"] == "new"
    assert "2025 → 2026 (2) → 2026 (3)" in typed("compare 1 2 2")


def test_a_run_says_which_edition_of_another_study_it_replaces(typed, tmp_path):
    usable = DEALS.replace("soon,soon,48.85,2.35,FR\n", "")
    (tmp_path / "deals.csv").write_text(usable)
    assert "replaces" not in typed("run study.toml --out 1")
    assert "replaces" not in typed("run study.toml --out 1")
    study = (tmp_path / "study.toml").read_text().replace('edition = "2025"', 'edition = "2026"')
    (tmp_path / "study.toml").write_text(study)
    seen = typed("run study.toml --out 1")
    assert re.search(r"1 holds the edition '2025' of '.*'; this run replaces it by '2026' of", seen)


def test_every_reader_is_listed_with_the_files_it_needs(typed):
    rows = {row["reader"]: row for row in printed(typed("sources --json"))}
    assert {"table", "openalex", "patentsview", "regpat", "uspto_xml", "epo_xml", "crunchbase"} <= set(rows)
    assert all(reader in typed("sources") for reader in ("crunchbase", "openalex"))


def test_a_run_says_what_the_rank_before_is(typed, tmp_path):
    (tmp_path / "deals.csv").write_text(DEALS.replace("soon,soon,48.85,2.35,FR\n", ""))
    first = typed("run study.toml --out 1")
    assert "recounted" not in first
    assert "Citations of it name no author: [publish] authors (and date) in the study state them." in first.splitlines()
    with (tmp_path / "study.toml").open("a") as study:
        study.write('\n[compare]\nprevious = "1"\n')
        study.write("[ranking]\nweights = { deals = 1 }\n")
    (tmp_path / "deals.csv").write_text(DEALS.replace("soon,soon,48.85,2.35,FR\n", "") + MORE_IN_TOKYO)
    seen = typed("run study.toml --out 2")
    assert "under this edition's method" in seen
    assert re.search(r"published .* recounted .* cluster", seen)
    (first,) = (line for line in seen.splitlines() if line.startswith("│    1 │"))
    assert [cell.strip() for cell in first.split("│")][3:6] == ["2", "2", "Tokyo"]


def test_a_check_and_a_run_say_that_the_previous_edition_counts_later_years(typed, tmp_path):
    (tmp_path / "deals.csv").write_text(DEALS.replace("soon,soon,48.85,2.35,FR\n", ""))
    typed("run study.toml --out 1")
    study = (tmp_path / "study.toml").read_text().replace("[2020, 2024]", "[2020, 2023]")
    (tmp_path / "study.toml").write_text(f'{study}\n[compare]\nprevious = "1"\n')
    remark = (
        "The previous edition 2025 counts deals of 2020–2024 and edition 2025 of 2020–2023: the newer edition is named"
    )
    assert remark in typed("check study.toml")
    assert remark in typed("run study.toml --out 2")


def test_a_check_says_that_no_cluster_can_be_made(typed, tmp_path):
    (tmp_path / "deals.csv").write_text(DEALS.replace("soon,soon,48.85,2.35,FR\n", ""))
    study = (tmp_path / "study.toml").read_text()
    (tmp_path / "study.toml").write_text(re.sub(r"min_listings = \d+", "min_listings = 18000", study))
    seen = typed("check study.toml")
    assert seen.startswith("exit 1")
    why = "A run would make no cluster: [clusters] min_listings is 18,000, and all sources together have 15 listings."
    assert why in seen.splitlines()
    assert (
        seen.splitlines()[-1]
        == "Next: lower the threshold under [clusters] in study.toml; then hubrank check study.toml"
    )
    assert "no cluster" not in typed("check study.toml --rows 5")  # what was not sampled may be enough
    assert "exit 1 if a run would stop or make no cluster" in " ".join(typed("check -h").split())


@pytest.mark.parametrize("choice", ["min_share_ppm = 999999", "min_listings = 13"])
def test_a_check_says_that_listings_are_nowhere_dense_enough(typed, tmp_path, choice):
    (tmp_path / "deals.csv").write_text(DEALS.replace("soon,soon,48.85,2.35,FR\n", ""))
    study = (tmp_path / "study.toml").read_text()
    (tmp_path / "study.toml").write_text(re.sub(r"min_listings = \d+", choice, study))
    seen = typed("check study.toml")
    assert seen.startswith("exit 1")
    why = "A run would make no cluster: [clusters] asks for 13 listings within 15 km of one place, and nowhere"
    assert why in seen
    assert (
        seen.splitlines()[-1]
        == "Next: lower the threshold under [clusters] in study.toml; then hubrank check study.toml"
    )
    assert "exit 1" not in typed("run study.toml --out out")
    assert "exit 1" not in typed("check study.toml --rows 5")


def test_a_check_and_a_run_end_with_the_command_that_comes_next(typed, tmp_path):
    assert "correct the files of deals, as a run stops above 5 %" in typed("check study.toml").splitlines()[-1]
    (tmp_path / "deals.csv").write_text(DEALS.replace("soon,soon,48.85,2.35,FR\n", ""))
    assert typed("check study.toml").splitlines()[-1] == "Next: hubrank run study.toml"
    assert (
        typed("run study.toml --out out")
        .splitlines()[-1]
        .startswith('Next: open out/site/index.html, or hubrank explain out "Paris"')
    )
    (tmp_path / "deals.csv").write_text("id,year,lat,lon,country\nold,1999,48.85,2.35,FR\n")
    assert typed("check study.toml").splitlines()[-1].startswith("Next: correct study.toml, as no row of deals is kept")


def test_a_check_sends_for_the_register_where_institutions_are_not_located(typed, tmp_path):
    study = (tmp_path / "study.toml").read_text()
    columns = study[study.index("columns") : study.index("}", study.index("columns")) + 1]
    wanted = 'columns = { record = "id", year = "year", institution = "who" }'
    (tmp_path / "study.toml").write_text(study.replace(columns, wanted).replace('use = ["coordinates"]', ""))
    (tmp_path / "deals.csv").write_text("id,year,who\n" + "".join(f"{n},2021,Monash University\n" for n in range(9)))
    assert "Next: hubrank get ror, as 100 % of deals are not located" in typed("check study.toml")


def test_a_new_study_says_what_it_reads_and_why_and_what_comes_next(typed, tmp_path):
    (tmp_path / "raw").mkdir()
    (tmp_path / "deals.csv").rename(tmp_path / "raw" / "deals.csv")
    seen = typed("new raw")
    assert "deals.csv: 1 of 17 rows cannot be used (not a date (YYYY-MM-DD) or year); a run stops above 5 %." in seen
    assert " The first of them: raw/deals.csv:16, column 'year', 'soon'. Correct the file, or write a study of" in seen
    (tmp_path / "raw" / "deals.csv").write_text(DEALS.replace("soon,soon,48.85,2.35,FR\n", ""))
    seen = typed("new raw")
    assert "Written: raw.toml" in seen
    assert "lat = 'lat': by its name; 100 % of its values are numbers from" in seen
    assert seen.splitlines()[-1] == "Next: hubrank check raw.toml"
    assert typed("check raw.toml").splitlines()[-1] == "Next: hubrank run raw.toml"
    assert printed(typed("new raw --out other.toml --json"))["next"] == "hubrank check other.toml"


def test_what_a_new_study_shows_of_cells_with_line_breaks_is_one_line(typed, tmp_path):
    rows = "".join(f'd{n},Paris,"{("Acme" if n % 2 else "Beta") + chr(10)}Robotics"\n' for n in range(20))
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "deals.csv").write_text(f"Deal id,City,Name\n{rows}")
    assert "(Beta Robotics 10, Acme Robotics 10)" in typed("new raw")


def test_the_schema_is_printed_as_json(typed):
    assert printed(typed("study --schema"))["title"] == "Study file of hubrank"
    assert "## [clusters]" in typed("study")
    assert typed("study areas") == typed("help areas")


def test_after_a_demonstration_the_way_leads_to_real_records():
    ranking = pa.table({"cluster": ["Paris"]})
    study = {"publish": {"base_url": "https://example.org"}}
    edition = SimpleNamespace(folder="demo/2025", synthetic=True, table=lambda _: ranking, manifest={"study": study})
    assert "hubrank new FOLDER" in studies.after_run(edition)
    edition.synthetic = False
    assert studies.after_run(edition) == 'Next: open demo/2025/site/index.html, or hubrank explain demo/2025 "Paris"'
    named, ranking = ranking, pa.table({"cluster": ["London (Canada)–Leeds"]})
    assert studies.after_run(edition).endswith('"London"')
    ranking = named
    del study["publish"]
    assert studies.after_run(edition).startswith("Links to its pages show no picture where they are shared")
    ranking = ranking.slice(0, 0)
    assert "lower the threshold" in studies.after_run(edition)


@pytest.mark.parametrize(
    "fault",
    [
        KeyboardInterrupt(),
        RuntimeError("Query interrupted"),
        duckdb.InvalidInputException("Invalid Input Error: counting the rows failed: KeyboardInterrupt: "),
    ],
    ids=["Python", "DuckDB", "Python in DuckDB"],
)
def test_a_command_that_is_interrupted_says_so(typed, monkeypatch, fault):
    def interrupted(*_, **__):
        raise fault

    monkeypatch.setattr("hubrank.pipeline.run", interrupted)
    assert typed("run study.toml --out out") == "exit 130\nhubrank: interrupted; no incomplete output was left."
