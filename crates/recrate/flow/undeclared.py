"""Packages that code imports and the study's declarations neither name nor bring with them."""

from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from recrate.environment.declared import read_declared
from recrate.environment.inferred import used_code
from recrate.environment.standard_library import is_standard
from recrate.environment.table import distribution_of
from recrate.environment.wishes import Wishes
from recrate.model.finding import Finding
from recrate.model.study import Import, Inventory
from recrate.scan.codes import finding

_ASKING = frozenset({"requirements", "conda", "pyproject", "setup", "pipfile", "pipfile-lock"})
_LOCKS = frozenset({"poetry-lock", "uv-lock", "pdm-lock", "pylock", "pipfile-lock"})
_OPAQUE = frozenset({"dockerfile", "post-build"})
"""They may install anything; what they do is not known."""
_EVERYTHING = frozenset({"anaconda", "jupyter", "jupyterlab", "notebook"})
"""Declared, they bring more than can be listed here."""
_KERNEL = frozenset(
    {
        "ipython", "ipykernel", "jupyter-client", "jupyter-core", "traitlets", "matplotlib-inline",
        "tornado", "pyzmq", "psutil", "packaging", "comm", "debugpy", "nest-asyncio", "pexpect",
        "platformdirs", "prompt-toolkit", "pygments", "jedi", "decorator", "stack-data", "pip",
        "setuptools", "wheel", "python-dateutil", "six", "nbformat", "jupyter", "typing-extensions",
    }
)  # fmt: skip
"""What every notebook's kernel has."""
_BRINGS = {
    name: frozenset(brought.split())
    for name, brought in {
        "pandas": "numpy pytz tzdata",
        "scipy": "numpy",
        "matplotlib": "numpy pillow pyparsing cycler kiwisolver fonttools contourpy",
        "scikit-learn": "scipy joblib threadpoolctl",
        "scikit-image": "scipy pillow imageio tifffile networkx",
        "seaborn": "pandas matplotlib",
        "statsmodels": "pandas scipy patsy",
        "xarray": "pandas",
        "geopandas": "pandas shapely pyproj",
        "networkx": "",
        "sympy": "mpmath",
        "h5py": "numpy",
        "netcdf4": "numpy cftime",
        "numba": "numpy llvmlite",
        "pillow": "",
        "numpy": "",
        "tqdm": "",
        "pyyaml": "",
        "requests": "urllib3 certifi idna charset-normalizer",
        "openpyxl": "",
        "plotly": "",
        "lmfit": "scipy uncertainties",
        "astropy": "numpy pyyaml",
        "shapely": "numpy",
        "tabulate": "",
        "ipywidgets": "",
    }.items()
}
"""What some distributions have always brought with them; one that is not here may bring a lot."""
_COMMON = frozenset().union(*_BRINGS.values())


def undeclared_packages(root: Path, inventory: Inventory) -> tuple[Finding, ...]:
    """Return a finding for each distribution that the study's Python code needs but nobody names.

    Only where the study declares packages at all, in files whose meaning is known. Modules of the
    study, of Python itself and of the kernel never count, nor do optional imports, nor what the
    kept table does not know, nor what a declared package may bring along.
    """
    kinds = {one.kind for one in inventory.declarations}
    if not kinds & _ASKING or kinds & _OPAQUE:
        return ()
    declared = read_declared(root, inventory)
    held = _held(declared, with_locks=bool(kinds & _LOCKS))
    if declared.findings or held & _EVERYTHING or not declared.requirements or _vague(declared):
        return ()
    return tuple(_missing(inventory, held))


def _held(declared: Wishes, *, with_locks: bool) -> set[str]:
    """Return the distributions that are declared, and what those surely bring."""
    held: set[str] = {canonicalize_name(one.name) for one in declared.requirements}
    held |= {canonicalize_name(one.name) for one in declared.unrestored}
    for text in declared.constraints if with_locks else ():
        try:
            held.add(canonicalize_name(Requirement(text).name))
        except InvalidRequirement:
            continue
    if held - _BRINGS.keys():
        held |= _COMMON
    waiting = list(held)
    while waiting:
        brought = _BRINGS.get(waiting.pop(), frozenset()) - held
        held |= brought
        waiting.extend(brought)
    return held


def _vague(declared: Wishes) -> bool:
    """Say whether something is declared whose name is not known: a URL, a computed list."""
    unnamed = any("/" in one.name or ":" in one.name for one in declared.unrestored)
    return unnamed or any("is computed" in note for note in declared.notes)


def _missing(inventory: Inventory, held: set[str]) -> Iterator[Finding]:
    told: set[str] = set()
    for unit in used_code(inventory):
        here = {canonicalize_name(text) for text in _installed(unit.uses.installs)}
        optional = {one.name.split(".")[0] for one in unit.uses.imports if one.optional}
        for use in unit.uses.imports:
            name = None if use.name.split(".")[0] in optional else _needed(use)
            if name is None or name in held | here | told:
                continue
            told.add(name)
            yield finding(
                "undeclared-package",
                f"`import {use.name}` needs {name}, which no file of the study declares",
                path=unit.path,
                cell=use.cell,
                line=use.line,
                subject=name,
            )


def _needed(use: Import) -> str | None:
    """Return the distribution that an import surely needs, None where that is not certain."""
    if use.local or use.optional or is_standard(use.name):
        return None
    known = distribution_of(use.name)
    name = canonicalize_name(known) if known else None
    return None if name in _KERNEL else name


def _installed(texts: tuple[str, ...]) -> Iterator[str]:
    for text in texts:
        try:
            yield Requirement(text).name
        except InvalidRequirement:
            continue
