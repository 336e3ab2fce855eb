"""What a kernel of ours runs before a notebook's first cell, unseen."""

import posixpath
from collections.abc import Mapping, Sequence

from recrate.replay.own_modules import finder_of, nearest
from recrate.replay.places import Places


def prelude_of(
    path: str,
    places: Places,
    modules: Mapping[str, tuple[str, ...]],
    *,
    first: Sequence[str] = (),
) -> str:
    """Return what makes the study's own modules importable, behind other statements.

    path:    the notebook's, in the study
    modules: the study's own, wherever they lie: top name → folders
    first:   statements before that: its way to the web, its settings, what notes what it does
    The root, `src/` and the notebook's folder go to the end of the path and not into PYTHONPATH,
    where a `random.py` of the study would take the place of Python's own before the kernel is up.
    What lies elsewhere in the study is found last of all, when nothing that is installed has the
    name.
    """
    root = places.study
    folders = [places.folder_of(path), root, root / "src"]
    names = [places.inside(folder) for folder in folders if folder.is_dir()]
    around = posixpath.dirname(path)
    elsewhere = {
        name: places.inside(root / nearest(found, around)) for name, found in modules.items()
    }
    finder = f"; {finder_of(elsewhere)}" if elsewhere else ""
    opening = "".join(f"{statement}; " for statement in first)
    return f"{opening}__import__('sys').path.extend({names!r}){finder}"
