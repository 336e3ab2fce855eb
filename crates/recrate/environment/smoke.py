"""One start of a restored kernel, before anybody relies on it: installed is not yet able to run."""

from recrate.environment.install import Place
from recrate.model.environment import NotRestored
from recrate.model.verdict import Cause
from recrate.outside import sandbox
from recrate.outside.process import Finished, run

_SECONDS = 120


def start_once(place: Place) -> NotRestored | None:
    """Import the kernel in the new environment; say why it does not start, if so.

    Whatever a package put into the environment runs then, so it happens within walls. Where there
    are none and nobody allowed to do without, it is left to the replay, which refuses too.
    """
    told = _import(place)
    if told is None or told.code == 0:
        return None
    lines = [line for line in told.error.splitlines() if line.strip()]
    return NotRestored(
        cause=Cause.KERNEL_MISSING,
        message="the locked kernel is installed, but does not start",
        evidence="the time limit was reached" if told.timed_out else (lines or [""])[-1][:500],
        hint="its versions do not fit one another; pack again with a later --as-of",
    )


def _import(place: Place) -> Finished | None:
    command = [str(place.python), "-B", "-c", "import ipykernel.kernelapp, ipykernel_launcher"]
    if sandbox.availability().ok:
        walls = sandbox.Walls(
            folder="/tmp",  # noqa: S108 - the sandbox's own
            readable=(str(place.venv), place.base.prefix),
            variables={"PATH": "/usr/bin:/bin", "HOME": sandbox.HOME, "LANG": "C.UTF-8"},
        )
        return sandbox.run(command, walls, timeout_seconds=_SECONDS)
    if place.settings.unsandboxed:
        return run(command, timeout_seconds=_SECONDS, variables=place.settings.variables)
    return None
