"""Fixes of paths: written relative to the notebook, or what they name copied into the study."""

import ntpath
import posixpath
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from recrate.flow.mending_source import is_python, literals_in, parse
from recrate.mending.code import Literal, changed_lines, with_literals_replaced
from recrate.mending.files import Edit, place
from recrate.mending.notebooks import CellEdit
from recrate.mending.work import Planned, Work
from recrate.model.errors import BadInput, Conflict, RecrateError
from recrate.model.finding import Finding
from recrate.model.fix import Answer, Change, Fix, FixKind
from recrate.model.study import Inventory
from recrate.scan.code_reading import read_python_uses
from recrate.scan.reading import UnreadableNotebookError, parse_notebook
from recrate.scan.secrets import without_secrets
from recrate.scan.walk import is_left_out

_OTHER_FOLDER = re.compile(r"\bchdir\b|^\s*[%!]?(cd|pushd)\b", re.MULTILINE)
_EVERY_MACHINE = ("dev", "proc", "sys", "etc", "run", "boot")


def offer_path(work: Work, finding: Finding, inventory: Inventory) -> Iterator[Fix]:
    """Yield the fixes that make a path relative, or copy what it names into the study."""
    path, subject = finding.path, finding.subject
    if path is None or not subject or not is_python(path, inventory):
        return
    inside = _inside(work.root, subject)
    if not _cells_with(work, path, subject):
        return
    if finding.code == "absolute-path":
        yield from _offer_relative(work, path, finding, inside, inventory)
    source = None if inside else _source_file(work, path, subject)
    if source is not None:
        folders = ("data", "inputs", posixpath.dirname(path) or ".")
        free = [one for folder in folders if (one := _free(work, folder, source.name))]
        yield from (
            Fix(
                kind=FixKind.COPY_INTO_STUDY,
                code=finding.code,
                title=f"Copy {source} into the study and read it from there",
                file=path,
                asks=Answer.DESTINATION,
                choices=(one,),
            )
            for one in free[:1]
        )


def _offer_relative(
    work: Work, path: str, finding: Finding, inside: str | None, inventory: Inventory
) -> Iterator[Fix]:
    subject = finding.subject or ""
    name = ntpath.basename(subject.replace("/", "\\"))
    same = [file.path for file in inventory.files if posixpath.basename(file.path) == name]
    same.sort(key=lambda one: (-_same_end(one, subject), one))
    choices = (inside,) if inside else tuple(same[:5])
    if choices and not (inside and _reads_in_vain(work, path, subject, inventory)):
        yield Fix(
            kind=FixKind.MAKE_PATH_RELATIVE,
            code=finding.code,
            title=f"Write the path relative to the notebook: {choices[0]}",
            file=path,
            asks=Answer.FILE,
            choices=choices,
            needs_choice=inside is None,
        )


def _reads_in_vain(work: Work, path: str, subject: str, inventory: Inventory) -> bool:
    """Say whether the notebook reads something by these literals that is not there.

    A literal may be the head of several paths; each would become a path to nothing.
    """
    notebook = work.notebook(path)
    heads = {
        one.value.rstrip("/")
        for index in _cells_with(work, path, subject)
        for one in (_meant(work, notebook.cells[index].source, subject) if notebook else ())
    }
    return any(
        not use.exists and any(f"{use.path}/".startswith(f"{head}/") for head in heads)
        for unit in inventory.notebooks
        if unit.path == path
        for use in unit.uses.reads
    )


def plan_relative(work: Work, fix: Fix, choice: str | None) -> Planned | None:
    """Plan the path rewritten; raises BadInput for a choice that is not in the study."""
    target = choice or fix.choices[0]
    if target != ".":
        file = place(work.root, target)
        if choice is not None and choice not in fix.choices and not file.exists():
            raise BadInput("is not in the study", where=target, hint="choose a file of the study")
    return _rewritten(work, fix, target)


def plan_copy(work: Work, fix: Fix, choice: str | None) -> Planned | None:
    """Plan a copy and the path rewritten.

    Raises BadInput for a destination that is no study path or is left out of crates, Conflict for
    one that is taken.
    """
    source = _source_file(work, fix.file, fix.subject or "")
    target = choice or fix.choices[0]
    if source is None:
        return None
    if place(work.root, target).exists():
        raise Conflict("is there already", where=target, hint="choose another name")
    if _free(work, posixpath.dirname(target) or ".", posixpath.basename(target)) is None:
        raise BadInput("is left out by an ignore file", where=target, hint="choose another folder")
    size = source.stat().st_size
    planned = _rewritten(work, fix, target)
    if planned is None:
        return None
    content = b"" if work.dry else source.read_bytes()
    shown = Change(path=target, after=f"{source}: {size:,} bytes", created=True)
    return Planned(
        edits=(Edit(path=target, content=content), *planned.edits),
        changes=(*planned.changes, shown),
    )


def _rewritten(work: Work, fix: Fix, target: str) -> Planned | None:
    """Plan every literal of the notebook that is the path, or its head, as a path to `target`."""
    notebook = work.notebook(fix.file)
    if notebook is None or not fix.subject:
        return None
    edits: dict[int, CellEdit] = {}
    changes = []
    for index in _cells_with(work, fix.file, fix.subject):
        source = notebook.cells[index].source
        text = with_literals_replaced(
            source,
            [
                (one, repr(_relative(work, fix, one.value, target)))
                for one in _meant(work, source, fix.subject)
            ],
            parse,
        )
        if text is None:
            return None
        before, after = changed_lines(without_secrets(source), without_secrets(text))
        changes.append(Change(path=fix.file, cell=index, before=before, after=after))
        edits[index] = CellEdit(source=text)
    if not edits:
        return None
    content = notebook.edited(edits)
    if _is_still_used(work, fix, content):
        return None
    return Planned(edits=(Edit(path=fix.file, content=content),), changes=tuple(changes))


def _is_still_used(work: Work, fix: Fix, content: bytes) -> bool:
    """Say whether the path would still be found: in an f-string, a script that is run, a shell."""
    try:
        uses = read_python_uses(parse_notebook(content))
    except UnreadableNotebookError:
        return True
    named = {use.path for use in (*uses.reads, *uses.writes, *uses.handed)}
    if fix.subject in named | {text for _, text in uses.absolute}:
        return True
    around = posixpath.dirname(fix.file)
    for run, _ in uses.runs:
        places = dict.fromkeys(posixpath.normpath(posixpath.join(one, run)) for one in (around, ""))
        text = next((found for one in places if (found := work.text(one)) is not None), None)
        if text is None or str(fix.subject) in text or "%run" in text:
            return True
    return False


def _relative(work: Work, fix: Fix, value: str, target: str) -> str:
    """Return what is written for a literal: the path from the notebook's folder."""
    meant = target if value == fix.subject else _inside(work.root, value) or "."
    relative = posixpath.relpath(meant, posixpath.dirname(fix.file) or ".")
    return relative + "/" if value.endswith("/") else relative


def _meant(work: Work, source: str, subject: str) -> list[Literal]:
    """Return the literals that are the path, or a folder of the study that it starts with."""
    return [
        one
        for one in literals_in(source)
        if one.value == subject
        or (
            subject.startswith(one.value.rstrip("/") + "/")
            and _inside(work.root, one.value) is not None
        )
    ]


def _cells_with(work: Work, path: str, subject: str) -> list[int]:
    """Return the cells whose literals mean `subject`; none when code goes to another folder."""
    notebook = work.notebook(path)
    if notebook is None:
        return []
    if any(_OTHER_FOLDER.search(cell.source) for cell in notebook.cells.values()):
        return []
    return [index for index, cell in notebook.cells.items() if _meant(work, cell.source, subject)]


def _inside(root: Path, subject: str) -> str | None:
    """Return the study path that an absolute path means, `.` for the root, None when outside."""
    if not subject.startswith("/"):
        return None
    plain = posixpath.normpath(subject)
    for base in (root.absolute(), root.resolve()):
        folder = base.as_posix().rstrip("/")
        if plain == folder:
            return "."
        if plain.startswith(folder + "/"):
            return plain[len(folder) + 1 :]
    return None


def _same_end(path: str, subject: str) -> int:
    """Return how many last parts two paths have in common."""
    one, other = path.split("/"), subject.replace("\\", "/").split("/")
    count = 0
    while count < min(len(one), len(other)) and one[-1 - count] == other[-1 - count]:
        count += 1
    return count


def _source_file(work: Work, path: str, subject: str) -> Path | None:
    """Return the file outside the study that `subject` names, if it may be copied."""
    if subject.startswith("~/"):
        if work.settings.home is None:
            return None
        file = work.settings.home / subject[2:]
    else:
        file = work.root / posixpath.dirname(path) / subject
    try:
        file = file.resolve(strict=True)
        state = file.stat()
        folders = [folder.resolve() for folder in work.settings.copy_from]
    except (OSError, ValueError, RuntimeError):
        return None
    around = next((folder for folder in folders if file.is_relative_to(folder)), None)
    if around is None or file.is_relative_to(work.root.resolve()):
        return None
    if not stat.S_ISREG(state.st_mode) or state.st_size > work.settings.copy_limit_bytes:
        return None
    parts = file.parts[1:]
    hidden = any(part.startswith(".") for part in file.relative_to(around).parts)
    return None if hidden or parts[0] in _EVERY_MACHINE else file


def _free(work: Work, folder: str, name: str) -> str | None:
    """Return the study path of a new file that is packed, None when it cannot be."""
    path = name if folder in {"", "."} else f"{folder}/{name}"
    try:
        taken = place(work.root, path).exists()
    except RecrateError:
        return None
    return None if taken or is_left_out(work.root, path) else path
