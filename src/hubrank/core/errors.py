"""What can go wrong, by whom it can be mended. Each error knows the exit code of the command line."""

import re
from difflib import get_close_matches

_WORDS = re.compile(r"[^\W_]+")


class HubrankError(Exception):
    """Anything hubrank says on purpose: where, what was found, what was expected, what to do."""

    exit_code = 4


class CheckFailed(HubrankError):
    """A check did not hold: a conserved quantity, a hash, a limit."""

    exit_code = 1


class StudyError(HubrankError):
    """Wrong usage or a wrong study file."""

    exit_code = 2


class DataError(HubrankError):
    """An input file that cannot be used."""

    exit_code = 3


class ArgumentError(StudyError, ValueError):
    """An argument of a function of Python that cannot be used; a ValueError too, as NumPy and scikit-learn expect."""


def nearest(word: str, choices: list[str]) -> str:
    """Return " Did you mean 'x'?" for the closest of `choices`, else the shortest with that word in it, or nothing."""
    close = get_close_matches(word, choices, n=1, cutoff=0.6) or sorted(
        (choice for choice in choices if word.casefold() in _WORDS.findall(choice.casefold())), key=len
    )
    return f" Did you mean {close[0]!r}?" if close else ""
