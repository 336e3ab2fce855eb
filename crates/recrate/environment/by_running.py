"""What only running shows: packages and programs that a notebook missed, read from its error. Pure.

Only names of the kept tables come out: nobody's error message sends us to an index for a name.
"""

import re
from collections.abc import Collection, Iterable

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from recrate.environment.standard_library import is_standard
from recrate.environment.table import (
    distribution_of,
    distributions_of_magic,
    known_distribution,
    table,
)

_TEXT = 4_000
_MODULE = re.compile(r"No module named ['\"]?([\w.]{1,200})")
_MAGIC = re.compile(r"(?:Line|Cell) magic (?:function )?[`'\"]?%{0,2}(\w{1,80})[`'\"]? not found")
_WANTS = re.compile(
    r"(?i)\b(?:pip|conda|mamba) install\b|\binstall(?:ed|ing|ation)?\b|optional dependenc"
    r"|\brequire[sd]?\b|\bneeds?\b|\bdepends on\b|\bnot found\b|\bmissing\b|\bcould not import\b"
)
_WORD = r"[A-Za-z][\w.-]{1,80}"
_NAMED = tuple(
    re.compile(text)
    for text in (
        rf"(?:pip3?|conda|mamba) install (?:-{{1,2}}[\w=-]+ )*['\"`]?({_WORD})",
        rf"(?i)optional dependency ['\"`]({_WORD})['\"`]",
        rf"['\"`]({_WORD})['\"`]",
        rf"(?i)\b(?:install|requires?|needs?|import|depends on)(?: the)? ({_WORD})",
        rf"(?i)\b({_WORD}) (?:(?:is|must be|needs to be|was) )?(?:not )?"
        "(?:required|installed|found|missing|needed)",
        rf"(?i)\bthe ({_WORD}) (?:package|module|library)\b",
    )
)
"""Where a message names what it misses; the surest first."""
_INSTALL = re.compile(r"(?i)\binstall(?:ed|ing|ation)?\b|optional dependenc")
"""What an error that is none of importing must say: its words are about other things as well."""
_IMPORTS = frozenset({"ImportError", "ModuleNotFoundError", "OptionalDependencyNotAvailable"})
_MISSING = _IMPORTS | {
    "UsageError", "ValueError", "RuntimeError", "FeatureNotFound", "SolverError", "AssertionError",
}  # fmt: skip
_MEANT = (
    (re.compile(r"currently installed IO engines"), "netCDF4"),
    (re.compile(r"IProgress not found"), "ipywidgets"),
    (re.compile(r"No module named '?distutils\b"), "setuptools"),  # it brings its own since 3.12
    (re.compile(r"tree builder with the features you requested: (lxml|html5lib)"), ""),
)
"""What does not name the package it needs, or not as others do; empty: the group does."""


def missing_package(
    name: str, message: str, *, have: Collection[str], local: Collection[str]
) -> tuple[str, ...]:
    """Return the requirements (PEP 508, without versions) that an error says are missing.

    name, message: class and text of the error that stopped a notebook
    have:  normalised names of what is installed; nothing of it is missing
    local: top names of the study's own modules; none of them is ever looked for elsewhere
    Empty where it tells of something else, or of a name that no kept table knows.
    """
    text = message[:_TEXT]
    kind = name.rsplit(".", 1)[-1]
    if kind not in _MISSING:
        return ()
    magic, module = _MAGIC.search(text), _MODULE.search(text)
    meant = [name or match[1] for one, name in _MEANT if (match := one.search(text))]
    if magic:
        asked = distributions_of_magic(magic[1])
    elif meant:
        asked = _known(meant, local)
    elif module:
        asked = _known([module[1]], local)
    elif (_WANTS if kind in _IMPORTS else _INSTALL).search(text):
        words = (word.rstrip(".") for pattern in _NAMED for word in pattern.findall(text))
        asked = _known((word for word in words if "." not in word), local)  # no `tables.csv`
    else:
        asked = ()
    new = [one for one in asked if canonicalize_name(Requirement(one).name) not in have]
    return tuple(new) if magic else tuple(new[:1])


_PROGRAMS = tuple(
    re.compile(text)
    for text in (
        r"No such file or directory: '(?:[^'\s]*/)?([\w.+-]{1,40})'",
        r"(?:sh|bash): (?:\d+|line \d+)?:? ?([\w.+-]{1,40}): (?:command )?not found",
        r"failed to execute \W{0,3}(?:PosixPath\(|\[)?['\"]([\w.+-]{1,40})['\"]",
        r"Requested MovieWriter \((\w{1,40})\) not available",
        r"MovieWriter (\w{1,40}) unavailable",
        r"KeyError: '(ffmpeg|avconv|mencoder|imagemagick)'",
        r"because (\w{1,40}) could not be found",
        r"(?i)\b([a-z][\w.+-]{1,40}) (?:is |was )?not (?:installed|found)",
        r"(?i)\bis (poppler|graphviz|ffmpeg) installed\b",
        r"(?i)\b(java)(?:_HOME is not set| gateway process exited)",
    )
)
_LIBRARY = re.compile(r"\b(lib[\w.+-]{1,60}?\.so)(?:\.[\d.]+)?: cannot open shared object file")


def missing_program(name: str, message: str, traceback: str = "") -> tuple[str, str] | None:
    """Return the program or library that an error misses and its Debian package, None for others.

    name, message, traceback: of the error that stopped a notebook
    """
    text = f"{name}: {message[:_TEXT]}\n{traceback[-_TEXT:]}"
    if "GraphViz's executables" in text:
        return "dot", table("programs")["dot"]
    library = _LIBRARY.search(text)
    if library and library[1] in table("libraries"):
        return library[1], table("libraries")[library[1]]
    for pattern in _PROGRAMS:
        for match in pattern.finditer(text):
            for program in (match[1], match[1].lower()):
                if program in table("programs"):
                    return program, table("programs")[program]
    return None


def _known(words: Iterable[str], local: Collection[str]) -> tuple[str, ...]:
    """Return the requirements that words mean, as import names or as distributions."""
    found = []
    for word in words:
        if word.split(".")[0] in local or is_standard(word):
            continue
        meant = distribution_of(word) or known_distribution(word)
        found += [meant] if meant else []
    return tuple(found)
