"""What made a verdict change between two runs: named from what both of them kept."""

import re
from collections.abc import Mapping
from pathlib import Path

from recrate.flow.disagreement import compare_runs
from recrate.flow.watching_state import Change, Seen
from recrate.flow.work import ReplayFolder
from recrate.model.disagreement import Explanation
from recrate.model.errors import RecrateError
from recrate.model.verdict import Judgement

_MOST_CAUSES = 10
_PIN = re.compile(r"\b([A-Za-z0-9][\w.-]{0,100})==([\w.!+-]{1,60})")


def change_between(
    before: tuple[str, Seen, Path | None], after: tuple[str, Seen, Path | None]
) -> Change:
    """Return what changed from one run of a crate to a later one: (date, seen, its folder).

    A folder is None where it is not kept, or where no crate could be read.
    """
    (last, old, _), (first, new, _) = before, after
    was, now = dict(old.notebooks), dict(new.notebooks)
    both = was | now if old.verdict and new.verdict else {}
    paths = [path for path in both if was.get(path, "") != now.get(path, "")]
    return Change(
        before=old.verdict,
        after=new.verdict,
        last_seen=last,
        first_seen=first,
        causes=causes_between(before, after)[:_MOST_CAUSES],
        notebooks=tuple((path, was.get(path, ""), now.get(path, "")) for path in paths),
    )


def causes_between(
    before: tuple[str, Seen, Path | None], after: tuple[str, Seen, Path | None]
) -> tuple[Explanation, ...]:
    """Return what differs between two runs and could be why, the likeliest first; may be empty."""
    (last, old, there), (first, new, here) = before, after
    names = _names(last, first)
    if old.crate != new.crate:
        told = [one.crate[:12] for one in (old, new)]
        return (_explained("crate", "", dict(zip(names, told, strict=True))),)
    if there is None or here is None:
        return ()
    try:
        found = compare_runs(dict(zip(names, (there, here), strict=True)))
    except RecrateError:
        return ()  # the earlier replay was taken away, or is of another version: not known why
    fitting = tuple(one for one in found.explanations if one.fits)
    return (*_gone(names, there, here), *fitting)


def differences_of_today(locked: Path | None, today: Path | None) -> tuple[Explanation, ...]:
    """Return what could be why a study does otherwise in an environment of today; may be empty."""
    if locked is None or today is None:
        return ()
    try:
        found = compare_runs({"lock": locked, "today": today})
    except RecrateError:
        return ()
    return tuple(one for one in found.explanations if one.fits)[:_MOST_CAUSES]


def _gone(names: tuple[str, str], there: Path, here: Path) -> tuple[Explanation, ...]:
    """Name the locked packages that an index had for one of the two, and not for the other."""
    lost = [_not_had(place) for place in (there, here)]
    return tuple(
        _explained(
            "package",
            name,
            dict(zip(names, ("" if name in one else version for one in lost), strict=True)),
        )
        for name, version in (lost[0] | lost[1]).items()
        if (name in lost[0]) != (name in lost[1])
    )


def _not_had(place: Path) -> dict[str, str]:
    """Return name → version of the locked packages that the installer complained of."""
    folder = ReplayFolder(root=place)
    if folder.read_verdict().verdict is not Judgement.NOT_RESTORED:
        return {}
    lock = folder.read_crate().lock
    locked = {one.name: one.version for one in lock.packages} if lock else {}
    reasons = (one.not_restored for one in folder.observations())
    named = {pin for one in reasons if one is not None for pin in _PIN.findall(one.evidence)}
    return {name: version for name, version in locked.items() if (name, version) in named}


def _explained(kind: str, name: str, values: Mapping[str, str]) -> Explanation:
    assert kind in {"crate", "package"}, "the others come from comparing"
    return Explanation(
        kind="crate" if kind == "crate" else "package",
        name=name,
        values=tuple(values.items()),
        near="named",
        fits=True,
    )


def _names(last: str, first: str) -> tuple[str, str]:
    """Return how the two runs are called: by their days, to the second where that is the same."""
    return (last[:10], first[:10]) if last[:10] != first[:10] else (last[:19], first[:19])
