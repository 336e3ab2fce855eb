"""A study in a folder, scanned and mended."""

import pytest

from mended import Mended


@pytest.fixture
def study(tmp_path):
    root = tmp_path / "study"
    root.mkdir()
    return Mended(root)
