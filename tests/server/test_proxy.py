"""Behind JupyterHub's own proxy and under a person's address, all works as without."""

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import requests

HERE = Path(__file__).parent
PROXY = HERE / "node_modules" / ".bin" / "configurable-http-proxy"
PERSON = "/user/hanako/"
CELLS = tuple(f"import time; time.sleep(1); print({number})" for number in range(4))

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not PROXY.is_file(),
    reason="configurable-http-proxy is missing: run `npm ci` in tests/server",
)


@pytest.fixture(scope="module")
def behind(start_server: Any, write_study: Any, free_ports: Any, patiently: Any) -> Iterator[Any]:
    """A server under a base URL, a proxy in front of it, and its routes as a person sees them."""
    port, inward = free_ports(2)
    secret = secrets.token_hex(16)
    command = [str(PROXY), f"--port={port}", f"--api-port={inward}", "--ip=127.0.0.1"]
    settings = {**os.environ, "CONFIGPROXY_AUTH_TOKEN": secret}
    with start_server(base_url=PERSON) as served:
        write_study(served.root / "study", cells=CELLS)
        said = served.log.with_name("proxy.log").open("wb")
        proxy = subprocess.Popen(command, env=settings, stdout=said, stderr=said)
        try:
            patiently(
                lambda: (
                    requests.post(
                        f"http://127.0.0.1:{inward}/api/routes{PERSON.rstrip('/')}",
                        json={"target": served.url.removesuffix(PERSON)},
                        headers={"Authorization": f"token {secret}"},
                        timeout=10,
                    ).ok
                )
            )
            yield served.seen_at(f"http://127.0.0.1:{port}{PERSON}")
        finally:
            proxy.terminate()
            proxy.wait(20)
            said.close()


@pytest.fixture(scope="module")
def told(behind: Any, listen: Any) -> list[tuple[datetime, dict[str, Any]]]:
    """A verification, and what its websocket told: (when it arrived, event)."""
    order = {"kind": "verify", "path": "study", "environment": "current"}
    answer = behind.ask("POST", "/jobs", json=order)
    assert answer.status_code == 201, answer.text
    events, code = listen(behind, answer.json()["id"], 240)
    assert code == 1000
    return events


def test_the_server_is_reached_through_the_proxy(behind: Any):
    about = behind.ask("GET", "/about")
    assert about.ok
    assert about.url.startswith(behind.url)
    assert behind.ask("GET", "/licences", params={"query": "mit"}).json()["licences"]


def test_events_arrive_one_by_one_as_they_happen(told: Any):
    late = [(arrived - datetime.fromisoformat(one["at"])).total_seconds() for arrived, one in told]
    assert max(late) < 5, late
    running = [arrived for arrived, one in told if one["type"] == "progress"]
    assert len(running) >= len(CELLS)
    assert (running[-1] - running[0]).total_seconds() > len(CELLS) - 1
    assert told[-1][1]["job"]["status"] == "done"


def test_the_report_and_one_output_open(behind: Any, told: Any):
    job = told[-1][1]["job"]["id"]
    for address in ("report", "outputs/page?notebook=analysis.ipynb&cell=0&output=0"):
        page = behind.ask("GET", f"/jobs/{job}/{address}")
        assert page.ok, page.text
        assert page.headers["Content-Type"].startswith("text/html")
        assert "sandbox" in page.headers["Content-Security-Policy"]
        assert "</html>" in page.text


def test_a_browsers_cookie_is_enough_to_open_the_report(behind: Any, told: Any):
    job = told[-1][1]["job"]["id"]
    with requests.Session() as browser:
        browser.get(f"{behind.url}api/me?token={behind.token}", timeout=30).raise_for_status()
        page = browser.get(f"{behind.api}/jobs/{job}/report", timeout=30)
        assert page.ok, page.text
        assert browser.post(f"{behind.api}/jobs/{job}/cancel", timeout=30).status_code == 403
