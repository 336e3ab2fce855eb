"""What a deposit has done so far, kept so that it can go on."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recrate.model.errors import BadInput, OutsideFailed
from recrate.publish.journal import NAME, Journal

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
FACTS = st.lists(st.dictionaries(st.sampled_from("abc"), PLAIN, min_size=1), max_size=6)


def test_a_journal_that_is_not_there_knows_nothing_and_makes_no_folder(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "deep" / "er")
    assert journal.facts == {}
    assert journal.get("record") is None
    assert not (tmp_path / "deep").exists()


def test_the_last_word_on_a_name_counts(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.note(record="1", doi="10.5072/1")
    journal.note(record=None)
    assert journal.facts == Journal(tmp_path).facts == {"record": None, "doi": "10.5072/1"}


@given(noted=FACTS)
def test_what_was_noted_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, noted: list[dict[str, object]]
) -> None:
    folder = tmp_path_factory.mktemp("journal")
    wanted: dict[str, object] = {}
    for facts in noted:
        Journal(folder).note(**facts)
        wanted |= facts
    assert Journal(folder).facts == wanted


@given(noted=FACTS.filter(bool), cut=st.integers(min_value=0, max_value=400))
def test_cut_at_any_byte_it_knows_all_that_was_whole_and_goes_on(
    tmp_path_factory: pytest.TempPathFactory, noted: list[dict[str, object]], cut: int
) -> None:
    folder = tmp_path_factory.mktemp("journal")
    journal = Journal(folder)
    for facts in noted:
        journal.note(**facts)
    file = folder / NAME
    content = file.read_bytes()[:cut]
    file.write_bytes(content)
    whole = content[: content.rfind(b"\n") + 1].splitlines()
    wanted: dict[str, object] = {}
    for line in whole:
        wanted |= json.loads(line)
    resumed = Journal(folder)
    assert resumed.facts == wanted
    resumed.note(after="the crash")
    assert Journal(folder).facts == wanted | {"after": "the crash"}


def test_damage_in_the_middle_is_told_and_nothing_is_guessed(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b'{"record": "1"}\nno json\n{"doi": "10.5072/1"}\n')
    with pytest.raises(BadInput, match="damaged") as caught:
        Journal(tmp_path)
    assert "look the deposit up" in caught.value.hint


def test_a_disk_that_lets_us_down_stops_the_step(tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    made = Journal(blocked)
    blocked.write_text("a file where the folder should be")
    with pytest.raises(OutsideFailed):
        made.note(making="mark")
    assert made.get("making") is None, "what is not on disk is not known"


def test_facts_handed_out_are_a_copy(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.note(record="1")
    dict(journal.facts)["record"] = "2"
    assert journal.get("record") == "1"


NOTING = """
import sys
from pathlib import Path
from recrate.publish.journal import Journal
journal = Journal(Path(sys.argv[1]))
for number in range(1_000_000):
    journal.note(number=number)
    print(number, flush=True)
"""


def test_what_was_noted_before_a_kill_is_there_after_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", NOTING, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        seen = [int(process.stdout.readline()) for _ in range(5)][-1]
        process.kill()
    assert Journal(tmp_path).get("number") >= seen
