"""The pages of the documentation and their code blocks."""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
sys.path.append(str(ROOT / "scripts"))
GENERATED = {"_build", "code"}  # folders
PAGES = [
    *sorted(path for path in ROOT.glob("*.md") if path.name != "CHANGELOG.md"),
    *sorted(path for path in DOCS.rglob("*.md") if not GENERATED & set(path.relative_to(DOCS).parts)),
]
NOTEBOOKS = sorted((DOCS / "notebooks").glob("*.md"))


@dataclass(frozen=True)
class Block:
    """A code block: its language ("" where none is stated), its text, the file that its caption names, its line."""

    language: str
    text: str
    file: str
    line: int


def blocks(page: Path) -> list[Block]:
    """Return the code blocks of a page; directives of Sphinx that are no code are left out."""
    listed = []
    for token in MarkdownIt("commonmark").enable("table").parse(page.read_text("utf-8")):
        directive, _, rest = token.info.partition("}")
        if token.type not in {"fence", "code_block"} or (directive.startswith("{") and "code" not in directive):
            continue
        caption = re.match(r"(?::\w+:.*\n)*:caption: (.+)\n(?::\w+:.*\n)*\n?", token.content)
        language = "code-cell" if directive == "{code-cell" else (rest or token.info).strip()
        text = token.content[caption.end() :] if caption else token.content
        listed.append(Block(language, text, caption[1] if caption else "", token.map[0] + 1))
    return listed
