"""The first program of a container: it starts what was asked for, in the session of the image.

The server's process is closed to the kernels, which run as the same user: what it was told, a
token among it, they cannot read.
"""

import ctypes
import json
import os
import runpy
import shutil
import sys
from pathlib import Path

_DUMPABLE = 4
"""PR_SET_DUMPABLE of prctl(2)."""
_TRANSLATION = "lab/user-settings/@jupyterlab/translation-extension/plugin.jupyterlab-settings"


def main(arguments: list[str]) -> None:
    """Become the program that was asked for."""
    choose_language(os.environ)
    arguments = command_of(arguments)
    own = Path(sys.executable).parent / arguments[0]
    if own.is_file() and own.read_bytes()[:2] == b"#!":
        ctypes.CDLL(None).prctl(_DUMPABLE, 0, 0, 0, 0)
        sys.argv = [str(own), *arguments[1:]]
        runpy.run_path(str(own), run_name="__main__")
        return
    program = shutil.which(arguments[0])
    if program is None:
        sys.exit(f"recrate: there is no program {arguments[0]} in this image")
    os.execv(program, arguments)  # noqa: S606 - what the container was asked to run


def command_of(arguments: list[str]) -> list[str]:
    """Return what is run: JupyterLab where nothing is named, or what the old notebook was.

    Options alone are JupyterLab's.
    """
    if not arguments or arguments[0].startswith("-"):
        return ["jupyter-lab", *(arguments or ["--ip", "0.0.0.0"])]  # noqa: S104 - a container's own
    if arguments[:2] in (["jupyter", "notebook"], ["jupyter", "lab"]):
        return ["jupyter-lab", *arguments[2:]]
    if arguments[0] == "jupyter-notebook":
        return ["jupyter-lab", *arguments[1:]]
    return arguments


def choose_language(variables: "os._Environ[str] | dict[str, str]") -> None:
    """Write JupyterLab's language where RECRATE_LANGUAGE says Japanese."""
    place = Path(variables.get("JUPYTER_CONFIG_DIR", "")) / _TRANSLATION
    if variables.get("RECRATE_LANGUAGE") != "ja" or place.exists():
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps({"locale": "ja_JP"}), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
