"""GakuNin RDM as it is spoken to: projects by its API, files by WaterButler.

Three services, each with an origin of its own: the token goes to these and to no other. Of the
addresses in answers only two kinds are used, `links.next` of a listing and `links.upload` of a
storage, and both only where they lie on the origin that was configured for them.

Source: https://developer.osf.io (GakuNin RDM is made of it), https://github.com/RCOSDP/RDM-waterbutler
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit

from recrate.model.errors import BadInput, OutsideFailed, Refused
from recrate.model.progress import Progress, silent
from recrate.model.secret import Secret
from recrate.outside.answers import Answer
from recrate.outside.archive import complaint_of
from recrate.outside.exchange import TRIES, Body, Service
from recrate.outside.web import WebSettings
from recrate.publish.grdm_entries import Entry, entry_of, object_of, objects_of

API = "https://api.rdm.nii.ac.jp/v2/"
FILES = "https://files.rdm.nii.ac.jp/v1/"
WEB = "https://rdm.nii.ac.jp/"
DEFAULT_STORAGE = "osfstorage"
_PAGES = 1000
_WORD = re.compile(r"[A-Za-z0-9_]{2,64}")
_NO_ROOM = (406, 507)
"""How WaterButler says that the quota is used up, and how other file services do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where an installation of GakuNin RDM lies, each with `/` at its end."""

    api: str = API
    files: str = FILES
    web: str = WEB


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project as the API tells of it."""

    guid: str
    title: str
    may_write: bool
    public: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """A storage of a project. `root`: its folder's address, with `/` at its end."""

    provider: str
    institutional: bool
    root: str


class Grdm:
    """One installation of GakuNin RDM, asked with one token."""

    def __init__(
        self,
        addresses: Addresses,
        *,
        web: WebSettings,
        secret: Secret | None,
        sleep: Callable[[float], None] = time.sleep,
        tries: int = TRIES,
    ) -> None:
        self.addresses = addresses
        accept = {"Accept": "application/vnd.api+json"}
        self._api, self.files, self.web = (
            Service(base=base, web=web, secret=secret, headers=headers, sleep=sleep, tries=tries)
            for base, headers in (
                (addresses.api, accept),
                (addresses.files, {}),
                (addresses.web, {"Accept": "application/json"}),
            )
        )

    def project(self, guid: str) -> Project:
        """Return what is known of a project; raises what its status means."""
        data = object_of(self._api.ask("GET", f"nodes/{guid}/").expect(200).json(), "data")
        said = object_of(data, "attributes")
        return Project(
            guid=guid,
            title=str(said.get("title") or ""),
            may_write="write" in (said.get("current_user_permissions") or ()),
            public=said.get("public") is True,
        )

    def storages(self, guid: str) -> tuple[Storage, ...]:
        """Return the storages of a project, the default one first.

        That is `osfstorage`, else the first of the institution by name.
        """
        found = [self._storage(guid, one) for one in self.pages(f"nodes/{guid}/files/")]
        return tuple(
            sorted(
                (one for one in found if one is not None),
                key=lambda one: (
                    one.provider != DEFAULT_STORAGE,
                    not one.institutional,
                    one.provider,
                ),
            )
        )

    def shelf(self, storage: Storage) -> "Shelf":
        """Return a storage's files."""
        return Shelf(service=self.files, storage=storage)

    def pages(self, address: str) -> Iterator[Mapping[str, Any]]:
        """Yield what a listing of the API holds, page after page."""
        url: str | None = f"{address}?page[size]=100"
        seen: set[str] = set()
        while url is not None and url not in seen and len(seen) < _PAGES:
            seen.add(url)
            answer = self._api.ask("GET", url).expect(200)
            document = answer.json()
            yield from objects_of(document, answer)
            links = document.get("links")
            following = links.get("next") if isinstance(links, dict) else None
            url = urljoin(answer.url, following) if isinstance(following, str) else None
            if url is not None:
                _refuse_elsewhere(url, self.addresses.api, "api")

    def _storage(self, guid: str, said: Mapping[str, Any]) -> Storage | None:
        facts = object_of(said, "attributes")
        provider = facts.get("provider")
        if not isinstance(provider, str) or not _WORD.fullmatch(provider):
            return None
        links = said.get("links")
        upload = links.get("upload") if isinstance(links, dict) else None
        root = urljoin(self.addresses.files, f"resources/{guid}/providers/{provider}/")
        if isinstance(upload, str) and upload:
            _refuse_elsewhere(upload, self.addresses.files, "files")
            root = upload.partition("?")[0].rstrip("/") + "/"
        told = facts.get("forInstitutions") or facts.get("for_institutions")
        return Storage(
            provider=provider,
            institutional=bool(told) or provider.endswith("institutions"),
            root=root,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """One storage of one project.

    What makes or changes something is sent once and no more: who calls looks whether it was done
    when the answer is lost.
    """

    service: Service
    storage: Storage

    def address(self, path: str) -> str:
        """Return the address of a path of WaterButler's; raises Refused where it leads out."""
        parts = path.strip("/").split("/") if path.strip("/") else []
        if any(complaint_of(part) for part in parts):
            raise Refused(
                "GakuNin RDM named a path that leads elsewhere",
                where=self.storage.root,
                hint="look at the project's files in the browser",
            )
        end = "/" if parts and path.endswith("/") else ""
        return self.storage.root + "/".join(quote(part, safe="") for part in parts) + end

    def list(self, folder: Entry) -> tuple[Entry, ...]:
        """Return what lies in a folder, of all its pages."""
        found: list[Entry] = []
        more = ""
        for _ in range(_PAGES):
            answer = self.service.ask("GET", f"{self.address(folder.path)}?meta={more}").expect(200)
            document = answer.json()
            found += [entry for one in objects_of(document, answer) if (entry := entry_of(one))]
            token = document.get("next_token")
            if not isinstance(token, str) or not token:
                break
            more = f"&next_token={quote(token, safe='')}"
        return tuple(found)

    def look(self, path: str) -> Entry | None:
        """Return the file of a path as WaterButler gave it, None where there is none."""
        answer = self.service.ask("GET", f"{self.address(path)}?meta=")
        if answer.status in {404, 410}:
            return None
        return entry_of(object_of(answer.expect(200).json(), "data"))

    def read(self, entry: Entry, *, limit_bytes: int, version: int | None = None) -> bytes:
        """Return a file's bytes; a storage that answers elsewhere is followed without the token."""
        wanted = f"?version={version}" if version is not None else ""
        address = self.address(entry.path) + wanted
        return self.service.ask("GET", address, limit_bytes=limit_bytes).expect(200).content

    def make_folder(self, parent: Entry, name: str) -> Entry:
        """Make a folder; Conflict where there is one of that name."""
        wanted = f"?kind=folder&name={quote(name, safe='')}"
        answer = self.service.ask("PUT", self.address(parent.path) + wanted, repeat=False)
        return self._made(answer, 201)

    def create(self, parent: Entry, name: str, body: Body, *, progress: Progress = silent) -> Entry:
        """Make a new file; Conflict where something of that name is there."""
        wanted = f"?kind=file&name={quote(name, safe='')}"
        return self._sent(self.address(parent.path) + wanted, body, progress)

    def replace(self, entry: Entry, body: Body, *, progress: Progress = silent) -> Entry:
        """Give a file another content; the storage keeps the earlier one where it has versions."""
        return self._sent(f"{self.address(entry.path)}?kind=file", body, progress)

    def remove(self, entry: Entry) -> None:
        """Remove a file, or a folder with all in it; fine where it is gone already."""
        if entry.path.strip("/") == "":
            raise Refused(
                "a whole storage is never removed",
                where=self.storage.root,
                hint="name a file or folder in it",
            )
        self.service.ask("DELETE", self.address(entry.path)).expect(204, 200, 404, 410)

    def _sent(self, address: str, body: Body, progress: Progress) -> Entry:
        headers = {"Content-Type": "application/octet-stream"}
        answer = self.service.ask(
            "PUT", address, body=body, headers=headers, repeat=False, progress=progress
        )
        return self._made(answer, 200, 201)

    def _made(self, answer: Answer, *hoped: int) -> Entry:
        if answer.status in _NO_ROOM:
            raise Refused(
                f"no room left in {self.storage.provider}: {answer.said()}",
                where=self.storage.root,
                hint="free some space, or choose another storage of the project",
            )
        entry = entry_of(object_of(answer.expect(*hoped).json(), "data"))
        if entry is None:
            raise OutsideFailed(
                "the answer does not say what was made",
                where=self.storage.root,
                hint="go on with `--resume`: nothing is done twice",
            )
        return entry


def project_of(text: str, web: str) -> str:
    """Return the guid that a person gave, as such or within the project's address."""
    said = text.strip()
    if "://" in said:
        if not _same_origin(said, web):
            raise BadInput(
                "the project's address is of another site",
                where=said,
                hint=f"give an address that begins with {web}, or the project's five characters",
            )
        said = urlsplit(said).path.strip("/").partition("/")[0]
    said = said.strip("/").lower()
    if not re.fullmatch(r"[a-z0-9]{3,32}", said):
        raise BadInput(
            f"no project is called {text.strip() or 'nothing'!r}",
            hint="give the five characters at the end of the project's address",
        )
    return said


def place_of(address: str, addresses: Addresses) -> tuple[str, str, str] | None:
    """Return (guid, provider, path) of a file's address, of the pages or of the file service.

    None for what is no file of this installation. The path is WaterButler's own, or of names.
    """
    plain = address.removeprefix("crate+").partition("?")[0]
    for base, pattern in (
        (addresses.web, r"([a-z0-9]{3,32})/files/(?:dir/)?(\w+)/(.+)"),
        (addresses.files, r"resources/([a-z0-9]{3,32})/providers/(\w+)/(.+)"),
    ):
        found = re.fullmatch(pattern, plain.removeprefix(base)) if plain.startswith(base) else None
        if found:
            return found[1], found[2], "/" + unquote(found[3])
    return None


def _refuse_elsewhere(url: str, base: str, option: str) -> None:
    if not _same_origin(url, base):
        raise Refused(
            f"GakuNin RDM sends us to another host: {urlsplit(url).hostname}",
            where=base,
            hint=f"where that is right, configure it as the place's `{option}`",
        )


def _same_origin(one: str, other: str) -> bool:
    first, second = urlsplit(one), urlsplit(other)
    return (first.scheme, first.netloc) == (second.scheme, second.netloc)
