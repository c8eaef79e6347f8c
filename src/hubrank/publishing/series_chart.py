"""The chart of a series: ranks and scores of the first clusters over the editions."""

from collections.abc import Sequence

from hubrank.analysis.comparison.trends import Trend
from hubrank.publishing.rank_charts import LINES, STYLES, canvas, ranks_to_mark, same_everywhere, svg

_GAP = float("nan")  # a line is broken where the cluster is not there


def series_chart(lines: Sequence[Trend], names: Sequence[str], *, note: str = "") -> bytes:
    """Return the chart as SVG. lines : clusters, of which the first are drawn; names : of the editions."""
    with same_everywhere():
        figure, (ranks, scores) = canvas(9.0, 2)
        at = range(len(names))
        for axes in (ranks, scores):
            axes.set_prop_cycle(STYLES)
            axes.set_xticks(list(at), names)
        for line in lines[:LINES]:
            label = line.cluster
            ranks.plot(at, [_GAP if rank is None else rank for rank in line.ranks], marker="o", ms=4, label=label)
            scores.plot(at, [_GAP if score is None else float(score) for score in line.scores], marker="o", ms=4)
        ranks.invert_yaxis()
        ranks.set_yticks(ranks_to_mark(max((rank for line in lines[:LINES] for rank in line.ranks if rank), default=1)))
        ranks.set_ylabel("rank")
        scores.set_ylabel("score, %")
        more = f"{len(lines) - LINES} more are in the table" if len(lines) > LINES else None
        legend = ranks.legend(
            title=more, fontsize=7, loc="upper left", bbox_to_anchor=(1, 1), frameon=False, handlelength=4
        )  # a handle of two would hide which lines are dashed
        legend.get_title().set_fontsize(7)
        return svg(figure, note)
