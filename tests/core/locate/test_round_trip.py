"""What our own depositors publish is found again, byte for byte."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

import site_parcels
from doubles import grdm, weko_parcels
from doubles.landing import Host
from doubles.reading_crates import contents
from doubles.reading_weko import Item
from doubles.serving import served
from doubles.weko import weko
from doubles.weko_store import Store
from recrate.crate.read import read_crate
from recrate.model.progress import silent
from recrate.model.secret import Secret
from recrate.outside.disk import sha256_of
from recrate.publish.journal import Journal
from recrate.publish.site import Site


def carrying(parcel, crate):
    """Return a parcel with our crate in it."""
    return replace(
        parcel,
        crate=read_crate(crate),
        file=crate,
        size_bytes=crate.stat().st_size,
        sha256=sha256_of(crate),
    )


@pytest.mark.parametrize("page", ["", "index.html", "index.ja.html"])
def test_a_crate_on_a_static_site_is_found_by_its_landing_page(world, host, crate, tmp_path, page):
    server, base = host
    answers = {"folder": str(tmp_path / "site"), "url": base}
    site = Site(site_parcels.place(**answers), site_parcels.surroundings())
    parcel = carrying(site_parcels.parcel(tmp_path), crate)
    receipt = site.deposit(parcel, Journal(tmp_path / "journal"), silent)
    for file in (tmp_path / "site").rglob("*"):
        if file.is_file():
            show(server, tmp_path / "site", file)
    world.dois.leads["10.5072/site"] = receipt.record_url
    for where in (receipt.record_url + page, "10.5072/site"):
        found = world.find(where)
        path = world.bring(found)
        assert sha256_of(path) == sha256_of(crate)
        assert path.name.endswith(".crate.zip")


def show(server: Host, root: Path, file: Path) -> None:
    """Serve a file as any web server does, which knows a few media types and no more."""
    kinds = {".html": "text/html", ".json": "application/json", ".zip": "application/zip"}
    path = f"/{file.relative_to(root).as_posix()}"
    kind = kinds.get(file.suffix, "application/octet-stream")
    for shown in {path, path.removesuffix("index.html")}:
        server.file(shown, file.read_bytes(), kind)


@pytest.mark.parametrize("way", ["whole", "exploded"])
def test_a_crate_in_jairo_cloud_is_found_by_its_record(world, crate, tmp_path, way):
    store = Store()
    parcel = weko_parcels.parcel(tmp_path / "p", files=contents(crate), way=way)
    with served(weko(store)) as port:
        made = weko_parcels.depositor(port)
        weko_parcels.deposit(made, parcel, Journal(tmp_path / "journal"))
    (kept,) = store.living()
    base = world.serve(Item(files=kept.files, number="7").app)
    path = world.fetch(f"{base}records/7")
    assert read_crate(path).identity == read_crate(parcel.file).identity
    if way == "whole":
        assert sha256_of(path) == sha256_of(parcel.file)
    else:
        wanted = contents(crate)
        assert contents(path) == {one: wanted[one] for one in contents(path)}


@pytest.mark.parametrize("by_name", [False, True])
def test_a_crate_in_a_grdm_project_is_found_where_it_was_put(world, crate, by_name):
    shelf = grdm.Shelf(by_name=by_name)
    shelf.add("/crates/tides.crate.zip", crate.read_bytes())
    for number in range(30):
        shelf.add(f"/crates/{number}.txt", b"x")
    store = grdm.Store(shelves={"osfstorage": shelf}, listing_size=10)
    base = world.serve(grdm.make_app(store))
    world.settings = replace(
        world.settings, grdm_web=base, grdm_api=f"{base}v2/", grdm_files=f"{base}v1/"
    )

    def secrets(_host):
        return Secret(grdm.TOKEN)

    where = f"{base}{store.guid}/files/osfstorage/crates/tides.crate.zip"
    assert sha256_of(world.fetch(where, secrets=secrets)) == sha256_of(crate)
    for path, data in contents(crate).items():
        shelf.add(f"/open/{path}", data)
    brought = contents(world.fetch(f"{base}{store.guid}/files/osfstorage/open/", secrets=secrets))
    assert json.loads(brought["ro-crate-metadata.json"])
    assert hashlib.sha256(brought["a b.txt"]).digest()
