"""The Jupyter Server extension of recrate, and the home of its prebuilt JupyterLab extension.

It asks, waits and remembers; what is done is done by `recrate`, in processes of its own.
"""


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "recrate"}]


def _jupyter_server_extension_points() -> list[dict[str, object]]:
    # Workers import this package, too: they need no Jupyter Server, which takes a second or more.
    from recrate_server.app import RecrateServer  # noqa: PLC0415

    return [{"module": "recrate_server", "app": RecrateServer}]
