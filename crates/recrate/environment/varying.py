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


def with_version(
    lock: Lock, name: str, version: str, *, as_of: str, settings: EnvironmentSettings
) -> Lock | str:
    """Return the lock with `name` at `version`; a text where that cannot be had.

    What the package itself asks for is not followed: one thing is changed, and only that.
    as_of: ISO date up to which files are considered
    Raises OutsideFailed when the package index cannot be reached.
    """
    markers = markers_here(lock.python)
    held = installed_by(read_pylock(lock.pylock), markers)
    pins = tuple(f"{one.name}=={version if one.name == name else one.version}" for one in held)
    question = Question(
        requirements=pins, python=".".join(lock.python.split(".")[:2]), as_of=as_of, alone=True
    )
    tried = without_later(question, settings)
    if isinstance(tried, Unresolvable):
        return tried.evidence
    pylock = without_traces(tried)
    now = installed_by(read_pylock(pylock), markers)
    return with_recipe(replace(lock, pylock=pylock, packages=as_packages(now)), settings)
