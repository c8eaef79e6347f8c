"""What the pages say stands in one file per language, and nowhere else."""

import html
import json
import re
from importlib.resources import files

import pytest

from hubrank.core.errors import StudyError
from hubrank.publishing import site
from hubrank.publishing.site import page_words, site_content

SITE = files("hubrank.publishing.site")
TEMPLATES = {path.name: path for path in SITE.joinpath("templates").iterdir()}
SCRIPTS = {path.name: path for path in SITE.joinpath("static").iterdir() if path.name.endswith(".js")}
ENGLISH = json.loads(SITE.joinpath("words", "en.json").read_text("utf-8"))


def without(pattern, text):
    return re.sub(pattern, "", text, flags=re.DOTALL)


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_no_template_contains_text(name):
    text = without(r"\{%.*?%\}|\{\{.*?\}\}|<style>.*?</style>", TEMPLATES[name].read_text("utf-8"))
    attributes = re.findall(r'(?:aria-label|title|placeholder|alt)="([^"]*)"', text)
    shown = without(r"<[^>]*>", text)
    assert not re.findall(r"[^\W\d_]{2,}", " ".join([shown, *attributes]))


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_no_script_contains_text(name):
    code = without(r"/\*.*?\*/|//[^\n]*", SCRIPTS[name].read_text("utf-8"))
    shown = re.findall(r"(?:textContent|innerText|title|placeholder|ariaLabel) = ([^;]*);", code)
    literals = [text for each in shown for text in re.findall(r"\"([^\"]*)\"|`([^`]*)`", each)]
    assert not re.findall(r"[^\W\d_]{3,}", without(r"\$\{[^}]*\}", " ".join(a or b for a, b in literals)))
    assert "alert(" not in code
    assert "innerHTML" not in code


def test_every_text_is_used_and_none_is_missing():
    python = [path for path in files("hubrank.publishing.site").iterdir() if path.name.endswith(".py")]
    code = "".join(path.read_text("utf-8") for path in [*TEMPLATES.values(), *SCRIPTS.values(), *python])
    groups = set(re.findall(r"say\(\s*f?\"(\w+)\.(?=[\"{])", code))  # with a name that is put together
    for group, texts in ENGLISH.items():
        for name in texts:
            alone = f'"{group}.{name}"' in code or (group == "script" and f"words.{name}" in code)
            assert alone or group in groups or re.search(rf'"{group}\.[a-z_]*\{{', code), (
                f"{group}.{name} is never used"
            )


def test_a_page_in_another_language_holds_no_english_word_of_its_own(demo, tmp_path, monkeypatch):
    """Every text is put into brackets: all other words come from the edition."""
    marked = {group: {name: f"⟦{text}⟧" for name, text in texts.items()} for group, texts in ENGLISH.items()}
    seen = {}
    monkeypatch.setattr(site_content, "words", lambda language: page_words.Words(language, marked))
    monkeypatch.setattr(site, "write_bytes", lambda path, content: seen.__setitem__(path.name, content.decode()))
    tables, shapes, manifest, before = demo_parts(demo)
    content = site_content.gather_content(tmp_path, tables, shapes, manifest, previous=before, language="xx")
    site.publish(content)
    page = seen["index.html"]
    assert '<html lang="xx">' in page
    body = without(
        r"<script.*?</script>|<svg.*?</svg>|<option.*?</option>|<tbody>.*?</tbody>", page.partition("<body")[2]
    )
    shown = html.unescape(without(r"<[^>]*>", without(r"⟦[^⟧]*⟧", body.partition(">")[2]))).split()
    assert set(shown) <= {
        *manifest["note"].split(),
        *manifest["study"]["title"].split(),
        "patents",
        "publications",
        "deals",
        "1",
    }


def test_an_unknown_language_is_refused_with_the_list_of_languages():
    with pytest.raises(StudyError, match="no texts in 'tlh'; there are: en"):
        page_words.words("tlh")


def test_what_fills_a_slot_is_never_looked_at_for_slots_itself():
    words = page_words.Words("en", {"a": {"b": "{one} and {two}"}})
    assert words.say("a.b", one="{two}", two="{one}") == "{two} and {one}"


def test_a_word_that_is_missing_stops_the_page():
    for key in ("limits.nothing", "limits.threshold"):  # the second wants what fills its slot
        with pytest.raises(KeyError):
            page_words.words("en").say(key)


def demo_parts(demo):
    import pyarrow.parquet as pq

    folder = demo / "2025"
    tables = {path.stem: pq.read_table(path) for path in (folder / "tables").glob("*.parquet")}
    shapes = {f["id"]: f["geometry"] for f in json.loads((folder / "clusters.geojson").read_text("utf-8"))["features"]}
    manifest, before = (json.loads((demo / name / "edition.json").read_text("utf-8")) for name in ("2025", "2024"))
    return tables, shapes, manifest, before
