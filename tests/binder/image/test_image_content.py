"""What repo2docker is given to build from: crates from everywhere, verified, and nothing else."""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from repo2docker.app import Repo2Docker
from repo2docker.contentproviders.base import ContentProviderException

from doubles.landing import Host
from doubles.reading_doi import Dois
from doubles.reading_inveniordm import Records
from doubles.serving import served
from image_crates import pack_study
from making import notebook_of
from recrate.model.crate import Crate
from recrate.model.study import DataReference
from recrate_binder.buildpack import CrateBuildPack
from recrate_binder.content import CrateProvider, brought_into

DOI = "10.5072/zenodo.4711"
DATA = b"a,b\n1,2\n"


@dataclass
class Web:
    """What is published somewhere, and a configuration that leads there."""

    stack: ExitStack
    dois: Dois = field(default_factory=Dois)
    host: Host = field(default_factory=Host)
    address: str = ""

    def publish(self, files: dict[str, bytes]) -> None:
        """Give a record of these files the DOI."""
        records = Records(files=files, doi=DOI)
        place = self.stack.enter_context(served(records.app))
        self.dois.leads[DOI] = f"http://127.0.0.1:{place}/records/4711"


@pytest.fixture
def web(own_cache: Path, tmp_path: Path) -> Iterator[Web]:
    """A web of this test alone; whoever reads the configuration sees no other."""
    with ExitStack() as stack:
        made = Web(stack=stack)
        resolver = f"http://127.0.0.1:{stack.enter_context(served(made.dois.app))}/"
        made.address = f"http://127.0.0.1:{stack.enter_context(served(made.host.app))}/"
        with (tmp_path / "config" / "recrate_config.py").open("a") as file:
            file.write(
                f"c.Locate.doi_resolver = {resolver!r}\n"
                f"c.Locate.datacite_api = {resolver + 'api/'!r}\n"
                "c.Web.private_hosts = ['127.0.0.1']\n"
                "c.Web.timeout = 5\n"
            )
        yield made


@pytest.fixture
def crate(tmp_path: Path) -> tuple[Path, Crate]:
    """A crate as a file."""
    return pack_study(tmp_path, destination="peas.crate.zip")


def fetched(provider: CrateProvider, source: str, folder: Path) -> str:
    """Let a provider fetch as repo2docker does; return what it said."""
    spec = provider.detect(source)
    assert spec is not None, source
    folder.mkdir(exist_ok=True)
    return "".join(provider.fetch(spec, str(folder), yield_output=True))


def test_a_file_is_unpacked_and_its_identity_names_the_image(crate, tmp_path):
    place, made = crate
    provider = CrateProvider()
    said = fetched(provider, str(place), tmp_path / "out")
    assert (tmp_path / "out" / "one.ipynb").is_file()
    assert provider.content_id == made.identity[:16]
    assert f"verified: {len(made.files)} files, {made.identity}\n" in said
    assert brought_into(tmp_path / "out").source == "peas.crate.zip"


def test_a_folder_that_is_a_crate_is_verified_where_it_lies(tmp_path):
    place, made = pack_study(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in place.rglob("*")}
    provider = CrateProvider()
    fetched(provider, str(place), place)
    assert provider.content_id == made.identity[:16]
    assert {path: path.stat().st_mtime_ns for path in place.rglob("*")} == before


def test_a_doi_is_brought_with_where_it_came_from(web, crate, tmp_path):
    place, made = crate
    web.publish({"peas.crate.zip": place.read_bytes()})
    provider = CrateProvider()
    fetched(provider, DOI, tmp_path / "out")
    assert provider.content_id == made.identity[:16]
    assert brought_into(tmp_path / "out").source == f"https://doi.org/{DOI}"


def test_a_doi_that_is_no_crate_is_left_to_the_stock_providers(web):
    web.publish({"data.zip": b"PK\x03\x04 something else", "readme.txt": b"x"})
    assert CrateProvider().detect(DOI) is None


def test_a_zip_that_is_said_to_be_a_crate_is_taken_for_one(web, crate, tmp_path):
    web.host.file("/of-anybody.zip", crate[0].read_bytes())
    address = f"{web.address}of-anybody.zip"
    assert CrateProvider().detect(address) is None
    fetched(CrateProvider(), f"crate+{address}", tmp_path / "out")
    assert (tmp_path / "out" / "one.ipynb").is_file()


def test_a_landing_page_leads_to_its_crate(web, crate, tmp_path):
    web.host.file("/peas.crate.zip", crate[0].read_bytes())
    link = f'<{web.address}peas.crate.zip>; rel="item"; type="application/zip"'
    web.host.page("/page", "<html></html>", link)
    fetched(CrateProvider(), f"{web.address}page", tmp_path / "out")
    assert (tmp_path / "out" / "one.ipynb").is_file()


@pytest.mark.parametrize(
    "source",
    [
        "https://github.com/norvig/pytudes",
        "https://gitlab.com/a/b/-/tree/main",
        "https://example.org/a/b.git",
        "git@github.com:a/b.git",
        "ssh://git@example.org/a",
        "git://example.org/a",
    ],
)
def test_repositories_of_git_are_not_asked_for_anything(web, source):
    assert CrateProvider().detect(source) is None
    assert web.host.asked == []


def test_pages_and_folders_that_are_no_crates_are_left_alone(web, tmp_path):
    web.host.page("/page", "<html>a forge</html>")
    assert CrateProvider().detect(f"{web.address}page") is None
    assert CrateProvider().detect(f"{web.address}nothing") is None
    assert CrateProvider().detect("http://127.0.0.1:9/away") is None
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "one.ipynb").write_text(notebook_of("1"))
    assert CrateProvider().detect(str(plain)) is None
    assert CrateProvider().detect(str(plain / "one.ipynb")) is None
    assert CrateProvider().detect(str(tmp_path / "missing")) is None


def test_a_study_with_a_description_of_its_own_is_no_crate_yet(tmp_path):
    (tmp_path / "one.ipynb").write_text(notebook_of("1"))
    described = {
        "@context": "https://w3id.org/ro/crate/1.1/context",
        "@graph": [
            {
                "@id": "ro-crate-metadata.json",
                "@type": "CreativeWork",
                "about": {"@id": "./"},
                "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
            },
            {"@id": "./", "@type": "Dataset", "name": "Peas"},
        ],
    }
    (tmp_path / "ro-crate-metadata.json").write_text(json.dumps(described))
    assert CrateProvider().detect(str(tmp_path)) is None


def test_a_changed_file_is_named_and_nothing_is_left(tmp_path):
    folder, _ = pack_study(tmp_path)
    (folder / "one.ipynb").write_text(notebook_of("2 + 2"))
    shutil.make_archive(str(tmp_path / "bad.crate"), "zip", folder)
    provider = CrateProvider()
    with pytest.raises(ContentProviderException, match=r"one\.ipynb"):
        fetched(provider, str(tmp_path / "bad.crate.zip"), tmp_path / "out")
    assert list((tmp_path / "out").rglob("*")) == []
    assert provider.content_id is None
    with pytest.raises(ContentProviderException, match=r"one\.ipynb"):
        fetched(CrateProvider(), str(folder), folder)


def test_an_archive_that_leads_out_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "evil.crate.zip", "w") as archive:
        archive.writestr("../evil", "x")
        archive.writestr("ro-crate-metadata.json", "{}")
    assert CrateProvider().detect(str(tmp_path / "evil.crate.zip")) is None
    with pytest.raises(ContentProviderException):
        list(CrateProvider().fetch({"where": str(tmp_path / "evil.crate.zip")}, str(tmp_path)))
    assert not (tmp_path.parent / "evil").exists()


def with_data(tmp_path: Path, web: Web, **changes: str) -> Path:
    """Return a crate that names its data instead of holding them."""
    reference = DataReference(
        path="data/in.csv",
        url=f"{web.address}in.csv",
        sha256=changes.get("sha256", hashlib.sha256(DATA).hexdigest()),
        size_bytes=len(DATA),
    )
    files = {"data/in.csv": DATA.decode()}
    place, _ = pack_study(
        tmp_path, files=files, references=(reference,), destination="data.crate.zip"
    )
    return place


def test_data_are_fetched_to_where_the_study_reads_them(web, tmp_path):
    web.host.file("/in.csv", DATA, kind="text/csv")
    provider = CrateProvider()
    fetched(provider, str(with_data(tmp_path, web)), tmp_path / "out")
    assert (tmp_path / "out" / "data" / "in.csv").read_bytes() == DATA


def test_data_that_changed_are_told_and_left_out(web, tmp_path):
    web.host.file("/in.csv", b"a,b\n9,9\n", kind="text/csv")
    said = fetched(CrateProvider(), str(with_data(tmp_path, web)), tmp_path / "out")
    assert "data reference data/in.csv changed" in said
    assert not (tmp_path / "out" / "data" / "in.csv").exists()


def test_a_service_that_is_away_is_named_with_what_to_do(web, tmp_path):
    web.address = "http://127.0.0.1:9/"
    place = with_data(tmp_path, web)
    with pytest.raises(ContentProviderException, match=r"127\.0\.0\.1"):
        fetched(CrateProvider(), str(place), tmp_path / "out")


def test_the_configuration_puts_ours_first_and_keeps_the_stock_ones():
    import recrate_binder  # noqa: PLC0415 - only where it lies is asked

    app = Repo2Docker()
    stock = [list(app.content_providers), list(app.buildpacks)]
    app.load_config_file("repo2docker_config.py", str(Path(recrate_binder.__file__).parent))
    assert app.content_providers == [CrateProvider, *stock[0]]
    assert app.buildpacks == [CrateBuildPack, *stock[1]]
