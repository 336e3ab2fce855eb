"""A content provider of repo2docker for crates: files, folders, addresses, DOIs, landing pages."""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any
from urllib.parse import urlsplit

from repo2docker.contentproviders.base import ContentProvider, ContentProviderException

from recrate.configuration import load_configuration, settings_from
from recrate.crate.names import LOCK
from recrate.crate.read import read_crate
from recrate.crate.unpack import unpack
from recrate.flow.locating import here, secrets_of
from recrate.flow.references import place_references
from recrate.flow.settings import Settings
from recrate.locate.choosing import choose
from recrate.locate.find import find_crate
from recrate.locate.whereabouts import Origin
from recrate.locate.written import Address, read_where
from recrate.model.crate import METADATA_NAME, Crate, identity_of
from recrate.model.errors import BadCrate, RecrateError
from recrate.outside.disk import disk_errors, sha256_of

_GIT = re.compile(r"\.git/?$|^(git|ssh|git\+\w+)://|^[\w.-]+@[\w.-]+:")
_GIT_HOSTS = re.compile(
    r"(^|\.)(github\.com|gitlab\.\w+|bitbucket\.org|codeberg\.org|gist\.github\.com|sr\.ht)$"
)
_SAID = re.compile(r"crate\+", re.IGNORECASE)
_DETECT_SECONDS = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """Where a crate came from: its address, else the name of its file; `origin` only with one."""

    source: str
    origin: Origin | None = None


_brought: dict[Path, Brought] = {}


def brought_into(folder: Path) -> Brought:
    """Return where this process brought the crate in a folder from; else the folder's name.

    It is kept in memory: what lies in the folder is a stranger's word.
    """
    place = folder.resolve()
    return _brought.get(place) or Brought(source=place.name)


def crate_in(folder: Path) -> Crate:
    """Return the crate that lies in a folder, without what was fetched into it by reference."""
    crate = read_crate(folder)
    named = {one.path for one in crate.references}
    files = tuple(one for one in crate.files if one.path not in named)
    identity = identity_of((one.path, one.sha256) for one in files)
    return replace(crate, files=files, identity=identity)


class CrateProvider(ContentProvider):  # type: ignore[misc]  # it comes without types
    """Brings a crate into repo2docker's folder, every checksum verified, its data in place.

    It stands before the stock providers and takes only what is a crate: `crate+https://…` is taken
    for one without asking.
    """

    def __init__(self) -> None:
        super().__init__()
        self.settings: Settings = settings_from(load_configuration(None))
        self._identity: str | None = None

    @property
    def content_id(self) -> str | None:
        """Return the crate's identity, short: the same crate has the same image."""
        return self._identity[:16] if self._identity else None

    def detect(
        self,
        source: str,
        ref: str | None = None,  # noqa: ARG002 - a crate's address names one version
        extra_args: Any = None,  # noqa: ARG002 - repo2docker's signature
    ) -> dict[str, str] | None:
        """Return what `fetch` is to bring, None for what is no crate, or cannot be reached now.

        Files are opened; of addresses a few small requests are made, of repositories of git none.
        """
        if _SAID.match(source):
            return {"where": source}
        if _GIT.search(source):
            return None
        try:
            where = read_where(source)
            if isinstance(where, Path):
                return {"where": str(where)} if _is_crate(where) else None
            return {"where": source} if self._leads_to_crate(where) else None
        except RecrateError:
            return None

    def fetch(
        self,
        spec: dict[str, str],
        output_dir: str,
        yield_output: bool = False,  # noqa: ARG002 - lines are yielded in any case
    ) -> Iterator[str]:
        """Bring the crate into `output_dir`, and yield a line for each step.

        A folder that is the crate itself stays as it is: it is verified, and its data are fetched
        when the image is built. Raises ContentProviderException with the reason and what to do.
        """
        lines: SimpleQueue[str | None] = SimpleQueue()
        failed: list[BaseException] = []

        def work() -> None:
            try:
                self._bring(spec["where"], Path(output_dir), lines)
            except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
                failed.append(error)
            finally:
                lines.put(None)

        thread = threading.Thread(target=work, name="recrate-fetch", daemon=True)
        thread.start()
        while (line := lines.get()) is not None:
            yield f"{line}\n"
        thread.join()
        if failed and isinstance(failed[0], RecrateError):
            error = failed[0]
            hint = f"\nhint: {error.hint}" if error.hint else ""
            raise ContentProviderException(f"{error}{hint}") from error
        if failed:
            raise failed[0]

    def _bring(self, where: str, folder: Path, lines: "SimpleQueue[str | None]") -> None:
        told: set[str] = set()

        def progress(stage: str, done: int, total: int, message: str) -> None:  # noqa: ARG001 - how far it is makes too many lines
            line = f"{stage}: {message}"
            if line not in told:
                told.add(line)
                lines.put(line)

        # `crate+` before an address was for `detect`; before a DOI nobody else reads it
        plain = _SAID.sub("", where) if not where.lower().startswith("crate+http") else where
        found = here(plain, settings=self.settings, agreed=True, progress=progress)
        for note in found.notes:
            lines.put(note)
        itself = found.path.resolve() == folder.resolve()
        crate = crate_in(folder) if itself else read_crate(found.path)
        lines.put(f"crate: {crate.name}")
        if itself:
            _verify(crate, folder)
        else:
            unpack(crate, folder, progress=progress)
            missing = place_references(crate, folder, settings=self.settings, progress=progress)
            for complaint in missing.values():
                lines.put(complaint)
        source = found.origin.url if found.origin else found.path.resolve().name
        _brought[folder.resolve()] = Brought(source=source, origin=found.origin)
        self._identity = crate.identity
        lines.put(f"verified: {len(crate.files)} files, {crate.identity}")

    def _leads_to_crate(self, where: Address) -> bool:
        """Say whether an address leads to a crate, by what its page says; a mere zip is none."""
        host = urlsplit(where.url or "").hostname or ""
        path = urlsplit(where.url or "").path.lower()
        if path.endswith(".crate.zip"):
            return True
        if _GIT_HOSTS.search(host):
            return False
        web = replace(self.settings.web, timeout_seconds=_DETECT_SECONDS)
        looking = replace(self.settings.locate, web=web)
        found = find_crate(where, settings=looking, secrets=secrets_of(self.settings, looking))
        choice = choose(found)
        return (
            choice.metadata is not None
            or (choice.zip is not None and choice.zip.is_crate)
            or (choice.zip is not None and choice.zip.name.lower().endswith(".crate.zip"))
        )


def _verify(crate: Crate, folder: Path) -> None:
    for one in crate.files:
        place = folder / one.path
        with disk_errors(place):
            if sha256_of(place) != one.sha256:
                raise BadCrate(
                    f"{one.path} is not the file that the metadata vouch for",
                    where=str(folder),
                    hint="get the crate again",
                )


def _is_crate(place: Path) -> bool:
    """Say whether a path is a crate; a study with a description of its own is none yet."""
    if place.is_dir():
        if not (place / METADATA_NAME).is_file():
            return False
        return (place / LOCK).is_file() or bool(_described(place))
    return place.is_file() and place.suffix.lower() == ".zip" and bool(_described(place))


def _described(place: Path) -> bool:
    """Say whether the metadata vouch for every file: then it is a crate, and not notes on one."""
    crate = read_crate(place)
    odd = {one.code for one in crate.findings}
    return bool(crate.files) and not odd & {"undeclared-file", "no-checksum"}
