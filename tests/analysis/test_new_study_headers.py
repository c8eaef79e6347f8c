"""A first study of files whose headers are in other languages: what a column is called, and what its values are."""

import shutil

import pytest

from analysis.test_new_study import columns, written
from hubrank.core.errors import DataError

TOWNS = [("Lisboa", "Portugal"), ("Granada", "España"), ("Toulouse", "Francia"), ("Braga", "Portugal")]


@pytest.fixture
def files(tmp_path):
    (tmp_path / "files").mkdir()
    return tmp_path / "files"


def written_of(files, header, rows):
    (files / "publicaciones.csv").write_text("\n".join([header, *rows]) + "\n", "utf-8")
    shutil.rmtree(files.parent / "studies", ignore_errors=True)
    new, _, _ = written(files, files.parent)
    return columns(new)


@pytest.mark.parametrize("header", ["Dirección", "Direccion", "Domicilio", "Adreça", "Morada"])
def test_countries_beside_an_address_are_known_by_their_name_and_values(files, header):
    rows = [f"{n};Calle Mayor {n}, {town};{land};2023" for n in range(10) for town, land in TOWNS]
    named = written_of(files, f"Expediente;{header};País;Año", rows)
    assert (named["address"], named["country"]) == (header, "País")


def test_towns_beside_institutions_of_several_countries_are_known_by_their_name_and_values(files):
    rows = [f"10.1/{n};Instituto de Física {n};{town};{land};2023" for n in range(10) for town, land in TOWNS]
    named = written_of(files, "DOI;Institución;Ciudad;País;Año", rows)
    assert [named[name] for name in ("institution", "city", "country")] == ["Institución", "Ciudad", "País"]


@pytest.mark.parametrize("header", ["Ciudad de publicación", "Editorial"])
def test_a_town_of_something_else_is_none_of_the_institutions(files, header):
    rows = [f"10.1/{n};Instituto de Física {n};{town};{land};2023" for n in range(10) for town, land in TOWNS]
    assert "city" not in written_of(files, f"DOI;Institución;{header};País;Año", rows)


@pytest.mark.parametrize("country", ["España", None])
def test_a_region_called_so_is_one_though_half_of_its_values_are_written_as_no_gazetteer_has_them(files, country):
    regions = [("Sevilla", "Sevilla"), ("Zaragoza", "Zaragoza"), ("Murcia", "MU-30"), ("Bilbao", "BIZ-48")]
    rows = [
        f"{n};{town};{region};2023" + (f";{country}" if country else "") for n in range(9) for town, region in regions
    ]
    named = written_of(files, "Expediente;Municipio;Provincia;Año" + (";País" if country else ""), rows)
    assert (named["city"], named["region"]) == ("Municipio", "Provincia")
    rows = [row.replace("Sevilla;Sevilla", "Sevilla;XX-1") for row in rows]
    assert "region" not in written_of(files, "Expediente;Municipio;Provincia;Año" + (";País" if country else ""), rows)


@pytest.mark.parametrize("header", ["C.P.", "CP", "Cód. postal", "Código Postal"])
def test_a_post_code_is_known_by_what_spain_calls_it(files, header):
    codes = [("41001", "Sevilla"), ("50001", "Zaragoza"), ("30001", "Murcia"), ("48001", "Bilbao")]
    rows = [f"{n};{town};{code};2023;España" for n in range(10) for code, town in codes]
    assert written_of(files, f"Expediente;Municipio;{header};Año;País", rows)["postcode"] == header


DISTRICTS = [
    "Bengaluru Rural",
    "Bidar",
    "Ballari",
    "Belagavi",
    "Chitradurga",
    "Dakshina Kannada",
    "Gadag",
    "Hassan",
    "Haveri",
    "Kodagu",
    "Kolar",
    "Koppal",
    "Mandya",
    "Mysuru",
    "Raichur",
    "Shivamogga",
    "Tumakuru",
    "Udupi",
    "Yadgir",
]


def test_districts_are_places_where_they_lie_in_the_states_of_their_rows_and_a_total_is_none(files):
    rows = [f"{name};Karnataka;{year};{n * 7 + year % 5}" for n, name in enumerate(DISTRICTS) for year in (2021, 2022)]
    named = written_of(files, "District;State;Year;Applications", [*rows, "Total;Karnataka;2022;4000"])
    assert (named["city"], named["region"], named["count"]) == ("District", "State", "Applications")


@pytest.mark.parametrize("country", ["India", None])
def test_towns_under_a_misspelt_header_are_known_by_the_states_of_their_rows(files, country):
    towns = [("Mumbai", "Maharashtra"), ("Pune", "Maharashtra"), ("Mysuru", "Karnataka"), ("Kochi", "Kerala")]
    end = f";{country}" if country else ""
    rows = [f"A{n};{town};{state};Firm {n % 3}{end}" for n in range(12) for town, state in towns]
    named = written_of(files, f"Application No;Citty;State;Owned by{';Country' if country else ''}", rows)
    assert (named["city"], named["region"]) == ("Citty", "State")
    rows = [f"A{n};Firm {n % 5};{state};{n % 7}{end}" for n in range(12) for _, state in towns]
    assert "city" not in written_of(files, f"Application No;Owned by;State;Kind{';Country' if country else ''}", rows)


def test_a_town_of_several_countries_is_that_of_most_people_and_its_region_is_read(files):
    rows = [f"R{n};São Paulo;SP;2022" for n in range(40)]
    (files / "rodadas.csv").write_text("\n".join(["Rodada;Município;UF;Ano", *rows]) + "\n", "utf-8")
    new, _, _ = written(files, files.parent)
    assert columns(new)["region"] == "UF"
    (note,) = [note for note in new.drafts.sources[0].notes if "says the country" in note]
    assert "100 % are names of towns in Brazil" in note
    assert 'add country = { value = "BR" }' in note


def test_addresses_of_inventors_are_read_before_those_of_applicants(files):
    rows = [f'A{n};"12 Hill Rd, Mumbai, India";"5 Lake Rd, Pune, India";2022' for n in range(20)]
    assert written_of(files, "Application No;Applicant Address;Inventor Address;Year", rows)["address"] == (
        "Inventor Address"
    )


def test_numbers_with_commas_that_are_not_quoted_are_said_and_the_header_is_not_taken_for_a_title(files):
    rows = [f"S{n},Pune,2022,5,{90 + n % 9},391" for n in range(20)]
    (files / "deals.csv").write_text("\n".join(["Startup,City,Year,Amount", *rows]) + "\n")
    with pytest.raises(
        DataError, match=r"line 1 has fewer cells than those after it.* quote the cells .* Line 2: S0, Pu"
    ):
        written(files, files.parent)
