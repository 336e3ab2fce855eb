"""What is left where nothing seen explains a difference: the packages that the cell hangs on. Pure.

Concluded, not seen; the evidence says so, and `--explain` still looks for the package itself.
"""

import re
from collections.abc import Mapping

from recrate.compare.slices import Slice
from recrate.model.code import Chance
from recrate.model.verdict import Cause

LEFT_OVER = "nothing in the code is chance, and it was run in its order; what is left are"
"""How the evidence begins that was concluded from what is left."""
_NUMPY_KEEPS = re.compile(r"(?:^|\.)random\.(?!default_rng|Generator)\w+$")
"""Draws whose numbers are the same in every NumPy (NEP 19)."""
_ELSEWHERE = frozenset({"!", "%run", "run", "!!", "bash", "sh", "script"})
_OUTSIDE = re.compile(r"/\w+/|~/|[A-Za-z]:[\\\\/]")
"""Files of the machine, of which nothing is known."""
_MOST = 4


def left_over(hangs: Slice, packages: Mapping[str, str]) -> tuple[Cause, str] | None:
    """Return other versions of what the cell and those above it import, None where that is open.

    packages: module → package and version, as it is imported here; none of the study's own modules

    NumPy alone computes the same in every version, and draws the same for a seed: the record of
    the latter has another origin; of the former the processor may be the reason as well.
    """
    modules = {name for one in hangs.cells for name in one.modules}
    used = sorted({packages[name] for name in modules if name in packages}, key=str.lower)
    unseen = any(
        set(one.commands) & _ELSEWHERE or any(map(_OUTSIDE.match, one.words.splitlines()))
        for one in hangs.cells
    )
    if not hangs.complete or unseen or not used:
        return None
    drawn = [draw for one in hangs.cells for draw in one.draws]
    if [name for name in modules if name in packages] == ["numpy"]:
        if drawn and all(
            one.source is Chance.NUMPY and _NUMPY_KEEPS.search(one.call) for one in drawn
        ):
            return Cause.STALE_OUTPUT, (
                "a seed is set, for which NumPy gives the same numbers in every version: the record"
                " comes from other code or another order"
            )
        return None
    named = ", ".join(used[:_MOST]) + (", …" if len(used) > _MOST else "")
    return Cause.API_CHANGED, f"{LEFT_OVER} other versions than {named}"
