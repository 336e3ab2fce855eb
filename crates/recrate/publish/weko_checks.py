"""What a WEKO repository would refuse or lose, told before a byte is sent."""

import re
from collections.abc import Iterator, Sequence

from recrate.model.errors import NotFound, RecrateError
from recrate.model.finding import Finding, Severity, find
from recrate.model.jpcoar import JPCOAR_RELATIONS
from recrate.model.study import AccessRight
from recrate.outside.exchange import Service
from recrate.publish.depositor import Parcel
from recrate.publish.weko_finding import values_of
from recrate.publish.weko_options import MAXIMUM_BYTES, WekoSettings
from recrate.publish.weko_package import names_that_break
from recrate.publish.weko_parts import access_of
from recrate.publish.weko_sword import Sword
from recrate.publish.weko_view import LARGEST_NAME_BYTES, ViewFile
from recrate.publish.weko_words import DATASET_CLASS

COMMON_LIMIT_BYTES = 1 << 30
"""GakuNin RDM's own cap, and what many a server in front of a repository lets through."""
MANY_FILES = 500
BINDER_CHARACTERS = 50
OVERHEAD_BYTES = 4096
"""Of the bag and the form around the files, beside what each file adds to them."""


def check_parcel(
    parcel: Parcel, files: Sequence[ViewFile], settings: WekoSettings
) -> Iterator[Finding]:
    """Yield what the parcel itself says about what will become of it."""
    yield from _description(parcel, settings)
    yield from _access(parcel, settings)
    yield from _doi(parcel, settings)
    yield from _unsaid(parcel, settings)
    yield from _size(parcel, files)
    if not settings.whole:
        yield from _names(files)
    if settings.review:
        yield _note(
            "weko-workflow",
            "whether staff look at the item first is set for your client in the repository;"
            " it is handed in as private",
            "if it comes back as registered, ask the staff to set your client to Workflow",
        )


def check_repository(
    service: Service, settings: WekoSettings, update: str | None
) -> Iterator[Finding]:
    """Ask the repository whether it knows the token, the indexes and the record to be replaced.

    update: its number, None for a new item
    A repository that does not answer is a note.
    """
    try:
        answer = service.ask("GET", "sword/service-document")
        if answer.status in {401, 403}:
            yield _error("weko-token", answer.error().message, settings.token_hint)
            return
        yield from _update(service, settings, update)
        found = service.ask("GET", "api/tree").expect(200).json()
    except RecrateError as error:
        yield _note("weko-silent", f"the repository was not asked: {error}", error.hint)
        return
    known = set(values_of(found, "id", "cid"))
    for index in settings.indexes:
        if index not in known:
            yield _warning(
                "weko-index",
                f"index {index} is not among those that you can see in the repository",
                "if there is none, it refuses the item: see the number in the index's address",
                subject=index,
            )


def _update(service: Service, settings: WekoSettings, update: str | None) -> Iterator[Finding]:
    if update is None:
        return
    try:
        there = Sword(service).status(update)
    except NotFound:
        yield _error(
            "weko-record",
            f"the repository has no record {update}",
            "name the earlier record by its number, or by the address of its page",
        )
        return
    if there.doi is not None and not settings.public:
        yield _error(
            "weko-doi",
            "the earlier record has a DOI, and WEKO lets no record that has one be private",
            "answer `publish` with public",
        )


def _description(parcel: Parcel, settings: WekoSettings) -> Iterator[Finding]:
    said = parcel.record.description
    if not settings.indexes:
        yield _error(
            "weko-index",
            "no index is named, and WEKO takes no item without one",
            "answer `index` with its number: it stands in the index's address",
        )
    if not said.title.strip():
        yield _error("weko-title", "the study has no title", "give it one in the Pack panel")
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", parcel.record.issued[:10]):
        yield _error(
            "weko-date",
            "WEKO wants the date of publication as YYYY-MM-DD",
            "give the day too, in the Pack panel",
        )
    longest = max(len(said.description), *(len(one.description) for one in said.translations), 0)
    if settings.resource_type != "dataset" or longest < BINDER_CHARACTERS:
        yield _warning(
            "weko-binder",
            "NII's Binder will not open this record: that takes the type `dataset` and"
            f" {BINDER_CHARACTERS} characters of description (these are {longest})",
            "answer `resource_type` with dataset, where the crate is a dataset to you",
        )
    update = parcel.order.new_version_of
    if update is not None and settings.recid_of(update) is None:
        yield _error(
            "weko-record",
            f"`{update[:80]}` is no record of this repository",
            "name the earlier record by its number, or by the address of its page",
        )
    elif update is not None and not settings.public and not settings.review:
        yield _warning(
            "weko-version",
            "a new version that is private makes the whole record private, also where it is public"
            " now",
            "answer `publish` with public, where people see the record already",
        )


def _access(parcel: Parcel, settings: WekoSettings) -> Iterator[Finding]:
    right = access_of(parcel.record)
    access = parcel.record.description.access
    if right is AccessRight.EMBARGOED and (access is None or not access.available):
        yield _error(
            "weko-embargo",
            "the study is under embargo, and the day on which it ends is missing",
            "give the day in the Pack panel",
        )
    if right is not AccessRight.OPEN and settings.whole:
        severity = Severity.ERROR if settings.public else Severity.WARNING
        yield find(
            severity,
            "weko-access",
            "WEKO makes the file of a crate that is kept whole open to everybody who sees the"
            f" item; this study is {right.value}",
            hint="answer `way` with exploded, or leave the item private and ask the staff to"
            " restrict its file before they make it public",
        )


def _unsaid(parcel: Parcel, settings: WekoSettings) -> Iterator[Finding]:
    """Tell what WEKO's words cannot say, whatever the mapping."""
    said = parcel.record.description
    people = [*said.creators, *(one.person for one in parcel.record.contributors if one.person)]
    kinds: dict[str, list[str | None]] = {
        "ORCID": [one.identifier for one in people if one.identifier],
        "e-Rad_Researcher": [one.erad_number for one in people if one.erad_number],
        "ROR": [one.affiliation.identifier for one in people if one.affiliation],
    }
    for kind, values in kinds.items():
        if any(values) and kind not in settings.schemes:
            yield _lost(
                f"identifiers of the kind {kind} are left out: the place says that the repository"
                " does not know them",
                "ask the staff to register it, and add it to `identifier_schemes`",
                kind,
            )
    for link in parcel.record.links:
        word = JPCOAR_RELATIONS[link.relation]
        if word.lower() != link.relation.value.lower():
            yield _lost(
                f"the relation {link.relation.value} to {link.target[:80]} is told as {word}:"
                " JPCOAR has no other word",
                "inside the deposited crate it is kept",
                link.target,
            )
    if said.access is not None and (said.access.conditions or said.access.contact):
        yield _lost(
            "under which conditions one gets the study, and whom one asks, has no place in WEKO's"
            " metadata",
            "say it in the description too",
            "conditions of access",
        )


def _lost(message: str, hint: str, subject: str) -> Finding:
    return _warning("weko-lost", message, hint, subject=subject)


def _doi(parcel: Parcel, settings: WekoSettings) -> Iterator[Finding]:
    if not settings.prefix:
        return
    if settings.review:
        yield _warning(
            "weko-doi",
            "in a workflow the staff give the DOI; `doi_prefix` is left out",
            "ask them for it",
        )
    elif not settings.public:
        yield _error(
            "weko-doi",
            "WEKO gives no DOI to an item that is private",
            "answer `publish` with public, or leave `doi_prefix` out and ask the staff later",
        )
    dataset = settings.resource_type in DATASET_CLASS
    if settings.agency == "Crossref" or (settings.agency == "DataCite" and not dataset):
        yield _error(
            "weko-doi",
            f"{settings.agency} registers no DOI for the resource type {settings.resource_type}",
            "answer `doi_agency` with JaLC",
        )
    if parcel.order.new_version_of is not None:
        yield _note("weko-doi", "a new version keeps the DOI of its record", "")


def _size(parcel: Parcel, files: Sequence[ViewFile]) -> Iterator[Finding]:
    size = sum(one.size_bytes + 2_000 + 3 * len(one.path) for one in files) + OVERHEAD_BYTES
    size = min(size, parcel.size_bytes + 4_000 * len(files) + OVERHEAD_BYTES)
    if size > MAXIMUM_BYTES:
        yield _error(
            "weko-size",
            f"the package has about {size:,} bytes, WEKO takes {MAXIMUM_BYTES:,}",
            "name large data as references with `recrate refer` instead of packing them",
        )
    elif size > COMMON_LIMIT_BYTES:
        yield _warning(
            "weko-size",
            f"the package has about {size:,} bytes: servers in front of a repository often take"
            " no more than 1 GiB at once",
            "ask the staff, or name large data as references with `recrate refer`",
        )
    if len(files) > MANY_FILES:
        yield _warning(
            "weko-many-files",
            f"the item would list {len(files):,} files, which takes WEKO long to show",
            "answer `way` with whole",
        )


def _names(files: Sequence[ViewFile]) -> Iterator[Finding]:
    for path, reason in names_that_break(files, LARGEST_NAME_BYTES):
        yield find(
            Severity.ERROR,
            "weko-name",
            f"WEKO cannot keep this file: {reason}",
            hint="answer `way` with whole, which changes no name, or rename the file",
            path=path,
            subject=path,
        )
    changed = [one for one in files if one.name_there != one.path]
    if changed:
        yield _warning(
            "weko-names",
            f"{len(changed)} of {len(files)} files will have other names there, such as"
            f" `{changed[0].name_there}` for `{changed[0].path}`",
            "answer `way` with whole to keep folders; recrate gives the names back",
        )


def _error(code: str, message: str, hint: str) -> Finding:
    return find(Severity.ERROR, code, message, hint=hint)


def _warning(code: str, message: str, hint: str, *, subject: str | None = None) -> Finding:
    return find(Severity.WARNING, code, message, hint=hint, subject=subject)


def _note(code: str, message: str, hint: str) -> Finding:
    return find(Severity.NOTE, code, message, hint=hint)
