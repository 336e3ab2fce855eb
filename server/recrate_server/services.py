"""What is made once for the life of the server, and handed to every route."""

import getpass
from collections.abc import Mapping
from dataclasses import dataclass
from logging import Logger, LoggerAdapter
from pathlib import Path
from typing import Any

from jupyter_server.auth.identity import IdentityProvider, User
from traitlets import TraitError
from traitlets.config import Config, Configurable

from recrate import configuration
from recrate.configuration import load_configuration, settings_from
from recrate.flow.settings import Settings
from recrate.model.errors import BadInput

SECTIONS: tuple[type[Configurable], ...] = (
    configuration.Recrate,
    configuration.Scan,
    configuration.Environments,
    configuration.Replay,
    configuration.Compare,
    configuration.Web,
)
"""The settings that the command line has, too: `c.Recrate.cache = …` means the same in both."""

Plain = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much at once. `jobs_per_user` counts those that wait or run."""

    jobs_at_once: int
    jobs_per_user: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What routes work with.

    data:     recrate's folder in Jupyter's data folder
    settings: of the core, as configured
    """

    log: Logger | LoggerAdapter[Any]
    data: Path
    settings: Settings
    limits: Limits
    unsandboxed: bool


def merged_configuration(server: Config) -> Plain:
    """Return the settings of the core as plain values: the server's configuration wins over files.

    server: all that Jupyter Server read, of which only our sections are taken
    Only what somebody set is in it, so a worker can add defaults of its own version. Raises
    BadInput for a file that cannot be read, and for a value that does not fit.
    """
    merged = load_configuration(None)
    merged.merge(
        Config({one.__name__: server[one.__name__] for one in SECTIONS if one.__name__ in server})
    )
    plain: Plain = {}
    for section in SECTIONS:
        chosen = {
            name
            for name in merged.get(section.__name__, {})
            if name in section.class_traits(config=True)
        }
        if not chosen:
            continue
        try:
            read = section(config=merged)
            plain[section.__name__] = {name: getattr(read, name) for name in sorted(chosen)}
        except TraitError as error:
            raise BadInput(
                f"configuration: {error}",
                where=f"c.{section.__name__}",
                hint="docs/configuration.md lists the settings",
            ) from error
    return plain


def core_settings(plain: Mapping[str, Mapping[str, Any]], *, unsandboxed: bool) -> Settings:
    """Return the record that the core is handed."""
    config = Config({section: dict(values) for section, values in plain.items()})
    return settings_from(config, unsandboxed=unsandboxed)


def person_of(user: User, provider: IdentityProvider) -> str:
    """Return the name that a person's jobs are counted under.

    Jupyter's own identity providers know nobody: whoever has the token or the password gets a new
    random name per browser, and a script one per request. All these are the one person whose server
    this is; an identity provider that knows names, as JupyterHub's, is believed.
    """
    if type(provider).get_user.__module__.startswith("jupyter_server."):
        return getpass.getuser()
    return user.username
