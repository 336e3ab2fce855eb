"""What the edge tells about watching: how often, whom to tell, and how much is fetched anew."""

from dataclasses import dataclass

from recrate.model.secret import Secret

DAY_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchSettings:
    """The choices of the person, read at the edge.

    every_seconds:   how often a crate is replayed whose own interval was not said
    webhook:         address that is told of each change; empty: nobody is told
    secret:          what its messages are signed with
    timeout_seconds: for its connection, and for each silence
    keep_seconds:    how long a message is tried again that nobody took
    data_bytes:      larger data references are not fetched anew where a copy is kept
    stale_seconds:   a run that was cut off goes on within this time, later it begins anew
    title:           of the feed
    """

    every_seconds: float = 30 * DAY_SECONDS
    webhook: str = ""
    secret: Secret | None = None
    timeout_seconds: float = 10.0
    keep_seconds: float = 30 * DAY_SECONDS
    data_bytes: int = 10 * 1024**3
    stale_seconds: float = DAY_SECONDS
    title: str = "recrate watch"
