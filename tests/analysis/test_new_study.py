"""`hubrank new`: readers recognised, columns guessed with reasons, a study that `check` accepts, or what is missing."""

import gzip
import json
import shutil
import tomllib
import zipfile
from functools import cache

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from hubrank.analysis import new_study, study_check
from hubrank.analysis.new_study import drafts, size
from hubrank.analysis.new_study.folder import looks
from hubrank.core.errors import DataError, StudyError
from hubrank.core.progress import no_progress
from hubrank.sources.formats import workbooks
from sources import test_tagged as tagged
from sources.test_form_d import filing, quarter
from sources.test_openalex import GEO, lines, work


def written(folder, tmp_path):
    """Write the study of a folder, check it, and return both."""
    out = tmp_path / "studies" / "new.toml"
    new = new_study.write(folder, out)
    return new, study_check.check(out, rows=1000, progress=no_progress), tomllib.loads(out.read_text("utf-8"))


@pytest.fixture(scope="module")
def real(shared, tmp_path_factory):
    """Return a function: the study of a folder of real files and its check, and where it lies; each is written once."""

    @cache
    def of(name):
        folder = tmp_path_factory.mktemp("real")
        return *written(shared / "data" / name, folder), folder / "studies" / "new.toml"

    return of


def columns(new, source=0):
    return {guess.name: guess.column for guess in new.drafts.sources[source].columns}


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "files"
    path.mkdir()
    return path


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "readers"),
    [
        pytest.param("deals/city-totals-2014", ["table"], marks=pytest.mark.slow),  # a part of "deals"
        pytest.param("deals/crunchbase-2013-10", ["crunchbase"], marks=pytest.mark.slow),
        ("deals/offices-2013", ["table"]),
        ("deals", ["crunchbase", "table", "table"]),
        ("publications/vispubdata", ["table"]),
        ("publications/openalex-snapshot", ["openalex"]),
        ("publications/openalex-works-2026", ["openalex"]),
        ("publications", ["openalex", "table"]),
        ("patents/uspto-grant-xml", ["uspto_xml"]),
        ("patents/epo-xml", ["epo_xml"]),
        ("patents", ["epo_xml", "uspto_xml"]),
    ],
)
def test_a_study_of_each_folder_of_records_is_one_that_check_accepts(real, name, readers):
    new, summary, study, _ = real(name)
    assert sorted(draft.reader for draft in new.drafts.sources) == readers
    assert [source["reader"] for source in summary["sources"]] == [section["reader"] for section in study["sources"]]
    if name not in ("publications/openalex-snapshot", "publications"):  # in the first file of these nothing is in scope
        assert all(source["rows_kept"] for source in summary["sources"])
    assert all(not source["remarks"] for source in summary["sources"])


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("addresses", r"uspto-city-typos-half\.csv: its first line is not a header but looks like data; add one"),
        ("affiliations", r"has places, but no column looks like an id of records, a year, a count or an organisation"),
        ("institutions", r"holds a register of institutions \(ror-records\.jsonl\.gz\) and no records: name it under"),
        ("schemas", r"no column looks like a place"),
    ],
)
def test_of_the_other_folders_one_sentence_says_what_is_missing(shared, tmp_path, name, sentence):
    with pytest.raises(DataError, match=sentence) as raised:
        new_study.write(shared / "data" / name, tmp_path / "new.toml")
    assert "\n" not in str(raised.value)
    begun = name in ("affiliations", "schemas")  # tables of which the author may say what their columns are
    assert ((tmp_path / "new.toml").exists(), "Written: " in str(raised.value)) == (begun, begun)


@pytest.mark.shared
def test_the_columns_of_the_visualisation_papers_are_guessed_with_reasons(real):
    new, summary, study, path = real("publications/vispubdata")
    assert columns(new) == {
        "institution": "Affiliation",
        "year": "Paper DOI",
        "record": "Paper DOI",
        "listing": "PositionNumber",
    }
    assert "Author Names" not in json.dumps(study)
    assert '# Not used: "Author Names", "PositionCode"' in path.read_text("utf-8")
    assert study["windows"] == {"publications": [1990, 2023]}
    assert study["clusters"] == {"radius_km": 15, "min_listings": 28}
    assert new.needs_register
    assert summary["sources"][0]["set_aside"] == {"a value that the pattern does not match": 2}
    assert all(guess.reason for guess in new.drafts.sources[0].columns)


PATENTSVIEW = {
    "g_inventor_disambiguated": "patent_id\tinventor_sequence\tlocation_id\n1\t0\ta\n",
    "g_patent": "patent_id\tpatent_type\tpatent_date\twithdrawn\n1\tutility\t2020-01-07\t0\n",
    "g_location_disambiguated": (
        "location_id\tdisambig_city\tdisambig_state\tdisambig_country\tlatitude\tlongitude\na\tBonn\t\tDE\t50.7\t7.1\n"
    ),
    "g_assignee_disambiguated": "patent_id\tdisambig_assignee_organization\n1\tFirm\n",
    "g_wipo_technology": "patent_id\twipo_field_sequence\twipo_field_title\n1\t0\tOptics\n",
    "g_application": "application_id\tpatent_id\tfiling_date\n9\t1\t2019-01-07\n",
    "g_pct_data": "patent_id\tpct_371_date\tpct_doc_number\n1\t2019-01-01\tPCTUS2019\n",
    "g_cpc_current": "patent_id\tcpc_sequence\tcpc_section\n1\t0\tA\n",
}


def test_the_tables_of_patentsview_are_put_together_by_their_roles(folder, tmp_path):
    for name, text in PATENTSVIEW.items():
        with zipfile.ZipFile(folder / f"{name}.tsv.zip", "w") as archive:
            archive.writestr(f"{name}.tsv", text)
    new, summary, study = written(folder, tmp_path)
    (source,) = study["sources"]
    assert source["reader"] == "patentsview"
    assert sorted(source["files"]) == [
        *("applications", "assignees", "inventors", "locations", "patents", "pct", "technology")
    ]
    assert summary["sources"][0]["rows_kept"] == 1
    assert new.drafts.left_out == []
    (folder / "g_patent.tsv.zip").unlink()
    with pytest.raises(DataError, match="tables for the reader patentsview, which requires also the patents"):
        new_study.write(folder, tmp_path / "other.toml")


def test_a_quarter_of_form_d_and_an_openalex_snapshot_are_recognised_and_the_placements_named(folder, tmp_path):
    quarter(folder, "2021Q1", [filing(n) for n in range(9)])
    quarter(folder, "2021Q2", [filing(n) for n in range(10, 15)])
    institutions = lines(*({**one, "ror": None, "display_name": "U"} for one in GEO))
    for entity, text in {"works": lines(work()), "institutions": institutions}.items():
        path = folder / "openalex" / entity / "updated_date=2026-01-01" / "part_0000.gz"
        path.parent.mkdir(parents=True)
        path.write_bytes(gzip.compress(text.encode()))
    new, summary, study = written(folder, tmp_path)
    assert [(source["metric"], source["rows_kept"]) for source in summary["sources"]] == [
        ("placements", 14),
        ("publications", 1),
    ]
    assert study["metrics"] == {"placements": {"label": "Private placements"}}
    assert new.drafts.left_out == []


def test_parquet_and_json_tables_are_looked_at_like_text(folder, tmp_path):
    pq.write_table(
        pa.table({"event_id": [1, 2, 3], "year": [2019, 2020, 2021], "town": ["Bonn", "Bern", "Oslo"]}),
        folder / "events.parquet",
    )
    (folder / "more").mkdir()
    rows = [
        {"event_id": str(n), "when": {"date": "2020-01-02"}, "place": {"city": "Bonn", "country": "DE"}}
        for n in range(5)
    ]
    (folder / "more" / "events.jsonl").write_text("\n".join(map(json.dumps, rows)))
    new, summary, _ = written(folder, tmp_path)
    assert columns(new, 0) == {"city": "town", "year": "year", "record": "event_id"}
    assert columns(new, 1) == {
        "country": "$.place.country",
        "city": "$.place.city",
        "date": "$.when.date",
        "record": "event_id",
    }
    assert [source["rows_kept"] for source in summary["sources"]] == [3, 5]


def test_files_of_one_layout_are_one_pattern_and_others_each_by_name(folder, tmp_path):
    for year in (2019, 2020):
        (folder / f"deals-{year}.csv").write_text("id,year,city\n1,2020,Bonn\n".replace("1,", f"{year},"))
    _, _, study = written(folder, tmp_path)
    assert study["sources"][0]["files"] == "../files/deals-*.csv"
    (folder / "deals-2099.csv").write_text("something,else\n1,2\n")
    new, _, study = written_again(folder, tmp_path)
    assert study["sources"][0]["files"] == ["../files/deals-2019.csv", "../files/deals-2020.csv"]
    (left_out,) = new.drafts.left_out
    assert left_out == (
        "deals-2099.csv: no column looks like a place (coordinates, city, country, address or institution); its "
        "columns: something, else. Name them in a study of your own, under [sources.columns]: docs/sources/table.md."
    )


def written_again(folder, tmp_path):
    shutil.rmtree(tmp_path / "studies")
    return written(folder, tmp_path)


def test_a_name_alone_never_makes_a_column(folder, tmp_path):
    (folder / "deals.csv").write_text(
        "id,year,city,country,latitude,longitude\n1,soon,12,Atlantis,x,y\n2,late,13,Mu,x,y\n"
    )
    with pytest.raises(DataError, match="no column looks like a place"):
        new_study.write(folder, tmp_path / "new.toml")


def test_codes_of_offices_are_not_offered_as_towns(folder, tmp_path):
    rows = [f"{n},{office},2021" for n, office in enumerate(("BR", "US", "WO", "CL", "EP"))]
    (folder / "lens.csv").write_text("\n".join(["Lens ID,Jurisdiction,Publication Year", *rows]))
    with pytest.raises(DataError, match=r"no column looks like a place .*institution\); its columns: Lens ID"):
        new_study.write(folder, tmp_path / "new.toml")


def test_countries_alone_are_no_places_to_rank(folder, tmp_path):
    rows = [f"L{n},2021,{land}" for n, land in enumerate(("Brazil", "Chile", "Peru", "Spain"))]
    (folder / "works.csv").write_text("\n".join(["Lens ID,Publication Year,Source Country", *rows]))
    with pytest.raises(DataError, match=r"it has countries and no column that looks like a place in one"):
        new_study.write(folder, tmp_path / "new.toml")


def test_a_total_without_a_place_is_out_of_scope_although_its_label_is_not_read(folder, tmp_path):
    towns = (("1", "São Paulo", 220), ("2", "Campinas", 41), ("3", "Santos", 17), ("4", "Curitiba", 62))
    rows = [f"{code};{town};{count}" for code, town, count in (*towns, ("Total", "", 340))]
    (folder / "depositos.csv").write_text("\n".join(["Código;Município;Número de pedidos", *rows, "Fonte: INPI;;"]))
    new, summary, _ = written(folder, tmp_path)
    (source,) = summary["sources"]
    assert "sum of all others" not in new.path.read_text("utf-8")
    assert not [one for one in source["remarks"] if "sum of all others" in one]
    assert (source["listings"], source["set_aside"]) == (340, {})
    assert source["out_of_scope"]["a row of totals"] == 1


def test_names_of_persons_are_no_organisations(folder, tmp_path):
    (folder / "papers.csv").write_text("paper_id,name,affiliation,year\n1,Ada Lovelace,University of Bonn,2020\n")
    new, _, _ = written(folder, tmp_path)
    assert columns(new) == {"institution": "affiliation", "year": "year", "record": "paper_id"}


@pytest.mark.parametrize(
    "header",
    [
        *("Instituição", "Instituição-Sede", "Institute", "Instituto", "Institución", "Institut", "Affiliation"),
        "Afiliação",
        *(
            "Établissement",
            "Hochschule",
            "Lärosäte",
            "Affiliering",
            "Universidade",
            "Host institution name",
            "Organização",
            "Entidad",
            "Organisation",
        ),
    ],
)
def test_institutions_are_known_by_their_names_in_the_languages_of_the_pages(folder, tmp_path, header):
    rows = [f"{n},{n % 7} University of Bonn,Bonn institutes,2020" for n in range(40)]
    (folder / "grants.csv").write_text("\n".join([f"Tipo de instituição,{header},Institution type,Year", *rows]))
    new = new_study.write(folder, tmp_path / "new.toml")
    assert columns(new)["institution"] == header


def test_companies_alone_are_no_place(folder, tmp_path):
    rows = [f"{n},Firm {n} AG,2020" for n in range(40)]
    (folder / "grants.csv").write_text("\n".join(["deal id,Organization Name,Year", *rows]))
    with pytest.raises(DataError, match="no column looks like a place"):
        new_study.write(folder, tmp_path / "new.toml")


def test_the_columns_of_a_table_of_grants_are_named_or_listed_as_unused(folder, tmp_path):
    rows = [f"G{n},University of Bonn,Bonn,Germany,{2015 + n % 5}-03-01,{n},0228-73{n % 3}" for n in range(40)]
    (folder / "grants.csv").write_text("\n".join(["Case No,Organisation,City,Country,Start,Amount,Phone no", *rows]))
    new, summary, _study = written(folder, tmp_path)
    assert columns(new) == {
        "record": "Case No",
        "organisation": "Organisation",
        "institution": "Organisation",
        "city": "City",
        "country": "Country",
        "date": "Start",
    }
    assert new.drafts.sources[0].unused == ("Amount", "Phone no")
    assert '# Not used: "Amount", "Phone no". What' in new.path.read_text("utf-8")
    assert summary["sources"][0]["rows_kept"] == 40


def test_a_number_of_a_grant_is_one_though_it_repeats(folder, tmp_path):
    rows = [f"{n % 7},Bonn,Germany,2020" for n in range(40)]
    (folder / "grants.csv").write_text("\n".join(["Grant No,City,Country,Year", *rows]))
    new, summary, _ = written(folder, tmp_path)
    assert columns(new)["record"] == "Grant No"
    assert summary["sources"][0]["repeated"] == 33


def test_amounts_that_are_often_nothing_are_no_ids_and_a_count_is_read(folder, tmp_path):
    towns = [f"T{n},FRA,{n / 100},2.0,{0 if n % 8 else 1000 * n},{n % 9}" for n in range(900)]
    (folder / "totals.csv").write_text("\n".join(["city,country_code,lat,lon,grant,funding_rounds", *towns]))
    new, summary, _ = written(folder, tmp_path)
    assert "record" not in columns(new)
    assert columns(new)["count"] == "funding_rounds"
    assert summary["sources"][0]["remarks"] == []


def test_regions_that_are_none_that_is_known_are_named(folder, tmp_path):
    towns = ("Graz,Steiermark", "Linz,AT31", "Wels,AT31", "Wien,AT13", "Salzburg,AT-5")
    rows = [f"{n},{towns[n % len(towns)]},Austria,2020" for n in range(40)]
    (folder / "grants.csv").write_text("\n".join(["Grant No,City,Region,Country,Year", *rows]))
    new, summary, _ = written(folder, tmp_path)
    assert columns(new)["region"] == "Region"
    (remark,) = summary["sources"][0]["remarks"]
    assert remark.startswith(
        "region: 2 values such as 'AT31', 'AT13' are no regions that are known; they were not used "
    )
    assert "(24 of 40 listings sampled)" in remark


def test_a_large_record_whose_rows_stand_together_is_one(folder, tmp_path):
    rows = [f"{n if n > 700 else 0},{n / 100},2.0,2020" for n in range(900)]
    (folder / "papers.csv").write_text("\n".join(["paper id,lat,lon,Year", *rows]))
    new, summary, _ = written(folder, tmp_path)
    assert columns(new)["record"] == "paper id"
    (remark,) = (each for each in summary["sources"][0]["remarks"] if "id of records" in each)
    assert remark.startswith("of the listings sampled, 1 record, '0', has 78 % of the listings (701 of 900): ")


def test_numbers_that_repeat_are_no_ids_of_records(folder, tmp_path):
    rows = [f"{n % 7},Bonn,Germany,2020" for n in range(40)]
    (folder / "grants.csv").write_text("\n".join(["Case No,City,Country,Year", *rows]))
    new, _, _ = written(folder, tmp_path)
    assert "record" not in columns(new)
    assert new.drafts.sources[0].unused == ("Case No",)


def test_companies_are_for_profiles_and_no_institutions(folder, tmp_path):
    (folder / "deals.csv").write_text(
        "company,city,country,year\nBayer AG,Bonn,Germany,2020\nSAP,Walldorf,Germany,2021\n"
    )
    new, _, _ = written(folder, tmp_path)
    assert columns(new)["organisation"] == "company"
    assert "institution" not in columns(new)
    assert not new.needs_register


def test_a_company_in_a_table_of_inventors_is_no_column_for_profiles(folder, tmp_path):
    (folder / "filings.csv").write_text("application no,applicant,city,country,year\n1,Bayer AG,Bonn,Germany,2020\n")
    new, _, _ = written(folder, tmp_path)
    assert {"organisation", "institution"}.isdisjoint(columns(new))


def test_an_existing_study_is_never_overwritten(folder, tmp_path):
    (tmp_path / "new.toml").write_text("mine")
    with pytest.raises(StudyError, match="exists already"):
        new_study.write(folder, tmp_path / "new.toml")
    assert (tmp_path / "new.toml").read_text() == "mine"
    with pytest.raises(StudyError, match="There is no folder"):
        new_study.write(folder / "none", tmp_path / "other.toml")
    with pytest.raises(DataError, match="holds no data file"):
        new_study.write(folder, tmp_path / "other.toml")


@pytest.mark.parametrize(
    ("listings", "whole", "line"),
    [
        (39, True, "min_listings = 3"),
        (14_721, True, "min_listings = 28"),
        (300_000, True, "min_listings = 209"),
        (2_900_000, True, "min_listings = 948"),
        (3_000_000, True, "min_share_ppm = 150"),
        (20_000, False, "min_share_ppm = 150"),
        (0, True, "min_share_ppm = 150"),
    ],
)
def test_the_threshold_suits_the_number_of_listings_and_says_how_it_was_chosen(listings, whole, line):
    text, reason = size.threshold([size.Size(listings=listings, whole=whole)])
    assert text == line
    assert "published method" in reason


def test_a_window_holds_all_years_of_few_listings_and_the_last_five_of_many():
    years = dict.fromkeys(range(2000, 2021), 10)
    assert size.window(size.Size(listings=210, years=size.Counter(years)))[0] == (2000, 2020)
    assert size.window(size.Size(listings=10**6, years=size.Counter(years)))[0] == (2016, 2020)
    assert size.window(size.Size(listings=10, years=size.Counter(years), whole=False))[0] == (2016, 2020)
    assert size.window(size.Size()) is None


@pytest.mark.parametrize(
    ("years", "window", "but"),
    [
        ({1921: 1, 2015: 500, 2016: 600}, (2015, 2016), " but 1921 (1 listing, far"),
        ({2015: 500, 2016: 600, 2091: 2}, (2015, 2016), " but 2091 (2 listings, far"),
        ({1921: 1, 1922: 1, 2015: 500}, (2015, 2015), " but 1921, 1922 (2 listings, far"),
        ({1921: 9, 2015: 500}, (1921, 2015), ""),
        ({2011: 1, 2015: 500}, (2011, 2015), ""),
        ({1990: 1, 2015: 1}, (1990, 2015), ""),
        ({1990: 1}, (1990, 1990), ""),
    ],
)
def test_a_window_leaves_out_rare_years_that_are_far_from_the_others_and_says_so(years, window, but):
    result, reason = size.window(size.Size(listings=1100, years=size.Counter(years)))
    assert result == window
    assert reason.startswith(f"all its years{but}")


def test_rows_inside_json_documents_are_looked_for(folder, tmp_path):
    page = {
        "meta": {"count": 3},
        "results": [
            {"id": f"W{n}", "year": 2020 + n, "authors": [{"position": k, "place": {"city": "Bonn"}} for k in range(2)]}
            for n in range(3)
        ],
    }
    (folder / "page.json").write_text(json.dumps(page, indent=2))
    new, summary, study = written(folder, tmp_path)
    assert columns(new) == {"city": "$.place.city", "year": "../year", "record": "../id", "listing": "position"}
    assert study["sources"][0]["options"] == {"rows": "results[*].authors[*]"}
    assert (summary["sources"][0]["rows_kept"], summary["sources"][0]["sample"]["record_key"]) == (6, "W0")


@pytest.mark.parametrize("indent", [1, None])
@pytest.mark.parametrize("wrapped", [lambda works: {"meta": {"page": 1}, "results": works}, lambda works: works])
def test_pages_and_arrays_of_openalex_are_read_by_its_reader(folder, tmp_path, wrapped, indent):
    for number in range(3):
        works = [work(id=f"W{10 * number + one}") for one in range(4)]
        (folder / f"answer-{number}.json").write_text(json.dumps(wrapped(works), indent=indent))
    _, summary, study = written(folder, tmp_path)
    assert [source["reader"] for source in study["sources"]] == ["openalex"]
    assert (summary["sources"][0]["files"], summary["sources"][0]["rows_kept"]) == (3, 12)


def test_the_counts_of_openalex_are_counted_and_their_coverage_is_not(folder, tmp_path):
    for year in (2019, 2020):
        rows = [
            {
                "openalex_id": f"I{n}",
                "institution_id": f"https://ror.org/0{n:07}1",
                "institution": f"University {n}",
                "country": "DE",
                "lat": 50.0 + n,
                "lon": 7.0,
                "year": year,
                "works": 10 + n,
            }
            for n in range(9)
        ]
        pq.write_table(pa.Table.from_pylist(rows), folder / f"works-{year}.parquet")
        (folder / f"coverage-{year}.csv").write_text(
            f"year,country,works,counted_at_institutions,counted_without_coordinates\n{year},DE,200,126,0\n"
        )
    new, summary, study = written(folder, tmp_path)
    assert study["sources"][0]["files"].endswith("works-*.parquet") or len(study["sources"][0]["files"]) == 2
    assert (study["sources"][0]["metric"], len(study["sources"])) == ("publications", 1)
    assert columns(new)["count"] == "works"
    assert new.sizes[0].listings == 2 * sum(range(10, 19))
    assert summary["sources"][0]["rows_kept"] == 18


def test_of_many_files_called_alike_only_the_first_are_opened(folder, tmp_path, monkeypatch):
    for day in range(1, 21):
        path = folder / "works" / f"updated_date=2026-01-{day:02}" / "part_0000.jsonl"
        path.parent.mkdir(parents=True)
        path.write_text(lines(work(id=f"W{day}")))
    opened = []
    original = drafts.looks
    monkeypatch.setattr(drafts, "looks", lambda path: opened.append(path) or original(path))
    _, _, study = written(folder, tmp_path)
    assert len(opened) == drafts.OPENED
    assert study["sources"][0]["files"] == "../files/works/updated_date=*/part_0000.jsonl"


def test_columns_of_towns_and_their_countries_are_known_by_their_values(folder, tmp_path):
    rows = "".join(f"{n};2020;{town};Deutschland\n" for n, town in enumerate(("Berlin", "Köln", "Bonn")))
    (folder / "deals.csv").write_text(f"round_id;year;Stadt;Land\n{rows}")
    _, _, study = written(folder, tmp_path)
    columns = study["sources"][0]["columns"]
    assert (columns["city"], columns["country"]) == ("Stadt", "Land")
    (folder / "deals.csv").write_text(f"round_id;year;Stadt;Land\n{rows}".replace("Deutschland", "Frankreich"))
    with pytest.raises(DataError, match=r"no column looks like a place.*its columns: round_id, year, Stadt, Land"):
        written_again(folder, tmp_path)


@pytest.mark.parametrize(
    ("header", "rows", "expected"),
    [
        (
            "pedido;ano;municipio;uf;pais;tipo",
            ["Campinas;SP;Brasil;AL", "Porto Alegre;RS;Brasil;AL", "Teresina;PI;Brasil;AL"],
            {"city": "municipio", "region": "uf", "country": "pais"},
        ),
        (
            "출원번호;출원년도;시군구;시도;국가;tipo",
            ["수원시;경기도;KR;A", "성남시;경기도;KR;A", "청주시;충청북도;KR;A", "북구;광주광역시;KR;A"],
            {"city": "시군구", "region": "시도", "country": "국가"},
        ),
    ],
)
def test_regions_are_known_by_the_towns_of_their_rows(folder, tmp_path, header, rows, expected):
    lines = [header, *(f"{number};2020;{row}" for number, row in enumerate(rows))]
    (folder / "filings.csv").write_text("\n".join(lines), "utf-8")
    new, _, _ = written(folder, tmp_path)
    assert {name: column for name, column in columns(new).items() if name in expected} == expected


@pytest.mark.parametrize(
    ("others", "country"),
    [(["Lyon;;France", "Madrid;;Spain", "Basel;;Switzerland"], ";Land"), (["Insgesamt;", "Ausland;"], "")],
)
def test_regions_are_judged_by_the_rows_that_have_one(folder, tmp_path, others, country):
    of_country = ";Germany" if country else ""
    towns = ["Stuttgart;BW", "München;BY", "Dresden;SN", "Köln;NW", "Potsdam;BB", "Mainz;RP", "Kiel;SH"]
    rows = [*(f"{town}{of_country}" for town in towns), *others]
    lines = [f"Jahr;Ort;Bundesl{country}", *(f"{2015 + number % 2};{row}" for number, row in enumerate(rows))]
    (folder / "filings.csv").write_text("\n".join(lines), "utf-8")
    new, _, _ = written(folder, tmp_path)
    (region,) = [guess for guess in new.drafts.sources[0].columns if guess.name == "region"]
    empty = 100 * len(others) / len(rows)
    assert (region.column, region.reason.rpartition("; ")[2]) == ("Bundesl", f"{empty:.0f} % of the rows have none")


@pytest.mark.parametrize(
    ("header", "code", "why"),
    [
        ("kod_pocztowy", "{}", "by its name; 100 % of its values are post codes"),
        ("C7", "{}", "by its values: 100 % are post codes near the towns of their rows"),
        ("C7", "9{}", ""),
        ("C7", "2013", ""),
    ],
)
def test_post_codes_are_known_by_their_name_or_the_towns_of_their_rows(folder, tmp_path, header, code, why):
    towns = ["Dresden;01067", "Leipzig;4109", "Köln;50667", "Berlin;10115", "Hamburg;20095", "Aalen;73430"]
    rows = [f"A{n};2020;{town.split(';')[0]};{code.format(town.split(';')[1])};DE" for n, town in enumerate(towns)]
    (folder / "filings.csv").write_text("\n".join([f"id;year;city;{header};country", *rows]), "utf-8")
    new, _, _ = written(folder, tmp_path)
    codes = [(guess.column, guess.reason) for guess in new.drafts.sources[0].columns if guess.name == "postcode"]
    assert codes == ([(header, why)] if why else [])


def test_years_are_no_post_codes_though_these_are_those_of_a_city(folder, tmp_path):
    towns = ["Sydney", "Parramatta", "Chatswood", "Bondi"]
    rows = [f"A{n};{2000 + n};{town};AU" for n, town in enumerate(towns * 3)]
    (folder / "filings.csv").write_text("\n".join(["id;C7;city;country", *rows]), "utf-8")
    assert "postcode" not in columns(written(folder, tmp_path)[0])


GERMAN_TOWNS = ["Stuttgart", "Ulm", "Heidelberg", "Mannheim", "Karlsruhe", "Tübingen", "Konstanz", "Aalen"]


def test_towns_are_known_by_their_values_though_some_are_none(folder, tmp_path):
    towns = [*GERMAN_TOWNS, "Freiburg i. Br.", "KA", "VS-Villingen"]
    rows = "".join(f"{town};DE;2022\n" for town in towns)
    (folder / "o.csv").write_text(f"Ort;Land;Jahr\n{rows}", "utf-8")
    new, _, _ = written(folder, tmp_path)
    assert columns(new) == {"country": "Land", "city": "Ort", "year": "Jahr"}


@pytest.mark.parametrize(("before", "name"), [("", "city"), ("7017", "address")])
def test_towns_of_one_country_are_known_by_their_values_and_the_country_is_proposed(folder, tmp_path, before, name):
    rows = "".join(f"{before and before + str(n) + ' '}{town};{2020 + n}\n" for n, town in enumerate(GERMAN_TOWNS))
    (folder / "o.csv").write_text(f"PLZ/Ort;Jahr\n{rows}", "utf-8")
    new, _, _ = written(folder, tmp_path)
    assert columns(new) == {name: "PLZ/Ort", "year": "Jahr"}
    proposed = [note for note in new.drafts.sources[0].notes if 'add country = { value = "DE" }' in note]
    assert len(proposed) == (name == "city")


@pytest.mark.parametrize("names", [["Smith", "Garcia", "Miller", "Taylor", "Scott"], ["Software", "Energy", "Health"]])
def test_surnames_and_fields_are_no_towns(folder, tmp_path, names):
    rows = "".join(f"{name},US,2020\n" for name in names)
    (folder / "o.csv").write_text(f"who,where,year\n{rows}", "utf-8")
    with pytest.raises(DataError, match="no column looks like a place"):
        written(folder, tmp_path)


def test_the_column_that_is_nearest_to_towns_is_named_with_its_line(folder, tmp_path):
    (folder / "o.csv").write_text("Ort;Jahr\nKA;2020\nVS;2020\nS;2020\nUlm;2021\nHeidelberg;2022\n", "utf-8")
    with pytest.raises(DataError, match=r"40 % of 'Ort' are names of towns in Germany: .* write city = 'Ort' under"):
        written(folder, tmp_path)


def test_a_few_towns_are_written_with_the_reason_where_all_are_towns(folder, tmp_path):
    rows = "".join(f"{n};2022;{town};DE40\n" for n, town in enumerate(["Frankfurt", "Neumarkt", "Linz"] * 4))
    rows = rows.replace("Linz", "Neustadt")
    (folder / "o.csv").write_text(f"Id;Jahr;Ort;NUTS2\n{rows}", "utf-8")
    new, _, study = written(folder, tmp_path)
    assert study["sources"][0]["columns"]["city"] == "Ort"
    (reason,) = (guess.reason for guess in new.drafts.sources[0].columns if guess.name == "city")
    assert "names of towns in one country (Germany), though only 3 different ones; leave it out" in reason


def test_a_table_by_codes_of_regions_is_shown_the_way(folder, tmp_path):
    (folder / "o.csv").write_text("Jahr;NUTS2;Anmeldungen\n2019;AT11;6\n2019;AT12;167\n2020;;7\n", "utf-8")
    with pytest.raises(DataError, match=r"'NUTS2' looks like codes of regions.*docs/sources/areas\.md"):
        written(folder, tmp_path)


def test_rows_that_list_several_dated_records_are_named(folder, tmp_path):
    dates = ["jan/2019;mar/2021", "", "feb/2020;may/2020;jun/2022", "apr/2018"]
    rows = "".join(f"Firm {n},Germany,{town},2015,{dates[n % 4]}\n" for n, town in enumerate(GERMAN_TOWNS))
    (folder / "companies.csv").write_text(f"Name,HQ Country,HQ City,Launch date,Each round date\n{rows}", "utf-8")
    new, _, _ = written(folder, tmp_path)
    (note,) = new.drafts.sources[0].notes
    assert note.startswith(
        "'Each round date' holds several dates in a cell (jan/2019;mar/2021), so a row seems to list s"
    )
    assert "the 25 % of the rows that list none" in note


def test_columns_of_kinds_and_fields_are_named_by_their_values_whatever_they_are_called(folder, tmp_path):
    tours, fields = ("Dette", "Amorçage", "Série A"), ("Santé", "Énergie")
    rows = "".join(
        f"Firme {n};Germany;{GERMAN_TOWNS[n % 8]};2022;{tours[n % 3]};{fields[n % 2]};{n + 1000}\n" for n in range(40)
    )
    (folder / "rounds.csv").write_text(f"Entreprise;Pays;Ville;Jahr;Tour;Secteur;Montant\n{rows}", "utf-8")
    new, _, _ = written(folder, tmp_path)
    (note,) = [note for note in new.drafts.sources[0].notes if "equal values stand" in note]
    named = "'Tour' (Dette 14, Amorçage 13, Série A 13), 'Secteur' (Santé 20, Énergie 20): as type"
    assert note.startswith(f"equal values stand on many rows of {named}")
    assert "(with types under [sources.options]) such a column says which rows count" in note


def test_a_row_of_totals_is_named(folder, tmp_path):
    rows = "".join(f"{town};DE;2022;{n + 3}\n" for n, town in enumerate(GERMAN_TOWNS))
    (folder / "o.csv").write_text(f"Ort;Land;Jahr;Anzahl\n{rows}Bundesgebiet;;2022;52\n", "utf-8")
    new, _, _ = written(folder, tmp_path)
    assert columns(new) == {"country": "Land", "city": "Ort", "year": "Jahr", "count": "Anzahl"}
    (note,) = new.drafts.sources[0].notes
    assert note.startswith("the count of the row 'Bundesgebiet, 2022, 52' is the sum of all others")
    (folder / "o.csv").write_text(f"Ort;Land;Jahr;Anzahl\n{rows}Gesamt;;2022;52\n", "utf-8")
    new, _, _ = written_again(folder, tmp_path)
    assert not new.drafts.sources[0].notes
    assert new.sizes[0].listings == 52


def test_a_table_with_a_column_for_each_year_is_a_source_for_each(folder, tmp_path):
    table = "Municipi;País;Habitants;2020;2021;2022 \nBarcelona;España;1600000;34;71;30\nGirona;España;100000;3;0;8\n"
    (folder / "o.csv").write_text(table, "utf-8")
    new, _, study = written(folder, tmp_path)
    place = {"city": "Municipi", "country": "País"}
    assert [source["columns"] for source in study["sources"]] == [
        {**place, "year": {"value": year}, "count": str(year)} for year in (2020, 2021, 2022)
    ]
    assert study["windows"] == {study["sources"][0]["metric"]: [2020, 2022]}
    assert [size.listings for size in new.sizes] == [37, 71, 38]
    assert new.drafts.sources[0].unused == ("Habitants",)


def inventors():
    """Return rows of 40 applications with 1 to 3 inventors each, sorted by a county of four towns."""
    for number in range(40):
        for nth in range(1 + number % 3):
            yield f"DE{number:06}", f"Erfinder {nth}", GERMAN_TOWNS[(number + 3 * nth) % 8], f"{70000 + number // 5}"


def test_ids_of_records_are_known_by_their_rows_where_one_in_seven_has_two(folder, tmp_path):
    rows = [
        f"P.43{number:04};Firma {number};{GERMAN_TOWNS[(number + nth) % 8]}"
        for number in range(140)
        for nth in range(1 + (number % 7 == 0))
    ]
    (folder / "liste.csv").write_text(
        "Nr zgłoszenia;Podmiot;Ort;Land;Jahr\n" + "".join(f"{row};DE;2022\n" for row in rows)
    )
    new, _, _ = written(folder, tmp_path)
    assert columns(new)["record"] == "Nr zgłoszenia"


def test_ids_of_records_are_known_by_adjacent_rows_whatever_they_are_called(folder, tmp_path):
    rows = "".join(f"{';'.join(row)};Deutschland;2022\n" for row in inventors())
    (folder / "liste.csv").write_text(f"Aktenzeichen;Erfinder;Ort;Kennziffer;Land;Jahr\n{rows}", "utf-8")
    new, _, _ = written(folder, tmp_path)
    assert columns(new) == {"country": "Land", "city": "Ort", "year": "Jahr", "record": "Aktenzeichen"}
    assert new.drafts.sources[0].unused == ("Erfinder", "Kennziffer")


def test_rows_that_would_be_merged_are_named_with_the_option_that_keeps_them_apart(folder, tmp_path):
    rows = "".join(f"{';'.join(row)};Deutschland;2022\n" for row in [*inventors(), *inventors()][:90])
    (folder / "liste.csv").write_text(f"Aktenzeichen;Erfinder;Ort;Kennziffer;Land;Jahr\n{rows}", "utf-8")
    new, *_ = written(folder, tmp_path)
    merged = len(rows.splitlines()) - len(set(inventors()))
    (note,) = [note for note in new.drafts.sources[0].notes if "written twice" in note]
    assert note.startswith(
        f"rows that repeat an earlier one in every column, with its 'Aktenzeichen', are taken for that row written "
        f"twice: {merged} of the first 90"
    )
    assert 'add rows = "listings" under [sources.options]' in note


def test_rows_that_differ_in_a_column_that_is_not_read_are_not_merged_and_the_note_agrees(folder, tmp_path):
    owners = (("Firm A", "Pune"), ("Firm B", "Pune"), ("Firm C", "Bengaluru"))
    rows = "".join(f"A{number:03},{firm},{city},India,2022\n" for number in range(40) for firm, city in owners)
    (folder / "patents.csv").write_text(f"Application Number,Applicant Name,City,Country,Year\n{rows}")
    new, summary, _ = written(folder, tmp_path)
    assert new.drafts.sources[0].unused == ("Applicant Name",)
    assert not [note for note in new.drafts.sources[0].notes if "written twice" in note]
    assert summary["sources"][0]["repeated"] == 0
    bare = rows
    for firm, _ in owners:
        bare = bare.replace(f"{firm},", "")
    (folder / "patents.csv").write_text(f"Application Number,City,Country,Year\n{bare}")
    (tmp_path / "studies" / "new.toml").unlink()
    new, summary, _ = written(folder, tmp_path)
    assert [note for note in new.drafts.sources[0].notes if "written twice: 40 of" in note]
    assert summary["sources"][0]["repeated"] == 40


def test_a_parquet_file_with_lists_of_json_is_looked_at(folder, tmp_path):
    places = pa.ExtensionArray.from_storage(pa.json_(), pa.array(['{"a": 1}'] * 40))
    lists = pa.ListArray.from_arrays(pa.array(range(41), pa.int32()), places)
    columns_of_file = {"id": range(40), "city": ["Bonn"] * 40, "country": ["DE"] * 40, "year": [2022] * 40}
    pq.write_table(pa.table({**columns_of_file, "more": lists}), folder / "works.parquet")
    new, summary, _ = written(folder, tmp_path)
    assert columns(new)["city"] == "city"
    assert summary["sources"][0]["rows_kept"] == 40


def test_two_sources_of_one_metric_are_named_on_the_screen(folder, tmp_path):
    for name, header in (("scopus", "Paper;Ort;Land;Jahr;X"), ("wos", "Paper;Ort;Land;Jahr")):
        rows = [f"{name}{n};{GERMAN_TOWNS[n % 8]};Deutschland;2022{';x' * header.count('X')}" for n in range(20)]
        (folder / f"publications_{name}.csv").write_text("\n".join([header, *rows]) + "\n", "utf-8")
    new, _, _ = written(folder, tmp_path)
    assert new.drafts.sources[-1].notes[-1] == (
        "2 sources of publications are counted together: keep one if they overlap"
    )


def test_titles_that_group_rows_are_proposed_as_ids(folder, tmp_path):
    rows = "".join(f"Über {row[0]};{row[2]};Deutschland;2022\n" for row in inventors())
    (folder / "liste.csv").write_text(f"Titel;Ort;Land;Jahr\n{rows}", "utf-8")
    new, _, _ = written(folder, tmp_path)
    assert "record" not in columns(new)
    (note,) = new.drafts.sources[0].notes
    assert note.startswith(
        "equal values of 'Titel' (Über DE000000) stand on adjacent rows at several places (40 differe"
    )
    assert note.endswith('add record = "Titel" under [sources.columns]')


@pytest.mark.parametrize("value", ["{town}-07", "{n:02}.05.2022", "{n}"])
def test_what_groups_rows_of_one_place_or_is_a_date_or_a_short_number_is_no_id(folder, tmp_path, value):
    rows = "".join(
        f"{value.format(town=town, n=n + 1)};{town if 'town' in value else GERMAN_TOWNS[n - nth]};DE;2022\n"
        for n, town in enumerate(GERMAN_TOWNS)
        for nth in range(3)
    )
    (folder / "liste.csv").write_text(f"Kennung;Ort;Land;Jahr\n{rows}", "utf-8")
    new, _, _ = written(folder, tmp_path)
    assert "record" not in columns(new)


def test_lists_of_objects_with_the_text_of_an_affiliation_are_places_of_their_author(folder, tmp_path):
    lists = [
        [{"id": "a", "name": "MIT, Cambridge, MA, USA; email: x@mit.example"}, {"name": "ETH, Zürich, Switzerland"}],
        [],
    ]
    works = [{"DOI": f"10/{n}", "year": 2020, "author": [{"affiliation": one} for one in lists]} for n in range(3)]
    (folder / "papers.jsonl").write_text("".join(json.dumps(work) + "\n" for work in works))
    new, summary, _ = written(folder, tmp_path)
    (guess,) = [one for one in new.drafts.sources[0].columns if one.name == "institution"]
    assert (guess.column, guess.places) == ("affiliation", "[]")
    assert summary["sources"][0]["economies"] == {"CH": 3, "US": 3}
    assert summary["sources"][0]["remarks"] == []


def test_lists_of_affiliations_in_json_are_places_of_the_author_that_they_belong_to(folder, tmp_path):
    lists = [["MIT, Cambridge, USA", "ETH, Zürich, Switzerland"], ["University of Bonn, Bonn, Germany"]]
    works = [{"id": n, "year": 2020, "authors": [{"affiliations": one} for one in lists]} for n in range(3)]
    (folder / "papers.jsonl").write_text("".join(json.dumps(work) + "\n" for work in works))
    _, summary, study = written(folder, tmp_path)
    assert study["sources"][0]["columns"]["institution"] == {"from": "affiliations", "places": "[]"}
    assert summary["sources"][0]["remarks"] == []


def test_cells_that_are_lists_are_split_into_listings_or_into_places_of_one(folder, tmp_path):
    rows = [
        '1,"MIT, Cambridge; ETH, Zurich",2019',
        '2,"Univ Oslo, Norway",2020',
        '3,"ETH, Zurich; MIT, Cambridge",2020',
    ]
    (folder / "papers.csv").write_text("\n".join(["paper_id,affiliations,year", *rows]) + "\n")
    new, summary, study = written(folder, tmp_path)
    assert study["sources"][0]["columns"]["institution"] == {"from": "affiliations", "split": ";"}
    assert (new.sizes[0].listings, summary["sources"][0]["remarks"]) == (5, [])
    lines_of_authors = [f"{row},{n}" for n, row in enumerate(rows, 1)]
    (folder / "papers.csv").write_text("\n".join(["paper_id,affiliations,year,author_no", *lines_of_authors]) + "\n")
    new, summary, study = written_again(folder, tmp_path)
    assert study["sources"][0]["columns"]["institution"] == {"from": "affiliations", "places": ";"}
    assert summary["sources"][0]["remarks"] == []


def test_a_date_column_says_the_year_and_an_id_with_a_year_in_it_does_not(folder, tmp_path):
    rows = [f"P2016-{n:04},Bonn,Germany,{n % 12 + 1:02}/09/2023" for n in range(40)]
    (folder / "projects.csv").write_text("\n".join(["Project ID,City,Country,Start date", *rows]))
    _, summary, study = written(folder, tmp_path)
    assert study["sources"][0]["columns"]["year"]["from"] == "Start date"
    assert (study["windows"], summary["sources"][0]["rows_kept"]) == ({"projects": [2023, 2023]}, 40)
    for date, what in (("09/23", "holds dates with a year of two digits (01/09/23)"), ("09/2023", "looks like dates")):
        text = "\n".join(["Project ID,City,Country,Start date", *rows]).replace("09/2023", "09/23")
        (folder / "projects.csv").write_text(text.replace("09/23", date, 20))
        new, _, study = written_again(folder, tmp_path)
        assert "windows" not in study
        assert f"'Start date' {what}" in new.drafts.sources[0].notes[0]
        assert f"# Look at this: 'Start date' {what}" in new.path.read_text("utf-8")


@pytest.mark.parametrize(
    "date", ["19.05.2021", "2021/05/19", "2021年5月19日", "May 19, 2021", "19 mai 2021", "19-May-2021"]
)
def test_the_year_of_a_date_in_any_form_is_read_whatever_its_column_is_called(folder, tmp_path, date):
    rows = [f'X1999-{n:04},Bonn,Germany,"{date}"' for n in range(9)]
    (folder / "grants.csv").write_text("\n".join(["Code,City,Country,When", *rows]), "utf-8")
    _, _, study = written(folder, tmp_path)
    assert study["windows"] == {"grants": [2021, 2021]}


def test_the_complete_id_is_that_of_the_records_and_without_one_each_row_is_a_record(folder, tmp_path):
    rows = [f"{'' if n % 10 else f'10.1/{n}'},2-s2.0-{n},Bonn,Germany,2020" for n in range(40)]
    (folder / "papers.csv").write_text("\n".join(["DOI,EID,City,Country,Year", *rows]))
    new, summary, _ = written(folder, tmp_path)
    assert (columns(new)["record"], summary["sources"][0]["rows_kept"]) == ("EID", 40)
    (guess,) = (guess for guess in new.drafts.sources[0].columns if guess.name == "record")
    assert guess.reason == "by its name; 100 % of the first 40 rows have one, 40 different"
    (folder / "papers.csv").write_text("\n".join(["DOI,Code,City,Country,Year", *rows]))
    new, summary, _ = written_again(folder, tmp_path)
    assert ("record" in columns(new), summary["sources"][0]["rows_kept"]) == (False, 40)
    assert "'DOI' is called an id, but 90 % of the rows have none" in new.drafts.sources[0].notes[0]


PATSTAT = "appln_id,appln_auth,appln_filing_year,person_address,{country},invt_seq_nr,applt_seq_nr\n"


def test_countries_are_recognised_by_their_values_and_persons_who_are_no_inventors_left_out(folder, tmp_path):
    rows = "".join(
        f"{n},US,2020,Hauptstr. 7,{'DE' if n % 2 else 'AT'},{k},{1 - k}\n" for n in range(20) for k in (0, 1)
    )
    for header in ("person_ctry_code", "wo"):
        (folder / "patstat.csv").write_text(PATSTAT.format(country=header) + rows)
        new, summary, study = written(folder, tmp_path)
        assert (columns(new)["country"], columns(new)["listing"]) == (header, "invt_seq_nr")
        assert study["sources"][0]["options"] == {"types": list("123456789")}
        assert (summary["sources"][0]["rows_kept"], summary["sources"][0]["out_of_scope"]) == (
            20,
            {"no type": 20},
        )
        without = "0 rows read are of the kinds '2', '3', '4', '5', '6', '7', '8', '9', which options.types names."
        assert summary["sources"][0]["remarks"] == [without], "in one line"
        shutil.rmtree(tmp_path / "studies")
    offices = rows.replace(",DE,", ",?,").replace(",AT,", ",?,")
    (folder / "patstat.csv").write_text(PATSTAT.format(country="wo") + offices)
    new, _, _ = written(folder, tmp_path)
    assert "country" not in columns(new)  # an office is not where the inventor is


def test_families_of_applications_are_said_to_be_one_invention_unless_they_are_counted(folder, tmp_path):
    rows = "".join(f"{n},{2018 + n % 3},{700 + n // 3},Bonn,DE,{k}\n" for n in range(30) for k in (1, 2))
    (folder / "patstat.csv").write_text(
        f"appln_id,appln_filing_year,docdb_family_id,city,person_ctry_code,invt_seq_nr\n{rows}"
    )
    study_file = tmp_path / "studies" / "new.toml"
    new, *_ = written(folder, tmp_path)
    (note,) = [note for note in new.drafts.sources[0].notes if "one invention" in note]
    assert note.startswith("'docdb_family_id' says which family a row belongs to")
    assert note.endswith('write record = "docdb_family_id" under [sources.columns]')
    families = study_file.read_text().replace('record = "appln_id"', 'record = "docdb_family_id"')
    study_file.write_text(families)
    counted = study_check.check(study_file, rows=100, progress=no_progress)["sources"][0]
    assert (counted["rows_kept"], counted["repeated"]) == (60, 40), "ten families of two inventors"


def test_the_last_date_of_databases_is_no_year_and_without_many_years_there_is_no_window(folder, tmp_path):
    rows = "".join(f"{n},Bonn,DE,{9999 if n % 6 == 0 else 2015 + n % 6}\n" for n in range(60))
    (folder / "applications.csv").write_text(f"appln_id,city,country,filing_year\n{rows}")
    new, summary, study = written(folder, tmp_path)
    assert columns(new)["year"] == "filing_year"
    assert "windows" not in study
    (note,) = new.drafts.sources[0].notes
    assert note.startswith(
        "patents has no window, so all years count: 17 % of the listings of this source have no year"
    )
    assert summary["sources"][0]["rows_kept"] == 60


def test_codes_that_are_not_the_countries_of_the_towns_are_no_countries(folder, tmp_path):
    rows = "".join(f"{n},2020,Bonn,IT\n" for n in range(20))
    (folder / "grants.csv").write_text(f"grant_id,year,city,field_code\n{rows}")
    new, _, _ = written(folder, tmp_path)
    assert "country" not in columns(new)
    (folder / "grants.csv").write_text(f"grant_id,year,city,field_code\n{rows}".replace("IT", "DE"))
    new, _, _ = written_again(folder, tmp_path)
    assert columns(new)["country"] == "field_code"


def test_kinds_of_rows_are_listed_with_what_to_add_to_count_some_of_them(folder, tmp_path):
    kinds = ["Seed", "Series A", "Grant", "Series A"]
    rows = "".join(f'2020-01-{n + 1:02},"Bonn, Germany",{kinds[n % 4]}\n' for n in range(20))
    (folder / "funding.csv").write_text(f"Announced Date,Headquarters Location,Funding Type\n{rows}")
    new, summary, _ = written(folder, tmp_path)
    (note,) = new.drafts.sources[0].notes
    assert "'Funding Type' says what kind a row is (in the first 20: Series A 10, Seed 5, Grant 5)" in note
    assert note.endswith(
        'add type = "Funding Type" under [sources.columns], and under [sources.options] those that '
        'count, such as types = ["Series A", "Seed"]'
    )
    assert summary["sources"][0]["rows_kept"] == 20
    assert new.drafts.sources[0].why_label.startswith("'Funding Type' has kinds that are no venture capital (Grant)")
    assert tomllib.loads(new.path.read_text("utf-8"))["metrics"] == {"deals": {"label": "Deals"}}
    (folder / "funding.csv").write_text(
        f"Announced Date,Headquarters Location,Funding Type\n{rows}".replace("Gra", "Ang")
    )
    (folder / "funding.csv").write_text((folder / "funding.csv").read_text().replace("Angnt", "Angel"))
    new, _, study = written_again(folder, tmp_path)
    assert "metrics" not in study, "all kinds are venture capital"


def test_degrees_with_a_decimal_comma_are_coordinates_and_the_towns_are_named_too(folder, tmp_path):
    rows = "".join(f"{n};Köln;Deutschland;19.05.2021;50,9{n};6,9\n" for n in range(20))
    (folder / "grants.csv").write_text(f"Nr;Ort;Land;Datum;Breite;Länge\n{rows}")
    new, summary, _ = written(folder, tmp_path)
    assert {name: columns(new)[name] for name in ("lat", "lon", "city", "country", "year")} == {
        "lat": "Breite",
        "lon": "Länge",
        "city": "Ort",
        "country": "Land",
        "year": "Datum",
    }
    assert summary["sources"][0]["rows_kept"] == 20


@pytest.mark.parametrize(
    ("number", "options", "counted"),
    [
        ("1.234", {"thousands": "."}, 1234),
        ('"1,234.0"', None, 1234),
        ('"1,234"', {"thousands": ","}, 1234),
        ("12.0", None, 12),
        ("1'234", None, 1234),
        ("1.234.567", None, 1234567),
        ('"442,86"', {"decimals": ","}, 443),
        ('"442,0"', {"decimals": ","}, 442),
        ("1234.5", {"decimals": "."}, 1235),
    ],
)
def test_counts_are_used_however_their_thousands_are_divided(folder, tmp_path, number, options, counted):
    towns = ["Berlin", "Köln", "Bonn", "Essen"]
    rows = "".join(f"{town},Deutschland,2022,{number if n == 0 else n}\n" for n, town in enumerate(towns))
    (folder / "anmeldungen.csv").write_text(f"Ort,Land,Jahr,Anzahl\n{rows}", "utf-8")
    new, summary, study = written(folder, tmp_path)
    assert columns(new)["count"] == "Anzahl"
    assert study["sources"][0].get("options") == options
    assert (new.sizes[0].listings, summary["sources"][0]["rows_kept"]) == (counted + 6, 4)


def test_a_count_that_is_no_number_in_many_rows_is_not_left_out_in_silence(folder, tmp_path):
    towns = ["Berlin", "Köln", "Bonn", "Essen", "Ulm", "Aachen", "Trier", "Mainz"]
    rows = "".join(f"{town},Deutschland,2022,{'-' if n < 2 else n}\n" for n, town in enumerate(towns))
    (folder / "anmeldungen.csv").write_text(f"Ort,Land,Jahr,Anzahl\n{rows}", "utf-8")
    new, _, _ = written(folder, tmp_path)
    assert "count" not in columns(new)
    (note,) = new.drafts.sources[0].notes
    assert note.startswith("'Anzahl' looks like a count, but 25 % of its values are no numbers ('-')")
    assert note.endswith('add count = "Anzahl" under [sources.columns]')


def test_a_count_of_rows_that_repeat_their_place_is_proposed(folder, tmp_path):
    (folder / "grants.csv").write_text("city,country,year,number\n" + "Bonn,Germany,2020,12\n" * 20)
    new, _, _ = written(folder, tmp_path)
    assert "count" not in columns(new)
    assert new.drafts.sources[0].notes[0].endswith('add count = "number" under [sources.columns]')


def test_files_of_several_years_are_one_metric_and_letters_beyond_ascii_are_written_without(folder, tmp_path):
    for year in (2023, 2024):
        (folder / f"Förderungen-{year}.csv").write_text(f"city,country,year\nBonn,Germany,{year}\n")
    _, _, study = written(folder, tmp_path)
    assert study["metrics"] == {"forderungen": {"label": "Förderungen"}}
    assert study["windows"] == {"forderungen": [2023, 2024]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("stad,jaar,aantal\nDen Haag,2019,19\nHaag,2020,48\n", {"city": "stad", "year": "jaar", "count": "aantal"}),
        ("Ville,Nombre\nLille,3\nOslo,4\nBonn,7\n", {"city": "Ville", "count": "Nombre"}),
    ],
)
def test_a_column_of_few_towns_or_of_several_countries_is_known_by_its_name(folder, tmp_path, text, expected):
    (folder / "a.csv").write_text(text, "utf-8")
    new, _, _ = written(folder, tmp_path)
    assert columns(new) == expected


def test_of_a_table_that_says_no_place_the_beginning_of_a_study_is_written(folder, tmp_path):
    (folder / "werte.csv").write_text("Kode;Wert;Jahr;Wo\nA1;3;2020;Bonn\nB2;4;2021;Xyz\n", "utf-8")
    out = tmp_path / "new.toml"
    with pytest.raises(
        DataError, match=r"no column looks like a place .* Written: .*new\.toml, with its columns as comm"
    ):
        new_study.write(folder, out)
    text = out.read_text("utf-8")
    assert text.startswith("# To be completed: no column looks like a place (coordinates, city")
    assert '# ? = "Wo"\n' in text
    assert "Bonn" not in text, "a value may be the name of a person"
    assert list(tomllib.loads(text)["sources"][0]["columns"]) == ["year"]
    completed = text.replace('# ? = "Wo"', 'city = "Wo"').replace('# ? = "Kode"', 'record = "Kode"')
    out.write_text(completed, "utf-8")
    assert study_check.check(out, rows=1000, progress=no_progress)["sources"][0]["rows_kept"] == 2


def works_of_crossref():
    """Return works as Crossref has them: dates of the entry before that of issue, places of publishers and events."""
    names = ("University of Bonn, Germany", "CERN, Geneva, Switzerland")
    of_entry = {"date-parts": [[2025, 11, 3]], "date-time": "2025-11-03T10:00:00Z"}
    return [
        {
            "indexed": of_entry,
            "publisher-location": "New York, NY, USA",
            "license": [{"start": {"date-time": "2020-01-01T00:00:00Z"}, "URL": "http://example.org"}],
            "funder": [{"name": "Fund", "DOI": "10.13039/1"}],
            "event": {"name": "Meeting", "location": "Vienna, Austria"},
            "DOI": f"10.1/{n}",
            "author": [{"family": f"F{n}", "affiliation": [{"name": name}]} for name in names],
            "reference": [{"key": "1", "year": "1999"}] * 9,
            "issued": {"date-parts": [[2019 + n % 3]]},
        }
        for n in range(9)
    ]


@pytest.mark.parametrize("paged", [True, False])
def test_a_study_of_works_of_crossref_reads_the_affiliations_of_authors_and_the_year_of_issue(folder, tmp_path, paged):
    if paged:
        page = {"status": "ok", "message": {"total-results": 9, "items": works_of_crossref()}}
        (folder / "page1.json").write_text(json.dumps(page))
    else:
        (folder / "works.jsonl").write_text("\n".join(map(json.dumps, works_of_crossref())))
    new, summary, study = written(folder, tmp_path)
    assert columns(new) == {"institution": "affiliation", "year": "../$.issued.date-parts", "record": "../DOI"}
    rows = "message.items[*].author[*]" if paged else "author[*]"
    assert study["sources"][0]["options"] == {"rows": rows}
    assert (summary["sources"][0]["rows_kept"], summary["sources"][0]["remarks"]) == (18, [])
    assert study["windows"] == {"publications": [2019, 2021]}


def test_a_list_of_objects_with_dates_is_no_cell_of_several_dates(folder, tmp_path):
    rows = [{"city": "Bonn", "country": "DE", "year": 2020, "dates": [{"from": "2020-01-02"}]} for _ in range(9)]
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    new, _, _ = written(folder, tmp_path)
    assert columns(new) == {"city": "city", "country": "country", "year": "year"}


def test_addresses_after_the_names_of_authors_are_read_without_these(folder, tmp_path):
    rows = [
        f"WOS:{n}\t2020\t[Ito, H.; Li, A.] RIKEN, Wako, Japan; [Kim, M.] ETH, Zurich, Switzerland" for n in range(9)
    ]
    (folder / "savedrecs.txt").write_text("\n".join(["UT\tPY\tC1", *rows, "WOS:9\t2020\tMIT, Cambridge, MA USA"]))
    new, summary, study = written(folder, tmp_path)
    assert columns(new) == {"address": "C1", "year": "PY", "record": "UT"}
    assert study["sources"][0]["metric"] == "publications"
    assert (new.sizes[0].listings, summary["sources"][0]["remarks"]) == (19, [])
    columns_of = new.path.read_text("utf-8").replace(", pattern = '(?:^|\\] ?)([^\\[\\]]+)$'", "")
    new.path.write_text(columns_of.replace("; [", ";"))
    (remark,) = study_check.check(new.path, rows=1000, progress=no_progress)["sources"][0]["remarks"]
    assert "columns.address (C1): '[Ito, H.' has a bracket without its other half, or begins with one" in remark
    assert 'address = { from = "C1", split = "; [", pattern = \'(?:^|\\] ?)([^\\[\\]]+)$\' }.' in remark


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("savedrecs.txt", tagged.WOS, {"address": "C1", "year": "PY", "record": "UT"}),
        ("scopus.ris", tagged.RIS, {"address": "Author Address", "year": "PY", "record": "DOI"}),
    ],
)
def test_exports_of_tagged_lines_are_studies_of_publications(folder, tmp_path, name, text, expected):
    several = (text.replace("UT WOS:", f"UT WOS:{n}").replace("10.1/", f"10.1/{n}") for n in range(9))
    (folder / name).write_text("".join(several), "utf-8")
    new, summary, study = written(folder, tmp_path)
    assert columns(new) == expected
    assert study["sources"][0]["metric"] == "publications"
    assert (summary["sources"][0]["rows_kept"], summary["sources"][0]["remarks"]) == (18, [])


@pytest.mark.parametrize("comma", [",", ""])
def test_of_scopus_each_author_is_a_listing_at_the_affiliation_after_the_name(folder, tmp_path, comma):
    header = "EID,Year,Affiliations,Authors with affiliations"
    authors = [f"{name}{comma} {initials}" for name, initials in (("Ito", "H.L."), ("Li", "A.-B."), ("Öz", "Yu. V."))]
    places = ("RIKEN, Wako, Japan", "RIKEN, Wako, Japan", "ETH, Zürich, Switzerland")
    who = "; ".join(f"{author}, {place}" for author, place in zip(authors, places, strict=True))
    rows = [f'{n},2020,"RIKEN, Wako, Japan; ETH, Zürich, Switzerland","{who}"' for n in range(9)]
    (folder / "scopus.csv").write_text("\n".join([header, *rows]), "utf-8")
    new, summary, _ = written(folder, tmp_path)
    assert columns(new)["institution"] == "Authors with affiliations"
    assert "the affiliation after each author" in new.path.read_text("utf-8")
    assert (new.sizes[0].listings, summary["sources"][0]["remarks"]) == (27, [])
    (folder / "scopus.csv").write_text(
        "\n".join([header.rpartition(",")[0], *(row.partition(',"Ito')[0] for row in rows)])
    )
    new, _, _ = written_again(folder, tmp_path)
    assert (columns(new)["institution"], new.sizes[0].listings) == ("Affiliations", 18)


def test_of_scopus_an_author_without_initials_keeps_the_affiliation(folder, tmp_path):
    who = "; ".join([*(f"Ito H., RIKEN {n}, Wako, Japan" for n in range(19)), "Suharto, ETH, Zürich, Switzerland"])
    rows = [f'{n},2020,"{who}"' for n in range(9)]
    (folder / "scopus.csv").write_text("\n".join(["EID,Year,Authors with affiliations", *rows]), "utf-8")
    new, summary, _ = written(folder, tmp_path)
    assert "the affiliation after each author" in new.path.read_text("utf-8")
    assert (new.sizes[0].listings, summary["sources"][0]["remarks"]) == (180, [])


def test_lists_that_are_not_as_long_as_those_of_the_addresses_are_left_out(folder, tmp_path):
    rows = [
        f'{n},2020,"RIKEN; ETH","[Ito, H.] RIKEN, Wako, Japan; [Li, A.] ETH, Zürich; [X] MIT, Cambridge"'
        for n in range(9)
    ]
    (folder / "papers.csv").write_text("\n".join(["UT (Unique WOS ID),Publication Year,Affiliations,Addresses", *rows]))
    new, summary, _ = written(folder, tmp_path)
    assert "institution" not in columns(new)
    assert (new.sizes[0].listings, summary["sources"][0]["rows_kept"]) == (27, 9)


def test_titles_before_a_header_are_skipped_and_a_file_of_only_a_header_has_no_rows(folder, tmp_path):
    rows = "".join(f"{n};Bonn;Germany;2020\n" for n in range(9))
    (folder / "grants.csv").write_text(f"Grants of the year;;;\n;;;\ngrant_id;city;country;year\n{rows}")
    new, summary, study = written(folder, tmp_path)
    assert study["sources"][0]["options"] == {"skip_lines": 2}
    assert (columns(new)["record"], summary["sources"][0]["rows_kept"]) == ("grant_id", 9)
    (folder / "grants.csv").write_text("grant_id;city;country;year\n")
    with pytest.raises(DataError, match=r"holds nothing to rank: grants\.csv has no rows after its header\.$"):
        written_again(folder, tmp_path)


def test_rows_after_one_with_an_open_quote_are_looked_at_as_well(folder, tmp_path):
    rows = [f"{n};Bonn;Germany;2020;{1 + n % 3}\n" for n in range(60)]
    (folder / "grants.csv").write_text("".join(["no;city;country;year;number\n", *rows]))
    whole, _, _ = written(folder, tmp_path)
    rows[2] = '2;"Bonn;Germany;2020;3\n'
    (folder / "grants.csv").write_text("".join(["no;city;country;year;number\n", *rows]))
    damaged, _, _ = written_again(folder, tmp_path)
    assert columns(damaged) == columns(whole)
    assert damaged.sizes[0].listings == whole.sizes[0].listings - 1


def test_of_a_header_with_a_name_twice_it_is_said_which_to_rename(folder, tmp_path):
    (folder / "grants.csv").write_text("no;city;city;year\n" + "".join(f"{n};Bonn;Germany;2020\n" for n in range(9)))
    with pytest.raises(DataError, match=r"If it is one, rename all but one of its columns 'city'\.$"):
        written(folder, tmp_path)


def test_of_a_folder_of_damaged_workbooks_it_is_said_how_to_save_them(folder, tmp_path):
    (folder / "projects.xls").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(500))
    (folder / "~$projects.xls").write_bytes(b"lock")
    with pytest.raises(
        DataError, match=r"holds nothing to rank: projects\.xls cannot be read as a workbook .*CSV UTF-8"
    ) as raised:
        new_study.write(folder, tmp_path / "new.toml")
    assert "more files" not in str(raised.value)


def test_the_sheets_of_a_workbook_that_have_the_rows_and_the_title_above_them_are_written_into_its_study(
    folder, tmp_path
):
    book = xlsxwriter.Workbook(str(folder / "Vorhaben.xlsx"))
    about = book.add_worksheet("Erläuterung")
    for at, line in enumerate((["Quelle", "Amt"], ["Stand", "2024"])):
        about.write_row(at, 0, line)
    for year in (2022, 2023):
        sheet = book.add_worksheet(str(year))
        sheet.write(0, 0, f"Vorhaben {year}")
        sheet.write_row(2, 0, ["Nummer", "Jahr", "Stadt", "Land"])
        for number in range(9):
            sheet.write_row(3 + number, 0, [f"{year}-{number}", year, "Bonn", "Germany"])
    book.close()
    new, _summary, study = written(folder, tmp_path)
    assert study["sources"][0]["options"] == {"sheets": ["2022", "2023"], "skip_lines": 2}
    assert [sentence.split(": ")[0] for sentence in new.drafts.left_out] == ["Vorhaben.xlsx, sheet 'Erläuterung'"]
    assert columns(new) == {"city": "Stadt", "country": "Land", "year": "Jahr"}


def test_a_workbook_is_opened_once_whatever_the_number_of_its_headers(folder, monkeypatch):
    book = xlsxwriter.Workbook(str(folder / "w.xlsx"))
    for name in ("a", "b", "c"):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, [name, "Jahr"])
        sheet.write_row(1, 0, ["Bonn", 2020])
    book.close()
    opened = []
    monkeypatch.setattr(
        workbooks, "_tables", lambda *path, tables=workbooks._tables: opened.append(path) or tables(*path)
    )
    all_looks = list(looks(folder / "w.xlsx"))
    assert [(look.name, look.header, look.reading) for look in all_looks] == [
        (f"w.xlsx/{name}", (name, "Jahr"), (("sheets", (name,)),)) for name in ("a", "b", "c")
    ]
    assert len(opened) == 1


def test_the_encoding_of_a_file_of_east_asia_is_written_into_its_study(folder, tmp_path):
    rows = "".join(f"特願{n},2020/05/{n + 10},東京大学,東京都文京区本郷7-3-1,日本\n" for n in range(9))
    (folder / "特許.csv").write_bytes(f"出願番号,出願日,出願人,住所,国\n{rows}".encode("shift_jis"))
    new, summary, study = written(folder, tmp_path)
    assert study["sources"][0]["options"] == {"encoding": "cp932"}
    assert columns(new) == {"country": "国", "address": "住所", "date": "出願日", "record": "出願番号"}
    assert summary["sources"][0]["rows_kept"] == 9


def test_towns_and_countries_are_recognised_by_their_values_though_there_is_an_address(folder, tmp_path):
    rows = "".join(f"{n},2020,Hauptstr. {n},{town},Deutschland\n" for n, town in enumerate(("Berlin", "Köln", "Bonn")))
    (folder / "grants.csv").write_text(f"grant_id,year,address,Stadt,Land\n{rows}", "utf-8")
    new, _, _ = written(folder, tmp_path)
    assert [columns(new)[name] for name in ("address", "city", "country")] == ["address", "Stadt", "Land"]


TURKISH_TOWNS = ["İstanbul", "Ankara", "İzmir", "Bursa", "Konya", "Kayseri"]


@pytest.mark.parametrize(
    ("header", "street", "towns"),
    [
        ("Adresse;PLZ;Ort", "Hauptstr.", GERMAN_TOWNS),
        ("Adres;Posta Kodu;İl", "Cumhuriyet Mah. Lale Sok. No:", TURKISH_TOWNS),
    ],
)
def test_towns_beside_streets_are_read_though_no_column_says_the_country(folder, tmp_path, header, street, towns):
    rows = "".join(f"{street} {n};{10115 + n};{town};2022\n" for n, town in enumerate(towns))
    (folder / "o.csv").write_text(f"{header};Year\n{rows}", "utf-8")
    new, _, _ = written(folder, tmp_path)
    names = header.split(";")
    assert [columns(new)[name] for name in ("address", "postcode", "city")] == names


@pytest.mark.parametrize(
    "address", ["Hauptstr. 3, 76131 Karlsruhe", "{town}, Hauptstr. 3", "Hauptstr. 3 D-76131 Karlsruhe"]
)
def test_towns_beside_addresses_that_name_a_town_are_left_to_the_author(folder, tmp_path, address):
    rows = "".join(f"{address.format(town=town)};{town};2022\n" for town in GERMAN_TOWNS)
    (folder / "o.csv").write_text(f"Anschrift;Gerichtsstand;Year\n{rows}", "utf-8")
    new, _, _ = written(folder, tmp_path)
    assert columns(new) == {"address": "Anschrift", "year": "Year"}


def test_one_file_is_enough_for_a_study(folder, tmp_path):
    for name in ("grants", "others"):
        (folder / f"{name}.csv").write_text("city,country,year\nBonn,Germany,2020\n")
    new, summary, study = written(folder / "grants.csv", tmp_path)
    shown = new.path.read_text("utf-8").partition("[naming]\n# ")[2].splitlines()[0]  # a choice to take
    assert (tomllib.loads(shown), study["naming"]) == ({"language": "gazetteer"}, {})
    assert (study["title"], study["sources"][0]["files"]) == ("Innovation clusters: grants", "../files/grants.csv")
    assert summary["sources"][0]["rows_kept"] == 1


POLISH = [
    *[("Łódź", "łódzkie"), ("Kraków", "małopolskie"), ("Wrocław", "dolnośląskie"), ("Gdańsk", "pomorskie")],
    *[("Białystok", "podlaskie"), ("Rzeszów", "podkarpackie"), ("Poznań", "wielkopolskie"), ("Opole", "opolskie")],
]
STREETS = ["Łąkowa", "Mickiewicza", "3 Maja", "Świerkowa", "Piłsudskiego"]


def test_a_table_of_one_country_as_excel_writes_it_there(folder, tmp_path):
    """Windows-1250, a street and its number, and regions of towns without a country."""
    rows = [
        f"{town};{region};ul. {STREETS[n % 5]} {n};2024"
        for n in range(40)
        for town, region in [POLISH[n % len(POLISH)]]
    ]
    text = "Miejscowość;Województwo;Ulica i nr;Rok\r\n" + "\r\n".join(rows) + "\r\n"
    (folder / "firmy.csv").write_bytes(text.encode("cp1250"))
    new, report, study = written(folder, tmp_path)
    assert columns(new) == {"city": "Miejscowość", "region": "Województwo", "year": "Rok"}
    assert study["sources"][0]["options"] == {"encoding": "cp1250"}
    assert 'country = { value = "PL" }' in " ".join(new.drafts.sources[0].notes)
    assert report["sources"][0]["located_pct"] == 100


def test_a_row_of_totals_without_a_date_is_not_in_scope_as_in_a_run(folder, tmp_path):
    rows = [f"Firm {n},{town},Germany,2012-0{1 + n % 9}-11,{n}00" for n, town in enumerate(["Bonn", "Ulm"] * 20)]
    total = "Summe,,,,78000"
    (folder / "rounds.csv").write_text("\n".join(["Firm,City,Country,Date,Amount", *rows, total]) + "\n")
    new, summary, _ = written(folder, tmp_path)
    assert new.sizes[0].listings == summary["sources"][0]["rows_kept"] == 40
    assert new.sizes[0].aside == summary["sources"][0]["set_aside"] == {"no date": 1}
    assert new.threshold[1].startswith("for 40 listings")
