"""What each kind of job does: the core's paths, and what comes of them in the contract's shape."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from traitlets.config import Config

from recrate.configuration import settings_from
from recrate.crate.check import check_crate
from recrate.flow.replay import Replayed
from recrate.flow.settings import Settings, keep_to_lock
from recrate.flow.work import ReplayFolder
from recrate.model.errors import BadInput
from recrate.model.finding import Severity, worst
from recrate.model.policy import Waiver, WaiverKind
from recrate.model.progress import Progress
from recrate.model.wire import to_plain
from recrate_server.jobs.folder import JobFolder
from recrate_server.jobs.orders import (
    CampaignOrder,
    CheckOrder,
    Errand,
    JudgeOrder,
    Order,
    PackOrder,
    PublishOrder,
    ReplayOrder,
    ReviewOrder,
    ScanOrder,
    VerifyOrder,
)
from recrate_server.worker.packing import keep_found, pack_aside, pack_to
from recrate_server.worker.replaying import (
    judged_again,
    replay_into,
    replay_result,
    worker_config,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One errand under way."""

    errand: Errand
    folder: JobFolder
    settings: Settings
    progress: Progress

    @property
    def source(self) -> Path:
        """The real place of the study, the crate, or the run."""
        return Path(self.errand.source)


def run(errand: Errand, folder: JobFolder, *, progress: Progress) -> dict[str, Any]:
    """Do the errand and return its result as the contract shapes it."""
    settings = settings_from(Config(errand.settings), unsandboxed=errand.unsandboxed)
    work = Work(errand=errand, folder=folder, settings=settings, progress=progress)
    return _DEEDS[type(errand.order)](work, errand.order)


def _scan(work: Work, order: ScanOrder) -> dict[str, Any]:
    from recrate_server.worker.scanning import scan  # noqa: PLC0415 - each kind loads what is its

    return scan(order, work.source, settings=work.settings, progress=work.progress)


def _pack(work: Work, order: PackOrder) -> dict[str, Any]:
    if work.errand.destination is None:
        raise BadInput(
            "no place for the crate",
            where="destination",
            hint="name a file that ends in .crate.zip",
        )
    return pack_to(
        order,
        work.source,
        Path(work.errand.destination),
        job=work.errand.job.id,
        verification=Path(work.errand.verified_by) if work.errand.verified_by else None,
        settings=work.settings,
        progress=work.progress,
    )


def _check(work: Work, _order: CheckOrder) -> dict[str, Any]:
    findings = check_crate(
        work.source,
        contexts=work.settings.contexts,
        signing=work.settings.signing,
        progress=work.progress,
    )
    return {
        "kind": "check",
        "valid": worst(findings) is not Severity.ERROR,
        "findings": to_plain(findings),
    }


def _verify(work: Work, order: VerifyOrder) -> dict[str, Any]:
    """Pack aside and replay; what only running shows to be missing is locked, and run once more."""
    findings, done = _verify_once(work, order)
    if keep_found(work.folder):
        findings, done = _verify_once(work, order)
    return replay_result("verify", done, packing=findings)


def _verify_once(work: Work, order: VerifyOrder) -> tuple[list[dict[str, Any]], Replayed]:
    findings = pack_aside(
        order, work.source, work.folder, settings=work.settings, progress=work.progress
    )
    done = replay_into(
        order,
        work.folder.crate,
        work.folder.replay,
        settings=keep_to_lock(work.settings),
        config=worker_config(work.folder, work.errand),
        progress=work.progress,
    )
    return findings, done


def _replay(work: Work, order: ReplayOrder) -> dict[str, Any]:
    settings = replace(
        work.settings,
        replay=replace(work.settings.replay, parameters=tuple(order.parameters.items())),
    )
    done = replay_into(
        order,
        work.source,
        work.folder.replay,
        settings=settings,
        config=worker_config(work.folder, work.errand),
        progress=work.progress,
    )
    return replay_result("replay", done)


def _publish(work: Work, order: PublishOrder) -> dict[str, Any]:
    from recrate_server.worker.publishing import publish  # noqa: PLC0415 - each kind loads its own

    return publish(order, work.errand, settings=work.settings, progress=work.progress)


def _review(work: Work, order: ReviewOrder) -> dict[str, Any]:
    from recrate_server.worker.reviewing import review  # noqa: PLC0415 - each kind loads its own

    return review(
        order,
        work.source,
        work.folder.replay,
        settings=work.settings,
        progress=work.progress,
    )


def _campaign(work: Work, order: CampaignOrder) -> dict[str, Any]:
    from recrate_server.worker.campaigning import replay_all  # noqa: PLC0415 - each kind loads its own

    return replay_all(
        order, work.errand, work.folder, settings=work.settings, progress=work.progress
    )


def _judge(work: Work, order: JudgeOrder) -> dict[str, Any]:
    run = JobFolder(root=work.source)
    work.progress("judge", 0, 1, order.notebook)
    try:
        _change_waiver(run, order, work.settings)
    finally:
        # Also when nothing was changed now: an earlier worker may have been killed before this.
        verdict = ReplayFolder(root=run.replay).read_verdict()
        run.write_result(judged_again(run.read_result(), verdict))
    work.progress("judge", 1, 1, order.notebook)
    return {"kind": "judge", "run": order.run, "verdict": verdict.verdict.value}


def _change_waiver(run: JobFolder, order: JudgeOrder, settings: Settings) -> None:
    from recrate.flow.waiving import unwaive, waive  # noqa: PLC0415 - each kind loads its own

    if order.reason is None:
        unwaive(
            run.replay,
            order.notebook,
            order.cell,
            order.output,
            agent=settings.agent,
            language=order.language,
        )
        return
    waiver = Waiver(
        path=order.notebook,
        cell=order.cell,
        output=order.output,
        reason=order.reason,
        kind=WaiverKind(order.waiver),
    )
    waive(
        run.replay,
        waiver,
        person=order.person,
        now=settings.clock().isoformat(),
        agent=settings.agent,
        language=order.language,
    )


_DEEDS: Mapping[type[Order], Callable[[Work, Any], dict[str, Any]]] = {
    ScanOrder: _scan,
    PackOrder: _pack,
    CheckOrder: _check,
    VerifyOrder: _verify,
    ReplayOrder: _replay,
    JudgeOrder: _judge,
    PublishOrder: _publish,
    ReviewOrder: _review,
    CampaignOrder: _campaign,
}
