"""Located addresses, and located tables of them, on the screen."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hubrank.cli.screens.locations import percent
from hubrank.cli.screens.screen import console
from hubrank.core import countries
from hubrank.core.sphere import E7
from hubrank.core.units import counted
from hubrank.sources.register import ADVICE
from hubrank.study.sections import Geocoding

if TYPE_CHECKING:
    from hubrank.analysis.locate_file import Done
    from hubrank.geocoding.explain_address import Judgement
    from hubrank.sources.register import Register


def located(judgements: "Sequence[Judgement]", used: "Register") -> None:
    """Print the places that an address may be, how likely each is, and why; and the register, where one was used."""
    screen = console()
    if not judgements:
        screen.out("No place is named.")
    elif judgements[0].in_words:
        screen.out(judgements[0].in_words)
    for one in judgements:
        mark = "→" if one.answered else " "
        where = f"{one.lat_e7 / E7:.4f}, {one.lon_e7 / E7:.4f}"
        screen.out(f"{mark} {where} {one.sentence}")
    if judgements and not judgements[0].answered:
        screen.out(_not_answered(judgements[0]))
    if used.paths:
        screen.out(_note(used))


def _not_answered(first: "Judgement") -> str:
    """Say which limit the likeliest place did not reach."""
    if first.is_far_guess:
        return (
            "Not answered: the likeliest is a guess (a part of a name, or a mended one), which is not answered where "
            "nothing but its country is stated."
        )
    if first.least is None:
        return f"Not answered: the likeliest is no finer than {first.precision}, which --min-precision does not take."
    default, guess = Geocoding().min_probability_pct / 100, ""
    if first.least > default:
        guess = (
            f", not {100 * default:.1f} %, as the answer rests on a guess: a mended name in a text, a part of an "
            "organisation's name, a city of another country, or a text with neither country nor region in full "
            "(METHOD 2)"
        )
    return f"Not answered: the likeliest has {percent(first.probability)}; {percent(first.least)} is needed{guess}."


def located_file(done: "Done", out: Path, used: "Register") -> None:
    """Print how much of a file was located, and by which register."""
    share = 100 * done.located / done.rows if done.rows else 0
    console().out(f"{done.located:,} of {counted(done.rows, 'row')} located ({share:.1f} %): {out}")
    console().out(f"Read as: {', '.join(f'{column} = {part}' for part, column in done.columns.items())}")
    for column, (separator, cells) in done.several.items():
        console().out(
            f"Several places in a cell, divided by {separator}: {cells:,} of {counted(done.rows, 'row')} in {column!r}."
            f" Each row has one place, of one of them; to locate each, divide them into rows, or make a study of this "
            f"file (hubrank new) that counts each."
        )
    if line := _no_country(done):
        console().out(line)
    console().out(_note(used) if used.paths else f"{_note(used)} {ADVICE}")


def _no_country(done: "Done") -> str:
    """Say what to do where half of the rows state no country in a column, "" where texts of many countries state it."""
    located = sum(done.within.values())
    economy = max(done.within, key=lambda code: (done.within[code], code), default="")
    is_most = located > 0 and 2 * done.within[economy] >= located
    if 2 * done.without_country < max(1, done.rows) or not (is_most or "city" in done.columns):
        return ""
    share = 100 * done.within[economy] / located if is_most else 0
    most = f" ({share:.1f} % of those located are in {countries.name(economy)}: --country {economy})" if is_most else ""
    return (
        f"Without a country in a column: {done.without_country:,} of {counted(done.rows, 'row')}, where towns of one "
        f"name may be confused. Where those that state none are of one country, --country states it{most}."
    )


def _note(used: "Register") -> str:
    """Say which register was used, or what is missed without one."""
    return used.note([Path(str(path)).name for path in used.paths])
