"""The whole environment of a kernel: what it needs, and nothing that could be a secret."""

import os
from pathlib import Path

from recrate.model.environment import Environment
from recrate.replay.places import Places
from recrate.replay.settings import ReplaySettings

_NEEDED = ("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "LD_LIBRARY_PATH")
"""Handed on to kernels without walls: programs do not start without them."""

_THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)


def kernel_variables(
    environment: Environment, settings: ReplaySettings, places: Places
) -> dict[str, str]:
    """Return the environment variables of a kernel.

    PYTHONHASHSEED is left free on purpose: an output that hangs on the order of a set must differ
    between two reruns, so that it is judged unstable and not different. MPLBACKEND too: the kernel
    sets it for its own display.
    """
    found = {
        "HOME": places.home_inside,
        "LANG": settings.locale,
        "LOGNAME": "recrate",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONNOUSERSITE": "1",
        "SHELL": "/bin/sh",
        "USER": "recrate",
    }
    found["PATH"] = _path(environment, settings)
    if environment.folder is not None:
        found["VIRTUAL_ENV"] = environment.folder
    if settings.timezone:
        found["TZ"] = settings.timezone
    if settings.threads:
        found.update(dict.fromkeys(_THREADS, str(settings.threads)))
    if not settings.sandboxed:
        found.update(
            {name: settings.variables[name] for name in _NEEDED if name in settings.variables}
        )
        temporary = str(places.temporary)
        found.update({"TMPDIR": temporary, "TEMP": temporary, "TMP": temporary})
        # A kernel without walls leaves by itself when we are gone; within walls it cannot see us.
        found["JPY_PARENT_PID"] = str(os.getpid())
    found.update(environment.variables)
    return found


def _path(environment: Environment, settings: ReplaySettings) -> str:
    parts = []
    if environment.folder is not None:
        folder = Path(environment.folder)
        parts += [str(folder / name) for name in ("bin", "Scripts") if (folder / name).is_dir()]
    if settings.sandboxed:
        parts.append("/usr/local/bin:/usr/bin:/bin")
    else:
        parts.append(settings.variables.get("PATH") or os.defpath)
    return os.pathsep.join(parts)
