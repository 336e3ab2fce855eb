"""The image in which attempts run: a base image with recrate, uv and bubblewrap in it.

Its name says what it is made of: the base, this version of recrate (of sources: their state), and
the versions of what stands beside it here. So a place of the same kind has the same tools, whoever
finds it builds nothing, and recrate changed is another image.
"""

import hashlib
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path

from filelock import FileLock

from recrate import __version__
from recrate.model.errors import OutsideFailed
from recrate.outside.disk import disk_errors, scratch_folder, write_text
from recrate_binder.container.bases import make_trusting, trusting
from recrate_binder.container.engine import Engine, last_line
from recrate_binder.container.kept import LOCK
from recrate_binder.image.wheel import build_wheel, sources_of_editable

REPOSITORY = "localhost/recrate-runner"
PYTHON = "/opt/recrate/lab/bin/python"
"""The interpreter that runs recrate in the image."""
OLDEST = (3, 11)
"""An older base gets a Python of its own for recrate, fetched in another stage."""
FETCHED = "3.12"
TOOLS = "bubblewrap mount util-linux"
"""Of Debian: the walls of cells, and what `runner_walls` begins with."""
_INSTALLER = Path(__file__).parents[1] / "image" / "install-lab.sh"
_SECONDS = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wares:
    """What is installed in every image of this recrate.

    line:  of a requirements file; wheel: that it needs beside it, None where it is released
    state: what tells these sources from others
    pins:  name==version of what is installed here: the image gets no other versions
    """

    line: str
    wheel: Path | None
    state: str
    pins: tuple[str, ...]


def find_wares(cache: Path) -> Wares:
    """Return what is to be installed; builds a wheel where recrate runs from its sources.

    Raises OutsideFailed where no wheel can be built.
    """
    pins = tuple(sorted(set(_pins())))
    sources = sources_of_editable()
    if sources is None:
        return Wares(line=f"recrate=={__version__}", wheel=None, state=__version__, pins=pins)
    wheel = build_wheel(sources, cache / "wheels")
    line = f"recrate @ file:///tmp/lab/{wheel.name}"
    return Wares(line=line, wheel=wheel, state=wheel.parent.name, pins=pins)


def _pins() -> Iterator[str]:
    for one in distributions():
        if one.name and one.name.lower() != "recrate" and not one.read_text("direct_url.json"):
            yield f"{one.name.lower()}=={one.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageOrder:
    """Which image is wanted.

    base:   image to begin with, `{python}` in it stands for a minor version
    minor:  of the lock, `3.11`
    bundle: of certificate authorities, None for those of the base
    pull:   `missing`, `never` or `always`: whether the base is fetched
    """

    base: str
    minor: str
    wares: Wares
    bundle: Path | None
    pull: str

    @property
    def own(self) -> str:
        """The base of the lock's Python, as a registry names it."""
        return self.base.replace("{python}", self.minor)

    @property
    def lab(self) -> str:
        """The base in which recrate is installed: another one where the lock's Python is old."""
        return self.base.replace("{python}", FETCHED) if self.fetched else self.own

    @property
    def fetched(self) -> bool:
        """Say whether the base's own Python is too old for recrate."""
        version = tuple(int(part) for part in self.minor.split("."))
        return "{python}" in self.base and version < OLDEST

    @property
    def dockerfile(self) -> str:
        """The recipe."""
        lab, own = trusting(self.lab, self.bundle), trusting(self.own, self.bundle)
        tools = (
            f"RUN apt-get update && apt-get install --yes --no-install-recommends {TOOLS} "
            "&& rm -rf /var/lib/apt/lists/*"
        )
        lines = [
            f"FROM {lab} AS lab",
            "USER root",
            *([] if self.fetched else [tools]),
            "ARG PIP_INDEX_URL",
            "COPY lab/ /tmp/lab/",
            "RUN --mount=type=cache,id=recrate-lab,target=/tmp/cache "
            f"sh /tmp/lab/install-lab.sh{f' {FETCHED}' if self.fetched else ''}",
        ]
        if self.fetched:
            lines += [f"FROM {own}", "USER root", tools]
            lines += ["COPY --from=lab /opt/recrate /opt/recrate"]
        return "\n".join([*lines, "ENTRYPOINT []", 'CMD ["true"]']) + "\n"

    @property
    def name(self) -> str:
        """The name of the image."""
        parts = (self.dockerfile, self.wares.line, self.wares.state, *self.wares.pins)
        told = hashlib.sha256("\n".join(parts).encode())
        told.update(_INSTALLER.read_bytes())
        return f"{REPOSITORY}:{told.hexdigest()[:24]}"


def have_image(order: ImageOrder, engine: Engine, *, folder: Path, index: str = "") -> str:
    """Return the image's name; build it unless it is there, one at a time on this machine.

    folder: where builds keep their locks and logs
    index:  address of the package index to build with; empty for the usual one
    Raises OutsideFailed, with the log's last words, where it cannot be had.
    """
    if engine.has_image(order.name):
        return order.name
    with disk_errors(folder):
        folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    with FileLock(str(folder / LOCK)):
        if not engine.has_image(order.name):
            for base in {order.lab, order.own}:
                bring_image(base, engine, pull=order.pull)
                make_trusting(base, order.bundle, engine)
            _build(order, engine, folder, index)
    return order.name


def bring_image(name: str, engine: Engine, *, pull: str) -> None:
    """Have an image in the engine's store, fetched as the policy `pull` says.

    Raises OutsideFailed where it cannot be had.
    """
    here = engine.has_image(name)
    if pull == "never" and not here:
        raise OutsideFailed(
            "the image is not here, and nothing may be fetched",
            where=name,
            hint=f"`{engine.name} pull {name}`, or `pull: missing` for this site",
        )
    if pull == "always" or not here:
        done = engine.run("pull", "--quiet", name, timeout_seconds=_SECONDS)
        if done.code and not engine.has_image(name):
            raise OutsideFailed(
                f"the image cannot be had: {last_line(done.error)}",
                where=name,
                hint="`base` or `image` of this site names another one",
            )


def _build(order: ImageOrder, engine: Engine, folder: Path, index: str) -> None:
    log = folder / f"{order.name.rpartition(':')[2]}.log"
    with scratch_folder(parent=folder) as place:
        _lay_out(order, place)
        told = [f"PIP_INDEX_URL={index}"] if index else []
        arguments = [part for one in told for part in ("--build-arg", one)]
        done = engine.run(
            "build", "--force-rm", *arguments, "--tag", order.name, place,
            timeout_seconds=_SECONDS,
        )  # fmt: skip
        write_text(log, done.out + done.error)
    if done.code or done.timed_out:
        why = "it took too long" if done.timed_out else last_line(done.error)
        raise OutsideFailed(
            f"the runner's image cannot be built: {why}",
            where=str(log),
            hint="its log says more; `image` of this site names one that is there",
        )


def _lay_out(order: ImageOrder, place: Path) -> None:
    lab = place / "lab"
    with disk_errors(lab):
        lab.mkdir()
        shutil.copyfile(_INSTALLER, lab / _INSTALLER.name)
        if order.wares.wheel is not None:
            shutil.copyfile(order.wares.wheel, lab / order.wares.wheel.name)
    write_text(lab / "constraints.txt", "".join(f"{pin}\n" for pin in order.wares.pins))
    write_text(lab / "requirements.txt", f"-c constraints.txt\n{order.wares.line}\n")
    write_text(place / "Dockerfile", order.dockerfile)


def own_minor() -> str:
    """Return the minor version of the Python that we run in."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"
