"""Launching: what a target can do, what it is handed, and what a session is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from recrate.model.deposit import Option
from recrate.model.environment import Environment

Wants = Literal["session", "crate", "address"]
"""What a target is handed: a session made on this machine, the crate's file, or only where it is
published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetCapabilities:
    """What a target can do, as data.

    starts:     it starts a JupyterLab and can end it; otherwise it gives a link
    walls:      what keeps the crate's code from the machine: `sandbox`, `container`, or `theirs`
                (whoever runs the place says)
    limits:     memory and processors can be limited
    needs_account: nothing without a token
    needs_address: only crates that are published somewhere
    wants:      what it is handed
    languages:  of notebooks it can run; empty for any
    """

    starts: bool
    walls: Literal["sandbox", "container", "theirs"]
    limits: bool = False
    needs_account: bool = False
    needs_address: bool = False
    wants: Wants = "crate"
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutTarget:
    """A kind of target, as people see it before they choose it."""

    kind: str
    title_en: str
    title_ja: str
    capabilities: TargetCapabilities
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchOrder:
    """What the person wants of a launch.

    notebook: opened first, relative to the study's root; None is the crate's first
    memory_bytes, processors: limits; None leaves them to the target
    answers:  of the target's options
    """

    notebook: str | None = None
    language: Literal["en", "ja"] = "en"
    memory_bytes: int | None = None
    processors: float | None = None
    network: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LastVerdict:
    """What is known of the latest replay of a crate. `date`: ISO; `url`: empty when not public."""

    verdict: str
    sentence: str
    date: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionHead:
    """A session: a JupyterLab that was opened in a crate. `session.json` of its folder.

    id:       letters and digits; names the folder
    crate:    identity; name, title, creators, licence as the crate's metadata say them
    location: where the crate came from: its address, else the name of its file
    blind:    packed for blind review: nothing may name a person
    study:    absolute path of the working copy
    notebooks: as published, in run order; `recorded/` holds them, `crate.json` the crate
    environments: by language, as they were restored; each is a kernel of the session
    walls:    what the kernels run within: `bubblewrap`, `container` or `none`
    target:   kind of the target that made it
    notes:    what the person should know: data that changed, an environment that is not exact
    """

    id: str
    crate: str
    name: str
    title: str
    creators: tuple[str, ...]
    licence: str
    location: str
    doi: str | None
    blind: bool
    study: str
    notebooks: tuple[str, ...]
    first: str
    environments: tuple[Environment, ...]
    walls: Literal["bubblewrap", "container", "none"]
    target: str
    started: str
    agent: str
    last_verdict: LastVerdict | None = None
    memory_bytes: int | None = None
    network: bool = False
    notes: tuple[str, ...] = ()
    schema: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Launched:
    """What a target gives back.

    url:    to be opened; it may hold a token and is for the person alone
    session: the id of the session where one was made on this machine
    waits:  `Running.wait` has something to wait for: a JupyterLab that ends with this command
    """

    target: str
    url: str
    session: str | None = None
    waits: bool = False
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
