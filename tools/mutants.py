"""The small changes that mutation testing makes: one comparison, number, condition, statement or call at a time.

Left alone: annotations, docstrings, the words of errors, `__all__`, and decorators; a change there is no fault.
"""

import ast
import copy
import random
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from dataclasses import field as with_default
from pathlib import Path
from types import CodeType

OPPOSITE: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,), ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,), ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
}  # fmt: skip
OTHER_WAY: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.FloorDiv: ast.Mult, ast.Mod: ast.FloorDiv,
    ast.LShift: ast.RShift, ast.RShift: ast.LShift, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
QUIET = ("description", "message", "hint", "reason")
"""Keyword arguments that hold words for people."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: where it is, what stood there, what stands there now, and the file with it, as text and as code."""

    file: str
    line: int
    before: str
    after: str
    source: str
    lines: range = with_default(default=range(0))
    """The lines of the statement changed, or of its head if others stand in it: a test that misses it ran these."""
    code: CodeType | None = with_default(default=None, repr=False)
    """The changed file, compiled with the line numbers of the sound one."""
    column: int = 0
    """Where in the line: it tells two that read alike apart."""


# ---------------------------------------------------------------- making mutants


def changes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield every small change of one node, as a node to stand in its place."""
    for make in (_comparisons, _arithmetic, _constants, _conditions, _statements, _calls):
        yield from make(node)


def _comparisons(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            for other in OPPOSITE.get(type(operator), ()):
                changed = copy.deepcopy(node)
                changed.ops[place] = other()
                yield changed


def _arithmetic(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.BinOp) and type(node.op) in OTHER_WAY:
        changed = copy.deepcopy(node)
        changed.op = OTHER_WAY[type(node.op)]()
        yield changed


def _constants(node: ast.AST) -> Iterator[ast.AST]:
    if not isinstance(node, ast.Constant):
        return
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield ast.Constant(value + 1)
        yield ast.Constant(value - 1)
    elif isinstance(value, bytes) and value:
        yield ast.Constant(value[:-1])
    elif isinstance(value, str) and value and " " not in value:
        yield ast.Constant(value + "x")


def _conditions(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.BoolOp):
        changed = copy.deepcopy(node)
        changed.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield changed
        for place in range(len(node.values)):
            fewer = copy.deepcopy(node)
            del fewer.values[place]
            yield fewer if len(fewer.values) > 1 else fewer.values[0]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield copy.deepcopy(node.operand)
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        changed_branch = copy.deepcopy(node)
        changed_branch.test = ast.UnaryOp(ast.Not(), copy.deepcopy(node.test))
        yield changed_branch


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    dropped = isinstance(node, ast.Raise | ast.AugAssign | ast.Delete)
    dropped = dropped or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call))
    dropped = dropped or (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute | ast.Subscript))
    if dropped:
        yield ast.Pass()
    if isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield ast.Return(ast.Constant(None))
    if isinstance(node, ast.Break):
        yield ast.Continue()
    if isinstance(node, ast.Continue):
        yield ast.Break()


def _calls(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Call) and len(node.args) > 1 and not _is_raised(node) and not _is_symmetric(node):
        changed = copy.deepcopy(node)
        changed.args[0], changed.args[1] = changed.args[1], changed.args[0]
        if ast.dump(changed) != ast.dump(node):
            yield changed


def _is_symmetric(node: ast.Call) -> bool:
    """Whether the order of the arguments means nothing."""
    return isinstance(node.func, ast.Name) and node.func.id in ("max", "min")


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_raised(node: ast.Call) -> bool:
    """Whether the call makes an error: its first letter is a capital, and its first argument a rule or words."""
    return isinstance(node.func, ast.Name) and node.func.id[0].isupper() and isinstance(node.args[0], ast.Constant)


def places(node: ast.AST, *, in_error: bool = False) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Yield parent, field, index and node of everything that may be changed under `node`."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "bases", "keywords") and isinstance(
            node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.arg | ast.AnnAssign
        ):
            continue
        items: Sequence[tuple[int | None, object]]
        items = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
        for index, item in items:
            if not isinstance(item, ast.AST) or _left_alone(node, name, index, item):
                continue
            error = in_error or isinstance(node, ast.Raise)
            if not (error and _is_words(item)):
                yield node, name, index, item
            yield from places(item, in_error=error)


def _left_alone(parent: ast.AST, field: str, index: int | None, node: ast.AST) -> bool:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True  # a docstring, or a string that says what the name above it is
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "__all__":
        return True
    if isinstance(node, ast.keyword) and node.arg in QUIET:
        return True
    if isinstance(node, ast.JoinedStr):
        return True
    names_a_type = isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name) and parent.func.id in _TYPE_MAKERS
    return names_a_type and field == "args" and index == 0


_TYPE_MAKERS = ("NewType", "TypeVar", "cast")


def _is_words(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value
    )


def mutants_of(path: Path, name: str, wanted: Collection[int] | None = None) -> Iterator[Mutant]:
    """Yield the mutants of one file, or only those whose numbers are wanted: to write out a source takes time."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    heads = [_head(node) for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    every = (
        (parent, field, index, node, changed)
        for parent, field, index, node in list(places(tree))
        for changed in changes(node)
    )
    for number, (parent, field, index, node, changed) in enumerate(every):
        if wanted is not None and number not in wanted:
            continue
        ast.copy_location(changed, node)
        _put(parent, field, index, changed)
        source = ast.unparse(ast.fix_missing_locations(tree))
        try:
            code = compile(tree, name, "exec", dont_inherit=True)
        except SyntaxError:
            continue  # no program, such as one pattern with the same key twice
        finally:
            _put(parent, field, index, node)
        line = getattr(node, "lineno", 0)
        lines, column = statement_lines(heads, node), getattr(node, "col_offset", 0)
        yield Mutant(name, line, _short(node), _short(changed), source, lines, code, column)


def _head(statement: ast.stmt) -> range:
    """Return the lines of a statement, without those of the statements that stand in it."""
    inner = getattr(statement, "body", [])
    last = inner[0].lineno - 1 if inner else statement.end_lineno or statement.lineno
    return range(statement.lineno, max(statement.lineno, last) + 1)


def statement_lines(heads: Sequence[range], node: ast.AST) -> range:
    """Return the lines of the statement that holds `node`: the innermost one of `heads`."""
    line = getattr(node, "lineno", 0)
    around = [head for head in heads if line in head]
    return max(around, key=lambda head: head.start, default=range(line, line + 1))


def count_of(path: Path) -> int:
    """Return how many mutants a file has."""
    return sum(1 for *_, node in places(ast.parse(path.read_text(encoding="utf-8"))) for _ in changes(node))


def _put(parent: ast.AST, field: str, index: int | None, node: ast.AST) -> None:
    if index is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[index] = node


def _short(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 90 else f"{text[:87]}..."


def chosen_of(root: Path, package: str, count: int, seed: int) -> tuple[list[Mutant], int]:
    """Return the mutants of a package that the seed draws, and how many there are in all."""
    files = sorted((root / "src/openline" / package).rglob("*.py"))
    counts = [count_of(path) for path in files]
    drawn = set(random.Random(seed).sample(range(sum(counts)), min(count, sum(counts))))
    chosen: list[Mutant] = []
    first = 0
    for path, number in zip(files, counts, strict=True):
        wanted = {place - first for place in drawn if first <= place < first + number}
        if wanted:
            chosen += mutants_of(path, path.relative_to(root).as_posix(), wanted)
        first += number
    random.Random(seed).shuffle(chosen)  # so that a campaign that is cut short has judged a fair sample
    return chosen, sum(counts)
