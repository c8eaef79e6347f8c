"""One simulated world for all tests of this folder."""

import pytest

from hubrank.simulation import simulate

LISTINGS = 80_000


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    return simulate(tmp_path_factory.mktemp("world"), listings=LISTINGS)
