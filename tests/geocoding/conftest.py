"""Resolvers that many tests of locating share: with the register of organisations, and without."""

from pathlib import Path

import pytest

from hubrank import geocoding


@pytest.fixture(scope="session")
def alone():
    return geocoding.resolver_for(geocoding.Settings())


@pytest.fixture(scope="session")
def registered(ror: Path):
    return geocoding.resolver_for(geocoding.Settings(institutions=(ror,)))
