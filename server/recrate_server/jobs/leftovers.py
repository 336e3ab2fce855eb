"""What a worker puts among the person's files before it is whole, and who takes it away again."""

from pathlib import Path

from recrate.outside.disk import remove_tree
from recrate_server.jobs.orders import Errand


def place_aside(destination: Path, job: str) -> Path:
    """Return the folder beside `destination` where a crate grows; scans pass it over."""
    return destination.parent / f".recrate-{job}"


def remove_leftovers(errand: Errand) -> None:
    """Take away what a worker that was killed left among the person's files."""
    if errand.destination is not None:
        remove_tree(place_aside(Path(errand.destination), errand.job.id))
