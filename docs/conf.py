"""Settings of Sphinx: `make docs` builds the documentation with warnings as errors."""

import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "scripts")]

import doc_pages  # noqa: E402 (a script of the repository)

import hubrank  # noqa: E402

project = "hubrank"
author = "The hubrank authors"
copyright = "The hubrank authors, Apache-2.0"  # noqa: A001 (Sphinx reads this name)
version = release = hubrank.__version__

extensions = ["sphinx.ext.autodoc", "numpydoc", "myst_nb"]
html_theme = "furo"
html_title = f"hubrank {version}"
html_static_path = ["_static"]
html_copy_source = False
html_show_sphinx = False
exclude_patterns = ["_build"]
highlight_language = "none"
nitpicky = False
suppress_warnings = ["myst-nb.lexer"]  # notebooks that are not executed name no lexer

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
nb_execution_mode = "force" if "HUBRANK_DEMO" in os.environ else "off"
nb_execution_timeout = 300
nb_execution_raise_on_error = True
nb_merge_streams = True

numpydoc_show_class_members = False
autodoc_typehints = "signature"
autodoc_member_order = "bysource"


def setup(app):  # noqa: ANN001, ANN201, D103 (Sphinx calls it)
    app.connect("builder-inited", lambda _: write_code_pages())
    app.connect("source-read", fill)
    app.connect("autodoc-process-docstring", list_names, priority=100)  # before numpydoc
    app.connect("build-finished", add_explorer)


def write_code_pages() -> None:
    """Write the pages that show code; git ignores them."""
    folder = ROOT / "docs" / "reference" / "code"
    folder.mkdir(exist_ok=True)
    for name, text in doc_pages.code_pages().items():
        path = folder / name
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")


def fill(app, name: str, source: list[str]) -> None:  # noqa: ANN001 (Sphinx's application)
    """Fill in what a page has from the code."""
    page = Path(app.env.doc2path(name)).relative_to(ROOT / "docs")
    if page.suffix == ".md":
        source[0] = doc_pages.filled(page.as_posix(), source[0])


def list_names(_app, _what: str, _name: str, _object: object, _options, lines: list[str]) -> None:  # noqa: ANN001
    """Give docstrings that list names and their meanings the form that Sphinx knows."""
    lines[:] = doc_pages.listed_names(lines)


def add_explorer(app, error: Exception | None) -> None:  # noqa: ANN001 (Sphinx's application)
    """Add the explorer of the demonstration, which says itself that it is simulated."""
    demonstration = os.environ.get("HUBRANK_DEMO")
    if error is None and demonstration:
        target = Path(app.outdir) / "explorer"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(Path(demonstration) / "2025" / "site", target)
