"""What repo2docker builds with: the plain command line of podman or docker.

repo2docker's own engine asks for `buildx` and its progress, which podman 4 and a docker without
plug-ins lack. Entry point `recrate` of the group `repo2docker.engines`.
"""

import contextlib
import json
import re
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO, Any

from repo2docker.engine import BuildError, ContainerEngine, Image
from traitlets import List, Unicode

from recrate.outside.process import kill_tree, run, start
from recrate_binder.container.kept import LAYER_LABEL

_PAUSE_SECONDS = 0.5
_FROM = re.compile(r"^(FROM\s.*[^\\])$", re.MULTILINE | re.IGNORECASE)


def _read(stream: IO[bytes], lines: "SimpleQueue[bytes]") -> None:
    with stream:
        for line in stream:
            lines.put(line)
    lines.put(b"")


def marked_text(dockerfile: str) -> str:
    """Return a Dockerfile of which every stage bears our label, so that all layers do.

    What a killed build left behind is known by it.
    """
    return _FROM.sub(rf"\1\nLABEL {LAYER_LABEL}=1", dockerfile)


class CommandLineEngine(ContainerEngine):  # type: ignore[misc]  # it comes without types
    """Builds with `podman build` or `docker build`."""

    program = Unicode("podman", help="Path of podman or docker.").tag(config=True)
    arguments = List(Unicode(), help="More arguments of `build`.").tag(config=True)

    def build(
        self,
        *,
        buildargs: Mapping[str, str] | None = None,
        cache_from: Sequence[str] = (),
        tag: str = "",
        dockerfile: str = "",
        fileobj: Any = None,
        path: str = "",
        labels: Mapping[str, str] | None = None,
        platform: str | None = None,
        **_: Any,
    ) -> Iterator[str]:
        """Yield the lines of a build; raises BuildError where it fails."""
        told = ["build", "--force-rm", *self.arguments]
        told += [part for one in cache_from for part in ("--cache-from", one)]
        for name, value in (buildargs or {}).items():
            told += ["--build-arg", f"{name}={value}"]
        for name, value in (labels or {}).items():
            told += ["--label", f"{name}={value}"]
        told += ["--tag", tag] if tag else []
        told += ["--platform", platform] if platform else []
        with tempfile.TemporaryDirectory() as folder:
            if fileobj is not None:
                with tarfile.open(fileobj=fileobj) as packed:
                    packed.extractall(folder, filter="tar")
                path = folder
            marked = Path(folder) / "Dockerfile.marked"
            written = Path(path) / (dockerfile or "Dockerfile")
            marked.write_text(marked_text(written.read_text("utf-8")), "utf-8")
            yield from self._lines([*told, "--file", str(marked), path])

    def _lines(self, arguments: Sequence[str]) -> Iterator[str]:
        """Yield what a build prints until it ends, whoever still holds the other end of its pipe.

        When podman is killed, what it started lives on, and would be waited for.
        """
        child = start(["sh", "-c", 'exec "$@" 2>&1 </dev/null', "sh", self.program, *arguments])
        for unused in (child.stdin, child.stderr):
            assert unused is not None
            unused.close()
        assert child.stdout is not None
        lines: SimpleQueue[bytes] = SimpleQueue()
        Thread(target=_read, args=(child.stdout, lines), daemon=True).start()
        ended = False
        try:
            while not ended:
                ended = child.poll() is not None  # looked at before: what it said last comes after
                with contextlib.suppress(Empty):
                    while line := lines.get(timeout=_PAUSE_SECONDS):
                        yield line.decode("utf-8", "replace")
        finally:
            if child.poll() is None:
                kill_tree(child.pid)
                child.wait()
        if child.returncode:
            raise BuildError(f"the build ended with exit code {child.returncode}")

    def inspect_image(self, image: str) -> Image | None:
        """Return an image's tags and configuration, None where there is none."""
        done = run([self.program, "image", "inspect", image], timeout_seconds=60)
        if done.code:
            return None
        found = json.loads(done.out)[0]
        config = {"WorkingDir": "", **(found.get("Config") or {})}
        return Image(tags=found.get("RepoTags") or [], config=config)
