"""The door of this room: a study's folder in, an `Inventory` out."""

from pathlib import Path

from recrate.model.errors import BadInput
from recrate.model.finding import Finding
from recrate.model.progress import Progress, silent
from recrate.model.study import (
    CodeUse,
    Declaration,
    FoundNotebook,
    FoundScript,
    Inventory,
)
from recrate.scan.codes import finding
from recrate.scan.kinds import declaration_kind, is_description, script_language
from recrate.scan.notebook import describe_notebook
from recrate.scan.options import ScanOptions
from recrate.scan.reading import UnreadableNotebookError, read_notebook
from recrate.scan.study_date import git_date
from recrate.scan.walk import walk


def take_inventory(
    root: Path, *, options: ScanOptions | None = None, progress: Progress = silent
) -> Inventory:
    """Look at the folder `root` once and say what is in it.

    Raises BadInput when `root` is no folder, holds no notebook, none of them can be read, or a
    notebook of `options.notebooks` is not there or cannot be read.
    """
    options = options or ScanOptions()
    if not root.is_dir():
        raise BadInput("is not a folder", where=str(root))
    found = walk(root)
    paths = [file.path for file in found.files if file.path.endswith(".ipynb")]
    findings: list[Finding] = list(found.findings)
    if not paths:
        raise BadInput("no notebook in this folder", where=str(root), hint="choose another folder")
    notebooks: list[FoundNotebook] = []
    for number, path in enumerate(paths):
        progress("scan", number, len(paths), path)
        try:
            notebook = read_notebook(root / path)
        except UnreadableNotebookError as error:
            findings.append(finding("unreadable-notebook", str(error), path=path))
            continue
        notebooks.append(describe_notebook(path, notebook, CodeUse()))
    scripts = tuple(
        FoundScript(path=file.path, language=language, uses=CodeUse())
        for file in found.files
        if (language := script_language(file.path))
    )
    date = git_date(root)
    newest = max((one.last_run for one in notebooks if one.last_run), default=None)
    return Inventory(
        name=root.resolve().name,
        files=tuple(found.files),
        notebooks=tuple(notebooks),
        scripts=scripts,
        declarations=tuple(
            Declaration(path=file.path, kind=kind)
            for file in found.files
            if (kind := declaration_kind(file.path))
        ),
        descriptions=tuple(file.path for file in found.files if is_description(file.path)),
        study_date=date or (newest and newest[:10]),
        study_date_source="git" if date else ("notebook" if newest else None),
        findings=tuple(findings),
    )
