"""One launch through its stages: fetch, environment, start."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol
from urllib.parse import quote

from recrate.model.errors import RecrateError
from recrate.model.wire import from_plain
from recrate_binder.hub.hubapi import HubApi, HubAway, Server
from recrate_binder.hub.model import Fetched, Launch, Prepared, Stage, StageName, Status, WorkOrder
from recrate_binder.hub.problems import Failed, make_problem
from recrate_binder.hub.settings import HubSettings
from recrate_binder.hub.shared import read_prepared
from recrate_binder.hub.store import Store
from recrate_binder.hub.works import News, Works

_STARTS = 3
"""How often a server is asked for again that vanished while it started, as with its hub."""
_ROUTE_SECONDS = 60.0
_AWAY_SECONDS = 150.0
"""Time that a start has once the hub is back."""


class Change(Protocol):
    """Takes in how a launch stands now."""

    def __call__(self, launch: Launch, *, lasting: bool = True) -> Launch:
        """Return it as it was taken in."""
        ...


class Ended(Exception):  # noqa: N818 - what happened, not an error
    """A launch that came to its end by itself."""

    def __init__(self, status: Status) -> None:
        super().__init__(status)
        self.status = status


class Carrier:
    """Carries launches; each call of `carry` is one task."""

    def __init__(
        self,
        settings: HubSettings,
        *,
        works: Works,
        hub: HubApi,
        store: Store,
        clock: Callable[[], float],
        change: Change,
    ) -> None:
        self._settings, self._works, self._hub, self._store = settings, works, hub, store
        self._clock, self._change = clock, change

    async def carry(self, launch: Launch) -> None:
        """Go on from where a launch stands until its server is ready; raises what goes wrong."""
        steps = _Steps(launch, self._change)
        prepared = await self._known(launch)
        if launch.stage("start").status != "running" or prepared is None:
            prepared = await self._make_ready(steps)
        await self._start(steps, prepared)

    async def is_ready(self, key: str) -> bool:
        """Say whether a crate and its environments are all here."""
        return await self._prepared(key) is not None

    async def _known(self, launch: Launch) -> Prepared | None:
        return await self._prepared(launch.prepared) if launch.prepared else None

    async def _prepared(self, key: str) -> Prepared | None:
        try:
            return await asyncio.to_thread(read_prepared, self._settings.shared, key)
        except (RecrateError, OSError):
            return None

    async def _make_ready(self, steps: "_Steps") -> Prepared:
        order = WorkOrder(kind="fetch", where=steps.launch.where, agreed=steps.launch.agreed)
        steps.begin("fetch")
        # The same crate under another way of writing its address is fetched once, too.
        told = await self._do(replace(order, prepared=steps.launch.key), steps, "fetch")
        fetched = from_plain(told, Fetched)
        steps.took(title=fetched.title, prepared=fetched.prepared, size=fetched.size_bytes)
        self._note(steps, "fetch", fetched.size_bytes)
        self._store.note_use([fetched.prepared], self._clock())
        steps.begin("environment")
        prepared = await self._prepared(fetched.prepared)
        if prepared is None:
            order = WorkOrder(
                kind="prepare",
                where=steps.launch.where,
                place=fetched.place,
                origin=fetched.origin,
                prepared=fetched.prepared,
            )
            prepared = from_plain(await self._do(order, steps, "environment"), Prepared)
            self._note(steps, "environment", fetched.size_bytes)
        else:
            steps.end("environment")
        return prepared

    async def _do(self, order: WorkOrder, steps: "_Steps", stage: StageName) -> Any:
        def heard(news: News) -> None:
            steps.news(stage, news)

        return await self._works.do(order, user=steps.launch.user, listener=heard)

    def _note(self, steps: "_Steps", stage: StageName, size_bytes: int) -> None:
        seconds = steps.end(stage)
        self._store.note_time(stage, size_bytes, seconds, self._clock())

    async def _start(self, steps: "_Steps", prepared: Prepared) -> None:
        launch = steps.launch
        again = launch.stage("start").status == "running"
        if not again:
            steps.begin("start")
        server = await self._until_ready(steps, prepared)
        await self._until_reached(server)
        url = f"{server.url}lab/tree/{quote(prepared.first)}"
        self._note(steps, "start", prepared.size_bytes)
        steps.launch = self._change(replace(steps.launch, status="ready", url=url))

    async def _until_ready(self, steps: "_Steps", prepared: Prepared) -> Server:
        """Have the hub start the server, again where it vanished, and return it when it is ready.

        Raises Failed where it does not start.
        """
        launch = steps.launch
        options = {"recrate_launch": prepared.key, "recrate_language": launch.language}
        deadline = time.monotonic() + self._settings.start_timeout_seconds
        asked = 0
        while True:
            try:
                server = await self._hub.server(launch.user, launch.server)
                if server is not None and server.ready:
                    return server
                if server is None or server.stopped:
                    if asked >= _STARTS:
                        raise _not_started("it ended again and again while it started")
                    await self._hub.start(launch.user, launch.server, options, prepared.title[:200])
                    asked += 1
                outcome = await self._hub.follow(launch.user, launch.server, steps.say)
                if outcome is False:
                    raise _not_started("the hub gave up on it")
            except HubAway as away:
                deadline = max(deadline, time.monotonic() + _AWAY_SECONDS)
                await asyncio.sleep(away.seconds)
            if time.monotonic() > deadline:
                raise _not_started("it took longer than this service allows")

    async def _until_reached(self, server: Server) -> None:
        """Wait until a server answers behind the proxy, but not for ever: the hub may know better.

        Who looks from elsewhere than people do may never see it.
        """
        deadline = time.monotonic() + _ROUTE_SECONDS
        while True:
            if await self._hub.is_reached(server.url) or time.monotonic() > deadline:
                return
            await asyncio.sleep(1)


def _not_started(detail: str) -> Failed:
    hint = "try again; if it happens again, tell whoever runs this service"
    return Failed(make_problem("not-started", detail, hint))


class _Steps:
    """How far one launch is, told on."""

    def __init__(self, launch: Launch, change: Change) -> None:
        self.launch = launch
        self._change = change
        self._began: dict[str, float] = {}

    def begin(self, name: StageName) -> None:
        """Begin a stage, or begin it again."""
        self._began[name] = time.monotonic()
        self._set(Stage(name=name, status="running"), lasting=True)

    def end(self, name: StageName) -> float:
        """End a stage; return how long it took."""
        began = self._began.get(name)
        seconds = round(time.monotonic() - began, 2) if began is not None else 0.0
        stage = self.launch.stage(name)
        self._set(replace(stage, status="done", seconds=seconds, message=""), lasting=True)
        return seconds

    def news(self, name: StageName, news: News) -> None:
        """Take in how the work for a stage stands."""
        stage = Stage(
            name=name,
            status="running" if news.running else "waiting",
            done=news.done,
            total=news.total,
            message=news.message,
        )
        if self.launch.stage(name).status != "done":
            self._set(stage, ahead=news.ahead)

    def say(self, done: int, message: str) -> None:
        """Take in how far the server's start is, in hundredths."""
        stage = Stage(name="start", status="running", done=done, total=100, message=message)
        self._set(stage)

    def took(self, *, title: str, prepared: str, size: int) -> None:
        """Take in what was fetched."""
        self.launch = replace(self.launch, title=title, prepared=prepared, size_bytes=size)

    def _set(self, stage: Stage, *, ahead: int = 0, lasting: bool = False) -> None:
        stages = tuple(stage if one.name == stage.name else one for one in self.launch.stages)
        waits = stage.status == "waiting" and stage.name != "start"
        status: Status = "waiting" if waits else "running"
        changed = replace(self.launch, stages=stages, status=status, ahead=ahead)
        self.launch = self._change(changed, lasting=lasting)
