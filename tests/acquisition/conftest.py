"""A stub, and a function that fetches a source from it."""

import pytest

from acquisition import providers
from acquisition.stub import Stub


class Meter:
    """Adds up what is shown."""

    def __init__(self):
        self.items, self.amount = [], 0

    def start(self, what, total, done, unit):
        self.items.append((what, total, done, unit))

    def advance(self, amount):
        self.amount += amount


@pytest.fixture
def stub():
    with Stub() as running:
        yield running
    assert all(fault.served for fault in running.faults), running.faults  # a test of a fault that never came


@pytest.fixture
def get(stub, tmp_path, monkeypatch):
    """Return a function that plans and fetches a source into tmp_path; its last client is `get.client`."""
    from hubrank.acquisition.acquire import Acquisition
    from hubrank.acquisition.provider import Request

    monkeypatch.delenv("HUBRANK_KEYS", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    def fetch(source, *, timeout=5.0, **options):
        for name, value in providers.environment(source, stub).items():
            monkeypatch.setenv(name, value)
        request = Request(**(providers.OPTIONS.get(source, {}) | options))
        acquisition = Acquisition(source, tmp_path, request, wait_scale=0.0, timeout=timeout)
        fetch.client = acquisition.client
        fetch.plan = acquisition.plan()
        return acquisition.get(fetch.plan, Meter())

    return fetch
