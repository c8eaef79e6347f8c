"""The pages of documentation: their links lead somewhere, and the commands that they name exist."""

import re
from pathlib import Path

import pytest
import typer

from hubrank.cli import app

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs" / "sources").glob("*.md"))]
LATER = {"get"}  # of another change
LATER_PAGES = {"get.md", "sources/population.md", "sources/areas.md"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_to_a_file(page):
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8"))
    for target in targets:
        assert "://" in target or (page.parent / target).exists() or target in LATER_PAGES, target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_page_names_exists(page):
    commands = set(typer.main.get_command(app).commands) | LATER
    named = re.findall(r"(?:^    |`)(?:[A-Z_]+=… )?hubrank ([a-z]+)", page.read_text("utf-8"), re.MULTILINE)
    assert set(named) <= commands


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: page.name)
def test_every_study_that_a_page_names_is_there(page):
    for name in re.findall(r"studies/([\w-]+\.toml)", page.read_text("utf-8")):
        assert (ROOT / "studies" / name).exists() or name == "world-publications.toml", name
