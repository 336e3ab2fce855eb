"""Check by running: what a finished replay lets a crate say of itself."""

from pathlib import Path

from recrate.crate.read import read_opened
from recrate.flow.work import ReplayFolder
from recrate.model.crate import Verified
from recrate.outside.archive import Archive


def verified_by(folder: Path) -> Verified:
    """Return what a replay's folder says of the crate that was replayed.

    folder: a replay that was judged, which is a run crate by then
    Whether it is said of a new crate is decided when that is written: only of the same payload.
    Raises NotFound when nothing was judged in `folder`, BadInput when it is no replay's.
    """
    replay = ReplayFolder(root=folder)
    head, verdict = replay.read_head(), replay.read_verdict()
    published = len(replay.read_crate().notebooks)
    sentence = verdict.sentence
    if len(head.notebooks) < published:
        sentence += f" Of {published} notebooks, {len(head.notebooks)} were run."
    with Archive(folder) as archive:
        run = read_opened(archive).identity
    return Verified(
        crate=head.crate,
        verdict=verdict.verdict.value,
        sentence=sentence.strip(),
        run=run,
        date=max((one.ended for one in replay.observations()), default=""),
    )
