"""A new study as text: TOML with a comment for every choice."""

import json
from collections.abc import Iterator, Mapping, Sequence

from hubrank import sources
from hubrank.analysis.new_study.drafts import TABLE, Draft, Drafts
from hubrank.analysis.new_study.guess import Guess
from hubrank.study.values import Window

WIDTH = 118
_COMPLETE = (
    "Remove the # from the columns that say where a row is and what it counts, and write in place of ? what they are: "
    "city, region, country, postcode, address, institution, or lat and lon; record, year, date, count, organisation. "
    "docs/sources/table.md describes each, and columns in other forms."
)
KNOWN_METRICS = ("patents", "publications", "deals")  # those that outputs have words for


def text(
    gathered: Drafts,
    title: str,
    edition: str,
    windows: Mapping[str, tuple[Window, str]],
    threshold: tuple[str, str],
) -> str:
    """Return the study."""
    lines = [
        "# A study of hubrank: every choice that can change a rank. What each key does: docs/study.md, or",
        "# hubrank study --schema > study.schema.json for completion in an editor.",
        "",
        f"title = {quoted(title)}",
        f"edition = {quoted(edition)}",
        "",
    ]
    if windows:
        lines.append("[windows]                    # first and last year; rows of other years are out of scope")
        lines += [f"{metric} = [{years[0]}, {years[1]}]  # {why}" for metric, (years, why) in windows.items()]
        lines.append("")
    for draft in gathered.sources:
        lines += [*_source(draft), ""]
    labels = {draft.metric: _label(draft) for draft in gathered.sources}
    for metric, label in labels.items():
        why = next((draft.why_label for draft in gathered.sources if draft.metric == metric and draft.why_label), "")
        lines += comment(f"{why}.") if why else []
        if metric not in KNOWN_METRICS or why:
            lines += [f"[metrics.{metric}]", f"label = {quoted(label)}", ""]
    lines += [*_geocoding(gathered), ""]
    lines += [
        "[naming]",
        '# language = "gazetteer"     # cities as at home (Kraków, München), in place of Krakow, Munich',
        "",
    ]
    lines += ["[clusters]", "radius_km = 15               # of the published method"]
    lines += [*comment(f"What is dense: {threshold[1]}."), threshold[0], ""]
    weights = ", ".join(f"{metric} = 1" for metric in labels)
    lines += [
        "[ranking]                    # all metrics count equally; where weights are given, those not named are 0"
    ]
    lines += [f"# weights = {{ {weights} }}"]
    for sentence in gathered.left_out:
        lines += ["", *comment(f"Not used: {sentence}")]
    return "\n".join(lines) + "\n"


def unfinished(draft: Draft, title: str) -> str:
    """Return the beginning of a study of a table whose columns do not say what is ranked, to be completed by hand."""
    gathered = Drafts(sources=[draft])
    lines = text(gathered, title, "1", {}, ("min_listings = 10", "a first guess; hubrank check says what it makes"))
    return "\n".join(comment(f"To be completed: {draft.lacks}.")) + "\n" + lines


def _source(draft: Draft) -> Iterator[str]:
    reason = draft.reason or "complete the columns"
    yield from comment(f"{draft.metric.replace('_', ' ').capitalize()}: {reason}.")
    yield "[[sources]]"
    yield f"metric = {quoted(draft.metric)}"
    yield f"reader = {quoted(draft.reader)}"
    if len(draft.files) == 1:
        yield f"files = {_patterns(next(iter(draft.files.values())))}"
    else:
        yield "[sources.files]"
        yield from (f"{role} = {_patterns(patterns)}" for role, patterns in draft.files.items())
    if draft.reader == TABLE:
        yield "[sources.columns]"
        yield from (_line(_column(guess), guess.reason) for guess in draft.columns)
        yield from _unused(draft)
    for note in draft.notes:
        yield from comment(f"Look at this: {note}.")
    if draft.options:
        yield "[sources.options]"
        yield from (_line(f"{one.name} = {quoted(one.value)}", one.reason) for one in draft.options)


def _unused(draft: Draft) -> Iterator[str]:
    """Yield comments on columns that are not used; of a table that cannot be ranked yet a line to complete for each.

    Without their values, which may be names of persons.
    """
    if draft.lacks:
        yield from comment(_COMPLETE)
        yield from (f"# ? = {quoted(name)}" for name in draft.unused)
    elif draft.unused:
        yield from comment(
            f"Not used: {', '.join(map(quoted, draft.unused))}. What a column can be: docs/sources/table.md."
        )


def _line(setting: str, reason: str) -> str:
    return f"{setting:<40} # {reason}"


def _label(draft: Draft) -> str:
    """Return what outputs call a metric: what its reader counts, else its name."""
    words = (
        (draft.label or draft.metric.replace("_", " "))
        if draft.reader == TABLE
        else sources.find(draft.reader).METRIC.unit
    )
    return words[:1].upper() + words[1:]


def _column(guess: Guess) -> str:
    if guess.value is not None:
        return f"{guess.name} = {{ value = {guess.value} }}"
    if guess.further:
        return f"{guess.name} = {quoted([*guess.columns])}"
    parts = {"split": guess.split, "places": guess.places}
    keys = [f"{key} = {quoted(divider)}" for key, divider in parts.items() if divider]
    keys += [f"pattern = '{guess.pattern}'"] if guess.pattern else []
    if not keys:
        return f"{guess.name} = {quoted(guess.column)}"
    return f"{guess.name} = {{ {', '.join([f'from = {quoted(guess.column)}', *keys])} }}"


def _geocoding(gathered: Drafts) -> Iterator[str]:
    yield "[geocoding]"
    if gathered.register:
        yield f"institutions = {quoted(gathered.register)}  # the register of institutions in the folder"
    else:
        yield "# The register of institutions is the newest in raw/ror/ next to this file (hubrank get ror)."


def _patterns(patterns: Sequence[str]) -> str:
    if len(patterns) == 1:
        return quoted(patterns[0])
    return "[\n" + "".join(f"    {quoted(one)},\n" for one in patterns) + "]"


def quoted(value: str | int | list[str]) -> str:
    """Return a text, a number or a list of texts as TOML writes it."""
    return json.dumps(value, ensure_ascii=False)


def comment(sentence: str) -> Iterator[str]:
    """Yield the lines of a comment."""
    line = "#"
    for word in sentence.split():
        if len(line) + len(word) >= WIDTH:
            yield line
            line = "#"
        line += f" {word}"
    yield line
