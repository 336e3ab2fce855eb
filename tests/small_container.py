"""A small image that answers as a crate's does, and runs what a test sends it."""

import subprocess
import textwrap
from dataclasses import dataclass
from pathlib import Path

import httpx

from containers import Podman

IMAGE = "localhost/recrate-small"
SERVER = """
import contextlib, io, json, os, socketserver, sys
from http.server import BaseHTTPRequestHandler

told = dict(one.removeprefix("--ServerApp.").split("=", 1) for one in sys.argv[1:])
if os.environ.get("FAIL"):
    sys.exit("Traceback: a library is missing")
held = bytearray(int(os.environ.get("HOLD", "0")))

class Answer(BaseHTTPRequestHandler):
    def address_string(self):
        return "somebody"

    def do_GET(self):
        known = self.headers.get("Authorization") == "token " + os.environ["JUPYTER_TOKEN"]
        self.send_response(200 if known else 403)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self):
        code = self.rfile.read(int(self.headers["Content-Length"])).decode()
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            try:
                exec(code, {})
            except Exception as error:
                print(type(error).__name__, error)
        body = said.getvalue().encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

os.umask(0)
class Threads(socketserver.ThreadingMixIn):
    daemon_threads = True
class Unix(Threads, socketserver.UnixStreamServer):
    pass
class Tcp(Threads, socketserver.TCPServer):
    allow_reuse_address = True
Unix.get_request = lambda self: (self.socket.accept()[0], ("", 0))
if "sock" in told:
    Unix(told["sock"], Answer).serve_forever()
Tcp((told["ip"], int(told["port"])), Answer).serve_forever()
"""


def make_small_image(podman: Podman, base: str, folder: Path) -> str:
    """Build it; takes a second or two."""
    (folder / "server.py").write_text(SERVER)
    (folder / "Dockerfile").write_text(
        f"FROM {base}\nRUN useradd --uid 1000 --create-home jovyan && echo kept > /home/jovyan/f "
        "&& chown -R 1000 /home/jovyan\nCOPY server.py /server.py\nUSER 1000\n"
        'ENTRYPOINT ["python3", "/server.py"]\n'
    )
    podman("build", "--tag", IMAGE, folder)
    return IMAGE


@dataclass(frozen=True)
class Asked:
    """The server of a small image, through the port that was given."""

    port: int

    def run(self, code: str) -> str:
        """Run Python inside and return what it printed."""
        answer = httpx.post(
            f"http://127.0.0.1:{self.port}/",
            content=textwrap.dedent(code),
            timeout=120,
            trust_env=False,
        )
        return answer.raise_for_status().text.strip()


def processes_with(text: str) -> list[str]:
    """Return the command lines of this machine's processes that hold a text."""
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    return [line for line in listed.stdout.splitlines() if text in line]
