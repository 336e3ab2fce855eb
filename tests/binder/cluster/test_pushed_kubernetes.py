"""Kubernetes without a shared volume: a pod that asks for none, and a check that wants none.

The interface keeps the pods it is told of; no cluster stands behind it.
"""

import json
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from cluster_attempts import a_depot
from recrate.model.finding import Severity
from recrate_binder.cluster.runners import Kubernetes

kube_config = pytest.importorskip(
    "kubernetes.config.kube_config", reason="the Python client of Kubernetes is not installed"
)
Pods = list[dict[str, Any]]


@pytest.fixture
def pods(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pods]:
    """Serve the interface, and let the client's configuration name it."""
    kept: Pods = []

    class Door(BaseHTTPRequestHandler):
        def log_message(self, *words: object) -> None:
            pass

        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path.endswith("/pods"):
                kept.append(told)
            else:
                assert self.path.endswith("/selfsubjectaccessreviews")
                told["status"] = {"allowed": True}
            body = json.dumps(told).encode()
            self.send_response(201)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    told = {
        "current-context": "test",
        "clusters": [{"name": "test", "cluster": {"server": address}}],
        "contexts": [{"name": "test", "context": {"cluster": "test", "user": "me"}}],
        "users": [{"name": "me", "user": {"token": "none"}}],
    }
    file = tmp_path / "config"
    file.write_text(json.dumps({"apiVersion": "v1", "kind": "Config", **told}))
    # read once, when the client is imported
    monkeypatch.setattr(kube_config, "KUBE_CONFIG_DEFAULT_LOCATION", str(file))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield kept
    server.shutdown()
    server.server_close()


def _runner(tmp_path: Path) -> Kubernetes:
    answers = {"image": "registry.example.org/recrate:1", "namespace": "studies", "shared": "no"}
    return Kubernetes(answers, a_depot(tmp_path, dict(os.environ)))


def test_a_pod_has_no_volume_and_any_folder_will_do(pods: Pods, tmp_path: Path) -> None:
    provider = _runner(tmp_path).scheduler.provider("recrate-c1.", tmp_path)
    provider.submit("run the pilot <<'KEYS'\nabc\nKEYS", 1, "parsl.pilots.block-3")
    (pod,) = pods
    assert not pod["spec"].get("volumes")
    (container,) = pod["spec"]["containers"]
    assert not container.get("volumeMounts")
    assert container["args"][1].endswith("run the pilot <<'KEYS'\nabc\nKEYS\n")


@pytest.mark.usefixtures("pods")
def test_a_check_says_what_is_pushed_and_wants_no_volume(tmp_path: Path) -> None:
    (found,) = _runner(tmp_path).check()
    assert (found.severity, found.code) == (Severity.NOTE, "runner-answers")
    assert "through Parsl, at most 100 MiB" in found.message
