"""Which imported modules the study holds itself, and which of its own are missing."""

import posixpath
import re
import sys
from collections.abc import Iterable

from recrate.scan.targets import Places
from recrate.scan.uses import ImportUse, is_absolute

_SUFFIXES = (".py", ".so", ".pyd", ".pyx", ".ipynb")
_OFTEN_LOCAL = frozenset(
    {
        "utils", "util", "utilities", "helpers", "helper", "functions", "my_functions", "lib",
        "common", "src", "scripts", "myfunctions", "helper_functions", "utility", "plot_utils",
        "data_utils", "plotting_utils", "custom_functions", "local_functions", "my_module",
        "mymodule", "my_utils", "myutils", "plot_functions", "analysis_functions", "helpfunctions",
        "project_utils", "notebook_utils", "utils_plot", "utils_data", "preprocessing_utils",
    }
)  # fmt: skip
"""Names that people give to modules of their own, and never mean a distribution by."""
_EVERYDAY = frozenset(
    {
        "numpy", "scipy", "pandas", "matplotlib", "seaborn", "sklearn", "statsmodels", "plotly",
        "xarray", "dask", "numba", "sympy", "networkx", "torch", "tensorflow", "keras", "jax",
        "bokeh", "altair", "h5py", "requests", "yaml", "PIL", "cv2", "skimage", "tqdm", "joblib",
        "IPython", "ipywidgets", "jupyter", "pytest", "astropy", "shapely", "geopandas", "nltk",
        "spacy", "gensim", "transformers", "bs4", "lxml", "six", "attr", "click", "rich", "pint",
        "setuptools", "pkg_resources", "docx", "xgboost", "lightgbm", "umap", "hdbscan", "emcee",
        "corner", "pymc", "pymc3", "arviz", "pyproj", "cartopy", "rasterio", "fiona", "netCDF4",
        "openpyxl", "Bio", "rdkit", "ase", "mne", "nibabel", "nilearn", "psutil", "toolz", "polars",
        "pyarrow", "sqlalchemy", "flask", "django", "git", "graphviz", "uncertainties", "lmfit",
    }
)  # fmt: skip
"""Never taken for a file of the study that lies somewhere else by the same name."""


class Modules:
    """The study's own modules, by the folders that Python would look in."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._packages = {
            posixpath.dirname(path) for path in places.files if path.endswith(_SUFFIXES[:4])
        }
        for folder in list(self._packages):
            parent = folder
            while parent:
                parent = posixpath.dirname(parent)
                self._packages.add(parent)
        self._elsewhere: dict[str, list[str]] = {}
        for path in places.files:
            if path.endswith(".py"):
                folder, name = posixpath.split(path)
                known = posixpath.basename(folder) if name == "__init__.py" else name[:-3]
                self._elsewhere.setdefault(known, []).append(path)

    def search_folders(self, around: str, added: Iterable[str]) -> list[str]:
        """Return the study folders to look in: the code's own, the root, `src`, and added ones."""
        folders = [around, "", "src", "lib"]
        for path in added:
            folders.extend(self._places.candidates(path, around, "")[:1])
        return list(dict.fromkeys(folders))

    def find(self, name: str, folders: Iterable[str]) -> str | None:
        """Return the study path of the module or package `name` (no dots), or None."""
        for folder in folders:
            base = posixpath.join(folder, name)
            for suffix in _SUFFIXES[:4]:
                if base + suffix in self._places.files:
                    return base + suffix
            if base in self._packages:
                return base
        return None

    def is_local(self, use: ImportUse, around: str, added: Iterable[str]) -> bool:
        """Say whether the study holds the module that `use` imports."""
        if use.level:
            return True
        top = use.name.partition(".")[0]
        if self.find(top, self.search_folders(around, added)):
            return top not in sys.stdlib_module_names
        if top in _EVERYDAY or top in sys.stdlib_module_names:
            return False
        return top in self._elsewhere

    def missing(self, use: ImportUse, around: str, added: Iterable[str]) -> str | None:
        """Return the study's own module that `use` asks for in vain, only when that is certain."""
        if use.optional:
            return None
        if use.level:
            return self._missing_relative(use, around)
        top, _, rest = use.name.partition(".")
        found = self.find(top, self.search_folders(around, added))
        if found is None:
            wanted = top in _OFTEN_LOCAL or re.fullmatch(r"(my|local)_\w+|my[A-Z]\w*", top)
            return top if wanted and top not in self._elsewhere else None
        if not rest or found.endswith(_SUFFIXES) or f"{found}/__init__.py" not in (
            self._places.files
        ):  # fmt: skip
            return None
        inner = posixpath.join(found, rest.partition(".")[0])
        stems = {path for path in self._places.files if path.startswith(inner + ".")}
        return None if stems or inner in self._places.folders else use.name

    def _missing_relative(self, use: ImportUse, around: str) -> str | None:
        folder = around
        for _ in range(use.level - 1):
            folder = posixpath.dirname(folder)
        if not use.name:
            return None
        inner = posixpath.join(folder, *use.name.split("."))
        held = any(path.startswith(inner + ".") for path in self._places.files)
        return None if held or self._places.exists(inner) else "." * use.level + use.name


def is_outside(path: str) -> bool:
    """Say whether a search folder lies on the author's machine only."""
    return is_absolute(path)
