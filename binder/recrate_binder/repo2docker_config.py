"""Configuration of repo2docker that knows crates.

    repo2docker --config …/repo2docker_config.py 10.5281/zenodo.1234

What is not a crate goes to the stock providers and build packs, as without it.
"""

from typing import Any

from repo2docker.app import Repo2Docker

from recrate_binder.buildpack import CrateBuildPack
from recrate_binder.content import CrateProvider

c: Any = get_config()  # type: ignore[name-defined] # noqa: F821 - traitlets defines it
stock = Repo2Docker()
c.Repo2Docker.content_providers = [CrateProvider, *stock.content_providers]
c.Repo2Docker.buildpacks = [CrateBuildPack, *stock.buildpacks]
