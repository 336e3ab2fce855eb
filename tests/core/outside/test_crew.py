"""Pieces of work in processes side by side, of which one is killed."""

import pytest

from crew_pieces import die
from recrate.outside.crew import Crew, Lost, is_lost


def test_a_process_that_is_killed_takes_no_other_piece_with_it():
    with Crew(2) as crew:
        pieces = {name: crew.submit(die, name) for name in ("bad", "good")}
        assert is_lost(pieces["bad"])
        assert is_lost(pieces["good"]) or pieces["good"].result() == "good"
        assert crew.alone(die, "good") == "good"
        with pytest.raises(Lost):
            crew.alone(die, "bad")
        assert crew.submit(die, "again").result() == "again"
