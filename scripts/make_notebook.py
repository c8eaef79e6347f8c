"""Write and execute docs/hubrank.ipynb on the demonstration world: `python scripts/make_notebook.py [EDITIONS]`.

It needs nbformat, nbclient and ipykernel, and polars for the data frames; hubrank itself needs none of them.
EDITIONS is a folder made by `hubrank demo --out EDITIONS`; without it the script simulates the editions.
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

All figures of the editions are **simulated**: `hubrank demo --out demo` simulates a world in the real file formats and
ranks it. Tables are Arrow tables; `polars.DataFrame(table)` or `table.to_pandas()` converts one into a data frame.""",
    """>import hubrank
import polars as pl

pl.Config(tbl_rows=10, tbl_width_chars=130, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True)
edition = hubrank.load("demo/2025")
edition""",
    """## The ranking""",
    """>columns = ["rank", "cluster", "economies", "score_pct", *(f"{metric}_share_pct" for metric in edition.metrics)]
pl.DataFrame(edition.ranking().select(columns)).head(10)""",
    """## Other weights

`rerank` applies the same formula to the same counts with other weights; a metric that is left out weighs 0.
`edition_rank` is the rank under the edition's weights. Without deals, another cluster takes first place.""",
    """>without_deals = pl.DataFrame(edition.rerank({"patents": 1, "publications": 1}))
without_deals.select("rank", "edition_rank", "cluster", "score_pct").head(5)""",
    """## How much do weights matter?

Ranks of the five leading clusters as the weight of deals increases.""",
    """>leading = edition.ranking()["cluster"].to_pylist()[:5]
rows = []
for weight in ("0", "0.25", "0.5", "1", "2"):
    table = edition.rerank({"patents": 1, "publications": 1, "deals": weight})
    rank = dict(zip(table["cluster"].to_pylist(), table["rank"].to_pylist()))
    rows.append({"weight of deals": weight} | {cluster: rank[cluster] for cluster in leading})
pl.DataFrame(rows)""",
    """## Comparison with the previous edition

The move of each cluster, decomposed: **data** is the effect of new records, **boundary** that of changed outlines of
clusters, **method** that of the new method (here: deals count). The three add up to the move.""",
    """>comparison = hubrank.compare("demo/2024", edition)
moves = pl.DataFrame(comparison.table).filter(pl.col("rank") <= 100)
moves.sort("move", descending=True, nulls_last=True).select(
    "cluster", "rank_before", "rank", "move", "data", "boundary", "method"
).head(5)""",
    """## Any table of counts

`rank_counts` ranks any table with a column `cluster` and one column per metric. These are the first rows of a
published table (WIPO, Global Innovation Index 2023, CC BY 4.0; real figures, not simulated), with the world totals that
reproduce its published shares.""",
    """>from importlib.resources import files

published = files("hubrank.ranking.count_table") / "published-2023.csv"
world = {"patents": 1_255_570, "publications": 7_459_270}
pl.DataFrame(hubrank.rank_counts(str(published), totals=world, decimals=1)).head(5)""",
    """## How certain is a rank?

`rank_sets` takes scores and their variances and returns the confidence set of each rank.""",
    """>sets = hubrank.rank_sets([10.0, 9.9, 7.0, 3.0], [0.04, 0.04, 0.04, 0.04], coverage=0.9, seed=1)
pl.DataFrame({"best": sets.low, "worst": sets.high})""",
    """## Errors

An error message says what is wrong and what is possible instead.""",
    """>try:
    edition.rerank({"patent": 1})
except hubrank.HubrankError as error:
    print(error)""",
)


def notebook() -> nbformat.NotebookNode:
    """Return the notebook, not yet executed."""
    cells = [new_code_cell(text[1:]) if text[0] == ">" else new_markdown_cell(text) for text in CELLS]
    for number, cell in enumerate(cells, start=1):
        cell.id = f"cell-{number}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def executed(notebook: nbformat.NotebookNode, folder: Path) -> nbformat.NotebookNode:
    """Execute the notebook next to `folder`/demo, which contains the editions; remove what differs between runs."""
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(folder)}}).execute()
    notebook.metadata.pop("language_info", None)
    for cell in notebook.cells:
        cell.metadata.clear()
        for output in cell.get("outputs", ()):
            if output.output_type == "stream" and output.name == "stderr":
                raise SystemExit(f"{cell.id} wrote to stderr: {output.text}")
    return notebook


def main() -> None:
    """Make the editions if none are named, then the notebook."""
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
