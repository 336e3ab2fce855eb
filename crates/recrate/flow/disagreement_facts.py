"""What a replay tells of the place where it ran: as far as its observations hold it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from recrate.flow.work import ReplayHead
from recrate.model.disagreement import Kind
from recrate.model.environment import Card
from recrate.model.observation import Observation
from recrate.model.verdict import Verdict

_CHANGED = re.compile(r"data reference (?P<path>.+?) changed: (?P<why>.+)", re.DOTALL)
_HELD = "limits held by "
_RAN_OUT = {"timeout": "time", "memory": "memory", "killed": "killed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One replay's surroundings.

    packages: name → version as measured inside the kernel, those of Python and others together
    data:     path of a data reference that was not as promised → in words, why
    told:     everything else that there is one of; a kind of which nothing is known is absent
    """

    packages: Mapping[str, str]
    data: Mapping[str, str]
    told: Mapping[Kind, str]


def facts_of(head: ReplayHead, observations: Sequence[Observation], verdict: Verdict) -> Facts:
    """Return what one replay tells. Its first run counts, as it does for the judge."""
    first = observations[0] if observations else None
    seen = first.environment if first else None
    notes = tuple(note for one in observations for note in one.notes)
    found = (_CHANGED.fullmatch(note) for note in notes)
    told: dict[Kind, str] = {
        "judge": verdict.judge,
        "policy": _policy(verdict),
        "parameters": ", ".join(f"{name}={value}" for name, value in head.parameters),
        "environment": _environment(first),
        "limit": _ran_out(observations),
        "limits held": ", ".join(
            dict.fromkeys(note.removeprefix(_HELD) for note in notes if note.startswith(_HELD))
        ),
    }
    if seen is not None:
        told["interpreter"] = f"{seen.language} {seen.python}".strip()
        told |= card_facts(seen.card)
    if first is not None:
        told["runner"] = first.runner
        told["sandbox"] = first.sandbox
        told["network"] = "allowed" if first.network_allowed else "refused"
        told["hand"] = "by hand" if first.by_hand else "unattended"
    return Facts(
        packages={one.name: one.version for one in (seen.packages if seen else ())},
        data={one["path"]: one["why"] for one in found if one},
        told=told,
    )


def card_facts(card: Card | None) -> dict[Kind, str]:
    """Return what a machine's card tells, without what it does not know."""
    if card is None:
        return {}
    given: dict[Kind, str] = {
        "system": f"{card.system} {card.release}".strip(),
        "machine": card.machine,
        "processor": card.processor,
        "cores": str(card.cores or ""),
        "memory": str(card.memory_bytes or ""),
        "blas": card.blas,
        "c library": card.c_library,
        "gpu": card.gpu,
        "locale": card.locale,
        "timezone": card.timezone,
    }
    return {kind: value for kind, value in given.items() if value}


def _environment(first: Observation | None) -> str:
    """Say how an environment fell short of its lock; empty where it did not."""
    if first is None:
        return ""
    if first.not_restored is not None:
        reason = first.not_restored
        return ": ".join(one for one in (reason.message, reason.evidence) if one)
    seen = first.environment
    return "; ".join(seen.differences[:5]) if seen else ""


def _ran_out(observations: Sequence[Observation]) -> str:
    """Say which notebooks ran out of time or memory, or were killed; empty where none did."""
    told = [
        f"{notebook.path}: {_RAN_OUT[notebook.status]}"
        + (f" ({notebook.error.message[:200]})" if notebook.error else "")
        for observation in observations
        for notebook in observation.notebooks
        if notebook.status in _RAN_OUT
    ]
    return "; ".join(dict.fromkeys(told))


def _policy(verdict: Verdict) -> str:
    policy = verdict.policy
    return (
        f"{policy.name}: {policy.tolerance.relative:g}, {policy.tolerance.absolute:g}, "
        f"{policy.image_fraction:g}, {policy.stderr}, {len(policy.waivers)} waivers"
    )
