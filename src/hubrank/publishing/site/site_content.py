"""The edition as the pages show it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
from markupsafe import Markup

from hubrank.analysis.certain_moves import chance_moves
from hubrank.analysis.continuations import absorbed_by
from hubrank.analysis.data_cause import data_cause
from hubrank.analysis.equal_scores import moved_among_equals
from hubrank.analysis.score_changes import have_same_weights
from hubrank.core.edition import poorly_located, years_shown
from hubrank.core.units import half_up
from hubrank.publishing.cluster_names import cluster_names
from hubrank.publishing.metric_names import readers_of, shown_labels
from hubrank.publishing.page_words import ENGLISH, Words, words
from hubrank.publishing.site import changes, ranking_rows
from hubrank.publishing.site.one_economy_remarks import of_one_economy
from hubrank.publishing.site.ranking_rows import Row
from hubrank.study.study import Study
from hubrank.study.study_file import study_of

Shapes = Mapping[str, dict[str, Any]]
PAGES = ("index", "compare", "moved", "robustness", "areas", "method", "data")  # in the order of the menu


@dataclass(frozen=True, slots=True, eq=False)
class SiteContent:
    """What every page is made from.

    outlines : GeoJSON geometry by cluster_id that covers all members of each cluster, as `shapes` may not.
    previous : the manifest of the previous edition, where there is one.
    tables : with names of clusters in the language of the pages; written : those of the edition's tables by cluster_id,
        where the pages show others.
    files_at : where the files of the edition are, as the pages see it.
    """

    folder: Path
    tables: Mapping[str, pa.Table]
    shapes: Shapes
    outlines: Shapes
    manifest: Mapping[str, Any]
    previous: Mapping[str, Any] | None
    study: Study
    rows: Sequence[Row]
    words: Words
    files_at: str = "../"
    written: Mapping[str, str] = field(default_factory=dict)

    @property
    def shared(self) -> dict[str, Any]:
        """The values that every template uses."""
        none = not self.rows
        absent = {
            "compare": none,
            "robustness": none,
            "moved": not self.is_compared,
            "areas": "areas" not in self.tables,
        }
        pages = [name for name in PAGES if not absent.get(name)]
        located = [
            self.words.say(
                "page.poorly_located", share=self.words.number(f"{half_up(share, 1)}"), metric=self.labels[name]
            )
            for name, share in poorly_located(self.manifest).items()
        ]
        of_one = of_one_economy(self.manifest, self.words)
        feeds = ("feed.atom", "feed.json") if self.study.publish.base_url else ()
        values = {"study": self.study, "note": self.note, "root": "", "pages": pages, "here": "", "feeds": feeds}
        words = {
            "say": self.words.say,
            "number": self.words.number,
            "language": self.words.language,
            "labels": self.labels,
        }
        words["made_of"] = self.made_of
        words["in_english"] = Markup(' lang="en"') if self.words.language != ENGLISH else ""
        return values | words | {"poorly_located": located, "of_one_economy": of_one}

    @property
    def moved(self) -> list[Mapping[str, Any]]:
        """The rows of the comparison of clusters that moved, but for the order of equal scores and for chance."""
        rows = self.rows_of("comparison")
        no_news = moved_among_equals(rows) | chance_moves(rows, self.tables["ranking"])
        return [row for row in rows if row["move"] and row["cluster_id"] not in no_news]

    @property
    def moves_by_id(self) -> dict[str, Mapping[str, Any]]:
        """The rows of the comparison of the clusters of this edition, by cluster_id; none where there is none."""
        rows = self.rows_of("comparison") if self.is_compared else []
        return {row["cluster_id"]: row for row in rows if row["rank"] is not None}

    @property
    def picture(self) -> str:
        """The address of the picture of the edition that shared links show; "" where the study states no address."""
        address = self.study.publish.base_url
        return f"{address.rstrip('/')}/site/assets/picture.png" if address else ""

    @property
    def lead(self) -> str:
        """What the edition ranks, in a sentence."""
        if not self.rows:
            return self.words.say("script.no_clusters")
        key = "explore.lead_one" if len(self.rows) == 1 else "explore.lead"
        return self.words.say(key, count=len(self.rows), metrics=self.words.listed(self.labels.values()))

    @property
    def made_of(self) -> str:
        """What stands at the foot of pages and pictures: the years counted, the edition, and whose work it is not."""
        years = self.words.say("page.years", years=self._years) if self._years else ""
        foot = self.words.say("page.foot", title=self.study.title, edition=self.study.edition)
        return self.words.say("lists.space").join(filter(None, [years, foot]))

    @property
    def _years(self) -> str:
        """The years of which records of each metric count, as a sentence lists them; "" where the study names none."""
        windows = [(label, self.study.windows.get(name)) for name, label in self.labels.items()]
        return self.words.listed(f"{label} {years_shown(*ends)}" for label, ends in windows if ends)

    @property
    def labels(self) -> dict[str, str]:
        """What pages call each metric."""
        return metric_labels(self.study, self.words)

    @property
    def note(self) -> str:
        """What every page must carry; "" for nothing."""
        return self.words.say("page.simulated") if self.study.synthetic else ""

    @property
    def level(self) -> str:
        """The confidence level of rank intervals."""
        return self.words.say("numbers.percent", figure=self.words.number(f"{100 * self.study.robustness.level:g}"))

    @property
    def is_compared(self) -> bool:
        """Whether there is a previous edition to compare with."""
        return self.previous is not None and "comparison" in self.tables

    @property
    def has_same_weights(self) -> bool:
        """Whether scores of the previous edition are sums of the same shares, which can be compared."""
        return self.previous is not None and have_same_weights(study_of(self.previous), self.study)

    @property
    def editions(self) -> dict[str, str]:
        """The labels of this edition and, where there is one, of the previous edition."""
        manifests = {"earlier": self.previous, "later": self.manifest}
        return {name: str(each["study"]["edition"]) for name, each in manifests.items() if each is not None}

    def rows_of(self, table: str) -> list[dict[str, Any]]:
        """Return the rows of a table; none of a table that is missing. Of one metric no range over other weights."""
        rows: list[dict[str, Any]] = self.tables[table].to_pylist() if table in self.tables else []
        if table == "robustness" and len(self.study.metrics) < 2:
            return [row | {"weights_best": None, "weights_worst": None} for row in rows]
        return rows


def gather_content(
    folder: Path,
    tables: Mapping[str, pa.Table],
    shapes: Shapes,
    manifest: Mapping[str, Any],
    *,
    outlines: Shapes | None = None,
    previous: Mapping[str, Any] | None = None,
    language: str | None = None,
    files_at: str = "../",
) -> SiteContent:
    """Return the content of the pages.

    Parameters
    ----------
    folder : of the edition; the site is written into it.
    tables : by name: `ranking`, `clusters`, `measures`, `points`, and any others of the edition.
    shapes, outlines : GeoJSON geometry by cluster_id, in degrees: the ground, and what covers all members; None where
        that is the same.
    manifest : the content of edition.json: study, metrics, sources.
    previous : the manifest of the previous edition, where `tables` has a `comparison` with it.
    language : of the pages; None is what the study says.
    files_at : where the files of the edition are, as the pages see it.
    """
    study = study_of(manifest)
    texts = words(language or study.publish.language, areas=study.ranks_areas)
    named = {row["cluster_id"]: row["cluster"] for row in tables["ranking"].to_pylist()}
    tables = cluster_names(tables["ranking"].to_pylist(), study, texts).in_tables(tables)
    ranking = sorted(tables["ranking"].to_pylist(), key=lambda row: row["rank"])
    written = {key: named[key] for row in ranking if row["cluster"] != named[key := row["cluster_id"]]}
    clusters = tables["clusters"].to_pylist() if "clusters" in tables else []
    spots = {row["cluster_id"]: (float(row["lon"]), float(row["lat"])) for row in clusters}
    moves = _moves(tables, manifest, previous, texts)
    rows = ranking_rows.rows(ranking, study.metrics, spots, moves, texts)
    covering = shapes if outlines is None else outlines
    return SiteContent(folder, tables, shapes, covering, manifest, previous, study, rows, texts, files_at, written)


def metric_labels(study: Study, words: Words) -> dict[str, str]:
    """Return what pages call each metric of a study."""
    return shown_labels(study.labels, readers_of((each.metric, each.reader) for each in study.sources), words)


def _moves(
    tables: Mapping[str, pa.Table], manifest: Mapping[str, Any], previous: Mapping[str, Any] | None, texts: Words
) -> dict[str, tuple[int | None, str, str]]:
    """Return, per cluster, the ranks it gained since the previous edition, and why in two forms; else nothing."""
    if previous is None or "comparison" not in tables:
        return {}
    before, study = map(study_of, (previous, manifest))
    labels = metric_labels(study, texts)
    new_metrics = [labels[name] for name in changes.metrics_that_count_now(study, before)]
    data = data_cause(previous, manifest)
    rows = tables["comparison"].to_pylist()
    equals, by_chance = moved_among_equals(rows), chance_moves(rows, tables["ranking"])
    merged, moves = absorbed_by(rows), {}
    for row in rows:
        if (key := row["cluster_id"]) and row["rank"] is not None:
            read: changes.Reading = {
                "among_equals": key in equals,
                "by_chance": key in by_chance,
                "merged": merged.get(key, ()),
            }
            shown = (before.edition, new_metrics, texts, data)
            moves[key] = (row["move"], changes.change(row, *shown, **read), changes.sentence(row, *shown, **read))
    return moves
