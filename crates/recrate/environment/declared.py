"""What the study declares: every file that names packages, read by kind and put together."""

import re
from collections.abc import Callable
from pathlib import Path

from packaging.utils import canonicalize_name

from recrate.environment.conda_file import read_conda
from recrate.environment.locked_files import read_locked, read_pipfile_lock
from recrate.environment.project_files import read_pipfile, read_pyproject, read_setup
from recrate.environment.requirements_file import read_requirements
from recrate.environment.wishes import Wishes, merge
from recrate.model.environment import Unrestored
from recrate.model.study import Declaration, Inventory

_DEVELOPMENT = re.compile(
    r"(^|[-_./])(dev|develop|test|tests|testing|docs?|lint|ci|build)([-_./]|$)"
)


def read_declared(root: Path, inventory: Inventory) -> Wishes:
    """Put together what the declarations of the study ask for.

    Files for developing (`requirements-dev.txt`) are left aside when there are others; packages
    that the study itself holds are never asked of an index.
    """
    chosen = _for_running(inventory.declarations)
    wishes = merge(_READERS[one.kind](root, one.path) for one in chosen if one.kind in _READERS)
    left = [one.path for one in inventory.declarations if one not in chosen]
    notes = tuple(f"{path} was left aside: it is for developing the study" for path in left)
    return _without_own(root, merge([wishes, Wishes(notes=notes)]), inventory)


def _for_running(declarations: tuple[Declaration, ...]) -> tuple[Declaration, ...]:
    kept = tuple(
        one
        for one in declarations
        if one.kind not in {"requirements", "conda"} or not _DEVELOPMENT.search(one.path.lower())
    )
    asking = any(one.kind in _READERS and one.kind not in {"runtime", "apt"} for one in kept)
    return kept if asking else declarations


def _without_own(root: Path, wishes: Wishes, inventory: Inventory) -> Wishes:
    """Take out wishes for packages whose source the study holds."""
    own = {_own_name(root, one) for one in inventory.declarations} - {""}
    mine = [wish for wish in wishes.requirements if wish.name in own]
    return merge(
        [
            Wishes(
                requirements=tuple(wish for wish in wishes.requirements if wish.name not in own),
                constraints=wishes.constraints,
                python=wishes.python,
                unrestored=wishes.unrestored,
                system_packages=wishes.system_packages,
                notes=wishes.notes,
                findings=wishes.findings,
            ),
            Wishes(notes=tuple(f"{wish.name} is the study itself, taken from it" for wish in mine)),
        ]
    )


def _own_name(root: Path, declaration: Declaration) -> str:
    if declaration.kind not in {"pyproject", "setup"}:
        return ""
    text = (root / declaration.path).read_text("utf-8-sig", "replace")
    found = re.search(r"""^\s*name\s*=\s*["']?([A-Za-z0-9][\w.-]*)""", text, re.MULTILINE)
    return canonicalize_name(found[1]) if found else ""


def _read_constraints(root: Path, path: str) -> Wishes:
    return read_requirements(root, path, constraints=True)


def _read_runtime(root: Path, path: str) -> Wishes:
    text = (root / path).read_text("utf-8-sig", "replace")
    found = re.match(r"\s*python-(\d+\.\d+)", text)
    return Wishes(python=f"=={found[1]}.*" if found else "")


def _read_apt(root: Path, path: str) -> Wishes:
    lines = (root / path).read_text("utf-8-sig", "replace").splitlines()
    words = [word for line in lines for word in line.split("#")[0].split()]
    good = tuple(word for word in words if re.fullmatch(r"[a-z0-9][a-z0-9.+-]+", word))
    return Wishes(system_packages=good)


def _read_dockerfile(root: Path, path: str) -> Wishes:
    del root
    reason = "the steps of a Dockerfile are kept with the crate, not taken here"
    return Wishes(unrestored=(Unrestored(name=path, reason=reason, declared_in=path),))


def _read_julia(root: Path, path: str) -> Wishes:
    del root
    reason = "Julia environments are not restored"
    return Wishes(unrestored=(Unrestored(name=path, reason=reason, declared_in=path),))


def _read_post_build(root: Path, path: str) -> Wishes:
    del root
    reason = "a script that a Binder runs after installing; it is kept with the crate, not run here"
    return Wishes(unrestored=(Unrestored(name=path, reason=reason, declared_in=path),))


_READERS: dict[str, Callable[[Path, str], Wishes]] = {
    "requirements": read_requirements,
    "constraints": _read_constraints,
    "conda": read_conda,
    "pyproject": read_pyproject,
    "setup": read_setup,
    "pipfile": read_pipfile,
    "pipfile-lock": read_pipfile_lock,
    "poetry-lock": read_locked,
    "uv-lock": read_locked,
    "pdm-lock": read_locked,
    "pylock": read_locked,
    "runtime": _read_runtime,
    "apt": _read_apt,
    "dockerfile": _read_dockerfile,
    "julia-project": _read_julia,
    "post-build": _read_post_build,
}
