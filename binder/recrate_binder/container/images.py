"""What this target knows of a crate's image: how it is configured, and what runs in it."""

import json
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from recrate.launch.target import Cargo, Workshop
from recrate.model.launch import LaunchOrder
from recrate.outside.disk import write_text
from recrate_binder.image.dockerfile import SESSION
from recrate_binder.image.session import WRITABLE

USER, USER_ID = "jovyan", "1000"
WRITTEN_TO = (f"/home/{USER}", *(f"{SESSION}/{name}" for name in WRITABLE))
"""Folders of an image that its user writes to: the working copy, and what JupyterLab keeps."""
COMMAND = ("jupyter", "lab")
COPIED_BYTES = 1 << 30
"""A home of more than that is not copied for a root that is read-only."""
_LAB_PYTHON = "3.12"


def python_of(cargo: Cargo) -> str:
    """Return the minor version of the Python that the base image is to have."""
    lock = cargo.crate.lock
    if lock is None or lock.language != "python":
        return _LAB_PYTHON
    return ".".join(lock.python.split(".")[:2])


def recipe_versions(workshop: Workshop) -> tuple[str, ...]:
    """Return what else an image is made of: the programs that write its Dockerfile."""
    return (workshop.agent, f"repo2docker {repo2docker_version()}")


def repo2docker_version() -> str:
    """Return the version that is installed, empty where there is none."""
    try:
        return version("jupyter-repo2docker")
    except PackageNotFoundError:
        return ""


def write_configuration(folder: Path, base: str, workshop: Workshop) -> None:
    """Write what the build pack reads in its own process, where JUPYTER_CONFIG_PATH leads."""
    told = {
        "Recrate": {"cache": str(workshop.cache)},
        "CrateImage": {"base_image": base, "lab_python": _LAB_PYTHON},
        "Web": {
            "timeout": workshop.web.timeout_seconds,
            "private_hosts": list(workshop.web.private_hosts),
        },
    }
    write_text(folder / "recrate_config.json", json.dumps(told))


def copied_of(cargo: Cargo) -> tuple[str, ...]:
    """Return the folders that are copied to be written to; none where they are too large."""
    size = sum(one.size_bytes for one in cargo.crate.files)
    size += sum(one.size_bytes for one in cargo.crate.references)
    return WRITTEN_TO if size <= COPIED_BYTES else ()


def variables_of(order: LaunchOrder, token: str) -> dict[str, str]:
    """Return what the first program of a container is told."""
    return {"JUPYTER_TOKEN": token, "RECRATE_LANGUAGE": order.language}
