"""One simulated world for all tests of this folder."""

import pytest


@pytest.fixture(scope="session")
def world(smallest_world):
    return smallest_world
