"""Figures at the size at which the record has them, where the environment would draw another.

matplotlib-inline drew 6 × 4 inches at 72 dots per inch until its 0.1.4, and leaves Matplotlib's own
6.4 × 4.8 inches at 100 dots since. A study whose notebooks were recorded years apart has both, and
an environment draws but one of them: the kernel of each notebook is told which.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from packaging.version import InvalidVersion, Version

from recrate.model.environment import Package
from recrate.model.figures import figure_dots
from recrate.model.study import Notebook

_NEW = Version("0.1.4")
_SETTINGS = """\
figure.figsize: 6.0, 4.0
figure.dpi: 72
figure.subplot.bottom: 0.125
figure.facecolor: ffffff00
figure.edgecolor: ffffff00
font.size: 10
"""
"""What the inline backend set before 0.1.4. Source: its `config.py`."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Code for a kernel's prelude, and what it does in words."""

    code: str
    words: str


def drawn_as_recorded(
    notebook: Notebook, packages: Iterable[Package], folder: str
) -> Drawing | None:
    """Return what makes the kernel draw as the record does; None where it does by itself.

    notebook: as recorded
    packages: of the environment
    folder:   where the kernel may write a file of its own
    A study's own `matplotlibrc`, and what the notebook sets, come after it and win.
    """
    dots = figure_dots(notebook)
    installed = {one.name: one.version for one in packages}
    backend = installed.get("matplotlib-inline")
    if dots is None or "matplotlib" not in installed:
        return None
    if _dots_of(backend or "none") in (dots, None):
        return None
    words = f"figures are drawn at {dots} dots per inch unless the code says otherwise, as recorded"
    if dots == 100:
        return Drawing("get_ipython().config['InlineBackend']['rc'] = {}", words)
    place = f"{folder}/matplotlibrc"
    code = (
        f"__import__('pathlib').Path({place!r}).write_text({_SETTINGS!r}); "
        f"__import__('os').environ.setdefault('MATPLOTLIBRC', {place!r})"
    )
    return Drawing(code, words)


def _dots_of(backend: str) -> int | None:
    """Return the dots per inch that an inline backend draws at; None for no version of one."""
    try:
        return 100 if Version(backend) >= _NEW else 72
    except InvalidVersion:
        return None
