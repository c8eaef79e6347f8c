"""Write and execute docs/hubrank.ipynb on the demonstration world: `python scripts/make_notebook.py [EDITIONS]`.

It needs nbformat, nbclient and ipykernel, and polars for the frames; none of them is needed by hubrank.
EDITIONS is a folder that `hubrank demo --out EDITIONS` made; without it the script makes one of its own.
"""

import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

NOTEBOOK = Path(__file__).parents[1] / "docs" / "hubrank.ipynb"
CELLS = (
    """# hubrank in Python

Every figure of the editions is **simulated**: `hubrank demo --out demo` makes a world up in the real file formats and
ranks it. Tables are Arrow's; `polars.DataFrame(table)` or `table.to_pandas()` turns one into a frame.""",
    """>import hubrank
import polars as pl

pl.Config(tbl_rows=10, tbl_width_chars=130, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True)
edition = hubrank.load("demo/2025")
edition""",
    """## The ranking""",
    """>columns = ["rank", "cluster", "economies", "score_pct", *(f"{metric}_share_pct" for metric in edition.metrics)]
pl.DataFrame(edition.ranking().select(columns)).head(10)""",
    """## Other weights

The same counts, the same formula: `rerank` takes a weight for each metric, and what is left out weighs 0.
`edition_rank` is the rank under the edition's own weights. Without deals, first place goes to another cluster.""",
    """>without_deals = pl.DataFrame(edition.rerank({"patents": 1, "publications": 1}))
without_deals.select("rank", "edition_rank", "cluster", "score_pct").head(5)""",
    """## How much do weights matter?

Ranks of the leading five, as deals weigh more and more.""",
    """>leading = edition.ranking()["cluster"].to_pylist()[:5]
rows = []
for weight in ("0", "0.25", "0.5", "1", "2"):
    table = edition.rerank({"patents": 1, "publications": 1, "deals": weight})
    rank = dict(zip(table["cluster"].to_pylist(), table["rank"].to_pylist()))
    rows.append({"weight of deals": weight} | {cluster: rank[cluster] for cluster in leading})
pl.DataFrame(rows)""",
    """## Compared with the edition before

The move of each cluster, taken apart: **data** is what new records change, **boundary** what the changed outlines of
clusters change, **method** what the new method changes (here: deals count). The three add up to the move.""",
    """>found = hubrank.compare("demo/2024", edition)
moves = pl.DataFrame(found.table).filter(pl.col("rank") <= 100)
moves.sort("move", descending=True, nulls_last=True).select(
    "cluster", "rank_before", "rank", "move", "data", "boundary", "method"
).head(5)""",
    """## Any table of counts

`rank_counts` ranks a table of one's own: a column `cluster`, one column per metric. These are the first rows of a
published table (WIPO, Global Innovation Index 2023, CC BY 4.0: facts, not simulated), with the world totals that
reproduce its printed shares.""",
    """>from importlib.resources import files

published = files("hubrank.ranking.count_table") / "published-2023.csv"
world = {"patents": 1_255_570, "publications": 7_459_270}
pl.DataFrame(hubrank.rank_counts(str(published), totals=world, decimals=1)).head(5)""",
    """## How sure is a rank?

`rank_sets` takes scores and their variances and returns from which rank to which each may stand.""",
    """>sets = hubrank.rank_sets([10.0, 9.9, 7.0, 3.0], [0.04, 0.04, 0.04, 0.04], coverage=0.9, seed=1)
pl.DataFrame({"best": sets.low, "worst": sets.high})""",
    """## What goes wrong says so""",
    """>try:
    edition.rerank({"patent": 1})
except hubrank.HubrankError as error:
    print(error)""",
)


def notebook() -> nbformat.NotebookNode:
    """Return the notebook before it is executed."""
    cells = [new_code_cell(text[1:]) if text[0] == ">" else new_markdown_cell(text) for text in CELLS]
    for number, cell in enumerate(cells, start=1):
        cell.id = f"cell-{number}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def executed(notebook: nbformat.NotebookNode, folder: Path) -> nbformat.NotebookNode:
    """Execute it where `folder`/demo holds the editions; drop what differs from run to run."""
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(folder)}}).execute()
    notebook.metadata.pop("language_info", None)
    for cell in notebook.cells:
        cell.metadata.clear()
        for output in cell.get("outputs", ()):
            if output.output_type == "stream" and output.name == "stderr":
                raise SystemExit(f"{cell.id} wrote to stderr: {output.text}")
    return notebook


def main() -> None:
    """Make the editions where none are given, then the notebook."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if len(sys.argv) > 1:
            (folder / "demo").symlink_to(Path(sys.argv[1]).absolute())
        else:
            from hubrank import pipeline, simulation  # noqa: PLC0415 (not needed where editions are given)

            simulation.simulate(folder / "demo", listings=300_000, seed=2025)
            for edition in ("2024", "2025"):
                pipeline.run(folder / "demo" / f"{edition}.toml", folder / "demo" / edition)
        nbformat.write(executed(notebook(), folder), NOTEBOOK)


if __name__ == "__main__":
    main()
