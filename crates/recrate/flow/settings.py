"""Everything that configuration decides, read at the edge and handed in as one frozen record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from recrate.crate.profile import Contexts
from recrate.crate.signing_keys import SigningSettings
from recrate.environment.settings import EnvironmentSettings
from recrate.flow.watching_settings import WatchSettings
from recrate.locate.settings import LocateSettings
from recrate.metadata.lookups import LookupSettings
from recrate.model.deposit import Place
from recrate.model.policy import Policy
from recrate.model.runner import Site
from recrate.model.secret import Secret
from recrate.outside.web import WebSettings
from recrate.replay.settings import ReplaySettings
from recrate.scan.options import ScanOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishSettings:
    """What publishing needs of the configuration.

    places: those that were configured
    token:  gives the token of a place by its name, from wherever it is kept
    ledger: folder of the deposits
    builtin: whether the places that need no configuration are offered
    announce: whether a verdict on a record that cannot be edited is announced to its repository
    """

    ledger: Path
    token: Callable[[str], Secret | None]
    places: tuple[Place, ...] = ()
    builtin: bool = True
    announce: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The rooms' settings together.

    agent: `recrate 0.1.0`, written into crates and observations
    clock: gives the present moment with a zone
    cache: folder that is safe to delete; data: folder that is kept
    sites: places that run, as somebody described them
    ceilings: replays at once of all campaigns, by the runner's name; an empty name: on all
    reference_limit_bytes: the largest data reference that is fetched
    """

    agent: str
    clock: Callable[[], datetime]
    cache: Path
    data: Path
    scan: ScanOptions
    environment: EnvironmentSettings
    replay: ReplaySettings
    policy: Policy
    web: WebSettings
    publish: PublishSettings
    locate: LocateSettings
    signing: SigningSettings
    lookups: LookupSettings
    sites: tuple[Site, ...] = ()
    ceilings: Mapping[str, int] = field(default_factory=dict)
    watch: WatchSettings = field(default_factory=WatchSettings)
    reference_limit_bytes: int = 50 * 1024**3

    @property
    def contexts(self) -> Contexts:
        """Where the JSON-LD contexts of RO-Crate are kept, fetched once; never waited for long."""
        web = replace(self.web, timeout_seconds=min(self.web.timeout_seconds, 10))
        return Contexts(folder=self.cache / "contexts", web=web)


def keep_to_lock(settings: Settings) -> Settings:
    """Return settings with which a replay tries no other environment than the crate's lock.

    For who asks whether the lock itself serves: a watch, and the check before a crate is published.
    """
    return replace(settings, environment=replace(settings.environment, candidates=1))
