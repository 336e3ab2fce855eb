"""Add packages to a lock: every version that it holds stays, and what is new is of its date."""

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


def add_packages(
    lock: Lock, requirements: tuple[str, ...], *, as_of: str, settings: EnvironmentSettings
) -> Lock | str:
    """Return the lock with these packages and what they need; a text where that cannot be had.

    requirements: PEP 508, without versions; as_of: ISO date up to which they are considered
    Only wheels count. Raises OutsideFailed when the package index cannot be reached.
    """
    markers = markers_here(lock.python)
    held = installed_by(read_pylock(lock.pylock), markers)
    pins = tuple(f"{one.name}=={one.version}" for one in held)
    question = Question(
        requirements=(*pins, *requirements),
        python=".".join(lock.python.split(".")[:2]),
        as_of=as_of,
    )
    tried = without_later(question, settings)
    if isinstance(tried, Unresolvable):
        return tried.evidence
    pylock = without_traces(tried)
    more = installed_by(read_pylock(pylock), markers)
    return with_recipe(replace(lock, pylock=pylock, packages=as_packages(more)), settings)
