"""The environment of a replay beside its lock: packages, machine, what could not be restored."""

from dataclasses import dataclass

from recrate.model.environment import Card, Lock
from recrate.model.observation import EnvironmentSeen
from recrate.report.formats import size


@dataclass(frozen=True, slots=True)
class PackageRow:
    """One package at two versions; an empty string where it is absent."""

    name: str
    locked: str
    measured: str

    @property
    def same(self) -> bool:
        """Whether both are there and equal."""
        return self.locked == self.measured

    @property
    def extra(self) -> bool:
        """Whether the lock does not know it."""
        return not self.locked


@dataclass(frozen=True, slots=True)
class MachineRow:
    """One property of the two machines; `label` is a key of the words."""

    label: str
    locked: str
    replayed: str

    @property
    def same(self) -> bool:
        """Whether nothing is known to differ."""
        return self.locked == self.replayed or not (self.locked and self.replayed)


def compare_packages(lock: Lock | None, seen: EnvironmentSeen | None) -> tuple[PackageRow, ...]:
    """Return a row for every package of either, those that differ first, then by name."""
    locked = {package.name: package.version for package in lock.packages} if lock else {}
    measured = {package.name: package.version for package in seen.packages} if seen else {}
    rows = [
        PackageRow(name, locked.get(name, ""), measured.get(name, ""))
        for name in sorted(locked.keys() | measured.keys())
    ]
    return tuple(sorted(rows, key=lambda row: (row.same, row.extra)))


def equal_packages(rows: tuple[PackageRow, ...]) -> tuple[int, int]:
    """Return how many locked packages were measured at their locked version, and of how many."""
    locked = [row for row in rows if row.locked]
    return sum(row.same for row in locked), len(locked)


def compare_machines(locked: Card | None, replayed: Card | None) -> tuple[MachineRow, ...]:
    """Return what is known of either machine; rows of which neither knows anything are left out."""
    left, right = _properties(locked), _properties(replayed)
    rows = (MachineRow(label, left.get(label, ""), right.get(label, "")) for label in _LABELS)
    return tuple(row for row in rows if row.locked or row.replayed)


_LABELS = (
    "card.system",
    "card.machine",
    "card.processor",
    "card.cores",
    "card.memory",
    "card.blas",
    "card.library",
    "card.gpu",
    "card.locale",
    "card.timezone",
)


def _properties(card: Card | None) -> dict[str, str]:
    if card is None:
        return {}
    values = (
        f"{card.system} {card.release}".strip(),
        card.machine,
        card.processor,
        str(card.cores or ""),
        size(card.memory_bytes) if card.memory_bytes else "",
        card.blas,
        card.c_library,
        card.gpu,
        card.locale,
        card.timezone,
    )
    return dict(zip(_LABELS, values, strict=True))
