"""Repositories: what they take, what they would refuse, what was published, and their tokens."""

import contextlib
from pathlib import Path
from typing import Any

from recrate.flow.discarding import discard_deposit
from recrate.flow.ledger import Ledger
from recrate.flow.lookups import look_up
from recrate.flow.parcels import read_for_publishing
from recrate.flow.places import OfferedPlace, answered_folders, offered_places, place_named
from recrate.flow.publishing import PublishOrder as CoreOrder
from recrate.flow.publishing import preflight
from recrate.flow.publishing_documents import (
    deposit_document,
    offered_document,
    preflight_document,
)
from recrate.flow.settings import Settings
from recrate.model.errors import BadInput, Refused
from recrate.model.secret import Secret
from recrate.outside.keys import forget_token, keep_token
from recrate_server.asking import Asked
from recrate_server.handlers.base import Handler, operation

Plain = dict[str, Any]
NO_MARK = "0" * 32
"""Stands for the mark of a deposit that is only thought of."""


class PublishingHandler(Handler):
    """What all these routes need: the settings with the person's own tokens."""

    @property
    def own_settings(self) -> Settings:
        """The core's settings, with the tokens of whoever asks."""
        return self.services.tokens.settings_for(self.person, self.services.settings)

    async def source(self, path: str, run: str | None) -> Path:
        """Return the real place of a crate, or of a run's folder."""
        if run is not None:
            return await self.run_folder(run)
        return (await self.work(self.places.find, path)).real


class PlacesHandler(PublishingHandler):
    """All places."""

    route = "/places"

    @operation("listPlaces")
    async def get(self, _asked: Asked) -> Plain:
        """List them, with what they ask."""
        offered = await self.work(offered_places, self.own_settings)
        return {"places": [place_document(one) for one in offered]}


class TokenHandler(PublishingHandler):
    """The token of a place."""

    route = "/places/{name}/token"

    @operation("giveToken")
    async def put(self, asked: Asked) -> None:
        """Take it, and keep it in the keyring where the person wants that."""
        place = place_named(asked.path["name"], self.services.settings).name
        secret = Secret(asked.body["token"])
        if asked.body["keep"]:
            if not self.services.tokens.keeps:
                raise Refused(
                    "this JupyterLab keeps no tokens in the keyring",
                    where=place,
                    hint="it was opened in a stranger's crate: give the token without keeping it",
                )
            await self.work(keep_token, place, secret)
        self.services.tokens.give(self.person, place, secret)

    @operation("forgetToken")
    async def delete(self, asked: Asked) -> None:
        """Forget it everywhere."""
        place = place_named(asked.path["name"], self.services.settings).name
        self.services.tokens.forget(self.person, place)
        if self.services.tokens.keeps:
            await self.work(forget_token, place)


class PreflightHandler(PublishingHandler):
    """What would happen."""

    route = "/places/{name}/preflight"

    @operation("checkDeposit")
    async def post(self, asked: Asked) -> Plain:
        """Ask the depositor, which may ask the repository."""
        body, settings = asked.body, self.own_settings
        folders = await self.work(
            answered_folders, asked.path["name"], body["answers"], settings, self._real
        )
        order = CoreOrder(
            location=await self.source(body["path"], body["run"]),
            place=asked.path["name"],
            mark=NO_MARK,
            answers={**body["answers"], **{name: str(real) for name, real in folders.items()}},
            draft=body["draft"],
            new_version=body["new_version_of"],
        )
        return preflight_document(await self.work(preflight, order, settings=settings))

    def _real(self, path: str) -> Path:
        return self.places.plan(path).real


class DepositsHandler(PublishingHandler):
    """What was given to repositories."""

    route = "/deposits"

    @operation("listDeposits")
    async def get(self, asked: Asked) -> Plain:
        """List it, newest first."""
        path, run = asked.query.get("path"), asked.query.get("run")
        wanted = await self.source(path or "", run) if path is not None or run else None
        return {"deposits": await self.work(_deposits, wanted, self.own_settings)}


class DepositHandler(PublishingHandler):
    """One deposit."""

    route = "/deposits/{mark}"

    @operation("discardDeposit")
    async def delete(self, asked: Asked) -> None:
        """Remove the draft."""
        settings = self.own_settings
        deposit = await self.work(Ledger(root=settings.publish.ledger).deposit, asked.path["mark"])
        await self.work(discard_deposit, deposit, settings=settings)


class LookupsHandler(PublishingHandler):
    """What others know of people, organisations and works."""

    route = "/lookups"

    @operation("lookUp")
    async def get(self, asked: Asked) -> Plain:
        """Ask them; nothing is sent but what was typed."""
        found: Plain = await self.work(
            look_up, asked.query["kind"], asked.query["query"], settings=self.services.settings
        )
        return found


def place_document(one: OfferedPlace) -> Plain:
    """Return a place with its page, and without what is fixed on this machine's disk."""
    told = offered_document(one)
    options = [option for option in told["options"] if not _is_fixed_folder(option)]
    return {**told, "homepage": _homepage(one), "options": options}


def _is_fixed_folder(option: Plain) -> bool:
    return option["kind"] == "folder" and bool(option["value"])


def _homepage(one: OfferedPlace) -> str:
    """Return where people sign in: the place's own address, else that of its kind."""
    if one.about is None:
        return ""
    if not one.about.capabilities.needs_account:
        return one.about.homepage
    known = {option.name: option.default for option in one.about.options}
    said = {**known, **one.place.answers}
    own = (said.get("web") or said.get("url") or "") if "prefix" not in known else ""
    return own if own.startswith(("https://", "http://")) else one.about.homepage


def _deposits(source: Path | None, settings: Settings) -> list[Plain]:
    titles = {one.place.name: one.title for one in offered_places(settings)}
    crate = None
    if source is not None:
        with contextlib.suppress(BadInput):
            crate = read_for_publishing(source)
    return [
        deposit_document(
            one,
            title=titles.get(one.head.place, one.head.place),
            crate=crate,
            settings=settings,
        )
        for one in Ledger(root=settings.publish.ledger).deposits()
        if source is None or one.head.source == str(source.resolve())
    ]
