"""Files of a GakuNin RDM project, with the person's token.

The token goes to the API and to the file service, as they are configured, and to nobody else: what
lies in S3 is fetched from an address that needs none. Source: https://developer.osf.io/, and
https://waterbutler.readthedocs.io/en/latest/api.html
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from recrate.locate.asking import Asker, at, parsed, size_in, text_in
from recrate.locate.settings import LocateSettings
from recrate.locate.told import METADATA_NAMES, Told, checksum_of, kind_of
from recrate.locate.whereabouts import Candidate, FileKind
from recrate.model.errors import NotFound, Refused
from recrate.outside.archive import complaint_of
from recrate.outside.hops import same_origin
from recrate.outside.web import Credential, NotForUs

FOLDERS_LIMIT = 200
"""Folders of one crate that lies unpacked in a project."""
PAGES_LIMIT = 20
"""Of one folder's list, a thousand files each."""
_GUID = r"[a-z0-9]{5,12}"
_FILE = re.compile(rf"/({_GUID})/files/([A-Za-z0-9_.-]{{1,60}})(/.*)?")
_SHORT = re.compile(rf"/({_GUID})/?")
_JSON = "application/vnd.api+json, application/json"


def is_grdm(url: str, settings: LocateSettings) -> bool:
    """Say whether an address is of the GakuNin RDM that is configured."""
    path = urlsplit(url).path
    known = _FILE.fullmatch(path) or _SHORT.fullmatch(path)
    return known is not None and same_origin(url, settings.grdm_web)


def by_grdm(asker: Asker, url: str) -> Told:
    """Return what a project's file or folder is, or which crates a project holds.

    Raises Refused where the token is missing or not accepted, NotFound where nothing is there.
    """
    try:
        return _told(_Project(asker=asker), url)
    except NotForUs as error:
        raise NotForUs(
            error.message,
            where=url,
            hint="keep a token of GakuNin RDM with `recrate token grdm`; projects are private",
        ) from error


def token_for(origin: str, secrets: Any, settings: LocateSettings) -> Credential | None:
    """Return the credential for one origin of the service."""
    secret = secrets(urlsplit(settings.grdm_api).hostname or "")
    return Credential(origin=origin, secret=secret) if secret is not None else None


@dataclass(frozen=True, kw_only=True)
class _Project:
    """The service, spoken to for one address."""

    asker: Asker

    def api(self, path: str) -> Any:
        base = self.asker.settings.grdm_api
        return self._json(f"{base}{path}", base)

    def entries(self, place: str) -> list[Any]:
        """Return what lies in a folder; its `place` ends with `/`."""
        found: list[Any] = []
        more = ""
        for _ in range(PAGES_LIMIT):
            answer = self._meta(place, more)
            said = at(answer, "data")
            found += said if isinstance(said, list) else []
            token = text_in(answer, "next_token")
            if token is None:
                break
            more = f"&next_token={quote(token, safe='')}"
        return found

    def entry(self, place: str) -> Any:
        """Return what is said of a file."""
        return at(self._meta(place), "data")

    def _meta(self, place: str, more: str = "") -> Any:
        base = self.asker.settings.grdm_files
        return self._json(f"{self.address(place)}?meta={more}", base)

    def address(self, place: str) -> str:
        """Return the address of a place; raises Refused for one that leads elsewhere."""
        if any(complaint_of(part) for part in place.split("/") if part):
            raise Refused(
                "a path that leads elsewhere",
                where=repr(place[:200]),
                hint="look at the project's files in the browser",
            )
        return f"{self.asker.settings.grdm_files}resources/{quote(place, safe='/')}"

    def _json(self, url: str, origin: str) -> Any:
        credential = token_for(origin, self.asker.secrets, self.asker.settings)
        return parsed(self.asker.look(url, accept=_JSON, credential=credential))

    def candidate(self, storage: str, said: Any, name: str) -> Candidate:
        """Return a file of a storage, `guid/providers/name`."""
        hashes = at(said, "extra", "hashes")
        checksum = next(
            (
                found
                for algorithm in ("sha256", "sha512", "md5", "sha1")
                if (found := checksum_of(algorithm, at(hashes, algorithm))) is not None
            ),
            None,
        )
        return Candidate(
            url=self.address(storage + (text_in(said, "path") or "/")),
            name=name,
            kind=kind_of(name),
            size_bytes=size_in(said, "size"),
            checksum=checksum,
            token_origin=self.asker.settings.grdm_files,
        )


def _told(project: _Project, url: str) -> Told:
    path = urlsplit(url).path
    inside = _FILE.fullmatch(path)
    if inside is None:
        short = _SHORT.fullmatch(path)
        assert short is not None, "is_grdm was asked before"
        return _by_guid(project, short[1], url)
    storage = f"{inside[1]}/providers/{inside[2]}"
    place = unquote(inside[3] or "/")
    said = _entry_at(project, storage, place)
    if said is None:
        raise NotFound("no such file in the project", where=url, hint="is the address right?")
    return _of_entry(project, storage, said, url)


def _of_entry(project: _Project, storage: str, said: Any, url: str) -> Told:
    name = text_in(said, "name") or "crate"
    if text_in(said, "kind") == "folder":
        files = tuple(_inside(project, storage, text_in(said, "path") or "/"))
        return Told(candidates=files, record_url=url, title=name)
    return Told(candidates=(project.candidate(storage, said, name),), record_url=url, title=name)


def _entry_at(project: _Project, storage: str, place: str) -> Any | None:
    """Return the entry of a place, by the service's own path, else by the names of folders."""
    if place != "/" and not place.endswith("/"):
        try:
            found = at(project.entry(storage + place), "attributes")
        except NotFound:
            found = None
        if isinstance(found, dict):
            return found
    said: Any = {"kind": "folder", "path": "/", "name": storage.rpartition("/")[2]}
    for name in [part for part in place.split("/") if part]:
        inside = project.entries(storage + (text_in(said, "path") or "/"))
        attributes = [at(one, "attributes") for one in inside]
        said = next((one for one in attributes if text_in(one, "name") == name), None)
        if said is None:
            return None
    return said


def _inside(project: _Project, storage: str, folder: str) -> Iterator[Candidate]:
    """Yield the files of a folder, those of its own folders where it is an unpacked crate."""
    waiting = [(folder, "")]
    for _ in range(FOLDERS_LIMIT):
        if not waiting:
            return
        place, prefix = waiting.pop(0)
        inside = [at(one, "attributes") for one in project.entries(storage + place)]
        names = {text_in(one, "name") for one in inside}
        for one in inside:
            name = text_in(one, "name")
            if name is None:
                continue
            if text_in(one, "kind") != "folder":
                yield project.candidate(storage, one, prefix + name)
            elif prefix or names & set(METADATA_NAMES):
                waiting.append((text_in(one, "path") or "/", f"{prefix}{name}/"))


def _by_guid(project: _Project, guid: str, url: str) -> Told:
    """Return the file of a short address, else the crates at the top of a project's storages."""
    try:
        said = at(project.api(f"files/{guid}/"), "data")
    except NotFound:
        return _of_project(project, guid, url)
    attributes = at(said, "attributes")
    node = text_in(said, "relationships", "target", "data", "id") or text_in(
        said, "relationships", "node", "data", "id"
    )
    provider = text_in(attributes, "provider")
    if node is None or provider is None:
        raise NotFound(
            "GakuNin RDM does not say where that file lies",
            where=url,
            hint="name it as /<project>/files/<storage>/<path>, as the address bar shows it",
        )
    return _of_entry(project, f"{node}/providers/{provider}", attributes, url)


def _of_project(project: _Project, guid: str, url: str) -> Told:
    title = text_in(project.api(f"nodes/{guid}/"), "data", "attributes", "title")
    providers = at(project.api(f"nodes/{guid}/files/"), "data")
    found: list[Candidate] = []
    for one in (providers if isinstance(providers, list) else [])[:10]:
        provider = text_in(one, "attributes", "provider") or text_in(one, "attributes", "name")
        if provider is not None:
            found += _inside(project, f"{guid}/providers/{provider}", "/")
    zips = tuple(one for one in found if one.kind is FileKind.ZIP)
    return Told(candidates=zips, record_url=url, title=title)
