"""A network that breaks a third of all connections, and a person who says `--resume` each time."""

import random
import shutil
from pathlib import Path

import pytest

from conftest import CommandLine
from doubles.repositories import repositories
from doubles.serving import Cut
from making import notebook_of

RESUMES = 15


@pytest.fixture(scope="module")
def crate(recrate: CommandLine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small study, packed."""
    study = tmp_path_factory.mktemp("study") / "levels"
    study.mkdir()
    (study / "levels.ipynb").write_text(notebook_of("print(sum(range(10)))"))
    (study / "CITATION.cff").write_text(
        "cff-version: 1.2.0\nmessage: Cite it.\ntitle: Levels of a lake\nlicense: CC0-1.0\n"
        "authors:\n  - family-names: Yamada\n    given-names: Hanako\n"
    )
    place = study.parent / "levels.crate.zip"
    assert recrate("pack", study, "-o", place, "--no-lock").code in {0, 1}
    return place


@pytest.mark.slow
@pytest.mark.parametrize("place", ["invenio", "kyoto", "rdm", "dois"])
def test_a_storm_ends_with_one_record_and_nothing_left_over(
    recrate: CommandLine, crate: Path, tmp_path: Path, place: str
):
    own = tmp_path / "levels.crate.zip"
    shutil.copyfile(crate, own)
    weather = random.Random(4)
    cuts = tuple(
        Cut(at=at, where=weather.choice(("answer", "request")))
        for at in range(600)
        if weather.random() < 0.3
    )
    with repositories(tmp_path, cuts=cuts) as opened:
        configuration = tmp_path / "recrate_config.py"
        text = recrate.configuration.read_text().replace("c.Publish.ledger", "unused")
        configuration.write_text(text + opened.configuration)
        words = ["publish", own, "--to", place, "--json", "--config", configuration]
        broken = 0
        answer = recrate(*words, variables=opened.variables)
        while answer.code != 0 and broken < RESUMES:
            assert answer.code in {2, 3}, answer.error
            assert "Traceback" not in answer.error
            broken += 1
            again = ["--resume"] if "unfinished" in answer.error or broken > 1 else []
            answer = recrate(*words, *again, variables=opened.variables)
            if "nothing was begun" in answer.error:
                answer = recrate(*words, variables=opened.variables)
        assert answer.code == 0, answer.error
        assert (opened.made(place), opened.left_over(place)) == (1, 0), broken
