"""The statements of the stages, written for DuckDB, translated to Spark SQL.

sqlglot translates. What remains: Spark has no `* REPLACE` and no `UNION ALL BY NAME`, counts rows in 32 bits, and has
no order where none is stated.
"""

from collections.abc import Mapping, Sequence

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.qualify import qualify

Columns = Mapping[str, Sequence[str]]  # of each relation that a statement names


def translated(sql: str, columns: Columns) -> str:
    """Return a statement in Spark SQL.

    columns : of the relations that the statement names; needed where a `*` has to be spelled out.
    """
    tree = sqlglot.parse_one(sql, read="duckdb")
    if any(star.args.get("replace") or star.args.get("replace_") for star in tree.find_all(exp.Star)):
        schema = {name: dict.fromkeys(names, "BIGINT") for name, names in columns.items()}
        tree = qualify(tree, schema=schema, dialect="duckdb", quote_identifiers=False, validate_qualify_columns=False)
    for union in [union for union in tree.find_all(exp.Union) if union.args.get("by_name")]:
        _by_name(union, columns)
    return str(tree.transform(_row_number).sql(dialect="spark"))


def _by_name(union: exp.Union, columns: Columns) -> None:
    """Spell out the columns of both sides, `SELECT * FROM relation` each, in the order of the first."""
    names = columns[union.left.find(exp.Table).name]
    for side in (union.left, union.right):
        side.set("expressions", [exp.column(name) for name in names])
    union.set("by_name", False)


def _is_row_number(node: exp.Expr) -> bool:
    return isinstance(node, exp.Window) and isinstance(node.this, exp.RowNumber)


def _row_number(node: exp.Expr) -> exp.Expr:
    """Make a row number a BIGINT; one in no order is any number that no other row has."""
    if not _is_row_number(node):
        return node
    if not node.args.get("order"):
        return exp.Anonymous(this="monotonically_increasing_id")
    return node if isinstance(node.parent, exp.Cast) else exp.cast(node.copy(), "BIGINT")
