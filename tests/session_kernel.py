"""A kernel of an opened session, spoken to as JupyterLab does."""

import json
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import nbformat
import websocket

if TYPE_CHECKING:
    from launching import Opened


class Kernel:
    """A kernel of an opened session, spoken to through the server's websocket."""

    def __init__(self, opened: "Opened", session: Mapping[str, Any]) -> None:
        self.opened = opened
        self.session = str(session["id"])
        self.id = str(session["kernel"]["id"])
        self.name = str(session["kernel"]["name"])
        self.socket: websocket.WebSocket | None = None

    def connect(self, seconds: float) -> None:
        """Open the websocket; the server answers once the kernel does."""
        base = self.opened.base.replace("http", "ws", 1)
        self.socket = websocket.create_connection(
            f"{base}/api/kernels/{self.id}/channels?session_id={uuid.uuid4().hex}",
            header=[f"{name}: {value}" for name, value in self.opened.headers.items()],
            timeout=seconds,
        )

    def send(self, source: str) -> str:
        """Ask for the execution of `source`; return the message's id."""
        assert self.socket is not None
        mark = uuid.uuid4().hex
        header = {"msg_id": mark, "msg_type": "execute_request", "version": "5.3"}
        header |= {"username": "test", "session": "test", "date": "2026-01-01T00:00:00Z"}
        content = {"code": source, "silent": False, "store_history": True}
        content |= {"user_expressions": {}, "allow_stdin": False, "stop_on_error": True}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
        self.socket.send(json.dumps(message | {"channel": "shell", "buffers": []}))
        return mark

    def outputs_of(self, mark: str) -> list[dict[str, Any]]:
        """Wait until the kernel is done with a message, and return the outputs as nbformat."""
        assert self.socket is not None
        outputs: list[dict[str, Any]] = []
        replied = idle = False
        while not (replied and idle):
            message = json.loads(self.socket.recv())
            state = message["content"].get("execution_state")
            if state in {"restarting", "dead"}:
                if state == "restarting":  # what is asked before it is there again is lost
                    self.socket.close()
                    self.connect(self.opened.seconds)
                return [*outputs, {"output_type": "error", "ename": "KernelDied", "traceback": []}]
            if message["parent_header"].get("msg_id") != mark:
                continue
            kind, content = message["header"]["msg_type"], message["content"]
            if kind == "execute_reply":
                replied = True
            elif kind == "status":
                idle = content["execution_state"] == "idle"
            elif kind == "clear_output":
                outputs.clear()
            elif kind in {"stream", "display_data", "execute_result", "error"}:
                outputs.append(dict(nbformat.v4.output_from_msg(message)))
        return outputs

    def run(self, source: str) -> list[dict[str, Any]]:
        """Execute `source` and return its outputs."""
        return self.outputs_of(self.send(source))

    def printed(self, source: str) -> str:
        """Execute `source` and return what it printed; fails on an error."""
        outputs = self.run(source)
        wrong = [one for one in outputs if one["output_type"] == "error"]
        assert not wrong, "\n".join(wrong[0]["traceback"])
        return "".join(one["text"] for one in outputs if one["output_type"] == "stream")

    def ask(self, what: str) -> None:
        """`interrupt` or `restart` it, as JupyterLab's menu does."""
        self.opened.answer("POST", f"api/kernels/{self.id}/{what}", {}).raise_for_status()
        if what == "restart" and self.socket is not None:
            self.socket.close()
            self.connect(self.opened.seconds)

    def end(self) -> None:
        """Shut it down."""
        if self.socket is not None:
            self.socket.close()
        self.opened.delete(f"api/sessions/{self.session}")
