"""The server of the browser suite: galata's own settings (no token, an empty root folder)."""

from jupyterlab.galata import configure_jupyter_server

configure_jupyter_server(c)  # noqa: F821  `c` is Jupyter's configuration
c.ServerApp.allow_root = True  # noqa: F821  a container's only user
