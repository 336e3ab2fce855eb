"""What GakuNin RDM would refuse or lose, asked before a byte is sent; quiet where it is away."""

from collections.abc import Callable, Iterator

from recrate.model.errors import Busy, OutsideFailed, RecrateError, Refused
from recrate.model.finding import Finding, Severity, find
from recrate.model.record import RecordKind
from recrate.publish.depositor import Parcel
from recrate.publish.grdm_about import FORMAT, Wishes
from recrate.publish.grdm_client import Grdm, Project, Storage
from recrate.publish.grdm_keeping import Looking, check_part
from recrate.publish.grdm_launch import stronger_files
from recrate.publish.grdm_target import Unsure, find_target, settle

EXPORT_LIMIT_BYTES = 1 << 30
"""Of the files in an export of a project: MAX_EXPORTABLE_FILES_BYTES of addons/metadata."""
LARGE_BYTES = 128 << 20
"""From here on it is told that the limits of a storage are not known."""
MANY_FILES = 2000
SCOPES = "osf.full_read osf.full_write"


def findings_before_asking(parcel: Parcel, wishes: Wishes) -> Iterator[Finding]:
    """Yield what can be told without the network."""
    if parcel.size_bytes > EXPORT_LIMIT_BYTES:
        yield find(
            Severity.NOTE,
            "grdm-export-limit",
            f"the crate has {parcel.size_bytes:,} bytes: the export of a project takes files of "
            f"{EXPORT_LIMIT_BYTES:,} bytes together",
            hint="name large data as references with `recrate refer`, or do without the export",
        )
    if parcel.size_bytes > LARGE_BYTES:
        yield find(
            Severity.NOTE,
            "grdm-limit-unknown",
            "each storage of GakuNin RDM has limits of its own, and tells them only by refusing",
            hint="look at the project's storage and its quota in the browser",
        )
    if wishes.unpacked and parcel.record.kind is RecordKind.STUDY:
        yield from _unpacked(parcel)
    if wishes.metadata and FORMAT not in parcel.documents:
        yield find(
            Severity.WARNING,
            "grdm-no-metadata",
            "there are no answers for the metadata form of GakuNin RDM",
            hint="fill in the common metadata items of the study",
        )


def _unpacked(parcel: Parcel) -> Iterator[Finding]:
    if len(parcel.crate.files) > MANY_FILES:
        yield find(
            Severity.WARNING,
            "grdm-many-files",
            f"{len(parcel.crate.files):,} files will be sent one by one, which takes long",
            hint="deposit the crate without its folder",
        )
    for file in parcel.crate.files:
        try:
            for part in file.path.split("/"):
                check_part(part)
        except Refused as error:
            yield find(
                Severity.ERROR, "grdm-unsafe-name", error.message, hint=error.hint, path=file.path
            )


def findings_of_asking(
    grdm: Grdm, wishes: Wishes, parcel: Parcel, looking_at: Callable[[Storage], Looking]
) -> Iterator[Finding]:
    """Yield what the project says. Nothing is changed there."""
    unpacked = wishes.unpacked and parcel.record.kind is RecordKind.STUDY
    code = "grdm-project"
    try:
        yield from _of_project(grdm.project(wishes.guid))
        code = "grdm-no-place"
        target = find_target(grdm, wishes, parcel)
        code = "grdm-name-taken"
        settle(looking_at(target.storage), target, parcel, unpacked=unpacked)
        told = stronger_files(looking_at(target.default)) if unpacked else []
    except RecrateError as error:
        yield _finding(error, code)
        return
    for one in told:
        yield find(
            Severity.WARNING,
            "grdm-other-environment",
            one,
            hint="remove it in the browser where the crate's own environment is wanted",
        )


def _of_project(project: Project) -> Iterator[Finding]:
    if not project.may_write:
        yield find(
            Severity.ERROR,
            "grdm-read-only",
            "you may read this project, but not write into it",
            hint="ask the project's administrator to make you a contributor who may write",
        )
    if project.public:
        yield find(
            Severity.WARNING,
            "grdm-public",
            "the project is public: everybody will see the crate",
            hint="choose another project where the crate is not ready to be seen",
        )


def _finding(error: RecrateError, code: str) -> Finding:
    """Return what an error of asking means: a service that is away is only worth a note."""
    if isinstance(error, OutsideFailed | Busy):
        return find(
            Severity.NOTE,
            "grdm-unreachable",
            f"GakuNin RDM could not be asked: {error.message}",
            hint="what it would say is told when you publish",
        )
    if isinstance(error, Unsure):
        # It may be what this very deposit put there before it was interrupted.
        return find(Severity.WARNING, code, error.message, hint=error.hint)
    hint = error.hint
    if isinstance(error, Refused):
        code = "grdm-token"
        hint = f"a personal access token needs the scopes {SCOPES}; {error.hint}"
    return find(Severity.ERROR, code, error.message, hint=hint)
