"""What a text says of its country: surely, or in a way that may mean something else."""

import pytest

from hubrank.geocoding.evidence.reading import read
from hubrank.geocoding.gazetteer.place_lookup import Where


@pytest.mark.parametrize(
    ("text", "economy", "doubtful"),
    [
        ("University of Nairobi, Nairobi, Kenya", "KE", False),
        ("Nairobi Kenya", "KE", False),
        ("Tsinghua University, Beijing 100084 P.R. China", "CN", False),
        ("University of Benin", "BJ", True),
        ("Faculty of Law, University of Luxembourg, Room 7", "LU", True),
        ("School of Physics, University of Queensland, St Lucia, Queensland 4072", "LC", True),
        ("Institute of Technology in Architecture (ITA), ETH Zürich", "IT", True),
    ],
)
def test_a_country_is_doubtful_that_is_a_part_of_a_name_or_stands_before_something(text, economy, doubtful):
    reading = read(text, Where())
    assert (reading.economies[0], reading.doubtful) == (economy, doubtful)
    surely = read(text, Where(), doubtful=False)
    assert surely.economies[:1] == (() if doubtful else (economy,))
    assert not surely.doubtful


def test_a_stated_country_is_never_doubtful():
    reading = read("University of Benin", Where(("NG",)))
    assert (reading.economies, reading.doubtful) == (("NG",), False)
