"""What magics and shell lines of a cell mean."""

import re
import shlex

from recrate.scan.magics import SHELL_BODIES, Command
from recrate.scan.shell import read_install, read_shell
from recrate.scan.uses import Place, Uses

_PLAIN_EXTENSIONS = frozenset({"autoreload", "storemagic", "cythonmagic"})
_NOT_KEPT = frozenset({"!", "!!", "pip", "conda", "mamba", "cd", "run", "env", "set_env", "uv"})


def read_command(command: Command, cell: int | None, uses: Uses) -> None:
    """Take in one magic or shell line of a cell."""
    place = Place(cell, command.line)
    name, rest = command.name, command.rest
    if name not in _NOT_KEPT:
        shown = f"{name} {rest}".strip() if name in {"matplotlib", "pylab"} else name
        if shown not in uses.magics:
            uses.magics.append(shown)
    if name in {"!", "!!", "system", "sx", "sc"}:
        _shell_line(rest, place, uses)
    if name in SHELL_BODIES and command.body:
        _shell_body(command, place, uses)
    elif name in {"pip", "conda", "mamba", "micromamba"}:
        read_install(name, _words(rest), place, uses)
    elif name == "uv":
        read_install("pip", _words(rest), place, uses)
    elif name in {"load_ext", "reload_ext"} and re.fullmatch(r"[A-Za-z_][\w.]*", rest):
        if rest not in _PLAIN_EXTENSIONS:
            uses.add_import(rest, place)
    elif name == "cd":
        _change_folder(rest, uses)
    elif name in {"env", "set_env"} and re.fullmatch(r"\w+", rest) and name == "env":
        uses.variables.setdefault(rest, place)
    else:
        _read_file_magic(command, place, uses)


def _read_file_magic(command: Command, place: Place, uses: Uses) -> None:
    words = [word for word in _words(command.rest) if not word.startswith("-")]
    if not words:
        return
    path = words[-1]
    if command.name in {"writefile", "file"}:
        uses.add_write(path, place)
    elif command.name == "run":
        path = words[0]
        if path.endswith((".py", ".ipynb", ".ipy")) or "." not in path:
            path = path if "." in path.rpartition("/")[2] else path + ".py"
            uses.add_read(path, place)
            uses.runs.append((path, place))
    elif command.name in {"load", "loadpy", "pycat"} and "://" not in path and "." in path:
        uses.add_read(path, place)


def _shell_body(command: Command, place: Place, uses: Uses) -> None:
    program = (command.rest.split() or ["sh"])[-1]
    if command.name == "script":
        uses.add_program(program)
    if command.name != "script" or program in {"bash", "sh", "zsh"}:
        read_shell(command.body or "", Place(place.cell, place.line + 1), uses)


def _shell_line(rest: str, place: Place, uses: Uses) -> None:
    """Take in what stands after `!`. Each such line has a shell of its own: its `cd` is lost."""
    read_shell(rest, place, uses)


def _change_folder(rest: str, uses: Uses) -> None:
    folder = rest.strip().strip("'\"")
    if not folder or folder.startswith("-") or re.search(r"[$*{]", folder):
        uses.folder = None
    else:
        uses.enter(folder)


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text, comments=True)
    except ValueError:
        return text.split()
