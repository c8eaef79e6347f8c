"""Which registered organisation an address names."""

import csv
import gzip
import json

import pyarrow as pa
import pytest

from hubrank.core.tables import ADDRESS_SCHEMA
from hubrank.geocoding.explain_address import explain
from hubrank.geocoding.gazetteer.registers import bare_id, without_country
from locating import one


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("TU Delft, Netherlands", "Delft University of Technology"),
        ("Faculty of Aerospace Engineering, Delft Univ. of Technology, Delft", "Delft University of Technology"),
        # Parts stand before what they belong to.
        ("Institute of Microbiology, Chinese Academy of Sciences, Beijing, China", "Chinese Academy of Sciences"),
        # At the place, and not at home elsewhere.
        ("CNRS, Université de Montpellier, Montpellier, France", "Université de Montpellier"),
        # Elsewhere in the stated country.
        ("Max Planck Society, Göttingen, Germany", "Max Planck Society"),
        (
            "Department of Mathematics, Eindhovan University of Technology, Netherlands",
            "Eindhoven University of Technology",
        ),
        ("Groningen University, Groningen, Netherlands", "University of Groningen"),
        # A part of a longer name is another organisation.
        ("The Second Affiliated Hospital of Chongqing Medical University, Chongqing, China", None),
        ("Bakery of Utrecht, Utrecht, Netherlands", None),
    ],
)
def test_an_address_names_the_last_organisation_that_stands_in_it_in_whole(text, name, registered):
    assert one(registered, institution=text)["registered_organisation"] == name


def test_an_id_names_an_organisation_whatever_the_text(registered):
    answer = one(registered, institution="Utrecht University", institution_id="https://ror.org/02e2c7k09", country="NL")
    assert answer["registered_organisation"] == "Delft University of Technology"


def test_a_city_and_coordinates_name_none(registered):
    assert one(registered, city="Delft", country="NL")["registered_organisation"] is None
    assert one(registered, lat_e7=520000000, lon_e7=43600000)["registered_organisation"] is None


def test_a_company_is_named_without_the_country_of_its_branch(registered):
    answer = one(registered, institution="Philips (Netherlands), Eindhoven", country="NL")
    assert answer["registered_organisation"] == "Philips"


@pytest.mark.shared
def test_more_than_9_in_10_organisations_of_publishers_affiliations_are_those_that_persons_named(
    registered, ror, shared
):
    """Of the affiliations whose organisation is in the register; 87 % name one in whole."""
    with gzip.open(ror, "rt", encoding="utf-8") as file:
        names = {bare_id(one["id"]): _first_name(one) for one in map(json.loads, file) if _first_name(one)}
    with (shared / "data/affiliations/springer-half.csv").open(encoding="utf-8") as file:
        rows = [(row["affiliation"], row["ror_ids"].split(";")) for row in csv.DictReader(file)]
    truths = [(text, {names.get(bare_id(number)) for number in ids} - {None}) for text, ids in rows]
    truths = [(text, expected) for text, expected in truths if expected]
    addresses = [dict.fromkeys(ADDRESS_SCHEMA.names) | {"institution": text} for text, _ in truths]
    answers = registered.locate(pa.Table.from_pylist(addresses, ADDRESS_SCHEMA))["registered_organisation"].to_pylist()
    named = [(answer, expected) for answer, (_, expected) in zip(answers, truths, strict=True) if answer]
    assert len(named) >= 0.86 * len(truths)
    assert sum(answer in expected for answer, expected in named) >= 0.94 * len(named)


def _first_name(record):
    """Return the first name in a record of ROR, of either version of its schema."""
    shown = [name["value"] for name in record.get("names", ()) if "ror_display" in name["types"]]
    return without_country(shown[0] if shown else record.get("name", ""))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        # CASC is also the acronym of the Climate Adaptation Science Centers in Reston.
        ("Center for Applied Scientific Computing (CASC), Lawrence Livermore National Laboratory, USA", "Livermore"),
        ("Climate Adaptation Science Centers (CASC), USA", "Reston"),
        ("Indian Space Research Organization (ISRO), India", "Bengaluru"),
    ],
)
def test_an_acronym_is_explained_by_the_words_before_it(text, place, registered):
    assert explain({"institution": text}, registered)[0].place.startswith(place)


@pytest.mark.shared
def test_an_acronym_of_some_capitals_before_it_is_no_other_organisations(registered):
    """Scleroderma & Raynaud's UK has it, in Alsager."""
    assert explain({"institution": "Sonic R&D Institute UK (SRUK), UK"}, registered) == []
    assert explain({"institution": "SRUK, UK"}, registered)[0].place.startswith("Alsager")
