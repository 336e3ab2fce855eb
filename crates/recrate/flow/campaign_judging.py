"""A campaign judged again: every replay that it keeps, by another policy or a newer judge.

Nothing is run. The journal says of each task that it was judged, so the same command goes on after
a kill; a few processes judge side by side, and no more replays are in memory than these.
"""

import os
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field, replace
from pathlib import Path

from recrate.campaign.journal import Journal
from recrate.campaign.known import Known, KnownVerdicts
from recrate.compare.judge import JUDGE
from recrate.flow.campaign_folder import CampaignFolder
from recrate.flow.judging_again import JudgedAgain, Piece, judge_piece
from recrate.flow.preparing import judged_anew, judged_by
from recrate.flow.settings import Settings
from recrate.model.campaign import CampaignHead, CampaignStatus, Judging, TaskRow
from recrate.model.policy import Policy
from recrate.model.progress import Progress, silent
from recrate.outside.crew import Crew, Lost, is_lost
from recrate.report.account import Language

_SHOW_SECONDS = 5.0

Show = Callable[[CampaignStatus, Journal], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeOrder:
    """What a person asked for.

    policy: that they named; None leaves each replay its own, its author's or the configured one
    jobs:   replays judged at once; 0 is one for each processor
    """

    root: Path
    policy: Policy | None = None
    jobs: int = 0
    language: Language | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A task whose verdict is another one now, or that could not be judged (`note`)."""

    judging: Judging
    task: TaskRow


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignJudged:
    """A campaign that was judged again.

    judged: how many replays; went_on: an earlier command had begun with them
    unsigned: signatures of earlier verdicts that went
    """

    status: CampaignStatus
    policy: str
    judge: str
    judged: int
    went_on: bool
    unsigned: int
    changed: tuple[Changed, ...]
    unjudged: tuple[Changed, ...]


def judge_campaign(
    order: JudgeOrder, *, settings: Settings, show: Show, progress: Progress = silent
) -> CampaignJudged:
    """Judge every replay of a campaign again, and bring journal, page and tables up to date.

    Raises NotFound for a folder of no campaign, Conflict where another command is at work in it.
    """
    folder = CampaignFolder(root=order.root.resolve())
    head = folder.read_head()
    by = judged_by(order.policy or settings.policy, named=order.policy is not None)
    verdicts = KnownVerdicts(settings.data / "known.sqlite")
    with folder.held(), folder.journal() as journal, verdicts as known:
        went_on = journal.begin_judging(by)
        work = _Work(
            order=order,
            settings=settings,
            folder=folder,
            journal=journal,
            known=known,
            by=by,
            head=head,
            show=show,
            progress=progress,
        )
        try:
            work.run()
        except BaseException:
            work.tell(running=False)
            raise
        journal.end_judging(by)
        status = work.tell(running=False)
        told = [Changed(judging=one, task=journal.row(one.task)) for one in journal.judgings()]
        return CampaignJudged(
            status=status,
            policy=work.policy,
            judge=JUDGE,
            judged=work.done,
            went_on=went_on,
            unsigned=work.unsigned,
            changed=tuple(one for one in told if not one.judging.note),
            unjudged=tuple(one for one in told if one.judging.note),
        )


@dataclass(kw_only=True)
class _Work:
    """The judging of one campaign. `beyond`: number of the last task that was handed out."""

    order: JudgeOrder
    settings: Settings
    folder: CampaignFolder
    journal: Journal
    known: KnownVerdicts
    by: str
    head: CampaignHead
    show: Show
    progress: Progress
    beyond: int = -1
    unsigned: int = 0
    total: int = 0
    done: int = 0
    shown: float = 0.0
    running: dict["Future[JudgedAgain]", TaskRow] = field(default_factory=dict)

    @property
    def policy(self) -> str:
        """The name of the policy that judges; empty where each replay has its own."""
        return self.order.policy.name if self.order.policy is not None else ""

    def run(self) -> None:
        """Judge until no replay is left."""
        jobs = self.order.jobs or os.cpu_count() or 1
        self.total, self.done = self.journal.counted_to_judge()
        self.progress("judge", self.done, self.total, "")
        with Crew(jobs) as crew:
            while True:
                self._hand_out(crew, 2 * jobs)
                if not self.running:
                    return
                done, _ = wait(self.running, return_when=FIRST_COMPLETED)
                if any(is_lost(one) for one in done):
                    self._one_by_one(crew)
                    continue
                for one in done:
                    self._settle(self.running.pop(one), one.result())

    def _hand_out(self, crew: Crew, most: int) -> None:
        while len(self.running) < most:
            rows = self.journal.to_judge(most - len(self.running), self.beyond)
            if not rows:
                return
            for row in rows:
                self.beyond = row.number
                place = self._place(row)
                if place is None:
                    self._settle(row, JudgedAgain(result=None, message="it lies elsewhere"))
                    continue
                self.known.forget(place)  # its verdict may be another one from here on
                self.running[crew.submit(judge_piece, self._piece(row, place))] = row

    def _one_by_one(self, crew: Crew) -> None:
        """Judge what was under way when a process was lost, so that the guilty one is known."""
        wait(self.running)
        for one, row in list(self.running.items()):
            del self.running[one]
            place = self.folder.root / row.folder
            try:
                again = crew.alone(judge_piece, self._piece(row, place)) if is_lost(one) else None
                judged = again or one.result()
            except Lost:
                judged = JudgedAgain(
                    result=None,
                    message="the process that judged it was killed",
                    hint="give it more memory, and judge the campaign once more with --jobs 1",
                )
            self._settle(row, judged)

    def _place(self, row: TaskRow) -> Path | None:
        """Return the folder of a task's replay; None for one outside the campaign's."""
        place = self.folder.root / row.folder
        return place if place.resolve().is_relative_to(self.folder.root / "runs") else None

    def _piece(self, row: TaskRow, place: Path) -> Piece:
        assert row.result is not None, "a task with a replay has a result"
        return Piece(
            root=place,
            result=row.result,
            configured=self.settings.policy,
            chosen=self.order.policy,
            agent=self.settings.agent,
            language=self.order.language,
        )

    def _settle(self, row: TaskRow, judged: JudgedAgain) -> None:
        """Write down what became of a task."""
        before = row.result.verdict if row.result is not None else ""
        self.unsigned += judged.unsigned
        result = judged.result
        if result is None:
            note = judged.message or "it could not be judged"
            told = Judging(
                task=row.number, before=before, after=before, note=note, hint=judged.hint
            )
            self.journal.judge(row, told)
        else:
            key = judged_anew(row.key, self.by) if not judged.own else ""
            now = replace(row, result=result, key=key)
            self.journal.judge(now, Judging(task=row.number, before=before, after=result.verdict))
            if key and not result.cut:
                known = Known(
                    folder=self.folder.root / row.folder, result=result, date=result.ended
                )
                self.known.keep(key, row.identity, known)
        self.done += 1
        self.progress("judge", self.done, self.total, row.name or row.entry.where)
        if time.monotonic() - self.shown >= _SHOW_SECONDS:
            began = time.monotonic()
            self.tell(running=True)
            took = time.monotonic() - began
            self.shown = time.monotonic() + 10 * took  # never more than a tenth of the time

    def tell(self, *, running: bool) -> CampaignStatus:
        """Show how the campaign stands, and return it."""
        by = f" by the policy {self.policy}" if self.policy else ""
        status = CampaignStatus(
            head=self.head,
            counts=self.journal.counts(),
            at=self.settings.clock().isoformat(timespec="seconds"),
            running=running,
            elapsed_seconds=float(self.journal.noted("seconds") or 0),
            per_hour=0.0,
            left_seconds=None,
            workers=0,
            notes=(f"judged again{by} ({JUDGE}): {self.done} of {self.total} replays",),
        )
        self.show(status, self.journal)
        return status
