"""What a replay's folder keeps of other environments: moved whole, also after a cut."""

from pathlib import Path

import pytest

from recrate.flow.candidates_kept import (
    Tried,
    chosen_lock,
    folder_of,
    read_tried,
    write_lock,
    write_tried,
)
from recrate.flow.work import ReplayFolder
from recrate.model.candidate import Candidate, CandidateKind, CandidateOutcome
from recrate.model.environment import Card, Lock
from recrate.model.errors import BadInput

LOCK = Lock(
    language="python", python="3.9", packages=(), pylock="x", requirements="", dockerfile="",
    source="declared", as_of=None, card=Card(system="", release="", machine=""),
)  # fmt: skip


def candidate(name: str) -> Candidate:
    return Candidate(
        name=name, kind=CandidateKind.DECLARED, told=name, outcome=CandidateOutcome.RAN
    )


@pytest.fixture
def folder(tmp_path: Path) -> ReplayFolder:
    """A replay in which `declared` was chosen, and nothing was moved yet."""
    folder = ReplayFolder(root=tmp_path)
    other = folder_of(folder, "declared").root
    for root, text in ((tmp_path, "lock"), (other, "declared")):
        (root / "observations" / "0").mkdir(parents=True)
        (root / "observations" / "0" / "a.ipynb").write_text(text)
    (tmp_path / "added.json").write_text("of the lock")
    (other / "recorded-files").mkdir()
    write_lock(folder, "declared", LOCK)
    write_tried(
        folder, Tried(candidates=(candidate("lock"), candidate("declared")), chosen="declared")
    )
    return folder


def hold(folder: ReplayFolder) -> None:
    root, own = folder.root, folder.root / "candidates" / "lock"
    assert chosen_lock(folder) == LOCK
    assert (root / "observations/0/a.ipynb").read_text() == "declared"
    assert (own / "observations/0/a.ipynb").read_text() == "lock"
    assert (root / "recorded-files").is_dir()
    assert (own / "added.json").read_text() == "of the lock"
    assert not (root / "added.json").exists()
    assert not (root / "candidates" / ".lock").exists()


def test_the_chosen_one_and_the_lock_change_places_once(folder: ReplayFolder) -> None:
    hold(folder)
    hold(folder)


def test_a_cut_while_the_lock_leaves_loses_nothing(folder: ReplayFolder) -> None:
    draft = folder.root / "candidates" / ".lock"
    draft.mkdir()
    (folder.root / "observations").rename(draft / "observations")
    hold(folder)


def test_a_cut_while_the_chosen_one_arrives_loses_nothing(folder: ReplayFolder) -> None:
    own, other = (folder_of(folder, name).root for name in ("lock", "declared"))
    own.mkdir()
    for name in ("observations", "added.json"):
        (folder.root / name).rename(own / name)
    (other / "observations").rename(folder.root / "observations")
    hold(folder)


@pytest.mark.parametrize("name", ["../../x", ".lock", "", "/etc", "python-3.9/.."])
def test_names_that_lead_elsewhere_are_refused(folder: ReplayFolder, name: str) -> None:
    write_tried(folder, Tried(candidates=(candidate(name),), chosen=name))
    with pytest.raises(BadInput, match="no replay tries"):
        read_tried(folder)
    write_tried(folder, Tried(candidates=(candidate("lock"),), chosen="declared"))
    with pytest.raises(BadInput):
        chosen_lock(folder)
