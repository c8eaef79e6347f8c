"""The clusters on a map, as a picture: SVG for readers without scripts, PNG for links that are shared. No browser."""

import io
import math
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from shapely import Polygon, box, clip_by_rect

from hubrank.core.sphere import Floats
from hubrank.publishing.rank_charts import same_everywhere
from hubrank.publishing.site import map_data

WIDTH, HEIGHT = 1200, 630  # pixels of a shared link
HEAD, FOOT, CREDIT = 112, 36, 24  # pixels of the title above the map, and of the note and the credit below it
NAMED = 8
EDGE = 26  # pixels at the left of what is written
PART, FINEST = 8.0, 60.0  # pixels of a degree from which a part of the world is shown, and the most
ROOM = 0.7  # of the map, for the clusters of a part
_DPI = 100
_NAME, _TITLE, _LEAD, _SMALLEST = 13.0, 27.0, 14.0, 10.0  # points
_TALL = 22.0  # pixels of a name
_SMALL = 6.0  # pixels of the radius of a mark
_A = (1.340264, -0.081106, 0.000893, 0.003796)  # Equal Earth (Šavrič, Patterson & Jenny 2018)
_M = math.sqrt(3) / 2
_TOP, _BOTTOM = 84.0, -57.0
Box = tuple[float, float, float, float]  # left, bottom, right, top in pixels
Mark = tuple[float, float, float]  # x, y and radius in pixels


def equal_earth(degrees: Floats) -> Floats:
    """Return places in the Equal Earth projection, in radii of the Earth; float64, shape (n, 2)."""
    lon, lat = np.radians(np.asarray(degrees, dtype=np.float64)).T
    t = np.arcsin(_M * np.sin(lat))
    q, s = t**2, t**6
    x = lon * np.cos(t) / (_M * (_A[0] + 3 * _A[1] * q + s * (7 * _A[2] + 9 * _A[3] * q)))
    return np.column_stack([x, t * (_A[0] + _A[1] * q + s * (_A[2] + _A[3] * q))])


@dataclass(frozen=True, slots=True)
class View:
    """Which part of the world a map shows. Pixels count from the left and from below.

    meridian : in the middle of the projection; east, north : pixels of a radius of the Earth; middle : of the map, in
    radii; frame : where the map is; finer : whether it shows a part, on a finer ground.
    """

    meridian: float
    east: float
    north: float
    middle: tuple[float, float]
    frame: Box
    finer: bool

    def pixels(self, degrees: Floats) -> Floats:
        """Return places in pixels; shape (n, 2). Those of one ring stay together, whatever side they are on."""
        lon, lat = np.asarray(degrees, dtype=np.float64).reshape(-1, 2).T
        around = (lon.min() + lon.max()) / 2 - self.meridian if len(lon) else 0.0
        places = equal_earth(np.column_stack([lon - self.meridian - 360 * round(around / 360), lat]))
        left, bottom, right, top = self.frame
        centre = np.array([(left + right) / 2, (bottom + top) / 2])
        out: Floats = centre + (places - self.middle) * np.array([self.east, self.north])
        return out


def view(spots: Floats, frame: Box) -> View:
    """Return the view of the clusters: of the part of the world in which all of them lie, else of the world.

    spots : longitude and latitude, shape (n, 2).
    """
    wide, tall = frame[2] - frame[0], frame[3] - frame[1]
    if len(spots):
        (west, south), (east, north) = spots.min(axis=0).tolist(), spots.max(axis=0).tolist()
        lat = (south + north) / 2
        cos = math.cos(math.radians(lat))
        of_degree = min(ROOM * tall / max(north - south, 0.1), ROOM * wide / max((east - west) * cos, 0.1), FINEST)
        if of_degree >= PART:
            (_, below), (step, middle), (_, above) = equal_earth(np.array([[0, lat - 0.5], [1, lat], [0, lat + 0.5]]))
            scale = (of_degree * cos / step, of_degree / (above - below))  # a kilometre is as long to the east as north
            return View((west + east) / 2, *scale, (0.0, float(middle)), frame, finer=True)
    (_, low), (_, high) = equal_earth(np.array([[0.0, _BOTTOM], [0.0, _TOP]])).tolist()
    scale = tall / (high - low)
    return View(
        0.0, scale, scale, (float(equal_earth(np.array([[10.0, 0.0]]))[0, 0]), (low + high) / 2), frame, finer=False
    )


def pictures(
    clusters: Sequence[tuple[str, float, float, float]], title: str, lead: str, note: str, credit: str, *, png: bool
) -> dict[str, bytes]:
    """Return world.svg, and picture.png where `png`.

    clusters : name, longitude, latitude and score, first rank first; title, lead : above the map; note, credit : below.
    """
    with same_everywhere():
        from matplotlib.figure import Figure  # noqa: PLC0415 (takes half a second: only who draws waits)

        figure = Figure(figsize=(WIDTH / _DPI, HEIGHT / _DPI), facecolor="#ffffff")
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set_xlim(0, WIDTH)
        axes.set_ylim(0, HEIGHT)
        axes.set_axis_off()
        _draw(axes, clusters, (0.0, CREDIT + FOOT * bool(note), WIDTH, HEIGHT - HEAD))
        _write(axes, title, lead, note, credit)
        out = {"world.svg": _saved(figure, format="svg", metadata={"Date": None, "Creator": "hubrank"})}
        if png:
            out["picture.png"] = _saved(figure, format="png", dpi=_DPI, metadata={"Software": None})
    return out


def _saved(figure: Any, **options: Any) -> bytes:  # noqa: ANN401 (matplotlib's)
    sink = io.BytesIO()
    figure.savefig(sink, **options)
    return sink.getvalue()


def width_of(text: str, points: float, weight: str = "bold") -> float:
    """Return how many pixels a text takes."""
    from matplotlib.font_manager import FontProperties  # noqa: PLC0415 (as above)
    from matplotlib.textpath import TextPath  # noqa: PLC0415 (as above)

    if not text.strip():
        return 0.0
    shape = TextPath((0, 0), text, size=points, prop=FontProperties(weight=weight))
    return float(shape.get_extents().width) * _DPI / 72


def _write(axes: Any, title: str, lead: str, note: str, credit: str) -> None:  # noqa: ANN401 (matplotlib's)
    """Write title and lead above the map, note and credit below it, each as large as its lines have room."""
    room = WIDTH - 2 * EDGE
    axes.fill([0, WIDTH, WIDTH, 0], [HEIGHT - HEAD, HEIGHT - HEAD, HEIGHT, HEIGHT], color="#ffffff", lw=0, zorder=4)
    lines = textwrap.wrap(title, 70, max_lines=2, placeholder=" …") or [""]
    largest = _TITLE if len(lines) == 1 else 0.75 * _TITLE
    points = largest * min(1.0, room / max(1.0, *(width_of(line, largest) for line in lines)))
    style = {"fontweight": "bold", "va": "center", "color": "#16191d", "zorder": 5}
    axes.text(EDGE, HEIGHT - (HEAD - 28) / 2, "\n".join(lines), fontsize=points, linespacing=1.1, **style)
    fitting = _LEAD * min(1.0, room / max(1.0, width_of(lead, _LEAD, "normal")))
    axes.text(EDGE, HEIGHT - HEAD + 18, lead, fontsize=fitting, va="center", color="#555d69", zorder=5)
    axes.fill([0, WIDTH, WIDTH, 0], [0, 0, CREDIT, CREDIT], color="#ffffff", lw=0, zorder=4)
    fitting = _SMALLEST * min(1.0, room / max(1.0, width_of(credit, _SMALLEST, "normal")))
    axes.text(EDGE, CREDIT / 2, credit, fontsize=fitting, va="center", color="#555d69", zorder=5)
    if note:
        axes.fill([0, WIDTH, WIDTH, 0], [CREDIT, CREDIT, CREDIT + FOOT, CREDIT + FOOT], color="#8a1c1c", lw=0, zorder=4)
        fitting = _NAME * min(1.0, room / max(1.0, width_of(note, _NAME)))
        axes.text(
            EDGE, CREDIT + FOOT / 2, note, fontsize=fitting, fontweight="bold", va="center", color="#ffffff", zorder=5
        )


def _draw(axes: Any, clusters: Sequence[tuple[str, float, float, float]], frame: Box) -> None:  # noqa: ANN401 (as above)
    from matplotlib.collections import LineCollection, PolyCollection  # noqa: PLC0415 (as above)

    degrees = np.array([(lon, lat) for _, lon, lat, _ in clusters]).reshape(-1, 2)
    of = view(degrees, frame)
    axes.fill([frame[0], frame[2], frame[2], frame[0]], [frame[1], frame[1], frame[3], frame[3]], color="#dce8f0", lw=0)
    land = [*_clipped(of, map_data.unpacked(map_data.ground("land1" if of.finer else "land0")))]
    within = box(*frame)
    drawing: list[Any] = [PolyCollection(land, facecolors="#f7f5f0", edgecolors="#b9c4cc", linewidths=0.5)]
    if of.finer:
        borders = [of.pixels(line) for line in map_data.unpacked(map_data.ground("borders"))]
        near = [line for line in borders if box(*line.min(axis=0), *line.max(axis=0)).intersects(within)]
        drawing.append(LineCollection(near, colors="#d6cfc2", linewidths=1.0))
    spots = np.array([of.pixels(spot)[0] for spot in degrees]).reshape(-1, 2)
    best = max((score for *_, score in clusters), default=0.0) or 1.0
    radii = [max(2.5, 21 * math.sqrt(max(score, 0.0) / best)) for *_, score in clusters]
    for each in drawing:
        axes.add_collection(each)
    sizes = [(2 * radius * 72 / _DPI) ** 2 for radius in radii]
    axes.scatter(*spots[::-1].T, s=sizes[::-1], color="#1f5fbf", alpha=0.75, edgecolors="white", linewidths=0.6)
    marks = [(x, y, radius) for (x, y), radius in zip(spots.tolist(), radii, strict=True)]
    texts = [f"{rank} {name}" for rank, (name, *_) in enumerate(clusters[:NAMED], start=1)]
    boxes = labels([width_of(text, _NAME) for text in texts], marks, frame)
    for text, mark, label in zip(texts, marks, boxes, strict=False):
        if label:
            _name(axes, text, mark, label)


def _name(axes: Any, text: str, mark: Mark, label: Box) -> None:  # noqa: ANN401 (as above)
    """Write a name into its box, with a line to its mark where that is not next to it."""
    left, bottom, right, top = label
    x, y, radius = mark
    nearest = (min(max(x, left), right), min(max(y, bottom), top))
    if math.dist(nearest, (x, y)) > radius + 6:
        axes.plot(*zip((x, y), nearest, strict=True), color="#16191d", lw=0.8)
    axes.fill([left, right, right, left], [bottom, bottom, top, top], color="#ffffff", alpha=0.7, lw=0, zorder=3)
    middle = (bottom + top) / 2
    axes.text(left + 3, middle, text, fontsize=_NAME, fontweight="bold", va="center_baseline", color="#16191d")


def _clipped(of: View, rings: Iterable[Floats]) -> Iterator[Floats]:
    """Yield what of rings is on the map, in pixels."""
    left, bottom, right, top = of.frame
    for ring in rings:
        part = clip_by_rect(Polygon(of.pixels(ring)), left - 5, bottom - 5, right + 5, top + 5)
        for each in getattr(part, "geoms", [part]):
            if isinstance(each, Polygon) and not each.is_empty:
                yield np.asarray(each.exterior.coords)


def labels(widths: Sequence[float], marks: Sequence[Mark], frame: Box) -> list[Box | None]:
    """Return where names are written, first rank first: on no other name and no mark; None for one without room.

    widths : of the names that are wanted, in pixels; marks : of all clusters. Small marks may be written over.
    """
    large = [mark for number, mark in enumerate(marks) if number < len(widths) or mark[2] > _SMALL]
    boxes: list[Box | None] = []
    for width, mark in zip(widths, marks, strict=False):
        taken = [each for each in boxes if each]
        boxes.append(next((each for each in _around(mark, width + 6) if _free(each, frame, taken, large)), None))
    return boxes


def _around(mark: Mark, width: float) -> Iterator[Box]:
    """Yield boxes around a mark, the nearest first: right, left, above, below, and between."""
    x, y, radius = mark
    for away in range(3, 90, 12):
        aside, over = radius + away, 0.7 * radius + away
        for left, bottom in (
            (x + aside, y - _TALL / 2),
            (x - aside - width, y - _TALL / 2),
            (x - width / 2, y + aside),
            (x - width / 2, y - aside - _TALL),
            (x + over, y + over),
            (x + over, y - over - _TALL),
            (x - over - width, y + over),
            (x - over - width, y - over - _TALL),
        ):
            yield left, bottom, left + width, bottom + _TALL


def _free(label: Box, frame: Box, taken: Sequence[Box], marks: Sequence[Mark]) -> bool:
    left, bottom, right, top = label
    if left < frame[0] + 4 or bottom < frame[1] + 4 or right > frame[2] - 4 or top > frame[3] - 4:
        return False
    if any(left < r and right > l and bottom < t and top > b for l, b, r, t in taken):  # noqa: E741 (the sides of a box)
        return False
    return all(
        math.dist((min(max(x, left), right), min(max(y, bottom), top)), (x, y)) >= radius for x, y, radius in marks
    )
