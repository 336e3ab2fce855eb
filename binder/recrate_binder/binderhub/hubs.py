"""What a hub tells of itself: which providers it has, and which repo2docker builds there."""

import json
from dataclasses import dataclass
from typing import Any

from recrate.model.errors import RecrateError
from recrate.outside.web import WebSettings, look
from recrate_binder.binderhub.stock import release_in

LIMIT_BYTES = 1 << 20
SECONDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutHub:
    """What is known of a hub.

    providers: names behind `/v2/`; None where the hub did not say
    release:   of repo2docker, as (year, month); None where it is not known
    """

    providers: tuple[str, ...] | None = None
    release: tuple[int, int] | None = None


def ask_hub(hub: str, web: WebSettings) -> AboutHub:
    """Return what a hub tells; a silent one tells nothing, and that is no failure.

    Source: `/api/repoproviders` and `/versions` of BinderHub, binderhub/app.py
    """
    told = _document(f"{hub}/api/repoproviders", web)
    providers = None
    if isinstance(told, list):
        names = [one.get("id") for one in told if isinstance(one, dict)]
        providers = tuple(name for name in names if isinstance(name, str)) or None
    versions = _document(f"{hub}/versions", web)
    builder = versions.get("builder") if isinstance(versions, dict) else None
    return AboutHub(
        providers=providers, release=release_in(builder) if isinstance(builder, str) else None
    )


def _document(address: str, web: WebSettings) -> Any:
    try:
        seen = look(
            address,
            settings=web,
            accept="application/json",
            limit_bytes=LIMIT_BYTES,
            limit_seconds=SECONDS,
        )
        return json.loads(seen.content)
    except (RecrateError, ValueError, RecursionError):
        return None
