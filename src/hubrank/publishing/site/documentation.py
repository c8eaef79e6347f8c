"""What documents an edition: its settings, columns, sources and files."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from hubrank.core import columns
from hubrank.core.edition import public_name
from hubrank.core.units import half_up
from hubrank.publishing.json_in_html import json_in_html
from hubrank.publishing.metric_names import labels_of_edition
from hubrank.publishing.page_words import Words
from hubrank.sources import OUTSIDE, UNKNOWN

SETTINGS = ("clusters", "areas", "points", "merging", "ranking", "windows", "geocoding", "population", "robustness")
NO_METHOD = ("windows", "population")
REGISTERS = {  # texts by the origin of a register (sources/register.py)
    "stated": "register_stated",
    "fetched": "register_fetched",
    "switched off": "register_off",
    "missing": "register_missing",
}
DOCUMENTS = {  # descriptions of the files, not described by the data package
    "datapackage.json": "package",
    "dataset.jsonld": "schema_org",
    "dcat.jsonld": "dcat",
    "ro-crate-metadata.json": "crate",
}


def settings(manifest: Mapping[str, Any], words: Words) -> Iterator[tuple[str, str]]:
    """Yield what each setting of a study is called and its value; at the end the threshold in listings."""
    yield from _stated(manifest, words, SETTINGS)
    yield words.say("method.threshold_listings"), _threshold(manifest, words)


def method(manifest: Mapping[str, Any], words: Words) -> dict[str, str]:
    """Return the settings that are method: neither those that choose records or people, nor what follows from them."""
    return dict(_stated(manifest, words, [section for section in SETTINGS if section not in NO_METHOD]))


def _stated(manifest: Mapping[str, Any], words: Words, sections: Sequence[str]) -> Iterator[tuple[str, str]]:
    names = labels_of_edition(manifest, words)
    for section in sections:
        for key, value in sorted(manifest["study"].get(section, {}).items()):
            if section == "windows":
                yield words.say("settings.window", metric=names.get(key, key)), "–".join(map(str, value))
            else:
                shown = words.texts["evidence"] if key == "use" else names
                written = str(value) if key == "seed" else _written(value, words, shown)
                yield words.texts["settings"].get(f"{section}_{key}", f"{section}: {key}"), written


def _threshold(manifest: Mapping[str, Any], words: Words) -> str:
    """Return the threshold as `core.edition.threshold_text` does, in the language of the pages."""
    ppm, null = manifest.get("threshold_ppm"), manifest.get("threshold_null")
    above_all = ppm is not None and ppm > 1_000_000
    notes = [words.say("method.threshold_above_all")] if above_all else []
    notes += (
        [words.say("method.threshold_ppm", ppm=words.number(f"{ppm:,g}"))] if ppm is not None and not above_all else []
    )
    if null:
        cells = words.say("method.threshold_land" if null["drawn_from"] == "land" else "method.threshold_inhabited")
        points = words.number(f"{null['points']:,}")
        notes += [
            words.say("method.threshold_null", percentile=words.number(null["percentile"]), points=points, cells=cells)
        ]
    listings = words.number(f"{manifest['threshold_listings']:,}")
    if not notes:
        return words.say("method.threshold_is", listings=listings)
    return words.say("method.threshold_with", listings=listings, notes=words.say("lists.divider").join(notes))


def _written(value: Any, words: Words, names: Mapping[str, str]) -> str:  # noqa: ANN401 (a setting)
    """Write a setting in the language of the page. names : what metrics and kinds of evidence are called there."""
    if isinstance(value, dict):
        items = [(names.get(key, key), _written(item, words, names)) for key, item in sorted(value.items())]
        return words.divided([f"{name} {item}" for name, item in items])
    if isinstance(value, list):
        return words.divided([_written(item, words, names) for item in value])
    if isinstance(value, bool):
        return words.say("method.yes" if value else "method.no")
    if isinstance(value, int | float):
        return words.number(f"{value:,}")
    return names.get(value, public_name(str(value)))


def tables_described(
    tables: Mapping[str, pa.Table], metrics: columns.Metrics
) -> list[tuple[str, str, list[columns.Described]]]:
    """Return name, title and columns of every table, the ranking first."""
    names = sorted(tables, key=lambda name: (name != "ranking", name))
    return [(name, columns.title(name), columns.describe(name, tables[name].schema, metrics)) for name in names]


def sources(manifest: Mapping[str, Any], words: Words) -> list[dict[str, Any]]:
    """Return how many rows of each source were read, used, out of scope and set aside, and why."""
    names = labels_of_edition(manifest, words)
    alike = Counter((account.get("name"), account["metric"]) for account in manifest["sources"])
    sections = manifest["study"].get("sources") or [{}] * len(manifest["sources"])
    return [
        {
            "metric": names.get(account["metric"], account["metric"]),
            "files": _patterns(section) if alike[account.get("name"), account["metric"]] > 1 else "",
            **{key: account.get(key, "") for key in ("name", "publisher", "url", "accessed")},
            "reader": " ".join(
                [account["reader"], *(f"({package})" for package in account.get("reader_packages", []))]
            ),
            "licence": words.say("sources.licence_unstated") if licence == UNKNOWN else licence,
            "counts": {
                "rows": account["rows_read"],
                "kept_copies" if account.get("copies") else "kept": account["rows_kept"],
                **({"copies": account["copies"]} if account.get("copies") else {}),
                "out_of_scope": _sum(account, "out_of_scope"),
                "set_aside": _sum(account, "set_aside"),
            },
            "reasons": [
                (words.say("sources.outside_window") if reason == OUTSIDE else reason, reason == OUTSIDE, count)
                for part in ("out_of_scope", "set_aside")
                for reason, count in account[part].items()
            ],
            "notes": list(account.get("notes", ())),
        }
        for account, section in zip(manifest["sources"], sections, strict=True)
        for licence in [account.get("licence", "")]
    ]


def _patterns(section: Mapping[str, Any]) -> str:
    """Return the files of a source as the study writes them, which tells it from another of one name."""
    files = section.get("files", "")
    roles = files.values() if isinstance(files, Mapping) else [files]
    patterns = [one for role in roles for one in ([role] if isinstance(role, str) else role)]
    return ", ".join(map(public_name, patterns))


def corrections(manifest: Mapping[str, Any], words: Words) -> dict[str, str]:
    """Return the slots of the sentence on corrections; nothing where an edition has none."""
    content = manifest.get("corrections")
    if not content:
        return {}
    counts = {name: words.number(f"{content['used'][name]:,}") for name in ("texts", "institutions", "dropped")}
    return {**counts, "file": content["file"], "who": ", ".join(content["who"]) or "–"}


def _sum(account: Mapping[str, Any], part: str) -> int:
    return sum(account[part].values())


def located(manifest: Mapping[str, Any], words: Words) -> list[tuple[str, str, str]]:
    """Return, per metric, the number of listings and the percentage that could not be located."""
    names = labels_of_edition(manifest, words)
    return [
        (
            names.get(metric, metric),
            words.number(f"{totals['listings']:,}"),
            words.number(f"{half_up(Decimal(100 * totals['unlocated']) / totals['listings'], 1):f}"),
        )
        for metric, totals in sorted(manifest["metrics"].items())
        if totals.get("listings")
    ]


def register(manifest: Mapping[str, Any], words: Words) -> str:
    """Return which register of institutions was used, or what is missed without one; "" where none was needed."""
    used = manifest.get("register", {})
    key = REGISTERS.get(used.get("origin", ""))
    return words.say(f"sources.{key}", files=", ".join(map(public_name, used["files"]))) if key else ""


def downloads(folder: Path, words: Words, files_at: str) -> list[tuple[str, str, str, int]]:
    """Return path, folder as the page sees it, description and size of the files that the data package lists.

    A file that was written again next to the page, such as the brief in its language, stands for the edition's.
    """
    package = folder / "datapackage.json"
    if not package.exists():
        return []
    resources = json.loads(package.read_text("utf-8"))["resources"]
    paths = [folder / each["path"] for each in resources]
    return [
        (
            each["path"],
            "../" if path.is_file() else files_at,
            _content(each, words),
            path.stat().st_size if path.is_file() else each["bytes"],
        )
        for each, path in zip(resources, paths, strict=True)
    ]


def _content(resource: Mapping[str, Any], words: Words) -> str:
    """Return what a file contains: as pages say it, else as the data package does."""
    path = resource["path"]
    table = words.texts["tables"].get(Path(path).stem) if path.startswith("tables/") else None
    of_table = words.say("sources.one_row", title=table) if table else resource.get("description", "")
    return words.texts["files"].get(path, of_table)


def linked_data(folder: Path, files_at: str) -> str:
    """Return the edition as a Dataset of schema.org for a script element, with addresses as the page sees them."""
    path = folder / "dataset.jsonld"
    if not path.exists():
        return ""
    dataset = json.loads(path.read_text("utf-8"))
    for each in dataset["distribution"]:
        each["contentUrl"] = f"{files_at}{each['contentUrl']}"
    return json_in_html(dataset, indent=1)
