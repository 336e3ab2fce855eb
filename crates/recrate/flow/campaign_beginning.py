"""How a campaign begins: its folder, its list, and what it is going to cost."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from recrate.campaign.journal import Journal
from recrate.campaign.known import KnownVerdicts
from recrate.campaign.lists import read_list
from recrate.campaign.lists_settings import ListSettings
from recrate.flow.campaign_folder import CampaignFolder
from recrate.flow.preparing import NotPrepared, prepare
from recrate.flow.settings import Settings
from recrate.locate.whereabouts import Origin
from recrate.model.campaign import CampaignHead, CampaignOptions, Entry
from recrate.model.errors import BadInput, Conflict
from recrate.model.progress import Progress, silent
from recrate.report.account import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignOrder:
    """What a person asked for.

    list:    what `read_list` reads; runner: name of a site; workers: 0 takes what the site says
    resume:  go on with the campaign that is in the destination
    agreed:  large downloads are agreed to
    config:  a configuration file that the workers read as well
    origin:  where a crate that is the whole list was brought from
    language: the reports open in it
    environments_here: they are made by this command, for nodes without a network that see its cache
    """

    list: str
    destination: Path
    runner: str = "local"
    workers: int = 0
    options: CampaignOptions = field(default_factory=CampaignOptions)
    resume: bool = False
    agreed: bool = False
    config: Path | None = None
    environments_here: bool = False
    origin: Origin | None = None
    language: Language | None = None


def begin(folder: CampaignFolder, order: CampaignOrder, settings: Settings) -> CampaignHead:
    """Make the folder ours: empty, or the same campaign to go on with."""
    if folder.is_new():
        now = settings.clock().isoformat(timespec="microseconds")
        name = hashlib.sha256(f"{folder.root}\n{now}".encode()).hexdigest()[:12]
        head = CampaignHead(
            id=name,
            list=order.list,
            runners=(order.runner,),
            options=order.options,
            agent=settings.agent,
            started=now,
        )
        folder.write_head(head)
        return head
    if not order.resume:
        raise Conflict(
            "has something in it",
            where=str(folder.root),
            hint="choose another folder with -o, or go on with --resume",
        )
    head = folder.read_head()
    if head.list != order.list:
        raise Conflict(
            f"holds the campaign of another list: {head.list}",
            where=str(folder.root),
            hint="choose another folder with -o",
        )
    _refuse_other_options(head.options, order.options, folder)
    head = replace(head, options=order.options, runners=(order.runner,))
    folder.write_head(head)
    return head


_OF_RESULTS = (
    "notebooks", "repeats", "parameters", "current", "allow_network", "unsandboxed",
)  # fmt: skip
"""Options that verdicts follow from: all tasks of a campaign have the same."""


def _refuse_other_options(
    began: CampaignOptions, now: CampaignOptions, folder: CampaignFolder
) -> None:
    other = [name for name in _OF_RESULTS if getattr(began, name) != getattr(now, name)]
    if other:
        raise Conflict(
            f"was begun with other {', '.join(other)}: its verdicts would not be of one kind",
            where=str(folder.root),
            hint="go on with the options it was begun with, or choose another folder with -o",
        )


def read_into(
    journal: Journal, order: CampaignOrder, settings: Settings, progress: Progress
) -> None:
    """Put the list into the journal, unless it is there; one that broke off is read again."""
    if journal.noted("list") == "read":
        return
    here = sum(1 for _ in journal.rows())

    def lines() -> Iterator[Entry]:
        told = read_list(order.list, settings=ListSettings(web=settings.web), progress=progress)
        for number, entry in enumerate(told):
            if number >= here:
                progress("list", number, 0, entry.where)
                yield entry

    journal.add(lines())
    if journal.counts().total == 0:
        raise BadInput(
            "there is nothing in the list",
            where=order.list,
            hint="docs/lists.md shows what a list may be",
        )
    journal.note("list", "read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a campaign is going to cost.

    same:   lines that mean the same as another; known: with a verdict already
    timed:  of those to be run, how many were replayed before
    core_hours: of all to be run, those not timed reckoned like the others; None where none was
    """

    tasks: int
    to_run: int
    environments: int
    known: int
    same: int
    unreadable: int
    timed: int
    core_hours: float | None
    complaints: tuple[str, ...] = ()


def estimate(order: CampaignOrder, *, settings: Settings, progress: Progress = silent) -> Estimate:
    """Look at every crate of a list and reckon what replaying them costs; nothing is written.

    Crates that lie elsewhere are brought here, as the campaign itself would do.
    """
    known = KnownVerdicts(settings.data / "known.sqlite")
    keys: set[str] = set()
    environments: set[str] = set()
    complaints: list[str] = []
    seconds: list[float] = []
    tasks = found = same = unreadable = to_run = 0
    for entry in read_list(order.list, settings=ListSettings(web=settings.web), progress=progress):
        progress("list", tasks, 0, entry.where)
        tasks += 1
        looked = prepare(entry, order.options, settings=settings, agreed=order.agreed)
        if isinstance(looked, NotPrepared):
            unreadable += 1
            complaints.append(str(looked.error))
        elif looked.key and looked.key in keys:
            same += 1
        elif looked.key and not order.options.again and known.find(looked.key):
            found += 1
        else:
            to_run += 1
            environments.add(looked.environment)
            seconds += [took] if (took := known.core_seconds_of(looked.identity)) else []
        if not isinstance(looked, NotPrepared) and looked.key:
            keys.add(looked.key)
    known.close()
    hours = sum(seconds) / len(seconds) * to_run * order.options.repeats / 3600 if seconds else None
    return Estimate(
        tasks=tasks,
        to_run=to_run,
        environments=len(environments),
        known=found,
        same=same,
        unreadable=unreadable,
        timed=len(seconds),
        core_hours=0.0 if not to_run else hours,
        complaints=tuple(complaints[:5]),
    )
