"""Text from files stays what it is on the screen."""

import re
from decimal import Decimal

from rich.table import Table

import hubrank
from fixtures_editions import run_edition
from hubrank.analysis.verify import Findings
from hubrank.api import reweighted
from hubrank.cli.screens import comparisons, counts, editions, verifications
from hubrank.cli.screens.screen import console
from hubrank.core.units import counts_for_reading
from hubrank.publishing import page_words

FAULT = "clusters.csv: the name [b]Bonn[/b] :de: differs"


def test_counts_have_one_decimal_where_one_of_them_has_any_and_none_is_shown_as_nothing():
    assert counts_for_reading([Decimal("3561.000"), Decimal("0.000")]) == ["3,561", "0"]
    cells = [Decimal("6.833"), Decimal("0.250"), Decimal("1200.000"), Decimal("0.004"), Decimal(0)]
    assert counts_for_reading(cells) == ["6.8", "0.3", "1,200.0", "0.004", "0.0"]
    assert counts_for_reading([Decimal("3469.250"), Decimal("347.100")]) == ["3,469", "347"]


def test_an_edition_has_the_same_counts_on_every_screen(tmp_path, capsys):
    paris, tokyo = (1, 2020, 48.85, 2.35, 1), (2, 2020, 35.7, 139.7, 1)
    rows = [*((record, *place) for record in "abc" for place in (paris, tokyo)), ("d", *paris)]
    finished = hubrank.load(run_edition(tmp_path, "out", rows, "[clusters]\nmin_listings = 2\n").folder)
    editions.edition(finished, 3)
    counts.ranked(reweighted(finished, None), 3, finished.labels)
    printed = capsys.readouterr().out
    assert len(re.findall(r" 2\.5 │ +62\.50", printed)) == 2
    assert len(re.findall(r" 1\.5 │ +37\.50", printed)) == 2


def test_a_move_and_a_change_by_one_method_are_called_on_the_screen_as_on_the_page():
    say = page_words.words("en").say
    assert (say("compare.change"), say("compare.move")) == (comparisons.SAME_METHOD, "move")


def test_text_in_brackets_is_printed_as_it_is(capsys):
    table = Table("[i]cluster", title="[x]: patents")
    table.add_row("Bonn [bold]")
    console().print(table)
    verifications.verified(Findings(1, [FAULT]))
    printed = capsys.readouterr().out
    assert all(text in printed for text in ("[i]cluster", "[x]: patents", "Bonn [bold]", f"✗ {FAULT}\n"))
