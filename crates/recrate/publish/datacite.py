"""Depositor 5: a DOI under a prefix of one's own, registered with DataCite; the page is a site's.

DataCite keeps metadata and an address, no files: what a DOI leads to is the landing page that
`Site` writes. The DOI comes from the deposit's mark, so it is the same however often it is asked
for; a draft says the mark itself, and a findable DOI is known by its landing page.
There is no DOI of all versions together: each has its own, and they name one another.
Sources: https://support.datacite.org/docs/api, lupo's `openapi.yaml` (`/dois`)
"""

import base64
import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from recrate.model.deposit import About, DepositStatus, Option, Place, Receipt, Reservation
from recrate.model.errors import BadInput, Busy, Conflict, OutsideFailed, RecrateError
from recrate.model.finding import Finding, Severity, find
from recrate.model.progress import Progress
from recrate.model.record import LinkRelation, RecordLink
from recrate.model.secret import Secret
from recrate.outside.exchange import Service
from recrate.outside.web import WebSettings
from recrate.publish.datacite_api import Attributes, Dois, Registered, State
from recrate.publish.datacite_metadata import (
    FORMAT,
    attributes_of,
    doi_of,
    findings_of,
    has_mark,
    prefix_of,
    with_link,
    with_mark,
)
from recrate.publish.depositor import Parcel, Surroundings
from recrate.publish.journal import Journal
from recrate.publish.site import Site
from recrate.publish.site_text import bare_doi, doi_address, line, mark_of

REAL = "https://api.datacite.org/"

OPTIONS = (
    Option(
        name="prefix",
        label_en="DOI prefix",
        label_ja="DOI プレフィックス",
        required=True,
        fixed_by_place=True,
        help_en="The prefix that DataCite gave to the repository account, such as 10.12345.",
        help_ja="DataCite からリポジトリに割り当てられたプレフィックス（例：10.12345）",
    ),
    Option(
        name="api",
        label_en="Address of the API",
        label_ja="API のアドレス",
        default=REAL,
        fixed_by_place=True,
        help_en="For trying: https://api.test.datacite.org/",
        help_ja="試用には https://api.test.datacite.org/ を指定します。",
    ),
    *(
        replace(one, required=True) if one.name in {"url", "publisher"} else one
        for one in Site.about.options
    ),
)


class DataCite:
    """DOIs for a site. The token is `ID:password` of a repository account."""

    about = About(
        kind="datacite",
        title_en="DataCite, with a site of your own",
        title_ja="DataCite（自機関のサイト）",
        capabilities=replace(
            Site.about.capabilities, needs_account=True, gives_doi=True, reserves_doi=True
        ),
        options=OPTIONS,
        formats=(FORMAT, *Site.about.formats),
        homepage="https://datacite.org/",
    )

    def __init__(
        self,
        place: Place,
        surroundings: Surroundings,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.site = Site(place, surroundings)
        if self.site.look.url is None:
            raise BadInput(
                "a DOI needs a public address to lead to",
                where=place.name,
                hint="set the option `url` to the address of the site",
            )
        self._prefix = prefix_of(place.answers.get("prefix", ""))
        self._publisher = line(place.answers.get("publisher"))
        self._account, secret = account_of(surroundings.secret)
        api = _api(place.answers.get("api", "") or REAL, surroundings.web)
        headers = {"Accept": "application/vnd.api+json", "User-Agent": surroundings.agent}
        self._dois = Dois(
            service=Service(
                base=api,
                web=surroundings.web,
                secret=secret,
                scheme="Basic",
                headers=headers,
                sleep=sleep,
            )
        )

    def preflight(self, parcel: Parcel) -> tuple[Finding, ...]:
        """Say what the site or DataCite would refuse, and what citations would lack."""
        attributes = self._attributes(parcel)
        return (
            *self.site.preflight(parcel),
            *findings_of(attributes),
            *self._asked(),
        )

    def reserve(self, parcel: Parcel, journal: Journal, progress: Progress) -> Reservation:
        """Find or make the draft of the DOI, and keep a place in the site.

        Raises Conflict where the DOI is another deposit's.
        """
        place = self.site.reserve(parcel, journal, progress)
        doi = self._doi(parcel)
        journal.note(datacite_doi=doi)
        progress("reserve", 0, 1, doi)
        known = self._dois.get(doi)
        if known is None:
            attributes = with_mark(self._attributes(parcel), mark_of(parcel.order.mark))
            self._dois.create_draft(doi, attributes)
        elif not self._is_ours(known, parcel, place):
            raise Conflict(
                f"the DOI {doi} belongs to another record",
                where=known.url,
                hint="remove this deposit with `--discard` and publish again: it gets another DOI",
            )
        progress("reserve", 1, 1, doi)
        return replace(place, doi=doi)

    def deposit(self, parcel: Parcel, journal: Journal, progress: Progress) -> Receipt:
        """Write the landing page, then make the DOI findable and lead to it."""
        place = self.reserve(parcel, journal, progress)
        doi = self._doi(parcel)
        titled = replace(parcel, record=replace(parcel.record, doi=doi))
        receipt = replace(
            self.site.deposit(titled, journal, progress), record=doi, doi=doi, concept_doi=None
        )
        attributes = self._attributes(parcel)
        if receipt.status is DepositStatus.DRAFT:
            self._dois.update(doi, with_mark(attributes, mark_of(parcel.order.mark)))
            return receipt
        earlier = self._earlier(parcel)
        if earlier is not None:
            link = RecordLink(target=earlier, relation=LinkRelation.IS_NEW_VERSION_OF)
            attributes["relatedIdentifiers"] = with_link(attributes, link) or attributes.get(
                "relatedIdentifiers", []
            )
        if not self._is_done(doi, place):
            progress("publish", 0, 1, doi)
            told = {"alternateIdentifiers": [], **attributes, "url": place.record_url}
            self._dois.update(doi, told, publish=True)
        journal.note(datacite_published=doi)
        progress("publish", 1, 1, doi)
        notes = () if earlier is None else self._tell(earlier, doi)
        return replace(receipt, notes=(*receipt.notes, *notes))

    def discard(self, journal: Journal) -> bool:
        """Delete the draft and what the site has of it; a registered DOI stays for ever."""
        doi, mark = journal.get("datacite_doi"), journal.get("site_mark")
        known = self._dois.get(doi) if isinstance(doi, str) else None
        if known is not None:
            if known.state is not State.DRAFT:
                return False
            if not has_mark(known.attributes, str(mark)):
                known = None
            elif not self._dois.delete(known.doi):
                return False
        there = self.site.withdraw(journal)
        return self.site.discard(journal) or there or known is not None

    def relate(self, record: str, link: RecordLink) -> bool:
        """Write a relation into a DOI's metadata and onto its page, unless it is there already."""
        entry = self.site.entry(record)
        doi = bare_doi(record) or (entry.doi if entry else None)
        if doi is None or not doi.startswith(f"{self._prefix}/"):
            return entry is not None and self.site.relate(record, link)
        if not self._relate(doi, link):
            return False
        self.site.relate(doi, link)
        return True

    def _relate(self, doi: str, link: RecordLink) -> bool:
        """Read the relations and write them back with one more; one process at a time does so."""
        with self._alone():
            known = self._dois.get(doi)
            if known is None:
                return False
            all_of_them = with_link(known.attributes, link)
            return all_of_them is None or self._dois.relate(doi, all_of_them)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """DataCite knows no `If-Match`: only the site's lock keeps two writers apart."""
        if not self.site.folder.root.is_dir():
            yield
            return
        with self.site.folder.lock():
            yield

    def _doi(self, parcel: Parcel) -> str:
        return doi_of(self._prefix, parcel.order.mark)

    def _attributes(self, parcel: Parcel) -> Attributes:
        return attributes_of(parcel.documents.get(FORMAT), publisher=self._publisher)

    def _is_ours(self, known: Registered, parcel: Parcel, place: Reservation) -> bool:
        if known.state is State.DRAFT:
            return has_mark(known.attributes, mark_of(parcel.order.mark))
        return known.url == place.record_url

    def _is_done(self, doi: str, place: Reservation) -> bool:
        known = self._dois.get(doi)
        return known is not None and known.state is State.FINDABLE and known.url == place.record_url

    def _earlier(self, parcel: Parcel) -> str | None:
        """Return the address of the earlier version's DOI, None where it has none."""
        told = parcel.order.new_version_of
        entry = self.site.entry(told) if told else None
        return doi_address(entry.doi) if entry and entry.doi else None

    def _tell(self, earlier: str, doi: str) -> tuple[str, ...]:
        """Let the earlier version know of this one; the person is told where that is not ours."""
        target = doi_address(doi) or doi
        link = RecordLink(target=target, relation=LinkRelation.IS_PREVIOUS_VERSION_OF)
        known = bare_doi(earlier) or ""
        if known.startswith(f"{self._prefix}/") and self._relate(known, link):
            return ()
        return (f"{earlier} does not name this new version: only its owner can add that",)

    def _asked(self) -> tuple[Finding, ...]:
        """Ask whether the account may use the prefix; a silent service is no error."""
        if self._account is None:
            return (_no_token(),)
        try:
            known = self._dois.prefixes(self._account)
        except (OutsideFailed, Busy) as error:
            return (
                find(
                    Severity.NOTE,
                    "datacite-silent",
                    f"DataCite could not be asked about the prefix: {error.message}",
                    hint="go on: nothing is lost if it does not answer later either",
                ),
            )
        except RecrateError as error:
            return (
                find(
                    Severity.ERROR,
                    "datacite-token",
                    f"DataCite does not accept the account: {error.message}",
                    hint="the token is `ID:password` of a repository account of DataCite",
                ),
            )
        if self._prefix in known:
            return ()
        return (
            find(
                Severity.ERROR,
                "datacite-prefix",
                f"the account {self._account} may not make DOIs under {self._prefix}",
                hint=f"it has: {', '.join(known[:10]) or 'no prefix'}",
                subject=self._prefix,
            ),
        )


def account_of(secret: Secret | None) -> tuple[str | None, Secret | None]:
    """Return the account's name, and the secret as HTTP Basic wants it.

    secret: `ID:password`
    Raises BadInput for what has no colon; no part of it is in the message. Source: RFC 7617
    """
    if secret is None:
        return None, None
    account, colon, password = secret.reveal().partition(":")
    if not (account and colon and password):
        raise BadInput(
            "the token of DataCite is not of the form `ID:password`",
            hint="give the repository account's ID, a colon and its password, as one line",
        )
    encoded = base64.b64encode(secret.reveal().encode()).decode("ascii")
    return account, Secret(encoded)


def _api(told: str, web: WebSettings) -> str:
    """Return the service's address; a password travels over https only."""
    parts = urlsplit(told.strip())
    known = parts.hostname in web.private_hosts
    if not parts.hostname or parts.scheme not in ({"https", "http"} if known else {"https"}):
        raise BadInput(
            "not the address of an API", where="api", hint=f"write it with https://, like {REAL}"
        )
    return told.strip() if told.strip().endswith("/") else f"{told.strip()}/"


def _no_token() -> Finding:
    return find(
        Severity.ERROR,
        "datacite-token",
        "there is no account for DataCite",
        hint="give its `ID:password` as the token of this place",
    )
