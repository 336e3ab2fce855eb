"""What the tests of the server share: a Jupyter Server in the test's own process, or a real one."""

import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from pytest_jupyter.jupyter_server import *  # noqa: F403  fixtures and the hook that runs async tests
from websocket import ABNF, create_connection

from recrate_server.contract import contract

LONG_SECONDS = 150.0


def free_port() -> int:
    """A port that nobody listens at now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass(frozen=True)
class Served:
    """A Jupyter Server in a process of its own."""

    url: str
    token: str
    root: Path
    data: Path
    log: Path
    process: "subprocess.Popen[bytes]"

    @property
    def api(self) -> str:
        """Where our routes begin."""
        return f"{self.url}recrate/api"

    @property
    def headers(self) -> dict[str, str]:
        """What a script sends to be let in."""
        return {"Authorization": f"token {self.token}"}

    def seen_at(self, url: str) -> "Served":
        """The same server as it is seen from another address."""
        return replace(self, url=url)

    def ask(self, method: str, path: str, **named: Any) -> requests.Response:
        """Ask one of our routes."""
        headers = {**self.headers, **named.pop("headers", {})}
        return requests.request(
            method, self.api + path, headers=headers, timeout=LONG_SECONDS, **named
        )

    def wait_for(self, job: str, *statuses: str, seconds: float = LONG_SECONDS) -> dict[str, Any]:
        """Wait until a job has one of these statuses."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found: dict[str, Any] = self.ask("GET", f"/jobs/{job}").json()
            if found["status"] in statuses:
                return found
            time.sleep(0.1)
        raise TimeoutError(f"{found}\n{self.log.read_text()[-4000:]}")


def listen_to(
    served: Served, job: str, seconds: float, *, after: int | None = None
) -> tuple[list[tuple[datetime, dict[str, Any]]], int]:
    """Listen to a job's websocket to its end; return (arrival, event)s and the closing code."""
    query = "" if after is None else f"?after={after}"
    address = f"{served.api}/jobs/{job}/stream{query}".replace("http://", "ws://")
    heard: list[tuple[datetime, dict[str, Any]]] = []
    socket = create_connection(address, header=served.headers, timeout=seconds)
    try:
        while True:
            kind, content = socket.recv_data()
            if kind == ABNF.OPCODE_CLOSE:
                return heard, int.from_bytes(content[:2], "big")
            heard.append((datetime.now(UTC), json.loads(content)))
    finally:
        socket.shutdown()


@contextmanager
def serving(
    folder: Path,
    *,
    cache: Path,
    base_url: str = "/",
    configuration: str = "",
    root: Path | None = None,
) -> Iterator[Served]:
    """Run `jupyter server` on this machine, with nothing of the person's own Jupyter in it."""
    root = root or folder / "root"
    root.mkdir(parents=True, exist_ok=True)
    token, port = secrets.token_hex(16), free_port()
    config = folder / "config.py"
    config.write_text(
        f"c.Recrate.cache = {str(cache)!r}\n"
        "c.ServerApp.jpserver_extensions = {'recrate_server': True}\n"
        f"c.IdentityProvider.token = {token!r}\n" + configuration
    )
    places = {
        f"JUPYTER_{name}_DIR": str(folder / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")
    }
    command = [sys.executable, "-m", "jupyter_server", f"--config={config}", "--allow-root"]
    command += [
        f"--port={port}",
        "--ip=127.0.0.1",
        "--no-browser",
        f"--ServerApp.base_url={base_url}",
    ]
    command += [f"--ServerApp.root_dir={root}", "--ServerApp.port_retries=0"]
    log = folder / "server.log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            command, stdout=said, stderr=said, env={**os.environ, **places}, cwd=folder
        )
    served = Served(
        url=f"http://127.0.0.1:{port}{base_url}",
        token=token,
        root=root,
        data=folder / "data" / "recrate",
        log=log,
        process=process,
    )
    try:
        await_answer(served)
        yield served
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def await_answer(served: Served) -> None:
    """Wait until the server answers; fails with its log when it ends instead."""
    until = time.monotonic() + LONG_SECONDS
    while time.monotonic() < until and served.process.poll() is None:
        try:
            if requests.get(f"{served.url}api", timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise RuntimeError(served.log.read_text())


def make_study(folder: Path, *, cells: tuple[str, ...] = ("print(1 + 1)",)) -> Path:
    """Make a study of one notebook."""
    folder.mkdir(parents=True, exist_ok=True)
    notebook = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "language_info": {"name": "python"},
        },
        "cells": [
            {
                "id": f"cell{number}",
                "cell_type": "code",
                "metadata": {},
                "execution_count": number + 1,
                "source": source,
                "outputs": [{"output_type": "stream", "name": "stdout", "text": "2\n"}],
            }
            for number, source in enumerate(cells)
        ],
    }
    (folder / "analysis.ipynb").write_text(json.dumps(notebook))
    (folder / "LICENSE").write_text("SPDX-License-Identifier: MIT\n")
    return folder


@pytest.fixture(scope="session")
def start_server(
    tmp_path_factory: pytest.TempPathFactory, cache_folder: Path
) -> Iterator[Callable[..., Any]]:
    """Gives `serving` with a folder of its own and the tests' cache."""

    def start(**named: Any):
        return serving(tmp_path_factory.mktemp("server"), cache=cache_folder, **named)

    return start


@pytest.fixture(scope="module")
def served(start_server: Callable[..., Any]) -> Iterator[Served]:
    """A real server for the tests of one file."""
    with start_server() as found:
        yield found


@pytest.fixture(scope="session")
def write_study() -> Callable[..., Path]:
    """Gives `make_study`."""
    return make_study


@pytest.fixture(scope="session")
def conforms() -> Callable[[str, Any], list[str]]:
    """Gives a function that tells what in a document is not as a schema of the contract says."""

    def complaints(name: str, document: Any) -> list[str]:
        found = contract().complaints(contract().schema(name), document)
        return [f"{one.json_path}: {one.message[:300]}" for one in found]

    return complaints


@pytest.fixture(scope="session")
def listen() -> Callable[..., Any]:
    """Gives `listen_to`."""
    return listen_to


@pytest.fixture(scope="session")
def free_ports() -> Callable[[int], list[int]]:
    """Gives a function that finds ports nobody listens at."""
    return lambda count: [free_port() for _ in range(count)]


@pytest.fixture(scope="session")
def patiently() -> Callable[..., None]:
    """Gives a function that tries until what it is given is true."""

    def trying(attempt: Callable[[], Any], seconds: float = LONG_SECONDS) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                if attempt():
                    return
            except requests.ConnectionError:
                pass
            time.sleep(0.1)
        raise TimeoutError(attempt)

    return trying
