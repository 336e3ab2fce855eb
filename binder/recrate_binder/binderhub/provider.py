"""BinderHub's provider for crates: by DOI or address, on any repository that recrate can read.

In `binderhub_config.py`: `c.BinderHub.repo_providers = {…, "crate": CrateProvider}`; the build
image must know crates too. docs/binderhub.md has both, with values for the Helm chart.
"""

import asyncio
import hashlib
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote, unquote

from traitlets import Bool, Float, List, Unicode

from recrate.locate.find import find_crate
from recrate.locate.settings import LocateSettings
from recrate.locate.whereabouts import Candidate, Whereabouts
from recrate.locate.written import Address, doi_of_url, read_where
from recrate.model.errors import RecrateError
from recrate.outside.web import WebSettings

if TYPE_CHECKING:
    from recrate_binder.binderhub.base import RepoProvider
else:
    try:
        from binderhub.repoproviders import RepoProvider
    except ImportError:
        from recrate_binder.binderhub.base import RepoProvider

SPEC_CHARACTERS = 2_000


class CrateProvider(RepoProvider):
    """Resolves `/v2/crate/<escaped DOI or address>` with a few small requests.

    Operators' patterns (`banned_specs`, `high_quota_specs`, …) are matched against the bare DOI in
    small letters, or the address: however it was written and escaped in the link, and, once it is
    resolved, against everything that leads to the same files.
    """

    name = Unicode(
        "Crate", config=True, help="As BinderHub's launch events name it, which know few names."
    )
    display_config: ClassVar[dict[str, Any]] = {
        "displayName": "RO-Crate",
        "id": "crate",
        "spec": {"validateRegex": r".+"},
        "repo": {
            "label": "DOI or address of a crate",
            "placeholder": "example: 10.5281/zenodo.1234567",
            "urlEncode": True,
        },
        "ref": {"enabled": False},
    }
    allow_http = Bool(False, config=True, help="Take addresses without encryption, too.")
    timeout_seconds = Float(60.0, config=True, help="For finding out what an address leads to.")
    private_hosts = List(
        Unicode(), config=True, help="Hosts that may be reached at private addresses."
    )
    doi_resolver = Unicode("https://doi.org/", config=True, help="Where DOIs are resolved.")

    def __init__(self, *arguments: Any, **given: Any) -> None:
        """Read the spec of the link; raises ValueError for one that names no DOI and no address."""
        super().__init__(*arguments, **given)
        self._address = _address_in(self.spec, allow_http=self.allow_http)
        self.spec = _plain(self._address)
        self._found: Whereabouts | None = None
        self._asking: asyncio.Lock = asyncio.Lock()

    async def get_resolved_ref(self) -> str:
        """Return a name for exactly these files, fit for an image's tag.

        It stands for the checksums that the repository states; where it states none, for the day.
        Raises ValueError, with a sentence for the person, where there is no crate to be had.
        """
        found = await self._resolved()
        return _reference(found, today=datetime.now(UTC).date().isoformat())

    async def get_resolved_spec(self) -> str:
        """Return the spec that leads to this version for good, where there is one."""
        found = await self._resolved()
        return quote((found.doi or "").lower() or self.get_repo_url(), safe="")

    async def get_resolved_ref_url(self) -> str:
        """Return the page of the record."""
        found = await self._resolved()
        return found.record_url or found.url

    def get_repo_url(self) -> str:
        """Return what repo2docker is told to fetch: the address, for a DOI that of its resolver."""
        return self._address.key

    def get_build_slug(self) -> str:
        """Return a readable part of the image's name, the same for all ways of writing the link."""
        digest = hashlib.sha256(self.spec.encode()).hexdigest()[:12]
        words = re.sub(r"[^a-z0-9]+", "-", self.spec.lower().removeprefix("https://")).strip("-")
        return f"crate-{words[:60].strip('-')}-{digest}"

    async def _resolved(self) -> Whereabouts:
        async with self._asking:
            if self._found is None:
                found = await self._look()
                self._refuse_banned(found)
                self._found = found
            return self._found

    async def _look(self) -> Whereabouts:
        web = WebSettings(
            timeout_seconds=min(self.timeout_seconds, 30.0),
            private_hosts=tuple(self.private_hosts),
            agent="recrate BinderHub",
        )
        settings = LocateSettings(
            web=web, doi_resolver=self.doi_resolver, page_seconds=self.timeout_seconds
        )
        asked = asyncio.to_thread(find_crate, self._address, settings=settings)
        try:
            return await asyncio.wait_for(asked, self.timeout_seconds)
        except TimeoutError as error:
            raise ValueError(f"{self.spec} did not answer in time; try again later") from error
        except RecrateError as error:
            hint = f" ({error.hint})" if error.hint else ""
            raise ValueError(f"{error.message}{hint}") from error

    def _refuse_banned(self, found: Whereabouts) -> None:
        """Raise ValueError where another name of the same files is banned, though not this one."""
        names: set[str | None] = {
            found.doi,
            found.record_url,
            found.url,
            *(one.url for one in found.candidates),
        }
        for name in filter(None, names):
            plain = (doi_of_url(name) or name).lower()
            if any(re.match(one, plain, re.IGNORECASE) for one in self.banned_specs):
                raise ValueError(f"{self.spec} is not allowed to launch here")


def _address_in(spec: str, *, allow_http: bool) -> Address:
    text = unquote(spec).strip().rstrip("/")
    if len(text) > SPEC_CHARACTERS:
        raise ValueError("the link names more than an address")
    try:
        address = read_where(text)
    except RecrateError as error:
        raise ValueError(error.message) from error
    if not isinstance(address, Address):
        raise ValueError(f"{text[:200]!r} is neither a DOI nor an address")  # noqa: TRY004 - shown
    if address.url is not None and not allow_http and not address.url.startswith("https://"):
        raise ValueError("addresses begin with https:// here")
    return address


def _plain(address: Address) -> str:
    return address.doi.lower() if address.doi else address.url or ""


def _reference(found: Whereabouts, *, today: str) -> str:
    """Return the digest of what a record holds, by name, checksum and version."""
    told = hashlib.sha256(f"{(found.doi or '').lower()}\n{found.version or ''}\n".encode())
    for one in sorted(found.candidates, key=lambda one: (one.name, one.url)):
        told.update(f"{one.name}\n{_state(one, today)}\n".encode())
    return told.hexdigest()[:40]


def _state(candidate: Candidate, today: str) -> str:
    known = candidate.checksum
    if known is not None:
        return f"{known.algorithm}:{known.value}"
    return f"{candidate.url} {candidate.size_bytes} {today}"
