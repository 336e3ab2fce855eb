"""How much one person and all together may ask for."""

from collections.abc import Iterable, Sequence

from recrate_binder.hub.model import HELD, Launch
from recrate_binder.hub.problems import Limited
from recrate_binder.hub.settings import HubSettings
from recrate_binder.hub.store import Store

_HOUR = 3600.0
_AGAIN_SECONDS = 60.0


def refuse_beyond(
    launches: Iterable[Launch], store: Store, settings: HubSettings, user: str, now: float
) -> None:
    """Raise Limited where one more launch is too many."""
    held = [one for one in launches if one.status in HELD]
    own = sum(one.user == user for one in held)
    if own >= settings.sessions_per_user:
        raise Limited(
            f"you have {own} sessions, as many as one person may have at once",
            hint="stop one of them first",
            retry_after_seconds=_AGAIN_SECONDS,
        )
    if len(held) >= settings.sessions:
        raise Limited(
            "all places of this service are taken",
            hint="try again in a few minutes",
            retry_after_seconds=_AGAIN_SECONDS,
        )
    begun = store.begun_since(user, now - _HOUR)
    if len(begun) >= settings.launches_per_hour:
        raise Limited(
            f"you launched {len(begun)} times within an hour, as often as one person may",
            hint="try again later",
            retry_after_seconds=_until(begun, settings.launches_per_hour, now),
        )


def refuse_failures(store: Store, settings: HubSettings, user: str, now: float) -> None:
    """Raise Limited where a person named too many addresses that lead nowhere."""
    failed = store.failures_since(user, now - _HOUR)
    if len(failed) >= settings.failures_per_hour:
        raise Limited(
            f"{len(failed)} addresses led to no crate within an hour",
            hint="look whether they are right, and try again later",
            retry_after_seconds=_until(failed, settings.failures_per_hour, now),
        )


def _until(moments: Sequence[float], most: int, now: float) -> float:
    """Return the seconds until fewer than `most` of these lie within the last hour."""
    if most <= 0:
        return _HOUR
    # A clock that was set back makes nobody wait for longer than the hour that is counted.
    return min(_HOUR, max(1.0, moments[len(moments) - most] + _HOUR - now))
