"""Pack for blind review: the full crate, sealed and kept; and one made of it that names nobody."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from recrate.crate.check import check_crate
from recrate.crate.hidden_files import blinded, part_of
from recrate.crate.hidden_metadata import office_makers
from recrate.crate.hidden_names import USER, Forms, forms_of, users_in
from recrate.crate.hidden_search import METADATA, families_left, names_left, thanks_left
from recrate.crate.plan import make_plan
from recrate.crate.write import write_crate
from recrate.environment.settings import EnvironmentSettings
from recrate.flow.blind_people import blind_description, blind_lock, named_in
from recrate.flow.pack import Packed, PackOrder, pack, refuse_destination, waive
from recrate.flow.sealing import blind_marks, seal_marks, sealed_path
from recrate.model.crate import Crate, Plan
from recrate.model.errors import BadInput, RecrateError
from recrate.model.finding import Finding, Severity, find
from recrate.model.progress import Progress, silent
from recrate.outside.archive import Archive
from recrate.outside.disk import disk_errors, scratch_folder
from recrate.scan.inventory import take_inventory
from recrate.scan.options import ScanOptions

STUDY = "study"
"""What a study without a title is called: its folder may bear a name."""
CHANGED_BYTES = 256 << 20
"""A notebook or text beyond this is not changed; it is searched all the same."""
_OFFICE = (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp")
_ZIPS = (*_OFFICE, ".zip", ".npz", ".epub", ".whl", ".jar", ".rocrate")
_CODE = (".py", ".r", ".jl", ".sh", ".rmd", ".qmd", ".toml", ".cfg", ".yml", ".yaml", ".json")
_CORES = ("docProps/core.xml", "meta.xml")
_OPAQUE = (
    ".pdf", ".h5", ".hdf5", ".nc", ".parquet", ".feather", ".rds", ".rda", ".rdata", ".mat", ".7z",
    ".xz", ".bz2", ".zst", ".lz4", ".rar", ".mp4", ".mov", ".avi", ".wav", ".mp3", ".sav", ".dta",
    ".pkl", ".pickle", ".joblib", ".tgz", ".gz", ".doc", ".xls", ".ppt", ".heic",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Making:
    """What a blind crate is made with."""

    order: PackOrder
    full: Plan
    forms: Forms
    options: ScanOptions


def pack_blind(
    order: PackOrder,
    *,
    salt: str,
    options: ScanOptions,
    environment: EnvironmentSettings,
    agent: str,
    today: str,
    progress: Progress = silent,
) -> Packed:
    """Write the sealed crate beside `order.destination`, and there the blind one.

    salt: random, and never used again; whoever holds the sealed crate holds it
    Markdown, outputs, texts for people and notebooks' metadata are told without names; files that
    are about people are left out. Code and data are not changed: each place there that names
    somebody is an error among the findings. Raises what `pack` raises; then nothing is written.
    """
    sealed = sealed_path(order.destination)
    _refuse_places(order, sealed)
    packed = pack(
        replace(order, destination=sealed, marks=seal_marks(salt)),
        options=options,
        environment=environment,
        agent=agent,
        today=today,
        progress=progress,
    )
    assert packed.plan is not None, "pack returns the plan"
    full = packed.plan
    named = named_in(full.description, order.root)
    users = tuple((USER, one) for one in sorted(_users(order.root, full.copied)))
    forms = forms_of(replace(named, phrases=(*named.phrases, *users)))
    making = _Making(order=order, full=full, forms=forms, options=options)
    crate, found = _write(making, packed.crate, salt, progress)
    return replace(
        packed,
        crate=crate,
        findings=tuple(dict.fromkeys((*packed.findings, *waive(found, order.waived)))),
        changes=None,
        sealed=sealed,
    )


def _refuse_places(order: PackOrder, sealed: Path) -> None:
    """Refuse to write where the next crate of the study would hold this one, with all names."""
    refuse_destination(order.root, order.destination)
    if sealed.absolute().is_relative_to(order.root.absolute()):
        raise BadInput(
            "lies inside the study, whose next crate would hold the sealed one",
            where=str(order.destination),
            hint="name a place outside the study with -o",
        )


def _users(root: Path, paths: tuple[str, ...]) -> frozenset[str]:
    """Return the users whose folders a study's own path, notebooks, texts and code name."""
    found = users_in(f"{root.resolve().as_posix()}/")
    for path in paths:
        file = root / path
        told = part_of(path) in {"prose", "notebook"} or file.suffix.lower() in _CODE
        with disk_errors(file):
            if told and file.stat().st_size <= CHANGED_BYTES:
                found |= users_in(file.read_bytes().decode("utf-8", "ignore"))
    return found


def _write(
    making: _Making, sealed: Crate, salt: str, progress: Progress
) -> tuple[Crate, tuple[Finding, ...]]:
    destination, full = making.order.destination, making.full
    with scratch_folder(".recrate-", destination.absolute().parent) as scratch:
        study = scratch / STUDY
        study.mkdir()
        _copy(making, study, progress)
        inventory = replace(take_inventory(study, options=making.options), name=STUDY)
        plan = make_plan(
            inventory,
            blind_description(full.description, making.forms),
            blind_lock(full.lock, making.forms) if full.lock is not None else None,
            created=full.created,
            agent=full.agent,
        )
        plan = replace(plan, marks=blind_marks(sealed, salt))
        crate = write_crate(plan, study, destination, progress=progress)
        found = [*_title(making), *_searched(making.forms, destination, progress)]
        for path in plan.copied:
            found += _inside(study, path, making.forms)
    checked = check_crate(destination, profile=False, payload=False, progress=progress)
    return crate, (*found, *checked)


def _copy(making: _Making, study: Path, progress: Progress) -> None:
    """Put a copy of every file that the blind crate is to hold into a folder of its own."""
    copied = making.full.copied
    for done, path in enumerate(copied):
        progress("blind", done, len(copied), path)
        part, source, target = part_of(path), making.order.root / path, study / path
        if part == "people":
            continue
        with disk_errors(source):
            target.parent.mkdir(parents=True, exist_ok=True)
            if part == "other" or source.stat().st_size > CHANGED_BYTES:
                _alike(source, target)
            else:
                target.write_bytes(blinded(path, source.read_bytes(), making.forms))


def _alike(source: Path, target: Path) -> None:
    """Let the same bytes stand in both places; copied where the disk cannot share them."""
    try:
        target.hardlink_to(source.resolve())
    except OSError:
        shutil.copyfile(source, target)


def _title(making: _Making) -> Iterator[Finding]:
    """Yield what the title tells: it stays, so that the reviewer knows it."""
    texts = [making.full.description.title]
    texts += [one.title for one in making.full.description.translations]
    texts.append(making.order.destination.name)
    for text in texts:
        for hit in making.forms.hits(text.replace("_", " ")):
            yield find(
                Severity.ERROR,
                "blind-name-left",
                f"{hit.kind} left in the title or the crate's own name: {hit.text}",
                hint="choose another title or name for the file",
            )


def _searched(forms: Forms, crate: Path, progress: Progress) -> Iterator[Finding]:
    """Yield what the crate still tells, as it was written: every file of it, every byte."""
    with Archive(crate) as archive:
        for done, path in enumerate(archive.entries):
            progress("search", done, len(archive.entries), path)
            if path.endswith("/"):
                continue
            yield from names_left(path, archive.blocks(path), forms)
            if part_of(path) in {"prose", "notebook"}:
                weak = families_left(path, archive.blocks(path), forms)
                if weak is not None:
                    yield weak
                thanks = thanks_left(path, archive.blocks(path))
                if thanks is not None:
                    yield thanks


def _inside(study: Path, path: str, forms: Forms) -> Iterator[Finding]:
    """Yield what a file tells that holds others, and a warning where nobody can look inside."""
    suffix = Path(path).suffix.lower()
    if suffix in _OPAQUE:
        yield _not_searched(path)
    if suffix not in _ZIPS:
        return
    with suppress(RecrateError), Archive(study / path) as inner:
        for name in inner.entries:
            where = f"{path}, {name}"
            for one in names_left(name, inner.blocks(name), forms):
                yield replace(one, path=path, where=where)
            if name in _CORES and suffix in _OFFICE:
                core = inner.read(name, limit_bytes=CHANGED_BYTES)
                for said, value in office_makers(core):
                    yield _maker(path, said, value)
        return
    yield _not_searched(path)


def _maker(path: str, said: str, value: str) -> Finding:
    return find(
        Severity.ERROR,
        METADATA,
        f"its own metadata say {said}: {value[:80]}",
        hint="remove the document's properties in the program that wrote it",
        path=path,
        subject=said,
    )


def _not_searched(path: str) -> Finding:
    return find(
        Severity.WARNING,
        "blind-not-searched",
        "what is packed inside this format was not searched for names",
        hint="look yourself: a title page, a comment, an attribute",
        path=path,
    )
