"""A lock with one package at another version and everything else as it is."""

from dataclasses import replace

from recrate.environment.dockerfile import with_recipe
from recrate.environment.ladder import without_later
from recrate.environment.pylock import (
    as_packages,
    installed_by,
    markers_here,
    read_pylock,
    without_traces,
)
from recrate.environment.resolve import Question, Unresolvable
from recrate.environment.settings import EnvironmentSettings
from recrate.model.environment import Lock

OF_THE_KERNEL = frozenset(
    {
        "appnope", "argcomplete", "asttokens", "backcall", "colorama", "comm", "debugpy",
        "decorator", "entrypoints", "executing", "importlib-metadata", "ipykernel", "ipython",
        "ipython-genutils", "ipython-pygments-lexers", "jedi", "jupyter-client", "jupyter-core",
        "matplotlib-inline", "nest-asyncio", "parso", "pexpect", "pickleshare", "platformdirs",
        "prompt-toolkit", "psutil", "ptyprocess", "pure-eval", "pygments", "pywin32", "pyzmq",
        "stack-data", "tornado", "traitlets", "wcwidth", "zipp",
    }
)  # fmt: skip
"""What a kernel needs to run cells: no result hangs on these, and some go only together."""


def with_version(
    lock: Lock, name: str, version: str, *, as_of: str, settings: EnvironmentSettings
) -> Lock | str:
    """Return the lock with `name` at `version`; a text where that cannot be had.

    All others stay; what the package asks for beside them is added. Where they cannot go together
    by what they say of each other, they are put together all the same.
    as_of: ISO date up to which files are considered
    Raises OutsideFailed when the package index cannot be reached.
    """
    markers = markers_here(lock.python)
    held = installed_by(read_pylock(lock.pylock), markers)
    pins = tuple(f"{one.name}=={version if one.name == name else one.version}" for one in held)
    python = ".".join(lock.python.split(".")[:2])
    question = Question(requirements=pins, python=python, as_of=as_of)
    tried = without_later(question, settings)
    if isinstance(tried, Unresolvable):
        tried = without_later(replace(question, alone=True), settings)
    if isinstance(tried, Unresolvable):
        return tried.evidence
    pylock = without_traces(tried)
    now = installed_by(read_pylock(pylock), markers)
    return with_recipe(replace(lock, pylock=pylock, packages=as_packages(now)), settings)
