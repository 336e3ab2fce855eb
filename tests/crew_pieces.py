"""Pieces of work for processes that tests have killed."""

import psutil


def die(name: str) -> str:
    """Be killed where the name is `bad`; else return it."""
    if name == "bad":
        psutil.Process().kill()
    return name
