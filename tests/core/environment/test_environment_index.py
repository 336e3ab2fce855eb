"""The whole way with a real package index: wishes → lock → environment → a kernel that answers."""

import os
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

from core.environment.studies import notebook, settings_in, study
from recrate.environment.locking import make_lock
from recrate.environment.realise import realise
from recrate.model.environment import LEFT_OUT, Environment, Lock, NotRestored
from recrate.model.errors import BadCrate, OutsideFailed

PYTHON = "3.11"


@pytest.fixture(scope="module")
def workshop(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("workshop")


@pytest.fixture(scope="module")
def lock(workshop) -> Lock:
    inventory = study(
        workshop / "study", notebook("six", python=PYTHON), **{"requirements.txt": "six==1.16.0\n"}
    )
    return make_lock(
        workshop / "study", inventory, kernel=None, as_of=None, settings=settings_in(workshop)
    )


def test_a_declared_study_is_locked_as_of_its_date_with_hashes(lock, workshop):
    versions = {one.name: one.version for one in lock.packages}
    assert versions["six"] == "1.16.0"
    assert "ipykernel" in versions
    assert (lock.source, lock.as_of, lock.python) == ("declared", "2023-06-01", PYTHON)
    assert "six==1.16.0 \\\n    --hash=sha256:" in lock.requirements
    assert "colorama" in lock.pylock, "the lock must serve other platforms too"
    assert str(workshop) not in lock.pylock
    assert "python:3.11-slim" in lock.dockerfile
    assert not [finding for finding in lock.findings if finding.severity == "error"]


def test_the_same_study_locks_to_the_same_bytes(lock, workshop):
    inventory = study(
        workshop / "again", notebook("six", python=PYTHON), **{"requirements.txt": "six==1.16.0\n"}
    )
    again = make_lock(
        workshop / "again", inventory, kernel=None, as_of=None, settings=settings_in(workshop)
    )
    assert again.pylock == lock.pylock


def test_a_realised_lock_is_restored_and_its_kernel_answers(lock, workshop):
    found = realise(lock, settings=settings_in(workshop))
    assert isinstance(found, Environment), found
    assert found.restored, found.differences
    manager = KernelManager()
    manager._kernel_spec = KernelSpec(argv=list(found.kernel_command), language="python")
    manager.start_kernel(env={**os.environ, **dict(found.variables)})
    client = manager.blocking_client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=60)
        said = []
        client.execute_interactive(
            "import six; print(six.__version__)", output_hook=said.append, timeout=60
        )
        assert "1.16.0" in str([one["content"].get("text") for one in said])
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.context.destroy()


def test_the_second_realise_takes_well_under_a_second(lock, workshop):
    realise(lock, settings=settings_in(workshop))
    again = realise(lock, settings=settings_in(workshop))
    assert isinstance(again, Environment)
    assert again.seconds < 0.5
    assert again.restored


def test_an_environment_that_was_touched_is_built_anew(lock, workshop):
    found = realise(lock, settings=settings_in(workshop))
    assert isinstance(found, Environment)
    module = next(Path(found.folder or "").rglob("site-packages/six.py"))
    module.write_text("__version__ = 'evil'\n")
    again = realise(lock, settings=settings_in(workshop))
    assert isinstance(again, Environment)
    assert "evil" not in module.read_text()


def test_a_cache_reached_by_a_link_is_the_same_cache(lock, workshop, tmp_path):
    settings = settings_in(workshop)
    first = realise(lock, settings=settings)
    assert isinstance(first, Environment)
    assert first.folder
    before = Path(first.folder).stat().st_ino
    (tmp_path / "link").symlink_to(settings.cache)
    again = realise(lock, settings=replace(settings, cache=tmp_path / "link"))
    assert isinstance(again, Environment)
    assert again.folder == first.folder
    assert Path(first.folder).stat().st_ino == before, "it was built anew under somebody's feet"


def test_a_half_built_environment_is_built_anew(lock, workshop):
    found = realise(lock, settings=settings_in(workshop))
    assert isinstance(found, Environment)
    (Path(found.folder or "").parent / "complete.json").unlink()
    again = realise(lock, settings=settings_in(workshop))
    assert isinstance(again, Environment)
    assert again.restored


def test_another_file_than_the_locked_one_is_not_installed(lock, workshop):
    forged = replace(lock, pylock=_with_hashes_of_nothing(lock.pylock))
    found = realise(forged, settings=settings_in(workshop))
    assert isinstance(found, NotRestored)
    assert found.evidence


def _with_hashes_of_nothing(pylock: str) -> str:
    return re.sub(r'sha256 = "[0-9a-f]{64}"', f'sha256 = "{"0" * 64}"', pylock)


def test_a_lock_that_points_elsewhere_is_refused(lock, workshop):
    hostile = lock.pylock.replace('name = "six"', 'name = "six @ https://evil.example/x.whl"')
    with pytest.raises(BadCrate):
        realise(replace(lock, pylock=hostile), settings=settings_in(workshop))


def test_no_package_index_is_not_taken_for_a_study_that_cannot_resolve(tmp_path):
    index = ("--default-index", "http://127.0.0.1:9/simple")
    own = {"UV_HTTP_RETRIES": "0", "UV_CACHE_DIR": str(tmp_path / "uv")}
    away = settings_in(tmp_path, *index, **own)
    inventory = study(tmp_path / "s", **{"requirements.txt": "six\n"})
    with pytest.raises(OutsideFailed) as raised:
        make_lock(tmp_path / "s", inventory, kernel=None, as_of=None, settings=away)
    assert "--no-lock" in raised.value.hint


def test_requirements_that_cannot_be_met_are_relaxed_in_words(workshop):
    inventory = study(
        workshop / "relaxed", notebook(python=PYTHON), **{"requirements.txt": "six==99.0\n"}
    )
    lock = make_lock(
        workshop / "relaxed", inventory, kernel=None, as_of=None, settings=settings_in(workshop)
    )
    assert "six" in {one.name for one in lock.packages}
    assert any("six==99.0" in note and "took" in note for note in lock.notes)


def test_a_pin_newer_than_the_study_is_kept_and_said(workshop):
    inventory = study(
        workshop / "newer", notebook(python=PYTHON), date="2022-06-01",
        **{"requirements.txt": "six==1.17.0\n"},
    )  # fmt: skip
    lock = make_lock(
        workshop / "newer", inventory, kernel=None, as_of=None, settings=settings_in(workshop)
    )
    assert "six==1.17.0 \\\n" in lock.requirements
    assert lock.as_of == "2022-06-01"
    assert any("six is newer than 2022-06-01" in note for note in lock.notes)


def test_a_package_that_no_index_knows_is_left_out_by_name(workshop):
    text = "six\nrecrate-test-no-such-package-zz\n"
    inventory = study(workshop / "gone", notebook(python=PYTHON), **{"requirements.txt": text})
    lock = make_lock(
        workshop / "gone", inventory, kernel=None, as_of=None, settings=settings_in(workshop)
    )
    assert "recrate-test-no-such-package-zz" in {entry.name for entry in lock.unrestored}
    assert "six" in {one.name for one in lock.packages}


def test_the_authors_kernel_gives_its_exact_versions(workshop):
    inventory = study(workshop / "kernel", notebook("packaging", "zz_not_installed"))
    lock = make_lock(
        workshop / "kernel", inventory, kernel="python3", as_of=None, settings=settings_in(workshop)
    )
    versions = {one.name: one.version for one in lock.packages}
    assert lock.source == "kernel"
    assert versions["packaging"] == version("packaging")
    assert "pytest" not in versions, "what the study does not need is the author's own business"
    assert "import-not-installed" in {finding.code for finding in lock.findings}


def test_a_study_of_yesterday_for_python_2_is_packed_and_said_not_to_run(tmp_path):
    lock = make_lock(
        tmp_path, study(tmp_path, notebook(python="2.7.12")),
        kernel=None, as_of=None, settings=settings_in(tmp_path),
    )  # fmt: skip
    assert lock.pylock == ""
    found = realise(lock, settings=settings_in(tmp_path))
    assert isinstance(found, NotRestored)
    assert found.cause == "kernel missing"


def test_a_package_that_cannot_be_built_is_left_out_by_name_and_the_others_serve(lock, workshop):
    found = realise(
        replace(lock, pylock=lock.pylock + _REFUSES_TO_BUILD), settings=settings_in(workshop)
    )
    assert isinstance(found, Environment), found
    assert not found.restored
    assert found.differences == ("sklearn 0.0.post12 is missing",)
    (note,) = found.notes
    assert note.startswith(f"{LEFT_OUT}: sklearn==0.0.post12: ")
    assert "scikit-learn" in note, "what the build itself said is the evidence"


def test_where_nothing_is_built_what_has_no_wheel_is_left_out_unseen(lock, workshop):
    wheels_only = replace(settings_in(workshop), build=False)
    asked = replace(lock, pylock=lock.pylock + _REFUSES_TO_BUILD)
    told = []
    found = realise(asked, settings=wheels_only, progress=lambda *said: told.append(said))
    assert isinstance(found, Environment), found
    assert found.differences == ("sklearn 0.0.post12 is missing",)
    assert found.notes == (
        f"{LEFT_OUT}: sklearn==0.0.post12: no wheel for this machine, and nothing is built from "
        "source here",
    )
    assert not any("building" in said[3] for said in told)
    built = realise(asked, settings=settings_in(workshop))
    assert isinstance(built, Environment), built
    assert built.folder != found.folder, "one that was made with builds is another one"


_REFUSES_TO_BUILD = """
[[packages]]
name = "sklearn"
version = "0.0.post12"
sdist = { name = "sklearn-0.0.post12.tar.gz", hashes = { sha256 = \
"54cff9e20839b7b202321178228af4d9388bedf78425d9299fd9ee170d68802e" } }
"""


def test_two_at_once_build_one_environment(lock, workshop):
    home = workshop / "together"
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: realise(lock, settings=settings_in(home)), range(2))
    assert isinstance(first, Environment)
    assert isinstance(second, Environment)
    assert first.folder == second.folder
    assert first.restored
    assert second.restored
    assert len(list((home / "cache" / "environments").glob("*/complete.json"))) == 1


@pytest.mark.parametrize(
    ("dots", "declared", "version"),
    [
        (72, "six==1.16.0\n", "0.1.3"),
        (72, "six==1.16.0\nmatplotlib-inline==0.1.6\n", "0.1.6"),
        (100, "six==1.16.0\n", "0.1.6"),
    ],
)
def test_the_inline_backend_is_the_one_that_drew_the_recorded_figures(
    workshop, tmp_path, dots, declared, version
):
    drawn = replace(notebook("six", python=PYTHON), figure_dots=dots)
    inventory = study(tmp_path / "study", drawn, **{"requirements.txt": declared})
    lock = make_lock(
        tmp_path / "study", inventory, kernel=None, as_of=None, settings=settings_in(workshop)
    )
    assert {one.name: one.version for one in lock.packages}["matplotlib-inline"] == version
    assert (lock.source, lock.findings) == ("declared", ())
    told = [note for note in lock.notes if "72 dots per inch" in note]
    assert bool(told) is (version == "0.1.3")


@pytest.mark.parametrize(
    ("declared", "recorded", "version", "words"),
    [
        ("six\n", {"told": (("six", "1.15.0"),)}, "1.15.0", "shows that it was recorded with six"),
        ("six==1.16.0\n", {"told": (("six", "1.15.0"),)}, "1.16.0", ""),
        ("six\n", {"told": (("six", "99.1"),)}, "1.16.0", ""),
    ],
)
def test_the_versions_that_the_record_tells_are_preferred(
    workshop, tmp_path, declared, recorded, version, words
):
    found = replace(notebook("six", python=PYTHON), **recorded)
    inventory = study(tmp_path / "study", found, **{"requirements.txt": declared})
    lock = make_lock(
        tmp_path / "study", inventory, kernel=None, as_of=None, settings=settings_in(workshop)
    )
    assert {one.name: one.version for one in lock.packages}["six"] == version
    assert lock.findings == ()
    assert (words in "\n".join(lock.notes)) if words else not lock.notes


def test_the_matplotlib_that_drew_the_pictures_is_preferred_where_the_backend_cannot_be(
    workshop, tmp_path
):
    recorded = {"drawn_by": "3.6.2", "figure_dots": 72}
    found = replace(notebook("matplotlib", python=PYTHON), **recorded)
    files = {"requirements.txt": "matplotlib\nmatplotlib-inline==0.1.6\n"}
    inventory = study(tmp_path / "study", found, **files)
    lock = make_lock(
        tmp_path / "study", inventory, kernel=None, as_of=None, settings=settings_in(workshop)
    )
    versions = {one.name: one.version for one in lock.packages}
    assert (versions["matplotlib"], versions["matplotlib-inline"]) == ("3.6.2", "0.1.6")
    assert "name Matplotlib 3.6.2, which drew them" in "\n".join(lock.notes)
    assert "72 dots" not in "\n".join(lock.notes)


def test_what_is_left_out_is_told_by_its_own_reason_before_the_figures(workshop, tmp_path):
    drawn = replace(notebook("six", python=PYTHON), figure_dots=72)
    declared = "six==1.16.0\nno-such-package-of-anybody-here\n"
    inventory = study(tmp_path / "study", drawn, **{"requirements.txt": declared})
    lock = make_lock(
        tmp_path / "study", inventory, kernel=None, as_of=None, settings=settings_in(workshop)
    )
    assert {one.name: one.version for one in lock.packages}["matplotlib-inline"] == "0.1.3"
    (finding,) = lock.findings
    assert "no-such-package-of-anybody-here was left out" in finding.message
    assert "72 dots" not in finding.message
    assert "72 dots" in "\n".join(lock.notes)
