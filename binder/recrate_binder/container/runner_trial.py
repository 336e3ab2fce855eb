"""Trying the place: an image, a container of it, walls within that, the way to the index."""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from recrate.model.errors import BadInput, RecrateError
from recrate.model.finding import Finding, Severity
from recrate.outside.process import run
from recrate.runners.runner import Depot
from recrate_binder.container.engine import last_line
from recrate_binder.container.kept import owner_now
from recrate_binder.container.runner_boxes import Terms, write_terms
from recrate_binder.container.runner_image import own_minor
from recrate_binder.container.runner_options import Answers
from recrate_binder.container.runner_places import OnEngine, Place
from recrate_binder.container.runner_walls import Box

LEAST_FREE_BYTES = 5 << 30
"""Below this an environment of middle size and an image do not fit any more."""
_SECONDS = 180.0
_MEMORY_BYTES = 512 << 20
_ASKS = """
import json, pathlib, subprocess, sys
from recrate import __version__
from recrate.outside import sandbox
from recrate.outside.tools import find_uv
limits = ("memory/memory.limit_in_bytes", "memory.max")
places = [pathlib.Path("/sys/fs/cgroup", one) for one in limits]
limit = next((one.read_text().strip() for one in places if one.is_file()), "")
walls = sandbox.availability()
told = {"recrate": __version__, "walls": walls.ok, "reason": walls.reason, "index": "",
        "limit": limit}
if sys.argv[1] == "yes":
    asked = [str(find_uv()), "pip", "compile", "-", "--no-deps", "--quiet", "--no-cache",
             "--python", sys.executable]
    done = subprocess.run(asked, input="pip", text=True, capture_output=True, timeout=120)
    told["index"] = (done.stderr.strip() or "it said nothing") if done.returncode else ""
print(json.dumps(told))
"""

Makes = Callable[[Path], Place]
Writes = Callable[[Place, str, Path], Terms]


def try_place(answers: Answers, depot: Depot, place: Makes, terms: Writes) -> Iterator[Finding]:
    """Yield what is wrong with the place, and at the end what works."""
    with tempfile.TemporaryDirectory(prefix="recrate-") as made:
        kept = Path(made) / "kept"
        try:
            found = place(kept)
        except BadInput as error:
            yield _finding(Severity.ERROR, "runner-no-engine", error.message, error.hint)
            return
        except RecrateError as error:
            yield _finding(Severity.ERROR, "runner-engine-away", str(error), error.hint)
            return
        yield from _of_the_room(found, depot)
        try:
            image = found.have_image(own_minor())
        except RecrateError as error:
            yield _finding(Severity.ERROR, "runner-no-image", str(error), error.hint)
            return
        told = terms(found, "check", kept)
        write_terms(told, depot.variables)
        yield from _of_a_trial(answers, found, told, image, dict(depot.variables))


def _of_the_room(place: Place, depot: Depot) -> Iterator[Finding]:
    store = place.engine.store if isinstance(place, OnEngine) else None
    for what, folder in (("environments are kept", depot.cache), ("images are kept", store)):
        there = folder and next((one for one in (folder, *folder.parents) if one.is_dir()), None)
        free = shutil.disk_usage(there).free if there else LEAST_FREE_BYTES
        if free < LEAST_FREE_BYTES:
            yield _finding(
                Severity.WARNING,
                "runner-disk-nearly-full",
                f"{free / 1e9:.1f} GB are free where {what}",
                "environments can be removed, they are restored again; `podman system prune` "
                "removes images that are not used",
            )


def _of_a_trial(
    answers: Answers, place: Place, terms: Terms, image: str, variables: dict[str, str]
) -> Iterator[Finding]:
    box = Box(
        name=f"recrate-check-{terms.kept.parent.name}",
        campaign=terms.campaign,
        owner=owner_now(),
        image=image,
        readable=(*terms.mounts, terms.configuration, *([terms.bundle] if terms.bundle else [])),
        writable=(),
        memory_bytes=_MEMORY_BYTES,
        processors=1,
        seconds=_SECONDS,
        network=terms.network,
        variables=terms.variables,
        inner=(terms.python, "-c", _ASKS, "yes" if terms.network else "no"),
        hostname="check",
        gpus=terms.gpus,
        user=terms.user,
    )
    try:
        done = run(
            place.command(box), timeout_seconds=_SECONDS, folder=terms.kept, variables=variables
        )
    finally:
        place.forget(box.name)
    told = _told(done.out) if done.code == 0 else None
    if told is None:
        yield _finding(
            Severity.ERROR,
            "runner-container-fails",
            f"a container of {image} does not run recrate: {last_line(done.error)}",
            "`image` is to hold recrate at `python`; leave it empty, and one is built",
        )
        return
    yield from _of_what_was_told(answers, told, image)


def _told(text: str) -> dict[str, Any] | None:
    try:
        told: dict[str, Any] = json.loads(text.splitlines()[-1])
    except (ValueError, IndexError):
        return None
    return told


def _of_what_was_told(answers: Answers, told: dict[str, Any], image: str) -> Iterator[Finding]:
    if not told["walls"]:
        yield _finding(
            Severity.ERROR,
            "runner-no-walls-inside",
            f"cells cannot be walled in a container here: {told['reason']}",
            "unprivileged user namespaces may be switched off on this machine; ask its "
            "administrator, or use a runner of another kind",
        )
        return
    if told["limit"] != str(_MEMORY_BYTES):
        yield _finding(
            Severity.WARNING,
            "runner-memory-not-limited",
            "the engine does not keep containers within their memory here",
            "without root that takes control groups of version 2; the worker still watches its "
            "kernels",
        )
    if told["index"]:
        yield _finding(
            Severity.WARNING,
            "runner-index-away",
            f"the package index is not reached from a container: {last_line(told['index'])}",
            "only environments that were restored before can be used; proxies and indexes are "
            "taken from the environment variables, authorities from `ca`",
        )
    reach = "which reach no network unless a campaign allows it"
    yield _finding(
        Severity.NOTE,
        "runner-works",
        f"recrate {told['recrate']} runs in {image}, {answers.workers} at once; walls stand around "
        f"cells within the container, {reach if answers.network else 'which has no network'}",
        "",
    )


def _finding(severity: Severity, code: str, message: str, hint: str) -> Finding:
    return Finding(
        severity=severity, code=code, where="the container runner", message=message, hint=hint
    )
