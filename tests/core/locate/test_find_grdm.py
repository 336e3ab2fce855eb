"""Files and folders of GakuNin RDM projects."""

from dataclasses import replace

import pytest

from doubles.reading_crates import contents
from doubles.reading_grdm import TOKEN, Project
from recrate.model.errors import NotFound, Refused
from recrate.model.secret import Secret
from recrate.outside.disk import sha256_of


def with_grdm(world, project):
    base = world.serve(project.app)
    project.elsewhere = world.serve(project.store)
    world.settings = replace(
        world.settings, grdm_web=base, grdm_api=f"{base}v2/", grdm_files=f"{base}v1/"
    )
    return base


def secrets(_host):
    return Secret(TOKEN)


@pytest.mark.parametrize("by_id", [True, False])
@pytest.mark.parametrize("scheme", ["", "crate+"])
def test_a_file_of_a_grdm_project_by_its_path(world, crate, by_id, scheme):
    project = Project(files={"out/tides.crate.zip": crate.read_bytes()}, by_id=by_id)
    base = with_grdm(world, project)
    where = f"{scheme}{base}ab3cd/files/osfstorage/out/tides.crate.zip"
    found = world.find(where, secrets=secrets)
    assert found.candidates[0].checksum is not None
    assert sha256_of(world.bring(found, secrets=secrets)) == sha256_of(crate)
    stored = [one for one in project.asked if one.path.startswith("/out")]
    assert stored
    assert all("authorization" not in one.headers for one in stored)


def test_a_file_of_a_grdm_project_by_its_short_address_and_a_project_by_its_own(world, crate):
    files = {"tides.crate.zip": crate.read_bytes(), "note.txt": b"x"}
    base = with_grdm(world, Project(files=files, short={"tides.crate.zip": "xy9zk"}))
    for where in (f"{base}xy9zk/", f"{base}ab3cd"):
        assert sha256_of(world.fetch(where, secrets=secrets)) == sha256_of(crate)


def test_a_folder_of_a_grdm_project_that_is_an_unpacked_crate(world, crate):
    wanted = contents(crate)
    files = {f"studies/tides/{path}": data for path, data in wanted.items()}
    base = with_grdm(world, Project(files={**files, "studies/other.txt": b"x"}))
    brought = contents(world.fetch(f"{base}ab3cd/files/osfstorage/studies/tides", secrets=secrets))
    assert brought == {path: wanted[path] for path in brought}
    assert "data/more/in.csv" in brought


def test_grdm_without_a_token_says_where_to_keep_one(world, crate):
    base = with_grdm(world, Project(files={"x.crate.zip": crate.read_bytes()}))
    with pytest.raises(Refused) as refused:
        world.find(f"{base}ab3cd/files/osfstorage/x.crate.zip")
    assert "recrate token grdm" in refused.value.hint


def test_nothing_of_a_grdm_project_is_found_where_nothing_is(world):
    base = with_grdm(world, Project(files={"a.txt": b""}))
    for path in ("ab3cd/files/osfstorage/no/such.zip", "zzzzz/files/osfstorage/a.txt", "zzzzz"):
        with pytest.raises(NotFound):
            world.find(f"{base}{path}", secrets=secrets)


def test_more_requests_than_allowed_are_refused(world):
    files = {f"{n}/{n}/ro-crate-metadata.json": b"{}" for n in range(80)}
    base = with_grdm(world, Project(files={"ro-crate-metadata.json": b"{}", **files}))
    world.settings = replace(world.settings, requests_limit=40)
    with pytest.raises(Refused, match="requests"):
        world.find(f"{base}ab3cd/files/osfstorage/", secrets=secrets)


@pytest.mark.parametrize("place", ["..", "a/../../../nodes", "%2e%2e/x", "a%5Cb"])
def test_a_path_of_grdm_that_leads_elsewhere_is_not_asked_with_the_token(world, place):
    project = Project(files={"a.txt": b""})
    base = with_grdm(world, project)
    with pytest.raises((Refused, NotFound)):
        world.find(f"{base}ab3cd/files/osfstorage/{place}", secrets=secrets)
    assert all(".." not in one.path for one in project.asked)
