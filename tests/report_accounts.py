"""Accounts for the report's tests: every kind of output, and a payload in every field."""

import base64
from collections.abc import Sequence
from typing import Any

from making import picture
from recrate.model.environment import Card, Lock, Package, Unrestored
from recrate.model.finding import Finding, Severity
from recrate.model.observation import (
    EnvironmentSeen,
    NotebookObservation,
    Observation,
    RunError,
    WrittenFile,
)
from recrate.model.policy import Policy, Waiver
from recrate.model.verdict import (
    Cause,
    CellVerdict,
    Claim,
    Coverage,
    Failure,
    Judgement,
    NotebookVerdict,
    OutputJudgement,
    OutputVerdict,
    Verdict,
)
from recrate.report.account import Account, Language
from recrate.report.notebooks import DIFFERENCES

IDENTITY = "3905c5f9c924026d162408e7aba4e6ea25589cdab0bb16138333208122873b8f"


def png(colour: str = "navy") -> dict[str, str]:
    """Return the data of a picture output."""
    return {"image/png": base64.b64encode(picture(colour)).decode(), "text/plain": "<Figure>"}


def data(**content: Any) -> dict[str, Any]:
    """Return a display output; `text_html=` stands for `text/html`."""
    named = {key.replace("_", "/", 1): value for key, value in content.items()}
    return of_data(named)


def of_data(content: dict[str, Any]) -> dict[str, Any]:
    """Return a display output of these media types."""
    return {"output_type": "display_data", "metadata": {}, "data": content}


def notebook(*outputs: Sequence[dict[str, Any]], sources: Sequence[str] = ()) -> dict[str, Any]:
    """Return a notebook whose code cells have these outputs."""
    cells = [
        {
            "cell_type": "code",
            "source": sources[index] if index < len(sources) else f"step({index})",
            "execution_count": index + 1,
            "metadata": {},
            "outputs": list(given),
        }
        for index, given in enumerate(outputs)
    ]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}


def count(verdicts: Sequence[str]) -> Coverage:
    """Return the coverage of output verdicts."""
    counts = {kind.value: verdicts.count(kind.value) for kind in OutputJudgement}
    apart = counts["skipped"] + counts["waived"]
    recorded = len(verdicts) - counts["added"]
    return Coverage(outputs=recorded, compared=recorded - apart, **counts)


def judged(
    path: str,
    rows: Sequence[tuple[int, int, str, str]],
    *,
    verdict: Judgement = Judgement.DIFFERENT,
    error: Failure | None = None,
    reason: str = "2 of 3 numbers differ",
    rules: tuple[str, ...] = (),
    evidence: str = "two reruns differ from each other",
) -> NotebookVerdict:
    """Return a notebook's verdict from (cell, output, verdict, mime)."""
    because: dict[str, Any] = {"cause": Cause.NONDETERMINISM, "evidence": evidence}
    cells = tuple(
        CellVerdict(
            index=index,
            verdict=Judgement.DIFFERENT,
            rerun_index=index,
            outputs=tuple(
                OutputVerdict(
                    index=output,
                    mime=mime,
                    verdict=OutputJudgement(kind),
                    reason=reason,
                    rules=rules,
                    rerun_index=None if kind == "missing" else output,
                    **(because if kind in DIFFERENCES else {}),
                )
                for cell, output, kind, mime in rows
                if cell == index
            ),
        )
        for index in sorted({row[0] for row in rows})
    )
    return NotebookVerdict(
        path=path,
        verdict=verdict,
        seconds=2.5,
        error=error,
        coverage=count([row[2] for row in rows]),
        cells=cells,
    )


TABLE = "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>{}</td></tr></table>"


def every_kind(language: Language | None = "en") -> Account:
    """Return an account with each output verdict once, a failed notebook and a changed package."""
    recorded = notebook(
        [{"output_type": "stream", "name": "stdout", "text": "mean 1.25 of 7 gauges\n"}],
        [data(text_html=TABLE.format("2.50"))],
        [of_data(png("navy"))],
        [data(text_plain="0.333")],
        [data(text_plain="gone")],
        [data(text_plain="random 4"), data(text_plain="widget")],
        [data(text_plain="accepted 1")],
        sources=["import numpy as np\nprint('mean')"],
    )
    rerun = notebook(
        [{"output_type": "stream", "name": "stdout", "text": "mean 1.75 of 7 gauges\n"}],
        [data(text_html=TABLE.format("3.75"))],
        [of_data(png("crimson"))],
        [data(text_plain="0.333")],
        [],
        [data(text_plain="random 9"), data(text_plain="widget"), data(text_plain="new here")],
        [data(text_plain="accepted 2")],
    )
    rows = [
        (0, 0, "different", "text/plain"),
        (1, 0, "equivalent", "text/html"),
        (2, 0, "different", "image/png"),
        (3, 0, "identical", "text/plain"),
        (4, 0, "missing", "text/plain"),
        (5, 0, "unstable", "text/plain"),
        (5, 1, "skipped", "text/plain"),
        (5, 2, "added", "text/plain"),
        (6, 0, "waived", "text/plain"),
    ]
    error = Failure(
        name="ModuleNotFoundError",
        message="No module named 'statsmodels'",
        cell=0,
        cause=Cause.MISSING_PACKAGE,
        evidence="import statsmodels",
        hint="declare the package",
    )
    failed = judged("02 潮汐.ipynb", [(0, 0, "missing", "text/plain")], error=error)
    first = judged("01-clean.ipynb", rows, rules=("memory addresses",))
    coverage = count([row[2] for row in rows] + ["missing"])
    return account_of(
        (first, failed),
        {"01-clean.ipynb": recorded, "02 潮汐.ipynb": notebook([data(text_plain="x")])},
        {"01-clean.ipynb": rerun},
        coverage=coverage,
        judgement=Judgement.FAILED,
        pictures={("01-clean.ipynb", 2, 0): picture("orange")},
        language=language,
    )


def account_of(
    notebooks: tuple[NotebookVerdict, ...],
    recorded: dict[str, Any],
    rerun: dict[str, Any],
    *,
    coverage: Coverage,
    judgement: Judgement,
    pictures: dict[tuple[str, int, int], bytes] | None = None,
    language: Language | None = "en",
    say: str = "",
) -> Account:
    """Return an account; `say` is written into every free field that a stranger can fill."""
    return Account(
        verdict=Verdict(
            verdict=judgement,
            coverage=coverage,
            notebooks=notebooks,
            policy=Policy(
                name=say or "default",
                waivers=(Waiver(path=say or "a.ipynb", cell=6, output=0, reason=say or "known"),),
            ),
            judge=say or "recrate-judge 1",
            sentence=say,
            claims=(
                Claim(
                    path=say or notebooks[0].path,
                    cell=0,
                    title=say or "Figure 2",
                    verdict=Judgement.DIFFERENT,
                    reason=say or "the curve moved",
                ),
            ),
            findings=(
                Finding(
                    severity=Severity.WARNING,
                    code="code",
                    where=say or "here",
                    message=say or "message",
                    hint=say,
                ),
            ),
        ),
        crate_name=say or "Tides at Shiomi",
        crate_identity=IDENTITY,
        generated_by=say or "recrate 0.1.0",
        crate_location=say or "tides.crate.zip",
        observations=(observation(notebooks, say),),
        recorded=recorded,
        reruns=(rerun,),
        pictures=pictures or {},
        lock=lock(say),
        title=say or "Tides at Shiomi",
        creators=(say or "Hanako Shiomi",),
        licence=say or "CC0-1.0",
        language=language,
    )


def lock(say: str = "") -> Lock:
    """Return a lock of two packages."""
    return Lock(
        language="python",
        python="3.11.7",
        packages=(Package(name=say or "numpy", version="2.0"), Package(name="pip", version="1")),
        pylock="",
        requirements="",
        dockerfile="",
        source="declared",
        as_of=say or "2025-01-01",
        card=card(say),
        notes=(say or "declared pins do not resolve",),
        unrestored=(Unrestored(name=say or "cudatoolkit", reason=say or "no wheel"),),
    )


def card(say: str = "") -> Card:
    """Return a machine."""
    return Card(
        system=say or "Linux",
        release="6",
        machine=say or "x86_64",
        processor=say,
        gpu=say,
        blas=say,
    )


def observation(notebooks: tuple[NotebookVerdict, ...], say: str = "") -> Observation:
    """Return one run of `notebooks`."""
    runs = tuple(
        NotebookObservation(
            path=judged.path,
            status="failed" if judged.error else "completed",
            seconds=2.5,
            error=RunError(name=say or "E", message=say, cell=0, traceback=say or "Traceback: E")
            if judged.error
            else None,
            written=(WrittenFile(path=say or "results/level.csv", sha256=IDENTITY, size_bytes=3),),
            notes=(say,) if say else (),
        )
        for judged in notebooks
    )
    return Observation(
        crate=IDENTITY,
        crate_name=say or "Tides at Shiomi",
        repeat=0,
        agent=say or "recrate 0.1.0",
        started=say or "2026-11-21T05:25:40+00:00",
        ended="2026-11-21T05:25:48+00:00",
        runner=say or "this machine",
        sandbox=say or "bubblewrap",
        environment=EnvironmentSeen(
            language=say or "python",
            python=say or "3.11.7",
            packages=(
                Package(name="numpy", version=say or "2.1"),
                Package(name="pip", version="1"),
            ),
            restored=False,
            seconds=1.0,
            differences=(say or "numpy 2.1 is installed, the lock says 2.0",),
            notes=(say,) if say else (),
            card=card(say),
        ),
        notebooks=runs,
        parameters=((say, say),) if say else (),
        notes=(say,) if say else (),
    )


def hostile(payload: str) -> Account:
    """Return an account in which every field of every kind holds `payload`."""
    path = payload[:200] or "a.ipynb"
    content = dict.fromkeys(
        ("text/html", "text/markdown", "text/latex", "text/plain", "image/svg+xml"), payload
    )
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{payload}</svg>'
    outputs = [
        {"output_type": "stream", "name": payload, "text": payload},
        {"output_type": "error", "ename": payload, "evalue": payload, "traceback": [payload]},
        data(text_html=f"<p>{payload}</p>", text_plain=payload),
        data(text_html=f'<p title="{payload}" class="{payload}">1</p>{payload}'),
        of_data({"image/svg+xml": svg}),
        of_data({"text/markdown": payload}),
        of_data({"text/latex": payload}),
        of_data({payload: payload}),
        of_data({"image/png": payload}),
        of_data({"application/json": {payload: payload}}),
        of_data({"application/javascript": payload}),
        of_data(content),
    ]
    judged_as = ["stream", "error", "text/html", "text/html", "image/svg+xml", "text/markdown"]
    judged_as += ["text/latex", payload, "image/png", "application/json", "application/javascript"]
    rows = [(0, place, "different", kind) for place, kind in enumerate([*judged_as, payload])]
    rerun = [
        data(text_html=f"<table><tr><td>{payload}</td></tr></table>") if place == 3 else output
        for place, output in enumerate(outputs)
    ]
    error = Failure(
        name=payload,
        message=payload,
        cell=0,
        cause=Cause.NOT_KNOWN,
        evidence=payload,
        hint=payload,
    )
    recorded = notebook(outputs, sources=[payload])
    recorded["cells"].append({"cell_type": "markdown", "source": payload, "metadata": {}})
    return account_of(
        (judged(path, rows, error=error, reason=payload, rules=(payload,), evidence=payload),),
        {path: recorded},
        {path: notebook(rerun, sources=[payload])},
        coverage=count(["different"] * len(rows)),
        judgement=Judgement.FAILED,
        say=payload,
    )
