"""What an operator chooses for images, by traitlets: `c.CrateImage.base_image = …`."""

from dataclasses import dataclass
from typing import Any, Self

from traitlets import List, Unicode
from traitlets.config import Config, Configurable


class CrateImage(Configurable):
    """How images of crates are built."""

    base_image = Unicode(
        "python:{python}-slim",
        help="Debian image with Python and pip; {python} is the minor version, e.g. 3.11.",
    ).tag(config=True)
    lab_python = Unicode(
        "3.12", help="Python for JupyterLab where the crate's own is too old, or there is none."
    ).tag(config=True)
    recrate_requirement = Unicode(
        "",
        help="What JupyterLab's environment installs: a requirement, or a wheel's file. Empty: the "
        "version that is installed here, or a wheel of the sources that it runs from.",
    ).tag(config=True)
    more_requirements = List(
        Unicode(), help="More packages for JupyterLab's environment, e.g. extensions."
    ).tag(config=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageOptions:
    """The choices as a record; see `CrateImage`."""

    base_image: str = "python:{python}-slim"
    lab_python: str = "3.12"
    recrate_requirement: str = ""
    more_requirements: tuple[str, ...] = ()

    @classmethod
    def read(cls, config: Config, **given: Any) -> Self:
        """Return what a configuration says, with what was given in code over it."""
        chosen = CrateImage(config=config, **given)
        return cls(
            base_image=chosen.base_image,
            lab_python=chosen.lab_python,
            recrate_requirement=chosen.recrate_requirement,
            more_requirements=tuple(chosen.more_requirements),
        )
