"""What a check says of columns that hold something else than the study takes them for."""

import json

import pytest

from cli import golden_errors
from hubrank.sources.shard import Shard

STUDY = """
title = "Start-ups"
edition = "2024"
[windows]
deals = [2019, 2024]
[[sources]]
metric = "deals"
reader = "table"
files = "deals.csv"
columns = { COLUMNSYEAR, city = "city", country = "country" }
options = { OPTIONS }
[clusters]
min_listings = 1
[robustness]
run = false
"""


@pytest.fixture
def checked(tmp_path, monkeypatch):
    """Return the screen of a check, or another command, of rows under a header."""

    def screen(columns, header, rows, command="check", year=', year = "year"', encoding="utf-8", options=""):
        study = STUDY.replace("COLUMNS", columns).replace("YEAR", year).replace("OPTIONS", options)
        (tmp_path / "study.toml").write_text(study)
        (tmp_path / "deals.csv").write_text("\n".join([header, *rows]) + "\n", encoding)
        return golden_errors.shown(f"{command} study.toml", tmp_path, monkeypatch.chdir)

    return screen


AMOUNTS = [f"{60 + at} 000 000;2023;Lyon;FR" for at in range(10)]


def test_amounts_of_money_are_no_counts_and_a_check_stops_where_a_run_does(checked):
    seen = checked('count = "raised"', "raised;year;city;country", AMOUNTS)
    assert seen.startswith("exit 1")
    assert "columns.count (raised) has round thousands for the most part ('60 000 000'), as amounts of money" in seen
    stop = "645,000,000 records exceed 461,168,601, the most of which shares are exact"
    assert f"A run would stop: deals (table): in the sample alone {stop}" in seen
    assert stop in checked('count = "raised"', "raised;year;city;country", AMOUNTS, "run")


def test_counts_that_may_be_in_thousands_are_named_with_the_option_that_reads_them(checked):
    seen = checked('count = "n"', "n;year;city;country", ["350.000;2023;Lyon;FR", "1.200;2023;Paris;FR"])
    assert "columns.count (n): all have three digits behind each '.' ('350.000')" in seen


def test_counts_that_are_not_round_are_taken_for_counts(checked):
    counts = [f"{1000 * at + at % 2};2023;Lyon;FR" for at in range(10)]
    assert "amounts of money" not in checked('count = "n"', "n;year;city;country", counts)
    assert "amounts of money" not in checked('count = "n"', "n;year;city;country", ["0;2023;Lyon;FR"] * 20)


def test_records_with_rows_of_several_dates_are_named(checked):
    rows = ["A,2023,Lyon,FR", "A,2024,Lyon,FR", "B,2023,Lyon,FR", "C,2020,Lyon,FR", "C,2022,Paris,FR", "C,2020,Nice,FR"]
    seen = checked('record = "firm"', "firm,year,city,country", rows)
    assert "records that have rows of more than one date count once each: 2 of those that were read, such as " in seen
    assert "'A' (2023 in deals.csv:2, 2024 in deals.csv:3)" in seen
    once = checked('record = "firm"', "firm,year,city,country", [*rows[:1], *rows[2:4], "C,2020,Nice,FR"])
    assert "more than one date" not in once


def test_a_study_that_names_no_year_says_so_and_stops_for_one_reason(checked):
    rows = [f"{at},2023,Lyon,FR" for at in range(9)]
    seen = checked('record = "firm"', "firm,year,city,country", rows, year="")
    assert "columns names neither a year nor a date, which a metric with a window needs" in seen
    assert seen.count("A run would") == 1
    assert "columns names neither" not in checked('record = "firm"', "firm,year,city,country", rows)


def test_a_metric_that_is_read_and_not_located_is_still_a_reason_to_stop(checked):
    rows = [f"{at},2023,Xyzzyplugh,FR" for at in range(9)]
    seen = checked('record = "firm"', "firm,year,city,country", rows)
    assert "A run would stop: deals: no record is located" in seen


def test_bytes_that_are_no_characters_are_named_with_the_encoding_in_which_they_are(checked):
    rows = [f"{at},2023,Abidjan,Côte d'Ivoire" for at in range(9)]
    seen = checked('record = "firm"', "firm,year,city,country", rows, encoding="cp1252", options='encoding = "utf-8"')
    assert (
        "9 rows have bytes that are no characters in utf-8, as options.encoding states; read in cp1252 they are text: "
        "state that, or leave the option out"
    ) in seen
    assert "no characters" not in checked('record = "firm"', "firm,year,city,country", rows, encoding="cp1252")


def test_the_least_sure_rows_are_shown_first_however_rare_they_are(checked):
    rows = [f"{at},2023,Paris,FR" for at in range(200)] + ["200,2023,Saint-Denis,FR", "201,2023,Xyzzyplugh,FR"]
    seen = checked('record = "id"', "id,year,city,country", rows).splitlines()
    start = next(at for at, line in enumerate(seen) if "rows of the sample, each with its place" in line)
    shown = [line.partition(" ")[2] for line in seen[start + 1 :] if line.startswith("  deals.csv:")]
    assert len(shown) == 20
    assert "Saint-Denis, FR →" in seen[start + 1]
    assert "Paris, FR →" in seen[start + 2]


@pytest.mark.parametrize("stated", [False, True])
def test_the_line_that_states_the_country_is_named_with_what_it_locates(tmp_path, monkeypatch, stated):
    country = ', country = { value = "IN" }' if stated else ""
    study = STUDY.replace("COLUMNSYEAR, city", "address").replace(', country = "country"', f', year = "year"{country}')
    (tmp_path / "study.toml").write_text(study.replace("OPTIONS", ""))
    towns = ["Gurgaon", "Kochi", "Noida", "Belgaum", "Jhansi", "Chennai", "Mumbai", "Pune, India", "Kolkata, India"]
    (tmp_path / "deals.csv").write_text("".join(["year;city\n", *(f"2023;{town}\n" for town in towns)]))
    seen = golden_errors.shown("check study.toml", tmp_path, monkeypatch.chdir)
    line = (
        "deals: no column says the country, and 100.0 % of what is located lies in India. If all rows are of this "
        'country, the line country = { value = "IN" } under [sources.columns] locates 100.0 % of the sample in place '
    )
    assert (line in seen) != stated, seen


def test_a_sample_of_several_countries_suggests_none(tmp_path, monkeypatch):
    study = STUDY.replace("COLUMNSYEAR, city", "address").replace(', country = "country"', ', year = "year"')
    (tmp_path / "study.toml").write_text(study.replace("OPTIONS", ""))
    towns = ["Gurgaon", "Pune, India", "Kolkata, India", "Lyon, France", "Paris, France"]
    (tmp_path / "deals.csv").write_text("".join(["year;city\n", *(f"2023;{town}\n" for town in towns)]))
    assert "no column says the country" not in golden_errors.shown("check study.toml", tmp_path, monkeypatch.chdir)


def test_a_kind_that_no_row_has_is_named_and_stops_where_none_of_them_is_there(checked):
    rows = ["Seed,2023,Lyon,FR", "Series A,2023,Lyon,FR"]
    of = {"columns": 'type = "stage"', "header": "stage,year,city,country", "rows": rows}
    for command in ("check", "run"):
        seen = checked(**of, command=command, options='types = ["Seed", "Serie A"]')
        assert "  0 rows read are of the kind 'Serie A', which options.types names. Did you mean 'Series A'?\n" in seen
        assert seen.startswith("exit 0")
        seen = checked(**of, command=command, options='types = ["Serie A"]')
        assert "names ('Serie A'). Did you mean 'Series A'? The kinds are: 'Seed', 'Series A'." in seen
        assert not seen.startswith("exit 0")


def test_numbers_of_days_are_named_with_their_day_and_the_option(checked):
    rows = [f"{44766 + at},Lyon,FR" for at in range(10)]
    of = {"columns": 'date = "closed"', "header": "closed,city,country", "rows": rows, "year": ""}
    seen = checked(**of)
    assert "columns.date (closed) holds numbers of days, as spreadsheets keep dates: 44766 is 2022-07-24." in seen
    assert "write options.day_numbers = true" in seen
    assert checked(**of, options="day_numbers = true").startswith("exit 0")


@pytest.mark.parametrize("stamp", ["08/10/1445", "١٤٤٤هـ", "1402/05/11", "2566"])
def test_years_of_another_calendar_are_named(checked, stamp):
    rows = [f"{stamp},Lyon,FR"] * 10
    seen = checked(columns='date = "closed"', header="closed,city,country", rows=rows, year="")
    assert f"columns.date (closed) has years of another calendar: {stamp!r}." in seen
    assert "write Gregorian years" in seen


def test_a_list_of_authors_in_json_is_no_list_of_web_of_science(tmp_path, monkeypatch):
    authors = [{"family": "Li"}, {"family": "Ito", "affiliation": [{"name": "RIKEN, Wako, Japan"}]}]
    (tmp_path / "works.jsonl").write_text(json.dumps({"id": "a", "year": 2023, "author": authors}) + "\n")
    of_authors = """{ from = "author", split = "[]", pattern = '"name": ?"([^"]*)"' }"""
    study = STUDY.replace("COLUMNSYEAR", f'record = "id", address = {of_authors}, year = "year"')
    study = study.replace('files = "deals.csv"', 'files = "works.jsonl"').replace(
        ', city = "city", country = "country"', ""
    )
    (tmp_path / "study.toml").write_text(study.replace("OPTIONS", ""))
    seen = golden_errors.shown("check study.toml", tmp_path, monkeypatch.chdir)
    assert "1 row read: 1 kept" in seen
    assert "names authors" not in seen


def test_a_row_that_is_not_located_is_shown_without_streets_numbers_and_persons(checked):
    rows = ["2023,Qzxvqrt 12,FR", "2023,Lyon,FR", "2023,221B Baker Street,"]
    seen = checked('field = "year"', "year,city,country", rows)
    assert "deals.csv:2 Qzxvqrt, FR → not located" in seen
    assert "deals.csv:4 (no organisation or place) → " in seen
    assert "Baker" not in seen


def test_a_column_of_towns_that_the_study_does_not_read_is_named_where_little_is_located(checked):
    towns = ("Lyon", "Nantes", "Lille", "Rennes", "Toulouse")
    rows = [f"{n};2023;;FR;{town}" for n in range(4) for town in towns]
    line = (
        "the study does not read the column 'Lieu', of which 100 % are names of towns in France: if it holds the "
        'places write city = "Lieu" under [sources.columns]'
    )
    seen = checked('record = "id"', "id;year;city;country;Lieu", rows)
    assert line in " ".join(seen.split())
    assert "A row that names only a region is not located, and counts in no area" in " ".join(seen.split())
    rows = [f"{n};2023;{town};FR;{town}" for n in range(4) for town in towns]
    assert "does not read" not in checked('record = "id"', "id;year;city;country;Lieu", rows)


def test_a_column_of_towns_beside_the_streets_that_the_study_reads_is_named(checked):
    towns = ("Lyon", "Nantes", "Lille", "Rennes", "Toulouse")
    rows = [f"{n};2023;;FR;{town};{n} rue des Qzxvqrt" for n in range(4) for town in towns]
    seen = checked('record = "id", address = "Adresse"', "id;year;city;country;Lieu;Adresse", rows)
    assert 'write city = "Lieu" under [sources.columns]' in " ".join(seen.split())


def test_a_column_of_regions_beside_the_towns_that_the_study_reads_is_named_as_one(checked):
    places = (
        ("부산광역시", "동래구"),
        ("경기도", "광주시"),
        ("강원도", "고성군"),
        ("서울특별시", "중구"),
        ("전라남도", "순천시"),
    )
    rows = [f"{n};2023;{city if n else 'Qzxvqrt'};{region};KR" for n in range(4) for region, city in places]
    seen = " ".join(checked('record = "id"', "id;year;city;시도;country", rows).split())
    assert 'if the towns lie in these write region = "시도" under [sources.columns]' in seen
    assert 'city = "시도"' not in seen
    assert "not read" not in checked('record = "id", region = "시도"', "id;year;city;시도;country", rows)


def test_a_listing_of_several_places_is_one_and_located_where_one_of_them_is_as_in_a_run(checked):
    rows = [f"{n};2023;{'Lyon|Nantes' if n % 2 else 'Lyon|Zzyzxq'};;FR" for n in range(8)]
    rows += [f"{n};2023;Zzyzxq|Wqxv;;FR" for n in range(8, 10)]
    columns = 'record = "id", address = { from = "place", places = "|" }'
    seen = checked(columns, "id;year;place;city;country", rows)
    assert "10 rows read: 10 kept; 10 listings sampled" in " ".join(seen.split())
    assert "80.0 % of listings located" in seen
    seen = checked(columns, "id;year;place;city;country", rows, command="run --out out")
    assert "deals: 10 listings, 80.0 % located" in seen


def test_where_no_row_is_kept_the_check_says_why(checked):
    rows = [f"{n};2023;Lyon;FR;grant" for n in range(8)] + ["8;1999;Lyon;FR;article"]
    columns = 'record = "id", type = "kind"'
    seen = checked(columns, "id;year;city;country;kind", rows, options='types = ["article"]')
    assert (
        "Next: correct study.toml, as no row of deals is kept (8 out of scope: another type: grant); "
        "then hubrank check study.toml"
    ) in " ".join(seen.split())


def test_a_source_that_cannot_be_read_hides_none_of_the_others(tmp_path, monkeypatch):
    sources = """
[[sources]]
metric = "grants"
reader = "table"
files = "grants.csv"
columns = { year = "yaer", city = "city", country = "country" }
"""
    study = (
        STUDY.replace("COLUMNSYEAR", 'year = "year"')
        .replace("OPTIONS", "")
        .replace("[clusters]", f"{sources}[clusters]")
    )
    (tmp_path / "study.toml").write_text(
        study.replace("deals = [2019, 2024]", "deals = [2019, 2024]\ngrants = [2019, 2024]")
    )
    (tmp_path / "deals.csv").write_text("year,city,country\n2023,Lyon,FR\n2023,Paris,FR\n")
    (tmp_path / "grants.csv").write_text("year,city,country\n2023,Lyon,FR\n")
    seen = golden_errors.shown("check study.toml", tmp_path, monkeypatch.chdir)
    assert seen.startswith("exit 1")
    assert "2 rows read: 2 kept; 2 listings sampled" in seen
    assert "100.0 % of listings located" in seen
    fault = "grants.csv has no column 'yaer'; it has: year, city, country."
    assert f"cannot be read: {fault}" in seen
    assert f"A run would stop: grants (table): {fault}" in seen
    assert "no record is located" not in seen
    (tmp_path / "deals.csv").write_text("jahr,city,country\n2023,Lyon,FR\n")
    assert golden_errors.shown("check study.toml", tmp_path, monkeypatch.chdir).startswith("exit 3")


def test_a_missing_column_is_named_with_the_section_and_role_of_its_file(tmp_path, monkeypatch):
    (tmp_path / "study.toml").write_text("""
title = "Deals"
edition = "2013"
[[sources]]
metric = "deals"
reader = "crunchbase"
[sources.files]
rounds = "rounds.csv"
organizations = "companies.csv"
[clusters]
min_listings = 1
""")
    header = (
        "company_permalink,company_name,company_category_code,company_country_code,company_state_code,company_region"
    )
    header += ",company_city,funding_round_type,funded_at,funded_month,funded_quarter,funded_year,raised_amount_usd"
    (tmp_path / "rounds.csv").write_text(
        f"{header}\n/company/x,X,web,USA,CA,SF,Palo Alto,series-a,2012-08-29,,,2012,1\n"
    )
    (tmp_path / "companies.csv").write_text("permalink,name\n/company/x,X\n")
    role = "It is named by files.organizations in the [[sources]] of deals (reader crunchbase)."
    for command in ("check study.toml", "run study.toml --out out"):
        seen = golden_errors.shown(command, tmp_path, monkeypatch.chdir)
        assert seen.startswith("exit 3")
        assert "Is this the organization table, which an export of 2013 does not need?" in seen
        assert role in seen
    (tmp_path / "rounds.csv").write_text("a,b\n1,2\n")
    (tmp_path / "companies.csv").write_text("uuid\n/company/x\n")
    seen = golden_errors.shown("check study.toml", tmp_path, monkeypatch.chdir)
    assert "It is named by files.rounds in the [[sources]] of deals (reader crunchbase)." in seen


def test_a_file_is_read_once(checked, monkeypatch):
    readings, tables = [], Shard.tables
    monkeypatch.setattr(Shard, "tables", lambda shard, ledger: readings.append(shard) or tables(shard, ledger))
    rows = [f"P{at % 40};2023;Lyon;FR" for at in range(60)]
    assert "60 rows read" in checked('record = "id"', "id;year;city;country", rows)
    assert len(readings) == 1
