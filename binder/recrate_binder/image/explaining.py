"""Why a build failed, in one sentence, from what it printed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What went wrong, and what the person can do."""

    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is looked for, what is said of its groups, and what to do."""

    pattern: str
    message: str
    hint: str


_KNOWN = (
    _Known(
        pattern=r"No matching distribution found for (\S+)",
        message="{0} is not on the index for this machine and Python",
        hint="the lock may be of another kind of machine, or the index lacks that version",
    ),
    _Known(
        pattern=r"DO NOT MATCH THE HASHES[\s\S]*?\n\s+([\w.-]+==[\w.+!-]+)",
        message="{0} on the index is not the file that was locked",
        hint="the configured index gave another file than the author had",
    ),
    _Known(
        pattern=r"(?:Failed building wheel for|Failed to build|Could not build wheels for) "
        r"'?([\w.-]+)",
        message="{0} could not be built from its source",
        hint="the lock names no wheel of it for this machine and Python",
    ),
    _Known(
        pattern=r"E: Unable to locate package (\S+)",
        message="Debian has no package {0}",
        hint="the base image is of another release of Debian than the authors' was",
    ),
    _Known(
        pattern=r"(?m)^the base image has another Python than (\S+)",
        message="the base image has another Python than {0}",
        hint="c.CrateImage.base_image names an image with {{python}} in its name",
    ),
    _Known(
        pattern=r"(?m)^recrate: (the kernel \S+ does not start: .*)",
        message="{0}",
        hint="its versions do not fit one another",
    ),
    _Known(
        pattern=r"No space left on device()",
        message="the disk is full",
        hint="remove images that are not needed",
    ),
    _Known(
        pattern=r"(?:Temporary failure in name resolution|Name or service not known"
        r"|Network is unreachable|dns error)()",
        message="the package index cannot be reached from the build",
        hint="the build argument PIP_INDEX_URL names another index",
    ),
    _Known(
        pattern=r"No solution found when resolving dependencies[\s\S]*?Because ([^\n]*)",
        message="JupyterLab's environment cannot be installed: {0}",
        hint="see c.CrateImage.recrate_requirement and more_requirements",
    ),
    _Known(
        pattern=r"(?m)^recrate: (.*)\nhint: (.*)",
        message="{0}",
        hint="{1}",
    ),
)
"""The first that fits counts."""


def explain(lines: Iterable[str]) -> Reason:
    """Return why a build failed; without a known reason, its last words."""
    text = "".join(lines)
    for known in _KNOWN:
        found = re.search(known.pattern, text)
        if found:
            parts = [part.strip()[:300] for part in found.groups()]
            return Reason(message=known.message.format(*parts), hint=known.hint.format(*parts))
    last = [line.strip() for line in text.splitlines() if line.strip()]
    return Reason(message=f"the build failed: {last[-1][:300] if last else 'it said nothing'}")
