"""Podman or docker: which one is there, what it is, and its command line."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from recrate.model.errors import BadInput, OutsideFailed
from recrate.outside.process import Finished, run

Name = Literal["podman", "docker"]
NAMES: tuple[Name, ...] = ("podman", "docker")
"""In the order in which they are looked for: podman needs no daemon and no root."""

INSTALL = (
    "Debian and Ubuntu: apt install podman uidmap slirp4netns; Fedora: dnf install podman; "
    "macOS and Windows: podman.io or docker.com"
)
_START = {
    "podman": "`podman info` says why",
    "docker": "start its daemon, and see that you may use it: `docker info` says why",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """A container engine of this machine.

    program:   path of its command line
    rootless:  it has no more rights than the person
    apart:     it runs in a virtual machine or on another host: it sees no socket of this one
    machine:   architecture of its containers, `amd64`
    store:     folder of its images; None where it does not say
    runtime:   program that runs podman's containers (runc, crun); empty for docker
    variables: environment of every process
    """

    name: Name
    program: str
    version: str
    rootless: bool
    apart: bool
    machine: str
    store: Path | None
    runtime: str
    variables: Mapping[str, str]

    def run(self, *arguments: str | Path, timeout_seconds: float = 60.0) -> Finished:
        """Run one of its verbs to the end, whatever the end is."""
        return run(
            [self.program, *arguments], timeout_seconds=timeout_seconds, variables=self.variables
        )

    def ask(self, *arguments: str | Path, timeout_seconds: float = 60.0) -> str:
        """Run one of its verbs and return what it printed; raises OutsideFailed when it fails."""
        done = self.run(*arguments, timeout_seconds=timeout_seconds)
        if done.code or done.timed_out:
            why = "it took too long" if done.timed_out else last_line(done.error)
            raise OutsideFailed(
                f"{arguments[0]}: {why}",
                where=self.name,
                hint=f"see whether `{self.name} info` answers, then launch again",
            )
        return done.out

    def has_image(self, name: str) -> bool:
        """Say whether an image of this name is in the store."""
        return self.run("image", "inspect", name).code == 0

    def containers(self, label: str) -> tuple[dict[str, Any], ...]:
        """Return what runs or ran with a label: `name`, and `labels` by their names."""
        listed = self.ask("ps", "-a", "--filter", f"label={label}", "--format", "{{.Names}}")
        return tuple(
            {"name": name, "labels": self._labels(name)} for name in listed.split() if name
        )

    def _labels(self, name: str) -> dict[str, str]:
        found = self.run("inspect", "--format", "{{json .Config.Labels}}", name)
        labels: dict[str, str] | None = json.loads(found.out) if found.code == 0 else None
        return labels or {}

    def remove(self, name: str) -> None:
        """End a container at once and take it away; nothing happens where there is none."""
        quickly = ("--time", "0") if self.name == "podman" else ()
        self.run("rm", "--force", "--volumes", *quickly, name, timeout_seconds=300)

    def end_process_of(self, container: str) -> None:
        """End the process of a container that a build began, of which podman knows nothing."""
        run(
            [self.runtime, "delete", "--force", container],
            timeout_seconds=60,
            variables=self.variables,
        )


def last_line(text: str) -> str:
    """Return the last line that says something, shortened."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "it said nothing"


def find_engine(wanted: str, variables: Mapping[str, str]) -> Engine:
    """Return the engine to use: the `wanted` one, or for an empty word the first that there is.

    variables: the process environment; PATH says where to look
    Raises BadInput where none is installed, or `wanted` is none of those known, and OutsideFailed
    where one is installed but does not answer.
    """
    if wanted and wanted not in NAMES:
        raise BadInput(f"no container engine {wanted!r}", hint="there are: podman, docker")
    names = [one for one in NAMES if wanted in {"", one}]
    for name in names:
        program = shutil.which(name, path=variables.get("PATH"))
        if program is not None:
            return _look_at(name, program, variables)
    raise BadInput(f"{' and '.join(names)} not found on this machine", hint=INSTALL)


def _look_at(name: Name, program: str, variables: Mapping[str, str]) -> Engine:
    done = run([program, "info", "--format", "{{json .}}"], timeout_seconds=60, variables=variables)
    try:
        told = json.loads(done.out) if done.code == 0 and not done.timed_out else None
    except ValueError:
        told = None
    if not isinstance(told, dict) or told.get("ServerErrors"):
        said = told["ServerErrors"][0] if isinstance(told, dict) else last_line(done.error)
        raise OutsideFailed(f"{name} does not answer: {said}", where=program, hint=_START[name])
    if "host" in told:
        return _podman(program, told, variables)
    return _docker(program, told, variables)


def _podman(program: str, told: dict[str, Any], variables: Mapping[str, str]) -> Engine:
    host, store = told["host"], told.get("store", {})
    apart = bool(host.get("serviceIsRemote"))
    return Engine(
        name="podman",
        program=program,
        version=str(told.get("version", {}).get("Version", "")),
        rootless=bool(host.get("security", {}).get("rootless")),
        apart=apart,
        machine=str(host.get("arch", "")),
        store=Path(store["graphRoot"]) if store.get("graphRoot") and not apart else None,
        runtime=str(host.get("ociRuntime", {}).get("path", "")),
        variables=variables,
    )


_MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}


def _docker(program: str, told: dict[str, Any], variables: Mapping[str, str]) -> Engine:
    system = str(told.get("OperatingSystem", ""))
    elsewhere = variables.get("DOCKER_HOST", "").startswith(("tcp:", "ssh:", "http"))
    apart = elsewhere or "Desktop" in system or not Path("/proc/self").exists()
    store = Path(str(told.get("DockerRootDir", "")))
    return Engine(
        name="docker",
        program=program,
        version=str(told.get("ServerVersion", "")),
        rootless=any("rootless" in str(one) for one in told.get("SecurityOptions") or ()),
        apart=apart,
        machine=_MACHINES.get(str(told.get("Architecture")), str(told.get("Architecture", ""))),
        store=None if apart or not store.is_dir() else store,
        runtime="",
        variables=variables,
    )
