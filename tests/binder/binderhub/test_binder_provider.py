"""Our provider for BinderHub: what a link becomes, at class and URL level."""

import asyncio
import re
import threading
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import pytest
import yaml
from traitlets.config import Config

from recrate_binder.binderhub.provider import CrateProvider

ROOT = Path(__file__).parents[3]
DOI = "10.5281/zenodo.4711"


@pytest.fixture
def provide(binders):
    """Make a provider as BinderHub does for a request: `(config=…, spec=…)`."""

    def made(spec: str, **settings) -> CrateProvider:
        told = {"doi_resolver": binders.locate.doi_resolver, "private_hosts": ["127.0.0.1"]}
        config = Config(CrateProvider={"allow_http": True, **told, **settings})
        return CrateProvider(config=config, spec=spec)

    return made


def resolved(provider: CrateProvider):
    async def asked():
        reference = await provider.get_resolved_ref()
        return reference, await provider.get_resolved_spec(), await provider.get_resolved_ref_url()

    return asyncio.run(asked())


WRITTEN = [
    DOI, "10.5281%2FZENODO.4711", quote(f"https://doi.org/{DOI}", safe=""),
    quote(f"doi:{DOI}", safe=""), f"{DOI}/",
]  # fmt: skip


def test_all_ways_of_writing_a_doi_are_one_build(provide):
    found = {(*resolved(one), one.get_build_slug(), one.spec) for one in map(provide, WRITTEN)}
    assert len(found) == 1


def test_a_link_is_resolved_to_the_record_without_fetching_the_crate(provide, binders):
    provider = provide(DOI)
    reference, spec, page = resolved(provider)
    assert re.fullmatch(r"[0-9a-f]{40}", reference)
    assert spec == quote(DOI, safe="")
    assert page.endswith("/records/4711")
    assert provider.get_repo_url() == f"https://doi.org/{DOI}"
    assert not [one for one in binders.records.asked if one.path.endswith("/content")]


def test_another_checksum_is_another_image(provide, binders):
    first = resolved(provide(DOI))[0]
    assert resolved(provide(DOI))[0] == first
    binders.records.files["tides.crate.zip"] += b"more"
    assert resolved(provide(DOI))[0] != first


def test_the_resolved_spec_leads_to_the_same_image(provide):
    reference, spec, _ = resolved(provide(DOI))
    assert resolved(provide(spec))[0] == reference


@pytest.mark.parametrize("spec", WRITTEN)
def test_what_operators_ban_is_banned_however_it_is_written(provide, spec):
    assert provide(spec, banned_specs=[r"10\.5281/zenodo\.4711$"]).is_banned()
    assert not provide(spec, banned_specs=[r"10\.5281/zenodo\.9"]).is_banned()


def test_what_is_banned_by_doi_is_banned_by_its_page_and_file_too(provide, binders):
    page = binders.locate and binders.dois.leads[DOI]
    provider = provide(quote(page, safe=""), banned_specs=[re.escape(page)])
    assert provider.is_banned()
    provider = provide(DOI, banned_specs=[re.escape(page)])
    assert not provider.is_banned()
    with pytest.raises(ValueError, match="not allowed"):
        resolved(provider)


def test_quotas_and_settings_are_the_operators(provide):
    settings = {"per_repo_quota": 10, "per_repo_quota_higher": 50}
    assert provide(DOI).repo_config(settings) == {"quota": 10}
    assert provide(DOI, high_quota_specs=["10.5281/"]).repo_config(settings) == {"quota": 50}
    special = [{"pattern": "^10.5281/zenodo.4711$", "config": {"quota": 3}}]
    assert provide(DOI, spec_config=special).repo_config(settings) == {"quota": 3}
    assert provide(DOI, allowed_specs=[r"10\.5072/"]).is_banned()
    assert not provide(DOI, allowed_specs=[r"10\.5281/"]).is_banned()


@pytest.mark.parametrize(
    "spec",
    ["", "/etc/passwd", "..%2F..%2Fetc", "file%3A%2F%2F%2Fetc%2Fpasswd", "ftp%3A%2F%2Fa%2Fb",
     "https%3A%2F%2Fu%3Ap%40example.org%2F", "git%40github.com%3Aa%2Fb", "https%3A%2F%2Fa" * 400],
)  # fmt: skip
def test_what_is_no_doi_and_no_address_is_refused_before_anything_is_asked(provide, spec, binders):
    with pytest.raises(ValueError, match=r"."):
        provide(spec)
    assert binders.dois.asked == []


def test_plain_http_is_refused_unless_operators_allow_it():
    with pytest.raises(ValueError, match="https"):
        CrateProvider(spec=quote("http://example.org/a.crate.zip", safe=""))


def test_the_hubs_own_network_is_not_reachable_through_a_link(provide):
    for address in ("http://127.0.0.1:1/a.zip", "http://169.254.169.254/latest", "http://[::1]/"):
        with pytest.raises(ValueError, match="public"):
            resolved(provide(quote(address, safe=""), private_hosts=[]))


def test_what_is_not_there_is_told_in_a_sentence(provide):
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        resolved(provide("10.5281%2Fzenodo.404"))


def test_a_slow_repository_neither_holds_up_others_nor_hangs(provide, binders):
    release = threading.Event()

    async def slow(_scope, _receive, _send):
        await asyncio.to_thread(release.wait, 20)

    address = quote(binders.serve(slow) + "/a.crate.zip", safe="")

    async def both():
        waiting = asyncio.create_task(provide(address, timeout_seconds=2.0).get_resolved_ref())
        quick = await provide(DOI).get_resolved_ref()
        assert not waiting.done()
        with pytest.raises(ValueError, match=r"in time|answer"):
            await waiting
        return quick

    try:
        assert len(asyncio.run(both())) == 40
    finally:
        release.set()


def test_a_builds_name_is_safe_and_tells_crates_apart(provide):
    slugs = {
        provide(one).get_build_slug()
        for one in (DOI, "10.5281/zenodo.47-11", "10.1234/" + "x" * 200)
    }
    assert len(slugs) == 3
    assert all(re.fullmatch(r"[a-z0-9-]{1,90}", one) for one in slugs)


def test_the_page_of_the_hub_escapes_what_is_typed():
    shown = CrateProvider.display_config
    assert shown["id"] == "crate"
    assert shown["repo"]["urlEncode"] is True
    assert shown["ref"]["enabled"] is False


def test_the_example_for_the_chart_registers_the_provider_beside_those_that_are_there():
    values = yaml.safe_load((ROOT / "docs/examples/binderhub-values.yaml").read_text("utf-8"))
    hub = SimpleNamespace(repo_providers=SimpleNamespace(default_args=({"gh": object},)))
    config = Config()
    (code,) = values["extraConfig"].values()
    lines = [one for one in code.splitlines() if "binderhub.app" not in one]
    exec("\n".join(lines), {"BinderHub": hub, "c": config})
    assert config.BinderHub.repo_providers == {"gh": object, "crate": CrateProvider}
    traits = set(CrateProvider.class_trait_names(config=True))
    assert set(values["config"]["CrateProvider"]) <= traits
