"""A line of a campaign's list becomes a task: its crate is brought here and looked at."""

import contextlib
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from recrate.compare.judge import JUDGE
from recrate.crate.read import read_crate
from recrate.environment.realise import realise
from recrate.flow.locating import here
from recrate.flow.settings import Settings
from recrate.flow.tasks import system_name
from recrate.locate.whereabouts import Origin
from recrate.model.campaign import CampaignOptions, Entry
from recrate.model.crate import Crate
from recrate.model.errors import RecrateError
from recrate.model.policy import Policy
from recrate.model.wire import to_plain
from recrate.outside.disk import disk_errors


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A crate that lies here.

    environment: what tasks share that need the same one
    key: of all that a verdict follows from; empty where that cannot be told
    """

    crate: str
    origin: Origin | None
    identity: str
    name: str
    environment: str
    key: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NotPrepared:
    """A crate that could not be had."""

    error: RecrateError


Looked = Prepared | NotPrepared


def prepare(entry: Entry, options: CampaignOptions, *, settings: Settings, agreed: bool) -> Looked:
    """Bring the crate of an entry here and look at it; what goes wrong is a value, too.

    agreed: large downloads are agreed to
    """
    try:
        found = here(entry.where, settings=settings, agreed=agreed)
        path = found.path.resolve()
        crate = read_crate(path)
        with disk_errors(path):
            size = path.stat().st_size
    except RecrateError as error:
        return NotPrepared(error=error)
    return Prepared(
        crate=str(path),
        origin=found.origin,
        identity=crate.identity,
        name=crate.name,
        environment=environment_of(crate, options),
        key=key_of(crate, options, settings),
        size_bytes=size,
    )


def environment_of(crate: Crate, options: CampaignOptions) -> str:
    """Return what tasks have in common that run in the same environment."""
    if options.current:
        return "current"
    if crate.lock is None:
        return f"crate {crate.identity[:24]}"
    asked = f"{crate.lock.python}\n{crate.lock.pylock}{crate.lock.renv}"
    return hashlib.sha256(asked.encode()).hexdigest()[:24]


def key_of(crate: Crate, options: CampaignOptions, settings: Settings) -> str:
    """Return what a verdict of this crate is known by.

    It is of the crate, its data, its environment and node type, the parameters, the limits of
    comparing and the judge. The machine's own kernels and its R may be others tomorrow: no key
    then.
    """
    if options.current or crate.lock is None or crate.lock.renv:
        return ""
    ran = {
        "crate": crate.identity,
        "data": sorted([one.path, one.sha256 or ""] for one in crate.references),
        "environment": environment_of(crate, options),
        "system": system_name(),
        "parameters": options.parameters,
        "notebooks": options.notebooks,
        "repeats": options.repeats,
        "network": options.allow_network,
        "sandbox": not options.unsandboxed,
        "added": settings.environment.add_missing,
        "candidates": settings.environment.candidates,
    }
    return f"{_digest(ran)}-{judged_by(settings.policy)}"


def judged_by(policy: Policy, *, named: bool = False) -> str:
    """Return what the judging of a verdict is known by: the policy, and the judge's version.

    named: a person named the policy, so that an author's own does not hold
    """
    return _digest({"policy": to_plain(policy), "named": named, "judge": JUDGE})


def judged_anew(key: str, by: str) -> str:
    """Return the key of a verdict that was judged again; empty where `key` does not allow it."""
    ran, dash, _ = key.partition("-")
    return f"{ran}-{by}" if dash else ""


def _digest(told: object) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def make_environment(crate: Path, *, settings: Settings) -> None:
    """Make the environment of a crate's lock in the cache, unless it is there.

    One that cannot be made is no error here: the attempt finds the same, and its task is judged or
    tried again for it.
    """
    with contextlib.suppress(RecrateError):
        lock = read_crate(crate).lock
        if lock is not None and (lock.pylock or lock.renv):
            realise(lock, settings=settings.environment)
