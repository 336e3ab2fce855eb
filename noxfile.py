"""Sessions: check, test, demo, bench, fidelity, changes, pictures, faults, campaign.

`make SESSION` sets one up.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import nox

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
from hatch_build import packages_are_current  # noqa: E402  nox loads this file from elsewhere

nox.options.sessions = ["test"]
nox.options.default_venv_backend = "uv"
nox.options.reuse_existing_virtualenvs = True


NODE = HERE / ".venv-nox" / "node"
"""Where tools/set-up puts Node.js when the machine has none that is new enough."""
if NODE.is_dir():
    os.environ["PATH"] = f"{NODE}{os.pathsep}{os.environ['PATH']}"


def install(session: nox.Session, *extras: str, editable: bool = True) -> None:
    """Install recrate without its JupyterLab extension, so that no Node.js is asked for."""
    target = f".[{','.join(extras)}]" if extras else "."
    session.install(
        "-c",
        "constraints.txt",
        *(["-e"] if editable else []),
        target,
        env={"SKIP_JUPYTER_BUILDER": "1"},
    )


def install_packages(session: nox.Session, folder: Path) -> None:
    """Fill node_modules of `folder` from its lockfile, unless that was done already."""
    if not packages_are_current(folder):
        npm(session, folder, "ci", env={"PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD": "1"})


def npm(
    session: nox.Session, folder: Path, *arguments: str, env: dict[str, str] | None = None
) -> None:
    session.run("npm", "--prefix", str(folder), *arguments, external=True, env=env or {})


def run_checks(session: nox.Session) -> None:
    session.run("ruff", "format", "--check", ".")
    session.run("ruff", "check", ".")
    session.run("mypy")
    session.run("lint-imports")
    session.run("python", "tools/sizes.py")
    session.run("python", "tools/strings.py")
    install_packages(session, HERE)
    npm(session, HERE, "run", "lint")
    npm(session, HERE, "run", "types:check")


def build_extension(session: nox.Session) -> None:
    """Build the JupyterLab extension as it is released, and show it to the session's JupyterLab."""
    npm(session, HERE, "run", "build:prod")
    with session.chdir("server"):
        session.run("jupyter-builder", "develop", "recrate_server", "--overwrite")


@nox.session
def check(session: nox.Session) -> None:
    """Formatting, lint, types, import contracts, sizes: everything that runs nothing."""
    install(session, "dev", "binder", "hub", "cluster")
    run_checks(session)


@nox.session
def test(session: nox.Session) -> None:
    """All checks, then all tests; arguments after -- go to pytest and skip the rest."""
    install(session, "dev", "lab", "binder", "hub", "cluster")
    if session.posargs:
        session.run("pytest", *session.posargs)
        return
    run_checks(session)
    build_extension(session)
    npm(session, HERE, "test")
    install_packages(session, HERE / "tests" / "server")
    with tempfile.TemporaryDirectory(prefix="recrate-", ignore_cleanup_errors=True) as left:
        session.run(
            "pytest", "-n", "3", "--dist", "loadscope", "--durations", "25",
            env={"PYTEST_DEBUG_TEMPROOT": left},
        )  # fmt: skip
        session.run("python", "tools/find_tokens.py", left)
    browse(session)


def browse(session: nox.Session) -> None:
    """Both browser suites, the long one in two halves, each with a server of its own."""
    for name in ("hub", "lab"):
        folder = HERE / "tests" / "ui" / name
        install_packages(session, folder)
        npm(session, folder, "run", "lint")
    port = int(os.environ.get("RECRATE_LAB_PORT", "18888"))
    with tempfile.TemporaryDirectory(prefix="recrate-", ignore_cleanup_errors=True) as cache:
        words = ["hub", "npm", "--prefix", "tests/ui/hub", "test"]
        for half in (1, 2):
            words += ["---", f"lab {half} of 2", f"RECRATE_LAB_PORT={port + half}"]
            words += [f"RECRATE_SUITE_CACHE={cache}", "npm", "--prefix", "tests/ui/lab", "test"]
            words += ["--", f"--shard={half}/2", f"--output=test-results/{half}"]
        session.run("python", "tools/side_by_side.py", "2", *words)


@nox.session
def demo(session: nox.Session) -> None:
    """The whole path on the bundled study, as a person without JupyterLab would see it."""
    install(session, editable=False)
    shutil.rmtree(HERE / "demo-output", ignore_errors=True)
    session.run("recrate", "demo", "-o", "demo-output", *session.posargs)


SHORT = {
    "bench_launch.py": ("--rounds", "1"),
    "bench_campaign.py": ("--count", "4", "--tasks", "200", "400", "--rounds", "1"),
    "bench_compare.py": ("--quick",),
    "bench_large.py": ("--quick", "--peer-seconds", "60"),
    "bench_pack.py": ("--scale", "0.05"),
    "bench_scan.py": ("--rounds", "2", "--files", "2000", "--notebooks", "40"),
}


@nox.session
def bench(session: nox.Session) -> None:
    """Ratios against peers on the same work, in one run; `-- --quick` for a short one."""
    install(session, "dev", "bench", "lab", "binder", "hub")
    install_packages(session, HERE / "tests" / "server")
    for script in sorted((HERE / "benchmarks").glob("bench_*.py")):
        short = SHORT.get(script.name, ()) if "--quick" in session.posargs else ()
        session.run("python", str(script), *short)


@nox.session
def fidelity(session: nox.Session) -> None:
    """Replay public notebooks in four environments, or go on with it; docs/fidelity.md."""
    install(session, "dev")
    page = str(HERE / "docs" / "fidelity.md")
    session.run("python", "benchmarks/fidelity.py", "--write", page, *session.posargs)


@nox.session
def changes(session: nox.Session) -> None:
    """Judge some thousand single changes to real outputs; writes docs/single-changes.md."""
    install(session, "dev")
    page = str(HERE / "docs" / "single-changes.md")
    session.run("python", "tools/single_changes.py", "--write", page, *session.posargs)


@nox.session
def pictures(session: nox.Session) -> None:
    """Every picture of docs/lab.md and docs/lab.ja.md, made anew in a real JupyterLab."""
    install(session, "dev", "lab")
    install_packages(session, HERE)
    build_extension(session)
    session.run("python", "tools/pictures", *session.posargs)


@nox.session
def faults(session: nox.Session) -> None:
    """Break every deposit at every request, and print what the repositories then hold."""
    install(session, "dev")
    kept = Path(session.create_tmp()) / "faults.md"
    kept.unlink(missing_ok=True)
    session.run(
        "pytest", "-q", "-n", "2", "tests/core/publish", "-k", "faults or interrupted",
        env={"RECRATE_FAULT_TABLE": str(kept)},
    )  # fmt: skip
    session.run("python", "tools/fault_table.py", str(kept))


@nox.session
def campaign(session: nox.Session) -> None:
    """Break campaigns on a real Slurm cluster in every way; replay 200 crates here and there."""
    install(session, "dev", "lab", "binder", "hub", "cluster")
    kept = Path(session.create_tmp()) / "faults.jsonl"
    kept.unlink(missing_ok=True)
    session.run(
        "pytest", "-q", "-n", "0", "tests/binder/cluster/test_slurm_campaign.py", *session.posargs,
        env={"RECRATE_ALL_FAULTS": "1", "RECRATE_FAULT_TABLE": str(kept)},
    )  # fmt: skip
    session.run("python", "tools/campaign_table.py", str(kept))
