"""How a run went and in what environment, as properties of its action."""

from collections.abc import Sequence

from recrate.crate.graph import Graph
from recrate.model.observation import Observation


def status_of(seen: Observation) -> tuple[bool, str]:
    """Return whether a run failed, and what stopped it, a notebook a line."""
    if seen.not_restored is not None:
        return True, f"not restored: {seen.not_restored.message}"
    troubles = [
        f"{one.path}: {one.status}"
        + (f" ({one.error.name}: {one.error.message})" if one.error else "")
        for one in seen.notebooks
        if one.status != "completed"
    ]
    return bool(troubles) or not seen.notebooks, "\n".join(troubles) or "nothing was run"


def add_environment(graph: Graph, seen: Observation) -> list[dict[str, str]]:
    """Add what the run took place in: measured versions, walls, parameters."""
    values: list[tuple[str, str]] = [
        ("runner", seen.runner),
        ("sandbox", seen.sandbox),
        ("network", "allowed" if seen.network_allowed else "none"),
    ]
    if seen.environment is not None:
        measured = seen.environment
        packages = ", ".join(f"{one.name} {one.version}" for one in measured.packages)
        values += [
            ("language", f"{measured.language} {measured.python}".strip()),
            ("packages", packages),
            ("restored", "yes" if measured.restored else "no"),
            ("differences from the lock", "; ".join(measured.differences)),
        ]
        if measured.card is not None:
            card = measured.card
            values.append(("machine", f"{card.system} {card.release} {card.machine}".strip()))
    values += [(f"parameter {name}", value) for name, value in seen.parameters]
    return [
        graph.entity(
            f"#environment-{seen.repeat}-{number}", "PropertyValue", name=name, value=value
        )
        for number, (name, value) in enumerate(values)
        if value
    ]


def environment_in_words(observations: Sequence[Observation]) -> str:
    """Return what was run in, as measured: `Python 3.11.7, R 4.3.1`; empty where nothing was."""
    names = {"python": "Python", "r": "R", "julia": "Julia"}
    told = dict.fromkeys(
        f"{names.get(seen.language.lower(), seen.language)} {seen.python}".strip()
        for one in observations
        if (seen := one.environment) is not None
    )
    return ", ".join(told)
