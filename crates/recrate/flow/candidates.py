"""Other environments for a crate whose lock cannot be had, or in which its notebooks fail.

The crate's lock comes first, as it is in the crate. Where it cannot be restored, or a notebook
fails in it for a cause that another environment may cure, others are locked from the payload,
cheapest first, and the notebooks run in each until one leaves nothing to cure. All of them are
kept, with what came of them; the verdict is of the best.
"""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from recrate.compare.candidates import choose, curable, name_candidate, with_counts
from recrate.compare.eliminated import by_elimination
from recrate.compare.judge import judge
from recrate.environment.dating import estimate_day
from recrate.environment.declared import read_declared
from recrate.environment.locking import make_lock
from recrate.environment.pythons import near_pythons
from recrate.flow.adding import observe_first
from recrate.flow.candidates_kept import (
    FIRST,
    Tried,
    folder_of,
    open_again,
    read_lock,
    read_tried,
    write_lock,
    write_tried,
)
from recrate.flow.code_facts import what_is_known
from recrate.flow.policies import policy_for
from recrate.flow.relocking import look_again
from recrate.flow.running import Run, day_of
from recrate.flow.settings import Settings
from recrate.flow.work import ReplayFolder
from recrate.model.candidate import Candidate, CandidateKind, CandidateOutcome
from recrate.model.environment import Lock
from recrate.model.errors import OutsideFailed, RecrateError
from recrate.model.observation import Observation
from recrate.model.policy import Policy
from recrate.model.progress import Progress
from recrate.model.study import Inventory
from recrate.model.verdict import Verdict

_REASON = 300
_NOTES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rung:
    """A lock that can be asked for.

    python: minor version, empty for the recorded one; day: ISO, empty for the study's
    """

    name: str
    kind: CandidateKind
    python: str = ""
    day: str = ""


def try_others(run: Run, lock: Lock, *, settings: Settings, progress: Progress) -> bool:
    """Try other environments than that of `lock`, in which the run was observed already.

    Returns whether another one is chosen; `candidates_kept.chosen_lock` then gives its lock. What
    was tried by an earlier go stands. Raises OutsideFailed where its own state cannot be written,
    and passes KeyboardInterrupt on.
    """
    if settings.environment.candidates < 2 or lock.python.startswith("2."):
        return False
    seen = run.folder.read_observation(0)
    if seen is None or (seen.not_restored is None and all(_ended(seen))):
        return False
    ladder = _Ladder(run=run, lock=lock, settings=settings, progress=progress)
    return ladder.climb(seen)


def _ended(seen: Observation) -> Iterator[bool]:
    return (one.status == "completed" for one in seen.notebooks)


@dataclass(kw_only=True)
class _Ladder:
    """What is known while candidates are tried.

    locked:  identity of each lock that was tried → what it is, in words
    spent:   seconds of the time for candidates
    offline: why no index answers; empty while one does
    """

    run: Run
    lock: Lock
    settings: Settings
    progress: Progress
    locked: dict[str, str] = field(default_factory=dict)
    tried: list[Candidate] = field(default_factory=list)
    spent: float = 0.0
    offline: str = ""

    def climb(self, seen: Observation) -> bool:
        """Try one after the other; keep each, and at last which is the best."""
        verdict = self._verdict(self.run.folder)
        if not curable(verdict):
            return False
        known = {one.name: one for one in open_again(read_tried(self.run.folder)).candidates}
        first = known.pop(FIRST, None) or self._first(seen, verdict)
        self._add(first, self.lock)
        for rung in self._rungs():
            earlier = known.get(rung.name)
            if earlier is None and self._number() >= self.settings.environment.candidates:
                break
            one = earlier or self._try(rung, self._seconds_left(seen))
            self._add(one, read_lock(self.run.folder, rung.name))
            if one.outcome is CandidateOutcome.RAN and not curable(
                self._verdict(folder_of(self.run.folder, rung.name))
            ):
                break
        chosen = choose(self.tried)
        write_tried(self.run.folder, Tried(candidates=tuple(self.tried), chosen=chosen.name))
        return chosen.name != FIRST

    def _number(self) -> int:
        """Count those that took, or would have taken, a place; the same lock again takes none."""
        return sum(one.outcome is not CandidateOutcome.SAME for one in self.tried)

    def _add(self, one: Candidate, lock: Lock | None) -> None:
        self.tried.append(one)
        self.spent += one.seconds if one.name != FIRST else 0.0
        if lock is not None:
            self.locked.setdefault(_identity(lock), one.told)
        write_tried(self.run.folder, Tried(candidates=tuple(self.tried)))

    @cached_property
    def inventory(self) -> Inventory:
        """What the study holds, read once."""
        return look_again(self.run.study, settings=self.settings)

    @cached_property
    def day(self) -> str:
        """The study's date, ISO; else that of the crate's lock or of the crate, else today."""
        dates = (self.inventory.study_date, self.lock.as_of, day_of(self.run.crate))
        return next((one[:10] for one in dates if one), self.settings.environment.today)

    def _rungs(self) -> Iterator[_Rung]:
        """Yield what can be asked for, cheapest first."""
        if self.inventory.declarations:
            yield _Rung(name="declared", kind=CandidateKind.DECLARED)
        yield _Rung(name="inferred", kind=CandidateKind.INFERRED)
        today = self.settings.environment.today
        estimate = None if self.inventory.study_date else estimate_day(self.inventory, today)
        if estimate is not None and estimate.day == self.day < today:
            # The study's day is an estimate: what it needs may be younger.
            kind = CandidateKind.DECLARED if self.inventory.declarations else CandidateKind.INFERRED
            yield _Rung(name="today", kind=kind, day=today)
        minor = ".".join(self.lock.python.split(".")[:2])
        declared = read_declared(self.run.study, self.inventory).python
        for near in near_pythons(minor, declared, self.settings.environment):
            yield _Rung(name=f"python-{near}", kind=CandidateKind.PYTHON, python=near)

    def _first(self, seen: Observation, verdict: Verdict) -> Candidate:
        """Return the crate's lock as a candidate, from what was seen in it."""
        kind = CandidateKind.LOCK if self.run.crate.lock is not None else CandidateKind.MADE
        restored = seen.environment.seconds if seen.environment is not None else 0.0
        ran = sum(one.seconds for one in seen.notebooks)
        return self._told(
            Candidate(
                name=FIRST,
                kind=kind,
                told=name_candidate(kind, self.lock.python, self.lock.as_of),
                outcome=CandidateOutcome.RAN,
                python=self.lock.python,
                as_of=self.lock.as_of,
                source=self.lock.source,
                seconds=round(restored + ran, 3),
            ),
            seen,
            verdict,
        )

    def _try(self, rung: _Rung, seconds: float) -> Candidate:
        """Lock, restore and run one candidate in at most so many seconds; say what came of it."""
        began = time.monotonic()
        blank = Candidate(
            name=rung.name,
            kind=rung.kind,
            told=name_candidate(rung.kind, rung.python, rung.day or self.day),
            outcome=CandidateOutcome.NOT_TRIED,
            python=rung.python,
            as_of=rung.day or self.day,
        )
        if self.offline or seconds <= 0:
            reason = self.offline or "the time for other environments was up"
            return replace(blank, reason=reason)
        self.progress("environment", 0, 1, f"trying {blank.told}")
        try:
            one = self._tried(rung, blank, seconds)
        except OutsideFailed as error:
            self.offline = _line(str(error))
            one = replace(blank, reason=self.offline)
        except RecrateError as error:
            one = replace(blank, outcome=CandidateOutcome.NOT_RESTORED, reason=_line(str(error)))
        return replace(one, seconds=round(time.monotonic() - began, 3))

    def _tried(self, rung: _Rung, blank: Candidate, seconds: float) -> Candidate:
        began = time.monotonic()
        settings = _within(self.settings, seconds)
        lock = read_lock(self.run.folder, rung.name) or self._locked(rung, settings)
        if not lock.pylock:
            why = next((one.message for one in lock.findings if one.code == "cannot-resolve"), "")
            return replace(
                blank, outcome=CandidateOutcome.NOT_RESOLVED, reason=_line(why) or "no lock"
            )
        one = replace(
            blank,
            told=name_candidate(rung.kind, lock.python, lock.as_of),
            python=lock.python,
            as_of=lock.as_of,
            source=lock.source,
            notes=lock.notes[:_NOTES],
        )
        before = self.locked.get(_identity(lock))
        if before is not None:
            return replace(one, outcome=CandidateOutcome.SAME, reason=f"the same as {before}")
        write_lock(self.run.folder, rung.name, lock)
        folder = folder_of(self.run.folder, rung.name)
        run = replace(self.run, folder=folder)
        left = max(1.0, seconds - (time.monotonic() - began))
        observe_first(run, lock, settings=_within(self.settings, left), progress=self.progress)
        seen = folder.read_observation(0)
        assert seen is not None, "it was observed just now"
        return self._told(one, seen, self._verdict(folder))

    def _locked(self, rung: _Rung, settings: Settings) -> Lock:
        inventory = self.inventory
        if rung.kind is CandidateKind.INFERRED:
            inventory = replace(inventory, declarations=())
        return make_lock(
            self.run.study,
            inventory,
            kernel=None,
            as_of=rung.day or self.day,
            python=rung.python,
            settings=settings.environment,
            progress=self.progress,
        )

    def _told(self, one: Candidate, seen: Observation, verdict: Verdict) -> Candidate:
        """Return a candidate with what came of it."""
        why = seen.not_restored
        if why is not None:
            reason = _line(f"{why.message}: {why.evidence}" if why.evidence else why.message)
            one = replace(one, outcome=CandidateOutcome.NOT_RESTORED, reason=reason)
        else:
            failed = next((note for note in verdict.notebooks if note.error is not None), None)
            reason = ""
            if failed is not None and failed.error is not None:
                cause, evidence = failed.error.cause.value, failed.error.evidence
                reason = _line(f"{failed.path}: {cause}: {evidence}")
            one = replace(one, outcome=CandidateOutcome.RAN, reason=reason)
        return with_counts(one, verdict)

    @cached_property
    def _policy(self) -> Policy:
        return policy_for(self.run.folder, configured=self.settings.policy, chosen=None).policy

    def _verdict(self, folder: ReplayFolder) -> Verdict:
        """Judge what was seen once, without what single differences come from."""
        seen = folder.read_observation(0)
        assert seen is not None, "a candidate that ran was observed"
        recorded = self.run.recorded
        verdict = judge(recorded, (seen,), (folder.read_reruns(seen),), self._policy)
        first = self.lock if folder is self.run.folder else None
        own = what_is_known(recorded, (seen,), first).own_versions
        return by_elimination(verdict, recorded, (seen,), own_versions=own)

    def _seconds_left(self, seen: Observation) -> float:
        """Return what is left of the time for candidates, and of that for the whole run."""
        left = self.settings.environment.candidates_seconds - self.spent
        whole = self.settings.replay.total_timeout_seconds
        ran = sum(one.seconds for one in seen.notebooks)
        return left if whole is None else min(left, whole - ran - self.spent)


def _within(settings: Settings, seconds: float) -> Settings:
    """Return the settings with no more time than so many seconds for one step."""
    call = min(settings.environment.timeout_seconds, seconds)
    whole = settings.replay.total_timeout_seconds
    return replace(
        settings,
        environment=replace(settings.environment, timeout_seconds=call),
        replay=replace(
            settings.replay,
            total_timeout_seconds=seconds if whole is None else min(whole, seconds),
        ),
    )


def _identity(lock: Lock) -> str:
    minor = ".".join(lock.python.split(".")[:2])
    return hashlib.sha256(f"{minor}\n{lock.pylock}".encode()).hexdigest()


def _line(text: str) -> str:
    """Return foreign text as one line of at most 300 characters."""
    flat = " ".join(text[:4_000].split()).rstrip(".")
    return flat if len(flat) <= _REASON else flat[: _REASON - 1] + "…"
