"""A study with data that are not published: packed without them, replayed with and without."""

import zipfile

import pytest

from making import notebook_of, stream
from recrate.configuration import read_settings
from recrate.crate.read import read_crate
from recrate.flow.references import supply
from recrate.metadata.keeping import keep_description
from recrate.model.errors import BadInput, NotFound
from recrate.model.study import Description, Person, RestrictedFile

AS_OF = "2026-11-01"
DATA = "1\n2\n3\n"


@pytest.fixture
def crate(recrate, tmp_path):
    study = tmp_path / "study"
    (study / "data").mkdir(parents=True)
    (study / "data" / "levels.csv").write_text(DATA)
    source = "print(sum(int(line) for line in open('data/levels.csv')))"
    (study / "a.ipynb").write_text(notebook_of(source, outputs={0: [stream("6\n")]}))
    (study / "b.ipynb").write_text(notebook_of("print(7)", outputs={0: [stream("7\n")]}))
    keep_description(
        study,
        Description(
            title="Levels",
            description="Levels of a well on private ground",
            creators=(Person(name="A"),),
            licence="MIT",
            restricted=(
                RestrictedFile(
                    path="data/levels.csv", conditions="with the owner's leave",
                    contact="well@example.org",
                ),
            ),
        ),
    )  # fmt: skip
    crate = tmp_path / "x.crate.zip"
    packed = recrate("pack", study, "-o", crate, "--as-of", AS_OF)
    assert packed.code == 0, packed.error
    return crate


@pytest.fixture
def config(tmp_path, cache_folder):
    """A configuration with a data cache of its own."""
    path = tmp_path / "config.py"
    path.write_text(f"c.Recrate.cache = {str(tmp_path / 'cache')!r}\n")
    (tmp_path / "cache").mkdir()
    for part in cache_folder.iterdir():
        if part.is_dir() and part.name != "data":
            (tmp_path / "cache" / part.name).symlink_to(part)
    return path


def test_a_notebook_without_its_data_says_whom_to_ask_and_the_others_are_judged(
    recrate, crate, config, tmp_path
):
    with zipfile.ZipFile(crate) as archive:
        assert "data/levels.csv" not in archive.namelist()
    done = recrate("replay", crate, "-o", tmp_path / "out", "--config", config, "--json")
    assert done.code == 1, done.error
    first, second = done.document["notebooks"]
    assert first["error"]["cause"] == "missing file"
    assert first["error"]["message"] == (
        "data/levels.csv is shared on request: with the owner's leave; contact well@example.org"
    )
    assert second["verdict"] == "identical"


def test_who_was_given_the_file_replays_all_of_it(recrate, crate, config, tmp_path):
    mine = tmp_path / "mine.csv"
    mine.write_text(DATA)
    given = supply(read_crate(crate), "data/levels.csv", mine, settings=read_settings(config))
    assert given.path == "data/levels.csv"
    done = recrate("replay", crate, "-o", tmp_path / "out", "--config", config, "--json")
    assert done.document["verdict"] == "identical", done.error


def test_another_file_is_not_taken_for_the_one_that_was_shared(crate, config, tmp_path):
    mine = tmp_path / "mine.csv"
    mine.write_text("other\n")
    told, settings = read_crate(crate), read_settings(config)
    with pytest.raises(BadInput, match="not the file"):
        supply(told, "data/levels.csv", mine, settings=settings)
    with pytest.raises(NotFound):
        supply(told, "data/gone.csv", mine, settings=settings)
    with pytest.raises(NotFound):
        supply(told, "data/levels.csv", tmp_path / "gone", settings=settings)
