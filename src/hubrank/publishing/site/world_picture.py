"""The world as a picture: SVG for readers without scripts, PNG for links that are shared. Needs no browser."""

import io
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from hubrank.core.sphere import Floats
from hubrank.publishing.rank_charts import same_everywhere
from hubrank.publishing.site import map_data

SIZE = (12.0, 6.3)  # inches: 1200 × 630 pixels of a shared link
NAMED = 8
_A = (1.340264, -0.081106, 0.000893, 0.003796)  # Equal Earth (Šavrič, Patterson & Jenny 2018)
_M = math.sqrt(3) / 2
_TOP, _BOTTOM = 84.0, -57.0


def equal_earth(degrees: Floats) -> Floats:
    """Return places in the Equal Earth projection, in radii of the Earth; float64, shape (n, 2)."""
    lon, lat = np.radians(np.asarray(degrees, dtype=np.float64)).T
    t = np.arcsin(_M * np.sin(lat))
    q, s = t**2, t**6
    x = lon * np.cos(t) / (_M * (_A[0] + 3 * _A[1] * q + s * (7 * _A[2] + 9 * _A[3] * q)))
    return np.column_stack([x, t * (_A[0] + _A[1] * q + s * (_A[2] + _A[3] * q))])


def pictures(
    clusters: Sequence[tuple[str, float, float, float]], title: str, note: str, *, png: bool
) -> dict[str, bytes]:
    """Return world.svg, and picture.png where `png`.

    clusters : name, longitude, latitude and score, first rank first; title, note : written over the map.
    """
    with same_everywhere():
        from matplotlib.figure import Figure  # noqa: PLC0415 (takes half a second: only who draws waits)

        figure = Figure(figsize=SIZE, facecolor="#dce8f0")
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        _draw(axes, clusters)
        figure.text(0.02, 0.95, title, fontsize=22, fontweight="bold", va="top", color="#16191d")
        figure.text(0.02, 0.05, note, fontsize=13, fontweight="bold", color="#8a1c1c")
        out = {"world.svg": _saved(figure, format="svg", metadata={"Date": None, "Creator": "hubrank"})}
        if png:
            out["picture.png"] = _saved(figure, format="png", dpi=100, metadata={"Software": None})
    return out


def _saved(figure: Any, **options: Any) -> bytes:  # noqa: ANN401 (matplotlib's)
    sink = io.BytesIO()
    figure.savefig(sink, **options)
    return sink.getvalue()


def _draw(axes: Any, clusters: Sequence[tuple[str, float, float, float]]) -> None:  # noqa: ANN401 (matplotlib's)
    from matplotlib.collections import PolyCollection  # noqa: PLC0415 (as above)

    land = [equal_earth(ring) for ring in map_data.unpacked(map_data.ground("land0"))]
    axes.add_collection(PolyCollection(land, facecolors="#f7f5f0", edgecolors="#b9c4cc", linewidths=0.5))
    spots = equal_earth(np.array([(lon, lat) for _, lon, lat, _ in clusters]).reshape(-1, 2))
    best = max((score for *_, score in clusters), default=0.0) or 1.0
    sizes = [max(8.0, 900 * score / best) for *_, score in clusters]
    axes.scatter(*spots[::-1].T, s=sizes[::-1], color="#1f5fbf", alpha=0.75, edgecolors="white", linewidths=0.6)
    for number, ((name, *_), (x, y)) in enumerate(zip(clusters[:NAMED], spots.tolist(), strict=False)):
        axes.annotate(
            f"{number + 1} {name}",
            (x, y),
            xytext=(0, -4 + 12 * (-1) ** number),
            textcoords="offset points",
            fontsize=10,
            fontweight="bold",
            ha="center",
            color="#16191d",
        )
    (_, low), (_, high) = equal_earth(np.array([[0.0, _BOTTOM], [0.0, _TOP]])).tolist()
    middle, half = equal_earth(np.array([[10.0, 0.0]]))[0, 0], (high - low) / 2 * SIZE[0] / SIZE[1]
    axes.set_xlim(middle - half, middle + half)
    axes.set_ylim(low, high)
    axes.set_axis_off()
