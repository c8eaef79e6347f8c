"""What `hubrank robustness` prints: its first findings, and little progress."""

from hubrank.cli import options
from hubrank.cli.screens import findings

REPORT = """**SIMULATED: x**

# How robust are the ranks: Y

## Firm ranks

These stay.

- 1. Tokyo (JP)
- 2. Paris (FR)
- 3. Seoul (KR)
- 4. Lyon (FR)

## Groups

None.

## Ranks that one choice decides

No rank.

## Choices of method that move ranks most

| a | b |
"""


def test_the_first_sections_are_printed_with_three_items_each(tmp_path, capsys):
    (tmp_path / "robustness.md").write_text(REPORT)
    findings.findings(tmp_path / "robustness.md")
    seen = capsys.readouterr().out.splitlines()
    expected = [
        "SIMULATED: x",
        "Firm ranks",
        "  These stay.",
        "  - 1. Tokyo (JP)",
        "  - 2. Paris (FR)",
        "  - 3. Seoul (KR)",
    ]
    assert seen[:6] == expected
    assert seen[6:11] == ["  - …", "Groups", "  None.", "Ranks that one choice decides", "  No rank."]
    (last,) = seen[11:]
    assert last.startswith("All findings: ")


def test_of_many_steps_about_twenty_are_printed_and_of_few_all(capsys):
    for of, step, least, most in ((7, 1, 8, 8), (125, 1, 20, 22), (300_000, 2_000, 20, 22)):
        show = options._Lines()
        for done in range(0, of + 1, step):
            show("variant", done, of)
        lines = capsys.readouterr().err.splitlines()
        assert least <= len(lines) <= most
        assert (lines[0], lines[-1]) == (f"[0/{of}] variant", f"[{of}/{of}] variant")
