"""Witness: what a reviewer ran by hand in a session → verdict, report and run crate, and a word."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from recrate.compare.by_hand import HandRun, Seen, account_for
from recrate.compare.hostile import cells_of, mapping, sequence, text
from recrate.environment.card import read_card
from recrate.flow.earlier_runs import as_run_before, earlier_runs
from recrate.flow.judging import judge_folder
from recrate.flow.provenance import remember_run, runs_ledger
from recrate.flow.replay import Replayed
from recrate.flow.running import language_of
from recrate.flow.settings import Settings
from recrate.flow.sightings import seen_in
from recrate.flow.work import ReplayFolder, ReplayHead, parse_notebook, read_notebook
from recrate.launch.session import Session
from recrate.locate.whereabouts import Origin
from recrate.metadata.people import orcid_url
from recrate.model.errors import BadInput, NotFound, OutsideFailed
from recrate.model.launch import SessionHead
from recrate.model.observation import EnvironmentSeen, NotebookObservation, Observation, RunError
from recrate.model.progress import Progress, silent
from recrate.model.study import Notebook
from recrate.model.witness import Opinion, Reviewer, Witness
from recrate.outside.disk import disk_errors, write_text
from recrate.replay.copies import open_beneath
from recrate.report.account import Language
from recrate.report.characters import without_ansi

BEFORE = "what these cells gave when they were run before; all others as they were left"
BY_HAND = "run by hand in JupyterLab, cell by cell: no unattended replay"
NOTEBOOK_BYTES = 256 << 20
"""A larger notebook is left out: read into memory it takes several times that."""

_TRACEBACK_CHARACTERS = 8_000
_MESSAGE_CHARACTERS = 2_000
_STATEMENT_CHARACTERS = 20_000
_NAMED_AT_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessOrder:
    """What a reviewer says.

    notebooks: paths relative to the study's root; empty means all that were run
    language:  the report opens in it; None lets the reader's browser choose
    """

    reviewer: Reviewer
    opinion: Opinion
    statement: str = ""
    notebooks: tuple[str, ...] = ()
    language: Language | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Left:
    """A notebook as the reviewer left it."""

    recorded: Notebook
    saved: Notebook
    run: HandRun
    earlier: Mapping[int, tuple[Any, ...]]


@dataclass(slots=True, kw_only=True)
class _Look:
    """What was found in the session's study, and a note for each notebook that was left out."""

    left: dict[str, _Left] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def witness(
    session: Session,
    order: WitnessOrder,
    *,
    destination: Path,
    settings: Settings,
    progress: Progress = silent,
) -> Replayed:
    """Judge the notebooks of a session as they are saved now; `destination` becomes a run crate.

    Only cells whose source is as published, and that were run in the session, are compared; all
    others are named. `witness.json` there holds the reviewer's word. Raises BadInput where no
    notebook was run, or the ORCID is none; NotFound for a notebook that was not published.
    """
    head = session.read_head()
    reviewer = _reviewer(order.reviewer)
    look = _look_at(session, head, order.notebooks, progress)
    if not look.left:
        raise BadInput(
            "no notebook was run in this session" + _why(look.notes),
            where=head.title,
            hint="run the notebooks, save them, and send the review again",
        )
    now = settings.clock().isoformat(timespec="seconds")
    folder = ReplayFolder(root=destination)
    crate = replace(session.read_crate(), location=head.location)
    folder.write_head(_replay_head(head, look, settings))
    folder.write_recorded({path: one.recorded for path, one in look.left.items()})
    folder.write_crate(crate)
    last = _observed(folder, head, look, now, settings)
    observations = (last, *_run_before(folder, look, last))
    for one in observations:
        folder.write_observation(one)
    folder.write_witness(
        Witness(
            reviewer=reviewer,
            opinion=order.opinion,
            statement=order.statement.strip()[:_STATEMENT_CHARACTERS],
            session=head.id,
            target=head.target,
            started=head.started,
            ended=now,
            notes=tuple(look.notes),
        )
    )
    progress("judge", 0, 1, head.title)
    verdict = judge_folder(
        destination, policy=settings.policy, agent=settings.agent, language=order.language
    )
    progress("judge", 1, 1, head.title)
    _remember(destination, settings, now)
    return Replayed(crate=crate, folder=folder, observations=observations, verdict=verdict)


def _remember(root: Path, settings: Settings, now: str) -> None:
    """Note that this was judged; the verdict stands whether that succeeds or not."""
    try:
        remember_run(runs_ledger(settings), root, now=now)
    except OutsideFailed:
        return


def _reviewer(said: Reviewer) -> Reviewer:
    """Return the reviewer with the ORCID as a URL; raises BadInput for one that is none."""
    orcid = (said.orcid or "").strip()
    url = orcid_url(orcid) if orcid else None
    if orcid and url is None:
        raise BadInput(
            "is no ORCID: form or check digit wrong",
            where="reviewer.orcid",
            hint="copy it from your page at orcid.org, or leave it empty",
        )
    return Reviewer(name=said.name.strip(), orcid=url, affiliation=said.affiliation.strip())


def _why(notes: list[str]) -> str:
    return f" ({'; '.join(notes)})"[:500] if notes else ""


def _look_at(
    session: Session, head: SessionHead, chosen: tuple[str, ...], progress: Progress
) -> _Look:
    unknown = [path for path in chosen if path not in head.notebooks]
    if unknown:
        raise NotFound(
            "this notebook is not among the published ones",
            where=unknown[0][:_NAMED_AT_MOST],
            hint="its notebooks: " + ", ".join(head.notebooks[:20]),
        )
    wanted = [path for path in head.notebooks if not chosen or path in chosen]
    seen, look = seen_in(session), _Look()
    for number, path in enumerate(wanted):
        progress("look", number, len(wanted), path)
        _look_at_one(session, head, path, seen.get(path, {}), look)
    return look


def _look_at_one(
    session: Session, head: SessionHead, path: str, seen: Mapping[int, Seen], look: _Look
) -> None:
    """Read a notebook as saved; one that cannot be judged is left out, with a note."""
    stream = open_beneath(Path(head.study), path)
    if stream is None:
        look.notes.append(f"no longer in the session, left out: {path}")
        return
    with disk_errors(Path(head.study) / path), stream:
        content = stream.read(NOTEBOOK_BYTES + 1)
    if len(content) > NOTEBOOK_BYTES:
        look.notes.append(f"too large to be judged, left out: {path}")
        return
    recorded = read_notebook(ReplayFolder(root=session.root).recorded(path))
    try:
        saved = parse_notebook(content, where=path)
    except BadInput:
        look.notes.append(f"cannot be read as a notebook, left out: {path}")
        return
    run = account_for(recorded, saved, seen, started=head.started)
    if run.was_run:
        earlier = earlier_runs(session, path, recorded, run.judged)
        look.left[path] = _Left(recorded=recorded, saved=saved, run=run, earlier=earlier)
    else:
        look.notes.append(f"not run by the reviewer, left out: {path}")


def _replay_head(head: SessionHead, look: _Look, settings: Settings) -> ReplayHead:
    fetched = head.location.startswith(("https://", "http://"))
    origin = Origin(url=head.location, fetched=head.started, doi=head.doi) if fetched else None
    return ReplayHead(
        recrate=settings.agent,
        crate=head.crate,
        crate_name=head.name,
        location=head.location,
        notebooks=tuple(look.left),
        repeats=1 + any(one.earlier for one in look.left.values()),
        origin=origin,
    )


def _observed(
    folder: ReplayFolder, head: SessionHead, look: _Look, now: str, settings: Settings
) -> Observation:
    seen = []
    for path, left in look.left.items():
        place = folder.observation(0) / "notebooks" / path
        write_text(place, _as_json(left.saved))
        error = _error_of(left)
        seen.append(
            NotebookObservation(
                path=path,
                status="failed" if error else "completed",
                seconds=0.0,
                rerun=f"notebooks/{path}",
                error=error,
                notes=left.run.notes,
                set_aside=left.run.set_aside,
            )
        )
    language = language_of(next(iter(look.left.values())).recorded)
    return Observation(
        crate=head.crate,
        crate_name=head.name,
        repeat=0,
        agent=settings.agent,
        started=head.started,
        ended=now,
        runner=f"JupyterLab session (target {head.target})",
        sandbox=head.walls,
        environment=_environment(head, language),
        notebooks=tuple(seen),
        network_allowed=head.network,
        notes=(BY_HAND, *look.notes, *head.notes),
        by_hand=True,
    )


def _run_before(folder: ReplayFolder, look: _Look, last: Observation) -> tuple[Observation, ...]:
    """Write what cells gave when they were run before; nothing where none gave something else."""
    again = {path: one for path, one in look.left.items() if one.earlier}
    if not again:
        return ()
    for path, left in look.left.items():
        made = as_run_before(left.saved, left.recorded, left.earlier)
        write_text(folder.observation(1) / "notebooks" / path, _as_json(made))
    told = [
        f"{path}: cells {', '.join(map(str, sorted(one.earlier)))}" for path, one in again.items()
    ]
    return (replace(last, repeat=1, notes=(BY_HAND, f"{BEFORE}: {'; '.join(told)}"[:1000])),)


def _as_json(notebook: Notebook) -> str:
    """Return a notebook as text that UTF-8 can hold: outputs may have half surrogate pairs."""
    told = json.dumps(notebook, ensure_ascii=False)
    try:
        told.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(notebook)
    return told


def _environment(head: SessionHead, language: str) -> EnvironmentSeen | None:
    """Return what the session's kernel of a language runs in, as it was measured at its start."""
    fitting = [one for one in head.environments if one.language == language]
    measured = next(iter((*fitting, *head.environments)), None)
    if measured is None:
        return None
    return EnvironmentSeen(
        language=measured.language,
        python=measured.python,
        packages=measured.packages,
        restored=measured.restored,
        seconds=measured.seconds,
        differences=measured.differences,
        notes=measured.notes,
        card=read_card(),
    )


def _error_of(left: _Left) -> RunError | None:
    """Return what stopped a notebook: the first error of a judged cell that was not recorded."""
    if left.run.stopped is None:
        return None
    index, at = left.run.stopped
    outputs = sequence(mapping(cells_of(left.saved)[at]).get("outputs"))
    error = next(
        (mapping(one) for one in outputs if mapping(one).get("output_type") == "error"), {}
    )
    lines = "\n".join(text(line) for line in sequence(error.get("traceback")))
    return RunError(
        name=text(error.get("ename"))[:_NAMED_AT_MOST] or "Error",
        message=text(error.get("evalue"))[:_MESSAGE_CHARACTERS],
        cell=index,
        traceback=without_ansi(lines)[-_TRACEBACK_CHARACTERS:],
    )
