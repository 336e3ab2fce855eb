"""Base images: brought here if need be, and named by what they hold instead of by a tag."""

import json
from typing import Any

from recrate.model.errors import OutsideFailed
from recrate.outside.process import run
from recrate_binder.image.about import Base

_SECONDS = 1200.0


def program_of(engine: Any) -> str:
    """Return the command line that an engine of repo2docker builds with."""
    return str(getattr(engine, "program", None) or engine.container_cli)


def find_base(program: str, name: str) -> Base:
    """Return a base image with its digest; it is pulled where it is not here.

    Raises OutsideFailed where it cannot be had.
    """
    found = _inspect(program, name)
    if found is None:
        told = run([program, "pull", "--quiet", name], timeout_seconds=_SECONDS)
        found = _inspect(program, name)
        if found is None:
            lines = told.error.strip().splitlines() or ["it said nothing"]
            raise OutsideFailed(
                f"the base image {name} cannot be had: {lines[-1][:300]}",
                hint="c.CrateImage.base_image names another one",
            )
    digests = [str(one) for one in found.get("RepoDigests") or []]
    known = [one.partition("@")[2] for one in digests]
    return Base(name=name, digest=next(iter(known), ""))


def pinned(program: str, base: Base) -> str:
    """Return the image's name with its digest where the builder knows it so, else its name."""
    repository = base.name.partition("@")[0]
    last = repository.rpartition("/")[2]
    if ":" in last:
        repository = repository[: -len(last)] + last.partition(":")[0]
    exact = f"{repository}@{base.digest}"
    return exact if base.digest and _inspect(program, exact) is not None else base.name


def _inspect(program: str, name: str) -> dict[str, Any] | None:
    told = run([program, "image", "inspect", name], timeout_seconds=60)
    if told.code:
        return None
    found: dict[str, Any] = json.loads(told.out)[0]
    return found
