"""What this server can do, its contract, and the licences to choose from."""

from typing import Any

from recrate import __version__
from recrate.configuration import AGENT
from recrate.flow.places import OfferedPlace, offered_places
from recrate.flow.publishing_documents import offered_document
from recrate.model.wire import to_plain
from recrate.outside.sandbox import availability
from recrate_server.asking import Asked
from recrate_server.contract import contract
from recrate_server.handlers.base import Handler, Raw, operation
from recrate_server.handlers.campaigns import runner_documents
from recrate_server.licences import find_licences

_IN_SHORT = ("name", "title", "title_ja", "available", "reason")


class AboutHandler(Handler):
    """Version, sandbox, runners, depositors and limits."""

    route = "/about"

    @operation("readAbout")
    async def get(self, _asked: Asked) -> dict[str, Any]:
        """Try the sandbox (once per server) and say what there is."""
        walls = await self.work(availability)
        limits = self.services.limits
        offered = await self.work(offered_places, self.services.settings)
        return {
            "version": __version__,
            "agent": AGENT,
            "sandbox": {"available": walls.ok, "reason": walls.reason, "hint": walls.hint},
            "runners": [
                {name: one[name] for name in _IN_SHORT}
                for one in await self.work(runner_documents, self.services)
            ],
            "depositors": [place_of(one) for one in offered],
            "limits": to_plain(limits),
            "session": self.services.session is not None,
        }


def place_of(one: OfferedPlace) -> dict[str, Any]:
    """Return what is told of a repository in short; `/places` tells the rest."""
    told = offered_document(one)
    return {name: told[name] for name in _IN_SHORT}


class ContractHandler(Handler):
    """The contract itself."""

    route = "/openapi.yaml"

    @operation("readContract")
    async def get(self, _asked: Asked) -> Raw:
        """Send the document as it lies here."""
        return Raw(content=contract().text, media_type="application/yaml")


class LicencesHandler(Handler):
    """SPDX licences."""

    route = "/licences"

    @operation("findLicences")
    async def get(self, asked: Asked) -> dict[str, Any]:
        """Find licences by identifier or name."""
        found = await self.work(find_licences, asked.query["query"], asked.query["limit"])
        return {"licences": to_plain(found)}
