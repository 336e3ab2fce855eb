"""Fixes of whole files: a licence, a file left out, a data reference, a requirement."""

import posixpath
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from packaging.utils import canonicalize_name

from recrate.flow.mending_source import units_of
from recrate.mending.files import Edit
from recrate.mending.licences import in_citation, in_crate, new_crate
from recrate.mending.lines import ignore_pattern, ignores, requirement, requires, with_line
from recrate.mending.work import Planned, Work
from recrate.metadata.licence import spdx
from recrate.model.crate import METADATA_NAME
from recrate.model.errors import BadInput
from recrate.model.finding import Finding
from recrate.model.fix import Answer, Change, Fix, FixKind
from recrate.model.study import Inventory

LICENCES = (
    "CC-BY-4.0", "CC0-1.0", "CC-BY-SA-4.0", "MIT", "BSD-3-Clause", "Apache-2.0",
    "GPL-3.0-or-later",
)  # fmt: skip
"""Shown first, data before code; any SPDX expression counts."""
_CITATION = "CITATION.cff"
_OWN_IGNORE = ".recrateignore"
_IGNORE_LIMIT_BYTES = 900_000
_DEVELOPMENT = re.compile(r"dev|test|doc|lint|ci|build")


def offer_licence(work: Work, finding: Finding, inventory: Inventory) -> Iterator[Fix]:
    """Yield the fix that writes a licence where the study says, or should say, such things."""
    citation = next((one for one in inventory.descriptions if one.lower() == "citation.cff"), None)
    if finding.code == "invalid-licence":
        file = finding.path if finding.path == citation else METADATA_NAME
    else:
        file = citation or METADATA_NAME
    for name in dict.fromkeys((file or METADATA_NAME, METADATA_NAME)):
        if _licensed(work, name, LICENCES[0], inventory.name) is not None:
            yield Fix(
                kind=FixKind.CHOOSE_LICENCE,
                code=finding.code,
                title=f"Choose a licence; it is written into {name}",
                file=name,
                asks=Answer.LICENCE,
                choices=LICENCES,
                needs_choice=True,
                names=(inventory.name,),
            )
            return


def plan_licence(work: Work, fix: Fix, choice: str | None) -> Planned | None:
    """Plan the licence written; raises BadInput for one that is not on the SPDX list."""
    known = spdx(choice) if choice is not None else LICENCES[0]
    if known is None:
        raise BadInput(
            "is not on the SPDX licence list", where=(choice or "")[:80], hint="e.g. CC-BY-4.0"
        )
    if fix.file != METADATA_NAME and not re.fullmatch(r"[A-Za-z0-9.+-]+", known):
        raise BadInput("is more than one licence", where=known, hint="CITATION.cff takes one here")
    written = _licensed(work, fix.file, known, fix.names[0])
    if written is None:
        return None
    old = work.content(fix.file)
    shown = "license: …" if choice is None else f"license: {known}"
    return Planned(
        edits=(Edit(path=fix.file, content=written),),
        changes=(Change(path=fix.file, after=shown, created=old is None),),
    )


def _licensed(work: Work, file: str, expression: str, name: str) -> bytes | None:
    content = work.content(file)
    mark = b"\xef\xbb\xbf"
    if content is None:
        text = None if work.is_blocked(file) or file != METADATA_NAME else new_crate(name)
        head = b""
    else:
        head = mark if content.startswith(mark) else b""
        try:
            text = content[len(head) :].decode("utf-8")
        except UnicodeDecodeError:
            return None
    if text is None:
        return None
    write = in_crate if file == METADATA_NAME else in_citation
    written = write(text, expression)
    return None if written is None else head + written.encode("utf-8", "replace")


def offer_leaving_out(work: Work, finding: Finding, inventory: Inventory) -> Iterator[Fix]:
    """Yield the fix that leaves a file out of crates, unless code or the study needs it."""
    path = finding.path
    if path is None or finding.cell is not None or _is_needed(path, inventory):
        return
    folder = posixpath.dirname(path)
    while folder and not (work.root / folder / _OWN_IGNORE).is_file():
        folder = posixpath.dirname(folder)
    yield Fix(
        kind=FixKind.EXCLUDE_FILE,
        code=finding.code,
        title=f"Leave {path} out of the crate",
        file=posixpath.join(folder, _OWN_IGNORE),
    )


def plan_leaving_out(work: Work, fix: Fix) -> Planned | None:
    """Plan one line of the ignore file nearest to the file."""
    assert fix.path is not None
    folder = posixpath.dirname(fix.file)
    path = fix.path[len(folder) + 1 if folder else 0 :]
    line = ignore_pattern(path)
    old = work.content(fix.file)
    if line is None or work.is_blocked(fix.file):
        return None
    new = with_line(old, line)
    if len(new) > _IGNORE_LIMIT_BYTES or not ignores(new, path):
        return None
    return Planned(
        edits=(Edit(path=fix.file, content=new),),
        changes=(Change(path=fix.file, after=line, created=old is None),),
    )


def _is_needed(path: str, inventory: Inventory) -> bool:
    """Say whether code reads or runs the file, or it says what the study needs or is."""
    units = units_of(inventory)
    if path in {unit.path for unit in units} | {one.path for one in inventory.declarations}:
        return True
    return any(
        use.target is not None
        and (
            use.target == path or path.startswith(use.target + "/") or fnmatchcase(path, use.target)
        )
        for unit in units
        for use in unit.uses.reads
    )


def offer_reference(work: Work, finding: Finding, inventory: Inventory) -> Iterator[Fix]:
    """Yield the fix that names where a file comes from, so that it is fetched and not packed."""
    path = finding.path
    if finding.code == "file-left-out":
        path = next(
            (
                use.target
                for unit in inventory.notebooks
                if unit.path == finding.path
                for use in unit.uses.reads
                if use.path == finding.subject and use.cell == finding.cell
            ),
            None,
        )
    if path is not None and (work.root / path).is_file():
        yield Fix(
            kind=FixKind.REFER_TO_DATA,
            code=finding.code,
            title=f"Fetch {path} from a URL or DOI instead of packing it",
            file=METADATA_NAME,
            asks=Answer.ADDRESS,
            needs_choice=True,
            names=(path,),
        )


def plan_reference(work: Work, fix: Fix) -> Planned | None:
    """Show what a reference changes; `metadata.references` writes it."""
    if work.is_blocked(METADATA_NAME):
        return None
    shown = Change(
        path=METADATA_NAME,
        after=f"{fix.names[0]}: contentUrl, sha256, contentSize",
        created=work.content(METADATA_NAME) is None,
    )
    return Planned(changes=(shown,))


def offer_requirement(work: Work, finding: Finding, inventory: Inventory) -> Iterator[Fix]:
    """Yield the fix that declares a package, in the study's requirements file."""
    versions = {canonicalize_name(name): version for name, version in work.settings.versions}
    name = finding.subject or ""
    line = requirement(name, versions.get(canonicalize_name(name)))
    files = [
        one.path
        for one in inventory.declarations
        if one.kind == "requirements"
        and one.path.endswith(".txt")
        and not _DEVELOPMENT.search(posixpath.basename(one.path).lower())
    ]
    files.sort(key=lambda one: (posixpath.basename(one) != "requirements.txt", one))
    asking = [one for one in inventory.declarations if one.kind not in {"runtime", "apt"}]
    if line is not None and (files or not asking):
        yield Fix(
            kind=FixKind.ADD_REQUIREMENT,
            code=finding.code,
            title=f"Add {line} to {files[0] if files else 'requirements.txt'}",
            file=files[0] if files else "requirements.txt",
            names=(line,),
        )


def plan_requirement(work: Work, fix: Fix) -> Planned | None:
    """Plan one line of the requirements file; none where the package stands there by now."""
    old = work.content(fix.file)
    if (
        work.is_blocked(fix.file)
        or requires(old, fix.subject or "")
        or (old or b"").startswith((b"\xff\xfe", b"\xfe\xff"))
    ):
        return None
    return Planned(
        edits=(Edit(path=fix.file, content=with_line(old, fix.names[0])),),
        changes=(Change(path=fix.file, after=fix.names[0], created=old is None),),
    )
