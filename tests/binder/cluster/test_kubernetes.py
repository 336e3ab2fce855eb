"""Kubernetes: the pods that are made, on an interface that keeps what it is told.

No cluster stands behind it: what pods do is not tried here, what is asked for is.
"""

import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from cluster_attempts import a_depot
from recrate.model.errors import BadInput
from recrate.model.finding import Severity
from recrate.outside.grants import JOB_BYTES
from recrate_binder.cluster.runners import Kubernetes

kube_config = pytest.importorskip(
    "kubernetes.config.kube_config", reason="the Python client of Kubernetes is not installed"
)

ANSWERS = {"image": "registry.example.org/recrate:1", "namespace": "studies", "jobs": "2"}


@dataclass
class Cluster:
    """What the interface was told, and what it answers."""

    pods: dict[str, dict[str, Any]] = field(default_factory=dict)
    claims: set[str] = field(default_factory=set)
    allowed: set[str] = field(default_factory=lambda: {"create", "get", "list", "delete"})


def _door(cluster: Cluster) -> type[BaseHTTPRequestHandler]:
    class Door(BaseHTTPRequestHandler):
        def log_message(self, *words: object) -> None:
            pass

        def _say(self, code: int, told: dict[str, Any]) -> None:
            body = json.dumps(told).encode()
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _parts(self) -> list[str]:
            return self.path.partition("?")[0].strip("/").split("/")

        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path.endswith("/selfsubjectaccessreviews"):
                verb = told["spec"]["resourceAttributes"]["verb"]
                self._say(201, {**told, "status": {"allowed": verb in cluster.allowed}})
                return
            assert self._parts() == ["api", "v1", "namespaces", "studies", "pods"]
            cluster.pods[told["metadata"]["name"]] = told
            self._say(201, told)

        def do_GET(self) -> None:
            *_, kind, name = self._parts()
            if name == "pods":
                wanted = self.path.partition("labelSelector=")[2].replace("%3D", "=")
                key, _, value = wanted.partition("=")
                found = [
                    pod for pod in cluster.pods.values() if pod["metadata"]["labels"][key] == value
                ]
                self._say(200, {"kind": "PodList", "apiVersion": "v1", "items": found})
            elif kind == "persistentvolumeclaims" and name in cluster.claims:
                self._say(200, {"metadata": {"name": name}})
            elif kind == "pods" and name in cluster.pods:
                self._say(200, {**cluster.pods[name], "status": {"phase": "Running"}})
            else:
                self._say(404, {"reason": "NotFound", "code": 404})

        def do_DELETE(self) -> None:
            name = self._parts()[-1]
            found = cluster.pods.pop(name, None)
            self._say(200 if found else 404, found or {"reason": "NotFound", "code": 404})

    return Door


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """Serve the interface, and let the client's configuration name it."""
    kept = Cluster()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _door(kept))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    told = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "test",
        "clusters": [
            {"name": "test", "cluster": {"server": f"http://127.0.0.1:{server.server_port}"}}
        ],
        "contexts": [{"name": "test", "context": {"cluster": "test", "user": "me"}}],
        "users": [{"name": "me", "user": {"token": "none"}}],
    }
    file = tmp_path / "config"
    file.write_text(json.dumps(told))
    # read once, when the client is imported
    monkeypatch.setattr(kube_config, "KUBE_CONFIG_DEFAULT_LOCATION", str(file))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield kept
    server.shutdown()
    server.server_close()


def _runner(tmp_path: Path, **answers: str) -> Kubernetes:
    volumes = f"studies-data:{tmp_path}"
    depot = a_depot(tmp_path, dict(os.environ))
    return Kubernetes({**ANSWERS, "volumes": volumes, **answers}, depot)


def test_a_pod_asks_for_what_the_site_says_and_is_not_started_again(
    cluster: Cluster, tmp_path: Path
) -> None:
    runner = _runner(
        tmp_path,
        cores="4",
        memory="8",
        walltime="02:00:00",
        secret="registry-key",
        service_account="replayer",
        user="1000:100",
        init="ulimit -c 0",
    )
    provider = runner.scheduler.provider("recrate-c1.", tmp_path)
    job = provider.submit("run the pilot", 1, "parsl.pilots.block-3")
    (pod,) = cluster.pods.values()
    assert pod["metadata"]["name"].startswith("recrate-c1.3.")
    assert pod["metadata"]["labels"]["recrate-campaign"] == "recrate-c1"
    spec = pod["spec"]
    assert spec["restartPolicy"] == "Never"
    assert spec["activeDeadlineSeconds"] == 7200
    assert spec["imagePullSecrets"] == [{"name": "registry-key"}]
    assert spec["serviceAccountName"] == "replayer"
    (container,) = spec["containers"]
    assert container["image"] == "registry.example.org/recrate:1"
    assert container["resources"]["limits"] == {"cpu": "4.0", "memory": "8Gi"}
    assert container["resources"]["requests"] == container["resources"]["limits"]
    assert container["volumeMounts"] == [{"mountPath": str(tmp_path), "name": "studies-data"}]
    assert spec["volumes"][0]["persistentVolumeClaim"] == {"claimName": "studies-data"}
    assert container["securityContext"] == {
        "runAsUser": 1000,
        "runAsGroup": 100,
        "runAsNonRoot": True,
    }
    granted = f"export {JOB_BYTES}={8 << 30}"
    assert container["args"] == ["-c", f"ulimit -c 0\n{granted}\n\nrun the pilot\n"]
    assert "env" not in container
    assert not provider.status([job])[0].terminal


def test_pods_of_a_campaign_are_found_and_deleted_and_no_others(
    cluster: Cluster, tmp_path: Path
) -> None:
    scheduler = _runner(tmp_path).scheduler
    for name in ("recrate-c1.", "recrate-c1.", "recrate-c11."):
        scheduler.provider(name, tmp_path).submit("true", 1, "parsl.pilots.block-0")
    mine = scheduler.jobs("recrate-c1.")
    assert len(mine) == 2
    scheduler.cancel(mine)
    scheduler.cancel(mine)
    assert scheduler.jobs("recrate-c1.") == ()
    assert len(cluster.pods) == 1


def test_a_folder_outside_the_volumes_is_refused(cluster: Cluster, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no volume"):
        _runner(tmp_path, volumes="other:/elsewhere").scheduler.provider("recrate-c1.", tmp_path)


@pytest.mark.parametrize(
    "wrong", [{"volumes": "no path"}, {"user": "me"}, {"image": ""}, {"nodes": "2"}]
)
def test_answers_that_make_no_sense_are_refused(wrong: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        _runner(tmp_path, **wrong)


def test_a_check_says_what_may_be_done_and_that_no_image_was_looked_at(
    cluster: Cluster, tmp_path: Path
) -> None:
    cluster.claims.add("studies-data")
    found = list(_runner(tmp_path).check())
    assert [(one.severity, one.code) for one in found] == [(Severity.NOTE, "runner-answers")]
    assert "not looked at" in found[0].message


def test_a_check_names_what_is_missing(cluster: Cluster, tmp_path: Path) -> None:
    assert [one.code for one in _runner(tmp_path).check()] == ["no-such-volume"]
    cluster.claims.add("studies-data")
    cluster.allowed.discard("delete")
    found = list(_runner(tmp_path).check())
    assert [one.code for one in found] == ["not-allowed"]
    assert "delete pods in namespace studies" in found[0].message
    cluster.allowed.add("delete")
    cluster.claims.add("other")
    elsewhere = _runner(tmp_path, volumes="other:/elsewhere")
    assert [one.code for one in elsewhere.check()] == ["folder-not-shared"]
