"""What a worker does with a crate: restore its environments and fetch its data, for all users."""

from pathlib import Path

from recrate.crate.read import read_crate
from recrate.flow.sessions import SessionOrder, make_session
from recrate.model.errors import NotFound
from recrate.model.progress import Progress
from recrate.model.wire import to_json
from recrate.outside.disk import remove_tree, write_text
from recrate_binder.hub.fetching import size_of
from recrate_binder.hub.model import Prepared, WorkOrder
from recrate_binder.hub.settings import HubSettings
from recrate_binder.hub.shared import prepared_path


def prepare(order: WorkOrder, folder: Path, settings: HubSettings, progress: Progress) -> Prepared:
    """Make everything ready that users of the crate share, and write it down.

    A session is made once, in the worker's own folder: the crate is unpacked and every checksum
    looked at, data references come into the shared cache, environments are restored within it.
    Raises what making a session raises; NotFound where the crate is not there any more.
    """
    location = settings.shared / order.place
    if not location.exists():
        raise NotFound(
            "the crate is not here any more", where=order.place, hint="launch it from its DOI again"
        )
    session = make_session(
        SessionOrder(location=location, root=folder / "session", origin=order.origin),
        settings=settings.rooms,
        progress=progress,
    )
    head, crate = session.read_head(), read_crate(location)
    made = Prepared(
        key=order.prepared,
        location=order.place,
        identity=crate.identity,
        name=crate.name,
        title=head.title,
        creators=head.creators,
        licence=head.licence,
        doi=head.doi,
        origin=order.origin,
        notebooks=head.notebooks,
        first=head.first,
        environments={one.language: one for one in head.environments},
        size_bytes=size_of(location),
        notes=head.notes,
    )
    write_text(prepared_path(settings.shared, order.prepared), to_json(made))
    remove_tree(session.root)
    return made
