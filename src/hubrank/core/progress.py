"""How a long piece of work reports what it is doing."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]  # (what is being done, steps done, of how many)


def no_progress(what: str, done: int, of: int) -> None:
    """Report progress to no one."""
