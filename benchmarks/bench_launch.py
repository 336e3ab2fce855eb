"""Launch against a build of the same requirements: seconds until JupyterLab answers.

The peer is what everybody does today: an image with `pip install` of the same pinned packages and
JupyterLab, built and run with podman on the same base image. Ours are `recrate launch` here, in a
container and through the launch service of a JupyterHub, each cold (its caches empty) and warm.
Run it with `python benchmarks/bench_launch.py`; it needs podman and mmdebstrap (tools/set-up) and
configurable-http-proxy (`npm --prefix tests/server ci`), and says what it left out.
"""

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import containers  # noqa: E402  the tests' own podman and hub
import hubs  # noqa: E402
from recrate.crate.read import read_crate  # noqa: E402
from recrate.outside.loopback import free_port  # noqa: E402

ON_LOOPBACK = {
    "Web": {"private_hosts": ["127.0.0.1"]},
    "Relaunch": {"verdicts_online": False, "launches_per_hour": 100},
}
PEER = """FROM {base}
COPY requirements.txt /tmp/requirements.txt
RUN python -m venv /srv/venv && /srv/venv/bin/pip install --quiet --no-cache-dir \\
    -r /tmp/requirements.txt jupyterlab
COPY study /srv/study
WORKDIR /srv/study
CMD ["/srv/venv/bin/jupyter", "lab", "--ip=0.0.0.0", "--allow-root", "--no-browser", \\
     "--IdentityProvider.token=bench"]
"""


def main() -> None:
    """Measure all that this machine can, and print seconds and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="warm launches of each")
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="recrate-bench-") as name:
        folder = Path(name)
        crate = folder / "tides.crate.zip"
        subprocess.run(
            [sys.executable, "-m", "recrate", "pack", ROOT / "examples" / "tides", "-o", crate],
            check=True,
            capture_output=True,
        )
        results = {"here": _launches(crate, "here", folder / "here", {}, rounds)}
        with containers.store_apart("bench") as podman:
            containers.bring_base(podman)
            build = _peer(crate, podman, folder / "peer")
            results["container"] = _launches(
                crate, "container", folder / "container", podman.variables, rounds
            )
        if hubs.PROXY.exists():
            results["hub"] = _hub(crate, folder / "hub", rounds)
        else:
            print("hub: left out, `npm --prefix tests/server ci` first")
    _print(build, results)


def _print(build: float, results: dict[str, tuple[float, list[float]]]) -> None:
    print(f"{'plain image, built and started':34} {build:7.1f} s")
    for name, (cold, warm) in results.items():
        best, middle = min(warm), sorted(warm)[len(warm) // 2]
        print(f"{name + ', cold':34} {cold:7.1f} s   {cold / build:6.3f} of the plain image")
        print(
            f"{name + ', warm':34} {middle:7.1f} s   {middle / build:6.3f} of the plain image"
            f"   (best {best:.1f} s of {len(warm)})"
        )


def _launches(
    crate: Path, target: str, folder: Path, variables: dict[str, str], rounds: int
) -> tuple[float, list[float]]:
    """Launch once with empty caches, then again; every one answers and ends before the next."""
    told = {
        **os.environ,
        **variables,
        "XDG_CACHE_HOME": str(folder / "cache"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
    }
    cold = _launch(crate, target, told)
    return cold, [_launch(crate, target, told) for _ in range(rounds)]


def _launch(crate: Path, target: str, variables: dict[str, str]) -> float:
    began = time.monotonic()
    process = subprocess.Popen(
        [
            sys.executable, "-m", "recrate", "launch", crate,
            "--on", target, "--json", "--no-browser",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=variables,
        text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        document = ""
        while not _whole(document):
            line = process.stdout.readline()
            if not line:
                raise RuntimeError(process.stderr.read() if process.stderr else "it ended")
            document += line
        _answers(json.loads(document)["url"])
        return time.monotonic() - began
    finally:
        process.terminate()
        process.wait(60)


def _whole(text: str) -> bool:
    with contextlib.suppress(ValueError):
        json.loads(text)
        return True
    return False


def _answers(url: str) -> None:
    """Wait until the JupyterLab at this address answers `/api/status`."""
    base, _, rest = url.partition("/lab")
    token = rest.partition("token=")[2]
    _until(
        lambda: (
            httpx.get(
                f"{base}/api/status", headers={"Authorization": f"token {token}"}, trust_env=False
            ).status_code
            == 200
        )
    )


def _until(ready: Callable[[], bool], seconds: float = 600) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(httpx.HTTPError):
            if ready():
                return
        time.sleep(0.05)
    raise RuntimeError("it does not answer")


def _peer(crate: Path, podman: containers.Podman, folder: Path) -> float:
    """Build and start the plain image; the layers of nothing else are there yet."""
    lock = read_crate(crate).lock
    assert lock is not None
    folder.mkdir()
    shutil.copytree(ROOT / "examples" / "tides", folder / "study")
    (folder / "requirements.txt").write_text(
        "".join(f"{one.name}=={one.version}\n" for one in lock.packages)
    )
    (folder / "Dockerfile").write_text(PEER.format(base=containers.BASE))
    port = free_port()
    began = time.monotonic()
    podman("build", "--no-cache", "--tag", "localhost/peer", folder)
    podman(
        "run", "--detach", "--name", "peer", "--publish", f"127.0.0.1:{port}:8888", "localhost/peer"
    )
    try:
        _answers(f"http://127.0.0.1:{port}/lab?token=bench")
        return time.monotonic() - began
    finally:
        podman("rm", "--force", "--time", "0", "peer")


def _hub(crate: Path, folder: Path, rounds: int) -> tuple[float, list[float]]:
    """Launch through the service: the first person builds, the later ones find it there."""
    os.environ["XDG_CACHE_HOME"] = str(folder / "cache")  # wheels that lie there are not fetched
    with _served(crate.parent) as base, hubs.opened_hub(folder, ON_LOOPBACK) as hub:
        seconds = []
        for number in range(rounds + 1):
            person = hub.person(f"person-{number}")
            began = time.monotonic()
            launch = person.ready(person.launch(f"{base}/{crate.name}"), seconds=600)
            seconds.append(time.monotonic() - began)
            person.stop(launch)
    return seconds[0], seconds[1:]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Leave the output to the measurements."""


@contextlib.contextmanager
def _served(folder: Path) -> Iterator[str]:
    handler = partial(_Quiet, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


if __name__ == "__main__":
    main()
