"""Judge: a replay's folder and a policy → verdict, report and run crate; nothing is run."""

import base64
from pathlib import Path

from recrate.compare.judge import judge
from recrate.compare.pictures import difference_picture
from recrate.crate.runs import write_run_crate
from recrate.flow.credits import creators_of, licence_of
from recrate.flow.work import ReplayFolder
from recrate.model.errors import BadInput
from recrate.model.policy import Policy
from recrate.model.study import Notebook
from recrate.model.verdict import OutputJudgement, Verdict
from recrate.outside.disk import write_text
from recrate.report.account import Account, Language
from recrate.report.page import render_page

RASTER = ("image/png", "image/jpeg", "image/gif", "image/webp")


def judge_folder(root: Path, *, policy: Policy, agent: str, language: Language | None) -> Verdict:
    """Judge the saved observations in `root` and write verdict, report and run crate there."""
    folder = ReplayFolder(root=root)
    head = folder.read_head()
    observations = folder.observations()
    if not observations:
        raise BadInput(
            "nothing was observed yet",
            where=str(root),
            hint="finish it with `recrate replay CRATE -o DIR --resume`",
        )
    recorded = folder.read_recorded(head.notebooks)
    reruns = tuple(folder.read_reruns(observation) for observation in observations)
    verdict = judge(recorded, observations, reruns, policy)
    crate = folder.read_crate()
    account = Account(
        verdict=verdict,
        observations=observations,
        recorded=recorded,
        reruns=reruns,
        pictures=_pictures(verdict, recorded, reruns[0]),
        crate_name=crate.name,
        crate_identity=crate.identity,
        crate_location=head.location,
        lock=crate.lock,
        title=crate.name,
        creators=creators_of(crate.metadata),
        licence=licence_of(crate.metadata),
        generated_by=agent,
        language=language,
    )
    folder.write_verdict(verdict)
    write_text(folder.report, render_page(account))
    write_run_crate(root, crate=crate, observations=observations, verdict=verdict)
    return verdict


def _pictures(
    verdict: Verdict, recorded: dict[str, Notebook], rerun: dict[str, Notebook]
) -> dict[tuple[str, int, int], bytes]:
    """Draw the difference picture of every raster picture that is not identical."""
    drawn: dict[tuple[str, int, int], bytes] = {}
    for notebook in verdict.notebooks:
        for cell in notebook.cells:
            for output in cell.outputs:
                if output.mime not in RASTER or output.verdict is OutputJudgement.IDENTICAL:
                    continue
                before = _picture(recorded.get(notebook.path), cell.index, output.index)
                after = _picture(rerun.get(notebook.path), cell.rerun_index, output.rerun_index)
                if before and after:
                    key = (notebook.path, cell.index, output.index)
                    drawn[key] = difference_picture(before, after)
    return drawn


def _picture(notebook: Notebook | None, cell: int | None, output: int | None) -> bytes | None:
    """Return the bytes of a raster output, or None when it is not there or not base64."""
    if notebook is None or cell is None or output is None:
        return None
    try:
        data = notebook["cells"][cell]["outputs"][output]["data"]
        encoded = next(data[mime] for mime in RASTER if mime in data)
        return base64.b64decode("".join(encoded))
    except (KeyError, IndexError, TypeError, ValueError, StopIteration):
        return None
