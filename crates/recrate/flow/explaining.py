"""Find out why outputs differ: run again with one thing changed, and see what it changes.

First everything around the packages at once (threads, time zone, locale), then all packages as of
earlier days. What changes an output is narrowed down, one thing at a time. Each run is kept in the
replay's folder, so that judging again needs none of it.
"""

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from recrate.compare.attribution import RAN_WITH, UNEXPLAINED_FAILURES
from recrate.compare.left_over import LEFT_OVER
from recrate.environment.realise import realise
from recrate.environment.table import distribution_of
from recrate.environment.varying import OF_THE_KERNEL, with_version
from recrate.flow.probes import PROBE, PROBES
from recrate.flow.relocking import lock_of_day
from recrate.flow.running import Restored, Run, date_of, language_of
from recrate.flow.settings import Settings
from recrate.model.environment import Environment, Lock
from recrate.model.errors import BadInput, OutsideFailed
from recrate.model.probe import Probe, Shift, Varied
from recrate.model.progress import Progress, silent
from recrate.model.verdict import Cause, Judgement, NotebookVerdict, Verdict
from recrate.model.wire import to_json
from recrate.outside.disk import remove_tree, write_text
from recrate.replay.observe import observe
from recrate.replay.settings import ReplaySettings
from recrate.scan.cell_code import read_cell_codes

_EARLIER_DAYS = (365, 3 * 365)
_PACKAGES = 6
"""Packages that are tried one at a time, at most."""
_AROUND: tuple[tuple[Varied, str, str], ...] = (
    (Varied.THREADS, "threads", "three threads"),
    (Varied.TIME_ZONE, "timezone", "the time zone of Kiritimati"),
    (Varied.LOCALE, "locale", "a Turkish locale"),
)


def open_questions(verdict: Verdict) -> tuple[str, ...]:
    """Return the notebooks with a difference, or a failure, that further runs may explain."""
    return tuple(one.path for one in verdict.notebooks if _is_open(one))


def _is_open(notebook: NotebookVerdict) -> bool:
    failure = notebook.error
    if failure is not None:
        return failure.cause in UNEXPLAINED_FAILURES and RAN_WITH not in failure.evidence
    return notebook.verdict is Judgement.DIFFERENT and any(
        output.cause is Cause.NOT_KNOWN or output.evidence.startswith(LEFT_OVER)
        for cell in notebook.cells
        for output in cell.outputs
    )


def runs_with(verdict: Verdict) -> tuple[str, ...]:
    """Return with what failed notebooks run unpatched to their end, as probes showed."""
    told = (one.error.evidence for one in verdict.notebooks if one.error is not None)
    found = (evidence.partition(f"{RAN_WITH} ")[2] for evidence in told)
    return tuple(dict.fromkeys(one for one in found if one))


@dataclass(kw_only=True)
class Explainer:
    """Runs probes for one replay, in the environment that it had; `lock` is that environment's."""

    run: Run
    environment: Environment
    lock: Lock | None
    settings: Settings
    progress: Progress = silent

    def around(self) -> Iterator[Probe]:
        """Run with other threads, time zone and locale: all at once."""
        told = "other threads, time zone and locale"
        probe = Probe(name="surroundings", varied=Varied.SURROUNDINGS, told=told)
        yield from self._run(probe, self.environment, self._settings(*(one[0] for one in _AROUND)))

    def around_one_by_one(self) -> Iterator[Probe]:
        """Run with other threads, then another time zone, then another locale."""
        for varied, name, told in _AROUND:
            probe = Probe(name=name, varied=varied, told=told)
            yield from self._run(probe, self.environment, self._settings(varied))

    def earlier_days(self) -> Iterator[Probe]:
        """Run with the packages of earlier days, where those are others."""
        if self.lock is None:
            return
        day = dt.date.fromisoformat(self._day())
        seen = {self.lock.packages}
        for days in _EARLIER_DAYS:
            as_of = (day - dt.timedelta(days=days)).isoformat()
            lock = self._lock_of(as_of)
            if lock is None or lock.packages in seen:
                continue
            seen.add(lock.packages)
            told = f"the packages of {as_of}"
            shifts = tuple(shifts_between(self.lock, lock))
            probe = Probe(name=as_of, varied=Varied.PACKAGES, told=told, shifts=shifts)
            yield from self._run_with(probe, lock)

    def one_package_at_a_time(self, probe: Probe) -> Iterator[Probe]:
        """Run with one package as in `probe`, those first that the notebooks import themselves."""
        assert self.lock is not None
        imported = self._imported()
        both = [
            one
            for one in probe.shifts
            if one.before and one.after and (one.name in imported or one.name not in OF_THE_KERNEL)
        ]
        both.sort(key=lambda one: one.name not in imported)
        for shift in both[:_PACKAGES]:
            try:
                lock = with_version(
                    self.lock, shift.name, shift.after,
                    as_of=self._day(), settings=self.settings.environment,
                )  # fmt: skip
            except OutsideFailed:
                return
            if isinstance(lock, str):
                continue
            yield from self._run_with(
                Probe(
                    name=f"{shift.name}-{shift.after}",
                    varied=Varied.PACKAGE,
                    told=f"{shift.name} {shift.after} instead of {shift.before}",
                    shifts=(shift,),
                ),
                lock,
            )

    def _day(self) -> str:
        """Return the ISO date of the lock, or of the crate; today where these are none."""
        asked = self.lock.as_of if self.lock is not None else None
        for told in (asked, date_of(self.run.crate)):
            with contextlib.suppress(ValueError):  # `2019` alone is no day
                return dt.date.fromisoformat(told or "").isoformat()
        return self.settings.environment.today

    def _lock_of(self, as_of: str) -> Lock | None:
        """Lock the study as of another day, with what running showed; None where that fails."""
        try:
            lock = lock_of_day(
                self.run.study, as_of, settings=self.settings, found=self.environment.added
            )
        except (OutsideFailed, BadInput):
            return None
        return lock if lock.packages else None

    def _imported(self) -> set[str]:
        """Return the distributions whose modules the notebooks import."""
        codes = [read_cell_codes(one, language_of(one)) for one in self.run.recorded.values()]
        modules = {name for cells in codes for cell in cells for name in cell.modules}
        return {known for name in modules if (known := distribution_of(name)) is not None}

    def _settings(self, *varied: Varied) -> ReplaySettings:
        found = self.settings.replay
        if Varied.THREADS in varied:
            found = replace(found, threads=3 if found.threads != 3 else 1)
        if Varied.TIME_ZONE in varied:
            found = replace(found, timezone="Pacific/Kiritimati")
        if Varied.LOCALE in varied:
            found = replace(found, locale="tr_TR.UTF-8")
        return found

    def _run_with(self, probe: Probe, lock: Lock) -> Iterator[Probe]:
        """Restore a lock and run with it; yields nothing where it cannot be had."""
        try:
            made: Restored = realise(lock, settings=self.settings.environment)
        except OutsideFailed:
            return
        if isinstance(made, Environment):
            yield from self._run(probe, made, self.settings.replay)

    def _run(
        self, probe: Probe, environment: Environment, settings: ReplaySettings
    ) -> Iterator[Probe]:
        """Run the notebooks once and keep what was seen; one that is kept is not run again."""
        folder = self.run.folder.root / PROBES / probe.name
        if not (folder / PROBE).is_file():
            remove_tree(folder)
            self.progress("explain", 0, 1, f"running with {probe.told}")
            observe(
                self.run.study,
                tuple(self.run.recorded),
                environment,
                crate=self.run.crate,
                settings=settings,
                destination=folder,
                progress=silent,
            )
            write_text(folder / PROBE, to_json(probe))
        yield probe


def shifts_between(one: Lock, other: Lock) -> Iterator[Shift]:
    """Yield the packages whose versions differ, by name."""
    before = {package.name: package.version for package in one.packages}
    after = {package.name: package.version for package in other.packages}
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield Shift(name=name, before=before.get(name, ""), after=after.get(name, ""))


def explain(explainer: Explainer, verdict: Verdict, judged: Callable[[], Verdict]) -> Verdict:
    """Run probes until every differing output has a cause, or all were tried.

    judged: judges again what is in the replay's folder
    """
    for step in (_by_surroundings, _by_packages):
        if not open_questions(verdict):
            break
        verdict = step(explainer, judged)
    return verdict


def _by_surroundings(explainer: Explainer, judged: Callable[[], Verdict]) -> Verdict:
    for probe in explainer.around():
        if _tells(judged(), probe):
            for _ in explainer.around_one_by_one():
                continue
    return judged()


def _by_packages(explainer: Explainer, judged: Callable[[], Verdict]) -> Verdict:
    for probe in explainer.earlier_days():
        if not _tells(judged(), probe):
            continue
        for _ in explainer.one_package_at_a_time(probe):
            if not _tells(judged(), probe):
                break
    return judged()


def _tells(verdict: Verdict, probe: Probe) -> bool:
    """Say whether a cause is known from this probe, and from none that is narrower."""
    failures = [one.error.evidence for one in verdict.notebooks if one.error is not None]
    outputs = [
        output.evidence
        for notebook in verdict.notebooks
        for cell in notebook.cells
        for output in cell.outputs
    ]
    return any(evidence.endswith(probe.told) for evidence in (*failures, *outputs))
