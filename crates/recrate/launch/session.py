"""A session's folder: the working copy, what was recorded, the kernels, and what JupyterLab reads.

```
session.json      SessionHead
crate.json        the crate as it was read
recorded/         the notebooks as published
around/study/     the working copy, the root of JupyterLab's files (unless it lies elsewhere)
home/ tmp/        of the kernels
share/kernels/    kernelspecs, one for every name that a notebook asks for
config/ runtime/ data/ checkpoints/   of this JupyterLab alone
saved.jsonl       what the person saved in JupyterLab
owner.json server.json   the processes that it ends with (target `here`)
```
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from recrate.model.crate import Crate
from recrate.model.environment import Environment
from recrate.model.errors import NotFound
from recrate.model.launch import SessionHead
from recrate.model.study import Notebook
from recrate.model.wire import from_json, to_json
from recrate.outside.disk import disk_errors, write_text

MARKER = "session.json"
PROVISIONER = "recrate-walls"
"""Entry point of the group `jupyter_client.kernel_provisioners`."""

_KERNEL_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_USUAL = {"python": "python3", "r": "ir", "julia": "julia"}


def usual_kernel(language: str) -> str:
    """Return the name under which a session always offers the kernel of a language.

    A language that is no fit name for a folder, as hostile crates may bring, gets a plain one.
    """
    name = _USUAL.get(language, language)
    return name if _KERNEL_NAME.fullmatch(name) else "crate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A session on this machine, known by its folder."""

    root: Path

    @property
    def study(self) -> Path:
        """Return where the working copy lies when the session made it."""
        return self.root / "around" / "study"

    @property
    def share(self) -> Path:
        """Return a data folder of Jupyter's that holds only this session's kernels."""
        return self.root / "share"

    def read_head(self) -> SessionHead:
        """Return what this session is of; raises NotFound when the folder holds none."""
        marker = self.root / MARKER
        if not marker.is_file():
            raise NotFound(
                "no session was opened here",
                where=str(self.root),
                hint="open a crate with `recrate launch`",
            )
        return from_json(marker.read_bytes(), SessionHead, where=str(marker))

    def read_crate(self) -> Crate:
        """Return the crate as it was read when the session was made."""
        source = self.root / "crate.json"
        return from_json(source.read_bytes(), Crate, where=str(source))

    def write(self, head: SessionHead, crate: Crate, recorded: dict[str, Notebook]) -> None:
        """Write what the session is of; `session.json` last, so that it is there whole or not."""
        for path, notebook in recorded.items():
            write_text(self.root / "recorded" / path, json.dumps(notebook, ensure_ascii=False))
        write_text(self.root / "crate.json", to_json(crate))
        write_text(self.root / MARKER, to_json(head))

    def write_kernels(
        self, environments: dict[str, Environment], names: dict[str, str], *, walled: bool
    ) -> None:
        """Write the kernelspecs, and the environment that each starts beside them.

        walled: started by our provisioner, within walls or as `session.json` says; False in a
                container, which is wall enough

        environments: by language
        names:        of the kernels that notebooks ask for, with the language of each
        """
        wanted = {usual_kernel(language): language for language in environments}
        wanted |= {
            name.lower(): language
            for name, language in names.items()
            if language in environments and _KERNEL_NAME.fullmatch(name.lower())
        }
        for name, language in wanted.items():
            environment = environments[language]
            folder = self.share / "kernels" / name
            with disk_errors(folder):
                folder.mkdir(parents=True, exist_ok=True)
            write_text(folder / "environment.json", to_json(environment))
            spec = self._spec(environment, folder, walled)
            write_text(folder / "kernel.json", json.dumps(spec))

    def default_kernel(self, head: SessionHead) -> str:
        """Return the kernel for notebooks that name none: that of the first notebook's language."""
        return usual_kernel(head.environments[0].language if head.environments else "python")

    def _spec(self, environment: Environment, folder: Path, walled: bool) -> dict[str, object]:
        version = environment.python if environment.language == "python" else ""
        label = f"{environment.language.capitalize()} {version}".strip()
        other = "" if folder.name == usual_kernel(environment.language) else f", as {folder.name}"
        own = {
            "provisioner_name": PROVISIONER,
            "config": {"session": str(self.root), "environment": str(folder)},
        }
        return {
            "argv": list(environment.kernel_command),
            "display_name": f"{label} (crate{other})",
            "language": environment.language,
            "interrupt_mode": "signal",
            "env": {} if walled else dict(environment.variables),
            "metadata": {"debugger": False, **({"kernel_provisioner": own} if walled else {})},
        }
