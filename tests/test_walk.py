"""CONTRIBUTING's walk from a raw file to a rank is the way that a run takes."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "scripts" / "house_figures.py"
MOST_ORCHESTRATORS, MOST_MODULES = 4, 28


@pytest.fixture(scope="module")
def figures():
    """Return the functions of the script."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(SCRIPT.parent))
        import house_figures

        yield house_figures


@pytest.fixture(scope="module")
def trace(figures):
    """Return the trace of a run on one address."""
    return figures.traced(ROOT / "src")


def test_a_run_enters_the_stages_in_the_order_of_the_walk(figures, trace):
    assert trace["order"] == figures.walk(ROOT / "src")
    assert len(trace["order"]) == 13


def test_at_most_four_orchestrators_are_between_an_address_and_its_rank(figures, trace):
    way, orchestrators = figures.on_the_way(ROOT / "src", trace)
    assert len(orchestrators) <= MOST_ORCHESTRATORS, sorted(orchestrators)
    assert len(way) <= MOST_MODULES, sorted(way)


def test_every_stage_is_reached_from_the_pipeline_through_at_most_four_orchestrators(figures, trace):
    _, orchestrators = figures.on_the_way(ROOT / "src", trace)
    for stage in trace["order"][1:]:
        stack = trace["stacks"][stage]
        assert stack[-1] == "pipeline", stage
        assert len(orchestrators.intersection(stack)) <= MOST_ORCHESTRATORS, stage
