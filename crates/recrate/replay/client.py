"""papermill's own client, held to a budget of outputs and of time."""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Mapping
from typing import Any

from nbclient.client import NotebookClient
from nbclient.exceptions import CellExecutionComplete, CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine

from recrate.replay.budget import Budget, compact, first_of_stream, shorten_error
from recrate.replay.conversation import Conversation, Incoming
from recrate.replay.onward import line_in_cell

_OUTPUTS = frozenset({"stream", "display_data", "execute_result", "error"})

_SILENCE_SECONDS = 4.0
"""A kernel that has answered and publishes nothing for so long lost the end of its outputs."""

_ALIVE_SECONDS = 0.1

_MEANT = "raises-exception"

QUIET = logging.getLogger("recrate.replay")
QUIET.addHandler(logging.NullHandler())
QUIET.propagate = False


class LeftByItself(Exception):  # noqa: N818 - it is no error: the author's code said exit()
    """A cell ended the kernel on purpose; the cells after it are not run."""


class ReplayClient(PapermillNotebookClient):  # type: ignore[misc]
    """Runs the cells of one notebook in a kernel that is already there.

    kept:      cell that is not run → its recorded outputs, which it keeps
    tolerated: indices of cells whose recorded output is an error, which was meant
    deadline:  of the whole notebook, on the monotonic clock
    cut:       indices of cells whose outputs were cut
    goes_on:   is told of the end of each cell, with the error it raised, if any, and at which of
               its lines; says whether the run goes on behind it
    """

    def __init__(
        self,
        manager: Any,
        conversation: Conversation,
        *,
        output_bytes: int,
        cell_timeout_seconds: float | None,
        deadline: float | None,
        kept: Mapping[int, list[Any]],
        tolerated: Collection[int],
        on_cell: Callable[[int], None],
        goes_on: Callable[[int, Any, Mapping[str, Any] | None, int | None], bool] | None = None,
    ) -> None:
        super().__init__(
            manager,
            km=conversation,
            log=QUIET,
            raise_on_iopub_timeout=False,
            iopub_timeout=10**8,
            allow_errors=False,
        )
        self.kc = conversation.client
        self.conversation = conversation
        self.incoming = Incoming(conversation)
        self.output_bytes = output_bytes
        self.cell_timeout_seconds = cell_timeout_seconds
        self.deadline = deadline
        self.kept = kept
        self.tolerated = tolerated
        self.tell = on_cell
        self.goes_on = goes_on
        self.cut: set[int] = set()
        self.current: int | None = None
        self.seconds_in_cells = 0.0
        self.widgets = Budget(limit_bytes=output_bytes)
        self.budget = Budget(limit_bytes=output_bytes)
        self.begun = 0.0
        self.lost_messages = 0

    def run_cells(self) -> None:
        """Run the cells until one fails, and keep what they left in the notebook.

        Raises CellTimeoutError, DeadKernelError and LeftByItself with `current` at their cell.
        """
        self.reset_execution_trackers()
        try:
            self.papermill_execute_cells()
        finally:
            self.set_widgets_metadata()

    def _get_timeout(self, cell: Any) -> float | None:  # noqa: ARG002 - nbclient's
        limits = [self.cell_timeout_seconds]
        if self.deadline is not None:
            limits.append(self.deadline - time.monotonic())
        known = [limit for limit in limits if limit is not None]
        return max(0.05, min(known)) if known else None

    async def async_execute_cell(self, cell: Any, cell_index: int, *args: Any, **kw: Any) -> Any:
        """Run one cell: its outputs counted from nothing, its time added to the others'."""
        self.current = cell_index
        # A kernel that is told to stop on errors may drop the request that comes next.
        self.allow_errors = cell_index in self.tolerated or self.goes_on is not None
        self.budget = Budget(limit_bytes=self.output_bytes)
        self.tell(cell_index)
        if cell_index in self.kept:
            cell.outputs = self.kept[cell_index]
            return cell
        self.begun = time.monotonic()
        try:
            result = await super().async_execute_cell(cell, cell_index, *args, **kw)
        finally:
            if cell.cell_type == "code":
                self.seconds_in_cells += time.monotonic() - self.begun
                self._finish_streams(cell)
            if self.budget.cut:
                self.cut.add(cell_index)
        return result

    def execute_cell(self, cell: Any, cell_index: int, *args: Any, **kw: Any) -> Any:
        """Run one cell on our loop."""
        from jupyter_core.utils import run_sync  # noqa: PLC0415

        return run_sync(self.async_execute_cell)(cell, cell_index, *args, **kw)

    async def _check_raise_for_error(self, cell: Any, cell_index: int, exec_reply: Any) -> None:
        content = (exec_reply or {}).get("content", {})
        payload = content.get("payload") or ()
        if any(isinstance(part, dict) and part.get("source") == "ask_exit" for part in payload):
            raise LeftByItself
        line = line_in_cell(content.get("traceback"))
        if content.get("status") == "error":
            content.update(shorten_error(content))
            # nbclient quotes the streams in its own exception, and wants each as one text.
            self._finish_streams(cell)
        tags = cell.metadata.get("tags")
        meant = cell_index in self.tolerated or (isinstance(tags, list) and _MEANT in tags)
        failed = content.get("status") == "error" and not meant
        self.allow_errors = meant
        if self.goes_on is not None:
            error = content if failed else None if meant else _shown_error(cell)
            onward = self.goes_on(cell_index, cell, error, line)
            self.allow_errors = meant or onward
        await super()._check_raise_for_error(cell, cell_index, exec_reply)

    async def _async_poll_kernel_alive(self) -> None:
        while await self.conversation.is_alive():  # noqa: ASYNC110 - a process tells nobody
            await asyncio.sleep(_ALIVE_SECONDS)
        # Let what it said last arrive before the cell is given up.
        await asyncio.sleep(0.3)
        if self.task_poll_for_reply is not None:
            self.task_poll_for_reply.cancel()

    async def _async_check_alive(self) -> None:
        if not await self.conversation.is_alive():
            raise DeadKernelError("Kernel died")

    async def _async_poll_output_msg(self, parent_msg_id: str, cell: Any, cell_index: int) -> None:
        limit = self._get_timeout(cell)
        end = None if limit is None else time.monotonic() + limit + _SILENCE_SECONDS
        silent_since = time.monotonic()
        while end is None or time.monotonic() < end:
            parts = await self.incoming.next(0.5)
            if parts is None:
                answered = "shell.execute_reply" in cell["metadata"].get("execution", {})
                if not answered:
                    silent_since = time.monotonic()
                elif time.monotonic() - silent_since > _SILENCE_SECONDS:
                    self.budget.cut = True
                    return
                continue
            silent_since = time.monotonic()
            kind, request = self.incoming.headers(parts)
            if request != parent_msg_id:
                continue
            try:
                self._take(kind, parts, cell, cell_index)
            except CellExecutionComplete:
                return
        raise CellTimeoutError.error_from_timeout_and_cell(
            "Cell execution timed out", limit or 0, cell
        )

    def _take(self, kind: str, parts: list[bytes], cell: Any, index: int) -> None:
        size = sum(len(part) for part in parts[4:])
        if kind == "stream":
            self._take_stream(parts, size, cell)
            return
        message = None
        if kind == "error" or kind not in _OUTPUTS or size <= self.budget.left:
            if kind.startswith("comm") and not self.widgets.take(size):
                self.cut.add(index)
                return
            message = self.incoming.unpack(parts)
        if message is None:
            if kind in _OUTPUTS:
                self._take_stand_in(size, cell)
            return
        if kind == "error":
            message["content"] = shorten_error(message["content"])
            size = len(str(message["content"]))
        if not self._counts(kind, message, size, cell):
            return
        try:
            NotebookClient.process_message(self, message, cell, index)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError):
            self.lost_messages += 1

    def _counts(self, kind: str, message: dict[str, Any], size: int, cell: Any) -> bool:
        """Count a message in the budget, and say whether it may be kept."""
        content = message.get("content")
        if not isinstance(content, dict):
            return False
        transient = content.get("transient")
        display = str(transient.get("display_id") or "") if isinstance(transient, dict) else ""
        if kind == "clear_output" and not content.get("wait"):
            self.budget.clear()
        if kind in _OUTPUTS:
            if self.clear_before_next_output:
                self.budget.clear()
            if kind == "error":
                self.budget.held += size
                return True
            if display:
                self.budget.shown[display] = size
            return self.budget.take(size) or self._take_stand_in(size, cell)
        if kind == "update_display_data":
            return self.budget.replace(display, size)
        return True

    def _take_stand_in(self, size: int, cell: Any) -> bool:
        from nbformat.v4 import new_output  # noqa: PLC0415

        data = self.budget.stand_in(size)
        if data is not None:
            cell.outputs.append(new_output("display_data", data=data))
        return False

    def _take_stream(self, parts: list[bytes], size: int, cell: Any) -> None:
        """Add text to the stream before it, as JupyterLab does, as far as there is room."""
        if self.clear_before_next_output:
            self.budget.clear()
        if size > self.budget.left:
            self._make_room(cell)
        content: Any
        if self.budget.take(size):
            message = self.incoming.unpack(parts)
            content = message and message["content"]
        else:
            content = first_of_stream(parts[4], self.budget.left) if self.budget.left else None
            self.budget.held = self.budget.limit_bytes
        if not isinstance(content, dict) or not isinstance(content.get("text"), str):
            return
        request = self.incoming.headers(parts)[1]
        name = "stderr" if content.get("name") == "stderr" else "stdout"
        last: Any = cell.outputs[-1] if cell.outputs else None
        hooked = bool(self.output_hook_stack[request])
        joins = last is not None and last.output_type == "stream" and last.name == name
        if joins and not hooked and not self.clear_before_next_output:
            if isinstance(last["text"], str):
                last["text"] = [last["text"]]
            last["text"].append(content["text"])
            return
        message = {
            "msg_type": "stream",
            "header": {"msg_type": "stream"},
            "parent_header": {"msg_id": request},
            "content": {"name": name, "text": content["text"]},
        }
        self.output(cell.outputs, message, None, self.current)

    def _make_room(self, cell: Any) -> None:
        """Take out what a progress bar overwrote, before anything is cut for want of room."""
        before = sum(_length(output) for output in cell.outputs)
        self._finish_streams(cell)
        after = sum(_length(output) for output in cell.outputs)
        self.budget.held = max(0, self.budget.held - (before - after))

    def _finish_streams(self, cell: Any) -> None:
        for output in cell.outputs:
            if output.output_type == "stream":
                text = output["text"]
                output["text"] = compact(text if isinstance(text, list) else [text])


def _shown_error(cell: Any) -> Mapping[str, Any] | None:
    """Return an error that a cell shows although it ended well, as `%%time` has it."""
    shown: list[Mapping[str, Any]] = [
        output for output in cell.outputs if output.output_type == "error"
    ]
    return shown[-1] if shown else None


def _length(output: Any) -> int:
    text = output.get("text", "")
    return len(text) if isinstance(text, str) else sum(len(piece) for piece in text)


class ReplayEngine(Engine):  # type: ignore[misc]
    """papermill's engine around a client of ours."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> None:
        """Run the cells of papermill's notebook with the client that `make_client` gives."""
        del kernel_name
        kwargs["make_client"](nb_man).run_cells()
