"""Pack: folder → inventory → lock → plan → crate → findings."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from recrate.crate.check import check_crate
from recrate.crate.plan import make_plan
from recrate.crate.write import write_crate
from recrate.environment.locking import make_lock
from recrate.environment.settings import EnvironmentSettings
from recrate.flow.changes import Changes, changes_between, read_earlier
from recrate.flow.scanning import scan_study
from recrate.model.crate import Crate, Plan, Verified
from recrate.model.environment import Addition, Lock
from recrate.model.errors import BadInput, Refused
from recrate.model.finding import Finding, Severity
from recrate.model.progress import Progress, silent
from recrate.model.study import DataReference, Description, Inventory
from recrate.scan.options import ScanOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class PackOrder:
    """What a person asked for.

    as_of:  ISO date up to which packages are considered; also the date that the crate carries
    waived: codes of findings that the person has seen and accepts
    """

    root: Path
    destination: Path
    kernel: str | None = None
    as_of: str | None = None
    locked: bool = True
    metadata_file: Path | None = None
    waived: tuple[str, ...] = ()
    found: tuple[Addition, ...] = ()
    """Packages that a replay of this study showed to be missing; the lock takes them in."""
    fetched: tuple[DataReference, ...] = ()
    """What cells of that replay got from the web; where the study names an address, that counts."""
    unfetched: tuple[Finding, ...] = ()
    """What of it cannot be a data reference."""
    verified: Verified | None = None
    """A replay of this study; the crate tells of it if it is of the very same payload."""
    marks: tuple[tuple[str, str | bool], ...] = ()
    """What the root data set is to carry beside all else."""
    earlier: Path | None = None
    """The crate to tell the changes from; None means the one at `destination`, if there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A crate that was written, with all that was found on the way.

    changes: since the crate before; None where there was none, or it cannot be read
    sealed:  of a blind crate, the full one that is kept beside it
    """

    crate: Crate
    lock: Lock | None
    inventory: Inventory
    findings: tuple[Finding, ...]
    changes: Changes | None = None
    plan: Plan | None = None
    sealed: Path | None = None


def pack(
    order: PackOrder,
    *,
    options: ScanOptions,
    environment: EnvironmentSettings,
    agent: str,
    today: str,
    progress: Progress = silent,
) -> Packed:
    """Turn a study's folder into a crate at `order.destination`.

    Raises Refused when a secret was found and is not waived; then no crate is written.
    """
    root = order.root
    refuse_destination(root, order.destination)
    inventory, description = scan_study(
        root, options=options, metadata_file=order.metadata_file, progress=progress
    )
    description = _with_fetched(description, order)
    found = waive((*_unsettled(inventory, order), *description.findings), order.waived)
    _refuse_secrets(found)
    lock = None
    if order.locked:
        lock = make_lock(
            root,
            inventory,
            kernel=order.kernel,
            as_of=order.as_of,
            settings=environment,
            found=order.found,
            progress=progress,
        )
        found += waive(lock.findings, order.waived)
    created = order.as_of or inventory.study_date or today
    plan = make_plan(
        inventory, description, lock, created=created, agent=agent, verified=order.verified
    )
    plan = replace(plan, marks=order.marks)
    earlier, unread = _read_before(order)
    crate = write_crate(plan, root, order.destination, progress=progress)
    checked = check_crate(order.destination, profile=False, payload=False, progress=progress)
    told = {finding.code for finding in found}
    fresh = [one for one in (*crate.findings, *checked) if one.code not in told]
    found += waive((*fresh, *unread), order.waived)
    return Packed(
        crate=crate,
        lock=lock,
        inventory=inventory,
        findings=tuple(dict.fromkeys(found)),
        changes=changes_between(earlier, crate) if earlier is not None else None,
        plan=plan,
    )


def _with_fetched(description: Description, order: PackOrder) -> Description:
    known = {one.url for one in description.references}
    new = tuple(one for one in order.fetched if one.url not in known)
    return replace(
        description,
        references=(*description.references, *new),
        findings=(*description.findings, *order.unfetched),
    )


def _unsettled(inventory: Inventory, order: PackOrder) -> Iterator[Finding]:
    """Yield what the scan found, but for addresses whose bytes are named now."""
    known = {one.url for one in order.fetched}
    return (one for one in inventory.findings if one.subject not in known)


def _read_before(order: PackOrder) -> tuple[Crate | None, tuple[Finding, ...]]:
    """Return the crate that the new one follows, before it is written over."""
    if order.earlier is not None:
        return read_earlier(order.earlier)
    return read_earlier(order.destination) if order.destination.is_file() else (None, ())


def waive(findings: tuple[Finding, ...], codes: tuple[str, ...]) -> tuple[Finding, ...]:
    """Turn the findings with these codes into notes that say they were waived."""
    return tuple(
        replace(finding, severity=Severity.NOTE, message=f"{finding.message} (waived)")
        if finding.code in codes
        else finding
        for finding in findings
    )


def _refuse_secrets(findings: tuple[Finding, ...]) -> None:
    secrets = [
        finding
        for finding in findings
        if finding.code == "secret" and finding.severity is not Severity.NOTE
    ]
    if secrets:
        places = "; ".join(f"{finding.where}: {finding.message}" for finding in secrets[:5])
        more = f" and {len(secrets) - 5} more" if len(secrets) > 5 else ""
        raise Refused(
            f"{len(secrets)} secret(s) would be published: {places}{more}",
            hint="remove them and clear the outputs; --waive secret lets a false alarm through",
        )


def refuse_destination(root: Path, destination: Path) -> None:
    """Raise BadInput for a place where a crate cannot be written without loss."""
    if destination.is_dir() and any(destination.iterdir()):
        raise BadInput(
            "is a folder with something in it",
            where=str(destination),
            hint="name a file that ends in .crate.zip, or an empty folder",
        )
    if destination.resolve() == root.resolve():
        raise BadInput(
            "a crate cannot be written over its study",
            where=str(destination),
            hint="name a file that ends in .crate.zip",
        )
