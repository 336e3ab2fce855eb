"""The author's running kernel: exact versions, read inside it; the most trusted source."""

from collections.abc import Iterable
from dataclasses import replace

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel
from packaging.markers import UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from recrate.environment.card import read_card
from recrate.environment.dockerfile import with_recipe
from recrate.environment.inferred import used_code
from recrate.environment.ladder import without_unknown
from recrate.environment.measure import Installed, Measured, measure, own_command
from recrate.environment.pylock import as_packages, installed_by, read_pylock, without_traces
from recrate.environment.resolve import Question, Unresolvable
from recrate.environment.settings import EnvironmentSettings
from recrate.environment.standard_library import is_standard
from recrate.environment.wishes import Wishes
from recrate.model.environment import Lock, Unrestored
from recrate.model.errors import NotFound
from recrate.model.finding import Finding, Severity, find
from recrate.model.progress import Progress
from recrate.model.study import Inventory

_REASONS = {
    "editable": "is installed from a folder of the author's machine",
    "folder": "is installed from a folder of the author's machine",
    "vcs": "is installed from a version control system",
    "url": "is installed from a URL",
}


def find_kernel(name: str) -> KernelSpec:
    """Return the kernelspec `name`; raises NotFound naming those there are."""
    manager = KernelSpecManager()
    try:
        return manager.get_kernel_spec(name)
    except NoSuchKernel:
        have = ", ".join(sorted(manager.find_kernel_specs())) or "none"
        raise NotFound(f"this machine has no kernel `{name}`", hint=f"there are: {have}") from None


def lock_kernel(
    name: str,
    inventory: Inventory,
    *,
    declared: Wishes,
    inferred: Wishes,
    as_of: str | None,
    settings: EnvironmentSettings,
    progress: Progress,
) -> Lock:
    """Return the lock of what the study needs, at the versions that kernel `name` has.

    That is its imports, magics and declared packages with all they depend on, and the kernel;
    what else the author has installed is left out and counted in a note.
    """
    spec = find_kernel(name)
    progress("lock", 1, 3, f"reading what kernel {name} has")
    variables = {**settings.variables, **(spec.env or {})}
    measured = measure(own_command(spec.argv), variables=variables)
    needed, aside, findings = _needed(measured, inventory, declared, inferred, name)
    progress("lock", 2, 3, f"looking up {len(needed)} packages")
    question = Question(
        requirements=tuple(f"{one.name}=={one.version}" for one in needed),
        python=measured.markers["python_version"],
        alone=True,
    )
    tried = without_unknown(question, settings)
    rest = len(measured.installed) - len(needed) - len(aside)
    notes = (
        f"versions are those of the kernel `{name}`",
        *((f"{rest} packages of it that the study does not need are left out",) if rest else ()),
        *((f"--as-of {as_of} does not matter: a kernel says its versions",) if as_of else ()),
        *tried.notes,
    )
    if isinstance(tried.outcome, Unresolvable):
        message = f"no index has them: {tried.outcome.evidence}"
        findings = (*findings, find(Severity.ERROR, "cannot-resolve", message))
    pylock = tried.outcome if isinstance(tried.outcome, str) else ""
    lock = _write(measured, pylock, _debian(declared, inferred), settings)
    return replace(lock, notes=notes, unrestored=(*aside, *tried.dropped), findings=findings)


def _write(
    measured: Measured, pylock: str, system_packages: tuple[str, ...], settings: EnvironmentSettings
) -> Lock:
    clean = without_traces(pylock)
    chosen = installed_by(read_pylock(clean), measured.markers) if clean else ()
    lock = Lock(
        language="python",
        python=measured.python,
        packages=as_packages(chosen),
        pylock=clean,
        requirements="",
        dockerfile="",
        source="kernel",
        as_of=None,
        card=read_card(),
        system_packages=system_packages,
    )
    return with_recipe(lock, settings) if chosen else lock


def _debian(declared: Wishes, inferred: Wishes) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*declared.system_packages, *inferred.system_packages)))


def _needed(
    measured: Measured, inventory: Inventory, declared: Wishes, inferred: Wishes, kernel: str
) -> tuple[tuple[Installed, ...], tuple[Unrestored, ...], tuple[Finding, ...]]:
    """Return the distributions to lock, those that no index can give, and what is missing."""
    by_name = {one.name: one for one in measured.installed}
    by_module = {module: one.name for one in measured.installed for module in one.modules}
    wanted = {"ipykernel"}
    wanted |= {wish.name for wish in (*declared.requirements, *inferred.requirements)}
    findings: list[Finding] = []
    for unit in used_code(inventory):
        for entry in unit.uses.imports:
            top = entry.name.split(".")[0]
            if entry.local or is_standard(entry.name):
                continue
            if top in by_module:
                wanted.add(by_module[top])
            elif not entry.optional:
                message = f"`import {entry.name}`: the kernel `{kernel}` has no such module"
                findings.append(
                    find(
                        Severity.WARNING, "import-not-installed", message,
                        hint="is it the kernel that the notebook ran in?",
                        path=unit.path, cell=entry.cell, line=entry.line,
                    )
                )  # fmt: skip
    closed = _closure(wanted, by_name, measured.markers)
    good = tuple(one for one in closed if not one.origin)
    aside = tuple(
        Unrestored(name=one.name, reason=_REASONS[one.origin], declared_in=f"kernel {kernel}")
        for one in closed
        if one.origin
    )
    return good, aside, tuple(findings)


def _closure(
    names: Iterable[str], by_name: dict[str, Installed], markers: dict[str, str]
) -> tuple[Installed, ...]:
    """Return `names` and all that they depend on, as far as it is installed, sorted by name."""
    waiting = [(name, "") for name in sorted(names)]
    seen: set[tuple[str, str]] = set()
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in seen or name not in by_name:
            continue
        seen.add((name, extra))
        for text in by_name[name].requires:
            waiting += _asked_by(text, extra, markers)
    return tuple(by_name[name] for name in sorted({name for name, _ in seen}))


def _asked_by(text: str, extra: str, markers: dict[str, str]) -> list[tuple[str, str]]:
    try:
        requirement = Requirement(text)
        applies = requirement.marker is None or requirement.marker.evaluate(
            {**markers, "extra": extra}
        )
    except (InvalidRequirement, UndefinedEnvironmentName):
        return []
    name = canonicalize_name(requirement.name)
    return [(name, each) for each in ("", *requirement.extras)] if applies else []
