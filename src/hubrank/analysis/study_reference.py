"""The keys of a study file explained: a page and a JSON Schema, both made from the models that parse studies."""

import inspect
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from hubrank import sources
from hubrank.sources.options import ReaderOptions
from hubrank.study.study import Study

HIDDEN = {"variables"}  # filled by the program, not by the study
GIVEN_ELSEWHERE = {"window", "columns"}  # of a reader's options: in [windows] and [sources.columns]
HEAD = """# The study file

Every choice that can change a rank is in the study file; unknown keys are errors. This page is made from the models
that parse it (`hubrank study`). For completion and checks in an editor, write the schema next to the study and name it
in its first line:

    hubrank study --schema > study.schema.json
    #:schema study.schema.json

Paths are relative to the study file. **Moves** says what a key can change: *ranks* (another `radius_km` makes other
clusters), only *words* (another `title` stands above the same ranks), *nothing* (`max_set_aside_pct` decides when a run
stops, not what it counts), or what is named (`level` of `[robustness]`: intervals).
The section is that of [METHOD](../METHOD.md). `hubrank new FOLDER` writes a first study.
"""
COLUMNS = "| key | what it does | default | example | moves | METHOD |\n|---|---|---|---|---|---|"


@cache
def keys() -> dict[str, dict[str, str]]:
    """Return what is written about each key: what, example, moves, method."""
    return tomllib.loads(files("hubrank.analysis").joinpath("study_keys.toml").read_text("utf-8"))


def model_keys() -> Iterator[tuple[str, FieldInfo]]:
    """Yield every key of a study by its path (`clusters.radius_km`) and its field in the models."""
    yield from _keys(Study, "")


def _keys(model: type[BaseModel], above: str) -> Iterator[tuple[str, FieldInfo]]:
    for name, field in model.model_fields.items():
        if name in HIDDEN:
            continue
        path = f"{above}{field.alias or name}"
        yield path, field
        for section in dict.fromkeys(_models(field.annotation)):
            yield from _keys(section, f"{path}.")


def _models(annotation: Any) -> Iterator[type[BaseModel]]:  # noqa: ANN401 (an annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def page() -> str:
    """Return the reference as Markdown."""
    sections: dict[str, list[str]] = {}
    for path, field in model_keys():
        section, _, name = path.rpartition(".")
        sections.setdefault(section, []).append(_row(name, field, keys()[path]))
    lines = [HEAD]
    for section, rows in sections.items():
        lines += [f"## {_title(section)}", "", COLUMNS, *rows, ""]
    return "\n".join([*lines, *_options()]) + "\n"


def _row(name: str, field: FieldInfo, about: dict[str, str]) -> str:
    example = ", ".join(f"`{line}`" for line in about["example"].splitlines())
    cells = (f"`{name}`", about["what"], _default(field), example, about["moves"] or "nothing", about["method"])
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _title(section: str) -> str:
    return {"": "Top level", "sources": "[[sources]]", "metrics": "[metrics.NAME]"}.get(section, f"[{section}]")


def _options() -> Iterator[str]:
    """Yield the options of each reader: as its class documents them."""
    yield from ("## Options of the readers", "", "Every option can move ranks.", "")
    yield "| reader | option | what it does | default |"
    yield "|---|---|---|---|"
    shared = set(ReaderOptions.model_fields)
    kinds: dict[str, type[ReaderOptions]] = {"all": ReaderOptions, **readers()}
    for reader, options in kinds.items():
        for name, field in options.model_fields.items():
            if name in GIVEN_ELSEWHERE or (reader != "all" and name in shared):
                continue
            text = option_texts(options).get(name, "").replace("|", "\\|")
            yield f"| {reader} | `{name}` | {text} | {_default(field)} |"


def readers() -> dict[str, type[ReaderOptions]]:
    """Return the options of each reader of this package."""
    return {name: sources.find(name).Options for name in sources.BUILT_IN}


def option_texts(options: type[ReaderOptions]) -> dict[str, str]:
    """Return what the docstrings of a reader's options, and of the classes that they extend, say of each."""
    texts: dict[str, str] = {}
    for kind in reversed(options.__mro__):
        if issubclass(kind, ReaderOptions):
            for name, text in re.findall(r"^(\w+) : (.+(?:\n    .+)*)", inspect.getdoc(kind) or "", re.MULTILINE):
                texts[name] = " ".join(text.split())
    return texts


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True, validated_data={})
    if isinstance(value, BaseModel):
        return "see below"
    if value is None or value in ({}, (), []):
        return "none"
    text = str(list(value) if isinstance(value, tuple) else value)
    return f"`{text.lower() if isinstance(value, bool) else text}`".replace("'", '"')


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of study files, with the options of each reader."""
    schema = Study.model_json_schema(by_alias=True)
    for name in HIDDEN:
        schema["properties"].pop(name, None)
    for path, _ in model_keys():
        above, _, name = path.rpartition(".")
        _properties(schema, above)[name]["description"] = keys()[path]["what"]
    definition = schema["$defs"]["SourceSection"]
    definition["allOf"] = [
        {
            "if": {"properties": {"reader": {"const": reader}}},
            "then": {"properties": {"options": _option_schema(options)}},
        }
        for reader, options in readers().items()
    ]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Study file of hubrank"}


def _properties(schema: dict[str, Any], section: str) -> dict[str, Any]:
    """Return the properties of a section in the schema."""
    model: type[BaseModel] = Study
    for part in section.split(".") if section else ():
        field = next(each for name, each in model.model_fields.items() if part == (each.alias or name))
        model = next(_models(field.annotation))
    definition: dict[str, Any] = schema if model is Study else schema["$defs"][model.__name__]
    return dict(definition["properties"])


def _option_schema(options: type[ReaderOptions]) -> dict[str, Any]:
    schema = options.model_json_schema(by_alias=True)
    properties = {name: one for name, one in schema["properties"].items() if name not in GIVEN_ELSEWHERE}
    for name, one in properties.items():
        if text := option_texts(options).get(name):
            one["description"] = text
    return {"type": "object", "additionalProperties": False, "properties": properties}
