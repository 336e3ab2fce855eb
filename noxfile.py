"""Sessions: check, test, demo, bench, corpus. `make SESSION` sets the machine up first."""

import shutil
from pathlib import Path

import nox

HERE = Path(__file__).parent
nox.options.sessions = ["test"]
nox.options.default_venv_backend = "uv"
nox.options.reuse_existing_virtualenvs = True


def install(session: nox.Session, *extras: str, editable: bool = True) -> None:
    target = f".[{','.join(extras)}]" if extras else "."
    session.install("-c", "constraints.txt", *(["-e"] if editable else []), target)


def run_checks(session: nox.Session) -> None:
    session.run("ruff", "format", "--check", ".")
    session.run("ruff", "check", ".")
    session.run("mypy")
    session.run("lint-imports")
    session.run("python", "tools/sizes.py")


@nox.session
def check(session: nox.Session) -> None:
    """Formatting, lint, types, import contracts, sizes: everything that runs nothing."""
    install(session, "dev")
    run_checks(session)


@nox.session
def test(session: nox.Session) -> None:
    """All checks, then all tests; arguments after -- go to pytest and skip the checks."""
    install(session, "dev")
    if not session.posargs:
        run_checks(session)
    arguments = session.posargs or ["-n", "2", "--dist", "worksteal", "--durations", "15"]
    session.run("pytest", *arguments)


@nox.session
def demo(session: nox.Session) -> None:
    """The whole path on the bundled study, as a person who installed recrate would see it."""
    install(session, editable=False)
    shutil.rmtree(HERE / "demo-output", ignore_errors=True)
    session.run("recrate", "demo", "-o", "demo-output", *session.posargs)


SHORT = {
    "bench_compare.py": ("--quick",),
    "bench_pack.py": ("--scale", "0.05"),
    "bench_scan.py": ("--rounds", "2", "--files", "2000", "--notebooks", "40"),
}


@nox.session
def bench(session: nox.Session) -> None:
    """Ratios against peers on the same work, in one run; `-- --quick` for a short one."""
    install(session, "dev", "bench")
    for script in sorted((HERE / "benchmarks").glob("bench_*.py")):
        short = SHORT.get(script.name, ()) if "--quick" in session.posargs else ()
        session.run("python", str(script), *short)


@nox.session
def corpus(session: nox.Session) -> None:
    """Pack, check and replay notebooks of public source distributions; prints the table."""
    install(session, "dev")
    session.run("python", "benchmarks/corpus.py", *session.posargs)
