"""What tests of campaigns share."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from campaign_crates import study_of
from conftest import CommandLine


@pytest.fixture(scope="session")
def counting(tmp_path_factory: pytest.TempPathFactory, recrate: CommandLine) -> Path:
    """A crate of one notebook that prints a number, with a lock."""
    folder = tmp_path_factory.mktemp("counting")
    study = study_of(folder / "study", "print(1)", "1\n")
    done = recrate("pack", study, "-o", folder / "counting.crate.zip")
    assert done.code in {0, 1}, done.error
    return folder / "counting.crate.zip"


@pytest.fixture
def data(tmp_path: Path) -> dict[str, str]:
    """The environment of a person of whom nothing is known yet."""
    return {"JUPYTER_DATA_DIR": str(tmp_path / "jupyter-data")}


@pytest.fixture
def run_campaign(
    recrate: CommandLine, data: dict[str, str]
) -> Callable[..., tuple[int, dict[str, object]]]:
    """Run `recrate campaign`, and return its exit code and its JSON document."""

    def run(*arguments: object, **more: object) -> tuple[int, dict[str, object]]:
        configuration = ("--config", recrate.configuration)
        done = recrate("campaign", *configuration, *arguments, "--json", variables=data, **more)
        assert done.out, done.error
        return done.code, json.loads(done.out)

    return run


@pytest.fixture
def variables(data: dict[str, str]) -> dict[str, str]:
    """The whole environment of a command that a test starts by itself."""
    return {**os.environ, **data}
