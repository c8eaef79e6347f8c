"""No external input whatever ends in anything but a result or an error that says what is wrong."""

from pathlib import Path

import pytest

from fuzzing.mutating import mutate, taken
from fuzzing.targets import TARGETS, started_from
from proof import cases

INPUTS = cases(60, 3_000)  # guided by coverage: make fuzz


@pytest.mark.parametrize("name", TARGETS)
def test_samples_and_regressions_are_accepted(name):
    for data in started_from(name):
        taken(TARGETS[name], data)


@pytest.mark.parametrize("name", TARGETS)
def test_damaged_samples_are_accepted_or_refused_with_a_message(name):
    mutate(TARGETS[name], INPUTS, seed=INPUTS)


def test_a_failure_would_be_seen():
    from fuzzing.targets import Target

    with pytest.raises(ZeroDivisionError) as seen:
        mutate(Target(lambda data: 1 // (len(data) % 7), [b"12345678"]), 100, seed=1)
    assert "input number" in seen.value.__notes__[0]


def test_every_regression_belongs_to_a_target():
    folders = {path.name for path in (Path(__file__).parent / "regressions").iterdir() if path.is_dir()}
    assert folders <= TARGETS.keys()
