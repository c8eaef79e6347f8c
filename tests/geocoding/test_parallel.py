"""Long tables of addresses are located by several processes: their number changes no answer, a lost one costs none."""

import os
import signal
import time
from dataclasses import dataclass
from functools import partial
from multiprocessing import parent_process
from pathlib import Path

import pyarrow as pa
import pytest

from hubrank.core.tables import ADDRESS_SCHEMA, ANSWER_SCHEMA
from hubrank.geocoding import parallel
from hubrank.geocoding.parallel import ROWS, ParallelGeocoder
from hubrank.geocoding.places import PLACE_NO, places
from hubrank.geocoding.shown_address import address_rows

TOWNS = pa.Table.from_pylist(
    [{"city": f"Town {number}", "country": "AB"[number % 2]} for number in range(8 * ROWS + 7)], ADDRESS_SCHEMA
)


class Mirror:
    """Answers an address with its own text, in so many seconds a part, and counts the rows of each."""

    name = "mirror"

    def __init__(self, seconds=0.0):
        self.seconds, self.parts = seconds, []

    def locate(self, addresses):
        time.sleep(self.seconds)
        self.parts.append(len(addresses))
        return pa.Table.from_pylist([{"contradictions": repr(row)} for row in addresses.to_pylist()], ANSWER_SCHEMA)


class Faulty:
    """Raises an error for each table."""

    name = "faulty"

    def locate(self, _):
        raise ValueError("no answer")


AT_ONCE = pytest.mark.usefixtures("at_once")


@pytest.fixture
def at_once(monkeypatch):
    """Let other processes start after the first part, however long the rest takes."""
    monkeypatch.setattr(parallel, "ALONE_S", -1.0)


def killed():
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class Elsewhere:
    """Loads what says, by a file, that it has answered in another process."""

    mark: Path

    name = "elsewhere"

    def __call__(self):
        return self

    def locate(self, addresses):
        assert parent_process() is not None
        answers = Mirror().locate(addresses)
        self.mark.touch()
        return answers


class Waiting(Mirror):
    """Answers its first part, and the second one when another process has answered."""

    def __init__(self, mark):
        super().__init__()
        self.mark = mark

    def locate(self, addresses):
        deadline = time.monotonic() + 60
        while len(self.parts) == 1 and not self.mark.exists():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        return super().locate(addresses)


@AT_ONCE
def test_others_locate_with_this_process_and_answers_are_in_the_order_of_the_addresses(tmp_path):
    here = Waiting(tmp_path / "mark")
    answers = ParallelGeocoder(here, Elsewhere(tmp_path / "mark"), 2).locate(TOWNS)
    assert answers.equals(Mirror().locate(TOWNS))
    assert sum(here.parts) < len(TOWNS)


@AT_ONCE
def test_what_is_shown_of_addresses_is_worked_out_where_they_are_located(tmp_path, monkeypatch):
    addresses = TOWNS.add_column(0, PLACE_NO, pa.array(range(len(TOWNS))))
    expected = places(addresses, Mirror())
    here, shown = Waiting(tmp_path / "mark"), []
    rows = partial(_shown_here, shown)
    monkeypatch.setattr("hubrank.geocoding.places.address_rows", rows)
    assert places(addresses, ParallelGeocoder(here, Elsewhere(tmp_path / "mark"), 1)).equals(expected)
    assert sum(shown) == sum(here.parts) < len(TOWNS)


def _shown_here(shown, addresses, answers):
    """Note how many rows are worked out in this process."""
    shown.append(len(addresses))
    return address_rows(addresses, answers)


@AT_ONCE
def test_a_process_that_the_system_ends_costs_no_answer():
    here = Mirror(0.1)
    answers = ParallelGeocoder(here, killed, 2).locate(TOWNS)
    assert answers.equals(Mirror().locate(TOWNS))
    assert sum(here.parts) == len(TOWNS)


@AT_ONCE
@pytest.mark.parametrize(("here", "other"), [(Faulty, Mirror), (partial(Mirror, 0.05), Faulty)])
def test_an_error_here_or_in_another_process_is_raised_and_ends_all(here, other):
    with pytest.raises(ValueError, match="no answer"):
        ParallelGeocoder(here(), other, 1).locate(TOWNS)


def test_no_process_starts_for_what_this_one_locates_sooner():
    coordinates = pa.Table.from_pylist([{"lat_e7": number, "lon_e7": 0} for number in range(9_000)], ADDRESS_SCHEMA)
    for addresses in (TOWNS, TOWNS.slice(0, ROWS), coordinates):
        assert len(ParallelGeocoder(Mirror(), killed, 1).locate(addresses)) == len(addresses)


def test_what_takes_long_is_reported(monkeypatch):
    monkeypatch.setattr(parallel, "SHOWN_S", 0.0)
    seen = []
    ParallelGeocoder(Mirror(), Mirror, 1, lambda *step: seen.append(step)).locate(TOWNS)
    assert seen[0] == ("locating addresses", ROWS, len(TOWNS))
    assert seen[-1] == ("locating addresses", len(TOWNS), len(TOWNS))
