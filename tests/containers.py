"""Containers in tests: podman with a store of its own, and a base image of Debian's packages.

No registry is asked: the base is made by mmdebstrap, kept in the user's cache folder, and tagged
with the name that a build pack asks for. All workers of a test run share one store; the last one
takes it away and looks that nothing was left in it.
"""

import contextlib
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
from filelock import FileLock

from sweeping import after_group

SUITE = "bookworm"
PYTHON = "3.11"
PACKAGES = ("python3", "python3-venv", "python3-pip", "ca-certificates")
BASE = f"docker.io/library/python:{PYTHON}-slim"
"""What `FROM python:3.11-slim` means to podman; here it is Debian's own Python."""

_PREFIX = "recrate-podman-"
_BUNDLE = "etc/ssl/certs/ca-certificates.crt"
_RECIPE = (
    "--variant=minbase",
    f"--include={','.join(PACKAGES)}",
    "--dpkgopt=path-exclude=/usr/share/doc/*",
    "--dpkgopt=path-exclude=/usr/share/man/*",
    "--dpkgopt=path-exclude=/usr/share/locale/*",
    '--customize-hook=ln -s python3 "$1/usr/bin/python"',
)


@dataclass(frozen=True)
class Podman:
    """Podman with a store of its own. `variables` are what a program needs to use the same."""

    root: Path

    @property
    def variables(self) -> dict[str, str]:
        return {
            "CONTAINERS_CONF": str(self.root / "containers.conf"),
            "CONTAINERS_STORAGE_CONF": str(self.root / "storage.conf"),
        }

    def __call__(
        self, *arguments: object, check: bool = True, text_in: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a verb of podman to its end."""
        done = subprocess.run(
            ["podman", *map(str, arguments)],
            capture_output=True,
            text=True,
            input=text_in,
            env={**os.environ, **self.variables},
            timeout=280,
            check=False,
        )
        assert not check or done.returncode == 0, done.stderr
        return done

    def containers(self, *filters: str) -> list[str]:
        """Return the names of all containers, of builds too, that are in the store."""
        told = [part for one in filters for part in ("--filter", one)]
        return self("ps", "-a", "--external", "--format", "{{.Names}}", *told).stdout.split()

    def images(self, *filters: str) -> list[str]:
        """Return the ids of all images, of cached layers too."""
        told = [part for one in filters for part in ("--filter", one)]
        return self("images", "-a", "--quiet", "--no-trunc", *told).stdout.split()

    def configure(self) -> None:
        """Write the two configuration files; a machine without systemd needs other defaults."""
        (self.root / "networks").mkdir(parents=True, exist_ok=True)
        engine = [f'tmp_dir = "{self.root}/tmp"', 'events_logger = "file"']
        if not Path("/run/systemd/system").is_dir():
            engine.append('cgroup_manager = "cgroupfs"')
        if shutil.which("runc"):
            engine.append('runtime = "runc"')
        (self.root / "containers.conf").write_text(
            "[containers]\n"
            'default_ulimits = ["nofile=20000:20000", "nproc=32768:32768"]\n'
            f'[network]\nnetwork_config_dir = "{self.root}/networks"\n'
            "[engine]\n" + "\n".join(engine) + "\n"
        )
        (self.root / "storage.conf").write_text(
            f'[storage]\ndriver = "overlay"\n'
            f'graphroot = "{self.root}/graph"\nrunroot = "{self.root}/run"\n'
        )

    def remove(self) -> None:
        """Take the store away, with all that is in it."""
        self("rm", "--all", "--force", "--time", "0", check=False)
        with contextlib.suppress(FileNotFoundError):
            for line in Path("/proc/mounts").read_text().splitlines():
                if line.split()[1].startswith(f"{self.root}/"):
                    subprocess.run(["umount", "-l", line.split()[1]], check=False)
        shutil.rmtree(self.root, ignore_errors=True)


def _lives(user: Path) -> bool:
    pid, _, started = user.name.partition("-")
    with contextlib.suppress(psutil.Error, ValueError):
        return str(int(psutil.Process(int(pid)).create_time())) == started
    return False


def _living(root: Path) -> list[Path]:
    return [one for one in (root / "users").glob("*") if _lives(one)]


def _lock_of(root: Path) -> FileLock:
    return FileLock(f"{root}.lock")


def remove_the_forgotten(folder: Path) -> None:
    """Take away the stores of test runs that were killed."""
    for lock in folder.glob(f"{_PREFIX}*.lock"):
        root = lock.with_suffix("")
        with contextlib.suppress(TimeoutError), FileLock(str(lock), timeout=0):
            if not _living(root):
                Podman(root).remove()
                lock.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def podman(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Podman]:
    """Podman with a store that all workers of this run share, and that is gone afterwards."""
    if shutil.which("podman") is None:
        pytest.skip("podman is not installed; tools/set-up does it")
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    # podman wants the path of its runroot to be short: at most 50 characters
    name = _PREFIX + hashlib.sha256(str(shared).encode()).hexdigest()[:8]
    root = Path(tempfile.gettempdir()) / name
    remove_the_forgotten(root.parent)
    made = Podman(root)
    me = root / "users" / f"{os.getpid()}-{int(psutil.Process().create_time())}"
    with _lock_of(root):
        if not _living(root):
            made.remove()
        me.parent.mkdir(parents=True, exist_ok=True)
        made.configure()
        me.touch()
    after_group("containers", lambda: made("image", "prune", "--all", "--force", check=False))
    yield made
    left: list[str] = []
    with _lock_of(root):
        me.unlink()
        if not _living(root):
            left = made.containers()
            made.remove()
            Path(f"{root}.lock").unlink(missing_ok=True)
    assert not left, f"containers were left behind: {left}"


def _bundle() -> Path | None:
    """Return this machine's bundle of certificate authorities, which may hold one of its own."""
    found = Path(os.environ.get("SSL_CERT_FILE", f"/{_BUNDLE}"))
    return found if found.is_file() else None


def _base_archive() -> Path:
    """Return the base image as a tar file; made once (about 20 s), kept in the user's cache."""
    bundle = _bundle()
    told = hashlib.sha256(repr((SUITE, _RECIPE)).encode())
    hooks = []
    if bundle is not None:
        told.update(bundle.read_bytes())
        hooks = [f'--customize-hook=cp "{bundle}" "$1/{_BUNDLE}"']
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "recrate-tests"
    cache.mkdir(parents=True, exist_ok=True)
    kept = cache / f"python-base-{SUITE}-{told.hexdigest()[:16]}.tar"
    with FileLock(f"{kept}.lock"):
        if not kept.is_file():
            if shutil.which("mmdebstrap") is None:
                pytest.skip("mmdebstrap is not installed; tools/set-up does it")
            part = kept.with_suffix(".part.tar")
            command: list[Any] = ["mmdebstrap", *_RECIPE, *hooks, SUITE, part]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr[-2000:]
            part.rename(kept)
    return kept


@pytest.fixture(scope="session")
def python_base(podman: Podman) -> str:
    """Return the name of a base image with Python that needs no registry.

    Programs in it trust what this machine trusts, as on a machine with an authority of its own.
    """
    return bring_base(podman)


def bring_base(podman: Podman) -> str:
    """Bring the base image into a store unless it is there; return its name."""
    archive = _base_archive()
    with _lock_of(podman.root):
        if podman("image", "exists", BASE, check=False).returncode:
            trusted = [
                part
                for name in ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE")
                for part in ("--change", f"ENV {name}=/{_BUNDLE}")
            ]
            podman("import", *trusted, archive, BASE)
    return BASE


@contextlib.contextmanager
def store_apart(name: str) -> Iterator[Podman]:
    """Give podman with a store that nobody else uses; gone afterwards."""
    root = Path(tempfile.gettempdir()) / f"{_PREFIX}{name}-{os.getpid()}"
    made = Podman(root)
    me = root / "users" / f"{os.getpid()}-{int(psutil.Process().create_time())}"
    with _lock_of(root):
        me.parent.mkdir(parents=True)
        made.configure()
        me.touch()
    try:
        yield made
    finally:
        with _lock_of(root):
            made.remove()
            Path(f"{root}.lock").unlink(missing_ok=True)
