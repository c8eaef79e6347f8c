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
        ("University of Nottingham Malaysia", "MY", False),
        ("Queen Elizabeth Hospital UK", "GB", False),
        ("Noguchi Institute, Ghana, Tel. 12", "GH", False),
        ("Dartmouth Hitchcock Medical Center, Lebanon, NH", "LB", True),
        ("School of Physics, University of Queensland, St Lucia, Queensland 4072", "LC", True),
        ("Institute of Technology in Architecture (ITA), ETH Zürich", "IT", True),
    ],
)
def test_a_country_is_doubtful_that_belongs_to_a_name_or_stands_before_a_region(text, economy, doubtful):
    reading = read(text, Where())
    assert (reading.economies[0], reading.doubtful_at >= 0) == (economy, doubtful)
    surely = read(text, Where(), certain=True)
    assert surely.economies[:1] == (() if doubtful else (economy,))
    assert surely.doubtful_at == -1


def test_a_stated_country_is_never_doubtful():
    reading = read("University of Benin", Where(("NG",)))
    assert (reading.economies, reading.doubtful_at) == (("NG",), -1)
