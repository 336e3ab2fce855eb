"""The far side's own places that run, by name: found by their entry points."""

import contextlib
import os
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_data_dir
from platformdirs import user_cache_path

from recrate import __version__
from recrate.model.errors import BadInput, NotFound, OutsideFailed, RecrateError
from recrate.runners.runner import Depot, Runner

RUNNERS = "recrate.runners"
"""Group of the kinds of runners: each makes a runner out of a site's answers and a depot."""
SITES = "recrate.sites"
"""Group of what knows configured sites: its entry `configured` makes the runner of a name, and
raises NotFound for one that it does not know."""
_SECRETS = ("RECRATE_TOKEN_", "RECRATE_SIGNING_")


def runner_named(name: str) -> Runner:
    """Return the runner of a site that is configured here, or of a kind that needs no answers.

    Raises BadInput where there is neither, OutsideFailed where it cannot be loaded.
    """
    for one in entry_points(group=SITES, name="configured"):
        with contextlib.suppress(NotFound):
            found: Runner = _loaded(one)(name)
            return found
    kinds = {one.name: one for one in entry_points(group=RUNNERS)}
    if name in kinds:
        made: Runner = _loaded(kinds[name])({}, _depot())
        return made
    known = ", ".join(sorted(kinds))
    raise BadInput(
        f"no site {name!r} is known on the far side",
        hint=f"describe it in recrate_config.py there, or choose one of: {known}",
    )


def _loaded(entry: Any) -> Any:
    try:
        return entry.load()
    except RecrateError:
        raise
    except Exception as error:
        raise OutsideFailed(
            f"{entry.value} cannot be loaded: {type(error).__name__}: {str(error)[:200]}",
            hint="mend or remove the package that brings it, on the far side",
        ) from error


def _depot() -> Depot:
    return Depot(
        cache=user_cache_path("recrate", appauthor=False),
        data=Path(jupyter_data_dir()) / "recrate",
        agent=f"recrate {__version__}",
        python=sys.executable,
        variables={
            name: told for name, told in os.environ.items() if not name.startswith(_SECRETS)
        },
    )
