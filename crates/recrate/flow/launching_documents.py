"""What `recrate launch` prints as JSON: the shapes of docs/schemas/launch*.json."""

from typing import Any

from recrate.flow.launching import OfferedTarget, Opened
from recrate.model.environment import Environment
from recrate.model.finding import Finding, Severity
from recrate.model.wire import to_plain


def launch_document(opened: Opened) -> dict[str, Any]:
    """Return what was launched: the address, and what the session is of where there is one."""
    head = opened.head
    told: dict[str, Any] = to_plain(opened.launched)
    return {
        **told,
        "study": head.study if head else None,
        "crate": head.crate if head else None,
        "walls": head.walls if head else None,
        "environments": [_environment(one) for one in head.environments] if head else [],
    }


def _environment(one: Environment) -> dict[str, Any]:
    return {
        "language": one.language,
        "python": one.python,
        "packages": len(one.packages),
        "restored": one.restored,
        "differences": list(one.differences),
    }


def launch_check_document(target: str, findings: tuple[Finding, ...]) -> dict[str, Any]:
    """Return what would not work at a place; `accepted` is false where a finding is an error."""
    return {
        "target": target,
        "accepted": not any(one.severity is Severity.ERROR for one in findings),
        "findings": [to_plain(one) for one in findings],
    }


def offered_target_document(one: OfferedTarget) -> dict[str, Any]:
    """Return a place to launch, with what it can do and its options."""
    about = one.about
    return {
        "kind": one.kind,
        "title": about.title_en if about else one.kind,
        "title_ja": about.title_ja if about else one.kind,
        "available": about is not None,
        "reason": one.trouble,
        "capabilities": to_plain(about.capabilities) if about else None,
        "options": [to_plain(option) for option in about.options] if about else [],
    }
