"""Pages and briefs call towns and clusters as their language does; tables and files do not change with it."""

import re
from importlib.resources import files

import pyarrow as pa
import pytest

from hubrank.publishing.cluster_names import cluster_names, town_name, town_names
from hubrank.publishing.page_words import words
from hubrank.study.study import Study
from publishing.made_sites import parts, published

CAIRO, MILAN, SAN_JOSE, SAN_FRANCISCO, TOKYO, LONDON = 360630, 3173435, 5392171, 5391959, 1850147, 2643743
SOURCES = [{"metric": "patents", "reader": "table", "files": "x.csv"}]
CLUSTERS = {"radius_km": 15, "min_listings": 5}
RANKING = [
    {"cluster": "Cairo", "geonames_ids": f"{CAIRO}", "economies": "EG"},
    {"cluster": "San Jose–San Francisco, CA", "geonames_ids": f"{SAN_JOSE}/{SAN_FRANCISCO}", "economies": "US"},
    {"cluster": "London (United Kingdom)", "geonames_ids": f"{LONDON}", "economies": "GB"},
]


def study(**more):
    return Study.model_validate({"title": "A", "edition": "1", "sources": SOURCES, "clusters": CLUSTERS, **more})


def shown(language, rows=RANKING, **more):
    names = cluster_names(rows, study(**more), words(language))
    return [names.shown(row["cluster"]) for row in rows]


def test_a_town_is_called_as_the_language_calls_it():
    names = [town_names(language).get(MILAN) for language in ("de", "es", "fr", "ja", "pt", "zh", "en")]
    assert names == ["Mailand", "Milán", None, "ミラノ", "Milão", "米兰", None]
    assert (town_names("ja")[TOKYO], town_names("zh")[TOKYO]) == ("東京", "东京")


def test_names_have_no_blanks_around_them():
    names = [name for language in ("de", "es", "fr", "ja", "pt", "zh") for name in town_names(language).values()]
    assert [name for name in names if name != name.strip()] == []


def test_a_name_that_cldr_does_not_confirm_is_not_shown():
    kaliningrad, astana = 554234, 1526273
    assert {town_names("de").get(number) for number in (kaliningrad, astana)} == {None}  # Königsberg, Nur-Sultan


def test_a_name_that_one_source_alone_has_is_not_shown():
    sousse, yokote, xiangyang = 2464915, 2110506, 1790587
    assert town_names("zh").get(sousse) != "昔兰尼"
    assert town_names("ja")[yokote] == "横手"
    assert {town_names(each).get(xiangyang) for each in ("ja", "zh")} == {None}  # 襄樊, of before 2010


def test_a_name_that_geonames_and_natural_earth_agree_on_is_shown():
    hague, krakow, kyzylorda = 2747373, 3094802, 1519922
    assert [town_names(each).get(hague) for each in ("de", "es", "fr", "pt")] == [
        "Den Haag",
        "La Haya",
        "La Haye",
        None,
    ]
    assert [town_names(each)[krakow] for each in ("de", "es", "fr")] == ["Krakau", "Cracovia", "Cracovie"]
    assert town_names("fr").get(kyzylorda) is None  # Kzyl Orda, which CLDR alone has


def test_names_have_letters_of_the_languages_of_the_pages():
    letters = set("abcdefghijklmnopqrstuvwxyzßœæ áàâãäéèêëíîïóòôõöúùûüýÿçñ-'’.")
    names = [name for language in ("de", "es", "fr", "pt") for name in town_names(language).values()]
    assert [name for name in names if not letters.issuperset(name.lower())] == []  # Herāt, Lənkəran, Đà Nẵng


def test_a_name_of_taiwan_is_not_shown_in_simplified_characters():
    assert town_names("zh").get(3492914) is None  # 聖地牙哥 in both sources


def test_cities_and_economies_in_the_name_of_a_cluster_are_translated():
    assert shown("fr") == ["Le Caire", "San José–San Francisco, CA", "Londres (Royaume-Uni)"]
    assert shown("zh") == ["开罗", "San Jose–旧金山, CA", "伦敦 (英国)"]


def test_names_stay_in_english_and_where_the_study_takes_those_of_the_gazetteer_or_of_areas():
    english = [row["cluster"] for row in RANKING]
    assert shown("en") == english
    assert shown("fr", naming={"language": "gazetteer"}) == english
    assert shown("fr", areas={"file": "x.geojson", "id": "id", "rank": True}) == english


def test_two_clusters_that_a_language_calls_alike_keep_their_names():
    alike = [{**RANKING[0], "cluster": name} for name in ("Cairo", "Cairo (Egypt)")]
    both = [*alike, {**RANKING[0], "cluster": "Le Caire"}]
    assert shown("fr", both) == ["Cairo", "Le Caire (Égypte)", "Le Caire"]


def test_an_earlier_name_is_put_together_from_the_parts_of_names():
    names = cluster_names(RANKING, study(), words("fr"))
    assert names.shown("Cairo–London") == "Le Caire–Londres"
    table = pa.table({"cluster": ["Cairo", None], "cluster_before": ["London", "Giza"], "rank": [1, 2]})
    changed = names.in_tables({"comparison": table})["comparison"].to_pydict()
    assert changed == {"cluster": ["Le Caire", None], "cluster_before": ["Londres", "Giza"], "rank": [1, 2]}


def test_no_french_sentence_has_a_preposition_that_an_article_would_merge_with():
    text = files("hubrank.publishing.brief").joinpath("sentences/fr.toml").read_text("utf-8")
    merged = r"\bà \{clusters\}|\b(?:à|de) \{\w+\.(?:cluster|largest_city)\}"  # au Caire, and not à Le Caire
    assert re.findall(merged, text) == []


def test_maps_name_towns_in_the_language_of_the_page():
    assert town_name(CAIRO, "Cairo", named_in="en", language="fr") == "Le Caire"
    assert town_name(CAIRO, "Cairo", named_in="gazetteer", language="fr") == "Cairo"


@pytest.fixture(scope="module")
def french(demo, tmp_path_factory):
    return published(demo, tmp_path_factory.mktemp("french"), parts(demo), language="fr", pages=True)


def test_pages_show_names_in_their_language_at_the_same_addresses(french):
    page = (french / "cluster/cairo-eg.html").read_text("utf-8")
    assert "<h1>Le Caire</h1>" in page
    assert "Le Caire" in (french / "index.html").read_text("utf-8")
    assert "New York City" not in (french / "moved.html").read_text("utf-8")


def test_what_the_explorer_saves_has_the_names_of_the_tables(french, opened):
    page = opened(f"file://{french}/index.html")
    page.add_init_script("self.requestIdleCallback = () => 0")  # asked for before the page has loaded the exact figures
    page.reload()
    page.click("#share-open")
    with page.expect_download() as saved:
        page.click("[data-action=csv]")
    text = saved.value.path().read_text("utf-8")
    assert ",Cairo," in text.replace(";", ",")
    assert "Le Caire" not in text
