"""What moved a rank since the edition before, in a few words."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict

from hubrank.analysis.certain_moves import interval_before
from hubrank.analysis.continuations import is_renamed
from hubrank.analysis.data_cause import KEYS, DataCause
from hubrank.publishing.page_words import Words
from hubrank.study.study import Study

CAUSES = ("data", "boundary", "method")  # in the order in which METHOD 8 takes a move apart
CONTINUES = {
    "changes": ("changes.former", "changes.continues", "changes.continues_with"),
    "cluster": ("cluster.former", "cluster.continues", "cluster.continues_with"),
}
OPEN = str.maketrans("▲▼", "△▽")  # the triangles of moves that may be chance


class Reading(TypedDict):
    """What a move has to be read with: see `change`."""

    among_equals: bool
    by_chance: bool
    merged: Sequence[Mapping[str, Any]]


def metrics_that_count_now(study: Study, previous: Study) -> list[str]:
    """Return the metrics that count in this edition and did not in the one before."""
    return [name for name in study.metrics if study.weights.get(name) and not previous.weights.get(name)]


def causes(row: Mapping[str, Any], new_metrics: list[str], words: Words, data: DataCause = "records") -> str:
    """Return what moved a cluster the way it went, the largest first, then what moved it the other way; "" if unknown.

    row : of `comparison`; data : what its part `data` is due to.
    """
    parts = {cause: row[cause] or 0 for cause in CAUSES}
    largest = sorted(CAUSES, key=lambda cause: -abs(parts[cause]))
    texts = {cause: words.say(f"changes.{KEYS[data] if cause == 'data' else cause}") for cause in CAUSES}
    if new_metrics:
        texts["method"] = words.say("changes.counts_now", metrics=words.say("lists.comma").join(new_metrics))
    with_it, against = (
        words.say("lists.comma").join(texts[cause] for cause in largest if parts[cause] * row["move"] * way > 0)
        for way in (1, -1)
    )
    return words.say("changes.against", causes=with_it, others=against) if with_it and against else with_it


def change(
    row: Mapping[str, Any],
    earlier: str,
    new_metrics: list[str],
    words: Words,
    data: DataCause = "records",
    *,
    among_equals: bool = False,
    by_chance: bool = False,
    merged: Sequence[Mapping[str, Any]] = (),
) -> str:
    """Return from which rank a cluster came and why: "▲ from 21: deals now count".

    row : of `comparison`; earlier : the label of the edition before; data : what its part `data` is due to.
    among_equals : whether equal scores share its rank and the earlier one, so that nothing moved it.
    by_chance : whether its move may be chance: such a move has an open triangle.
    merged : rows of the other earlier clusters that it contains, named where it has another name than before.
    """
    before, way = row["rank_before"], _way(row, among_equals=among_equals)
    if way == "other":
        if row["kind"] == "new":
            return words.say("changes.new", earlier=earlier)
        return words.say("changes.other", kind=words.say(_kind(row)), earlier=earlier)
    if way == "equal":
        return words.say("changes.equal", rank=before)
    if way == "same":
        return _named_before("changes", row, merged, words, move=words.say("changes.same", earlier=earlier))
    text = words.say(f"changes.{way}", rank=before)
    if by_chance:
        text = words.say("changes.by_chance", move=text.translate(OPEN))
    text = _named_before("changes", row, merged, words, move=text)
    why = causes(row, new_metrics, words, data)
    return words.say("changes.because", move=text, causes=why) if why else text


def sentence(
    row: Mapping[str, Any],
    earlier: str,
    new_metrics: list[str],
    words: Words,
    data: DataCause = "records",
    *,
    among_equals: bool = False,
    by_chance: bool = False,
    merged: Sequence[Mapping[str, Any]] = (),
) -> str:
    """Return the same as sentences to print: "Since 2024 it rose from rank 21 (deals now count)."."""
    before, way = row["rank_before"], _way(row, among_equals=among_equals)
    if way == "other" and row["kind"] == "new":
        return words.say("cluster.new", earlier=earlier)
    if way == "other":
        return words.say("cluster.since", earlier=earlier, kind=words.say(_kind(row)))
    if way == "equal":
        return words.say("cluster.equal", earlier=earlier, rank=before)
    if way == "same" and not is_renamed(row):
        return words.say("cluster.same", earlier=earlier)
    why = causes(row, new_metrics, words, data)
    because = words.say("cluster.because", causes=why) if why else ""
    moved = words.say("cluster.rose" if way == "up" else "cluster.fell", earlier=earlier, rank=before, because=because)
    if is_renamed(row):
        moved = _named_before("cluster", row, merged, words, earlier=earlier, rank=before)
        causes_stated = words.say("cluster.causes", causes=why)
        moved = words.say("lists.space").join([moved, causes_stated]) if why else moved
    return words.say("lists.space").join(filter(None, [moved, _doubt(row, earlier, words, by_chance=by_chance)]))


def _named_before(
    group: str, row: Mapping[str, Any], merged: Sequence[Mapping[str, Any]], words: Words, **slots: object
) -> str:
    """Return under which name a cluster had its earlier rank, and with which others; slots["move"] under the same name.

    group : of the texts.
    """
    if not is_renamed(row):
        return str(slots["move"])
    former, alone, joined = CONTINUES[group]
    others = words.listed(words.say(former, cluster=each["cluster"], rank=each["rank_before"]) for each in merged)
    return words.say(joined if others else alone, cluster=row["cluster_before"], others=others, **slots)


def _doubt(row: Mapping[str, Any], earlier: str, words: Words, *, by_chance: bool) -> str:
    """Return which ranks a cluster may have had before, and whether its move may be chance; "" where all is certain."""
    low, high = interval_before(row) or (None, None)
    if low == high:
        return words.say("cluster.by_chance") if by_chance else ""
    key = "cluster.possible_before_by_chance" if by_chance else "cluster.possible_before"
    return words.say(key, earlier=earlier, low=low, high=high)


def _way(row: Mapping[str, Any], *, among_equals: bool) -> Literal["other", "equal", "same", "up", "down"]:
    """Return which way a cluster went since the edition before; "other" where it had no rank there."""
    if row["rank_before"] is None or row["move"] is None:
        return "other"
    if among_equals:
        return "equal"
    return "same" if not row["move"] else "up" if row["move"] > 0 else "down"


def _kind(row: Mapping[str, Any]) -> str:
    """Return the key of the words for what became of a cluster: new, split, re-entered."""
    return f"kinds.{row['kind'].replace('-', '_')}"
