"""Charts of robustness: the interval of each rank, and rank against radius."""

import io
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
from cycler import cycler

from hubrank.core.files import write_bytes

TOP = 30  # clusters in the chart of intervals
LINES = 12  # clusters in the chart of radii
_COLOURS = ("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377")  # Paul Tol's bright scheme
STYLES = cycler(linestyle=["-", "--"]) * cycler(color=_COLOURS)  # one for each of LINES
Row = dict[str, Any]


def publish(folder: Path, tables: Mapping[str, pa.Table], manifest: Mapping[str, Any], *, note: str = "") -> None:
    """Write the files that `charts` returns."""
    for name, content in charts(tables, manifest, note=note).items():
        write_bytes(folder / name, content)


def charts(tables: Mapping[str, pa.Table], manifest: Mapping[str, Any], *, note: str = "") -> dict[str, bytes]:
    """Return rank-intervals.svg, and rank-radius.svg where there are variants of the radius, by their names.

    tables : ranking and variants; manifest : the content of edition.json; note : shown above every figure.
    """
    rows = tables["ranking"].sort_by("rank").to_pylist()
    by_radius = _radii(tables["variants"].to_pylist(), float(manifest["study"]["clusters"].get("radius_km", 15)))
    with same_everywhere():
        by_name = {"rank-intervals.svg": _intervals(rows[:TOP], note)}
        if any(len(ranks) > 1 for ranks in by_radius.values()):
            by_name["rank-radius.svg"] = _lines(rows[:LINES], by_radius, note)
    return by_name


def _radii(variants: Sequence[Row], study_km: float) -> dict[str, dict[float, int | None]]:
    """Return, per cluster, its rank at each radius, all else as in the study."""
    ranks: dict[str, dict[float, int | None]] = {}
    for row in variants:
        alone = row["variant"] == f"radius {row['radius']}"
        if alone or row["variant"] == "study":
            km = study_km if row["radius"] == "own" else float(row["radius"].removesuffix(" km"))
            ranks.setdefault(row["cluster_id"], {})[km] = row["rank"]
    return ranks


def _intervals(rows: Sequence[Row], note: str) -> bytes:
    """Draw the rank intervals as SVG."""
    figure, axes = canvas(0.28 * len(rows) + 1.2)
    place = range(len(rows))
    axes.hlines(place, [r["rank_low"] for r in rows], [r["rank_high"] for r in rows], color="#4477aa", lw=3)
    axes.plot([r["rank"] for r in rows], place, "o", color="#222222", ms=4)
    axes.set_yticks(list(place), [r["cluster"] for r in rows])
    axes.invert_yaxis()
    axes.set_xlabel("rank and rank interval (counts)")
    return svg(figure, note)


def _lines(rows: Sequence[Row], by_radius: Mapping[str, Mapping[float, int | None]], note: str) -> bytes:
    """Draw rank against radius as SVG; a line is broken where the cluster is lost."""
    figure, axes = canvas(5.5)
    axes.set_prop_cycle(STYLES)
    for row in rows:
        at = sorted(by_radius[row["cluster_id"]].items())
        ranks = [float("nan") if rank is None else rank for _, rank in at]
        axes.plot([km for km, _ in at], ranks, marker="o", ms=4, lw=1.5, label=row["cluster"])
    axes.invert_yaxis()
    axes.set_xlabel("radius, km")
    axes.set_ylabel("rank")
    axes.legend(fontsize=7, loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
    return svg(figure, note)


@contextmanager
def same_everywhere() -> Iterator[None]:
    """Draw by the library's own defaults, not the user's: text as text, a dollar as a dollar, ids that do not change.

    What the bundled font lacks is no matter: whoever shows the drawing has fonts of their own.
    """
    import matplotlib as mpl  # noqa: PLC0415 (takes half a second: only who draws waits for it)

    with mpl.rc_context(), warnings.catch_warnings():
        mpl.rcdefaults()
        mpl.rcParams.update({"svg.hashsalt": "hubrank", "svg.fonttype": "none", "text.parse_math": False})
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        yield


def canvas(height: float, panels: int = 1) -> tuple[Any, Any]:
    """Return a figure of so many inches of height, and its axes: one, or several on top of each other."""
    from matplotlib.figure import Figure  # noqa: PLC0415 (as above)

    figure = Figure(figsize=(9, height), layout="constrained")
    axes = figure.subplots(panels)
    for each in figure.axes:
        each.spines[["top", "right"]].set_visible(False)
    return figure, axes


def svg(figure: Any, note: str) -> bytes:  # noqa: ANN401 (matplotlib)
    """Return a figure as SVG, the note above it."""
    if note:
        figure.suptitle(note, fontsize=8)
    sink = io.BytesIO()
    figure.savefig(sink, format="svg", metadata={"Date": None, "Creator": None})
    return sink.getvalue()
