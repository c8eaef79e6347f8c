"""The first findings of a robustness report on the screen."""

from pathlib import Path

from hubrank.cli.screens.screen import console

SECTIONS = 3  # firm ranks, groups, ranks that one choice decides
ITEMS = 3  # of each


def findings(report: Path) -> None:
    """Print the first sections of robustness.md, each with its first items, and where the rest is."""
    screen = console()
    head, *sections = report.read_text("utf-8").split("\n## ")
    if head.startswith("**"):
        screen.out(head.splitlines()[0].strip("*"), style="bold")
    for section in sections[:SECTIONS]:
        title, *lines = [line for line in section.splitlines() if line]
        items = [line for line in lines if line.startswith("- ")]
        screen.out(title, style="bold")
        for line in lines:
            if line not in items or line in items[:ITEMS]:
                screen.out(f"  {line}")
        if len(items) > ITEMS:
            screen.out("  - …")
    screen.out(f"All findings: {report}; tables and charts: {report.parent}/")
