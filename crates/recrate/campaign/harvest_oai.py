"""The records of a repository, or of a set of them, by OAI-PMH 2.0.

Source: http://www.openarchives.org/OAI/openarchivesprotocol.html. Invenio and WEKO answer errors
with status 422 and the XML that says them, others with 200.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

from recrate.campaign.harvest import Harvest
from recrate.campaign.harvest_oai_pages import OaiPage, read_page
from recrate.campaign.lists_places import OaiList
from recrate.campaign.lists_settings import ListSettings
from recrate.model.campaign import Entry
from recrate.model.errors import BadInput, OutsideFailed, RecrateError
from recrate.model.progress import Progress, silent
from recrate.outside.answers import Answer, shown

PREFERRED = (
    "jpcoar_2.0",
    "jpcoar",
    "jpcoar_1.0",
    "jpcoar_v1",
    "oai_datacite",
    "datacite",
    "junii2",
)
"""Formats that tell more than Dublin Core, the best first; JPCOAR tells files."""
EVERYBODYS = "oai_dc"
_XML = "application/xml, text/xml;q=0.9, */*;q=0.1"
_FORGOTTEN = {"badResumptionToken", "noRecordsMatch"}
"""What a service says to a token that it gave and knows no more."""


def oai_entries(
    listing: OaiList, *, settings: ListSettings, progress: Progress = silent
) -> Iterator[Entry]:
    """Yield the records that hold a crate; where the format tells no files, all records.

    Deleted records and those that say no address are left out. A listing whose token is forgotten
    is begun again, and gives nothing twice. Raises BadInput for arguments that the repository does
    not take, OutsideFailed when the listing breaks off, with how many records were had.
    """
    harvest = Harvest(settings=settings, progress=progress)
    try:
        yield from _Listing(listing, harvest).entries()
    except RecrateError as error:
        raise harvest.broke_off(error) from error


@dataclass
class _Listing:
    """One listing. `seen`: identifiers of the records that were given; `unplaced`: left out."""

    listing: OaiList
    harvest: Harvest
    seen: set[str] = field(default_factory=set)
    unplaced: int = 0

    def entries(self) -> Iterator[Entry]:
        arguments = dict(self.listing.arguments)
        arguments.setdefault("metadataPrefix", "")
        arguments["metadataPrefix"] = arguments["metadataPrefix"] or self._prefix()
        for _ in range(self.harvest.settings.restarts + 1):
            if (yield from self._once(arguments)):
                break
        else:
            raise OutsideFailed(
                "forgets again and again where we were",
                where=shown(self.listing.base),
                hint="take a part of it: a set, or from and until",
            )
        if self.unplaced:
            said = f"{self.unplaced:,} records say no address and were left out"
            self.harvest.progress("list", self.harvest.had, self.harvest.had, said)

    def _once(self, arguments: dict[str, str]) -> Generator[Entry, None, bool]:
        """Yield what is new from the beginning on; return whether the end was reached."""
        token, been = "", set[str]()
        while True:
            asked = {"resumptionToken": token} if token else arguments
            page = self._page(asked)
            codes = {code for code, _ in page.errors}
            if token and codes & _FORGOTTEN:
                return False
            if codes == {"noRecordsMatch"}:
                return True
            if page.errors:
                raise _complaint(page, self.listing.base)
            yield from self._new(page)
            token = page.token
            if not token:
                return True
            if token in been:
                raise OutsideFailed(
                    "leads from page to page in a circle",
                    where=shown(self.listing.base),
                    hint="its listing is broken: tell the repository, or list the DOIs in a file",
                )
            been.add(token)

    def _new(self, page: OaiPage) -> Iterator[Entry]:
        for record in page.records:
            known_by = record.identifier or (record.entry.where if record.entry else "")
            if known_by in self.seen:
                continue
            self.harvest.took(self.listing.base)
            self.seen.add(known_by)
            self.unplaced += not record.placed
            if record.entry is not None:
                yield record.entry

    def _prefix(self) -> str:
        """Return the best of the formats that the repository has; everybody has Dublin Core."""
        answer = self._ask({"verb": "ListMetadataFormats"})
        page = read_page(answer.content) if answer.status == 200 else None
        known = page.prefixes if page is not None else ()
        return next((one for one in PREFERRED if one in known), EVERYBODYS)

    def _page(self, asked: dict[str, str]) -> OaiPage:
        answer = self._ask({"verb": "ListRecords", **asked})
        group = dict(self.listing.arguments).get("set", "")
        page = read_page(answer.content, group=group)
        if page is not None and (answer.status == 200 or page.errors):
            return page
        if answer.status in {400, 410, 422} and "resumptionToken" in asked:
            return OaiPage(errors=(("badResumptionToken", answer.said()),))
        if answer.status != 200:
            raise answer.error()
        message = "the answer is no OAI-PMH that can be read"
        hint = "the address is that of the repository's OAI-PMH, often …/oai or …/oai2d"
        raise BadInput(message, where=shown(answer.url), hint=hint)

    def _ask(self, asked: dict[str, str]) -> Answer:
        return self.harvest.ask(f"{self.listing.base}?{urlencode(asked)}", accept=_XML)


def _complaint(page: OaiPage, base: str) -> BadInput:
    said = "; ".join(f"{code}: {message}" if message else code for code, message in page.errors)
    return BadInput(
        f"the repository refuses: {said}"[:500],
        where=shown(base),
        hint="ask it for verb=ListSets and verb=ListMetadataFormats",
    )
