"""Describe: the form filled with what is known, and what was typed kept in the study itself."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from recrate.crate.document import read_document
from recrate.flow.settings import Settings
from recrate.metadata.checking import check_description
from recrate.metadata.common import suggest_common
from recrate.metadata.describe import describe_as_typed
from recrate.metadata.keeping import keep_description
from recrate.metadata.looking import look
from recrate.metadata.own_crate import LISTS, from_crate
from recrate.metadata.reading import UnreadableFileError, read_json, table
from recrate.model.crate import METADATA_NAME
from recrate.model.errors import RecrateError
from recrate.model.finding import Severity
from recrate.model.form import DescriptionForm, FieldComplaint, Suggestion
from recrate.model.study import Description, Person
from recrate.outside.archive import Archive
from recrate.outside.git import last_commit

_CARRIED = ("creators", "licence", "keywords", "funding", "access", "related")
"""What is often the same in a person's next study; a title never is."""
_FROM_EARLIER = (
    "title",
    "description",
    "language",
    "translations",
    *_CARRIED,
    "restricted",
    "common",
)
_CRATES_READ = 5
"""An earlier crate of the same study says all that the five before it said."""


def read_form(
    root: Path,
    *,
    settings: Settings,  # noqa: ARG001 - every door of this floor takes them
    last: Description | None,
    earlier: Sequence[Path] = (),
) -> DescriptionForm:
    """Return the form for the study in `root`: filled, with suggestions and complaints.

    last:    the description of this person's last study, where one is remembered
    earlier: crates of this study that lie elsewhere, newest first; those in it are found
    Filled is what the study's own files say; the author that git knows, the last study and earlier
    crates are suggestions only. The study is not scanned, so this takes no time.
    Raises BadInput when `root` is no folder.
    """
    description = describe_as_typed(root, look(root))
    own = replace(description, sources=None, findings=())
    return DescriptionForm(
        description=own,
        sources=dict(description.sources or {}),
        suggestions=tuple(_suggestions(root, own, last, (*earlier, *_crates_in(root)))),
        complaints=(*_unreadable(description), *check_description(own, root=root)),
    )


def _unreadable(description: Description) -> Iterator[FieldComplaint]:
    """Yield what concerns no field: metadata files of the study that cannot be read.

    While the study's own cannot, nothing can be kept, so that one is an error.
    """
    for finding in description.findings:
        if finding.code == "unreadable-metadata":
            own = finding.path == METADATA_NAME
            yield FieldComplaint(
                field="",
                code=finding.code,
                severity=Severity.ERROR if own else finding.severity,
                message=f"{finding.path} {finding.message}",
                hint=finding.hint,
            )


def save_form(
    root: Path,
    description: Description,
    *,
    settings: Settings,
    last: Description | None = None,
    earlier: Sequence[Path] = (),
) -> DescriptionForm:
    """Keep what was typed in the study's `ro-crate-metadata.json`, and return the form again.

    Complaints keep nothing from being kept. A field that was cleared stays clear, though another
    file of the study could fill it. Raises BadInput for a metadata file that is no RO-Crate.
    """
    before = describe_as_typed(root, look(root))
    emptied = {
        field
        for field in LISTS
        if not getattr(description, field)
        and (getattr(before, field) or field in _emptied_already(root))
    }
    keep_description(root, description, emptied=emptied)
    return read_form(root, settings=settings, last=last, earlier=earlier)


def _emptied_already(root: Path) -> frozenset[str]:
    target = root / METADATA_NAME
    if not target.exists():
        return frozenset()
    try:
        return from_crate(table(read_json(target)), METADATA_NAME).emptied
    except UnreadableFileError:
        return frozenset()


def _suggestions(
    root: Path, known: Description, last: Description | None, crates: Sequence[Path]
) -> Iterator[Suggestion]:
    """Yield what could fill a field that is empty."""
    author = _git_author(root)
    if author is not None and not known.creators:
        yield _offer("creators", "git", Description(title="", description="", creators=(author,)))
    if last is not None:
        yield from _offers(known, last, "last study", _CARRIED)
    for name, told in _read_crates(crates):
        yield from _offers(known, told, name, _FROM_EARLIER)
    if known.common is None:
        suggested = replace(known, common=suggest_common(known, look(root)))
        yield _offer("common", "what the form says already", suggested)


def _offers(
    known: Description, other: Description, source: str, fields: tuple[str, ...]
) -> Iterator[Suggestion]:
    for field in fields:
        value = getattr(other, field)
        if value and not getattr(known, field):
            yield _offer(field, source, other)


def _offer(field: str, source: str, other: Description) -> Suggestion:
    """Return one field of another description, with nothing else of it."""
    empty = Description(title="", description="")
    offered = replace(empty, **{field: getattr(other, field)})
    return Suggestion(field=field, source=source, offered=offered)


def _git_author(root: Path) -> Person | None:
    said = last_commit(root, "%an%x00%ae") or ""
    name, _, mail = ("".join(one for one in said if one.isprintable() or one == "\0")).partition(
        "\0"
    )
    return Person(name=name[:200], email=mail[:200] or None) if name.strip() else None


def _crates_in(root: Path) -> list[Path]:
    """Return the crates that lie in the study itself, newest first."""
    try:
        found = [one for one in root.glob("*.crate.zip") if one.is_file() and not one.is_symlink()]
        return sorted(found, key=lambda one: one.stat().st_mtime, reverse=True)
    except OSError:
        return []


def _read_crates(crates: Sequence[Path]) -> Iterator[tuple[str, Description]]:
    """Yield the name and description of crates; what is no crate, or unsafe, is passed over.

    Only their metadata are read.
    """
    for file in crates[:_CRATES_READ]:
        try:
            with Archive(file) as archive:
                fields = from_crate(read_document(archive).whole, file.name)
        except (RecrateError, OSError):
            continue
        yield (
            file.name,
            Description(
                title=fields.title,
                description=fields.description,
                creators=fields.creators,
                licence=fields.licence or None,
                keywords=fields.keywords,
                related=fields.related,
                language=fields.language,
                translations=fields.translations,
                funding=fields.funding,
                access=fields.access,
                restricted=fields.restricted,
                common=fields.common,
            ),
        )
