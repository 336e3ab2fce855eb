"""Dotted names: what of them is a module."""


def parent_of(dotted: str) -> str:
    """Return all but the last part, empty where there is one."""
    return dotted.rpartition(".")[0]


def module_of(dotted: str) -> str:
    """Return the module that a name is taken from: `sklearn.metrics` of `sklearn.metrics.C.f`."""
    parts = dotted.split(".")
    classes = [place for place, part in enumerate(parts) if place and part[:1].isupper()]
    return ".".join(parts[: classes[0] if classes else -1])
