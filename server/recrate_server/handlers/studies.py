"""A study: what people say of it, and mending what a scan found."""

from pathlib import Path
from typing import Any

from recrate.flow.describing import read_form, save_form
from recrate.mending.settings import MendingSettings
from recrate.model.errors import BadInput, Conflict, NotFound, RecrateError
from recrate.model.fix import Fix
from recrate.model.wire import from_plain
from recrate_server.asking import Asked
from recrate_server.descriptions import description_of, form_document
from recrate_server.handlers.base import Handler, operation
from recrate_server.jobs.model import Job, Kind, Status
from recrate_server.jobs.store import Query
from recrate_server.places import Places
from recrate_server.remembering import Undo

CRATES_LOOKED_AT = 5
SCAN_AGAIN = "scan the study again"

Plain = dict[str, Any]


class DescriptionHandler(Handler):
    """The form in which a person describes a study."""

    route = "/studies/description"

    @operation("readDescription")
    async def get(self, asked: Asked) -> Plain:
        """Fill it with what is known."""
        path = asked.query["path"]
        return await self.work(self._read, path, await self._packed(path))

    @operation("keepDescription")
    async def put(self, asked: Asked) -> Plain:
        """Keep what was typed in the study itself, and show the form as it stands then."""
        path = asked.query["path"]
        return await self.work(self._save, path, await self._packed(path), asked.body)

    async def _packed(self, path: str) -> tuple[Job, ...]:
        """Return the last packings of this study."""
        desk = await self.services.desk()
        query = Query(kind=Kind.PACK, status=Status.DONE, subject=path, limit=CRATES_LOOKED_AT)
        return (await desk.page(query)).jobs

    def _read(self, path: str, packed: tuple[Job, ...]) -> Plain:
        places = self.places
        form = read_form(
            places.folder(path).real,
            settings=self.services.settings,
            last=self.services.memory.last_description(self.person),
            earlier=crates_of(packed, places),
        )
        return form_document(form)

    def _save(self, path: str, packed: tuple[Job, ...], body: Plain) -> Plain:
        places, memory = self.places, self.services.memory
        said = description_of(body)
        form = save_form(
            places.folder(path).real,
            said,
            settings=self.services.settings,
            last=memory.last_description(self.person),
            earlier=crates_of(packed, places),
        )
        memory.keep_description(self.person, said)
        return form_document(form)


class FixesHandler(Handler):
    """Fixes that a scan proposed."""

    route = "/studies/fixes"

    @operation("applyFix")
    async def post(self, asked: Asked) -> Plain:
        """Apply one, as it was proposed."""
        desk = await self.services.desk()
        scan = await desk.read(asked.body["job"])
        if scan.kind is not Kind.SCAN:
            raise BadInput("is no scan", where="job", hint="name the scan that proposed the fix")
        found = await desk.result(scan.id)
        return await self.work(self._apply, scan.subject, found, asked.body)

    def _apply(self, study: str, found: Plain, body: Plain) -> Plain:
        from recrate.flow.mending import apply  # noqa: PLC0415 - scanning takes a tenth of a second

        place = self.places.folder(study)
        done = apply(
            place.real,
            fix_of(found, body["finding"], body["fix"]),
            choice=body["choice"],
            settings=MendingSettings(copy_from=(self.places.root,), home=Path.home()),
        )
        name = (
            self.services.memory.keep_undo(Undo(study=study, applied=done)) if done.undo else None
        )
        return {"changed": _contents_paths(study, done.changed), "undo": name, "message": ""}


class UndoHandler(Handler):
    """The way back from a fix."""

    route = "/studies/fixes/{undo}/undo"

    @operation("undoFix")
    async def post(self, asked: Asked) -> Plain:
        """Put the files back."""
        return await self.work(self._undo, asked.path["undo"])

    def _undo(self, name: str) -> Plain:
        from recrate.flow.mending import undo  # noqa: PLC0415 - as above

        memory = self.services.memory
        kept = memory.read_undo(name)
        changed = undo(self.places.folder(kept.study).real, kept.applied)
        memory.forget_undo(name)
        return {"changed": _contents_paths(kept.study, changed), "undo": None, "message": ""}


def fix_of(found: Plain, finding: int, fix: int) -> Fix:
    """Return a fix as the scan proposed it; raises NotFound when it proposed none there."""
    try:
        told = found["findings"][finding]["fixes"][fix]
    except (IndexError, KeyError) as error:
        raise NotFound("the scan proposed no such fix", where="fix", hint=SCAN_AGAIN) from error
    try:
        return from_plain(told, Fix)
    except BadInput as error:
        raise Conflict("the fix is of another version of recrate", hint=SCAN_AGAIN) from error


def crates_of(packed: tuple[Job, ...], places: Places) -> tuple[Path, ...]:
    """Return the crates that were packed of a study, as far as they still lie where they did."""
    found = []
    for job in packed:
        try:
            found.append(places.find(job.order["destination"]).real)
        except (RecrateError, KeyError, TypeError):
            continue
    return tuple(found)


def _contents_paths(study: str, paths: tuple[str, ...]) -> list[str]:
    return [f"{study}/{path}" if study else path for path in paths]
