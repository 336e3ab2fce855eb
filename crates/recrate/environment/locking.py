"""Make a study's lock, from the most trusted source there is, each fallback in words."""

from pathlib import Path

from recrate.environment.card import read_card
from recrate.environment.declared import read_declared
from recrate.environment.dockerfile import write_dockerfile
from recrate.environment.inferred import infer
from recrate.environment.ladder import climb
from recrate.environment.pylock import Locked, as_packages, installed_by, read_pylock
from recrate.environment.settings import EnvironmentSettings
from recrate.environment.wishes import merge
from recrate.model.environment import Lock, Source
from recrate.model.progress import Progress, silent
from recrate.model.study import Inventory


def make_lock(
    root: Path,
    inventory: Inventory,
    *,
    kernel: str | None,
    as_of: str | None,
    settings: EnvironmentSettings,
    progress: Progress = silent,
) -> Lock:
    """Return the lock of the study at `root`.

    kernel: name of the author's kernel, whose exact versions are then taken
    as_of:  ISO date up to which packages are considered; else the study's date, else today
    Raises OutsideFailed when the package index cannot be reached, NotFound for an unknown kernel.
    """
    date = as_of or inventory.study_date or settings.today
    progress("lock", 0, 2, "reading what the study needs")
    declared, inferred = read_declared(root, inventory), infer(root, inventory)
    wishes = merge([declared, inferred])
    source: Source = (
        "declared"
        if not inferred.requirements
        else "mixed"
        if declared.requirements
        else "inferred"
    )
    progress("lock", 1, 2, "resolving versions")
    answer = climb(inventory, wishes, date, settings)
    chosen = _chosen(answer.pylock, answer.markers)
    requirements = "".join(f"{one.name}=={one.version}\n" for one in chosen)
    progress("lock", 2, 2, f"{len(chosen)} packages")
    return Lock(
        language="python",
        python=answer.python,
        packages=as_packages(chosen),
        pylock=answer.pylock,
        requirements=requirements,
        dockerfile=write_dockerfile(answer.python, wishes.system_packages, settings),
        source=source,
        as_of=answer.as_of,
        card=read_card(),
        notes=(*wishes.notes, *answer.notes),
        unrestored=wishes.unrestored,
        system_packages=wishes.system_packages,
        findings=(*wishes.findings, *answer.findings),
    )


def _chosen(pylock: str, markers: dict[str, str]) -> tuple[Locked, ...]:
    return installed_by(read_pylock(pylock), markers) if pylock else ()
