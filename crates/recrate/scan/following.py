"""Scripts and notebooks that a notebook runs (`%run x.py`, `!python x.py`), counted as its own.

They run in the notebook's folder, at the line that starts them; what they import, read, write and
fetch is what the notebook does there.
"""

import posixpath
from dataclasses import replace
from pathlib import Path

from recrate.scan.code_reading import read_notebook_code, read_script_code
from recrate.scan.kinds import script_language
from recrate.scan.notebook import language_of
from recrate.scan.reading import UnreadableNotebookError, read_notebook
from recrate.scan.targets import Places
from recrate.scan.uses import Place, Uses

_LIMIT = 20
"""So many files are followed from one notebook: chains are short, circles are not."""
_SIZE_LIMIT_BYTES = 2_000_000


def follow_runs(root: Path, path: str, uses: Uses, places: Places) -> None:
    """Take what the notebook at study path `path` runs into its `uses`; what is gone is skipped."""
    around = posixpath.dirname(path)
    followed = {path}
    waiting = list(uses.runs)
    while waiting and len(followed) <= _LIMIT:
        named, place = waiting.pop(0)
        target = next(
            (one for one in places.candidates(named, around, "") if one in places.files), None
        )
        if target is None or target in followed:
            continue
        followed.add(target)
        inner = _read(root / target, target)
        if inner is not None:
            _merge(inner, uses, place)
            waiting.extend((name, place) for name, _ in inner.runs)


def _read(file: Path, path: str) -> Uses | None:
    try:
        if path.endswith(".ipynb"):
            notebook = read_notebook(file)
            return read_notebook_code(path, notebook, language_of(notebook))[0]
        language = script_language(path)
        if language is None or file.stat().st_size > _SIZE_LIMIT_BYTES:
            return None
        text = file.read_bytes().decode("utf-8-sig", "replace")
    except (OSError, UnreadableNotebookError):
        return None
    return read_script_code(text, language)


def _merge(inner: Uses, uses: Uses, place: Place) -> None:
    uses.imports.extend(replace(use, place=place) for use in inner.imports if not use.level)
    uses.reads.extend(replace(use, place=place) for use in inner.reads)
    uses.writes.extend(replace(use, place=place) for use in inner.writes)
    uses.handed.extend(replace(use, place=place) for use in inner.handed)
    uses.search_folders.extend(inner.search_folders)
    for url, (fetched, _) in inner.web.items():
        uses.add_web(url, place, fetched=fetched)
    for name in inner.variables:
        uses.variables.setdefault(name, place)
    for program in inner.programs:
        uses.add_program(program)
    uses.network.extend((place, what) for _, what in inner.network)
    uses.gpu.extend((place, what) for _, what in inner.gpu)
    uses.handles_no_gpu = uses.handles_no_gpu or inner.handles_no_gpu
    uses.makes_unknown_files = uses.makes_unknown_files or inner.makes_unknown_files
