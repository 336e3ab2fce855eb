"""A crate from wherever it is, as every verb asks for it."""

from dataclasses import replace
from pathlib import Path

import pytest
from traitlets.config import Config

from doubles.reading_crates import make_crate
from doubles.reading_inveniordm import Records
from recrate.configuration import settings_from
from recrate.flow.locating import here
from recrate.model.errors import OutsideFailed, Refused
from recrate.outside.disk import sha256_of
from recrate.outside.web import TooLarge

DOI = "10.5072/zenodo.4711"


@pytest.fixture
def get(world, tmp_path):
    """Ask for a crate as a verb does."""
    configured = settings_from(Config({"Recrate": {"cache": str(tmp_path / "all")}}))

    def ask(where, **given):
        settings = replace(configured, web=world.settings.web, locate=world.settings)
        return here(where, settings=settings, **given)

    return ask


@pytest.fixture
def published(world, crate):
    """A crate with a DOI."""
    records = Records(files={"tides.crate.zip": crate.read_bytes()}, doi=DOI)
    base = world.serve(records.app)
    world.dois.leads[DOI] = f"{base}records/4711"
    return records


def test_a_path_stays_where_it_lies(get, crate):
    for where in (crate, str(crate), "no/such/file"):
        found = get(where)
        assert found.path == Path(where)
        assert found.origin is None


def test_a_doi_is_brought_with_where_it_came_from(get, published, crate):
    found = get(f"doi:{DOI}")
    assert sha256_of(found.path) == sha256_of(crate)
    assert found.origin is not None
    assert found.origin.url == f"https://doi.org/{DOI}"
    assert (found.origin.doi, found.origin.version) == (DOI, "1.2")
    assert found.origin.fetched.startswith("20")
    assert found.notes == ()


def test_without_a_network_what_was_brought_is_there_and_says_since_when(get, world, published):
    first = get(DOI)
    world.dois.down = True
    again = get(f"https://doi.org/{DOI.upper()}")
    assert again.path == first.path
    assert again.origin == first.origin
    assert first.origin is not None
    assert f"as fetched on {first.origin.fetched[:10]}" in again.notes[0]


def test_without_a_network_what_was_never_brought_is_an_error(get, world, published):
    world.dois.down = True
    with pytest.raises(OutsideFailed):
        get(DOI)


def test_without_a_network_what_was_touched_is_not_taken(get, world, published):
    get(DOI).path.write_bytes(b"touched")
    world.dois.down = True
    with pytest.raises(OutsideFailed):
        get(DOI)


def test_a_new_version_behind_the_same_doi_is_fetched(get, published, tmp_path):
    first = get(DOI)
    published.files["tides.crate.zip"] = make_crate(tmp_path, tools="X = 2\n").read_bytes()
    assert get(DOI).path != first.path


def test_a_large_download_is_asked_about_with_its_size(get, world, published, crate):
    world.settings = replace(world.settings, big_bytes=100)
    asked = []

    def answer(size, where):
        asked.append((size, where))
        return len(asked) > 1

    with pytest.raises(TooLarge):
        get(DOI)
    with pytest.raises(TooLarge):
        get(DOI, agreed=answer)
    assert sha256_of(get(DOI, agreed=answer).path) == sha256_of(crate)
    assert asked == [(crate.stat().st_size, f"https://doi.org/{DOI}")] * 2
    assert get(DOI).path, "it is here, and nobody is asked"


def test_beyond_the_limit_agreeing_does_not_help_and_the_hint_does_not_say_so(
    get, world, published
):
    world.settings = replace(world.settings, big_bytes=100, limit_bytes=200)
    with pytest.raises(Refused) as refused:
        get(DOI, agreed=True)
    assert "--yes" not in refused.value.hint
