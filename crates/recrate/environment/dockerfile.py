"""A Dockerfile that gives the locked environment without conda.

What the stage `environment` does is the same text that recrate's build pack for repo2docker writes:
what `pack` puts into a crate is what an image of the crate is made of. Only what it stands on is
another image there: one that has JupyterLab already.
"""

import platform
import re
from dataclasses import dataclass, replace

from recrate.environment.install import split_by_build
from recrate.environment.pylock import Locked, installed_by, markers_here, read_pylock
from recrate.environment.settings import EnvironmentSettings
from recrate.model.environment import Lock
from recrate.model.errors import BadCrate

REQUIREMENTS = "recrate-environment/requirements.txt"
"""Relative to the folder that an image is built in."""
PREFIX = "/opt/recrate/environment"
"""Where the environment lies in an image; nobody who works there can change it."""
STAGE = "environment"

_PYTHON = re.compile(r"3\.\d{1,2}(\.\d{1,3})?((a|b|rc)\d{1,2})?\+?")
_DEBIAN = re.compile(r"[a-z0-9][a-z0-9+.-]{1,100}")
_MACHINES = ("x86_64", "aarch64")
_TOOLS = ("build-essential",)
"""What source distributions are built with, where there are any."""
_FIND_PIP = "python3 -c 'import pathlib, pip; print(pathlib.Path(pip.__file__).parents[1])'"
"""The image's own pip serves the environment: the lock says what is in there, and pip is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What an image of a lock is made of; nothing in it but checked names and numbers.

    python:   as the lock says, `3.11.7` or `3.11`
    packages: what a Linux machine gets
    unbuilt:  names of those that have no wheel there: they are built from source
    system:   names of Debian packages
    """

    python: str
    packages: tuple[Locked, ...]
    unbuilt: tuple[str, ...]
    system: tuple[str, ...]

    @property
    def minor(self) -> str:
        """Return `3.11` of `3.11.7`."""
        return ".".join(self.python.split(".")[:2])


def recipe_of(lock: Lock) -> Recipe:
    """Return what an image of a lock is made of; the lock may be a stranger's.

    Raises BadCrate for a lock without packages, and for names that are none.
    """
    if not _PYTHON.fullmatch(lock.python):
        raise BadCrate(
            "the lock names no Python 3", where=lock.python[:40], hint="pack it again with Python 3"
        )
    if not lock.pylock:
        raise BadCrate("the crate has no lock of its packages", hint="pack it with a lock")
    minor = ".".join(lock.python.split(".")[:2])
    machine = platform.machine() if platform.machine() in _MACHINES else _MACHINES[0]
    packages = installed_by(read_pylock(lock.pylock), _on_linux(lock.python, machine))
    _, unbuilt = split_by_build(packages, minor, platforms=_platforms(machine))
    return Recipe(
        python=lock.python,
        packages=packages,
        unbuilt=tuple(one.name for one in unbuilt),
        system=checked_debian(lock.system_packages),
    )


def checked_debian(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of Debian packages, sorted; raises BadCrate for what is no such name."""
    for name in names:
        if not _DEBIAN.fullmatch(name):
            raise BadCrate(
                "is no name of a Debian package",
                where=repr(name[:100]),
                hint="correct the study's apt.txt and pack again",
            )
    return tuple(sorted(set(names)))


def write_requirements(packages: tuple[Locked, ...]) -> str:
    """Return exact requirements with their hashes, as `pip install --require-hashes` reads them."""
    return "".join(
        " \\\n    ".join(
            (f"{one.name}=={one.version}", *(f"--hash=sha256:{digest}" for digest in one.hashes))
        )
        + "\n"
        for one in packages
    )


def write_stage(recipe: Recipe, base_image: str) -> str:
    """Return the stage `environment` of a Dockerfile: interpreter, Debian packages, the lock.

    base_image: with `{python}` for the minor version
    """
    lines = [
        f"# Python {recipe.python}, as the lock says.",
        f"ARG BASE_IMAGE={base_image.format(python=recipe.minor)}",
        f"FROM ${{BASE_IMAGE}} AS {STAGE}",
    ]
    return "\n".join(lines) + "\n" + write_steps(recipe)


def write_steps(recipe: Recipe) -> str:
    """Return what the stage does after its FROM.

    It is built by nobody in particular, for a source distribution runs what it likes. What wheels
    were fetched is kept between builds, unless something is built: that could alter what is kept.
    """
    lines = [
        "USER root",
        "ARG PIP_INDEX_URL",
        "ARG PIP_CERT",
        f"RUN python3 -c \"import sys; sys.exit(None if '%d.%d' % sys.version_info[:2] == "
        f"'{recipe.minor}' else 'the base image has another Python than {recipe.minor}')\"",
    ]
    system = (*recipe.system, *(_TOOLS if recipe.unbuilt else ()))
    if system:
        lines.append(install_debian(system))
    mount, cache = "", "--no-cache-dir"
    if not recipe.unbuilt:
        mount = "--mount=type=cache,id=recrate-wheels,target=/tmp/wheels,uid=65534,gid=65534 "
        cache = "--cache-dir /tmp/wheels"
    built = f" --no-binary {','.join(recipe.unbuilt)}" if recipe.unbuilt else ""
    lines += [
        f"COPY {REQUIREMENTS} /opt/recrate/requirements.txt",
        f"RUN install --directory --owner 65534 --group 65534 {PREFIX}",
        "USER 65534:65534",
        f"RUN {mount}export HOME=/tmp && python3 -m venv --without-pip {PREFIX} && \\",
        f'    PYTHONPATH="$({_FIND_PIP})" {PREFIX}/bin/python -m pip install \\',
        f"    --require-hashes --no-deps --only-binary :all:{built} --ignore-installed \\",
        f"    --no-warn-script-location --disable-pip-version-check {cache} \\",
        "    --requirement /opt/recrate/requirements.txt",
        "USER root",
    ]
    return "\n".join(lines) + "\n"


def install_debian(names: tuple[str, ...]) -> str:
    """Return the line of a Dockerfile that installs Debian packages."""
    return (
        "RUN apt-get update && apt-get install --yes --no-install-recommends "
        f"{' '.join(names)} && rm -rf /var/lib/apt/lists/*"
    )


def write_dockerfile(recipe: Recipe, settings: EnvironmentSettings) -> str:
    """Return the text of a Dockerfile to build in the crate's root folder.

    The image is of the minor version: images of single patch levels stand on systems whose
    packages can no longer be installed.
    """
    lines = [
        "# Build it in the crate's folder: docker build -f recrate-environment/Dockerfile .",
        write_stage(recipe, settings.base_image),
        f"FROM {STAGE}",
        "RUN useradd --create-home study",
        f"ENV PATH={PREFIX}/bin:${{PATH}}",
        "COPY --chown=study . /study",
        "USER study",
        "WORKDIR /study",
        'CMD ["python", "-m", "ipykernel_launcher"]',
    ]
    return "\n".join(lines) + "\n"


def with_recipe(lock: Lock, settings: EnvironmentSettings) -> Lock:
    """Return a lock with what builds it in a container: requirements with hashes, Dockerfile."""
    recipe = recipe_of(lock)
    return replace(
        lock,
        requirements=write_requirements(recipe.packages),
        dockerfile=write_dockerfile(recipe, settings),
    )


def _on_linux(python: str, machine: str) -> dict[str, str]:
    return {
        **markers_here(python),
        "os_name": "posix",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "platform_machine": machine,
        "platform_release": "",
        "platform_version": "",
    }


def _platforms(machine: str) -> tuple[str, ...]:
    """Return the platforms whose wheels an image can use: Debian 12's C library and older ones."""
    named = ("manylinux2014", "manylinux2010", "manylinux1", "linux")
    return tuple(
        f"{name}_{machine}" for name in (*(f"manylinux_2_{n}" for n in range(36, 4, -1)), *named)
    )
