"""Long work: ordered, listed, followed, ended, resumed, forgotten."""

from pathlib import Path, PurePosixPath
from typing import Any

from recrate.flow.places import answered_folders
from recrate.flow.runners import site_named
from recrate.flow.settings import Settings
from recrate.model.errors import BadInput, Conflict, NotFound, Refused
from recrate_server.asking import Asked
from recrate_server.handlers.base import Handler, Raw, operation
from recrate_server.jobs.desk import Desk
from recrate_server.jobs.model import Job, Kind, Status, document
from recrate_server.jobs.orders import (
    CampaignOrder,
    CheckOrder,
    JudgeOrder,
    Order,
    PackOrder,
    PublishOrder,
    ReplayOrder,
    VerifyOrder,
    read_order,
    with_destination,
)
from recrate_server.jobs.store import Query
from recrate_server.places import Place, Places
from recrate_server.session import cut, needed

CRATE_SUFFIX = ".crate.zip"
HERE = "local"
NOWHERE = Path("/nowhere")
"""What relative paths would be relative to: nothing of this name is there."""

Plain = dict[str, Any]


class JobsHandler(Handler):
    """All jobs."""

    route = "/jobs"

    @operation("listJobs")
    async def get(self, asked: Asked) -> Any:
        """List a page of them, newest first."""
        query = dict(asked.query)
        desk = await self.services.desk()
        page = await desk.page(
            Query(
                words=query["query"],
                kind=Kind(query["kind"]) if "kind" in query else None,
                status=Status(query["status"]) if "status" in query else None,
                verdict=query.get("verdict"),
                subject=query.get("subject"),
                after=query.get("after"),
                limit=query["limit"],
            )
        )
        return document(page)

    @operation("startJob")
    async def post(self, asked: Asked) -> Any:
        """Take an order."""
        desk = await self.services.desk()
        if asked.body["kind"] == Kind.PUBLISH:
            return document(await self._publish(desk, asked.body))
        if asked.body["kind"] == Kind.REVIEW:
            return document(await self._review(desk, asked.body))
        if asked.body["kind"] == Kind.CAMPAIGN:
            return document(await self._campaign(desk, asked.body))
        order, source, destination = await self.work(self._placed, asked.body)
        job = await desk.accept(
            order,
            user=self.person,
            title=title_of(source),
            source=source.real,
            destination=destination.real if destination else None,
        )
        return document(job)

    async def _publish(self, desk: Desk, body: Plain) -> Job:
        """Take an order to publish a crate, or the verdict of a run."""
        order = read_order(body)
        assert isinstance(order, PublishOrder), "the contract says so"
        folders = await self.work(
            answered_folders,
            order.place,
            order.answers,
            self.services.settings,
            lambda path: self.places.plan(path).real,
        )
        if order.run is not None:
            source = await self.run_folder(order.run)
            title = (await desk.read(order.run)).title
        else:
            place = await self.work(self.places.find, order.path)
            source, title = place.real, title_of(place)
        return await desk.accept(
            order, user=self.person, title=title, source=source, folders=folders
        )

    async def _review(self, desk: Desk, body: Plain) -> Job:
        """Take an order to make a verdict of what was run in this session."""
        found = needed(self.services.session)
        return await desk.accept(
            read_order(body),
            user=self.person,
            title=cut(found.head.title, "title"),
            source=found.session.root,
        )

    async def _campaign(self, desk: Desk, body: Plain) -> Job:
        """Take an order to replay all crates of a list."""
        order = read_order(body)
        assert isinstance(order, CampaignOrder), "the contract says so"
        if self.services.session is not None:
            raise _refused_in_session("campaigns are begun")
        await self.work(self._may_run_at, order.runner)
        if order.list:
            await self.work(must_lie_elsewhere, order.list, self.services.settings)
            source, title = self.services.data, order.list.strip()[:200]
        else:
            place = await self.work(self.places.find, order.path)
            source, title = place.real, title_of(place)
        return await desk.accept(order, user=self.person, title=title, source=source)

    def _may_run_at(self, runner: str) -> None:
        """Raise BadInput for a place that is not known here, Refused for another in a session."""
        if runner == HERE:
            return
        if self.services.session is not None:
            raise _refused_in_session("crates are sent to other machines")
        try:
            site_named(runner, self.services.settings)
        except NotFound as error:
            raise BadInput(
                "there is no such runner here",
                where="runner",
                hint="recrate/api/runners lists those there are",
            ) from error

    def _placed(self, body: Plain) -> tuple[Order, Place, Place | None]:
        """Return the order with the real places of what it names."""
        order = read_order(body)
        places = self.places
        if isinstance(order, CheckOrder | ReplayOrder):
            source = places.find(order.path)
        else:
            source = places.folder(order.path)
        if isinstance(order, VerifyOrder | ReplayOrder):
            self._may_run_at(order.runner)
        if not isinstance(order, PackOrder):
            return order, source, None
        destination = destination_of(order, source, places)
        return with_destination(order, destination.path), source, destination


class JobHandler(Handler):
    """One job."""

    route = "/jobs/{id}"

    @operation("readJob")
    async def get(self, asked: Asked) -> Any:
        """Show it as it stands now."""
        return document(await (await self.services.desk()).read(asked.path["id"]))

    @operation("deleteJob")
    async def delete(self, asked: Asked) -> None:
        """Forget it."""
        await (await self.services.desk()).delete(asked.path["id"])


class CancelHandler(Handler):
    """The end of a job."""

    route = "/jobs/{id}/cancel"

    @operation("cancelJob")
    async def post(self, asked: Asked) -> Any:
        """End it and every process it started."""
        return document(await (await self.services.desk()).cancel(asked.path["id"]))


class ResumeHandler(Handler):
    """Another turn for a job."""

    route = "/jobs/{id}/resume"

    @operation("resumeJob")
    async def post(self, asked: Asked) -> Any:
        """Let it go on."""
        return document(await (await self.services.desk()).resume(asked.path["id"]))


class EventsHandler(Handler):
    """The story of a job, for who has no websocket."""

    route = "/jobs/{id}/events"

    @operation("readEvents")
    async def get(self, asked: Asked) -> Any:
        """Tell what is new."""
        desk = await self.services.desk()
        job, events = await desk.events(asked.path["id"], asked.query["after"])
        return {"job": document(job), "events": document(events)}


class ResultHandler(Handler):
    """What came of a job."""

    route = "/jobs/{id}/result"

    @operation("readResult")
    async def get(self, asked: Asked) -> Raw:
        """Send the file as the worker wrote it: it may be long, and is JSON already."""
        desk = await self.services.desk()
        job = await desk.read(asked.path["id"])
        if job.status is not Status.DONE:
            raise Conflict(
                f"this job is {job.status.value}, not done",
                where=job.id,
                hint="wait for it, or resume it",
            )
        path = desk.folder(job.id).result
        if not await self.work(path.is_file):
            raise NotFound("this job left no result", where=job.id, hint="start it again")
        return Raw(content=await self.work(path.read_bytes), media_type="application/json")


class WaiversHandler(Handler):
    """Differences that a person takes on."""

    route = "/jobs/{id}/waivers"

    @operation("waiveOutput")
    async def post(self, asked: Asked) -> Any:
        """Order the run to be judged again."""
        desk = await self.services.desk()
        run = await desk.read(asked.path["id"])
        body = asked.body
        order = JudgeOrder(
            path=run.subject,
            run=run.id,
            notebook=body["notebook"],
            cell=body["cell"],
            output=body["output"],
            waiver=body["kind"],
            reason=body["reason"],
            person=self.signature,
            language=run.order.get("language"),
        )
        return document(await desk.accept(order, user=self.person, title=run.title))


def must_lie_elsewhere(text: str, settings: Settings) -> None:
    """Raise BadInput for a list that is no address: files are named by their contents path."""
    from recrate.campaign.lists_places import Here, read_place  # noqa: PLC0415 - who asks first loads it
    from recrate.campaign.lists_settings import ListSettings  # noqa: PLC0415

    hint = "an https address, a DOI, zenodo:NAME or oai:https://…; files of yours go into `path`"
    try:
        place = read_place(text, base=NOWHERE, settings=ListSettings(web=settings.web))
    except BadInput as error:
        raise BadInput("names no list that can be fetched", where="list", hint=hint) from error
    if isinstance(place, Here):
        raise BadInput("names no list that can be fetched", where="list", hint=hint)


def _refused_in_session(what: str) -> Refused:
    return Refused(
        f"no {what} from a session",
        hint="a stranger's notebooks are open here: do it in a JupyterLab of your own",
    )


def destination_of(order: PackOrder, source: Place, places: Places) -> Place:
    """Return where a crate is written: where the person says, else beside the study.

    Of the root itself, which has nothing beside it, the crate lies within.
    """
    path = order.destination
    if path is None:
        parent = PurePosixPath(source.path).parent if source.path else PurePosixPath()
        path = (parent / f"{title_of(source)}{CRATE_SUFFIX}").as_posix()
    if not path.endswith(CRATE_SUFFIX):
        raise BadInput(
            f"does not end in {CRATE_SUFFIX}", where="destination", hint=f"end it in {CRATE_SUFFIX}"
        )
    place = places.plan(path)
    if place.real.is_dir():
        raise Conflict("a folder of this name is there", where=path, hint="choose another name")
    if not place.real.parent.is_dir():
        raise NotFound("there is no such folder", where=path, hint="make the folder first")
    return place


def title_of(place: Place) -> str:
    """Return what a study or crate is called in lists: its name without the ending."""
    return (place.name or place.real.name or "study").removesuffix(CRATE_SUFFIX)
