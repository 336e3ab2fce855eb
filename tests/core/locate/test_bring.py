"""What was found is brought here: whole, verified, with its folders, and nothing twice."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doubles.reading_crates import bag, contents, make_crate
from doubles.reading_inveniordm import Records
from doubles.reading_weko import Item
from doubles.serving import Cut, CuttingProxy, served
from recrate.crate.read import read_crate
from recrate.locate.loose import Described, match
from recrate.locate.whereabouts import Candidate, Checksum, FileKind, Whereabouts
from recrate.model.errors import BadCrate, BadInput, NotFound, RecrateError, Refused
from recrate.outside.disk import sha256_of
from recrate.outside.web import TooLarge


def zip_at(url, **said):
    return Whereabouts(
        url="https://doi.org/10.5072/a",
        candidates=(Candidate(url=url, name="x.crate.zip", kind=FileKind.ZIP, **said),),
    )


def test_a_large_crate_is_asked_about_and_then_fetched_once(world, host, crate):
    server, base = host
    server.file("/x.crate.zip", crate.read_bytes())
    world.settings = replace(world.settings, big_bytes=1000)
    found = world.find(f"{base}x.crate.zip")
    with pytest.raises(TooLarge) as large:
        world.bring(found)
    assert large.value.size_bytes == crate.stat().st_size
    before = len(server.asked)
    path = world.bring(found, agreed_bytes=10**9)
    assert sha256_of(path) == sha256_of(crate)
    assert len(server.asked) == before + 1
    assert world.bring(found) == path, "what is here needs no second agreement"


def test_all_files_of_a_loose_crate_together_are_what_is_large(world, crate):
    wanted = contents(crate)
    records = Records(files={name.replace("/", "%2F"): data for name, data in wanted.items()})
    base = world.serve(records.app)
    payload = [len(data) for name, data in wanted.items() if not name.startswith("ro-crate-")]
    world.settings = replace(world.settings, big_bytes=sum(payload) - 1)
    with pytest.raises(TooLarge):
        world.fetch(f"{base}records/4711")
    assert len(records.asked) <= 1, "only the metadata were fetched before asking"


def test_nothing_beyond_the_limit_is_fetched_by_any_agreement(world, host, crate):
    server, base = host
    server.file("/x.crate.zip", crate.read_bytes())
    world.settings = replace(world.settings, limit_bytes=1000)
    with pytest.raises(TooLarge):
        world.fetch(f"{base}x.crate.zip", agreed_bytes=10**9)


def test_a_file_without_a_checksum_is_asked_about_by_its_etag(world, host, crate):
    server, base = host
    server.file("/x.crate.zip", crate.read_bytes())
    found = zip_at(f"{base}x.crate.zip")
    first, again = world.bring(found), world.bring(found)
    assert first == again
    assert server.asked[-1].headers["if-none-match"] == server.shown["/x.crate.zip"].tag
    server.file("/x.crate.zip", make_crate(world.cache / "other", tools="X = 2\n").read_bytes())
    assert world.bring(found) != first


def test_a_wrong_checksum_of_the_record_brings_nothing(world, crate):
    files = {"tides.crate.zip": crate.read_bytes()}
    records = Records(files=files, checksums={"tides.crate.zip": "0" * 32})
    base = world.serve(records.app)
    with pytest.raises(BadInput, match="md5"):
        world.fetch(f"{base}records/4711")
    assert not [path for path in world.cache.rglob("*.zip") if path.is_file()]


def test_a_touched_file_of_the_cache_is_fetched_again(world, host, crate):
    server, base = host
    server.file("/x.crate.zip", crate.read_bytes())
    checksum = Checksum(algorithm="sha256", value=sha256_of(crate))
    found = zip_at(f"{base}x.crate.zip", checksum=checksum)
    path = world.bring(found)
    path.write_bytes(b"touched")
    assert sha256_of(world.bring(found)) == sha256_of(crate)


def test_the_crate_in_the_bag_that_jairo_cloud_kept_is_taken_out(world, crate, tmp_path):
    inside = {"ro-crate-metadata.json": b"{}", "tides.crate.zip": crate.read_bytes()}
    for name in ("payload.zip", "tides.bag.zip"):
        packed = bag(inside, tmp_path / name)
        base = world.serve(Item(files={name: packed}).app)
        path = world.fetch(f"{base}records/123")
        assert path.name == "tides.crate.zip"
        assert sha256_of(path) == sha256_of(crate)


def test_a_bag_that_holds_another_crate_than_its_manifest_says_is_refused(world, crate, tmp_path):
    manifest = f"{'0' * 64}  data/tides.crate.zip\n".encode()
    inside = {"tides.crate.zip": crate.read_bytes()}
    for number, said in enumerate((manifest, b"")):
        packed = bag(inside, tmp_path / f"p{number}.zip", manifest_sha256=said)
        base = world.serve(Item(files={"payload.zip": packed}).app)
        with pytest.raises(BadCrate):
            world.fetch(f"{base}records/123")


def test_a_bag_of_several_crates_is_not_guessed_at(world, crate, tmp_path):
    inside = {"a.crate.zip": crate.read_bytes(), "b.crate.zip": crate.read_bytes()}
    base = world.serve(Item(files={"payload.zip": bag(inside, tmp_path / "p.zip")}).app)
    with pytest.raises(BadCrate, match="2 crates"):
        world.fetch(f"{base}records/123")


def test_a_page_that_is_served_as_a_zip_is_not_kept(world, host):
    server, base = host
    server.file("/x.crate.zip", b"<html>please log in</html>")
    for _ in range(2):
        with pytest.raises(BadCrate):
            world.fetch(f"{base}x.crate.zip")
    assert not [path for path in world.cache.rglob("*.zip") if path.is_file()]


@pytest.mark.parametrize(
    "rename",
    [
        lambda path: path.replace("/", "%2F"),
        lambda path: path.replace("/", "-"),
        lambda path: path.replace("/", "_"),
        lambda path: path.replace("/", "%252F").replace(" ", "%2520"),
        lambda path: path,
    ],
)
def test_flattened_names_get_their_folders_back_and_the_crate_its_identity(world, crate, rename):
    wanted = contents(crate)
    wanted.pop("ro-crate-preview.html")
    files = {rename(path): data for path, data in wanted.items()}
    base = world.serve(Records(files={**files, "README.pdf": b"not of the crate"}).app)
    path = world.fetch(f"{base}records/4711")
    assert contents(path) == wanted
    assert read_crate(path).identity == read_crate(crate).identity
    assert not read_crate(path).findings


def test_names_that_say_nothing_are_found_out_by_size_and_checksum(world, crate):
    wanted = contents(crate)
    wanted.pop("ro-crate-preview.html")
    names = {path: f"file-{number}.bin" for number, path in enumerate(sorted(wanted))}
    names["ro-crate-metadata.json"] = "ro-crate-metadata.json"
    base = world.serve(Records(files={names[path]: data for path, data in wanted.items()}).app)
    assert contents(world.fetch(f"{base}records/4711")) == wanted


def test_a_loose_file_that_is_another_than_the_crate_says_is_refused(world, crate):
    files = {path.replace("/", "%2F"): data for path, data in contents(crate).items()}
    files["code%2Ftools.py"] = b"import os\n"
    base = world.serve(Records(files=files).app)
    with pytest.raises(BadCrate, match="wrong checksum"):
        world.fetch(f"{base}records/4711")


def test_what_the_record_lacks_is_said_when_the_crate_is_read(world, crate):
    files = {path.replace("/", "%2F"): data for path, data in contents(crate).items()}
    del files["code%2Ftools.py"]
    base = world.serve(Records(files=files).app)
    found = read_crate(world.fetch(f"{base}records/4711")).findings
    assert [one.code for one in found] == ["file-missing"]


def metadata_naming(*paths):
    files = [{"@id": path, "@type": "File", "sha256": "0" * 64} for path in paths]
    graph = [{"@id": "ro-crate-metadata.json", "about": {"@id": "./"}}, *files]
    return json.dumps({"@context": "x", "@graph": graph}).encode()


@pytest.mark.parametrize(
    "path",
    ["../../out.txt", "a/../../out.txt", "%2e%2e/out.txt", "/etc/out.txt", "C:out.txt", "x\x00y",
     "a\\..\\out.txt", "\u202etxt.out", "file:///etc/out.txt", "https://evil.example/out.txt"],
)  # fmt: skip
def test_a_name_that_leads_out_of_the_crate_writes_nothing_there(world, tmp_path, path):
    files = {"ro-crate-metadata.json": metadata_naming(path), "out.txt": b"x", path[:20]: b"y"}
    base = world.serve(Records(files=files).app)
    try:
        brought = world.fetch(f"{base}records/4711")
    except RecrateError:
        pass
    else:
        assert sorted(contents(brought)) == ["ro-crate-metadata.json"]
    outside = [one for one in tmp_path.rglob("*out*") if not one.is_relative_to(world.cache)]
    assert outside == []


def test_a_file_that_is_a_folder_too_is_refused(world):
    said = json.loads(metadata_naming("a", "a/b"))
    for one in said["@graph"][1:]:
        del one["sha256"]
    files = {"ro-crate-metadata.json": json.dumps(said).encode(), "a": b"1", "a%2Fb": b"2"}
    base = world.serve(Records(files=files).app)
    with pytest.raises(Refused):
        world.fetch(f"{base}records/4711")


@pytest.mark.parametrize(
    "name", ["../../../evil.crate.zip", "a/b.crate.zip", "\u202e.crate.zip", "x" * 300 + ".zip"]
)
def test_a_record_cannot_say_where_its_file_is_kept(world, crate, name):
    base = world.serve(Records(files={name: crate.read_bytes()}).app)
    path = world.fetch(f"{base}records/4711")
    assert path.resolve().is_relative_to(world.cache.resolve())
    assert path.name in {"crate.zip", "evil.crate.zip", "b.crate.zip"}


def test_a_record_without_a_crate_says_what_it_holds(world):
    base = world.serve(Records(files={"paper.pdf": b"%PDF", "table.csv": b"1"}).app)
    with pytest.raises(NotFound, match=r"paper\.pdf, table\.csv"):
        world.fetch(f"{base}records/4711")


def campaign(world, crate, cache, cut):
    """Find and bring a loose crate through a connection that breaks once; count what was sent."""
    files = {path.replace("/", "%2F"): data for path, data in contents(crate).items()}
    records = Records(files=files, linkset=False)
    with served(records.app) as port:
        proxy = CuttingProxy(target=port, cuts=[cut] if cut else [])
        world.cache = cache
        path = world.fetch(f"http://127.0.0.1:{proxy.port}/records/4711")
        proxy.close()
    return path, proxy.seen, records


def test_a_connection_that_breaks_anywhere_costs_no_more_than_what_it_lost(world, crate, tmp_path):
    wanted = contents(crate)
    wanted.pop("ro-crate-preview.html")
    _, connections, whole = campaign(world, crate, tmp_path / "whole", None)
    for number in range(connections):
        for bytes_ in (0, 700):
            cut = Cut(at=number, where="answer", bytes=bytes_)
            folder = tmp_path / f"{number}-{bytes_}"
            path, _, records = campaign(world, crate, folder, cut)
            assert contents(path) == wanted, cut
            assert len(records.asked) <= len(whole.asked) + 1, cut
            assert not list(folder.rglob("*.part")), cut


names = st.lists(
    st.text(alphabet="ab/-_ %", min_size=1, max_size=6), min_size=1, max_size=8, unique=True
)


@given(names, names)
def test_each_name_of_a_record_is_taken_for_one_file_at_most(paths, given_names):
    files = [Described(path=path, sha256=None, size_bytes=None) for path in paths]
    found = match(files, given_names)
    assert set(found) <= set(paths)
    assert set(found.values()) <= set(given_names)
    assert len(set(found.values())) == len(found)
    for path in set(paths) & set(given_names):
        assert found[path] == path, "the name itself goes before every other reading"
