"""One run of a study: every notebook in order, and everything that was seen."""

import json
import time
from pathlib import Path
from typing import Any

import nbformat
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.iorw import load_notebook_node

from recrate.model.crate import Crate
from recrate.model.environment import Environment
from recrate.model.errors import Refused
from recrate.model.observation import (
    EnvironmentSeen,
    NotebookObservation,
    Observation,
    RunError,
)
from recrate.model.progress import Progress, silent
from recrate.outside import sandbox
from recrate.outside.confined import Confined
from recrate.outside.disk import scratch_folder, write_text
from recrate.outside.limits import Limits
from recrate.replay.client import ReplayEngine
from recrate.replay.copies import StudyCopy
from recrate.replay.kernels import Kernel, NoKernel
from recrate.replay.settings import ReplaySettings


def observe(
    study: Path,
    notebooks: tuple[str, ...],
    environment: Environment,
    *,
    crate: Crate,
    settings: ReplaySettings,
    destination: Path,
    repeat: int = 0,
    earlier: Observation | None = None,
    progress: Progress = silent,
) -> Observation:
    """Run `notebooks` of `study` in `environment` and say what was seen. Thin for now."""
    if settings.sandboxed and not (found := sandbox.availability()).ok:
        raise Refused(f"no sandbox: {found.reason}", hint=found.hint)
    started = settings.clock().isoformat()
    seen: list[NotebookObservation] = []
    with scratch_folder() as scratch:
        copy = StudyCopy.make(study, scratch / "study")
        for done, path in enumerate(notebooks):
            progress("replay", done, len(notebooks), path)
            seen.append(_run(path, copy, environment, settings, scratch / f"k{done}", destination))
    return Observation(
        crate=crate.identity,
        crate_name=crate.name,
        repeat=repeat,
        agent=settings.agent,
        started=started,
        ended=settings.clock().isoformat(),
        runner=settings.runner,
        sandbox="bubblewrap" if settings.sandboxed else "none",
        environment=EnvironmentSeen(
            language=environment.language,
            python=environment.python,
            packages=environment.packages,
            restored=environment.restored,
            seconds=environment.seconds,
            differences=environment.differences,
            notes=environment.notes,
        ),
        notebooks=tuple(seen),
        parameters=settings.parameters,
        network_allowed=settings.allow_network,
    )


def _run(
    path: str,
    copy: StudyCopy,
    environment: Environment,
    settings: ReplaySettings,
    folder: Path,
    destination: Path,
) -> NotebookObservation:
    begun = time.monotonic()
    notebook: Any = load_notebook_node(str(copy.root / path))
    error: RunError | None = None
    status: Any = "completed"

    def launch(place: Path) -> Confined:
        words = [
            part.replace("{connection_file}", str(place / "c.json"))
            for part in environment.kernel_command
        ]
        readable = tuple(
            part for part in (environment.folder, *environment.mounts) if part is not None
        )
        walls = sandbox.Walls(
            folder=str((copy.root / path).parent),
            readable=readable,
            writable=(str(place), str(copy.root)),
            network=settings.allow_network,
            variables={"PATH": "/usr/bin:/bin", "HOME": sandbox.HOME, "LANG": settings.locale},
            limits=Limits(memory_bytes=settings.memory_bytes, processes=settings.processes),
        )
        return sandbox.start(words, walls)

    kernel = Kernel.start(folder, launch)
    try:
        kernel.connect(timeout_seconds=settings.start_timeout_seconds, prelude="", limit_bytes=0)
        ReplayEngine.execute_notebook(notebook, "", progress_bar=False, kernel=kernel)
    except NoKernel as problem:
        status = "failed"
        error = RunError(
            name="NoKernel", message=problem.message, cell=None, traceback=problem.where
        )
    except DeadKernelError as problem:
        status, error = "killed", RunError(name="DeadKernel", message=str(problem), cell=None)
    except CellTimeoutError as problem:
        status, error = "timeout", RunError(name="Timeout", message=str(problem), cell=None)
    finally:
        kernel.end()
    for index, cell in enumerate(notebook.cells):
        if cell.metadata.get("papermill", {}).get("exception"):
            for output in cell.get("outputs", ()):
                if output.output_type == "error":
                    status = "failed"
                    error = RunError(
                        name=output.ename,
                        message=output.evalue,
                        cell=index,
                        traceback="\n".join(output.traceback)[-8000:],
                    )
    changes = copy.changes()
    rerun = f"notebooks/{path}"
    write_text(destination / rerun, json.dumps(nbformat.v4.upgrade(notebook), ensure_ascii=False))
    return NotebookObservation(
        path=path,
        status=status,
        seconds=time.monotonic() - begun,
        rerun=rerun,
        error=error,
        written=changes.written,
    )
