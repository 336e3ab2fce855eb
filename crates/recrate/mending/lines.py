"""One line added to a plain file: an ignore pattern, a variable, a requirement."""

import re

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from pathspec import GitIgnoreSpec

VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]{0,63}")
_ASSIGNED = re.compile(r"^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$")
_TAKEN = frozenset(
    {
        "HOME", "PATH", "USER", "PWD", "TMPDIR", "TEMP", "TMP", "LANG", "SHELL", "USERNAME", "CI",
        "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "LD_PRELOAD", "DISPLAY", "TERM",
    }
)  # fmt: skip


def ignore_pattern(path: str) -> str | None:
    """Return the line of an ignore file that means the one file at `path`; None when none can."""
    if not path or path.splitlines() != [path] or "\0" in path or path.endswith((" ", "\t")):
        return None
    line = "/" + re.sub(r"([\\*?\[\]])", r"\\\1", path)
    try:
        spec = GitIgnoreSpec.from_lines([line])
    except ValueError:
        return None
    return line if spec.match_file(path) else None


def with_line(content: bytes | None, line: str) -> bytes:
    """Return a text file with `line` as its last one; unchanged where that is its last one."""
    old = content or b""
    newline = b"\r\n" if b"\r\n" in old else b"\n"
    written = line.encode("utf-8")
    lines = old.splitlines()
    if lines and lines[-1] == written:
        return old
    gap = b"" if not old or old.endswith((b"\n", b"\r")) else newline
    return old + gap + written + newline


def ignores(content: bytes | None, path: str) -> bool:
    """Say whether an ignore file leaves out the file at `path`, counted from its own folder."""
    lines = (content or b"").decode("utf-8-sig", "replace").splitlines()
    good = [line for line in lines if line.strip() and not line.startswith("#")]
    try:
        return bool(GitIgnoreSpec.from_lines(good).match_file(path))
    except ValueError:
        return False


def variables_of(content: bytes | None) -> dict[str, str]:
    """Return the names that a `.env` file sets, with the text behind the sign."""
    lines = (content or b"").decode("utf-8-sig", "replace").splitlines()
    return {match[1]: match[2] for line in lines if (match := _ASSIGNED.match(line))}


def quoted(value: str) -> str | None:
    """Return a value as a `.env` file holds it, or None when it cannot hold it unchanged."""
    if "${" in value or not re.fullmatch(r"[^\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]*", value):
        return None
    if not re.search(r"['\\\n\t]", value):
        return f"'{value}'"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\t", "\\t") + '"'


def variable_name(written: str, otherwise: str, taken: set[str]) -> str:
    """Return a free environment variable named after `written`, else after `otherwise`."""
    name = written if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_ -]{1,39}", written) else otherwise
    name = re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_")
    name = name if VARIABLE.fullmatch(name) else "SECRET"
    name = f"STUDY_{name}" if name in _TAKEN else name
    free, number = name, 2
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free


def is_free_variable(name: str) -> bool:
    """Say whether `name` can be an environment variable of the study's own."""
    return VARIABLE.fullmatch(name) is not None and name not in _TAKEN


def requires(content: bytes | None, name: str) -> bool:
    """Say whether a requirements file has a line for the distribution `name`."""
    lines = (content or b"").decode("utf-8-sig", "replace").splitlines()
    found = (re.match(r"\s*([A-Za-z0-9][\w.-]*)", line) for line in lines)
    return any(match and canonicalize_name(match[1]) == canonicalize_name(name) for match in found)


def requirement(name: str, version: str | None) -> str | None:
    """Return `name==version` as PEP 508, without a local version part; None when it is none."""
    text = f"{name}=={version.split('+')[0]}" if version else name
    try:
        return str(Requirement(text))
    except InvalidRequirement:
        return None
