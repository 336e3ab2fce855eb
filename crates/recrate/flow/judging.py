"""Judge: a replay's folder and a policy → verdict, report and run crate; nothing is run."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from recrate.compare.pictures import difference_picture
from recrate.crate.document import find_metadata
from recrate.crate.run_entities import environment_in_words
from recrate.crate.runs import published_at, write_run_crate
from recrate.crate.signature_check import read_run
from recrate.crate.signing import SIGNATURE
from recrate.flow.code_facts import judge_with_causes
from recrate.flow.credits import creators_of, licence_of
from recrate.flow.file_judging import draw_files, judge_files
from recrate.flow.policies import policy_for
from recrate.flow.probes import read_probes
from recrate.flow.repaired import read_repaired, repaired_folder, repaired_here
from recrate.flow.signing import refuse_other_crates, still_signed
from recrate.flow.work import UNSIGNED, ReplayFolder
from recrate.model.crate import Crate
from recrate.model.errors import BadInput
from recrate.model.finding import Finding
from recrate.model.observation import NotebookObservation, Observation
from recrate.model.policy import Policy
from recrate.model.study import Notebook
from recrate.model.verdict import CellVerdict, OutputJudgement, OutputVerdict, Verdict
from recrate.model.wire import to_json
from recrate.outside.archive import Archive
from recrate.outside.disk import write_text
from recrate.report.account import Account, Language
from recrate.report.badge import render_badge, review_document
from recrate.report.page import render_page

RASTER = ("image/png", "image/jpeg", "image/gif", "image/webp")


def judge_folder(
    root: Path,
    *,
    policy: Policy,
    agent: str,
    language: Language | None,
    chosen: Policy | None = None,
) -> Verdict:
    """Judge the saved observations in `root` and write verdict, report and run crate there.

    policy: as configured; chosen: that the person names now, which is not kept as the folder's.
    Which of them holds beside the folder's own and the author's, `policy_for` says.
    """
    folder = ReplayFolder(root=root)
    folder.read_head()
    with folder.judging():
        found = policy_for(folder, configured=policy, chosen=chosen)
        return rejudge(folder, found.policy, agent, language, findings=found.findings)


def rejudge(
    folder: ReplayFolder,
    policy: Policy,
    agent: str,
    language: Language | None,
    *,
    keep: bool = False,
    findings: tuple[Finding, ...] = (),
) -> Verdict:
    """Judge by `policy`, inside `folder.judging()`; `keep` makes it the folder's own.

    findings: about the choice of the policy
    """
    head = folder.read_head()
    observations = folder.observations()
    if not observations:
        raise BadInput(
            "nothing was observed yet",
            where=str(folder.root),
            hint="finish it with `recrate replay CRATE -o DIR --resume`",
        )
    crate = folder.read_crate()
    recorded = folder.read_recorded(head.notebooks)
    reruns = tuple(folder.read_reruns(observation) for observation in observations)
    verdict = judge_with_causes(
        recorded,
        observations,
        reruns,
        policy,
        lock=crate.lock,
        probes=read_probes(folder),
        files=lambda by: judge_files(folder, crate, observations, recorded, by),
    )
    verdict = replace(verdict, findings=(*verdict.findings, *findings))
    repaired = repaired_here(folder.root)
    if repaired is None:
        _judge_repaired(folder, policy, agent, language)
        repaired = read_repaired(folder.root)
    account = replace(
        _account_of(folder, crate, verdict, recorded, agent),
        observations=observations,
        reruns=reruns,
        pictures=_pictures(verdict, recorded, observations, reruns),
        crate_location=head.location,
        language=language,
        repaired=repaired,
    )
    with folder.replacing() as draft:
        if keep:
            write_text(draft / "policy.json", to_json(policy))
        _write_judged(folder, draft, account, crate)
    return verdict


def _judge_repaired(
    folder: ReplayFolder, policy: Policy, agent: str, language: Language | None
) -> None:
    """Judge the replay of the patched copy by the same policy, in its own folder."""
    inner = repaired_folder(folder.root)
    if inner is not None and repaired_here(inner.root) is not None:
        with inner.judging():
            rejudge(inner, policy, agent, language)


def _account_of(
    folder: ReplayFolder,
    crate: Crate,
    verdict: Verdict,
    recorded: Mapping[str, Notebook],
    agent: str,
) -> Account:
    """Return the account of a verdict, without what the runs showed."""
    return Account(
        verdict=verdict,
        observations=(),
        recorded=recorded,
        reruns=(),
        file_pictures=draw_files(folder, verdict),
        crate_name=crate.name,
        crate_identity=crate.identity,
        lock=crate.lock,
        published=len(crate.notebooks),
        title=crate.name,
        creators=creators_of(crate.metadata),
        licence=licence_of(crate.metadata),
        generated_by=agent,
        witness=folder.read_witness(),
    )


def _write_judged(folder: ReplayFolder, draft: Path, account: Account, crate: Crate) -> None:
    """Write what judging gives; a signature of another verdict goes."""
    write_text(draft / "verdict.json", to_json(account.verdict))
    write_text(draft / "report.html", render_page(account))
    if not account.verdict.after_repair:
        _write_badge(draft, account, crate, account.generated_by)
    stale = not still_signed(folder.root, draft)
    if stale:
        write_text(draft / UNSIGNED, "")
    write_run_crate(
        folder.root,
        crate=crate,
        observations=account.observations,
        verdict=account.verdict,
        staged=draft,
        without={SIGNATURE, UNSIGNED} if stale else (),
        witness=account.witness,
    )


def draw_badge(location: Path, *, language: Language) -> str:
    """Return the badge of a replay that was judged: its folder, or a zip file of it.

    Raises NotFound where nothing was judged, BadInput and BadCrate for what is no replay.
    """
    if location.is_dir():
        folder = ReplayFolder(root=location)
        folder.read_head()
        folder.read_verdict()
    with Archive(location) as archive:
        prefix, _ = find_metadata(archive)
        refuse_other_crates(archive, prefix)
        run = read_run(archive, prefix, lambda _: "")
    return render_badge(
        run.verdict,
        date=run.ended,
        environment=run.environment,
        language=language,
        published=run.published,
    )


def _write_badge(draft: Path, account: Account, crate: Crate, agent: str) -> None:
    """Write the verdict as a badge and as a review, for wherever it is shown."""
    language = account.language or "en"
    date = max((one.ended for one in account.observations), default="")
    environment = environment_in_words(account.observations)
    published = len(crate.notebooks)
    badge = render_badge(
        account.verdict,
        date=date,
        environment=environment,
        language=language,
        published=published,
    )
    write_text(draft / "badge.svg", badge)
    review = review_document(
        account.verdict,
        crate_name=crate.name,
        crate_identity=crate.identity,
        crate_url=published_at(crate),
        date=date,
        environment=environment,
        agent=agent,
        language=language,
        published=published,
        witness=account.witness,
    )
    write_text(draft / "review.jsonld", to_json(review))


def completed_first(
    path: str, observations: Sequence[Observation]
) -> tuple[tuple[int, NotebookObservation], ...]:
    """Return the runs of a notebook with their places, those first that came to the end.

    The judge compares with the first of them.
    """
    runs = [
        (place, seen)
        for place, observation in enumerate(observations)
        for seen in observation.notebooks
        if seen.path == path
    ]
    return tuple(sorted(runs, key=lambda run: run[1].status != "completed"))


def draw_difference(
    recorded: Notebook | None, rerun: Notebook | None, cell: CellVerdict, output: OutputVerdict
) -> bytes | None:
    """Return the difference picture of an output as PNG, None when it is no pair of pictures."""
    if output.mime not in RASTER or output.verdict is OutputJudgement.IDENTICAL:
        return None
    before = _picture(recorded, cell.index, output.index)
    after = _picture(rerun, cell.rerun_index, output.rerun_index)
    return difference_picture(before, after) if before and after else None


def _pictures(
    verdict: Verdict,
    recorded: Mapping[str, Notebook],
    observations: Sequence[Observation],
    reruns: Sequence[Mapping[str, Notebook]],
) -> dict[tuple[str, int, int], bytes]:
    """Draw the difference picture of every raster picture that is not identical."""
    drawn: dict[tuple[str, int, int], bytes] = {}
    for notebook in verdict.notebooks:
        runs = completed_first(notebook.path, observations)
        rerun = reruns[runs[0][0]].get(notebook.path) if runs else None
        for cell in notebook.cells:
            for output in cell.outputs:
                picture = draw_difference(recorded.get(notebook.path), rerun, cell, output)
                if picture is not None:
                    drawn[notebook.path, cell.index, output.index] = picture
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
