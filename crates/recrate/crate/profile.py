"""RO-Crate profiles, checked by roc-validator without letting it or the crate reach the network."""

import contextlib
import io
import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recrate.crate.document import parse
from recrate.model.errors import RecrateError
from recrate.model.finding import Finding, Severity, find
from recrate.outside.disk import scratch_folder
from recrate.outside.web import WebSettings, download

CONTEXT_LIMIT_BYTES = 4 << 20
ENTITIES_CHECKED = 5_000
"""The validator took 3 ms for an entity of 1,500: past this a person would wait too long."""

_CONTEXT = re.compile(r"^https?://w3id\.org/ro/crate/(1\.[0-3])/context/?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contexts:
    """Where the JSON-LD contexts of RO-Crate are kept, as `context-1.1.json` and so on.

    web: how one that is not there yet is fetched, once; None never fetches
    """

    folder: Path
    web: WebSettings | None = None


def check_profile(
    document: dict[str, Any], *, contexts: Contexts | None, profile: str | None = None
) -> tuple[Finding, ...]:
    """Return what `profile` requires and `document` lacks; by default RO-Crate of its version.

    One note `profile-not-checked` comes back instead when a context is not at hand: those of
    RO-Crate are kept or fetched by us, any other is a stranger's and never fetched.
    """
    try:
        known = _load_contexts(document, contexts)
    except _NotCheckedError as reason:
        return (_not_checked(str(reason)),)
    version = max((_version(url) for url in known), default="1.1")
    return _validate(document, known, profile or f"ro-crate-{max(version, '1.1')}")


class _NotCheckedError(Exception):
    """Why the validator cannot be asked."""


def _not_checked(reason: str) -> Finding:
    return find(
        Severity.NOTE,
        "profile-not-checked",
        f"the RO-Crate profile was not checked: {reason}",
        hint="recrate's own rules were all checked",
        path="ro-crate-metadata.json",
    )


def _load_contexts(document: dict[str, Any], contexts: Contexts | None) -> dict[str, bytes]:
    """Return the contexts that a document needs, by address."""
    graph = document.get("@graph")
    if isinstance(graph, list) and len(graph) > ENTITIES_CHECKED:
        raise _NotCheckedError(f"the metadata names {len(graph):,} entities, which takes too long")
    loaded = {}
    for url in sorted(_named_contexts(document)):
        if not _CONTEXT.match(url):
            raise _NotCheckedError(
                f"its context is not RO-Crate's, so it is not fetched: {url[:99]}"
            )
        if contexts is None:
            raise _NotCheckedError("no place is set where its JSON-LD context is kept")
        loaded[url] = _load(contexts, _version(url))
    return loaded


def _named_contexts(document: dict[str, Any]) -> set[str]:
    """Return every context named by address anywhere, also where RO-Crate does not allow one."""
    named: set[str] = set()
    waiting: list[tuple[Any, bool]] = [(document, False)]
    while waiting:
        value, is_context = waiting.pop()
        if isinstance(value, str) and is_context:
            named.add(value)
        elif isinstance(value, list):
            waiting += [(item, is_context) for item in value]
        elif isinstance(value, dict):
            waiting += [(item, key in {"@context", "@import"}) for key, item in value.items()]
    return named


def _version(url: str) -> str:
    match = _CONTEXT.match(url)
    return match[1] if match else ""


def _load(contexts: Contexts, version: str) -> bytes:
    kept = contexts.folder / f"context-{version}.json"
    try:
        if not kept.is_file():
            if contexts.web is None:
                raise _NotCheckedError(f"the JSON-LD context of RO-Crate {version} is not at hand")
            download(
                f"https://w3id.org/ro/crate/{version}/context",
                kept,
                sha256=None,
                size_bytes=None,
                limit_bytes=CONTEXT_LIMIT_BYTES,
                settings=contexts.web,
            )
        content = kept.read_bytes()
        if not isinstance(parse(content, where=str(kept)).get("@context"), dict):
            raise _NotCheckedError(f"what is kept as {kept} is no JSON-LD context")
    except (RecrateError, OSError) as error:
        raise _NotCheckedError(
            f"the JSON-LD context of RO-Crate {version} cannot be had ({error})"
        ) from error
    return content


def _validate(
    document: dict[str, Any], contexts: dict[str, bytes], profile: str
) -> tuple[Finding, ...]:
    """Ask roc-validator, offline and with a cache that holds nothing but `contexts`."""
    from rocrate_validator.models import ValidationSettings  # noqa: PLC0415 - takes a second
    from rocrate_validator.services import validate_metadata_as_dict  # noqa: PLC0415

    with (
        scratch_folder() as scratch,
        contextlib.redirect_stdout(io.StringIO()),
        warnings.catch_warnings(action="ignore"),
    ):
        cache = scratch / "http"
        _fill_cache(cache, contexts)
        settings = ValidationSettings(
            rocrate_uri=None,
            profile_identifier=profile,
            requirement_severity="REQUIRED",
            offline=True,
            cache_path=cache,
            metadata_only=True,
        )
        try:
            result = validate_metadata_as_dict(document, settings)
        except Exception as error:  # noqa: BLE001 - a hostile document may break any library
            return (_not_checked(f"roc-validator gave up: {type(error).__name__}: {error}"[:300]),)
        issues = result.get_issues()
        _let_go()
    return tuple(dict.fromkeys(_finding(issue, profile) for issue in issues))


def _finding(issue: Any, profile: str) -> Finding:
    entity = getattr(issue, "violatingEntity", None)
    return find(
        Severity.ERROR,
        "profile",
        " ".join(str(issue.message).split()) + (f" ({entity})" if entity else ""),
        hint=f"roc-validator, profile {profile}, check {issue.check.identifier}",
        path="ro-crate-metadata.json",
    )


def _fill_cache(cache: Path, contexts: dict[str, bytes]) -> None:
    """Write answers as if they had been fetched, into the file that the validator reads."""
    from requests_cache import CachedSession  # noqa: PLC0415
    from requests_cache.models.request import CachedRequest  # noqa: PLC0415
    from requests_cache.models.response import CachedResponse  # noqa: PLC0415

    with CachedSession(str(cache), backend="sqlite") as session:
        for url, content in contexts.items():
            answer = CachedResponse(
                content=content,
                url=url,
                status_code=200,
                request=CachedRequest(method="GET", url=url),
            )
            answer.headers["Content-Type"] = "application/ld+json"
            session.cache.save_response(answer)


def _let_go() -> None:
    """Close the cache, which Windows could not remove while it is open."""
    from rocrate_validator.utils.http import HttpRequester  # noqa: PLC0415

    HttpRequester.reset()
