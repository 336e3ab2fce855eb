"""Write a crate: a zip file or a folder, whole or not at all."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from recrate.crate import names
from recrate.crate.metadata import describe_crate
from recrate.crate.metadata_text import to_bytes
from recrate.crate.preview import render_preview
from recrate.crate.recorded import outputs_digest
from recrate.model.crate import METADATA_NAME, PREVIEW_NAME, Crate, CrateFile, Plan, identity_of
from recrate.model.errors import BadInput, Refused
from recrate.model.finding import Finding, Severity, find
from recrate.model.progress import Progress, silent
from recrate.outside.archive import Member, Written, check_name, colliding, write_folder, write_zip
from recrate.outside.disk import disk_errors, media_type_of


def write_crate(plan: Plan, root: Path, destination: Path, *, progress: Progress = silent) -> Crate:
    """Write what `plan` says and return the crate.

    root:        the study's folder
    destination: a `.zip` file, or any other name for a folder
    The study's files are read once. The same plan and files give the same bytes. Raises
    OutsideFailed when the disk lets us down, BadInput for a name no archive can hold; then nothing
    is left at `destination`.
    """
    described = _Described(plan=plan, root=root)
    members = _members(plan, root, destination)
    write = write_zip if destination.suffix.lower() == ".zip" else write_folder
    write(members, destination, finish=described.finish, progress=progress)
    return Crate(
        location=str(destination),
        identity=described.identity,
        name=names.shown(plan.description.title or plan.inventory.name),
        files=described.files,
        notebooks=tuple(
            notebook.path for notebook in plan.inventory.notebooks if notebook.path in plan.copied
        ),
        references=plan.references,
        lock=plan.lock,
        metadata=described.document,
        findings=_collisions(member.path for member in members),
    )


@dataclass(slots=True)
class _Described:
    """Makes the metadata when the payload lies written and its hashes are known."""

    plan: Plan
    root: Path
    files: tuple[CrateFile, ...] = ()
    identity: str = ""
    document: dict[str, Any] = field(default_factory=dict)

    def finish(self, written: tuple[Written, ...]) -> list[Member]:
        media_types = {file.path: file.media_type for file in self.plan.inventory.files}
        media_types[names.DOCKERFILE] = "text/x-dockerfile"
        self.files = tuple(
            CrateFile(
                path=one.path,
                sha256=one.sha256,
                size_bytes=one.size_bytes,
                media_type=media_types.get(one.path) or media_type_of(one.path),
            )
            for one in written
        )
        self.identity = identity_of((file.path, file.sha256) for file in self.files)
        outputs = self._outputs()
        self.document = describe_crate(self.plan, self.files, self.identity, outputs)
        preview = render_preview(self.plan, self.files, self.identity)
        return [
            Member(path=METADATA_NAME, source=to_bytes(self.document)),
            Member(path=PREVIEW_NAME, source=preview.encode()),
        ]

    def _outputs(self) -> dict[str, str]:
        digests = {}
        for notebook in self.plan.inventory.notebooks:
            if notebook.path not in self.plan.copied:
                continue
            with disk_errors(self.root / notebook.path):
                content = (self.root / notebook.path).read_bytes()
            digest = outputs_digest(content)
            if digest is not None:
                digests[notebook.path] = digest
        return digests


def _members(plan: Plan, root: Path, destination: Path) -> list[Member]:
    """Return the payload; a crate that is written into its own study does not hold its elder."""
    base, target = root.absolute(), destination.absolute()
    itself = target.relative_to(base).as_posix() if target.is_relative_to(base) else None
    members = [Member(path=path, source=base / path) for path in plan.copied if path != itself]
    members += [Member(path=path, source=content) for path, content in plan.generated]
    for member in members:
        try:
            check_name(member.path, where=member.path)
        except Refused as error:
            raise BadInput(
                f"a crate cannot hold a file of this name ({error.message})",
                where=member.path,
                hint="rename it, or leave it out with a line in .recrateignore",
            ) from error
    return members


def _collisions(paths: Iterable[str]) -> tuple[Finding, ...]:
    return tuple(
        find(
            Severity.WARNING,
            "names-collide",
            "another file has the same name but for capital letters",
            hint="macOS and Windows cannot unpack both: rename one",
            path=path,
        )
        for path in colliding(list(paths))
    )
