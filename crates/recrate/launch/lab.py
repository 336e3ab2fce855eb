"""The JupyterLab of a session: one that can start the session's kernels and nothing else.

What a notebook puts on the page may speak to the server in the person's name. So this server has
no terminals, no other kernels, no extension manager and no configuration but the one written here.
"""

import json
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

from recrate.launch.session import Session
from recrate.model.errors import BadInput, OutsideFailed
from recrate.model.launch import SessionHead
from recrate.outside.disk import disk_errors, write_text
from recrate.outside.loopback import free_port, listens
from recrate.outside.process import kill_tree, start_logged, wait_until

SESSION_VARIABLE = "RECRATE_SESSION"
"""Tells the server extension which session it serves."""


@dataclass(kw_only=True)
class Lab:
    """A JupyterLab that runs; `url` opens it and holds its token."""

    pid: int
    url: str
    log: Path
    process: Any

    def wait(self) -> int:
        """Wait for its end and return the exit code."""
        code: int = self.process.wait()
        return code

    def end(self) -> None:
        """End it with its kernels."""
        kill_tree(self.pid)
        self.process.wait()


def lab_path(head: SessionHead, notebook: str | None) -> str:
    """Return the path of the page that opens a notebook of the session in JupyterLab."""
    return f"lab/tree/{quote(notebook or head.first)}"


def server_config(head: SessionHead, session: Session, *, data: Path) -> dict[str, Any]:
    """Return what a Jupyter server of a session is configured with, wherever it is started.

    data: folder of the server extension: jobs and verdicts
    """
    names = sorted(one.name for one in (session.share / "kernels").iterdir())
    return {
        "ServerApp": {
            "root_dir": head.study,
            "terminals_enabled": False,
            "open_browser": False,
            "allow_remote_access": False,
        },
        "KernelSpecManager": {"ensure_native_kernel": False, "allowed_kernelspecs": names},
        "MultiKernelManager": {"default_kernel_name": names[0] if len(names) == 1 else "python3"},
        "LabApp": {"extension_manager": "readonly", "news_url": None},
        "RecrateServer": {"data_folder": str(data)},
    }


def lab_variables(session: Session, outer: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a session's server: the outer one, with folders of its own."""
    told = {name: value for name, value in outer.items() if not name.startswith("JUPYTER")}
    return told | {
        "JUPYTER_CONFIG_DIR": str(session.root / "config"),
        "JUPYTER_DATA_DIR": str(session.root / "data"),
        "JUPYTER_RUNTIME_DIR": str(session.root / "runtime"),
        "JUPYTER_PATH": str(session.share),
        SESSION_VARIABLE: str(session.root),
    }


def start_lab(
    session: Session,
    *,
    notebook: str | None,
    language: str,
    variables: Mapping[str, str],
    data: Path,
    timeout_seconds: float = 120.0,
) -> Lab:
    """Start the session's JupyterLab and return once it answers.

    Raises BadInput where JupyterLab is not installed, OutsideFailed where it does not start.
    """
    if find_spec("jupyterlab") is None or find_spec("recrate_server") is None:
        raise BadInput(
            "JupyterLab is not installed beside recrate",
            where=sys.prefix,
            hint="pip install 'recrate[lab]', or choose another place with --on",
        )
    head = session.read_head()
    config = server_config(head, session, data=data)
    port, token = free_port(), secrets.token_urlsafe(32)
    config["ServerApp"] |= {"port": port, "port_retries": 0, "ip": "127.0.0.1", "allow_root": True}
    config["IdentityProvider"] = {"token": token}
    write_text(session.root / "config" / "jupyter_server_config.json", json.dumps(config))
    _choose_language(session, language)
    with disk_errors(session.root):
        (session.root / "runtime").mkdir(mode=0o700, exist_ok=True)
    log = session.root / "lab.log"
    process = start_logged(
        [sys.executable, "-m", "jupyterlab"],
        log=log,
        folder=session.root,
        variables=lab_variables(session, variables),
    )
    lab = Lab(
        pid=process.pid,
        url=f"http://127.0.0.1:{port}/{lab_path(head, notebook)}?token={token}",
        log=log,
        process=process,
    )
    started = False
    try:
        started = wait_until(lambda: listens(port), process, timeout_seconds=timeout_seconds)
    finally:
        if not started:
            lab.end()
    if not started:
        raise OutsideFailed(
            f"JupyterLab did not start: {_last_line(log)}",
            where=str(log),
            hint="its log says why",
        )
    return lab


def _choose_language(session: Session, language: str) -> None:
    if language == "en":
        return
    place = session.root / "config" / "lab" / "user-settings" / "@jupyterlab"
    place = place / "translation-extension" / "plugin.jupyterlab-settings"
    write_text(place, json.dumps({"locale": "ja_JP"}))


def _last_line(log: Path) -> str:
    lines = log.read_text("utf-8", "replace").strip().splitlines() if log.is_file() else []
    return lines[-1][:300] if lines else "it said nothing"
