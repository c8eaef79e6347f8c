"""Organisations whose names share words with a text, and what of a text is a name of its own."""

import json

import pyarrow as pa
import pytest

from hubrank import geocoding
from hubrank.core.tables import ADDRESS_SCHEMA
from hubrank.geocoding.evidence.free_text import TextEvidence
from hubrank.geocoding.evidence.institutions import InstitutionEvidence
from hubrank.geocoding.evidence.reading_text import read
from hubrank.geocoding.evidence.similar_names import SimilarNames
from hubrank.geocoding.gazetteer import organisations
from hubrank.geocoding.gazetteer.surroundings import Surroundings
from hubrank.geocoding.text.affiliations import split
from hubrank.geocoding.text.organisation_words import words
from locating import one
from ror_records import record, written

ORGANISATIONS = [
    ("Ruhr University Bochum", "Bochum", "DE", 51.48, 7.22),
    ("University of Ruhr West", "Mülheim", "DE", 51.43, 6.88),
    ("Teerthanker Mahaveer University", "Moradabad", "IN", 28.84, 78.77),
    ("Jawaharlal Nehru Technological University, Kakinada", "Kakinada", "IN", 16.96, 82.24),
    ("Institute of Information Engineering", "Beijing", "CN", 39.91, 116.40),
    ("Universität Würzburg", "Würzburg", "DE", 49.79, 9.95),
    ("Hospital of Saint Anne", "Brno", "CZ", 49.19, 16.61),
    ("National Hospital", "Oslo", "NO", 59.91, 10.75),
    ("University of Dar es Salaam", "Dar es Salaam", "TZ", -6.82, 39.27),
    ("Xanthic Mellow University Caldas", "Bogotá", "CO", 4.61, -74.08),
]


@pytest.fixture(scope="module")
def register(tmp_path_factory):
    return organisations.load((written(tmp_path_factory.mktemp("register"), ORGANISATIONS),))


def cities(register, text, at_home=lambda _: True):
    return [register.city[row] for row, _ in SimilarNames(register).rows(tuple(words(text)), at_home)]


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("Ruhr University", "Bochum"),  # the city may be missing
        ("Teerthanker University Hospital", "Moradabad"),
        ("Jawaharlal Nehru University", "Kakinada"),
        ("Department of Information Engineering", "Beijing"),
    ],
)
def test_a_name_that_shares_its_rare_words_with_a_text_comes_first(text, city, register):
    assert cities(register, text)[0] == city


def test_a_branch_abroad_is_not_where_its_name_alone_puts_it(tmp_path):
    """Foobar (Australia) is the only one in the register, Foobar (United States) its mother."""
    mother = {"label": "Foobar (United States)", "type": "Parent", "id": "https://ror.org/0abcd1234"}
    branch = record(1, "Foobar (Australia)", "Perth", "AU", -31.95, 115.86) | {"types": ["company"]}
    answers = {}
    for name, kin in (("branch", [mother]), ("other", [mother | {"label": "Xyntrax (United States)"}])):
        path = tmp_path / f"{name}.jsonl"
        path.write_text(json.dumps(branch | {"relationships": kin}), "utf-8")
        resolver = geocoding.resolver_for(geocoding.Settings(institutions=(path,)))
        texts = ("Foobar Corporation", "Foobar, Australia", "Foobar, Perth")
        rows = [dict.fromkeys(ADDRESS_SCHEMA.names) | {"address": text} for text in texts]
        places = resolver.locate(pa.Table.from_pylist(rows, ADDRESS_SCHEMA)).to_pylist()
        answers[name] = [place["economy"] for place in places]
    assert answers == {"branch": [None, "AU", "AU"], "other": ["AU", "AU", "AU"]}


def test_names_that_share_only_what_most_names_have_are_passed_over(register):
    assert cities(register, "University of Xanadu") == []
    assert cities(register, "Xanadu") == []
    assert cities(register, "") == []


def test_a_country_binds_also_names_that_are_only_similar(register):
    assert cities(register, "Ruhr University", lambda economy: economy == "IN") == []


def test_a_part_of_its_city_s_name_alone_is_not_like_an_organisation_s(register):
    assert cities(register, "Bahir Dar University") == []
    assert cities(register, "University of Dar es Salaam Hospital") == ["Dar es Salaam"]


def test_a_name_that_is_only_similar_is_not_in_a_country_that_is_filed_under_the_stated_one(tmp_path):
    """Slovakia is filed under the Czech Republic for what was coded before 1993."""
    name = ("Xanthic Mellow Institute of Corvine", "Košice", "SK", 48.7, 21.3)
    similar = organisations.load((written(tmp_path, [name]),))
    assert seats(similar, "Xanthic Mellow Institute, Slovakia") != []
    assert seats(similar, "Xanthic Mellow Institute, Czech Republic") == []


@pytest.mark.parametrize(("text", "opens"), [("Xanthic Mellow University", True), ("Mellow University Caldas", False)])
def test_a_text_that_opens_a_name_is_noted(text, opens, register):
    ((_, features),) = SimilarNames(register).rows(tuple(words(text)), lambda _: True)
    assert ("institution: like its name, the text opens it, the likest by far" in features) is opens


HYDERABAD, BAHIR_DAR, XIAN, LUCKNOW, TRIER = 1269843, 342884, 1790630, 1264733, 2821164


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("Indian Institute of Chemical Technology, Hyderabad", HYDERABAD),  # there is one in Pakistan, too
        ("Bahir Dar University", BAHIR_DAR),
        ("Airforce Engineering University", XIAN),
        ("Sanjay Gandhi Postgraduate Institute of Medical Sciences", LUCKNOW),  # Post Graduate
        ("Trieruniversity", TRIER),
        ("North Western University", 4891382),  # Northwestern in Evanston, no Western in London
        ("Icahn School of Medicine at Mt Sinai", 5128581),
        ("Department of Physics; University of Zurich", 2657896),
        ("Fraunhofer Heinrich Hertz Institut; Department of Photonics", 2950159),
        ("Faculty of Science; University of Malaya; Kuala Lumpur", 1735161),
        ("Human Computer Interaction Laboratory, University of Maryland, USA", 4351977),  # a quarter of Baltimore, too
    ],
)
def test_an_organisation_is_known_without_its_country(text, geonames_id, registered):
    assert one(registered, institution=text)["gazetteer_id"] == geonames_id


@pytest.mark.parametrize(("more", "completed"), [(3, "xanthic corvine"), (60, "")])
def test_a_cut_name_is_completed_if_all_that_begin_so_are_looked_at(more, completed, tmp_path):
    names = ["Xanthic Corvine", *(f"Xanthic Corvine {n:02} Mellow" for n in range(more))]
    path = written(tmp_path, [(name, "Foo", "DE", 50.0, n / 10) for n, name in enumerate(names)])
    assert SimilarNames(organisations.load((path,))).longer.completed("xanthic corv") == completed


def test_what_is_left_of_text_and_name_is_stated(register):
    ((_, features),) = SimilarNames(register).rows(tuple(words("Teerthanker University")), lambda _: True)
    assert "institution: like its name, general left of the text and rare of the name" in features
    assert "institution: like its name, the likest by far" in features


def test_a_word_is_weighed_by_where_the_organisations_are_that_have_it(register):
    names, bochum = SimilarNames(register), (514_800_000, 72_200_000)
    assert names.share_at_place("Ruhr", *bochum) == "of few organisations called so half are there"
    assert names.share_at_place("Teerthanker", *bochum) == "of few organisations called so hardly any are there"
    assert names.share_at_place("Xanadu", *bochum) == "no organisation is called so"


def test_where_a_name_is_a_citys_names_in_part_do_not_count(register):
    assert seats(register, "Ruhr, Germany", in_part=False) == []
    assert [number for number, _ in seats(register, "Ruhr, Germany")] != []


def seats(register, text, *, in_part=True):
    candidates = InstitutionEvidence(register).candidates(read(text, Surroundings((), ())), set(), in_part=in_part)
    return [(candidate.geonames_id - 100, candidate.features) for candidate in candidates]


def test_umlauts_are_read_as_two_letters_too(register):
    assert [number for number, _ in seats(register, "Universitaet Wuerzburg")] == [5]


def test_a_name_of_general_words_alone_counts_as_a_whole_segment_of_three_words(register):
    assert [number for number, _ in seats(register, "Institute of Information Engineering")] == [4]
    assert [number for number, _ in seats(register, "Institute of Information Engineering CN")] == [4]


def test_an_organisation_that_has_its_city_in_its_name_is_noted(register):
    ((number, features),) = seats(register, "Ruhr University Bochum")
    assert (number, "institution: its city in its name" in features) == (0, True)


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        (
            "Polytechnic of Porto  School of Engineering  ISEP",
            ["Polytechnic of Porto", "School of Engineering", "ISEP"],
        ),
        ("Universidad Nacional—Facultad Tucumán", ["Universidad Nacional", "Facultad Tucumán"]),
        ("Las  Vegas, NV, USA", ["Las  Vegas", "NV", "USA"]),  # commas are the marks of this text
    ],
)
def test_two_blanks_part_a_text_that_has_no_commas(text, segments):
    assert split(text) == segments


def test_letters_with_a_mark_among_them_are_no_state():
    assert read("Samsung C&T", Surroundings((), ())).codes == ()


def test_a_region_that_ends_in_a_country_is_not_read_as_the_country():
    assert read("University of New South Wales", Surroundings((), ())).economies == ()


def test_initials_of_the_words_before_them_are_no_place():
    text = TextEvidence(geocoding.resolver_for(geocoding.Settings()).finder.names)
    academy = read("Manipal Academy of Higher Education (MAHE)", Surroundings((), ()))
    port = read("Port of Victoria (MAHE)", Surroundings((), ()))
    assert not [c for c in text.candidates(academy) if c.group == "text"]
    assert [c for c in text.candidates(port) if c.group == "text"]


def organisations_of(folder, *rows):
    path = folder / "register.jsonl"
    path.write_text("\n".join(json.dumps(record(n, *one)) for n, one in enumerate(rows)), "utf-8")
    return organisations.load((path,))


def test_a_university_is_compared_before_the_institute_in_front_of_it(tmp_path):
    """Institutes are seldom registered, and when they are, it is another's of a like name."""
    register = organisations_of(
        tmp_path,
        ("Max Born Institute for Theoretical Physics", "Berlin", "DE", 52.52, 13.40),
        ("Georg August Lichtenberg University", "Göttingen", "DE", 51.53, 9.93),
    )
    text = "Institute for Theoretical Physics, Georg August University, Germany"
    assert [number for number, _ in seats(register, text)] == [1]
    assert [number for number, _ in seats(register, "Institute for Theoretical Physics, Xanadu, Germany")] == [0]


def test_people_turn_the_names_of_universities_round(registered):
    """Kansas University is the University of Kansas, as no other name that has these words is more than like it."""
    answer = one(registered, "Kansas University")
    assert (answer["lat_e7"] // 10**7, answer["lon_e7"] // 10**7) == (38, -96)


@pytest.mark.parametrize(
    ("text", "is_located"),
    [
        ("Ecole Normale Supérieure", False),  # one in Burundi is called no more than that
        ("Department of Physics, École Normale Supérieure", False),
        ("École Normale Supérieure, Burundi", True),
        ("Monash University", True),  # whose units in other countries have its name
        ("World Health Organization", True),
    ],
)
def test_a_name_that_opens_those_of_others_in_several_countries_needs_its_country(text, is_located, registered):
    assert (one(registered, text)["lat_e7"] is not None) == is_located
