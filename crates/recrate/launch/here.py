"""Target `here`: JupyterLab on this machine, its kernels within walls."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from recrate.launch.lab import Lab, is_installed, lab_path, start_lab
from recrate.launch.session import Session
from recrate.launch.target import Cargo, Running, Workshop
from recrate.model.deposit import Option
from recrate.model.errors import BadInput
from recrate.model.finding import Finding, Severity
from recrate.model.launch import AboutTarget, Launched, LaunchOrder, TargetCapabilities
from recrate.model.progress import Progress


@dataclass
class Here:
    """Opens a session in the JupyterLab that is installed beside this program."""

    answers: Mapping[str, str]
    workshop: Workshop
    _lab: Lab | None = None
    _began: float = 0.0

    about = AboutTarget(
        kind="here",
        title_en="This machine",
        title_ja="このマシン",
        capabilities=TargetCapabilities(starts=True, walls="sandbox", limits=True, wants="session"),
        options=(
            Option(
                name="port",
                label_en="Port of JupyterLab",
                label_ja="JupyterLab のポート",
                help_en="A free one where nothing is said.",
                help_ja="指定しなければ空いているポートを使います。",
            ),
        ),
    )

    def check(self, cargo: Cargo, order: LaunchOrder) -> tuple[Finding, ...]:
        """Say whether JupyterLab is here; all else is said while the session is made."""
        del cargo, order
        self._port()
        if is_installed():
            return ()
        return (
            Finding(
                severity=Severity.ERROR,
                code="no-jupyterlab",
                where="here",
                message="JupyterLab is not installed beside recrate",
                hint="pip install 'recrate[lab]', or choose another place with --on",
            ),
        )

    def begin(
        self, session: Session, study: Path, kernel: str, order: LaunchOrder, data: Path
    ) -> None:
        """Start JupyterLab while the session is still being made."""
        self._began = time.monotonic()
        self._lab = start_lab(
            session,
            study=study,
            kernel=kernel,
            language=order.language,
            variables=self.workshop.variables,
            data=data,
            port=self._port(),
        )

    def abandon(self) -> None:
        """End what `begin` started."""
        if self._lab is not None:
            self._lab.end()

    def launch(self, cargo: Cargo, order: LaunchOrder, progress: Progress) -> Running:
        """Return once the JupyterLab that `begin` started answers."""
        assert cargo.session is not None, "this target wants a session"
        assert self._lab is not None, "begin comes first"
        progress("start", 0, 1, "JupyterLab")
        self._lab.wait_until_it_answers()
        progress("start", 1, 1, "JupyterLab")
        head = cargo.session.read_head()
        launched = Launched(
            target="here",
            url=self._lab.address(lab_path(head, order.notebook)),
            session=head.id,
            waits=True,
            seconds=time.monotonic() - self._began,
            notes=head.notes,
        )
        return _Running(launched=launched, lab=self._lab)

    def reap(self) -> tuple[str, ...]:
        """Return nothing: sessions are the flow's to take away."""
        return ()

    def _port(self) -> int | None:
        said = self.answers.get("port", "")
        if not said:
            return None
        if not said.isdecimal() or not 0 < int(said) < 65536:
            raise BadInput(f"{said[:20]!r} is no port", where="--set port", hint="1 to 65535")
        return int(said)


@dataclass(kw_only=True)
class _Running:
    launched: Launched
    lab: Lab

    def wait(self) -> int:
        return self.lab.wait()

    def end(self) -> None:
        self.lab.end()
