"""Campaigns: the places that run, how one stands, and its folder's pages as a browser sees them."""

import asyncio
import os
import re
import stat
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler

from recrate.flow.runners import OfferedRunner, offered_runners
from recrate.model.errors import BadInput
from recrate.model.wire import to_plain
from recrate.outside.sandbox import availability
from recrate_server.asking import Asked
from recrate_server.handlers.base import Gate, Handler, operation
from recrate_server.handlers.passes import PATTERN, Passes
from recrate_server.handlers.runs import REPORT_POLICY
from recrate_server.jobs.model import Kind
from recrate_server.services import Services

PAGE = "index.html"
EXPORTS = {
    "campaign.csv": "text/csv; charset=utf-8",
    "campaign.jsonl": "application/x-ndjson",
    "junit.xml": "application/xml",
    "linkbacks.csv": "text/csv; charset=utf-8",
    "ro-crate-metadata.json": "application/ld+json",
}
"""What a campaign leaves for programs; a browser saves it and never shows it."""
PAGE_POLICY = (
    "sandbox allow-scripts; object-src 'none'; connect-src 'none'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""Our own page, and yet of another origin than Jupyter's: strangers' words are on it. Which scripts
may act its own policy says.

Source: https://www.w3.org/TR/CSP3/#directive-sandbox
"""
_REPORT = re.compile(r"runs/[0-9]{1,9}/report\.html")
_FILES = {PAGE: "text/html; charset=utf-8", "data.js": "text/javascript; charset=utf-8", **EXPORTS}
_PIECE = 1 << 20
_THEMES = ("light", "dark")
"""Of Lab, which its page is to wear where it is shown there."""


class RunnersHandler(Handler):
    """Places that run."""

    route = "/runners"

    @operation("listRunners")
    async def get(self, _asked: Asked) -> dict[str, Any]:
        """List them, each with what it can do."""
        return {"runners": await self.work(runner_documents, self.services)}


class CampaignHandler(Handler):
    """One campaign."""

    route = "/jobs/{id}/campaign"

    @operation("readCampaign")
    async def get(self, asked: Asked) -> dict[str, Any]:
        """Say how it stands, and give a pass to its pages."""
        desk = await self.services.desk()
        job = await desk.read(asked.path["id"])
        if job.kind is not Kind.CAMPAIGN:
            raise BadInput(
                f"a {job.kind.value} is no campaign", where=job.id, hint="ask a campaign for it"
            )
        folder = desk.folder(job.id)
        key = passes_of(self.settings).give(job.id)
        found = dict(await self.work(_sizes, folder.campaign))
        return {
            "standing": await self.work(folder.read_standing),
            "page": f"campaigns/{key}/{PAGE}" if PAGE in found else None,
            "exports": [
                {"name": name, "address": f"campaigns/{key}/{name}", "bytes": found[name]}
                for name in EXPORTS
                if name in found
            ],
        }


class CampaignPageHandler(Gate, JupyterHandler):
    """The page of a campaign and what it reads, for who has a pass to it.

    Not an operation of the contract: a frame of no origin sends no cookie, so the address itself
    is the right to read, as `readCampaign` gives it.
    """

    pattern = rf"/campaigns/(?P<key>{PATTERN})/(?P<name>[A-Za-z0-9./-]{{1,60}})"

    @allow_unauthenticated
    async def get(self, key: str, name: str) -> None:
        """Send one of the few files that there are, each with headers that keep it powerless."""
        self.set_header("Content-Security-Policy", _policy(name))
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cache-Control", "no-store")
        self.set_header("Cross-Origin-Resource-Policy", "cross-origin")
        job = passes_of(self.settings).job_of(key)
        kind = _FILES.get(name) or (_FILES[PAGE] if _REPORT.fullmatch(name) else None)
        if job is None or kind is None:
            self._nothing()
            return
        folder = (await self.services.desk()).folder(job).campaign
        pieces = _pieces(folder, name)
        first = await _next(pieces)
        if first is None:
            self._nothing()
            return
        if name == PAGE and self.get_query_argument("theme", "") in _THEMES:
            theme = self.get_query_argument("theme").encode()
            first = first.replace(b"<html", b'<html data-theme="' + theme + b'"', 1)
        self.set_header("Content-Type", kind)
        if name in EXPORTS:
            self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        piece: bytes | None = first
        while piece is not None:
            self.write(piece)
            await self.flush()
            piece = await _next(pieces)
        await self.finish()

    def _nothing(self) -> None:
        self.set_status(HTTPStatus.NOT_FOUND)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish("There is nothing here, or no longer: open the campaign again.\n")


def passes_of(settings: dict[str, Any]) -> Passes:
    """Return the passes of a server, which live as long as it."""
    found: Passes = settings.setdefault("recrate_passes", Passes())
    return found


def runner_documents(services: Services) -> list[dict[str, Any]]:
    """Return the places that run as the contract shapes them; it tries the sandbox once."""
    walls = availability()
    closed = "" if walls.ok or services.unsandboxed else walls.reason
    return [_runner(one, closed) for one in offered_runners(services.settings)]


def _runner(one: OfferedRunner, closed: str) -> dict[str, Any]:
    """Return one of them. `closed`: why nothing may run on this machine itself."""
    about, site = one.about, one.site
    able = about.capabilities if about is not None else None
    here = able is not None and not able.elsewhere and able.walls == "sandbox"
    reason = one.trouble or (closed if here else "")
    return {
        "name": site.name,
        "kind": site.kind,
        "title": site.title or (about.title_en if about else site.name),
        "title_ja": (about.title_ja if about and site.name == site.kind else site.title)
        or (about.title_ja if about else site.name),
        "available": not reason,
        "reason": reason,
        "capabilities": to_plain(able),
    }


def _policy(name: str) -> str:
    return PAGE_POLICY if name == PAGE else REPORT_POLICY


def _sizes(folder: Path) -> Iterator[tuple[str, int]]:
    for name in (PAGE, *EXPORTS):
        place = folder / name
        if place.is_file() and not place.is_symlink():
            yield name, place.stat().st_size


async def _next(pieces: Iterator[bytes]) -> bytes | None:
    return await asyncio.to_thread(next, pieces, None)


def _pieces(folder: Path, name: str) -> Iterator[bytes]:
    """Yield a file of a campaign; nothing where it is none, or where any link is on its way."""
    place = folder / name
    try:
        if place.resolve(strict=True) != folder.resolve(strict=True) / name:
            return
        handle = os.open(place, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return
    with open(handle, "rb") as stream:  # noqa: PTH123 - of a number
        if stat.S_ISREG(os.fstat(handle).st_mode):
            while piece := stream.read(_PIECE):
                yield piece
