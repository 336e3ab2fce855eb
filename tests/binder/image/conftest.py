"""What the tests of images share: crates to build from, in folders and as files."""

import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

with warnings.catch_warnings():
    # repo2docker imports its logger by an old name
    warnings.simplefilter("ignore", DeprecationWarning)
    import repo2docker.app  # noqa: F401 - once, before the tests do

from image_crates import pack_study
from recrate.model.crate import Crate

Packs = Callable[..., tuple[Path, Crate]]


@pytest.fixture
def packed(tmp_path: Path) -> Packs:
    """Pack a study of these files; return the crate's folder, and the crate."""

    def pack(**changes: object) -> tuple[Path, Crate]:
        return pack_study(tmp_path, **changes)  # type: ignore[arg-type]  # a test's own words

    return pack


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Configuration and cache of this test alone."""
    folder = tmp_path / "config"
    folder.mkdir()
    cache = tmp_path / "cache"
    (folder / "recrate_config.py").write_text(f"c.Recrate.cache = {str(cache)!r}\n")
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(folder))
    return cache
