"""Versions for wishes: uv resolves them, for every platform, as of a date, into a PEP 751 lock."""

import json
import re
from dataclasses import dataclass

from recrate.environment.settings import EnvironmentSettings
from recrate.model.errors import OutsideFailed
from recrate.outside.disk import scratch_folder, write_text
from recrate.outside.process import Finished, run
from recrate.outside.tools import find_uv

BUILD_TOOLS = ("setuptools", "wheel", "setuptools-scm", "cython", "flit-core", "poetry-core")
"""Needed to read the metadata of old source distributions; a date must not take them away."""
BUILD_TOOLS_UNTIL = "2022-01-01"
KERNEL_TOOLS_UNTIL = "2021-12-31"
"""No kernel toolchain older than this starts reliably: ipykernel < 6 lacked declared dependencies."""
KERNEL_TOOLS = (
    "ipykernel",
    "ipython",
    "jupyter-client",
    "jupyter-core",
    "traitlets",
    "pyzmq",
    "tornado",
    "matplotlib-inline",
    "debugpy",
    "ipython-genutils",
    "jedi",
    "parso",
    "prompt-toolkit",
    "pygments",
    "backcall",
    "pickleshare",
    "decorator",
    "importlib-metadata",
    "zipp",
    "typing-extensions",
    "entrypoints",
    "nest-asyncio",
    "appnope",
    "argcomplete",
    "wcwidth",
    "python-dateutil",
    "packaging",
    "psutil",
    "pexpect",
    "ptyprocess",
    "colorama",
)
_UNREACHABLE = re.compile(
    r"failed to fetch|error sending request|connection|dns error|timed out|could not connect"
    r"|tcp connect|network is unreachable|certificate|status (?:server|client) error",
    re.IGNORECASE,
)
_UNFIT_VARIABLES = ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH", "PYTHONHOME", "UV_PYTHON")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What uv is asked: PEP 508 texts, a Python minor version, and a last day (ISO) or None."""

    requirements: tuple[str, ...]
    constraints: tuple[str, ...]
    python: str
    as_of: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unresolvable:
    """No set of versions satisfies the question; `evidence` is uv's explanation."""

    evidence: str


def resolve(question: Question, settings: EnvironmentSettings) -> str | Unresolvable:
    """Return the text of a universal pylock.toml that answers `question`.

    Raises OutsideFailed when the package index cannot be reached.
    """
    with scratch_folder(parent=settings.cache / "scratch") as folder:
        write_text(folder / "pyproject.toml", _project(question))
        write_text(folder / "requirements.in", "\n".join(question.requirements) + "\n")
        write_text(folder / "constraints.txt", "\n".join(question.constraints) + "\n")
        told = run(
            [find_uv(), *_arguments(question), *settings.index],
            timeout_seconds=settings.timeout_seconds,
            folder=folder,
            variables=uv_variables(settings),
        )
        if told.code == 0:
            return (folder / "pylock.toml").read_text("utf-8")
    raise_if_unreachable(told)
    return Unresolvable(evidence=evidence_of(told))


def uv_variables(settings: EnvironmentSettings) -> dict[str, str]:
    """Return the process environment for uv: the person's, without what would change answers."""
    kept = {key: value for key, value in settings.variables.items() if key not in _UNFIT_VARIABLES}
    return {**kept, "UV_PREVIEW_FEATURES": "pylock", "UV_NO_PROGRESS": "1", "NO_COLOR": "1"}


def evidence_of(told: Finished) -> str:
    """Return what uv says is wrong, on one line, at most 600 characters."""
    if told.timed_out:
        return "the time limit was reached"
    text = " ".join(re.sub(r"[×╰─▶│]", " ", told.error or told.out).split())
    return text[:600]


def raise_if_unreachable(told: Finished) -> None:
    """Raise OutsideFailed when uv failed because an index did not answer."""
    if told.timed_out or _UNREACHABLE.search(told.error):
        raise OutsideFailed(
            f"the package index cannot be reached: {evidence_of(told)}",
            hint="look at the network and the configured index; `pack --no-lock` asks none",
        )


def _arguments(question: Question) -> list[str]:
    arguments = [
        "pip",
        "compile",
        "requirements.in",
        "--constraints",
        "constraints.txt",
        "--universal",
        "--no-header",
        "--quiet",
        "--format",
        "pylock.toml",
        "--output-file",
        "pylock.toml",
        "--python-version",
        question.python,
        "--only-binary",
        ":all:",
    ]
    if question.as_of is None:
        return arguments
    arguments += ["--exclude-newer", question.as_of]
    if question.as_of < BUILD_TOOLS_UNTIL:
        for name in BUILD_TOOLS:
            arguments += ["--exclude-newer-package", f"{name}={BUILD_TOOLS_UNTIL}"]
    if question.as_of < KERNEL_TOOLS_UNTIL:
        for name in KERNEL_TOOLS:
            arguments += ["--exclude-newer-package", f"{name}={KERNEL_TOOLS_UNTIL}"]
    return arguments


def _project(question: Question) -> str:
    """Return a pyproject.toml that narrows a universal lock to one Python minor version."""
    return f"[tool.uv]\nenvironments = [{json.dumps(f'python_version == {question.python!r}')}]\n"
