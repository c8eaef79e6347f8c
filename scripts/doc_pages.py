"""Parts of the documentation that are made from the code: commands, tables, METHOD with numbers, provenance.

A page of docs/ that has `<!-- made from: NAME -->` is filled by `filled`; docs/conf.py calls it when Sphinx reads the
page, so that nothing is copied into the repository.
"""

import os
import re
import runpy
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import typer

import hubrank
from hubrank.cli import app

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
SOURCE = ROOT / "src"
# With what a page says to those who read it where nothing fills it.
MARK = re.compile(r"^(?:\*This page is filled when [^*]*\*\n\n)?<!-- made from: (\S+) -->$", re.MULTILINE)
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
# Pages of the repository that are pages of the documentation too, by the document that shows them.
REPOSITORY_PAGES = {
    "METHOD.md": "reference/method.md",
    "CHANGELOG.md": "project/changelog.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "GOVERNANCE.md": "project/governance.md",
    "SECURITY.md": "project/security.md",
    "SUPPORT.md": "project/support.md",
}
CITED = re.compile(r"\(METHOD ((?:\d+(?:, )?)+)\)")


def filled(page: str, text: str) -> str:
    """Return the text of a page with its generated parts, and links that lead within the documentation.

    page : path of the page in docs/, such as `reference/commands.md`.
    """
    text = MARK.sub(lambda match: part(match[1], page), text)
    return within(text, DOCS / page)


def part(name: str, page: str) -> str:
    """Return a generated part of a page. Raises KeyError for a name that nothing makes."""
    if name.endswith(".md"):
        return repository_page(name, page)
    makers: dict[str, Callable[[], str]] = {
        "commands": commands,
        "tables": tables,
        "python": python,
        "provenance": provenance,
    }
    return makers[name]()


def repository_page(name: str, page: str) -> str:
    """Return a page of the repository's root with its links as they are seen from `page`."""
    text = (ROOT / name).read_text("utf-8")
    text = method(text) if name == "METHOD.md" else text
    here = (DOCS / page).parent
    return LINK.sub(lambda link: _moved(link, ROOT, here), text)


def _moved(link: re.Match[str], before: Path, after: Path) -> str:
    mark, words, target = link.groups()
    if "://" in target or target.startswith(("#", "mailto:")):
        return link[0]
    path, hash_sign, anchor = target.partition("#")
    return f"{mark}[{words}]({os.path.relpath(before / path, after)}{hash_sign}{anchor})"


def within(text: str, page: Path) -> str:
    """Return text whose links to files that are no pages of the documentation are their words alone."""

    def link(match: re.Match[str]) -> str:
        mark, words, target = match.groups()
        path, hash_sign, anchor = target.partition("#")
        if mark or "://" in target or not path or target.startswith("mailto:"):
            return match[0]
        file = Path(os.path.normpath(page.parent / path))
        if file.parent == ROOT and file.name in REPOSITORY_PAGES:
            file = DOCS / REPOSITORY_PAGES[file.name]
        if file.is_relative_to(DOCS) and (file.suffix in {".md", ".ipynb"} or "explorer" in file.parts):
            return f"[{words}]({os.path.relpath(file, page.parent)}{hash_sign}{anchor})"
        return words

    return LINK.sub(link, text)


# Commands


def commands() -> str:
    """Return every command with its arguments and options, from the parser itself."""
    group: Any = typer.main.get_command(app)
    lines = [f"{(group.help or '').strip()}", "", _parameters(group), ""]
    for name, command in sorted(group.commands.items()):
        usage = command.collect_usage_pieces(typer.Context(command, info_name=name))
        lines += [f"## hubrank {name}", "", (command.help or "").strip(), ""]
        lines += ["```text", f"hubrank {name} {' '.join(usage)}", "```", "", _parameters(command), ""]
    return "\n".join(lines)


def _parameters(command: Any) -> str:  # noqa: ANN401 (a command of the parser that typer contains)
    rows = []
    for each in command.params:
        names = ", ".join(f"`{name}`" for name in (*each.opts, *each.secondary_opts))
        if each.param_type_name == "argument":
            names = f"`{each.name}`"
        text = (getattr(each, "help", None) or "").replace("|", "\\|")
        rows.append(f"| {names} | {text} | {_default(each)} |")
    return "\n".join(["| argument or option | what it does | default |", "|---|---|---|", *rows]) if rows else ""


def _default(parameter: Any) -> str:  # noqa: ANN401 (the same)
    if parameter.required:
        return "required"
    if parameter.default in (None, False, ()) or callable(parameter.default):
        return "none" if parameter.default is None or callable(parameter.default) else "off"
    return f"`{parameter.default}`"


# Tables and columns


@cache
def column_words() -> dict[str, dict[str, dict[str, str]]]:
    """Return the one file of meanings: per table its title and its columns."""
    return tomllib.loads((SOURCE / "hubrank" / "core" / "columns.toml").read_text("utf-8"))


def tables() -> str:
    """Return every table with the meaning and unit of its columns."""
    lines = []
    for table, entries in column_words().items():
        heading = "Columns that several tables have" if table == "shared" else table
        lines += [f"## {heading}", ""]
        if "title" in entries:
            lines += [f"One row is {entries['title']}.", ""]
        if "like" in entries:
            lines += [f"A column that is not listed means what it means in `{entries['like']}`.", ""]
        rows = [(name, entry) for name, entry in entries.items() if isinstance(entry, dict)]
        if rows:
            lines += ["| column | meaning | unit |", "|---|---|---|"]
            lines += [f"| `{name}` | {_cell(entry['meaning'])} | {entry.get('unit', '')} |" for name, entry in rows]
            lines.append("")
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("{metric}", "*metric*")


# The method


def method(text: str) -> str:
    """Return METHOD with a number before each paragraph (`#method-2-3`) and, after each section, the code of it."""
    parts = re.split(r"^## (\d+) (.+)$", text, flags=re.MULTILINE)
    lines = [parts[0]]
    for number, title, body in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        lines += [f"(method-{number})=", f"## {number} {title}", "", *_paragraphs(number, body), _code_of(int(number))]
    return "\n".join(lines)


def _paragraphs(section: str, body: str) -> Iterator[str]:
    count = 0
    for block in re.split(r"\n\s*\n", body.strip("\n")):
        if re.match(r"[^|\s>#-]|\*[^*]", block):
            count += 1
            yield f"(method-{section}-{count})=\n**{section}.{count}** {block}\n"
        else:
            yield f"{block}\n"


@cache
def cited_modules() -> dict[int, list[str]]:
    """Return, per section of METHOD, the modules whose docstrings name it."""
    cited: dict[int, list[str]] = {}
    for path in sorted((SOURCE / "hubrank").rglob("*.py")):
        docstring = re.match(r'""".*?"""', path.read_text("utf-8"), re.DOTALL)
        numbers = {int(one) for match in CITED.findall(docstring[0] if docstring else "") for one in match.split(", ")}
        for number in numbers:
            cited.setdefault(number, []).append(module_name(path))
    return cited


def module_name(path: Path) -> str:
    """Return the name by which a file of the package is imported."""
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _code_of(section: int) -> str:
    modules = cited_modules().get(section, [])
    if not modules:
        return ""
    return "Code: " + ", ".join(f"[`{name}`](#code-{anchor(name)})" for name in modules) + "\n"


def anchor(module: str) -> str:
    """Return the name of a module as it stands in an address."""
    return module.removeprefix("hubrank.").replace(".", "-").replace("_", "-")


def code_pages() -> dict[str, str]:
    """Return the pages that show the modules which METHOD links to: name in docs/reference/code, and text."""
    packages: dict[str, list[str]] = {}
    for module in sorted({name for names in cited_modules().values() for name in names}):
        packages.setdefault(module.split(".")[1], []).append(module)
    pages = {f"{package}.md": _code_page(package, modules) for package, modules in packages.items()}
    listed = "\n".join(sorted(name.removesuffix(".md") for name in pages))
    pages["index.md"] = f"# Code of the method\n\nThe modules that METHOD names.\n\n```{{toctree}}\n{listed}\n```\n"
    return pages


def _code_page(package: str, modules: list[str]) -> str:
    lines = [f"# hubrank.{package}", ""]
    for module in modules:
        path = SOURCE / Path(*module.split("."))
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        shown = os.path.relpath(path, DOCS / "reference" / "code")
        lines += [f"(code-{anchor(module)})=", f"## {module}", ""]
        lines += [f"```{{literalinclude}} {shown}", ":language: python", ":linenos:", "```", ""]
    return "\n".join(lines)


# Python


PROTOCOLS = {
    "hubrank.sources.Source": "autoclass",
    "hubrank.sources.options.ReaderOptions": "autoclass",
    "hubrank.core.tables.Metric": "autoclass",
    "hubrank.core.tables.Files": "autoclass",
    "hubrank.core.tables.Ledger": "autoclass",
    "hubrank.core.tables.Geocoder": "autoclass",
    "hubrank.sources.row_checks.listings": "autofunction",
    "hubrank.core.errors.DataError": "autoclass",
}


def python() -> str:
    """Return the public names, and what a reader of another package uses, for autodoc."""
    lines = ["## Public names", ""]
    for name in hubrank.__all__:
        value = getattr(hubrank, name)
        kind = "autofunction" if not isinstance(value, type) else "autoclass"
        kind = "autoexception" if isinstance(value, type) and issubclass(value, Exception) else kind
        lines += _directive(kind, f"hubrank.{name}", members=kind == "autoclass" and name != "Study")
    lines += ["## Names for readers of other packages", ""]
    for name, kind in PROTOCOLS.items():
        lines += _directive(kind, name, members=name.endswith(("Ledger", "Source", "Geocoder")))
    return "\n".join(lines)


def _directive(kind: str, name: str, *, members: bool) -> list[str]:
    options = ["   :members:", "   :inherited-members:"] if members else []
    if name == "hubrank.GeoDBSCAN":
        options = ["   :members: fit"]
    return ["```{eval-rst}", f".. {kind}:: {name}", *options, "```", ""]


def listed_names(lines: list[str]) -> list[str]:
    """Return a docstring whose `name : text` entries outside numpydoc's sections are a list of reStructuredText."""
    if any(set(line.strip()) == {"-"} for line in lines):
        return lines
    text = re.sub(
        r"^(\w+(?:, \w+)*) : (.+(?:\n[ ]+\S.*)*)",
        lambda entry: f"* ``{entry[1]}``: " + " ".join(entry[2].split()).replace("|", "\\|"),
        "\n".join(lines),
        flags=re.MULTILINE,
    )
    return re.sub(r"(?<=\S)\n(?=\* ``)(?<!\n\n)", "\n\n", text).split("\n")


def provenance() -> str:
    """Return where each packaged data file comes from, as scripts/list_provenance.py writes it."""
    page: str = runpy.run_path(str(ROOT / "scripts" / "list_provenance.py"))["page"]()
    return page
