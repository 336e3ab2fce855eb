"""The folder of a campaign: what lies where, and that only one command works in it."""

import contextlib
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from recrate.campaign.journal import Journal
from recrate.flow.tasks import REPLAY
from recrate.model.campaign import CampaignHead
from recrate.model.errors import Conflict, NotFound
from recrate.model.wire import from_json, to_json
from recrate.outside.disk import disk_errors, remove_tree, write_text

HEAD = "campaign.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignFolder:
    """Everything of one campaign."""

    root: Path

    def write_head(self, head: CampaignHead) -> None:
        """Make the folder one of a campaign."""
        write_text(self.root / HEAD, to_json(head))

    def read_head(self) -> CampaignHead:
        """Return what this campaign is; raises NotFound for a folder of none."""
        place = self.root / HEAD
        if not place.is_file():
            raise NotFound(
                "no campaign was made here",
                where=str(self.root),
                hint="begin one with `recrate campaign LIST -o DIR`",
            )
        return from_json(place.read_bytes(), CampaignHead, where=str(place))

    def journal(self, *, readonly: bool = False) -> Journal:
        """Open the journal."""
        return Journal(self.root / "journal.sqlite", readonly=readonly)

    def attempt(self, task: int, number: int) -> Path:
        """Return the folder of an attempt."""
        return self.root / "attempts" / f"{task}-{number}"

    def run(self, task: int) -> Path:
        """Return the folder of the replay that a task's verdict came of."""
        return self.root / "runs" / str(task)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other commands from working in this campaign; raises Conflict where one does."""
        with disk_errors(self.root):
            self.root.mkdir(parents=True, exist_ok=True)
        lock = FileLock(str(self.root / ".lock"))
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise Conflict(
                "somebody else is at work in this campaign",
                where=str(self.root),
                hint="wait for it, or end it; index.html in its folder shows how it stands",
            ) from error
        try:
            yield
        finally:
            lock.release()

    def is_new(self) -> bool:
        """Say whether there is nothing in the folder that we did not just make."""
        with disk_errors(self.root):
            return not {one.name for one in self.root.iterdir()} - {".lock"}

    def clock(self) -> float:
        """Return the present as the file system has it: its machine may have another clock."""
        probe = self.root / f".clock-{os.getpid()}"
        try:
            with disk_errors(probe):
                probe.touch()
                return probe.stat().st_mtime
        finally:
            with contextlib.suppress(OSError):
                probe.unlink()

    def keep_run(self, task: int, number: int) -> Path:
        """Move an attempt's replay to where verdicts lie; it may have been moved already."""
        source, place = self.attempt(task, number) / REPLAY, self.run(task)
        with disk_errors(place):
            place.parent.mkdir(exist_ok=True)
            if source.is_dir():
                _set_aside(place)
                source.rename(place)
        return place

    def take_run(self, task: int, source: Path) -> None:
        """Have the replay of another campaign here, whole or not at all; files are linked."""
        place = self.run(task)
        draft = place.with_name(f".{task}")
        remove_tree(draft)
        with disk_errors(place):
            place.parent.mkdir(exist_ok=True)
            shutil.copytree(source, draft, symlinks=True, copy_function=_link_or_copy)
            _set_aside(place)
            draft.rename(place)

    def hand_on(self, task: int, before: int, number: int) -> bool:
        """Give an attempt what the one before had done; False where there is nothing."""
        source, place = self.attempt(task, before) / REPLAY, self.attempt(task, number) / REPLAY
        if not (source / "replay.json").is_file():
            return False
        with disk_errors(place):
            source.rename(place)
        return True

    def forget_replay(self, task: int, number: int) -> None:
        """Take away what an attempt did, where the next begins anew; its log stays."""
        remove_tree(self.attempt(task, number) / REPLAY)


def _link_or_copy(source: str, destination: str) -> None:
    try:
        os.link(source, destination, follow_symlinks=False)
    except OSError:  # another file system, or one that knows no links
        shutil.copyfile(source, destination)


def _set_aside(place: Path) -> None:
    if place.exists():
        old = place.with_name(f".{place.name}-{time.time_ns()}")
        place.rename(old)
        remove_tree(old)
