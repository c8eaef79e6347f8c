"""No form of an address is read worse than the figures of its benchmark say: of one row in fifteen, by chance alone."""

import math
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.system, pytest.mark.one_python]

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"\| ([^|]+) \| ([\d,]+) \| ([\d,]+) \| ")
EVERY, DEVIATIONS, FEW = 15, 4, 2


def figures(text):
    """Return rows and right ones by form."""
    return {form: (int(rows.replace(",", "")), int(right.replace(",", ""))) for form, rows, right in ROW.findall(text)}


def recorded(section):
    page = (ROOT / "bench/README.md").read_text("utf-8")
    return figures(page.partition(f"\n## {section}\n")[2].partition("\n## ")[0])


def measured(script):
    command = [sys.executable, ROOT / "bench" / script, "--every", str(EVERY)]
    return figures(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


@pytest.mark.parametrize(
    ("section", "script"),
    [
        ("Cities", "cities.py"),
        ("Contexts", "contexts.py"),
        pytest.param("Organisations", "organisations.py", marks=pytest.mark.shared),
    ],
)
def test_no_form_is_read_worse_than_its_figures_say(section, script):
    of_page, of_run = recorded(section), measured(script)
    assert of_run.keys() == of_page.keys()
    worse = {}
    for form, (rows, right) in of_run.items():
        share = of_page[form][1] / of_page[form][0]
        deviation = math.sqrt(rows * share * (1 - share))
        if right < rows * share - DEVIATIONS * deviation - FEW:
            worse[form] = f"{right} of {rows} are right, {share:.1%} on the page"
    assert worse == {}
