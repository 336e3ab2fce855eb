"""What one call of Python code means: a file read or written, a fetch, a program, an import."""

import ast
import re
import shlex
from collections.abc import Callable
from typing import TYPE_CHECKING

from recrate.scan import calls
from recrate.scan.commands import read_command
from recrate.scan.constants import Strings
from recrate.scan.magics import Command
from recrate.scan.shell import read_shell
from recrate.scan.uses import PathUse, dois_in

if TYPE_CHECKING:
    from recrate.scan.python_reader import PythonReader

_SHELL_CALLS = frozenset({"os.system", "os.popen", "subprocess.getoutput", "commands.getoutput"})
_PROGRAM_CALLS = frozenset(
    f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output", "Popen")
)
_DEFAULT_SUFFIX = {"numpy.save": ".npy", "numpy.savez": ".npz", "numpy.savez_compressed": ".npz"}
_FILE_NAME = re.compile(r"[^\n\0]*[\w)\]]\.[A-Za-z][A-Za-z0-9]{0,7}")
_PATH_METHODS = frozenset(
    {
        "read_text", "read_bytes", "write_text", "write_bytes", "open", "glob", "rglob", "iterdir",
        "mkdir", "touch",
    }
)  # fmt: skip
_WRITING = re.compile(
    r"_*(save|write|export|dump|store|to_|create|make|download|record)", re.IGNORECASE
)
_READING = re.compile(r"_*(load|read|open|import|parse|get_)", re.IGNORECASE)
_MAKES = frozenset({"extractall", "extract", "unpack_archive", "unzip"})


def read_call(reader: "PythonReader", node: ast.Call) -> None:
    """Take in a call, its arguments included."""
    name = reader.known.dotted(node.func)
    last = node.func.attr if isinstance(node.func, ast.Attribute) else name.rpartition(".")[2]
    if not isinstance(node.func, ast.Name):
        reader.visit(node.func)
    reader.visit_all(node.args)
    reader.visit_all([keyword.value for keyword in node.keywords])
    _read_files(reader, node, name, last)
    _read_web(reader, node, name, last)
    _read_system(reader, node, name, last)
    _read_gpu(reader, node, name, last)


def _argument(reader: "PythonReader", node: ast.Call, index: int, *names: str) -> Strings:
    """Return what the argument at `index`, or of one of the `names`, can be."""
    for keyword in node.keywords:
        if keyword.arg in names:
            return reader.known.strings(keyword.value)
    if 0 <= index < len(node.args) and not isinstance(node.args[index], ast.Starred):
        return reader.known.strings(node.args[index])
    return ()


def _paths(reader: "PythonReader", node: ast.Call, index: int) -> Strings:
    for keyword in node.keywords:
        if keyword.arg in calls.PATH_KEYWORDS and (found := reader.known.strings(keyword.value)):
            return found
    if 0 <= index < len(node.args):
        argument = node.args[index]
        if isinstance(argument, ast.Constant) and not isinstance(argument.value, str):
            return ()  # `open(0)`: a number is a file descriptor
        return reader.known.strings(argument) or reader.known.items(argument)
    return ()


def _read_files(reader: "PythonReader", node: ast.Call, name: str, last: str) -> None:
    special = _SPECIAL.get(name)
    if special is not None:
        special(reader, node)
    elif name in calls.MODES:
        _opened(reader, node, name)
    elif name in calls.WRITES_BY_NAME:
        suffix = _DEFAULT_SUFFIX.get(name, "")
        for path in _paths(reader, node, calls.WRITES_BY_NAME[name]):
            _write(reader, node, path if path.endswith(suffix) else path + suffix)
    elif name in calls.READS_BY_NAME:
        for path in _paths(reader, node, calls.READS_BY_NAME[name]):
            _read(reader, node, path)
    else:
        _read_by_last(reader, node, name, last)
    if last in _MAKES:
        reader.uses.makes_unknown_files = True


def _copied(reader: "PythonReader", node: ast.Call) -> None:
    for path in _argument(reader, node, 0, "src"):
        _read(reader, node, path)
    for path in _argument(reader, node, 1, "dst"):
        _write(reader, node, path)


def _connected(reader: "PythonReader", node: ast.Call) -> None:
    """Take in a database file: opened when it is there, made when it is not."""
    for path in _argument(reader, node, 0, "database"):
        if path != ":memory:" and not path.startswith("file:"):
            reader.uses.add_read(path, reader.place(node), checked=True)
            _write(reader, node, path)


def _styled(reader: "PythonReader", node: ast.Call) -> None:
    """Take in a style sheet when it is a file; most are names that matplotlib knows."""
    for path in _paths(reader, node, 0):
        if path.endswith(".mplstyle"):
            _read(reader, node, path)


def _globbed(reader: "PythonReader", node: ast.Call) -> None:
    for path in _argument(reader, node, 0, "pathname"):
        reader.uses.add_read(path, reader.place(node), checked=True, pattern=True)


def _searched(reader: "PythonReader", node: ast.Call) -> None:
    folders = _argument(reader, node, len(node.args) - 1)
    reader.uses.search_folders.extend(folders)


def _moved(reader: "PythonReader", node: ast.Call) -> None:
    folders = _argument(reader, node, 0, "path")
    if len(folders) == 1:
        reader.uses.enter(folders[0])
    else:
        reader.uses.folder = None


_SPECIAL: dict[str, Callable[["PythonReader", ast.Call], None]] = {
    **dict.fromkeys(calls.COPIES, _copied),
    **dict.fromkeys(("sqlite3.connect", "duckdb.connect"), _connected),
    **dict.fromkeys(("glob.glob", "glob.iglob", "glob"), _globbed),
    **dict.fromkeys(("sys.path.append", "sys.path.insert", "site.addsitedir"), _searched),
    "os.chdir": _moved,
    **dict.fromkeys(("matplotlib.pyplot.style.use", "matplotlib.style.use"), _styled),
}


def _read_by_last(reader: "PythonReader", node: ast.Call, name: str, last: str) -> None:
    if last in calls.READS_BY_LAST:
        for path in _paths(reader, node, 0):
            if path.lstrip()[:1] not in "<{[":
                _read(reader, node, path)
    elif last in calls.WRITES_BY_LAST:
        for path in _paths(reader, node, 0):
            named = last != "savefig" or "." in path.rpartition("/")[2]
            _write(reader, node, path if named else path + ".png")
    elif last in calls.DISPLAYS and ("IPython" in name or name == last):
        for path in _argument(reader, node, -1, "filename") or _argument(reader, node, 0):
            if _FILE_NAME.fullmatch(path) and "://" not in path:
                _read(reader, node, path)
    elif not _path_method(reader, node):
        _handed(reader, node, name, last)


def _handed(reader: "PythonReader", node: ast.Call, name: str, last: str) -> None:
    """Take in file names handed to functions of which no table knows what they do.

    The name of the function says which way they go; when it does not, the file may be made there,
    so nobody can say that it is missing from then on.
    """
    if name in calls.HARMLESS or last in calls.HARMLESS:
        return
    place = reader.place(node)
    for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
        for text in reader.known.strings(argument):
            if not _FILE_NAME.fullmatch(text) or "://" in text or " " in text.rpartition(".")[2]:
                continue
            if _WRITING.match(last):
                reader.uses.add_write(text, place)
            elif _READING.match(last):
                reader.uses.add_read(text, place, checked=True)
                reader.uses.handed.append(PathUse(text, place))
            else:
                reader.uses.handed.append(PathUse(text, place))


def _path_method(reader: "PythonReader", node: ast.Call) -> bool:
    """Take in what is called on a `Path`: the receiver, not an argument, is the path."""
    if not isinstance(node.func, ast.Attribute) or node.func.attr not in _PATH_METHODS:
        return False
    function, method = node.func, node.func.attr
    for path in reader.known.strings(function.value):
        if method in {"read_text", "read_bytes", "iterdir"}:
            _read(reader, node, path)
        elif method in {"write_text", "write_bytes", "mkdir", "touch"}:
            _write(reader, node, path)
        elif method == "open":
            mode = _argument(reader, node, 0, "mode") or ("r",)
            _by_mode(reader, node, path, mode[0])
        else:
            for pattern in _argument(reader, node, 0, "pattern"):
                whole = f"{path}/{pattern}"
                reader.uses.add_read(whole, reader.place(node), checked=True, pattern=True)
    return True


def _opened(reader: "PythonReader", node: ast.Call, name: str) -> None:
    index, default = calls.MODES[name]
    given = len(node.args) > index >= 0 or any(one.arg == "mode" for one in node.keywords)
    mode = _argument(reader, node, index, "mode")
    place = calls.READS_BY_NAME.get(name, 0)
    for path in _paths(reader, node, place):
        if mode or not given:
            _by_mode(reader, node, path, mode[0] if mode else default)


def _by_mode(reader: "PythonReader", node: ast.Call, path: str, mode: str) -> None:
    if any(letter in mode for letter in "wxa"):
        _write(reader, node, path)
    else:
        _read(reader, node, path)
        if "+" in mode:
            _write(reader, node, path)


def _read(reader: "PythonReader", node: ast.Call, path: str) -> None:
    if "://" in path:
        reader.uses.add_web(path, reader.place(node), fetched=not path.startswith("file:"))
        return
    pattern = "*" in path
    reader.uses.add_read(
        path,
        reader.place(node),
        guarded=reader.guarded,
        checked=reader.checked or pattern,
        pattern=pattern,
    )


def _write(reader: "PythonReader", node: ast.Call, path: str) -> None:
    reader.uses.add_write(path, reader.place(node))


def _read_web(reader: "PythonReader", node: ast.Call, name: str, last: str) -> None:
    place = reader.place(node)
    asked = last in {"get", "post", "put", "request"} and isinstance(node.func, ast.Attribute)
    if name in calls.FETCHES_BY_NAME or last in calls.FETCHES_BY_LAST or asked:
        arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
        texts = [one for argument in arguments for one in reader.known.strings(argument)]
        for text in texts:
            if "://" in text and not text.startswith("file:"):
                reader.uses.add_web(text, place, fetched=True)
            elif text.startswith(("doi:", "10.")):
                for doi in dois_in(text):
                    reader.uses.add_web(f"https://doi.org/{doi}", place, fetched=True)
        if not texts and node.args and name.startswith(("requests.", "httpx.", "urllib")):
            reader.uses.network.append((place, f"`{name}`"))
    if _is_loader(node, name, last):
        reader.uses.network.append((place, f"`{name}`"))
    for one in node.keywords:
        if one.arg in {"download", "pretrained"} and _is_true(one.value):
            reader.uses.network.append((place, f"`{name or last}({one.arg}=True)`"))


def _read_system(reader: "PythonReader", node: ast.Call, name: str, last: str) -> None:
    place = reader.place(node)
    if name in {"importlib.import_module", "import_module", "__import__", "pytest.importorskip"}:
        for module in _argument(reader, node, 0, "name"):
            if not module.startswith("."):
                reader.uses.add_import(module, place, optional=reader.optional)
    elif name in {"os.getenv", "os.environ.get", "environ.get", "os.environ.pop"}:
        for variable in _argument(reader, node, 0, "key"):
            reader.uses.variables.setdefault(variable, place)
    elif name in _SHELL_CALLS:
        for line in _argument(reader, node, 0):
            read_shell(line, place, reader.uses)
    elif name in _PROGRAM_CALLS and node.args:
        first = node.args[0]
        words = first.elts if isinstance(first, ast.List) else [first]
        told = [reader.known.strings(word) for word in words]
        if isinstance(first, ast.List) and told and all(len(one) == 1 for one in told):
            told = [(shlex.join(one[0] for one in told),)]
        for line in told[0] if told else ():
            read_shell(line, place, reader.uses)
        reader.uses.makes_unknown_files = True
    elif last in {"run_line_magic", "run_cell_magic", "magic", "system", "getoutput"}:
        _read_magic(reader, node, last)


def _read_magic(reader: "PythonReader", node: ast.Call, last: str) -> None:
    """Take in `get_ipython().run_line_magic("pip", "install x")`, as exported scripts have it."""
    first = "".join(_argument(reader, node, 0)[:1])
    rest = "".join(_argument(reader, node, 1)[:1])
    line = reader.place(node).line
    if last in {"system", "getoutput"}:
        read_shell(first, reader.place(node), reader.uses)
        return
    if last == "magic":
        first, _, rest = first.lstrip("%").partition(" ")
    body = "".join(_argument(reader, node, 2)[:1]) if last == "run_cell_magic" else None
    if first:
        read_command(Command(first, rest, line, body), reader.cell, reader.uses)


def _read_gpu(reader: "PythonReader", node: ast.Call, name: str, last: str) -> None:
    if last in {"is_available", "list_physical_devices", "is_gpu_available", "device_count"}:
        reader.uses.handles_no_gpu = True
        return
    place = reader.place(node)
    on_cuda = [*node.args[:1], *(one.value for one in node.keywords if one.arg == "device")]
    if last == "cuda" and name != "numba.cuda" and not node.args:
        reader.uses.gpu.append((place, "`.cuda()`"))
    elif name in calls.GPU_CALLS:
        reader.uses.gpu.append((place, f"`{name}`"))
    elif last in {"to", "device"} or any(one.arg == "device" for one in node.keywords):
        for value in on_cuda:
            if any(re.fullmatch(r"(cuda|gpu|/gpu|/device:GPU)(:\d+)?", text, re.IGNORECASE)
                   for text in reader.known.strings(value)):  # fmt: skip
                reader.uses.gpu.append((place, "a CUDA device"))


def _is_loader(node: ast.Call, name: str, last: str) -> bool:
    """Say whether a library's call fetches data or weights, without a URL being named."""
    if name in calls.NETWORK_BY_NAME or name.startswith(calls.NETWORK_PREFIXES):
        return True
    if (name or last).endswith(calls.NETWORK_SUFFIXES):
        return True
    is_model = name.startswith(calls.PRETRAINED) and last[:1].isupper()
    return is_model and not _has_no_weights(node)


def _has_no_weights(node: ast.Call) -> bool:
    return any(
        one.arg == "weights" and isinstance(one.value, ast.Constant) and one.value.value is None
        for one in node.keywords
    )


def _is_true(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is True
