"""Versions for wishes: uv resolves them, for every platform, as of a date, into a PEP 751 lock."""

import json
import sys
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from recrate.environment.pylock import markers_here
from recrate.environment.settings import EnvironmentSettings
from recrate.environment.uv import evidence_of, raise_if_let_down, uv_variables
from recrate.model.errors import Refused
from recrate.outside import sandbox
from recrate.outside.disk import scratch_folder, write_text
from recrate.outside.limits import Limits
from recrate.outside.process import Finished, run
from recrate.outside.tools import find_uv, interpreters

_NEWER = {
    # Needed to build, and to start a kernel: no date may take these away. A toolchain older than
    # the end of 2021 does not start reliably (ipykernel before 6 lacked declared dependencies);
    # setuptools before 2021-08-31 fails on old metadata.
    "setuptools": "2022-01-01", "wheel": "2022-01-01", "setuptools-scm": "2022-01-01",
    "cython": "2022-01-01", "flit-core": "2022-01-01", "poetry-core": "2022-01-01",
    **dict.fromkeys(
        (
            "ipykernel", "ipython", "jupyter-client", "jupyter-core", "traitlets", "pyzmq",
            "tornado", "matplotlib-inline", "debugpy", "ipython-genutils", "jedi", "parso",
            "prompt-toolkit", "pygments", "backcall", "pickleshare", "decorator",
            "importlib-metadata", "zipp", "typing-extensions", "entrypoints", "nest-asyncio",
            "appnope", "argcomplete", "wcwidth", "psutil", "pexpect", "ptyprocess", "colorama",
            "pywin32", "pywinpty",
        ),
        "2022-01-01",
    ),
}  # fmt: skip
_BROKEN = (
    # Versions whose metadata today's resolvers refuse (`pytz>=2011k`), with what they meant.
    *(
        ("pandas", f"0.{minor}", ("python-dateutil>=2.5.0", "pytz>=2011", "numpy>=1.9.0"))
        for minor in (
            "19.0", "19.1", "19.2", "20.0", "20.1", "20.2", "20.3", "21.0", "21.1", "22.0",
            "23.0", "23.1", "23.2", "23.3", "23.4",
        )
    ),
    *(
        ("pandas", f"0.24.{patch}", ("python-dateutil>=2.5.0", "pytz>=2011", "numpy>=1.12.0"))
        for patch in range(3)
    ),
)  # fmt: skip
_KERNEL_WHEELS = {
    "3.10": "2022-10-31", "3.11": "2023-06-30", "3.12": "2024-06-30", "3.13": "2025-06-30",
    "3.14": "2026-06-30",
}  # fmt: skip
"""When the kernel's compiled parts (pyzmq, tornado, psutil) had wheels for a new Python."""
_PURE = frozenset({"matplotlib-inline"})
"""Nothing compiled, and what it draws depends on its version: no younger than it must be."""
_BUILDING = ("no usable wheels", "building from source is disabled")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What uv is asked.

    requirements: PEP 508 texts
    python: minor version, `3.9`
    as_of:  last day on which a file may have been uploaded, ISO; None: no such day
    newer:  names that may be newer than that
    builds: metadata may be had by building source distributions, within walls
    alone:  the requirements are all there is: their dependencies are not followed
    """

    requirements: tuple[str, ...]
    python: str
    constraints: tuple[str, ...] = ()
    as_of: str | None = None
    newer: tuple[str, ...] = ()
    builds: bool = False
    alone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unresolvable:
    """No set of versions satisfies the question; `evidence` is uv's explanation."""

    evidence: str

    @property
    def wants_builds(self) -> bool:
        """Whether it might be answered if source distributions could be built."""
        return any(words in self.evidence for words in _BUILDING)


def resolve(question: Question, settings: EnvironmentSettings) -> str | Unresolvable:
    """Return the text of a universal pylock.toml that answers `question`.

    Without `builds` metadata is read from wheels, first for this platform alone: uv wants a wheel
    for every platform otherwise, and goes back to old versions that had one for all.
    Raises OutsideFailed when the package index cannot be reached.
    """
    with scratch_folder(parent=settings.cache / "scratch") as folder:
        told = _ask(question, folder, settings, here=not question.builds)
        if told.code:
            raise_if_let_down(told)
            return Unresolvable(evidence=evidence_of(told))
        text = (folder / "pylock.toml").read_text("utf-8")
        if question.builds:
            return text
        (folder / "pylock.toml").unlink()
        return _for_all_platforms(question, text, folder, settings)


def _for_all_platforms(
    question: Question, text: str, folder: Path, settings: EnvironmentSettings
) -> str:
    """Return the same lock with the files of all platforms, source distributions too.

    Asked with every version held fast. Each has a wheel, so that nothing has to be built to know
    it; a package of another platform that would have to be is told to build in an interpreter
    without build tools, which fails, and then the lock for this platform stands.
    """
    packages: list[dict[str, Any]] = tomllib.loads(text).get("packages", [])
    names = [package["name"] for package in packages]
    if len(set(names)) < len(names):
        return text
    pins = tuple(f"{package['name']}=={package['version']}" for package in packages)
    held = replace(question, constraints=(*question.constraints, *pins))
    for dated in (held, replace(held, as_of=None)):
        # Without the date only what other platforms need beyond the held versions can be newer.
        told = _ask(dated, folder, settings, here=False)
        if told.code == 0:
            return (folder / "pylock.toml").read_text("utf-8")
    return text


def _ask(
    question: Question, folder: Path, settings: EnvironmentSettings, *, here: bool
) -> Finished:
    write_text(folder / "pyproject.toml", _project(question, here=here))
    write_text(folder / "requirements.in", "\n".join(sorted(question.requirements)) + "\n")
    write_text(folder / "constraints.txt", "\n".join(sorted(question.constraints)) + "\n")
    command = [str(find_uv()), *_arguments(question), *settings.index]
    if question.builds:
        return _ask_within_walls(command, question, folder, settings)
    variables = uv_variables(settings)
    if here:
        # Nothing is built, so any interpreter will do; unless told which, uv looks for one of that
        # version in every launcher of the machine, and pyenv's take seconds each.
        command += ["--only-binary", ":all:", "--python", sys.executable]
    else:
        bare = folder / "bare"
        made = run(
            [find_uv(), "venv", "--quiet", "--python", sys.executable, bare],
            timeout_seconds=60,
            folder=folder,
            variables=variables,
        )
        if made.code:
            return made
        command += ["--no-build-isolation", "--python", str(bare)]
    return run(
        command, timeout_seconds=settings.timeout_seconds, folder=folder, variables=variables
    )


def _ask_within_walls(
    command: list[str], question: Question, folder: Path, settings: EnvironmentSettings
) -> Finished:
    """Let uv build source distributions to read their metadata: strangers' code, so within walls.

    It gets a cache of its own, so that it cannot alter ours, and no credentials.
    """
    variables = uv_variables(settings)
    bases = interpreters(question.python, settings.variables)
    if not bases:
        return Finished(code=1, out="", error=f"no Python {question.python} to build with")
    command = [*command, "--python", bases[0].program]
    if settings.unsandboxed:
        return run(
            command, timeout_seconds=settings.timeout_seconds, folder=folder, variables=variables
        )
    kept = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_PREVIEW_FEATURES", "NO_COLOR", "SSL_CERT_FILE")
    walls = sandbox.Walls(
        folder=str(folder),
        readable=(str(find_uv()), bases[0].prefix),
        writable=(str(folder),),
        network=True,
        variables={
            "PATH": "/usr/bin:/bin",
            "HOME": sandbox.HOME,
            "UV_CACHE_DIR": str(folder / "cache"),
            **{name: variables[name] for name in kept if "@" not in variables.get(name, "@")},
        },
        limits=Limits(memory_bytes=4 << 30),
    )
    try:
        return sandbox.run(command, walls, timeout_seconds=settings.timeout_seconds)
    except Refused as error:
        return Finished(code=1, out="", error=f"{error.message}: source cannot be built")


def _arguments(question: Question) -> list[str]:
    arguments = [
        "pip", "compile", "requirements.in", "--constraints", "constraints.txt", "--universal",
        "--no-header", "--quiet", "--format", "pylock.toml", "--output-file", "pylock.toml",
        "--python-version", question.python,
    ]  # fmt: skip
    if question.alone:
        arguments.append("--no-deps")
    if question.as_of is None:
        return arguments
    # A bare date would end at midnight of the machine's own time zone.
    arguments += ["--exclude-newer", f"{question.as_of}T23:59:59Z"]
    for name, earliest in _NEWER.items():
        wheels = earliest if name in _PURE else _KERNEL_WHEELS.get(question.python, earliest)
        until = max(earliest, wheels)
        if question.as_of < until:
            arguments += ["--exclude-newer-package", f"{name}={until}T23:59:59Z"]
    for name in question.newer:
        arguments += ["--exclude-newer-package", f"{name}=false"]
    return arguments


def _project(question: Question, *, here: bool) -> str:
    """Return a pyproject.toml: one Python minor version, and broken metadata mended.

    here: for this platform alone
    """
    marker = (
        f"python_version == '{question.python}' and implementation_name == 'cpython'"
        " and platform_python_implementation == 'CPython'"
    )
    if here:
        names = ("sys_platform", "platform_machine", "os_name", "platform_system")
        known = markers_here(question.python)
        marker += "".join(f" and {name} == '{known[name]}'" for name in names)
    lines = ["[tool.uv]", f"environments = [{json.dumps(marker)}]"]
    for name, version, requires in _BROKEN:
        lines += [
            "[[tool.uv.dependency-metadata]]",
            f'name = "{name}"\nversion = "{version}"',
            f"requires-dist = {json.dumps(list(requires))}",
        ]
    return "\n".join(lines) + "\n"
