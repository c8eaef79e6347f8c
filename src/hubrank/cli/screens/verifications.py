"""Verifications of editions on the screen."""

from typing import TYPE_CHECKING

from rich.text import Text

from hubrank.cli.screens.screen import console
from hubrank.core.units import counted

if TYPE_CHECKING:
    from hubrank.analysis.verify import Findings


def verified(findings: "Findings") -> None:
    """Print what a verification found."""
    screen = console()
    for fault in findings.faults:
        screen.print(Text.assemble(("✗", "red"), f" {fault}"), soft_wrap=True)
    for remark in findings.remarks:
        screen.out(f"note: {remark}")
    if findings.inputs_not_checked:
        screen.out(
            f"note: the inputs of the run were not compared ({counted(findings.inputs_not_checked, 'file')}); --inputs "
            f"FOLDER compares their hashes, where FOLDER is that of the study"
        )
    checks, differences = counted(findings.checked, "check"), counted(len(findings.faults), "difference")
    screen.out(f"{checks}, {differences}")
