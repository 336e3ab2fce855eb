"""Code that no Python 3 parser takes: what a line-by-line reading can still tell of it.

Meant for cells in Python 2 and for cells with a mistake in them.
"""

import re

from recrate.scan.uses import Place, Uses

_IMPORT = re.compile(
    r"\s*import\s+(?P<names>[\w.]+(?:\s+as\s+\w+)?(?:\s*,\s*[\w.]+(?:\s+as\s+\w+)?)*)"
)
_FROM = re.compile(r"\s*from\s+(?P<module>[A-Za-z_][\w.]*)\s+import\b")
_READ = re.compile(
    r"\b(?:read_csv|read_excel|read_table|read_json|read_pickle|loadtxt|genfromtxt|imread|open)"
    r"\(\s*(?P<quote>['\"])(?P<path>[^'\"\n]+)(?P=quote)\s*(?:,\s*(?:mode\s*=\s*)?['\"](?P<mode>[rwabxU+t]+)['\"])?"
)
_WRITE = re.compile(
    r"\.(?:to_csv|to_excel|to_pickle|savefig|to_json)\(\s*(?P<quote>['\"])(?P<path>[^'\"\n]+)(?P=quote)"
)
_URL = re.compile(r"https?://[^\s'\"<>]+")
_PYTHON_2 = re.compile(
    r"^\s*print\s+[^\s(=]|^\s*print\s*$|^\s*exec\s+['\"]|except\s+[\w.]+\s*,\s*\w+\s*:"
    r"|\braise\s+\w+\s*,\s*['\"]|<>|\b0[0-7]+\b(?!\.)|\bur['\"]|`\w+`|^\s*print\s*>>",
    re.MULTILINE,
)


def is_python_2(text: str) -> bool:
    """Say whether text that is no Python 3 has a form that only Python 2 knows."""
    return _PYTHON_2.search(text) is not None


def read_lines(text: str, cell: int | None, uses: Uses) -> None:
    """Take in imports, files and URLs of `text`, line by line."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.lstrip().startswith("#") or len(line) > 5000:
            continue
        place = Place(cell, number)
        if match := _IMPORT.match(line):
            for name in match["names"].split(","):
                uses.add_import(name.split()[0], place)
        elif match := _FROM.match(line):
            uses.add_import(match["module"], place)
        for match in _READ.finditer(line):
            if "://" in match["path"]:
                uses.add_web(match["path"], place, fetched=True)
            elif any(letter in (match["mode"] or "r") for letter in "wax"):
                uses.add_write(match["path"], place)
            else:
                uses.add_read(match["path"], place, guarded=True)
        for match in _WRITE.finditer(line):
            uses.add_write(match["path"], place)
        for match in _URL.finditer(line):
            uses.add_web(match.group().rstrip(".,;)"), place, fetched=False)
