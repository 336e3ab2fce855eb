"""A step of an image's build: measure what was installed, and make the session's folder.

Run as root, so that what a session is of cannot be changed from within it; nothing of the crate or
of its environment runs here.
"""

import json
import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from recrate.configuration import read_settings
from recrate.crate.read import read_crate
from recrate.environment.current import use_current
from recrate.environment.dockerfile import PREFIX
from recrate.environment.measure import Measured, measure_installed
from recrate.environment.pylock import installed_by, read_pylock
from recrate.flow.replay import read_recorded
from recrate.flow.running import language_of
from recrate.flow.sessions import SessionOrder, make_session
from recrate.flow.settings import Settings
from recrate.launch.lab import lab_path, server_config
from recrate.launch.session import MARKER, Session
from recrate.model.environment import Environment, Lock
from recrate.model.errors import BadCrate, RecrateError
from recrate.model.wire import from_json, to_json
from recrate.outside.disk import write_text
from recrate.outside.tools import Interpreter
from recrate.replay.places import Places
from recrate.replay.variables import kernel_variables
from recrate_binder.image.about import IN_IMAGE, About
from recrate_binder.image.dockerfile import SESSION

WRITABLE = ("config", "data", "runtime", "checkpoints", "verdicts", "home", "tmp")
"""Folders of the session that JupyterLab writes to."""
_STICKY = 0o1777
"""Of the session's folder: files can be added to it, and root's cannot be put aside."""


def main(arguments: list[str]) -> int:
    """Make the session of the crate in the folder that is named; 1 where that cannot be."""
    about = from_json(Path(IN_IMAGE).read_bytes(), About, where=str(IN_IMAGE))
    with tempfile.TemporaryDirectory() as scratch:
        settings = read_settings()
        settings = replace(settings, cache=Path(scratch), data=Path(scratch))
        try:
            session = make_in_image(
                Path(arguments[0]), Path(SESSION), about, os.environ, settings=settings
            )
        except RecrateError as error:
            sys.stderr.write(
                f"recrate: {error}\n" + (f"hint: {error.hint}\n" if error.hint else "")
            )
            return 1
    give_to(session, int(os.environ["NB_UID"]))
    for one in session.read_head().environments:
        state = "as locked" if one.restored else "; ".join(one.differences) or "not restored"
        sys.stdout.write(f"recrate: {one.language} {one.python}, {len(one.packages)} packages, ")
        sys.stdout.write(f"{state[:2000]}\n")
    return 0


def make_in_image(
    crate: Path, root: Path, about: About, variables: Mapping[str, str], *, settings: Settings
) -> Session:
    """Return the session of an image, made in `root`, with its server's configuration.

    crate:     the crate's folder; variables: REPO_DIR, where the working copy is, HOME and USER
    Raises BadCrate where the image has a kernel for none of the crate's notebooks.
    """
    study = Path(variables["REPO_DIR"])
    given = environments_of(crate, study, variables, settings)
    if not given:
        raise BadCrate(
            "the image has a kernel for none of its notebooks",
            where=about.source,
            hint="install the kernel in the study's own binder/ and pack again",
        )
    order = SessionOrder(
        location=crate,
        root=root,
        study=study,
        given=given,
        walls="container",
        target="container",
        origin=about.origin,
    )
    session = make_session(order, settings=settings)
    head = replace(session.read_head(), id=about.crate[:16], location=about.source)
    write_text(root / MARKER, to_json(head))
    write_text(root / "image.json", to_json(about))
    config = server_config(head, session, data=root / "verdicts")
    config["ServerApp"].pop("allow_remote_access", None)  # a container is reached by its port
    first = f"/{lab_path(head, None)}"
    config["ServerApp"]["default_url"] = config["LabApp"]["default_url"] = first
    write_text(root / "server" / "jupyter_server_config.json", json.dumps(config))
    return session


def environments_of(
    location: Path, study: Path, variables: Mapping[str, str], settings: Settings
) -> dict[str, Environment]:
    """Return what the image has for each language of the notebooks, measured."""
    crate = read_crate(location)
    found: dict[str, Environment] = {}
    for language in dict.fromkeys(map(language_of, read_recorded(crate, study, ()).values())):
        one = None
        if language == "python" and crate.lock is not None:
            one = measured_environment(crate.lock, Path(PREFIX))
        elif language != "python":
            current = use_current(language, kernel=None)
            one = current if isinstance(current, Environment) else None
        if one is not None:
            found[language] = closed(one, variables, settings)
    return found


def measured_environment(lock: Lock, prefix: Path) -> Environment:
    """Return the virtual environment at `prefix` as it is; nothing of it runs."""
    python = prefix / "bin" / "python"
    packages = next((prefix / "lib").glob("python3*/site-packages"))
    base = Interpreter(program=str(python.resolve()), version="", prefix="")
    measured = measure_installed(base, packages)
    differences = differences_from(lock, measured)
    exact = lock.python.count(".") < 2 or lock.python == measured.python
    other = () if exact else (f"Python is {measured.python}, the study's was {lock.python}",)
    return Environment(
        language="python",
        python=measured.python,
        folder=str(prefix),
        kernel_command=(str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"),
        packages=measured.packages,
        restored=not differences,
        seconds=0.0,
        differences=differences,
        notes=other,
    )


def differences_from(lock: Lock, measured: Measured) -> tuple[str, ...]:
    """Return what is not installed as the lock says, one line each."""
    wanted = {
        one.name: one.version for one in installed_by(read_pylock(lock.pylock), measured.markers)
    }
    have = {one.name: one.version for one in measured.packages}
    return tuple(
        f"{name} is {have.get(name, 'missing')}, the lock says {wanted.get(name, 'nothing of it')}"
        for name in sorted(wanted.keys() | have.keys())
        if wanted.get(name) != have.get(name)
    )


def closed(
    environment: Environment, variables: Mapping[str, str], settings: Settings
) -> Environment:
    """Return an environment whose kernel gets a process environment of its own, as in a replay.

    What the server was started with, tokens among it, is not handed on.
    """
    nowhere = Places(scratch=Path("/"), sockets=Path("/"), walled=True)
    told = kernel_variables(environment, replace(settings.replay, sandboxed=True), nowhere)
    told |= {name: variables[name] for name in ("HOME", "USER") if name in variables}
    assignments = tuple(f"{name}={value}" for name, value in sorted(told.items()))
    command = ("/usr/bin/env", "-i", *assignments, *environment.kernel_command)
    return replace(environment, kernel_command=command)


def give_to(session: Session, uid: int) -> None:
    """Let everybody read the session, and its user write where JupyterLab does."""
    for name in WRITABLE:
        (session.root / name).mkdir(exist_ok=True)
    for path in (session.root, *session.root.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    session.root.chmod(_STICKY)
    for name in WRITABLE:
        for path in (session.root / name, *(session.root / name).rglob("*")):
            os.chown(path, uid, uid)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
