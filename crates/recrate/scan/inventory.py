"""The door of this room: a study's folder in, an `Inventory` out."""

import posixpath
import warnings
from dataclasses import dataclass, field
from pathlib import Path

from recrate.model.errors import BadInput
from recrate.model.finding import Finding
from recrate.model.progress import Progress, silent
from recrate.model.study import Declaration, FoundNotebook, FoundScript, Inventory
from recrate.scan.asked import asked_findings, policy_findings
from recrate.scan.code_reading import read_notebook_code, read_script_code
from recrate.scan.code_use import resolve
from recrate.scan.codes import finding
from recrate.scan.complaints import Made, code_findings
from recrate.scan.execution import execution_findings
from recrate.scan.following import follow_runs
from recrate.scan.kinds import declaration_kind, is_description, script_language
from recrate.scan.modules import Modules
from recrate.scan.notebook import describe_notebook, language_of
from recrate.scan.options import ScanOptions
from recrate.scan.order import run_order
from recrate.scan.reading import UnreadableNotebookError, read_notebook
from recrate.scan.referred import referred_paths
from recrate.scan.sensitive import notebook_secrets, text_secrets
from recrate.scan.study_date import git_date
from recrate.scan.targets import Places
from recrate.scan.uses import Uses
from recrate.scan.walk import Walk, walk

_SCRIPT_LIMIT_BYTES = 2_000_000


def take_inventory(
    root: Path, *, options: ScanOptions | None = None, progress: Progress = silent
) -> Inventory:
    """Look at the folder `root` once and say what is in it.

    Raises BadInput when `root` is no folder, holds no notebook, none of them can be read, or a
    notebook of `options.notebooks` is not there or cannot be read.
    """
    options = options or ScanOptions()
    if not root.is_dir():
        raise BadInput("is not a folder", where=str(root), hint="name the folder of a study")
    with warnings.catch_warnings():
        # A stranger's `"\d"` is no concern of the person who scans.
        warnings.simplefilter("ignore")
        return _Scan(root, options, progress).run()


@dataclass(slots=True)
class _Scan:
    root: Path
    options: ScanOptions
    progress: Progress
    found: Walk = field(init=False)
    places: Places = field(init=False)
    modules: Modules = field(init=False)
    findings: list[Finding] = field(default_factory=list)
    uses: dict[str, Uses] = field(default_factory=dict)

    def run(self) -> Inventory:
        self.progress("scan", 0, 0, "looking through the folder")
        self.found = walk(self.root)
        referred = referred_paths(self.root)
        self.places = Places(self.root.resolve().as_posix(), self.found, referred)
        self.modules = Modules(self.places)
        self.findings.extend(self.found.findings)
        notebooks = self._notebooks(self._chosen())
        scripts = self._scripts()
        ordered, cycles = run_order(notebooks)
        self.findings.extend(cycles)
        made = Made()
        for notebook in ordered:
            uses = self.uses[notebook.path]
            self.findings.extend(
                code_findings(notebook.path, uses, made, self.places, self.modules)
            )
        self._file_findings()
        return self._inventory(ordered, scripts)

    def _inventory(
        self, ordered: tuple[FoundNotebook, ...], scripts: tuple[FoundScript, ...]
    ) -> Inventory:
        files = self.found.files
        by_git = git_date(self.root)
        newest = max((one.last_run[:10] for one in ordered if one.last_run), default=None)
        return Inventory(
            name=self.root.resolve().name or "study",
            files=tuple(files),
            notebooks=ordered,
            scripts=scripts,
            declarations=tuple(
                Declaration(path=file.path, kind=kind)
                for file in files
                if (kind := declaration_kind(file.path))
            ),
            descriptions=tuple(file.path for file in files if is_description(file.path)),
            study_date=by_git or newest,
            study_date_source="git" if by_git else ("notebook" if newest else None),
            findings=tuple(dict.fromkeys(self.findings)),
        )

    def _chosen(self) -> tuple[str, ...]:
        present = [file.path for file in self.found.files if file.path.lower().endswith(".ipynb")]
        if not present:
            raise BadInput(
                "holds no notebook",
                where=str(self.root),
                hint="name the folder that holds the .ipynb files; "
                "notebooks that an ignore file names are not seen",
            )
        chosen = tuple(posixpath.normpath(path) for path in self.options.notebooks)
        for path in chosen:
            if path not in present:
                raise BadInput(
                    "no such notebook in the study",
                    where=path,
                    hint="paths are relative to the study's root, with /",
                )
        return tuple(dict.fromkeys(chosen)) or tuple(present)

    def _notebooks(self, paths: tuple[str, ...]) -> tuple[FoundNotebook, ...]:
        read: list[FoundNotebook] = []
        for number, path in enumerate(paths):
            self.progress("scan", number, len(paths), path)
            try:
                read.append(self._notebook(path))
            except UnreadableNotebookError as error:
                problem = finding("unreadable-notebook", str(error), path=path)
                if self.options.notebooks or len(paths) == 1:
                    raise BadInput(problem.message, where=path, hint=problem.hint) from error
                self.findings.append(problem)
        if not read:
            raise BadInput(
                f"none of its {len(paths)} notebooks can be read",
                where=str(self.root),
                hint=self.findings[-1].where + " " + self.findings[-1].message,
            )
        return tuple(read)

    def _notebook(self, path: str) -> FoundNotebook:
        notebook = read_notebook(self.root / path)
        language = language_of(notebook)
        uses, findings = read_notebook_code(path, notebook, language)
        follow_runs(self.root, path, uses, self.places)
        self.uses[path] = uses
        self.findings.extend(execution_findings(path, notebook))
        self.findings.extend(findings)
        self.findings.extend(asked_findings(path, notebook))
        if self.options.look_for_secrets:
            self.findings.extend(notebook_secrets(path, notebook))
        return describe_notebook(path, notebook, resolve(path, uses, self.places, self.modules))

    def _scripts(self) -> tuple[FoundScript, ...]:
        scripts: list[FoundScript] = []
        for file in self.found.files:
            language = script_language(file.path)
            if language is None or file.size_bytes > _SCRIPT_LIMIT_BYTES:
                continue
            try:
                text = (self.root / file.path).read_bytes().decode("utf-8-sig", "replace")
            except OSError as error:
                message = f"cannot be read: {error.strerror or error}"
                self.findings.append(finding("unreadable-file", message, path=file.path))
                continue
            uses = read_script_code(text, language)
            resolved = resolve(file.path, uses, self.places, self.modules)
            scripts.append(FoundScript(path=file.path, language=language, uses=resolved))
        return tuple(scripts)

    def _file_findings(self) -> None:
        paths = frozenset(file.path for file in self.found.files)
        self.findings.extend(policy_findings(self.root, paths))
        limit = self.options.file_size_limit_bytes
        for file in self.found.files:
            if file.size_bytes > limit and file.path not in self.places.referred:
                message = f"is {file.size_bytes:,} bytes; the limit is {limit:,}"
                self.findings.append(finding("large-file", message, path=file.path))
        if self.options.look_for_secrets:
            self.findings.extend(text_secrets(self.root, self.found.files))
