"""A real JupyterHub with the launch service, as docs/hub.md begins, and crates to be found by DOI.

usage: python hub.py PORT    (PORT: the hub; the next ones are taken, too)
"""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Mount, Route

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "tests"))

from doubles.reading_doi import Dois  # noqa: E402  found through the line before
from doubles.serving import served  # noqa: E402
from making import notebook_of, stream  # noqa: E402

FOLDER = Path(os.environ["RECRATE_HUB_FOLDER"])
PROXY = ROOT / "tests" / "server" / "node_modules" / ".bin" / "configurable-http-proxy"
LARGE_BYTES = 60_000_000
"""Of the crates that come slowly: too large to be fetched before somebody decides."""
BLOCK = b"\0" * 50_000
CITATION = """cff-version: 1.2.0
title: Sums of small numbers
message: cite it
license: CC-BY-4.0
authors:
  - given-names: Hanako
    family-names: Tanaka
"""


def packed_study() -> Path:
    """Pack a study as small as shows the matter, with a lock; return the crate."""
    study, crate = FOLDER / "sums", FOLDER / "sums.crate.zip"
    study.mkdir(parents=True)
    source = 'print("the sum is", sum(range(11)))'
    outputs = {0: [stream("the sum is 55\n")]}
    (study / "first.ipynb").write_text(notebook_of(source, outputs=outputs), "utf-8")
    (study / "requirements.txt").write_text("six\n", "utf-8")
    (study / "CITATION.cff").write_text(CITATION, "utf-8")
    command = [sys.executable, "-m", "recrate", "pack", str(study), "-o", str(crate), "--json"]
    subprocess.run(command, check=False, stdout=sys.stderr)
    assert crate.is_file()
    return crate


def crates_app(crate: Path, dois: Dois) -> Starlette:
    """Serve the crate, one that takes for ever, one that breaks off, and DOIs that lead there."""

    async def whole(request: Request) -> Response:
        del request
        return FileResponse(crate, media_type="application/zip")

    async def promised(request: Request) -> Response:
        headers = {"Content-Length": str(LARGE_BYTES), "Content-Type": "application/zip"}
        return StreamingResponse(drops(cut="cut" in request.url.path), headers=headers)

    async def drops(*, cut: bool) -> AsyncIterator[bytes]:
        for number in range(LARGE_BYTES // len(BLOCK)):
            if cut and number == 3:
                raise ConnectionResetError
            yield BLOCK
            await asyncio.sleep(0 if cut else 0.3)

    return Starlette(
        routes=[
            Route("/sums.crate.zip", whole),
            Route("/slow.crate.zip", promised),
            Route("/cut.crate.zip", promised),
            Mount("/doi", dois.app),
        ]
    )


def hub_config(port: int) -> str:
    """Return the first example of docs/hub.md with the places of this run."""
    told = (ROOT / "docs" / "hub.md").read_text("utf-8")
    example = re.findall(r"```python\n(.*?)```", told, re.DOTALL)[0]
    there = 'shared="/srv/recrate"'
    assert there in example
    here = f'shared="{FOLDER}/shared", url="http://127.0.0.1:{port + 3}"'
    return f"""{example.replace(there, here)}
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_port = {port + 2}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{port + 4}"
c.ConfigurableHTTPProxy.command = ["{PROXY}"]
c.SimpleLocalProcessSpawner.home_dir_template = "{FOLDER}/homes/{{username}}"
c.JupyterHub.log_level = 30
c.Spawner.args = {["--allow-root"] if os.geteuid() == 0 else []}
"""


def recrate_config(crates: int) -> str:
    """Return what the service is told of the doubles."""
    return f"""c.Web.private_hosts = ["127.0.0.1"]
c.Locate.doi_resolver = "http://127.0.0.1:{crates}/doi/"
c.Locate.datacite_api = "http://127.0.0.1:{crates}/doi/api/"
"""


def main() -> int:
    """Serve until somebody says that it is enough; return the hub's exit code."""
    port, dois = int(sys.argv[1]), Dois()
    with served(crates_app(packed_study(), dois)) as crates:
        for name in ("sums", "slow", "cut"):
            dois.leads[f"10.5072/{name}"] = f"http://127.0.0.1:{crates}/{name}.crate.zip"
        run = FOLDER / "hub"
        (run / "config").mkdir(parents=True)
        (run / "config" / "recrate_config.py").write_text(recrate_config(crates), "utf-8")
        (run / "jupyterhub_config.py").write_text(hub_config(port), "utf-8")
        command = [sys.executable, "-m", "jupyterhub"]
        told = {**os.environ, "JUPYTER_CONFIG_DIR": str(run / "config"), "LC_ALL": "C.UTF-8"}
        hub = psutil.Popen(command, cwd=run, env=told, start_new_session=True)
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, lambda *_: end(hub))
        return int(hub.wait() or 0)


def end(hub: psutil.Popen) -> None:
    """End the hub as its operator does, and what it did not end itself."""
    started = hub.children(recursive=True)
    hub.terminate()
    _, left = psutil.wait_procs([hub, *started], timeout=15)
    for one in left:
        one.kill()


if __name__ == "__main__":
    sys.exit(main())
