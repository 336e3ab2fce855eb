"""One notebook's run: papermill at work in a kernel, and what came of it."""

import asyncio
import contextlib
import math
import signal
import time
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from jupyter_core.utils import ensure_event_loop
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from recrate.model.observation import Asked, Drew, Fetched, HeldUp, RunError, Status
from recrate.model.study import EXPENSIVE
from recrate.replay.client import LeftByItself, ReplayClient, ReplayEngine
from recrate.replay.conversation import Conversation, NoKernel
from recrate.replay.ends import Ends
from recrate.replay.errors import TRACE_CHARACTERS, error_of
from recrate.replay.kernels import Kernel
from recrate.replay.onward import Onward
from recrate.replay.parameters import inject
from recrate.replay.saving import read_recorded
from recrate.replay.settings import ReplaySettings
from recrate.replay.swallowed import caught_before

_ASKING = 30
"""Seconds that a kernel has to say what it caught."""
_NOT_RUN = "was not run: its author declared it as too expensive; its recorded output was kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """When a notebook must be done, on the monotonic clock, and which limit says so."""

    moment: float | None
    words: str

    def left(self) -> float:
        """Return the seconds until then; infinity where there is no limit."""
        return math.inf if self.moment is None else self.moment - time.monotonic()


@dataclass(kw_only=True)
class Run:
    """What one notebook's run left: the executed notebook, and how it ended.

    shift: index of a parameter cell that the recorded notebook does not have, None when none
    """

    notebook: Any
    status: Status = "completed"
    error: RunError | None = None
    shift: int | None = None
    seconds_in_cells: float = 0.0
    cut: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    asked: tuple[Asked, ...] = ()
    fetched: tuple[Fetched, ...] = ()
    held_up: tuple[HeldUp, ...] = ()
    drew: tuple[Drew, ...] = ()

    def recorded_index(self, index: int | None) -> int | None:
        """Return a cell's index in the recorded notebook; None for the parameter cell of ours."""
        if index is None or self.shift is None or index < self.shift:
            return index
        return None if index == self.shift else index - 1


def open_notebook(path: Path, settings: ReplaySettings, language: str) -> Run:
    """Return a run that has not begun; raises ValueError or BadInput when it cannot begin."""
    notebook = read_recorded(path)
    shift = None
    if settings.parameters:
        notebook, shift = inject(notebook, settings.parameters, language)
    return Run(notebook=notebook, shift=shift)


def run_notebook(
    run: Run,
    kernel: Kernel,
    *,
    prelude: str,
    settings: ReplaySettings,
    deadline: Deadline,
    on_cell: Callable[[int], None],
    onward: Onward | None = None,
) -> None:
    """Run a notebook's cells in `kernel` and write into `run` how that ended.

    onward: says behind which failed cells the run goes on; without it, behind none.
    KeyboardInterrupt passes through, with the run marked as interrupted.
    """
    conversation = Conversation(kernel)
    clients: list[ReplayClient] = []
    ends = Ends(run=run, kernel=kernel, onward=onward)
    make_one = partial(
        ReplayClient, conversation=conversation,
        output_bytes=settings.output_bytes,
        cell_timeout_seconds=settings.cell_timeout_seconds,
        deadline=deadline.moment,
        kept=kept_outputs(run.notebook),
        tolerated=meant_errors(run.notebook),
        on_cell=on_cell,
        goes_on=ends.take,
    )  # fmt: skip

    def make_client(manager: Any) -> ReplayClient:
        clients.append(make_one(manager))
        return clients[0]

    try:
        conversation.open(timeout_seconds=settings.start_timeout_seconds, prelude=prelude)
        ReplayEngine.execute_notebook(
            run.notebook, "", progress_bar=False, autosave_cell_every=0, make_client=make_client
        )
    except NoKernel as problem:
        run.status = "failed"
        run.error = error_of("NoKernel", problem.message, None, problem.where)
    except KeyboardInterrupt:
        run.status = "interrupted"
        raise
    except (DeadKernelError, CellTimeoutError, LeftByItself) as problem:
        _write_end(run, problem, kernel, clients[0], deadline)
    else:
        _write_failure(run)
        _write_before(run, conversation, deadline)
    finally:
        _settle(conversation)
        if clients:
            _write_work(run, clients[0], conversation, ends)
    if run.status == "completed":
        _write_held_up(run)


def kept_outputs(notebook: Any) -> dict[int, list[Any]]:
    """Return the cells that their author declares as too expensive to run, with their outputs.

    By the tag `recrate-expensive`, or `metadata.recrate.expensive`: true.
    """
    found = {}
    for index, cell in enumerate(notebook.cells):
        own, tags = cell.metadata.get("recrate"), cell.metadata.get("tags")
        meant = isinstance(own, dict) and own.get("expensive") is True
        meant = meant or (isinstance(tags, list) and EXPENSIVE in tags)
        if meant and cell.cell_type == "code":
            found[index] = deepcopy(cell.get("outputs", []))
    return found


def meant_errors(notebook: Any) -> frozenset[int]:
    """Return the cells whose recorded output is an error: it was meant, so it stops nothing."""
    return frozenset(
        index
        for index, cell in enumerate(notebook.cells)
        if any(output.get("output_type") == "error" for output in cell.get("outputs", ()))
    )


def _write_work(run: Run, client: ReplayClient, conversation: Conversation, ends: Ends) -> None:
    ends.finish(client.current)
    info = conversation.info.get("language_info")
    if isinstance(info, dict):
        run.notebook.metadata["language_info"] = info
    run.seconds_in_cells = client.seconds_in_cells
    recorded = (run.recorded_index(index) for index in sorted(client.cut))
    run.cut = tuple(index for index in recorded if index is not None)
    run.notes += tuple(f"cell {run.recorded_index(index)} {_NOT_RUN}" for index in client.kept)
    if client.lost_messages:
        run.notes += (f"{client.lost_messages} messages of the kernel could not be understood",)


def _write_end(
    run: Run,
    problem: BaseException,
    kernel: Kernel,
    client: ReplayClient,
    deadline: Deadline,
) -> None:
    """Say how a kernel came to its end in the middle of a cell."""
    cell = run.recorded_index(client.current)
    said = kernel.confined.said()
    if isinstance(problem, LeftByItself):
        run.notes += (f"cell {cell} ended the kernel on purpose; the cells after it were not run",)
        _write_failure(run)
    elif isinstance(problem, CellTimeoutError):
        limit = client.cell_timeout_seconds
        passed = deadline.moment is not None and time.monotonic() >= deadline.moment - 0.1
        words = deadline.words if passed else f"the limit of {limit:g} seconds for a cell"
        run.status = "timeout"
        run.error = error_of("Timeout", f"{words} was reached", cell, said)
    elif kernel.confined.ran_out_of_memory():
        run.status = "memory"
        limit_bytes = kernel.confined.bounds.limits.memory_bytes or 0
        words = f"the kernel needed more than the {limit_bytes:,} bytes it may have"
        run.error = error_of("OutOfMemory", words, cell, said)
    else:
        run.status = "killed"
        run.error = error_of("DeadKernel", _how_it_died(kernel), cell, said)


def _how_it_died(kernel: Kernel) -> str:
    if kernel.confined.broken == "processes":
        limit = kernel.confined.bounds.limits.processes
        return f"the kernel was ended: more than {limit} processes"
    code = kernel.confined.poll()
    if code is None:
        return "the kernel died"
    number = -code if code < 0 else code - 128
    with contextlib.suppress(ValueError):
        return f"the kernel was ended by {signal.Signals(number).name}"
    return f"the kernel ended with exit code {code}"


def _write_failure(run: Run) -> None:
    """Find the cell that papermill marked as the one that stopped the notebook."""
    for index, cell in enumerate(run.notebook.cells):
        if not cell.metadata.get("papermill", {}).get("exception"):
            continue
        errors = [out for out in cell.get("outputs", ()) if out.get("output_type") == "error"]
        last = errors[-1] if errors else _printed_error(cell)
        name, message = str(last.get("ename", "")), str(last.get("evalue", ""))
        if name == "SystemExit" and message in {"", "0", "None"}:
            place = run.recorded_index(index)
            run.notes += (f"cell {place} left with sys.exit(); the cells after it were not run",)
            break
        run.status = "failed"
        trace = "\n".join(str(line) for line in last.get("traceback", ()))
        run.error = error_of(
            name or "CellExecutionError", message, run.recorded_index(index), trace
        )
        return


def _write_held_up(run: Run) -> None:
    """Where no cell stopped the notebook: the first held up that failed says it is no success."""
    first = next((one.error for one in run.held_up if one.error is not None), None)
    if first is not None:
        run.status, run.error = "failed", first


def _write_before(run: Run, conversation: Conversation, deadline: Deadline) -> None:
    """Ask the kernel, which still lives, for the error that an earlier cell caught itself."""
    error, left = run.error, deadline.left()
    if error is None or error.cell is None or left < 1:
        return
    failed = error.cell + (run.shift is not None and error.cell >= run.shift)
    caught = caught_before(error, run.notebook.cells, failed, conversation, min(left, _ASKING))
    if caught is not None:
        raised = replace(caught, cell=run.recorded_index(caught.cell))
        run.error = replace(error, before=raised)


def _printed_error(cell: Any) -> dict[str, str]:
    """Return the error that a cell only prints: IPython says so that a magic is unknown."""
    texts = [out.get("text", "") for out in cell.get("outputs", ()) if out.get("name") == "stderr"]
    lines = "".join(texts)[-TRACE_CHARACTERS:].rstrip().rsplit("\n", 1)
    name, colon, message = lines[-1].partition(": ")
    if colon and name.isidentifier() and name.endswith(("Error", "Exception")):
        return {"ename": name, "evalue": message}
    return {}


def _settle(conversation: Conversation) -> None:
    """Cancel what still waits for messages, then close the sockets."""
    loop = ensure_event_loop()
    waiting = asyncio.all_tasks(loop)
    for task in waiting:
        task.cancel()
    if waiting:
        loop.run_until_complete(asyncio.gather(*waiting, return_exceptions=True))
    conversation.close()
