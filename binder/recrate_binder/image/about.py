"""`image.json`: what an image is of, and what it was made from. Copied into it, never rendered."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from recrate.locate.whereabouts import Origin

NAME = "image.json"
IN_IMAGE = PurePosixPath("/opt/recrate") / NAME


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """An image that another stands on. `digest`: `sha256:…`, empty where nothing could say it."""

    name: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What an image was made from.

    crate:    identity
    source:   where the crate came from: its address, else the name of its file or folder
    requirement: what JupyterLab's environment was asked to install
    """

    crate: str
    source: str
    base: Base
    lab_base: Base
    requirement: str
    recrate: str
    origin: Origin | None = None
    schema: int = 1
