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

from recrate import traits
from recrate.configuration import load_configuration, settings_from
from recrate.flow.settings import Settings
from recrate.model.errors import BadInput
from recrate.model.secret import Secret
from recrate_server.jobs.desk import Desk
from recrate_server.jobs.settings import worker_configuration
from recrate_server.office import Office
from recrate_server.remembering import Memory
from recrate_server.session import OpenSession, SessionDoor
from recrate_server.tokens import Tokens

SECTIONS: tuple[type[Configurable], ...] = (
    traits.Recrate,
    traits.Scan,
    traits.Environments,
    traits.Replay,
    traits.Compare,
    traits.Web,
    traits.Publish,
    traits.Locate,
    traits.Lookups,
    traits.Signing,
    traits.Runners,
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
    office:   where the desk stands that takes orders for jobs
    memory:   of fixes that can be taken back, and of people's last studies
    tokens:   of repositories, by person
    door:     where the session is looked for that this JupyterLab serves; empty in an ordinary one
    """

    log: Logger | LoggerAdapter[Any]
    data: Path
    settings: Settings
    limits: Limits
    unsandboxed: bool
    office: Office
    memory: Memory
    tokens: Tokens
    door: SessionDoor

    @property
    def session(self) -> OpenSession | None:
        """Return the crate that this JupyterLab was opened in, None where it is an ordinary one."""
        return self.door.look()

    async def desk(self) -> Desk:
        """Return the desk that takes orders for jobs."""
        return await self.office.desk()


def merged_configuration(server: Config) -> Plain:
    """Return the settings of the core as plain values: the server's configuration wins over files.

    server: all that Jupyter Server read, of which only our sections are taken
    Only what somebody set is in it, so a worker can add defaults of its own version. Raises
    BadInput for a file that cannot be read, and for a value that does not fit.
    """
    names = {one.__name__ for one in SECTIONS}
    merged = load_configuration(None)
    merged.merge(Config({name: server[name] for name in names if name in server}))
    try:
        return worker_configuration(
            Config({name: merged[name] for name in names if name in merged})
        )
    except TraitError as error:
        raise BadInput(
            f"configuration: {error}", hint="docs/configuration.md lists the settings"
        ) from error


def configured_tokens(server: Config) -> dict[str, Secret]:
    """Return the tokens that the server's configuration and recrate's own files hold."""
    merged = load_configuration(None)
    merged.merge(Config({"Publish": server["Publish"]} if "Publish" in server else {}))
    tokens = traits.Publish(config=merged).tokens
    return {str(place): Secret(str(token)) for place, token in tokens.items() if token}


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
    return user.username if knows_names(provider) else getpass.getuser()


def signature_of(user: User, provider: IdentityProvider) -> str | None:
    """Return a person's name as they would sign with it, None where Jupyter knows no names."""
    return (user.display_name or user.name or user.username) if knows_names(provider) else None


def knows_names(provider: IdentityProvider) -> bool:
    """Return whether an identity provider says who somebody is, or makes a name up."""
    return not type(provider).get_user.__module__.startswith("jupyter_server.")
