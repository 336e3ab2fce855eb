"""The JupyterLab of a session on this machine: started early, ended with its kernels."""

import json
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

from recrate.launch.care import note_server
from recrate.launch.configured import (
    SESSION_VARIABLE,
    lab_command,
    lab_variables,
    server_config,
    session_config,
    write_settings,
)
from recrate.launch.session import Session
from recrate.model.errors import BadInput, OutsideFailed
from recrate.model.launch import SessionHead
from recrate.outside.disk import disk_errors, write_text
from recrate.outside.loopback import free_port, listens
from recrate.outside.process import kill_tree, start_logged, wait_until
from recrate.outside.tether import Tether

__all__ = [
    "SESSION_VARIABLE",
    "Lab",
    "is_installed",
    "lab_path",
    "lab_variables",
    "server_config",
    "start_lab",
]


@dataclass(kw_only=True)
class Lab:
    """A JupyterLab that starts or runs. `address` opens it and holds its token.

    It ends with this process, however that ends.
    """

    pid: int
    port: int
    token: str
    log: Path
    process: Any
    tether: Tether = field(repr=False)

    def address(self, path: str) -> str:
        """Return the address of one of its pages."""
        return f"http://127.0.0.1:{self.port}/{path}?token={self.token}"

    def wait_until_it_answers(self, timeout_seconds: float = 120.0) -> None:
        """Return once it answers; raises OutsideFailed where it does not start."""
        if not wait_until(self._answers, self.process, timeout_seconds=timeout_seconds):
            self.end()
            raise OutsideFailed(
                f"JupyterLab did not start: {last_line(self.log)}",
                where="JupyterLab",
                hint="try `jupyter lab` by itself, with the Python that runs recrate",
            )

    def _answers(self) -> bool:
        """Say whether it is this very server that listens: it notes its own port once it has it."""
        noted = any((self.log.parent / "runtime").glob(f"jpserver-{self.pid}.json"))
        return noted and listens(self.port)

    def wait(self) -> int:
        """Wait for its end and return the exit code."""
        code: int = self.process.wait()
        return code

    def end(self) -> None:
        """End it with its kernels; may be called more than once."""
        if self.process.poll() is None:
            kill_tree(self.pid)
            self.process.wait()
        self.tether.let_go()


def is_installed() -> bool:
    """Say whether JupyterLab and our server extension are installed beside this program."""
    return all(find_spec(name) is not None for name in ("jupyterlab", "recrate_server"))


def lab_path(head: SessionHead, notebook: str | None) -> str:
    """Return the path of the page that opens a notebook of the session in JupyterLab."""
    return f"lab/tree/{quote(notebook or head.first)}"


def start_lab(
    session: Session,
    *,
    study: Path,
    kernel: str,
    language: str,
    variables: Mapping[str, str],
    data: Path,
    port: int | None = None,
) -> Lab:
    """Start the session's JupyterLab and return at once; the session may still be in the making.

    study, data, kernel: as of `session_config`
    port: None for a free one; one that is taken is refused when it starts
    Raises BadInput where JupyterLab is not installed.
    """
    if not is_installed():
        raise BadInput(
            "JupyterLab is not installed beside recrate",
            where=sys.prefix,
            hint="pip install 'recrate[lab]', or choose another place with --on",
        )
    config = session_config(session, study=study, data=data, kernel=kernel)
    port, token = port or free_port(), secrets.token_urlsafe(32)
    config["ServerApp"] |= {"port": port, "port_retries": 0, "ip": "127.0.0.1", "allow_root": True}
    config["IdentityProvider"] = {"token": token}
    write_text(session.root / "config" / "jupyter_server_config.json", json.dumps(config))
    write_settings(session, language)
    with disk_errors(session.root):
        (session.root / "runtime").mkdir(mode=0o700, exist_ok=True)
        study.mkdir(parents=True, mode=0o700, exist_ok=True)
    tether = Tether()
    try:
        process = start_logged(
            lab_command(),
            log=session.root / "lab.log",
            folder=session.root,
            variables=lab_variables(session, variables),
        )
    except BaseException:
        tether.let_go()
        raise
    tether.hold_process(process.pid)
    tether.hold_folder(session.root)
    note_server(session.root, process.pid)
    return Lab(
        pid=process.pid,
        port=port,
        token=token,
        log=session.root / "lab.log",
        process=process,
        tether=tether,
    )


def last_line(log: Path) -> str:
    """Return the last line of a log, cut to a readable length."""
    lines = log.read_text("utf-8", "replace").strip().splitlines() if log.is_file() else []
    return lines[-1][:300] if lines else "it said nothing"
