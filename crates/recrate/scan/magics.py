"""Notebook cells made plain: magics, shell lines and help marks taken out, line numbers kept.

What is taken out comes back as commands, so that nothing of a cell is lost. IPython is not used:
it would have to be imported, and it rewrites lines in ways that lose their numbers.
Source of the forms: https://ipython.readthedocs.io/en/stable/interactive/magics.html
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

PYTHON_BODIES = frozenset(
    {
        "time", "timeit", "capture", "prun", "memit", "mprun", "lprun", "snakeviz", "pyinstrument",
        "scalene", "heat", "debug", "px", "notify", "wandb", "filprofile", "memray_flamegraph",
        "memory", "cache", "cached", "ai_time", "manim", "python", "python3", "ipytest",
        "run_pytest", "render", "execute", "matplotlib", "skip", "run_if", "tensorflow_version",
    }
)  # fmt: skip
SHELL_BODIES = frozenset({"bash", "sh", "script", "cmd", "shell", "system", "sx", "!", "zsh"})
_LINE_BODIES = frozenset({"time", "timeit", "prun", "memit", "mprun", "lprun", "snakeviz", "mem"})
"""Line magics whose argument is a Python statement."""
_AUTOMAGIC = re.compile(
    r"\s*(?:(?P<magic>pip|conda|mamba|cd|load_ext|matplotlib|run|reset|env|time|timeit|autoreload)"
    r"|(?P<shell>ls|cat|cp|mv|rm|mkdir|rmdir|ll|man|less|more))\s+(?![=.(\[,:])(?P<rest>\S.*)"
)
_PARSE = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
PARSE_ERRORS = (SyntaxError, ValueError, MemoryError, RecursionError, OverflowError)
"""What parsing a stranger's code can raise: null bytes, deep nesting and huge numbers too."""

_CELL_MAGIC = re.compile(r"\s*%%(?P<name>!|[\w.]+)[ \t]*(?P<rest>.*)")
_LINE = re.compile(
    r"(?P<indent>\s*)"
    r"(?P<target>[A-Za-z_][\w.]*(?:\s*,\s*[A-Za-z_]\w*)*(?:\[[^\]=]*\])?\s*=\s*(?!=))?"
    r"(?:(?P<magic>%%?(?P<name>[A-Za-z_][\w.]*))|(?P<shell>!!?))"
    r"[ \t]*(?P<rest>.*)"
)
_HELP = re.compile(r"(?P<indent>\s*)(?:\?{1,2}\s*%{0,2}[\w.*]+|%{0,2}[\w.*\[\]'\"()]+\?{1,2})\s*;?")
_OPTIONS = re.compile(r"(?:-\w+(?:\s+\d+|\d+)?\s+|--[\w-]+(?:=\S+)?\s+)*")
_TOKENS = re.compile(
    r"#.*|(?P<triple>[rRbBuUfF]{0,2}(?P<quotes>\"\"\"|'''))"
    r"|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|[()\[\]{}]"
)


@dataclass(frozen=True, slots=True)
class Command:
    """A magic (`name` without %) or shell line (`name` is `!`) with its argument text and line."""

    name: str
    rest: str
    line: int
    body: str | None = None
    """The lines below a cell magic; None for a line magic."""
    captured: bool = False
    """Its result is bound to a name."""


@dataclass(slots=True)
class PlainCell:
    """A cell without magics. `tree` is None when it is no Python 3; `text` keeps line numbers."""

    text: str
    tree: ast.Module | None = None
    commands: list[Command] = field(default_factory=list)
    foreign: bool = False
    """The body is another language, or runs in another process."""
    error: str = ""


def plain_cell(source: str) -> PlainCell:
    """Return the cell `source` as plain Python with its commands; never raises."""
    source = source.replace("\r\n", "\n").replace("\r", "\n").replace("\f", " ")
    first = _CELL_MAGIC.match(source) if "%%" in source[:2000] else None
    if first is not None and source.lstrip().startswith("%%"):
        return _cell_magic(source, first)
    cell = PlainCell(source)
    cell.tree = parse(source)
    if cell.tree is None:
        cell.text = "\n".join(_plain_lines(source, cell.commands))
        cell.tree = parse(cell.text)
    if cell.tree is None:
        cell.text = "\n".join(_without_automagic(cell.text, cell.commands))
        cell.tree = parse(cell.text)
    if cell.tree is None:
        cell.error = _why_not(cell.text)
    return cell


def parse(text: str) -> ast.Module | None:
    """Return the syntax tree of Python text, `await` at its top allowed, or None."""
    try:
        tree = compile(text, "<cell>", "exec", _PARSE, dont_inherit=True)
    except PARSE_ERRORS:
        return None
    assert isinstance(tree, ast.Module)
    return tree


def _cell_magic(source: str, first: re.Match[str]) -> PlainCell:
    line = source[: first.start("name")].count("\n") + 1
    head, _, body = source.partition("\n") if line == 1 else _split_after(source, line)
    del head
    name = first["name"]
    command = Command(name, first["rest"].strip(), line, body)
    if name in PYTHON_BODIES or (name not in SHELL_BODIES and _is_unknown_python(name, body)):
        inner = plain_cell(body)
        shifted = PlainCell("\n" * line + inner.text, foreign=name in {"python", "python3"})
        shifted.tree = parse(shifted.text) if inner.tree is not None else None
        shifted.error = inner.error
        shifted.commands = [command, *(_moved(one, line) for one in inner.commands)]
        return shifted
    return PlainCell("\n" * source.count("\n"), ast.Module([], []), [command], foreign=True)


_FOREIGN_BODIES = frozenset(
    {
        "html", "HTML", "javascript", "js", "latex", "markdown", "svg", "SVG", "perl", "ruby", "R",
        "cython", "writefile", "file", "sql", "bigquery", "julia", "octave", "matlab", "fortran",
        "stata", "pypy", "python2", "cu", "cpp", "cling", "sas", "writetemplate", "rust", "mermaid",
        "yaml", "json", "css", "dot", "ai", "local_css", "capture_png", "cpp_include", "spark",
        "cypher", "sparql", "graphql", "gremlin", "duckdb", "custom_css", "writefile_here",
    }
)  # fmt: skip


def _is_unknown_python(name: str, body: str) -> bool:
    return name not in _FOREIGN_BODIES and plain_cell(body).tree is not None


def _split_after(source: str, line: int) -> tuple[str, str, str]:
    lines = source.split("\n")
    return "\n".join(lines[:line]), "\n", "\n".join(lines[line:])


def _moved(command: Command, lines: int) -> Command:
    return Command(command.name, command.rest, command.line + lines, command.body, command.captured)


def _plain_lines(source: str, commands: list[Command]) -> Iterator[str]:
    """Yield as many lines as `source` has, those with magics replaced by harmless statements."""
    lines = source.split("\n")
    state = _State()
    index = 0
    while index < len(lines):
        line = lines[index]
        if state.at_statement and (plain := _plain_line(line, lines, index, commands)):
            yield from plain
            index += len(plain)
            continue
        state.read(line)
        yield line
        index += 1


def _plain_line(line: str, lines: list[str], index: int, commands: list[Command]) -> list[str]:
    """Return the harmless lines that replace a magic line and its continuation, or nothing."""
    stripped = line.strip()
    if not stripped or stripped[0] == "#":
        return []
    if stripped[0] == "?" or stripped.rstrip(";").endswith("?"):
        return [_indent(line) + "pass"] if _HELP.fullmatch(line) else []
    match = _LINE.match(line)
    if match is None:
        return []
    last = index
    rest = match["rest"]
    while rest.endswith("\\") and last + 1 < len(lines):
        last += 1
        rest = rest[:-1] + " " + lines[last].strip()
    name = match["name"] or "!"
    captured = bool(match["target"])
    commands.append(Command(name, rest.strip(), index + 1, captured=captured))
    head = match["indent"] + (match["target"] or "")
    if name in _LINE_BODIES and rest:
        first = head + (rest[_options_end(rest) :] or "None")
    elif captured:
        first = head + "None"
    else:
        first = head + "pass"
    return [first] + [""] * (last - index)


def _options_end(rest: str) -> int:
    match = _OPTIONS.match(rest)
    return match.end() if match else 0


def _without_automagic(text: str, commands: list[Command]) -> Iterator[str]:
    for number, line in enumerate(text.split("\n"), start=1):
        match = _AUTOMAGIC.fullmatch(line)
        if match is None or parse(line.strip()) is not None:
            yield line
            continue
        name = match["magic"] or "!"
        rest = match["rest"] if match["magic"] else f"{match['shell']} {match['rest']}"
        commands.append(Command(name, rest.strip(), number))
        yield _indent(line) + "pass"


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _why_not(text: str) -> str:
    try:
        compile(text, "<cell>", "exec", _PARSE, dont_inherit=True)
    except SyntaxError as error:
        return f"{error.msg} (line {error.lineno})"
    except PARSE_ERRORS as error:
        return f"it cannot be parsed ({type(error).__name__})"
    return ""


class _State:
    """Where a line of Python starts: at a statement, inside brackets or inside a long string."""

    def __init__(self) -> None:
        self._quotes = ""
        self._depth = 0
        self._continued = False

    @property
    def at_statement(self) -> bool:
        return not self._quotes and self._depth <= 0 and not self._continued

    def read(self, line: str) -> None:
        """Take in one line of code that is no magic."""
        position = 0
        if self._quotes:
            end = line.find(self._quotes)
            if end < 0:
                return
            position = end + 3
            self._quotes = ""
        while match := _TOKENS.search(line, position):
            part = match.group()
            position = match.end()
            if match["triple"]:
                end = line.find(match["quotes"], position)
                if end < 0:
                    self._quotes = match["quotes"]
                    return
                position = end + 3
            elif part in "([{":
                self._depth += 1
            elif part in ")]}":
                self._depth = max(0, self._depth - 1)
        self._continued = line.endswith("\\") and "#" not in line
