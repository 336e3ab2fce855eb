"""Scan: what is in the study, what people say of it, and what can be done about the findings."""

from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from recrate.environment.current import use_current
from recrate.flow.mending import propose
from recrate.flow.overview import overview_document
from recrate.flow.scanning import scan_study
from recrate.flow.settings import Settings
from recrate.mending.settings import MendingSettings
from recrate.model.environment import Environment, NotRestored
from recrate.model.errors import RecrateError
from recrate.model.finding import Finding, Severity
from recrate.model.progress import Progress
from recrate.model.study import Description, Inventory
from recrate.model.wire import to_plain
from recrate_server.descriptions import description_document, reference_document
from recrate_server.jobs.orders import ScanOrder

_LEFT_OUT = ("people", "licence", "title", "environment", "descriptions", "study_date_source")
"""What the contract's description says, or nobody asks for."""


def scan(
    order: ScanOrder, study: Path, *, settings: Settings, progress: Progress
) -> dict[str, Any]:
    """Return the contract's `ScanResult`."""
    options = replace(settings.scan, notebooks=order.notebooks)
    inventory, description = scan_study(study, options=options, progress=progress)
    progress("look", 0, 2, "what can be mended")
    kernel = _kernel(order.kernel)
    found = overview_document(inventory, description)
    result = {
        **{name: value for name, value in found.items() if name not in _LEFT_OUT},
        "kind": "scan",
        "references": [
            reference_document(one) for one in description.references[: len(found["references"])]
        ],
        "kernel": _kernel_document(order.kernel, kernel),
        "description": description_document(description),
        "findings": _with_fixes(
            study,
            inventory,
            description,
            found["findings"],
            MendingSettings(
                copy_from=folders_around(study, order.path),
                home=Path.home(),
                versions=tuple((one.name, one.version) for one in kernel.packages)
                if kernel
                else (),
            ),
        ),
    }
    progress("look", 2, 2, "")
    return result


def _with_fixes(
    study: Path,
    inventory: Inventory,
    description: Description,
    shown: list[dict[str, Any]],
    settings: MendingSettings,
) -> list[dict[str, Any]]:
    """Return the findings that are shown, each with what can be done about it."""
    order = list(Severity)
    findings: list[Finding] = sorted(
        (*inventory.findings, *description.findings), key=lambda one: order.index(one.severity)
    )
    proposed = propose(study, inventory, findings[: len(shown)], settings=settings)
    return [
        {**told, "fixes": to_plain(fixes)} for told, (_, fixes) in zip(shown, proposed, strict=True)
    ]


def folders_around(study: Path, path: str) -> tuple[Path, ...]:
    """Return the root that Jupyter shows, out of which a fix may copy; none where it is not clear.

    path: the study's contents path, with which its real place then ends
    """
    parts = PurePosixPath(path).parts
    if not parts or study.parts[-len(parts) :] != parts:
        return ()
    return (Path(*study.parts[: -len(parts)]),)


def _kernel(name: str | None) -> Environment | None:
    """Return what a kernel of this machine has; None where that cannot be known now."""
    if name is None:
        return None
    try:
        found = use_current("python", kernel=name)
    except RecrateError:
        return None
    return None if isinstance(found, NotRestored) else found


def _kernel_document(name: str | None, kernel: Environment | None) -> dict[str, Any] | None:
    if name is None or kernel is None:
        return None
    return {"name": name, "python": kernel.python, "packages": len(kernel.packages)}
