"""Commands, options, keys, tables, columns and public names are in the documentation; its links lead somewhere."""

import inspect
import os
import re
from urllib.parse import urlsplit

import pyarrow.parquet as pq
import pytest
import typer

import hubrank
from documentation.pages import DOCS, PAGES, ROOT
from hubrank.analysis import study_reference
from hubrank.cli import app

import doc_pages  # isort: skip (a script, whose folder `documentation.pages` adds)


@pytest.fixture(scope="module")
def filled():
    """Return every page of docs/ as Sphinx reads it, by its path there."""
    names = [page.relative_to(DOCS).as_posix() for page in PAGES if page.is_relative_to(DOCS)]
    return {name: doc_pages.filled(name, (DOCS / name).read_text("utf-8")) for name in names}


def test_every_command_argument_and_option_is_in_the_page_of_commands(filled):
    page = filled["reference/commands.md"]
    for name, command in typer.main.get_command(app).commands.items():
        (section,) = re.findall(rf"^## hubrank {name}\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
        assert command.help.partition("\n")[0] in section
        for parameter in command.params:
            names = parameter.opts if parameter.param_type_name == "option" else [parameter.name]
            assert all(f"`{one}`" in section for one in names), (name, names)
            assert parameter.help, (name, names)
            assert parameter.help in section.replace("\\|", "|"), (name, names)


def test_a_page_that_was_filled_does_not_say_that_it_has_to_be(filled):
    assert "This page is filled when" in (DOCS / "reference/tables.md").read_text("utf-8")
    assert not [name for name, text in filled.items() if "This page is filled when" in text]


def test_every_key_of_a_study_is_in_its_page_with_what_it_does(filled):
    page = filled["study.md"].replace("\\|", "|")
    for path, _ in study_reference.model_keys():
        assert f"| `{path.rpartition('.')[2]}` | {study_reference.keys()[path]['what']}" in page, path


def test_every_table_and_column_of_the_demonstration_is_in_the_page_of_tables(filled, demo):
    page = filled["reference/tables.md"]
    sections = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL))
    shared = sections["Columns that several tables have"]
    for path in (demo / "2025" / "tables").glob("*.parquet"):
        section = sections[path.stem]
        like = re.search(r"means what it means in `(\w+)`", section)
        described = section + shared + (sections[like[1]] if like else "")
        for column in pq.read_schema(path).names:
            general = re.sub("patents|publications|deals", "{metric}", column)
            assert f"| `{column}` |" in described or f"| `{general}` |" in described, (path.stem, column)


def test_every_public_name_and_what_a_reader_needs_is_in_the_page_of_python(filled):
    page = filled["reference/python.md"]
    for name in hubrank.__all__:
        assert re.search(rf"^\.\. auto\w+:: hubrank\.{name}$", page, re.MULTILINE), name
        assert inspect.getdoc(getattr(hubrank, name)), name
    assert ".. autoclass:: hubrank.sources.Source" in page


def test_each_paragraph_of_the_method_has_a_number_and_each_section_its_code(filled):
    page = filled["reference/method.md"]
    numbers = re.findall(r"^\(method-(\d+)-(\d+)\)=\n\*\*(\d+)\.(\d+)\*\* ", page, re.MULTILINE)
    assert len(numbers) > 30
    assert all((a, b) == (c, d) for a, b, c, d in numbers)
    sections = re.findall(r"^## (\d+) ", page, re.MULTILINE)
    assert sections == [str(n) for n in range(1, len(sections) + 1)]
    targets = set(re.findall(r"^\((code-[\w-]+)\)=", "\n".join(doc_pages.code_pages().values()), re.MULTILINE))
    linked = set(re.findall(r"\]\(#(code-[\w-]+)\)", page))
    assert linked == targets
    assert {"code-ranking-scores", "code-counting-shares", "code-clustering-density"} & linked


def test_a_section_that_a_docstring_cites_exists():
    last = max(map(int, re.findall(r"^## (\d+) ", (ROOT / "METHOD.md").read_text("utf-8"), re.MULTILINE)))
    assert set(doc_pages.cited_modules()) <= set(range(1, last + 1))


def test_every_page_is_in_the_table_of_contents_of_another(filled):
    listed = {"index.md"}
    for name, text in filled.items():
        for options, entries in re.findall(
            r"^```\{toctree\}\n((?::[^\n]*\n)*)(.*?)^```$", text, re.MULTILINE | re.DOTALL
        ):
            folder = (DOCS / name).parent
            for entry in entries.split():
                targets = folder.glob(f"{entry}.md") if ":glob:" in options else [folder / f"{entry}.md"]
                listed |= {os.path.relpath(target, DOCS) for target in targets}
    assert listed - {"reference/code/index.md"} == set(filled)


def test_every_link_leads_to_a_page_a_heading_or_an_address(filled):
    labels = set(
        re.findall(r"^\(([\w-]+)\)=", "\n".join([*filled.values(), *doc_pages.code_pages().values()]), re.MULTILINE)
    )
    for name, text in filled.items():
        for mark, _, target in doc_pages.LINK.findall(text):
            path, _, anchor = target.partition("#")
            if "://" in target or target.startswith("mailto:"):
                assert urlsplit(target).hostname, (name, target)
            elif path:
                assert mark or path.startswith("explorer") or ((DOCS / name).parent / path).exists(), (name, target)
            else:
                assert anchor in labels, (name, target)


def test_links_of_the_pages_in_the_root_lead_to_files():
    for page in ROOT.glob("*.md"):
        for _, _, target in doc_pages.LINK.findall(page.read_text("utf-8")):
            path = target.partition("#")[0]
            assert "://" in target or not path or (ROOT / path).exists(), (page.name, target)


def test_every_packaged_data_file_has_its_origin_and_licence(filled):
    import list_provenance

    page = filled["reference/provenance.md"]
    assert len(list_provenance.data_files()) > 50
    for file, entry in list_provenance.origins().items():
        assert f"| `{file}` |" in page
        assert entry["licence"]
        assert entry["made_by"] == "hand" or (ROOT / entry["made_by"]).is_file(), file


def test_the_page_on_python_lists_the_public_names_as_their_docstrings_begin():
    """Also where the page is read as it is in the repository, before the documentation is built."""
    page = (DOCS / "reference/python.md").read_text("utf-8")
    for name in hubrank.__all__:
        assert f"| `{name}` | {getattr(hubrank, name).__doc__.strip().splitlines()[0]} |" in page


def test_the_pages_on_commands_and_tables_list_them_also_as_they_are_in_the_repository():
    page = (DOCS / "reference/commands.md").read_text("utf-8")
    for name, command in typer.main.get_command(app).commands.items():
        assert f"| `hubrank {name}` | {command.help.strip().splitlines()[0]} |" in page
    page = (DOCS / "reference/tables.md").read_text("utf-8")
    for table, entries in doc_pages.column_words().items():
        assert "title" not in entries or f"| `{table}` | {entries['title']} |" in page
