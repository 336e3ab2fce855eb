"""Accounts for the browser tests: notebooks written here, judged by the real comparer."""

import base64
import io
from collections.abc import Sequence
from typing import Any

from PIL import Image, ImageDraw

from recrate.compare.judge import judge
from recrate.compare.pictures import difference_picture
from recrate.model.environment import Card, Lock, NotRestored, Package, Unrestored
from recrate.model.finding import Severity, find
from recrate.model.observation import (
    EnvironmentSeen,
    NotebookObservation,
    Observation,
    RunError,
    WrittenFile,
)
from recrate.model.policy import Policy
from recrate.model.study import Notebook
from recrate.report.account import Account, Language


def code(source: str, *outputs: dict[str, Any]) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "source": source,
        "metadata": {},
        "execution_count": 1,
        "outputs": list(outputs),
    }


def prose(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "source": source, "metadata": {}}


def stream(text: str, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def shown(**data: Any) -> dict[str, Any]:
    """A display_data output; `image_png` stands for image/png."""
    bundle = {key.replace("_", "/", 1): content for key, content in data.items()}
    return {"output_type": "display_data", "metadata": {}, "data": bundle}


def bundle(data: dict[str, Any]) -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": {}, "data": data}


def error(name: str, message: str) -> dict[str, Any]:
    traceback = [f"\x1b[0;31m{name}\x1b[0m: {message}"]
    return {"output_type": "error", "ename": name, "evalue": message, "traceback": traceback}


def notebook(*cells: dict[str, Any]) -> Notebook:
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}


def drawing(shift: int) -> str:
    picture = Image.new("RGB", (240, 120), "white")
    ImageDraw.Draw(picture).line([(0, 20 + shift), (120, 90), (240, 10)], fill="navy", width=3)
    content = io.BytesIO()
    picture.save(content, "PNG")
    return base64.b64encode(content.getvalue()).decode()


def table(value: str) -> str:
    return (
        "<style>.dataframe td{color:red}</style><table border='1' class='dataframe'><thead><tr>"
        "<th></th><th>port</th><th>M2</th></tr></thead><tbody><tr><th>0</th><td>Hakata</td>"
        f"<td>{value}</td></tr><tr><th>1</th><td>Kobe</td><td>0.301</td></tr></tbody></table>"
    )


def _tides(run: int) -> Notebook:
    return notebook(
        prose("# Tides\n\nFour constituents."),
        code("print('ready')", stream("ready\n")),
        code("level.mean()", stream(f"mean level {1.25 if run == 0 else 1.31}\nsteady\n")),
        code("plot()", shown(image_png=drawing(0 if run == 0 else 25))),
        code("table", shown(text_html=table("0.612" if run == 0 else "0.618"), text_plain="t")),
        code("chance()", stream(f"{[0.11, 0.52, 0.93][run]}\n")),
        code("warn()", stream("warning: short\n", "stderr"), stream("\x1b[32mOK\x1b[0m\n")),
    )


def _report(run: int) -> Notebook:
    if run == 0:
        return notebook(code("mean(x)", stream("3.2\n")), code("print('end')", stream("end\n")))
    failure = error("AttributeError", "module 'statistics' has no attribute 'fmeen'")
    return notebook(code("mean(x)", failure), code("print('end')"))


def _observation(repeat: int, paths: Sequence[str]) -> Observation:
    runs = []
    for path in paths:
        failed = path == "report.ipynb"
        stop = RunError(
            name="AttributeError",
            message="module 'statistics' has no attribute 'fmeen'",
            cell=0,
            traceback="Traceback (most recent call last)\nAttributeError",
        )
        runs.append(
            NotebookObservation(
                path=path,
                status="failed" if failed else "completed",
                seconds=3.5,
                seconds_in_cells=2.0,
                rerun=f"notebooks/{path}",
                error=stop if failed else None,
                written=(WrittenFile(path="figure.png", sha256="ab" * 32, size_bytes=312),),
                peak_memory_bytes=120_000_000,
            )
        )
    seen = EnvironmentSeen(
        language="python",
        python="3.11.7",
        packages=(Package(name="numpy", version="1.26.4"), Package(name="pandas", version="2.2.3")),
        restored=False,
        seconds=1.0,
        differences=("pandas 2.2.3 instead of 2.2.2",),
        card=Card(system="Linux", release="6.8", machine="x86_64", cores=2),
    )
    return Observation(
        crate="c" * 64,
        crate_name="tides",
        repeat=repeat,
        agent="recrate 0.1.0",
        started="2026-01-02T03:04:05+00:00",
        ended="2026-01-02T03:05:15+00:00",
        runner="this machine",
        sandbox="bubblewrap",
        environment=seen,
        notebooks=tuple(runs),
    )


LOCK = Lock(
    language="python",
    python="3.11.7",
    packages=(Package(name="numpy", version="1.26.4"), Package(name="pandas", version="2.2.2")),
    pylock="",
    requirements="",
    dockerfile="",
    source="declared",
    as_of="2024-05-03",
    card=Card(system="Linux", release="6.1", machine="x86_64", cores=16),
    unrestored=(Unrestored(name="gdal", reason="a conda package without a wheel"),),
    findings=(find(Severity.WARNING, "unrestored", "gdal is not restored"),),
)


def account(
    *paths: str, language: Language | None = "en", not_restored: NotRestored | None = None
) -> Account:
    """The account of a study replayed twice; of a failed restoration when `not_restored`."""
    makers = {"tides.ipynb": _tides, "report.ipynb": _report}
    recorded = {path: makers[path](0) for path in paths}
    reruns = tuple({path: makers[path](run) for path in paths} for run in (1, 2))
    observations = tuple(_observation(repeat, paths) for repeat in (0, 1))
    if not_restored:
        first = Observation(
            **{
                name: getattr(observations[0], name)
                for name in ("crate", "crate_name", "repeat", "agent", "started", "ended", "runner")
            },
            sandbox="none",
            environment=None,
            notebooks=(),
            not_restored=not_restored,
        )
        observations, reruns = (first,), ({},)
    verdict = judge(recorded, observations, reruns, Policy())
    pictures = {}
    if "tides.ipynb" in paths and not not_restored:
        pair = (base64.b64decode(drawing(0)), base64.b64decode(drawing(25)))
        pictures["tides.ipynb", 3, 0] = difference_picture(*pair)
    return Account(
        verdict=verdict,
        observations=observations,
        recorded=recorded,
        reruns=reruns,
        pictures=pictures,
        crate_name="tides",
        crate_identity="3f9a" * 16,
        crate_location="tides.crate.zip",
        lock=LOCK,
        title="Tides at two ports",
        creators=("Sato Aya",),
        licence="CC-BY-4.0",
        generated_by="recrate 0.1.0",
        language=language,
    )
