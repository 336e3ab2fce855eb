"""`recrate-singleuser`: what a hub starts for a user: a crate, opened by `jupyterhub-singleuser`.

What to open stands in the environment:

    RECRATE_LAUNCH    key of a crate that the launch service made ready in RECRATE_SHARED
    RECRATE_WHERE     a DOI or address, brought here by the user's own program
    RECRATE_FILE      a crate in the user's home, relative to it

With none of them it is `jupyterhub-singleuser` and nothing else.
"""

import contextlib
import fcntl
import json
import os
import re
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from recrate.configuration import read_settings
from recrate.flow.launching import verdicts_folder
from recrate.flow.locating import here
from recrate.flow.parting import part
from recrate.flow.replay import refuse_without_sandbox
from recrate.flow.sessions import SessionOrder, make_session, new_session_id
from recrate.flow.settings import Settings
from recrate.launch.configured import lab_variables, server_config, write_settings
from recrate.launch.lab import lab_path
from recrate.launch.session import MARKER, Session
from recrate.model.errors import BadInput, OutsideFailed, RecrateError
from recrate.outside.disk import disk_errors, remove_tree, write_text
from recrate_binder.hub.shared import is_whole, read_prepared

_START = (
    "import runpy, sys; sys.modules['rfc3987_syntax'] = None; "
    "runpy.run_module('jupyterhub.singleuser', run_name='__main__', alter_sys=True)"
)
"""Without a module that takes a second to import and that is not used: `launch.configured`."""
ASKED = ("RECRATE_LAUNCH", "RECRATE_WHERE", "RECRATE_FILE")
_NOT_FOR_LATER = re.compile(r"JUPYTERHUB_(ROOT_DIR|DEFAULT_URL|NOTEBOOK_DIR)")
_SENT = re.compile(r"recrate-[0-9a-f]{12}\.crate\.zip")
"""What target `hub` calls a crate that it sends."""
_DAY_SECONDS = 86400.0
_LOCK = "in-use"


def main() -> NoReturn:
    """Make the session that was asked for, and become the user's server."""
    variables = dict(os.environ)
    try:
        if any(variables.get(name) for name in ASKED):
            variables = prepared_variables(variables)
    except RecrateError as error:
        print(f"recrate-singleuser: {error}", file=sys.stderr)  # noqa: T201 - the hub keeps it as the server's log
        if error.hint:
            print(f"hint: {error.hint}", file=sys.stderr)  # noqa: T201 - with the way out
        sys.exit(error.exit_code)
    os.execve(sys.executable, [sys.executable, "-c", _START, *sys.argv[1:]], variables)  # noqa: S606 - what the hub minds is this process


def prepared_variables(variables: Mapping[str, str]) -> dict[str, str]:
    """Make a session of what is asked for; return the environment of the server that serves it.

    Raises what finding the crate and making the session raise; Refused where there is no sandbox.
    """
    settings = read_settings()
    refuse_without_sandbox(settings, trusted=False)
    days = float(variables.get("RECRATE_KEEP_DAYS") or 7)
    take_away_old(settings, older_than_seconds=days * _DAY_SECONDS)
    root = hub_sessions(settings.data) / new_session_id()
    data = verdicts_folder(settings, root.name)
    order, settings = order_for(variables, root, settings)
    try:
        session = make_session(order, settings=settings)
        if _SENT.fullmatch(order.location.name):
            with disk_errors(order.location):
                order.location.replace(root / "sent.crate.zip")  # it goes with the session
        return server_variables(session, variables, data)
    except BaseException:
        remove_tree(root)
        raise


def order_for(
    variables: Mapping[str, str], root: Path, settings: Settings
) -> tuple[SessionOrder, Settings]:
    """Return what the session is made of, and the settings it is made with.

    Raises NotFound where the shared crate is gone, BadInput for a file outside of the home.
    """
    key = variables.get("RECRATE_LAUNCH")
    if key:
        shared = Path(variables.get("RECRATE_SHARED") or "/nowhere")
        made = read_prepared(shared, key)
        if not is_whole(shared, made):
            raise OutsideFailed("the crate is not ready any more", hint="launch it again")
        order = SessionOrder(
            location=shared / made.location,
            root=root,
            origin=made.origin,
            given=made.environments,
            target="hub",
        )
        # Data references are there, too; nothing is written.
        return order, replace(settings, cache=shared / "cache")
    where = variables.get("RECRATE_WHERE")
    if where:
        found = here(where, settings=settings)
        return SessionOrder(
            location=found.path, root=root, origin=found.origin, target="hub"
        ), settings
    home = Path.home().resolve()
    path = (home / variables["RECRATE_FILE"]).resolve()
    if not path.is_relative_to(home):
        raise BadInput(
            "is not in your home",
            where=variables["RECRATE_FILE"][:200],
            hint="upload the crate there, or launch it by its address",
        )
    return SessionOrder(location=path, root=root, target="hub"), settings


def server_variables(session: Session, variables: Mapping[str, str], data: Path) -> dict[str, str]:
    """Write the server's configuration; return its environment.

    data: folder of its extension, outside of the session: verdicts stay when that is taken away
    Of the hub's variables all stay that the server answers it with. No kernel gets any: those are
    started with an environment of their own, within walls.
    """
    head = session.read_head()
    config = server_config(head, session, data=data)
    write_text(session.root / "config" / "jupyter_server_config.json", json.dumps(config))
    language = "ja" if variables.get("RECRATE_LANGUAGE") == "ja" else "en"
    write_settings(session, language)
    with disk_errors(session.root):
        (session.root / "runtime").mkdir(mode=0o700, exist_ok=True)
    hold(session.root)
    hub = {
        name: value
        for name, value in variables.items()
        if name.startswith("JUPYTERHUB_") and not _NOT_FOR_LATER.fullmatch(name)
    }
    told = lab_variables(session, variables)
    mine = {name: value for name, value in told.items() if name not in ASKED}
    return mine | hub | {"JUPYTERHUB_DEFAULT_URL": f"/{lab_path(head, None)}"}


def hold(root: Path) -> None:
    """Hold a session's folder for as long as this process lives, also as another program."""
    with disk_errors(root):
        handle = os.open(root / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(handle, fcntl.LOCK_SH)
    os.set_inheritable(handle, True)


def hub_sessions(data: Path) -> Path:
    """Return where sessions on a hub lie: they outlive their servers, others do not."""
    return data / "hub-sessions"


def take_away_old(settings: Settings, *, older_than_seconds: float) -> tuple[str, ...]:
    """Remove sessions that nobody serves any more and that are old or half made; name them.

    What the person saved in them and their verdicts are kept, as when a session ends elsewhere.
    A session that was never finished is not older than the server that would have served it:
    it is left alone for a quarter of an hour.
    """
    gone = []
    folder = hub_sessions(settings.data)
    for root in folder.iterdir() if folder.is_dir() else ():
        finished = (root / MARKER).is_file()
        limit = older_than_seconds if finished else 900.0
        if root.is_dir() and time.time() - root.stat().st_mtime >= limit and not _is_held(root):
            with contextlib.suppress(OutsideFailed):  # what cannot be kept stays where it is
                data = verdicts_folder(settings, root.name)
                part(Session(root=root), data, keep=False, settings=settings)
                remove_tree(root)
                gone.append(root.name)
    return tuple(gone)


def _is_held(root: Path) -> bool:
    lock = root / _LOCK
    if not lock.is_file():
        return False
    with lock.open("r+b") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


if __name__ == "__main__":
    main()
