"""What the recorded outputs tell of the author's packages: preferences, which give way."""

from collections import Counter
from collections.abc import Iterator

from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

from recrate.environment.inferred import is_python
from recrate.environment.standard_library import is_standard
from recrate.environment.table import distribution_of
from recrate.environment.wishes import Preference, Wishes
from recrate.model.study import FoundNotebook, Inventory

_INLINE, _SHELL = "matplotlib-inline<0.1.4", "ipython<8.24"
"""The inline backend of before 2022-08, and the shells that still know how to start that one."""


def as_recorded(inventory: Inventory) -> Wishes:
    """Return the versions that outputs print, those that drew the pictures, and their size."""
    notebooks = [one for one in inventory.notebooks if is_python(one.language)]
    told = tuple(_told(notebooks))
    names = {one.text.partition("==")[0] for one in told}
    drawn = () if "matplotlib" in names else _drawn(notebooks)
    return Wishes(preferences=(*told, *drawn, *_sized(notebooks)))


def _told(notebooks: list[FoundNotebook]) -> Iterator[Preference]:
    """Yield the versions that the notebooks print; none of which they print several."""
    found: dict[NormalizedName, dict[str, str]] = {}
    for notebook in notebooks:
        for module, version in notebook.told:
            if is_standard(module):
                continue
            name = canonicalize_name(distribution_of(module) or "")
            found.setdefault(name, {}).setdefault(version, notebook.path)
    for name, versions in found.items():
        if name and len(versions) == 1:
            ((version, path),) = versions.items()
            why = f"{path} shows that it was recorded with {name} {version}"
            yield Preference(text=f"{name}=={version}", why=why, kind="told")


def _drawn(notebooks: list[FoundNotebook]) -> tuple[Preference, ...]:
    """Return the Matplotlib that drew the pictures of most notebooks, of several the newest.

    Another one sets letters and ticks a pixel away, so that hardly a picture is the same.
    """
    counted = Counter(one.drawn_by for one in notebooks if one.drawn_by)
    if not counted:
        return ()
    version = max(counted, key=lambda one: (counted[one], Version(one)))
    path = next(one.path for one in notebooks if one.drawn_by == version)
    why = f"the pictures of {path} name Matplotlib {version}, which drew them"
    return (Preference(text=f"matplotlib=={version}", why=why, kind="drawn"),)


def _sized(notebooks: list[FoundNotebook]) -> tuple[Preference, ...]:
    """Return the inline backend whose default figures the recorded ones are.

    Until matplotlib-inline 0.1.4 it drew 6 × 4 inches at 72 dots per inch; newer ones leave
    Matplotlib's own defaults, and every figure comes out larger than the author's.
    """
    drawn = [one for one in notebooks if one.figure_dots]
    older = [one.path for one in drawn if one.figure_dots == 72]
    if not older or 2 * len(older) < len(drawn):
        return ()
    why = f"the figures of {older[0]} were recorded at 72 dots per inch: {_INLINE} draws them so"
    beside = f"{_SHELL}: later ones show no figure with that backend"
    return (
        Preference(text=_INLINE, why=why, kind="sized"),
        Preference(text=_SHELL, why=beside, kind="sized"),
    )
