"""The Jupyter Server extension of recrate, and the home of its prebuilt JupyterLab extension.

It asks, waits and remembers; what is done is done by `recrate`, in processes of its own.
"""

from recrate_server.app import RecrateServer


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "recrate"}]


def _jupyter_server_extension_points() -> list[dict[str, object]]:
    return [{"module": "recrate_server", "app": RecrateServer}]
