"""What a reader must bear in mind."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from hubrank.publishing.brief.figures import Figure, Part, Section, Sentence
from hubrank.publishing.brief.writer import Writer


def caveats(w: Writer) -> Section:
    """Say what the figures mean and how sure they are."""
    sentences = [*_definitions(w), *_sureness(w), *_records(w)]
    if w.book.rows("ranking") and not w.book.rows("comparison") and not w.recounted:
        sentences.append(w.words.say("caveats", "no_previous"))
    sentences += [w.words.say("caveats", "independent"), w.words.say("caveats", "trace")]
    return Section(w.words.text("headings", "caveats"), sentences)


def _definitions(w: Writer) -> Iterator[Sentence]:
    if not w.book.rows("ranking"):
        return
    weights = {metric: weight for metric, weight in w.study.weights.items() if weight}
    if len(weights) == 1:
        yield w.words.say("caveats", "score_single", metric=w.words.metric(next(iter(weights))))
    elif len(set(weights.values())) == 1:
        yield w.words.say("caveats", "score", metrics=w.words.listed(map(w.words.metric, weights)))
    else:
        said = [w.words.parts("lists", "weighed", metric=w.words.metric(m), weight=w.weight(m)) for m in weights]
        yield w.words.say("caveats", "score_weighed", weights=w.words.listed(said))
    yield w.words.say("caveats", "threshold", threshold=w.fact("threshold_listings"), radius=w.radius())


def _sureness(w: Writer) -> Iterator[Sentence]:
    """Say how open the ranks of the top are, and who is closest."""
    rows = w.book.ranked(w.top)
    if len(rows) < 2:
        return
    if w.book.has("ranking", "rank_low", "rank_high") and rows[0]["rank_low"] is not None:
        yield _interval(w)
    else:
        yield w.words.say("caveats", "no_interval")
    first, second = min(pairwise(rows), key=lambda pair: pair[0]["score_pct"] - pair[1]["score_pct"])
    slots: dict[str, Part] = {"top": w.first(w.top), "first": w.name(first), "second": w.name(second)}
    if first["score_pct"] == second["score_pct"]:
        yield w.words.say("caveats", "level", **slots)
    else:
        yield w.words.say("caveats", "close", gap=w.gap(first, second), **slots)


def _interval(w: Writer) -> Sentence:
    rows = w.book.ranked(w.top)
    unsure = [w.book.cell("ranking", row, "rank_high") for row in rows if row["rank_low"] != row["rank_high"]]
    level = w.setting("robustness", "level", w.words.percent(Decimal(str(100 * w.study.robustness.level))))
    if not unsure:
        return w.words.say("caveats", "interval_sure", top=w.first(w.top), level=level)
    low, high = (w.whole("ranking", rows[0], column) for column in ("rank_low", "rank_high"))
    slots: dict[str, Part] = {
        "leader": w.name(rows[0]),
        "low": low,
        "high": high,
        "level": level,
        "top": w.first(w.top),
    }
    return w.words.say("caveats", "interval", len(unsure), number=w.counted(unsure), **slots)


def _records(w: Writer) -> Iterator[Sentence]:
    """Say how much could be located and used."""
    known = w.book.fact("metrics").value
    metrics = [metric for metric in w.study.metrics if known.get(metric, {}).get("listings")]
    if metrics:
        said = [w.words.parts("lists", "counted", name=w.words.metric(m), count=_located(w, m)) for m in metrics]
        yield w.words.say("caveats", "located", metrics=w.words.listed(said))
    for account in w.book.fact("sources").value:
        for note in account.get("notes", ()):
            yield w.words.say("caveats", "note", metric=w.words.metric(account["metric"]), note=note)
    cells = tuple(
        w.book.fact("sources", number, "set_aside", reason)
        for number, account in enumerate(w.book.fact("sources").value)
        for reason in account["set_aside"]
    )
    rows = sum(cell.value for cell in cells)
    if rows:
        yield w.words.say("caveats", "set_aside", rows, number=Figure(w.words.number(rows), rows, "sum", cells))


def _located(w: Writer, metric: str) -> Figure:
    cells = (w.book.fact("metrics", metric, "listings"), w.book.fact("metrics", metric, "unlocated"))
    share = Decimal(100 * (cells[0].value - cells[1].value)) / cells[0].value
    return Figure(w.words.percent(share), share, "rest_pct", cells)
