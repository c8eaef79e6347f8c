"""Faults planted in a source, one at a time: Python's operators by its syntax tree, SQL's by its words.

mutmut was looked at first: its third version leaves what stands outside functions alone, which is every statement of
SQL here. Kernels run as plain Python, so that a mutant needs no compiling.
"""

import ast
import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType

OPERATORS: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add,),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Mult,),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.LShift: (ast.RShift,),
    ast.RShift: (ast.LShift,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
}
TWINS = [
    ("min", "max"),
    ("minimum", "maximum"),
    ("argmin", "argmax"),
    ("any", "all"),
    ("floor", "ceil"),
    ("sin", "cos"),
]
SWAPPED = {a: b for one, other in TWINS for a, b in ((one, other), (other, one))}
# What is planted in SQL: a pattern and what stands there afterwards.
WORDS = [
    (re.compile(pattern), after)
    for pattern, after in (
        (r"<>", "="),
        (r"<=", "<"),
        (r">=", ">"),
        (r"(?<!<)<(?![=<>])", "<="),
        (r"(?<!<)>(?!=)", ">="),
        (r" = ", " <> "),
        (r"\bAND (?!\{)", "OR "),
        (r"\bOR ", "AND "),
        (r"\bSUM\(", "MAX("),
        (r"\bMAX\(", "MIN("),
        (r"\bMIN\(", "MAX("),
        (r"\bLEFT JOIN\b", "JOIN"),
        (r"\bANTI JOIN\b", "SEMI JOIN"),
        (r"\bSEMI JOIN\b", "ANTI JOIN"),
        (r" DESC\b", ""),
        (r"\bIS NOT NULL\b", "IS NULL"),
        (r"\bIS NULL\b", "IS NOT NULL"),
        (r"\bUNION ALL\b", "UNION"),
        (r"\b(?<!NOT )DISTINCT (?!FROM)", ""),
        (r" \+ ", " - "),
        (r" - ", " + "),
        (r" // ", " * "),
        (r" % ", " // "),
        (r"(?<=[\w})]) \* (?=[\w{(])(?!FROM|REPLACE|EXCLUDE)", " + "),
    )
]
NUMBER = re.compile(r"(?<![\w.{'])\d+(?![\w.}'])")
SPEAKS_SQL = re.compile(r"\b(SELECT|FROM|WHERE|JOIN|GROUP BY|HAVING|OVER|BETWEEN)\b")
PASSED_OVER = {"annotation", "returns", "decorator_list", "type_params", "keywords:strict"}
Path = tuple[tuple[str, int | None], ...]


@dataclass(frozen=True)
class Mutant:
    """One planted fault: where it is, and what stood and now stands there."""

    line: int
    was: str
    replacement: str
    path: Path
    node: ast.AST

    def __str__(self) -> str:
        return f"{self.was} → {self.replacement}"

    def code(self, source: str, filename: str) -> CodeType:
        """Return the machine's form of the source with the fault in it."""
        tree = ast.parse(source)
        _put(tree, self.path, self.node)
        return compile(ast.fix_missing_locations(tree), filename, "exec")


def mutants(source: str) -> list[Mutant]:
    """Return all faults that can be planted in a source, in its order."""
    return list(_within(ast.parse(source), (), ""))


def _within(node: ast.AST, path: Path, statement: str) -> Iterator[Mutant]:
    """Plant faults in a node, then in what it holds; `statement` is the line that it stands in."""
    shown = _shown(node) if isinstance(node, ast.stmt) else statement
    for changed in _changes(node):
        yield Mutant(_line(node), *_difference(node, changed, shown), path, changed)
    for name, value in ast.iter_fields(node):
        if name in PASSED_OVER or isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        for place, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST) and not _is_passed_over(name, child):
                yield from _within(child, (*path, (name, place)), shown)


def _line(node: ast.AST) -> int:
    return node.target.lineno if isinstance(node, ast.comprehension) else node.lineno


def _difference(node: ast.AST, changed: ast.AST, statement: str) -> tuple[str, str]:
    """Return what stood and what stands there: of SQL the line, of an expression the statement around it too."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        lines = zip(node.value.splitlines(), changed.value.splitlines(), strict=True)
        return next((old.strip(), new.strip()) for old, new in lines if old != new)
    if isinstance(node, ast.stmt):
        return statement, _shown(changed)
    return _shown(node), f"{_shown(changed)}   in   {statement}"


def _is_passed_over(name: str, node: ast.AST) -> bool:
    """Say whether a node is a docstring or a check that no caller can see fail."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    return isinstance(node, ast.keyword) and node.arg is not None and f"{name}:{node.arg}" in PASSED_OVER


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what may stand in place of a node."""
    yield from _in_expressions(node)
    yield from _in_statements(node)


def _in_expressions(node: ast.AST) -> Iterator[ast.AST]:  # noqa: C901 (one arm per kind of node)
    match node:
        case ast.BinOp() | ast.AugAssign() | ast.BoolOp():
            yield from (_with(node, op=op()) for op in OPERATORS.get(type(node.op), ()))
        case ast.Compare():
            for i, old in enumerate(node.ops):
                yield from (_with(node, ops=[*node.ops[:i], op(), *node.ops[i + 1 :]]) for op in OPERATORS[type(old)])
        case ast.UnaryOp(op=ast.Not() | ast.USub() | ast.Invert()):
            yield node.operand
        case ast.Constant():
            yield from (ast.Constant(value) for value in _other_constants(node.value))
        case ast.Slice():
            for bound in ("lower", "upper"):
                old = getattr(node, bound)
                if old is not None and not isinstance(old, ast.Constant):
                    yield _with(node, **{bound: ast.BinOp(old, ast.Add(), ast.Constant(1))})
        case ast.Name(id=name, ctx=ast.Load()) if name in SWAPPED:
            yield _with(node, id=SWAPPED[name])
        case ast.Attribute(attr=name, ctx=ast.Load()) if name in SWAPPED:
            yield _with(node, attr=SWAPPED[name])


def _in_statements(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.If() | ast.IfExp():
            yield _with(node, test=ast.UnaryOp(ast.Not(), node.test))
        case ast.comprehension(ifs=[_, *_]):
            yield _with(node, ifs=node.ifs[1:])
        case ast.Return(value=ast.expr()) if not isinstance(node.value, ast.Constant):
            yield ast.Return(ast.Constant(None))
        case ast.Raise() | ast.Break() | ast.Continue() | ast.AugAssign() | ast.Expr():
            yield ast.Pass()
        case ast.Assign(targets=[ast.Subscript() | ast.Attribute() | ast.Tuple(elts=[ast.Subscript(), *_])]):
            yield ast.Pass()


def _other_constants(value: object) -> Iterator[object]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, (int, float)):
        yield from (value + 1, value - 1)
    elif isinstance(value, str) and SPEAKS_SQL.search(value):
        for pattern, after in WORDS:
            yield from (value[: at.start()] + after + value[at.end() :] for at in pattern.finditer(value))
        for at in NUMBER.finditer(value):
            yield value[: at.start()] + str(int(at[0]) + 1) + value[at.end() :]


def _with(node: ast.AST, **fields: object) -> ast.AST:
    """Return a copy of a node with some fields replaced."""
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _put(tree: ast.AST, path: Path, node: ast.AST) -> None:
    """Put a node at its place in a tree."""
    *way, (last, at) = path
    holder = tree
    for name, place in way:
        child = getattr(holder, name)
        holder = child if place is None else child[place]
    if at is None:
        setattr(holder, last, node)
    else:
        getattr(holder, last)[at] = node


def _shown(node: ast.AST) -> str:
    """Return a node on one line, as it could stand in a file; of a compound statement its head."""
    if isinstance(node, ast.comprehension):
        return f"for {ast.unparse(node.target)} in … {' '.join('if ' + ast.unparse(test) for test in node.ifs)}".strip()
    return ast.unparse(node).partition("\n")[0]
