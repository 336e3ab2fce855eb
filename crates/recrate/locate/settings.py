"""Where DOIs are resolved, which service is which, and how much is read before anybody agrees."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from recrate.model.secret import Secret
from recrate.outside.web import WebSettings

Secrets = Callable[[str], Secret | None]
"""Gives the token for a host, None where there is none."""


def no_secrets(_host: str) -> Secret | None:
    """Know no token: only what everybody may read is found."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class LocateSettings:
    """How a crate is looked for. Addresses of services end in `/`.

    big_bytes:        more than that is asked about before it is fetched
    limit_bytes:      more than that is never fetched
    page_limit_bytes: of a page or document that is only read
    page_seconds:     for one page, from its first byte to its last
    links_limit:      links and files that are looked at, of one page or record
    requests_limit:   small requests for one crate, before anything is fetched
    sleep:            waits between tries
    """

    web: WebSettings = field(default_factory=WebSettings)
    doi_resolver: str = "https://doi.org/"
    datacite_api: str = "https://api.datacite.org/"
    grdm_web: str = "https://rdm.nii.ac.jp/"
    grdm_api: str = "https://api.rdm.nii.ac.jp/v2/"
    grdm_files: str = "https://files.rdm.nii.ac.jp/v1/"
    big_bytes: int = 200 * 1000**2
    limit_bytes: int = 50 * 1024**3
    page_limit_bytes: int = 8 << 20
    page_seconds: float = 60
    links_limit: int = 5000
    requests_limit: int = 250
    sleep: Callable[[float], None] = time.sleep
