"""A campaign: every crate of a list replayed, resumable at any moment.

list → tasks (brought here, looked at) → attempts on a runner → verdicts. Whatever happens is in the
journal before it is done, so a campaign that was killed goes on with the same command.
"""

import contextlib

from recrate.campaign.ceilings import Ceilings
from recrate.campaign.journal import Journal
from recrate.campaign.known import KnownVerdicts
from recrate.flow.campaign_attempts import Attempts
from recrate.flow.campaign_beginning import CampaignOrder, begin, read_into
from recrate.flow.campaign_folder import CampaignFolder
from recrate.flow.campaign_work import CampaignWork, Show
from recrate.flow.replay import refuse_without_sandbox
from recrate.flow.runners import make_runner, site_named
from recrate.flow.settings import Settings
from recrate.model.campaign import CampaignStatus
from recrate.model.errors import BadInput
from recrate.model.progress import Progress, silent
from recrate.runners.runner import Runner


def campaign(
    order: CampaignOrder, *, settings: Settings, show: Show, progress: Progress = silent
) -> CampaignStatus:
    """Replay every crate of a list, and return how the campaign stands at its end.

    Raises Conflict for a folder that holds something else, what the runner raises, and passes
    KeyboardInterrupt on once all that ran has been ended and kept.
    """
    folder = CampaignFolder(root=order.destination.resolve())
    runner = _runner(order, settings)
    with folder.held():
        head = begin(folder, order, settings)
        verdicts = KnownVerdicts(settings.data / "known.sqlite")
        with folder.journal() as journal, verdicts as known:
            read_into(journal, order, settings, progress)
            if order.resume:
                journal.reopen()
            attempts = _attempts(folder, journal, known, order, settings)
            pool = runner.open(head.id, folder.root, workers=order.workers)
            with contextlib.closing(pool):
                work = CampaignWork(
                    head=head,
                    folder=folder,
                    journal=journal,
                    pool=pool,
                    order=order,
                    settings=settings,
                    show=show,
                    progress=progress,
                    known=known,
                    attempts=attempts,
                    ceilings=_ceilings(order.runner, settings),
                )
                try:
                    work.run()
                except BaseException:
                    pool.close()
                    work.leave()
                    raise
                finally:
                    work.ceilings.close()
            return work.tell(running=False)


def _runner(order: CampaignOrder, settings: Settings) -> Runner:
    """Return the place that runs; raises what it raises, and for what it cannot do."""
    runner = make_runner(site_named(order.runner, settings), settings)
    able = runner.about.capabilities
    if not able.elsewhere and able.walls == "sandbox":
        refuse_without_sandbox(settings, trusted=order.options.unsandboxed)
    if order.environments_here and not able.shared:
        raise BadInput(
            "its machines do not see environments that are made here",
            where=f"--on {order.runner}",
            hint="leave out --environments-here: each makes its own, once",
        )
    return runner


def _attempts(
    folder: CampaignFolder,
    journal: Journal,
    known: KnownVerdicts,
    order: CampaignOrder,
    settings: Settings,
) -> Attempts:
    return Attempts(
        folder=folder,
        journal=journal,
        known=known,
        options=order.options,
        runner=order.runner,
        cache=settings.cache,
        config=str(order.config.resolve()) if order.config else "",
        language=order.language,
        building_seconds=settings.environment.timeout_seconds,
        clock=settings.clock,
    )


def _ceilings(runner: str, settings: Settings) -> Ceilings:
    asked = {name: settings.ceilings[name] for name in ("", runner) if name in settings.ceilings}
    limits = {f"runner {name}" if name else "all runners": limit for name, limit in asked.items()}
    return Ceilings(settings.data / "ceilings", limits)
