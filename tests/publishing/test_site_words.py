"""What the pages say stands in one file per language, and nowhere else."""

import csv
import html
import json
import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest
from pydantic import ValidationError

from hubrank.core import columns, countries, edition
from hubrank.core.errors import StudyError
from hubrank.geocoding.contradictions import OF_COORDINATES, OUTSIDE_COUNTRY, OUTSIDE_REGION, SEAT_ELSEWHERE
from hubrank.publishing import datapackage, page_words, site
from hubrank.publishing.pages import publish_pages
from hubrank.publishing.site import documentation, locations_page, map_data, site_content
from hubrank.publishing.site.changes import CAUSES
from hubrank.publishing.site.comparison_page import NUMBERS
from hubrank.sources import UNKNOWN, register
from hubrank.sources.row_checks import OUTSIDE
from hubrank.study.sections import Publish
from publishing.made_sites import parts

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
    folders = [files(f"hubrank.publishing{name}") for name in ("", ".site", ".brief")]
    python = [path for folder in folders for path in folder.iterdir() if path.name.endswith(".py")]
    live = [path for path in files("hubrank.serving").joinpath("live").iterdir() if path.name.endswith(".js")]
    code = "".join(path.read_text("utf-8") for path in [*TEMPLATES.values(), *SCRIPTS.values(), *python, *live])
    groups = set(re.findall(r"say\(\s*f?\"(\w+)\.(?=[\"{])", code))  # with a name that is put together
    groups |= {"settings", "files", "tables"}  # looked up by the names of a study's sections, of files and of tables
    groups |= {"metrics", "plain_metrics", "regions"}  # looked up by what a study and the table of economies call them
    groups |= {"contradictions", "evidence"}  # looked up by what the table says
    groups |= {"ranked_areas"}  # in place of other texts
    for group, texts in ENGLISH.items():
        for name in texts:
            alone = f'"{group}.{name}"' in code or (
                group == "script"
                and (
                    f"words.{name}" in code
                    or (re.search(r"words\[`(\w+)_\$", code) and name.split("_")[0] in ("open", "settled"))
                )
            )
            assert alone or group in groups or re.search(rf'"{group}\.[a-z_]*\{{', code), (
                f"{group}.{name} is never used"
            )


def test_a_page_in_another_language_holds_no_english_word_of_its_own(demo, tmp_path, monkeypatch):
    """Every text is put into brackets: all other words come from the edition."""
    marked = {group: {name: f"⟦{text}⟧" for name, text in texts.items()} for group, texts in ENGLISH.items()}
    seen = {}
    monkeypatch.setattr(site_content, "words", lambda language, **_: page_words.Words(language, marked))
    monkeypatch.setattr(site, "write_bytes", lambda path, content: seen.__setitem__(path.name, content.decode()))
    tables, shapes, manifest, before = parts(demo)
    content = site_content.gather_content(tmp_path, tables, shapes, manifest, previous=before, language="xx")
    site.publish(content)
    page = seen["index.html"]
    assert '<html lang="xx">' in page
    body = without(
        r"<script.*?</script>|<option.*?</option>|<tbody>.*?</tbody>|<p class=\"headline\">.*?</p>",
        page.partition("<body")[2],
    )
    shown = body.partition(">")[2]
    while "⟦" in shown:  # a text may be part of another one
        shown = without(r"⟦[^⟦⟧]*⟧", shown)
    shown = html.unescape(re.sub(r"<[^>]*>", " ", shown)).split()
    assert set(shown) <= {
        *manifest["note"].split(),
        *manifest["study"]["title"].split(),
        *("patents", "publications", "deals", "33", "%", "+", "−", "×", "→"),
    }


def test_every_text_of_another_language_is_one_of_english_with_the_same_slots():
    for language in set(page_words.languages()) - {"en"}:
        texts = json.loads(SITE.joinpath("words", f"{language}.json").read_text("utf-8"))
        del texts["area_terms"]  # parts of texts, not one for each of English
        count = sum(len(of) for of in texts.values())
        assert count > 0.8 * sum(len(of) for of in ENGLISH.values()), "English stands in for a few texts only"
        for group, of in texts.items():
            for name, text in of.items():
                slots = [sorted(set(re.findall(r"\{(\w+)\}", each))) for each in (text, ENGLISH[group][name])]
                assert slots[0] == slots[1], (language, group, name)


@pytest.mark.parametrize("language", page_words.languages())
def test_every_text_of_a_page_is_in_every_language(language):
    """English would stand in for what a language lacks."""
    path = files("hubrank.publishing.site") / "words" / f"{language}.json"
    texts = json.loads(path.read_text("utf-8"))
    lacking = [f"{group}.{name}" for group, of in ENGLISH.items() for name in of if name not in texts.get(group, {})]
    assert not lacking


@pytest.mark.parametrize("language", sorted({*page_words.languages()} - {"en"}))
def test_no_text_of_another_language_is_english_by_accident(language):
    """What is alike in both is a name, a number, or a word that both languages have."""
    of_names = {("robustness", "command"), ("script", "km"), ("sources", "bytes"), ("share", "link")}
    texts = page_words.words(language).texts
    alike = {
        (group, name): text
        for group, of in ENGLISH.items()
        for name, text in of.items()
        if text == texts[group][name] and re.search(r"[^\W\d_]", re.sub(r"\{\w+\}", "", text))
    }
    both = {text.lower() for key, text in alike.items() if key not in of_names}
    assert all(len(text.split()) == 1 for text in both), both
    assert both <= SHARED, "add a word here that the language has in this form"


# Words of English that are also those of another language, in the same meaning.
SHARED = {
    *(
        "cluster",
        "ranking",
        "radius",
        "region",
        "publications",
        "placements",
        "pages",
        "causes",
        "sources",
        "source",
        "no",
    ),
    *(
        "licences",
        "contradictions",
        "contradiction",
        "portrait",
        "europe",
        "asia",
        "oceania",
        "melanesia",
        "micronesia",
    ),
}


def test_there_is_a_language_for_each_file_and_an_economy_has_a_name_in_each():
    named = [path.name for path in SITE.joinpath("words").iterdir()]
    assert sorted(named) == [f"{language}.json" for language in page_words.languages()]
    rows = list(csv.reader(SITE.joinpath("economies.csv").read_text("utf-8").splitlines()))
    assert rows[0] == ["iso2", *(language for language in page_words.languages() if language != "en")], (
        "run node scripts/compile_economies.mjs"
    )
    assert [row[0] for row in rows[1:]] == list(countries.table())
    assert all(all(row) and len(row) == len(rows[0]) for row in rows)
    of = {language: page_words.words(language).economies("DE/HK") for language in ("en", "fr", "ja")}
    assert of["en"] == (("DE", "Germany"), ("HK", "Hong Kong"))
    assert of["fr"] == (("DE", "Allemagne"), ("HK", "Hong Kong"))
    assert of["ja"] == (("DE", "ドイツ"), ("HK", "香港"))


@pytest.mark.parametrize("language", page_words.languages())
def test_maps_name_countries_in_the_language_of_the_pages(language):
    packaged = map_data.ground("countries")
    named = map_data.country_names(page_words.words(language).economy)
    assert [row[1:] for row in named] == [row[1:] for row in packaged]
    if language == "en":
        assert named == packaged
    codes = {countries.find_stated(row[0]) for row in packaged}
    economies = [page_words.words(language).economy(code) for code in codes if code]
    assert len([row[0] for row in named if row[0] in economies]) > 0.95 * len(named)
    brazil = {"de": "Brasilien", "en": "Brazil", "fr": "Brésil", "ja": "ブラジル", "zh": "巴西"}
    assert named[2][0] == brazil.get(language, "Brasil")


def test_a_licence_that_the_study_does_not_state_is_not_stated_in_any_language(demo):
    manifest = edition.load(demo / "2025").manifest
    open_ones = {**manifest, "sources": [{**account, "licence": UNKNOWN} for account in manifest["sources"]]}
    stated, others = (documentation.sources(of, page_words.words("pt")) for of in (manifest, open_ones))
    assert {source["licence"] for source in others} == {"não informada"}
    assert UNKNOWN not in {source["licence"] for source in stated}


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "−1,234,567.89 %"),
        ("fr", "−1\u202f234\u202f567,89 %"),
        ("de", "−1.234.567,89 %"),
        ("ja", "−1,234,567.89 %"),
    ],
)
def test_numbers_have_the_signs_of_the_language(language, shown):
    assert page_words.words(language).number("−1,234,567.89 %") == shown


def test_a_list_whose_items_have_commas_is_divided_otherwise():
    assert page_words.words("en").divided(["0.5", "1.5"]) == "0.5, 1.5"
    assert page_words.words("de").divided(["0,5", "1,5"]) == "0,5; 1,5"
    assert page_words.words("en").listed(["a, b", "c", "d"]) == "a, b; c and d"


def test_each_region_of_the_world_is_a_text():
    regions = {name for each in countries.table().values() for name in (each.region, each.subregion) if name}
    assert ENGLISH["regions"] == {name: name for name in regions}


def test_the_note_of_simulated_pages_is_that_of_their_files():
    assert ENGLISH["page"]["simulated"] == edition.SIMULATED
    for language in page_words.languages():
        say = page_words.words(language).say
        assert say("page.simulated").startswith(say("page.simulated_short"))


def test_the_language_of_the_pages_is_that_of_the_study_where_none_is_asked_for(demo, tmp_path):
    tables, shapes, manifest, before = parts(demo)
    manifest = {**manifest, "study": {**manifest["study"], "publish": {"language": "fr"}}}
    content = site_content.gather_content(tmp_path, tables, shapes, manifest, previous=before)
    assert content.words.language == "fr"
    again = site_content.gather_content(tmp_path, tables, shapes, manifest, previous=before, language="de")
    assert again.words.language == "de"
    with pytest.raises(
        ValidationError, match=r"no texts in 'tlh'; there are: .*\ben\b.*\bzh\..*docs/how-to/publish.md"
    ):
        Publish(language="tlh")


@pytest.mark.parametrize("language", page_words.languages())
def test_pages_hold_no_figure_with_the_signs_of_another_language(language, demo, tmp_path):
    """Where decimals have a comma no figure of a table or list has a point, but for settings, files and formulas."""
    folder = publish_pages(edition.load(demo / "2025"), tmp_path / language, language=language)
    figures = []
    for page in (folder / "index.html", folder / "robustness.html", folder / "moved.html", *portraits(folder)):
        body = without(r"<script.*?</script>|<svg.*?</svg>", page.read_text("utf-8").partition("<body")[2])
        text = html.unescape(re.sub(r"<[^>]*>", " ", body))
        figures += re.findall(r"(?<!BY )(?<![\w./])\d+[.,]\d+(?![\w/.])", text)
    other = "." if page_words.words(language).say("numbers.decimals") == "," else ","
    assert len(figures) > 100
    assert not [each for each in figures if other in each and not re.fullmatch(rf"\d{{1,3}}\{other}\d{{3}}", each)]


def portraits(folder):
    return sorted((folder / "cluster").glob("*.html"))[:20]


COLOURS = {
    "en": r"\b(black|white|gr[ae]y|dark|pale|light|red|green|blue|orange|yellow)\b",
    "zh": "[黑白灰深浅红绿蓝橙黄]色|[黑白灰红绿蓝橙黄]线",
    "ja": "[黒灰赤緑青黄橙]色|[白黒赤青]い|濃い|淡い",
    "fr": r"\b(noire?s?|blanc(he)?s?|grise?s?|rouges?|verte?s?|bleue?s?|jaunes?)\b",
    "es": r"\b(negr[oa]s?|blanc[oa]s?|gris(es)?|roj[oa]s?|verdes?|azul(es)?|amarill[oa]s?)\b",
    "de": r"\b(schwarz|weiß|grau|rot|grün|blau|gelb)(e[nrsm]?)?\b",
    "pt": r"\b(pret[oa]s?|branc[oa]s?|cinzas?|vermelh[oa]s?|azul|azuis|verdes?|amarel[oa]s?)\b",
}


@pytest.mark.parametrize("language", page_words.languages())
def test_no_text_names_a_colour_since_they_differ_in_the_dark(language):
    texts = page_words.words(language).texts
    named = {
        f"{group}.{name}"
        for group, of in texts.items()
        for name, text in of.items()
        if re.search(COLOURS.get(language, COLOURS["en"]), text)
    }
    assert named == set()


@pytest.mark.parametrize("language", page_words.languages())
def test_texts_of_a_move_begin_with_its_way_by_which_the_list_colours_them(language):
    texts = page_words.words(language).texts
    for way, mark in (("up", "▲"), ("down", "▼")):
        assert texts["changes"][way].startswith(mark)
        assert texts["changes"]["because"].startswith("{move}")
        assert all(texts["script"][f"{way}_{since}"].startswith(mark) for since in ("from", "edition"))


def test_pages_take_a_move_apart_in_the_order_of_the_method():
    method = (Path(__file__).parents[2] / "METHOD.md").read_text("utf-8").partition("*Causes of a move.*")[2]
    order = re.findall(r"\*\*(data|boundary|method)\*\*", method)[:3]
    assert list(CAUSES) == order
    columns = [name for name in NUMBERS if name in order]
    assert columns == order
    named = {"data": "new records", "boundary": "new boundar", "method": "new method"}
    for text in (ENGLISH["method"]["change"], ENGLISH["compare"]["chart_note"]):
        assert sorted(named, key=lambda name, text=text: text.index(named[name])) == order


def test_pages_are_published_again_in_chinese_next_to_the_edition(demo, tmp_path):
    out = tmp_path / "2025-zh"
    site_folder = publish_pages(edition.load(demo / "2025"), out, language="zh")
    page = (site_folder / "index.html").read_text("utf-8")
    assert '<html lang="zh">' in page
    assert "公布的权重" in page
    assert "▲ 原第 21：现在计入风险投资交易" in page
    assert "美国" in page
    assert "United States" not in page.partition("<script")[0]
    assert "<output>33%</output>" in page
    assert 'href="../../2025/ranking.csv"' in (site_folder / "data.html").read_text("utf-8")
    assert 'href="../brief.html"' in (site_folder / "data.html").read_text("utf-8"), "which is in Chinese, too"
    assert "排名：每行一个集群" in (data := (site_folder / "data.html").read_text("utf-8"))
    assert "每行是一个集群：所在位置" in data
    assert "Register of institutions" not in data
    assert len(list((site_folder / "cluster").glob("*.html"))) == 237
    headline = "takes first place from"  # of the brief, which is in English
    assert headline in (demo / "2025/site/index.html").read_text("utf-8")
    assert headline not in page
    assert "伦敦 21 → 8。" in page


def test_pages_describe_files_and_tables_as_the_data_package_does():
    assert ENGLISH["files"] == datapackage._DESCRIPTIONS
    assert ENGLISH["tables"] == {table: columns.title(table) for table in columns.tables()}


@pytest.mark.parametrize(
    ("threshold", "chinese"),
    [
        ({}, "29 个条目"),
        ({"threshold_ppm": 3585.6}, "29 个条目（每百万条目 3,585.6 个）"),
        ({"threshold_ppm": 2e6}, "29 个条目（多于全部有地点的条目）"),
        (
            {"threshold_ppm": 3.5, "threshold_null": {"percentile": "95", "points": 4000, "drawn_from": "land"}},
            "29 个条目（每百万条目 3.5 个、多于从陆地抽取的 4,000 个点中 95% 的点处）",
        ),
    ],
)
def test_the_threshold_is_that_of_screens_in_the_language_of_the_pages(threshold, chinese):
    manifest = {"study": {"sources": []}, "threshold_listings": 29, **threshold}
    of_english, of_chinese = ([*documentation.settings(manifest, page_words.words(each))][-1] for each in ("en", "zh"))
    assert of_english[1] == edition.threshold_text(manifest).replace(" %", "\xa0%")
    assert of_chinese[1] == chinese


@pytest.mark.parametrize("origin", [register.STATED, register.FETCHED, register.SWITCHED_OFF, register.MISSING])
def test_the_register_is_that_of_screens_in_the_language_of_the_pages(origin):
    manifest = {"register": {"origin": origin, "files": ["../ror-data.zip"]}}
    english = documentation.register(manifest, page_words.words("en"))
    assert english == register.Register((), origin).note(["ror-data.zip"])
    assert not re.search("[a-z]{5}", documentation.register(manifest, page_words.words("zh")).replace("ror-data", ""))


def test_pages_whose_edition_before_is_missing_are_refused(demo, tmp_path):
    with pytest.raises(StudyError, match="Name its folder with --previous"):
        publish_pages(edition.load(demo / "2025"), tmp_path / "zh", language="zh", previous=tmp_path)


def test_what_tables_say_in_english_words_has_a_text_in_every_language():
    """Evidence, contradictions, degrees of probability, rows outside the window."""
    contradictions = {*OF_COORDINATES.values(), OUTSIDE_COUNTRY, OUTSIDE_REGION, SEAT_ELSEWHERE}
    assert {*ENGLISH["contradictions"]} == contradictions
    of = {language: page_words.words(language) for language in ("de", "fr")}
    shown = [
        *(locations_page.in_words(of["de"], "evidence", "subject", kind) for kind in ("none", "institutions+names")),
        *(
            locations_page.in_words(of["de"], "evidence", "text", band)
            for band in ("from 0.990", "below 0.500", "not located")
        ),
        locations_page.in_words(of["de"], "contradicted pair", "subject", f"{OUTSIDE_COUNTRY}; {SEAT_ELSEWHERE}"),
        locations_page.in_words(of["de"], "pair", "text", "from 0.990"),
    ]
    assert shown == [
        *("keine", "Einrichtungen und Ortsnamen", "ab 0,990", "unter 0,500", "nicht verortet"),
        "Ort außerhalb des angegebenen Landes, Einrichtung mit Sitz an einem anderen Ort",
        "from 0.990",
    ]
    account = {"metric": "patents", "reader": "table", "rows_read": 3, "rows_kept": 1}
    account |= {"out_of_scope": {OUTSIDE: 1}, "set_aside": {"no city": 1}}
    manifest = {"study": {"sources": []}, "sources": [account]}
    (source,) = documentation.sources(manifest, of["de"])
    assert source["reasons"] == [("außerhalb des Zeitraums", True, 1), ("no city", False, 1)]
    assert of["fr"].say("lists.colon") == "\xa0: "


def test_an_unknown_language_is_refused_with_the_list_of_languages():
    with pytest.raises(StudyError, match=r"no texts in 'tlh'; there are: .*\ben\b.*\bzh\..*docs/how-to/publish.md"):
        page_words.words("tlh")


def test_texts_of_an_edition_of_areas_speak_of_areas():
    for language in page_words.languages():
        texts, clusters = page_words.words(language, areas=True), page_words.words(language)
        terms = "|".join(
            json.loads(SITE.joinpath("words", f"{language}.json").read_text("utf-8")).get("area_terms", ())
        )
        assert set(clusters.texts["ranked_areas"]) <= {f"{g}.{name}" for g, of in ENGLISH.items() for name in of}
        for group, of in texts.texts.items():
            for name, text in of.items():
                key, plain = f"{group}.{name}", re.sub(r"\{\w+\}", "", text)
                named = (
                    group not in ("areas", "ranked_areas", "files", "tables")
                    and key not in clusters.texts["ranked_areas"]
                )
                assert not (named and re.search(rf"[Cc]luster|集群|\b[Aa] area|{terms or 'cluster'}", plain)), (
                    key,
                    text,
                )
                assert set(re.findall(r"\{(\w+)\}", text)) <= set(re.findall(r"\{(\w+)\}", clusters.texts[group][name]))
    assert (
        page_words.words("en", areas=True).say("feed.rank", rank=1, clusters=3, score=5) == "Rank 1 of 3, score 5\xa0%."
    )
    assert page_words.words("en", areas=True).say("explore.search") == "Find an area or country"


def test_what_fills_a_slot_is_never_looked_at_for_slots_itself():
    words = page_words.Words("en", {"a": {"b": "{one} and {two}"}})
    assert words.say("a.b", one="{two}", two="{one}") == "{two} and {one}"


def test_a_word_that_is_missing_stops_the_page():
    for key in ("limits.nothing", "limits.threshold"):  # the second wants what fills its slot
        with pytest.raises(KeyError):
            page_words.words("en").say(key)


@pytest.mark.parametrize(
    ("language", "world"),
    [
        ("en", r"(share|%|points) of the world"),
        ("zh", "占世界"),
        ("fr", "part (du monde|mondiale)"),
        ("ja", "世界シェア"),
    ],
)
def test_a_share_is_called_one_of_the_records_of_the_study_not_of_the_world(language, world):
    texts = [text for group in page_words.words(language).texts.values() for text in group.values()]
    assert not [text for text in texts if re.search(world, text)]


def test_eight_metrics_have_colours_of_their_own_on_map_bars_legend_and_sliders():
    static = files("hubrank.publishing.site") / "static"
    css = (static / "site.css").read_text("utf-8")
    light, dark = css.split("@media (prefers-color-scheme: dark)", 1)
    for scheme in (light, dark):
        colours = dict(re.findall(r"--(m\d): (#\w+);", scheme))
        assert sorted(colours) == [f"m{number}" for number in range(8)]
        assert len(set(colours.values())) == 8
    for number in range(8):
        for rule in (f".k{number} {{", f".f{number} {{", f"nth-of-type(8n + {number + 1}) input {{ accent-color"):
            assert rule in css
        assert f'"m{number}"' in (static / "map.js").read_text("utf-8")


def test_the_dot_of_a_rank_stands_out_from_bars_of_its_own_colour():
    css = (files("hubrank.publishing.site") / "static" / "site.css").read_text("utf-8")
    colours = {name: re.search(rf"{name}[^{{]*{{ fill: (var\(--\w+\))", css)[1] for name in ("rect.counts", ".spot")}
    assert colours["rect.counts"] == colours[".spot"]
    assert re.search(r"\.spot {[^}]*stroke: var\(--page\)", css), "an edge in the colour of the page parts them"


def test_paper_has_the_headings_of_the_ranking_and_the_whole_table_of_the_brief():
    site = files("hubrank.publishing.site") / "static" / "site.css"
    printed = site.read_text("utf-8").split("@media print")[1]
    assert ".ranking thead button.script { display: inline !important;" in printed
    assert "#legend, #credit { position: static;" in printed
    brief = (files("hubrank.publishing.brief") / "brief.html").read_text("utf-8")
    assert "overflow: visible" in brief.split("@media print")[1]


def test_numbers_of_four_digits_are_not_divided_where_the_language_does_not():
    """CLDR 46: minimumGroupingDigits is 2 in Spanish, 1 in the other languages of the pages."""
    figures = ("5,189", "5,189.5", "51,890", "1,234,567", "5,189 km²", "5,189; 51,890", "0.25")
    spanish = [page_words.words("es").number(figure) for figure in figures]
    assert spanish == ["5189", "5189,5", "51.890", "1.234.567", "5189 km²", "5189; 51.890", "0,25"]
    assert page_words.words("pt").number("5,189") == page_words.words("de").number("5,189") == "5.189"


def sentences_and_words(language):
    """Yield every text of a language, of pages and of the brief, with its name."""
    brief = files("hubrank.publishing.brief").joinpath("sentences", f"{language}.toml").read_text("utf-8")
    words = json.loads(SITE.joinpath("words", f"{language}.json").read_text("utf-8"))
    for group, of in [*words.items(), *tomllib.loads(brief).items()]:
        for name, text in of.items():
            yield f"{group}.{name}", text


@pytest.mark.parametrize(
    ("language", "signs"),
    [
        ("de", ",.\xa0"),
        ("en", ".,\xa0"),
        ("es", ",.\xa0"),
        ("fr", ",\u202f\u202f"),
        ("ja", ".,"),
        ("pt", ",."),
        ("zh", ".,"),
    ],
)
def test_numbers_have_the_signs_of_cldr_and_no_line_ends_before_a_percent_sign(language, signs):
    numbers = page_words.words(language).texts["numbers"]
    assert numbers["decimals"] + numbers["thousands"] == signs[:2]
    assert numbers["percent"] == "{figure}" + signs[2:] + "%"
    spaces = {name: {*re.findall(r"[}\d](\s?)%", text)} for name, text in sentences_and_words(language)}
    assert [name for name, each in spaces.items() if each - {signs[2:]}] == []


def test_french_marks_have_their_spaces_and_its_apostrophe_is_no_straight_one():
    wrong = r"(?<!\xa0):(?!\S)|(?<!\u202f)[;!?](?!\S)|«(?!\xa0)|(?<!\xa0)»|'"
    assert [name for name, text in sentences_and_words("fr") if re.search(wrong, text)] == []


@pytest.mark.parametrize("language", ["ja", "zh"])
def test_punctuation_next_to_a_letter_of_full_width_has_full_width(language):
    letter, mark = "[\u3040-\u30ff\u4e00-\u9fff]", "[,;:!?()]"
    narrow = rf"{letter}{mark}|{mark}{letter}"
    assert [name for name, text in sentences_and_words(language) if re.search(narrow, text)] == []


def test_settings_name_metrics_and_evidence_as_the_page_does_and_group_digits():
    study = {"clusters": {"metrics": ["patents"]}, "ranking": {"weights": {"patents": 1}}}
    study |= {"geocoding": {"use": ["names"]}, "robustness": {"draws": 10_000, "seed": 20_250}}
    study["sources"] = [{"metric": "patents"}]
    manifest = {"study": study, "threshold_listings": 29}
    shown = [value for _, value in documentation.settings(manifest, page_words.words("de"))]
    assert shown == ["Patente", "Patente 1", "Ortsnamen", "10.000", "20250", "29 Nennungen"]


@pytest.mark.parametrize(("language", "expected"), [("en", ["yes", "no"]), ("es", ["sí", "no"])])
def test_a_setting_that_is_true_or_false_is_written_in_the_language_of_the_page(language, expected):
    words = page_words.words(language)
    assert [documentation._written(value, words, {}) for value in (True, False)] == expected


@pytest.mark.parametrize("language", page_words.languages())
def test_pages_and_brief_call_a_metric_and_a_column_by_one_word(language):
    file = files("hubrank.publishing.brief").joinpath("sentences", f"{language}.toml")
    brief, pages = tomllib.loads(file.read_text("utf-8")), page_words.words(language).texts
    both = {name: brief["metrics"][name] for name in brief["metrics"].keys() & pages["metrics"].keys()}
    # A news text in English says what kind of deals and placements they are.
    assert all(text == pages["metrics"][name] or language == "en" for name, text in both.items())
    assert all(text.endswith(pages["metrics"][name]) for name, text in both.items())
    assert {name: brief["columns"][name] for name in pages["columns"]} == pages["columns"]
    assert brief["columns"]["economies"].startswith(pages["explore"]["economy"][:6])
