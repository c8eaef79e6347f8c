"""No external input whatever ends in anything but a result or an error that says what is wrong."""

import os
from pathlib import Path

import pytest

from fuzzing.mutating import mutate, taken
from fuzzing.targets import TARGETS, started_from

PROOF = "HUBRANK_PROOF" in os.environ
INPUTS = 3000 if PROOF else 30  # guided by coverage: make fuzz


@pytest.mark.parametrize("name", TARGETS)
def test_samples_and_inputs_that_once_failed_are_read(name):
    for data in started_from(name):
        taken(TARGETS[name], data)


@pytest.mark.parametrize("name", TARGETS)
def test_damaged_samples_are_read_or_refused_with_an_error(name):
    mutate(TARGETS[name], INPUTS, seed=INPUTS)


def test_a_failure_would_be_seen():
    from fuzzing.targets import Target

    with pytest.raises(ZeroDivisionError) as seen:
        mutate(Target(lambda data: 1 // (len(data) % 7), [b"12345678"]), 100, seed=1)
    assert "input number" in seen.value.__notes__[0]


def test_every_regression_belongs_to_a_target():
    folders = {path.name for path in (Path(__file__).parent / "kept").iterdir() if path.is_dir()}
    assert folders <= TARGETS.keys()
