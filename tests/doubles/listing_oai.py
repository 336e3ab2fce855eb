"""A small repository of OAI-PMH 2.0, with the answers of Invenio, of WEKO and of others.

Sources: pmh = http://www.openarchives.org/OAI/openarchivesprotocol.html; invenio-oaiserver,
views/server.py: all errors have status 422 and their XML; RCOSDP/weko-document, API_02_OAIPMH:
WEKO's formats; RCOSDP/weko, invenio-oaiserver/response.py: identifiers in the namespace of JPCOAR
1.0 also where the record is of 2.0.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from doubles.listing_clock import Rate
from doubles.listing_oai_formats import FORMATS, Item

OAI = "http://www.openarchives.org/OAI/2.0/"
_VERBS = {
    "ListRecords": {"metadataPrefix", "set", "from", "until", "resumptionToken"},
    "ListIdentifiers": {"metadataPrefix", "set", "from", "until", "resumptionToken"},
    "ListMetadataFormats": {"identifier"},
    "Identify": set[str](),
}
_DATE = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?")
_EXPIRED = "The value of the resumptionToken argument is invalid or expired."


class _ComplaintError(Exception):
    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass
class OaiRepository:
    """The service at `/oai`.

    error_status: 422 as Invenio and WEKO, 200 as others
    forgets:      numbers of the requests, from 0, before which all tokens expire
    troubles:     by number of the request: a status and headers, once
    on_request:   called before each request with its number: the world may change meanwhile
    spoiled:      by number of the request: what is sent instead of the page
    """

    items: list[Item]
    formats: tuple[str, ...] = ("jpcoar_1.0", "jpcoar_2.0", "oai_dc")
    page_size: int = 100
    error_status: int = 422
    forgets: set[int] = field(default_factory=set)
    troubles: dict[int, tuple[int, dict[str, str]]] = field(default_factory=dict)
    spoiled: dict[int, bytes] = field(default_factory=dict)
    rate: Rate = field(default_factory=Rate)
    on_request: Callable[[int], None] = lambda _number: None
    asked: list[dict[str, str]] = field(default_factory=list)
    _tokens: dict[str, tuple[dict[str, str], int]] = field(default_factory=dict)
    _made: int = 0

    @property
    def app(self) -> Starlette:
        """The ASGI app."""
        return Starlette(routes=[Route("/oai", self._answer, methods=["GET", "POST"])])

    async def _answer(self, request: Request) -> Response:
        number, said = len(self.asked), dict(request.query_params)
        self.asked.append(said)
        self.on_request(number)
        if number in self.forgets:
            self._tokens.clear()
        if number in self.troubles:
            status, headers = self.troubles[number]
            return Response("wait", status_code=status, headers=headers)
        if (seconds := self.rate.refusal()) is not None:  # pmh 3.1.2.2: or 503
            return Response("slow down", status_code=429, headers={"Retry-After": str(seconds)})
        if number in self.spoiled:
            return Response(self.spoiled[number], media_type="text/xml")
        try:
            inner, status = self._verb(request), 200
        except _ComplaintError as error:
            inner = f"<error code={quoteattr(error.code)}>{escape(error.message)}</error>"
            status = self.error_status
        xml = (
            f'<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="{OAI}">'
            "<responseDate>2026-11-22T00:00:00Z</responseDate>"
            f"<request>{request.base_url}oai</request>{inner}</OAI-PMH>"
        )
        return Response(xml, status_code=status, media_type="text/xml")

    def _verb(self, request: Request) -> str:
        said = dict(request.query_params)
        if len(request.query_params.multi_items()) != len(said):
            raise _ComplaintError("badArgument", "an argument is repeated")
        verb = said.get("verb", "")
        if verb not in _VERBS:  # pmh 3.6
            raise _ComplaintError("badVerb", "Illegal OAI verb")
        given = {name: value for name, value in said.items() if name != "verb"}
        if illegal := given.keys() - _VERBS[verb]:
            raise _ComplaintError("badArgument", f"illegal: {', '.join(sorted(illegal))}")
        if verb == "Identify":
            return "<Identify><protocolVersion>2.0</protocolVersion></Identify>"
        if verb == "ListMetadataFormats":
            told = "".join(
                f"<metadataFormat><metadataPrefix>{one}</metadataPrefix></metadataFormat>"
                for one in self.formats
            )
            return f"<ListMetadataFormats>{told}</ListMetadataFormats>"
        arguments, begin = self._arguments(given)
        return self._list(verb, arguments, begin)

    def _arguments(self, given: dict[str, str]) -> tuple[dict[str, str], int]:
        """Return the first request's arguments and where to go on (pmh 3.5)."""
        if "resumptionToken" in given:
            if len(given) > 1:
                raise _ComplaintError("badArgument", "resumptionToken is an exclusive argument")
            if given["resumptionToken"] not in self._tokens:
                raise _ComplaintError("badResumptionToken", _EXPIRED)
            return self._tokens[given["resumptionToken"]]
        if not given.get("metadataPrefix"):
            raise _ComplaintError(
                "badArgument", 'Missing data for required field "metadataPrefix".'
            )
        if given["metadataPrefix"] not in self.formats:
            raise _ComplaintError(
                "cannotDisseminateFormat",
                f'The metadataPrefix "{given["metadataPrefix"]}" is not supported.',
            )
        for name in ("from", "until"):
            if name in given and not _DATE.fullmatch(given[name]):
                raise _ComplaintError("badArgument", f"{name} is no UTCdatetime")
        return given, 0

    def _list(self, verb: str, arguments: dict[str, str], begin: int) -> str:
        found = [one for one in self.items if _fits(one, arguments)]
        if not found:
            raise _ComplaintError("noRecordsMatch")
        page = found[begin : begin + self.page_size]
        format_of = FORMATS[arguments["metadataPrefix"]]
        records = []
        for one in page:
            status = ' status="deleted"' if one.deleted else ""
            header = (
                f"<header{status}><identifier>{one.identifier}</identifier>"
                f"<datestamp>{one.stamp}</datestamp></header>"
            )
            told = "" if one.deleted else f"<metadata>{format_of(one)}</metadata>"
            records.append(
                header if verb == "ListIdentifiers" else f"<record>{header}{told}</record>"
            )
        after = begin + self.page_size
        token = ""
        if after < len(found):
            self._made += 1
            name = f"t/{self._made}&+="
            self._tokens[name] = (arguments, after)
            token = (
                f'<resumptionToken completeListSize="{len(found)}" cursor="{begin}">'
                f"{escape(name)}</resumptionToken>"
            )
        elif begin:  # pmh 3.5: the last page of several has an empty one
            token = f'<resumptionToken completeListSize="{len(found)}" cursor="{begin}"/>'
        return f"<{verb}>{''.join(records)}{token}</{verb}>"


def _fits(item: Item, arguments: dict[str, str]) -> bool:
    wanted = arguments.get("set", "")
    in_set = not wanted or item.set == wanted or item.set.startswith(f"{wanted}:")
    day = item.stamp[:10]
    return (
        in_set and arguments.get("from", "")[:10] <= day <= (arguments.get("until") or "9999")[:10]
    )
