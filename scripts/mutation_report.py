"""The result of planted faults as a page: a table of files, and the reason for each that no test noticed."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from mutants import Mutant

ENOUGH_PCT = 85
HEAD = """# Faults planted in the kernel, counting, ranking and comparison: `make mutation`

Revision {revision}; a random sample with seed {seed}, the same for the same source. One fault at a time is planted in
a file, and the tests that bench/mutation.toml names for the file run until one fails. Kernels run as plain Python on
small worlds. "Hanging": used more than five times the processor time that the tests need, and more than ten seconds;
it counts as killed. A fault that was killed once is not tried again when tests are added.

**{killed} of {tried} killed: {pct:.1f} %**, {hanging} of them hanging; {explained} survivors are explained below,
{open} are not.

| file | faults that can be planted | tried | killed | of them hanging | survived | killed |
|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class File:
    """How the mutants of one file ended: killed, hanging or survived; every : how many there could be."""

    name: str
    every: int
    ends: list[tuple[Mutant, str]]

    def count(self, *hows: str) -> int:
        """Say how many ended in one of some ways."""
        return sum(how in hows for _, how in self.ends)

    def row(self) -> str:
        """Return the file's line of the table."""
        tried, killed = len(self.ends), self.count("killed", "hanging")
        cells = (self.name, self.every, tried, killed, self.count("hanging"), tried - killed)
        return f"| {' | '.join(map(str, cells))} | {100 * killed / tried:.0f} % |"


def _revision() -> str:
    """Return the commit that is tested, and whether files were changed since."""
    command = ["git", "describe", "--always", "--dirty"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603 (git)


def _explained(file: str, mutant: Mutant, kind: dict[str, object]) -> bool:
    """Say whether a kind of survivors holds one; `where` names files and a part of what was planted."""
    split = (place.partition(" ") for place in kind["where"])
    return any(file == name and part in str(mutant) for name, _, part in split)


def report(files: list[File], kinds: list[dict[str, object]], seed: int, out: Path | None) -> int:
    """Write or print the page; return 1 where fewer than enough were killed, else 0."""
    untried, files = [file.name for file in files if not file.ends], [file for file in files if file.ends]
    left = [(file.name, mutant) for file in files for mutant, how in file.ends if how == "survived"]
    groups = [(kind["why"], [one for one in left if _explained(*one, kind)]) for kind in kinds]
    explained = {one for _, group in groups for one in group}
    tried, killed = sum(len(file.ends) for file in files), sum(file.count("killed", "hanging") for file in files)
    page = HEAD.format(
        revision=_revision(), seed=seed, tried=tried, killed=killed, pct=100 * killed / tried,
        hanging=sum(file.count("hanging") for file in files), explained=len(explained), open=len(left) - len(explained),
    )  # fmt: skip
    page += "\n".join(file.row() for file in files) + "\n"
    page += f"\nNot tried yet: {', '.join(untried)}.\n" if untried else ""
    for why, group in [*groups, ("Not explained yet.", [one for one in left if one not in explained])]:
        if group:
            page += f"\n{why}\n\n" + "".join(f"- {name} line {one.line}: `{one}`\n" for name, one in group)
    if out is None:
        print(page)  # noqa: T201 (a command's answer)
    else:
        out.write_text(page, encoding="utf-8")
    return int(100 * killed < ENOUGH_PCT * tried)
