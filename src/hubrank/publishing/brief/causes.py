"""Why a cluster moved, and what of the method is new."""

from collections.abc import Iterator
from decimal import Decimal

from hubrank.publishing.brief.figures import OLD_STUDY, STUDY, Cell, Figure, Part, Row
from hubrank.publishing.brief.writer import Writer
from hubrank.study.study import Study

CAUSES = ("method", "data", "boundary")
# What of a study is its method; windows and sources are its records.
METHOD_SECTIONS = ("clusters", "points", "merging", "ranking")


def causes(w: Writer, row: Row) -> tuple[Part, ...]:
    """Return what moved a cluster, the largest part first; empty where the comparison cannot tell."""
    if row["move"] is None or row["data"] is None:
        return ()
    parts = sorted((cause for cause in CAUSES if row[cause]), key=lambda cause: -abs(row[cause]))
    if len(parts) == 1:
        cell = w.book.cell("comparison", row, parts[0])
        return (Figure(w.words.text("causes", f"all_{parts[0]}"), cell.value, "cell", (cell,)),)
    said = [w.words.parts("causes", cause, places=_signed(w, row, cause)) for cause in parts]
    comma = (w.words.text("lists", "comma"),)
    return tuple(part for place, item in enumerate(said) for part in (comma if place else ()) + item)


def _signed(w: Writer, row: Row, column: str) -> Figure:
    cell = w.book.cell("comparison", row, column)
    return Figure(w.words.signed(cell.value), cell.value, "cell", (cell,))


def counted_anew(w: Writer) -> Iterator[Figure]:
    """Name the metrics that count in one of the two editions only."""
    for metric in _metrics(w):
        now, before = (_weight(study, metric) for study in (w.study, w.old))
        if bool(now) != bool(before):
            cells = (Cell(STUDY, {}, f"weights.{metric}", now), Cell(OLD_STUDY, {}, f"weights.{metric}", before))
            text = w.words.text("changes", "counts" if now else "counts_no_more")
            yield Figure(text.format(metric=w.words.metric(metric)), now - before, "difference", cells)


def _metrics(w: Writer) -> list[str]:
    return list(dict.fromkeys([*w.study.weights, *w.old.weights])) if w.old else []


def _weight(study: Study | None, metric: str) -> Decimal:
    return study.weights.get(metric, Decimal(0)) if study else Decimal(0)


def settings(w: Writer) -> list[Figure]:
    """Name the settings of the method that differ between the two editions, beside metrics that count in one only."""
    if w.old is None:
        return []
    found = []
    for where, now, before in _method_settings(w, w.study, w.old):
        if now != before:
            cells = (Cell(STUDY, {}, where, now), Cell(OLD_STUDY, {}, where, before))
            section, key = where.split(".")
            found.append(Figure(f"[{section}] {key}", None, "differ", cells))
    return found


def _method_settings(w: Writer, study: Study, old: Study) -> Iterator[tuple[str, object, object]]:
    """Yield each setting of both editions; metrics that count in one only are left out of weights and density."""
    common = [metric for metric in _metrics(w) if bool(_weight(study, metric)) == bool(_weight(old, metric))]
    weights = [[str(_weight(each, metric).normalize()) for metric in common] for each in (study, old)]
    yield "ranking.weights", weights[0], weights[1]
    density = [[metric for metric in common if metric in each.density] for each in (study, old)]
    yield "clusters.metrics", density[0], density[1]
    for section in METHOD_SECTIONS:
        mine, theirs = (getattr(each, section).model_dump(mode="json") for each in (study, old))
        for key in sorted(mine.keys() - {"weights", "top", "metrics"}):
            yield f"{section}.{key}", mine[key], theirs[key]
