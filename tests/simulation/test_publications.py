"""An author in two places counts at the southern one of two equal parts."""

import numpy as np

from hubrank.simulation.places import places
from hubrank.simulation.publications import southern


def test_of_two_sites_the_one_of_lower_latitude_is_taken_then_of_lower_longitude():
    layout = places(237, 2025)
    tokyo, yokohama, beijing = (layout.city.index(name) for name in ("Tokyo", "Yokohama", "Beijing"))
    pairs = np.array([[tokyo, yokohama], [yokohama, tokyo], [beijing, beijing], [tokyo, beijing]])
    assert southern(layout, pairs[:, 0], pairs[:, 1]).tolist() == [yokohama, yokohama, beijing, tokyo]
