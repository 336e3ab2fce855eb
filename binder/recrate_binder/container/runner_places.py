"""Where containers of attempts live: an engine, or apptainer, behind one small interface."""

import contextlib
import os
import signal
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from typing import Protocol

import psutil

from recrate.model.errors import BadInput, OutsideFailed
from recrate.outside.disk import disk_errors, remove_tree
from recrate.outside.process import kill_tree
from recrate_binder.container import runner_apptainer, runner_walls
from recrate_binder.container.engine import Engine
from recrate_binder.container.kept import OWNER_LABEL, owner_lives
from recrate_binder.container.runner_image import ImageOrder, Wares, bring_image, have_image
from recrate_binder.container.runner_walls import CAMPAIGN_LABEL, Box

VARIABLE = "RECRATE_CAMPAIGN_CONTAINER"
"""In the environment of the engine's own client: campaign and owner, `id 4711:1795302094.31`."""


class Place(Protocol):
    """Starts nothing by itself: it says how a container is started, and ends what was."""

    def have_image(self, minor: str) -> str:
        """Return the image for a lock's Python `3.11`; may take long; raises OutsideFailed."""
        ...

    def command(self, box: Box) -> list[str]:
        """Return what starts a container; it runs as long as the container does."""
        ...

    def tell_to_end(self, name: str, process: "Popen[bytes]") -> bool:
        """Ask the worker in a container to keep what was done; False while there is none yet."""
        ...

    def end(self, name: str, process: "Popen[bytes]") -> None:
        """Take a container away at once; nothing happens where there is none."""
        ...

    def forget(self, name: str) -> None:
        """Take away what a container that ended may have left here."""
        ...

    def reap(self, campaign: str) -> tuple[str, ...]:
        """Take away what dead clients of this campaign left, and name it."""
        ...


@dataclass(kw_only=True)
class OnEngine:
    """Podman or docker.

    given: name of an image, `{python}` in it stands for a version; empty: one is built
    base, bundle, pull, index: as `ImageOrder` and `have_image` take them
    folder: where builds keep their locks and logs
    """

    engine: Engine
    given: str
    base: str
    wares: Wares | None
    bundle: Path | None
    pull: str
    index: str
    folder: Path

    def have_image(self, minor: str) -> str:
        """Return the image that was named, else the one that is built once."""
        if self.given:
            name = self.given.replace("{python}", minor)
            bring_image(name, self.engine, pull=self.pull)
            return name
        order = self.order(minor)
        return have_image(order, self.engine, folder=self.folder, index=self.index)

    def order(self, minor: str) -> ImageOrder:
        """Return what the image for a lock's Python is made of."""
        assert self.wares is not None
        return ImageOrder(
            base=self.base, minor=minor, wares=self.wares, bundle=self.bundle, pull=self.pull
        )

    def command(self, box: Box) -> list[str]:
        """Return the engine's command line."""
        return runner_walls.command_of(box, self.engine)

    def tell_to_end(self, name: str, process: "Popen[bytes]") -> bool:  # noqa: ARG002 - apptainer's
        """Send SIGTERM to the keeper, which hands it on."""
        return self.engine.run("kill", "--signal", "TERM", name).code == 0

    def end(self, name: str, process: "Popen[bytes]") -> None:  # noqa: ARG002 - apptainer's
        """Remove the container."""
        self.engine.remove(name)

    def forget(self, name: str) -> None:
        """Remove a container that its client left behind."""
        self.engine.remove(name)

    def reap(self, campaign: str) -> tuple[str, ...]:
        """Kill clients that may be about to start one, then remove what has the campaign's label.

        Raises OutsideFailed where the engine does not answer.
        """
        _end_clients(campaign, Path(self.engine.program).name)
        reaped = []
        for one in self.engine.containers(f"{CAMPAIGN_LABEL}={campaign}"):
            if not owner_lives(str(one["labels"].get(OWNER_LABEL, ""))):
                self.engine.remove(one["name"])
                reaped.append(str(one["name"]))
        return tuple(reaped)


@dataclass(kw_only=True)
class OnApptainer:
    """Apptainer. `given`: a SIF file, or an address that it knows; `scratch`: holds each `/tmp`."""

    program: str
    given: str
    scratch: Path

    def have_image(self, minor: str) -> str:
        """Return the image that was named; raises where there is none."""
        name = self.given.replace("{python}", minor)
        if not name:
            raise BadInput("apptainer runs an image that is named", hint="image: FILE.sif")
        if "://" not in name and not Path(name).exists():
            raise OutsideFailed("no such image", where=name, hint="image: FILE.sif")
        return name

    def command(self, box: Box) -> list[str]:
        """Return its command line; a private scratch folder is made for it."""
        place = self.scratch / box.name
        with disk_errors(place):
            place.mkdir(parents=True, mode=0o700, exist_ok=True)
        return runner_apptainer.command_of(box, self.program, place)

    def tell_to_end(self, name: str, process: "Popen[bytes]") -> bool:  # noqa: ARG002 - an engine's
        """Send SIGTERM, which it hands on."""
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        return True

    def end(self, name: str, process: "Popen[bytes]") -> None:  # noqa: ARG002 - an engine's
        """Kill its tree: the first process inside takes all others with it."""
        kill_tree(process.pid)

    def forget(self, name: str) -> None:
        """Remove the scratch folder."""
        remove_tree(self.scratch / name)

    def reap(self, campaign: str) -> tuple[str, ...]:
        """Kill what dead clients of the campaign left running."""
        return _end_clients(campaign, "")


def variables_for(campaign: str, owner: str) -> dict[str, str]:
    """Return what a client of the engine bears, so that it is found when its owner is dead."""
    return {VARIABLE: f"{campaign} {owner}"}


def _clients(campaign: str) -> list[tuple[psutil.Process, str]]:
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            of, _, owner = process.environ().get(VARIABLE, "").partition(" ")
            if of == campaign and process.pid != os.getpid():
                found.append((process, owner))
    return found


def _end_clients(campaign: str, program: str) -> tuple[str, ...]:
    """Kill processes of dead owners whose program has this name (any, where it is empty)."""
    ended = []
    for process, owner in _clients(campaign):
        with contextlib.suppress(psutil.Error):
            named = Path((process.cmdline() or [""])[0]).name
            if not owner_lives(owner) and program in {"", named}:
                kill_tree(process.pid)
                ended.append(f"process {process.pid}")
    return tuple(ended)
