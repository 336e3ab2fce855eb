"""Hold files to 350 lines and functions to 40 (50 in tests): past that, a noun is hiding in it.

usage: python tools/sizes.py
"""

import ast
import sys
from pathlib import Path

FILE_LINES = 350
FUNCTION_LINES = 40
TEST_FUNCTION_LINES = 50
"""Tests build their material by hand, and lists of it read best in one piece."""
ROOT = Path(__file__).parent.parent
PLACES = ("crates", "server", "binder", "benchmarks", "tools", "tests")
SCRIPT_PLACES = ("extension/src", "tests/ui/hub", "tests/ui/lab")
GENERATED = ("extension/src/api/schema.ts",)


def long_parts(path: Path) -> list[str]:
    """Return one line for the file and for each function in it that is too long."""
    text = path.read_text(encoding="utf-8")
    name = path.relative_to(ROOT)
    lines = text.count("\n")
    found = [f"{name}: {lines} lines"] if lines > FILE_LINES else []
    most = TEST_FUNCTION_LINES if name.parts[0] == "tests" else FUNCTION_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = _code_lines(node)
            if length > most:
                found.append(f"{name}:{node.lineno}: {node.name} has {length} lines")
    return found


def long_script(path: Path) -> list[str]:
    """Return one line when a file of TypeScript is too long; its functions are not looked at."""
    lines = path.read_text(encoding="utf-8").count("\n")
    return [f"{path.relative_to(ROOT)}: {lines} lines"] if lines > FILE_LINES else []


def written(place: str, *patterns: str) -> list[Path]:
    """Return the files of a place that people wrote, sorted."""
    found = {path for pattern in patterns for path in (ROOT / place).rglob(pattern)}
    generated = {ROOT / name for name in GENERATED}
    return sorted(path for path in found - generated if "node_modules" not in path.parts)


def _code_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count a function's lines without its signature and docstring: those are for the reader."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    if not body:
        return 0
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


def main() -> int:
    """Print what is too long; return 1 when there is something."""
    modules = [path for place in PLACES for path in written(place, "*.py")]
    scripts = [path for place in SCRIPT_PLACES for path in written(place, "*.ts", "*.tsx")]
    found = [line for path in modules for line in long_parts(path)]
    found += [line for path in scripts for line in long_script(path)]
    print("\n".join(found) or f"sizes: {len(modules) + len(scripts)} files, none too long")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
