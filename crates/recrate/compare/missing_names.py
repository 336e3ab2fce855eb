"""Modules and names that are not there: a package, the author's own file, Python 2, or a slip."""

import re

from recrate.compare.hostile import cells_of, mapping, source_of
from recrate.model.observation import UNKNOWN_MODULE, EnvironmentSeen
from recrate.model.study import Notebook
from recrate.model.verdict import Cause

MODULE = re.compile(r"No module named ['\"]?([\w.]{1,200})")
_NAME = re.compile(r"name ['\"]?([\w.]{1,200})['\"]? is not defined")
_FROM = re.compile(r"cannot import name .{1,200}? from '([\w.]{1,200})'")
IN_PACKAGE = re.compile(
    r"[/\\](?:site|dist)-packages[/\\](\w{1,100})[/\\]([^'\"\n:]{1,200}?\.\w{1,10})(?!\w)"
)
_LOCAL = re.compile(
    r"(?:utils?|helpers?|functions?|my\w+|\w+_(?:utils?|helpers?|functions?|lib|tools)|tools?"
    r"|common|config|settings|src|lib|scripts?|models?|plotting|preprocess(?:ing)?|local\w*)"
)
"""How people name files of their own."""
_ELSEWHERE = re.compile(r"sys\.path\.|sys\.path\s?\+?=|%cd\b|os\.chdir|%run\b")

_KNOWN = frozenset((
    "numpy", "scipy", "pandas", "matplotlib", "seaborn", "sklearn", "torch", "tensorflow",
    "keras", "xarray", "sympy", "statsmodels", "networkx", "plotly", "bokeh", "altair",
    "requests", "bs4", "PIL", "cv2", "skimage", "lxml", "yaml", "tqdm", "numba", "dask", "h5py",
    "netCDF4", "astropy", "Bio", "nltk", "spacy", "gensim", "transformers", "jax", "ipywidgets",
    "openpyxl", "geopandas", "shapely", "cartopy", "xgboost", "lightgbm", "pymc", "pymc3",
    "arviz", "emcee", "corner", "lmfit", "pingouin", "umap", "hdbscan",
))  # fmt: skip

_OF_PYTHON_2 = frozenset((
    "BaseHTTPServer", "CGIHTTPServer", "ConfigParser", "Cookie", "HTMLParser", "Queue",
    "ScrolledText", "SimpleHTTPServer", "SimpleXMLRPCServer", "SocketServer", "StringIO",
    "Tkinter", "UserDict", "UserList", "UserString", "__builtin__", "anydbm", "cPickle",
    "cStringIO", "commands", "cookielib", "copy_reg", "dummy_thread", "exceptions",
    "future_builtins", "htmlentitydefs", "httplib", "md5", "new", "repr", "robotparser", "sets",
    "sha", "tkFileDialog", "tkMessageBox", "thread", "urllib2", "urlparse", "whichdb", "xmlrpclib",
))  # fmt: skip
_OF_OLDER_PYTHON = {
    **dict.fromkeys(("formatter", "parser", "symbol", "macpath"), "3.10"),
    **dict.fromkeys(("asynchat", "asyncore", "distutils", "imp", "smtpd"), "3.12"),
    **dict.fromkeys(
        ("aifc", "audioop", "cgi", "cgitb", "chunk", "crypt", "imghdr", "lib2to3", "mailcap",
         "nntplib", "pipes", "sndhdr", "sunau", "telnetlib", "uu", "xdrlib"), "3.13",
    ),
}  # fmt: skip
"""Modules of Python itself → the first version that came without them (PEP 594, PEP 632)."""

_OF_SYSTEM = frozenset((
    "_bz2", "_ctypes", "_curses", "_gdbm", "_lzma", "_sqlite3", "_ssl", "_tkinter", "tkinter",
))  # fmt: skip
"""Parts of Python that need a system's library, and that some builds and Debian leave out."""

_NAMES_OF_PYTHON_2 = frozenset((
    "apply", "basestring", "buffer", "cmp", "coerce", "execfile", "file", "intern", "long",
    "raw_input", "reduce", "reload", "unichr", "unicode", "xrange",
))  # fmt: skip


def cause_of_module(name: str, evidence: str, recorded: Notebook) -> tuple[Cause, str]:
    """Tell a module of the author's from a package, and from a part that moved or is gone."""
    gone = _gone(name, evidence, python_of(recorded))
    if gone is not None:
        return gone
    top = name.split(".", 1)[0]
    if name.startswith("google.colab"):
        return Cause.MISSING_PACKAGE, evidence
    part = "." in name and f"'{top}'" not in evidence and "is not a package" not in evidence
    if part and not _LOCAL.fullmatch(top):
        return Cause.API_CHANGED, evidence
    sources = _code(recorded)
    relative = re.compile(rf"(?:from|import)\s+\.+{re.escape(top)}\b")
    elsewhere = _ELSEWHERE.search(sources) and top not in _KNOWN
    if _LOCAL.fullmatch(top) or relative.search(sources) or elsewhere:
        return Cause.LOCAL_MODULE_MISSING, evidence
    return Cause.MISSING_PACKAGE, evidence


def _gone(name: str, evidence: str, python: str) -> tuple[Cause, str] | None:
    """Tell a module that Python itself had; `python`: the version that the notebook names."""
    top = name.split(".", 1)[0]
    if top in _OF_SYSTEM:
        return Cause.SYSTEM_PROGRAM_MISSING, f"{evidence} (a part of Python that was left out)"
    if top in _OF_PYTHON_2 and not python.startswith("3"):
        return Cause.API_CHANGED, f"{evidence} (a module of Python 2)"
    without = _OF_OLDER_PYTHON.get(name, "")
    if without and _as_numbers(python) < _as_numbers(without):
        return Cause.API_CHANGED, f"{evidence} (Python {without} came without it)"
    return None


def cause_of_imported(headline: str, evidence: str) -> tuple[Cause, str] | None:
    """Tell a name that the author's own module had, and this one of its name has not."""
    if "attempted relative import" in headline:
        return Cause.LOCAL_MODULE_MISSING, evidence
    found = _FROM.search(headline)
    if found and _LOCAL.fullmatch(found.group(1).split(".", 1)[0]):
        return Cause.LOCAL_MODULE_MISSING, evidence
    return None


def cause_by_notes(evidence: str, notes: tuple[str, ...]) -> Cause:
    """Tell a module that no table of packages knows: it lay on the author's machine."""
    module = MODULE.search(evidence)
    top = module.group(1).split(".")[0] if module else ""
    unknown = bool(top) and f"{UNKNOWN_MODULE} {top}" in notes
    return Cause.LOCAL_MODULE_MISSING if unknown else Cause.MISSING_PACKAGE


def cause_of_package_file(
    message: str, evidence: str, environment: EnvironmentSeen
) -> tuple[Cause, str] | None:
    """Tell a file within an installed package, which no study could bring, from the study's own.

    A version that was asked for has been published without it; one that nobody asked for by its
    number, and that only running brought, is another than the author's.
    """
    found = IN_PACKAGE.search(message)
    if found is None:
        return None
    name = found.group(1).lower().replace("_", "-")
    versions = {one.name: one.version for one in environment.packages}
    told = f"{name} {versions.get(name, '')}".strip()
    brought = {one.name for one in environment.added if "=" not in one.requirement}
    evidence = f"{told} has no file `{found.group(2)}` of its own: {evidence}"
    return (Cause.API_CHANGED if name in brought else Cause.MISSING_FILE), evidence


def cause_of_name(headline: str, evidence: str, recorded: Notebook) -> tuple[Cause, str]:
    """Tell a name nobody defines any more, one of Python 2, and a slip of the author."""
    match = _NAME.search(headline)
    name = match.group(1) if match else ""
    sources = _code(recorded)
    defined = re.compile(
        rf"(?:^|[\s,(*]){re.escape(name)}\s{{0,20}}(?:[,)]|=(?!=)|:)|\b(?:def|class|import|as|for|global)\s+{re.escape(name)}\b",
        re.MULTILINE,
    )
    if name and not defined.search(sources) and "import *" not in sources:
        if name in _NAMES_OF_PYTHON_2 and not python_of(recorded).startswith("3"):
            return Cause.API_CHANGED, f"{evidence} (a name of Python 2)"
        counts = [mapping(cell).get("execution_count") for cell in cells_of(recorded)]
        ran = any(isinstance(count, int) for count in counts)
        return (Cause.STALE_OUTPUT if ran else Cause.AUTHORS_CODE), evidence
    return Cause.AUTHORS_CODE, evidence


def python_of(recorded: Notebook) -> str:
    """Return the version of Python that a notebook names, `2.7.15`; empty where it names none."""
    metadata = mapping(recorded.get("metadata"))
    told = mapping(metadata.get("language_info")).get("version")
    if isinstance(told, str):
        return told
    kernel = mapping(metadata.get("kernelspec")).get("name")
    return "2" if kernel == "python2" else ""


def _as_numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d{1,4}", version)[:2])


def _code(recorded: Notebook) -> str:
    return "\n".join(source_of(cell) for cell in cells_of(recorded))
