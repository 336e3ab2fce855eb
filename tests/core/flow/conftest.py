"""What the tests of the hall share."""

import pytest

from replayed_folders import two_notebooks


@pytest.fixture
def run(tmp_path):
    """Two notebooks: text that differs, a picture that differs, one that holds, one added."""
    return two_notebooks(tmp_path / "run")
