"""Charts of robustness: the interval of each rank, and rank against radius."""

import io
import textwrap
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
from cycler import cycler

from hubrank.analysis.robustness.variants import BASE, UNCHANGED
from hubrank.core.edition import INDEPENDENT, labels, years_counted
from hubrank.core.files import write_bytes
from hubrank.study.sections import Clusters, Robustness

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
    study_km = manifest["study"]["clusters"].get("radius_km", Clusters.model_fields["radius_km"].default)
    by_radius = _radii(tables["variants"].to_pylist(), float(study_km))
    with same_everywhere():
        by_name = {"rank-intervals.svg": _intervals(rows, manifest, note)}
        if any(len(ranks) > 1 for ranks in by_radius.values()):
            by_name["rank-radius.svg"] = _lines(rows[:LINES], by_radius, manifest, note)
    return by_name


def _radii(variants: Sequence[Row], study_km: float) -> dict[str, dict[float, int | None]]:
    """Return, per cluster, its rank at each radius, all else as in the study."""
    ranks: dict[str, dict[float, int | None]] = {}
    for row in variants:
        alone = row["variant"] == f"radius {row['radius']}"
        if alone or row["variant"] == BASE:
            km = study_km if row["radius"] == UNCHANGED else float(row["radius"].removesuffix(" km"))
            ranks.setdefault(row["cluster_id"], {})[km] = row["rank"]
    return ranks


def _intervals(ranking: Sequence[Row], manifest: Mapping[str, Any], note: str) -> bytes:
    """Draw the rank intervals of the first ranks as SVG: with places where they are known, as brief and pages do."""
    rows, study = ranking[:TOP], manifest["study"]
    places = all(row.get("rank_low_places") is not None for row in rows)
    low, high = ([row[f"rank_{end}{'_places' * places}"] for row in rows] for end in ("low", "high"))
    figure, axes = canvas(0.28 * len(rows) + 1.8)
    place = range(len(rows))
    axes.hlines(place, low, high, color="#4477aa", lw=3)
    axes.plot([row["rank"] for row in rows], place, "o", color="#222222", ms=4)
    axes.set_yticks(list(place), [f"{row['cluster']}, {row['economies']}" for row in rows])
    axes.invert_yaxis()
    last = max(2, *high, len(rows))
    axes.set_xlim(1 - 0.02 * last, 1.02 * last)
    axes.set_xticks(ranks_to_mark(last))
    level = f"{100 * float(study.get('robustness', {}).get('level', Robustness().level)):.0f} %"
    kind = "counts and places" if places else "counts"
    shown = f"the first {len(rows)} of {len(ranking):,}" if len(rows) < len(ranking) else f"all of {len(ranking):,}"
    axes.set_title(f"{_title(study)}: possible ranks, {shown}", fontsize=11, loc="left")
    axes.set_xlabel(f"rank (dot), and the ranks that {kind} leave possible (line; {level} confidence)", fontsize=9)
    _write_origin(figure, manifest)
    return svg(figure, note)


def _title(study: Mapping[str, Any]) -> str:
    edition = study.get("edition", "")
    return str(study["title"]) if edition in study["title"] else f"{study['title']} {edition}"


def _write_origin(figure: Any, manifest: Mapping[str, Any]) -> None:  # noqa: ANN401 (matplotlib's)
    figure.supxlabel(textwrap.fill(_origin(manifest), 150), fontsize=7, x=0.01, ha="left")


def ranks_to_mark(last: int) -> list[int]:
    """Return the first rank, every fifth, tenth, … and the last, about ten in all."""
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 10**9) if step * 12 >= last)
    return [1, *(rank for rank in range(step, last, step) if 1 < rank <= last - step / 2), last]


def _origin(manifest: Mapping[str, Any]) -> str:
    """Return whose records a chart is made of, who published it when, and what with."""
    stated, sources = manifest["study"].get("publish", {}), manifest.get("sources", [])
    labels_of = labels(manifest) if sources else {}
    named = dict.fromkeys(source.get("name") or labels_of.get(source["metric"], source["metric"]) for source in sources)
    years = years_counted(manifest)
    parts = [f"Records: {', '.join(named)}" if named else "", f"Years counted: {years}" if years else ""]
    whose = [", ".join(stated.get("authors") or []), str(stated.get("date") or "")]
    return ". ".join(filter(None, [*parts, *whose, "Produced with hubrank", INDEPENDENT.rstrip(".")])) + "."


def _lines(
    rows: Sequence[Row],
    by_radius: Mapping[str, Mapping[float, int | None]],
    manifest: Mapping[str, Any],
    note: str,
) -> bytes:
    """Draw rank against radius as SVG; a line is broken where the cluster is lost, and has its name where it ends."""
    figure, axes = canvas(5.5)
    axes.set_prop_cycle(STYLES)
    last = 2
    for row in rows:
        at = sorted(by_radius[row["cluster_id"]].items())
        ranks = [float("nan") if rank is None else rank for _, rank in at]
        axes.plot([km for km, _ in at], ranks, marker="o", ms=4, lw=1.5)
        *_, (km, rank) = [(km, rank) for km, rank in at if rank is not None]
        offset = {"xytext": (6, 0), "textcoords": "offset points", "va": "center"}
        axes.annotate(row["cluster"], (km, rank), fontsize=7, annotation_clip=False, **offset)
        last = max(last, *(rank for _, rank in at if rank is not None))
    axes.invert_yaxis()
    axes.set_yticks(ranks_to_mark(last))
    axes.set_xlabel("radius, km (a line begins, ends or is broken where no cluster of that radius is the same one)")
    axes.set_ylabel("rank")
    axes.set_title(f"{_title(manifest['study'])}: ranks at other radii, the first {len(rows)}", fontsize=11, loc="left")
    _write_origin(figure, manifest)
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
