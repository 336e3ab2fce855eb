"""What the operator decides, read once at the edge: `c.Relaunch.… =`."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from traitlets import Bool, Float, Integer, TraitError, Unicode
from traitlets.config import Config, Configurable

from recrate.configuration import settings_from
from recrate.flow.settings import Settings
from recrate.model.errors import BadInput

SETTINGS_VARIABLE = "RECRATE_HUB_SETTINGS"
"""Configuration as JSON that `configure` hands to the service and to its workers."""


class Relaunch(Configurable):
    """The launch service."""

    shared = Unicode(
        "", help="Folder of crates and environments: the service writes it, users only read it."
    ).tag(config=True)
    state = Unicode("", help="Folder of the service alone: its list of launches.").tag(config=True)
    sessions_per_user = Integer(2, help="Launches that one person may hold at once.").tag(
        config=True
    )
    sessions = Integer(50, help="Launches that all may hold at once.").tag(config=True)
    launches_per_hour = Integer(20, help="Launches that one person may begin in an hour.").tag(
        config=True
    )
    failures_per_hour = Integer(
        20, help="Addresses behind which nothing was found that one person may try in an hour."
    ).tag(config=True)
    ask_above = Integer(200 * 1000**2, help="Bytes from which a download is agreed to.").tag(
        config=True
    )
    size_limit = Integer(5 * 1000**3, help="Bytes above which no crate is fetched.").tag(
        config=True
    )
    look_limit = Integer(
        20 * 1000**2, help="Bytes up to which a crate is fetched to say what it is."
    ).tag(config=True)
    builds = Integer(2, help="Crates that are made ready at once.").tag(config=True)
    looks = Integer(4, help="Addresses that are looked at and fetched at once.").tag(config=True)
    quota = Integer(50 * 1000**3, help="Bytes of crates and environments that are kept.").tag(
        config=True
    )
    build_sources = Bool(
        False, help="Build packages that have no wheel, within walls; otherwise they are left out."
    ).tag(config=True)
    start_timeout = Float(600, help="Seconds that a server may take to start.").tag(config=True)
    work_timeout = Float(3600, help="Seconds that fetching or restoring may take.").tag(config=True)
    proxy_url = Unicode(
        "",
        help="Where this service reaches the hub's proxy, and so servers as people reach them.",
    ).tag(config=True)
    verdicts_online = Bool(True, help="Ask DataCite who replayed a crate.").tag(config=True)
    keep_launches_days = Float(30, help="Days that ended launches are remembered.").tag(config=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class HubSettings:
    """The service's settings; the rooms' own are in `rooms`. Sizes in bytes."""

    shared: Path
    state: Path
    rooms: Settings
    sessions_per_user: int
    sessions: int
    launches_per_hour: int
    failures_per_hour: int
    look_limit_bytes: int
    builds: int
    looks: int
    quota_bytes: int
    start_timeout_seconds: float
    work_timeout_seconds: float
    verdicts_online: bool
    keep_launches_days: float
    proxy_url: str = ""


def read_config(config: Config, variables: Mapping[str, str] = os.environ) -> Config:
    """Return a configuration with what `configure` told the service laid over it."""
    merged = Config(config)
    try:
        told = json.loads(variables.get(SETTINGS_VARIABLE) or "{}")
        merged.merge(Config(told))
    except (ValueError, TypeError, AttributeError) as error:
        raise BadInput(
            f"not a configuration: {error}",
            where=SETTINGS_VARIABLE,
            hint="`configure` writes it; take it out of the service's own environment",
        ) from error
    return merged


def settings_of(config: Config) -> HubSettings:
    """Make the record; raises BadInput for what is no setting."""
    try:
        chosen = Relaunch(config=config)
    except TraitError as error:
        raise BadInput(f"configuration: {error}", hint="docs/hub.md lists the settings") from error
    if not chosen.shared:
        raise BadInput("no shared folder is configured", hint="c.Relaunch.shared = '/srv/recrate'")
    shared = Path(chosen.shared).absolute()
    return HubSettings(
        shared=shared,
        state=Path(chosen.state).absolute() if chosen.state else shared / "service",
        rooms=_rooms(config, chosen, shared),
        sessions_per_user=chosen.sessions_per_user,
        sessions=chosen.sessions,
        launches_per_hour=chosen.launches_per_hour,
        failures_per_hour=chosen.failures_per_hour,
        look_limit_bytes=chosen.look_limit,
        builds=max(1, chosen.builds),
        looks=max(1, chosen.looks),
        quota_bytes=chosen.quota,
        start_timeout_seconds=chosen.start_timeout,
        work_timeout_seconds=chosen.work_timeout,
        verdicts_online=chosen.verdicts_online,
        keep_launches_days=chosen.keep_launches_days,
        proxy_url=chosen.proxy_url,
    )


def _rooms(config: Config, chosen: Relaunch, shared: Path) -> Settings:
    """Return the rooms' settings: everything they keep lies in the shared folder."""
    rooms = settings_from(config)
    cache = shared / "cache"
    return replace(
        rooms,
        cache=cache,
        environment=replace(rooms.environment, cache=cache, build=chosen.build_sources),
        locate=replace(rooms.locate, big_bytes=chosen.ask_above, limit_bytes=chosen.size_limit),
        reference_limit_bytes=chosen.size_limit,
    )
