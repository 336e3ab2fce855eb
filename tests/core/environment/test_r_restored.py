"""What R lacks comes from an archive of Debian's kind, beside it: whole, verified, once."""

import shutil
import subprocess
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from core.environment.studies import settings_in
from r_archive import Archive, needs_r
from recrate.environment.card import read_card
from recrate.environment.r_asked import Asked, Wanted, write_renv
from recrate.environment.r_restore import realise_r
from recrate.model.environment import NOT_IN_DEBIAN, Environment, Lock, NotRestored
from recrate.model.progress import silent
from recrate.outside.sandbox import HOME

pytestmark = needs_r
Realise = Callable[..., Environment | NotRestored]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Two packages of which one needs the other, one of them in two versions, and a library."""
    archive = Archive(root=tmp_path_factory.mktemp("archive")).begin()
    archive.add_r("recratebelow", "0.3.0", "below <- function() 'from below'\n")
    for version in ("1.1.0", "1.2.0"):
        archive.add_r(
            "RecrateAbove",
            version,
            f"above <- function() paste(recratebelow::below(), '{version}')\n",
            depends="r-base-core, r-cran-recratebelow",
            imports="recratebelow",
        )
    stage = archive.root / "made" / "library"
    folder = stage / "usr" / "lib" / "recrate-linux-gnu"
    folder.mkdir(parents=True)
    found = subprocess.run(
        ["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=True
    ).stdout
    here = next(line.split()[-1] for line in found.splitlines() if "libz.so.1 " in line)
    shutil.copyfile(here, folder / "librecrate.so.1")
    archive.add("librecrate1", "1.0-1", stage)
    archive.add_r(
        "recratelinked",
        "1.0",
        ".onLoad <- function(libname, pkgname) {\n"
        "  folders <- strsplit(Sys.getenv('LD_LIBRARY_PATH'), ':')[[1]]\n"
        "  found <- Filter(file.exists, file.path(folders, 'librecrate.so.1'))\n"
        "  dyn.load(found[[1]])\n}\nok <- function() 7\n",
        depends="r-base-core, librecrate1",
    )
    archive.add_r("recratebroken", "1.0", ".onLoad <- function(l, p) stop('not today')\n")
    archive.add_r("recratehigh", "1.0", "high <- 1\n", depends="r-base-core (>= 99)")
    archive.publish()
    return archive


@pytest.fixture
def archive(shared: Archive, tmp_path: Path) -> Archive:
    """The same, to be changed by one test."""
    root = tmp_path / "archive"
    shutil.copytree(shared.root, root)
    own = Archive(root=root, entries=list(shared.entries))
    for name in ("sources.list", "apt.conf"):
        path = root / name
        path.write_text(path.read_text().replace(str(shared.root), str(root)))
    own.publish()
    return own


def lock_of(*asked: str, unused: tuple[str, ...] = (), r: str = "") -> Lock:
    wanted = Wanted(r=r)
    for text in (*asked, *unused):
        name, _, version = text.partition("==")
        wanted.add(Asked(name=name, version=version, where=("x",), used=text in asked))
    return Lock(
        language="R", python="", packages=(), pylock="", requirements="", dockerfile="",
        source="declared", as_of=None, card=read_card(), kernel="ir", renv=write_renv(wanted, {}),
    )  # fmt: skip


@pytest.fixture
def realise(tmp_path: Path, shared: Archive) -> Realise:
    def realising(lock: Lock, variables: Mapping[str, str] | None = None):
        settings = replace(settings_in(tmp_path), variables=dict(variables or shared.variables))
        return realise_r(lock, kernel="ir", settings=settings, progress=silent)

    return realising


def r_says(found: Environment, code: str) -> str:
    told = subprocess.run(
        ["Rscript", "--vanilla", "-e", code],
        env={"PATH": "/usr/bin:/bin", "HOME": HOME, "LANG": "C.UTF-8", **dict(found.variables)},
        capture_output=True,
        text=True,
        check=False,
    )
    return told.stdout + told.stderr


def test_a_package_comes_with_what_it_needs_and_nothing_is_installed(realise, shared):
    found = realise(lock_of("RecrateAbove==1.2.0"))
    assert isinstance(found, Environment)
    assert (found.restored, found.differences) == (True, ())
    assert r_says(found, "cat(RecrateAbove::above())") == "from below 1.2.0"
    versions = {one.name: one.version for one in found.packages}
    assert versions["RecrateAbove"] == "1.2.0"
    assert versions["recratebelow"] == "0.3.0"
    assert "base" in versions
    assert not Path("/usr/lib/R/site-library/RecrateAbove").exists()
    assert not (shared.root / "ran").exists()
    assert any("r-cran-recrateabove 1.2.0-1" in note for note in found.notes)


def test_the_very_version_is_taken_where_the_archive_has_it(realise):
    found = realise(lock_of("RecrateAbove==1.1.0"))
    assert found.restored
    assert r_says(found, "cat(RecrateAbove::above())") == "from below 1.1.0"


def test_another_version_is_taken_and_told(realise):
    found = realise(lock_of("RecrateAbove==1.0.9"))
    assert not found.restored
    assert found.differences == ("RecrateAbove is 1.2.0, the lock says 1.0.9",)


def test_shared_libraries_come_along_and_are_found(realise):
    found = realise(lock_of("recratelinked==1.0"))
    assert found.restored, (found.differences, found.notes)
    assert r_says(found, "cat(recratelinked::ok())") == "7"


def test_what_debian_lacks_what_does_not_load_and_what_does_not_fit_are_told_the_rest_is_there(
    realise,
):
    found = realise(lock_of("recratebelow", "recratenowhere==2.0", "recratebroken", "recratehigh"))
    assert isinstance(found, Environment)
    assert not found.restored
    assert r_says(found, "cat(recratebelow::below())") == "from below"
    assert set(found.differences) == {
        "recratenowhere 2.0 is missing",
        "recratebroken is missing",
        "recratehigh is missing",
    }
    told = {note.split(": ")[1]: note for note in found.notes if note.startswith(NOT_IN_DEBIAN)}
    assert "Debian has no r-cran-recratenowhere" in told["recratenowhere"]
    assert "not today" in told["recratebroken"]
    assert "r-base-core" in told["recratehigh"]


def test_it_is_built_once_and_needs_no_archive_then(realise, archive):
    lock = lock_of("recratebelow==0.3.0")
    first = realise(lock, archive.variables)
    shutil.rmtree(archive.archives)
    again = realise(lock, archive.variables)
    assert again.packages == first.packages
    assert again.mounts == first.mounts
    assert realise(lock, archive.empty()).restored


def test_what_the_lists_did_not_have_is_looked_for_again(realise, archive):
    lock = lock_of("recratebelow", "recratelater")
    first = realise(lock, archive.variables)
    assert first.differences == ("recratelater is missing",)
    archive.add_r("recratelater", "0.1", "later <- 1\n")
    archive.publish()
    assert realise(lock, archive.variables).differences == ()


def test_many_at_once_build_it_once(realise, tmp_path):
    found: list[Environment | NotRestored] = []
    lock = lock_of("recratebelow==0.3.0")
    threads = [threading.Thread(target=lambda: found.append(realise(lock))) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(found) == 3
    assert all(isinstance(one, Environment) and one.restored for one in found)
    homes = [path for path in (tmp_path / "cache" / "environments").iterdir() if path.is_dir()]
    assert len(homes) == 1


def test_a_library_that_somebody_wrote_into_is_built_again(realise):
    lock = lock_of("recratebelow==0.3.0")
    root = Path(realise(lock).mounts[-1])
    place = root / "usr/lib/R/site-library/recratebelow/DESCRIPTION"
    before = place.read_text()
    place.write_text(before + "Evil: yes\n")
    assert Path(realise(lock).mounts[-1]) == root
    assert place.read_text() == before


def test_an_archive_that_was_changed_is_refused_with_the_packages_named(realise, archive):
    place = next(archive.archives.glob("r-cran-recratebelow*.deb"))
    place.write_bytes(place.read_bytes()[:-1] + b"!")
    found = realise(lock_of("recratebelow==0.3.0"), archive.variables)
    assert isinstance(found, NotRestored)
    assert "recratebelow" in found.message
    assert found.cause == "missing package"
    assert "apt-get install r-cran-recratebelow" in found.hint
    assert str(archive.archives) not in found.evidence


def test_an_archive_that_cannot_be_reached_is_told_with_the_packages_named(realise, archive):
    for place in archive.archives.glob("*.deb"):
        place.unlink()
    found = realise(lock_of("recratebelow==0.3.0"), archive.variables)
    assert isinstance(found, NotRestored)
    assert "recratebelow" in found.message
    assert found.evidence
    declared = realise(lock_of(unused=("recratebelow==0.3.0",)), archive.variables)
    assert isinstance(declared, Environment)
    assert declared.differences == ("recratebelow 0.3.0 is missing",)


def test_without_lists_what_the_code_uses_is_not_restored_and_the_rest_is_told(realise, archive):
    found = realise(lock_of("recratebelow"), archive.empty())
    assert isinstance(found, NotRestored)
    assert "recratebelow" in found.message
    assert "apt-get update" in found.hint
    declared = realise(lock_of(unused=("recratebelow==0.3.0",)), archive.empty())
    assert isinstance(declared, Environment)
    assert declared.differences == ("recratebelow 0.3.0 is missing",)
    assert any(note.startswith(NOT_IN_DEBIAN) for note in declared.notes)


def test_a_machine_without_apt_says_what_r_lacks(realise, monkeypatch, tmp_path):
    for name in ("Rscript", "R"):
        place = shutil.which(name)
        assert place is not None
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / name).symlink_to(place)
    for name in ("sh", "uname", "sed", "rm", "env"):
        (tmp_path / "bin" / name).symlink_to(shutil.which(name))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    found = realise(lock_of("recratebelow"))
    assert isinstance(found, NotRestored)
    assert "recratebelow" in found.message
    assert "without apt" in found.message


def test_r_itself_at_another_version_is_told(realise):
    found = realise(lock_of("recratebelow==0.3.0", r="3.4.1"))
    assert any(note.endswith("the study's was 3.4.1") for note in found.notes)


def test_a_study_that_asks_for_nothing_takes_the_machines_r_and_is_not_called_restored(realise):
    found = realise(lock_of())
    assert isinstance(found, Environment)
    assert (found.restored, found.differences, found.mounts) == (False, (), ())


def test_links_lead_to_what_came_along(realise, archive):
    stage = archive.root / "made" / "linking"
    (stage / "usr" / "share" / "recrate").mkdir(parents=True)
    (stage / "usr" / "share" / "recrate" / "data.txt").write_text("there")
    library = stage / "usr" / "lib" / "R" / "site-library" / "recratelinks"
    source = Path(realise(lock_of("recratebelow"), archive.variables).mounts[-1])
    shutil.copytree(source / "usr/lib/R/site-library/recratebelow", library)
    (library / "data").symlink_to("/usr/share/recrate")
    (library / "escape").symlink_to("/etc/passwd")
    archive.add("r-cran-recratelinks", "1-1", stage, "r-base-core")
    archive.publish()
    found = realise(lock_of("recratelinks"), archive.variables)
    root = Path(found.mounts[-1])
    made = root / "usr/lib/R/site-library/recratelinks"
    assert (made / "data" / "data.txt").read_text() == "there"
    assert (made / "data").resolve().is_relative_to(root.resolve())
