"""The chart of a series says what it leaves out, and its legend shows which lines are dashed."""

import re

import pytest

from hubrank.analysis.comparison.trends import Trend
from hubrank.publishing.rank_charts import LINES
from hubrank.publishing.series_chart import series_chart


def trends(count):
    both = ((1, 1), (1, 1))
    return [Trend(f"Town {n}", "FR", (n + 1, n + 1), both, (1, 1), {}) for n in range(count)]


@pytest.mark.parametrize("more", [0, 2])
def test_clusters_that_are_not_drawn_are_counted(more):
    chart = series_chart(trends(LINES + more), ["2023", "2024"]).decode()
    assert (f"{more} more are in the table" in chart) == bool(more)
    assert f"Town {LINES - 1}" in chart
    assert f"Town {LINES}" not in chart
    assert re.search("stroke-dasharray", chart)


def test_the_axis_of_ranks_marks_the_first_and_the_last_and_no_zero():
    chart = series_chart(trends(LINES), ["2023", "2024"]).decode()
    axis = chart[chart.index('id="matplotlib.axis_2"') : chart.index('id="axes_2"')]
    ranks = [int(tick) for tick in re.findall(r"<text[^>]*>(\d+)</text>", axis)]
    assert (ranks[0], ranks[-1]) == (1, LINES)
