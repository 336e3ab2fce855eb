"""Kernels of old interpreters and of other languages run within the same walls."""

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from recrate.model.environment import Environment
from recrate.outside.tools import find_uv

PYENV = Path.home() / ".pyenv" / "versions"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("minor", "packages"),
    [("3.7", ["ipykernel==6.16.2"]), ("3.8", ["ipykernel==6.29.5"])],
)
def test_an_old_interpreter_runs(
    study: Any, tmp_path: Path, minor: str, packages: list[str]
) -> None:
    bases = sorted(PYENV.glob(f"{minor}.*/bin/python"))
    if not bases:
        pytest.skip(f"needs Python {minor}")
    folder = tmp_path / "environment"
    uv = str(find_uv())
    subprocess.run([uv, "venv", "-q", "--python", bases[0], folder], check=True)
    python = folder / "bin" / "python"
    subprocess.run([uv, "pip", "install", "-q", "--python", python, *packages], check=True)
    study.environment = replace(
        study.environment,
        python=minor,
        folder=str(folder),
        kernel_command=(str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"),
        mounts=(str(bases[0].parent.parent),),
    )
    first = study.add(
        "1.ipynb", "import sys; print(sys.version_info[:2])", "n = 1", "!echo $VIRTUAL_ENV"
    )
    seen = study.observe(first, study.add("2.ipynb", "1 / 0"))
    assert seen.notebooks[0].status == "completed", seen.notebooks[0].error
    assert study.text(0, "1.ipynb") == f"({minor.replace('.', ', ')})\n"
    assert study.text(2, "1.ipynb").strip() == str(folder)
    assert seen.notebooks[1].error.name == "ZeroDivisionError"


@pytest.mark.slow
def test_figures_and_workers_of_real_libraries_work(study: Any, tmp_path: Path) -> None:
    folder = tmp_path / "environment"
    uv, python = str(find_uv()), folder / "bin" / "python"
    subprocess.run([uv, "venv", "-q", "--python", sys.executable, folder], check=True)
    packages = ["ipykernel", "matplotlib", "joblib"]
    subprocess.run([uv, "pip", "install", "-q", "--python", python, *packages], check=True)
    study.environment = replace(
        study.environment,
        folder=str(folder),
        kernel_command=(str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"),
    )
    seen = study.run(
        "import matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.show()",
        "import math, joblib\n"
        "print(joblib.Parallel(n_jobs=2)(joblib.delayed(math.sqrt)(n) for n in (1, 4)))",
    )
    assert seen.status == "completed", seen.error
    kinds = [set(out.get("data", ())) for out in study.rerun().cells[0].outputs]
    assert any("image/png" in kind for kind in kinds)
    assert study.text(1) == "[1.0, 2.0]\n"


@pytest.mark.skipif(shutil.which("R") is None, reason="needs R with IRkernel")
def test_a_notebook_in_r_runs_with_parameters(study: Any) -> None:
    study.environment = Environment(
        language="R",
        python="",
        folder=None,
        kernel_command=("R", "--slave", "-e", "IRkernel::main()", "--args", "{connection_file}"),
        packages=(),
        restored=False,
        seconds=0.0,
    )
    path = study.add(
        "r.ipynb",
        "cat(n * 2, '\\n')",
        "summary(c(1, 2, 3))",
        "writeLines('x', 'out.txt'); stop('meant')",
        kernelspec={"name": "ir", "language": "R", "display_name": "R"},
    )
    (seen,) = study.observe(path, parameters=(("n", "21"),)).notebooks
    assert (seen.status, seen.error.cell) == ("failed", 2), seen.error
    assert "meant" in seen.error.message
    assert study.text(1, path).split() == ["42"]
    assert [file.path for file in seen.written] == ["out.txt"]
