"""Whose output a listing is: the source's own organisation, else the registered one that its address names."""

import numpy as np
import pyarrow as pa
import pytest

from hubrank.core.tables import ADDRESS_SCHEMA
from hubrank.counting.organisations import organisations

AFFILIATION = "Faculty of Law, Utrecht Univ., Utrecht"


@pytest.mark.parametrize(
    ("stated", "address", "expected"),
    [
        (None, {"institution": AFFILIATION}, ["Utrecht University"]),
        ([AFFILIATION], {"institution": AFFILIATION}, ["Utrecht University"]),
        ([AFFILIATION], {"address": AFFILIATION}, ["Utrecht University"]),
        ([AFFILIATION], {"institution": AFFILIATION, "institution_id": "I1"}, [AFFILIATION]),  # as its source calls it
        (["ASML"], {"institution": AFFILIATION}, ["ASML"]),
        ([AFFILIATION, "ASML"], {"institution": AFFILIATION}, [AFFILIATION, "ASML"]),
        (["Elsewhere"], {"city": "Delft"}, ["Elsewhere"]),
        (None, {"city": "Delft"}, None),
    ],
)
def test_the_registered_organisation_stands_for_the_text_of_an_address(stated, address, expected):
    rows = [dict.fromkeys(ADDRESS_SCHEMA.names) | row for row in ({"city": "Paris"}, address)]
    addresses = pa.Table.from_pylist(rows, ADDRESS_SCHEMA)
    registered = pa.array([None, None if "city" in address else "Utrecht University"], pa.string())
    of_listings = pa.chunked_array([[["Sorbonne"], stated, None]], pa.list_(pa.string()))
    place_no = np.array([0, 1, 0])
    assert organisations(of_listings, addresses, registered, place_no).to_pylist() == [["Sorbonne"], expected, None]
