"""A new study and a simulated world on the screen, and which command comes next."""

from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

from hubrank.cli.screens.screen import console
from hubrank.core.edition import MOST_CONTRADICTED_PCT, SIMULATED, WELL_LOCATED_PCT, Edition
from hubrank.core.units import counted
from hubrank.sources.register import not_called_so
from hubrank.sources.table_remarks import MATCHES_NONE

if TYPE_CHECKING:
    from hubrank.analysis.new_study import NewStudy
    from hubrank.analysis.new_study.guess import Guess
    from hubrank.simulation import World

NO_PICTURE = "Links to its pages show no picture where they are shared: the study names no [publish] base_url.\n"
REAL = "Next: hubrank new FOLDER ranks files of your own; hubrank get lists what can be downloaded."
REGISTER = (
    "The rows name institutions, and there is no register to locate them with{ignored}: those that name no known place "
    "will not be located. `hubrank get ror` fetches one into raw/ror/."
)


def new_study(written: "NewStudy") -> None:
    """Print what a new study reads and why, what was left out, and the next command."""
    lines = [f"Written: {written.path}"]
    drafts = written.drafts.sources
    for before, draft, size in zip([None, *drafts[:-1]], drafts, written.sizes, strict=True):
        printed = before.columns if before and before.files == draft.files else []
        first = "" if size.whole else "the first "
        files = ", ".join(pattern for patterns in draft.files.values() for pattern in patterns[:3])
        lines.append(f"{draft.metric}: {files}")
        aside = "".join(f"; {rows:,} cannot be used: {reason}" for reason, rows in size.aside.items())
        lines.append(
            f"  {draft.reason}; {first}{counted(size.rows, 'row')} read, {counted(size.listings, 'listing')} in scope"
            f"{aside}"
        )
        lines += [f"  {_column(guess)}: {guess.reason}" for guess in draft.columns if guess not in printed]
        if not printed:
            lines += [f"  options.{one.name} = {one.value!r}: {one.reason}" for one in draft.options]
            lines += [f"  not used: {', '.join(map(repr, draft.unused))}"] if draft.unused else []
        lines += [f"  look at this: {note}" for note in (*draft.notes, *filter(None, [draft.why_label]))]
    lines += [f"Not used: {sentence}" for sentence in written.drafts.left_out]
    lines.append(f"{written.threshold[0]}: {written.threshold[1]}.")
    lines += [REGISTER.format(ignored=not_called_so(written.no_registers))] if written.needs_register else []
    lines.append(f"Next: hubrank check {quote(str(written.path))}")
    for line in lines:
        console().out(" ".join(line.splitlines()))  # a quoted cell may have several


def _column_json(guess: "Guess") -> dict[str, Any]:
    column = [*guess.columns] if guess.further else guess.column
    origin = {"column": column} if guess.value is None else {"value": guess.value}
    return {**origin, "reason": guess.reason}


def _column(guess: "Guess") -> str:
    if guess.value is not None:
        return f"{guess.name} is {guess.value}"
    return f"{guess.name} = {', '.join(map(repr, guess.columns))}"


def new_study_json(written: "NewStudy") -> dict[str, Any]:
    """Return a new study for --json."""
    return {
        "study": str(written.path),
        "sources": [
            {
                "metric": draft.metric,
                "reader": draft.reader,
                "files": draft.files,
                "columns": {guess.name: _column_json(guess) for guess in draft.columns},
                "options": {one.name: {"value": one.value, "reason": one.reason} for one in draft.options},
                "unused": list(draft.unused),
                "notes": list(draft.notes),
                "rows": size.rows,
                "listings": size.listings,
            }
            for draft, size in zip(written.drafts.sources, written.sizes, strict=True)
        ],
        "left_out": written.drafts.left_out,
        "threshold": list(written.threshold),
        "next": f"hubrank check {quote(str(written.path))}",
    }


def after_check(summary: dict[str, Any], study: Path) -> str:
    """Return which command comes after a check: what would make the ranking better first."""
    named = quote(str(study))
    again = f"then hubrank check {named}"
    for source in summary["sources"]:
        if first := _correction(source, study, no_register=summary["no_register"]):
            return f"Next: {first}; {again}"
    if summary["no_cluster"] and not summary["stops"]:
        return f"Next: lower the threshold under [clusters] in {study}; {again}"
    return f"Next: correct what would stop a run; {again}" if summary["stops"] else f"Next: hubrank run {named}"


def _correction(source: dict[str, Any], study: Path, *, no_register: bool) -> str:
    """Return what would make a source better first; "" where nothing would."""
    if not source["rows_kept"] and source["files"] == 1:
        scope = source["out_of_scope"]
        most = max(scope, key=scope.__getitem__, default="")
        why = f" ({scope[most]:,} out of scope: {most})" if most else ""
        return f"correct {study}, as no row of {source['metric']} is kept{why}"
    unusable = sum(source["set_aside"].values())
    if unusable > source["rows_read"] * source["max_set_aside_pct"] / 100:
        most = f"{source['max_set_aside_pct']:g} %"
        return f"correct the files of {source['metric']}, as a run stops above {most} set aside"
    if (source["contradicted_pct"] or 0) > MOST_CONTRADICTED_PCT and source["coordinates"] == "stop":
        return f"correct columns.lat and columns.lon of {source['metric']} in {study}"
    if any(MATCHES_NONE in remark for remark in source["remarks"]):
        return f"correct the pattern that matches no row of {source['metric']} in {study}"
    located = source["located_pct"] or 0
    if located < WELL_LOCATED_PCT and source["unlocated_organisations"] and no_register:
        return f"hubrank get ror, as {100 - located:.0f} % of {source['metric']} are not located"
    return ""


def after_run(edition: Edition) -> str:
    """Return which commands come after a run."""
    folder = quote(str(edition.folder))
    rows = edition.table("ranking").slice(0, 1).to_pylist()
    if not rows:
        return "Next: lower the threshold under [clusters] in the study, and run it again."
    if edition.synthetic:
        return REAL
    ranks_areas = edition.manifest.get("areas", {}).get("ranked")
    first = rows[0]["cluster"] if ranks_areas else rows[0]["cluster"].split("–")[0].split(",")[0].split(" (")[0]
    shown = "" if edition.manifest["study"].get("publish", {}).get("base_url") else NO_PICTURE
    return f'{shown}Next: open {folder}/site/index.html, or hubrank explain {folder} "{first}"'


def world(summary: "World", out: Path) -> None:
    """Print what was simulated."""
    screen = console()
    screen.out(SIMULATED)
    planted = ", ".join(f"{records:,} {metric}" for metric, records in summary.records.items())
    screen.out(f"{summary.clusters} clusters and {summary.decoys} decoys at {summary.sites:,} sites: {planted}")
    screen.out(f"Next: hubrank run {out}/2025.toml")
