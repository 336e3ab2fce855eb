"""Every kind of address, against doubles of the services behind it."""

import json

import pytest

from doubles.reading_crates import contents, view_of
from doubles.reading_inveniordm import Records
from doubles.reading_weko import Item
from doubles.serving import Trouble
from recrate.model.errors import BadInput, NotFound, OutsideFailed, Refused
from recrate.outside.disk import sha256_of

PROFILE = 'profile="https://w3id.org/ro/crate"'


def test_the_address_of_the_zip_itself(world, host, crate):
    server, base = host
    server.file("/x/tides.crate.zip", crate.read_bytes())
    found = world.find(f"{base}x/tides.crate.zip")
    assert [(one.name, one.size_bytes) for one in found.candidates] == [
        ("tides.crate.zip", crate.stat().st_size)
    ]
    assert sha256_of(world.bring(found)) == sha256_of(crate)


def test_a_zip_without_a_name_is_known_by_its_first_bytes(world, host, crate):
    server, base = host
    server.file("/download", crate.read_bytes(), kind="application/octet-stream")
    assert world.fetch(f"{base}download?id=3").name == "download"


def test_a_landing_page_by_link_headers(world, host, crate):
    server, base = host
    server.file("/v1/tides.crate.zip", crate.read_bytes())
    server.page("/v1/", "<title>T</title>", f'<tides.crate.zip>; rel="item"; {PROFILE}')
    found = world.find(f"{base}v1/")
    assert found.candidates[0].is_crate
    assert sha256_of(world.bring(found)) == sha256_of(crate)


def test_a_landing_page_of_a_static_site_by_its_link_elements(world, host, crate):
    server, base = host
    metadata = contents(crate)["ro-crate-metadata.json"]
    server.file("/tides/v1/tides.crate.zip", crate.read_bytes())
    server.file("/tides/v1/ro-crate-metadata.json", metadata, kind="application/ld+json")
    said = {
        "@type": "Dataset",
        "distribution": [
            {
                "contentUrl": f"{base}tides/v1/tides.crate.zip",
                "contentSize": str(crate.stat().st_size),
                "sha256": sha256_of(crate),
            }
        ],
    }
    server.page(
        "/tides/v1/",
        '<head><title>Tides</title><link rel="describedby" href="ro-crate-metadata.json" '
        'type="application/ld+json" profile="https://w3id.org/ro/crate">'
        '<link rel="item" href="tides.crate.zip" type="application/zip">'
        f'<script type="application/ld+json">{json.dumps(said)}</script></head>',
    )
    found = world.find(f"{base}tides/v1/")
    zips = [one for one in found.candidates if one.name == "tides.crate.zip"]
    assert zips[0].checksum is not None
    assert zips[0].checksum.value == sha256_of(crate)
    assert found.title == "Tides"
    assert sha256_of(world.bring(found)) == sha256_of(crate)


def test_a_landing_page_by_its_link_set(world, host, crate):
    server, base = host
    server.file("/tides.crate.zip", crate.read_bytes())
    links = {"linkset": [{"anchor": f"{base}page", "item": [{"href": f"{base}tides.crate.zip"}]}]}
    server.file("/links", json.dumps(links).encode(), kind="application/linkset+json")
    server.page("/page", "x", '</links>; rel="linkset"; type="application/linkset+json"')
    assert sha256_of(world.fetch(f"{base}page")) == sha256_of(crate)


def test_embedded_metadata_where_there_is_no_signposting(world, host, crate):
    server, base = host
    server.file("/get/tides.zip", crate.read_bytes())
    said = {"@graph": [{"@type": "Dataset", "distribution": {"contentUrl": "/get/tides.zip"}}]}
    server.page("/p", f'<script type="application/ld+json">{json.dumps(said)}</script>')
    assert sha256_of(world.fetch(f"{base}p")) == sha256_of(crate)


def test_a_crate_that_lies_on_the_web_as_a_folder(world, host, crate):
    server, base = host
    for path, content in contents(crate).items():
        kind = "application/ld+json" if path.endswith("metadata.json") else "text/plain"
        server.file(
            f"/c/{path}".replace(" ", "%20").replace("解析", "%E8%A7%A3%E6%9E%90"), content, kind
        )
    said = f'type="application/ld+json" {PROFILE} href="c/ro-crate-metadata.json"'
    server.page("/", f'<link rel="describedby" {said}>')
    for where in (f"{base}c/ro-crate-metadata.json", base):
        brought = contents(world.fetch(where))
        wanted = contents(crate)
        assert {path: brought[path] for path in brought} == {
            path: wanted[path] for path in wanted if path != "ro-crate-preview.html"
        }


@pytest.mark.parametrize("zenodo", [True, False])
@pytest.mark.parametrize("linkset", [True, False])
def test_a_record_of_inveniordm_with_size_checksum_and_doi(world, crate, zenodo, linkset):
    files = {"tides.crate.zip": crate.read_bytes(), "paper.pdf": b"%PDF"}
    records = Records(files=files, zenodo=zenodo, linkset=linkset)
    base = world.serve(records.app)
    world.dois.leads[records.doi] = f"{base}records/4711"
    for where in (f"{base}records/4711", records.doi, f"https://doi.org/{records.doi.upper()}"):
        found = world.find(where)
        one = next(one for one in found.candidates if one.name == "tides.crate.zip")
        assert (one.size_bytes, one.checksum and one.checksum.algorithm) == (
            crate.stat().st_size, "md5"
        )  # fmt: skip
        assert (found.doi or "").lower() == records.doi
        assert (found.version, found.record_url) == ("1.2", f"{base}records/4711")
        assert sha256_of(world.bring(found)) == sha256_of(crate)
    assert len(records.asked) == 1, "what is here already is not fetched again"


def test_the_doi_of_all_versions_becomes_that_of_the_one_that_was_found(world, crate):
    records = Records(files={"tides.crate.zip": crate.read_bytes()})
    base = world.serve(records.app)
    for doi in (records.doi, "10.5072/zenodo.4710"):
        world.dois.leads[doi] = f"{base}records/4711"
    assert world.find("10.5072/zenodo.4710").doi == records.doi


def test_a_page_that_claims_the_doi_of_another_work_is_not_believed(world, host, crate):
    server, base = host
    server.file("/x.crate.zip", crate.read_bytes())
    server.page(
        "/p", "x", "</x.crate.zip>; rel=item, <https://doi.org/10.5072/famous>; rel=cite-as"
    )
    world.dois.leads["10.5072/famous"] = f"{base}somebody-else"
    server.page("/somebody-else", "y")
    found = world.find(f"{base}p")
    assert (found.doi, found.url) == (None, f"{base}p")
    assert "10.5072/famous" in found.notes[0]
    world.dois.leads["10.5072/famous"] = f"{base}p"
    assert world.find(f"{base}p").doi == "10.5072/famous"


def test_restricted_files_say_whom_to_ask(world):
    records = Records(files={"x.crate.zip": b""}, restricted=True)
    base = world.serve(records.app)
    with pytest.raises((NotFound, Refused)):
        world.fetch(f"{base}records/4711")


def flat(crate, *, quoted=True):
    names = contents(crate)
    names.pop("ro-crate-preview.html")
    return {
        name.replace("/", "%2F").replace(" ", "%20") if quoted else name.replace("/", "-"): data
        for name, data in names.items()
    }


@pytest.mark.parametrize(
    "shown",
    [
        {"kind": "dataset"},
        {"kind": "software"},
        {"kind": "software", "exports": ("jpcoar_1.0",)},
        {"kind": "software", "exports": (), "linked": True},
        {"kind": "dataset", "description": "short"},
    ],
)
def test_a_record_page_of_jairo_cloud_with_flattened_names(world, crate, shown):
    item = Item(files=flat(crate), doi="10.5072/weko.123", **shown)
    base = world.serve(item.app)
    world.dois.leads["10.5072/weko.123"] = f"{base}records/123"
    brought = contents(world.fetch("10.5072/weko.123"))
    wanted = contents(crate)
    assert brought == {path: wanted[path] for path in brought}
    assert "code/analysis.ipynb" in brought
    assert "解析.ipynb" in brought
    assert all("/record/123/files/" in one.path for one in item.asked)


def test_the_crates_own_metadata_go_before_the_view_that_jairo_cloud_was_given(world, crate):
    files = flat(crate)
    files["original-ro-crate-metadata.json"] = files["ro-crate-metadata.json"]
    files["ro-crate-metadata.json"] = view_of(crate)
    base = world.serve(Item(files=files).app)
    brought = contents(world.fetch(f"{base}records/123"))
    assert brought["ro-crate-metadata.json"] == contents(crate)["ro-crate-metadata.json"]
    assert "original-ro-crate-metadata.json" not in brought


def test_datacite_is_asked_where_the_page_tells_nothing(world, host, crate):
    server, base = host
    server.page("/old", "nothing for machines")
    server.file("/files/x.crate.zip", crate.read_bytes())
    world.dois.leads["10.5072/d"] = f"{base}old"
    world.dois.known["10.5072/d"] = {
        "url": f"{base}old",
        "contentUrl": [f"{base}files/x.crate.zip"],
        "titles": [{"title": "Tides"}],
        "version": "3",
    }
    found = world.find("10.5072/d")
    assert (found.title, found.version) == ("Tides", "3")
    assert sha256_of(world.bring(found)) == sha256_of(crate)


@pytest.mark.parametrize("api_off", [False, True])
def test_a_doi_that_the_resolver_does_not_know_is_followed_by_datacite(world, host, crate, api_off):
    server, base = host
    server.file("/x.crate.zip", crate.read_bytes())
    server.page("/p", '<link rel="item" href="/x.crate.zip">')
    world.dois.known["10.5072/fresh"] = {"url": f"{base}p"}
    world.dois.api_off = api_off
    assert sha256_of(world.fetch("doi:10.5072/fresh")) == sha256_of(crate)


def test_a_doi_that_nobody_knows_is_not_found(world):
    with pytest.raises(NotFound) as missing:
        world.find("10.5072/nowhere")
    assert "10.5072/nowhere is not there" in missing.value.hint


def test_a_doi_whose_page_is_gone_says_which_page(world, host):
    _, base = host
    world.dois.leads["10.5072/a"] = f"{base}gone"
    with pytest.raises(NotFound) as missing:
        world.find("10.5072/a")
    assert f"{base}gone is not there" in missing.value.hint


def test_a_doi_of_another_agency_whose_page_holds_no_crate_is_not_called_unknown(world, host):
    server, base = host
    server.page("/paper", "a paper")
    world.dois.leads["10.5072/jalc"] = f"{base}paper"
    with pytest.raises(NotFound) as missing:
        world.find("10.5072/jalc")
    assert "not there" not in missing.value.hint


def test_content_of_a_page_for_browsers_only_is_found_by_datacite(world, host, crate):
    server, base = host
    server.page("/closed", "log in", status=403)
    server.file("/x.crate.zip", crate.read_bytes())
    world.dois.leads["10.5072/c"] = f"{base}closed"
    with pytest.raises(Refused):
        world.find("10.5072/c")
    world.dois.known["10.5072/c"] = {
        "url": f"{base}x.crate.zip", "contentUrl": f"{base}x.crate.zip"
    }  # fmt: skip
    assert sha256_of(world.fetch("10.5072/c")) == sha256_of(crate)


def test_a_key_in_an_address_is_written_nowhere(world, host, crate):
    server, base = host
    server.file("/x.crate.zip", crate.read_bytes())
    found = world.find(f"{base}x.crate.zip?access_token=hunter2")
    world.bring(found)
    assert "hunter2" not in f"{found.url} {found.record_url}"
    kept = [path for path in world.cache.rglob("*") if path.is_file()]
    assert kept
    assert all("hunter2" not in path.name for path in kept)
    assert all(b"hunter2" not in path.read_bytes() for path in kept)
    server.shown.clear()
    with pytest.raises(NotFound) as missing:
        world.find(f"{base}x.crate.zip?access_token=hunter2")
    assert "hunter2" not in str(missing.value) + missing.value.hint


def test_a_resolver_that_is_down_is_asked_again_and_then_let_be(world):
    world.dois.down = True
    with pytest.raises(OutsideFailed):
        world.find("10.5072/a")
    assert world.dois.asked.count("10.5072/a") == 3
    assert len(world.waited) >= 2


def test_a_page_without_a_crate_is_not_found_with_a_hint(world, host):
    server, base = host
    server.page("/", "<h1>hello</h1>")
    with pytest.raises(NotFound) as missing:
        world.find(base)
    assert ".crate.zip" in missing.value.hint


def test_several_crates_in_one_record_are_named(world, host, crate):
    server, base = host
    server.page("/", "", "<a.crate.zip>; rel=item, <b.crate.zip>; rel=item, <c.pdf>; rel=item")
    with pytest.raises(BadInput, match=r"2 crates: a\.crate\.zip, b\.crate\.zip") as several:
        world.fetch(base)
    assert several.value.hint.endswith(f"{base}a.crate.zip")


def test_a_page_that_only_browsers_are_shown_is_passed_by_where_there_is_an_api(world, crate):
    records = Records(files={"tides.crate.zip": crate.read_bytes()})
    trouble = Trouble(records.app)
    trouble.planned = [("GET", "/records/4711", 403, {})]
    base = world.serve(trouble)
    assert sha256_of(world.fetch(f"{base}records/4711")) == sha256_of(crate)


@pytest.mark.parametrize("status", [401, 403])
def test_a_page_that_is_not_for_everybody_speaks_of_no_token(world, host, status):
    server, base = host
    server.page("/", "log in", status=status)
    with pytest.raises(Refused) as refused:
        world.find(base)
    assert "token" not in str(refused.value) + refused.value.hint
    assert "by hand" in refused.value.hint


def test_a_service_that_is_asked_too_often_is_asked_again_later(world, crate):
    records = Records(files={"tides.crate.zip": crate.read_bytes()})
    trouble = Trouble(records.app)
    trouble.planned = [("GET", "/records/4711", 429, {"Retry-After": "1"})]
    base = world.serve(trouble)
    assert world.find(f"{base}records/4711").candidates
    assert len(world.waited) == 1


def test_a_release_that_is_served_from_elsewhere_keeps_its_name(world, host, crate):
    server, base = host
    server.move("/releases/tides.crate.zip", "/assets/8f3a?X-Amz-Signature=abc")
    server.file("/assets/8f3a", crate.read_bytes(), kind="application/octet-stream")
    found = world.find(f"{base}releases/tides.crate.zip")
    assert world.bring(found).name == "tides.crate.zip"
    assert "X-Amz" not in found.url + found.candidates[0].url
