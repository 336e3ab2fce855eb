"""Whatever a declaration holds, reading it ends in values; what is asked of an index is a name."""

import contextlib
import re
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.requirements import Requirement

from recrate.environment.conda_file import read_conda
from recrate.environment.conda_file import specifier_of as of_conda
from recrate.environment.project_files import read_setup
from recrate.environment.project_files import specifier_of as of_poetry
from recrate.environment.pylock import read_pylock, without_traces
from recrate.environment.requirements_file import read_requirements
from recrate.environment.wishes import sort_out
from recrate.model.errors import BadCrate

NAME = re.compile(r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$")
VERSIONS = st.text("0123456789.*=<>!~^|, abpy_", max_size=24)


@given(VERSIONS)
def test_any_conda_version_becomes_a_requirement_or_is_named(text):
    good, bad = sort_out([f"numpy{of_conda(text)}"], "environment.yml")
    assert len(good) + len(bad) == 1
    assert all(wish.name == "numpy" for wish in good)


@given(VERSIONS)
def test_any_poetry_version_becomes_text_without_spaces_or_options(text):
    assert not re.search(r"\s|--", of_poetry(text))


@settings(max_examples=60)
@given(st.text(max_size=200))
def test_a_requirements_file_of_any_text_asks_only_for_names(text):
    with TemporaryDirectory() as folder:
        (Path(folder) / "requirements.txt").write_text(text, "utf-8", "surrogatepass")
        wishes = read_requirements(Path(folder), "requirements.txt")
    for wish in wishes.requirements:
        assert NAME.match(wish.name)
        assert Requirement(wish.text).url is None


@settings(max_examples=60)
@given(st.text(max_size=200))
def test_any_text_can_be_read_as_a_conda_file_or_setup_py(text):
    with TemporaryDirectory() as folder:
        for name in ("environment.yml", "setup.py", "setup.cfg"):
            (Path(folder) / name).write_text(text, "utf-8", "surrogatepass")
        read_conda(Path(folder), "environment.yml")
        read_setup(Path(folder), "setup.py")
        read_setup(Path(folder), "setup.cfg")


@given(st.text(max_size=300))
def test_any_text_is_a_lock_or_refused(text):
    with contextlib.suppress(BadCrate):
        read_pylock(f'lock-version = "1.0"\n{text}')


@given(st.text(max_size=300))
def test_taking_traces_away_twice_changes_nothing_more(text):
    once = without_traces(text)
    assert without_traces(once) == once
