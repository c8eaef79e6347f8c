"""Registers of organisations in each of the shapes in which they are downloaded."""

import gzip
import json
import zipfile

import pyarrow as pa
import pytest

from fuzzing import samples
from hubrank import geocoding
from hubrank.core.errors import DataError
from hubrank.core.tables import ADDRESS_SCHEMA
from hubrank.geocoding.gazetteer import organisations, registers
from hubrank.geocoding.text.organisation_words import words

BONN = samples.BONN | {"relationships": []}
DELFT = {
    "id": "https://openalex.org/I98358874",
    "ror": "https://ror.org/02e2c7k09",
    "display_name": "Delft University of Technology",
    "display_name_alternatives": ["Technische Universiteit Delft"],
    "display_name_acronyms": ["TUD"],
    "country_code": "NL",
    "type": "education",
    "geo": {
        "city": "Delft",
        "region": "South Holland",
        "geonames_city_id": "2757345",
        "country_code": "NL",
        "latitude": 52.00667,
        "longitude": 4.35556,
    },
}
RECORDS = [BONN, samples.OTTAWA, DELFT]


def addresses(*rows):
    return pa.Table.from_pylist(rows, ADDRESS_SCHEMA)


def placed(geonames_id):
    """Return the record of Bonn with another number of its place."""
    return BONN | {"locations": [BONN["locations"][0] | {"geonames_id": geonames_id}]}


@pytest.mark.parametrize("number", [None, 0, "", 3_000_000_000, "3000000000", (1 << 63) - 1])
def test_whatever_the_number_of_its_place_an_organisation_is_where_it_is(tmp_path, number):
    (tmp_path / "dump.json").write_text(json.dumps([samples.OTTAWA, placed(number)]), "utf-8")
    resolver = geocoding.resolver_for(geocoding.Settings(institutions=(tmp_path / "dump.json",)))
    located = resolver.locate(addresses({"institution_id": BONN["id"]}))
    assert located["lat_e7"].to_pylist() == [507343800]


def test_an_organisation_in_a_place_that_geonames_has_twice_is_in_the_one_that_is_kept(tmp_path):
    town = {"name": "São José", "lat": -28.21344, "lng": -49.16383, "country_code": "BR"}
    details = {"geonames_id": 3448742, "geonames_details": BONN["locations"][0]["geonames_details"] | town}
    (tmp_path / "dump.json").write_text(json.dumps([BONN | {"locations": [details]}]), "utf-8")
    resolver = geocoding.resolver_for(geocoding.Settings(institutions=(tmp_path / "dump.json",)))
    rows = {"institution_id": BONN["id"]}, {"city": "São José", "region": "SC", "country": "BR"}
    located = resolver.locate(addresses(*rows))
    assert located["gazetteer_id"].to_pylist() == [3448744, 3448744]
    assert located["lat_e7"].to_pylist() == pytest.approx([-276152800, -276152800], abs=1000)


def test_a_register_that_is_replaced_brings_its_own_places(tmp_path):
    path, town = tmp_path / "dump.json", BONN["locations"][0]["geonames_details"]
    settings = geocoding.Settings(institutions=(path,))
    for name, other in (("Quersdorfstadt", "Wexelbergen"), ("Wexelbergen", "Quersdorfstadt")):
        details = {"geonames_id": 99_999_999, "geonames_details": town | {"name": name}}
        path.write_text(json.dumps([BONN | {"locations": [details]}]), "utf-8")
        cities = addresses({"city": name, "country": "DE"}, {"city": other, "country": "DE"})
        located = geocoding.resolver_for(settings).locate(cities)
        assert located["lat_e7"].is_valid().to_pylist() == [True, False]


def as_array(folder):
    path = folder / "dump.json"
    path.write_text(json.dumps(RECORDS, indent=1), "utf-8")
    return path


def as_lines(folder):
    path = folder / "dump.jsonl"
    path.write_text("\n".join(map(json.dumps, RECORDS)), "utf-8")
    return path


def as_gzip(folder):
    path = folder / "part_000.gz"
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, RECORDS)).encode()))
    return path


def as_zip(folder):
    path = folder / "dump.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("v1.30-ror-data.json", json.dumps([]))
        archive.writestr("zz-v1.30-ror-data.json", json.dumps([]))
        archive.writestr("v1.30-ror-data_schema_v2.json", json.dumps(RECORDS))
        archive.writestr("v1.30-ror-data.csv", "id,name")
    return path


@pytest.mark.parametrize("pack", [as_array, as_lines, as_gzip, as_zip])
def test_a_register_is_read_in_every_shape(pack, tmp_path):
    organisations = list(registers.read(pack(tmp_path)))
    assert [(o.ror, o.economy, o.city, o.lat_e7) for o in organisations] == [
        ("041nas322", "DE", "Bonn", 507343800),
        ("03c4mmv16", "CA", "Ottawa", 454217800),
        ("02e2c7k09", "NL", "Delft", 520066700),
    ]


@pytest.mark.parametrize(
    ("address", "economy"),
    [
        ({"institution_id": "https://ror.org/041nas322"}, "DE"),
        ({"institution_id": "ror:03C4MMV16"}, "CA"),
        ({"institution_id": "I98358874"}, "NL"),
        ({"institution": "Dept. of Physics, Univ. of Bonn, Germany"}, "DE"),
        ({"institution": "Rheinische Friedrich-Wilhelms-Universität Bonn"}, "DE"),
        ({"institution": "Ottawa University", "country": "CAN"}, "CA"),
        ({"institution": "University of Ottawa, Canada and University of Bonn, Germany"}, "CA"),
        ({"institution": "Faculty of Law, Uinversity of Ottawa, Canada"}, "CA"),
        ({"institution": "TUD, Delft, Netherlands"}, "NL"),
        ({"institution": "Delft University of Technology, France"}, None),
        ({"institution": "University of Bonn, France"}, None),
        ({"institution": "TUD"}, None),
        ({"institution": "Department of Physics, Germany"}, None),
        ({"institution": "University of Bonn, Berlin, Germany"}, "DE"),
        ({}, None),
    ],
)
def test_an_organisation_is_found_by_id_name_alias_or_acronym_and_country(address, economy, tmp_path):
    step = geocoding.resolver_for(geocoding.Settings(institutions=(as_lines(tmp_path),)))
    assert step.locate(addresses(address))["economy"].to_pylist() == [economy]


def test_what_both_registers_hold_is_one_organisation(tmp_path):
    ror = {**BONN, "id": "https://ror.org/02e2c7k09"}
    ror["locations"] = [{**BONN["locations"][0], "geonames_details": {**BONN["locations"][0]["geonames_details"]}}]
    path = tmp_path / "both.jsonl"
    path.write_text("\n".join(map(json.dumps, [ror, DELFT])), "utf-8")
    step = geocoding.resolver_for(geocoding.Settings(institutions=(path,)))
    rows = addresses({"institution_id": "I98358874"}, {"institution_id": "02e2c7k09"})
    assert step.locate(rows)["lat_e7"].to_pylist() == [507343800, 507343800]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.json", b'[{"id": 1', "not JSON at character"),
        ("x.json", b'[{"id": "a", "addresses": 7}]', "neither of ROR"),
        ("x.json", json.dumps([placed(1 << 70)]).encode(), "no GeoNames id"),
        ("x.json", json.dumps([placed(-1)]).encode(), "no GeoNames id"),
        ("x.jsonl", b"7", "int|not JSON"),
        ("x.json", b"\xff\xfe", "cannot be read"),
        ("x.zip", b"no zip", "not JSON at character"),
        ("x.gz", b"no gzip", "not JSON at character"),
    ],
)
def test_a_file_that_is_no_register_is_refused_by_name(name, content, message, tmp_path):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataError, match=message) as error:
        list(registers.read(path))
    assert name in str(error.value)


def test_an_archive_without_a_register_is_refused(tmp_path):
    path = tmp_path / "dump.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "nothing")
    with pytest.raises(DataError, match="contains no data file"):
        list(registers.read(path))


def with_a_place(folder, **details):
    """Return the gazetteer step with a register of one organisation, at a place that the gazetteer lacks."""
    small = {**BONN, "locations": [{**BONN["locations"][0], "geonames_id": 99_999_999}]}
    small["locations"][0]["geonames_details"] = {**BONN["locations"][0]["geonames_details"], **details}
    path = folder / "one.jsonl"
    path.write_text(json.dumps(small), "utf-8")
    return geocoding.resolver_for(geocoding.Settings(institutions=(path,)))


def test_places_of_a_register_are_found_by_their_shorter_names_where_no_other_is_called_so(tmp_path):
    step = with_a_place(tmp_path, name="Yangwol-si", country_code="KR")
    answers = step.locate(addresses({"city": "Yangwol", "country": "KR"}, {"city": "Yangwol", "country": "JP"}))
    assert answers["lat_e7"].to_pylist() == [507343800, None]
    other = with_a_place(tmp_path, name="Suwon-gu", country_code="KR")
    assert other.locate(addresses({"city": "Suwon", "country": "KR"}))["gazetteer_id"].to_pylist() == [1835553]


def test_a_country_named_where_a_city_should_be_is_no_place_that_a_register_calls_so(tmp_path):
    step = with_a_place(tmp_path, name="Brazil", country_code="BR")
    assert step.locate(addresses({"city": "Brazil", "country": "BRA"}))["precision"].to_pylist() == [None]
    taiwan = with_a_place(tmp_path, name="Taiwan", country_code="TW")
    assert taiwan.locate(addresses({"city": "Taiwan", "country": "CHN"}))["lat_e7"].to_pylist() == [None]


def test_the_middle_of_a_region_that_a_register_takes_for_a_city_is_no_place(tmp_path):
    step = with_a_place(tmp_path, name="Lima", country_code="PE", country_subdivision_code="LIM")
    stated = step.locate(addresses({"city": "Lima", "region": "LIM", "country": "PE"}))
    assert stated["gazetteer_id"].to_pylist() == [3936456]
    assert step.locate(addresses({"city": "Lima", "country": "PE"}))["gazetteer_id"].to_pylist() == [3936456]


def test_places_of_a_register_are_known_to_the_gazetteer_step(tmp_path):
    step = with_a_place(tmp_path, name="Hinterkleinweiler")
    answer = step.locate(addresses({"city": "Hinterkleinweiler", "country": "DE"})).to_pylist()[0]
    assert (answer["lat_e7"], answer["gazetteer_id"], answer["precision"]) == (507343800, 99_999_999, "city")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("register.json", b'[{"id": ' + b"[" * 20_000),
        ("register.json", b'[{"id": ' + b"1" * 5_000 + b"}]"),
        ("register.json", json.dumps([BONN | {"locations": [{"geonames_details": "Bonn"}]}]).encode()),
        ("register.json", json.dumps([samples.OTTAWA | {"country": "CA"}]).encode()),
        ("register.json", json.dumps([DELFT | {"geo": {"latitude": float("nan"), "longitude": 4.4}}]).encode()),
        ("register.json", json.dumps([DELFT | {"geo": {"latitude": 4.4, "longitude": 1e300}}]).encode()),
        ("register.gz", gzip.compress(b"x" * 99, mtime=0)[:12] + b"\xff" * 40),
    ],
)
def test_a_register_that_is_spoilt_is_named_whatever_is_wrong_with_it(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=r"register\."):
        list(registers.read(tmp_path / name))


def test_a_packed_register_that_is_spoilt_inside_is_named(tmp_path):
    with zipfile.ZipFile(tmp_path / "v2.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("v2.json", json.dumps([BONN] * 9))
    content = bytearray((tmp_path / "v2.zip").read_bytes())
    content[45:60] = b"\xff" * 15
    (tmp_path / "v2.zip").write_bytes(content)
    with pytest.raises(DataError, match=r"v2\.zip"):
        list(registers.read(tmp_path / "v2.zip"))


def test_a_school_that_is_no_longer_registered_is_where_it_was(tmp_path):
    """Unless it was an error, a company, or the name is another's or its successor's, or begins with another's."""
    successor = {"type": "Successor", "label": "Xanadu University", "id": "https://ror.org/0abcd1234"}
    withdrawn = BONN | {"status": "withdrawn", "relationships": [successor]}

    def withdrawn_record(number, name, **others):
        names = [BONN["names"][0] | {"value": name}]
        return withdrawn | {"id": f"https://ror.org/0{number:08d}", "names": names} | others

    records = [
        withdrawn_record(1, "Xanadu Medical School"),
        withdrawn_record(2, "Shangri-La Medical School", relationships=[]),
        withdrawn_record(3, "Brigadoon Medicals (Germany)", types=["company"]),
        withdrawn_record(4, "Xanadu University"),
        withdrawn_record(5, samples.OTTAWA["name"]),
        withdrawn_record(6, f"{samples.OTTAWA['name']} Bonn"),
        samples.OTTAWA,
    ]
    (tmp_path / "dump.json").write_text(json.dumps(records), "utf-8")
    register = organisations.load((tmp_path / "dump.json",))
    texts = ("Xanadu Medical School", "Shangri-La Medical School", "Brigadoon Medicals", "Xanadu University")
    texts += ("University of Ottawa Bonn", "University of Ottawa")
    named = [register.named(" ".join(words(text))) for text in texts]
    assert [[register.city[row] for row, _ in rows] for rows in named] == [["Bonn"], [], [], [], [], ["Ottawa"]]
    assert len(register.by_id) == 7


def test_what_stands_behind_an_acronym_in_a_name_belongs_to_it(tmp_path):
    """The site in Bonn is not the whole centre, which is elsewhere; a company is known without its country."""
    names = ("Xanadu Research Center (XRC) Bonn", "Xanadu Research Center (XRC)", "Brigadoon (Canada) (Pty) Ltd")
    without_others = samples.OTTAWA | {"aliases": [], "labels": []}
    records = [
        BONN | {"names": [BONN["names"][0] | {"value": names[0]}]},
        without_others | {"id": "https://ror.org/000000001", "name": names[1]},
        without_others | {"id": "https://ror.org/000000002", "name": names[2]},
    ]
    (tmp_path / "dump.json").write_text(json.dumps(records), "utf-8")
    register = organisations.load((tmp_path / "dump.json",))
    texts = "Xanadu Research Center Bonn", "Xanadu Research Center", "Brigadoon Ltd"
    rows = [register.named(" ".join(words(text))) for text in texts]
    assert [[register.city[row] for row, _ in named] for named in rows] == [["Bonn"], ["Ottawa"], ["Ottawa"]]
