"""Files that a notebook writes again as they were, and those that it changes."""

import hashlib

from recrate.replay.copies import StudyCopy


def test_a_file_written_again_as_it_was_is_told_apart_from_a_changed_one(tmp_path):
    original = tmp_path / "study"
    original.mkdir()
    for name in ("same.csv", "changed.csv", "untouched.csv"):
        (original / name).write_text("a\n1\n")
    copy = StudyCopy.make(original, tmp_path / "copy")
    (copy.root / "same.csv").write_text("a\n1\n")
    (copy.root / "changed.csv").write_text("a\n2\n")
    (copy.root / "new.csv").write_text("a\n1\n")
    (copy.root / "pipe").symlink_to("/dev/zero")
    changes = copy.changes()
    assert [file.path for file in changes.written] == ["changed.csv", "new.csv"]
    assert [file.path for file in changes.rewritten] == ["same.csv"]
    assert changes.rewritten[0].sha256 == hashlib.sha256(b"a\n1\n").hexdigest()
    (copy.root / "changed.csv").write_text("a\n1\n")
    (copy.root / "new.csv").write_text("a\n1\n")
    again = copy.changes()
    assert [file.path for file in again.written] == ["changed.csv"]
    assert [file.path for file in again.rewritten] == ["new.csv"]
    assert (original / "changed.csv").read_text() == "a\n1\n"
