"""Small studies for the tests of this room: inventories without a scan, and settings."""

import os
from pathlib import Path

from recrate.environment.settings import EnvironmentSettings
from recrate.model.study import CodeUse, Declaration, FoundNotebook, Import, Inventory

KINDS = {
    "requirements.txt": "requirements",
    "requirements-dev.txt": "requirements",
    "constraints.txt": "constraints",
    "environment.yml": "conda",
    "pyproject.toml": "pyproject",
    "setup.py": "setup",
    "setup.cfg": "setup",
    "Pipfile": "pipfile",
    "Pipfile.lock": "pipfile-lock",
    "poetry.lock": "poetry-lock",
    "uv.lock": "uv-lock",
    "runtime.txt": "runtime",
    "apt.txt": "apt",
    "renv.lock": "renv",
    "DESCRIPTION": "r-description",
    "install.R": "install-r",
}


def settings_in(folder: Path, *index: str, **variables: str) -> EnvironmentSettings:
    return EnvironmentSettings(
        cache=folder / "cache",
        today="2024-06-01",
        variables={**os.environ, **variables},
        index=index,
        python_downloads=False,
    )


def notebook(
    *imports: str | Import,
    path: str = "analysis.ipynb",
    python: str | None = "3.11",
    language: str = "python",
    kernel: str = "python3",
    **uses: tuple,
) -> FoundNotebook:
    entries = tuple(
        one if isinstance(one, Import) else Import(name=one, local=False, cell=0) for one in imports
    )
    return FoundNotebook(
        path=path,
        format="4.5",
        language=language,
        kernel=kernel,
        language_version=python,
        cells=1,
        code_cells=1,
        outputs=0,
        last_run=None,
        uses=CodeUse(imports=entries, **uses),
    )


def study(
    root: Path, *notebooks: FoundNotebook, date: str | None = "2023-06-01", **files: str
) -> Inventory:
    """Write `files` (their names with `_` for `.` where needed) and describe the study."""
    root.mkdir(exist_ok=True)
    for name, text in files.items():
        (root / name).write_text(text, "utf-8")
    return Inventory(
        name=root.name,
        files=(),
        notebooks=notebooks or (notebook(),),
        declarations=tuple(
            Declaration(path=name, kind=KINDS[name]) for name in sorted(files) if name in KINDS
        ),
        study_date=date,
        study_date_source="git" if date else None,
    )
