"""pyproject.toml, setup.cfg, setup.py and Pipfile: what a study that is a package asks for."""

import ast
import configparser
import re
import tomllib
from pathlib import Path
from typing import Any

from recrate.environment.wishes import Wishes, merge, sort_out
from recrate.model.environment import Unrestored
from recrate.model.finding import Severity, find


def read_toml(root: Path, path: str) -> dict[str, Any] | Wishes:
    """Return a TOML file's document, or a finding when it is none."""
    try:
        return tomllib.loads((root / path).read_text("utf-8-sig", "replace"))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return unreadable(path, str(error))


def unreadable(path: str, complaint: str) -> Wishes:
    """Say that a declaration cannot be read, as a finding."""
    first = (complaint.splitlines() or ["nothing more is said"])[0][:200]
    message = f"cannot be read, so it was left aside: {first}"
    return Wishes(findings=(find(Severity.WARNING, "unreadable-declaration", message, path=path),))


def read_pyproject(root: Path, path: str) -> Wishes:
    """Read [project], and the section of Poetry where there is one."""
    document = read_toml(root, path)
    if isinstance(document, Wishes):
        return document
    project = _table(document, "project")
    good, bad = sort_out(_texts(project.get("dependencies")), path)
    extras = ", ".join(sorted(_table(project, "optional-dependencies")))
    notes = (f"{path}: optional dependencies are not asked for: {extras}",) if extras else ()
    own = Wishes(
        requirements=good,
        unrestored=bad,
        python=str(project.get("requires-python") or ""),
        notes=notes,
    )
    poetry = _table(_table(document, "tool"), "poetry")
    return merge([own, _read_named(_table(poetry, "dependencies"), path)])


def read_pipfile(root: Path, path: str) -> Wishes:
    """Read the [packages] of a Pipfile; those for development are not asked for."""
    document = read_toml(root, path)
    if isinstance(document, Wishes):
        return document
    python = str(_table(document, "requires").get("python_version") or "")
    packages = _read_named(_table(document, "packages"), path)
    return merge([Wishes(python=f"=={python}.*" if python else ""), packages])


def read_setup(root: Path, path: str) -> Wishes:
    """Read setup.cfg, or setup.py by parsing it; it is never executed."""
    text = (root / path).read_text("utf-8-sig", "replace")
    return _read_setup_py(text, path) if path.endswith(".py") else _read_setup_cfg(text, path)


def _read_setup_cfg(text: str, path: str) -> Wishes:
    config = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        config.read_string(text)
    except configparser.Error as error:
        return unreadable(path, str(error))
    lines = config.get("options", "install_requires", fallback="").splitlines()
    good, bad = sort_out([line.strip() for line in lines if line.strip()], path)
    python = config.get("options", "python_requires", fallback="").strip()
    return Wishes(requirements=good, unrestored=bad, python=python)


def _read_setup_py(text: str, path: str) -> Wishes:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return unreadable(path, str(error))
    values = {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_setup(node.func)]
    keywords = {key.arg: key.value for call in calls for key in call.keywords}
    wanted = _literal(keywords.get("install_requires"), values)
    if wanted is None and "install_requires" in keywords:
        note = f"{path}: install_requires is computed, so it could not be read"
        return Wishes(notes=(note,))
    good, bad = sort_out(_texts(wanted), path)
    python = _literal(keywords.get("python_requires"), values)
    return Wishes(
        requirements=good, unrestored=bad, python=python if isinstance(python, str) else ""
    )


def _is_setup(function: ast.expr) -> bool:
    name = getattr(function, "id", None) or getattr(function, "attr", None)
    return name == "setup"


def _literal(node: ast.expr | None, values: dict[str, ast.expr]) -> Any:
    if isinstance(node, ast.Name):
        node = values.get(node.id)
    try:
        return ast.literal_eval(node) if node is not None else None
    except (ValueError, TypeError, RecursionError, MemoryError):
        return None


def _read_named(packages: dict[str, Any], path: str) -> Wishes:
    """Read a table of name → version, as Poetry and Pipenv write it."""
    parts = []
    for name, value in packages.items():
        details = value if isinstance(value, dict) else {"version": value}
        if name.lower() == "python":
            parts.append(Wishes(python=specifier_of(str(details.get("version") or ""))))
            continue
        aside = next((key for key in ("git", "path", "url", "file", "hg") if key in details), None)
        if aside:
            unrestored = Unrestored(name=name, reason=f"comes from a {aside}", declared_in=path)
            parts.append(Wishes(unrestored=(unrestored,)))
        elif not details.get("optional"):
            extras = ",".join(_texts(details.get("extras")))
            marker = details.get("markers")
            text = name + (f"[{extras}]" if extras else "")
            text += specifier_of(str(details.get("version") or ""))
            good, bad = sort_out([f"{text} ; {marker}" if marker else text], path)
            parts.append(Wishes(requirements=good, unrestored=bad))
    return merge(parts)


def specifier_of(version: str) -> str:
    """Return a version constraint of Poetry as PEP 440: `^1.2.3` → `>=1.2.3,<2`."""
    clauses = [part.strip() for part in version.split("||", maxsplit=1)[0].split(",")]
    return ",".join(filter(None, (_clause(part) for part in clauses)))


def _clause(text: str) -> str:
    found = re.fullmatch(r"([\^~<>=!]*)\s*v?([0-9][\w.+-]*(?:\.\*)?)", text)
    if found is None:
        return ""
    operator, number = found[1], found[2]
    parts = [int(part) for part in re.findall(r"^\d+|(?<=\.)\d+", number)]
    if operator == "^":
        place = next((n for n, part in enumerate(parts) if part), len(parts) - 1)
        return f">={number},<{_bumped(parts, place)}"
    if operator == "~":
        return f">={number},<{_bumped(parts, min(1, len(parts) - 1))}"
    return f"{operator if operator not in {'', '='} else '=='}{number}"


def _bumped(parts: list[int], place: int) -> str:
    return ".".join(str(part) for part in [*parts[:place], parts[place] + 1])


def _table(document: dict[str, Any], key: str) -> dict[str, Any]:
    value = document.get(key)
    return value if isinstance(value, dict) else {}


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [line.strip() for line in value.splitlines() if line.strip()]
    return [str(entry) for entry in value] if isinstance(value, (list, tuple)) else []
