"""What `hubrank help TOPIC` prints of keys, tables, columns and readers: the texts of the documentation."""

from collections.abc import Iterator

from hubrank import sources
from hubrank.analysis import study_reference
from hubrank.core import columns
from hubrank.core.errors import StudyError, nearest
from hubrank.sources import table_options


def topics() -> dict[str, list[str]]:
    """Return all topics by what they are."""
    return {
        "key of the study file": sorted(study_reference.keys()),
        "table": sorted(columns.tables()),
        "reader": sources.names(),
        "column that a study names (reader table)": list(table_options.COLUMNS),
    }


def explained(topic: str, commands: list[str]) -> Iterator[str]:
    """Yield a text for each meaning of a topic: a key or section, a table, a column, a reader, what a row states.

    commands : names of commands, which have a help of their own.
    Raises StudyError with the nearest topic where there is none, unless it is the name of a command.
    """
    name = topic.strip("[] ")
    texts = [*_keys(name), *_tables(name), *_columns(name), *_readers(name), *_of_rows(name)]
    if not texts and topic not in commands:
        full = [*commands, *(one for names in topics().values() for one in names)]
        choices = [*full, *(one.rpartition(".")[2] for one in full)]
        raise StudyError(
            f"There is no topic {topic!r}. A topic is a command, a key of the study file (clusters.radius_km), a table "
            f"(ranking), a column (ranking.rank_low) or a reader (openalex).{nearest(name, choices)}"
        )
    yield from texts


def _keys(name: str) -> Iterator[str]:
    for path, about in study_reference.keys().items():
        if name in (path, path.rpartition(".")[2]):
            lines = [f"{path} (study file): {about['what']}"]
            lines += [f"  example: {line}" for line in about["example"].splitlines()]
            lines.append(f"  moves: {about['moves'] or 'nothing'}; METHOD {about['method']}")
            yield "\n".join(lines)
    inside = {path: about for path, about in study_reference.keys().items() if path.startswith(f"{name}.")}
    if inside:
        rows = (f"  {path}: {about['what']}" for path, about in inside.items())
        yield "\n".join([f"Section [{name}] of the study file has the keys", *rows])


def _tables(name: str) -> Iterator[str]:
    if name in columns.tables():
        entries = {column: entry for section, column, entry in columns.entries_of(name) if section != "shared"}
        rows = (f"  {_meaning(column, entry)}" for column, entry in entries.items())
        yield "\n".join([f"{name} (table): one row is {columns.title(name)}", *rows])


def _columns(name: str) -> Iterator[str]:
    table, _, column = name.rpartition(".")
    seen = set()
    for each in [table] if table else columns.tables():
        for section, other, entry in columns.entries_of(each) if each in columns.tables() else ():
            if other == column and (section, other) not in seen:
                seen.add((section, other))
                where = "several tables" if section == "shared" else f"table {section}"
                yield f"{_meaning(column, entry)} (column of {where})"


def _meaning(column: str, entry: columns.Entry) -> str:
    unit = f" [{entry['unit']}]" if entry.get("unit") else ""
    return f"{column}: {entry['meaning']}{unit}"


def _readers(name: str) -> Iterator[str]:
    if name in sources.names():
        reader = sources.find(name)
        texts = study_reference.option_texts(reader.Options)
        files = [*reader.ROLES, *(f"{role} (optional)" for role in reader.OPTIONAL_ROLES)]
        about = (reader.__doc__ or "").strip().partition("\n")[0]
        lines = [f"{name} (reader): {about}", f"  files: {', '.join(files)}"]
        hidden = study_reference.GIVEN_ELSEWHERE
        options = (option for option in reader.Options.model_fields if option not in hidden)
        yield "\n".join([*lines, *(f"  {option}: {texts.get(option, '')}" for option in options)])


def _of_rows(name: str) -> Iterator[str]:
    if name in table_options.COLUMNS:
        line = f'columns = {{ {name} = "…" }}'
        yield f"{name} (of a row, reader table): {table_options.COLUMNS[name]}\n  example: {line}, in the [[sources]]"
