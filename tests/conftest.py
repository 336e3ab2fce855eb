"""What all tests share: a study in a folder, the command line as a person runs it."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

import sweeping
from launching import real_studies, tides  # noqa: F401 - fixtures of all tests

HERE = Path(__file__).parent
# The keyring of whoever runs the tests is none of their business.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
settings.register_profile("ours", deadline=None)  # machines are noisy; benchmarks measure
settings.load_profile("ours")
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Started in the background, where shells let programs ignore Ctrl-C; ours are told not to.
    signal.signal(signal.SIGINT, signal.default_int_handler)

OFFICIAL = HERE.parents[1] / "shared" / "data" / "ro-crate"
"""The official JSON-LD contexts, where they lie beside the checkout."""


AGAIN = (*sweeping.GROUPS, "core/campaign/", "core/launch/", "server/")
"""Where real daemons run and processes are killed: a machine that stalls for half a minute loses
them a node. These get a second try, which the summary tells of (`RERUN`); two in a row are a
fault."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give a second try to the tests that a stalled machine can fail."""
    for item in items:
        if item.nodeid.removeprefix("tests/").startswith(AGAIN):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """Keep in mind whether a test passed."""
    report = yield
    sweeping.remember(item, report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(
    item: pytest.Item, nextitem: pytest.Item | None
) -> Generator[None, Any, Any]:
    """Take away what is large of a test that passed, and of a group behind its last test."""
    done = yield
    sweeping.sweep(item)
    sweeping.leave(item, nextitem)
    return done


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Hand out whole groups, and all other tests one by one."""
    from xdist.scheduler import LoadScopeScheduling  # noqa: PLC0415 - only where it is at work

    class Groups(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return sweeping.group_of(nodeid) or nodeid

    return Groups(config, log)


@dataclass(frozen=True)
class Answer:
    """What the command line gave back."""

    code: int
    out: str
    error: str

    @property
    def document(self) -> dict[str, Any]:
        """The JSON document on stdout; fails when there is anything else there."""
        found: dict[str, Any] = json.loads(self.out)
        return found


@pytest.fixture(scope="session")
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache for all test processes of a run: an environment is restored once."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    folder = shared / "recrate-cache"
    (folder / "contexts").mkdir(parents=True, exist_ok=True)
    for context in OFFICIAL.glob("context-*.json"):
        shutil.copyfile(context, folder / "contexts" / context.name)
    return folder


@pytest.fixture(scope="session")
def configuration(cache_folder: Path) -> Path:
    """A configuration file that names the tests' own cache."""
    path = cache_folder / f"config-{os.getpid()}.py"
    ledger = cache_folder / "remembered" / "deposits"
    path.write_text(
        f"c.Recrate.cache = {str(cache_folder)!r}\nc.Publish.ledger = {str(ledger)!r}\n"
    )
    return path


class CommandLine:
    """`recrate VERB …` in a process of its own, with the tests' configuration where it is read."""

    configured = (
        "pack",
        "check",
        "replay",
        "judge",
        "compare",
        "scan",
        "demo",
        "publish",
        "launch",
    )

    def __init__(self, configuration: Path) -> None:
        self.configuration = configuration

    def command(self, *arguments: object) -> list[str]:
        """Return the argv."""
        words = [str(argument) for argument in arguments]
        if words and words[0] in self.configured and "--config" not in words:
            words[1:1] = ["--config", str(self.configuration)]
        return [sys.executable, "-m", "recrate", *words]

    def __call__(
        self,
        *arguments: object,
        folder: Path | None = None,
        variables: dict[str, str] | None = None,
        timeout: float = 280,
    ) -> Answer:
        """Run to the end."""
        done = subprocess.run(
            self.command(*arguments),
            capture_output=True,
            cwd=folder,
            env={**os.environ, "LC_ALL": "C.UTF-8", **(variables or {})},
            timeout=timeout,
            check=False,
        )
        return Answer(
            done.returncode, done.stdout.decode(), done.stderr.decode("utf-8", "backslashreplace")
        )


@pytest.fixture(scope="session")
def recrate(configuration: Path) -> CommandLine:
    """The command line."""
    return CommandLine(configuration)
