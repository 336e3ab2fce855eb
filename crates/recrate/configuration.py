"""Configuration by traitlets, read here at the edge and passed on as frozen records.

`recrate_config.py` or `recrate_config.json` in Jupyter's configuration folders, then the file named
by `--config`. Never from the current folder: it may be a stranger's study.
"""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from jupyter_core.paths import jupyter_config_path, jupyter_data_dir
from platformdirs import user_cache_path
from traitlets import TraitError
from traitlets.config import Config
from traitlets.config.loader import (
    ConfigFileNotFound,
    JSONFileConfigLoader,
    PyFileConfigLoader,
)

from recrate import __version__
from recrate.crate.signing_keys import SigningSettings
from recrate.environment.settings import EnvironmentSettings
from recrate.flow.places import place_from, token_variable
from recrate.flow.runners import make_runner, site_from, site_named
from recrate.flow.settings import PublishSettings, Settings
from recrate.flow.watching_settings import DAY_SECONDS, WatchSettings
from recrate.locate.settings import LocateSettings
from recrate.metadata.lookups import LookupSettings
from recrate.model.errors import BadInput
from recrate.model.policies import USUAL
from recrate.model.policy import Policy, Tolerance
from recrate.model.secret import Secret
from recrate.outside.keys import kept_token
from recrate.outside.web import WebSettings
from recrate.replay.settings import ReplaySettings
from recrate.report.account import Language
from recrate.runners.runner import Runner
from recrate.scan.options import ScanOptions
from recrate.traits import (
    Compare,
    Environments,
    Locate,
    Lookups,
    Publish,
    Recrate,
    Replay,
    Runners,
    Scan,
    Signing,
    Watch,
    Web,
)

AGENT = f"recrate {__version__}"
SECRETS = ("RECRATE_TOKEN_", "RECRATE_SIGNING_")
"""How the names of environment variables begin that hold tokens and passphrases."""


def load_configuration(named: Path | None) -> Config:
    """Read the configuration files; the later file wins. A broken one raises BadInput."""
    merged = Config()
    folders = [Path(folder) for folder in reversed(jupyter_config_path())]
    places = [(folder, name) for folder in folders for name in ("recrate_config",)]
    for folder, stem in places:
        for loader in (JSONFileConfigLoader, PyFileConfigLoader):
            suffix = ".json" if loader is JSONFileConfigLoader else ".py"
            merged.merge(_load(loader, stem + suffix, folder, must_exist=False))
    if named is not None:
        loader = JSONFileConfigLoader if named.suffix == ".json" else PyFileConfigLoader
        merged.merge(_load(loader, named.name, named.parent, must_exist=True))
    return merged


def _load(
    loader: type[JSONFileConfigLoader] | type[PyFileConfigLoader],
    name: str,
    folder: Path,
    *,
    must_exist: bool,
) -> Config:
    try:
        return loader(name, path=str(folder)).load_config()
    except ConfigFileNotFound as error:
        if must_exist:
            raise BadInput(
                "no such configuration file",
                where=str(folder / name),
                hint="--config names a recrate_config.py or .json",
            ) from error
        return Config()
    except Exception as error:
        raise BadInput(
            f"the configuration cannot be read: {error}",
            where=str(folder / name),
            hint="docs/configuration.md lists the settings",
        ) from error


def default_cache(configured: str) -> Path:
    """Return the user's cache folder for recrate."""
    return Path(configured) if configured else user_cache_path("recrate", appauthor=False)


def read_settings(named: Path | None = None, *, unsandboxed: bool = False) -> Settings:
    """Read configuration and process environment once, into the record all rooms are handed."""
    return settings_from(load_configuration(named), unsandboxed=unsandboxed)


def settings_from(config: Config, *, unsandboxed: bool = False) -> Settings:
    """Make the record from a configuration that was read already, as a server's is."""
    try:
        return _settings(config, unsandboxed=unsandboxed)
    except TraitError as error:
        raise BadInput(
            f"configuration: {error}", hint="docs/configuration.md lists the settings"
        ) from error


def configured_runner(name: str) -> Runner:
    """Return the runner of a site by its name, for who reaches this machine from elsewhere.

    Raises NotFound with the sites that there are, and what making the runner raises.
    """
    settings = read_settings()
    return make_runner(site_named(name, settings), settings)


def _settings(config: Config, *, unsandboxed: bool) -> Settings:
    cache = default_cache(Recrate(config=config).cache)
    compare, web = Compare(config=config), Web(config=config)
    settings_web = WebSettings(
        timeout_seconds=web.timeout, private_hosts=tuple(web.private_hosts), agent=AGENT
    )
    tolerance = Tolerance(relative=compare.relative_tolerance, absolute=compare.absolute_tolerance)
    return Settings(
        agent=AGENT,
        clock=_now,
        cache=cache,
        data=Path(jupyter_data_dir()) / "recrate",
        scan=ScanOptions(file_size_limit_bytes=Scan(config=config).file_size_limit),
        environment=_environment_settings(config, cache, unsandboxed=unsandboxed),
        replay=_replay_settings(config, unsandboxed=unsandboxed),
        policy=Policy(
            name=USUAL.name if tolerance == USUAL.tolerance else "configured", tolerance=tolerance
        ),
        web=settings_web,
        publish=_publish_settings(config),
        locate=_locate_settings(config),
        signing=_signing_settings(config),
        lookups=_lookup_settings(config, settings_web),
        watch=_watch_settings(config),
        sites=tuple(site_from(name, said) for name, said in Runners(config=config).sites.items()),
        ceilings=_ceilings(Runners(config=config)),
    )


def _ceilings(runners: Runners) -> dict[str, int]:
    found = {"": runners.ceiling, **runners.ceilings}
    for name, limit in found.items():
        if not isinstance(limit, int) or limit < 0:
            raise BadInput(
                f"no ceiling: {limit!r}",
                where=f"c.Runners.ceilings[{name!r}]" if name else "c.Runners.ceiling",
                hint="a number of replays at once; 0 is no ceiling",
            )
    return {name: limit for name, limit in found.items() if limit}


def _watch_settings(config: Config) -> WatchSettings:
    chosen = Watch(config=config)
    if chosen.every <= 0 or chosen.keep < 0:
        raise BadInput("c.Watch.every and c.Watch.keep are numbers of days", hint="30 is a month")
    return WatchSettings(
        every_seconds=chosen.every * DAY_SECONDS,
        webhook=chosen.webhook,
        keep_seconds=chosen.keep * DAY_SECONDS,
        title=chosen.title,
    )


def _locate_settings(config: Config) -> LocateSettings:
    chosen = Locate(config=config)
    return LocateSettings(
        doi_resolver=chosen.doi_resolver,
        datacite_api=chosen.datacite_api,
        grdm_web=chosen.grdm_web,
        grdm_api=chosen.grdm_api,
        grdm_files=chosen.grdm_files,
        big_bytes=chosen.ask_above,
        limit_bytes=chosen.limit,
    )


def _lookup_settings(config: Config, web: WebSettings) -> LookupSettings:
    chosen = Lookups(config=config)
    return LookupSettings(
        orcid=chosen.orcid,
        ror=chosen.ror,
        doi=Locate(config=config).doi_resolver,
        web=web,
        seconds=chosen.timeout,
    )


def _signing_settings(config: Config) -> SigningSettings:
    chosen = Signing(config=config)
    key = os.environ.get("RECRATE_SIGNING_KEY") or chosen.key
    passphrase = os.environ.get("RECRATE_SIGNING_PASSPHRASE")
    return SigningSettings(
        key=Path(key) if key else None,
        passphrase=Secret(passphrase) if passphrase else None,
        trusted=tuple(chosen.trusted),
        person=chosen.person or None,
    )


def _publish_settings(config: Config) -> PublishSettings:
    chosen = Publish(config=config)
    tokens = dict(chosen.tokens)
    told = {name: value for name, value in os.environ.items() if name.startswith(SECRETS)}
    ledger = Path(chosen.ledger) if chosen.ledger else Path(jupyter_data_dir()) / "recrate/deposits"
    return PublishSettings(
        ledger=ledger,
        token=lambda name: _token(name, told, tokens),
        places=tuple(place_from(name, said) for name, said in chosen.places.items()),
        builtin=chosen.offer_known_places,
        announce=chosen.announce,
    )


def _token(name: str, told: Mapping[str, str], configured: Mapping[str, str]) -> Secret | None:
    """Return a place's token: from the environment, the configuration, else the keyring."""
    token = told.get(token_variable(name)) or configured.get(name)
    return Secret(token) if token else kept_token(name)


def take_secrets() -> dict[str, str]:
    """Return our secrets from the process environment, and take them out of it.

    For a server, after its settings were read: what it starts later, kernels and terminals, does
    not inherit them.
    """
    names = [name for name in os.environ if name.startswith(SECRETS)]
    return {name: os.environ.pop(name) for name in names}


def _now() -> datetime:
    return datetime.now(UTC)


def _variables() -> dict[str, str]:
    """Return the process environment without our own secrets: no kernel has any use for them."""
    return {name: value for name, value in os.environ.items() if not name.startswith(SECRETS)}


def _environment_settings(config: Config, cache: Path, *, unsandboxed: bool) -> EnvironmentSettings:
    chosen = Environments(config=config)
    if chosen.candidates < 1 or chosen.candidates_seconds < 0:
        raise BadInput(
            "c.Environments.candidates is a number from 1, candidates_seconds one from 0",
            hint="1 candidate is the crate's lock alone",
        )
    return EnvironmentSettings(
        cache=cache,
        today=_now().date().isoformat(),
        python_downloads=chosen.python_downloads,
        add_missing=chosen.add_missing,
        candidates=chosen.candidates,
        candidates_seconds=chosen.candidates_seconds,
        index=tuple(chosen.index_options),
        timeout_seconds=chosen.timeout,
        unsandboxed=unsandboxed,
        variables=_variables(),
    )


def _replay_settings(config: Config, *, unsandboxed: bool) -> ReplaySettings:
    chosen = Replay(config=config)
    return ReplaySettings(
        agent=AGENT,
        clock=_now,
        cell_timeout_seconds=chosen.cell_timeout or None,
        notebook_timeout_seconds=chosen.notebook_timeout or None,
        total_timeout_seconds=chosen.total_timeout or None,
        memory_bytes=chosen.memory or None,
        output_bytes=chosen.output,
        kept_file_bytes=chosen.written_files,
        compared_file_bytes=chosen.compared_file,
        compared_bytes=chosen.compared_files,
        sandboxed=not unsandboxed,
        variables=_variables(),
    )


def default_language() -> Language:
    """Return `ja` when the person's locale is Japanese, else `en`."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    value = next((os.environ[name] for name in names if os.environ.get(name)), "")
    return "ja" if value.startswith(("ja", "Japanese")) else "en"
