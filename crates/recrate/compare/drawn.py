"""Draws by chance that the kernel saw and the cell's code does not show. Pure."""

import re
import sys
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from recrate.compare.hostile import cells_of, source_of
from recrate.model.code import CellCode, Chance, Draw
from recrate.model.observation import Drew, Generator
from recrate.model.study import Notebook

_DRAWS = {
    Generator.NUMPY: Draw(call="numpy.random", source=Chance.NUMPY),
    Generator.PYTHON: Draw(call="random", source=Chance.PYTHON),
    Generator.TORCH: Draw(call="torch.random", source=Chance.TORCH),
    Generator.NUMBA: Draw(call="numba", source=Chance.OWN),
    Generator.FRESH: Draw(call="numpy.random.default_rng", source=Chance.OWN),
}
_SEEDING = re.compile(r"seed|random_state|deterministic", re.IGNORECASE)


def with_draws(
    codes: Sequence[CellCode],
    recorded: Notebook,
    drew: Iterable[Drew],
    packages: Collection[str],
) -> tuple[CellCode, ...]:
    """Return the cells' code with the draws that only the kernel saw.

    packages: modules that come from packages of the environment
    Left out is what a seed may settle that was not understood: one that the notebook's text speaks
    of, or that modules of the study's own may set.
    """
    modules = {name for one in codes for name in one.modules}
    own = modules - set(packages) - sys.stdlib_module_names
    sources = [source_of(cell) for cell in cells_of(recorded)]
    seen: dict[int, list[Generator]] = {}
    for one in drew:
        seen.setdefault(one.cell, []).append(one.generator)
    found = []
    for code in codes:
        settled = {seed for one in codes if one.cell <= code.cell for seed in one.seeds}
        hidden = bool(own) or any(map(_SEEDING.search, sources[: code.cell + 1]))
        new = [
            _DRAWS[one]
            for one in seen.get(code.cell, ())
            if _DRAWS[one].source not in {draw.source for draw in code.draws}
            and (one is Generator.FRESH or _DRAWS[one].source in settled or not hidden)
        ]
        found.append(replace(code, draws=(*code.draws, *new)) if new else code)
    return tuple(found)
