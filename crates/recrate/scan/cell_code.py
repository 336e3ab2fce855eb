"""What each cell of a notebook takes, gives, draws and asks for, by its text."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from recrate.model.code import CellCode, Chance, Draw
from recrate.model.study import Notebook
from recrate.scan.alterations import altered
from recrate.scan.chance import (
    asks_clock,
    asks_machine,
    dotted,
    drawn_by,
    is_unordered,
    seeded_by,
)
from recrate.scan.magics import PARSE_ERRORS, Command, PlainCell, plain_cell
from recrate.scan.timing import names_with_time
from recrate.scan.touching import touched_by

_QUIET_COMMANDS = frozenset(
    {"matplotlib", "load_ext", "reload_ext", "autoreload", "config", "set_env", "capture"}
)
"""Magics that print nothing and bind nothing."""
_LONGEST = 200_000
_MAGIC_CLOCKS = frozenset({"time", "timeit", "watermark", "prun", "memit", "lprun", "mprun"})
_SHOWS_ALL = re.compile(r"ast_node_interactivity")
_R_DRAWS = re.compile(
    r"\b(rnorm|runif|rbinom|rpois|rexp|rgamma|rbeta|rt|rchisq|rlnorm|rweibull|rcauchy|rlogis"
    r"|rmultinom|rgeom|rhyper|rnbinom|mvrnorm|rdirichlet|kmeans|sample|sample\.int|sample_n"
    r"|sample_frac|slice_sample|jitter)\s*\("
)
_R_CLOCK = re.compile(r"\b(Sys\.time|Sys\.Date|date|proc\.time|system\.time)\s*\(")
_R_GIVES = re.compile(
    r"(?m)^\s{0,40}([A-Za-z.][\w.]{0,80})(?:\$[\w.]{1,80}|\[[^\]\n]{0,80}\])?\s*(?:<<?-|=(?!=))"
)
_R_NAMES = re.compile(r"(?<![\w.$@])[A-Za-z.][\w.]{0,80}(?!\s*(?:\(|::))")
_R_SEED = re.compile(r"\bset\.seed\s*\(\s*\d")


def read_cell_codes(notebook: Notebook, language: str) -> tuple[CellCode, ...]:
    """Return what the code cells do, in their order; of other languages than Python only chance.

    Never raises: a cell that cannot be read is not `known`.
    """
    cells = [
        (index, cell["source"])
        for index, cell in enumerate(notebook["cells"])
        if cell.get("cell_type") == "code" and isinstance(cell.get("source"), str)
    ]
    if language == "r":
        return tuple(_of_r(index, source) for index, source in cells)
    if language != "python":
        return tuple(CellCode(cell=index, known=False) for index, _ in cells)
    all_shown = any(_SHOWS_ALL.search(source) for _, source in cells)
    above = _Above()
    return tuple(_of_python(index, source, above, all_shown=all_shown) for index, source in cells)


@dataclass
class _Above:
    """What the cells so far have imported and bound.

    aliases: name → what it stands for, complete (`np` → `numpy`)
    stars:   modules of which all was imported
    bound:   names that the notebook made itself
    """

    aliases: dict[str, str] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)
    bound: set[str] = field(default_factory=set)

    def name(self, call: ast.Call) -> str:
        """Return the complete name of what is called, also where a star import brought it."""
        name = dotted(call.func, self.aliases)
        first = dotted(call.func, {}).partition(".")[0]
        if first not in self.aliases and first not in self.bound:
            for module in reversed(self.stars):
                full = f"{module}.{name}"
                if drawn_by(full, call) or seeded_by(full, call) or asks_clock(full):
                    return full
        return name


def _of_r(index: int, source: str) -> CellCode:
    """Return what an R cell draws, and by pattern which names it takes and gives."""
    code = "\n".join(line.partition("#")[0] for line in source[:_LONGEST].split("\n"))
    draws = tuple(
        Draw(call=name, source=Chance.R) for name in dict.fromkeys(_R_DRAWS.findall(source))
    )
    return CellCode(
        cell=index,
        known=False,
        takes=frozenset(_R_NAMES.findall(code)),
        gives=frozenset(_R_GIVES.findall(code)),
        draws=draws,
        seeds=frozenset({Chance.R}) if _R_SEED.search(source) else frozenset(),
        clock=tuple(dict.fromkeys(_R_CLOCK.findall(source))),
    )


def _of_python(index: int, source: str, above: _Above, *, all_shown: bool) -> CellCode:
    if len(source) > _LONGEST:
        return CellCode(cell=index, known=False)
    plain = plain_cell(source)
    if plain.tree is None:
        return CellCode(cell=index, known=False)
    try:
        return _read(index, plain, source, above, all_shown=all_shown)
    except PARSE_ERRORS:
        return CellCode(cell=index, known=False)


def _read(index: int, plain: PlainCell, source: str, above: _Above, *, all_shown: bool) -> CellCode:
    assert plain.tree is not None
    nodes = list(ast.walk(plain.tree))
    above.aliases.update(_aliases(nodes))
    above.stars.extend(_stars(nodes, plain.commands))
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    touched = touched_by(source)
    above.bound |= touched.binds | set(touched.later)
    names = [(above.name(call), call) for call in calls]
    loud = [one for one in plain.commands if one.name not in _QUIET_COMMANDS]
    gives = touched.binds | touched.defines
    silent = not loud and not any(map(_acts, nodes))
    timed = [f"%{one.name}" for one in plain.commands if one.name in _MAGIC_CLOCKS]
    return CellCode(
        cell=index,
        shows=None if all_shown else _shows(plain, source),
        acts=not silent,
        takes=touched.uses | (frozenset().union(*touched.later.values()) - gives),
        gives=gives,
        alters=frozenset(altered(nodes, above.aliases)) - gives,
        modules=frozenset(_modules(nodes)),
        draws=tuple(dict.fromkeys(_draws(names))),
        seeds=frozenset(_seeds(names)),
        clock=tuple(dict.fromkeys([*timed, *(name for name, _ in names if asks_clock(name))])),
        timed=_timed(plain.tree, timed, source, above.aliases),
        machine=tuple(dict.fromkeys(name for name, _ in names if asks_machine(name))),
        unordered=any(isinstance(node, ast.Set | ast.SetComp) for node in nodes)
        or any(is_unordered(name) for name, _ in names),
        commands=tuple(dict.fromkeys(one.name for one in plain.commands)),
        reads=tuple(dict.fromkeys(_paths(nodes))),
        words="\n".join(_texts(nodes)),
        printed=None if plain.commands else _printed(plain.tree),
    )


def _timed(
    tree: ast.Module, magics: list[str], source: str, aliases: dict[str, str]
) -> frozenset[str] | None:
    """Return the names that the time goes into; a magic keeps what it measured only if told so."""
    if magics and re.search(r"%time(it)?\b.*\s-\w*o", source):
        return None
    return names_with_time(tree, aliases)


def _aliases(nodes: list[ast.AST]) -> Iterator[tuple[str, str]]:
    """Yield each name that an import binds, with what it stands for."""
    for node in nodes:
        if isinstance(node, ast.Import):
            for one in node.names:
                yield (one.asname, one.name) if one.asname else (one.name.split(".")[0],) * 2
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for one in node.names:
                if one.name != "*":
                    yield one.asname or one.name, f"{node.module}.{one.name}"


def _stars(nodes: list[ast.AST], commands: list[Command]) -> Iterator[str]:
    """Yield the modules of which a cell imports all, `%pylab` among them."""
    for node in nodes:
        if not isinstance(node, ast.ImportFrom):
            continue
        whole = any(one.name == "*" for one in node.names)
        if whole and node.module and not node.level:
            yield "pylab" if node.module == "matplotlib.pylab" else node.module
    if any(one.name == "pylab" for one in commands):
        yield "pylab"


def _modules(nodes: list[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (one.name.split(".")[0] for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").split(".")[0] if not node.level else "."


def _acts(node: ast.AST) -> bool:
    """Say whether a node may print or show something by itself: it runs code we do not see."""
    return isinstance(
        node,
        ast.Call | ast.Await | ast.Import | ast.ImportFrom | ast.With | ast.AsyncWith | ast.For
        | ast.AsyncFor | ast.comprehension | ast.Attribute | ast.Subscript | ast.BinOp
        | ast.Compare | ast.JoinedStr | ast.Raise | ast.Assert | ast.Delete,
    )  # fmt: skip


def _shows(plain: PlainCell, source: str) -> bool | None:
    """Say whether the last statement is an expression that a notebook shows."""
    assert plain.tree is not None
    if plain.foreign or any(one.body is not None for one in plain.commands):
        return None
    if source.rstrip().endswith(";"):
        return False
    last = plain.tree.body[-1] if plain.tree.body else None
    after = max((one.line for one in plain.commands if not one.captured), default=0)
    if last is None or after >= (last.end_lineno or last.lineno) or _may_ask(plain.commands):
        return None if plain.commands or source.strip().endswith("?") else False
    return isinstance(last, ast.Expr)


def _may_ask(commands: list[Command]) -> bool:
    return any(one.name in ("run", "load", "rerun", "recall", "macro") for one in commands)


def _draws(names: list[tuple[str, ast.Call]]) -> Iterator[Draw]:
    for name, call in names:
        source = drawn_by(name, call)
        if source is not None:
            yield Draw(call=name, source=source)


def _seeds(names: list[tuple[str, ast.Call]]) -> Iterator[Chance]:
    for name, call in names:
        source = seeded_by(name, call)
        if source is not None:
            yield source


def _paths(nodes: list[ast.AST]) -> Iterator[str]:
    for text in _texts(nodes):
        if len(text) < 500 and "\n" not in text and re.search(r"\w\.\w{1,8}$", text):
            yield text


def _texts(nodes: list[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
            yield node.value


def _printed(tree: ast.Module) -> str | None:
    """Return what a cell prints that does nothing but print literals; None for any other."""
    lines = []
    for statement in tree.body:
        call = statement.value if isinstance(statement, ast.Expr) else None
        if not isinstance(call, ast.Call) or call.keywords:
            return None
        if not isinstance(call.func, ast.Name) or call.func.id != "print":
            return None
        values = [one.value for one in call.args if isinstance(one, ast.Constant)]
        if len(values) != len(call.args) or any(isinstance(one, float) for one in values):
            return None
        lines.append(" ".join(map(str, values)) + "\n")
    return "".join(lines) if lines else None
