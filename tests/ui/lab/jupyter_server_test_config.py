"""A server of the browser suite: galata's settings, in a folder of the suite's own."""

import os
from pathlib import Path

from jupyterlab.galata import configure_jupyter_server

folder = Path(os.environ["RECRATE_SUITE_FOLDER"])
for part in ("root", "workspaces", "settings"):
    (folder / part).mkdir(parents=True, exist_ok=True)

configure_jupyter_server(c)  # noqa: F821  `c` is Jupyter's configuration
c.ServerApp.allow_root = True  # noqa: F821  a container's only user
c.ServerApp.disable_check_xsrf = False  # noqa: F821  galata switches it off; people have it on
c.ServerApp.root_dir = str(folder / "root")  # noqa: F821
c.LabApp.workspaces_dir = str(folder / "workspaces")  # noqa: F821
c.LabApp.user_settings_dir = str(folder / "settings")  # noqa: F821
c.RecrateServer.data_folder = str(folder / "data")  # noqa: F821
c.Recrate.cache = os.environ["RECRATE_SUITE_CACHE"]  # noqa: F821
c.Runners.sites = {"second": {"kind": "local", "title": "The second place"}}  # noqa: F821
