"""What the tests of the hall share."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from traitlets.config import Config

from opened_sessions import Opened, open_session_in
from recrate.configuration import settings_from
from recrate.flow.replay import Replayed
from recrate.flow.settings import Settings
from recrate.flow.witnessing import WitnessOrder, witness
from recrate.model.witness import Reviewer
from replayed_folders import two_notebooks

NOW = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
REVIEWER = Reviewer(name="Kana Sato", orcid="0000-0002-1825-0097", affiliation="NII")

Reviewing = Callable[..., Replayed]


@pytest.fixture
def run(tmp_path):
    """Two notebooks: text that differs, a picture that differs, one that holds, one added."""
    return two_notebooks(tmp_path / "run")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a fixed clock and a list of replays of their own."""
    found = settings_from(Config({"Publish": {"offer_known_places": False}}))
    ledger = tmp_path / "data" / "deposits"
    return replace(found, clock=lambda: NOW, publish=replace(found.publish, ledger=ledger))


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    """A session of two notebooks that nobody touched."""
    return open_session_in(tmp_path / "session")


@pytest.fixture
def review(opened: Opened, settings: Settings, tmp_path: Path) -> Reviewing:
    """Make a verdict of what was run."""

    def reviewing(**said: Any) -> Replayed:
        told = {"reviewer": REVIEWER, "opinion": "confirms", "statement": "It holds."} | said
        order = WitnessOrder(**told)
        return witness(opened.session, order, destination=tmp_path / "run", settings=settings)

    return reviewing
