"""Target `here`: JupyterLab on this machine, its kernels within walls."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from recrate.launch.lab import Lab, start_lab
from recrate.launch.session import Session
from recrate.launch.target import Cargo, Running, Workshop
from recrate.model.finding import Finding
from recrate.model.launch import AboutTarget, Launched, LaunchOrder, TargetCapabilities
from recrate.model.progress import Progress

VERDICTS = "verdicts"
"""In a session's folder: what the server extension keeps, the reviewer's verdicts among it."""


@dataclass
class Here:
    """Opens a session in the JupyterLab that is installed beside this program."""

    answers: Mapping[str, str]
    workshop: Workshop

    about = AboutTarget(
        kind="here",
        title_en="This machine",
        title_ja="このマシン",
        capabilities=TargetCapabilities(starts=True, walls="sandbox", limits=True, wants="session"),
    )

    def check(self, cargo: Cargo, order: LaunchOrder) -> tuple[Finding, ...]:
        """Return nothing: what does not work here is said while the session is made."""
        del cargo, order
        return ()

    def launch(self, cargo: Cargo, order: LaunchOrder, progress: Progress) -> Running:
        """Start JupyterLab in the session that was made, and return once it answers."""
        assert cargo.session is not None, "this target wants a session"
        began = time.monotonic()
        progress("start", 0, 1, "JupyterLab")
        lab = start_lab(
            cargo.session,
            notebook=order.notebook,
            language=order.language,
            variables=self.workshop.variables,
            data=cargo.session.root / VERDICTS,
        )
        progress("start", 1, 1, "JupyterLab")
        launched = Launched(
            target="here",
            url=lab.url,
            session=cargo.session.read_head().id,
            waits=True,
            seconds=time.monotonic() - began,
        )
        return _Running(launched=launched, lab=lab, session=cargo.session)

    def reap(self) -> tuple[str, ...]:
        """Return nothing: sessions are the flow's to take away."""
        return ()


@dataclass(kw_only=True)
class _Running:
    launched: Launched
    lab: Lab
    session: Session

    def wait(self) -> int:
        return self.lab.wait()

    def end(self) -> None:
        self.lab.end()
