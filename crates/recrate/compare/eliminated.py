"""What is left when no error message tells the cause: versions that are not the author's.

The author's run of the cell raised nothing, cells were run in their order, the data are those of
the crate: then the same code meets other packages, or another Python. That is concluded, not seen,
and the evidence says from what. Pure.
"""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from recrate.compare.causes import hint_of
from recrate.compare.hostile import cells_of, is_code, mapping
from recrate.compare.missing_names import python_of
from recrate.compare.pieces import ERROR, pieces_of
from recrate.compare.r_causes import is_r
from recrate.model.observation import EnvironmentSeen, NotebookObservation, Observation
from recrate.model.study import Notebook
from recrate.model.verdict import Cause, Failure, NotebookVerdict, Verdict

_OPEN = (Cause.NOT_KNOWN, Cause.AUTHORS_CODE)
_FRAME = re.compile(r"(?:File )?\"?([^\s\"][^\n\"]{0,400}?\.py[xc]?)\"?(?::\d|, line|\s?\(| in )")
_CELL = re.compile(r"(?:Cell In|Input In|<ipython-input-|File /tmp/ipykernel_)")
_INSTALLED = re.compile(r"(?:site|dist)-packages/([A-Za-z_]\w{0,80})")
_OF_PYTHON = re.compile(r"/lib/python\d\.\d{1,2}/(?!site-packages|dist-packages)|<frozen ")
_HOSTS = frozenset({"IPython", "ipykernel", "traitlets", "decorator", "nbclient"})
"""Packages that only carry out what a cell asks for."""
_NAMES = {"sklearn": "scikit-learn", "PIL": "pillow", "skimage": "scikit-image", "Bio": "biopython"}
_LONGEST = 300


def by_elimination(
    verdict: Verdict,
    recorded: Mapping[str, Notebook],
    observations: Sequence[Observation],
    *,
    own_versions: bool,
) -> Verdict:
    """Return the verdict with causes for failures whose message tells none. Never raises.

    own_versions: the packages are those of the author's kernel, so that none of them is another
    """
    if own_versions or verdict.by_hand or not observations:
        return verdict
    environment = observations[0].environment
    notebooks = tuple(
        replace(
            one, error=_concluded(one.error, one, recorded[one.path], observations, environment)
        )
        if one.error is not None and one.error.cause in _OPEN and one.path in recorded
        else one
        for one in verdict.notebooks
    )
    return replace(verdict, notebooks=notebooks)


def _concluded(
    failure: Failure,
    notebook: NotebookVerdict,
    recorded: Notebook,
    observations: Sequence[Observation],
    environment: EnvironmentSeen | None,
) -> Failure:
    run = _run_of(notebook.path, failure, observations)
    if run is None or environment is None or failure.cell is None or is_r(recorded):
        return failure
    if not _ran_in_order(recorded, failure.cell):
        return failure
    told = _other_python(recorded, environment)
    if not told:
        package = _raised_in(run.error.traceback if run.error is not None else "")
        if package:
            told = f"raised inside {_with_version(package, environment)}"
        elif failure.cause is Cause.AUTHORS_CODE or failure.name != "TypeError":
            return failure
        else:
            told = "the packages or Python are not the author's"
    evidence = (
        f"{failure.evidence[:_LONGEST]}; the author's run of this cell raised nothing: {told}"
    )
    hint = hint_of(Cause.API_CHANGED, failure.message, recorded)
    return replace(failure, cause=Cause.API_CHANGED, evidence=evidence, hint=hint)


def _run_of(
    path: str, failure: Failure, observations: Sequence[Observation]
) -> NotebookObservation | None:
    """Return the run that failed so, unless it was ended from outside."""
    for run in (one for observation in observations for one in observation.notebooks):
        if run.path == path and run.status == "failed" and run.error is not None:
            return run if run.error.cell == failure.cell else None
    return None


def _ran_in_order(recorded: Notebook, cell: int) -> bool:
    """Say whether the author ran this cell without an error, after those that stand before it."""
    cells = cells_of(recorded)[: cell + 1]
    if len(cells) <= cell or any(piece.kind == ERROR for piece in pieces_of(cells[cell])):
        return False
    counts = [
        count
        for one in cells
        if is_code(one) and isinstance(count := mapping(one).get("execution_count"), int)
    ]
    ran = isinstance(mapping(cells[cell]).get("execution_count"), int)
    return ran and all(before < after for before, after in itertools.pairwise(counts))


def _other_python(recorded: Notebook, environment: EnvironmentSeen) -> str:
    then, now = python_of(recorded), environment.python
    if then.startswith("2") and now.startswith("3"):
        return f"recorded with Python {then}, run with {now}"
    return ""


def _raised_in(traceback: str) -> str:
    """Return the package whose code raised the error; empty for the study's own code."""
    for path in _frames(traceback):
        if _OF_PYTHON.search(path):
            continue
        installed = _INSTALLED.search(path)
        top = installed.group(1) if installed else ""
        if not top and path.endswith(".pyx") and not path.startswith(("/", "~")):
            top = path.removeprefix("src/").split("/", 1)[0]
        if top not in _HOSTS:
            return top
    return ""


def _frames(traceback: str) -> Iterator[str]:
    """Yield the files of the frames, the innermost first, up to the notebook's own cell."""
    for line in reversed(traceback.splitlines()):
        if _CELL.match(line):
            return
        found = _FRAME.match(line)
        if found:
            yield found.group(1)


def _with_version(package: str, environment: EnvironmentSeen) -> str:
    name = _NAMES.get(package, package).lower().replace("_", "-")
    version = next((one.version for one in environment.packages if one.name.lower() == name), "")
    return f"{package} {version}".strip()
