"""Every way in which a new user errs gives one screen that says where, what was found and what to do."""

import re

import pytest

from cli.golden_errors import CASES, GOLDEN, screen


def golden():
    """Return the screens that were read and found good, by their story."""
    parts = re.findall(
        r"^## (.+?)\n\n    hubrank .+?\n\n```\n(.+?)\n```$", GOLDEN.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    return dict(parts)


@pytest.mark.parametrize("case", CASES, ids=[case.story for case in CASES])
def test_an_error_gives_the_screen_that_was_read_and_found_good(case, tmp_path, monkeypatch):
    seen = screen(case, tmp_path / "work", monkeypatch.chdir)
    assert seen == golden()[case.story]
    assert seen.count("\n") < 12
    assert "Traceback" not in seen
    assert "internal error" not in seen
    assert not seen.startswith("exit 0")


def test_no_screen_is_left_over():
    assert set(golden()) == {case.story for case in CASES}
    assert len(CASES) >= 30
