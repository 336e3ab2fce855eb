"""How much of a list is taken, and how politely others are asked for theirs."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from recrate.outside.guarded import WebSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSettings:
    """What bounds the reading of a list. Addresses of services end in `/`.

    records_limit:    records of one repository's listing, crates below one folder
    page_limit_bytes: of one answer; limit_bytes: of all answers of one listing
    requests_limit:   answers of one listing
    tries:            of one request, when the network or the service lets us down
    restarts:         how often a listing is begun again whose place was forgotten
    wait_limit_seconds: a service that asks for a longer wait ends the listing
    pause_seconds:    between two requests; Zenodo and its OAI-PMH grant 30 requests a minute
    sleep:            waits
    """

    web: WebSettings = field(default_factory=WebSettings)
    zenodo: str = "https://zenodo.org/"
    records_limit: int = 100_000
    page_limit_bytes: int = 32 << 20
    limit_bytes: int = 4 << 30
    requests_limit: int = 20_000
    tries: int = 5
    restarts: int = 3
    wait_limit_seconds: float = 300
    pause_seconds: float = 2
    sleep: Callable[[float], None] = time.sleep
