"""The desk: takes launches, carries each through its stages, and knows how all of them stand.

For one event loop. What it knows lies in the store; a desk that opens goes on where the last one
stopped: what is fetched and restored is found in the cache, and the hub is asked for the servers.
"""

import asyncio
import contextlib
import logging
import time
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

from recrate.model.wire import from_plain
from recrate_binder.hub.carrying import Carrier, Ended
from recrate_binder.hub.fetching import address_in
from recrate_binder.hub.hubapi import HubApi, HubAway
from recrate_binder.hub.keeping import Keeper
from recrate_binder.hub.limits import refuse_beyond, refuse_failures
from recrate_binder.hub.model import HELD, UNDER_WAY, About, Language, Launch, Status, WorkOrder
from recrate_binder.hub.problems import Failed, problem_of
from recrate_binder.hub.settings import HubSettings
from recrate_binder.hub.store import Store, unknown_launch
from recrate_binder.hub.works import Works

_ROUND_SECONDS = 15.0
_LOOKED_SECONDS = 300.0
_LOOKS_KEPT = 500
_DAY = 86400.0


class Desk:
    """The doors of the service: `await Desk.open(…)`, and at the end `await desk.close()`."""

    def __init__(
        self,
        settings: HubSettings,
        *,
        store: Store,
        works: Works,
        hub: HubApi,
        log: logging.Logger,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.settings, self.clock = settings, clock
        self._store, self._works, self._hub, self._log = store, works, hub, log
        self._carrier = Carrier(
            settings, works=works, hub=hub, store=store, clock=clock, change=self._change
        )
        self._keeper = Keeper(settings, works, store, log)
        self._launches: dict[str, Launch] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._news = asyncio.Condition()
        self._looked: dict[str, tuple[float, About]] = {}
        self._rounds: asyncio.Task[None] | None = None
        self._errands: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Take up what an earlier service left, and begin to look after servers."""
        await self._keeper.sweep()
        for launch in self._store.held():
            self._launches[launch.id] = launch
            if launch.status in UNDER_WAY:
                self._begin(launch)
        self._rounds = asyncio.create_task(self._look_after())

    async def close(self) -> None:
        """Let go of everything; launches stay as they are, for the next service."""
        tasks = [*self._tasks.values(), *self._errands]
        if self._rounds is not None:
            tasks.append(self._rounds)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._works.close()
        self._store.close()

    async def look(self, where: str, user: str) -> About:
        """Say what is behind an address; raises Failed, BadInput, Limited after many failures."""
        key = address_in(where).key
        now = self.clock()
        known = self._looked.get(key)
        if known is not None and now - known[0] < _LOOKED_SECONDS:
            return replace(known[1], where=where)
        refuse_failures(self._store, self.settings, user, now)
        try:
            told = await self._works.do(WorkOrder(kind="look", where=where.strip()), user=user)
        except Failed as failed:
            self._note_failure(failed, user)
            raise
        about = from_plain(told, About)
        while len(self._looked) >= _LOOKS_KEPT:
            self._looked.pop(next(iter(self._looked)))
        self._looked[key] = (now, about)
        return about

    def _note_failure(self, failed: Failed, user: str) -> None:
        if failed.problem.code in {"not-found", "bad-input", "bad-crate", "refused"}:
            self._store.note_failure(user, self.clock())

    async def expectations(self, about: About) -> dict[str, Any]:
        """Return whether a crate is ready here, and how long each stage will take."""
        ready = about.prepared is not None and await self._carrier.is_ready(about.prepared)
        expected = {
            name: self._store.expected_seconds(name, about.size_bytes)
            for name in ("fetch", "environment", "start")
        }
        if ready:
            expected |= {"environment": 0.0}
        return {"ready": ready, "expected_seconds": expected}

    async def accept(self, where: str, *, user: str, agreed: bool, language: Language) -> Launch:
        """Begin a launch; raises BadInput for what is no address, Limited beyond a limit."""
        key, now = address_in(where).key, self.clock()
        refuse_beyond(self._launches.values(), self._store, self.settings, user, now)
        refuse_failures(self._store, self.settings, user, now)
        launch_id = uuid.uuid4().hex
        launch = Launch(
            id=launch_id,
            user=user,
            where=where.strip(),
            key=key,
            server=f"relaunch-{launch_id[:12]}",
            created=now,
            updated=now,
            agreed=agreed,
            language=language,
        )
        self._store.put(launch)
        self._launches[launch.id] = launch
        self._begin(launch)
        return launch

    def read(self, launch_id: str, user: str) -> Launch:
        """Return one of a person's launches; raises NotFound, also for those of others."""
        launch = self._launches.get(launch_id) or self._store.read(launch_id)
        if launch.user != user:
            raise unknown_launch(launch_id)
        return launch

    def of_user(self, user: str) -> tuple[Launch, ...]:
        """Return a person's launches, newest first."""
        return tuple(self._launches.get(one.id, one) for one in self._store.of_user(user))

    async def follow(self, launch_id: str, user: str) -> AsyncIterator[Launch | None]:
        """Yield a launch as it stands, then whenever it changed; None when nothing did for long.

        Ends after a launch that holds nothing any more.
        """
        last = None
        while True:
            launch = self.read(launch_id, user)
            if launch != last:
                last = launch
                yield launch
                if launch.status not in HELD:
                    return
                continue
            try:
                async with asyncio.timeout(10), self._news:
                    await self._news.wait()
            except TimeoutError:
                yield None

    async def end(self, launch_id: str, user: str) -> Launch:
        """Cancel a launch that is under way, or stop its server; one that ended is left alone."""
        launch = self.read(launch_id, user)
        if launch.status not in HELD:
            return launch
        task = self._tasks.pop(launch_id, None)
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        launch = self.read(launch_id, user)
        if launch.status in HELD:
            word: Status = "stopped" if launch.status == "ready" else "cancelled"
            await self._drop_server(launch)
            launch = self._finish(launch, word)
            await self._keeper.sweep()
        return launch

    def _begin(self, launch: Launch) -> None:
        task = asyncio.create_task(self._carry(launch))
        self._tasks[launch.id] = task

        def over(_: object) -> None:
            if self._tasks.get(launch.id) is task:
                del self._tasks[launch.id]

        task.add_done_callback(over)

    async def _carry(self, launch: Launch) -> None:
        try:
            await self._keeper.make_room(self._launches.values())
            await self._carrier.carry(launch)
        except Ended as ended:
            self._finish(self._launches[launch.id], ended.status)
        except Exception as error:  # noqa: BLE001 - its person is told, and the log
            if not isinstance(error, Failed):
                self._log.error("launch %s failed", launch.id, exc_info=error)
            else:
                self._note_failure(error, launch.user)
            await self._drop_server(launch)
            places = {str(self.settings.shared): "…"}
            now = self._launches[launch.id]
            self._finish(replace(now, problem=problem_of(error, places)), "failed")

    async def _drop_server(self, launch: Launch) -> None:
        """Have the hub stop and forget a launch's server; where it is away, once it is back."""
        if self._launches.get(launch.id, launch).stage("start").status == "waiting":
            return
        with contextlib.suppress(HubAway):
            await self._hub.stop(launch.user, launch.server)
            if launch.stage("start").status == "done":
                return
        # The hub is away, or was asked for the server a moment ago and has not begun yet.
        errand = asyncio.create_task(self._drop_later(launch))
        self._errands.add(errand)
        errand.add_done_callback(self._errands.discard)

    async def _drop_later(self, launch: Launch) -> None:
        for _ in range(60):
            await asyncio.sleep(3)
            with contextlib.suppress(HubAway):
                await self._hub.stop(launch.user, launch.server)
                return
        self._log.error("server %s of %s may still run", launch.server, launch.user)

    def _finish(self, launch: Launch, status: Status) -> Launch:
        stages = tuple(
            replace(one, status="failed" if status == "failed" else "waiting")
            if one.status == "running"
            else one
            for one in launch.stages
        )
        ended = self._change(replace(launch, status=status, stages=stages, url=None, ahead=0))
        self._launches.pop(launch.id, None)
        return ended

    def _change(self, launch: Launch, *, lasting: bool = True) -> Launch:
        """Take in how a launch stands now, and wake who listens. lasting: it is written down."""
        launch = replace(launch, updated=self.clock())
        if lasting:
            self._store.put(launch)
        self._launches[launch.id] = launch
        waking = asyncio.create_task(self._wake())
        self._errands.add(waking)
        waking.add_done_callback(self._errands.discard)
        return launch

    async def _wake(self) -> None:
        async with self._news:
            self._news.notify_all()

    async def _look_after(self) -> None:
        """See from time to time which servers are gone, and forget what is old."""
        while True:
            try:
                for launch in [one for one in self._launches.values() if one.status == "ready"]:
                    await self._see_server(launch)
                self._store.forget_before(self.clock() - self.settings.keep_launches_days * _DAY)
            except Exception:  # noqa: BLE001 - the next round is another try
                self._log.exception("a round was not finished")
            await asyncio.sleep(_ROUND_SECONDS)

    async def _see_server(self, launch: Launch) -> None:
        with contextlib.suppress(HubAway, Failed):
            server = await self._hub.server(launch.user, launch.server)
            current = self._launches.get(launch.id)
            if current is None or current.status != "ready":
                return
            if server is None or server.stopped:
                await self._hub.stop(launch.user, launch.server)
                self._finish(current, "stopped")
