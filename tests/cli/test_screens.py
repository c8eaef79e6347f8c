"""Text from files stays what it is on the screen."""

from rich.table import Table

from hubrank.analysis.verify import Findings
from hubrank.cli.screens import verifications
from hubrank.cli.screens.screen import console

FAULT = "clusters.csv: the name [b]Bonn[/b] :de: differs"


def test_text_in_brackets_is_printed_as_it_is(capsys):
    table = Table("[i]cluster", title="[x]: patents")
    table.add_row("Bonn [bold]")
    console().print(table)
    verifications.verified(Findings(1, [FAULT]))
    printed = capsys.readouterr().out
    assert all(text in printed for text in ("[i]cluster", "[x]: patents", "Bonn [bold]", f"✗ {FAULT}\n"))
