"""What the author asks of those who judge: whether it can be used, and names what is there."""

from collections.abc import Iterator
from pathlib import Path

from recrate.model.asked import asked_of_cell, asked_of_notebook, claims_asked
from recrate.model.errors import BadInput
from recrate.model.finding import CLAIM_NOT_FOUND, Finding
from recrate.model.policies import AUTHOR_FILE, FILE_LIMIT_BYTES, read_policy_file
from recrate.model.study import Notebook
from recrate.scan.codes import finding
from recrate.scan.notebook import is_empty


def asked_findings(path: str, notebook: Notebook) -> Iterator[Finding]:
    """Yield what cannot be used of the settings in a notebook, and claims of what is not there.

    notebook: as `read_notebook` returns it; path: in the study
    """
    claims, complaints = claims_asked(notebook)
    for said in (*asked_of_notebook(notebook).complaints, *complaints):
        yield finding("bad-setting", said, path=path)
    for index, cell in enumerate(notebook["cells"]):
        for said in asked_of_cell(cell).complaints:
            yield finding("bad-setting", said, path=path, cell=index)
    for one in claims:
        problem = ""
        if one.cell is None:
            problem = f"names cell {one.named}, and there is no such code cell, or several"
        elif one.output is not None and not _has_output(notebook, one.cell, one.output):
            problem = f"names output {one.output} of cell {one.named}, which has none there"
        if problem:
            message = f"claim {one.number} of the list {problem}"
            yield finding(CLAIM_NOT_FOUND, message, path=path, cell=one.cell)


def policy_findings(root: Path, paths: frozenset[str]) -> Iterator[Finding]:
    """Yield what is wrong with the policy that the author gives the study; `paths`: its files."""
    if AUTHOR_FILE not in paths:
        return
    try:
        with (root / AUTHOR_FILE).open("rb") as file:
            content = file.read(FILE_LIMIT_BYTES + 1)
        policy = read_policy_file(content, where=AUTHOR_FILE, name="author's")
    except (BadInput, OSError) as error:
        said = error.message if isinstance(error, BadInput) else error.strerror or str(error)
        yield finding("bad-policy", said, path=AUTHOR_FILE)
        return
    if policy.waivers:
        said = "an author's policy accepts no differences: its waivers are not heeded"
        yield finding("bad-policy", said, path=AUTHOR_FILE)


def _has_output(notebook: Notebook, cell: int, output: int) -> bool:
    outputs = notebook["cells"][cell]["outputs"]
    return output < len(outputs) and not is_empty(outputs[output])
