"""How the Jupyter server of a session is configured, wherever it is started.

What a notebook puts on the page may speak to the server in the person's name. So this server has
no terminals, no kernels but the session's, no extensions but JupyterLab and ours, an extension
manager that only shows, no converter that starts programs, and follows no link out of the study.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_config_path

from recrate.launch.session import Session
from recrate.model.launch import SessionHead
from recrate.outside.disk import write_text

SESSION_VARIABLE = "RECRATE_SESSION"
"""Tells the server extension which session it serves."""
EXTENSIONS = ("jupyterlab", "recrate_server")
"""Server extensions that a session has; whatever else is installed is switched off."""
_SECRETS = ("RECRATE_TOKEN_", "RECRATE_SIGNING_")
_STARTS_PROGRAMS = (
    "LatexExporter", "PDFExporter", "QtPDFExporter", "QtPNGExporter", "WebPDFExporter",
)  # fmt: skip


def server_config(head: SessionHead, session: Session, *, data: Path) -> dict[str, Any]:
    """Return what the server of a session that was made is configured with.

    data: folder of the server extension: jobs and verdicts
    """
    return session_config(
        session, study=Path(head.study), data=data, kernel=session.default_kernel(head)
    )


def session_config(session: Session, *, study: Path, data: Path, kernel: str) -> dict[str, Any]:
    """Return the same for a session that is still being made.

    study:  the working copy; the root of JupyterLab's files
    kernel: name of the kernelspec for notebooks that name none
    """
    return {
        "ServerApp": {
            "root_dir": str(study),
            "terminals_enabled": False,
            "open_browser": False,
            "allow_remote_access": False,
            "jpserver_extensions": _extensions(),
            "kernel_spec_manager_class": "recrate.launch.kernelspecs.SessionKernels",
            "contents_manager_class": "recrate_server.handlers.session_files.SessionFiles",
        },
        "SessionKernels": {"folder": str(session.share / "kernels")},
        "MultiKernelManager": {"default_kernel_name": kernel},
        "ContentsManager": {"post_save_hook": "recrate.launch.saves.note_save"},
        "SessionCheckpoints": {"folder": str(session.root / "checkpoints")},
        "LabApp": {"extension_manager": "readonly", "news_url": None},
        "RecrateServer": {"data_folder": str(data)},
        **{name: {"enabled": False} for name in _STARTS_PROGRAMS},
    }


def _extensions() -> dict[str, bool]:
    """Return the switches of all server extensions that some configuration switches on."""
    named: set[str] = set()
    for folder in jupyter_config_path():
        for file in Path(folder).glob("jupyter_server_config.d/*.json"):
            try:
                told = json.loads(file.read_bytes())
                named |= set(told.get("ServerApp", {}).get("jpserver_extensions", {}))
            except (OSError, ValueError, AttributeError, TypeError):
                continue  # a broken file switches nothing on
    return dict.fromkeys(sorted(named), False) | dict.fromkeys(EXTENSIONS, True)


def lab_variables(session: Session, outer: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a session's server: the outer one, with folders of its own.

    No token reaches it: not by variables, and the keyring of the person is not asked.
    """
    told = {
        name: value
        for name, value in outer.items()
        if not name.startswith(("JUPYTER", *_SECRETS)) and name != "PYTHONSTARTUP"
    }
    return told | {
        "JUPYTER_CONFIG_DIR": str(session.root / "config"),
        "JUPYTER_DATA_DIR": str(session.root / "data"),
        "JUPYTER_RUNTIME_DIR": str(session.root / "runtime"),
        "JUPYTER_PATH": str(session.share),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        SESSION_VARIABLE: str(session.root),
    }


def lab_command() -> list[str]:
    """Return the argv of a session's JupyterLab.

    One module is kept from it: `rfc3987_syntax`, with which jsonschema checks a format that nobody
    uses here, compiles a grammar when it is imported: 1.2 of 5 seconds of JupyterLab's start.
    """
    return [sys.executable, "-c", _START]


_START = (
    "import runpy, sys; sys.modules['rfc3987_syntax'] = None; "
    "runpy.run_module('jupyterlab', run_name='__main__', alter_sys=True)"
)


def write_settings(session: Session, language: str) -> None:
    """Write the settings of a session's JupyterLab.

    A notebook that names no kernel, or one that is not here, gets the default one unasked; and a
    cell keeps the time at which it was run, which tells a reviewer's runs from the author's. Nobody
    is asked for news, and no site for updates.
    """
    place = session.root / "config" / "lab" / "user-settings" / "@jupyterlab"
    write_text(
        place / "notebook-extension" / "tracker.jupyterlab-settings",
        json.dumps({"autoStartDefaultKernel": True, "recordTiming": True}),
    )
    write_text(
        place / "apputils-extension" / "notification.jupyterlab-settings",
        json.dumps({"checkForUpdates": False, "fetchNews": "false"}),
    )
    if language != "en":
        write_text(
            place / "translation-extension" / "plugin.jupyterlab-settings",
            json.dumps({"locale": "ja_JP"}),
        )
