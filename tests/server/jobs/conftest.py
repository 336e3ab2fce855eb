"""Desks on folders of their own, small studies, and servers that can be killed."""

import pytest

from making import notebook_of, stream
from recrate_server.jobs.settings import DeskSettings
from server.jobs.desks import Servers


@pytest.fixture
def settings(tmp_path, cache_folder):
    """Settings of a desk of this test's own."""
    workers = {"Recrate": {"cache": str(cache_folder)}}
    return DeskSettings(folder=tmp_path / "data", workers=workers, patience_seconds=5)


@pytest.fixture
def study(tmp_path):
    """A study of two notebooks, the second of which gives something else than was recorded."""
    root = tmp_path / "study"
    root.mkdir()
    first = notebook_of("print('one')", outputs={0: [stream("one\n")]})
    second = notebook_of("print('two')", outputs={0: [stream("zwei\n")]})
    (root / "first.ipynb").write_text(first)
    (root / "second.ipynb").write_text(second)
    return root


@pytest.fixture
def servers(tmp_path, settings):
    """Servers that can be killed."""
    found = Servers(tmp_path, settings)
    yield found
    found.end()
