"""What a file is for, told by its name: a declared environment, a description, a script."""

import posixpath
import re

_EXACT = {
    "environment.yml": "conda",
    "environment.yaml": "conda",
    "conda-lock.yml": "conda",
    "pyproject.toml": "pyproject",
    "setup.cfg": "setup",
    "setup.py": "setup",
    "pipfile": "pipfile",
    "pipfile.lock": "pipfile-lock",
    "poetry.lock": "poetry-lock",
    "uv.lock": "uv-lock",
    "pdm.lock": "pdm-lock",
    "runtime.txt": "runtime",
    "apt.txt": "apt",
    "postbuild": "post-build",
    "install.r": "install-r",
    "renv.lock": "renv",
    "description": "r-description",
    "project.toml": "julia-project",
    "juliaproject.toml": "julia-project",
    "dockerfile": "dockerfile",
    "containerfile": "dockerfile",
}
_PATTERNS = (
    (re.compile(r"constraints?([-_.].*)?\.txt", re.IGNORECASE), "constraints"),
    (re.compile(r"(.*[-_.])?requirements?([-_.].*)?\.(txt|in)", re.IGNORECASE), "requirements"),
    (re.compile(r"pylock(\.[^.]+)?\.toml", re.IGNORECASE), "pylock"),
    (re.compile(r"environment[-_.].*\.ya?ml", re.IGNORECASE), "conda"),
)
_FOLDERS = ("", "binder", ".binder")
_DESCRIPTIONS = {"citation.cff", "codemeta.json", ".zenodo.json"}
_LICENCE = re.compile(r"(un)?(licen[cs]e|copying)(s|[-_.][\w.-]+)?(\.(txt|md|rst))?", re.IGNORECASE)
_LANGUAGES = {".py": "python", ".r": "r", ".jl": "julia", ".sh": "bash", ".bash": "bash"}


def declaration_kind(path: str) -> str | None:
    """Return the kind of environment that the file at a study path declares, or None.

    Read at the root, in `binder/` and `.binder/`; requirements of sub-folders (`docs/`,
    `requirements/dev.txt`) are somebody else's, except in a folder named `requirements`.
    """
    inside, _, name = path.rpartition("/")
    if inside == "requirements" and name.endswith((".txt", ".in")):
        return "requirements"
    if inside not in _FOLDERS:
        return None
    for pattern, kind in _PATTERNS:
        if pattern.fullmatch(name):
            return kind
    return _EXACT.get(name.lower())


def is_description(path: str) -> bool:
    """Say whether a file at the root describes the study: citation, codemeta, deposit, licence."""
    if "/" in path:
        return path.startswith("LICENSES/") and path.count("/") == 1
    return path.lower() in _DESCRIPTIONS or _LICENCE.fullmatch(path) is not None


def script_language(path: str) -> str | None:
    """Return `python`, `r`, `julia` or `bash` for a script by its suffix, else None."""
    return _LANGUAGES.get(posixpath.splitext(path)[1].lower())
