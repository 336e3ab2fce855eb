"""Relaunch a crate on a JupyterHub: the launch service, its single-user program, target `hub`.

`recrate-hub` is a service of the hub: page and JSON API, one event loop that waits. Fetching and
restoring happen in worker processes (`python -m recrate_binder.hub.worker`), the server itself is
started by the hub, and what it runs is `recrate-singleuser`. In `jupyterhub_config.py`:

    from recrate_binder.hub import configure
    configure(c, shared="/srv/recrate")
"""

from recrate_binder.hub.configuring import configure

__all__ = ["configure"]
