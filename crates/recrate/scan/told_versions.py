"""Versions of packages that a notebook's own recorded outputs tell, where its code asked for them.

`print(np.__version__)`, `%watermark`, `pip freeze`, `pd.show_versions()`: what they showed is the
author's environment, as far as it goes.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from packaging.version import InvalidVersion, Version

from recrate.model.crate import source_of
from recrate.model.study import Import, Notebook

_ASKS = re.compile(
    r"__version__|%watermark|\bpip3? (?:freeze|list)|\bconda list|show_versions\("
    r"|print_versions\(|session_info|importlib\.metadata|pkg_resources|\bversion\("
)
_OF_MODULE = re.compile(r"\b([A-Za-z_]\w{0,60})\.__version__")
_OF_NAME = re.compile(r"\bversion\(\s*['\"]([A-Za-z][\w.-]{0,60})['\"]\s*\)")
_NUMBER = r"(\d{1,4}(?:\.\d{1,6}){1,3}(?:\.?(?:post|rc|a|b)\d{1,3})?)"
_VERSION = re.compile(rf"(?<![\w.]){_NUMBER}(?!\w|\.\d|-(?:rc|dev|alpha|beta))")
_NAMED = re.compile(
    rf"(?m)^[ \t]*['\"]?([A-Za-z][\w.-]{{1,60}})['\"]?[ \t]*(?:[vV]ersion)?[ \t]*(?:[:=@]{{1,2}})?"
    rf"[ \t]*[vV]?{_NUMBER}(?:\+\w{{1,20}})?(?=[ \t]|\r?$)"
)
_ALIAS = re.compile(r"(?m)^\s*import\s+([\w.]{1,80})\s+as\s+(\w{1,60})\s*$")
_LONGEST = 100_000


def told_versions(notebook: Notebook, imports: Iterable[Import]) -> tuple[tuple[str, str], ...]:
    """Return (imported module, version) as the record tells, each module once, sorted.

    Only of modules that the notebook imports, and only where it tells one version of each.
    """
    modules = {one.name.split(".")[0] for one in imports if not one.local}
    by_name = {_plain(module): module for module in modules} | {
        _plain(name): module for name, module in _DISTRIBUTIONS.items() if module in modules
    }
    aliases = dict(_aliases(notebook))
    found: dict[str, set[str]] = {}
    for cell in notebook["cells"]:
        source = source_of(cell) if cell["cell_type"] == "code" else ""
        if not _ASKS.search(source[:_LONGEST]):
            continue
        for name, version in _of_cell(source[:_LONGEST], _shown(cell["outputs"]), aliases):
            module = by_name.get(_plain(name))
            if module is not None and _is_version(version):
                found.setdefault(module, set()).add(version)
    return tuple(sorted((name, min(one)) for name, one in found.items() if len(one) == 1))


_DISTRIBUTIONS = {
    "scikit-learn": "sklearn", "scikit-image": "skimage", "opencv-python": "cv2", "pillow": "PIL",
    "beautifulsoup4": "bs4", "pyyaml": "yaml", "biopython": "Bio", "python-dateutil": "dateutil",
    "pytables": "tables",
}  # fmt: skip
"""Distributions that tell their version under a name which is not that of their module."""


def _of_cell(source: str, shown: str, aliases: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what one cell tells: by the order in which it asked, else by the names shown."""
    asked = [aliases.get(name, name).split(".")[0] for name in _OF_MODULE.findall(source)]
    asked += _OF_NAME.findall(source)
    versions = _VERSION.findall(shown)
    if asked and len(asked) == len(versions):
        yield from zip(asked, versions, strict=True)
        return
    for name, version in _NAMED.findall(shown):
        yield aliases.get(name, name), version


def _aliases(notebook: Notebook) -> Iterator[tuple[str, str]]:
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            for module, alias in _ALIAS.findall(source_of(cell)[:_LONGEST]):
                yield alias, module


def _shown(outputs: Iterable[object]) -> str:
    """Return what a cell showed as plain text, its tables not."""
    parts = []
    for output in outputs:
        if not isinstance(output, dict) or output.get("name") == "stderr":
            continue
        data = output.get("data")
        text = output.get("text") or (data.get("text/plain") if isinstance(data, dict) else "")
        parts.append("".join(map(str, text)) if isinstance(text, list) else str(text or ""))
    return "\n".join(parts)[:_LONGEST]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _is_version(text: str) -> bool:
    try:
        return not Version(text).is_devrelease
    except InvalidVersion:
        return False
